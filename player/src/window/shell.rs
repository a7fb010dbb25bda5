//! The window itself: shows the desk, gives actions their effect, runs errands, takes news in.
//!
//! Invariant: every action goes through [`Desk::apply`] and nowhere else.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use eframe::CreationContext;
use egui::{Context, ThemePreference, Ui};
use engine::functions::Environment;
use sync::SyncError;
use ui::screens::{
    self, Action, Cure, Desk, EntryState, Errand, Language, OpenApp, OpenStage, Place, Stage, SyncState,
    ThemeChoice,
};
use ui::theme;
use ui::widgets::{Toast, Toasts, Tone, Words};
use zeroize::Zeroizing;

use super::event::{Event, Events};
use super::geometry::{Area, Geometry};
use super::keeper::{Keeper, Order};
use super::running::{self, Parcel, Running, Step};
use super::{errors, gallery, moments};
use crate::app;
use crate::options::Global;

/// A calculation that takes longer is said to be under way.
const NOTICED: Duration = Duration::from_millis(300);

/// What the window is made of.
pub(crate) struct Parts {
    pub(crate) folder: PathBuf,
    pub(crate) language: Language,
    pub(crate) environment: Environment,
    pub(crate) events: Events,
    pub(crate) inbox: Receiver<Event>,
    pub(crate) geometry: Geometry,
    pub(crate) setup: Setup,
}

/// What the window opens on.
pub(crate) enum Setup {
    /// The gallery; the passphrase of the vault, where one was given.
    Gallery { passphrase: Option<String> },
    /// One app, which has been started already, and what it said first.
    Alone { name: String, app: Running, first: Option<Event> },
}

/// The window.
pub(crate) struct Shell {
    desk: Desk,
    toasts: Toasts,
    folder: PathBuf,
    environment: Environment,
    events: Events,
    inbox: Receiver<Event>,
    geometry: Geometry,
    /// Absent where one app is shown alone.
    keeper: Option<Keeper>,
    running: Option<Running>,
    tickets: u64,
    /// Since when a step of the running app has no answer.
    waiting: Option<Instant>,
}

impl Shell {
    /// The window, once there is one.
    pub(crate) fn new(context: &CreationContext<'_>, parts: Parts) -> Self {
        let Parts { folder, language, environment, events, inbox, geometry, setup } = parts;
        let ctx = &context.egui_ctx;
        theme::install(ctx);
        screens::install(ctx, &language);
        events.attach(ctx);
        let desk = Desk {
            language,
            today: moments::today(),
            theme: geometry.theme(),
            less_motion: geometry.less_motion,
            ..Desk::default()
        };
        let mut shell = Self {
            desk,
            toasts: Toasts::default(),
            folder,
            environment,
            events,
            inbox,
            geometry,
            keeper: None,
            running: None,
            tickets: 1,
            waiting: None,
        };
        shell.set_look(ctx);
        bring_back(context);
        match setup {
            Setup::Gallery { passphrase } => {
                shell.keeper = Some(Keeper::start(&shell.folder, passphrase, &shell.events));
            }
            Setup::Alone { name, app, first } => {
                shell.desk.stage = Stage::Alone;
                shell.desk.open = Some(OpenApp { name, ..OpenApp::default() });
                shell.running = Some(app);
                if let Some(first) = first {
                    shell.take(first);
                }
            }
        }
        shell
    }

    fn set_look(&self, ctx: &Context) {
        ctx.set_theme(match self.desk.theme {
            ThemeChoice::Light => ThemePreference::Light,
            ThemeChoice::Dark => ThemePreference::Dark,
            ThemeChoice::System => ThemePreference::System,
        });
        theme::set_reduced_motion(ctx, self.desk.less_motion);
    }

    fn keep_geometry(&mut self) {
        self.geometry.set_theme(self.desk.theme);
        self.geometry.less_motion = self.desk.less_motion;
        // A disk that refuses costs the person nothing but the window's place.
        drop(self.geometry.write(&self.folder));
    }

    /// Runs what an action asked for.
    fn run(&mut self, ctx: &Context, errand: Errand) {
        match errand {
            Errand::Do(command) => self.step(Step::Do(command)),
            Errand::Drag(command) => self.step(Step::Drag(command)),
            Errand::Open(id) => {
                let ticket = self.next_ticket();
                self.order(Order::Open { ticket, id });
            }
            Errand::Close => {
                self.running = None;
                self.waiting = None;
            }
            Errand::Cancel => {
                if let Some(keeper) = &self.keeper {
                    keeper.cancel();
                }
            }
            Errand::KeepLook => {
                self.set_look(ctx);
                self.keep_geometry();
            }
            Errand::SignIn { address, email, password } => {
                self.order(Order::SignIn { address, email, password: Zeroizing::new(password) });
            }
            Errand::SourceSignIn { origin, user, password } => {
                self.order(Order::SourceSignIn { origin, user, password: Zeroizing::new(password) });
            }
            Errand::Unlock { passphrase } => self.order(Order::Unlock(Zeroizing::new(passphrase))),
            Errand::Seen(id) => self.order(Order::Seen(id)),
            Errand::Sync => self.order(Order::Sync),
            Errand::SignOut => {
                self.running = None;
                self.order(Order::SignOut);
            }
            Errand::StartOver => self.order(Order::StartOver),
            Errand::Remove(id) => self.order(Order::Remove(id)),
            Errand::Retry => self.order(Order::Retry),
        }
    }

    fn order(&mut self, order: Order) {
        let there = self.keeper.as_ref().is_some_and(|keeper| keeper.order(order));
        if !there && self.keeper.is_some() {
            let why =
                "the part of Playsheet that keeps the apps has stopped; start Playsheet again".to_owned();
            self.desk.stage = Stage::Broken { why, hopeless: false };
        }
    }

    fn step(&mut self, step: Step) {
        if self.running.as_ref().is_some_and(|running| running.step(step)) {
            self.waiting.get_or_insert_with(Instant::now);
        }
    }

    fn next_ticket(&mut self) -> u64 {
        self.running = None;
        self.waiting = None;
        self.tickets += 1;
        self.tickets
    }

    /// Takes news in.
    fn take(&mut self, event: Event) {
        match event {
            Event::Stage(stage) => self.take_stage(stage),
            Event::Person(person) => self.desk.person = person,
            Event::Entries(entries) => self.desk.entries = Some(entries),
            Event::Storage(storage) => self.desk.storage = storage,
            Event::Synced(when) => {
                let words = when.map(|ms| moments::words(ms, &self.desk.language));
                self.desk.synced = words.unwrap_or_default();
            }
            Event::Progress(progress) => {
                if let sync::Progress::App { id, .. } = &progress {
                    self.mark_syncing(&id.to_string());
                }
                self.desk.sync = gallery::progress(progress);
            }
            Event::SyncEnded(ended) => self.take_sync(ended),
            Event::Refused(why) => {
                self.desk.form.busy = false;
                self.desk.form.problem = Some(why);
            }
            Event::SignInFailed(error) => {
                self.desk.form.busy = false;
                self.desk.form.problem = Some(errors::said(&error, self.desk.language.texts));
            }
            Event::NotTold => self.say(self.desk.language.texts.not_told.to_owned(), Tone::Warn),
            Event::Read { ticket, app } if ticket == self.tickets => {
                let parcel: Parcel = Box::new(move |environment| {
                    let opened = app::open_synced(&app).map_err(|failure| failure.to_string())?;
                    app::start(&opened, environment, &[]).map_err(|failure| failure.to_string())
                });
                self.start(ticket, parcel);
            }
            Event::Shown { ticket, snapshot } if self.is_running(ticket) => {
                self.waiting = None;
                if let Some(open) = &mut self.desk.open {
                    open.calculating = false;
                    snapshot.show_in(open);
                }
            }
            Event::NotOpened { ticket, why, cure } if ticket == self.tickets || self.is_running(ticket) => {
                if let Some(open) = &mut self.desk.open {
                    open.stage = OpenStage::Failed { why, cure };
                }
            }
            // News of an app that was closed meanwhile.
            Event::Read { .. } | Event::Shown { .. } | Event::NotOpened { .. } => {}
            Event::Say(text, tone) => self.say(text, tone),
        }
    }

    fn is_running(&self, ticket: u64) -> bool {
        self.running.as_ref().is_some_and(|running| running.ticket == ticket)
    }

    fn start(&mut self, ticket: u64, parcel: Parcel) {
        self.running = Some(running::spawn(ticket, parcel, &self.environment, &self.events));
    }

    fn take_stage(&mut self, stage: Stage) {
        self.desk.form = screens::Form::default();
        if stage == Stage::SignedOut {
            self.desk.entries = None;
            self.desk.open = None;
            self.desk.sync = SyncState::Idle;
            self.desk.place = Place::Apps;
        }
        // A file that is being looked at stays; what is behind it changes.
        match &mut self.desk.behind {
            Some(behind) => *behind = stage,
            None => self.desk.stage = stage,
        }
    }

    fn mark_syncing(&mut self, id: &str) {
        let entry = self.desk.entries.iter_mut().flatten().find(|entry| entry.id == id);
        if let Some(entry) = entry {
            entry.state = EntryState::Syncing;
        }
    }

    fn take_sync(&mut self, ended: Result<sync::SyncReport, SyncError>) {
        self.desk.sync = match ended {
            Ok(report) => {
                self.report(report);
                SyncState::Idle
            }
            Err(SyncError::Cancelled) => SyncState::Idle,
            Err(SyncError::Network { .. } | SyncError::Timeout { .. }) => SyncState::Offline,
            Err(SyncError::SignedOut { .. } | SyncError::NotSignedIn) => SyncState::SignedOut,
            Err(error) => SyncState::Failed(errors::said(&error, self.desk.language.texts)),
        };
        self.open_again();
    }

    /// Opens an app again that waited for a sync, once that has gone through.
    fn open_again(&mut self) {
        let waits = matches!(&self.desk.open, Some(open) if open.stage.waits_for_sync());
        if waits
            && self.desk.sync == SyncState::Idle
            && let Some(Errand::Open(id)) = self.desk.apply(Action::Reopen)
        {
            let ticket = self.next_ticket();
            self.order(Order::Open { ticket, id });
        }
    }

    fn report(&mut self, report: sync::SyncReport) {
        let names = |apps: &[(portal_api::AppId, String)]| {
            apps.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let texts = self.desk.language.texts;
        if let Some(open) = &mut self.desk.open
            && report.updated.iter().any(|(id, _)| id.to_string() == open.id)
        {
            open.newer = true;
        }
        let gone = self.desk.open.as_ref().map(|open| open.id.clone());
        if let Some((_, name)) = report.withdrawn.iter().find(|(id, _)| Some(id.to_string()) == gone) {
            // What was taken away is not looked at any longer either.
            let why = Words::fill(texts.withdrawn_title, &[name]);
            self.running = None;
            self.waiting = None;
            if let Some(open) = &mut self.desk.open {
                open.view = std::sync::Arc::default();
                open.stage = OpenStage::Failed { why, cure: Cure::Nothing };
            }
        }
        if !report.updated.is_empty() {
            self.say(format!("{}: {}.", texts.updated, names(&report.updated)), Tone::Good);
        }
        if !report.withdrawn.is_empty() {
            self.say(format!("{}: {}.", texts.withdrawn, names(&report.withdrawn)), Tone::Warn);
        }
        for failed in report.failed {
            self.say(format!("{}: {}", failed.name, sentence(&failed.error.to_string())), Tone::Bad);
        }
    }

    fn say(&mut self, text: String, tone: Tone) {
        self.toasts.push(Toast { text, tone, action: None });
        if self.desk.place != Place::Messages {
            self.desk.unread += 1;
        }
    }

    /// Opens the first file that was dropped onto the window.
    fn take_file(&mut self, ctx: &Context) {
        let path =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).next());
        let Some(path) = path else { return };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.desk.open_file(name);
        let ticket = self.next_ticket();
        self.start(ticket, file_parcel(path, None, Vec::new()));
    }
}

/// Moves a window that was kept at a place which no screen shows any more.
fn bring_back(context: &CreationContext<'_>) {
    let Some(window) = context.winit_window() else { return };
    // Where windows have no place that a program may know, there is nothing to bring back.
    let Ok(corner) = window.outer_position() else { return };
    let size = window.outer_size();
    let here =
        Area { corner: [corner.x as f32, corner.y as f32], size: [size.width as f32, size.height as f32] };
    let screens: Vec<Area> = window
        .available_monitors()
        .map(|screen| (screen.position(), screen.size()))
        .map(|(corner, size)| Area {
            corner: [corner.x as f32, corner.y as f32],
            size: [size.width as f32, size.height as f32],
        })
        .collect();
    if let Some(place) = Geometry::rescue(here, &screens, window.scale_factor() as f32) {
        context.egui_ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(place));
    }
}

/// Opens a definition or a spreadsheet from disk.
pub(crate) fn file_parcel(file: PathBuf, spreadsheet: Option<PathBuf>, set: Vec<String>) -> Parcel {
    Box::new(move |environment| {
        let opened = app::open(&file, spreadsheet.as_deref(), &Global::default())
            .map_err(|failure| failure.to_string())?;
        app::start(&opened, environment, &set).map_err(|failure| failure.to_string())
    })
}

/// A reason as a sentence of its own.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let mut sentence: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    sentence.push_str(chars.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

impl eframe::App for Shell {
    fn logic(&mut self, _ctx: &Context, _frame: &mut eframe::Frame) {
        while let Ok(event) = self.inbox.try_recv() {
            self.take(event);
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.take_file(&ctx);
        if let (Some(since), Some(open)) = (self.waiting, &mut self.desk.open) {
            open.calculating = since.elapsed() >= NOTICED;
            if !open.calculating {
                ctx.request_repaint_after(NOTICED.saturating_sub(since.elapsed()));
            }
        }
        for action in screens::show(ui, &self.desk, &mut self.toasts) {
            if let Some(errand) = self.desk.apply(action) {
                self.run(&ctx, errand);
            }
            // What was done shows in the next frame, whether or not anything moves.
            ctx.request_repaint();
        }
        if ctx.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, egui::Key::Q)) {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        self.geometry.follow(&ctx.input(|input| input.viewport().clone()));
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.running = None;
        if let Some(keeper) = &self.keeper {
            keeper.cancel();
        }
        self.keep_geometry();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

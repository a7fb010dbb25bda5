//! Every screen in the states that matter, by name.

use std::sync::Arc;

use engine::view::{Command, Level, Notice, Scalar, View};
use playsheet_ui::screens::{
    Action, Changed, Cure, Desk, Errand, Field, News, OpenApp, OpenStage, Place, Question, Stage, SyncState,
};
use playsheet_ui::widgets::{Toast, Toasts, Tone};

use crate::samples;

/// A screen to be shown.
pub struct SceneOf {
    /// Its name, for the file.
    pub name: &'static str,
    /// What it shows.
    pub desk: Desk,
    /// Its messages.
    pub toasts: Toasts,
}

fn scene(name: &'static str, desk: Desk) -> SceneOf {
    SceneOf { name, desk, toasts: Toasts::default() }
}

/// The screens without an app.
pub fn plain() -> Vec<SceneOf> {
    let mut scenes = Vec::new();
    let desk = || samples::desk("en-US");
    scenes.push(scene("starting", Desk { stage: Stage::Starting, ..desk() }));
    let why = "the manifest of the vault was changed from outside (its bytes were changed)".to_owned();
    scenes.push(scene("broken", Desk { stage: Stage::Broken { why, hopeless: true }, ..desk() }));
    let why = "another Playsheet is writing to the vault in /home/ada/.local/share/playsheet/vault; try again when it is done";
    let busy = Stage::Broken { why: why.to_owned(), hopeless: false };
    scenes.push(scene("broken-busy-de", Desk { stage: busy, ..samples::desk("de-DE") }));
    scenes.push(scene("unlock", Desk { stage: Stage::Locked { reason: None }, ..desk() }));
    let reason = Some("the Secret Service (the keyring of the desktop) cannot be reached".to_owned());
    scenes.push(scene("choose", Desk { stage: Stage::Locked { reason }, ..desk() }));
    scenes.push(scene("sign-in", Desk { stage: Stage::SignedOut, ..desk() }));
    scenes.push(scene("sign-in-errors", sign_in_errors("en-US")));
    scenes.push(scene("sign-in-de", sign_in_errors("de-DE")));
    let mut busy = Desk { stage: Stage::SignedOut, ..desk() };
    busy.form.write(Field::Address, "https://portal.example.org".to_owned());
    busy.form.write(Field::Name, "ada@example.org".to_owned());
    busy.form.busy = true;
    scenes.push(scene("sign-in-busy", busy));
    scenes.push(scene("gallery-0", desk()));
    let mut waiting = desk();
    waiting.person.unconfirmed = true;
    scenes.push(scene("gallery-unconfirmed", waiting));
    scenes.push(scene("gallery-1", Desk { entries: Some(samples::entries(1)), ..desk() }));
    scenes.push(scene("gallery-10", Desk { entries: Some(samples::entries(10)), unread: 2, ..desk() }));
    let running =
        SyncState::Running { what: "Loan (2/5)".into(), share: Some(0.3), amount: "12.0 / 40.1 MB".into() };
    scenes.push(scene("gallery-sync", Desk { entries: Some(samples::entries(10)), sync: running, ..desk() }));
    let offline = SyncState::Offline;
    scenes.push(scene(
        "gallery-offline-de",
        Desk { entries: Some(samples::entries(10)), sync: offline, ..samples::desk("de-DE") },
    ));
    let failed = SyncState::Failed("this account is disabled; ask whoever runs the portal".into());
    scenes
        .push(scene("gallery-failed", Desk { entries: Some(samples::entries(10)), sync: failed, ..desk() }));
    let ended = SyncState::SignedOut;
    scenes.push(scene(
        "gallery-signed-out",
        Desk { entries: Some(samples::entries(10)), sync: ended, ..desk() },
    ));
    let told = scene("gallery-toasts", Desk { entries: Some(samples::entries(10)), ..desk() });
    scenes.push(SceneOf { toasts: toasts(), ..told });
    scenes.push(scene("gallery-10000", Desk { entries: Some(samples::entries(10_000)), ..desk() }));
    let nothing = Desk { entries: Some(samples::entries(10)), search: "weather".into(), ..desk() };
    scenes.push(scene("gallery-no-match", nothing));
    scenes.push(scene("gallery-loading", Desk { entries: None, ..desk() }));
    let question = Some(Question::Source { origin: "https://files.example.org:443".into() });
    scenes.push(scene("gallery-source", Desk { entries: Some(samples::entries(10)), question, ..desk() }));
    let question = Some(Question::Withdrawn {
        id: "app-4".into(),
        name: "Product catalogue".into(),
        why: "the owner withdrew your access on 20 November".into(),
    });
    scenes.push(scene("gallery-withdrawn", Desk { entries: Some(samples::entries(10)), question, ..desk() }));
    scenes.push(scene(
        "settings",
        Desk { place: Place::Settings, entries: Some(samples::entries(10)), ..desk() },
    ));
    let german = Desk { place: Place::Settings, question: Some(Question::SignOut), ..samples::desk("de-DE") };
    scenes.push(scene("settings-sign-out-de", german));
    scenes.push(scene("messages-0", Desk { place: Place::Messages, ..desk() }));
    scenes.push(SceneOf { toasts: toasts(), ..scene("messages", Desk { place: Place::Messages, ..desk() }) });
    scenes
}

fn toasts() -> Toasts {
    let mut toasts = Toasts::default();
    for (text, tone) in [
        ("Two apps were updated: Loan, Team budget 2026.", Tone::Good),
        (
            "Access to “Product catalogue” was withdrawn. Its data has been removed from this device.",
            Tone::Warn,
        ),
        (
            "Quote could not be brought up to date: files.example.org asks for a name and a password.",
            Tone::Bad,
        ),
    ] {
        toasts.push(Toast { text: text.to_owned(), tone, action: None });
    }
    toasts
}

fn sign_in_errors(tag: &str) -> Desk {
    let mut desk = Desk { stage: Stage::SignedOut, ..samples::desk(tag) };
    desk.form.write(Field::Name, "ada".to_owned());
    let errand: Option<Errand> = desk.apply(Action::Submit);
    assert!(errand.is_none());
    desk.form.problem = Some(desk.language.texts.wrong_sign_in.to_owned());
    desk
}

/// The screens of the sample app.
pub fn apps() -> Vec<SceneOf> {
    let mut scenes = Vec::new();
    let mut runner = samples::loan("en-US");
    scenes.push(scene("app", samples::desk_with("en-US", &runner)));
    let set = |id: &str, value: f64| Command::Set { id: id.into(), value: Scalar::Number(value) };
    runner.act(&set("years_item", 15.0));
    runner.act(&Command::Type { id: "amount_item".into(), text: "12".into() });
    let mut changed = samples::desk_with("en-US", &runner);
    if let Some(open) = &mut changed.open {
        let note = "Prices of December.".to_owned();
        open.news = Some(News { version: 4, change: Changed::Spreadsheet, note });
    }
    scenes.push(scene("app-changed", changed));
    for (name, page) in [("app-board", "board"), ("app-list", "schedule"), ("app-cards", "shelf")] {
        let mut desk = samples::desk_with("en-US", &runner);
        desk.apply(Action::Turn(page.to_owned()));
        scenes.push(scene(name, desk));
    }
    runner.act(&Command::Search { id: "products".into(), text: "zeppelin".into() });
    let mut desk = samples::desk_with("en-US", &runner);
    desk.apply(Action::Turn("schedule".to_owned()));
    scenes.push(scene("app-list-no-match", desk));
    let german = samples::loan("de-DE");
    scenes.push(scene("app-de", samples::desk_with("de-DE", &german)));
    let mut alone = samples::desk_with("en-US", &samples::loan("en-US"));
    alone.stage = Stage::Alone;
    scenes.push(scene("app-alone", alone));
    scenes.extend(odd());
    scenes
}

/// An app that is opening, failed, empty, or has notices.
fn odd() -> Vec<SceneOf> {
    let open = |stage: OpenStage| OpenApp {
        id: "loan".into(),
        name: "Loan".into(),
        stage,
        offline_until: Some(samples::day(11, 28)),
        ..OpenApp::default()
    };
    let with = |open: OpenApp| Desk { open: Some(open), ..samples::desk("en-US") };
    let why = "the lease of “Loan” has ended; connect to the portal and sync to use it again".to_owned();
    let mut noticed = samples::desk_with("en-US", &samples::loan("en-US"));
    if let Some(open) = &mut noticed.open {
        let mut view: View = (*open.view).clone();
        view.accent = Some("#b83a63".to_owned());
        view.notices.push(Notice {
            level: Level::Warning,
            code: "moved-cell",
            text: "“Monthly payment” was found in D1; the definition says D2.".to_owned(),
        });
        open.view = Arc::new(view);
        open.newer = true;
    }
    let empty =
        OpenApp { view: Arc::new(View { pages: vec![page()], ..View::default() }), ..open(OpenStage::Ready) };
    vec![
        scene("app-opening", with(open(OpenStage::Opening))),
        scene("app-failed", with(open(OpenStage::Failed { why, cure: Cure::Sync }))),
        scene("app-damaged-de", damaged()),
        scene("app-empty", with(empty)),
        scene("app-notices", noticed),
    ]
}

/// A damaged app whose repair fails because the portal is away.
fn damaged() -> Desk {
    let why = "the vault is damaged: record \"sheet\" of this app cannot be read".to_owned();
    let open = OpenApp {
        id: "loan".into(),
        name: "Darlehen".into(),
        stage: OpenStage::Failed { why, cure: Cure::Sync },
        ..OpenApp::default()
    };
    Desk { open: Some(open), sync: SyncState::Offline, ..samples::desk("de-DE") }
}

fn page() -> engine::view::Node {
    let kind = engine::view::Kind::Container(engine::view::Container::default());
    engine::view::Node { id: "main".into(), kind, children: Vec::new() }
}

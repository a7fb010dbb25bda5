//! The screens of the player: sign-in, gallery, app, messages, settings.
//!
//! A frame reads a [`Desk`] and answers with [`Action`]s; [`Desk::apply`] gives them their effect, and whoever
//! owns the window runs the errands that come out of it. An app's numbers come from a [`Runner`] as a view; the
//! screen paints the view and knows nothing of workbooks.
//!
//! Invariant: nothing here blocks, changes the desk, or lays out rows that are not on screen.

mod app;
mod desk;
mod empty;
mod gallery;
mod runner;
mod settings;
mod shell;
mod sign_in;
mod state;
mod texts;

pub use desk::{Action, Desk, Errand};
pub use runner::{Runner, Snapshot};
pub use state::{
    Changed, Cure, Entry, EntryState, Field, Form, News, OpenApp, OpenStage, Person, Place, Protection,
    Question, Stage, Storage, SyncState, ThemeChoice,
};
pub use texts::{Language, Texts};

use egui::{Context, Ui};

use crate::widgets::{Toasts, set_words};

/// Least width in points for inputs and results side by side.
pub(crate) const WIDE: f32 = 960.0;
/// Below this width the navigation is a bar at the bottom.
pub(crate) const MEDIUM: f32 = 600.0;

/// Sets the words of the widgets on `ctx`; once, and when the language changes.
pub fn install(ctx: &Context, language: &Language) {
    set_words(ctx, language.words());
}

/// Shows the desk over the whole of `ui`. Answers what the person did, in order.
pub fn show(ui: &mut Ui, desk: &Desk, toasts: &mut Toasts) -> Vec<Action> {
    let mut actions = Vec::new();
    match &desk.stage {
        Stage::Starting => empty::starting(ui, desk),
        Stage::Broken { why, hopeless } => empty::broken(ui, desk, why, *hopeless, &mut actions),
        Stage::Locked { reason } => sign_in::unlock(ui, desk, reason.as_deref(), &mut actions),
        Stage::SignedOut => sign_in::sign_in(ui, desk, &mut actions),
        Stage::SignedIn => shell::with_navigation(ui, desk, toasts, &mut actions),
        Stage::Alone => shell::alone(ui, desk, &mut actions),
    }
    shell::question(ui.ctx(), desk, &mut actions);
    let inside = desk.stage == Stage::SignedIn;
    if inside && desk.place == Place::Messages {
        // They stand in the list that is on the screen.
        toasts.put_away();
    } else {
        let bar = inside && ui.ctx().content_rect().width() < MEDIUM;
        toasts.show(ui.ctx(), if bar { shell::BAR } else { 0.0 });
    }
    actions
}

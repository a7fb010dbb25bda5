//! What the threads tell the window.

use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, OnceLock};

use sync::SyncError;
use ui::screens::{Cure, Entry, Person, Snapshot, Stage, Storage};
use ui::widgets::Tone;

/// News for the window.
pub(crate) enum Event {
    /// How far the player is on its way to the apps.
    Stage(Stage),
    /// Who is signed in.
    Person(Person),
    /// The apps on this computer.
    Entries(Vec<Entry>),
    /// What is said about the vault.
    Storage(Storage),
    /// When the last sync was completed.
    Synced(Option<i64>),
    /// How far a sync is.
    Progress(sync::Progress),
    /// A sync has ended.
    SyncEnded(Result<sync::SyncReport, SyncError>),
    /// A form was refused, and why.
    Refused(String),
    /// A sign-in failed.
    SignInFailed(SyncError),
    /// The person is signed out here, but the portal does not know it.
    NotTold,
    /// An app shows this now.
    Shown {
        /// Which opening of an app.
        ticket: u64,
        /// What it shows.
        snapshot: Snapshot,
    },
    /// An app could not be opened, or stopped, and why.
    NotOpened {
        /// Which opening of an app.
        ticket: u64,
        /// Why.
        why: String,
        /// What helps.
        cure: Cure,
    },
    /// An app's parts are read; the next step is to run it.
    Read {
        /// Which opening of an app.
        ticket: u64,
        /// The parts.
        app: Box<sync::OpenApp>,
    },
    /// A message for the person.
    Say(String, Tone),
}

/// The sending half: clones share the window that is asked to repaint.
#[derive(Clone)]
pub(crate) struct Events {
    sender: Sender<Event>,
    window: Arc<OnceLock<egui::Context>>,
}

/// A channel to the window. The window says that it is there with [`Events::attach`].
pub(crate) fn channel() -> (Events, Receiver<Event>) {
    let (sender, inbox) = std::sync::mpsc::channel();
    (Events { sender, window: Arc::new(OnceLock::new()) }, inbox)
}

impl Events {
    /// Puts an event into the channel and wakes the window. Whether the window is still there.
    pub(crate) fn send(&self, event: Event) -> bool {
        let sent = self.sender.send(event).is_ok();
        if let Some(window) = self.window.get() {
            window.request_repaint();
        }
        sent
    }

    /// Wakes this window from now on.
    pub(crate) fn attach(&self, window: &egui::Context) {
        // A window is attached once; a second one would be a second program.
        let _ = self.window.set(window.clone());
    }
}

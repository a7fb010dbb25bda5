//! A running app behind a screen: takes the commands that the screen emits, gives the picture to show.
//!
//! Dragging a slider emits a command for every step of the pointer. Each replaces the one before, so that one undo
//! takes the whole drag back and the change that a result shows is the change since the drag began.
//!
//! Invariant: however long a drag is, it adds at most one step to what can be undone.

use std::sync::Arc;

use engine::view::{AppSession, Command, Kind, Level, View};

use super::OpenApp;

/// What a screen shows of a running app.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The view.
    pub view: Arc<View>,
    /// Whether the last change can be taken back.
    pub can_undo: bool,
    /// Whether it can be made again.
    pub can_redo: bool,
}

impl Snapshot {
    /// Puts the snapshot on the screen of an open app.
    pub fn show_in(self, open: &mut OpenApp) {
        open.view = self.view;
        (open.can_undo, open.can_redo) = (self.can_undo, self.can_redo);
        open.stage = super::OpenStage::Ready;
    }
}

/// A running app.
pub struct Runner {
    session: AppSession,
    /// The input whose drag made the last step that can be undone.
    dragged: Option<String>,
}

impl Runner {
    /// Takes over an app that has been opened.
    pub fn new(session: AppSession) -> Self {
        Self { session, dragged: None }
    }

    /// Does what a person did.
    pub fn act(&mut self, command: &Command) {
        // The end of a drag is the last of its steps.
        let ends = matches!(command, Command::Set { id, .. } if self.dragged.as_deref() == Some(id.as_str()));
        if ends {
            self.drag(command);
        } else {
            self.session.apply(command);
        }
        // Looking at a list is no change and leaves a drag as it is.
        if !matches!(command, Command::Window { .. } | Command::Search { .. } | Command::Sort { .. }) {
            self.dragged = None;
        }
    }

    /// Does this in place of what the same input was dragged to before.
    pub fn drag(&mut self, command: &Command) {
        let Command::Set { id, .. } = command else { return self.act(command) };
        if self.dragged.as_deref() == Some(id.as_str()) {
            self.session.apply(&Command::Undo);
        }
        self.session.apply(command);
        self.dragged = self.was_taken(id).then(|| id.clone());
    }

    /// Whether the last entry into an input went into its cell.
    fn was_taken(&self, id: &str) -> bool {
        match self.session.view().node(id).map(|node| &node.kind) {
            Some(Kind::Input(input)) => {
                input.message.as_ref().is_none_or(|message| message.level != Level::Error)
            }
            _ => false,
        }
    }

    /// What is to be shown now.
    pub fn snapshot(&self) -> Snapshot {
        let (can_undo, can_redo) = self.session.can_undo_redo();
        Snapshot { view: Arc::new(self.session.view().clone()), can_undo, can_redo }
    }

    /// The app itself.
    pub fn session(&mut self) -> &mut AppSession {
        &mut self.session
    }
}

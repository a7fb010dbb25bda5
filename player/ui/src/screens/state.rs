//! The parts of the [`super::Desk`]: places, apps, forms, questions, as plain data.
//!
//! Invariant: a password is in a [`Form`] only while that is shown, and leaves it with the errand.

use std::sync::Arc;

use engine::view::View;

use crate::widgets::Date;

/// Where the person is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The gallery, or the app that is open.
    #[default]
    Apps,
    /// The messages of this session.
    Messages,
    /// The settings.
    Settings,
}

/// How far the player is on its way to the apps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// The vault is being opened.
    #[default]
    Starting,
    /// The vault needs a passphrase; `reason` says why there is none yet, where one must be chosen.
    Locked {
        /// Why the secret store of the computer cannot be used; `None` where the vault has a passphrase already.
        reason: Option<String>,
    },
    /// The vault cannot be used, and why.
    Broken {
        /// The sentence.
        why: String,
        /// Whether only a fresh vault helps.
        hopeless: bool,
    },
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn,
    /// One file is shown, without any portal.
    Alone,
}

/// How an app in the gallery is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// It can be opened, and is as new as is known.
    Ready,
    /// It can be opened and has changed since the person last did.
    Updated,
    /// It came with the last sync.
    New,
    /// It is being fetched.
    Syncing,
    /// The person does not have it any more, and why.
    Withdrawn(String),
    /// Its time without the portal is over.
    LeaseEnded,
    /// A source wants a name and a password.
    NeedsSignIn {
        /// Scheme, host and port.
        origin: String,
    },
    /// Something of it is missing.
    Incomplete,
    /// It needs a newer player.
    NeedsNewerPlayer,
}

/// What a version brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The version.
    pub version: u64,
    /// What changed.
    pub change: Changed,
    /// What the creator wrote about it; may be empty.
    pub note: String,
}

/// What changed in a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is the first one.
    First,
    /// The definition.
    Layout,
    /// The spreadsheet.
    Spreadsheet,
    /// Both, or something unknown.
    Both,
}

/// An app in the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: EntryState,
    /// The last day on which it opens without the portal.
    pub offline_until: Option<Date>,
    /// What its version brought, while the person has not seen that.
    pub news: Option<News>,
}

/// How syncing is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SyncState {
    /// Nothing is under way.
    #[default]
    Idle,
    /// Under way.
    Running {
        /// What is being done; empty while the portal is being asked.
        what: String,
        /// How much of it is done, 0 to 1, where that is known.
        share: Option<f32>,
        /// How much is done, in words.
        amount: String,
    },
    /// The portal could not be reached.
    Offline,
    /// The portal ended the sign-in.
    SignedOut,
    /// It stopped, and why.
    Failed(String),
}

/// The app that is open.
#[derive(Clone, Debug, Default)]
pub struct OpenApp {
    /// Its id; empty for a file.
    pub id: String,
    /// Its name, for as long as there is no view.
    pub name: String,
    /// How far it is.
    pub stage: OpenStage,
    /// What it shows.
    pub view: Arc<View>,
    /// Whether the last change can be taken back.
    pub can_undo: bool,
    /// Whether it can be made again.
    pub can_redo: bool,
    /// Whether a calculation is under way for longer than a person notices.
    pub calculating: bool,
    /// The page that is shown; the first one where this names none.
    pub page: String,
    /// What its version brought, while the person has not seen that.
    pub news: Option<News>,
    /// Whether a newer version has arrived since it was opened.
    pub newer: bool,
    /// The last day on which it opens without the portal.
    pub offline_until: Option<Date>,
}

/// How far an app is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OpenStage {
    /// It is being read and calculated.
    #[default]
    Opening,
    /// It is ready.
    Ready,
    /// It could not be opened, or was stopped.
    Failed {
        /// Why.
        why: String,
        /// What helps.
        cure: Cure,
    },
}

impl OpenStage {
    /// Whether it is not on screen for want of a sync.
    pub const fn waits_for_sync(&self) -> bool {
        matches!(self, Self::Failed { cure: Cure::Sync, .. })
    }
}

/// What helps an app that could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Opening it again may do.
    Again,
    /// A sync brings what is missing.
    Sync,
    /// Nothing that the person could do here.
    Nothing,
}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name; may be empty.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// Whether the portal waited for the address to be confirmed when the person signed in.
    pub unconfirmed: bool,
    /// The portal's name.
    pub portal_name: String,
    /// The portal's address.
    pub portal: String,
}

/// What stands in a form, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    values: [String; 3],
    /// What is wrong with each field.
    pub problems: [Option<String>; 3],
    /// What is wrong with the whole.
    pub problem: Option<String>,
    /// Whether it has been handed out and no answer came yet.
    pub busy: bool,
}

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The portal's address.
    Address,
    /// The mail address, or the name at a source.
    Name,
    /// The password or passphrase.
    Secret,
    /// The passphrase once more.
    Again,
}

impl Field {
    const fn place(self) -> usize {
        match self {
            Self::Address => 0,
            Self::Name | Self::Again => 1,
            Self::Secret => 2,
        }
    }
}

impl Form {
    /// What stands in a field.
    pub fn value(&self, field: Field) -> &str {
        self.values.get(field.place()).map_or("", String::as_str)
    }

    /// Writes into a field and forgets what was wrong with it.
    pub fn write(&mut self, field: Field, text: String) {
        let place = field.place();
        if let (Some(value), Some(problem)) = (self.values.get_mut(place), self.problems.get_mut(place)) {
            *value = text;
            *problem = None;
        }
        self.problem = None;
    }

    /// What is wrong with a field.
    pub fn problem_of(&self, field: Field) -> Option<&str> {
        self.problems.get(field.place())?.as_deref()
    }

    pub(crate) fn blame(&mut self, field: Field, why: &str) {
        if let Some(problem) = self.problems.get_mut(field.place()) {
            *problem = Some(why.to_owned());
        }
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.problems.iter().all(Option::is_none)
    }

    pub(crate) fn take(&mut self, field: Field) -> String {
        self.values.get_mut(field.place()).map(std::mem::take).unwrap_or_default()
    }
}

/// A decision that the person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Sign out, which removes the apps from this computer?
    SignOut,
    /// Erase a vault that cannot be read?
    StartOver,
    /// An app is gone; take it off the list?
    Withdrawn {
        /// The app.
        id: String,
        /// Its name.
        name: String,
        /// Why it is gone.
        why: String,
    },
    /// Name and password for a source.
    Source {
        /// Scheme, host and port.
        origin: String,
    },
}

/// Light, dark, or what the computer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the computer is set.
    #[default]
    System,
}

/// What the settings say about the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// What protects it.
    pub protection: Option<Protection>,
    /// Where it lies.
    pub folder: String,
    /// How large it is, in words; empty while that is not known.
    pub size: String,
}

/// What protects the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// The secret store of the operating system.
    System,
    /// A passphrase.
    Passphrase,
    /// Both.
    Both,
}

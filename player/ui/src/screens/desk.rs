//! What the window shows apart from the numbers of an app, and how an action changes it.
//!
//! A frame reads the [`Desk`] and answers with [`Action`]s. [`Desk::apply`] is the one place where an action has
//! an effect: it changes what is the screen's own (the place, a search, what stands in a form) and answers with
//! the [`Errand`] for whatever needs the vault, the network or a calculation. It does no work of its own, so it
//! can be tested without any of them.
//!
//! Invariant: a password is in the desk only while its form is shown, and leaves it with the errand.

use engine::view::Command;

use super::state::{
    Entry, EntryState, Field, Form, OpenApp, Person, Place, Question, Stage, Storage, SyncState, ThemeChoice,
};
use super::texts::Language;
use crate::widgets::Date;

/// Everything that the window shows.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// The person's language.
    pub language: Language,
    /// Today, where calendars open.
    pub today: Option<Date>,
    /// How far the player is.
    pub stage: Stage,
    /// What a file that is shown alone was dropped onto, and comes back when it is closed.
    pub behind: Option<Stage>,
    /// Where the person is.
    pub place: Place,
    /// The apps, in order; `None` while they are being read.
    pub entries: Option<Vec<Entry>>,
    /// What is searched for among the apps.
    pub search: String,
    /// How syncing is.
    pub sync: SyncState,
    /// When the last sync was completed, in words; empty where there was none.
    pub synced: String,
    /// The app that is open.
    pub open: Option<OpenApp>,
    /// Who is signed in.
    pub person: Person,
    /// The form on the screen: sign-in, passphrase, or a source's name and password.
    pub form: Form,
    /// What is being asked.
    pub question: Option<Question>,
    /// The theme that the person chose.
    pub theme: ThemeChoice,
    /// Whether the person asked for less motion.
    pub less_motion: bool,
    /// What is said about the store.
    pub storage: Storage,
    /// How many messages the person has not looked at.
    pub unread: usize,
}

/// Something that a person did on a screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Went somewhere.
    Go(Place),
    /// Did something to the open app.
    Do(Command),
    /// Is dragging: does this in place of what was dragged to before.
    Drag(Command),
    /// Turned to a page of the open app.
    Turn(String),
    /// Opened an app of the gallery.
    Open(String),
    /// Left the open app.
    Close,
    /// Opened the newer version in place of the open one, or the same one again after a failure.
    Reopen,
    /// Saw what a version brought.
    Seen,
    /// Searches among the apps.
    Search(String),
    /// Wants to be up to date.
    Sync,
    /// Stops the sync, or the sign-in.
    Cancel,
    /// Wrote into the form.
    Write(Field, String),
    /// Is done with the form.
    Submit,
    /// Wants to be asked before something happens.
    Ask(Question),
    /// Decided.
    Decide(bool),
    /// Wants the sign-in screen, to sign in again.
    SignInAgain,
    /// Chose a theme.
    Theme(ThemeChoice),
    /// Chose how much moves.
    LessMotion(bool),
    /// Wants the vault tried once more.
    Retry,
}

/// What needs more than the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    /// A command for the open app.
    Do(Command),
    /// A command in place of the last dragged one.
    Drag(Command),
    /// Open an app.
    Open(String),
    /// Forget the open app.
    Close,
    /// Remember that the news of an app were seen.
    Seen(String),
    /// Sync.
    Sync,
    /// Stop what is under way.
    Cancel,
    /// Sign in.
    SignIn {
        /// The portal's address.
        address: String,
        /// The mail address.
        email: String,
        /// The password.
        password: String,
    },
    /// Open the vault with a passphrase, or make one.
    Unlock {
        /// The passphrase.
        passphrase: String,
    },
    /// Remember name and password of a source, and sync.
    SourceSignIn {
        /// Scheme, host and port.
        origin: String,
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// Sign out.
    SignOut,
    /// Erase the vault.
    StartOver,
    /// Take an app off the list.
    Remove(String),
    /// Keep theme and motion as they are now.
    KeepLook,
    /// Try the vault again.
    Retry,
}

impl Desk {
    /// Gives an action its effect on the screen. Answers what else is to be done.
    pub fn apply(&mut self, action: Action) -> Option<Errand> {
        match action {
            Action::Go(place) => self.go(place),
            Action::Do(command) => Some(Errand::Do(command)),
            Action::Drag(command) => Some(Errand::Drag(command)),
            Action::Turn(page) => {
                if let Some(open) = &mut self.open {
                    open.page = page;
                }
                None
            }
            Action::Open(id) => self.open_app(&id),
            Action::Close => {
                if let Some(stage) = self.behind.take() {
                    self.stage = stage;
                }
                self.open.take().map(|_| Errand::Close)
            }
            Action::Reopen => {
                let id = self.open.as_ref()?.id.clone();
                self.start(&id)
            }
            Action::Seen => {
                let open = self.open.as_mut()?;
                open.news = None;
                Some(Errand::Seen(open.id.clone()))
            }
            Action::Search(text) => {
                self.search = text;
                None
            }
            Action::Sync => self.begin_sync(),
            Action::Cancel => {
                self.form.busy = false;
                Some(Errand::Cancel)
            }
            Action::Write(field, text) => {
                self.form.write(field, text);
                None
            }
            Action::Submit => self.submit(),
            Action::Ask(question) => {
                self.form = Form::default();
                self.question = Some(question);
                None
            }
            Action::Decide(yes) => self.decide(yes),
            Action::SignInAgain => {
                self.sign_in_again();
                None
            }
            Action::Theme(theme) => {
                self.theme = theme;
                Some(Errand::KeepLook)
            }
            Action::LessMotion(less) => {
                self.less_motion = less;
                Some(Errand::KeepLook)
            }
            Action::Retry => {
                self.stage = Stage::Starting;
                Some(Errand::Retry)
            }
        }
    }

    /// Shows a file as being opened: among the apps of a signed-in person, else alone.
    pub fn open_file(&mut self, name: String) {
        if self.stage == Stage::SignedIn {
            self.place = Place::Apps;
        } else if self.stage != Stage::Alone {
            self.behind = Some(std::mem::replace(&mut self.stage, Stage::Alone));
        }
        self.open = Some(OpenApp { name, ..OpenApp::default() });
    }

    fn go(&mut self, place: Place) -> Option<Errand> {
        // The way back from an app is the place it came from.
        let leaves = place == Place::Apps && self.place == Place::Apps && self.open.is_some();
        self.place = place;
        if place == Place::Messages {
            self.unread = 0;
        }
        if leaves { self.apply(Action::Close) } else { None }
    }

    fn open_app(&mut self, id: &str) -> Option<Errand> {
        let entry = self.entries.iter().flatten().find(|entry| entry.id == id)?;
        let (name, state) = (entry.name.clone(), entry.state.clone());
        match state {
            EntryState::Withdrawn(why) => {
                self.apply(Action::Ask(Question::Withdrawn { id: id.to_owned(), name, why }))
            }
            EntryState::NeedsSignIn { origin } => self.apply(Action::Ask(Question::Source { origin })),
            EntryState::LeaseEnded | EntryState::Incomplete => self.begin_sync(),
            _ => self.start(id),
        }
    }

    /// Shows an app as being opened.
    fn start(&mut self, id: &str) -> Option<Errand> {
        let entry = self.entries.iter().flatten().find(|entry| entry.id == id);
        self.open = Some(OpenApp {
            id: id.to_owned(),
            name: entry.map(|entry| entry.name.clone()).or(self.open.take().map(|open| open.name))?,
            news: entry.and_then(|entry| entry.news.clone()),
            offline_until: entry.and_then(|entry| entry.offline_until),
            ..OpenApp::default()
        });
        self.place = Place::Apps;
        Some(Errand::Open(id.to_owned()))
    }

    fn begin_sync(&mut self) -> Option<Errand> {
        if matches!(self.sync, SyncState::Running { .. }) {
            return None;
        }
        self.sync = SyncState::Running { what: String::new(), share: None, amount: String::new() };
        Some(Errand::Sync)
    }

    fn sign_in_again(&mut self) {
        self.form = Form::default();
        self.form.write(Field::Address, self.person.portal.clone());
        self.form.write(Field::Name, self.person.email.clone());
        self.stage = Stage::SignedOut;
        self.open = None;
    }

    fn decide(&mut self, yes: bool) -> Option<Errand> {
        if yes && matches!(self.question, Some(Question::Source { .. })) {
            return self.submit();
        }
        let question = self.question.take()?;
        self.form = Form::default();
        match question {
            _ if !yes => None,
            Question::SignOut => {
                self.open = None;
                Some(Errand::SignOut)
            }
            Question::StartOver => {
                self.stage = Stage::Starting;
                Some(Errand::StartOver)
            }
            Question::Withdrawn { id, .. } => {
                if let Some(entries) = &mut self.entries {
                    entries.retain(|entry| entry.id != id);
                }
                Some(Errand::Remove(id))
            }
            Question::Source { .. } => None,
        }
    }

    /// Reads the form that is on the screen. What is wrong with it stays at its fields.
    fn submit(&mut self) -> Option<Errand> {
        if self.form.busy {
            return None;
        }
        if let Some(Question::Source { origin }) = self.question.clone() {
            return self.submit_source(origin);
        }
        match &self.stage {
            Stage::SignedOut => self.submit_sign_in(),
            Stage::Locked { reason } => {
                let choosing = reason.is_some();
                self.submit_passphrase(choosing)
            }
            _ => None,
        }
    }

    fn submit_sign_in(&mut self) -> Option<Errand> {
        let texts = self.language.texts;
        let form = &mut self.form;
        let address = form.value(Field::Address).trim().to_owned();
        let email = form.value(Field::Name).trim().to_owned();
        if address.is_empty() {
            form.blame(Field::Address, texts.address_missing);
        }
        if email.is_empty() {
            form.blame(Field::Name, texts.email_missing);
        } else if !email.contains('@') || email.starts_with('@') || email.ends_with('@') {
            form.blame(Field::Name, texts.email_odd);
        }
        if form.value(Field::Secret).is_empty() {
            form.blame(Field::Secret, texts.password_missing);
        }
        if !form.is_sound() {
            return None;
        }
        form.busy = true;
        Some(Errand::SignIn { address, email, password: form.take(Field::Secret) })
    }

    fn submit_passphrase(&mut self, choosing: bool) -> Option<Errand> {
        let texts = self.language.texts;
        let form = &mut self.form;
        let passphrase = form.value(Field::Secret);
        if passphrase.is_empty() {
            form.blame(Field::Secret, texts.passphrase_missing);
        } else if choosing && passphrase != form.value(Field::Again) {
            form.blame(Field::Again, texts.passphrases_differ);
        }
        if !form.is_sound() {
            return None;
        }
        form.busy = true;
        form.take(Field::Again);
        Some(Errand::Unlock { passphrase: form.take(Field::Secret) })
    }

    fn submit_source(&mut self, origin: String) -> Option<Errand> {
        let texts = self.language.texts;
        let form = &mut self.form;
        let user = form.value(Field::Name).trim().to_owned();
        if user.is_empty() {
            form.blame(Field::Name, texts.user_missing);
        }
        if form.value(Field::Secret).is_empty() {
            form.blame(Field::Secret, texts.password_missing);
        }
        if !form.is_sound() {
            return None;
        }
        let password = form.take(Field::Secret);
        self.form = Form::default();
        self.question = None;
        self.sync = SyncState::Running { what: String::new(), share: None, amount: String::new() };
        Some(Errand::SourceSignIn { origin, user, password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, state: EntryState) -> Entry {
        Entry { id: id.into(), name: format!("App {id}"), state, offline_until: None, news: None }
    }

    fn gallery(state: EntryState) -> Desk {
        Desk { stage: Stage::SignedIn, entries: Some(vec![entry("a", state)]), ..Desk::default() }
    }

    #[test]
    fn an_app_opens_or_says_what_it_needs() {
        let cases = [
            (EntryState::Ready, Some(Errand::Open("a".into()))),
            (EntryState::Updated, Some(Errand::Open("a".into()))),
            (EntryState::LeaseEnded, Some(Errand::Sync)),
            (EntryState::Incomplete, Some(Errand::Sync)),
            (EntryState::Withdrawn("Gone.".into()), None),
            (EntryState::NeedsSignIn { origin: "https://x:443".into() }, None),
        ];
        for (state, expected) in cases {
            let mut desk = gallery(state.clone());
            assert_eq!(desk.apply(Action::Open("a".into())), expected, "{state:?}");
            let asks = matches!(state, EntryState::Withdrawn(_) | EntryState::NeedsSignIn { .. });
            assert_eq!(desk.question.is_some(), asks, "{state:?}");
        }
        assert_eq!(gallery(EntryState::Ready).apply(Action::Open("b".into())), None);
    }

    #[test]
    fn a_sign_in_form_says_what_is_missing_and_hands_the_password_out_once() {
        let mut desk = Desk { stage: Stage::SignedOut, ..Desk::default() };
        assert_eq!(desk.apply(Action::Submit), None);
        assert!(desk.form.problems.iter().all(Option::is_some));
        desk.apply(Action::Write(Field::Address, " portal.example.org ".into()));
        desk.apply(Action::Write(Field::Name, "ada".into()));
        desk.apply(Action::Write(Field::Secret, "secret words".into()));
        assert_eq!(desk.apply(Action::Submit), None);
        assert!(desk.form.problem_of(Field::Name).unwrap().contains("name@example.org"));
        desk.apply(Action::Write(Field::Name, "ada@example.org".into()));
        let errand = desk.apply(Action::Submit);
        let expected = Errand::SignIn {
            address: "portal.example.org".into(),
            email: "ada@example.org".into(),
            password: "secret words".into(),
        };
        assert_eq!(errand, Some(expected));
        assert_eq!(desk.form.value(Field::Secret), "");
        assert_eq!(desk.apply(Action::Submit), None, "a busy form was handed out twice");
    }

    #[test]
    fn a_passphrase_is_typed_twice_when_it_is_chosen_and_once_when_it_is_asked_for() {
        let mut desk = Desk { stage: Stage::Locked { reason: Some("no store".into()) }, ..Desk::default() };
        desk.apply(Action::Write(Field::Secret, "correct horse battery".into()));
        assert_eq!(desk.apply(Action::Submit), None);
        desk.apply(Action::Write(Field::Again, "correct horse battery".into()));
        let unlock = Some(Errand::Unlock { passphrase: "correct horse battery".into() });
        assert_eq!(desk.apply(Action::Submit), unlock);
        let mut desk = Desk { stage: Stage::Locked { reason: None }, ..Desk::default() };
        desk.apply(Action::Write(Field::Secret, "correct horse battery".into()));
        assert_eq!(desk.apply(Action::Submit), unlock);
    }

    #[test]
    fn leaving_decides_nothing_and_confirming_once_does() {
        let mut desk = gallery(EntryState::Ready);
        desk.apply(Action::Ask(Question::SignOut));
        assert_eq!(desk.apply(Action::Decide(false)), None);
        assert_eq!(desk.apply(Action::Decide(true)), None, "nothing was being asked");
        desk.apply(Action::Ask(Question::SignOut));
        assert_eq!(desk.apply(Action::Decide(true)), Some(Errand::SignOut));
    }

    #[test]
    fn a_sync_is_not_started_twice() {
        let mut desk = gallery(EntryState::Ready);
        assert_eq!(desk.apply(Action::Sync), Some(Errand::Sync));
        assert_eq!(desk.apply(Action::Sync), None);
        assert_eq!(desk.apply(Action::Cancel), Some(Errand::Cancel));
    }

    #[test]
    fn going_to_the_apps_from_an_app_leaves_it_and_from_elsewhere_returns_to_it() {
        let mut desk = gallery(EntryState::Ready);
        desk.apply(Action::Open("a".into()));
        assert_eq!(desk.apply(Action::Go(Place::Settings)), None);
        assert_eq!(desk.apply(Action::Go(Place::Apps)), None);
        assert!(desk.open.is_some());
        assert_eq!(desk.apply(Action::Go(Place::Apps)), Some(Errand::Close));
        assert!(desk.open.is_none());
    }
}

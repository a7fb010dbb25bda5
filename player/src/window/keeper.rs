//! The keeper: the thread that owns the vault and talks to the portal.
//!
//! It does one thing after another, except for syncs, which have a thread of their own. It syncs when it starts and
//! every quarter of an hour.
//!
//! Invariant: only this thread opens the vault, asks the secret store, or signs in and out; a sync is never started
//! while another one runs.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portal_api::{AppId, DeviceDescription};
use sync::{Account, AppStore, Cancel, Origin, PortalClient, SyncError, SystemClock};
use ui::screens::{self, Cure, Person, Stage, Storage};
use ui::widgets::Tone;
use vault::{PassphraseStore, Protection, SecretError, SecretStore, SystemStore, Vault};
use zeroize::Zeroizing;

use super::event::{Event, Events};
use super::{Shared, gallery, moments};

/// Time from one sync to the next.
const EVERY: Duration = Duration::from_secs(15 * 60);

/// What the keeper is asked to do.
pub(crate) enum Order {
    /// Opens the vault, as at the start.
    Retry,
    /// Opens the vault with a passphrase, or makes one.
    Unlock(Zeroizing<String>),
    /// Signs in.
    SignIn { address: String, email: String, password: Zeroizing<String> },
    /// Syncs.
    Sync,
    /// Remembers name and password of a source, and syncs.
    SourceSignIn { origin: String, user: String, password: Zeroizing<String> },
    /// Reads an app.
    Open { ticket: u64, id: String },
    /// Remembers that the news of an app were seen.
    Seen(String),
    /// Takes an app off the list.
    Remove(String),
    /// Signs out.
    SignOut,
    /// Erases the vault.
    StartOver,
    /// A sync has ended.
    Synced,
}

/// The window's end of the keeper.
pub(crate) struct Keeper {
    orders: Sender<Order>,
    cancel: Shared<Cancel>,
}

impl Keeper {
    /// Starts the keeper of the vault in `folder`, which opens it at once, with this passphrase if it needs one.
    pub(crate) fn start(folder: &Path, passphrase: Option<String>, events: &Events) -> Self {
        let (orders, inbox) = channel();
        let cancel = Shared::new(Mutex::new(Cancel::new()));
        let work = Work {
            dir: folder.join("vault"),
            events: events.clone(),
            orders: orders.clone(),
            cancel: Arc::clone(&cancel),
            vault: None,
            syncing: false,
            passphrase: passphrase.map(Zeroizing::new),
        };
        if let Err(error) = thread::Builder::new().name("keeper".to_owned()).spawn(move || work.run(&inbox)) {
            let why = format!("this computer gives no further thread ({error})");
            events.send(Event::Stage(Stage::Broken { why, hopeless: false }));
        }
        Self { orders, cancel }
    }

    /// Asks for something. Whether the keeper is still there.
    pub(crate) fn order(&self, order: Order) -> bool {
        self.orders.send(order).is_ok()
    }

    /// Stops what is under way.
    pub(crate) fn cancel(&self) {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }
}

struct Work {
    dir: PathBuf,
    events: Events,
    orders: Sender<Order>,
    cancel: Shared<Cancel>,
    vault: Option<Arc<Vault>>,
    syncing: bool,
    passphrase: Option<Zeroizing<String>>,
}

impl Work {
    fn run(mut self, inbox: &Receiver<Order>) {
        self.open();
        let mut next = Instant::now() + EVERY;
        loop {
            let wait = next.saturating_duration_since(Instant::now());
            match inbox.recv_timeout(wait) {
                Ok(order) => self.obey(order),
                Err(RecvTimeoutError::Timeout) => self.sync(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if Instant::now() >= next || self.syncing {
                next = Instant::now() + EVERY;
            }
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Retry => self.open(),
            Order::Unlock(passphrase) => self.unlock(&passphrase),
            Order::SignIn { address, email, password } => self.sign_in(&address, &email, &password),
            Order::Sync => self.sync(),
            Order::SourceSignIn { origin, user, password } => self.source_sign_in(&origin, &user, &password),
            Order::Open { ticket, id } => self.read(ticket, &id),
            Order::Seen(id) => self.with_app(&id, AppStore::mark_seen),
            Order::Remove(id) => self.with_app(&id, AppStore::remove),
            Order::SignOut => self.sign_out(),
            Order::StartOver => self.start_over(),
            Order::Synced => {
                self.syncing = false;
                self.show();
            }
        }
    }

    /// A fresh flag for something that can be stopped.
    fn stoppable(&self) -> Cancel {
        let fresh = Cancel::new();
        *self.cancel.lock().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        fresh
    }

    fn stage(&self, stage: Stage) {
        self.events.send(Event::Stage(stage));
    }

    fn broken(&self, error: &vault::Error) {
        self.stage(Stage::Broken { why: error.to_string(), hopeless: error.needs_new_vault() });
    }

    /// Opens the vault that is there, or finds out how a fresh one can be protected.
    fn open(&mut self) {
        let protection = match Vault::inspect(&self.dir) {
            Ok(protection) => protection,
            Err(error) => return self.broken(&error),
        };
        match (protection, self.passphrase.take()) {
            (Some(Protection::System), _) => match self.system() {
                Ok(secrets) => self.open_with(secrets),
                Err(error) => self.broken(&error),
            },
            (Some(_) | None, Some(passphrase)) => self.unlock(&passphrase),
            (Some(_), None) => self.stage(Stage::Locked { reason: None }),
            (None, None) => match self.system() {
                Ok(secrets) => self.open_with(secrets),
                Err(error) => self.stage(Stage::Locked { reason: Some(reason(&error)) }),
            },
        }
    }

    fn system(&self) -> Result<Arc<dyn SecretStore>, vault::Error> {
        Ok(Arc::new(SystemStore::connect()?))
    }

    fn open_with(&mut self, secrets: Arc<dyn SecretStore>) {
        match Vault::open_or_create(&self.dir, secrets) {
            Ok(vault) => {
                self.vault = Some(Arc::new(vault));
                self.enter();
            }
            Err(error) => self.broken(&error),
        }
    }

    fn unlock(&mut self, passphrase: &str) {
        let secrets = match Vault::inspect(&self.dir) {
            Ok(Some(Protection::SystemAndPassphrase)) => {
                self.system().and_then(|system| Ok(PassphraseStore::inside(system, passphrase)?))
            }
            _ => PassphraseStore::in_vault(&self.dir, passphrase).map_err(vault::Error::from),
        };
        let opened = secrets.and_then(|secrets| Vault::open_or_create(&self.dir, Arc::new(secrets)));
        match opened {
            Ok(vault) => {
                self.vault = Some(Arc::new(vault));
                self.enter();
            }
            Err(error) if error.exit_class() == vault::ExitClass::Input => {
                self.stage(Stage::Locked { reason: None });
                self.events.send(Event::Refused(error.to_string()));
            }
            Err(error) => self.broken(&error),
        }
    }

    /// The vault is open: shows the apps of whoever is signed in, and syncs.
    fn enter(&mut self) {
        match self.account() {
            Ok(Some(_)) => {
                if let Some(apps) = self.apps() {
                    // What has run out goes first; a clock that was set back is said at the apps.
                    drop(apps.sweep());
                }
                self.show();
                self.stage(Stage::SignedIn);
                self.sync();
            }
            Ok(None) => self.stage(Stage::SignedOut),
            Err(SyncError::Vault(error)) => self.broken(&error),
            Err(error) => self.stage(Stage::Broken { why: error.to_string(), hopeless: true }),
        }
    }

    fn account(&self) -> Result<Option<Account>, SyncError> {
        let Some(vault) = &self.vault else { return Ok(None) };
        Account::load(Arc::clone(vault), Arc::new(SystemClock))
    }

    fn apps(&self) -> Option<AppStore> {
        Some(AppStore::new(Arc::clone(self.vault.as_ref()?), Arc::new(SystemClock)))
    }

    /// Tells the window what the vault holds.
    fn show(&self) {
        let (Some(apps), Some(vault)) = (self.apps(), &self.vault) else { return };
        match self.account().and_then(|account| account.map(|account| account.standing()).transpose()) {
            Ok(Some(standing)) => {
                self.events.send(Event::Synced(standing.synced_ms));
                self.events.send(Event::Person(Person {
                    name: standing.person.name,
                    email: standing.person.email,
                    unconfirmed: !standing.person.confirmed,
                    portal_name: standing.portal_name,
                    portal: standing.portal,
                }));
            }
            Ok(None) => {}
            Err(error) => self.say(&error, Tone::Bad),
        }
        match apps.list().and_then(|list| Ok((list, apps.ended()?))) {
            Ok((list, ended)) => {
                let bytes: u64 =
                    list.iter().flat_map(|app| &app.sources).filter_map(|source| source.size).sum();
                let storage = Storage {
                    protection: vault.protection().ok().map(protection),
                    folder: self.dir.display().to_string(),
                    size: moments::bytes(bytes),
                };
                self.events.send(Event::Storage(storage));
                self.events.send(Event::Entries(gallery::entries(list, ended)));
            }
            Err(error) => self.say(&error, Tone::Bad),
        }
    }

    fn say(&self, error: &dyn std::fmt::Display, tone: Tone) {
        self.events.send(Event::Say(super::shell::sentence(&error.to_string()), tone));
    }

    fn sign_in(&mut self, address: &str, email: &str, password: &str) {
        let cancel = self.stoppable();
        let Some(vault) = self.vault.clone() else { return self.open() };
        let device = DeviceDescription {
            name: crate::commands::computer_name(),
            platform: format!("player/{}", std::env::consts::OS),
        };
        let clock = Arc::new(SystemClock);
        // People type an address as they say it.
        let address = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
        let signed_in = PortalClient::new(&address)
            .and_then(|portal| Account::sign_in(vault, clock, portal, (email, password), device, &cancel));
        match signed_in {
            Ok(_) => self.enter(),
            Err(SyncError::Cancelled) => {}
            Err(error) => {
                self.events.send(Event::SignInFailed(error));
            }
        }
    }

    /// Syncs on a thread of its own.
    fn sync(&mut self) {
        if self.syncing {
            return;
        }
        let account = match self.account() {
            Ok(Some(account)) => account,
            Ok(None) => return,
            Err(error) => {
                self.events.send(Event::SyncEnded(Err(error)));
                return;
            }
        };
        let cancel = self.stoppable();
        let (events, orders) = (self.events.clone(), self.orders.clone());
        let work = move || {
            let told = events.clone();
            let mut progress = move |progress| {
                told.send(Event::Progress(progress));
            };
            let ended = account.sync(None, &cancel, &mut progress);
            // The list first, so that what the report says is on the screen already.
            let _ = orders.send(Order::Synced);
            events.send(Event::SyncEnded(ended));
        };
        self.syncing = true;
        self.events.send(Event::Progress(sync::Progress::Asking));
        if let Err(error) = thread::Builder::new().name("sync".to_owned()).spawn(work) {
            self.syncing = false;
            let detail = format!("this computer gives no further thread ({error})");
            self.events.send(Event::SyncEnded(Err(SyncError::Setup { detail })));
        }
    }

    fn source_sign_in(&mut self, origin: &str, user: &str, password: &str) {
        let stored = Origin::of(origin).and_then(|origin| match self.account()? {
            Some(account) => account.set_source_sign_in(origin, Some((user, password))),
            None => Err(SyncError::NotSignedIn),
        });
        match stored {
            Ok(()) => self.sync(),
            Err(error) => {
                self.events.send(Event::SyncEnded(Err(error)));
            }
        }
    }

    fn read(&self, ticket: u64, id: &str) {
        let Some(apps) = self.apps() else { return };
        let opened = app_id(id).and_then(|id| apps.open(id));
        match opened {
            Ok(app) => {
                self.events.send(Event::Read { ticket, app: Box::new(app) });
            }
            Err(error) => {
                let cure = cure(&error);
                self.events.send(Event::NotOpened { ticket, why: error.to_string(), cure });
                self.show();
            }
        }
    }

    fn with_app(&self, id: &str, change: impl FnOnce(&AppStore, AppId) -> Result<(), SyncError>) {
        let Some(apps) = self.apps() else { return };
        match app_id(id).and_then(|id| change(&apps, id)) {
            Ok(()) | Err(SyncError::NoApp { .. }) => self.show(),
            Err(error) => self.say(&error, Tone::Bad),
        }
    }

    fn sign_out(&mut self) {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).cancel();
        let cancel = self.stoppable();
        match self.account() {
            Ok(Some(account)) => match account.sign_out(&cancel) {
                Ok(told) => {
                    self.stage(Stage::SignedOut);
                    if !told {
                        self.events.send(Event::NotTold);
                    }
                }
                Err(error) => self.say(&error, Tone::Bad),
            },
            Ok(None) => self.stage(Stage::SignedOut),
            Err(error) => self.say(&error, Tone::Bad),
        }
    }

    fn start_over(&mut self) {
        self.vault = None;
        let system = self.system().ok();
        match Vault::erase(&self.dir, system.as_deref()) {
            Ok(()) => self.open(),
            Err(error) => self.broken(&error),
        }
    }
}

/// What helps an app that the vault does not give out.
fn cure(error: &SyncError) -> Cure {
    match error {
        SyncError::LeaseEnded { .. }
        | SyncError::LeaseInvalid { .. }
        | SyncError::NoApp { .. }
        | SyncError::NotReady { .. }
        | SyncError::Vault(vault::Error::RecordDamaged { .. }) => Cure::Sync,
        _ => Cure::Again,
    }
}

fn app_id(id: &str) -> Result<AppId, SyncError> {
    id.parse().map_err(|_| SyncError::NotReady {
        name: id.to_owned(),
        reason: "its id is not one of an app".to_owned(),
    })
}

const fn protection(protection: Protection) -> screens::Protection {
    match protection {
        Protection::System => screens::Protection::System,
        Protection::Passphrase => screens::Protection::Passphrase,
        Protection::SystemAndPassphrase => screens::Protection::Both,
    }
}

/// Why the secret store cannot be used, without the advice that the screen gives itself.
fn reason(error: &vault::Error) -> String {
    match error {
        vault::Error::Secret(SecretError::Unavailable { store, .. }) => format!("{store} cannot be reached"),
        vault::Error::Secret(SecretError::Locked { store, .. }) => format!("{store} is locked"),
        other => other.to_string(),
    }
}

//! The apps in the vault, without any network: which there are, whether they may run, and opening them.
//!
//! An app's compartment holds `app` (what is known of it), `lease`, `definition`, and `source/ID` for each
//! spreadsheet.
//!
//! Invariant: [`AppStore::open`] gives out bytes only under a valid lease that has not ended by a clock that was not
//! set back; an app whose lease has ended is destroyed when that is noticed.

use std::sync::Arc;

use portal_api::{AppId, Role, Source, SourceId, SourceKind, SyncApp, UpdateNotice};
use serde::{Deserialize, Serialize};
use vault::{Damage, Secret, Vault};

use crate::SyncError;
use crate::account::Stored;
use crate::clock::{Clock, seconds};
use crate::lease::Checked;
use crate::shelf::{Ended, Shelf, read_json, write_json};

pub(crate) const APP: &str = "app";
pub(crate) const LEASE: &str = "lease";
pub(crate) const DEFINITION: &str = "definition";

/// The compartment of an app.
pub(crate) fn compartment(id: AppId) -> String {
    format!("app/{id}")
}

/// The record of a spreadsheet.
pub(crate) fn source_record(id: &SourceId) -> String {
    format!("source/{id}")
}

/// The app of a compartment, where it is one.
pub(crate) fn app_of(compartment: &str) -> Option<AppId> {
    compartment.strip_prefix("app/")?.parse().ok()
}

/// What is known of an app, as it lies in the vault.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredApp {
    pub app: portal_api::AppSummary,
    pub notice: UpdateNotice,
    /// The entity tag of the definition in the vault.
    pub definition_etag: String,
    pub sources: Vec<StoredSource>,
    pub synced_ms: i64,
    /// The version whose notice the person has seen.
    #[serde(default)]
    pub seen_version: u64,
    /// Opening found a record damaged: the next sync fetches everything.
    #[serde(default)]
    pub damaged: bool,
}

/// What is known of the copy of a spreadsheet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredSource {
    /// The source that the copy is of.
    pub source: Source,
    pub etag: Option<String>,
    #[serde(default)]
    pub last_modified: Option<String>,
    /// The origin that wants a name and password before the app may be opened (again).
    #[serde(default)]
    pub wants_sign_in: Option<String>,
    /// The source is of a kind that the player that synced did not know.
    #[serde(default)]
    pub unknown: bool,
}

impl StoredApp {
    /// What the portal says, as if all of it had just been fetched.
    pub fn of(entry: &SyncApp, synced_ms: i64) -> Self {
        let sources = entry.app.sources.iter().map(|source| StoredSource {
            source: source.clone(),
            etag: source.etag.clone(),
            last_modified: None,
            wants_sign_in: None,
            unknown: source.kind == SourceKind::Unknown,
        });
        Self {
            app: entry.app.clone(),
            notice: entry.notice.clone(),
            definition_etag: entry.app.definition_etag.clone(),
            sources: sources.collect(),
            synced_ms,
            seen_version: 0,
            damaged: false,
        }
    }

    pub fn source(&self, id: &SourceId) -> Option<&StoredSource> {
        self.sources.iter().find(|copy| copy.source.id == *id)
    }

    /// Whether this is what the portal says now, leaving the lease aside.
    pub fn is_of(&self, entry: &SyncApp) -> bool {
        self.app == entry.app && self.notice == entry.notice && !self.damaged
    }
}

/// An app on this device, as a gallery shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalApp {
    /// The app.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its version here.
    pub version: u64,
    /// What the person may do with it.
    pub role: Role,
    /// Whether it can be opened.
    pub status: AppStatus,
    /// When its lease ends, in milliseconds since 1970 (UTC); absent where the lease is not valid.
    pub lease_until_ms: Option<i64>,
    /// When it was last brought up to date.
    pub synced_ms: i64,
    /// What this version brought, while the person has not seen that; see [`AppStore::mark_seen`].
    pub notice: Option<UpdateNotice>,
    /// Its spreadsheets.
    pub sources: Vec<LocalSource>,
}

/// A spreadsheet of an app on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSource {
    /// Its id in the definition.
    pub id: SourceId,
    /// Where it lives.
    pub kind: SourceKind,
    /// The file's name, where one is known; for people, never for paths.
    pub file_name: Option<String>,
    /// Its bytes; absent where there is no copy.
    pub size: Option<u64>,
}

/// Whether an app can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AppStatus {
    /// It can.
    Ready,
    /// Its lease has ended: sync.
    LeaseEnded,
    /// Its lease is not for this device: sync.
    LeaseInvalid,
    /// The clock was set back: set it right, or sync.
    ClockSetBack,
    /// A source wants a name and password.
    NeedsSignIn {
        /// Scheme, host and port.
        origin: String,
    },
    /// Something of it is missing or damaged: sync.
    Incomplete,
    /// It needs a newer player.
    NeedsNewerPlayer,
}

/// An open app: what the engine needs.
pub struct OpenApp {
    /// The app.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
    /// The definition's XML.
    pub definition: Secret,
    /// The spreadsheets, in the order of the portal's list.
    pub spreadsheets: Vec<OpenSpreadsheet>,
    /// When the lease ends, in milliseconds since 1970 (UTC).
    pub lease_until_ms: i64,
}

/// A spreadsheet of an open app.
pub struct OpenSpreadsheet {
    /// Its id in the definition.
    pub id: SourceId,
    /// The file's name, where one is known: tells the format where the bytes alone do not.
    pub file_name: Option<String>,
    /// Its bytes.
    pub bytes: Secret,
}

/// The apps of the signed-in person in one vault.
#[derive(Clone)]
pub struct AppStore {
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
}

impl AppStore {
    /// The apps in this vault.
    #[must_use]
    pub fn new(vault: Arc<Vault>, clock: Arc<dyn Clock>) -> Self {
        Self { vault, clock }
    }

    /// All apps, by name.
    ///
    /// # Errors
    /// When the vault as a whole cannot be read. A damaged app is listed as [`AppStatus::Incomplete`].
    pub fn list(&self) -> Result<Vec<LocalApp>, SyncError> {
        let Some(account) = Stored::read(&self.vault)? else { return Ok(Vec::new()) };
        let clock_set_back = self.tell_time()?;
        let mut apps = Vec::new();
        for id in self.vault.compartments()?.iter().filter_map(|name| app_of(name)) {
            apps.extend(self.describe(id, &account, clock_set_back)?);
        }
        apps.sort_by(|one, other| {
            (one.name.to_lowercase(), one.id).cmp(&(other.name.to_lowercase(), other.id))
        });
        Ok(apps)
    }

    /// Apps that ended on this device since they were last synced, and why.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn ended(&self) -> Result<Vec<Ended>, SyncError> {
        Ok(Shelf::read(&self.vault)?.ended)
    }

    /// Opens an app.
    ///
    /// # Errors
    /// When there is none, its lease has ended or is not valid, the clock was set back, or something of it is missing
    /// or damaged. An app whose lease has ended is destroyed here.
    pub fn open(&self, id: AppId) -> Result<OpenApp, SyncError> {
        let account = Stored::read(&self.vault)?.ok_or(SyncError::NotSignedIn)?;
        let stored = self.stored(id).map_err(|error| self.noting_damage(id, error))?;
        let stored = stored.ok_or_else(|| self.absent(id))?;
        let name = stored.app.name.clone();
        self.vault.pass_time(seconds(self.clock.now_ms()))?;
        let lease = self.lease(id, &account)?;
        let lease = lease.map_err(|why| SyncError::LeaseInvalid { name: name.clone(), why })?;
        if self.has_ended(lease) {
            self.end(id, &name)?;
            return Err(SyncError::LeaseEnded { name });
        }
        let not_ready = |reason: String| SyncError::NotReady { name: name.clone(), reason };
        for copy in &stored.sources {
            if let Some(origin) = &copy.wants_sign_in {
                return Err(not_ready(format!(
                    "{origin} asks for a name and a password; enter them and sync"
                )));
            }
            if copy.unknown {
                return Err(not_ready("it needs a newer version of Playsheet".into()));
            }
        }
        let read = |record: &str| self.whole(id, record).map_err(|error| self.noting_damage(id, error));
        let definition = read(DEFINITION)?;
        let spreadsheets = stored.sources.iter().map(|copy| {
            Ok(OpenSpreadsheet {
                id: copy.source.id.clone(),
                file_name: file_name(&copy.source),
                bytes: read(&source_record(&copy.source.id))?,
            })
        });
        let spreadsheets = spreadsheets.collect::<Result<_, SyncError>>()?;
        let version = stored.app.version;
        Ok(OpenApp { id, name, version, definition, spreadsheets, lease_until_ms: lease.until_ms })
    }

    /// Destroys the apps whose leases have ended: their ids. To be called when the player starts and now and then.
    ///
    /// # Errors
    /// When the vault fails, or the clock was set back, which leaves everything as it is.
    pub fn sweep(&self) -> Result<Vec<AppId>, SyncError> {
        let Some(account) = Stored::read(&self.vault)? else { return Ok(Vec::new()) };
        self.vault.pass_time(seconds(self.clock.now_ms()))?;
        let mut ended = Vec::new();
        for id in self.vault.compartments()?.iter().filter_map(|name| app_of(name)) {
            if self.lease(id, &account)?.is_ok_and(|lease| self.has_ended(lease)) {
                let name =
                    self.stored(id).ok().flatten().map_or_else(|| id.to_string(), |stored| stored.app.name);
                self.end(id, &name)?;
                ended.push(id);
            }
        }
        Ok(ended)
    }

    /// Removes an app from this device for good; it comes back only when a sync is asked for it by its id.
    ///
    /// # Errors
    /// [`SyncError::NoApp`] when it is not here; errors of the vault.
    pub fn remove(&self, id: AppId) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut shelf = Shelf::read(&self.vault)?;
        let was_ended = shelf.ended.iter().any(|ended| ended.id == id);
        if !change.withdraw(&compartment(id)) && !was_ended {
            return Err(SyncError::NoApp { id });
        }
        shelf.forget(id);
        shelf.removed.insert(id);
        shelf.write(&mut change)?;
        change.commit()?;
        Ok(())
    }

    /// Notes that the person has seen what the current version brought.
    ///
    /// # Errors
    /// [`SyncError::NoApp`] when it is not here; errors of the vault.
    pub fn mark_seen(&self, id: AppId) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut stored = self.stored(id)?.ok_or(SyncError::NoApp { id })?;
        if stored.seen_version != stored.app.version {
            stored.seen_version = stored.app.version;
            write_json(&mut change, &compartment(id), APP, &stored)?;
            change.commit()?;
        }
        Ok(())
    }

    fn describe(
        &self,
        id: AppId,
        account: &Stored,
        clock_set_back: bool,
    ) -> Result<Option<LocalApp>, SyncError> {
        let stored = match self.stored(id) {
            Ok(Some(stored)) => stored,
            Ok(None) => return Ok(None),
            Err(SyncError::Vault(vault::Error::RecordDamaged { .. })) => return Ok(Some(damaged(id))),
            Err(error) => return Err(error),
        };
        let lease = self.lease(id, account)?;
        let sources: Vec<LocalSource> =
            stored.sources.iter().map(|copy| self.describe_source(id, copy)).collect::<Result<_, _>>()?;
        let status = if clock_set_back {
            AppStatus::ClockSetBack
        } else {
            self.status(&stored, lease.as_ref().ok(), &sources)
        };
        let is_news = stored.seen_version < stored.app.version;
        Ok(Some(LocalApp {
            id,
            name: stored.app.name,
            description: stored.app.description,
            version: stored.app.version,
            role: stored.app.role,
            status,
            lease_until_ms: lease.ok().map(|lease| lease.until_ms),
            synced_ms: stored.synced_ms,
            notice: Some(stored.notice).filter(|_| is_news),
            sources,
        }))
    }

    fn describe_source(&self, id: AppId, copy: &StoredSource) -> Result<LocalSource, SyncError> {
        let record = source_record(&copy.source.id);
        let size = match self.vault.reader(&compartment(id), &record) {
            Ok(reader) => reader.map(|reader| reader.size()),
            Err(vault::Error::RecordDamaged { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let source = &copy.source;
        Ok(LocalSource { id: source.id.clone(), kind: source.kind, file_name: file_name(source), size })
    }

    fn status(&self, stored: &StoredApp, lease: Option<&Checked>, sources: &[LocalSource]) -> AppStatus {
        let Some(lease) = lease else { return AppStatus::LeaseInvalid };
        if self.has_ended(*lease) {
            return AppStatus::LeaseEnded;
        }
        if let Some(origin) = stored.sources.iter().find_map(|copy| copy.wants_sign_in.clone()) {
            return AppStatus::NeedsSignIn { origin };
        }
        if stored.sources.iter().any(|copy| copy.unknown) {
            return AppStatus::NeedsNewerPlayer;
        }
        let complete = sources.iter().all(|source| source.size.is_some()) && !stored.damaged;
        if complete { AppStatus::Ready } else { AppStatus::Incomplete }
    }

    fn stored(&self, id: AppId) -> Result<Option<StoredApp>, SyncError> {
        read_json(&self.vault, &compartment(id), APP)
    }

    /// The app's lease, or why it is not valid.
    fn lease(&self, id: AppId, account: &Stored) -> Result<Result<Checked, &'static str>, SyncError> {
        match read_json(&self.vault, &compartment(id), LEASE) {
            Ok(Some(signed)) => Ok(account.holder().check(id, &signed)),
            Ok(None) => Ok(Err("there is none")),
            Err(SyncError::Vault(vault::Error::RecordDamaged { .. })) => Ok(Err("it cannot be read")),
            Err(error) => Err(error),
        }
    }

    fn has_ended(&self, lease: Checked) -> bool {
        self.clock.now_ms() >= lease.until_ms
    }

    /// Tells the vault the time; whether the clock was set back.
    fn tell_time(&self) -> Result<bool, SyncError> {
        match self.vault.pass_time(seconds(self.clock.now_ms())) {
            Ok(()) => Ok(false),
            Err(vault::Error::ClockSetBack { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn whole(&self, id: AppId, record: &str) -> Result<Secret, SyncError> {
        let compartment = compartment(id);
        let found = self.vault.read(&compartment, record)?;
        let missing = || vault::Error::RecordDamaged {
            compartment,
            record: record.to_owned(),
            damage: Damage::Missing,
        };
        Ok(found.ok_or_else(missing)?)
    }

    /// Destroys an app whose lease has ended, and remembers that.
    fn end(&self, id: AppId, name: &str) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut shelf = Shelf::read(&self.vault)?;
        change.withdraw(&compartment(id));
        shelf.end(Ended {
            id,
            name: name.to_owned(),
            reason: "its lease has ended; connect to the portal and sync to use it again".into(),
            at_ms: self.clock.now_ms(),
        });
        shelf.write(&mut change)?;
        change.commit()?;
        Ok(())
    }

    fn absent(&self, id: AppId) -> SyncError {
        let shelf = Shelf::read(&self.vault).unwrap_or_default();
        match shelf.ended.into_iter().find(|ended| ended.id == id) {
            Some(Ended { name, reason, .. }) => SyncError::NotReady { name, reason },
            None => SyncError::NoApp { id },
        }
    }

    /// Writes down that an app is damaged, so that the next sync fetches it, and passes the error on.
    fn noting_damage(&self, id: AppId, error: SyncError) -> SyncError {
        if let SyncError::Vault(vault::Error::RecordDamaged { .. }) = &error {
            let note = || -> Result<(), SyncError> {
                let mut change = self.vault.begin()?;
                if let Some(mut stored) = self.stored(id)? {
                    stored.damaged = true;
                    write_json(&mut change, &compartment(id), APP, &stored)?;
                    change.commit()?;
                }
                Ok(())
            };
            // The damage itself is what the person must hear of; a sync finds it again without the note.
            drop(note());
        }
        error
    }
}

/// The last part of an address names the file where nothing else does.
fn file_name(source: &Source) -> Option<String> {
    let of_address = || {
        let url = reqwest::Url::parse(source.url.as_deref()?).ok()?;
        url.path_segments()?.next_back().filter(|name| !name.is_empty()).map(ToOwned::to_owned)
    };
    source.file_name.clone().or_else(of_address)
}

fn damaged(id: AppId) -> LocalApp {
    LocalApp {
        id,
        name: id.to_string(),
        description: String::new(),
        version: 0,
        role: Role::Unknown,
        status: AppStatus::Incomplete,
        lease_until_ms: None,
        synced_ms: 0,
        notice: None,
        sources: Vec::new(),
    }
}

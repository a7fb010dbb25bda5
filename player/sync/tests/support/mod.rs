//! What the tests of the sync share: a portal, a device with a vault, a clock.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod portal;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use playsheet_sync::{Account, AppStatus, AppStore, Cancel, Clock, PortalClient, SyncError, SyncReport};
use portal::{EMAIL, PASSWORD, Portal, START_MS};
use portal_api::{AppId, DeviceDescription};
use vault::{MemoryStore, Vault};

/// A clock that stands still until it is told otherwise.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_MS)))
    }

    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A computer with a vault, and the portal that it talks to.
pub struct Device {
    pub portal: Portal,
    pub clock: HandClock,
    pub secrets: Arc<MemoryStore>,
    folder: tempfile::TempDir,
}

impl Device {
    pub fn new() -> Self {
        Self {
            portal: Portal::start(),
            clock: HandClock::new(),
            secrets: Arc::new(MemoryStore::new()),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A device whose person is signed in.
    pub fn signed_in() -> Self {
        let device = Self::new();
        device.sign_in(PASSWORD).unwrap();
        device.portal.take_log();
        device
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The vault, opened anew, as by another process.
    pub fn vault(&self) -> Arc<Vault> {
        Arc::new(Vault::open_or_create(&self.dir(), self.secrets.clone()).unwrap())
    }

    pub fn sign_in(&self, password: &str) -> Result<Account, SyncError> {
        self.sign_in_as(EMAIL, password)
    }

    pub fn sign_in_as(&self, email: &str, password: &str) -> Result<Account, SyncError> {
        let client = PortalClient::new(&self.portal.url())?;
        let device = DeviceDescription { name: "Test".into(), platform: "player/test".into() };
        let clock = Arc::new(self.clock.clone());
        Account::sign_in(self.vault(), clock, client, (email, password), device, &Cancel::new())
    }

    pub fn account(&self) -> Account {
        Account::load(self.vault(), Arc::new(self.clock.clone())).unwrap().unwrap()
    }

    pub fn sync(&self) -> Result<SyncReport, SyncError> {
        self.account().sync(None, &Cancel::new(), &mut |_| {})
    }

    /// A sync in which nothing fails.
    pub fn good_sync(&self) -> SyncReport {
        let report = self.sync().unwrap();
        assert!(report.failed.is_empty(), "{:?}", report.failed);
        report
    }

    /// A sync in which exactly one app fails.
    pub fn failing_sync(&self) -> SyncError {
        let mut report = self.sync().unwrap();
        assert_eq!(report.failed.len(), 1, "{:?}", report.failed);
        report.failed.remove(0).error
    }

    pub fn apps(&self) -> AppStore {
        AppStore::new(self.vault(), Arc::new(self.clock.clone()))
    }

    /// The first spreadsheet of an app, opened.
    pub fn open(&self, id: AppId) -> Result<Vec<u8>, SyncError> {
        self.apps().open(id).map(|app| app.spreadsheets[0].bytes.to_vec())
    }

    pub fn definition(&self, id: AppId) -> String {
        String::from_utf8(self.apps().open(id).unwrap().definition.to_vec()).unwrap()
    }

    pub fn status(&self, id: AppId) -> Option<AppStatus> {
        self.apps().list().unwrap().into_iter().find(|app| app.id == id).map(|app| app.status)
    }

    /// Lets time pass, here and at the portal.
    pub fn pass(&self, ms: i64) {
        let mut world = self.portal.world();
        world.now_ms += ms;
        self.clock.set(world.now_ms);
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Copies a folder with all below it.
pub fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(path, target).unwrap();
    }
}

/// Bytes that stand for a spreadsheet, of this length, different for each seed.
pub fn sheet(seed: u8, length: usize) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend((0..length.saturating_sub(4)).map(|place| seed ^ (place % 251) as u8));
    bytes.truncate(length);
    bytes
}

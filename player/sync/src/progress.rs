//! How far a sync is, and how to stop it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use portal_api::AppId;

use crate::SyncError;

/// How often a waiting call looks at its flag.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A flag that stops a call from another thread. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A flag that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops whatever looks at this flag.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the flag is set.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An error once the flag is set.
    pub(crate) fn check(&self) -> Result<(), SyncError> {
        if self.is_cancelled() { Err(SyncError::Cancelled) } else { Ok(()) }
    }

    /// Waits until the flag is set.
    pub(crate) async fn wait(&self) {
        while !self.is_cancelled() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Where a sync is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Asking the portal what there is.
    Asking,
    /// Bringing one app up to date.
    App {
        /// The app.
        id: AppId,
        /// Its name.
        name: String,
        /// Its number among those to be brought up to date, counted from 1.
        number: usize,
        /// How many are to be brought up to date.
        of: usize,
        /// What is being done.
        step: Step,
    },
}

/// What is being done for one app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Getting the definition.
    Definition,
    /// Getting a spreadsheet.
    Spreadsheet {
        /// Bytes so far.
        done: u64,
        /// Bytes in all, where that is known.
        of: Option<u64>,
    },
    /// The app is in the vault.
    Stored,
}

//! Talks to the portal and to the sources, and keeps what came back in the vault.
//!
//! - [`PortalClient`] speaks the portal's HTTP interface, one method a route.
//! - [`Account`] is the signed-in person: tokens in the vault, refreshed and rotated; [`Account::sync`] brings the
//!   vault up to date.
//! - [`AppStore`] is what the vault holds, with no network at all: it lists apps and opens them, while their leases
//!   last.
//!
//! Calls block and may take long; they belong on a worker thread. They report through a callback and stop soon
//! after their [`Cancel`] flag is set.
//!
//! Invariants: a sync that is interrupted anywhere leaves every app as it was before or brings it up to date as a
//! whole; a password or token goes to the one origin it belongs to and nowhere else; an app whose lease has ended,
//! or that was withdrawn, does not open, and its keys are destroyed.
//!
//! This room knows spreadsheets and definitions as bytes only.

mod account;
mod apps;
mod clock;
mod error;
mod http;
mod lease;
mod plan;
mod portal;
mod progress;
mod sealed;
mod shelf;
mod source;
mod sync;

pub use account::{Account, Standing};
pub use apps::{AppStatus, AppStore, LocalApp, LocalSource, OpenApp, OpenSpreadsheet};
pub use clock::{Clock, SystemClock};
pub use error::SyncError;
pub use portal::PortalClient;
pub use progress::{Cancel, Progress, Step};
pub use shelf::Ended;
pub use source::{HTTP_SOURCE_MAX, Origin};
pub use sync::{Failed, SyncReport};

/// The largest hosted spreadsheet that is taken, in bytes. An operator may allow uploads larger than the usual
/// 25 MiB; this bounds what a player keeps for one app all the same.
pub const HOSTED_SPREADSHEET_MAX: u64 = 100 * 1024 * 1024;

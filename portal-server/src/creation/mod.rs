//! Creation: the time between an upload and "publish". It lives in memory only.
//!
//! A creation is the upload's bytes, the proposal that the portal derived from them, and the list of edits; the
//! draft of the definition is those edits applied to the proposal. The live workbook is a rebuildable cache in a
//! process of its own ([`workers`]), so that a hostile file can at worst end that process. Invariants: no byte of an
//! upload, and nothing derived from it, reaches disk, log or database before it is published; what is forgotten is
//! overwritten; only the browser session that opened a creation sees it, everybody else is told that it is not there.

mod bench;
mod draft;
mod flow;
mod inspect;
mod secret;
mod session;
mod shelf;
mod worker;
mod workers;

pub use bench::{Act, Alternative, Base, Problem, Remark, Shown, Why};
pub use draft::{Draft, Edit, OutlineNode, OutlineRole, Wording};
pub use flow::{
    act, base, check_spreadsheet, create, definition, discard, edit, publish, show, try_open, undo,
};
pub use inspect::{CONTENT_WORDS, INPUT_WORDS, Inspected, inspect};
pub use secret::{Gathered, SecretBytes};
pub use session::{BrowserSession, forget_cookie, session_cookie};
pub use shelf::{Creation, HARD_LIFE_MS, IDLE_LIFE_MS, Shelf};
pub use worker::run as run_worker;
pub use workers::{Workbench, Workers};

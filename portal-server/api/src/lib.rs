//! What portal and player say to each other under `/api/v1`: request and response types, nothing else.
//!
//! Both sides compile this crate, so it knows serde and ids and no HTTP, no store, no clock. Its invariant is
//! compatibility in both directions: adding a field is allowed, because readers ignore fields that they do not
//! know, and every enum that a newer side may extend has an `Unknown` value that unknown words are read as.
//! Times are whole milliseconds since 1970-01-01T00:00Z and say so in their names; bytes are base64url without
//! padding. The feature `openapi` adds the schemas of the portal's OpenAPI document.

mod account;
mod app;
mod ids;
mod lease;
mod portal;
mod problem;
mod sharing;
mod sync;

pub use account::*;
pub use app::*;
pub use ids::*;
pub use lease::*;
pub use portal::*;
pub use problem::*;
pub use sharing::*;
pub use sync::*;

/// The path under which every route of this version of the interface stands.
pub const API_PREFIX: &str = "/api/v1";

/// The request header in which a player names its version (`1.4.0`), so that a portal can tell one that is too old.
pub const PLAYER_VERSION_HEADER: &str = "playsheet-player";

/// The media type of problem documents (RFC 9457).
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// The media type of app definitions.
pub const DEFINITION_MEDIA_TYPE: &str = "application/xml";

//! Keys, tokens, passwords, limits and headers. Nothing here knows routes or tables.

pub mod bytes;
pub mod headers;
pub mod keys;
pub mod leases;
pub mod limits;
pub mod passwords;
pub mod policy;
pub mod refresh;
pub mod tokens;

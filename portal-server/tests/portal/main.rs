//! The portal through its public interface: real requests to a real server, on SQLite and PostgreSQL.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod accounts;
mod audit;
mod bounds;
mod canary;
mod creation;
mod drafts;
#[cfg(unix)]
mod hostile;
mod mail;
mod pages;
mod program;
mod publishing;
mod sharing;
mod sources;
mod support;
mod surface;
mod syncing;

//! The interface `/api/v1`: handlers, what they read from requests, and what stands around them.
//!
//! A handler reads, asks a function of `accounts` or `apps`, and answers; it decides nothing.

pub mod accounts;
pub mod apps;
pub mod around;
pub mod creations;
pub mod extract;
pub mod language;
pub mod openapi;
pub mod portal;
pub mod sharing;

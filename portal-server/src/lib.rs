//! The Playsheet portal: accounts, distribution, sharing, mail, audit, behind one HTTP service.
//!
//! The program `playsheet-portal` and other programs that run the portal call [`run_command_line`]; tests and
//! embedders call [`build`]. From the outside in: `routes` is the table of the interface, `http` and `pages` read
//! requests and answer, `accounts` and `apps` say what happens, `access` decides who may, `store` holds the tables,
//! `security` the keys, tokens and limits, `sealing` the format of hosted spreadsheets.
//!
//! What it deliberately does not know: what an app definition means beyond [`DefinitionCheck`], and how to compute.

pub mod access;
pub mod accounts;
mod app;
pub mod apps;
pub mod backup;
mod cli;
mod clock;
mod config;
pub mod creation;
mod definitions;
pub mod domain;
mod files;
pub mod http;
pub mod mail;
mod objects;
pub mod pages;
mod portal;
mod refusal;
mod request;
pub mod routes;
pub mod sealing;
pub mod security;
pub mod store;

pub use app::{App, StartError, Surroundings, build, build_in};
pub use cli::run_command_line;
pub use clock::{Clock, DAY_MS, ForwardClock, MINUTE_MS, SECOND_MS, SystemClock};
pub use config::{
    Config, ConfigError, LeaseConfig, LimitsConfig, LinksConfig, MAX_LEASE_DAYS, MIN_ITERATIONS, MailConfig,
    MailTls, MailTransport, Overrides, PasswordConfig,
};
pub use creation::Workbench;
pub use definitions::{CheckedDefinition, DeclaredPlace, DeclaredSource, DefinitionCheck, VocabularyCheck};
pub use objects::Objects;
pub use portal::{Portal, Services};
pub use refusal::{Cause, Refusal};

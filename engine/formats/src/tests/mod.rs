//! Whole files: made here part by part or by another writer, never taken from anywhere.

mod bad_input;
mod binary_files;
mod by_hand;
mod mutations;
mod open_document;
mod oracle;
mod origin;
mod saving;
mod scenarios;
mod support;
mod tokens;
mod written;

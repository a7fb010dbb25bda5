//! Definitions from files: good ones, bad ones, and both against the XSD.
//!
//! `cases/good` holds definitions without errors. `cases/bad` holds one mistake or more each; a comment in the first line
//! says what the reader must report, and where, and whether the mistake is structural (the XSD refuses it too) or
//! semantic (the XSD accepts it). `cases/messages.txt` shows what people read; `UPDATE_CASES=1` writes it anew.

#[cfg(test)]
mod bad;
#[cfg(test)]
mod good;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod support;

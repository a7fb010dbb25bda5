//! Numbers, dates and text as a spreadsheet shows them, and as people type them.
//!
//! A format code is compiled once ([`Format::parse`]) and shows many values ([`Format::format`]); [`general`] is the
//! format of numbers that become text. [`parse_typed`] and [`parse_number`] go the other way: what a person typed,
//! and what text is worth in arithmetic. Everything that differs between countries is data in a [`Locale`].
//!
//! This room knows values and serial dates. It deliberately does not know cells, styles, files, fonts, the clock
//! (the year of a date without one is given to it) or the operating system's settings.

mod builtin;
mod code;
mod color;
mod digits;
mod error;
mod general;
mod kind;
mod locale;
mod numerals;
mod read;
mod render;

pub use builtin::{builtin, builtin_in};
pub use code::{Format, MAX_CODE_CHARS};
pub use color::Color;
pub use error::FormatError;
pub use general::{GENERAL_WIDTH, general, general_in, general_in_width};
pub use kind::{Class, Kind};
pub use locale::{CodeLetters, DateOrder, Locale};
pub use read::{Reading, Typed, parse_date, parse_number, parse_time, parse_typed};
pub use render::{Fill, Formatted, format_text};

//! Readers for spreadsheet files.

//! Defined names of the binary formats, whose formulas are tokens.

use super::{Context, formula_text};
use crate::names::RawName;
use crate::{LoadReport, NoteKind};
use values::Cell;

/// A defined name whose formula is still tokens.
pub(crate) struct TokenName {
    pub name: String,
    /// The sheet on which alone it is known.
    pub sheet: Option<u16>,
    pub hidden: bool,
    pub rgce: Vec<u8>,
    pub extra: Vec<u8>,
}

/// The names with the texts of their formulas. One that cannot be read is told and has none.
pub(crate) fn raw_names(names: &[TokenName], context: Context<'_>, report: &mut LoadReport) -> Vec<RawName> {
    let context = Context { in_name: true, ..context };
    let raw = names.iter().map(|name| {
        let text = match name.rgce.is_empty() {
            false => formula_text(&name.rgce, &name.extra, Cell::default(), context),
            true => Ok(String::new()),
        };
        let source = text.unwrap_or_else(|error| {
            let message = format!("The name {} cannot be read: {error}.", name.name);
            report.note(NoteKind::Formula, &name.name, message);
            String::new()
        });
        let (sheet, hidden) = (name.sheet, name.hidden);
        RawName { name: name.name.clone(), sheet, hidden, source, ..RawName::default() }
    });
    raw.collect()
}

//! Defined names of all formats.

use crate::sheet_names::SheetNames;
use crate::{LoadReport, NoteKind};
use formula::Mode;
use std::sync::Arc;
use values::{Cell, SheetId, Text};
use workbook::{DefinedName, NameScope, Workbook};

/// A name as a file has it.
#[derive(Debug, Default)]
pub(crate) struct RawName {
    pub name: String,
    /// The sheet on which alone it is known.
    pub sheet: Option<u16>,
    pub hidden: bool,
    /// The text of its formula; empty where the file has none.
    pub source: String,
    /// The cell that the relative parts of the text count from.
    pub base: Cell,
}

/// Adds the names to the workbook. A name whose text cannot be read gives `#NAME?` where it is used.
pub(crate) fn add(workbook: &mut Workbook, raw: &[RawName], sheets: &SheetNames, report: &mut LoadReport) {
    for name in raw {
        let parsed = formula::parse(&name.source, name.base, sheets, Mode::Workbook);
        if let Err(error) = &parsed
            && !name.source.is_empty()
        {
            let message = format!("The name {} cannot be read: {error}.", name.name);
            report.note(NoteKind::Formula, &name.name, message);
        }
        workbook.names.push(DefinedName {
            name: Text::from(name.name.as_str()),
            scope: name.sheet.map_or(NameScope::Workbook, |sheet| NameScope::Sheet(SheetId(sheet))),
            formula: parsed.ok().map(Arc::new),
            source: Text::from(name.source.as_str()),
            hidden: name.hidden,
        });
    }
}

/// The names that files of both binary formats have a number for. Source: [MS-XLS] 2.5.66.
pub(crate) fn built_in(number: u8) -> Option<&'static str> {
    const NAMES: [&str; 14] = [
        "Consolidate_Area",
        "Auto_Open",
        "Auto_Close",
        "Extract",
        "Database",
        "Criteria",
        "Print_Area",
        "Print_Titles",
        "Recorder",
        "Data_Form",
        "Auto_Activate",
        "Auto_Deactivate",
        "Sheet_Title",
        "_FilterDatabase",
    ];
    NAMES.get(usize::from(number)).copied()
}

//! Defined names.

use super::SheetNames;
use super::xml::Element;
use crate::{LoadReport, NoteKind};
use formula::Mode;
use std::sync::Arc;
use values::{Cell, SheetId, Text};
use workbook::{DefinedName, NameScope, Workbook};

/// A name as the workbook part has it.
pub(crate) struct RawName {
    name: String,
    sheet: Option<u16>,
    hidden: bool,
    pub source: String,
}

impl RawName {
    /// Reads the start tag; the text follows, and is put into `source`.
    pub fn start(element: &Element<'_>) -> RawName {
        RawName {
            name: element.attr("name").unwrap_or_default().into_owned(),
            sheet: element.number("localSheetId"),
            hidden: element.flag("hidden", false),
            source: String::new(),
        }
    }
}

/// Adds the names to the workbook. A name whose text cannot be read gives `#NAME?` where it is used.
pub(crate) fn add(workbook: &mut Workbook, raw: &[RawName], sheets: &SheetNames, report: &mut LoadReport) {
    for name in raw {
        let parsed = formula::parse(&name.source, Cell::default(), sheets, Mode::Workbook);
        if let Err(error) = &parsed {
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

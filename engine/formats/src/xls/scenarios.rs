//! The scenarios of a sheet. Source: [MS-XLS] 2.4.244 (Scenario) and 2.4.246 (ScenMan); for the results the Excel 97
//! Developer's Kit.

use crate::binary::{Bytes, cell, rect};
use crate::scenarios::value;
use values::Text;
use workbook::{Scenario, Scenarios};

/// The record of a scenario.
pub(super) const ONE: u16 = 0x00af;
/// The record that comes before all of them.
pub(super) const ALL: u16 = 0x00ae;

/// Reads what they have in common: the cells whose results a summary compared last.
pub(super) fn results(data: &mut Bytes<'_>, scenarios: &mut Scenarios) -> Option<()> {
    data.skip(6)?;
    for _ in 0..data.u16()? {
        let rows = [u32::from(data.u16()?), u32::from(data.u16()?)];
        let cols = [u32::from(data.u8()?), u32::from(data.u8()?)];
        scenarios.results.extend(rect(rows, cols));
    }
    Some(())
}

/// Reads a scenario.
pub(super) fn one(data: &mut Bytes<'_>) -> Option<Scenario> {
    let count = data.u16()?;
    let (locked, hidden) = (data.u8()? != 0, data.u8()? != 0);
    let (name, comment, _author) = (data.u8()?, data.u8()?, data.u8()?);
    let name = data.flagged(usize::from(name))?;
    let author = counted(data)?;
    let comment = if comment > 0 { counted(data)? } else { String::new() };
    let mut places = Vec::new();
    for _ in 0..count {
        places.push((u32::from(data.u16()?), u32::from(data.u16()?)));
    }
    let mut cells = Vec::new();
    for (row, col) in places {
        let text = Text::from(counted(data)?);
        // A cell that was deleted keeps its place in the list, and lies outside of the sheet.
        cells.extend(cell(row, col).filter(|_| col < 256).map(|cell| (cell, value(&text))));
    }
    let [name, comment, author] = [name, comment, author].map(Text::from);
    Some(Scenario { name, comment, author, hidden, locked, cells })
}

fn counted(data: &mut Bytes<'_>) -> Option<String> {
    let length = usize::from(data.u16()?);
    data.flagged(length)
}

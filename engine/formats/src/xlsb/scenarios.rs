//! The scenarios of a sheet. Source: [MS-XLSB] 2.4.198 (BrtBeginSct) and the records around it.

use super::sheet::area;
use crate::binary::{Bytes, cell};
use crate::scenarios::value;
use values::Text;
use workbook::{Scenario, Scenarios};

/// The record that begins all of them.
pub(super) const ALL: u16 = 500;
/// The record that begins one.
pub(super) const ONE: u16 = 502;
/// The record of a cell of the one that came before.
pub(super) const CELL: u16 = 504;

/// Takes one of the records.
pub(super) fn read(kind: u16, data: &mut Bytes<'_>, scenarios: &mut Scenarios) -> Option<()> {
    match kind {
        ALL => {
            data.skip(4)?;
            for _ in 0..data.u32()? {
                scenarios.results.push(area(data)?);
            }
        }
        ONE => scenarios.list.push(one(data)?),
        CELL => {
            let at = cell(data.u32()?, data.u32()?)?;
            data.skip(4 + 4 + 2)?;
            let value = value(&Text::from(data.wide_text()?));
            scenarios.list.last_mut()?.cells.push((at, value));
        }
        _ => {}
    }
    Some(())
}

fn one(data: &mut Bytes<'_>) -> Option<Scenario> {
    data.skip(2)?;
    let (locked, hidden) = (data.u32()? != 0, data.u32()? != 0);
    let [name, comment, author] =
        [data.nullable_text()?, data.nullable_text()?, data.nullable_text()?].map(Text::from);
    Some(Scenario { name, comment, author, hidden, locked, cells: Vec::new() })
}

//! What pivot tables remember of their data: the fields with their items. The records are not read.

use std::sync::Arc;
use values::{DateSystem, Text, Value};
use workbook::PivotItem;

/// The fields of a cache.
#[derive(Default)]
pub(crate) struct Cache {
    pub fields: Vec<Arc<CacheField>>,
}

/// A field of the data, or one that groups another.
#[derive(Default)]
pub(crate) struct CacheField {
    pub name: Text,
    pub caption: Option<Text>,
    /// What pivot tables choose from: the groups where it has some, or else the values.
    pub items: Vec<PivotItem>,
}

/// What dates are grouped by, where people give the numbers of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupBy {
    /// Counted from 0.
    PartOfDay,
    /// Counted from 1.
    PartOfYear,
    /// Years, or ranges of numbers: called by their names.
    Other,
}

impl GroupBy {
    /// By the number of the binary formats. Source: [MS-XLSB] 2.4.134 (BrtBeginPCDFGRange), [MS-XLS] 2.4.308 (SXRng).
    pub fn of_number(number: u8) -> GroupBy {
        match number {
            1..=3 => GroupBy::PartOfDay,
            4..=6 => GroupBy::PartOfYear,
            _ => GroupBy::Other,
        }
    }
}

impl CacheField {
    /// Adds a value or group.
    pub fn push(&mut self, value: Value, caption: Option<Text>) {
        self.items.push(PivotItem { caption, value, part: None });
    }

    /// Puts groups in the place of the values.
    pub fn group(&mut self) {
        self.items.clear();
    }

    /// Numbers the groups. The first one is all that is before, so that the second has the first number.
    pub fn number(&mut self, by: GroupBy) {
        let first = match by {
            GroupBy::PartOfDay => 0,
            GroupBy::PartOfYear => 1,
            GroupBy::Other => return,
        };
        for (number, item) in (first..).zip(self.items.iter_mut().skip(1)) {
            item.part = Some(number);
        }
    }
}

/// A date of the binary formats: year, month, day, hours, minutes, seconds. Source: [MS-XLSB] 2.5.101 (PCDIDateTime),
/// [MS-XLS] 2.4.287 (SXDtr).
pub(crate) fn date(data: &mut crate::binary::Bytes<'_>, system: DateSystem) -> Option<Value> {
    let (year, month, day) = (data.u16()?, data.u16()?, data.u8()?);
    let (hours, minutes, seconds) = (data.u8()?, data.u8()?, data.u8()?);
    let serial = system.serial(i64::from(year), i64::from(month), i64::from(day))? as f64;
    let time = f64::from(hours) * 3_600.0 + f64::from(minutes) * 60.0 + f64::from(seconds);
    Some(Value::Number(serial + time / 86_400.0))
}

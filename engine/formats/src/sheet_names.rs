//! The sheets by name, while the workbook does not exist yet: formulas name sheets that come later.

use formula::Sheets;
use std::collections::HashMap;
use values::{SheetId, Text, fold_case};

/// Names of sheets in tab order. Where two are equal without case, the first one is meant.
#[derive(Default)]
pub(crate) struct SheetNames {
    names: Vec<Text>,
    ids: HashMap<String, SheetId>,
}

impl SheetNames {
    /// Adds the next sheet.
    pub fn push(&mut self, name: &str) {
        let id = SheetId(self.names.len() as u16);
        self.ids.entry(fold_case(name)).or_insert(id);
        self.names.push(Text::from(name));
    }

    /// The name of the sheet at a place in tab order.
    pub fn get(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(Text::as_str)
    }
}

impl Sheets for SheetNames {
    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        self.ids.get(&fold_case(name)).copied()
    }
    fn sheet_name(&self, id: SheetId) -> Option<&str> {
        self.get(usize::from(id.0))
    }
}

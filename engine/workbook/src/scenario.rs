//! Scenarios: named sets of values for some input cells of a sheet, one of which a person shows at a time.
//!
//! They are data like notes: rows and columns that come or go take their cells along, and nothing is calculated here.

use values::{Cell, Rect, Text, Value};

/// Values for some cells of one sheet, under a name.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// What a person calls it.
    pub name: Text,
    /// What is said about it.
    pub comment: Text,
    /// Who made it.
    pub author: Text,
    /// Whether it is left out of lists while the sheet is protected.
    pub hidden: bool,
    /// Whether it cannot be changed while the sheet is protected.
    pub locked: bool,
    /// The changing cells with what each is to hold.
    pub cells: Vec<(Cell, Value)>,
}

/// The scenarios of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Scenarios {
    /// In the order of the file.
    pub list: Vec<Scenario>,
    /// The cells whose results a summary compared last.
    pub results: Vec<Rect>,
}

impl Scenarios {
    /// A scenario by its name, case aside.
    pub fn named(&self, name: &str) -> Option<&Scenario> {
        self.list.iter().find(|scenario| values::equal_text(&scenario.name, name))
    }

    /// Lets cells follow a change of places; those that went away are left out, and scenarios that lost all of theirs.
    pub(crate) fn follow(&mut self, cell: impl Fn(Cell) -> Option<Cell>) {
        self.list.retain_mut(|scenario| {
            let before = scenario.cells.len();
            scenario.cells.retain_mut(|(at, _)| cell(*at).map(|now| *at = now).is_some());
            before == 0 || !scenario.cells.is_empty()
        });
    }

    /// Lets the result cells follow a change of places.
    pub(crate) fn follow_results(&mut self, area: impl Fn(Rect) -> Option<Rect>) {
        self.results.retain_mut(|rect| area(*rect).map(|now| *rect = now).is_some());
    }
}

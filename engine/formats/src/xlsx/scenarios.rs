//! The scenarios of a sheet. Source: ECMA-376 part 1, 18.3.1.76 (`scenarios`), 18.3.1.75 (`scenario`) and 18.3.1.51
//! (`inputCells`).

use super::validation::areas;
use crate::scenarios::value;
use crate::xml::Element;
use workbook::{Scenario, Scenarios};

/// Takes one of the elements; those inside belong to the one that came before.
pub(super) fn read(element: &Element<'_>, scenarios: &mut Scenarios) {
    let text = |name: &str| element.text(name).unwrap_or_default();
    match element.name() {
        "scenarios" => scenarios.results = areas(&text("sqref")),
        "scenario" => scenarios.list.push(Scenario {
            name: text("name"),
            comment: text("comment"),
            author: text("user"),
            hidden: element.flag("hidden", false),
            locked: element.flag("locked", false),
            cells: Vec::new(),
        }),
        // A cell that was deleted keeps its place in the list, and means nothing.
        "inputCells" if !element.flag("deleted", false) => {
            let cell = element.attr("r").and_then(|cell| cell.parse().ok());
            if let (Some(cell), Some(scenario)) = (cell, scenarios.list.last_mut()) {
                scenario.cells.push((cell, value(&text("val"))));
            }
        }
        _ => {}
    }
}

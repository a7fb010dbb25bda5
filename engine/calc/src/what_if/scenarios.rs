//! Scenarios: showing one, and comparing what follows from each.

use super::{Draw, Place, Progress, Trial, areas};
use crate::recalc::Ended;
use crate::session::Session;
use functions::Environment;
use values::{SheetId, Text, Value};
use workbook::{Content, Edit, Scenario};

/// A summary of scenarios: what changes and what follows, a column for each.
#[derive(Clone, Debug)]
pub struct ScenarioSummary {
    /// The cells that some scenario changes, in the order in which they are named first.
    pub changing: Vec<Place>,
    /// The values as they are, then one column for each scenario that was calculated.
    pub columns: Vec<ScenarioColumn>,
    /// Whether the work came to its end; otherwise the last columns are missing.
    pub ended: Ended,
}

/// One column of a summary.
#[derive(Clone, Debug)]
pub struct ScenarioColumn {
    /// The scenario's name; none for the values as they are.
    pub name: Option<Text>,
    /// The values of the changing cells, and whether this scenario sets them.
    pub changing: Vec<(Value, bool)>,
    /// The values of the result cells.
    pub results: Vec<Value>,
}

/// The change of the workbook that shows a scenario of a sheet: one step to undo.
pub fn scenario_edit(sheet: SheetId, scenario: &Scenario) -> Edit {
    let content = |value: &Value| match value {
        Value::Empty => Content::Empty,
        value => Content::Value(value.clone()),
    };
    let cells = scenario.cells.iter().map(|(cell, value)| (*cell, content(value)));
    Edit::Set { sheet, cells: cells.collect() }
}

impl Session {
    /// Sets the inputs of a scenario over the workbook. Calculate afterwards.
    pub fn show_scenario(&mut self, sheet: SheetId, scenario: &Scenario) {
        for (cell, value) in &scenario.cells {
            self.set(sheet, *cell, value.clone());
        }
    }

    /// What result cells show for each of some scenarios, beside what they show as it is. The session stays as it is.
    pub fn compare_scenarios(
        &self,
        scenarios: &[(SheetId, &Scenario)],
        results: &[Place],
        environment: &Environment,
        progress: &mut dyn FnMut(Progress),
    ) -> ScenarioSummary {
        let mut changing: Vec<Place> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for (sheet, scenario) in scenarios {
            let cells = scenario.cells.iter().map(|(cell, _)| (*sheet, *cell));
            changing.extend(cells.filter(|place| known.insert(*place)));
        }
        let areas = areas(&[changing.as_slice(), results].concat());
        let mut trial = Trial::new(self, environment);
        // The same random numbers in all columns: what differs follows from the scenarios.
        trial.session.revision += 1;
        let mut columns = Vec::new();
        let of = scenarios.len() as u64 + 1;
        let all = std::iter::once(None).chain(scenarios.iter().map(Some));
        for (done, scenario) in (1..).zip(all) {
            let set: Vec<(Place, &Value)> = scenario.map_or_else(Vec::new, |(sheet, scenario)| {
                scenario.cells.iter().map(|(cell, value)| ((*sheet, *cell), value)).collect()
            });
            let before: Vec<_> =
                set.iter().map(|(place, value)| (*place, trial.put(*place, (*value).clone()))).collect();
            trial.bring_up(&areas, Draw::TheSame);
            if trial.ended != Ended::Done {
                break;
            }
            let is_set = |place: &Place| set.iter().any(|(set, _)| set == place);
            columns.push(ScenarioColumn {
                name: scenario.map(|(_, scenario)| scenario.name.clone()),
                changing: changing.iter().map(|place| (trial.value(*place).clone(), is_set(place))).collect(),
                results: results.iter().map(|place| trial.value(*place).clone()).collect(),
            });
            for (place, before) in before.into_iter().rev() {
                trial.put_back(place, before);
            }
            progress(Progress { done, of });
        }
        ScenarioSummary { changing, columns, ended: trial.ended }
    }
}

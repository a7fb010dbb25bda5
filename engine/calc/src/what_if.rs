//! What if: values are tried in input cells, and what follows from them is told.
//!
//! All of it works on a copy of a session that shares its cells, so the session itself stays as it is; each try costs
//! what depends on the input. Goal seek looks for the value that makes a formula reach a target, a what-if table tries
//! lists of values in one or two inputs, a summary compares scenarios. What a person accepts becomes an edit of the
//! workbook, which can be undone like any other. The budget of the environment holds for all tries together.

mod root;
mod scenarios;
mod seek;
mod table;

pub use scenarios::{ScenarioColumn, ScenarioSummary, scenario_edit};
pub use seek::{Goal, SeekError, SeekLimits, SeekOutcome, Sought};
pub use table::{Variation, WhatIf, WhatIfError, WhatIfTable};

use crate::recalc::{Ended, Wanted};
use crate::session::Session;
use functions::Environment;
use values::{Area, Cell, SheetId, Value};

/// How far something is that takes many calculations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Calculations done.
    pub done: u64,
    /// How many there are, or at most are.
    pub of: u64,
}

/// Where a cell is.
pub(crate) type Place = (SheetId, Cell);

/// Whether volatile functions draw new random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Draw {
    /// As pressing F9 does.
    Anew,
    /// What changes follows from the tried value alone.
    TheSame,
}

/// A copy of a session for trying values, with what is left of the budget.
pub(crate) struct Trial {
    pub session: Session,
    pub ended: Ended,
    environment: Environment,
}

impl Trial {
    pub fn new(session: &Session, environment: &Environment) -> Trial {
        Trial { session: session.clone(), ended: Ended::Done, environment: environment.clone() }
    }

    /// Units of work that are left.
    pub fn units(&self) -> u64 {
        self.environment.budget
    }

    /// Brings cells up to date, unless the work has ended.
    pub fn bring_up(&mut self, areas: &[Area], draw: Draw) {
        if self.ended != Ended::Done {
            return;
        }
        let wanted = Wanted::Areas(areas);
        let report = match draw {
            Draw::Anew => self.session.recalculate(&self.environment, wanted),
            Draw::TheSame => self.session.recalculate_again(&self.environment, wanted),
        };
        self.environment.budget = self.environment.budget.saturating_sub(report.units);
        self.ended = report.ended;
    }

    /// Sets a cell; gives what undoes it.
    pub fn put(&mut self, (sheet, cell): Place, value: Value) -> Option<Value> {
        let before = self.session.input(sheet, cell).cloned();
        self.session.set(sheet, cell, value);
        before
    }

    /// Takes back what [`Trial::put`] did.
    pub fn put_back(&mut self, (sheet, cell): Place, before: Option<Value>) {
        match before {
            Some(value) => self.session.set(sheet, cell, value),
            None => self.session.reset(sheet, cell),
        }
    }

    pub fn value(&self, (sheet, cell): Place) -> &Value {
        self.session.value(sheet, cell)
    }
}

/// Places as areas of one cell.
pub(crate) fn areas(places: &[Place]) -> Vec<Area> {
    places.iter().map(|(sheet, cell)| Area::cell(*sheet, *cell)).collect()
}

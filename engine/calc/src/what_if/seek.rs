//! Goal seek: the value of one input that makes a formula reach a target.

use super::root::{Halt, Search, Tried};
use super::{Draw, Place, Progress, Trial};
use crate::recalc::Ended;
use crate::session::Session;
use crate::trace::Origin;
use functions::Environment;
use thiserror::Error;
use values::{Area, Cell, SheetId, Value};
use workbook::{Content, Edit, Workbook};

/// A difference that is so small beside the target is none.
const LEAST_RELATIVE: f64 = 1e-12;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// The cell whose formula is to reach the target.
    pub formula: (SheetId, Cell),
    /// The number that it is to show.
    pub target: f64,
    /// The cell that may change: a number, or empty. The search starts from what it holds.
    pub input: (SheetId, Cell),
}

impl Goal {
    /// The change of the workbook that puts a value found into the input.
    pub fn edit(&self, value: f64) -> Edit {
        let (sheet, cell) = self.input;
        Edit::Set { sheet, cells: vec![(cell, Content::Value(Value::Number(value)))] }
    }
}

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeekLimits {
    /// Values that are tried at most.
    pub tries: u32,
    /// How far from the target a result may be. The search ends closer to it where that costs little.
    pub tolerance: f64,
}

impl SeekLimits {
    /// The limits that go with a workbook's settings for iteration: 100 rounds and a change of 0.001 unless it says
    /// otherwise. A round of a search takes up to four calculations, for a slope and for looking on both sides; a
    /// workbook that iterates its circular references only once or twice means nothing by that for a search.
    pub fn of(workbook: &Workbook) -> SeekLimits {
        let usual = workbook::Iteration::default();
        let rounds = workbook.search.count.clamp(usual.count, 32_767);
        let delta = workbook.search.delta;
        let tolerance = if delta.is_finite() && delta >= 0.0 { delta } else { usual.delta };
        SeekLimits { tries: 4 * rounds, tolerance }
    }
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekOutcome {
    /// The result is as near to the target as was asked for.
    Found,
    /// No value was found that reaches the target; the best one is told.
    NotFound,
    /// It was cancelled; the best value so far is told.
    Cancelled,
    /// The budget was used up; the best value so far is told.
    OutOfBudget,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sought {
    /// How it ended.
    pub outcome: SeekOutcome,
    /// The best value for the input.
    pub value: f64,
    /// What the formula gives for it.
    pub result: f64,
    /// The result less the target.
    pub difference: f64,
    /// How many values were tried.
    pub tries: u32,
}

/// Why there is nothing to search for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SeekError {
    /// One of the cells is on no sheet of the workbook.
    #[error("The workbook has no such cell.")]
    NoCell,
    /// The target is no finite number.
    #[error("The target is no number. Give the number that the formula is to reach.")]
    NoTarget,
    /// The result cell is not computed.
    #[error("{0} holds no formula, so nothing can make it reach a target. Choose a cell with a formula.")]
    NoFormula(String),
    /// The input cell is computed.
    #[error("{0} is computed by a formula. Choose an input cell that holds a number or is empty.")]
    InputIsFormula(String),
    /// The input cell holds something that is no number.
    #[error("{0} does not hold a number. Choose an input cell that holds a number or is empty.")]
    InputIsNoNumber(String),
    /// Whatever was tried, the result is an error or a text.
    #[error("{0} shows {1} instead of a number, whatever stands in {2}.")]
    NoNumber(String, String, String),
    /// Whatever was tried, the result is the same.
    #[error("{1} has no influence on {0}: its result stays the same whatever is tried.")]
    NoInfluence(String, String),
    /// It was cancelled, or ran out of budget, before a first result was known.
    #[error("The search ended before a first result was known.")]
    Ended(Ended),
}

impl Session {
    /// Looks for the value of an input that makes a formula reach a target. The session stays as it is:
    /// [`Goal::edit`] makes the edit that accepts what was found. Each try costs what depends on the input; random
    /// numbers stay the same throughout.
    ///
    /// # Errors
    /// Where there is nothing to search for.
    pub fn seek(
        &self,
        goal: &Goal,
        limits: SeekLimits,
        environment: &Environment,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Sought, SeekError> {
        let start = self.check_goal(goal)?;
        let mut seeking = Seeking::new(self, goal, limits, environment);
        seeking.look();
        let first = seeking.trial.value(goal.formula).clone();
        if seeking.trial.ended != Ended::Done {
            return Err(SeekError::Ended(seeking.trial.ended));
        }
        let scale = match first {
            Value::Number(result) => result.abs().max(goal.target.abs()),
            _ => goal.target.abs(),
        };
        let mut ask = |x: f64| seeking.ask(x, progress);
        // Between two neighbouring numbers a large target may not be met any better.
        let tolerance = limits.tolerance.max(goal.target.abs() * LEAST_RELATIVE);
        let mut search = Search::new(limits.tries.max(1), tolerance, &mut ask);
        let halt = search.run(start, scale);
        let (best, is_flat) = (search.best, search.is_flat());
        let address = |(sheet, cell): Place| self.model.workbook().address(Area::cell(sheet, cell));
        let Some(best) = best else {
            return Err(match seeking.trial.ended {
                Ended::Done => SeekError::NoNumber(address(goal.formula), shown(&first), address(goal.input)),
                ended => SeekError::Ended(ended),
            });
        };
        let outcome = match (halt, seeking.trial.ended) {
            (_, Ended::Cancelled) => SeekOutcome::Cancelled,
            (_, Ended::OutOfBudget) => SeekOutcome::OutOfBudget,
            (Some(Halt::Found), _) => SeekOutcome::Found,
            _ if is_flat && seeking.tries > 2 => {
                return Err(SeekError::NoInfluence(address(goal.formula), address(goal.input)));
            }
            _ => SeekOutcome::NotFound,
        };
        // The difference as it was measured: adding the target again would round it.
        let result = seeking.result_at(best.x).unwrap_or(best.y + goal.target);
        Ok(Sought { outcome, value: best.x, result, difference: best.y, tries: seeking.tries })
    }

    /// Whether the cells can be what they are to be; gives what the input holds.
    fn check_goal(&self, goal: &Goal) -> Result<f64, SeekError> {
        let workbook = self.model.workbook();
        let address = |(sheet, cell): Place| workbook.address(Area::cell(sheet, cell));
        let is_there = |(sheet, cell): Place| workbook.sheet(sheet).is_some() && cell.moved(0, 0).is_some();
        if !is_there(goal.formula) || !is_there(goal.input) {
            return Err(SeekError::NoCell);
        }
        if !goal.target.is_finite() {
            return Err(SeekError::NoTarget);
        }
        let origin = |(sheet, cell): Place| self.origin(sheet, cell);
        if !origin(goal.formula).is_computed() {
            return Err(SeekError::NoFormula(address(goal.formula)));
        }
        if let Origin::Formula | Origin::Spilled { .. } | Origin::DataTable = origin(goal.input) {
            return Err(SeekError::InputIsFormula(address(goal.input)));
        }
        match self.value(goal.input.0, goal.input.1) {
            Value::Number(number) => Ok(*number),
            Value::Empty => Ok(0.0),
            _ => Err(SeekError::InputIsNoNumber(address(goal.input))),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Error(error) => error.as_str().to_owned(),
        Value::Bool(value) => value.to_string().to_uppercase(),
        Value::Text(_) => "text".to_owned(),
        _ => "nothing".to_owned(),
    }
}

/// A search in progress: tries values and remembers the results.
struct Seeking<'a> {
    trial: Trial,
    goal: &'a Goal,
    tries: u32,
    most: u32,
    /// The place and the result of the tries, in order.
    results: Vec<(f64, f64)>,
}

impl<'a> Seeking<'a> {
    fn new(session: &Session, goal: &'a Goal, limits: SeekLimits, environment: &Environment) -> Seeking<'a> {
        let mut trial = Trial::new(session, environment);
        // One draw of random numbers, which then stays for all tries.
        trial.session.revision += 1;
        Seeking { trial, goal, tries: 0, most: limits.tries, results: Vec::new() }
    }

    /// Brings the formula up to date.
    fn look(&mut self) {
        let (sheet, cell) = self.goal.formula;
        self.trial.bring_up(&[Area::cell(sheet, cell)], Draw::TheSame);
    }

    fn ask(&mut self, x: f64, progress: &mut dyn FnMut(Progress)) -> Tried {
        self.tries += 1;
        self.trial.put(self.goal.input, Value::Number(x));
        self.look();
        if self.trial.ended != Ended::Done {
            return Tried::Stop;
        }
        progress(Progress { done: u64::from(self.tries), of: u64::from(self.most) });
        match self.trial.value(self.goal.formula) {
            Value::Number(result) => {
                self.results.push((x, *result));
                Tried::Number(result - self.goal.target)
            }
            _ => Tried::Nothing,
        }
    }

    fn result_at(&self, x: f64) -> Option<f64> {
        self.results.iter().find(|(at, _)| *at == x).map(|(_, result)| *result)
    }
}

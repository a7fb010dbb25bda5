//! Dependency graph and recalculation.
//!
//! A [`Model`] is the graph of a workbook, built once and shared. A [`Session`] is somebody's state on it:
//! inputs over the workbook's own cells, the values that follow from them, and what is out of date. An edit
//! marks what may change, by arithmetic on families of formulas; [`Session::recalculate`] then brings up what
//! is wanted, in the order in which formulas ask for it, and stops where a value did not change. An [`Editor`] changes
//! the workbook itself under a session, with a way back.
//!
//! This room knows nothing of files, number formats on screen or app definitions.

mod ask;
mod bands;
mod chunks;
mod context;
mod control;
mod cycles;
mod data_table;
mod edit;
mod evaluate;
mod index;
mod lanes;
mod matter;
mod model;
mod operators;
mod pivot;
mod precedent;
mod program;
mod recalc;
mod rtree;
mod scan;
mod session;
mod spread;
mod spreads;
mod state;
mod together;
mod trace;
mod what_if;
mod windows;

pub use ask::{Given, Reader};
pub use edit::{Editor, Note};
pub use model::Model;
pub use recalc::{Ended, Report, Wanted};
pub use session::Session;
pub use trace::{
    Caption, Cut, Dependents, ErrorSource, Explanation, Origin, Part, PartKind, Step, Summary, TraceLimits,
    Traced,
};
pub use what_if::{
    Goal, Progress, ScenarioColumn, ScenarioSummary, SeekError, SeekLimits, SeekOutcome, Sought, Variation,
    WhatIf, WhatIfError, WhatIfTable, scenario_edit,
};

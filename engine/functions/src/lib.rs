//! The function library: every worksheet function as a declaration beside a small function.
//!
//! A [`Function`] says what its arguments are; the caller ([`call`]) does arity, coercion, error propagation,
//! implicit intersection and lifting over arrays once, for all of them. A function body sees clean arguments
//! and a [`Context`] for what lies outside of them (cells, clock, locale). No function knows the graph, the
//! workbook's model or the operating system.

mod args;
mod call;
mod coerce;
mod context;
mod criteria;
mod declaration;
mod environment;
mod matching;
mod numbers;
mod registry;
mod view;

mod database;
mod date;
mod engineering;
mod financial;
mod information;
mod logical;
mod lookup;
mod math;
mod outside;
mod statistical;
mod text;
mod web;

pub mod numeric;

pub use args::Args;
pub use call::{Mode, call, call_prepared, intersect, lift_binary, lift_unary, materialise, takes_numbers};
pub use coerce::{to_bool, to_number, to_text};
pub use context::{Context, LambdaKind};
pub use criteria::{Criterion, Wildcard};
pub use declaration::{Body, Control, Function, Kind, Param};
pub use environment::{CharacterSet, Environment, Pool};
pub use matching::{MatchingRows, RowGroup};
pub use numbers::{GroupNumbers, Lent, NumberColumn};
pub use registry::{all, find, pivot_description};
pub use view::{Cells, NoCells, View};

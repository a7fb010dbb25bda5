//! Data validation: what a person may type into a cell, and what is said when it is something else.

use formula::Formula;
use std::sync::Arc;
use values::{Cell, Rect, Text};

/// A rule for the cells of some rectangles.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The cells.
    pub areas: Vec<Rect>,
    /// What is asked.
    pub kind: ValidationKind,
    /// How the bounds are meant, for all kinds but lists and formulas.
    pub operator: ValidationOperator,
    /// The first bound, list or condition, relative to `host`.
    pub first: Option<Arc<Formula>>,
    /// The second bound, relative to `host`.
    pub second: Option<Arc<Formula>>,
    /// The cell that the formulas are written for: the top left of the first area.
    pub host: Cell,
    /// Whether an empty cell is fine.
    pub allow_blank: bool,
    /// Whether a list shows a drop-down (the file's flag means the opposite).
    pub dropdown: bool,
    /// What happens to other values.
    pub style: ValidationStyle,
    /// Title of the error message.
    pub error_title: Option<Text>,
    /// The error message.
    pub error: Option<Text>,
    /// Title of the hint.
    pub prompt_title: Option<Text>,
    /// The hint shown at the cell.
    pub prompt: Option<Text>,
}

/// What a validation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationKind {
    /// Anything; only the hint counts.
    Any,
    /// A whole number within bounds.
    Whole,
    /// A number within bounds.
    Decimal,
    /// One of a list.
    List,
    /// A date within bounds.
    Date,
    /// A time within bounds.
    Time,
    /// Text of a length within bounds.
    TextLength,
    /// A formula that must be true.
    Custom,
}

/// How a value is compared with the bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValidationOperator {
    /// From the first to the second.
    #[default]
    Between,
    /// Outside of them.
    NotBetween,
    /// Equal to the first.
    Equal,
    /// Not equal to the first.
    NotEqual,
    /// Greater than the first.
    Greater,
    /// Less than the first.
    Less,
    /// At least the first.
    GreaterEqual,
    /// At most the first.
    LessEqual,
}

/// What Excel does with a value that breaks the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValidationStyle {
    /// Refuses it.
    #[default]
    Stop,
    /// Asks.
    Warning,
    /// Says so.
    Information,
}

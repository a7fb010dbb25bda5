//! Logical functions: truth, choice, and the functions that take functions.

mod control;
mod higher;
mod truth;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[control::FUNCTIONS, higher::FUNCTIONS, truth::FUNCTIONS];

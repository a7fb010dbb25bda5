//! Database functions: reducers over the records of a list that meet a table of criteria.

mod reducers;
mod table;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[reducers::FUNCTIONS];

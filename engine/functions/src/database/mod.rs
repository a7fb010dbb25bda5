//! database functions.

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[];

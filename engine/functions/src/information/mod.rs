//! Information: what kind a value is, and what is known of cells and of the workbook.

mod cell;
mod kinds;
mod numberformat;
mod sheets;

use crate::Function;

pub(crate) use kinds::of_first_cell_or_each;
pub(crate) use sheets::each_cell;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[cell::FUNCTIONS, kinds::FUNCTIONS, sheets::FUNCTIONS];

//! Web functions that need no web: ENCODEURL and FILTERXML.

mod encode;
mod filterxml;
mod xml;
mod xpath;
mod xpath_eval;
mod xpath_functions;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[encode::FUNCTIONS, filterxml::FUNCTIONS];

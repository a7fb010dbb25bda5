//! Engineering functions.

mod bases;
mod bessel;
mod bits;
mod complex;
mod complex_functions;
mod convert;
mod errors;
mod units;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    bases::FUNCTIONS,
    bessel::FUNCTIONS,
    bits::FUNCTIONS,
    complex_functions::FUNCTIONS,
    convert::FUNCTIONS,
    errors::FUNCTIONS,
];

//! Math and trigonometry, with the legacy names beside the modern ones.

mod combinatorics;
mod conditional;
mod elementary;
mod matrix;
mod multiples;
mod numerals;
mod random;
mod rounding;
mod subtotal;
mod sums;
mod trigonometry;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    combinatorics::FUNCTIONS,
    conditional::FUNCTIONS,
    elementary::FUNCTIONS,
    matrix::FUNCTIONS,
    multiples::FUNCTIONS,
    numerals::FUNCTIONS,
    random::FUNCTIONS,
    rounding::FUNCTIONS,
    subtotal::FUNCTIONS,
    sums::FUNCTIONS,
    trigonometry::FUNCTIONS,
];

//! Statistical functions, with the legacy names beside the modern ones.

mod averages;
mod beta;
mod counts;
mod discrete;
mod ets;
mod extremes;
mod frequency;
mod gamma;
mod hypothesis;
mod normal;
mod pairs;
mod ranks;
mod regression;
mod smoothing;
mod spread;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    averages::FUNCTIONS,
    beta::FUNCTIONS,
    counts::FUNCTIONS,
    discrete::FUNCTIONS,
    ets::FUNCTIONS,
    extremes::FUNCTIONS,
    frequency::FUNCTIONS,
    gamma::FUNCTIONS,
    hypothesis::FUNCTIONS,
    normal::FUNCTIONS,
    pairs::FUNCTIONS,
    ranks::FUNCTIONS,
    regression::FUNCTIONS,
    spread::FUNCTIONS,
];

//! Financial functions.

mod amortisation;
mod annuity;
mod bonds;
mod cashflow;
mod coupons;
mod day_count;
mod depreciation;
mod discount;
mod odd;
mod rates;
mod treasury;
mod xirr;

use crate::Function;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[
    amortisation::FUNCTIONS,
    annuity::FUNCTIONS,
    bonds::FUNCTIONS,
    cashflow::FUNCTIONS,
    coupons::FUNCTIONS,
    depreciation::FUNCTIONS,
    discount::FUNCTIONS,
    odd::FUNCTIONS,
    rates::FUNCTIONS,
    treasury::FUNCTIONS,
    xirr::FUNCTIONS,
];

//! EUROCONVERT, which once came with an add-in: the currencies that became the euro, at their fixed rates.
//!
//! Rates: Council Regulations (EC) 2866/98, 1478/2000 and 1086/2006. Rounding: Microsoft's page on EUROCONVERT.

use crate::numeric::decimal::{self, Direction};
use crate::{Args, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::plain(
    "EUROCONVERT",
    &[
        Param::number("number"),
        Param::text("source"),
        Param::text("target"),
        Param::bool("full_precision").optional(),
        Param::number("triangulation_precision").optional(),
    ],
    euroconvert,
)];

/// ISO code, units for one euro, decimals that amounts are rounded to.
const RATES: [(&str, f64, i64); 14] = [
    ("ATS", 13.7603, 2),
    ("BEF", 40.3399, 0),
    ("DEM", 1.95583, 2),
    ("ESP", 166.386, 0),
    ("EUR", 1.0, 2),
    ("FIM", 5.94573, 2),
    ("FRF", 6.55957, 2),
    ("GRD", 340.75, 0),
    ("IEP", 0.787564, 2),
    ("ITL", 1936.27, 0),
    ("LUF", 40.3399, 0),
    ("NLG", 2.20371, 2),
    ("PTE", 200.482, 0),
    ("SIT", 239.64, 2),
];

fn rate(code: &str) -> Result<(f64, i64)> {
    RATES
        .iter()
        .find(|(name, ..)| name.eq_ignore_ascii_case(code))
        .map(|(_, rate, decimals)| (*rate, *decimals))
        .ok_or(CellError::Value)
}

/// An amount of one currency in another, by way of the euro.
fn euroconvert(args: &Args<'_>) -> Result<Value> {
    let (number, (source, _), (target, decimals)) =
        (args.number(0), rate(args.text(1))?, rate(args.text(2))?);
    if args.text(1).eq_ignore_ascii_case(args.text(2)) {
        return Ok(number.into());
    }
    let mut euros = number / source;
    if args.given(4) {
        // Digits of the amount in euros, at least three.
        let precision = args.integer(4);
        if precision < 3 {
            return Err(CellError::Value);
        }
        euros = decimal::round(euros, precision, Direction::Nearest);
    }
    let amount = euros * target;
    Ok(if args.bool(3) { amount } else { decimal::round(amount, decimals, Direction::Nearest) }.into())
}

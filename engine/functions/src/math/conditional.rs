//! Sums under conditions.

use crate::matching::Conditions;
use crate::{Args, Context, Function, Param};
use values::{Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context(
        "SUMIF",
        &[Param::reference("range"), Param::any("criteria"), Param::reference("sum_range").optional()],
        sumif,
    ),
    Function::context(
        "SUMIFS",
        &[Param::reference("sum_range"), Param::reference("criteria_range"), Param::any("criteria")],
        sumifs,
    )
    .repeating(2),
];

/// The sum of the numbers beside, or in, the cells that meet a criterion.
fn sumif(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let conditions = Conditions::new(args.from(0).get(..2).unwrap_or(&[]), context)?;
    let target = if args.given(2) { args.value(2) } else { args.value(0) };
    let mut sum = 0.0;
    conditions.for_each_number_from(target, &mut |number| sum += number)?;
    Ok(sum.into())
}

/// The sum of the numbers where all criteria are met.
fn sumifs(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let conditions = Conditions::new(args.from(1), context)?;
    let mut sum = 0.0;
    conditions.for_each_number(args.value(0), &mut |number| sum += number)?;
    Ok(sum.into())
}

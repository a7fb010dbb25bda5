//! CONVERT: from one unit of measurement to another.

use super::units::{BINARY, METRIC, Prefixes, Quantity, UNITS, Unit};
use crate::{Args, Context, Function, Param};
use values::{CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::context(
    "CONVERT",
    &[Param::strict_number("number"), Param::strict("from_unit"), Param::strict("to_unit")],
    convert,
)];

/// A unit with its prefix.
struct Scale {
    quantity: Quantity,
    size: f64,
    zero: f64,
}

fn named(name: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.names.contains(&name))
}

/// The units of a name, with and without a prefix; case counts. "pc" is a parsec, and a pico-calorie.
fn scales(name: &str) -> Vec<Scale> {
    let with = |unit: &Unit, factor: f64| Scale {
        quantity: unit.quantity,
        size: unit.size * factor,
        zero: unit.zero,
    };
    let plain = named(name).map(|unit| with(unit, 1.0));
    let binary = BINARY.iter().find_map(|(prefix, power)| {
        let unit = named(name.strip_prefix(prefix)?)?;
        (unit.prefixes == Prefixes::Both).then(|| with(unit, libm::pow(1_024.0, f64::from(*power))))
    });
    let metric = METRIC.iter().find_map(|(prefix, factor)| {
        let unit = named(name.strip_prefix(prefix)?)?;
        match unit.prefixes {
            Prefixes::None => None,
            Prefixes::Both => Some(with(unit, *factor)),
            Prefixes::Metric(power) => Some(with(unit, libm::pow(*factor, f64::from(power)))),
        }
    });
    plain.into_iter().chain(binary).chain(metric).collect()
}

fn units_of(args: &Args<'_>, index: usize, context: &dyn Context) -> Result<Vec<Scale>> {
    match args.value(index) {
        Value::Bool(_) => Err(CellError::Value),
        value => Ok(scales(&crate::to_text(value, context.environment().locale)?)),
    }
}

/// A number in another unit; `#N/A` where a unit is unknown or measures something else.
fn convert(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (froms, tos) = (units_of(args, 1, context)?, units_of(args, 2, context)?);
    let pair =
        froms.iter().find_map(|from| Some((from, tos.iter().find(|to| to.quantity == from.quantity)?)));
    let (from, to) = pair.ok_or(CellError::NA)?;
    let number = args.number(0);
    if from.quantity == Quantity::Temperature {
        return Ok(((number * from.size + from.zero - to.zero) / to.size).into());
    }
    Ok((number * from.size / to.size).into())
}

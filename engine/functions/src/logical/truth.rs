//! TRUE, FALSE and what is made of them.

use crate::{Args, Context, Function, Param};
use values::{Area, CellError, Result, Value};

const LOGICALS: &[Param] = &[Param::values("logical")];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("AND", LOGICALS, and).repeating(1),
    Function::plain("FALSE", &[], |_| Ok(false.into())),
    Function::plain("NOT", &[Param::bool("logical")], not),
    Function::context("OR", LOGICALS, or).repeating(1),
    Function::plain("TRUE", &[], |_| Ok(true.into())),
    Function::context("XOR", LOGICALS, xor).repeating(1),
];

/// Whether all are true.
fn and(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let truths = truths(args, context)?;
    Ok((truths.yes == truths.all).into())
}

/// Whether any is true.
fn or(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok((truths(args, context)?.yes > 0).into())
}

/// Whether an odd number of them is true.
fn xor(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    Ok((truths(args, context)?.yes % 2 == 1).into())
}

/// The opposite.
fn not(args: &Args<'_>) -> Result<Value> {
    Ok((!args.bool(0)).into())
}

/// How many truth values were met, and how many of them were true.
#[derive(Default)]
struct Truths {
    all: u64,
    yes: u64,
}

impl Truths {
    fn add(&mut self, truth: bool) {
        self.all += 1;
        self.yes += u64::from(truth);
    }

    /// Cells count where they hold a boolean or a number, not text.
    fn add_cell(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Bool(truth) => self.add(*truth),
            Value::Number(number) => self.add(*number != 0.0),
            Value::Error(error) => return Err(*error),
            _ => {}
        }
        Ok(())
    }

    fn add_area(&mut self, area: Area, context: &dyn Context) -> Result<()> {
        context.view(area)?.try_for_each(|_, _, value| self.add_cell(value))
    }

    /// Written text must say TRUE or FALSE, except for the empty one. Once a truth value was met, Excel passes over
    /// other text, as it does in cells.
    fn add_argument(&mut self, arg: &Value, context: &dyn Context) -> Result<()> {
        match arg {
            Value::Range(sheet, rect) => self.add_area(Area { sheet: *sheet, rect: *rect }, context),
            Value::Areas(areas) => areas.iter().try_for_each(|area| self.add_area(*area, context)),
            Value::Array(array) => array.iter().try_for_each(|value| self.add_cell(value)),
            Value::Text(text) if text.is_empty() => Ok(()),
            text @ Value::Text(_) => {
                match crate::coerce::to_bool(text, context.environment().locale) {
                    Ok(truth) => self.add(truth),
                    Err(_) if self.all > 0 => {}
                    Err(error) => return Err(error),
                }
                Ok(())
            }
            Value::Missing => {
                self.add(false);
                Ok(())
            }
            Value::Lambda(_) => Err(CellError::Value),
            scalar => self.add_cell(scalar),
        }
    }
}

/// All truth values of the arguments; `#VALUE!` where there is none.
fn truths(args: &Args<'_>, context: &dyn Context) -> Result<Truths> {
    let mut truths = Truths::default();
    for arg in args.from(0) {
        truths.add_argument(arg, context)?;
    }
    if truths.all == 0 { Err(CellError::Value) } else { Ok(truths) }
}

//! Joining and repeating text.

use super::{MAX_TEXT, units};
use crate::call::TEXT_PER_UNIT;
use crate::{Args, Context, Function, Param, View, to_text};
use values::{Area, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::context("CONCAT", &[Param::values("text")], concat).repeating(1),
    Function::plain("CONCATENATE", &[Param::text("text")], concatenate).repeating(1),
    Function::plain("REPT", &[Param::text("text"), Param::number("number_times")], rept),
    Function::context(
        "TEXTJOIN",
        &[Param::values("delimiter"), Param::bool("ignore_empty"), Param::values("text")],
        textjoin,
    )
    .repeating(1),
];

/// A text that grows up to the bound.
#[derive(Default)]
struct Joined {
    text: String,
    units: usize,
}

impl Joined {
    fn push(&mut self, part: &str) -> Result<()> {
        self.units += units::len(part);
        if self.units > MAX_TEXT {
            return Err(CellError::Value);
        }
        self.text.push_str(part);
        Ok(())
    }

    /// The text, if all parts found room. Calls charge for the texts that they give; what came to nothing is
    /// charged here.
    fn finish(self, pushed: Result<()>, context: &dyn Context) -> Result<Value> {
        if pushed.is_err() {
            context.spend((self.units / TEXT_PER_UNIT) as u64)?;
        }
        pushed.map(|()| self.text.into())
    }
}

/// All arguments one after the other.
fn concatenate(args: &Args<'_>) -> Result<Value> {
    let mut joined = Joined::default();
    for index in 0..args.len() {
        joined.push(args.text(index))?;
    }
    Ok(joined.text.into())
}

/// The texts of all arguments, ranges row by row.
fn concat(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let mut joined = Joined::default();
    let locale = context.environment().locale;
    let pushed = views(args.from(0), context)?
        .iter()
        .try_for_each(|view| view.try_for_each(|_, _, value| joined.push(&to_text(value, locale)?)));
    joined.finish(pushed, context)
}

/// What the arguments show, each area by itself.
fn views<'a>(args: &'a [Value], context: &'a dyn Context) -> Result<Vec<View<'a>>> {
    let mut views = Vec::new();
    for arg in args {
        match arg {
            Value::Areas(areas) => {
                for Area { sheet, rect } in areas.iter() {
                    views.push(context.view(Area { sheet: *sheet, rect: *rect })?);
                }
            }
            other => views.push(context.look(other)?),
        }
    }
    Ok(views)
}

/// A text again and again.
fn rept(args: &Args<'_>) -> Result<Value> {
    let text = args.text(0);
    let times = usize::try_from(args.integer(1)).map_err(|_| CellError::Value)?;
    if text.is_empty() {
        return Ok("".into());
    }
    if times.saturating_mul(units::len(text)) > MAX_TEXT {
        return Err(CellError::Value);
    }
    Ok(text.repeat(times).into())
}

/// The texts with a delimiter between them; several delimiters take turns.
fn textjoin(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let locale = context.environment().locale;
    let mut delimiters = Vec::new();
    for value in context.look(args.value(0))?.iter().take(MAX_TEXT) {
        delimiters.push(to_text(value, locale)?);
    }
    // Left out it is TRUE, unlike an empty cell.
    let ignore_empty = !args.given(1) || args.bool(1);
    let mut joined = Joined::default();
    let mut count = 0;
    let mut add = |text: &str| -> Result<()> {
        if ignore_empty && text.is_empty() {
            return Ok(());
        }
        if count > 0
            && let Some(delimiter) = delimiters.get((count - 1) % delimiters.len().max(1))
        {
            joined.push(delimiter)?;
        }
        count += 1;
        joined.push(text)
    };
    let mut add_all = |view: &View<'_>| -> Result<()> {
        if ignore_empty || delimiters.iter().all(|delimiter| delimiter.is_empty()) {
            return view.try_for_each(|_, _, value| add(&to_text(value, locale)?));
        }
        // Empty cells get delimiters too, which ends at the bound on texts before long.
        context.spend(view.count().min(MAX_TEXT as u64))?;
        view.iter().try_for_each(|value| add(&to_text(value, locale)?))
    };
    let pushed = views(args.from(2), context)?.iter().try_for_each(&mut add_all);
    joined.finish(pushed, context)
}

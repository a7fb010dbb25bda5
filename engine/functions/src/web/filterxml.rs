//! FILTERXML.

use super::xml::Document;
use super::xpath;
use super::xpath_eval::Evaluator;
use crate::{Args, Context, Function, Param};
use values::{Array, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function::context("FILTERXML", &[Param::text("xml"), Param::text("xpath")], filterxml).giving_array()];

/// The texts of the nodes that an XPath expression selects, one below the other; what reads as a number is one.
/// Faulty XML, a faulty expression and no node at all are `#VALUE!`.
fn filterxml(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    context.spend(args.text(0).len() as u64)?;
    let document = Document::parse(args.text(0)).ok_or(CellError::Value)?;
    let expression = xpath::parse(args.text(1)).ok_or(CellError::Value)?;
    let evaluator = Evaluator::new(&document);
    let nodes = evaluator.select(&expression).ok_or(CellError::Value)?;
    let reading = context.reading();
    let values: Vec<Value> = nodes
        .into_iter()
        .map(|node| {
            let text = document.text(node);
            let text = text.trim();
            numfmt::parse_number(text, &reading).map_or_else(|| text.into(), Value::from)
        })
        .collect();
    match values.as_slice() {
        [] => Err(CellError::Value),
        [only] => Ok(only.clone()),
        _ => Ok(Array::column(values)?.into()),
    }
}

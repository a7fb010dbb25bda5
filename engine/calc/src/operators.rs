//! Excel's operators on scalars.

use formula::{BinaryOp, UnaryOp};
use functions::{to_number, to_text};
use numfmt::Reading;
use std::cmp::Ordering;
use values::{CellError, Result, Text, Value, compare_numbers, compare_text};

/// Whether an operator makes references of references.
pub(crate) fn is_reference_operator(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Range | BinaryOp::Union | BinaryOp::Intersection)
}

/// Applies an infix operator to two scalars. `is_final` tells the last addition of a formula, where rounding
/// noise becomes 0.
pub(crate) fn binary(
    op: BinaryOp,
    left: &Value,
    right: &Value,
    is_final: bool,
    reading: &Reading<'_>,
) -> Value {
    match op {
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Power => {
            arithmetic(op, left, right, is_final, reading).into()
        }
        BinaryOp::Concat => concat(left, right, reading).into(),
        _ => match comparison(op) {
            Some(holds) => compare(left, right, holds),
            // Reference operators never come here: the evaluator has them.
            None => CellError::Value.into(),
        },
    }
}

/// The orders for which a comparison is true; `None` for other operators.
pub(crate) fn comparison(op: BinaryOp) -> Option<fn(Ordering) -> bool> {
    Some(match op {
        BinaryOp::Equal => |order| order == Ordering::Equal,
        BinaryOp::NotEqual => |order| order != Ordering::Equal,
        BinaryOp::Less => |order| order == Ordering::Less,
        BinaryOp::LessEqual => |order| order != Ordering::Greater,
        BinaryOp::Greater => |order| order == Ordering::Greater,
        BinaryOp::GreaterEqual => |order| order != Ordering::Less,
        _ => return None,
    })
}

fn arithmetic(
    op: BinaryOp,
    left: &Value,
    right: &Value,
    is_final: bool,
    reading: &Reading<'_>,
) -> Result<f64> {
    let (a, b) = match (left, right) {
        (Value::Number(a), Value::Number(b)) => (*a, *b),
        _ => (to_number(left, reading)?, to_number(right, reading)?),
    };
    let result = match op {
        BinaryOp::Add if is_final => values::add(a, b),
        BinaryOp::Add => a + b,
        BinaryOp::Subtract if is_final => values::subtract(a, b),
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide if b == 0.0 => return Err(CellError::Div0),
        BinaryOp::Divide => a / b,
        _ => return functions::numeric::power(a, b),
    };
    if result.is_finite() { Ok(result) } else { Err(CellError::Num) }
}

fn concat(left: &Value, right: &Value, reading: &Reading<'_>) -> Result<Value> {
    let (a, b) = (to_text(left, reading.locale)?, to_text(right, reading.locale)?);
    // Excel's bound on text; characters are counted only where bytes could pass it.
    let bytes = a.len() + b.len();
    if bytes > 32_767 && a.encode_utf16().count() + b.encode_utf16().count() > 32_767 {
        return Err(CellError::Value);
    }
    let mut joined = String::with_capacity(bytes);
    joined.push_str(&a);
    joined.push_str(&b);
    Ok(Value::Text(Text::from(joined)))
}

fn compare(left: &Value, right: &Value, holds: impl Fn(Ordering) -> bool) -> Value {
    match order(left, right) {
        Ok(order) => Value::Bool(holds(order)),
        Err(error) => error.into(),
    }
}

/// Numbers come before texts, texts before truth values; an empty cell is the other side's nothing.
pub(crate) fn order(left: &Value, right: &Value) -> Result<Ordering> {
    use Value::{Bool, Empty, Error, Missing, Number, Text};
    Ok(match (left, right) {
        (Error(error), _) | (_, Error(error)) => return Err(*error),
        (Number(a), Number(b)) => compare_numbers(*a, *b),
        (Text(a), Text(b)) => compare_text(a, b),
        (Bool(a), Bool(b)) => a.cmp(b),
        (Empty | Missing, Empty | Missing) => Ordering::Equal,
        (Empty | Missing, Number(b)) => compare_numbers(0.0, *b),
        (Number(a), Empty | Missing) => compare_numbers(*a, 0.0),
        (Empty | Missing, Text(b)) => compare_text("", b),
        (Text(a), Empty | Missing) => compare_text(a, ""),
        (Empty | Missing, Bool(b)) => false.cmp(b),
        (Bool(a), Empty | Missing) => a.cmp(&false),
        (Number(_), Text(_) | Bool(_)) | (Text(_), Bool(_)) => Ordering::Less,
        (Text(_) | Bool(_), Number(_)) | (Bool(_), Text(_)) => Ordering::Greater,
        _ => return Err(CellError::Value),
    })
}

/// Applies `-` or `%` to a scalar; `+` changes nothing.
pub(crate) fn unary(op: UnaryOp, operand: &Value, reading: &Reading<'_>) -> Value {
    let number = match op {
        UnaryOp::Minus => to_number(operand, reading).map(|number| 0.0 - number),
        UnaryOp::Percent => to_number(operand, reading).map(|number| number / 100.0),
        _ => return operand.clone(),
    };
    number.into()
}

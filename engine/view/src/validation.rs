//! The workbook's own data validations: what may be entered, what can be chosen, what is said otherwise.

use crate::books::{Books, single};
use crate::resolve::Place;
use calc::Given;
use formula::Formula;
use std::sync::Arc;
use values::{Cell, SheetId, Value, compare_numbers};
use workbook::{Validation, ValidationKind, ValidationOperator, ValidationStyle};

/// Most choices that a list shows.
const MOST_CHOICES: usize = 10_000;

/// The validation of a cell.
pub(crate) fn of(books: &Books, place: Place) -> Option<Validation> {
    let (sheet, cell) = place.cell();
    books.sessions.get(place.book)?.model().workbook().sheet(sheet)?.validation(cell).cloned()
}

/// The values of a validation's formula as seen from a cell.
fn evaluate(books: &mut Books, place: Place, formula: &Arc<Formula>) -> Value {
    let (sheet, cell) = place.cell();
    let Some(session) = books.sessions.get_mut(place.book) else { return Value::Empty };
    // References are relative to the rule's first cell, so the cell at hand is simply their host.
    session.evaluate(formula, sheet, cell, &Given::default(), &books.environment)
}

/// The choices of a list validation, in order, empty ones left out; `None` where the cell has no list.
pub(crate) fn choices(books: &mut Books, place: Place, validation: &Validation) -> Option<Vec<Value>> {
    if validation.kind != ValidationKind::List {
        return None;
    }
    let formula = validation.first.as_ref()?;
    // A literal list is one text with commas.
    if let formula::Node::Text(text) = formula.node(formula.root()) {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        return Some(parts.take(MOST_CHOICES).map(typed_choice).collect());
    }
    let value = evaluate(books, place, formula);
    let filled = |value: &&Value| match value {
        Value::Empty | Value::Missing | Value::Error(_) => false,
        Value::Text(text) => !text.trim().is_empty(),
        _ => true,
    };
    Some(match &value {
        Value::Array(array) => array.iter().filter(filled).take(MOST_CHOICES).cloned().collect(),
        one => Some(one).into_iter().filter(filled).cloned().collect(),
    })
}

/// A choice of a literal list: Excel puts numbers in as numbers.
fn typed_choice(text: &str) -> Value {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Value::Number(number),
        _ => Value::text(text),
    }
}

/// Bounds that a numeric validation sets: (least, most), for controls to show.
pub(crate) fn bounds(books: &mut Books, place: Place, validation: &Validation) -> (Option<f64>, Option<f64>) {
    if !matches!(
        validation.kind,
        ValidationKind::Whole | ValidationKind::Decimal | ValidationKind::Date | ValidationKind::Time
    ) {
        return (None, None);
    }
    let (first, second) = limits(books, place, validation);
    match validation.operator {
        ValidationOperator::Between => (first, second),
        ValidationOperator::GreaterEqual | ValidationOperator::Greater => (first, None),
        ValidationOperator::LessEqual | ValidationOperator::Less => (None, first),
        _ => (None, None),
    }
}

fn limits(books: &mut Books, place: Place, validation: &Validation) -> (Option<f64>, Option<f64>) {
    let mut number = |formula: &Option<Arc<Formula>>| {
        let value = single(evaluate(books, place, formula.as_ref()?));
        match value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    };
    (number(&validation.first), number(&validation.second))
}

/// Why a value breaks the rule, in words; `None` where it is fine. The value is not in the cell yet, so a rule that is
/// a formula is tried with it and undone.
pub(crate) fn check(
    books: &mut Books,
    place: Place,
    validation: &Validation,
    value: &Value,
    show: &mut dyn FnMut(f64) -> String,
) -> Option<(ValidationStyle, String)> {
    let is_empty = match value {
        Value::Empty => true,
        Value::Text(text) => text.is_empty(),
        _ => false,
    };
    if is_empty && validation.allow_blank {
        return None;
    }
    let complaint = match validation.kind {
        ValidationKind::Any => None,
        ValidationKind::List => not_listed(books, place, validation, value),
        ValidationKind::Custom => custom(books, place, validation, value),
        _ => out_of_bounds(books, place, validation, value, show),
    }?;
    let text = validation.error.as_ref().map_or(complaint, |text| text.trim().to_owned());
    Some((validation.style, text))
}

fn not_listed(books: &mut Books, place: Place, validation: &Validation, value: &Value) -> Option<String> {
    let choices = choices(books, place, validation)?;
    let same = |choice: &Value| match (choice, value) {
        (Value::Number(a), Value::Number(b)) => values::equal_numbers(*a, *b),
        (Value::Text(a), Value::Text(b)) => a == b,
        (a, b) => a.same(b),
    };
    (!choices.iter().any(same)).then(|| "Choose one of the listed values.".to_owned())
}

fn custom(books: &mut Books, place: Place, validation: &Validation, value: &Value) -> Option<String> {
    let formula = validation.first.as_ref()?;
    let (sheet, cell) = place.cell();
    let result =
        tried(books, place.book, sheet, cell, value, |books| single(evaluate(books, place, formula)))?;
    let holds = functions::to_bool(&result).unwrap_or(false);
    (!holds).then(|| "This value does not fit the spreadsheet's rule.".to_owned())
}

/// Something asked with a value in a cell that goes back to what it was.
fn tried<T>(
    books: &mut Books,
    book: usize,
    sheet: SheetId,
    cell: Cell,
    value: &Value,
    ask: impl FnOnce(&mut Books) -> T,
) -> Option<T> {
    let session = books.sessions.get_mut(book)?;
    let before = session.clone();
    session.set(sheet, cell, value.clone());
    let answer = ask(books);
    *books.sessions.get_mut(book)? = before;
    Some(answer)
}

fn out_of_bounds(
    books: &mut Books,
    place: Place,
    validation: &Validation,
    value: &Value,
    show: &mut dyn FnMut(f64) -> String,
) -> Option<String> {
    let is_length = validation.kind == ValidationKind::TextLength;
    let number = match value {
        Value::Number(number) if !is_length => *number,
        Value::Text(text) if is_length => text.encode_utf16().count() as f64,
        other if is_length => {
            functions::to_text(other, books.environment.locale).map_or(0.0, |t| t.chars().count() as f64)
        }
        _ => return Some(wanted_kind(validation.kind).to_owned()),
    };
    if validation.kind == ValidationKind::Whole && number.fract() != 0.0 {
        return Some("Enter a whole number.".to_owned());
    }
    let (first, second) = limits(books, place, validation);
    if holds(validation.operator, number, first, second) {
        return None;
    }
    let mut say = |number: Option<f64>| number.map(&mut *show).unwrap_or_default();
    let (a, b) = if is_length {
        let plain = |number: Option<f64>| number.map(|n| n.to_string()).unwrap_or_default();
        (plain(first), plain(second))
    } else {
        (say(first), say(second))
    };
    let what = if is_length { "The text must have a length" } else { "The value must be" };
    Some(match validation.operator {
        ValidationOperator::Between => format!("{what} between {a} and {b}."),
        ValidationOperator::NotBetween => format!("{what} outside of {a} to {b}."),
        ValidationOperator::Equal => format!("{what} equal to {a}."),
        ValidationOperator::NotEqual => format!("{what} other than {a}."),
        ValidationOperator::Greater => format!("{what} greater than {a}."),
        ValidationOperator::Less => format!("{what} less than {a}."),
        ValidationOperator::GreaterEqual => format!("{what} at least {a}."),
        ValidationOperator::LessEqual => format!("{what} at most {a}."),
    })
}

fn wanted_kind(kind: ValidationKind) -> &'static str {
    match kind {
        ValidationKind::Whole => "Enter a whole number.",
        ValidationKind::Date => "Enter a date.",
        ValidationKind::Time => "Enter a time.",
        _ => "Enter a number.",
    }
}

fn holds(operator: ValidationOperator, number: f64, first: Option<f64>, second: Option<f64>) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let Some(first) = first else { return true };
    let order = compare_numbers(number, first);
    let within = || order != Less && second.is_none_or(|second| compare_numbers(number, second) != Greater);
    match operator {
        ValidationOperator::Between => within(),
        ValidationOperator::NotBetween => !within(),
        ValidationOperator::Equal => order == Equal,
        ValidationOperator::NotEqual => order != Equal,
        ValidationOperator::Greater => order == Greater,
        ValidationOperator::Less => order == Less,
        ValidationOperator::GreaterEqual => order != Less,
        ValidationOperator::LessEqual => order != Greater,
    }
}

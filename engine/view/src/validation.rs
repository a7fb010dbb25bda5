//! The workbook's own data validations: what may be entered, what can be chosen, what is said otherwise.

use crate::books::{Books, single};
use crate::resolve::Place;
use crate::words::{Words, fill};
use calc::Given;
use formula::Formula;
use std::sync::Arc;
use values::{Value, compare_numbers};
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
    // The next whole number is the bound where the number itself is excluded.
    let beyond = if validation.kind == ValidationKind::Whole { 1.0 } else { 0.0 };
    match validation.operator {
        ValidationOperator::Between => (first, second),
        ValidationOperator::GreaterEqual => (first, None),
        ValidationOperator::Greater => (first.map(|first| first + beyond), None),
        ValidationOperator::LessEqual => (None, first),
        ValidationOperator::Less => (None, first.map(|first| first - beyond)),
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
    show: &dyn Fn(f64) -> String,
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
        _ if is_empty => Some(fill(books.words().needed, &[books.words().the_value])),
        ValidationKind::List => not_listed(books, place, validation, value),
        ValidationKind::Custom => custom(books, place, validation, value),
        _ => out_of_bounds(books, place, validation, value, show),
    }?;
    let own = validation.error.as_ref().map(|text| text.trim()).filter(|text| !text.is_empty());
    Some((validation.style, own.map_or(complaint, str::to_owned)))
}

/// As in Excel, a written-out list tells upper from lower case and cells do not.
fn not_listed(books: &mut Books, place: Place, validation: &Validation, value: &Value) -> Option<String> {
    let choices = choices(books, place, validation)?;
    let written =
        validation.first.as_ref().is_some_and(|f| matches!(f.node(f.root()), formula::Node::Text(_)));
    let same = |choice: &Value| match (choice, value) {
        (Value::Number(a), Value::Number(b)) => values::equal_numbers(*a, *b),
        (Value::Text(a), Value::Text(b)) if written => a == b,
        (Value::Text(a), Value::Text(b)) => values::equal_text(a, b),
        (a, b) => a.same(b),
    };
    (!choices.iter().any(same)).then(|| books.words().not_listed.to_owned())
}

fn custom(books: &mut Books, place: Place, validation: &Validation, value: &Value) -> Option<String> {
    let formula = validation.first.as_ref()?;
    let result = books.tried(place, value, |books| single(evaluate(books, place, formula)))?;
    let holds = functions::to_bool(&result, books.environment.locale).unwrap_or(false);
    (!holds).then(|| books.words().breaks_sheet_rule.to_owned())
}

fn out_of_bounds(
    books: &mut Books,
    place: Place,
    validation: &Validation,
    value: &Value,
    show: &dyn Fn(f64) -> String,
) -> Option<String> {
    let is_length = validation.kind == ValidationKind::TextLength;
    let number = match value {
        Value::Number(number) if !is_length => *number,
        Value::Text(text) if is_length => text.encode_utf16().count() as f64,
        other if is_length => functions::to_text(other, books.environment.locale)
            .map_or(0.0, |t| t.encode_utf16().count() as f64),
        _ => return Some(wanted_kind(validation.kind, books.words()).to_owned()),
    };
    if validation.kind == ValidationKind::Whole && number.fract() != 0.0 {
        return Some(books.words().enter_whole.to_owned());
    }
    let (first, second) = limits(books, place, validation);
    if holds(validation.operator, number, first, second) {
        return None;
    }
    let say = |number: Option<f64>| match number {
        Some(number) if is_length => numfmt::general_in(number, books.environment.locale),
        Some(number) => show(number),
        None => String::new(),
    };
    let words = books.words();
    let subject = if is_length { words.the_length } else { words.the_value };
    Some(fill(allowed(validation.operator, words), &[subject, &say(first), &say(second)]))
}

/// The sentence on what an operator lets in.
fn allowed(operator: ValidationOperator, words: &Words) -> &'static str {
    match operator {
        ValidationOperator::Between => words.between,
        ValidationOperator::NotBetween => words.outside,
        ValidationOperator::Equal => words.equal,
        ValidationOperator::NotEqual => words.not_equal,
        ValidationOperator::Greater => words.greater,
        ValidationOperator::Less => words.less,
        ValidationOperator::GreaterEqual => words.at_least,
        ValidationOperator::LessEqual => words.at_most,
    }
}

fn wanted_kind(kind: ValidationKind, words: &Words) -> &'static str {
    match kind {
        ValidationKind::Whole => words.enter_whole,
        ValidationKind::Date => words.enter_date,
        ValidationKind::Time => words.enter_time,
        _ => words.enter_number,
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

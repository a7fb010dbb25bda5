//! Inputs and outputs: single cells with their labels, controls, choices and rules.

mod choices;
mod input;
mod judge;
mod output;
mod parse;

pub(crate) use choices::chosen;
pub(crate) use parse::{parse, without_unit};

use crate::build::Builder;
use crate::resolve::Place;
use crate::{Content, text, validation};
use app_definitions::model::{ContentType, Item, Setting};
use numfmt::{Kind, Locale, Reading};
use values::Value;
use workbook::ValidationKind;

impl Builder<'_> {
    /// The code by which a cell's value is shown: the item's own, else the cell's, else one for its content.
    fn code(&self, item: &Item, place: Place, content: Content) -> String {
        if let Some(code) = &item.format {
            return code.clone();
        }
        let cell = self.books.code(place);
        let stated = item.content_type.is_some_and(|content| content != ContentType::Text);
        match item.decimals {
            Some(decimals) => with_decimals(&cell, content, decimals),
            None if cell != "General" || !stated || content == Content::Decimal => cell,
            None => text::code_of_content(content, None),
        }
    }

    /// What kind of content an item has: what the definition states, else what the cell's format says, else its
    /// validation, else its value.
    fn content(&self, item: &Item, place: Place, value: &Value) -> Content {
        if let Some(content) = item.content_type {
            return text::content_of_type(content);
        }
        if let Some(content) = text::content_of_format(&self.books.code(place)) {
            return content;
        }
        let rule = validation::of(self.books, place).map(|rule| rule.kind);
        match (rule, value) {
            (Some(ValidationKind::Whole), _) => Content::Integer,
            (Some(ValidationKind::Decimal), _) => Content::Decimal,
            (Some(ValidationKind::Date), _) => Content::Date,
            (Some(ValidationKind::Time), _) => Content::Time,
            (_, Value::Number(_)) => Content::Decimal,
            (_, Value::Bool(_)) => Content::Boolean,
            _ => Content::Text,
        }
    }

    /// What kind of content an input has: what was in its cell at first tells, so that an entry never changes it.
    fn input_content(&self, item: &Item, place: Place) -> Content {
        self.content(item, place, &self.books.first(place))
    }

    /// Whether neither definition nor workbook says what an input holds, so that typed text is what a spreadsheet
    /// would take it for.
    pub fn takes_anything(&self, item: &Item, place: Place) -> bool {
        let is_text =
            numfmt::Format::parse(&self.books.code(place)).is_ok_and(|format| format.kind() == Kind::Text);
        let content = self.input_content(item, place);
        item.content_type.is_none() && !is_text && content == Content::Text
    }

    /// The value of a default that is written out; definitions write numbers and dates the same in every country.
    pub fn default_value(&self, text: &str, item: Option<&Item>, place: Place) -> Value {
        let reading = Reading { locale: Locale::en_us(), ..self.reading(place.book) };
        let content = item.and_then(|item| item.content_type).map(text::content_of_type);
        let parsed = content.and_then(|content| parse(text, content, &reading).ok());
        parsed.unwrap_or_else(|| numfmt::parse_typed(text, &reading).value)
    }

    /// The unit beside a value, and whether it stands before it: the definition's, or a currency that the value's own
    /// text does not show.
    fn unit(&self, item: &Item, code: &str, is_bare: bool) -> (String, bool) {
        let unit = self.caption(item.unit.as_ref());
        if !unit.is_empty() {
            return (unit, item.unit_before);
        }
        let of_format = text::currency_of_format(code);
        match (&item.currency, of_format) {
            (_, Some((currency, before))) if is_bare => (currency, before),
            (_, Some(_)) => (String::new(), false),
            (Some(Setting::Literal(currency)), None) => {
                let before = item.unit_before || !self.books.environment.locale.currency_after;
                (currency_sign(currency).to_owned(), before)
            }
            _ => (String::new(), false),
        }
    }
}

/// A cell's own format with so many digits behind the point; where it has none of its own, one for the content.
fn with_decimals(code: &str, content: Content, decimals: u32) -> String {
    let is_number = |kind| matches!(kind, Kind::Number | Kind::Currency | Kind::Accounting | Kind::Percent);
    let own = numfmt::Format::parse(code).is_ok_and(|format| is_number(format.kind()));
    if own { text::with_decimals(code, decimals) } else { text::code_of_content(content, Some(decimals)) }
}

fn currency_sign(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        other => other,
    }
}

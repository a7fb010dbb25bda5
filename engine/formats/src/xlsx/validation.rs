//! Data validations, of the sheet itself and of its 2010 extension.

use crate::validation::RawValidation;
use crate::xml::{Element, unescape};
use values::Rect;
use workbook::{ValidationKind, ValidationOperator, ValidationStyle};

/// Reads the start tag.
pub(crate) fn start(element: &Element<'_>) -> RawValidation {
    let text = |name: &str| element.attr(name).map(|text| unescape(&text).into_owned());
    RawValidation {
        kind: Some(kind(&text("type").unwrap_or_default())),
        operator: operator(&text("operator").unwrap_or_default()),
        style: style(&text("errorStyle").unwrap_or_default()),
        allow_blank: element.flag("allowBlank", false),
        // The file's flag says that the list is not shown.
        dropdown: !element.flag("showDropDown", false),
        error: [text("errorTitle"), text("error")],
        prompt: [text("promptTitle"), text("prompt")],
        areas: element.attr("sqref").map(|cells| areas(&cells)).unwrap_or_default(),
        ..RawValidation::default()
    }
}

/// The cells of a validation, separated by blanks.
pub(crate) fn areas(text: &str) -> Vec<Rect> {
    text.split_whitespace().filter_map(|area| area.parse().ok()).collect()
}

fn kind(text: &str) -> ValidationKind {
    match text {
        "whole" => ValidationKind::Whole,
        "decimal" => ValidationKind::Decimal,
        "list" => ValidationKind::List,
        "date" => ValidationKind::Date,
        "time" => ValidationKind::Time,
        "textLength" => ValidationKind::TextLength,
        "custom" => ValidationKind::Custom,
        _ => ValidationKind::Any,
    }
}

fn operator(text: &str) -> ValidationOperator {
    match text {
        "notBetween" => ValidationOperator::NotBetween,
        "equal" => ValidationOperator::Equal,
        "notEqual" => ValidationOperator::NotEqual,
        "greaterThan" => ValidationOperator::Greater,
        "lessThan" => ValidationOperator::Less,
        "greaterThanOrEqual" => ValidationOperator::GreaterEqual,
        "lessThanOrEqual" => ValidationOperator::LessEqual,
        _ => ValidationOperator::Between,
    }
}

fn style(text: &str) -> ValidationStyle {
    match text {
        "warning" => ValidationStyle::Warning,
        "information" => ValidationStyle::Information,
        _ => ValidationStyle::Stop,
    }
}

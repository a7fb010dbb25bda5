//! Data validations, of the sheet itself and of its 2010 extension.

use super::SheetNames;
use super::xml::{Element, unescape};
use crate::{LoadReport, NoteKind};
use formula::{Formula, Mode};
use std::sync::Arc;
use values::{Cell, Rect, Text};
use workbook::{Validation, ValidationKind, ValidationOperator, ValidationStyle};

/// A validation while it is read.
#[derive(Default)]
pub(crate) struct RawValidation {
    kind: String,
    operator: String,
    style: String,
    allow_blank: bool,
    hide_dropdown: bool,
    error: [Option<String>; 2],
    prompt: [Option<String>; 2],
    /// The cells; in the extension they follow as an element.
    pub cells: String,
    /// Both formulas.
    pub formulas: [String; 2],
}

impl RawValidation {
    /// Reads the start tag.
    pub fn start(element: &Element<'_>) -> RawValidation {
        let text = |name: &str| element.attr(name).map(|text| unescape(&text).into_owned());
        RawValidation {
            kind: text("type").unwrap_or_default(),
            operator: text("operator").unwrap_or_default(),
            style: text("errorStyle").unwrap_or_default(),
            allow_blank: element.flag("allowBlank", false),
            hide_dropdown: element.flag("showDropDown", false),
            error: [text("errorTitle"), text("error")],
            prompt: [text("promptTitle"), text("prompt")],
            cells: text("sqref").unwrap_or_default(),
            formulas: Default::default(),
        }
    }

    /// The validation; `None` where it names no cells.
    pub fn finish(self, sheet: &str, sheets: &SheetNames, report: &mut LoadReport) -> Option<Validation> {
        let areas: Vec<Rect> = self.cells.split_whitespace().filter_map(|area| area.parse().ok()).collect();
        let host = areas.iter().map(|area| area.first()).min()?;
        let mut parse = |text: &str| parse(text, host, sheet, sheets, report);
        let [first, second] = [parse(&self.formulas[0]), parse(&self.formulas[1])];
        let texts = |pair: [Option<String>; 2]| pair.map(|text| text.map(Text::from));
        let [error_title, error] = texts(self.error);
        let [prompt_title, prompt] = texts(self.prompt);
        Some(Validation {
            areas,
            kind: kind(&self.kind),
            operator: operator(&self.operator),
            first,
            second,
            host,
            allow_blank: self.allow_blank,
            dropdown: !self.hide_dropdown,
            style: style(&self.style),
            error_title,
            error,
            prompt_title,
            prompt,
        })
    }
}

fn parse(
    text: &str,
    host: Cell,
    sheet: &str,
    sheets: &SheetNames,
    report: &mut LoadReport,
) -> Option<Arc<Formula>> {
    if text.trim().is_empty() {
        return None;
    }
    match formula::parse(text, host, sheets, Mode::Workbook) {
        Ok(formula) => Some(Arc::new(formula)),
        Err(error) => {
            let message = format!("A data validation cannot be read: {error}.");
            report.note(NoteKind::Formula, format!("{sheet}!{host}"), message);
            None
        }
    }
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

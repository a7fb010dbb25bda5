//! Data validations: what cells may hold, and what is said beside them.
//!
//! Source: OASIS OpenDocument 1.3, part 3, 9.4.5 (`table:content-validation`) and 19.606 (`table:condition`).

use super::{base_cell, formula};
use crate::package::PartReader;
use crate::sheet_names::SheetNames;
use crate::validation::RawValidation;
use crate::xml::Xml;
use crate::{LoadError, LoadReport, NoteKind};
use values::Rect;
use workbook::{Validation, ValidationKind, ValidationOperator, ValidationStyle};

/// A rule as the file has it; cells name it.
#[derive(Default)]
pub(super) struct RawRule {
    pub name: String,
    condition: String,
    base: String,
    allow_blank: bool,
    dropdown: bool,
    style: ValidationStyle,
    /// Title and text.
    error: [Option<String>; 2],
    prompt: [Option<String>; 2],
}

/// Reads the rules whose common element has begun.
pub(super) fn read(xml: &mut PartReader<'_, '_>, rules: &mut Vec<RawRule>) -> Result<(), LoadError> {
    let mut is_error = None;
    loop {
        match xml.next()? {
            Xml::Start(element) => {
                let text = |name: &str| element.attr(name).map(|text| text.into_owned());
                match (element.name(), rules.last_mut()) {
                    ("content-validation", _) => rules.push(RawRule {
                        name: text("name").unwrap_or_default(),
                        condition: text("condition").unwrap_or_default(),
                        base: text("base-cell-address").unwrap_or_default(),
                        allow_blank: element.flag("allow-empty-cell", true),
                        dropdown: text("display-list").as_deref() != Some("none"),
                        ..RawRule::default()
                    }),
                    ("help-message", Some(rule)) => {
                        is_error = element.flag("display", false).then_some(false);
                        rule.prompt[0] = text("title").filter(|_| is_error.is_some());
                    }
                    ("error-message", Some(rule)) => {
                        is_error = Some(true);
                        rule.error[0] = text("title");
                        rule.style = match text("message-type").as_deref() {
                            Some("warning") => ValidationStyle::Warning,
                            Some("information") => ValidationStyle::Information,
                            _ => ValidationStyle::Stop,
                        };
                    }
                    _ => {}
                }
            }
            Xml::Text(text) if !text.trim().is_empty() => {
                if let (Some(is_error), Some(rule)) = (is_error, rules.last_mut()) {
                    let to = if is_error { &mut rule.error[1] } else { &mut rule.prompt[1] };
                    to.get_or_insert_default().push_str(&text);
                }
            }
            Xml::End(end) => match end.name() {
                "content-validations" => return Ok(()),
                "help-message" | "error-message" => is_error = None,
                _ => {}
            },
            Xml::Eof => return Ok(()),
            Xml::Text(_) => {}
        }
    }
}

impl RawRule {
    /// The rule for cells of a sheet; `None` where no cell follows it.
    pub fn validation(
        &self,
        areas: Vec<Rect>,
        sheets: &SheetNames,
        sheet: &str,
        report: &mut LoadReport,
    ) -> Option<Validation> {
        if areas.is_empty() {
            return None;
        }
        let mut raw = condition(&self.condition).unwrap_or_else(|error| {
            let message = format!("A data validation cannot be read: {error}.");
            report.note(NoteKind::Formula, sheet, message);
            RawValidation::default()
        });
        raw.allow_blank = self.allow_blank;
        raw.dropdown = self.dropdown;
        raw.style = self.style;
        raw.error.clone_from(&self.error);
        raw.prompt.clone_from(&self.prompt);
        raw.areas = areas;
        raw.base = Some(base_cell(&self.base)).filter(|_| !self.base.is_empty());
        raw.finish(sheet, sheets, report)
    }
}

/// What a condition asks for. An empty one asks for nothing.
fn condition(text: &str) -> Result<RawValidation, String> {
    let text = formula::without_language(text).unwrap_or(text).trim();
    let mut raw = RawValidation::default();
    let rest = match kind(text) {
        Some((kind, rest)) => {
            raw.kind = Some(kind);
            rest.trim_start().strip_prefix("and ").unwrap_or(rest).trim()
        }
        None => text,
    };
    if rest.is_empty() {
        return Ok(raw);
    }
    let inside = |name: &str| rest.strip_prefix(name).and_then(|rest| rest.strip_suffix(')'));
    if let Some(list) = inside("cell-content-is-in-list(") {
        raw.kind = Some(ValidationKind::List);
        raw.formulas[0] = choices(list)?;
    } else if let Some(truth) = inside("is-true-formula(") {
        raw.kind = Some(ValidationKind::Custom);
        raw.formulas[0] = excel(truth)?;
    } else {
        let length = rest.strip_prefix("cell-content-text-length");
        let asked = length.or_else(|| rest.strip_prefix("cell-content"));
        let compared = asked
            .and_then(|asked| compared(asked).transpose())
            .ok_or_else(|| format!("{} is no condition", rest.chars().take(60).collect::<String>()))?;
        (raw.operator, raw.formulas) = compared?;
        raw.kind = if length.is_some() { Some(ValidationKind::TextLength) } else { raw.kind };
    }
    // A bound alone is for numbers.
    raw.kind = raw.kind.or(Some(ValidationKind::Decimal));
    Ok(raw)
}

/// How a content or its length is compared and with what; `None` where it is not.
fn compared(text: &str) -> Result<Option<(ValidationOperator, [String; 2])>, String> {
    let inside = |name: &str| text.strip_prefix(name).and_then(|rest| rest.strip_suffix(')'));
    let both = inside("-is-between(").map(|both| (both, ValidationOperator::Between));
    let both = both.or_else(|| inside("-is-not-between(").map(|both| (both, ValidationOperator::NotBetween)));
    if let Some((both, operator)) = both {
        let (first, second) = split(both).ok_or("it has one bound where there should be two")?;
        return Ok(Some((operator, [excel(first)?, excel(second)?])));
    }
    let Some(compared) = text.strip_prefix("()") else { return Ok(None) };
    let (operator, bound) = operator(compared.trim()).ok_or("its sign of comparison is not known")?;
    Ok(Some((operator, [excel(bound)?, String::new()])))
}

/// What a condition begins with, and its rest.
fn kind(text: &str) -> Option<(ValidationKind, &str)> {
    let kinds = [
        ("cell-content-is-whole-number()", ValidationKind::Whole),
        ("cell-content-is-decimal-number()", ValidationKind::Decimal),
        ("cell-content-is-date()", ValidationKind::Date),
        ("cell-content-is-time()", ValidationKind::Time),
    ];
    kinds.iter().find_map(|(name, kind)| Some((*kind, text.strip_prefix(name)?)))
}

fn operator(text: &str) -> Option<(ValidationOperator, &str)> {
    let signs = [
        ("<=", ValidationOperator::LessEqual),
        (">=", ValidationOperator::GreaterEqual),
        ("!=", ValidationOperator::NotEqual),
        ("<>", ValidationOperator::NotEqual),
        ("=", ValidationOperator::Equal),
        ("<", ValidationOperator::Less),
        (">", ValidationOperator::Greater),
    ];
    signs.iter().find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)))
}

fn excel(text: &str) -> Result<String, String> {
    formula::to_excel(&format!("of:={}", text.trim()), formula::Source::default())
}

/// The choices of a list: texts, which Excel has in one, or an expression.
fn choices(list: &str) -> Result<String, String> {
    let excel = excel(list)?;
    let mut texts = Vec::new();
    let mut rest = list.trim();
    while rest.starts_with('"') {
        let Some(end) = formula::quoted_end(rest, '"') else { return Ok(excel) };
        texts.push(rest.get(1..end - 1).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default().trim_start_matches([' ', ';']);
    }
    let numbers = rest.split(';').map(str::trim).filter(|number| !number.is_empty());
    for number in numbers {
        if number.parse::<f64>().is_err() {
            return Ok(excel);
        }
        texts.push(number);
    }
    match texts.iter().any(|text| text.contains(',')) {
        true => Ok(format!("{{{excel}}}")),
        false => Ok(format!("\"{}\"", texts.join(","))),
    }
}

/// Two expressions separated by a comma that is in no text, reference or bracket of theirs.
fn split(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quote) = (0_u32, None);
    for (place, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',' | ';') if depth == 0 => return Some((text.get(..place)?, text.get(place + 1..)?)),
            _ => {}
        }
    }
    None
}

//! Data validations of all formats, once their fields are known.

use crate::sheet_names::SheetNames;
use crate::{LoadReport, NoteKind};
use formula::{Formula, Mode};
use std::sync::Arc;
use values::{Cell, Rect, Text};
use workbook::{Validation, ValidationKind, ValidationOperator, ValidationStyle};

/// A validation whose formulas are still text.
#[derive(Default)]
pub(crate) struct RawValidation {
    pub kind: Option<ValidationKind>,
    pub operator: ValidationOperator,
    pub style: ValidationStyle,
    pub allow_blank: bool,
    pub dropdown: bool,
    /// Title and text.
    pub error: [Option<String>; 2],
    /// Title and text.
    pub prompt: [Option<String>; 2],
    pub areas: Vec<Rect>,
    pub formulas: [String; 2],
    /// The cell that the formulas are written for, where it is not the host.
    pub base: Option<Cell>,
}

impl RawValidation {
    /// The first cell, for which most formats write the formulas; `None` where the validation names no cells.
    pub fn host(&self) -> Option<Cell> {
        self.areas.iter().map(|area| area.first()).min()
    }

    /// The validation; `None` where it names no cells.
    pub fn finish(self, sheet: &str, sheets: &SheetNames, report: &mut LoadReport) -> Option<Validation> {
        let host = self.host()?;
        let base = self.base.unwrap_or(host);
        let mut parse = |text: &str| parse(text, base, sheet, sheets, report);
        let [first, second] = [parse(&self.formulas[0]), parse(&self.formulas[1])];
        let texts =
            |pair: [Option<String>; 2]| pair.map(|text| text.filter(|text| !text.is_empty()).map(Text::from));
        let [error_title, error] = texts(self.error);
        let [prompt_title, prompt] = texts(self.prompt);
        Some(Validation {
            areas: self.areas,
            kind: self.kind.unwrap_or(ValidationKind::Any),
            operator: self.operator,
            first,
            second,
            host,
            allow_blank: self.allow_blank,
            dropdown: self.dropdown,
            style: self.style,
            error_title,
            error,
            prompt_title,
            prompt,
        })
    }

    /// Reads the flags that both binary formats begin a validation with. Source: [MS-XLS] 2.4.91 (Dv).
    pub fn from_flags(flags: u32) -> RawValidation {
        use ValidationKind as Kind;
        use ValidationOperator as Op;
        const KINDS: [Kind; 8] = [
            Kind::Any,
            Kind::Whole,
            Kind::Decimal,
            Kind::List,
            Kind::Date,
            Kind::Time,
            Kind::TextLength,
            Kind::Custom,
        ];
        const OPERATORS: [Op; 8] = [
            Op::Between,
            Op::NotBetween,
            Op::Equal,
            Op::NotEqual,
            Op::Greater,
            Op::Less,
            Op::GreaterEqual,
            Op::LessEqual,
        ];
        RawValidation {
            kind: KINDS.get((flags & 0xf) as usize).copied(),
            style: match flags >> 4 & 7 {
                1 => ValidationStyle::Warning,
                2 => ValidationStyle::Information,
                _ => ValidationStyle::Stop,
            },
            allow_blank: flags & 1 << 8 != 0,
            dropdown: flags & 1 << 9 == 0,
            operator: OPERATORS.get((flags >> 20 & 0xf) as usize).copied().unwrap_or_default(),
            ..RawValidation::default()
        }
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
            report.note(NoteKind::Formula, format!("{}!{host}", formula::quote_sheet(sheet)), message);
            None
        }
    }
}

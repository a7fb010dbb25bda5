//! Workbooks from a few lines of text.

use super::Line;
use formula::{Mode, Sheets, parse};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use values::{Area, Cell, CellError, Col, Rect, SheetId, Text, Value};
use workbook::{
    CellStyle, DefinedName, NameScope, Sheet, Table, TableColumn, Validation, ValidationKind,
    ValidationOperator, ValidationStyle, Visibility, Workbook,
};

/// The folder with the example workbooks.
pub fn example_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// A workbook while its lines are read.
#[derive(Default)]
pub struct Draft {
    book: Workbook,
    formulas: Vec<(SheetId, Cell, String)>,
    later: Vec<Line>,
}

/// What a cell's text means.
pub fn value(text: &str) -> Value {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return Value::Number(number);
    }
    match (text, text.parse::<CellError>()) {
        ("TRUE", _) => Value::Bool(true),
        ("FALSE", _) => Value::Bool(false),
        ("", _) => Value::Empty,
        (_, Ok(error)) => error.into(),
        (text, Err(())) => {
            Value::text(text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text))
        }
    }
}

impl Draft {
    /// Takes a line that is about the workbook; others are no business of it.
    pub fn line(&mut self, line: &Line) {
        match line.word.as_str() {
            "workbook" => {
                let bytes = std::fs::read(example_folder().join(&line.rest)).unwrap();
                self.book = formats::open(&bytes, &line.rest, &formats::Limits::default()).unwrap().workbook;
            }
            "sheet" => {
                let (name, hidden) = match line.rest.strip_suffix(" hidden") {
                    Some(name) => (name, true),
                    None => (line.rest.as_str(), false),
                };
                let mut sheet = Sheet::new(name);
                sheet.visibility = if hidden { Visibility::Hidden } else { Visibility::Visible };
                self.book.sheets.push(sheet);
            }
            "name" | "table" | "format" | "validation" => self.later.push(line.clone()),
            word => {
                let cell = word.strip_suffix(':').and_then(|word| word.parse::<Cell>().ok());
                if let Some(cell) = cell {
                    self.cell(cell, &line.rest);
                }
            }
        }
    }

    fn cell(&mut self, cell: Cell, text: &str) {
        let sheet = SheetId(u16::try_from(self.book.sheets.len() - 1).unwrap());
        if text.starts_with('=') {
            self.formulas.push((sheet, cell, text.to_owned()));
        } else {
            self.book.sheet_mut(sheet).unwrap().grid.set(cell, value(text));
        }
    }

    /// The workbook of all lines.
    pub fn workbook(mut self) -> Workbook {
        for line in std::mem::take(&mut self.later) {
            let (what, rest) = line.rest.split_once(": ").unwrap();
            match line.word.as_str() {
                "name" => self.name(what, rest),
                "table" => self.table(what, rest),
                "format" => {
                    let format = CellStyle { number_format: Text::from(rest), ..CellStyle::default() };
                    let style = self.book.styles.push(format);
                    let area = self.area(what);
                    let sheet = self.book.sheet_mut(area.sheet).unwrap();
                    area.rect.cells().for_each(|cell| sheet.set_style(cell, style));
                }
                _ => self.validation(what, rest),
            }
        }
        let symbols = self.book.clone();
        for (sheet, cell, text) in self.formulas {
            let template = self.book.templates.intern(parse(&text, cell, &symbols, Mode::Workbook).unwrap());
            self.book.sheet_mut(sheet).unwrap().set_formula(cell, Some(template));
        }
        self.book
    }

    fn area(&self, text: &str) -> Area {
        let (sheet, rect) = text.rsplit_once('!').unwrap();
        Area {
            sheet: self.book.sheet_by_name(sheet).unwrap(),
            rect: rect.replace('$', "").parse::<Rect>().unwrap(),
        }
    }

    fn name(&mut self, name: &str, text: &str) {
        let formula = Arc::new(parse(text, Cell::default(), &self.book, Mode::Workbook).unwrap());
        self.book.names.push(DefinedName {
            name: Text::from(name),
            scope: NameScope::Workbook,
            formula: Some(formula),
            source: Text::from(text),
            hidden: false,
        });
    }

    fn table(&mut self, name: &str, place: &str) {
        let Area { sheet, rect: area } = self.area(place);
        let header = |col: u16| match self.book.value(sheet, Cell { row: area.top, col: Col(col) }) {
            Value::Text(text) => TableColumn { name: text.clone(), formula: None },
            other => panic!("{other:?} is no header"),
        };
        let columns = (area.left.0..=area.right.0).map(header).collect();
        self.book.tables.push(Table {
            name: Text::from(name),
            sheet,
            area,
            header_rows: 1,
            totals_rows: 0,
            filtered: false,
            columns,
        });
    }

    fn validation(&mut self, place: &str, rule: &str) {
        let area = self.area(place);
        let mut parts = rule.split(" | ");
        let mut rule = self.rule(parts.next().unwrap(), area.rect);
        for part in parts {
            match part.split_once(' ').unwrap_or((part, "")) {
                ("error", text) => rule.error = Some(Text::from(text)),
                ("prompt", text) => rule.prompt = Some(Text::from(text)),
                ("style", "warning") => rule.style = ValidationStyle::Warning,
                ("style", "information") => rule.style = ValidationStyle::Information,
                ("noblank", _) => rule.allow_blank = false,
                other => panic!("unknown part of a validation: {other:?}"),
            }
        }
        self.book.sheet_mut(area.sheet).unwrap().validations.push(rule);
    }

    fn rule(&self, text: &str, rect: Rect) -> Validation {
        let (kind, rest) = text.split_once(' ').unwrap();
        let kind = match kind {
            "whole" => ValidationKind::Whole,
            "decimal" => ValidationKind::Decimal,
            "list" => ValidationKind::List,
            "date" => ValidationKind::Date,
            "time" => ValidationKind::Time,
            "length" => ValidationKind::TextLength,
            "custom" => ValidationKind::Custom,
            other => panic!("unknown kind of validation: {other}"),
        };
        let operators = [
            ("between ", ValidationOperator::Between),
            ("outside ", ValidationOperator::NotBetween),
            (">= ", ValidationOperator::GreaterEqual),
            ("<= ", ValidationOperator::LessEqual),
            ("> ", ValidationOperator::Greater),
            ("< ", ValidationOperator::Less),
            ("<> ", ValidationOperator::NotEqual),
            ("= ", ValidationOperator::Equal),
        ];
        let found = operators.iter().find_map(|(word, operator)| Some((rest.strip_prefix(word)?, *operator)));
        let (bounds, operator) = found.unwrap_or((rest, ValidationOperator::Between));
        let (first, second) = match bounds.split_once(" and ") {
            Some((first, second)) => (first, Some(second)),
            None => (bounds, None),
        };
        let formula = |text: &str| Arc::new(parse(text, rect.first(), &self.book, Mode::Workbook).unwrap());
        Validation {
            areas: vec![rect],
            kind,
            operator,
            first: Some(formula(first)),
            second: second.map(formula),
            host: rect.first(),
            allow_blank: true,
            dropdown: true,
            style: ValidationStyle::Stop,
            error_title: None,
            error: None,
            prompt_title: None,
            prompt: None,
        }
    }
}

//! Cells of a sheet: values, formulas, styles. The hot path of loading.

use super::{Shared, strings};
use crate::budget::Budget;
use crate::formulas::{FormulaCache, unreadable};
use crate::xml::Element;
use crate::{LoadError, LoadReport, NoteKind, iso};
use std::collections::HashMap;
use values::{Cell, CellError, DateSystem, Rect, Text, Value};
use workbook::{ArrayFormula, ArrayKind, DataTable, Sheet, StyleId, TemplateId, Templates};

/// What the sheet's reader gathers of one cell between its tags.
#[derive(Default)]
pub(crate) struct RawCell {
    at: Cell,
    style: usize,
    kind: Kind,
    /// The records of the cell's and of the value's metadata, from 1; 0 for none.
    metadata: [usize; 2],
    /// The text of `v`, or of `t` in an inline string.
    pub value: String,
    pub has_value: bool,
    pub formula: Option<RawFormula>,
    /// Where formula texts are gathered, to reuse the memory.
    pub formula_text: String,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Bool,
    Error,
    Date,
}

/// Where gathering a formula's text stops: no formula is as long.
const MOST_FORMULA_BYTES: usize = 1 << 16;

/// The attributes of `f`.
#[derive(Default)]
pub(crate) struct RawFormula {
    kind: FormulaKind,
    area: Option<Rect>,
    shared: u32,
    table: [bool; 4],
    inputs: [Option<Cell>; 2],
}

#[derive(Clone, Copy, Default, PartialEq)]
enum FormulaKind {
    #[default]
    Normal,
    Shared,
    Array,
    DataTable,
}

impl RawFormula {
    /// Takes an attribute of the start tag.
    pub fn attribute(&mut self, name: &str, value: &str) {
        match name {
            "t" => {
                self.kind = match value {
                    "shared" => FormulaKind::Shared,
                    "array" => FormulaKind::Array,
                    "dataTable" => FormulaKind::DataTable,
                    _ => FormulaKind::Normal,
                }
            }
            "ref" => self.area = value.parse().ok(),
            "si" => self.shared = value.parse().unwrap_or(0),
            "dt2D" => self.table[0] = matches!(value, "1" | "true"),
            "dtr" => self.table[1] = matches!(value, "1" | "true"),
            "del1" => self.table[2] = matches!(value, "1" | "true"),
            "del2" => self.table[3] = matches!(value, "1" | "true"),
            "r1" => self.inputs[0] = value.parse().ok(),
            "r2" => self.inputs[1] = value.parse().ok(),
            _ => {}
        }
    }

    /// Whether it is no formula at all: cells that a volatile array spills into have an empty one, to be
    /// calculated with it.
    fn marks_a_spill(&self, text: &str) -> bool {
        self.kind == FormulaKind::Normal && text.trim().is_empty()
    }

    fn data_table(&self) -> Option<DataTable> {
        let [two_dimensional, by_row, gone1, gone2] = self.table;
        Some(DataTable {
            rect: self.area?,
            two_dimensional,
            by_row,
            first_input: self.inputs[0].filter(|_| !gone1),
            second_input: self.inputs[1].filter(|_| !gone2),
        })
    }
}

impl RawCell {
    /// Begins a cell. `next` is where it stands when the tag does not say.
    pub fn clear(&mut self, next: Cell) {
        (self.at, self.style, self.kind, self.metadata) = (next, 0, Kind::Number, [0; 2]);
        (self.has_value, self.formula) = (false, None);
        self.value.clear();
    }

    /// Says where it stands.
    pub fn place(&mut self, at: Cell) {
        self.at = at;
    }

    /// Takes an attribute of the start tag that is not its address.
    pub fn attribute(&mut self, name: &str, value: &str) {
        match name {
            "s" => self.style = value.parse().unwrap_or(0),
            "cm" => self.metadata[0] = value.parse().unwrap_or(0),
            "vm" => self.metadata[1] = value.parse().unwrap_or(0),
            "t" => {
                self.kind = match value {
                    "s" => Kind::Shared,
                    "str" | "inlineStr" => Kind::Text,
                    "b" => Kind::Bool,
                    "e" => Kind::Error,
                    "d" => Kind::Date,
                    _ => Kind::Number,
                }
            }
            _ => {}
        }
    }

    /// Begins a cell by its start tag.
    pub fn start(&mut self, element: &Element<'_>, next: Cell) -> Result<(), LoadError> {
        self.clear(next);
        let mut outside = None;
        element.each(|name, value| match name {
            "r" => match value.parse() {
                Ok(at) => self.place(at),
                Err(_) => outside = Some(value.chars().take(40).collect::<String>()),
            },
            name => self.attribute(name, value),
        });
        match outside {
            None => Ok(()),
            Some(address) => {
                Err(LoadError::Damaged(format!("a cell has the address {address}, which no sheet has")))
            }
        }
    }

    /// Adds to the text of the value or of the formula.
    pub fn push(&mut self, piece: &str, to_formula: bool, shared: &Shared<'_>) -> Result<(), LoadError> {
        if !to_formula {
            self.value.push_str(piece);
            return strings::guard(&self.value, shared.limits);
        }
        // A formula that is far too long is told by its beginning.
        if self.formula_text.len() <= MOST_FORMULA_BYTES {
            self.formula_text.push_str(piece);
        }
        Ok(())
    }

    /// Where it stands.
    pub fn at(&self) -> Cell {
        self.at
    }
}

/// Puts cells into a sheet.
pub(crate) struct Cells<'a> {
    pub sheet: &'a mut Sheet,
    pub shared: &'a Shared<'a>,
    pub templates: &'a mut Templates,
    pub budget: &'a mut Budget,
    pub report: &'a mut LoadReport,
    pub date_system: DateSystem,
    pub formulas: FormulaCache,
    /// Shared formulas by their number.
    pub masters: HashMap<u32, TemplateId>,
}

impl Cells<'_> {
    /// Puts a finished cell into the sheet.
    pub fn put(&mut self, raw: &mut RawCell) -> Result<(), LoadError> {
        self.budget.charge(raw.at)?;
        if raw.style > 0
            && let Some(style) = self.shared.styles.get(raw.style)
        {
            self.sheet.set_style(raw.at, *style);
        } else if let Some(first) =
            self.shared.styles.first().filter(|_| !self.sheet.column_styles.is_empty())
        {
            // Style 0 on a cell is a style of its own where its column has another one.
            self.sheet.set_style(raw.at, *first);
        }
        if raw.has_value
            && let Some(value) = self.value(raw)?
        {
            self.sheet.grid.set(raw.at, value);
        }
        let formula = raw.formula.take().filter(|formula| !formula.marks_a_spill(&raw.formula_text));
        if let Some(formula) = formula {
            self.report.formulas += 1;
            let text = std::mem::take(&mut raw.formula_text);
            self.formula(raw, &formula, &text);
            raw.formula_text = text;
            raw.formula_text.clear();
        }
        Ok(())
    }

    fn value(&mut self, raw: &RawCell) -> Result<Option<Value>, LoadError> {
        let text = raw.value.as_str();
        Ok(match raw.kind {
            Kind::Number if text.trim().is_empty() => None,
            Kind::Number => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Some(Value::Number(number)),
                _ => self.broken(raw.at, "holds no number where it should"),
            },
            Kind::Shared => {
                match text.trim().parse::<usize>().ok().and_then(|i| self.shared.strings.get(i)) {
                    Some(text) => Some(Value::Text(text.clone())),
                    None => self.broken(raw.at, "refers to a text that is not in the file"),
                }
            }
            Kind::Text => Some(Value::Text(Text::from(&*strings::finished(text, self.shared.limits)?))),
            Kind::Bool => Some(Value::Bool(matches!(text.trim(), "1" | "true"))),
            Kind::Error => Some(Value::Error(self.error(raw, text.trim()))),
            Kind::Date => match iso::serial(text.trim(), self.date_system) {
                Some(serial) => Some(Value::Number(serial)),
                None => self.broken(raw.at, "holds no date where it should"),
            },
        })
    }

    /// Newer errors are written as `#VALUE!` with metadata, so that older programs can read the file.
    fn error(&mut self, raw: &RawCell, text: &str) -> CellError {
        let record = raw.metadata[1].checked_sub(1).and_then(|i| self.shared.metadata.errors.get(i));
        if let Some(error) = record.copied().flatten() {
            return error;
        }
        text.parse().unwrap_or_else(|()| {
            let place = self.place(raw.at);
            let shown: String = text.chars().take(40).collect();
            let message = format!("The error {shown:?} is not known; it is shown as {}.", CellError::Unknown);
            self.report.note(NoteKind::Broken, place, message);
            CellError::Unknown
        })
    }

    fn broken(&mut self, at: Cell, what: &str) -> Option<Value> {
        self.report.note(NoteKind::Broken, self.place(at), format!("The cell {what}; it is shown empty."));
        None
    }

    fn place(&self, at: Cell) -> String {
        format!("{}!{at}", formula::quote_sheet(&self.sheet.name))
    }

    fn formula(&mut self, raw: &RawCell, formula: &RawFormula, text: &str) {
        match formula.kind {
            FormulaKind::Normal => {
                let template = self.template(raw.at, text);
                self.sheet.set_formula(raw.at, Some(template));
            }
            FormulaKind::Shared => self.shared_formula(raw.at, formula.shared, text),
            FormulaKind::Array => self.array(raw, formula, text),
            FormulaKind::DataTable => match formula.data_table() {
                Some(table) => self.sheet.data_tables.push(table),
                None => drop(self.broken(raw.at, "belongs to a what-if table without a range")),
            },
        }
    }

    fn shared_formula(&mut self, at: Cell, number: u32, text: &str) {
        let template = if text.trim().is_empty() {
            match self.masters.get(&number) {
                Some(template) => *template,
                None => {
                    let message = "The cell shares a formula that is not in the file.";
                    self.report.note(NoteKind::Formula, self.place(at), message);
                    unreadable(&self.shared.names, self.templates)
                }
            }
        } else {
            let template = self.template(at, text);
            self.masters.insert(number, template);
            template
        };
        self.sheet.set_formula(at, Some(template));
    }

    fn array(&mut self, raw: &RawCell, formula: &RawFormula, text: &str) {
        let dynamic =
            raw.metadata[0].checked_sub(1).and_then(|i| self.shared.metadata.dynamic.get(i)).copied();
        let kind = if dynamic == Some(true) { ArrayKind::Dynamic } else { ArrayKind::Legacy };
        let rect = formula.area.filter(|rect| rect.first() == raw.at).unwrap_or(Rect::cell(raw.at));
        let template = self.template(raw.at, text);
        self.sheet.arrays.insert(raw.at, ArrayFormula { anchor: raw.at, rect, template, kind });
    }

    /// The template of a formula's text; an error, never the cached value, where it cannot be read.
    fn template(&mut self, at: Cell, text: &str) -> TemplateId {
        match self.formulas.template(text, at, &self.shared.names, self.templates) {
            Ok(template) => template,
            Err(error) => {
                let message = format!("The formula cannot be read: {error}. The cell shows #NAME?.");
                self.report.note(NoteKind::Formula, self.place(at), message);
                unreadable(&self.shared.names, self.templates)
            }
        }
    }

    /// The style that a number of the file means.
    pub fn style(&self, number: usize) -> Option<StyleId> {
        self.shared.styles.get(number).copied()
    }
}

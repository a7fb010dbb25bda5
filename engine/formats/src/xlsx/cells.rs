//! Cells of a sheet: values, formulas, styles. The hot path of loading.

use super::Shared;
use super::xml::{Element, unescape};
use crate::{LoadReport, NoteKind};
use formula::Mode;
use std::collections::HashMap;
use values::{Cell, CellError, DateSystem, Rect, Text, Value};
use workbook::{ArrayFormula, ArrayKind, DataTable, Sheet, StyleId, TemplateId, Templates};

/// What the sheet's reader gathers of one cell between its tags.
#[derive(Default)]
pub(crate) struct RawCell {
    at: Cell,
    style: usize,
    kind: Kind,
    metadata: usize,
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
    /// Reads the start tag.
    pub fn start(element: &Element<'_>) -> RawFormula {
        let mut raw = RawFormula::default();
        element.each(|name, value| match name {
            "t" => {
                raw.kind = match value {
                    "shared" => FormulaKind::Shared,
                    "array" => FormulaKind::Array,
                    "dataTable" => FormulaKind::DataTable,
                    _ => FormulaKind::Normal,
                }
            }
            "ref" => raw.area = value.parse().ok(),
            "si" => raw.shared = value.parse().unwrap_or(0),
            "dt2D" => raw.table[0] = matches!(value, "1" | "true"),
            "dtr" => raw.table[1] = matches!(value, "1" | "true"),
            "del1" => raw.table[2] = matches!(value, "1" | "true"),
            "del2" => raw.table[3] = matches!(value, "1" | "true"),
            "r1" => raw.inputs[0] = value.parse().ok(),
            "r2" => raw.inputs[1] = value.parse().ok(),
            _ => {}
        });
        raw
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
    pub fn start(&mut self, element: &Element<'_>, next: Cell) {
        (self.at, self.style, self.kind, self.metadata) = (next, 0, Kind::Number, 0);
        (self.has_value, self.formula) = (false, None);
        self.value.clear();
        element.each(|name, value| match name {
            "r" => self.at = value.parse().unwrap_or(next),
            "s" => self.style = value.parse().unwrap_or(0),
            "cm" => self.metadata = value.parse().unwrap_or(0),
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
        });
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
    pub report: &'a mut LoadReport,
    pub date_system: DateSystem,
    /// Shared formulas by their number.
    masters: HashMap<u32, TemplateId>,
    /// Formulas already seen, by what makes copies of them equal.
    known: HashMap<Vec<u8>, TemplateId>,
    key: Vec<u8>,
}

impl<'a> Cells<'a> {
    pub fn new(
        sheet: &'a mut Sheet,
        shared: &'a Shared<'a>,
        templates: &'a mut Templates,
        report: &'a mut LoadReport,
        date_system: DateSystem,
    ) -> Cells<'a> {
        let (masters, known) = (HashMap::new(), HashMap::new());
        Cells { sheet, shared, templates, report, date_system, masters, known, key: Vec::new() }
    }

    /// Puts a finished cell into the sheet.
    pub fn put(&mut self, raw: &mut RawCell) {
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
            && let Some(value) = self.value(raw)
        {
            self.sheet.grid.set(raw.at, value);
        }
        if let Some(formula) = raw.formula.take() {
            self.report.formulas += 1;
            let text = std::mem::take(&mut raw.formula_text);
            self.formula(raw, &formula, &text);
            raw.formula_text = text;
            raw.formula_text.clear();
        }
    }

    fn value(&mut self, raw: &RawCell) -> Option<Value> {
        let text = raw.value.as_str();
        match raw.kind {
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
            Kind::Text => Some(Value::Text(Text::from(&*unescape(text)))),
            Kind::Bool => Some(Value::Bool(matches!(text.trim(), "1" | "true"))),
            Kind::Error => Some(Value::Error(text.trim().parse().unwrap_or(CellError::Unknown))),
            Kind::Date => match iso_serial(text.trim(), self.date_system) {
                Some(serial) => Some(Value::Number(serial)),
                None => self.broken(raw.at, "holds no date where it should"),
            },
        }
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
                    self.unreadable()
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
            raw.metadata.checked_sub(1).and_then(|i| self.shared.dynamic.get(i)).copied().unwrap_or(false);
        let kind = if dynamic { ArrayKind::Dynamic } else { ArrayKind::Legacy };
        let rect = formula.area.filter(|rect| rect.first() == raw.at).unwrap_or(Rect::cell(raw.at));
        let template = self.template(raw.at, text);
        self.sheet.arrays.insert(raw.at, ArrayFormula { anchor: raw.at, rect, template, kind });
    }

    /// The template of a formula's text. A filled-down copy is found by its key without parsing.
    fn template(&mut self, at: Cell, text: &str) -> TemplateId {
        self.key.clear();
        formula::template_key(text, at, &mut self.key);
        if let Some(template) = self.known.get(&self.key) {
            return *template;
        }
        let template = match formula::parse(text, at, &self.shared.names, Mode::Workbook) {
            Ok(formula) => self.templates.intern(formula),
            Err(error) => {
                let message = format!("The formula cannot be read: {error}. The cell shows #NAME?.");
                self.report.note(NoteKind::Formula, self.place(at), message);
                return self.unreadable();
            }
        };
        self.known.insert(self.key.clone(), template);
        template
    }

    /// What stands for a formula that could not be read: an error, never its cached value.
    fn unreadable(&mut self) -> TemplateId {
        let name = CellError::Name.as_str();
        match formula::parse(name, Cell::default(), &self.shared.names, Mode::Workbook) {
            Ok(formula) => self.templates.intern(formula),
            Err(_) => TemplateId(0),
        }
    }
}

impl Cells<'_> {
    /// The style that a number of the file means.
    pub fn style(&self, number: usize) -> Option<StyleId> {
        self.shared.styles.get(number).copied()
    }
}

/// `2024-01-31`, with or without `T12:30:00.5` and a zone, which is dropped as Excel drops it.
fn iso_serial(text: &str, system: DateSystem) -> Option<f64> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let serial = system.serial(year, month, day)? as f64;
    let Some(time) = time else { return Some(serial) };
    let time = time.trim_end_matches('Z').split(['+', '-']).next()?;
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next().flatten().unwrap_or(0.0));
    let seconds = parts.next().flatten().unwrap_or(0.0);
    Some(serial + (hours * 3_600.0 + minutes * 60.0 + seconds) / 86_400.0)
}

//! What the workbook says of single cells: who reads them, what they hold, what they look like.

use app_definitions::model::ContentType;
use calc::{Ended, Model, Session, Wanted};
use functions::Environment;
use numfmt::{Format, Kind};
use std::sync::Arc;
use values::{Area, Cell, Rect, SheetId, Value};
use workbook::{CellStyle, Color, NameScope, Sheet, Validation, ValidationKind, Visibility, Workbook};

/// Units of work for calculating the workbook once: enough for what a person builds, not enough to keep anybody
/// waiting. Beyond it the values that the file had cached must do.
const WORK: u64 = 20_000_000;

/// The workbook with its graph, as the detectors ask it.
pub(crate) struct Facts<'a> {
    pub model: &'a Arc<Model>,
    pub workbook: &'a Workbook,
    /// The workbook calculated; `None` where that was too much work.
    calculated: Option<Session>,
    /// Cells that depend on themselves.
    pub circular: Vec<(SheetId, Cell)>,
}

/// How formulas read a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Readers {
    /// Formulas that refer to the cell itself or to a few cells.
    pub direct: u64,
    /// Formulas that refer to a range in which it is one of many.
    pub within: u64,
}

/// A range of more cells than this is data, not a handful of inputs.
const FEW_CELLS: u64 = 4;

impl<'a> Facts<'a> {
    /// Calculates the workbook and keeps what can be asked of it.
    pub fn new(model: &'a Arc<Model>) -> Facts<'a> {
        let mut session = Session::new(Arc::clone(model));
        session.invalidate();
        let environment = Environment { budget: WORK, ..Environment::default() };
        let report = session.recalculate(&environment, Wanted::All);
        let calculated = (report.ended == Ended::Done).then_some(session);
        Facts { model, workbook: model.workbook(), calculated, circular: report.circular }
    }

    /// The value of a cell, calculated where that was possible.
    pub fn value(&self, sheet: SheetId, cell: Cell) -> &Value {
        match &self.calculated {
            Some(session) => session.value(sheet, cell),
            None => self.workbook.value(sheet, cell),
        }
    }

    pub fn is_empty(&self, sheet: SheetId, cell: Cell) -> bool {
        matches!(self.value(sheet, cell), Value::Empty)
    }

    /// A text that stands in a cell, blanks around it left out; `None` where there is none.
    pub fn text(&self, sheet: SheetId, cell: Cell) -> Option<&str> {
        match self.value(sheet, cell) {
            Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    pub fn style(&self, sheet: SheetId, cell: Cell) -> &'a CellStyle {
        self.workbook.style(sheet, cell)
    }

    pub fn sheet(&self, sheet: SheetId) -> Option<&'a Sheet> {
        self.workbook.sheet(sheet)
    }

    pub fn sheet_name(&self, sheet: SheetId) -> &'a str {
        self.workbook.sheet(sheet).map_or("", |sheet| sheet.name.as_str())
    }

    /// The sheets that people see.
    pub fn visible_sheets(&self) -> impl Iterator<Item = (SheetId, &'a Sheet)> {
        self.workbook.sheets().filter(|(_, sheet)| sheet.visibility == Visibility::Visible)
    }

    /// The validation of a cell, if it asks for anything.
    pub fn validation(&self, sheet: SheetId, cell: Cell) -> Option<&'a Validation> {
        let validation = self.workbook.sheet(sheet)?.validation(cell);
        validation.filter(|validation| validation.kind != ValidationKind::Any)
    }

    pub fn is_formula(&self, sheet: SheetId, cell: Cell) -> bool {
        self.model.is_formula(sheet, cell)
    }

    /// Whether a cell is marked for entry: unlocked, validated, or looking like an input.
    pub fn is_marked(&self, sheet: SheetId, cell: Cell) -> bool {
        let style = self.style(sheet, cell);
        !self.is_formula(sheet, cell)
            && (!style.locked || self.validation(sheet, cell).is_some() || looks_like_input(style).is_some())
    }

    /// The defined name that means exactly this cell.
    pub fn name(&self, sheet: SheetId, cell: Cell) -> Option<&'a str> {
        let wanted = Area::cell(sheet, cell);
        let means = |name: &&workbook::DefinedName| {
            let root = name.formula.as_ref().map(|formula| formula.node(formula.root()));
            let area = match root {
                Some(formula::Node::Ref(reference)) => reference.area(SheetId(0), Cell::default()),
                _ => None,
            };
            // A name of one sheet means something only there; apps look names up from everywhere.
            !name.hidden && name.scope == NameScope::Workbook && area == Some(wanted)
        };
        self.workbook.names.iter().find(means).map(|name| name.name.as_str())
    }

    /// How formulas read a cell.
    pub fn readers(&self, sheet: SheetId, cell: Cell) -> Readers {
        let mut readers = Readers::default();
        for reader in self.model.readers(Area::cell(sheet, cell)) {
            let reads = self.model.precedents(reader.sheet, reader.rect.first());
            let smallest = reads
                .iter()
                .filter(|area| area.sheet == sheet && area.rect.contains(cell))
                .map(|area| area.rect.count())
                .min();
            match smallest {
                Some(count) if count <= FEW_CELLS => readers.direct += reader.rect.count(),
                _ => readers.within += reader.rect.count(),
            }
        }
        readers
    }

    /// A few of the formulas that read a cell, as a person writes their places.
    pub fn reader_names(&self, sheet: SheetId, cell: Cell) -> Vec<String> {
        let readers = self.model.readers(Area::cell(sheet, cell));
        let name = |reader: &calc::Reader| {
            if reader.sheet == sheet {
                reader.rect.to_string()
            } else {
                self.workbook.address(Area { sheet: reader.sheet, rect: reader.rect })
            }
        };
        readers.iter().take(3).map(name).collect()
    }

    /// What kind of content a cell has: by its number format, then by its validation, then by its value.
    pub fn content(&self, sheet: SheetId, cell: Cell) -> ContentType {
        let code = &self.style(sheet, cell).number_format;
        let value = self.value(sheet, cell);
        let whole = matches!(value, Value::Number(number) if number.fract() == 0.0);
        let is_formula = self.is_formula(sheet, cell);
        let format = Format::parse(code).unwrap_or_else(|_| Format::general());
        let rule = self.validation(sheet, cell).map(|validation| validation.kind);
        match (format.kind(), rule, value) {
            (Kind::Currency | Kind::Accounting, ..) => ContentType::Currency,
            (Kind::Percent, ..) => ContentType::Percent,
            (Kind::Date, ..) => ContentType::Date,
            (Kind::Time, ..) => ContentType::Time,
            (Kind::DateTime, ..) => ContentType::DateTime,
            (Kind::Duration, ..) => ContentType::Duration,
            (_, _, Value::Text(_)) => ContentType::Text,
            (_, _, Value::Bool(_)) => ContentType::Boolean,
            (Kind::Number, ..) if format.class().decimals > 0 => ContentType::Decimal,
            (Kind::Number, ..) => ContentType::Integer,
            (_, Some(ValidationKind::Date), _) => ContentType::Date,
            (_, Some(ValidationKind::Time), _) => ContentType::Time,
            (_, Some(ValidationKind::Whole), _) => ContentType::Integer,
            (_, Some(ValidationKind::Decimal), _) => ContentType::Decimal,
            (_, _, Value::Number(_)) if whole && !is_formula => ContentType::Integer,
            (_, _, Value::Number(_)) => ContentType::Decimal,
            _ => ContentType::Text,
        }
    }
}

/// Whether a style is how modellers mark what may be changed: the style `Input`, blue figures, a pale yellow,
/// orange or blue ground.
pub(crate) fn looks_like_input(style: &CellStyle) -> Option<&'static str> {
    if style.named_style.as_ref().is_some_and(|name| name.eq_ignore_ascii_case("input")) {
        return Some("has the style Input");
    }
    let blue =
        |c: Color| c.blue > 120 && c.blue > c.red.saturating_add(60) && c.blue > c.green.saturating_add(30);
    if style.font.color.is_some_and(blue) && !style.font.bold {
        return Some("is written in blue");
    }
    let pale = |c: Color| {
        let light = u16::from(c.red) + u16::from(c.green) + u16::from(c.blue) > 600;
        let tinted = c.red.abs_diff(c.blue) > 20;
        light && tinted
    };
    style.fill.filter(|fill| pale(*fill) && !style.font.bold).map(|_| "stands on a coloured ground")
}

/// Whether text is styled as a heading.
pub(crate) fn looks_like_heading(style: &CellStyle) -> bool {
    let named = style.named_style.as_ref();
    named.is_some_and(|name| name.starts_with("Heading") || name.as_str() == "Title")
        || style.font.bold
        || style.font.size_pt > 12.5
}

/// Whether text is styled as the name of a whole sheet.
pub(crate) fn looks_like_title(style: &CellStyle) -> bool {
    let named = style.named_style.as_ref();
    named.is_some_and(|name| matches!(name.as_str(), "Title" | "Heading 1")) || style.font.size_pt >= 14.0
}

/// Whether one of some rectangles covers a cell.
pub(crate) fn within(areas: &[(SheetId, Rect)], sheet: SheetId, cell: Cell) -> bool {
    areas.iter().any(|(on, rect)| *on == sheet && rect.contains(cell))
}

//! What the workbook says of single cells: who reads them, what stands beside them, what they look like.

use app_definitions::model::{ContentType, LabelAt};
use calc::Model;
use numfmt::{Format, Kind};
use std::sync::Arc;
use values::{Area, Cell, Rect, SheetId, Value};
use workbook::{CellStyle, Color, Side, Validation, Workbook};

/// The workbook with its graph, as the detectors ask it.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub model: &'a Arc<Model>,
    pub workbook: &'a Workbook,
}

/// What a cell is called, and where it says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub text: String,
    /// Where the text stands; `None` where the caption comes from a name.
    pub at: Option<LabelAt>,
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
    pub fn new(model: &'a Arc<Model>) -> Facts<'a> {
        Facts { model, workbook: model.workbook() }
    }

    pub fn value(&self, sheet: SheetId, cell: Cell) -> &'a Value {
        self.workbook.value(sheet, cell)
    }

    pub fn style(&self, sheet: SheetId, cell: Cell) -> &'a CellStyle {
        self.workbook.style(sheet, cell)
    }

    pub fn sheet_name(&self, sheet: SheetId) -> &'a str {
        self.workbook.sheet(sheet).map_or("", |sheet| sheet.name.as_str())
    }

    pub fn validation(&self, sheet: SheetId, cell: Cell) -> Option<&'a Validation> {
        self.workbook.sheet(sheet)?.validation(cell)
    }

    pub fn is_formula(&self, sheet: SheetId, cell: Cell) -> bool {
        self.model.is_formula(sheet, cell)
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
            !name.hidden && area == Some(wanted)
        };
        self.workbook.names.iter().find(means).map(|name| name.name.as_str())
    }

    /// What a cell is called: the text to its left, else above it, else its name in words.
    pub fn label(&self, sheet: SheetId, cell: Cell) -> Option<Label> {
        let beside = |side| self.workbook.label(sheet, cell, side).map(|(at, text)| (at, caption(text)));
        let left = beside(Side::Left);
        let above = beside(Side::Above);
        let label = match (left, above) {
            // A label right above wins over one that is further away to the left.
            (Some((l, _)), Some((a, text)))
                if cell.row.0 - a.row.0 == 1 && cell.col.0 - l.col.0 > 1 && !text.is_empty() =>
            {
                Some((LabelAt::Above, text))
            }
            (Some((_, text)), _) if !text.is_empty() => Some((LabelAt::Left, text)),
            (_, Some((_, text))) if !text.is_empty() => Some((LabelAt::Above, text)),
            _ => None,
        };
        match label {
            Some((at, text)) => Some(Label { text, at: Some(at) }),
            None => self.name(sheet, cell).map(|name| Label { text: in_words(name), at: None }),
        }
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

    /// What kind of content a cell has, by its number format, then by its value.
    pub fn content(&self, sheet: SheetId, cell: Cell) -> ContentType {
        let code = &self.style(sheet, cell).number_format;
        let value = self.value(sheet, cell);
        let whole = matches!(value, Value::Number(number) if number.fract() == 0.0);
        let is_formula = self.is_formula(sheet, cell);
        let format = Format::parse(code).unwrap_or_else(|_| Format::general());
        match (format.kind(), value) {
            (Kind::Currency | Kind::Accounting, _) => ContentType::Currency,
            (Kind::Percent, _) => ContentType::Percent,
            (Kind::Date, _) => ContentType::Date,
            (Kind::Time, _) => ContentType::Time,
            (Kind::DateTime, _) => ContentType::DateTime,
            (Kind::Duration, _) => ContentType::Duration,
            (_, Value::Bool(_)) => ContentType::Boolean,
            (Kind::Number, _) if format.class().decimals > 0 => ContentType::Decimal,
            (Kind::Number, _) => ContentType::Integer,
            (_, Value::Number(_)) if whole && !is_formula => ContentType::Integer,
            (_, Value::Number(_)) => ContentType::Decimal,
            _ => ContentType::Text,
        }
    }
}

/// A label as a caption: without a colon or spaces at its end; nothing where it is more a sentence than a name.
pub(crate) fn caption(text: &str) -> String {
    let text = text.trim().trim_end_matches([':', '=', '…']).trim();
    if text.chars().count() > 60 || text.contains('\n') { String::new() } else { text.to_owned() }
}

/// `Monthly_Payment` and `monthlyPayment` as words.
pub(crate) fn in_words(name: &str) -> String {
    let mut words = String::new();
    let mut before_lower = false;
    for c in name.chars() {
        if c == '_' || c == '.' {
            words.push(' ');
        } else {
            if c.is_uppercase() && before_lower {
                words.push(' ');
                words.extend(c.to_lowercase());
            } else {
                words.push(c);
            }
        }
        before_lower = c.is_lowercase();
    }
    words.trim().to_owned()
}

/// Whether a style is how modellers mark what may be changed: the style `Input`, blue figures, a pale yellow,
/// orange or blue ground.
pub(crate) fn looks_like_input(style: &CellStyle) -> Option<&'static str> {
    if style.named_style.as_ref().is_some_and(|name| name.eq_ignore_ascii_case("input")) {
        return Some("has the style Input");
    }
    let blue = |c: Color| c.blue > 120 && c.blue > c.red.saturating_add(60) && c.blue > c.green.saturating_add(30);
    if style.font.color.is_some_and(blue) && !style.font.bold {
        return Some("is written in blue");
    }
    let pale = |c: Color| {
        let light = u16::from(c.red) + u16::from(c.green) + u16::from(c.blue) > 600;
        let tinted = c.red.abs_diff(c.blue) > 20;
        light && tinted
    };
    style.fill.filter(|fill| pale(*fill)).map(|_| "stands on a coloured ground")
}

/// Whether text is styled as a heading.
pub(crate) fn looks_like_heading(style: &CellStyle) -> bool {
    let named = style.named_style.as_ref();
    named.is_some_and(|name| name.starts_with("Heading") || name.as_str() == "Title")
        || style.font.bold
        || style.font.size_pt > 12.5
}

/// Whether a rectangle covers a cell.
pub(crate) fn within(areas: &[(SheetId, Rect)], sheet: SheetId, cell: Cell) -> bool {
    areas.iter().any(|(on, rect)| *on == sheet && rect.contains(cell))
}

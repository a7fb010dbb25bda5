//! Pivot tables of .ods: which fields are on which side. What their lines show is told by the headings in the cells.
//!
//! Source: OASIS OpenDocument 1.3, part 3, 9.6 (`table:data-pilot-table` and the elements in it).

use super::formula::places;
use crate::LoadError;
use crate::package::PartReader;
use crate::pivots::{Headings, Left, Side};
use crate::xml::{Element, Xml};
use std::sync::Arc;
use values::{Cell, Rect, Text, Value};
use workbook::{
    PivotAxis, PivotAxisField, PivotField, PivotItem, PivotLayout, PivotLineKind, PivotTable, PivotValue,
    Sheet,
};

/// Pivot tables, and fields of one, beyond which a file is none that a person made.
const MOST_TABLES: usize = 4_096;
const MOST_FIELDS: usize = 1_024;
/// Rows of the labels at the left in which names of values are looked for, and cells in all.
const ROWS_LOOKED_AT: u32 = 1_000;
const CELLS_LOOKED_AT: usize = 16_384;

/// A pivot table as the file has it.
#[derive(Default)]
pub(super) struct RawPivot {
    name: String,
    /// The cells it fills, filters included.
    target: String,
    /// The cells that show the names of its fields.
    buttons: String,
    fields: Vec<RawField>,
}

/// Where a field is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Orientation {
    #[default]
    Hidden,
    Row,
    Column,
    Page,
    Data,
}

#[derive(Default)]
struct RawField {
    source: String,
    caption: Option<String>,
    orientation: Orientation,
    /// Whether it stands for the fields of values.
    is_values: bool,
    function: String,
    /// The chosen item of a filter.
    page: Option<String>,
    /// Its items, and whether each is shown.
    members: Vec<(String, bool)>,
    /// Whether its items have lines of their own above what is nested in them.
    outlined: bool,
    totals: Vec<String>,
}

/// Reads the pivot tables whose common element has begun; `left` bounds the items of all of them.
pub(super) fn read(
    xml: &mut PartReader<'_, '_>,
    pivots: &mut Vec<RawPivot>,
    left: &mut Left,
) -> Result<(), LoadError> {
    loop {
        match xml.next()? {
            Xml::Start(element) => {
                let text = |name: &str| element.attr(name).unwrap_or_default().into_owned();
                let field = pivots.last_mut().and_then(|pivot| pivot.fields.last_mut());
                match (element.name(), field) {
                    ("data-pilot-table", _) => pivots.push(RawPivot {
                        name: text("name"),
                        target: text("target-range-address"),
                        buttons: text("buttons"),
                        fields: Vec::new(),
                    }),
                    ("data-pilot-field", _) => {
                        if let Some(pivot) = pivots.last_mut() {
                            pivot.fields.push(new_field(&element));
                        }
                    }
                    ("data-pilot-subtotal", Some(field)) if field.totals.len() < MOST_FIELDS => {
                        field.totals.push(text("function"));
                    }
                    ("data-pilot-member", Some(field)) => {
                        if !left.take(1) {
                            return Err(too_large());
                        }
                        let shown = element.attr("display-name").map(|name| name.into_owned());
                        let name = shown.unwrap_or_else(|| text("name"));
                        field.members.push((name, element.flag("display", true)));
                    }
                    ("data-pilot-layout-info", Some(field)) => {
                        field.outlined = text("layout-mode") == "outline-subtotals-top";
                    }
                    _ => {}
                }
                break_at_limits(pivots)?;
            }
            Xml::End(end) if end.name() == "data-pilot-tables" => return Ok(()),
            Xml::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn too_large() -> LoadError {
    LoadError::TooLarge { what: "the number of its pivot tables' fields", limit: MOST_FIELDS as u64 }
}

fn break_at_limits(pivots: &[RawPivot]) -> Result<(), LoadError> {
    let fields = pivots.last().map_or(0, |pivot| pivot.fields.len());
    if pivots.len() > MOST_TABLES || fields > MOST_FIELDS { Err(too_large()) } else { Ok(()) }
}

fn new_field(element: &Element<'_>) -> RawField {
    let text = |name: &str| element.attr(name).map(|text| text.into_owned());
    RawField {
        source: text("source-field-name").unwrap_or_default(),
        caption: text("display-name").filter(|caption| !caption.is_empty()),
        orientation: match element.attr("orientation").as_deref() {
            Some("row") => Orientation::Row,
            Some("column") => Orientation::Column,
            Some("page") => Orientation::Page,
            Some("data") => Orientation::Data,
            _ => Orientation::Hidden,
        },
        is_values: element.flag("is-data-layout-field", false),
        function: text("function").unwrap_or_default(),
        // Where several may be chosen, what was chosen when it was one alone is still there.
        page: text("selected-page").filter(|_| !element.flag("ignore-selected-page", false)),
        ..RawField::default()
    }
}

impl RawPivot {
    /// The name of the sheet that it is on.
    pub fn sheet(&self) -> Option<String> {
        places(&self.target).next()?.0
    }

    /// The pivot table, by what its sheet shows; `None` where that does not tell its lines.
    pub fn finish(&self, sheet: &Sheet, left: &mut Left) -> Option<PivotTable> {
        let mut corners = places(&self.target).filter_map(|(_, cell)| cell.parse::<Cell>().ok());
        let first = corners.next()?;
        let area = Rect::new(first, corners.next().unwrap_or(first));
        let mut values = self.values();
        let [rows, columns] =
            [Orientation::Row, Orientation::Column].map(|side| self.nested(side, values.len()));
        let labels = self.labels(area, rows.len(), columns.len())?;
        self.call_as_shown(&mut values, sheet, area, labels);
        let mut fields: Vec<PivotField> = self.fields.iter().map(RawField::finish).collect();
        let headings = Headings { sheet, area, labels };
        let mut axis = |side: Side, nested: Vec<PivotAxisField>| {
            if nested.is_empty() {
                let mut axis = PivotAxis::new(nested);
                axis.push(PivotLineKind::Items, 0, &[], 0);
                return Some(axis);
            }
            headings.lines(side, &nested, &mut fields, &values, left)
        };
        let (rows, columns) = (axis(Side::Rows, rows)?, axis(Side::Columns, columns)?);
        let layout =
            PivotLayout { fields, rows, columns, filters: self.filters(), values, shown_for_nothing: None };
        let name = Text::from(self.name.as_str());
        // The area has the filters in it.
        Some(PivotTable { name, area, labels, filters: (0, 0), layout: Arc::new(layout) })
    }

    fn values(&self) -> Vec<PivotValue> {
        let data = (0..).zip(&self.fields).filter(|(_, field)| field.orientation == Orientation::Data);
        data.map(|(place, field)| PivotValue { caption: field.value_caption(), field: place }).collect()
    }

    /// Values without a name of their own are called `Sum - Sales` in the language of the program.
    fn call_as_shown(&self, values: &mut [PivotValue], sheet: &Sheet, area: Rect, labels: (u32, u16)) {
        let Some(used) = sheet.grid.used().and_then(|used| used.intersection(area)) else { return };
        let top = (area.top.0..=used.bottom.0.min(area.top.0.saturating_add(labels.0)))
            .flat_map(|row| (used.left.0..=used.right.0).map(move |col| Cell::new(row, col)));
        let last_label = used.right.0.min(area.left.0.saturating_add(labels.1));
        let at_left = (used.top.0..=used.bottom.0.min(used.top.0.saturating_add(ROWS_LOOKED_AT)))
            .flat_map(|row| (area.left.0..=last_label).map(move |col| Cell::new(row, col)));
        let text = |at: Cell| match sheet.grid.get(at) {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        let looked_at = top.chain(at_left).take(CELLS_LOOKED_AT);
        let mut shown: Vec<Text> = looked_at.filter_map(text).filter(|text| text.contains(" - ")).collect();
        shown.dedup();
        for value in values.iter_mut() {
            let Some(field) = self.fields.get(value.field as usize) else { continue };
            if field.caption.is_some() || shown.contains(&value.caption) {
                continue;
            }
            let is_it =
                |text: &Text| text.strip_suffix(field.source.as_str()).is_some_and(|r| r.ends_with(" - "));
            if let Some(place) = shown.iter().position(is_it) {
                value.caption = shown.remove(place);
            }
        }
    }

    /// What is nested on a side. One field of values alone needs no place.
    fn nested(&self, side: Orientation, values: usize) -> Vec<PivotAxisField> {
        let on_side = (0..).zip(&self.fields).filter(|(_, field)| field.orientation == side);
        let nested = on_side.filter_map(|(place, field)| match (field.is_values, values) {
            (false, _) => Some(PivotAxisField::Field(place)),
            (true, 0 | 1) => None,
            (true, _) => Some(PivotAxisField::Values),
        });
        nested.collect()
    }

    /// How many rows and columns the labels take. The names of the row fields stand right above the values' rows,
    /// those of the column fields above the labels of the columns.
    fn labels(&self, area: Rect, rows: usize, columns: usize) -> Option<(u32, u16)> {
        let buttons = || places(&self.buttons).filter_map(|(_, cell)| cell.parse::<Cell>().ok());
        let last = buttons().map(|cell| cell.row).max();
        let down = |rows: usize| {
            let last = last?.0.checked_sub(area.top.0)?;
            last.checked_add(1)?.checked_add(u32::try_from(rows).ok()?)
        };
        if rows > 0 {
            // Fields that share a column of labels have one name together, or none.
            let width = u16::try_from(rows).ok()?;
            let right = area.left.0.saturating_add(width);
            let is_name = |cell: &Cell| Some(cell.row) == last && (area.left.0..right).contains(&cell.col.0);
            return (buttons().filter(is_name).count() == rows).then_some((down(0)?, width));
        }
        if columns > 0 {
            let first = buttons().filter(|cell| Some(cell.row) == last).map(|cell| cell.col).min()?;
            return Some((down(columns)?, first.0.checked_sub(area.left.0)?));
        }
        // One value alone, below its name.
        Some((area.bottom.0 - area.top.0, area.right.0 - area.left.0))
    }

    fn filters(&self) -> Vec<(u32, Option<u32>)> {
        let pages = (0..).zip(&self.fields).filter(|(_, field)| field.orientation == Orientation::Page);
        pages.map(|(place, field)| (place, field.chosen())).collect()
    }
}

impl RawField {
    fn finish(&self) -> PivotField {
        let item = |name: &str| PivotItem { caption: None, value: Value::text(name), part: None };
        let is_used = !matches!(self.orientation, Orientation::Hidden | Orientation::Data);
        let members = self.members.iter().filter(|_| is_used && !self.is_values);
        let mut items: Vec<PivotItem> = members.map(|(name, _)| item(name)).collect();
        if self.members.is_empty() && self.orientation == Orientation::Page {
            items.extend(self.page.as_deref().map(item));
        }
        let source = Text::from(self.source.as_str());
        let caption = self.caption.as_ref().filter(|_| self.orientation != Orientation::Data);
        PivotField {
            caption: caption.map_or_else(|| source.clone(), |caption| Text::from(caption.as_str())),
            source,
            totals_above: self.outlined && self.totals.iter().map(String::as_str).eq(["auto"]),
            items,
        }
    }

    /// The number of the item that a filter chooses, where it is one.
    fn chosen(&self) -> Option<u32> {
        let mut shown =
            (0..).zip(&self.members).filter(|(_, (_, is_shown))| *is_shown).map(|(place, _)| place);
        match &self.page {
            Some(_) if self.members.is_empty() => Some(0),
            Some(page) => {
                (0..).zip(&self.members).find(|(_, (name, _))| name == page).map(|(place, _)| place)
            }
            None => shown.next().filter(|_| shown.next().is_none() && self.members.len() > 1),
        }
    }

    /// What a field of values is called where the file does not say so.
    fn value_caption(&self) -> Text {
        let function = match &*self.function {
            "average" => "Average",
            "count" | "countnums" => "Count",
            "max" => "Max",
            "min" => "Min",
            "product" => "Product",
            "stdev" => "StDev",
            "stdevp" => "StDevP",
            "var" => "Var",
            "varp" => "VarP",
            "median" => "Median",
            _ => "Sum",
        };
        let caption = || format!("{function} - {}", self.source);
        Text::from(self.caption.clone().unwrap_or_else(caption))
    }
}

//! Pivot tables of .ods: which fields are on which side. What their lines show is told by the headings in the cells.
//!
//! Source: OASIS OpenDocument 1.3, part 3, 9.6 (`table:data-pilot-table` and the elements in it).

use super::formula::places;
use crate::LoadError;
use crate::package::PartReader;
use crate::pivots::{Cache, CacheField, Left, MOST_FIELDS, RawField, RawTable};
use crate::xml::{Element, Xml};
use std::sync::Arc;
use values::{Cell, Rect, Text, Value};
use workbook::{PivotAxis, PivotAxisField, PivotTable, PivotValue, Sheet};

/// Pivot tables beyond which a file is none that a person made.
const MOST_TABLES: usize = 4_096;
/// Rows of the labels at the left in which names of values are looked for, and cells in all.
const ROWS_LOOKED_AT: u32 = 1_000;
const CELLS_LOOKED_AT: usize = 16_384;

/// A pivot table as the file has it.
#[derive(Default)]
pub(super) struct DataPilot {
    name: String,
    /// The cells it fills, filters included.
    target: String,
    /// The cells that show the names of its fields.
    buttons: String,
    fields: Vec<DataPilotField>,
    /// More than any honest pivot table has.
    is_too_large: bool,
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
struct DataPilotField {
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
    pivots: &mut Vec<DataPilot>,
    left: &mut Left,
) -> Result<(), LoadError> {
    loop {
        match xml.next()? {
            Xml::Start(element) => {
                if element.name() == "data-pilot-table" && pivots.len() == MOST_TABLES {
                    let limit = MOST_TABLES as u64;
                    return Err(LoadError::TooLarge { what: "the number of its pivot tables", limit });
                }
                take(&element, pivots, left);
            }
            Xml::End(end) if end.name() == "data-pilot-tables" => return Ok(()),
            Xml::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Takes an element; those inside belong to the one that came before.
fn take(element: &Element<'_>, pivots: &mut Vec<DataPilot>, left: &mut Left) {
    let text = |name: &str| element.attr(name).unwrap_or_default().into_owned();
    if element.name() == "data-pilot-table" {
        return pivots.push(DataPilot {
            name: text("name"),
            target: text("target-range-address"),
            buttons: text("buttons"),
            ..DataPilot::default()
        });
    }
    let Some(pivot) = pivots.last_mut().filter(|pivot| !pivot.is_too_large) else { return };
    match (element.name(), pivot.fields.last_mut()) {
        ("data-pilot-field", _) => {
            pivot.fields.push(new_field(element));
            pivot.is_too_large = pivot.fields.len() > MOST_FIELDS;
        }
        ("data-pilot-subtotal", Some(field)) => {
            pivot.is_too_large = !left.take(1);
            field.totals.push(text("function"));
        }
        ("data-pilot-member", Some(field)) => {
            pivot.is_too_large = !left.take(1);
            let shown = element.attr("display-name").map(|name| name.into_owned());
            field.members.push((shown.unwrap_or_else(|| text("name")), element.flag("display", true)));
        }
        ("data-pilot-layout-info", Some(field)) => {
            field.outlined = text("layout-mode") == "outline-subtotals-top";
        }
        _ => {}
    }
}

fn new_field(element: &Element<'_>) -> DataPilotField {
    let text = |name: &str| element.attr(name).map(|text| text.into_owned());
    DataPilotField {
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
        ..DataPilotField::default()
    }
}

impl DataPilot {
    /// The name of the sheet that it is on.
    pub fn sheet(&self) -> Option<String> {
        places(&self.target).next()?.0
    }

    /// The pivot table, by what its sheet shows; `None` where that does not tell its lines.
    pub fn finish(&self, sheet: &Sheet, left: &mut Left) -> Option<PivotTable> {
        if self.is_too_large {
            return None;
        }
        let mut corners = places(&self.target).filter_map(|(_, cell)| cell.parse::<Cell>().ok());
        let first = corners.next()?;
        let area = Rect::new(first, corners.next().unwrap_or(first));
        let mut values = self.values();
        let [rows, columns] =
            [Orientation::Row, Orientation::Column].map(|side| self.nested(side, values.len()));
        let labels = self.labels(area, rows.len(), columns.len())?;
        self.call_as_shown(&mut values, sheet, area, labels, left)?;
        let table = RawTable {
            name: Text::from(self.name.as_str()),
            area: Some(area),
            labels,
            // The area has the filters in it.
            pages: (0, 0),
            fields: self.fields.iter().map(DataPilotField::raw).collect(),
            rows: PivotAxis::new(rows),
            columns: PivotAxis::new(columns),
            filters: self.filters(),
            values,
            shown_for_nothing: None,
        };
        let fields = self.fields.iter().map(DataPilotField::remembered).map(Arc::new).collect();
        table.finish(&Cache { fields }, sheet, left)
    }

    fn values(&self) -> Vec<PivotValue> {
        let data = (0..).zip(&self.fields).filter(|(_, field)| field.orientation == Orientation::Data);
        data.map(|(place, field)| PivotValue { caption: field.value_caption(), field: place }).collect()
    }

    /// Values without a name of their own are called `Sum - Sales` in the language of the program. `None` where there
    /// is more to compare than in any honest pivot table.
    fn call_as_shown(
        &self,
        values: &mut [PivotValue],
        sheet: &Sheet,
        area: Rect,
        labels: (u32, u16),
        left: &mut Left,
    ) -> Option<()> {
        let Some(used) = sheet.grid.used().and_then(|used| used.intersection(area)) else { return Some(()) };
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
            if field.caption.is_some() {
                continue;
            }
            if !left.take(shown.len()) {
                return None;
            }
            if shown.contains(&value.caption) {
                continue;
            }
            let is_it =
                |text: &Text| text.strip_suffix(field.source.as_str()).is_some_and(|r| r.ends_with(" - "));
            if let Some(place) = shown.iter().position(is_it) {
                value.caption = shown.remove(place);
            }
        }
        Some(())
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

impl DataPilotField {
    /// The field as the pivot table lists it: its items are all that the file tells, in their order.
    fn raw(&self) -> RawField {
        let caption = self.caption.as_deref().filter(|_| self.orientation != Orientation::Data);
        RawField {
            caption: caption.map(Text::from),
            totals_above: self.outlined && self.totals.iter().map(String::as_str).eq(["auto"]),
            items: (0..).zip(self.items()).map(|(place, _)| (None, Some(place))).collect(),
        }
    }

    /// What the file tells of the data of the field.
    fn remembered(&self) -> CacheField {
        let mut field = CacheField { name: Text::from(self.source.as_str()), ..CacheField::default() };
        self.items().for_each(|item| field.push(Value::text(item), None));
        field
    }

    /// The names of its items: of a filter that lists none the chosen one.
    fn items(&self) -> impl Iterator<Item = &str> {
        let members = self.members.iter().filter(|_| !self.is_values).map(|(name, _)| name.as_str());
        let is_bare = self.members.is_empty() && self.orientation == Orientation::Page;
        members.chain(self.page.as_deref().filter(|_| is_bare))
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

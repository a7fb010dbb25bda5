//! Pivot tables: where they stand, and what each of their rows and columns shows. Their values are the sheet's cells.
//!
//! The model is what asking for a value needs. Nothing here groups or sums records: a pivot table shows what it showed
//! when the file was saved.

use std::sync::Arc;
use values::{Cell, Col, Rect, Row, Text, Value};

/// A pivot table of a sheet.
#[derive(Clone, Debug)]
pub struct PivotTable {
    /// Its name.
    pub name: Text,
    /// All of its cells but those of the filters above it.
    pub area: Rect,
    /// How many rows and columns the labels take at the top and at the left of the area.
    pub labels: (u32, u16),
    /// How many rows above the area the filters take with the empty row below them, and how many columns.
    pub filters: (u32, u16),
    /// What its rows and columns show.
    pub layout: Arc<PivotLayout>,
}

/// What a pivot table shows.
#[derive(Clone, Debug, Default)]
pub struct PivotLayout {
    /// All of its fields, by the numbers that the rest refers to.
    pub fields: Vec<PivotField>,
    /// The rows with values from top to bottom.
    pub rows: PivotAxis,
    /// The columns with values from left to right.
    pub columns: PivotAxis,
    /// The filters above it: the number of a field, and the item that is chosen, `None` for several or all.
    pub filters: Vec<(u32, Option<u32>)>,
    /// What it sums, counts and so on.
    pub values: Vec<PivotValue>,
    /// What its cells show in the place of nothing, if it says so.
    pub shown_for_nothing: Option<Text>,
}

/// A field of a pivot table.
#[derive(Clone, Debug, Default)]
pub struct PivotField {
    /// What it is called in the pivot table.
    pub caption: Text,
    /// What it is called in the data.
    pub source: Text,
    /// Whether the headings of its groups show what the groups come to.
    pub totals_above: bool,
    /// Its items in the order of the pivot table; empty where it is neither on an axis nor a filter.
    pub items: Vec<PivotItem>,
}

/// An item of a field.
#[derive(Clone, Debug)]
pub struct PivotItem {
    /// What it is called in the pivot table, where that is not its value.
    pub caption: Option<Text>,
    /// Its value in the data; empty for records without one.
    pub value: Value,
    /// The number of a part of a year or day, for dates that are grouped so: 3 for March.
    pub part: Option<u32>,
}

/// A field of values.
#[derive(Clone, Debug)]
pub struct PivotValue {
    /// What it is called in the pivot table: `Sum of Sales`.
    pub caption: Text,
    /// The number of the field that it is made of.
    pub field: u32,
}

/// What stands on an axis at one place, from the outermost inwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PivotAxisField {
    /// The items of a field.
    Field(u32),
    /// The fields of values, where there are several.
    Values,
}

/// The rows or the columns of a pivot table.
#[derive(Clone, Debug, Default)]
pub struct PivotAxis {
    /// What is nested, from the outermost inwards.
    pub fields: Vec<PivotAxisField>,
    lines: Vec<PivotLine>,
    items: Vec<u32>,
}

/// In the place of an item, where an outer item is collapsed: the line shows what that one comes to. Source: lines of
/// pivot tables that Excel wrote.
const COLLAPSED: u32 = 0x0010_0100;

/// Whether a line shows single items or what they come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PivotLineKind {
    /// Items of all fields, or of the outer ones only: a heading, which may show what those below it come to.
    Items,
    /// What the items of the outer fields come to.
    Subtotal,
    /// What everything comes to.
    GrandTotal,
    /// Nothing.
    Blank,
}

/// A row or a column.
#[derive(Clone, Copy, Debug)]
struct PivotLine {
    kind: PivotLineKind,
    /// Where its items begin in the axis' list, and how many there are.
    start: u32,
    len: u16,
    /// Which field of values it shows.
    value: u32,
}

/// A cell of a pivot table that shows what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PivotPlace {
    /// The cell.
    pub cell: Cell,
    /// Whether it is in the heading of a group that is not known to show a value.
    pub is_heading: bool,
}

impl PivotTable {
    /// Whether a cell belongs to it, filters included.
    pub fn contains(&self, cell: Cell) -> bool {
        let (rows, cols) = self.filters;
        let filters = Rect {
            top: Row(self.area.top.0.saturating_sub(rows)),
            bottom: self.area.top,
            left: self.area.left,
            right: Col(self.area.left.0.saturating_add(cols.max(1) - 1)),
        };
        self.area.contains(cell) || rows > 0 && filters.contains(cell)
    }

    /// The cell that shows a field of values for exactly these items of fields, or what they come to. Items of fields
    /// that are filters must be the chosen ones. `None` where the pivot table shows no such cell.
    pub fn place(&self, value: u32, wanted: &[(u32, u32)]) -> Option<PivotPlace> {
        let PivotLayout { rows, columns, filters, .. } = &*self.layout;
        let (mut in_rows, mut in_columns) = (Vec::new(), Vec::new());
        for pair @ (field, item) in wanted {
            if rows.has(*field) {
                in_rows.push(*pair);
            } else if columns.has(*field) {
                in_columns.push(*pair);
            } else if !filters.contains(&(*field, Some(*item))) {
                return None;
            }
        }
        let (row, in_heading_row) = rows.line(&in_rows, value)?;
        let (col, in_heading_column) = columns.line(&in_columns, value)?;
        let rows_down = i64::from(self.labels.0) + i64::from(row);
        let cols_right = i64::from(self.labels.1) + i64::from(col);
        let cell = self.area.first().moved(rows_down, cols_right)?;
        let shows_total = |outer: Option<PivotAxisField>| match outer {
            Some(PivotAxisField::Field(field)) => {
                self.layout.fields.get(field as usize).is_some_and(|field| field.totals_above)
            }
            _ => false,
        };
        let is_bare = |heading: Option<PivotAxisField>| heading.is_some() && !shows_total(heading);
        let is_heading = is_bare(in_heading_row) || is_bare(in_heading_column);
        self.area.contains(cell).then_some(PivotPlace { cell, is_heading })
    }
}

impl PivotLayout {
    /// The number of a field of values by its name: that of the pivot table before that of the data.
    pub fn value(&self, name: &str) -> Option<u32> {
        let source = |value: &PivotValue| self.fields.get(value.field as usize).map(|field| &field.source);
        let caption = |value: &PivotValue| self.fields.get(value.field as usize).map(|field| &field.caption);
        let by = |is_it: &dyn Fn(&PivotValue) -> bool| self.values.iter().position(is_it);
        let same = |text: &str| values::equal_text(text.trim(), name.trim());
        let found = by(&|value| values::equal_text(&value.caption, name))
            .or_else(|| by(&|value| source(value).is_some_and(|text| same(text))))
            .or_else(|| by(&|value| caption(value).is_some_and(|text| same(text))))
            .or_else(|| by(&|value| same(&value.caption)));
        found.and_then(|place| u32::try_from(place).ok())
    }
}

impl PivotAxis {
    /// An axis with the given fields and no lines yet.
    pub fn new(fields: Vec<PivotAxisField>) -> PivotAxis {
        PivotAxis { fields, ..PivotAxis::default() }
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a line: as many items of the line before as `repeated` says, then those of its own, together no more
    /// than there are fields.
    pub fn push(&mut self, kind: PivotLineKind, repeated: usize, own: &[u32], value: u32) {
        let before = self.lines.last().map_or(0..0, |line| line.range());
        let repeated = repeated.min(before.len()).min(self.fields.len());
        let start = self.items.len();
        self.items.extend_from_within(before.start..before.start + repeated);
        self.items.extend(own.iter().take(self.fields.len() - repeated));
        let len = u16::try_from(self.items.len() - start).unwrap_or(u16::MAX);
        self.lines.push(PivotLine { kind, start: u32::try_from(start).unwrap_or(u32::MAX), len, value });
    }

    /// Whether two lines beside each other show the same items. Some programs write so as many lines as there are,
    /// without what they show.
    pub fn repeats(&self) -> bool {
        let items = |line: &PivotLine| self.items.get(line.range()).unwrap_or_default();
        self.lines.windows(2).any(|pair| {
            let [a, b] = pair else { return false };
            let are_items = a.kind == PivotLineKind::Items && b.kind == PivotLineKind::Items;
            are_items && a.value == b.value && items(a) == items(b)
        })
    }

    fn has(&self, field: u32) -> bool {
        self.fields.contains(&PivotAxisField::Field(field))
    }

    /// The line of exactly these items, and the field of the group that it is the heading of, if it is one. A line with
    /// all items or a total is preferred. Where there is none, the only line with all items that has these among them.
    fn line(&self, wanted: &[(u32, u32)], value: u32) -> Option<(u32, Option<PivotAxisField>)> {
        self.exact_line(wanted, value).or_else(|| Some((self.only_line(wanted, value)?, None)))
    }

    fn only_line(&self, wanted: &[(u32, u32)], value: u32) -> Option<u32> {
        let has_values = self.fields.contains(&PivotAxisField::Values);
        let is_it = |line: &PivotLine| {
            let items = self.items.get(line.range()).unwrap_or_default();
            let has = |(field, item): &(u32, u32)| {
                let place = self.fields.iter().position(|own| *own == PivotAxisField::Field(*field));
                place.and_then(|place| items.get(place)) == Some(item)
            };
            line.kind == PivotLineKind::Items
                && usize::from(line.len) == self.fields.len()
                && (!has_values || line.value == value)
                && wanted.iter().all(has)
        };
        let mut found = self.lines.iter().enumerate().filter(|(_, line)| !wanted.is_empty() && is_it(line));
        let (place, _) = found.next()?;
        found.next().is_none().then_some(u32::try_from(place).ok()?)
    }

    fn exact_line(&self, wanted: &[(u32, u32)], value: u32) -> Option<(u32, Option<PivotAxisField>)> {
        let mut heading = None;
        for (place, line) in self.lines.iter().enumerate() {
            if !self.shows(*line, wanted, value) {
                continue;
            }
            let place = u32::try_from(place).ok()?;
            if line.kind != PivotLineKind::Items || usize::from(line.len) == self.fields.len() {
                return Some((place, None));
            }
            let inner = self.fields.get(usize::from(line.len)..).unwrap_or_default();
            // Above rows for each field of values there is none for all of them.
            let group = match inner.contains(&PivotAxisField::Values) {
                true => Some(PivotAxisField::Values),
                false => self.fields.get(usize::from(line.len).saturating_sub(1)).copied(),
            };
            heading = heading.or(Some((place, group)));
        }
        heading
    }

    fn shows(&self, line: PivotLine, wanted: &[(u32, u32)], value: u32) -> bool {
        if line.kind == PivotLineKind::Blank
            || self.fields.contains(&PivotAxisField::Values) && line.value != value
        {
            return false;
        }
        if line.kind == PivotLineKind::GrandTotal {
            return wanted.is_empty();
        }
        let items = self.items.get(line.range()).unwrap_or_default();
        let mut count = 0;
        for (field, item) in self.fields.iter().zip(items).filter(|(_, item)| **item != COLLAPSED) {
            if let PivotAxisField::Field(field) = field {
                if !wanted.contains(&(*field, *item)) {
                    return false;
                }
                count += 1;
            }
        }
        count == wanted.len()
    }
}

impl PivotLine {
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PivotLineKind::{Blank, GrandTotal, Items, Subtotal};

    /// Regions with products below them in rows, two fields of values beside each other for each year in columns.
    fn pivot() -> PivotTable {
        let mut rows = PivotAxis::new(vec![PivotAxisField::Field(0), PivotAxisField::Field(1)]);
        rows.push(Items, 0, &[0], 0);
        rows.push(Items, 1, &[0], 0);
        rows.push(Items, 1, &[1], 0);
        rows.push(Subtotal, 0, &[0], 0);
        rows.push(Blank, 0, &[0], 0);
        rows.push(Items, 0, &[1], 0);
        rows.push(Items, 1, &[1, 9, 9], 0);
        rows.push(GrandTotal, 0, &[0], 0);
        let mut columns = PivotAxis::new(vec![PivotAxisField::Field(2), PivotAxisField::Values]);
        columns.push(Items, 0, &[0, 0], 0);
        columns.push(Items, 1, &[1], 1);
        columns.push(GrandTotal, 0, &[0], 0);
        columns.push(GrandTotal, 0, &[0], 1);
        let layout =
            PivotLayout { rows, columns, filters: vec![(3, Some(2)), (4, None)], ..PivotLayout::default() };
        let area = Rect::new(Cell::new(4, 1), Cell::new(13, 5));
        PivotTable { name: "P".into(), area, labels: (2, 1), filters: (3, 2), layout: Arc::new(layout) }
    }

    #[test]
    fn exactly_what_is_wanted_is_found() {
        let at = |value, wanted: &[(u32, u32)]| {
            pivot().place(value, wanted).map(|place| (place.cell.to_string(), place.is_heading))
        };
        let cell = |name: &str| Some((name.to_owned(), false));
        assert_eq!(at(0, &[(0, 0), (1, 1), (2, 0)]), cell("C9"));
        assert_eq!(at(1, &[(2, 0), (1, 1), (0, 0)]), cell("D9"));
        assert_eq!(at(0, &[(0, 0)]), cell("E10"), "the subtotal, not the heading");
        assert_eq!(at(1, &[(0, 1)]), Some(("F12".to_owned(), true)));
        assert_eq!(at(0, &[(0, 1), (1, 1)]), cell("E13"));
        assert_eq!(at(0, &[]), cell("E14"));
        assert_eq!(at(0, &[(3, 2)]), cell("E14"));
        assert_eq!(at(0, &[(1, 0)]), cell("E8"), "the only row with this item");
        for wanted in [&[(1, 1)][..], &[(0, 1), (1, 0)], &[(3, 1)], &[(4, 0)], &[(2, 1)], &[(7, 0)]] {
            assert_eq!(at(0, wanted), None, "{wanted:?}");
        }
        assert_eq!(at(2, &[]), None);
    }

    #[test]
    fn collapsed_items_show_what_they_come_to() {
        let fields = [PivotAxisField::Field(0), PivotAxisField::Field(1), PivotAxisField::Values];
        let mut columns = PivotAxis::new(fields.to_vec());
        columns.push(Items, 0, &[0, COLLAPSED, 0], 0);
        columns.push(Items, 2, &[1], 1);
        columns.push(Items, 0, &[1, 3, 0], 0);
        columns.push(Items, 2, &[1], 1);
        columns.push(Items, 1, &[4, 0], 0);
        assert_eq!(columns.line(&[(0, 0)], 1), Some((1, None)));
        assert_eq!(columns.line(&[(0, 1), (1, 3)], 0), Some((2, None)));
        assert_eq!(columns.line(&[(0, 0), (1, 3)], 0), None);
        assert_eq!(columns.line(&[(0, 1)], 0), None, "two lines have it, and none is theirs together");
    }

    #[test]
    fn filters_belong_to_it() {
        let pivot = pivot();
        let within = |text: &str| pivot.contains(text.parse().unwrap());
        assert!(within("B2") && within("C2") && within("B4") && within("B5") && within("F14"));
        assert!(!within("B1") && !within("D2") && !within("A5") && !within("G14"));
    }
}

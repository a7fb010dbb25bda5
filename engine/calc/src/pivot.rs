//! GETPIVOTDATA: names and items as people give them, found in what a pivot table shows.
//!
//! The value itself is that of the pivot table's cell, which is read as any other cell.

use crate::evaluate::Evaluator;
use functions::Context;
use numfmt::{Reading, general, parse_number};
use values::{Area, CellError, Result, SheetId, Value, equal_numbers, equal_text};
use workbook::{PivotField, PivotItem, PivotLayout, PivotTable};

impl Evaluator<'_> {
    /// What the pivot table at an area shows of a field of values for pairs of a field and an item.
    pub(crate) fn pivot_cell(&self, at: Area, value: &str, items: &[(&Value, &Value)]) -> Result<Value> {
        let sheet = self.session.model.workbook().sheet(at.sheet).ok_or(CellError::Ref)?;
        let pivot = sheet.pivot_at(at.rect).ok_or(CellError::Ref)?;
        self.spend(cost(pivot, items.len()))?;
        let layout = &pivot.layout;
        let value = layout.value(value).ok_or(CellError::Ref)?;
        let mut wanted = Vec::with_capacity(items.len());
        for (field, item) in items {
            let pair = find(&layout.fields, field, item, &self.reading).ok_or(CellError::Ref)?;
            if !wanted.contains(&pair) {
                wanted.push(pair);
            }
        }
        self.shown(at.sheet, pivot, value, &wanted)
    }

    /// The same for a text that describes a cell: items, with their fields or without, and a field of values.
    pub(crate) fn described_pivot_cell(&self, at: Area, text: &str) -> Result<Value> {
        let sheet = self.session.model.workbook().sheet(at.sheet).ok_or(CellError::Ref)?;
        let pivot = sheet.pivot_at(at.rect).ok_or(CellError::Ref)?;
        // Each word may be held against each item.
        let words = text.split(|c: char| !c.is_alphanumeric()).count();
        self.spend(cost(pivot, words.saturating_mul(pivot.layout.fields.len().max(1))))?;
        let description = Description { layout: &pivot.layout, reading: &self.reading };
        let (value, wanted) = description.read(text).ok_or(CellError::Ref)?;
        self.shown(at.sheet, pivot, value, &wanted)
    }

    fn shown(&self, sheet: SheetId, pivot: &PivotTable, value: u32, wanted: &[(u32, u32)]) -> Result<Value> {
        let layout = &pivot.layout;
        let place = pivot.place(value, wanted).ok_or(CellError::Ref)?;
        let shown = self.cell(sheet, place.cell)?;
        let is_nothing = match &shown {
            Value::Empty => true,
            Value::Text(text) => layout.shown_for_nothing.as_ref() == Some(text),
            _ => false,
        };
        match is_nothing {
            true if place.is_heading => Err(CellError::Ref),
            true => Ok(Value::Number(0.0)),
            false => Ok(shown),
        }
    }
}

/// Lines to go through, and items for each pair.
fn cost(pivot: &PivotTable, pairs: usize) -> u64 {
    let layout = &pivot.layout;
    let items = layout.fields.iter().map(|field| field.items.len()).max().unwrap_or(0);
    (layout.rows.len() + layout.columns.len() + pairs * (items + layout.fields.len())) as u64
}

/// Reads descriptions of a pivot table's cells.
struct Description<'a> {
    layout: &'a PivotLayout,
    reading: &'a Reading<'a>,
}

impl Description<'_> {
    /// The field of values, the first one where none is named, and pairs of a field and an item.
    fn read(&self, text: &str) -> Option<(u32, Vec<(u32, u32)>)> {
        let (mut value, mut wanted) = (0, Vec::new());
        let mut rest = text.trim_matches([' ', ',']);
        while !rest.is_empty() {
            let behind = if let Some((pair, behind)) = self.item_of_field(rest).or_else(|| self.item(rest)) {
                wanted.push(pair);
                behind
            } else {
                let (place, behind) = self.value(rest)?;
                value = place;
                behind
            };
            rest = behind.trim_start_matches([' ', ',']);
        }
        Some((value, wanted))
    }

    /// `Region[North]`
    fn item_of_field<'t>(&self, text: &'t str) -> Option<((u32, u32), &'t str)> {
        let (field, rest) = text.split_once('[')?;
        let (item, behind) = rest.split_once(']')?;
        let [field, item] = [field, item].map(|name| Value::text(name.trim().trim_matches('\'')));
        Some((find(&self.layout.fields, &field, &item, self.reading)?, behind))
    }

    /// An item of any field by itself; the longest one that the text begins with.
    fn item<'t>(&self, text: &'t str) -> Option<((u32, u32), &'t str)> {
        let mut found: Option<((u32, u32), &str)> = None;
        for (field, own) in (0..).zip(&self.layout.fields) {
            for (place, item) in (0..).zip(&own.items) {
                let name = match (&item.caption, &item.value) {
                    (Some(caption), _) => caption.to_string(),
                    (None, Value::Text(text)) => text.to_string(),
                    (None, Value::Number(number)) => general(*number),
                    _ => continue,
                };
                if let Some(behind) = behind(text, &name)
                    && found.is_none_or(|(_, before)| behind.len() < before.len())
                {
                    found = Some(((field, place), behind));
                }
            }
        }
        found
    }

    /// A field of values; the longest name that the text begins with.
    fn value<'t>(&self, text: &'t str) -> Option<(u32, &'t str)> {
        let of = |value: &workbook::PivotValue| {
            let field = self.layout.fields.get(value.field as usize);
            let source = field.and_then(|field| behind(text, &field.source));
            behind(text, &value.caption).into_iter().chain(source).min_by_key(|rest| rest.len())
        };
        let found = (0_u32..).zip(&self.layout.values).filter_map(|(place, value)| Some((place, of(value)?)));
        found.min_by_key(|(_, rest)| rest.len())
    }
}

/// What follows a name that the text begins with as a word of its own.
fn behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    if name.is_empty() {
        return None;
    }
    let (text, quote) = text.strip_prefix('\'').map_or((text, ""), |text| (text, "'"));
    let (own, rest) = text.split_at_checked(name.len())?;
    let rest = rest.strip_prefix(quote)?;
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (ends && equal_text(own, name)).then_some(rest)
}

/// The numbers of a field and its item. A field of a cube is named by its hierarchy, whose levels are fields.
fn find(fields: &[PivotField], field: &Value, item: &Value, reading: &Reading<'_>) -> Option<(u32, u32)> {
    let name = match field {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => general(*number),
        _ => return None,
    };
    let wanted = Wanted::new(item, reading);
    let is_called =
        |field: &PivotField| equal_text(&field.caption, &name) || equal_text(&field.source, &name);
    let is_level = |field: &PivotField| {
        let rest = field.source.get(name.len()..).filter(|rest| rest.starts_with(".["));
        rest.is_some() && field.source.get(..name.len()).is_some_and(|own| equal_text(own, &name))
    };
    let pick = |is_it: &dyn Fn(&PivotField) -> bool| {
        let mut places = fields.iter().enumerate().filter(|(_, field)| is_it(field));
        places.find_map(|(place, field)| {
            let item = field.items.iter().position(|item| wanted.fits(item))?;
            Some((u32::try_from(place).ok()?, u32::try_from(item).ok()?))
        })
    };
    pick(&is_called).or_else(|| pick(&is_level))
}

/// An item as a person gives it.
struct Wanted<'a> {
    item: &'a Value,
    /// A number as the text that an item may be called, or a text as the number that one may be.
    text: Option<String>,
    number: Option<f64>,
}

impl<'a> Wanted<'a> {
    fn new(item: &'a Value, reading: &Reading<'_>) -> Wanted<'a> {
        match item {
            Value::Number(number) => Wanted { item, text: Some(general(*number)), number: Some(*number) },
            Value::Text(text) => {
                Wanted { item, text: Some(text.to_string()), number: parse_number(text, reading) }
            }
            Value::Bool(truth) => {
                Wanted { item, text: Some(if *truth { "TRUE" } else { "FALSE" }.to_owned()), number: None }
            }
            _ => Wanted { item, text: None, number: None },
        }
    }

    fn fits(&self, item: &PivotItem) -> bool {
        if let Some(text) = &self.text {
            let is_it = |name: &str| equal_text(name, text);
            let caption = item.caption.as_ref();
            if caption.is_some_and(|caption| is_it(caption)) {
                return true;
            }
            let is_number = matches!(self.item, Value::Number(_));
            match &item.value {
                Value::Text(name) if is_number && item.part.is_some() => {
                    return item.part.map(f64::from) == self.number || is_it(name);
                }
                Value::Text(name) => return is_it(name),
                Value::Bool(truth) => return is_it(if *truth { "TRUE" } else { "FALSE" }),
                Value::Error(error) => return is_it(error.as_str()),
                Value::Empty => return is_it("(blank)"),
                _ => {}
            }
        }
        match (&item.value, self.item) {
            (Value::Number(own), _) => self.number.is_some_and(|number| equal_numbers(*own, number)),
            (Value::Empty, Value::Empty | Value::Missing) => true,
            (Value::Error(own), Value::Error(error)) => own == error,
            _ => false,
        }
    }
}

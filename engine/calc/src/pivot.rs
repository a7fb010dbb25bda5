//! GETPIVOTDATA: names and items as people give them, found in what a pivot table shows.
//!
//! The value itself is that of the pivot table's cell, which is read as any other cell.

use crate::evaluate::Evaluator;
use functions::Context;
use numfmt::{Reading, general, parse_number};
use values::{Area, CellError, Result, Value, equal_numbers, equal_text};
use workbook::{PivotField, PivotItem, PivotTable};

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
        let place = pivot.place(value, &wanted).ok_or(CellError::Ref)?;
        let shown = self.cell(at.sheet, place.cell)?;
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

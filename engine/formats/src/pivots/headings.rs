//! The lines of a pivot table by what its headings say, for files that do not list them.
//!
//! Each field of an axis has a column (or row) of headings. An item stands where it begins and holds for the lines that
//! follow; a total is called after the item that it sums up (`North Sum`), or after none. Programs call totals in many
//! languages, so only that is looked at.

use super::{Left, Side};
use std::borrow::Cow;
use std::collections::HashMap;
use values::{Cell, Rect, Value, fold_case};
use workbook::{PivotAxis, PivotAxisField, PivotField, PivotItem, PivotLineKind, PivotValue, Sheet};

/// Where the headings stand.
pub(super) struct Headings<'a> {
    pub sheet: &'a Sheet,
    pub area: Rect,
    /// Rows and columns of labels at the top and at the left of the area.
    pub labels: (u32, u16),
}

/// An axis while its lines are read.
struct Axis<'a> {
    nested: &'a [PivotAxisField],
    fields: &'a mut [PivotField],
    values: &'a [PivotValue],
    /// The items of each field by what their headings say.
    known: HashMap<u32, HashMap<String, u32>>,
    /// The fields of values by what their headings say.
    known_values: HashMap<String, u32>,
    /// The items that hold, from the outermost inwards.
    current: Vec<u32>,
    /// Lines still to come.
    rest: usize,
    left: &'a mut Left,
}

/// What a heading says.
enum Says {
    Item(u32),
    /// What the items down to this level come to, of a field of values.
    Subtotal(u32),
    GrandTotal(u32),
}

impl Headings<'_> {
    /// The lines of a side. Items that are not known are added to their fields. `None` where the labels do not have a
    /// place for each field, or where there is more than any honest pivot table has.
    pub fn lines(
        &self,
        side: Side,
        nested: &[PivotAxisField],
        fields: &mut [PivotField],
        values: &[PivotValue],
        left: &mut Left,
    ) -> Option<PivotAxis> {
        let used = self.sheet.grid.used()?.intersection(self.area)?;
        let (start, labels, end) = match side {
            Side::Rows => (self.labels.0, u32::from(self.labels.1), used.bottom.0 - self.area.top.0),
            Side::Columns => {
                (u32::from(self.labels.1), self.labels.0, u32::from(used.right.0 - self.area.left.0))
            }
        };
        let first = labels.checked_sub(u32::try_from(nested.len()).ok()?)?;
        let mut lines = PivotAxis::new(nested.to_vec());
        let mut axis = Axis::new(nested, fields, values, left);
        for line in start..=end {
            if !axis.left.take(1 + nested.len()) {
                return None;
            }
            axis.rest = (end - line) as usize;
            let heading = |level: usize| {
                let across = first + u32::try_from(level).ok()?;
                let (row, col) = if side == Side::Rows { (line, across) } else { (across, line) };
                let at = self.area.first().moved(i64::from(row), i64::from(col))?;
                Some(self.heading(at)).filter(|value| !matches!(value, Value::Empty))
            };
            axis.line(&mut lines, heading)?;
        }
        Some(lines)
    }

    fn heading(&self, at: Cell) -> Value {
        match self.sheet.grid.get(at) {
            Value::Text(text) if text.trim().is_empty() => Value::Empty,
            value => value.clone(),
        }
    }
}

impl<'a> Axis<'a> {
    fn new(
        nested: &'a [PivotAxisField],
        fields: &'a mut [PivotField],
        values: &'a [PivotValue],
        left: &'a mut Left,
    ) -> Axis<'a> {
        let mut known = HashMap::new();
        for field in nested {
            let PivotAxisField::Field(field) = field else { continue };
            let items = fields.get(*field as usize).map(|field| &*field.items).unwrap_or_default();
            known.insert(*field, places(items.iter().map(key)));
        }
        let known_values = places(values.iter().map(|value| Some(fold_case(value.caption.trim()))));
        Axis { nested, fields, values, known, known_values, current: Vec::new(), rest: 0, left }
    }

    /// Reads a line by its headings at each level; `None` where an inner item stands below no outer one.
    fn line(&mut self, lines: &mut PivotAxis, heading: impl Fn(usize) -> Option<Value>) -> Option<()> {
        let mut is_blank = true;
        for level in 0..self.nested.len() {
            let Some(value) = heading(level) else { continue };
            match self.says(level, &value)? {
                Says::Item(item) => {
                    if self.current.len() < level {
                        return None;
                    }
                    self.current.truncate(level);
                    self.current.push(item);
                    is_blank = false;
                }
                Says::Subtotal(value) => {
                    let items = self.current.get(..=level)?;
                    lines.push(PivotLineKind::Subtotal, 0, items, value);
                    return Some(());
                }
                Says::GrandTotal(value) => {
                    lines.push(PivotLineKind::GrandTotal, 0, &[], value);
                    return Some(());
                }
            }
        }
        if is_blank {
            lines.push(PivotLineKind::Blank, 0, &[], 0);
        } else {
            let at = self.nested.iter().position(|field| *field == PivotAxisField::Values);
            let value = at.and_then(|at| self.current.get(at)).copied().unwrap_or(0);
            lines.push(PivotLineKind::Items, 0, &self.current, value);
        }
        Some(())
    }

    fn says(&mut self, level: usize, value: &Value) -> Option<Says> {
        let field = *self.nested.get(level)?;
        let known = match field {
            PivotAxisField::Values => match value {
                Value::Text(text) => self.known_values.get(&fold_case(text.trim())).copied(),
                _ => None,
            },
            PivotAxisField::Field(field) => {
                let known = self.known.get(&field)?;
                heading_keys(value).find_map(|key| known.get(&key).copied())
            }
        };
        if let Some(item) = known {
            return Some(Says::Item(item));
        }
        if let Value::Text(text) = value {
            let shown = self.current.get(level).and_then(|item| self.shown(field, *item));
            let is_below =
                |shown: Cow<'_, str>| text.strip_prefix(&*shown).is_some_and(|r| r.starts_with(' '));
            if shown.is_some_and(is_below) {
                return self.value_of_total(text).map(Says::Subtotal);
            }
            let totals = if self.nested.contains(&PivotAxisField::Values) { self.values.len() } else { 1 };
            if level == 0 && self.rest < totals {
                return self.value_of_total(text).map(Says::GrandTotal);
            }
        }
        let PivotAxisField::Field(field) = field else { return None };
        let items = &mut self.fields.get_mut(field as usize)?.items;
        let place = u32::try_from(items.len()).ok()?;
        let item = PivotItem { caption: None, value: value.clone(), part: None };
        self.known.get_mut(&field)?.extend(key(&item).map(|key| (key, place)));
        items.push(item);
        Some(Says::Item(place))
    }

    /// The field of values that the heading of a total ends with, else the first; `None` where there are more to
    /// compare with than in any honest pivot table.
    fn value_of_total(&mut self, heading: &str) -> Option<u32> {
        if !self.left.take(self.values.len()) {
            return None;
        }
        let names = |value: &PivotValue| {
            heading.trim().strip_suffix(value.caption.trim()).is_some_and(|before| before.ends_with(' '))
        };
        u32::try_from(self.values.iter().position(names).unwrap_or(0)).ok()
    }

    /// What an item is called in the cells.
    fn shown(&self, field: PivotAxisField, item: u32) -> Option<Cow<'_, str>> {
        let PivotAxisField::Field(field) = field else {
            return self.values.get(item as usize).map(|value| Cow::Borrowed(value.caption.as_str()));
        };
        let item = self.fields.get(field as usize)?.items.get(item as usize)?;
        match (&item.caption, &item.value) {
            (Some(caption), _) => Some(Cow::Borrowed(caption.as_str())),
            (None, Value::Text(text)) => Some(Cow::Borrowed(text.as_str())),
            (None, Value::Number(number)) => Some(Cow::Owned(numfmt::general(*number))),
            _ => None,
        }
    }
}

/// Places by their keys. Of two with the same name the first is the item; the other is a subtotal.
fn places(keys: impl DoubleEndedIterator<Item = Option<String>> + ExactSizeIterator) -> HashMap<String, u32> {
    let keys = keys.enumerate().rev();
    keys.filter_map(|(place, key)| Some((key?, u32::try_from(place).ok()?))).collect()
}

/// What tells an item's heading from others.
fn key(item: &PivotItem) -> Option<String> {
    match (&item.caption, &item.value) {
        (Some(caption), _) => Some(fold_case(caption)),
        (None, value) => heading_keys(value).next(),
    }
}

/// The keys that an item with this heading may have. A format may show a number as a text, and a name may be one.
fn heading_keys(heading: &Value) -> impl Iterator<Item = String> + use<> {
    let keys = match heading {
        Value::Number(number) => [Some(format!("\0{number:?}")), Some(fold_case(&numfmt::general(*number)))],
        Value::Text(text) => [Some(fold_case(text)), None],
        Value::Bool(truth) => [Some(format!("\0{truth}")), None],
        Value::Error(error) => [Some(format!("\0{error}")), None],
        _ => [None, None],
    };
    keys.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use values::Text;

    /// Lines that are all totals of many values: each asks for all names.
    #[test]
    fn comparing_totals_with_names_has_an_end() {
        let mut sheet = Sheet::new("P");
        sheet.grid.set(Cell::new(1, 0), Value::text("North"));
        for row in 2..2_000 {
            sheet.grid.set(Cell::new(row, 0), Value::text("North Sum"));
        }
        let read = |count: usize| {
            let value = |place: usize| PivotValue { caption: Text::from(format!("v{place}")), field: 1 };
            let values: Vec<PivotValue> = (0..count).map(value).collect();
            let area = Rect::new(Cell::default(), Cell::new(1_999, 1));
            let headings = Headings { sheet: &sheet, area, labels: (1, 1) };
            let mut fields = [PivotField::default()];
            let nested = [PivotAxisField::Field(0)];
            headings.lines(Side::Rows, &nested, &mut fields, &values, &mut Left::all())
        };
        assert_eq!(read(3).map(|axis| axis.len()), Some(1_999));
        assert!(read(16_000).is_none());
    }
}

//! The lines of a pivot table by what its headings say, for files that do not list them.
//!
//! Each field of an axis has a column (or row) of headings. An item stands where it begins and holds for the lines that
//! follow; a total is called after the item that it sums up (`North Sum`), or after none. Programs call totals in many
//! languages, so only that is looked at.

use super::{Left, Side};
use std::borrow::Cow;
use std::collections::HashMap;
use values::{Cell, Rect, Value, equal_text, fold_case};
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
    /// The items that hold, from the outermost inwards.
    current: Vec<u32>,
    /// Lines still to come.
    rest: usize,
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
        let mut axis = Axis::new(nested, fields, values);
        for line in start..=end {
            if !left.take(1 + nested.len()) {
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
    fn new(nested: &'a [PivotAxisField], fields: &'a mut [PivotField], values: &'a [PivotValue]) -> Axis<'a> {
        let mut known = HashMap::new();
        for field in nested {
            let PivotAxisField::Field(field) = field else { continue };
            let items = fields.get(*field as usize).map(|field| &*field.items).unwrap_or_default();
            let keys = (0..).zip(items).filter_map(|(place, item)| Some((key(item)?, place)));
            // Of two with the same name the first is the item; the other is a subtotal.
            let keys: Vec<(String, u32)> = keys.collect();
            known.insert(*field, keys.into_iter().rev().collect());
        }
        Axis { nested, fields, values, known, current: Vec::new(), rest: 0 }
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
            PivotAxisField::Values => self.value(value, equal_text),
            PivotAxisField::Field(field) => {
                let known = self.known.get(&field)?;
                heading_keys(value).find_map(|key| known.get(&key).copied())
            }
        };
        if let Some(item) = known {
            return Some(Says::Item(item));
        }
        if let Value::Text(text) = value {
            let ends =
                |text: &str, caption: &str| text.strip_suffix(caption).is_some_and(|b| b.ends_with(' '));
            let shown = self.current.get(level).and_then(|item| self.shown(field, *item));
            let is_below =
                |shown: Cow<'_, str>| text.strip_prefix(&*shown).is_some_and(|r| r.starts_with(' '));
            if shown.is_some_and(is_below) {
                return Some(Says::Subtotal(self.value(value, ends).unwrap_or(0)));
            }
            let totals = if self.nested.contains(&PivotAxisField::Values) { self.values.len() } else { 1 };
            if level == 0 && self.rest < totals {
                return Some(Says::GrandTotal(self.value(value, ends).unwrap_or(0)));
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

    /// The field of values that a heading names.
    fn value(&self, heading: &Value, names: impl Fn(&str, &str) -> bool) -> Option<u32> {
        let Value::Text(text) = heading else { return None };
        let place = self.values.iter().position(|value| names(text.trim(), value.caption.trim()))?;
        u32::try_from(place).ok()
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

//! The words around a cell: what it is called, in which unit it counts, under which heading it stands.

use crate::facts::{Facts, looks_like_heading, looks_like_title};
use app_definitions::model::LabelAt;
use values::{Cell, Rect, Row, SheetId, Value};
use workbook::Side;

/// What a cell is called, and where it says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub text: String,
    /// Where the text stands; `None` where the caption comes from a name, or from two places.
    pub at: Option<LabelAt>,
}

/// Longer texts are sentences, not names.
const LONGEST_CAPTION: usize = 60;
/// Longer texts are no units.
const LONGEST_UNIT: usize = 14;

impl Facts<'_> {
    /// What a cell is called: the text to its left, else above it, else its name in words. In a grid it is called by
    /// its row and its column.
    pub fn label(&self, sheet: SheetId, cell: Cell, grid: Option<Rect>) -> Option<Label> {
        if let Some(label) = grid.and_then(|grid| self.grid_label(sheet, cell, grid)) {
            return Some(Label { text: label, at: None });
        }
        let beside = |side| {
            let (at, text) = self.workbook.label(sheet, cell, side)?;
            // What a person enters names nothing.
            let text = caption(text);
            (!self.is_marked(sheet, at) && !text.is_empty()).then_some((at, text))
        };
        let label = match (beside(Side::Left), beside(Side::Above)) {
            // A label right above wins over one that is further away to the left.
            (Some((left, _)), Some((above, text)))
                if cell.row.0 - above.row.0 == 1 && cell.col.0 - left.col.0 > 1 =>
            {
                Some((LabelAt::Above, text))
            }
            (Some((_, text)), _) => Some((LabelAt::Left, text)),
            (None, Some((_, text))) => Some((LabelAt::Above, text)),
            (None, None) => None,
        };
        match label {
            Some((at, text)) => Some(Label { text, at: Some(at) }),
            None => self.name(sheet, cell).map(|name| Label { text: in_words(name), at: None }),
        }
    }

    /// `Position 1: Quantity`, or `Quantity 1` where the row has no name of its own.
    fn grid_label(&self, sheet: SheetId, cell: Cell, grid: Rect) -> Option<String> {
        let header = caption(self.text(sheet, Cell { row: grid.top, col: cell.col })?);
        let row_name = (grid.left.0..cell.col.0).find_map(|col| {
            let at = Cell::new(cell.row.0, col);
            // A text that a formula gives is data from elsewhere, which a caption must not hold.
            let plain = !self.is_marked(sheet, at) && !self.is_formula(sheet, at);
            let text = self.text(sheet, at).filter(|_| plain)?;
            Some(caption(text)).filter(|text| !text.is_empty())
        });
        if header.is_empty() {
            return row_name;
        }
        Some(match row_name {
            Some(name) => format!("{name}: {header}"),
            None => format!("{header} {}", cell.row.0 - grid.top.0),
        })
    }

    /// The unit behind a cell: a short text right of it that names nothing further on.
    pub fn unit(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        let of = self.sheet(sheet)?;
        let last = of.merged_at(cell).map_or(cell.col.0, |merged| merged.right.0);
        let at = Cell::new(cell.row.0, last).moved(0, 1)?;
        let text = self.text(sheet, at)?;
        let is_short = text.chars().count() <= LONGEST_UNIT && text.split_whitespace().count() <= 3;
        let is_label = text.ends_with([':', '=', '?']) || looks_like_heading(self.style(sheet, at));
        let names_another =
            at.moved(0, 1).is_some_and(|next| !self.is_empty(sheet, next) || self.is_marked(sheet, next));
        let counted = matches!(self.value(sheet, cell), Value::Number(_) | Value::Empty);
        let plain = !self.is_formula(sheet, at) && !self.is_marked(sheet, at);
        (counted && is_short && !is_label && !names_another && plain).then(|| text.to_owned())
    }

    /// The heading above a cell: the nearest heading-like text in its column or the label's, with nothing beside it.
    pub fn heading(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        for row in (0..cell.row.0).rev().take(40) {
            for col in (cell.col.0.saturating_sub(3)..=cell.col.0).rev() {
                if let Some(text) = self.heading_at(sheet, Cell::new(row, col)) {
                    return (!self.is_title(sheet, Cell::new(row, col))).then_some(text);
                }
            }
        }
        None
    }

    /// The heading right above a block, at most one other row between.
    pub fn heading_over(&self, sheet: SheetId, block: Rect) -> Option<String> {
        let rows = (block.top.0.saturating_sub(2)..block.top.0).rev();
        let mut cells = rows.map(|row| Cell { row: Row(row), col: block.left });
        cells.find_map(|cell| self.heading_at(sheet, cell))
    }

    fn heading_at(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        let text = self.text(sheet, cell)?;
        let alone = cell.moved(0, 1).is_none_or(|beside| self.is_empty(sheet, beside));
        let plain = !self.is_formula(sheet, cell) && !self.is_marked(sheet, cell);
        let fits = text.chars().count() <= LONGEST_CAPTION && looks_like_heading(self.style(sheet, cell));
        (alone && plain && fits).then(|| text.to_owned())
    }

    /// Whether a text names the whole sheet.
    fn is_title(&self, sheet: SheetId, cell: Cell) -> bool {
        cell.row.0 < 3 && looks_like_title(self.style(sheet, cell))
    }

    /// The title of the first sheet that has one.
    pub fn title(&self) -> Option<String> {
        let (id, sheet) = self.visible_sheets().next()?;
        let used = sheet.used()?;
        let rows = used.top.0..=used.bottom.0.min(2);
        rows.flat_map(|row| (used.left.0..=used.right.0.min(3)).map(move |col| Cell::new(row, col)))
            .find_map(|cell| self.heading_at(id, cell).filter(|_| self.is_title(id, cell)))
    }
}

/// A label as a caption: without a colon or spaces at its end; nothing where it is more a sentence than a name.
pub(crate) fn caption(text: &str) -> String {
    let text = text.trim().trim_end_matches([':', '=', '…']).trim();
    if text.chars().count() > LONGEST_CAPTION || text.contains('\n') {
        String::new()
    } else {
        text.to_owned()
    }
}

/// `Monthly_Payment` and `monthlyPayment` as words.
pub(crate) fn in_words(name: &str) -> String {
    let mut words = String::new();
    let mut before_lower = false;
    for c in name.chars() {
        if c == '_' || c == '.' || c == '-' {
            words.push(' ');
        } else if words.is_empty() {
            words.extend(c.to_uppercase());
        } else if c.is_uppercase() && before_lower {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
        before_lower = c.is_lowercase();
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_words() {
        for (name, words) in [
            ("Monthly_Payment", "Monthly Payment"),
            ("monthlyPayment", "Monthly payment"),
            ("VAT", "VAT"),
            ("net.amount", "Net amount"),
            ("price-list", "Price list"),
            ("", ""),
        ] {
            assert_eq!(in_words(name), words);
        }
    }

    #[test]
    fn captions_end_where_the_name_ends() {
        assert_eq!(caption(" Length: "), "Length");
        assert_eq!(caption("Sum ="), "Sum");
        assert_eq!(caption(&"x".repeat(61)), "");
        assert_eq!(caption("two\nlines"), "");
    }
}

//! What stands around a sheet's cells and speaks of them, where rows or columns came or went: merged cells, rules,
//! links, filters, breaks, sparklines.
//!
//! An element whose cells are all gone goes too, and so does a list that has nothing left, since programs take an
//! empty one for damage. What a person last looked at or selected is left as it was.

use super::SaveError;
use super::places::Places;
use super::tree::{Element, Node};
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId};

/// What goes through the elements of a sheet's part.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub places: Places<'a>,
    pub sheet: SheetId,
    pub depth: u32,
}

/// Elements that list others and must not be empty, with what they list.
const LISTS: [(&str, &str); 14] = [
    ("cols", "col"),
    ("mergeCells", "mergeCell"),
    ("hyperlinks", "hyperlink"),
    ("dataValidations", "dataValidation"),
    ("protectedRanges", "protectedRange"),
    ("ignoredErrors", "ignoredError"),
    ("rowBreaks", "brk"),
    ("colBreaks", "brk"),
    ("cellWatches", "cellWatch"),
    ("scenarios", "scenario"),
    ("scenario", "inputCells"),
    ("sparklines", "sparkline"),
    ("sparklineGroup", "sparklines"),
    ("conditionalFormattings", "conditionalFormatting"),
];

impl Around<'_> {
    /// Changes an element and all inside of it; whether it stays.
    pub fn change(self, element: &mut Element) -> Result<bool, SaveError> {
        if !self.places.concern(self.sheet) {
            self.formulas(element, Cell::default())?;
            return Ok(true);
        }
        let host = self.host(element)?;
        if !self.own_cells(element)? {
            return Ok(false);
        }
        self.own_formula(element, host)?;
        self.inside(element, host)
    }

    /// The children, and what follows for a list from those that go.
    fn inside(self, element: &mut Element, host: Option<Cell>) -> Result<bool, SaveError> {
        let is_axis = |name: &str| name == element.name();
        let list = LISTS.iter().find(|(name, _)| is_axis(name)).map(|(_, item)| *item);
        let is_row = element.name() == "rowBreaks";
        let mut kept = Vec::with_capacity(element.children.len());
        let mut gone = 0_usize;
        for mut node in std::mem::take(&mut element.children) {
            let stays = match &mut node {
                Node::Raw(_) => true,
                Node::Element(child) if child.name() == "brk" => self.page_break(child, is_row),
                Node::Element(child) => self.child(child, host)?,
            };
            if stays {
                kept.push(node);
            } else {
                gone += 1;
            }
        }
        element.children = kept;
        let Some(item) = list.filter(|_| gone > 0) else { return Ok(true) };
        let left = element.elements().filter(|child| child.name() == item).count();
        if element.tag().get("count").is_some() {
            element.set(&[("count", Some(&left.to_string()))]);
        }
        if element.name() == "scenarios" {
            // They point to scenarios by their places in the list.
            element.set(&[("current", None), ("show", None)]);
        }
        Ok(left > 0)
    }

    fn child(self, child: &mut Element, host: Option<Cell>) -> Result<bool, SaveError> {
        let host = match self.host(child)? {
            Some(own) => Some(own),
            None => host,
        };
        if !self.own_cells(child)? {
            return Ok(false);
        }
        self.own_formula(child, host)?;
        self.inside(child, host)
    }

    /// The cell that relative references inside are told from: the first of the element's.
    fn host(self, element: &Element) -> Result<Option<Cell>, SaveError> {
        if !matches!(element.name(), "dataValidation" | "conditionalFormatting" | "sparkline") {
            return Ok(None);
        }
        let cells = match element.tag().get("sqref") {
            Some(cells) => cells.into_owned(),
            None => match element.child("sqref") {
                Some(child) => child.text(self.depth)?,
                None => return Ok(None),
            },
        };
        Ok(areas(&cells)
            .into_iter()
            .map(Rect::first)
            .reduce(|a, b| Cell { row: a.row.min(b.row), col: a.col.min(b.col) }))
    }

    /// The cells that the element's attributes name; whether any are left.
    fn own_cells(self, element: &mut Element) -> Result<bool, SaveError> {
        let name = element.name().to_owned();
        match name.as_str() {
            "col" => Ok(self.columns(element)),
            "mergeCell" => self.area(element, true),
            "autoFilter" => {
                filter_columns(element, self.places, self.sheet);
                self.area(element, false)
            }
            "hyperlink" | "sortState" | "sortCondition" => self.area(element, false),
            "cellWatch" | "inputCells" => {
                let Some(cell) = element.tag().parse::<Cell>("r") else { return Ok(true) };
                let Some(now) = self.places.content(self.sheet, cell) else { return Ok(false) };
                element.set(&[("r", Some(&now.to_string()))]);
                Ok(true)
            }
            "scenarios" => {
                if let Some(results) = element.tag().get("sqref").map(|cells| cells.into_owned()) {
                    element.set(&[("sqref", self.cells(&results)?.as_deref())]);
                }
                Ok(true)
            }
            "dataValidation" | "conditionalFormatting" | "protectedRange" | "ignoredError" | "sparkline" => {
                self.cells_of_rule(element)
            }
            _ => Ok(true),
        }
    }

    fn area(self, element: &mut Element, is_merged: bool) -> Result<bool, SaveError> {
        let Some(area) = element.tag().parse::<Rect>("ref") else { return Ok(true) };
        self.places.stays(self.sheet, area, "links, filters or merged cells")?;
        Ok(match self.places.area(self.sheet, area) {
            Some(now) if !(is_merged && now.is_cell()) => {
                element.set(&[("ref", Some(&now.to_string()))]);
                true
            }
            _ => false,
        })
    }

    /// The cells of a rule: in an attribute, or in an element of the newer kinds.
    fn cells_of_rule(self, element: &mut Element) -> Result<bool, SaveError> {
        if let Some(cells) = element.tag().get("sqref").map(|cells| cells.into_owned()) {
            let Some(now) = self.cells(&cells)? else { return Ok(false) };
            element.set(&[("sqref", Some(&now))]);
            return Ok(true);
        }
        let depth = self.depth;
        for child in element.elements_mut().filter(|child| child.name() == "sqref") {
            let cells = child.text(depth)?;
            let Some(now) = self.cells(&cells)? else { return Ok(false) };
            if now != cells {
                child.set_text(&now);
            }
        }
        Ok(true)
    }

    /// A list of ranges after the changes; `None` where nothing is left, the list as it was where it cannot be read.
    fn cells(self, list: &str) -> Result<Option<String>, SaveError> {
        let known = areas(list);
        if known.len() < list.split_ascii_whitespace().count() {
            return Ok(Some(list.to_owned()));
        }
        for area in &known {
            self.places.stays(self.sheet, *area, "rules or conditional formats")?;
        }
        let left: Vec<String> = known
            .into_iter()
            .filter_map(|area| self.places.area(self.sheet, area))
            .map(|area| area.to_string())
            .collect();
        Ok((!left.is_empty()).then(|| left.join(" ")))
    }

    fn columns(self, element: &mut Element) -> bool {
        let number =
            |name: &str| element.tag().parse::<u16>(name)?.checked_sub(1).filter(|col| *col < MAX_COLS);
        let (Some(first), Some(last)) = (number("min"), number("max")) else { return true };
        if first > last {
            return true;
        }
        let area = Rect { left: Col(first), right: Col(last), ..Rect::SHEET };
        let Some(now) = self.places.slid(self.sheet, area) else { return false };
        let (min, max) = (u32::from(now.left.0) + 1, u32::from(now.right.0) + 1);
        element.set(&[("min", Some(&min.to_string())), ("max", Some(&max.to_string()))]);
        true
    }

    /// A break stands behind the row or column whose number it has.
    fn page_break(self, element: &mut Element, is_row: bool) -> bool {
        let Some(id) = element.tag().parse::<u32>("id") else { return true };
        let now = if is_row && id < MAX_ROWS {
            self.places.cell(self.sheet, Cell::new(id, 0)).map(|cell| cell.row.0)
        } else if !is_row && id < u32::from(MAX_COLS) {
            let col = u16::try_from(id).unwrap_or_default();
            self.places
                .cell(self.sheet, Cell { row: Row(0), col: Col(col) })
                .map(|cell| u32::from(cell.col.0))
        } else {
            Some(id)
        };
        match now {
            Some(now) => {
                element.set(&[("id", Some(&now.to_string()))]);
                true
            }
            None => false,
        }
    }

    /// The formula that an element is, or has as an attribute.
    fn own_formula(self, element: &mut Element, host: Option<Cell>) -> Result<(), SaveError> {
        let host = host.unwrap_or_default();
        if element.name() == "cfvo"
            && element.tag().get("type").as_deref() == Some("formula")
            && let Some(text) = element.tag().get("val")
            && let Some(now) = self.formula(&text, host)
        {
            element.set(&[("val", Some(&now))]);
        }
        let is_formula = matches!(element.name(), "formula" | "formula1" | "formula2" | "f");
        // The newer kinds have their formulas in `xm:f` within.
        if is_formula && element.elements().next().is_none() {
            let text = element.text(self.depth)?;
            if let Some(now) = self.formula(&text, host) {
                element.set_text(&now);
            }
        }
        Ok(())
    }

    /// A rule's formula, told from the first of its cells that is left.
    fn formula(self, text: &str, host: Cell) -> Option<String> {
        if self.places.content(self.sheet, host).is_some() {
            return self.places.text(self.sheet, text, host);
        }
        let Some((from, to)) = self.places.next_left(self.sheet, host) else {
            return self.places.pinned(self.sheet, text);
        };
        let before = self.places.parse(text, host)?;
        let now = self.places.template(self.sheet, &before, from)?.formula;
        let now = self.places.print(&now, to);
        (now != text).then_some(now)
    }

    /// All formulas inside, for a sheet whose own cells stay where they are.
    fn formulas(self, element: &mut Element, host: Cell) -> Result<(), SaveError> {
        let host = self.host(element)?.unwrap_or(host);
        self.own_formula(element, Some(host))?;
        for child in element.elements_mut() {
            self.formulas(child, host)?;
        }
        Ok(())
    }
}

/// The columns of a filter are counted from its left: those that moved get another number, and what asks for one that
/// is gone goes.
pub(super) fn filter_columns(filter: &mut Element, places: Places<'_>, sheet: SheetId) {
    let Some(old) = filter.tag().parse::<Rect>("ref") else { return };
    let Some(new) = places.area(sheet, old) else { return };
    filter.children.retain_mut(|node| match node {
        Node::Element(column) if column.name() == "filterColumn" => {
            let place = column.tag().parse::<u16>("colId").and_then(|id| old.left.0.checked_add(id));
            let now = place.filter(|col| *col < MAX_COLS).and_then(|col| places.column(sheet, Col(col)));
            let Some(id) = now.and_then(|col| col.0.checked_sub(new.left.0)) else { return false };
            column.set(&[("colId", Some(&id.to_string()))]);
            true
        }
        _ => true,
    });
}

/// The ranges of a list that can be read.
fn areas(list: &str) -> Vec<Rect> {
    list.split_ascii_whitespace().filter_map(|area| area.parse().ok()).collect()
}

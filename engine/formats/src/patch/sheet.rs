//! A sheet's part, read and written in one pass: rows and cells come in order, and so do the changes.
//!
//! Invariant: every byte outside of the cells that change, of the rows that get new ones and of what says how large
//! the sheet is, is written as it was read.

use super::around::Around;
use super::book::Book;
use super::cell::{Context, Held};
use super::places::Places;
use super::scan::{Kind, Piece, Tag};
use super::shared::Groups;
use super::tree::{Builder, Element};
use super::{Content, Edit, Effects, SaveError};
use crate::LoadError;
use std::collections::BTreeMap;
use std::io::Write;
use std::iter::Peekable;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, Value};

/// What is to be done to a sheet.
pub(super) struct Job<'a> {
    pub id: SheetId,
    pub book: &'a Book<'a>,
    /// The cells that change, where they stand afterwards.
    pub cells: &'a BTreeMap<Cell, Edit<'a>>,
    pub grown: Vec<Grown>,
}

/// Rows that a table got: new cells look as the one above.
pub(super) struct Grown {
    /// The cells that are new in the table.
    pub area: Rect,
    /// The row whose looks they take.
    pub model: Row,
}

/// Where in the part the pass is.
enum Place<'c> {
    Before,
    /// In an element in front of the rows or behind them that may speak of cells which went elsewhere.
    Around(Builder, bool),
    Rows,
    Row,
    Cell(Held<'c>),
    /// In an element that is passed on, so many elements deep, and whether it is within a row.
    Through(u32, bool),
    After,
}

/// The row that is being read.
#[derive(Default)]
struct CurrentRow {
    from: Row,
    /// Where it stands now; `None` where it is deleted.
    to: Option<Row>,
    /// Its style, where it has one for all cells.
    style: Option<String>,
    /// The first column that no cell has described yet.
    next: u32,
}

/// A pass over a sheet's part.
pub(super) struct Pass<'a, W> {
    out: W,
    job: &'a Job<'a>,
    pending: Peekable<std::collections::btree_map::Iter<'a, Cell, Edit<'a>>>,
    place: Place<'a>,
    context: Context<'a>,
    row: CurrentRow,
    next_row: u32,
    changed: bool,
    column_styles: Vec<(u32, u32, String)>,
    /// Styles of cells in the rows that grown tables take as a model.
    model_styles: BTreeMap<Cell, String>,
}

impl<'a, W: Write> Pass<'a, W> {
    pub fn new(job: &'a Job<'a>, out: W) -> Pass<'a, W> {
        let book = job.book;
        let places: Places<'a> = book.places();
        let context = Context {
            prefix: String::new(),
            dynamic: book.dynamic,
            errors: &book.metadata.errors,
            limits: book.limits,
            groups: Groups::new(job.id, places),
            effects: Effects::default(),
        };
        Pass {
            out,
            job,
            pending: job.cells.iter().peekable(),
            place: Place::Before,
            context,
            row: CurrentRow::default(),
            next_row: 0,
            changed: false,
            column_styles: Vec::new(),
            model_styles: BTreeMap::new(),
        }
    }

    /// Takes the next piece of the part.
    pub fn piece(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        match &mut self.place {
            Place::Before => self.before(piece),
            Place::Around(builder, is_before) => {
                let is_before = *is_before;
                match builder.push(piece)? {
                    Some(element) => self.put_around(element, is_before),
                    None => Ok(()),
                }
            }
            Place::Rows => self.between_rows(piece),
            Place::Row => self.in_row(piece),
            Place::Cell(held) => {
                if held.push(piece)? {
                    self.put_cell()?;
                }
                Ok(())
            }
            Place::Through(depth, in_row) => {
                match piece.kind {
                    Kind::Start => *depth += 1,
                    Kind::End => *depth -= 1,
                    _ => {}
                }
                let (done, in_row) = (*depth == 0, *in_row);
                if done {
                    self.place = if in_row { Place::Row } else { Place::Rows };
                }
                if in_row && self.row.to.is_none() { Ok(()) } else { self.write(piece.raw) }
            }
            Place::After => self.after(piece),
        }
    }

    /// Whether the piece begins an element around the rows that the changes of places may concern.
    fn is_to_change(&self, piece: Piece<'_>) -> bool {
        const NEVER: [&str; 4] = ["sheetPr", "dimension", "sheetViews", "sheetFormatPr"];
        self.context.groups.places.any()
            && piece.level == 1
            && matches!(piece.kind, Kind::Start | Kind::Empty)
            && !NEVER.iter().any(|name| piece.begins(name))
    }

    /// What stands behind the rows.
    fn after(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        if self.is_to_change(piece) { self.begin_around(piece, false) } else { self.write(piece.raw) }
    }

    fn begin_around(&mut self, piece: Piece<'_>, is_before: bool) -> Result<(), SaveError> {
        let mut builder = Builder::default();
        if let Some(element) = builder.push(piece)? {
            return self.put_around(element, is_before);
        }
        self.place = Place::Around(builder, is_before);
        Ok(())
    }

    fn put_around(&mut self, mut element: Element, is_before: bool) -> Result<(), SaveError> {
        self.place = if is_before { Place::Before } else { Place::After };
        let (mut old, mut new) = (Vec::new(), Vec::new());
        element.write(&mut old);
        let places = self.context.groups.places;
        let around = Around { places, sheet: self.job.id, depth: self.context.limits.depth };
        if around.change(&mut element)? {
            element.write(&mut new);
            element.elements().for_each(|child| self.note_column(child.tag()));
        }
        self.write_new(&new, &old)
    }

    /// Ends the pass, adds what it did, and tells whether the part is another one now.
    pub fn end(self, effects: &mut Effects) -> Result<bool, SaveError> {
        if !matches!(self.place, Place::After) {
            return Err(LoadError::Damaged("a sheet of it has no rows".into()).into());
        }
        let done = self.context.effects;
        effects.formulas_changed |= done.formulas_changed;
        effects.chain_changed |= done.chain_changed;
        effects.plain_errors += done.plain_errors;
        Ok(self.changed)
    }

    /// Writes what was read.
    fn write(&mut self, bytes: &[u8]) -> Result<(), SaveError> {
        Ok(self.out.write_all(bytes)?)
    }

    /// Writes something in the place of what was read.
    fn write_new(&mut self, bytes: &[u8], old: &[u8]) -> Result<(), SaveError> {
        self.changed |= bytes != old;
        self.write(bytes)
    }

    /// What stands in front of the rows.
    fn before(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        let tag = piece.tag();
        if piece.level == 1 && piece.begins("sheetData") {
            return self.begin_rows(piece);
        }
        if self.is_to_change(piece) {
            return self.begin_around(piece, true);
        }
        if piece.begins("dimension")
            && let Some(area) = tag.parse::<Rect>("ref")
        {
            let now = self.context.groups.places.slid(self.job.id, area).unwrap_or_default();
            let cells = self.job.cells.iter().filter(|(_, edit)| !edit.is_nothing());
            let now = cells.fold(now, |area, (cell, _)| area.hull(Rect::cell(*cell)));
            if now != area {
                return self.write_new(&tag.with(&[("ref", Some(&now.to_string()))]), tag.0);
            }
        }
        self.note_column(tag);
        self.write(piece.raw)
    }

    fn begin_rows(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        let tag = piece.tag();
        self.context.prefix = tag.prefix();
        if piece.kind == Kind::Start {
            self.place = Place::Rows;
            return self.write(piece.raw);
        }
        self.place = Place::After;
        if !self.has_rows_to_come() {
            return self.write(piece.raw);
        }
        self.write(&tag.opened())?;
        self.new_rows(MAX_ROWS)?;
        self.write(&tag.end())
    }

    /// Remembers the looks that a column gives its cells.
    fn note_column(&mut self, tag: Tag<'_>) {
        if tag.local() == b"col"
            && let (Some(first), Some(last), Some(style)) =
                (tag.parse("min"), tag.parse("max"), tag.get("style"))
            && self.column_styles.len() < usize::from(MAX_COLS)
        {
            self.column_styles.push((first, last, style.into_owned()));
        }
    }

    fn between_rows(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        match piece.kind {
            Kind::Start | Kind::Empty if piece.begins("row") => self.begin_row(piece),
            Kind::Start => {
                self.place = Place::Through(1, false);
                self.write(piece.raw)
            }
            Kind::End => {
                self.place = Place::After;
                self.new_rows(MAX_ROWS)?;
                self.write(piece.raw)
            }
            _ => self.write(piece.raw),
        }
    }

    fn begin_row(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        let tag = piece.tag();
        let from = match tag.get("r") {
            None => Some(self.next_row),
            Some(number) => number.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(1)),
        };
        let from = from.filter(|row| (self.next_row..MAX_ROWS).contains(row)).ok_or_else(out_of_order)?;
        self.next_row = from + 1;
        let to = self.context.groups.places.row(self.job.id, Row(from));
        let style = tag.flag("customFormat").then(|| tag.get("s").map(|style| style.into_owned())).flatten();
        self.new_rows(to.map_or(0, |to| to.0))?;
        self.row = CurrentRow { from: Row(from), to, style, next: 0 };
        let Some(to) = to else {
            self.place = if piece.kind == Kind::Start { Place::Row } else { Place::Rows };
            self.changed = true;
            return Ok(());
        };
        let written = self.row_tag(tag, Row(from), to);
        if piece.kind == Kind::Start {
            self.place = Place::Row;
            return self.write_new(&written, tag.0);
        }
        if !self.has_cells_to_come(to) {
            return self.write_new(&written, tag.0);
        }
        self.write(&Tag(&written).opened())?;
        self.new_cells(to, u32::from(MAX_COLS))?;
        self.write(&tag.end())
    }

    /// A row's tag where it stands now, with room for the cells that it gets.
    fn row_tag(&mut self, tag: Tag<'_>, from: Row, to: Row) -> Vec<u8> {
        let number = (to.0 + 1).to_string();
        let mut changes: Vec<(&str, Option<&str>)> = Vec::new();
        if tag.get("r").is_some() && from != to {
            changes.push(("r", Some(&number)));
        }
        let spans = self.spans(tag, to);
        if let Some(spans) = &spans {
            changes.push(("spans", spans.as_deref()));
        }
        if changes.is_empty() { tag.0.to_vec() } else { tag.with(&changes) }
    }

    /// What a row says of its columns, where that changes. It is a hint that a row need not have.
    fn spans(&self, tag: Tag<'_>, to: Row) -> Option<Option<String>> {
        let old = tag.get("spans")?;
        if self.context.groups.places.concern_columns(self.job.id) {
            return Some(None);
        }
        let cells = self.job.cells.range(Cell { row: to, col: Col(0) }..=Cell { row: to, col: Col::LAST });
        let mut cols =
            cells.filter(|(_, edit)| !edit.is_nothing()).map(|(cell, _)| u32::from(cell.col.0) + 1);
        let first = cols.next()?;
        let last = cols.next_back().unwrap_or(first);
        let (low, high) = old.split_once(':')?;
        let (low, high) = (low.parse::<u32>().ok()?, high.parse::<u32>().ok()?);
        (first < low || last > high).then(|| Some(format!("{}:{}", low.min(first), high.max(last))))
    }

    fn in_row(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        match piece.kind {
            Kind::Start | Kind::Empty if piece.begins("c") => self.begin_cell(piece),
            Kind::End => {
                self.place = Place::Rows;
                let Some(to) = self.row.to else { return Ok(()) };
                self.new_cells(to, u32::from(MAX_COLS))?;
                self.write(piece.raw)
            }
            Kind::Start => {
                // What follows the cells: new ones stand in front of it.
                self.place = Place::Through(1, true);
                let Some(to) = self.row.to else { return Ok(()) };
                self.new_cells(to, u32::from(MAX_COLS))?;
                self.write(piece.raw)
            }
            _ if self.row.to.is_none() => Ok(()),
            _ => self.write(piece.raw),
        }
    }

    fn begin_cell(&mut self, piece: Piece<'_>) -> Result<(), SaveError> {
        let tag = piece.tag();
        let next = Cell { row: self.row.from, col: Col(u16::try_from(self.row.next).unwrap_or(MAX_COLS)) };
        let from = tag.get("r").map_or(Ok(next), |text| text.parse().map_err(|_| out_of_order()))?;
        let col = u32::from(from.col.0);
        if from.row != self.row.from || !(self.row.next..u32::from(MAX_COLS)).contains(&col) {
            return Err(out_of_order());
        }
        self.row.next = col + 1;
        let places = self.context.groups.places;
        let to = if self.row.to.is_some() { places.cell(self.job.id, from) } else { None };
        let mut change = None;
        if let Some(to) = to {
            self.new_cells(to.row, u32::from(to.col.0))?;
            change = self.pending.next_if(|(cell, _)| **cell == to).map(|(_, edit)| edit);
            if change.is_none_or(|edit| edit.content.is_none()) && places.lost_content(self.job.id, from) {
                change = Some(&EMPTIED);
            }
            self.note_model(to, tag);
        }
        if change.is_none() && !places.any() && !self.context.groups.has_orphans() {
            if piece.kind == Kind::Start {
                self.place = Place::Through(1, true);
            }
            return self.write(piece.raw);
        }
        self.place = Place::Cell(Held::new(from, to, change, tag));
        if piece.kind == Kind::Empty { self.put_cell() } else { Ok(()) }
    }

    fn put_cell(&mut self) -> Result<(), SaveError> {
        let Place::Cell(held) = std::mem::replace(&mut self.place, Place::Row) else { return Ok(()) };
        let bytes = held.rewritten(&mut self.context)?;
        self.write_new(&bytes, held.raw())
    }

    /// Remembers the looks of a cell that new ones of a table take.
    fn note_model(&mut self, to: Cell, tag: Tag<'_>) {
        let is_model =
            |grown: &Grown| grown.model == to.row && (grown.area.left..=grown.area.right).contains(&to.col);
        if self.job.grown.iter().any(is_model)
            && let Some(style) = tag.get("s")
        {
            self.model_styles.insert(to, style.into_owned());
        }
    }
}

/// Rows and cells that are new.
impl<W: Write> Pass<'_, W> {
    fn has_rows_to_come(&self) -> bool {
        self.pending.clone().any(|(_, edit)| !edit.is_nothing())
    }

    fn has_cells_to_come(&self, row: Row) -> bool {
        self.pending.clone().take_while(|(cell, _)| cell.row == row).any(|(_, edit)| !edit.is_nothing())
    }

    /// The rows in front of one.
    fn new_rows(&mut self, before: u32) -> Result<(), SaveError> {
        // What the row before said is none of theirs.
        self.row.style = None;
        while let Some((cell, _)) = self.pending.peek() {
            let row = cell.row;
            if row.0 >= before {
                break;
            }
            let prefix = self.context.prefix.clone();
            let has_cells = self.has_cells_to_come(row);
            if has_cells {
                self.write(format!("<{prefix}row r=\"{}\">", row.0 + 1).as_bytes())?;
            }
            self.new_cells(row, u32::from(MAX_COLS))?;
            if has_cells {
                self.write(format!("</{prefix}row>").as_bytes())?;
            }
        }
        Ok(())
    }

    /// The cells of a row in front of a column.
    fn new_cells(&mut self, row: Row, before: u32) -> Result<(), SaveError> {
        while let Some((cell, edit)) =
            self.pending.next_if(|(cell, _)| cell.row == row && u32::from(cell.col.0) < before)
        {
            if edit.is_nothing() {
                continue;
            }
            let tag = self.new_cell_tag(*cell);
            let held = Held::new(*cell, Some(*cell), Some(edit), Tag(tag.as_bytes()));
            let bytes = held.rewritten(&mut self.context)?;
            self.write_new(&bytes, b"")?;
        }
        Ok(())
    }

    /// A cell that the file lacked looks as its row or else its column does, or as its table.
    fn new_cell_tag(&self, at: Cell) -> String {
        let model = self
            .job
            .grown
            .iter()
            .find(|grown| grown.area.contains(at))
            .and_then(|grown| self.model_styles.get(&Cell { row: grown.model, col: at.col }));
        let col = u32::from(at.col.0) + 1;
        let of_column = || {
            let found = self.column_styles.iter().find(|(first, last, _)| (*first..=*last).contains(&col));
            found.map(|(_, _, style)| style)
        };
        let style = model.or(self.row.style.as_ref()).or_else(of_column).filter(|style| *style != "0");
        let style = style.map_or(String::new(), |style| format!(" s=\"{}\"", super::scan::escaped(style)));
        format!("<{}c r=\"{at}\"{style}/>", self.context.prefix)
    }
}

/// What becomes of a cell that a moved block left, or was put over with nothing.
const EMPTIED: Edit<'static> = Edit { content: Some(&Content::Value(Value::Empty)), style: None };

fn out_of_order() -> SaveError {
    LoadError::Damaged("rows or cells of a sheet are not in order".into()).into()
}

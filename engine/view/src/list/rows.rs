//! The rows of a table or range: where its data lies, what its columns are called, which rows hold anything.

use crate::books::Books;
use crate::resolve::Place;
use app_definitions::model::ColumnRef;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value};

/// Rows of formulas alone are computed to learn whether they show anything, but no more than these: a list of more
/// is what it seems to be.
const MOST_DOUBTFUL: usize = 20_000;

/// Where the rows of a list lie.
pub(crate) struct Rows {
    pub book: usize,
    pub sheet: SheetId,
    /// The data without header and totals.
    pub data: Rect,
    /// Header texts with their columns.
    pub headers: Vec<(String, Col)>,
}

impl Rows {
    /// Rows of a table; of a plain range, whose first row is its header where it holds only texts.
    pub fn of(books: &mut Books, place: Place) -> Rows {
        let (book, sheet, rect) = (place.book, place.area.sheet, place.area.rect);
        let workbook = books.sessions.get(book).map(|session| Arc::clone(session.model().workbook()));
        let table = workbook.iter().flat_map(|workbook| &workbook.tables).find(|table| {
            table.sheet == sheet && (table.area == rect || table.data().is_some_and(|data| data == rect))
        });
        if let Some(table) = table {
            let columns = (table.area.left.0..).zip(&table.columns);
            let headers = columns.map(|(col, column)| (column.name.as_str().to_owned(), Col(col))).collect();
            return Rows { book, sheet, data: table.data().unwrap_or(rect), headers };
        }
        let first = Rect { bottom: rect.top, ..rect };
        books.bring_up(&[Place { book, area: Area { sheet, rect: first } }]);
        let cols = rect.left.0..=rect.right.0;
        let header = |col: u16| match books.at(book, sheet, Cell { row: rect.top, col: Col(col) }) {
            Value::Text(text) if !text.trim().is_empty() => Some((text.trim().to_owned(), Col(col))),
            _ => None,
        };
        let headers: Option<Vec<(String, Col)>> = cols.clone().map(header).collect();
        match headers {
            Some(headers) if rect.rows() > 1 => {
                Rows { book, sheet, data: Rect { top: Row(rect.top.0 + 1), ..rect }, headers }
            }
            _ => {
                let letters = cols.map(|col| (values::column_letters(Col(col)), Col(col))).collect();
                Rows { book, sheet, data: rect, headers: letters }
            }
        }
    }

    /// Some of its cells.
    pub fn place(&self, rect: Rect) -> Place {
        Place { book: self.book, area: Area { sheet: self.sheet, rect } }
    }

    /// The sheet's column that a definition means.
    pub fn column(&self, column: &ColumnRef) -> Option<Col> {
        match column {
            ColumnRef::Header(header) => {
                self.headers.iter().find(|(text, _)| values::equal_text(text, header)).map(|(_, col)| *col)
            }
            ColumnRef::Offset(offset) => {
                // A header of just this number comes first.
                let number = offset.to_string();
                let named = self.headers.iter().find(|(text, _)| *text == number).map(|(_, col)| *col);
                named.or_else(|| {
                    let col = u32::from(self.data.left.0).checked_add(offset.checked_sub(1)?)?;
                    u16::try_from(col).ok().map(Col).filter(|col| *col <= self.data.right)
                })
            }
        }
    }

    /// A value as last calculated.
    pub fn value(&self, books: &Books, row: u32, col: Col) -> Value {
        books.at(self.book, self.sheet, Cell { row: Row(row), col })
    }
}

/// Whether a cell shows nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Empty => true,
        Value::Text(text) => text.is_empty(),
        _ => false,
    }
}

/// Which rows of a list hold anything: tables often end in empty rows, and in rows of formulas that show nothing.
#[derive(Clone, Debug)]
pub(crate) struct Presence {
    data: Rect,
    /// The inputs among the list's cells when this was found out, and whether they are blank.
    inputs: Vec<(Cell, bool)>,
    /// Rows with a constant, and rows of formulas beyond the limit.
    certain: Arc<Vec<u32>>,
    /// Rows of formulas alone: what they show decides.
    doubtful: Vec<u32>,
}

impl Presence {
    /// Looks at every cell of the list once; no formula is computed for it.
    pub fn of(books: &Books, rows: &Rows) -> Presence {
        let (mut certain, mut doubtful) = (Vec::new(), Vec::new());
        if let Some(session) = books.sessions.get(rows.book) {
            for row in rows.data.top.0..=rows.data.bottom.0 {
                let mut has_formula = false;
                let has_constant = (rows.data.left.0..=rows.data.right.0).any(|col| {
                    let cell = Cell::new(row, col);
                    let is_formula = session.model().is_formula(rows.sheet, cell)
                        && session.input(rows.sheet, cell).is_none();
                    has_formula |= is_formula;
                    !is_formula && !is_blank(session.value(rows.sheet, cell))
                });
                match (has_constant, has_formula) {
                    (true, _) => certain.push(row),
                    (_, true) if doubtful.len() < MOST_DOUBTFUL => doubtful.push(row),
                    (_, true) => certain.push(row),
                    (_, false) => {}
                }
            }
        }
        Presence { data: rows.data, inputs: inputs(books, rows), certain: Arc::new(certain), doubtful }
    }

    /// Whether it still holds for a list.
    pub fn fits(&self, books: &Books, rows: &Rows) -> bool {
        self.data == rows.data && self.inputs == inputs(books, rows)
    }

    /// The rows that hold something now, in order. Rows of formulas alone are computed.
    pub fn rows(&self, books: &mut Books, rows: &Rows) -> Arc<Vec<u32>> {
        if self.doubtful.is_empty() {
            return Arc::clone(&self.certain);
        }
        let places: Vec<Place> = runs(&self.doubtful)
            .into_iter()
            .map(|(top, bottom)| rows.place(Rect { top: Row(top), bottom: Row(bottom), ..rows.data }))
            .collect();
        books.bring_up(&places);
        let shows = |row: &u32| {
            (rows.data.left.0..=rows.data.right.0).any(|col| !is_blank(&rows.value(books, *row, Col(col))))
        };
        let mut all: Vec<u32> = self.doubtful.iter().copied().filter(|row| shows(row)).collect();
        all.extend(self.certain.iter());
        all.sort_unstable();
        Arc::new(all)
    }
}

fn inputs(books: &Books, rows: &Rows) -> Vec<(Cell, bool)> {
    let inputs = books.sessions.get(rows.book).into_iter().flat_map(calc::Session::inputs);
    let within = inputs.filter(|(sheet, cell, _)| *sheet == rows.sheet && rows.data.contains(*cell));
    within.map(|(_, cell, value)| (cell, is_blank(value))).collect()
}

/// Consecutive rows as (first, last).
fn runs(rows: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => runs.push((*row, *row)),
        }
    }
    runs
}

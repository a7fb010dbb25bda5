//! Which cells are compared, which of them are right, and where a wrong result begins.
//!
//! Left out are cells without a cached value, volatile cells and what depends on them through direct references.
//! Formulas that read another workbook or a server are counted apart. A mismatch is a root where no formula
//! that it names directly is wrong too: that is where to look first.

use super::book::{Book, FormulaCell};
use super::formula_text::{Scan, scan};
use super::places::Places;
use crate::values::{Tolerance, Value};
use std::collections::{BTreeMap, HashMap};

/// Numbers are right within this.
pub const STRICT: Tolerance = Tolerance { relative: 1e-9, absolute: 1e-12 };

/// Functions with another result every time or in every place.
const VOLATILE: [&str; 7] = ["NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO"];

/// Functions that ask a server.
const OUTSIDE: [&str; 10] = [
    "CUBEKPIMEMBER",
    "CUBEMEMBER",
    "CUBEMEMBERPROPERTY",
    "CUBERANKEDMEMBER",
    "CUBESET",
    "CUBESETCOUNT",
    "CUBEVALUE",
    "RTD",
    "STOCKHISTORY",
    "WEBSERVICE",
];

/// Under this the function table counts formulas that call none.
const OPERATORS: &str = "(operators only)";
/// Under this it counts formulas of formats whose tokens are not decoded here.
const TOKENS: &str = "(binary)";

/// Results by sheet's name, row and column.
pub type Results = HashMap<(String, u32, u32), Value>;

/// What a file's comparison came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Cells compared.
    pub compared: u64,
    /// Of these, right.
    pub matched: u64,
    /// Of these, without any result.
    pub missing: u64,
    /// Of the wrong ones, those where the wrong begins.
    pub roots: u64,
    /// Formulas that read another workbook or a server: all, and right ones.
    pub external: (u64, u64),
    /// Cells left out.
    pub left_out: u64,
    /// By function.
    pub functions: BTreeMap<String, Tally>,
    /// The first roots.
    pub examples: Vec<Example>,
}

/// Counts for one function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells compared whose formula calls it.
    pub cells: u64,
    /// Of these, right.
    pub matched: u64,
    /// Of these, roots of what is wrong.
    pub roots: u64,
}

/// A root mismatch, for a person to look at.
#[derive(Debug, PartialEq)]
pub struct Example {
    /// Sheet and address.
    pub place: String,
    /// The formula, where it is known.
    pub formula: String,
    /// What the file says.
    pub expected: Value,
    /// What was computed; `None` for nothing.
    pub found: Option<Value>,
}

/// Examples kept of one file.
const MOST_EXAMPLES: usize = 10;

/// Why a cell is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Compared,
    LeftOut,
    Apart,
}

/// Compares a book's cached values with results.
pub fn judge(book: &Book, results: &Results) -> Verdict {
    let scans: Vec<Option<Scan>> = book.cells.iter().map(|cell| cell.formula.as_deref().map(scan)).collect();
    let sheets: HashMap<&str, usize> =
        book.sheets.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    let kept = classify(book, &scans, &sheets);
    let mut verdict = Verdict::default();
    let mut wrong = Places::default();
    let mut wrong_cells = Vec::new();
    for (index, cell) in book.cells.iter().enumerate() {
        let Some(expected) = cell.cached.as_ref().filter(|_| kept.get(index) != Some(&Kept::LeftOut)) else {
            verdict.left_out += 1;
            continue;
        };
        let name = book.sheets.get(cell.sheet).cloned().unwrap_or_default();
        let found = results.get(&(name, cell.row, cell.col));
        let right = found.is_some_and(|found| expected.agrees(found, STRICT));
        if kept.get(index) == Some(&Kept::Apart) {
            verdict.external.0 += 1;
            verdict.external.1 += u64::from(right);
            continue;
        }
        verdict.count(scans.get(index).and_then(Option::as_ref), right, found.is_some());
        if !right {
            wrong.insert(cell.sheet, cell.row, cell.col);
            wrong_cells.push((index, expected, found));
        }
    }
    for (index, expected, found) in wrong_cells {
        let (Some(cell), Some(scan)) = (book.cells.get(index), scans.get(index)) else { continue };
        if is_root(cell, scan.as_ref(), &wrong, &sheets) {
            verdict.root(book, cell, scan.as_ref(), expected, found);
        }
    }
    verdict
}

fn classify(book: &Book, scans: &[Option<Scan>], sheets: &HashMap<&str, usize>) -> Vec<Kept> {
    let volatile = volatile_cells(book, scans, sheets);
    let of_cell = |(cell, (scan, volatile)): (&FormulaCell, (&Option<Scan>, bool))| {
        if volatile || cell.cached.is_none() {
            return Kept::LeftOut;
        }
        let asks = |scan: &Scan| OUTSIDE.iter().any(|name| scan.functions.contains(*name));
        let apart = scan.as_ref().is_some_and(|scan| scan.other_book || asks(scan));
        if apart { Kept::Apart } else { Kept::Compared }
    };
    book.cells.iter().zip(scans.iter().zip(volatile)).map(of_cell).collect()
}

/// For each cell whether it is volatile or depends, through direct references, on one that is.
fn volatile_cells(book: &Book, scans: &[Option<Scan>], sheets: &HashMap<&str, usize>) -> Vec<bool> {
    let calls = |scan: &Scan| VOLATILE.iter().any(|name| scan.functions.contains(*name));
    let mut volatile: Vec<bool> = book
        .cells
        .iter()
        .zip(scans)
        .map(|(cell, scan)| cell.volatile || scan.as_ref().is_some_and(calls))
        .collect();
    let mut places = Places::default();
    for (cell, _) in book.cells.iter().zip(&volatile).filter(|(_, volatile)| **volatile) {
        places.insert(cell.sheet, cell.row, cell.col);
    }
    let mut grows = !places.is_empty();
    while grows {
        grows = false;
        for (index, cell) in book.cells.iter().enumerate() {
            let (Some(known), Some(Some(scan))) = (volatile.get_mut(index), scans.get(index)) else {
                continue;
            };
            if !*known && names_any(cell, scan, &places, sheets, None) {
                *known = true;
                places.insert(cell.sheet, cell.row, cell.col);
                grows = true;
            }
        }
    }
    volatile
}

/// Whether the formula names one of the places directly.
fn names_any(
    cell: &FormulaCell,
    scan: &Scan,
    places: &Places,
    sheets: &HashMap<&str, usize>,
    but: Option<(usize, u32, u32)>,
) -> bool {
    scan.cells.iter().any(|named| {
        let sheet = named.sheet.as_ref().map_or(Some(cell.sheet), |name| sheets.get(name.as_str()).copied());
        sheet.is_some_and(|sheet| places.hit(sheet, named.rows, named.cols, but))
    })
}

fn is_root(cell: &FormulaCell, scan: Option<&Scan>, wrong: &Places, sheets: &HashMap<&str, usize>) -> bool {
    let own = Some((cell.sheet, cell.row, cell.col));
    !scan.is_some_and(|scan| names_any(cell, scan, wrong, sheets, own))
}

/// The names that a formula counts under.
fn counted_under(scan: Option<&Scan>) -> Vec<String> {
    match scan {
        None => vec![TOKENS.into()],
        Some(scan) if scan.functions.is_empty() => vec![OPERATORS.into()],
        Some(scan) => scan.functions.iter().cloned().collect(),
    }
}

impl Verdict {
    fn count(&mut self, scan: Option<&Scan>, right: bool, present: bool) {
        self.compared += 1;
        self.matched += u64::from(right);
        self.missing += u64::from(!present);
        for name in counted_under(scan) {
            let tally = self.functions.entry(name).or_default();
            tally.cells += 1;
            tally.matched += u64::from(right);
        }
    }

    fn root(
        &mut self,
        book: &Book,
        cell: &FormulaCell,
        scan: Option<&Scan>,
        expected: &Value,
        found: Option<&Value>,
    ) {
        self.roots += 1;
        for name in counted_under(scan) {
            self.functions.entry(name).or_default().roots += 1;
        }
        if self.examples.len() < MOST_EXAMPLES {
            let sheet = book.sheets.get(cell.sheet).map_or("", String::as_str);
            self.examples.push(Example {
                place: format!("{sheet}!{}", crate::values::address(cell.row, cell.col)),
                formula: cell.formula.clone().unwrap_or_default(),
                expected: expected.clone(),
                found: found.cloned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::parse_address;

    /// A book of one sheet `S` from addresses, formulas and cached values.
    fn book(cells: &[(&str, &str, Option<Value>)]) -> Book {
        let cell = |(place, formula, cached): &(&str, &str, Option<Value>)| {
            let (row, col) = parse_address(place).unwrap_or_default();
            FormulaCell {
                formula: Some((*formula).into()),
                cached: cached.clone(),
                ..FormulaCell::new(0, row, col)
            }
        };
        Book { sheets: vec!["S".into(), "T u".into()], cells: cells.iter().map(cell).collect() }
    }

    fn results(cells: &[(&str, Value)]) -> Results {
        let result = |(place, value): &(&str, Value)| {
            let (row, col) = parse_address(place).unwrap_or_default();
            (("S".to_owned(), row, col), value.clone())
        };
        cells.iter().map(result).collect()
    }

    fn number(number: f64) -> Option<Value> {
        Some(Value::Number(number))
    }

    #[test]
    fn right_wrong_and_missing_are_counted() {
        let book =
            book(&[("A1", "1+1", number(2.0)), ("A2", "SUM(1)", number(1.0)), ("A3", "SUM(2)", number(2.0))]);
        let verdict = judge(&book, &results(&[("A1", Value::Number(2.0)), ("A2", Value::Number(9.0))]));
        assert_eq!((verdict.compared, verdict.matched, verdict.missing, verdict.roots), (3, 1, 1, 2));
        assert_eq!(verdict.functions.get("SUM"), Some(&Tally { cells: 2, matched: 0, roots: 2 }));
        assert_eq!(verdict.functions.get(OPERATORS), Some(&Tally { cells: 1, matched: 1, roots: 0 }));
        assert_eq!(verdict.examples.first().map(|example| example.place.as_str()), Some("S!A2"));
    }

    #[test]
    fn what_names_a_wrong_cell_is_no_root() {
        let book = book(&[
            ("A1", "PI()", number(3.0)),
            ("A2", "SUM(A1:A1)", number(3.0)),
            ("A3", "S!A2*2", number(6.0)),
            ("A4", "SUM(A4:A4,B1)", number(0.5)),
        ]);
        let verdict = judge(&book, &results(&[]));
        assert_eq!((verdict.missing, verdict.roots), (4, 2), "the first, and the one that names only itself");
    }

    #[test]
    fn volatile_cells_and_their_dependants_are_left_out() {
        let book = book(&[
            ("A4", "A3&\"\"", number(1.0)),
            ("A3", "SUM($A$1:A2)", number(1.0)),
            ("A1", "NOW()+1", number(1.0)),
            ("A5", "'T u'!A1", number(1.0)),
            ("A6", "\"NOW()\"", number(1.0)),
        ]);
        let verdict = judge(&book, &results(&[]));
        assert_eq!((verdict.left_out, verdict.compared), (3, 2));
    }

    #[test]
    fn cells_without_a_value_are_left_out_and_other_books_counted_apart() {
        let book = book(&[("A1", "1", None), ("A2", "[1]X!A1", number(1.0)), ("A3", "RTD(1)", number(2.0))]);
        let verdict =
            judge(&book, &results(&[("A2", Value::Number(1.0)), ("A3", Value::Error("#N/A".into()))]));
        assert_eq!((verdict.left_out, verdict.compared, verdict.external), (1, 0, (2, 1)));
    }

    #[test]
    fn formulas_in_tokens_count_under_one_name() {
        let mut book = book(&[("A1", "", number(1.0)), ("A2", "", number(1.0))]);
        for (cell, volatile) in book.cells.iter_mut().zip([false, true]) {
            (cell.formula, cell.volatile) = (None, volatile);
        }
        let verdict = judge(&book, &results(&[("A1", Value::Number(1.0))]));
        assert_eq!(verdict.functions.get(TOKENS), Some(&Tally { cells: 1, matched: 1, roots: 0 }));
        assert_eq!(verdict.left_out, 1);
    }
}

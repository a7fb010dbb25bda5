//! Other files that formulas refer to: what this one remembers of them stands in tables of its own, which are no
//! sheets. The files themselves are never opened.
//!
//! Source: OASIS OpenDocument 1.3, part 3, 9.2.9 (`table:table-source`), and how such tables are named: the address of
//! the file in quotes, `#` and the sheet's name.

use super::formula::other_file;
use super::{Contents, Table, used};
use crate::LoadReport;
use values::{Cell, Text, Value};
use workbook::{ExternalBook, Grid};

/// Takes the remembered tables out of the contents; gives the files in the order in which formulas number them.
pub(super) fn take(
    contents: &mut Contents,
    value: impl Fn(&calamine::Data) -> Value,
    report: &mut LoadReport,
) -> Vec<ExternalBook> {
    let (own, remembered): (Vec<Table>, Vec<Table>) =
        std::mem::take(&mut contents.sheets).into_iter().partition(|(name, ..)| other_file(name).is_none());
    contents.sheets = own;
    let mut books: Vec<ExternalBook> = Vec::new();
    for (name, _, values, _) in &remembered {
        let Some((target, sheet)) = other_file(name) else { continue };
        let place = books.iter().position(|book| *book.target == *target).unwrap_or_else(|| {
            report.external_link(&target);
            books.push(ExternalBook { target: Text::from(target.as_str()), ..ExternalBook::default() });
            books.len() - 1
        });
        let mut grid = Grid::default();
        for (at, data) in used(values) {
            let at: Cell = at;
            grid.set(at, value(data));
        }
        if let Some(book) = books.get_mut(place) {
            book.sheets.push((Text::from(sheet), grid));
        }
    }
    books
}

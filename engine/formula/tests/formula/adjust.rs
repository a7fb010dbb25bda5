//! What changes of places make of formulas, from the case file and against a search through all cells.

use crate::support::{Book, rows};
use playsheet_formula::{Formula, Host, Mode, Sheets, Shift, Slide, Style, TableChange, parse, print};
use values::{Area, Cell, Col, Rect, Row, SheetId, Text};

const SHEETS: u16 = 13;

/// The sheets after a change of their places.
struct After<'a>(&'a Shift);

impl Sheets for After<'_> {
    fn sheet_by_name(&self, _: &str) -> Option<SheetId> {
        None
    }

    fn sheet_name(&self, id: SheetId) -> Option<&str> {
        let old = self.0.inverse().sheet(id)?;
        Book.sheet_name(old)
    }
}

fn sheet(name: &str) -> SheetId {
    Book.sheet_by_name(name).unwrap_or_else(|| panic!("no sheet is called {name}"))
}

fn area(text: &str) -> Area {
    let (name, cells) = text.split_once('!').unwrap();
    Area { sheet: sheet(name), rect: cells.parse().unwrap() }
}

fn slide(kind: &str, at: u32, count: u32) -> Slide {
    match kind {
        "insert" => Slide::Insert { at, count },
        _ => Slide::Delete { at, count },
    }
}

enum Change {
    Places(Shift),
    Copy(Host),
    Table(TableChange),
}

fn change(text: &str) -> Change {
    let words: Vec<&str> = text.split(' ').collect();
    let rest = |from: usize| words[from..].join(" ");
    Change::Places(match words.as_slice() {
        [kind @ ("insert" | "delete"), "rows", on, at, count] => {
            let slide = slide(kind, at.parse::<u32>().unwrap() - 1, count.parse().unwrap());
            Shift::Rows { sheet: sheet(on), slide }
        }
        [kind @ ("insert" | "delete"), "columns", on, at, count] if *on != "of" => {
            let at: Col = at.parse().unwrap();
            let slide = slide(kind, u32::from(at.0), count.parse().unwrap());
            Shift::Cols { sheet: sheet(on), slide }
        }
        ["insert", "sheet", at] => Shift::insert_sheet(SheetId(at.parse::<u16>().unwrap() - 1), SHEETS),
        ["delete", "sheet", ..] => Shift::delete_sheet(sheet(&rest(2)), SHEETS),
        ["move", "sheet", name, to] => {
            Shift::move_sheet(sheet(name), SheetId(to.parse::<u16>().unwrap() - 1), SHEETS)
        }
        ["move", from, to] => {
            let (from, to) = (area(from), area(to));
            let by = |cell: Cell| {
                let rows = i64::from(to.rect.top.0) - i64::from(from.rect.top.0);
                cell.moved(rows, i64::from(to.rect.left.0) - i64::from(from.rect.left.0)).unwrap()
            };
            let last = Cell { row: from.rect.bottom, col: from.rect.right };
            let rect = Rect::new(by(from.rect.first()), by(last));
            Shift::Move { from, to: Area { sheet: to.sheet, rect } }
        }
        ["copy", to] => {
            let to = area(to);
            return Change::Copy(Host { sheet: to.sheet, cell: to.rect.first() });
        }
        ["rename", "column", table, from, ..] => {
            let [table, from, to] = [(*table).to_owned(), (*from).to_owned(), rest(4)].map(Text::from);
            return Change::Table(TableChange::RenameColumn { table, from, to });
        }
        ["delete", "columns", "of", table, column] => {
            let columns = ["Item", "Qty", "Price", "Total"].map(|name| (Text::from(name), name != *column));
            let table = Text::from(*table);
            return Change::Table(TableChange::DeleteColumns { table, columns: columns.into() });
        }
        ["delete", "table", table] => {
            return Change::Table(TableChange::Delete { table: Text::from(*table) });
        }
        _ => panic!("{text} is no change"),
    })
}

fn check(text: &str, host: &str, edit: &str) -> String {
    let change = change(edit);
    let from = match host {
        "name" => Host { sheet: SheetId(u16::MAX), cell: Cell::default() },
        host => Host { sheet: area(host).sheet, cell: area(host).rect.first() },
    };
    let formula =
        parse(text, from.cell, &Book, Mode::Workbook).unwrap_or_else(|error| panic!("{text}: {error}"));
    let written = |formula: &Formula, to: Cell, book: &dyn Sheets| {
        format!("={}", print(formula, to, book, Style::Screen))
    };
    match &change {
        Change::Places(shift) if host == "name" => {
            let new = formula.adjusted_name(shift).formula.unwrap_or(formula);
            written(&new, from.cell, &After(shift))
        }
        Change::Places(shift) => {
            let (sheet, cell) = shift.cell(from.sheet, from.cell).unwrap();
            let adjusted = formula.adjusted(from, Host { sheet, cell }, shift);
            let found = written(&adjusted.formula.unwrap_or_else(|| formula.clone()), cell, &After(shift));
            let before = written(&formula, from.cell, &Book);
            assert_eq!(adjusted.rewritten, before != found, "{text} at {host}, {edit}: {found}");
            found
        }
        Change::Copy(to) => {
            let new = formula.settled(to.cell).unwrap_or(formula);
            written(&new, to.cell, &Book)
        }
        Change::Table(change) => {
            let new = formula.with_table_change(change).unwrap_or(formula);
            written(&new, from.cell, &Book)
        }
    }
}

#[test]
fn references_follow_their_cells() {
    let (mut count, mut wrong) = (0, Vec::new());
    for row in rows("adjust.tsv") {
        let [text, host, edit, expected] = row.as_slice() else { panic!("{row:?}") };
        let found = check(text, host, edit);
        count += 1;
        if found != *expected {
            wrong.push(format!("{text} at {host}, {edit}: {found} is not {expected}"));
        }
    }
    assert!(count >= 100, "only {count} cases were found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Between two cuts, copies whose ends change alike change alike throughout.
#[test]
fn runs_come_apart_only_at_their_cuts() {
    let on = SheetId(0);
    let shifts = [
        Shift::Rows { sheet: on, slide: Slide::Insert { at: 20, count: 3 } },
        Shift::Rows { sheet: on, slide: Slide::Delete { at: 20, count: 3 } },
        Shift::Rows { sheet: SheetId(1), slide: Slide::Delete { at: 20, count: 4 } },
        Shift::Cols { sheet: on, slide: Slide::Insert { at: 1, count: 1 } },
        Shift::Move {
            from: Area { sheet: on, rect: "A5:D9".parse().unwrap() },
            to: Area { sheet: on, rect: "A25:D29".parse().unwrap() },
        },
        Shift::Move {
            from: Area { sheet: on, rect: "D5:D9".parse().unwrap() },
            to: Area { sheet: SheetId(1), rect: "D25:D29".parse().unwrap() },
        },
    ];
    let texts = [
        "=A10",
        "=A3+B16",
        "=SUM(A5:A15)",
        "=SUM(A$21:A10)",
        "=SUM($A$1:A10)",
        "=Sheet2!A15",
        "=SUM(Sheet2!A8:B12)",
        "=A1",
        "=SUM(10:12)",
        "=SUM(A:A)",
        "=A$22+$B$26",
        "=SUM(A12:A$5)",
        "=SUM(Sheet1:Sheet3!A9)",
    ];
    for text in texts {
        let formula = parse(text, Cell::new(9, 3), &Book, Mode::Workbook).unwrap();
        for shift in &shifts {
            let after = |row: u32| {
                let cell = Cell { row: Row(row), col: Col(3) };
                let (sheet, new) = shift.cell(on, cell)?;
                let adjusted = formula.adjusted(Host { sheet: on, cell }, Host { sheet, cell: new }, shift);
                Some((
                    sheet,
                    i64::from(new.row.0) - i64::from(row),
                    adjusted.formula.unwrap_or_else(|| formula.clone()),
                ))
            };
            let mut cuts = formula.row_cuts(on, shift);
            cuts.retain(|cut| *cut < 60);
            cuts.push(60);
            let mut first = 0;
            for cut in cuts {
                let (a, b) = (after(first), after(cut - 1));
                if a == b {
                    for row in first..cut {
                        assert_eq!(after(row), a, "{text} in row {row}, {shift:?}");
                    }
                }
                first = cut;
            }
        }
    }
}

#[test]
fn there_and_back_is_where_it_was() {
    let shifts = [
        Shift::Rows { sheet: SheetId(1), slide: Slide::Insert { at: 3, count: 2 } },
        Shift::insert_sheet(SheetId(2), 5),
        Shift::delete_sheet(SheetId(2), 5),
        Shift::move_sheet(SheetId(4), SheetId(1), 5),
        Shift::move_sheet(SheetId(0), SheetId(3), 5),
    ];
    for shift in shifts {
        assert_eq!(shift.inverse().inverse(), shift);
        for (sheet, row) in (0..5).flat_map(|sheet| (0..9).map(move |row| (SheetId(sheet), row))) {
            let cell = Cell::new(row, 2);
            if let Some((there, moved)) = shift.cell(sheet, cell) {
                assert_eq!(shift.inverse().cell(there, moved), Some((sheet, cell)), "{shift:?}");
            }
        }
    }
}

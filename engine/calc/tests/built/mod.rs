//! The workbooks of the benchmarks, built without a file.

use formula::{Mode, parse};
use values::{Cell, Col, Rect, Row, SheetId, Value};
use workbook::{ArrayFormula, ArrayKind, Sheet, Workbook};
use workloads::{Content, Workload};

/// One description of the workbooks for what is timed and what is counted.
#[allow(dead_code, reason = "files and outputs are for the benchmarks")]
#[path = "../../../../xtask/src/commands/bench/workloads/mod.rs"]
pub mod workloads;

/// The workbook of a workload.
pub fn build(workload: Workload) -> Workbook {
    let sheets = workload.sheets.iter().map(|sheet| Sheet::new(sheet.name)).collect();
    let mut book = Workbook { sheets, ..Workbook::default() };
    let symbols = book.clone();
    for (sheet, id) in workload.sheets.into_iter().zip(0..) {
        for (cells, row) in sheet.rows.zip(0..) {
            for (content, col) in cells.into_iter().zip(0..) {
                let cell = Cell { row: Row(row), col: Col(col) };
                put(&mut book, &symbols, SheetId(id), cell, content);
            }
        }
    }
    book
}

fn put(book: &mut Workbook, symbols: &Workbook, sheet: SheetId, cell: Cell, content: Content) {
    let mut template =
        |text: &str| book.templates.intern(parse(text, cell, symbols, Mode::Workbook).unwrap());
    match content {
        Content::Empty => {}
        Content::Number(number) => {
            book.sheet_mut(sheet).unwrap().grid.set(cell, Value::number(number));
        }
        Content::Text(text) => book.sheet_mut(sheet).unwrap().grid.set(cell, Value::text(&text)),
        Content::Formula(text) => {
            let template = template(&text);
            book.sheet_mut(sheet).unwrap().set_formula(cell, Some(template));
        }
        Content::Array(text) => {
            let rect = Rect::new(cell, cell);
            let formula =
                ArrayFormula { anchor: cell, rect, template: template(&text), kind: ArrayKind::Dynamic };
            book.sheet_mut(sheet).unwrap().arrays.insert(cell, formula);
        }
    }
}

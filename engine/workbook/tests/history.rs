//! Steps, their bound, and what the log tells of sheets and cells.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use playsheet_workbook::{Content, Edit, History, Scenario, Scenarios, Sheet, Workbook};
use values::{Area, Cell, Row, SheetId, Text, Value};

fn book() -> Workbook {
    Workbook { sheets: ["One", "Two", "Three"].map(Sheet::new).into(), ..Workbook::default() }
}

fn set(sheet: u16, at: &str, number: f64) -> Edit {
    let cells = vec![(at.parse::<Cell>().unwrap(), Content::Value(Value::Number(number)))];
    Edit::Set { sheet: SheetId(sheet), cells }
}

fn step(book: &mut Workbook, history: &mut History, edits: &[Edit]) {
    let applied = book.apply_all(edits).unwrap();
    history.record(Text::from("step"), applied, ());
}

#[test]
fn the_oldest_steps_are_forgotten_beyond_the_bound_and_the_log_is_not() {
    let mut book = book();
    let mut history = History::new(2_000);
    for row in 1..=100 {
        step(&mut book, &mut history, &[set(0, &format!("A{row}"), 1.0)]);
        assert!(history.bytes() <= 2_000);
    }
    let mut undone = 0;
    while history.undo(&mut book).is_some() {
        undone += 1;
    }
    assert!((2..50).contains(&undone), "{undone}");
    assert_eq!(book.sheets[0].grid.iter().count(), 100 - undone);
    assert_eq!(history.log().effects().len(), 100 - undone);
    // Even a step beyond the bound can be undone.
    let many = (1..=1_000).map(|row| (Cell::new(row, 3), Content::Value(Value::Bool(true)))).collect();
    step(&mut book, &mut history, &[Edit::Set { sheet: SheetId(0), cells: many }]);
    assert!(history.undo(&mut book).is_some() && history.undo(&mut book).is_none());
}

#[test]
fn what_was_undone_is_forgotten_when_something_else_is_done() {
    let (mut book, mut history) = (book(), History::default());
    step(&mut book, &mut history, &[set(0, "A1", 1.0)]);
    step(&mut book, &mut history, &[set(0, "A1", 2.0)]);
    assert!(history.undo(&mut book).is_some());
    step(&mut book, &mut history, &[set(0, "A1", 3.0)]);
    assert!(history.redo(&mut book).is_none());
    assert!(history.undo(&mut book).is_some());
    assert!(book.value(SheetId(0), Cell::default()).same(&Value::Number(1.0)));
}

#[test]
fn all_edits_of_a_step_or_none() {
    let mut book = book();
    let refused = Edit::DeleteSheet { sheet: SheetId(9) };
    assert!(book.apply_all(&[set(0, "A1", 1.0), refused]).is_err());
    assert_eq!(book.sheets[0].grid.iter().count(), 0);
}

#[test]
fn the_log_tells_where_sheets_and_cells_are_now() {
    let (mut book, mut history) = (book(), History::default());
    let edits = [
        set(1, "B2", 5.0),
        Edit::InsertRows { sheet: SheetId(1), at: Row(0), count: 3 },
        Edit::InsertSheet { at: SheetId(0), name: Text::from("New") },
        Edit::MoveSheet { sheet: SheetId(3), to: SheetId(1) },
        Edit::DeleteSheet { sheet: SheetId(2) },
    ];
    step(&mut book, &mut history, &edits);
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["New", "Three", "Two"]);
    let origins = [0, 1, 2].map(|id| history.log().origin(SheetId(id)));
    assert_eq!(origins, [None, Some(SheetId(2)), Some(SheetId(1))]);
    let cells = history.log().cells();
    let cells: Vec<String> = cells.iter().map(|(sheet, rects)| format!("{} {}", sheet.0, rects[0])).collect();
    assert_eq!(cells, ["2 B5"]);
}

#[test]
fn scenarios_follow_their_cells_and_come_back() {
    let (mut book, mut history) = (book(), History::default());
    let cell = |text: &str| text.parse::<Cell>().unwrap();
    let scenario = |name: &str, cells: &[&str]| Scenario {
        name: Text::from(name),
        cells: cells.iter().map(|at| (cell(at), Value::Number(1.0))).collect(),
        ..Scenario::default()
    };
    let list = vec![scenario("Both", &["A2", "C5"]), scenario("First", &["A2"]), scenario("None", &[])];
    book.sheets[0].scenarios = Scenarios { list, results: vec!["B2:B6".parse().unwrap()] };
    let told = |book: &Workbook| -> String {
        let of = &book.sheets[0].scenarios;
        let cells =
            |one: &Scenario| one.cells.iter().map(|(at, _)| at.to_string()).collect::<Vec<_>>().join(" ");
        let list: Vec<String> = of.list.iter().map(|one| format!("{}: {}", one.name, cells(one))).collect();
        let results: Vec<String> = of.results.iter().map(ToString::to_string).collect();
        format!("{}, {}", list.join(", "), results.join(" "))
    };
    let before = told(&book);
    step(&mut book, &mut history, &[Edit::InsertRows { sheet: SheetId(0), at: Row(2), count: 1 }]);
    assert_eq!(told(&book), "Both: A2 C6, First: A2, None: , B2:B7");
    step(&mut book, &mut history, &[Edit::DeleteRows { sheet: SheetId(0), at: Row(1), count: 1 }]);
    assert_eq!(told(&book), "Both: C5, None: , B2:B6");
    let from = Area { sheet: SheetId(0), rect: "C5:C5".parse().unwrap() };
    step(&mut book, &mut history, &[Edit::Move { from, sheet: SheetId(0), to: cell("E9") }]);
    assert_eq!(told(&book), "Both: E9, None: , B2:B6");
    for _ in 0..3 {
        assert!(history.undo(&mut book).is_some());
    }
    assert_eq!(told(&book), before);
}

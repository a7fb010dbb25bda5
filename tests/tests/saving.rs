//! Saved workbooks in another spreadsheet program: it opens them, shows the values that were saved, and gets the
//! same ones when it calculates everything itself.

use anyhow::{Context, Result, bail, ensure};
use calamine::{CellErrorType, Data, Reader, Xlsx};
use engine::calc::{Ended, Session, Wanted};
use engine::formats::Limits;
use engine::formats::patch::{Changes, Content, save};
use engine::formula::{Shift, Slide};
use engine::functions::Environment;
use engine::values::{Cell, SheetId, Value};
use engine::{Document, saving};
use playsheet_tests::lacks;
use playsheet_tests::stage::example_file;
use rust_xlsxwriter as writer;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program, under the names that systems have for it.
fn program() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let names = ["soffice", "libreoffice"];
    folders.iter().flat_map(|folder| names.map(|name| folder.join(name))).find(|path| path.is_file())
}

/// A workbook with what files have around cells, made by another writer.
fn rich() -> Result<Vec<u8>> {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..6 {
        sheet.write(row, 0, f64::from(row) + 1.0)?;
        sheet.write_formula(row, 1, format!("A{}*2", row + 1).as_str())?;
        sheet.write(row, 3, "text")?;
    }
    sheet.write_formula(6, 1, "SUM(B1:B6)")?;
    sheet.write_formula(7, 1, "D1&\" and \"&D2")?;
    sheet.write_array_formula(8, 1, 9, 1, "A1:A2*10")?;
    sheet.write_formula(10, 1, "IF(A1>100,1/0,TRUE)")?;
    let list = writer::DataValidation::new().allow_list_strings(&["yes", "no"])?;
    sheet.add_data_validation(0, 2, 5, 2, &list)?;
    sheet.add_conditional_format(0, 0, 5, 0, &writer::ConditionalFormatDataBar::new())?;
    let mut chart = writer::Chart::new(writer::ChartType::Column);
    chart.add_series().set_values("Sheet1!$A$1:$A$6");
    sheet.insert_chart(8, 4, &chart)?;
    sheet.merge_range(30, 0, 31, 1, "merged", &writer::Format::new())?;
    Ok(book.save_to_buffer()?)
}

/// A workbook, and what is set in it.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    inputs: Vec<(&'static str, Value)>,
}

fn cases() -> Result<Vec<Case>> {
    let example = |name, inputs: Vec<(&'static str, Value)>| -> Result<Case> {
        Ok(Case { name, bytes: std::fs::read(example_file(name))?, inputs })
    };
    let odd = [
        ("Sheet1!A1", 150.5.into()),
        ("Sheet1!A2", Value::Empty),
        ("Sheet1!D1", " a <b> & \"c\"\nnext ".into()),
        ("Sheet1!D2", "_x0041_ ß 😀".into()),
        ("Sheet1!B3", "no formula".into()),
        ("Sheet1!F40", 1e-300.into()),
        ("Sheet1!A33", true.into()),
    ];
    Ok(vec![
        example("bmi.xlsx", vec![])?,
        example("loan.xlsx", vec![])?,
        example("quote.xlsx", vec![("Quote!D14", 3.0.into()), ("Quote!D15", 40.0.into())])?,
        example("catalogue.xlsx", vec![])?,
        example("budget.xlsx", vec![])?,
        example("shifts.xlsx", vec![])?,
        Case { name: "rich.xlsx", bytes: rich()?, inputs: odd.into() },
    ])
}

/// The session after its inputs were set and everything was calculated.
fn calculated(case: &Case) -> Result<Session> {
    let document = Document::open(&case.bytes, case.name, &Limits::default())?;
    let mut session = document.session();
    let book = document.model.workbook();
    for (place, value) in &case.inputs {
        let (sheet, cell) = place.split_once('!').context("a place has a sheet")?;
        let sheet = engine::formula::Sheets::sheet_by_name(&**book, sheet).context("no such sheet")?;
        let cell: Cell = cell.parse()?;
        session.set(sheet, cell, value.clone());
    }
    if case.inputs.is_empty() {
        for (sheet, cell, number) in inputs_of(&session) {
            session.set(sheet, cell, number.into());
        }
    }
    session.invalidate();
    let report = session.recalculate(&Environment::default(), Wanted::All);
    ensure!(report.ended == Ended::Done, "{}: {report:?}", case.name);
    Ok(session)
}

/// Some unlocked numbers, each a little larger.
fn inputs_of(session: &Session) -> Vec<(SheetId, Cell, f64)> {
    let book = session.model().workbook();
    let numbers = book.sheets().flat_map(|(id, sheet)| {
        sheet.grid.iter().filter_map(move |(cell, value)| match value {
            Value::Number(number) if sheet.formula(cell).is_none() && !book.style(id, cell).locked => {
                Some((id, cell, number + 1.0))
            }
            _ => None,
        })
    });
    numbers.step_by(2).take(40).collect()
}

/// Opens files and saves them as its own; each file's result by its place in the list.
fn converted(program: &Path, files: &[&Path], folder: &Path, calculate: bool) -> Result<Vec<PathBuf>> {
    let profile = folder.join(if calculate { "profile-calculating" } else { "profile" });
    let out = folder.join(if calculate { "calculated" } else { "opened" });
    std::fs::create_dir_all(profile.join("user"))?;
    // 0: always calculate a workbook of this format when it is opened; 1: never.
    let mode = u8::from(!calculate);
    let settings = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\
         <item oor:path=\"/org.openoffice.Office.Calc/Formula/Load\"><prop oor:name=\"OOXMLRecalcMode\" \
         oor:op=\"fuse\"><value>{mode}</value></prop></item></oor:items>"
    );
    std::fs::write(profile.join("user/registrymodifications.xcu"), settings)?;
    let output = Command::new(program)
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"])
        .arg(&out)
        .args(files)
        .output()?;
    let made: Vec<PathBuf> =
        files.iter().filter_map(|file| file.file_name()).map(|name| out.join(name)).collect();
    for file in &made {
        ensure!(file.is_file(), "{} was not made: {output:?}", file.display());
    }
    Ok(made)
}

/// A saved file with the session that it holds, whose cells went where `places` say.
struct Written {
    file: PathBuf,
    session: Session,
    places: Vec<Shift>,
}

/// Holds what the program made of a file against its session; how many cells were compared.
fn compare(written: &Written, made: &Path) -> Result<usize> {
    let Written { file, session, places } = written;
    let name = file.display();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(std::fs::read(made)?))?;
    let mut compared = 0;
    for (id, sheet) in session.model().workbook().sheets() {
        let range = book.worksheet_range(&sheet.name).with_context(|| format!("{name}: {}", sheet.name))?;
        let mut ours = BTreeMap::new();
        for (cell, value) in session.grid(id).context("the session has all sheets")?.iter() {
            let went = places.iter().try_fold(cell, |cell, shift| Some(shift.cell(id, cell)?.1));
            ours.insert(went.context("no cell is deleted")?, value);
        }
        for (cell, ours) in &ours {
            let theirs = range.get_value((cell.row.0, u32::from(cell.col.0))).unwrap_or(&Data::Empty);
            if !agrees(ours, theirs) {
                bail!("{name}: {}!{cell} is {ours:?} here and {theirs:?} there", sheet.name);
            }
            compared += 1;
        }
        let (top, left) = range.start().unwrap_or_default();
        for (row, col, theirs) in range.used_cells() {
            let cell = Cell::new(top + u32::try_from(row)?, u16::try_from(left as usize + col)?);
            let is_ours = ours.contains_key(&cell) || agrees(&Value::Empty, theirs);
            ensure!(is_ours, "{name}: {}!{cell} is {theirs:?} there and nothing here", sheet.name);
        }
    }
    Ok(compared)
}

/// Two rows in front of the third and a column in front of the first, on every sheet.
fn places(session: &Session) -> Vec<Shift> {
    let sheets = session.model().workbook().sheets();
    let shifts = sheets.flat_map(|(sheet, _)| {
        let rows = Shift::Rows { sheet, slide: Slide::Insert { at: 2, count: 2 } };
        [rows, Shift::Cols { sheet, slide: Slide::Insert { at: 0, count: 1 } }]
    });
    shifts.collect()
}

/// Whether two values are the same, as far as sixteen digits tell.
fn agrees(ours: &Value, theirs: &Data) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-280);
    match (ours, theirs) {
        (Value::Empty, Data::Empty) => true,
        (Value::Empty, Data::String(text)) => text.is_empty(),
        (Value::Number(a), Data::Float(b)) => close(*a, *b),
        (Value::Number(a), Data::Int(b)) => close(*a, *b as f64),
        (Value::Number(a), Data::DateTime(b)) => close(*a, b.as_f64()),
        (Value::Bool(a), Data::Bool(b)) => a == b,
        (Value::Text(a), Data::String(b)) => **a == *b,
        (Value::Text(a), Data::Empty) => a.is_empty(),
        (Value::Error(a), Data::Error(b)) => *b == error(a.as_str()),
        _ => false,
    }
}

fn error(name: &str) -> CellErrorType {
    match name {
        "#DIV/0!" => CellErrorType::Div0,
        "#N/A" => CellErrorType::NA,
        "#NAME?" => CellErrorType::Name,
        "#NULL!" => CellErrorType::Null,
        "#NUM!" => CellErrorType::Num,
        "#REF!" => CellErrorType::Ref,
        _ => CellErrorType::Value,
    }
}

/// A file whose formula 1+2 was saved with the result 99: it tells whether the program calculated.
fn control(folder: &Path) -> Result<PathBuf> {
    let mut book = writer::Workbook::new();
    book.add_worksheet().write_formula(0, 0, "1+2")?;
    let result = Content::Result { value: 99.0.into(), fills: None };
    let cells = BTreeMap::from([(SheetId(0), BTreeMap::from([(Cell::default(), result)]))]);
    let changes = Changes { cells, ..Changes::default() };
    let file = folder.join("control.xlsx");
    std::fs::write(&file, save(&book.save_to_buffer()?, &changes, &Limits::default())?.bytes)?;
    Ok(file)
}

fn control_value(made: &[PathBuf]) -> Result<f64> {
    let last = made.last().context("the control was converted")?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(std::fs::read(last)?))?;
    match book.worksheet_range("Sheet1")?.get_value((0, 0)) {
        Some(Data::Float(number)) => Ok(*number),
        other => bail!("the control holds {other:?}"),
    }
}

#[test]
fn saved_workbooks_open_in_another_program_with_equal_values() -> Result<()> {
    let program = program();
    if lacks(if program.is_none() { &["LibreOffice"] } else { &[] })? {
        return Ok(());
    }
    let program = program.context("it was found")?;
    let folder = tempfile::tempdir()?;
    let mut written = Vec::new();
    for case in cases()? {
        let session = calculated(&case)?;
        let changes = saving::changes(&session);
        ensure!(!changes.cells.is_empty() && !changes.stale, "{}", case.name);
        let saved = save(&case.bytes, &changes, &Limits::default())?;
        let places = places(&session);
        let changes = Changes { places: places.clone(), ..Changes::default() };
        let moved = save(&saved.bytes, &changes, &Limits::default())?;
        for (prefix, bytes, places) in [("", saved.bytes, Vec::new()), ("moved-", moved.bytes, places)] {
            let file = folder.path().join(format!("{prefix}{}", case.name));
            std::fs::write(&file, bytes)?;
            written.push(Written { file, session: session.clone(), places });
        }
    }
    let control = control(folder.path())?;
    for calculate in [false, true] {
        // Where cells moved, what counts is that formulas still find them.
        let wanted: Vec<&Written> =
            written.iter().filter(|written| calculate || written.places.is_empty()).collect();
        let files = wanted.iter().map(|written| written.file.as_path());
        let files: Vec<&Path> = files.chain([control.as_path()]).collect();
        let made = converted(&program, &files, folder.path(), calculate)?;
        let sum = if calculate { 3.0 } else { 99.0 };
        ensure!(control_value(&made)? == sum, "the program calculates as it is told");
        for (written, made) in wanted.into_iter().zip(&made) {
            let compared = compare(written, made)?;
            ensure!(compared > 10, "{}: {compared} cells", written.file.display());
        }
    }
    Ok(())
}

#[test]
fn a_session_without_changes_changes_nothing() -> Result<()> {
    for case in cases()? {
        let document = Document::open(&case.bytes, case.name, &Limits::default())?;
        let changes = saving::changes(&document.session());
        let cells: Changes = Changes { stale: changes.stale, ..Changes::default() };
        ensure!(changes.cells.is_empty(), "{}: {:?}", case.name, changes.cells);
        ensure!(
            save(&case.bytes, &cells, &Limits::default())?.bytes == case.bytes || changes.stale,
            "{}",
            case.name
        );
    }
    Ok(())
}

//! Another reader as the judge: its values and formulas must be ours, wherever it reads right itself.
//!
//! For .xls and .xlsb only values are compared: it writes columns of references to other sheets wrong there,
//! and leaves out shared formulas.

use super::support::*;
use crate::{FileFormat, Limits, LoadNote, Loaded, open};
use calamine::{Data, Range, Reader, Sheets};
use formula::{Mode, Style};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use values::{Cell, CellError, Value};
use workbook::Sheet;

/// Compares; gives how many cells were.
fn compare(bytes: &[u8], name: &str, loaded: &Loaded) -> Result<usize, String> {
    let mut judge = match calamine::open_workbook_auto_from_rs(Cursor::new(bytes)) {
        Ok(judge) => judge,
        // What it cannot open, it cannot judge.
        Err(_) => return Ok(0),
    };
    let mut compared = 0;
    for sheet in &loaded.workbook.sheets {
        let is_chart =
            |note: &LoadNote| note.place == *sheet.name && note.message.starts_with("This sheet is");
        if loaded.report.notes.iter().any(is_chart) {
            continue;
        }
        let Ok(values) = judge.worksheet_range(&sheet.name) else { continue };
        for (at, theirs) in cells_of(&values) {
            if let Some(theirs) = value(theirs, loaded.report.format) {
                let ours = sheet.grid.get(at);
                if !same(ours, &theirs) {
                    return Err(format!(
                        "{name} {}!{at}: ours {}, theirs {}",
                        sheet.name,
                        show(ours),
                        show(&theirs)
                    ));
                }
                compared += 1;
            }
        }
        if loaded.report.format == FileFormat::Xlsx {
            compared += compare_formulas(&mut judge, name, sheet, loaded)?;
        }
    }
    Ok(compared)
}

fn compare_formulas<R: std::io::Read + std::io::Seek>(
    judge: &mut Sheets<R>,
    name: &str,
    sheet: &Sheet,
    loaded: &Loaded,
) -> Result<usize, String> {
    let Ok(formulas) = judge.worksheet_formula(&sheet.name) else { return Ok(0) };
    let workbook = &loaded.workbook;
    let mut compared = 0;
    for (at, text) in cells_of(&formulas).filter(|(_, text)| !text.is_empty()) {
        let template = sheet.formula(at).or_else(|| sheet.arrays.get(&at).map(|array| array.template));
        let Some(template) = template else {
            return Err(format!("{name} {}!{at}: no formula, theirs {text}", sheet.name));
        };
        let Ok(theirs) = formula::parse(text, at, workbook, Mode::Workbook) else { continue };
        let print = |formula| formula::print(formula, at, workbook, Style::File);
        let (ours, theirs) = (print(workbook.templates.get(template)), print(&theirs));
        // It counts a shared formula from the corner of its range, which need not be the cell that holds it.
        let is_shifted = || {
            let shifts = (0..=8).flat_map(|rows| (0..=8).map(move |cols| (rows, cols)));
            shifts.filter_map(|(rows, cols)| at.moved(rows, cols)).any(|host| {
                formula::print(workbook.templates.get(template), host, workbook, Style::File) == theirs
            })
        };
        if ours != theirs && !is_shifted() {
            return Err(format!("{name} {}!{at}: ours {ours}, theirs {theirs}", sheet.name));
        }
        compared += 1;
    }
    Ok(compared)
}

fn cells_of<T: calamine::CellType>(range: &Range<T>) -> impl Iterator<Item = (Cell, &T)> {
    let (top, left) = range.start().unwrap_or((0, 0));
    range
        .used_cells()
        .map(move |(row, col, value)| (Cell::new(top + row as u32, left as u16 + col as u16), value))
}

/// Their value as ours; `None` where they have no opinion.
fn value(data: &Data, format: FileFormat) -> Option<Value> {
    Some(match data {
        Data::Int(number) => Value::Number(*number as f64),
        Data::Float(number) => Value::Number(*number),
        Data::Bool(truth) => Value::Bool(*truth),
        Data::DateTime(date) => Value::Number(date.as_f64()),
        // Errors are texts to them there, and dates too.
        Data::String(text) if format == FileFormat::Ods && text.starts_with(['#', 'E']) => return None,
        Data::String(text) => Value::text(&text.replace('\0', "")),
        Data::Error(error) => Value::Error(error.to_string().parse::<CellError>().ok()?),
        _ => return None,
    })
}

fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        // They know no newer errors, and write text between line ends in another way.
        (Value::Error(_), Value::Error(_)) => true,
        (Value::Text(a), Value::Text(b)) => a.replace('\r', "") == b.replace('\r', ""),
        (a, b) => a.same(b),
    }
}

#[test]
fn agrees_on_files_made_here() {
    let by_hand = r#"<sheetData><row r="1"><c r="A1"><v>1.5</v></c><c r="B1" t="str"><f>"a"&amp;A1</f><v>a1.5</v></c></row>
        <row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">A1*2</f><v>3</v></c></row>
        <row r="3"><c r="A3"><f t="shared" si="0"/><v>6</v></c></row></sheetData>"#;
    let files = [
        (super::written::everything(), "everything.xlsx", 20),
        (xlsx(&[by_hand]).bytes(), "by_hand.xlsx", 6),
        (super::binary_files::xls(), "x.xls", 8),
        (super::open_document::example().bytes(), "x.ods", 5),
    ];
    for (bytes, name, least) in files {
        let compared = compare(&bytes, name, &load(&bytes, name)).unwrap();
        assert!(compared >= least, "{name}: only {compared} cells were compared");
    }
}

#[test]
fn agrees_on_the_corpus() {
    let Some(folder) = std::env::var_os("PLAYSHEET_CORPUS") else {
        println!("PLAYSHEET_CORPUS is not set: no files to compare with another reader");
        return;
    };
    let mut files = Vec::new();
    walk(Path::new(&folder), &mut files);
    assert!(!files.is_empty(), "no spreadsheets in {}", Path::new(&folder).display());
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for path in &files {
        let (bytes, name) = (std::fs::read(path).unwrap(), path.display().to_string());
        match open(&bytes, &name, &Limits::default()) {
            Err(error) => wrong.push(format!("{name}: {error}")),
            Ok(loaded) => match catch_unwind(AssertUnwindSafe(|| compare(&bytes, &name, &loaded))) {
                Ok(Ok(cells)) => compared += cells,
                Ok(Err(message)) => wrong.push(message),
                Err(_) => println!("{name}: the other reader panics"),
            },
        }
    }
    println!("{} files, {compared} cells compared", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: BTreeMap<PathBuf, bool> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        entries.insert(entry.path(), entry.path().is_dir());
    }
    for (path, is_folder) in entries {
        if is_folder {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| {
            ["xlsx", "xlsm", "xlsb", "xls", "ods"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        }) {
            files.push(path);
        }
    }
}

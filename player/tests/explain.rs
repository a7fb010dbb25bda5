//! `playsheet explain` as people run it: a tree to read, JSON, references, errors and their sources.

#![allow(clippy::unwrap_used, reason = "clippy lets test functions do so, but not what they call")]

use rust_xlsxwriter::{Format, Workbook};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
}

fn explain(file: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_playsheet"));
    command.args(["explain", file.to_str().unwrap(), "--now", "2026-11-21"]).args(args).output().unwrap()
}

#[track_caller]
fn said(file: &Path, args: &[&str], code: i32) -> String {
    let output = explain(file, args);
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{all}");
    all
}

/// An invoice with captions, formats, an error on a second sheet, and nothing calculated yet.
fn invoice(folder: &Path) -> PathBuf {
    let file = folder.join("invoice.xlsx");
    let mut workbook = Workbook::new();
    let money = Format::new().set_num_format("#,##0.00");
    let percent = Format::new().set_num_format("0%");
    let sheet = workbook.add_worksheet().set_name("Invoice").unwrap();
    for (row, (item, price)) in [("Pens", 1000.0), ("Ink", 250.5), ("Paper", 49.5)].into_iter().enumerate() {
        sheet.write(row as u32, 0, item).unwrap();
        sheet.write_with_format(row as u32, 1, price, &money).unwrap();
    }
    for (row, (caption, formula)) in
        [("Net", "=SUM(B1:B3)"), ("Tax", "=B5*Rate"), ("Total", "=IF(B5>0,B5+B6,B9)")].into_iter().enumerate()
    {
        sheet.write(row as u32 + 4, 0, caption).unwrap();
        sheet.write_formula_with_format(row as u32 + 4, 1, formula, &money).unwrap();
    }
    sheet.write(7, 0, "Tax rate").unwrap();
    sheet.write_with_format(7, 1, 0.19, &percent).unwrap();
    sheet.write(9, 0, "Per head").unwrap();
    sheet.write_formula(9, 1, "=B7/'My staff'!B2").unwrap();
    let staff = workbook.add_worksheet().set_name("My staff").unwrap();
    staff.write(0, 0, "Divisor").unwrap();
    staff.write_formula(0, 1, "=1/B3").unwrap();
    staff.write(1, 0, "Heads").unwrap();
    staff.write_formula(1, 1, "=B1*2").unwrap();
    workbook.define_name("Rate", "=Invoice!$B$8").unwrap();
    workbook.save(&file).unwrap();
    file
}

#[test]
fn a_value_is_explained_as_a_tree() {
    let folder = tempfile::tempdir().unwrap();
    let file = invoice(folder.path());
    let expected = "\
Invoice!B7 Total = 1,547.00          =IF(B5>0,B5+B6,B9)
├─ B5 Net = 1,300.00                 =SUM(B1:B3)
│  └─ B1:B3  3 cells, sum 1,300.00   1,000.00, 250.50, 49.50
├─ B6 Tax = 247.00                   =B5*Rate
│  ├─ B5 Net = 1,300.00              =SUM(B1:B3)  (see above)
│  └─ Rate → B8 Tax rate = 19%
└─ B9 = (empty)                      not used

Used by
   B10   =B7/'My staff'!B2
";
    assert_eq!(said(&file, &["Invoice!B7"], 0), expected);
    assert_eq!(said(&file, &["B7"], 0), expected, "the first visible sheet is meant");
    let named = said(&file, &["Rate"], 0);
    assert!(named.starts_with("Invoice!B8 Tax rate = 19%\n"), "{named}");
}

#[test]
fn an_error_is_followed_to_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = invoice(folder.path());
    let tree = said(&file, &["B10", "--depth", "1"], 0);
    let end = "The error #DIV/0! comes from 'My staff'!B1 =1/B3: it divides by zero or by an empty cell.";
    assert!(tree.contains(end), "{tree}");
    assert!(tree.contains("'My staff'!B2 Heads = #DIV/0!") && tree.contains("…"), "{tree}");
    let here = said(&file, &["'My staff'!B1"], 0);
    assert!(here.contains("The error #DIV/0! begins here: it divides by zero"), "{here}");
    let mended = said(&file, &["B10", "--set", "'My staff'!B3=2"], 0);
    assert!(!mended.contains("The error") && mended.contains("B3 = 2"), "{mended}");
    assert!(mended.contains("set"), "inputs are told from constants: {mended}");
}

#[test]
fn the_tree_is_given_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = invoice(folder.path());
    let tree: serde_json::Value = serde_json::from_str(&said(&file, &["B7", "--json"], 0)).unwrap();
    assert_eq!(
        (&tree["sheet"], &tree["cell"], &tree["caption"]),
        (&"Invoice".into(), &"B7".into(), &"Total".into())
    );
    assert_eq!((&tree["value"], &tree["text"]), (&1547.0.into(), &"1,547.00".into()));
    let reads = tree["reads"].as_array().unwrap();
    let used: Vec<bool> = reads.iter().map(|part| part["used"].as_bool().unwrap()).collect();
    assert_eq!(used, [true, true, false]);
    let items = &reads[0]["cells"][0]["reads"][0];
    assert_eq!((&items["count"], &items["sum"], &items["filled"]), (&3.into(), &1300.0.into(), &3.into()));
    assert_eq!(tree["dependents"][0]["range"], "B10");
    let error: serde_json::Value = serde_json::from_str(&said(&file, &["B10", "--json"], 0)).unwrap();
    assert_eq!(error["error"], "#DIV/0!");
    let source = &error["error_source"];
    assert_eq!(
        (&source["sheet"], &source["cell"], &source["distance"]),
        (&"My staff".into(), &"B1".into(), &2.into())
    );
}

#[test]
fn items_of_an_app_are_explained_by_their_caption() {
    let app = example("bmi.xml");
    let plain = said(&app, &["Body height"], 0);
    assert!(plain.starts_with("BMI!B5"), "{plain}");
    let brief = said(&app, &["BMI!B12", "--brief", "--set", "Body height=200", "--set", "BMI!B6=100"], 0);
    assert!(brief.contains("= 25") && brief.contains("set"), "{brief}");
}

#[test]
fn what_is_no_cell_is_refused() {
    let file = example("bmi.xlsx");
    assert!(said(&file, &["Nothing of that name"], 1).contains("neither a cell nor a name"));
    assert!(said(&file, &["Nowhere!A1"], 1).contains("has no sheet"));
    said(&file, &["B12", "--depth", "0"], 2);
    said(&file, &[], 2);
    said(Path::new("no-such-file.xlsx"), &["A1"], 1);
}

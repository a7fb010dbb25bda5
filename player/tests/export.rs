//! `playsheet export` as people run it: what is written, what is refused, and what stays as it was.

#![allow(clippy::unwrap_used, reason = "clippy lets test functions do so, but not what they call")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
}

fn playsheet(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_playsheet")).args(args).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn ended(output: &Output, code: i32) -> String {
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{all}");
    all
}

/// The results of a workbook, recomputed.
fn recalculated(file: &Path) -> String {
    let output = playsheet(&["recalc", text(file), "--now", "2026-11-21"]);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_app_is_exported_with_its_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.xlsx");
    let app = example("bmi.xml");
    let set = ["--set", "Body height=200", "--set", "BMI!B6=100"];
    let export = [&["export", text(&app), "--xlsx", text(&out), "--now", "2026-11-21"], &set[..]].concat();
    ended(&playsheet(&export), 0);
    let (before, after) = (recalculated(&example("bmi.xlsx")), recalculated(&out));
    assert_ne!(before, after);
    assert!(after.contains("\"cell\":\"B12\",\"value\":25"), "{after}");
    // The values stand in the file too, for readers that do not compute.
    let report = ended(&playsheet(&["report", text(&out), "--now", "2026-11-21"]), 0);
    assert!(!report.contains("differs"), "{report}");
}

#[test]
fn every_example_is_exported_without_a_grave_loss() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["bmi", "loan", "quote", "catalogue", "budget", "shifts"] {
        let out = folder.path().join(format!("{name}.xlsx"));
        let file = example(&format!("{name}.xlsx"));
        let said =
            ended(&playsheet(&["export", text(&file), "--xlsx", text(&out), "--now", "2026-11-21"]), 0);
        println!("{name}: {said}");
        assert_eq!(recalculated(&out), recalculated(&file), "{name}");
    }
}

#[test]
fn text_becomes_a_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("a.csv"), folder.path().join("a.xlsx"));
    std::fs::write(&file, "Item,Price\nPen,1.5\nInk,2\nCap,3\nPot,4\nBox,5\n").unwrap();
    ended(&playsheet(&["export", text(&file), "--xlsx", text(&out), "--set", "B2=7.25"]), 0);
    let shown = ended(&playsheet(&["run", text(&out)]), 0);
    assert!(shown.contains("7.25") && shown.contains("Pot"), "{shown}");
}

#[test]
fn the_input_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("loan.xlsx");
    std::fs::copy(example("loan.xlsx"), &file).unwrap();
    std::fs::copy(example("loan.xml"), folder.path().join("loan.xml")).unwrap();
    let before = std::fs::read(&file).unwrap();
    let other_way = folder.path().join("./loan.xlsx");
    for (from, out) in [("loan.xlsx", &file), ("loan.xml", &file), ("loan.xlsx", &other_way)] {
        let from = folder.path().join(from);
        let said = ended(&playsheet(&["export", text(&from), "--xlsx", text(out)]), 1);
        assert!(said.contains("would be overwritten"), "{said}");
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn what_cannot_be_done_is_said_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.xlsx");
    let file = example("bmi.xlsx");
    let missing = folder.path().join("no/such/out.xlsx");
    assert!(
        ended(&playsheet(&["export", text(&file), "--xlsx", text(&missing)]), 4)
            .contains("cannot be written")
    );
    ended(&playsheet(&["export", text(&file), "--xlsx", text(&folder.path().join("out.xls"))]), 2);
    ended(&playsheet(&["export", text(&file), "--xlsx", text(&out), "--set", "nothing"]), 2);
    ended(&playsheet(&["export", text(&file), "--xlsx", text(&out), "--set", "Nowhere=1"]), 1);
    ended(&playsheet(&["export", "no-such-file.xlsx", "--xlsx", text(&out)]), 1);
    assert!(!out.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn what_changes_results_is_refused_unless_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("spill.xlsx"), folder.path().join("out.xlsx"));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_number(0, 0, 3).unwrap();
    sheet.write_dynamic_formula(0, 2, "=SEQUENCE(A1)").unwrap();
    workbook.save(&file).unwrap();
    std::fs::write(&out, "what was there").unwrap();
    let said = ended(&playsheet(&["export", text(&file), "--xlsx", text(&out)]), 1);
    assert!(said.contains("formulas that spill are written as their values (Sheet1!C1)"), "{said}");
    assert!(said.contains("--anyway"), "{said}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "what was there");
    let said =
        ended(&playsheet(&["export", text(&file), "--xlsx", text(&out), "--set", "A1=2", "--anyway"]), 0);
    assert!(said.contains("formulas that spill"), "{said}");
    let written = ended(&playsheet(&["recalc", text(&out)]), 0);
    assert!(!written.contains("\"cell\""), "no formula is left: {written}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.xlsx");
    std::fs::write(&out, "what was there").unwrap();
    // A limit on the size of files, with its signal ignored, fails writes as a full disk does.
    let script = format!(
        "trap '' XFSZ; ulimit -f 2; exec '{}' export '{}' --xlsx '{}'",
        env!("CARGO_BIN_EXE_playsheet"),
        text(&example("bmi.xlsx")),
        text(&out)
    );
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(ended(&output, 4).contains("cannot be written"));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "what was there");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

//! The example workbooks go through unharmed: every value, formula and number format, with and without an input.

use crate::support::{Set, export, lines, part, read};
use playsheet_export::Severity;
use std::path::Path;
use values::Value;
use workbook::Workbook;

const EXAMPLES: [(&str, &str, &str); 6] = [
    ("bmi", "BMI", "B5"),
    ("loan", "Loan", "B5"),
    ("quote", "Quote", "B5"),
    ("catalogue", "", "A2"),
    ("budget", "", "B5"),
    ("shifts", "", "B5"),
];

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    std::fs::read(folder.join(name).with_extension("xlsx")).unwrap()
}

#[test]
fn every_example_keeps_values_formulas_and_formats() {
    for (name, ..) in EXAMPLES {
        let original = bytes(name);
        let exported = export(&original, &[]).unwrap();
        let said: Vec<String> = exported.losses.iter().map(ToString::to_string).collect();
        let grave = exported.losses.iter().filter(|loss| loss.severity == Severity::Refused).count();
        assert_eq!(grave, 0, "{name}: {said:?}");
        println!("{name}: {said:?}");
        let (meant, written) = (read(&original).unwrap(), read(&exported.bytes).unwrap());
        assert_eq!(lines(&written), lines(&meant), "{name}");
        assert_eq!(around(&written), around(&meant), "{name}");
    }
}

#[test]
fn every_formula_is_in_the_container() {
    for (name, ..) in EXAMPLES {
        let original = bytes(name);
        let meant = read(&original).unwrap();
        let exported = export(&original, &[]).unwrap();
        for (id, sheet) in meant.sheets() {
            let count: usize = sheet
                .formulas
                .iter()
                .flat_map(|runs| runs.iter())
                .map(|(top, bottom, _)| (bottom.0 - top.0 + 1) as usize)
                .sum();
            let text = part(&exported.bytes, &format!("xl/worksheets/sheet{}.xml", id.0 + 1));
            let found = text.matches("<f>").count() + text.matches("<f ").count();
            assert_eq!(found, count + sheet.arrays.len(), "{name} {}", sheet.name);
        }
    }
}

#[test]
fn an_input_changes_its_cell_alone() {
    for (name, sheet, cell) in EXAMPLES {
        let original = bytes(name);
        let meant = read(&original).unwrap();
        let sheet = if sheet.is_empty() { meant.sheets[0].name.as_str() } else { sheet };
        let set: [Set<'_>; 1] = [(sheet, cell, Value::Number(4321.5))];
        let exported = export(&original, &set).unwrap();
        let key = format!("{sheet}!{cell}");
        let mut expected = lines(&meant);
        let format =
            expected.get(&key).and_then(|line| line.split_once(']')).map_or("[General", |line| line.0);
        let line = format!("{format}] Number(4321.5)");
        expected.insert(key, line);
        assert_eq!(lines(&read(&exported.bytes).unwrap()), expected, "{name}");
    }
}

/// What stands around cells.
fn around(workbook: &Workbook) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for (_, sheet) in workbook.sheets() {
        let rules: Vec<_> =
            sheet.validations.iter().map(|v| (&v.areas, v.kind, v.operator, &v.error, &v.prompt)).collect();
        let _ = writeln!(
            out,
            "{} {:?} merged {:?} frozen {:?} protected {} rules {rules:?} filter {:?}",
            sheet.name, sheet.visibility, sheet.merged, sheet.frozen, sheet.protected, sheet.filter
        );
    }
    for name in &workbook.names {
        let _ = writeln!(out, "{} {:?} {} {}", name.name, name.scope, name.source, name.hidden);
    }
    for table in &workbook.tables {
        let _ = writeln!(out, "{table:?}");
    }
    out
}

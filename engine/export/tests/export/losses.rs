//! What an export says it lost: the cases of `cases/losses.tsv`.

use crate::fixtures::fixture;
use crate::support::{export, lines, part, parts, read};
use playsheet_export::Severity;
use values::Value;

const CASES: &str = include_str!("../../cases/losses.tsv");

#[test]
fn every_loss_is_said_with_its_place() {
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let exported = export(&fixture(fields[0]), &[]).unwrap_or_else(|error| panic!("{line}: {error}"));
        let said: Vec<String> = exported.losses.iter().map(ToString::to_string).collect();
        let severity = match fields[1] {
            "refuse" => Severity::Refused,
            "warn" => Severity::Warned,
            "nothing" => {
                if !exported.losses.is_empty() {
                    wrong.push(format!("{line}: {said:?}"));
                }
                continue;
            }
            other => panic!("{other}"),
        };
        let wanted = |loss: &&playsheet_export::Loss| {
            loss.severity == severity
                && loss.what == fields[2]
                && fields.get(3).is_none_or(|place| loss.places.iter().any(|known| known == place))
        };
        if !exported.losses.iter().any(|loss| wanted(&loss)) {
            wrong.push(format!("{line}: {said:?}"));
        }
        if severity == Severity::Warned && exported.losses.any_refused() {
            wrong.push(format!("{line}: more than a warning: {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_kept_is_really_there() {
    let keeps = [
        ("validations", "xl/worksheets/sheet1.xml", "<formula2>10</formula2>"),
        ("names", "xl/workbook.xml", "<definedName name=\"Greeting\">\"Hello, you\"</definedName>"),
        ("names", "xl/workbook.xml", "comment=\"of all\""),
        ("table", "xl/tables/table1.xml", "showFirstColumn=\"1\""),
        ("settings", "xl/workbook.xml", "iterateCount=\"7\""),
        ("chart", "xl/charts/chart1.xml", "Some numbers"),
    ];
    for (name, in_part, piece) in keeps {
        let exported = export(&fixture(name), &[]).unwrap();
        let text = part(&exported.bytes, in_part).replace("&quot;", "\"");
        assert!(text.contains(piece), "{name}: {piece} is not in {text}");
    }
}

#[test]
fn excel_computes_everything_when_it_opens_the_file() {
    for name in ["plain", "settings"] {
        let exported = export(&fixture(name), &[]).unwrap();
        let text = part(&exported.bytes, "xl/workbook.xml");
        assert_eq!(text.matches("<calcPr").count(), 1, "{text}");
        assert!(text.contains("fullCalcOnLoad=\"1\""), "{text}");
    }
}

#[test]
fn values_stand_where_formulas_cannot() {
    for (name, cell, line) in [
        ("legacy-array", "Data!C1", "[General] Number(2.0)"),
        ("data-table", "Data!B2", "[General] Number(4.0)"),
        ("external", "Data!B1", "[General] Number(2.0)"),
        ("external-name", "Data!B1", "[General] Number(2.0)"),
        ("new-error", "Data!B1", "[General] =A1*2 Error(Value)"),
    ] {
        let exported = export(&fixture(name), &[]).unwrap();
        assert_eq!(lines(&read(&exported.bytes).unwrap())[cell], line, "{name}");
    }
}

#[test]
fn an_input_takes_its_cell_and_no_other() {
    let set = [
        ("Data", "B1", Value::Number(7.0)),
        ("Data", "D9", Value::text("new")),
        ("Data", "A2", Value::Empty),
    ];
    for name in ["plain", "shared"] {
        let bytes = fixture(name);
        let exported = export(&bytes, &set).unwrap();
        assert!(exported.losses.is_empty(), "{:?}", exported.losses);
        let mut expected = lines(&read(&bytes).unwrap());
        expected.insert("Data!B1".to_owned(), "[General] Number(7.0)".to_owned());
        expected.insert("Data!D9".to_owned(), "[General] Text(\"new\")".to_owned());
        expected.remove("Data!A2");
        assert_eq!(lines(&read(&exported.bytes).unwrap()), expected, "{name}");
    }
}

#[test]
fn a_value_that_covers_an_array_leaves_nothing_to_lose() {
    let exported = export(&fixture("legacy-array"), &[("Data", "C1", Value::Number(9.0))]).unwrap();
    assert!(!exported.losses.any_refused(), "{:?}", exported.losses);
    let header = export(&fixture("table"), &[("Data", "E11", Value::text("Other"))]).unwrap();
    assert!(header.losses.any_refused());
}

#[test]
fn no_macro_and_no_link_is_left_in_the_container() {
    let exported = export(&fixture("macros"), &[]).unwrap();
    assert!(!parts(&exported.bytes).iter().any(|name| name.contains("vba")));
    assert!(!part(&exported.bytes, "[Content_Types].xml").contains("macroEnabled"));
}

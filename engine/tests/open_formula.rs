//! What formulas of OpenDocument files give that Excel writes otherwise or does not have.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use calc::Wanted;
use formats::Limits;
use functions::Environment;
use playsheet_engine::Document;
use values::{Cell, SheetId, Value};

const NAMESPACE: &str = "urn:oasis:names:tc:opendocument:xmlns";

/// A flat file with the sheet that the cases tell of and one with the formula.
fn document(formula: &str) -> Vec<u8> {
    let formula = formula.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let number = |value: u32| {
        format!(
            "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"{value}\"/></table:table-row>"
        )
    };
    format!(
        "<office:document xmlns:office=\"{NAMESPACE}:office:1.0\" xmlns:table=\"{NAMESPACE}:table:1.0\" \
         xmlns:text=\"{NAMESPACE}:text:1.0\" \
         office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"><office:body><office:spreadsheet>\
         <table:table table:name=\"My data\">{}<table:table-row><table:table-cell office:value-type=\"string\">\
         <text:p>x</text:p></table:table-cell></table:table-row>{}</table:table>\
         <table:table table:name=\"Formulas\"><table:table-row><table:table-cell/>\
         <table:table-cell table:formula=\"of:={formula}\"/></table:table-row></table:table>\
         <table:database-ranges><table:database-range table:name=\"figures\" \
         table:target-range-address=\"'My data'.A1:'My data'.A3\"/></table:database-ranges>\
         </office:spreadsheet></office:body></office:document>",
        number(7),
        number(3)
    )
    .into_bytes()
}

#[test]
fn formulas_give_what_they_mean_there() {
    let cases: Vec<Vec<&str>> = include_str!("../cases/open_formula.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    assert!(cases.len() > 30);
    let mut wrong = Vec::new();
    for case in cases {
        let [formula, expected, _source] = case.as_slice() else { panic!("{case:?}") };
        let read = Document::open(&document(formula), "x.fods", &Limits::default()).unwrap();
        let mut session = read.session();
        session.invalidate();
        session.recalculate(&Environment::default(), Wanted::All);
        let shown = match session.value(SheetId(1), Cell::new(0, 1)) {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Bool(truth) => truth.to_string().to_uppercase(),
            Value::Error(error) => error.as_str().to_owned(),
            other => format!("{other:?}"),
        };
        let same = match (shown.parse::<f64>(), expected.parse::<f64>()) {
            (Ok(shown), Ok(expected)) => (shown - expected).abs() <= 1e-9,
            _ => shown == **expected,
        };
        if !same {
            let text = read.model.formula_text(SheetId(1), Cell::new(0, 1));
            wrong.push(format!(
                "{formula}: {shown}, not {expected}; read as {text:?}; {:?}",
                read.report.notes
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

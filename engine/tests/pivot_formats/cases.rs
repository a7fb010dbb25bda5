//! The cases of pivot tables: formulas with what they give, and how a value is written there.

use std::path::Path;
use values::Value;

/// A file of the cases.
pub fn read(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/pivots");
    std::fs::read_to_string(folder.join(name)).ok()
}

/// The formulas of a case file with what they give.
pub fn formulas(name: &str) -> Vec<(String, String)> {
    let text = read(name).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            (columns.next().unwrap(), columns.next().unwrap())
        })
        .collect()
}

/// A value as the cases write it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Error(error) => error.as_str().to_owned(),
        other => format!("{other:?}"),
    }
}

//! Formula tokens of the case file: each says its text or why there is none.

use crate::binary::{Context, Dialect, ExternSheet, TableText, formula_text};
use std::collections::HashMap;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|digit| *digit != b' ').collect();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

fn sheets() -> Vec<ExternSheet> {
    let own = |prefix: &str| ExternSheet { prefix: prefix.to_owned(), ..ExternSheet::default() };
    let gone = ExternSheet { gone: true, ..ExternSheet::default() };
    let add_in = ExternSheet { book: Some(0), ..ExternSheet::default() };
    let other = ExternSheet { prefix: "[1]!".to_owned(), gone: false, book: Some(1) };
    vec![own("Data!"), own("'My sheet'!"), gone, add_in, other]
}

#[test]
fn tokens_say_what_the_cases_say() {
    let (sheets, mut tables) = (sheets(), HashMap::new());
    let columns = ["Region", "Qty", "a#b"].map(str::to_owned).to_vec();
    tables.insert(1, TableText { name: "Sales".to_owned(), columns });
    let names = ["rate", "_xlfn.CONCAT"].map(str::to_owned);
    let book_names = [vec!["EDATE".to_owned()], vec!["other".to_owned()]];
    let mut wrong = Vec::new();
    for line in include_str!("../../cases/tokens.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [dialect, cell, tokens, extra, expected] = fields[..] else { panic!("five columns: {line}") };
        let context = Context {
            dialect: match dialect {
                "5" => Dialect::Biff5(encoding_rs::WINDOWS_1252),
                "8" => Dialect::Biff8,
                _ => Dialect::Biff12,
            },
            sheets: &sheets,
            names: &names,
            book_names: &book_names,
            tables: &tables,
            in_name: false,
        };
        let found = match formula_text(&bytes(tokens), &bytes(extra), cell.parse().unwrap(), context) {
            Ok(text) => text,
            Err(error) => format!("!{error}"),
        };
        if found != expected {
            wrong.push(format!("{line} says {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

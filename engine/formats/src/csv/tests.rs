use super::*;
use crate::open;

fn cells(bytes: &[u8], name: &str) -> Vec<(String, String)> {
    let loaded = open(bytes, name, &Limits::default()).unwrap();
    let sheet = &loaded.workbook.sheets[0];
    let show = |value: &Value| match value {
        Value::Number(number) => format!("n{number}"),
        Value::Text(text) => format!("t{text}"),
        Value::Bool(truth) => format!("b{truth}"),
        Value::Error(error) => format!("e{error}"),
        other => format!("{other:?}"),
    };
    let mut cells: Vec<_> = sheet.grid.iter().map(|(at, value)| (at, show(value))).collect();
    cells.sort_by_key(|(at, _)| *at);
    cells.into_iter().map(|(at, value)| (at.to_string(), value)).collect()
}

#[track_caller]
fn check(bytes: &[u8], name: &str, expected: &[(&str, &str)]) {
    let found = cells(bytes, name);
    let found: Vec<(&str, &str)> = found.iter().map(|(at, value)| (at.as_str(), value.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn separators_are_found() {
    for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "a|b\n1|2\n"] {
        check(text.as_bytes(), "x.csv", &[("A1", "ta"), ("B1", "tb"), ("A2", "n1"), ("B2", "n2")]);
    }
    check(b"sep=;\na,b;c\n", "x.csv", &[("A1", "ta,b"), ("B1", "tc")]);
    check(
        b"one,two\n\"a;b\",\"c;d;e\"\n",
        "x.csv",
        &[("A1", "tone"), ("B1", "ttwo"), ("A2", "ta;b"), ("B2", "tc;d;e")],
    );
}

#[test]
fn decimal_commas_follow_the_numbers() {
    check(
        "1,5;2,25\n1.234,5;3\n".as_bytes(),
        "x.csv",
        &[("A1", "n1.5"), ("B1", "n2.25"), ("A2", "n1234.5"), ("B2", "n3")],
    );
    check(b"1.5;2.25\n", "x.csv", &[("A1", "n1.5"), ("B1", "n2.25")]);
    check(b"1.5,2\n", "x.csv", &[("A1", "n1.5"), ("B1", "n2")]);
}

#[test]
fn encodings_are_found() {
    let expected: &[(&str, &str)] = &[("A1", "tÄrger"), ("B1", "t€")];
    check("Ärger,€\n".as_bytes(), "x.csv", expected);
    check("\u{feff}Ärger,€\n".as_bytes(), "x.csv", expected);
    check(b"\xc4rger,\x80\n", "x.csv", expected);
    let text: String = "Ärger,€".into();
    let wide = |mark: &[u8], swap: fn(u16) -> [u8; 2]| {
        [mark.to_vec(), text.encode_utf16().flat_map(swap).collect()].concat()
    };
    check(&wide(&[0xff, 0xfe], u16::to_le_bytes), "x.csv", expected);
    check(&wide(&[0xfe, 0xff], u16::to_be_bytes), "x.csv", expected);
    let unmarked: Vec<u8> = "name,amount\nx,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&unmarked, "x.csv", &[("A1", "tname"), ("B1", "tamount"), ("A2", "tx"), ("B2", "n1")]);
}

#[test]
fn fields_are_typed_as_on_opening() {
    check(
        b"TRUE,#N/A,50%,=1+1,'5,007,2024-01-31,3/14,+A1,-5\n",
        "x.csv",
        &[
            ("A1", "btrue"),
            ("B1", "e#N/A"),
            ("C1", "n0.5"),
            ("D1", "t=1+1"),
            ("E1", "t'5"),
            ("F1", "n7"),
            ("G1", "n45322"),
            ("H1", "t3/14"),
            ("I1", "t+A1"),
            ("J1", "n-5"),
        ],
    );
    let loaded = open(b"50%,2024-01-31\n", "x.csv", &Limits::default()).unwrap();
    let format = |col| loaded.workbook.style(values::SheetId(0), Cell::new(0, col)).number_format.clone();
    assert_eq!(format(0), "0%");
    assert_ne!(format(1), "General");
    assert!(loaded.workbook.templates.is_empty());
}

#[test]
fn rows_keep_their_places() {
    check(
        b"a,b\n\n\n\"c\nd\",e\r\n\r\nf,g\rh,i",
        "x.csv",
        &[
            ("A1", "ta"),
            ("B1", "tb"),
            ("A4", "tc\nd"),
            ("B4", "te"),
            ("A6", "tf"),
            ("B6", "tg"),
            ("A7", "th"),
            ("B7", "ti"),
        ],
    );
    check(b"\n\na,b\n", "x.csv", &[("A3", "ta"), ("B3", "tb")]);
    check(
        b"a,,c\n,,\n\"say \"\"hi\"\"\",x,y\n",
        "x.csv",
        &[("A1", "ta"), ("C1", "tc"), ("A3", "tsay \"hi\""), ("B3", "tx"), ("C3", "ty")],
    );
}

#[test]
fn the_sheet_is_named_after_the_file() {
    for (file, name) in [("C:\\data\\Prices.csv", "Prices"), ("a[b]:c.csv", "a_b__c"), (".csv", "Sheet1")] {
        let loaded = open(b"1,2\n", file, &Limits::default()).unwrap();
        assert_eq!(loaded.workbook.sheets[0].name, name, "{file}");
    }
}

#[test]
fn limits_hold() {
    let too_large = |bytes: &[u8], limits: &Limits| {
        assert!(matches!(open(bytes, "x.csv", limits), Err(LoadError::TooLarge { .. })));
    };
    let limits = Limits::default();
    too_large(&[b"a".repeat(32_768), b",b\n".to_vec()].concat(), &limits);
    too_large(&b",".repeat(16_384), &limits);
    too_large(&b"a\n".repeat(1_048_577), &limits);
    too_large(b"a,b,c\n", &Limits { cells: 10, ..Limits::default() });
    too_large(b"a,b,c\n", &Limits { strings: 2, ..Limits::default() });
}

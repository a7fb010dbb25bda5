//! Formulas copied down: each reads the one above (chain), all read one cell (fanout), a wide table of mixed
//! arithmetic (grid), and ranges that overlap (ranges).

use super::random::Random;
use super::{Content, Row, Scope, Sheet, Workload, column, formula, number, numbers, text};

/// A1 is a number, each cell below adds 1 to the one above.
pub fn chain(n: u32) -> Workload {
    let rows = (0..n).map(|row| match row {
        0 => vec![number(1)],
        row => vec![formula(format!("A{row}+1"))],
    });
    Workload::new(
        vec![Sheet::new("S", rows)],
        vec![
            numbers("head", "S", "A1", Scope::All, |k| 2.0 + k * 1.5),
            numbers("tail_tenth", "S", format!("A{}", n - n / 10), Scope::Column, |k| 10.0 + k),
        ],
        vec![("S", "A2".into()), ("S", format!("A{}", n / 2)), ("S", format!("A{n}"))],
    )
}

/// Every formula reads A1 and the number beside it; one sum reads them all.
pub fn fanout(n: u32) -> Workload {
    let mut random = Random::new("fanout");
    let rows = (1..=n).map(move |row| {
        let value = number(random.within(1, 98));
        let product = formula(format!("$A$1*B{row}+1"));
        match row {
            1 => vec![number(3), value, product, Content::Empty, formula(format!("SUM(C1:C{n})"))],
            _ => vec![Content::Empty, value, product],
        }
    });
    let outputs = ["E1".into(), "C1".into(), format!("C{n}"), format!("C{}", n / 2)];
    Workload::new(
        vec![Sheet::new("S", rows)],
        vec![
            numbers("hub", "S", "A1", Scope::All, |k| 4.0 + k * 0.25),
            numbers("leaf", "S", format!("B{}", n / 2), Scope::Local, |k| 100.0 + k),
        ],
        outputs.into_iter().map(|cell| ("S", cell)).collect(),
    )
}

/// 48 columns of arithmetic and two of text beside quantity, price, discount, region and code: 50 formulas a row.
pub fn grid(n: u32) -> Workload {
    let mut random = Random::new("grid");
    let rows = (1..=n).map(move |row| grid_row(row, &mut random));
    let rates = [("vat", 0.2), ("index", 0.015)].map(|(name, rate)| vec![text(name), number(rate)]);
    let last = letters(52);
    let sums = vec![
        format!("SUM(Grid!F1:F{n})"),
        format!("SUM(Grid!{last}1:{last}{n})"),
        format!("AVERAGE(Grid!{0}1:{0}{n})", letters(30)),
        format!("MAX(Grid!{0}1:{0}{n})", letters(51)),
        "A1+A2-A3".into(),
    ];
    let middle = n / 2;
    let mut outputs: Vec<(&str, String)> = (1..=5).map(|row| ("Sum", format!("A{row}"))).collect();
    for (col, row) in [(53, middle), (54, middle), (52, middle), (52, 1), (54, n)] {
        outputs.push(("Grid", format!("{}{row}", letters(col))));
    }
    Workload::new(
        vec![Sheet::new("Grid", rows), Sheet::new("Rates", rates.into_iter()), column("Sum", sums)],
        vec![
            numbers("row_input", "Grid", format!("A{middle}"), Scope::Local, |k| 201.0 + k),
            numbers("global_rate", "Rates", "B1", Scope::All, |k| 0.21 + k * 0.001),
        ],
        outputs,
    )
}

fn grid_row(row: u32, random: &mut Random) -> Row {
    const REGIONS: [&str; 5] = ["north", "south", "east", "west", "central"];
    let mut cells = vec![
        number(random.within(1, 200)),
        number(random.hundredths(100, 9_000)),
        number(f64::from(random.within(0, 301)) / 1_000.0),
        text(*random.pick(&REGIONS).unwrap_or(&"north")),
        text(format!("P{}", random.within(1_000, 9_999))),
    ];
    cells.extend((0..48).map(|index| formula(grid_formula(row, index))));
    cells.push(formula(format!("$D{row}&\"-\"&$E{row}&\"-\"&$A{row}")));
    cells.push(formula(format!("$D{row}&\":\"&ROUND({}{row},0)", letters(52))));
    cells
}

/// The formula of one of the 48 columns of arithmetic; it reads columns up to four to its left.
fn grid_formula(row: u32, index: u32) -> String {
    let left = |columns: u32| format!("{}{row}", letters(5 + index - columns));
    match index % 6 {
        0 if index == 0 => format!("ROUND($A{row}*$B{row}*(1-$C{row}),2)"),
        0 => format!("ROUND($A{row}*$B{row}*(1-$C{row})+{}*0.01,2)", left(1)),
        1 => format!("{}*Rates!$B$1", left(1)),
        2 => format!("IF({0}>250,{0}*0.9,{0}*1.1+$C{row})", left(1)),
        3 => format!("{}+{}-$C{row}*10", left(1), left(3)),
        4 => format!("MAX({},{})/(1+ABS({}))", left(1), left(4), left(2)),
        _ => format!("ROUND({}*(1+Rates!$B$2)+$A{row}/3,4)", left(1)),
    }
}

/// A running sum, a maximum of the last hundred and a mean of the last thousand.
pub fn ranges(n: u32) -> Workload {
    let mut random = Random::new("ranges");
    let rows = (1..=n).map(move |row| {
        vec![
            number(random.hundredths(-5_000, 10_000)),
            formula(format!("SUM($A$1:A{row})")),
            formula(format!("MAX(A{}:A{row})", row.saturating_sub(99).max(1))),
            formula(format!("AVERAGE(A{}:A{row})", row.saturating_sub(999).max(1))),
        ]
    });
    let sums = ["B", "C", "D"].map(|col| format!("SUM(S!{col}1:{col}{n})")).to_vec();
    let cells = [format!("B{n}"), format!("C{n}"), format!("D{n}"), format!("B{}", n / 2)];
    let outputs =
        (1..=3).map(|row| ("Sum", format!("A{row}"))).chain(cells.into_iter().map(|cell| ("S", cell)));
    Workload::new(
        vec![Sheet::new("S", rows), column("Sum", sums)],
        vec![
            numbers("first", "S", "A1", Scope::All, |k| 101.0 + k),
            numbers("middle", "S", format!("A{}", n / 2), Scope::Column, |k| 150.0 + k),
            numbers("last", "S", format!("A{n}"), Scope::Local, |k| 5.0 + k),
        ],
        outputs.collect(),
    )
}

/// The letters of a column up to ZZ, counted from 0.
fn letters(col: u32) -> String {
    let letter = |index: u32| char::from(b'A' + (index % 26) as u8);
    match col.checked_sub(26) {
        None => letter(col).to_string(),
        Some(rest) => format!("{}{}", letter(rest / 26), letter(rest)),
    }
}

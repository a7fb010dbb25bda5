//! Texts cut, joined and formatted, and dates moved and counted.

use super::random::Random;
use super::{Content, Row, Scope, Sheet, Workload, column, formula, number, numbers, text, typed};

/// Five formulas a row that take a text apart and write numbers.
pub fn strings(n: u32) -> Workload {
    let mut random = Random::new("strings");
    let rows = (1..=n).map(move |row| string_row(row, &mut random));
    let middle = n / 2;
    let joiner = vec![vec![text("joiner"), text("_")]];
    let sums = vec![format!("SUM(S!G1:G{n})"), format!("SUMPRODUCT(LEN(S!E1:E{n}))")];
    let mut outputs = vec![("Sum", "A1".to_owned()), ("Sum", "A2".to_owned())];
    outputs.extend(["C1", "D1", "E1", "F1", "G1"].map(|cell| ("S", cell.to_owned())));
    outputs.extend(["F", "E"].map(|col| ("S", format!("{col}{middle}"))));
    Workload::new(
        vec![Sheet::new("S", rows), Sheet::new("Params", joiner.into_iter()), column("Sum", sums)],
        vec![
            typed("row_text", "S", format!("A{middle}"), Scope::Local, |k| {
                format!("golf-{k:05}/hotel;{k}.25")
            }),
            typed("joiner", "Params", "B1", Scope::Column, |k| {
                format!("{}{k}", "+".repeat(1 + k as usize % 5))
            }),
        ],
        outputs,
    )
}

fn string_row(row: u32, random: &mut Random) -> Row {
    const WORDS: [&str; 6] = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"];
    let first = *random.pick(&WORDS).unwrap_or(&"alpha");
    let digits = random.within(0, 100_000);
    let second = *random.pick(&WORDS).unwrap_or(&"alpha");
    let price = random.hundredths(1, 9_998);
    vec![
        text(format!("{first}-{digits:05}/{second};{price:.2}")),
        number(random.hundredths(0, 9_999_900)),
        formula(format!("LEFT(A{row},FIND(\"-\",A{row})-1)")),
        formula(format!("MID(A{row},FIND(\"/\",A{row})+1,FIND(\";\",A{row})-FIND(\"/\",A{row})-1)")),
        formula(format!("SUBSTITUTE(A{row},\"-\",Params!$B$1)")),
        formula(format!("TEXT(B{row},\"#,##0.00\")&\" \"&UPPER(C{row})")),
        formula(format!("VALUE(MID(A{row},FIND(\";\",A{row})+1,20))")),
    ]
}

/// Holidays that working days are counted around.
const HOLIDAYS: u32 = 120;

/// Five formulas a row over a date and a number of months.
pub fn dates(n: u32) -> Workload {
    let mut random = Random::new("dates");
    let rows = (1..=n).map(move |row| {
        vec![
            number(random.within(43_831, 46_000)),
            number(random.within(1, 48)),
            formula(format!("EDATE(A{row},B{row}+Params!$B$1)")),
            formula(format!("EOMONTH(A{row},B{row})")),
            formula(format!("NETWORKDAYS(A{row},A{row}+B{row}*20,Params!$D$1:$D${HOLIDAYS})")),
            formula(format!("WEEKDAY(A{row}+B{row},2)")),
            formula(format!("DATEDIF(A{row},C{row},\"m\")")),
        ]
    });
    let mut holidays = Random::new("holidays").sample(43_831, 47_848, HOLIDAYS);
    holidays.sort_unstable();
    let parameters = holidays.into_iter().enumerate().map(|(index, day)| match index {
        0 => vec![text("months"), number(0), Content::Empty, number(day)],
        _ => vec![Content::Empty, Content::Empty, Content::Empty, number(day)],
    });
    let columns = ["C", "D", "E", "F", "G"];
    let sums = columns.map(|col| format!("SUM(S!{col}1:{col}{n})")).to_vec();
    let middle = n / 2;
    let outputs = (1..=5).map(|row| ("Sum", format!("A{row}")));
    Workload::new(
        vec![Sheet::new("S", rows), Sheet::new("Params", parameters), column("Sum", sums)],
        vec![
            numbers("row_date", "S", format!("A{middle}"), Scope::Local, |k| 44_000.0 + 17.0 * k),
            numbers("month_shift", "Params", "B1", Scope::Column, |k| 1.0 + k),
            numbers("holiday", "Params", "D60", Scope::Column, |k| 45_000.0 + k),
        ],
        outputs.chain(columns.map(|col| ("S", format!("{col}{middle}")))).collect(),
    )
}

//! Tables that are searched: exact and approximate lookups, sums and counts under two conditions.

use super::random::Random;
use super::{Row, Scope, Sheet, Workload, column, formula, number, numbers, text, typed};

/// Two formulas a row over a table twice as long: four ways to look up exactly, one of them by text, and one
/// approximate search in a sorted column. One key in twenty is not there.
pub fn lookup(n: u32) -> Workload {
    let table = n * 2;
    let mut random = Random::new("lookup table");
    let keys = random.sample(1_000_000, 1_000_000 + table * 4, table);
    let rows = keys.clone().into_iter().zip(0_u32..).map(move |(key, index)| {
        let value = random.hundredths(0, 100_000);
        vec![number(key), number(value), text(format!("K{key}")), number(index * 7 + 3)]
    });
    let edited = keys.clone();
    let mut random = Random::new("lookup");
    let looks = (1..=n).map(move |row| {
        let key = if random.within(0, 20) == 0 { 999_000 - row } else { *random.pick(&keys).unwrap_or(&0) };
        look(row, key, table, random.within(3, table * 7))
    });
    let middle = n / 2 / 4 * 4;
    let key_of = move |k: f64| f64::from(*edited.get((k * 11.0) as usize + 5).unwrap_or(&0));
    let sums = vec![format!("SUM(Look!B1:B{n})"), format!("SUM(Look!D1:D{n})")];
    let cells =
        ["B1".into(), "B2".into(), "B3".into(), "B4".into(), format!("B{middle}"), format!("D{middle}")];
    let mut outputs = vec![("Sum", "A1".to_owned()), ("Sum", "A2".to_owned())];
    outputs.extend(cells.into_iter().chain([format!("D{n}")]).map(|cell| ("Look", cell)));
    Workload::new(
        vec![Sheet::new("Look", looks), Sheet::new("Table", rows), column("Sum", sums)],
        vec![
            numbers("lookup_value", "Look", format!("A{middle}"), Scope::Local, key_of),
            numbers("table_key", "Table", format!("A{}", table / 2), Scope::Table, |k| 5_000_000.0 + k),
            numbers("table_result", "Table", format!("B{}", table / 3), Scope::Table, |k| 1_000.5 + k),
            numbers("approx_value", "Look", format!("C{middle}"), Scope::Local, |k| 100.0 + 13.0 * k),
        ],
        outputs,
    )
}

fn look(row: u32, key: u32, table: u32, near: u32) -> Row {
    let (keys, results) = (format!("Table!$A$1:$A${table}"), format!("Table!$B$1:$B${table}"));
    let (wanted, found) = match row % 4 {
        0 => (number(key), format!("IFERROR(VLOOKUP(A{row},Table!$A$1:$D${table},2,FALSE),0)")),
        1 => (number(key), format!("_xlfn.XLOOKUP(A{row},{keys},{results},0)")),
        2 => (number(key), format!("IFERROR(INDEX({results},MATCH(A{row},{keys},0)),0)")),
        _ => {
            let names = format!("Table!$C$1:$C${table}");
            (text(format!("K{key}")), format!("IFERROR(INDEX({results},MATCH(A{row},{names},0)),0)"))
        }
    };
    vec![wanted, formula(found), number(near), formula(format!("MATCH(C{row},Table!$D$1:$D${table},1)"))]
}

const REGIONS: u32 = 50;
const PRODUCTS: u32 = 200;

fn region(index: u32) -> String {
    format!("region {:02}", index % REGIONS)
}

fn product(index: u32) -> String {
    format!("prod-{:03}", index % PRODUCTS)
}

/// Sums, counts and means under two conditions, equal or bounded, over five times as many rows of data.
pub fn sumifs(n: u32) -> Workload {
    let table = n * 5;
    let mut random = Random::new("sumifs data");
    let data = (0..table).map(move |_| {
        vec![
            text(region(random.within(0, REGIONS))),
            text(product(random.within(0, PRODUCTS))),
            number(random.within(0, 1_000)),
            number(random.hundredths(100, 50_000)),
        ]
    });
    let mut random = Random::new("sumifs");
    let rows = (1..=n).map(move |row| condition(row, table, &mut random));
    let middle = n / 2 / 10 * 10;
    let cells = [format!("C{middle}"), "C1".into(), "C4".into(), "C7".into(), "C9".into()];
    let outputs = [("Sum", "A1".to_owned())].into_iter().chain(cells.into_iter().map(|cell| ("Calc", cell)));
    Workload::new(
        vec![
            Sheet::new("Calc", rows),
            Sheet::new("Data", data),
            column("Sum", vec![format!("SUM(Calc!C1:C{n})")]),
        ],
        vec![
            typed("criterion", "Calc", format!("A{middle}"), Scope::Local, region),
            numbers("data_amount", "Data", format!("D{}", table / 2), Scope::Table, |k| 600.25 + k),
            typed("data_key", "Data", format!("A{}", table / 3), Scope::Table, |k| region(k * 7)),
        ],
        outputs.collect(),
    )
}

fn condition(row: u32, table: u32, random: &mut Random) -> Row {
    let [regions, products, bounds, amounts] =
        ["A", "B", "C", "D"].map(|col| format!("Data!${col}$1:${col}${table}"));
    let own_region = text(region(random.within(0, REGIONS)));
    let own_product = text(product(random.within(0, PRODUCTS)));
    let bound = number(random.within(0, 1_000));
    let (first, second, result) = match row % 10 {
        0..4 => (own_region, own_product, format!("SUMIFS({amounts},{regions},A{row},{products},B{row})")),
        4..7 => (own_region, bound, format!("COUNTIFS({regions},A{row},{bounds},\">\"&B{row})")),
        7..9 => {
            let mean = format!("AVERAGEIFS({amounts},{products},A{row},{bounds},\">=\"&B{row})");
            (own_product, bound, format!("IFERROR({mean},0)"))
        }
        _ => (own_region, bound, format!("SUMIFS({amounts},{regions},A{row},{bounds},\"<=\"&B{row})")),
    };
    vec![first, second, formula(result)]
}

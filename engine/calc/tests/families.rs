//! Random families of formulas and random edits: copies evaluated together give what they give one by one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod grid;

use functions::Environment;
use playsheet_calc::{Model, Session, Wanted};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Value, column_letters};

const ROWS: u32 = 40;
/// Columns of constants, then columns of formulas.
const INPUTS: u16 = 3;
const COLS: u16 = 9;
/// How many shapes of formulas there are, and the one that reads below itself.
const SHAPES: u8 = 41;
const UPWARDS: u8 = 26;

/// What a constant may be: mostly numbers, but anything that a person types.
fn constant(seed: u32) -> serde_json::Value {
    match seed % 13 {
        0 => serde_json::json!("text"),
        1 => serde_json::json!("12"),
        2 => serde_json::json!(true),
        3 => serde_json::json!("#N/A"),
        4 => serde_json::Value::Null,
        _ => serde_json::json!(f64::from(seed % 97) / 4.0 - 5.0),
    }
}

/// One shape of formula for a column, as it stands in `row`. It reads columns left of its own, and its own above.
fn formula(shape: u8, col: u16, row: u32, seed: u32) -> String {
    let letters = |col: u16| column_letters(Col(col));
    let left = |n: u32| letters((seed.wrapping_mul(31).wrapping_add(n * 7) % u32::from(col)) as u16);
    let (a, b, c, own) = (left(1), left(2), left(3), letters(col));
    let here = row + 1;
    let near = (i64::from(here) + i64::from(seed % 5) - 2).clamp(1, i64::from(ROWS));
    let above = here.saturating_sub(1 + seed % 2).max(1);
    match shape % SHAPES {
        0 => format!("={a}{here}+{b}{here}"),
        1 => format!("={a}{here}*2-{b}{near}/{c}{here}"),
        2 => format!("=IF({a}{here}>{b}{here},{a}{here}*2,{c}{near})"),
        3 => format!("=IFERROR({a}{here}/{b}{here},-1)"),
        4 => format!("=SUM({a}$1:{a}{here})"),
        5 => format!("=SUM($A$1:$C$20)+{a}{here}"),
        6 if row > 1 => format!("={own}{above}+{a}{here}"),
        7 if row > 1 => format!("=IF({a}{here}=\"text\",{own}{above},{b}{here}&\"x\")"),
        8 => format!("=ROUND({a}{here}/3,2)%"),
        9 => format!("=-{a}{here}^2"),
        10 => format!("=VLOOKUP({a}{here},$A$1:$C$40,2,FALSE)"),
        11 => format!("=MAX({a}{here},{b}{near},3)"),
        12 => format!("=INDEX($A$1:$C$40,MOD(ROW(),40)+1,1+{seed}-{seed})"),
        13 => format!("=LET(x,{a}{here},x&x)"),
        14 => format!("=$A$1:$A$40&{b}$2"),
        15 => format!("=AND({a}{here}<>\"\",NOT(ISERROR({b}{here})))"),
        16 => format!("=COUNTIF($B$1:$B$40,{a}{here})"),
        17 => format!("=IFNA({a}{here},{b}{here})"),
        18 => format!("=SUM({a}{here}:{b}{near})"),
        19 => format!("=CHOOSE(1+({a}{here}>0),{b}{here},{c}{here})"),
        20 => format!("=SUM(IF({a}{here}>1,{b}{here},{c}{here}),1)"),
        21 => format!("={a}{here}-{b}{here}-0.1"),
        22 => format!("=COLUMN({a}{here})+ROW()"),
        27 => format!("=SUMIFS($A$1:$A$40,$B$1:$B$40,{a}{here},$C$1:$C$40,{b}{here})"),
        28 => format!("=COUNTIFS($A$1:$A$40,{a}{here},$B$1:$B$40,\">\"&{b}{here})"),
        29 => format!(
            "=IFERROR(AVERAGEIFS($C$1:$C$40,$A$1:$A$40,\"<=\"&{a}{here}),MATCH({b}{here},$B$1:$B$40,0))"
        ),
        30 => format!("=SUMPRODUCT(LEN($A$1:$A$40))+{a}{here}"),
        31 => format!("=SUM({a}$1:{a}$40)-AVERAGE({b}$2:{b}$40)*{c}{here}"),
        32 => format!("=COUNTIFS($A$1:$A$40,{a}$3,$B$1:$B$40,\">=\"&{b}{here})"),
        33 => format!("=SUMIFS($C$1:$C$40,$A$1:$A$40,{a}$2,$B$1:$B$40,\"<=\"&{b}{here})"),
        34 => format!("=NETWORKDAYS(ABS({a}{here}),ABS({b}{here})+40,{c}$1:{c}$40)"),
        35 => format!("=IFERROR(XNPV(0.1,{a}$1:{a}$20,{b}$1:{b}$20),0)+{a}{here}"),
        36 => format!("=SUMPRODUCT(ABS({a}$1:{a}$40))&SUMPRODUCT(INT({a}$1:{a}$40))"),
        37 => format!("=IF({a}{here}<=({b}{here}),{b}{near}*2+{c}{here},({a}{near}))"),
        38 => format!("=IFERROR(VLOOKUP({a}{here},$A$1:$C$40,2,FALSE),0)"),
        39 => format!("=IFNA(INDEX($B$1:$B$40,MATCH({a}{here},$A$1:$A$40,0)),\"none\")"),
        40 => format!("=XLOOKUP({a}{here},$B$1:$B$40,$A$1:$A$40,{seed})"),
        23 if row > 1 => format!("={own}{above}*(1+{a}{here}/100)-{b}{here}%"),
        24 if row > 1 => format!("=(LEN({a}{here})+SUM({b}$1:{c}{here}))/2-{own}{above}"),
        25 if row > 1 => format!("=-{own}{above}/{a}{here}"),
        UPWARDS if here < ROWS => format!("={own}{}+{a}{here}-$B$3", here + 1),
        _ => format!("={a}{here}={b}{here}"),
    }
}

fn cells() -> impl Strategy<Value = BTreeMap<String, serde_json::Value>> {
    let constants = prop::collection::vec(any::<u32>(), usize::from(INPUTS) * ROWS as usize);
    let shapes =
        prop::collection::vec((any::<u8>(), any::<u32>(), any::<u8>(), 0..ROWS), usize::from(COLS - INPUTS));
    (constants, shapes).prop_map(|(constants, shapes)| {
        let mut cells = BTreeMap::new();
        for (place, seed) in constants.into_iter().enumerate() {
            let cell = Cell::new(place as u32 % ROWS, (place as u32 / ROWS) as u16);
            cells.insert(cell.to_string(), constant(seed));
        }
        for (index, (shape, seed, other, split)) in shapes.into_iter().enumerate() {
            let col = INPUTS + index as u16;
            // What reads below beside what reads above would go in circles.
            let other =
                if [shape, other].iter().any(|shape| shape % SHAPES == UPWARDS) { shape } else { other };
            for row in 0..ROWS {
                let shape = if row < split { other } else { shape };
                let text = formula(shape, col, row, seed);
                cells.insert(Cell::new(row, col).to_string(), serde_json::json!(text));
            }
        }
        cells
    })
}

fn assert_same(together: &Session, singly: &Session, what: &str) {
    for cell in Rect::new(Cell::default(), Cell::new(ROWS, COLS)).cells() {
        let (x, y) = (together.value(SheetId(0), cell), singly.value(SheetId(0), cell));
        let text = together.model().formula_text(SheetId(0), cell).unwrap_or_default();
        assert!(x.same(y), "{what}, {cell} {text}: {x:?} is not {y:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn copies_together_give_what_they_give_one_by_one(
        cells in cells(),
        edits in prop::collection::vec((0..ROWS, 0..COLS, any::<u32>(), any::<bool>()), 1..24),
    ) {
        let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
        let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
        let environment = Environment::default();
        let mut together = Session::new(Arc::new(Model::new(Arc::clone(&workbook))));
        let mut afresh = together.clone();
        let mut singly = Session::new(Arc::new(Model::new(workbook).one_by_one()));
        for session in [&mut together, &mut singly] {
            session.invalidate();
            session.recalculate(&environment, Wanted::All);
        }
        assert_same(&together, &singly, "at first");
        for (row, col, seed, all) in edits {
            afresh.set(SheetId(0), Cell::new(row, col), grid::value(&constant(seed)));
            let value = grid::value(&constant(seed));
            let wanted = [Area { sheet: SheetId(0), rect: Rect { top: Row(row / 2), ..Rect::new(Cell::new(row, COLS - 2), Cell::new(ROWS - 1, COLS - 1)) } }];
            for session in [&mut together, &mut singly] {
                session.set(SheetId(0), Cell::new(row, col), value.clone());
                session.recalculate(&environment, if all { Wanted::All } else { Wanted::Areas(&wanted) });
            }
            if all {
                assert_same(&together, &singly, "after an edit");
            }
        }
        for session in [&mut together, &mut singly] {
            session.recalculate(&environment, Wanted::All);
        }
        assert_same(&together, &singly, "at last");
        // What was kept of columns and followed each edit is what a first look finds.
        afresh.invalidate();
        afresh.recalculate(&environment, Wanted::All);
        assert_same(&together, &afresh, "done afresh");
    }
}

/// What one formula reads of its own column, near and far, decides how its copies are evaluated.
#[test]
fn copies_that_read_each_other_are_evaluated_in_order() {
    let mut cells =
        BTreeMap::from([("A1".to_owned(), serde_json::json!(1)), ("C60".to_owned(), serde_json::json!(1))]);
    for row in 2..60 {
        cells.insert(format!("A{row}"), serde_json::json!(format!("=A{}+1", row - 1)));
        cells.insert(format!("C{row}"), serde_json::json!(format!("=C{}*2-1", row + 1)));
        cells
            .insert(format!("D{row}"), serde_json::json!(format!("=IF(ROW()>30,D{},D{})", row - 1, row + 1)));
    }
    let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
    let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let mut session = Session::new(Arc::new(Model::new(workbook)));
    session.invalidate();
    session.recalculate(&Environment::default(), Wanted::All);
    assert!(session.value(SheetId(0), Cell::new(58, 0)).same(&Value::Number(59.0)));
    assert!(session.value(SheetId(0), Cell::new(1, 2)).same(&Value::Number(1.0)));
}

/// Chains longer than what is evaluated at once, with cells in them where no number is.
#[test]
fn long_chains_are_what_their_rows_are() {
    const LONG: u32 = 3_000;
    let mut cells = BTreeMap::from([
        ("A1".to_owned(), serde_json::json!(1)),
        (format!("B{LONG}"), serde_json::json!("2")),
        ("D1500".to_owned(), serde_json::json!("no number")),
    ]);
    for row in 2..=LONG {
        cells.insert(format!("A{row}"), serde_json::json!(format!("=A{}+1-D{row}%", row - 1)));
        cells.insert(
            format!("B{}", row - 1),
            serde_json::json!(format!("=IF(D{row}>0,1,2)*B{row}/3+C{row}",)),
        );
        cells.insert(format!("C{row}"), serde_json::json!(row % 7));
    }
    let sheets = BTreeMap::from([("Sheet1".to_owned(), cells)]);
    let workbook = Arc::new(grid::workbook(&sheets, &BTreeMap::new(), &BTreeMap::new()));
    let mut together = Session::new(Arc::new(Model::new(Arc::clone(&workbook))));
    let mut singly = Session::new(Arc::new(Model::new(workbook).one_by_one()));
    let edits = [(1_499, 3, 0.5), (0, 0, 7.0), (2_047, 2, f64::MAX), (2_047, 2, 1.0), (2_998, 3, -1.0)];
    for session in [&mut together, &mut singly] {
        session.invalidate();
        session.recalculate(&Environment::default(), Wanted::All);
    }
    for edit in [None].into_iter().chain(edits.map(Some)) {
        for session in [&mut together, &mut singly] {
            if let Some((row, col, number)) = edit {
                session.set(SheetId(0), Cell::new(row, col), Value::Number(number));
            }
            session.recalculate(&Environment::default(), Wanted::All);
        }
        for row in 0..LONG {
            for col in 0..2 {
                let cell = Cell::new(row, col);
                let (x, y) = (together.value(SheetId(0), cell), singly.value(SheetId(0), cell));
                assert!(x.same(y), "{edit:?}, {cell}: {x:?} is not {y:?}");
            }
        }
    }
}

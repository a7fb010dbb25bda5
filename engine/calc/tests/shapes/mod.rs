//! Random formulas in columns, of the shapes that people fill down.

use playsheet_calc::Session;
use proptest::prelude::*;
use std::collections::BTreeMap;
use values::{Cell, Col, Rect, SheetId, column_letters};

/// Columns of constants, then columns of formulas.
pub const INPUTS: u16 = 3;
pub const COLS: u16 = 9;
/// How many shapes of formulas there are, and the one that reads below itself.
const SHAPES: u8 = 43;
const UPWARDS: u8 = 26;

/// What a constant may be: mostly numbers, but anything that a person types.
pub fn constant(seed: u32) -> serde_json::Value {
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
fn formula(shape: u8, col: u16, row: u32, rows: u32, seed: u32) -> String {
    let letters = |col: u16| column_letters(Col(col));
    let left = |n: u32| letters((seed.wrapping_mul(31).wrapping_add(n * 7) % u32::from(col)) as u16);
    let (a, b, c, own) = (left(1), left(2), left(3), letters(col));
    let here = row + 1;
    let near = (i64::from(here) + i64::from(seed % 5) - 2).clamp(1, i64::from(rows));
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
        41 => format!("=SUM({a}{here},{b}{near},0.1)+MIN({a}{here},-{c}{here})*AVERAGE({a}{here},{b}{here})"),
        42 => format!("=PPMT({a}$1/12,{b}{here},12,{c}{here})+FV(0.01,{a}{here},{b}{here})"),
        23 if row > 1 => format!("={own}{above}*(1+{a}{here}/100)-{b}{here}%"),
        24 if row > 1 => format!("=(LEN({a}{here})+SUM({b}$1:{c}{here}))/2-{own}{above}"),
        25 if row > 1 => format!("=-{own}{above}/{a}{here}"),
        UPWARDS if here < rows => format!("={own}{}+{a}{here}-$B$3", here + 1),
        _ => format!("={a}{here}={b}{here}"),
    }
}

/// A sheet of so many rows.
pub fn cells(rows: u32) -> impl Strategy<Value = BTreeMap<String, serde_json::Value>> {
    let constants = prop::collection::vec(any::<u32>(), usize::from(INPUTS) * rows as usize);
    let shapes =
        prop::collection::vec((any::<u8>(), any::<u32>(), any::<u8>(), 0..rows), usize::from(COLS - INPUTS));
    // Where all columns change their formula in the same row, families lie side by side.
    let common = prop::option::of(0..rows);
    (constants, shapes, common).prop_map(move |(constants, shapes, common)| {
        let mut cells = BTreeMap::new();
        for (place, seed) in constants.into_iter().enumerate() {
            let cell = Cell::new(place as u32 % rows, (place as u32 / rows) as u16);
            cells.insert(cell.to_string(), constant(seed));
        }
        for (index, (shape, seed, other, split)) in shapes.into_iter().enumerate() {
            let col = INPUTS + index as u16;
            // What reads below beside what reads above would go in circles.
            let other =
                if [shape, other].iter().any(|shape| shape % SHAPES == UPWARDS) { shape } else { other };
            for row in 0..rows {
                let shape = if row < common.unwrap_or(split) { other } else { shape };
                let text = formula(shape, col, row, rows, seed);
                cells.insert(Cell::new(row, col).to_string(), serde_json::json!(text));
            }
        }
        cells
    })
}

/// Whether two sessions show the same in so many rows, bit for bit.
pub fn assert_same(together: &Session, singly: &Session, rows: u32, what: &str) {
    for cell in Rect::new(Cell::default(), Cell::new(rows, COLS)).cells() {
        let (x, y) = (together.value(SheetId(0), cell), singly.value(SheetId(0), cell));
        let text = together.model().formula_text(SheetId(0), cell).unwrap_or_default();
        assert!(x.same(y), "{what}, {cell} {text}: {x:?} is not {y:?}");
    }
}

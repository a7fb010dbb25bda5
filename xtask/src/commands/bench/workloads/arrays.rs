//! Array formulas: filtered, sorted, made and folded, in one cell and spilled over many.

use super::random::Random;
use super::{Content, Scope, Sheet, Workload, number, numbers, text};

/// One formula of each kind over a table of so many rows, and five that spill.
pub fn dynamic(n: u32) -> Workload {
    let mut random = Random::new("dynamic");
    let data = (1..=n).map(move |row| {
        vec![
            number(row),
            number(random.hundredths(0, 100_000)),
            text(format!("cat{:03}", random.within(0, 100))),
            number(random.within(45_000, 45_700)),
        ]
    });
    let few = (n / 100).max(10);
    let mut outputs: Vec<(&str, String)> = (2..=15).map(|row| ("Calc", format!("B{row}"))).collect();
    let spilled = ["A3", "C5", "E2", "G10"].map(str::to_owned).into_iter().chain([format!("I{}", n / 2)]);
    outputs.extend(spilled.map(|cell| ("Spill", cell)));
    Workload::new(
        vec![
            Sheet::new("Calc", calc(n, few).into_iter().map(|(name, content)| vec![text(name), content])),
            Sheet::new("Data", data),
            Sheet::new("Spill", std::iter::once(spills(n, few))),
        ],
        vec![
            numbers("threshold", "Calc", "B1", Scope::All, |k| 505.0 + 10.0 * k),
            numbers("data_value", "Data", format!("B{}", n / 2), Scope::Table, |k| 1_100.5 + k),
        ],
        outputs,
    )
}

/// A column of the data, absolute.
fn data(col: &str, n: u32) -> String {
    format!("Data!${col}$1:${col}${n}")
}

fn calc(n: u32, few: u32) -> Vec<(&'static str, Content)> {
    let (amounts, names, days) = (data("B", n), data("C", n), data("D", n));
    let some = data("B", few);
    let filtered = format!("_xlfn._xlws.FILTER({amounts},{amounts}>$B$1)");
    let array = Content::Array;
    vec![
        ("threshold", number(500)),
        ("filter sum", array(format!("SUM({filtered})"))),
        ("unique count", array(format!("ROWS(_xlfn.UNIQUE({names}))"))),
        ("10th largest", array(format!("INDEX(_xlfn._xlws.SORT({amounts},1,-1),10)"))),
        ("sequence", array(format!("SUM(_xlfn.SEQUENCE({n},1,1,2))"))),
        ("let", array(format!("_xlfn.LET(_xlpm.x,{filtered},SUM(_xlpm.x)/COUNT(_xlpm.x))"))),
        ("lambda", array("_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*_xlpm.b+1)($B$1,2)".into())),
        (
            "map",
            array(format!("SUM(_xlfn.MAP({some},_xlfn.LAMBDA(_xlpm.x,IF(_xlpm.x>$B$1,_xlpm.x*2,_xlpm.x))))")),
        ),
        ("reduce", array(format!("_xlfn.REDUCE(0,{some},_xlfn.LAMBDA(_xlpm.a,_xlpm.x,_xlpm.a+_xlpm.x))"))),
        ("byrow", array(format!("SUM(_xlfn.BYROW(Data!$A$1:$B${few},_xlfn.LAMBDA(_xlpm.r,MAX(_xlpm.r))))"))),
        ("array product", Content::Formula(format!("SUMPRODUCT(({amounts}>$B$1)*({days}>45350)*{amounts})"))),
        ("two keys", array(format!("SUM(_xlfn._xlws.FILTER({amounts},({amounts}>$B$1)*({days}>45350)))"))),
        ("sortby top", array(format!("INDEX(_xlfn.SORTBY({names},{amounts},-1),1)"))),
        ("spill sum", array("SUM(_xlfn.ANCHORARRAY(Spill!C1))".into())),
        ("spill count", array("COUNTA(_xlfn.ANCHORARRAY(Spill!A1))".into())),
    ]
}

/// A row of formulas, each with an empty column to its right.
fn spills(n: u32, few: u32) -> Vec<Content> {
    let (amounts, names) = (data("B", n), data("C", n));
    let filtered = format!("_xlfn._xlws.FILTER({amounts},{amounts}>Calc!$B$1)");
    let formulas = [
        format!("_xlfn._xlws.SORT(_xlfn.UNIQUE({names}))"),
        filtered.clone(),
        format!("_xlfn._xlws.SORT({filtered},1,-1)"),
        format!("_xlfn.SEQUENCE({few})"),
        format!("{amounts}*Calc!$B$1"),
    ];
    formulas.into_iter().flat_map(|one| [Content::Array(one), Content::Empty]).collect()
}

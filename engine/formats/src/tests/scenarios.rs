//! Scenarios of a sheet, and the settings that a search for an input goes by.

use super::support::*;
use crate::Limits;
use crate::patch::{Changes, Content, save};
use crate::xls::compound;
use std::collections::BTreeMap;
use values::{SheetId, Value};
use workbook::{Iteration, Workbook};

const SHEET: &str = r##"<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c></row></sheetData>
    <scenarios current="0" show="1" sqref="B1 C1:C3">
    <scenario name="Best &amp; only" locked="1" count="7" user="Ann" comment="as hoped">
    <inputCells r="A1" val="-1.5E3"/><inputCells r="A2" val="text 1"/><inputCells r="A3" val="TRUE"/>
    <inputCells r="A4" val=""/><inputCells r="A5" val="#N/A" numFmtId="9"/><inputCells r="A6" deleted="1" val="5"/>
    <inputCells r="nowhere" val="5"/><inputCells r="A7" val="1e999"/></scenario>
    <scenario name="Worst" hidden="1" count="1"><inputCells r="$A$1" val="0.1"/></scenario></scenarios>"##;

fn told(workbook: &Workbook) -> Vec<String> {
    let scenarios = &workbook.sheets[0].scenarios;
    let list = scenarios.list.iter().map(|one| {
        let cells: Vec<String> = one.cells.iter().map(|(cell, value)| format!("{cell} {value:?}")).collect();
        format!(
            "{}, {}, {}, {} {}: {}",
            one.name,
            one.comment,
            one.author,
            one.hidden,
            one.locked,
            cells.join("; ")
        )
    });
    let results: Vec<String> = scenarios.results.iter().map(ToString::to_string).collect();
    list.chain([results.join(" ")]).collect()
}

const EXPECTED: [&str; 3] = [
    "Best & only, as hoped, Ann, false true: A1 Number(-1500.0); A2 Text(\"text 1\"); A3 Bool(true); A4 Empty; \
     A5 Error(NA); A7 Text(\"1e999\")",
    "Worst, , , true false: A1 Number(0.1)",
    "B1 C1:C3",
];

#[test]
fn scenarios_are_read_with_their_cells_and_values() {
    let loaded = load(&xlsx(&[SHEET]).bytes(), "x.xlsx");
    assert_eq!(told(&loaded.workbook), EXPECTED);
    assert_eq!(
        loaded.workbook.sheets[0].scenarios.named("WORST").map(|one| one.cells.len()),
        Some(1),
        "names are the same whatever the case"
    );
}

#[test]
fn scenarios_stay_as_they_are_where_cells_are_saved() {
    let original = xlsx(&[SHEET]).bytes();
    let cells = BTreeMap::from([("A1".parse().unwrap(), Content::Value(Value::Number(7.0)))]);
    let changes = Changes { cells: BTreeMap::from([(SheetId(0), cells)]), ..Changes::default() };
    let Ok(saved) = save(&original, &changes, &Limits::default()) else { panic!("it was not saved") };
    let again = load(&saved.bytes, "x.xlsx");
    assert!(again.workbook.value(SheetId(0), "A1".parse().unwrap()).same(&Value::Number(7.0)));
    assert_eq!(told(&again.workbook), EXPECTED);
}

#[test]
fn the_settings_of_iteration_hold_for_searches_even_where_nothing_iterates() {
    let settings = |calculation: &str| {
        let workbook =
            format!("<sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/></sheets>{calculation}");
        let loaded = load(&xlsx_with(&["<sheetData/>"], &workbook).bytes(), "x.xlsx");
        (loaded.workbook.iteration, loaded.workbook.search)
    };
    let usual = Iteration { count: 100, delta: 0.001 };
    let own = Iteration { count: 7, delta: 0.5 };
    assert_eq!(settings(""), (None, usual));
    assert_eq!(settings(r#"<calcPr iterateCount="7" iterateDelta="0.5"/>"#), (None, own));
    assert_eq!(settings(r#"<calcPr iterate="1" iterateCount="7" iterateDelta="0.5"/>"#), (Some(own), own));
    assert_eq!(settings(r#"<calcPr iterate="1"/>"#), (Some(usual), usual));
}

fn le16(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn le32(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The same two scenarios, but for a text that no number is, as all formats have them.
const IN_BINARY: [&str; 3] = [
    "Best & only, as hoped, Ann, false true: A1 Number(-1500.0); A2 Text(\"text 1\"); A3 Bool(true)",
    "Worst, , Bob, true false: A1 Number(0.1)",
    "B1 C1:C3",
];

#[test]
fn scenarios_of_xls_are_read() {
    let plain = |text: &str| [&[0], text.as_bytes()].concat();
    let counted = |text: &str| [le16(&[text.len() as u16]), plain(text)].concat();
    let bof = |kind: u16| biff8(0x0809, &le16(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let areas = [le16(&[0, 0]), vec![1, 1], le16(&[0, 2]), vec![2, 2]].concat();
    let best = [
        vec![4, 0, 1, 0, 11, 8, 3],
        plain("Best & only"),
        counted("Ann"),
        counted("as hoped"),
        // The last cell was deleted.
        le16(&[0, 0, 1, 0, 2, 0, 3, 0xffff]),
        ["-1500", "text 1", "TRUE", "4"].iter().flat_map(|text| counted(text)).collect(),
        vec![0; 8],
    ];
    let worst = [
        vec![1, 0, 0, 1, 5, 0, 3],
        plain("Worst"),
        counted("Bob"),
        le16(&[0, 0]),
        counted("0.1"),
        vec![0; 2],
    ];
    let globals = |offset: u32| {
        let listed = biff8(0x0085, &[offset.to_le_bytes().to_vec(), vec![0, 0, 1, 0, b'S']].concat());
        [bof(5), listed, biff8(0x000a, &[])].concat()
    };
    let stream = [
        globals(globals(0).len() as u32),
        bof(0x10),
        biff8(0x00ae, &[le16(&[2, 0, 0, 2]), areas].concat()),
        biff8(0x00af, &best.concat()),
        biff8(0x00af, &worst.concat()),
        // One that is cut off is left out.
        biff8(0x00af, &best.concat()[..20]),
        biff8(0x000a, &[]),
    ];
    let loaded = load(&compound::build(&[("Workbook", &stream.concat())]), "x.xls");
    assert_eq!(told(&loaded.workbook), IN_BINARY);
}

#[test]
fn scenarios_of_xlsb_are_read() {
    let cell = |row: u32, text: &str| biff12(504, &[le32(&[row, 0, 0, 0]), vec![0, 0], wide(text)].concat());
    let begin = |count: u16, flags: [u32; 2], texts: [Vec<u8>; 3]| {
        biff12(502, &[le16(&[count]), le32(&flags), texts.concat()].concat())
    };
    let sheet = [
        biff12(145, &[]),
        biff12(146, &[]),
        biff12(500, &[le16(&[0, 0]), le32(&[2, 0, 0, 1, 1, 0, 2, 2, 2])].concat()),
        begin(3, [1, 0], [wide("Best & only"), wide("as hoped"), wide("Ann")]),
        cell(0, "-1500"),
        cell(1, "text 1"),
        cell(2, "TRUE"),
        biff12(503, &[]),
        begin(1, [0, 1], [wide("Worst"), vec![0xff; 4], wide("Bob")]),
        cell(0, "0.1"),
        cell(u32::MAX, "7"),
        biff12(503, &[]),
        biff12(501, &[]),
    ];
    let parts = super::binary_files::xlsb().with("xl/worksheets/sheet1.bin", sheet.concat());
    assert_eq!(told(&load(&parts.bytes(), "x.xlsb").workbook), IN_BINARY);
}

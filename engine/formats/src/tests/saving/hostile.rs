//! Files that are broken or meant to do harm: saving ends, with a file or an error, and within the limits.

use super::*;
use formula::{Shift, Slide};
use std::time::Instant;
use values::{Area, Rect};
use workbook::ArrayKind;

fn example() -> Parts {
    let sheet = r#"<dimension ref="A1:C2"/><cols><col min="2" max="3" style="1"/></cols><sheetData><row r="1" spans="1:3">
        <c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><f t="shared" ref="B1:B2" si="0">SUM(A1:A9)*2</f><v>3</v></c></row>
        <row r="2"><c r="B2"><f t="shared" si="0"/></c><c r="C2" cm="1"><f t="array" ref="C2:C3">A1:A2</f><v>1</v></c></row>
        </sheetData><autoFilter ref="A1:C2"><filterColumn colId="1"/></autoFilter><mergeCells count="1"><mergeCell ref="A8:B9"/></mergeCells>
        <conditionalFormatting sqref="A2:A3"><cfRule><formula>A1</formula></cfRule></conditionalFormatting><tableParts><tablePart r:id="rId1"/></tableParts>"#;
    let table = "<table displayName=\"T\" ref=\"A4:B6\"><autoFilter ref=\"A4:B6\"/><tableColumns><tableColumn \
        name=\"a\"/><tableColumn name=\"b\"/></tableColumns></table>";
    xlsx(&[sheet])
        .with("xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>")
        .with(
            "xl/metadata.xml",
            "<metadata><metadataTypes count=\"1\"><metadataType name=\"X\"/></metadataTypes></metadata>",
        )
        .with("xl/tables/table1.xml", table)
        .with(
            "xl/worksheets/_rels/sheet1.xml.rels",
            relations_part(&[("table".into(), "../tables/table1.xml".into())]),
        )
}

fn changes() -> Changes {
    let spilling = NewFormula {
        text: "A1".into(),
        value: 1.0.into(),
        array: Some((Rect::cell(cell("D1")), ArrayKind::Dynamic)),
    };
    let cells = [
        (cell("A1"), constant("x")),
        (cell("B1"), constant(1.0)),
        (cell("C2"), result(4.0)),
        (cell("D1"), Content::Formula(spilling)),
        (cell("A4"), constant("heading")),
        (cell("B9"), formula("1+1", 2.0)),
    ];
    on_sheet(0, cells)
}

#[test]
fn changed_bytes_end_in_a_file_or_an_error() {
    let (parts, changes) = (example(), changes());
    let slide = Slide::Delete { at: 1, count: 1 };
    let places = vec![
        Shift::Rows { sheet: SheetId(0), slide },
        Shift::Cols { sheet: SheetId(0), slide: Slide::Insert { at: 3, count: 2 } },
    ];
    let area = |text: &str| Area { sheet: SheetId(0), rect: text.parse().unwrap() };
    let places = [places, vec![Shift::Move { from: area("A1:B1"), to: area("B7:C7") }]].concat();
    let renamed = BTreeMap::from([(SheetId(0), "New".into())]);
    let moved = Changes { places, renamed, ..on_sheet(0, [(cell("B1"), constant(1.0))]) };
    saved(&parts.bytes(), &changes);
    saved(&parts.bytes(), &moved);
    let limits = Limits { cells: 1 << 18, unpacked_bytes: 16 << 20, ..Limits::upload() };
    let mut state = 42_u64;
    let mut below = move |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end.max(1)
    };
    let (mut done, rounds, start) = (0, 1_500, Instant::now());
    for round in 0..rounds {
        let mut bytes = if round % 3 == 0 { parts.clone().stored().bytes() } else { Vec::new() };
        let mut changed = parts.clone().stored();
        let place = below(changed.parts.len());
        let target = if round % 3 == 0 { &mut bytes } else { &mut changed.parts[place].1 };
        for _ in 0..=below(4) {
            let at = below(target.len());
            match below(6) {
                0..=2 => target[at] = below(256) as u8,
                3 => target[at] = [0, b'"', b'<', b'>', b'/', b'9', 0xff][below(7)],
                4 => target.insert(at, [b'<', b'"', b'&', b' ', b'1'][below(5)]),
                _ => drop(target.remove(at)),
            }
        }
        let bytes = if round % 3 == 0 { bytes } else { changed.bytes() };
        let changes = if round % 2 == 0 { &changes } else { &moved };
        done += usize::from(save(&bytes, changes, &limits).is_ok());
    }
    assert!((100..rounds).contains(&done), "{done} of {rounds} were saved");
    println!("{done} of {rounds} were saved in {:?}", start.elapsed());
}

#[test]
fn files_cut_off_end_in_an_error() {
    let bytes = example().bytes();
    for length in (0..bytes.len()).step_by(37) {
        assert!(save(&bytes[..length], &changes(), &Limits::upload()).is_err());
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let bomb =
        format!("<sheetData><row r=\"1\"><c r=\"A1\"><v>{}</v></c></row></sheetData>", " ".repeat(9 << 20));
    let bytes = xlsx(&[&bomb]).bytes();
    let error = refused(&bytes, &on_sheet(0, [(cell("A1"), constant(1.0))]));
    assert!(error.contains("far more") || error.contains("too large"), "{error}");
    let tag =
        format!("<sheetData><row r=\"1\"><c r=\"A1\" x=\"{}\"/></row></sheetData>", "x".repeat(2 << 20));
    let error = refused(&xlsx(&[&tag]).stored().bytes(), &on_sheet(0, [(cell("A1"), constant(1.0))]));
    assert!(error.contains("longer than any"), "{error}");
    let cell_of =
        format!("<sheetData><row r=\"1\"><c r=\"A1\"><v>{}</v></c></row></sheetData>", "1".repeat(9 << 20));
    let error = refused(&xlsx(&[&cell_of]).stored().bytes(), &on_sheet(0, [(cell("A1"), constant(1.0))]));
    assert!(error.contains("a cell of the file"), "{error}");
    let deep = format!("<sheetData><row r=\"1\">{}", "<x>".repeat(100));
    assert!(refused(&xlsx(&[&deep]).bytes(), &on_sheet(0, [(cell("A1"), constant(1.0))])).contains("nested"));
}

#[test]
fn a_document_type_is_refused() {
    let part = "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet><sheetData/></worksheet>";
    let bytes = xlsx(&[""]).with("xl/worksheets/sheet1.xml", part).bytes();
    assert!(refused(&bytes, &on_sheet(0, [(cell("A1"), constant(1.0))])).contains("document type"));
}

//! .xls and .xlsb, record by record.

use super::support::*;
use crate::xls::compound;
use crate::{Limits, LoadError, open};
use values::{Cell, DateSystem, SheetId};
use workbook::{ValidationKind, Visibility};

fn le16(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn le32(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A text of .xls with its length in two bytes.
fn narrow(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_le_bytes()[..], &[0], text.as_bytes()].concat()
}

/// A formula record of .xls with a number for its value.
fn formula8(row: u16, col: u16, value: f64, rgce: &[u8], extra: &[u8]) -> Vec<u8> {
    let head = [le16(&[row, col, 15]), value.to_le_bytes().to_vec(), vec![0; 6]].concat();
    biff8(0x0006, &[head, le16(&[rgce.len() as u16]), rgce.to_vec(), extra.to_vec()].concat())
}

/// The stream of a workbook with two sheets; the second one is hidden and empty.
fn stream8() -> Vec<u8> {
    let bof = |kind: u16| biff8(0x0809, &le16(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let listed = |offset: u32, state: u8, name: &str| {
        let text = [&[name.len() as u8, 0], name.as_bytes()].concat();
        biff8(0x0085, &[offset.to_le_bytes().to_vec(), vec![state, 0], text].concat())
    };
    let name = |flags: u16, sheet: u16, text: &[u8], rgce: &[u8]| {
        let head =
            [le16(&[flags]), vec![0, text.len() as u8], le16(&[rgce.len() as u16, 0, sheet]), vec![0; 4]];
        biff8(0x0018, &[head.concat(), vec![0], text.to_vec(), rgce.to_vec()].concat())
    };
    let xf = |format: u16, flags: u16| biff8(0x00e0, &[le16(&[0, format, flags]), vec![0; 14]].concat());
    let area3d = [0x3b, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0];
    let globals = |first: u32, second: u32| {
        [
            bof(5),
            biff8(0x0022, &[1, 0]),
            biff8(0x041e, &[le16(&[164]), narrow("0.000")].concat()),
            (0..15).flat_map(|_| xf(0, 1)).collect(),
            xf(0, 1),
            xf(164, 0),
            listed(first, 0, "Sheet1"),
            listed(second, 1, "My data"),
            biff8(0x01ae, &[2, 0, 1, 4]),
            biff8(0x01ae, &[le16(&[0]), narrow("\u{1}ATPVBAEN.XLA")].concat()),
            biff8(0x0023, &[&[0; 6][..], &[7, 0], b"WEEKNUM"].concat()),
            biff8(0x0017, &le16(&[3, 0, 0, 0, 0, 1, 1, 1, 0xfffe, 0xfffe])),
            name(0, 0, b"range", &area3d),
            name(0x21, 1, &[6], &area3d),
            biff8(0x00fc, &[le32(&[1, 2]), narrow("hello"), narrow("")].concat()),
            biff8(0x000a, &[]),
        ]
        .concat()
    };
    let length = globals(0, 0).len() as u32;
    let sheet = sheet8(&bof(0x10));
    let second = [bof(0x10), biff8(0x000a, &[])].concat();
    [globals(length, length + sheet.len() as u32), sheet, second].concat()
}

fn sheet8(bof: &[u8]) -> Vec<u8> {
    // A2*2 in shared form: one row as far up as the host is down, no row and column of its own.
    let shared = [0x4c, 0, 0, 0xff, 0xc0, 0x1e, 2, 0, 0x05];
    let pointer = [0x01, 1, 0, 1, 0];
    let greater = [0x44, 0, 0, 0, 0xc0, 0x1e, 1, 0, 0x0d];
    let at_least = [0x44, 0, 0, 0, 0xc0, 0x1e, 1, 0, 0x0c];
    let other_sheet = [0x5a, 1, 0, 4, 0, 1, 0x40, 0x23, 1, 0, 0, 0, 0x22, 1, 4, 0, 0x03];
    let constant = [0x60, 0, 0, 0, 0, 0, 0, 0, 0x19, 0x10, 0, 0];
    let values = [&[1, 0, 0, 1][..], &1.5_f64.to_le_bytes(), &[2, 1, 0, 0, b'x']].concat();
    [
        bof.to_vec(),
        biff8(0x0200, &[le32(&[0, 9]), le16(&[0, 9, 0])].concat()),
        biff8(0x0208, &le16(&[1, 0, 9, 255, 0, 0, 0x20, 0])),
        biff8(0x007d, &le16(&[1, 2, 256 * 10, 15, 1, 0])),
        biff8(0x0203, &[le16(&[0, 0, 16]), 2.5_f64.to_le_bytes().to_vec()].concat()),
        biff8(0x00fd, &[le16(&[0, 1, 15]), le32(&[0])].concat()),
        biff8(
            0x00bd,
            &[le16(&[0, 2, 15]), le32(&[0x3ff0_0000]), le16(&[15]), le32(&[14]), le16(&[3])].concat(),
        ),
        biff8(0x0205, &[le16(&[0, 4, 15]), vec![1, 0]].concat()),
        biff8(0x0205, &[le16(&[0, 5, 15]), vec![7, 1]].concat()),
        biff8(0x027e, &[le16(&[1, 0, 15]), le32(&[14])].concat()),
        formula8(1, 1, 6.0, &pointer, &[]),
        biff8(
            0x04bc,
            &[le16(&[1, 2]), vec![1, 1, 0, 2], le16(&[shared.len() as u16]), shared.to_vec()].concat(),
        ),
        formula8(2, 1, 0.0, &pointer, &[]),
        formula8(2, 0, 1.0, &greater, &[]),
        formula8(2, 2, 1.0, &at_least, &[]),
        formula8(3, 0, 1.0, &other_sheet, &[]),
        formula8(3, 1, 1.0, &constant, &values),
        formula8(4, 0, 1.0, &[0x01, 4, 0, 0, 0], &[]),
        biff8(
            0x0221,
            &[
                le16(&[4, 5]),
                vec![0, 0],
                le16(&[0; 3]),
                le16(&[8]),
                vec![0x24, 0, 0, 0, 0, 0x1e, 7, 0, 0x03][..8].to_vec(),
            ]
            .concat(),
        ),
        formula8(5, 0, 1.0, &[0x01, 4, 0, 0, 0], &[]),
        formula8(6, 0, 1.0, &[0xff], &[]),
        formula8(6, 1, 1.0, &[0x01, 77, 0, 0, 0], &[]),
        // WEEKNUM of the analysis tools, which were an add-in.
        formula8(6, 2, 2.0, &[0x59, 2, 0, 1, 0, 0, 0, 0x1e, 9, 0, 0x42, 2, 0xff, 0], &[]),
        biff8(0x00e5, &le16(&[1, 7, 8, 0, 1])),
        biff8(0x0012, &[1, 0]),
        biff8(0x01be, &validation8()),
        biff8(0x000a, &[]),
    ]
    .concat()
}

fn validation8() -> Vec<u8> {
    let list = [&[0x17, 3, 0][..], b"a\0b"].concat();
    [
        le32(&[3 | 1 << 7 | 1 << 8]),
        narrow("title"),
        narrow("\0"),
        narrow("hint"),
        narrow("\0"),
        le16(&[list.len() as u16, 0]),
        list,
        le16(&[0, 0]),
        le16(&[1, 2, 3, 3, 3]),
    ]
    .concat()
}

/// The same as a file.
pub(super) fn xls() -> Vec<u8> {
    compound::build(&[("Workbook", &stream8())])
}

#[test]
fn xls_record_by_record() {
    let loaded = load(&xls(), "x.xls");
    check_cells(
        &loaded,
        &[
            "A1 2.5",
            "B1 \"hello\"",
            "C1 1",
            "D1 3",
            "E1 TRUE",
            "F1 #DIV/0!",
            "A2 3",
            "B2 =A2*2 -> 6",
            "A3 =A1>1 -> 1",
            "B3 =A3*2 -> 0",
            "C3 =A1>=1 -> 1",
            "A4 ='My data'!B$5+SUM(range) -> 1",
            "B4 =SUM({1.5,\"x\"}) -> 1",
            "A5:A6 legacy {=$A$1+7} -> 1",
            "A6 1",
            "A7 =#NAME? -> 1",
            "B7 =#NAME? -> 1",
            "C7 =WEEKNUM(9) -> 2",
        ]
        .map(|line| if line.starts_with("A5:") { "A5:A6 legacy {=#NAME?} -> 1" } else { line }),
    );
    let (workbook, sheet) = (&loaded.workbook, &loaded.workbook.sheets[0]);
    assert_eq!(workbook.date_system, DateSystem::V1904);
    assert_eq!(workbook.sheets[1].visibility, Visibility::Hidden);
    assert_eq!(sheet.merged[0].to_string(), "A8:B9");
    assert!(sheet.protected && !sheet.row_visible(values::Row(1)) && !sheet.column_visible(values::Col(1)));
    let style = workbook.style(SheetId(0), Cell::new(0, 0));
    assert_eq!((style.number_format.as_str(), style.locked), ("0.000", false));
    assert_eq!(workbook.name("range", None).unwrap().source, "'My data'!$A$1:$A$3");
    let area = workbook.name("_xlnm.Print_Area", Some(SheetId(0))).unwrap();
    assert!(area.hidden);
    let validation = &sheet.validations[0];
    assert_eq!(
        (validation.kind, validation.areas[0].to_string()),
        (ValidationKind::List, "D3:D4".to_owned())
    );
    let list =
        formula::print(validation.first.as_ref().unwrap(), validation.host, workbook, formula::Style::File);
    assert_eq!((list.as_str(), validation.prompt.as_deref()), ("\"a,b\"", Some("hint")));
    assert_eq!(loaded.report.formulas, 10);
    assert_eq!(loaded.report.notes.len(), 3, "{:#?}", notes(&loaded));
    assert!(!loaded.report.formulas_incomplete);
}

#[test]
fn old_xls_has_its_formulas() {
    let label = [le16(&[0, 0, 15]), le16(&[4]), b"\xc4\x80bc".to_vec()].concat();
    let bof = |kind: u16| biff8(0x0809, &le16(&[0x0500, kind, 0, 0]));
    // What stands before a reference: which book (this one or the first other one), then the sheets.
    let sheet = |book: u16| [le16(&[book]), vec![0; 12]].concat();
    let area = [vec![0x3b], sheet(0xffff), vec![0, 0, 2, 0, 0, 0]].concat();
    let name = [le16(&[0]), vec![0, 1], le16(&[area.len() as u16, 0, 0]), vec![0; 4], b"N".to_vec(), area];
    let globals = |offset: u32| {
        let listed = [offset.to_le_bytes().to_vec(), vec![0, 0, 1, b'S']].concat();
        let names = biff8(0x0018, &name.concat());
        [bof(5), biff8(0x0042, &le16(&[1252])), biff8(0x0085, &listed), names, biff8(0x000a, &[])].concat()
    };
    let shared = [0x4c, 0, 0xc0, 0xff, 0x1e, 2, 0, 0x05];
    let own = [vec![0x5a], sheet(0xffff), vec![1, 0, 0, 0x17, 1, 0xc4, 0x08]].concat();
    let foreign = [vec![0x5a], sheet(1), vec![1, 0, 0]].concat();
    let constant = [&[0x60][..], &[0; 7], &[0x22, 1, 4, 0]].concat();
    let values = [&[2, 1, 0, 1][..], &1.5_f64.to_le_bytes(), &[2, 1, 0xc4]].concat();
    let sheet = [
        bof(0x10),
        biff8(0x0204, &label),
        formula8(1, 0, 6.0, &[0x1e, 6, 0], &[]),
        formula8(1, 1, 12.0, &[0x01, 1, 0, 1, 0], &[]),
        biff8(0x04bc, &[le16(&[1, 2]), vec![1, 1, 0, 2], le16(&[8]), shared.to_vec()].concat()),
        formula8(1, 2, 0.0, &own, &[]),
        formula8(1, 3, 1.5, &constant, &values),
        formula8(2, 1, 0.0, &[0x01, 1, 0, 1, 0], &[]),
        formula8(2, 2, 7.0, &foreign, &[]),
        formula8(2, 3, 6.0, &[&[0x23, 1, 0][..], &[0; 12], &[0x22, 1, 4, 0]].concat(), &[]),
        biff8(0x000a, &[]),
    ];
    let stream = [globals(globals(0).len() as u32), sheet.concat()].concat();
    for bytes in [compound::build(&[("Book", &stream)]), stream] {
        let loaded = load(&bytes, "x.xls");
        let cells = [
            "A1 \"Ä€bc\"",
            "A2 =6 -> 6",
            "B2 =A2*2 -> 12",
            "C2 =S!$A$2&\"Ä\" -> 0",
            "D2 =SUM({1.5,\"Ä\"}) -> 1.5",
            "B3 =A3*2 -> 0",
            "C3 7",
            "D3 =SUM(N) -> 6",
        ];
        check_cells(&loaded, &cells);
        assert_eq!(loaded.workbook.name("N", None).unwrap().source, "S!$A$1:$A$3");
        assert!(loaded.report.formulas_incomplete);
        assert!(notes(&loaded)[0].contains("S!C3"), "{:?}", notes(&loaded));
    }
}

/// A formula cell of .xlsb with a number for its value.
fn formula12(col: u32, value: f64, rgce: &[u8], extra: &[u8]) -> Vec<u8> {
    let tokens = tokens12(rgce, extra);
    biff12(9, &[le32(&[col, 0]), value.to_le_bytes().to_vec(), vec![0, 0], tokens].concat())
}

fn tokens12(rgce: &[u8], extra: &[u8]) -> Vec<u8> {
    [le32(&[rgce.len() as u32]), rgce.to_vec(), le32(&[extra.len() as u32]), extra.to_vec()].concat()
}

/// An .xlsb with two sheets, a table, names and most kinds of cells.
pub(super) fn xlsb() -> Parts {
    let row = |row: u32| biff12(0, &[le32(&[row, 0]), vec![0; 9]].concat());
    let cell = |kind: u16, col: u32, data: &[u8]| biff12(kind, &[&le32(&[col, 0])[..], data].concat());
    let area = [0x25, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0xc0, 0, 0xc0, 0x22, 1, 4, 0];
    let table = [&[0x18, 0x19, 0, 0][..], &le16(&[1 | 16 << 2]), &le32(&[7]), &le16(&[1, 1])].concat();
    let other = [0x3a, 1, 0, 4, 0, 0, 0, 1, 0x40];
    let constant = [&[0x60][..], &[0; 14]].concat();
    let values = [&le32(&[2, 1])[..], &[0], &1.5_f64.to_le_bytes(), &[1, 1, 0, b'x', 0]].concat();
    let shared = [0x4c, 0, 0, 0, 0, 0xff, 0xff, 0x1e, 2, 0, 0x05];
    let rect = |a: [u32; 4]| le32(&[a[0], a[1], a[2], a[3]]);
    let sheet = [
        biff12(129, &[]),
        biff12(60, &[le32(&[1, 2, 2_560, 0]), vec![1, 0]].concat()),
        biff12(145, &[]),
        row(0),
        cell(5, 0, &2.5_f64.to_le_bytes()),
        cell(7, 1, &le32(&[0])),
        cell(6, 2, &wide("in place")),
        cell(4, 3, &[1]),
        cell(3, 4, &[0x2a]),
        cell(2, 5, &le32(&[14])),
        row(1),
        formula12(0, 1.0, &area, &[]),
        formula12(1, 2.0, &table, &[]),
        formula12(2, 3.0, &other, &[]),
        formula12(3, 4.0, &constant, &values),
        row(2),
        formula12(1, 5.0, &[0x01, 2, 0, 0, 0], &le32(&[1])),
        biff12(427, &[rect([2, 3, 1, 1]), tokens12(&shared, &[])].concat()),
        biff12(49, &le32(&[1])),
        formula12(4, 6.0, &[0x01, 2, 0, 0, 0], &le32(&[4])),
        biff12(426, &[rect([2, 2, 4, 4]), vec![0], tokens12(&[0x1e, 3, 0], &[])].concat()),
        row(3),
        formula12(1, 7.0, &[0x01, 2, 0, 0, 0], &le32(&[1])),
        biff12(35, &[0; 4]),
        cell(1, 1, &[]),
        biff12(36, &[]),
        biff12(146, &[]),
        biff12(176, &rect([8, 9, 0, 1])),
        biff12(130, &[]),
    ]
    .concat();
    let empty = [biff12(145, &[]), biff12(146, &[])].concat();
    let listed =
        |state: u32, id: &str, name: &str| biff12(156, &[le32(&[state, 1]), wide(id), wide(name)].concat());
    let name = |flags: u32, sheet: u32, text: &str, rgce: &[u8]| {
        biff12(39, &[le32(&[flags]), vec![0], le32(&[sheet]), wide(text), tokens12(rgce, &[])].concat())
    };
    let workbook = [
        biff12(153, &le32(&[0])),
        listed(0, "rId1", "Sheet1"),
        listed(2, "rId2", "My data"),
        biff12(353, &[]),
        biff12(357, &[]),
        biff12(362, &[le32(&[2]), le32(&[0, 0, 0]), le32(&[0, 1, 1])].concat()),
        name(0, u32::MAX, "rate", &[0x1e, 19, 0]),
        name(0x20, 0, "Print_Area", &[0x1e, 1, 0]),
    ]
    .concat();
    let list = [
        biff12(343, &[rect([0, 5, 0, 1]), le32(&[0, 7, 1, 0]), vec![0; 32], wide("T"), wide("Tab")].concat()),
        biff12(347, &[vec![0; 24], vec![0xff; 4], wide("a")].concat()),
        biff12(347, &[vec![0; 24], vec![0xff; 4], wide("b[c]")].concat()),
    ]
    .concat();
    let relations = |all: &[(&str, &str)]| {
        relations_part(&all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>())
    };
    let metadata = biff12(335, &[le32(&[0, 0]), wide("XLDAPR")].concat());
    Parts::new()
        .with("[Content_Types].xml", "<Types/>")
        .with("_rels/.rels", relations(&[("officeDocument", "xl/workbook.bin")]))
        .with("xl/workbook.bin", workbook)
        .with(
            "xl/_rels/workbook.bin.rels",
            relations(&[
                ("worksheet", "worksheets/sheet1.bin"),
                ("worksheet", "worksheets/sheet2.bin"),
                ("sharedStrings", "sharedStrings.bin"),
                ("sheetMetadata", "metadata.bin"),
            ]),
        )
        .with("xl/worksheets/sheet1.bin", sheet)
        .with("xl/worksheets/_rels/sheet1.bin.rels", relations(&[("table", "../tables/table1.bin")]))
        .with("xl/worksheets/sheet2.bin", empty)
        .with("xl/tables/table1.bin", list)
        .with("xl/metadata.bin", metadata)
        .with(
            "xl/sharedStrings.bin",
            [biff12(159, &le32(&[1, 1])), biff12(19, &[vec![0], wide("hello")].concat())].concat(),
        )
}

#[test]
fn xlsb_record_by_record() {
    let loaded = load(&xlsb().bytes(), "x.xlsb");
    check_cells(
        &loaded,
        &[
            "A1 2.5",
            "B1 \"hello\"",
            "C1 \"in place\"",
            "D1 TRUE",
            "E1 #N/A",
            "F1 3",
            "A2 =SUM(A1:A3) -> 1",
            "B2 =Tab[[#This Row],[b'[c']]] -> 2",
            "C2 ='My data'!B$5 -> 3",
            "D2 ={1.5,\"x\"} -> 4",
            "B3 =A3*2 -> 5",
            "E3 dynamic {=3} -> 6",
            "B4 =A4*2 -> 7",
        ],
    );
    let workbook = &loaded.workbook;
    assert_eq!(workbook.sheets[1].visibility, Visibility::VeryHidden);
    assert_eq!(workbook.name("rate", None).unwrap().source, "19");
    assert!(workbook.name("_xlnm.Print_Area", Some(SheetId(0))).is_some());
    assert_eq!(workbook.sheets[0].merged[0].to_string(), "A9:B10");
    assert_eq!(workbook.tables[0].columns[1].name, "b[c]");
    assert!(!workbook.sheets[0].column_visible(values::Col(2)));
    assert!(loaded.report.notes.is_empty(), "{:#?}", notes(&loaded));
}

#[test]
fn binary_files_have_limits_too() {
    let cut = |parts: Parts| {
        let part = parts.parts.iter().find(|(name, _)| name == "xl/worksheets/sheet1.bin").unwrap().1.clone();
        parts.with("xl/worksheets/sheet1.bin", part[..40].to_vec()).bytes()
    };
    assert!(matches!(error(&cut(xlsb()), "x.xlsb"), LoadError::Damaged(_)));
    let stream = stream8();
    let half = compound::build(&[("Workbook", &stream[..stream.len() - 400])]);
    // What fills the stream up to its sectors are records of no kind.
    assert!(matches!(error(&half, "x.xls"), LoadError::Damaged(_)));
    for (bytes, name) in [(xls(), "x.xls"), (xlsb().bytes(), "x.xlsb")] {
        let tight = |limits: Limits| matches!(open(&bytes, name, &limits), Err(LoadError::TooLarge { .. }));
        assert!(tight(Limits { cells: 10, ..Limits::default() }), "{name}");
        assert!(tight(Limits { sheets: 1, ..Limits::default() }), "{name}");
    }
    let far = [
        biff12(145, &[]),
        biff12(0, &[le32(&[1 << 20, 0]), vec![0; 9]].concat()),
        biff12(1, &le32(&[0, 0])),
        biff12(146, &[]),
    ];
    let parts = xlsb().with("xl/worksheets/sheet1.bin", far.concat());
    assert!(error(&parts.bytes(), "x.xlsb").to_string().contains("which no sheet has"));
}

#[test]
fn what_is_small_in_the_file_only_is_refused() {
    let bof = |kind: u16| biff8(0x0809, &le16(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let workbook = |sheets: usize, sheet: &[u8]| {
        let globals = |offset: u32| {
            let listed = biff8(0x0085, &[offset.to_le_bytes().to_vec(), vec![0, 0, 1, 0, b'S']].concat());
            [bof(5), listed.repeat(sheets), biff8(0x000a, &[])].concat()
        };
        let stream =
            [globals(globals(0).len() as u32), bof(0x10), sheet.to_vec(), biff8(0x000a, &[])].concat();
        compound::build(&[("Workbook", &stream)])
    };
    let merged = biff8(0x00e5, &le16(&[1, 0, 1, 0, 1])).repeat(1_000);
    load(&workbook(1, &merged), "x.xls");
    assert!(error(&workbook(500, &merged), "x.xls").to_string().contains("more than once"));
    let long = [&[0x1e, 1, 0][..], &[0x1e, 1, 0, 0x03].repeat(2_000)].concat();
    let head = [le16(&[0, 0xffff]), vec![0, 0, 0, 0], le16(&[long.len() as u16])].concat();
    let pointers = |count: u16| {
        let cells = (0..count).map(|row| {
            let shared = biff8(0x04bc, &[head.clone(), long.clone()].concat());
            let cell = formula8(row, 0, 1.0, &[0x01, 0, 0, 0, 0], &[]);
            if row == 0 { [cell, shared].concat() } else { cell }
        });
        workbook(1, &cells.collect::<Vec<_>>().concat())
    };
    let limits = Limits { cells: 10_000, ..Limits::upload() };
    assert!(open(&pointers(20), "x.xls", &limits).is_ok());
    assert!(matches!(open(&pointers(200), "x.xls", &limits), Err(LoadError::TooLarge { .. })));
    let one = xlsx(&[&format!("<sheetData>{}</sheetData>", " ".repeat(1 << 16))]);
    let relations: String = (1..=100)
        .map(|i| {
            format!("<Relationship Id=\"rId{i}\" Type=\"t/worksheet\" Target=\"worksheets/sheet1.xml\"/>")
        })
        .collect();
    let listed: String = (1..=100).map(|i| format!("<sheet name=\"S{i}\" id=\"rId{i}\"/>")).collect();
    let parts = one
        .with("xl/workbook.xml", format!("<workbook><sheets>{listed}</sheets></workbook>"))
        .with("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>"));
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(open(&parts.bytes(), "x.xlsx", &limits), Err(LoadError::TooLarge { .. })));
}

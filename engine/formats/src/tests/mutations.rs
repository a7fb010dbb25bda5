//! Changed bytes: whatever a file becomes, reading it ends, with a workbook or an error.

use super::support::*;
use crate::{Limits, open};
use std::time::Instant;

/// A small generator of numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// Changes, inserts, removes or repeats a few bytes.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(8) {
                0..=3 => bytes[at] = self.below(256) as u8,
                4 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'9', b'<', b'"'][self.below(8)],
                5 => bytes.insert(at, self.below(256) as u8),
                6 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {
                    let end = (at + 1 + self.below(16)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
    }
}

fn limits() -> Limits {
    Limits { cells: 1 << 18, unpacked_bytes: 16 << 20, ..Limits::upload() }
}

/// Changes whole files, and the parts inside of containers.
fn survive(name: &str, rounds: usize, make: &dyn Fn(&mut Numbers) -> Vec<u8>) {
    let (mut numbers, start) = (Numbers(42), Instant::now());
    let mut opened = 0;
    for _ in 0..rounds {
        let bytes = make(&mut numbers);
        opened += usize::from(open(&bytes, name, &limits()).is_ok());
    }
    // So that the changes are neither all harmless nor all fatal at once.
    assert!((1..rounds).contains(&opened), "{name}: {opened} of {rounds} were opened");
    println!("{name}: {opened} of {rounds} opened in {:?}", start.elapsed());
}

fn changed_part(parts: &Parts, numbers: &mut Numbers) -> Vec<u8> {
    let mut parts = parts.clone().stored();
    let place = numbers.below(parts.parts.len());
    numbers.change(&mut parts.parts[place].1);
    parts.bytes()
}

fn xlsx_example() -> Parts {
    let sheet = r#"<cols><col min="2" max="3" width="20"/></cols><sheetData><row r="1"><c r="A1" s="1" t="s"><v>0</v></c>
        <c r="B1"><f t="shared" ref="B1:B2" si="0">SUM(A1:A9)*2</f><v>3</v></c></row><row r="2"><c r="B2"><f t="shared" si="0"/></c>
        <c r="C2" cm="1"><f t="array" ref="C2:C3">A1:A2</f><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A5:B6"/></mergeCells>
        <dataValidations><dataValidation type="list" sqref="A1"><formula1>"a,b"</formula1></dataValidation></dataValidations>"#;
    xlsx(&[sheet])
        .with("xl/sharedStrings.xml", "<sst><si><t>a_x000D_&amp;b</t></si></sst>")
        .with("xl/styles.xml", r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts><fonts><font><b/><sz val="9"/></font></fonts><cellXfs><xf/><xf numFmtId="164" fontId="0"/></cellXfs></styleSheet>"#)
}

#[test]
fn xlsx_files() {
    let (parts, whole) = (xlsx_example(), xlsx_example().stored().bytes());
    survive("x.xlsx", 400, &|numbers| changed_part(&parts, numbers));
    survive("x.xlsx", 200, &|numbers| {
        let mut bytes = whole.clone();
        numbers.change(&mut bytes);
        bytes
    });
}

#[test]
fn xlsb_files() {
    let parts = super::binary_files::xlsb();
    survive("x.xlsb", 800, &|numbers| changed_part(&parts, numbers));
}

#[test]
fn xls_files() {
    let whole = super::binary_files::xls();
    survive("x.xls", 800, &|numbers| {
        let mut bytes = whole.clone();
        // Most of the file is padding; the workbook's stream comes first.
        let mut stream = bytes.split_off(512);
        let rest = stream.split_off(1_500);
        let length = stream.len();
        numbers.change(&mut stream);
        stream.resize(length, 0);
        [bytes, stream, rest].concat()
    });
}

#[test]
fn ods_files() {
    let parts = super::open_document::example();
    survive("x.ods", 300, &|numbers| changed_part(&parts, numbers));
}

#[test]
fn csv_files() {
    let whole = "name;amount;when\n\"a;b\";1,5;2024-01-31\n'x;50%;TRUE\n".as_bytes();
    let (mut numbers, mut opened) = (Numbers(7), 0);
    for _ in 0..1_000 {
        let mut bytes = whole.to_vec();
        numbers.change(&mut bytes);
        opened += usize::from(open(&bytes, "x.csv", &limits()).is_ok());
    }
    assert!(opened > 500, "{opened}");
}

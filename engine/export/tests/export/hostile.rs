//! Originals that no honest program wrote: an error that says so, never a panic and never a file.

use crate::fixtures::fixture;
use crate::support::{edited, export_workbook, lines, part, read, with_parts};

#[test]
fn an_original_that_does_not_fit_is_an_error() {
    let workbook = read(&fixture("plain")).unwrap();
    let good = fixture("plain");
    let sheet = "xl/worksheets/sheet1.xml";
    let columns = "<cols><col min=\"1\" max=\"4294967295\" width=\"9\"/></cols><sheetData>";
    let declared = "<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet";
    let cases: [(&str, Vec<u8>); 5] = [
        ("no container", b"PK\x03\x04 and nothing more".to_vec()),
        ("cut off", good[..good.len() / 2].to_vec()),
        ("many columns", edited(&good, sheet, "<sheetData>", columns)),
        ("a document type", edited(&good, sheet, "<worksheet", declared)),
        ("deep", with_parts(&good, &[(sheet, &"<worksheet>".repeat(5_000))])),
    ];
    for (name, bytes) in cases {
        let result = export_workbook(&workbook, Some(&bytes), &[]);
        let error = result.err().unwrap_or_else(|| panic!("{name} was written")).to_string();
        assert!(
            error.starts_with("the original cannot be rewritten: ") && error.len() < 300,
            "{name}: {error}"
        );
    }
}

#[test]
fn what_the_writer_does_not_understand_is_written_anew() {
    let good = fixture("validations");
    let meant = read(&good).unwrap();
    let part = part(&good, "xl/workbook.xml");
    let prefixed = part.replace("xmlns=", "xmlns:x=").replace("</", "</x:");
    let prefixed = prefixed.replace("<w", "<x:w").replace("<s", "<x:s").replace("<d", "<x:d");
    let prefixed = prefixed.replace("<b", "<x:b").replace("<c", "<x:c").replace("<f", "<x:f");
    let no_end = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v>";
    let cases = [
        ("prefixes", with_parts(&good, &[("xl/workbook.xml", &prefixed)])),
        ("no end", with_parts(&good, &[("xl/worksheets/sheet1.xml", no_end)])),
    ];
    for (name, bytes) in cases {
        let exported = export_workbook(&meant, Some(&bytes), &[]).unwrap();
        let said: Vec<String> = exported.losses.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|loss| loss.contains("written into a new one")), "{name}: {said:?}");
        assert_eq!(lines(&read(&exported.bytes).unwrap()), lines(&meant), "{name}");
    }
}

#[test]
fn broken_bytes_are_survived() {
    let good = fixture("table");
    let workbook = read(&good).unwrap();
    let mut state = 7_u64;
    for _ in 0..150 {
        let mut bytes = good.clone();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 33) as usize % bytes.len();
            bytes[place] = (state >> 20) as u8;
        }
        if let Ok(exported) = export_workbook(&workbook, Some(&bytes), &[]) {
            assert!(read(&exported.bytes).is_ok());
        }
    }
}

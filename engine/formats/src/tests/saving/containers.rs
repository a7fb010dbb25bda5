//! Containers of other writers: what is not changed lies in them as it lay.

use super::*;
use zip::write::{FullFileOptions, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A container with entries as various writers make them: stored, of different dates, with extra fields, comments,
/// a name beyond ASCII, a part that no one refers to.
fn various() -> Vec<u8> {
    let parts = xlsx(&["<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>"])
        .with("xl/vbaProject.bin", [0_u8, 159, 146, 150].repeat(999))
        .with("customXml/größe.xml", "<a/>");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.set_comment("made by hand").unwrap();
    for (place, (name, bytes)) in parts.parts.iter().enumerate() {
        let method = if place % 2 == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let date = DateTime::from_date_and_time(2001 + place as u16, 2, 3, 4, 5, 6).unwrap();
        let mut options: FullFileOptions<'_, '_> = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(date)
            .into_full_options();
        options = options.unix_permissions(0o640).with_file_comment("a comment");
        options.add_extra_field(0xF00D, vec![place as u8; 20], place % 3 == 0).unwrap();
        zip.start_file(name.as_str(), options).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn entries_keep_their_dates_methods_and_extra_fields() {
    let original = various();
    let saved = saved(&original, &on_sheet(0, [(cell("A1"), constant(2.0))]));
    assert_kept(&original, &saved.bytes, &["xl/worksheets/sheet1.xml"], &[], &[]);
    let mut archive = ZipArchive::new(Cursor::new(saved.bytes.as_slice())).unwrap();
    assert_eq!(archive.comment(), b"made by hand");
    let changed = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
    let date =
        entries(&original).iter().position(|raw| raw.name == "xl/worksheets/sheet1.xml").unwrap() as u16;
    assert_eq!(changed.last_modified().map(|date| date.year()), Some(2001 + date));
    assert_eq!(changed.comment(), "a comment");
}

#[test]
fn nothing_changed_is_the_same_file() {
    for original in [various(), file_of_another_writer()] {
        assert_eq!(saved(&original, &Changes::default()).bytes, original);
    }
}

fn file_of_another_writer() -> Vec<u8> {
    crate::tests::written::everything()
}

#[test]
fn the_same_changes_give_the_same_bytes() {
    let original = various();
    let changes = on_sheet(0, [(cell("B7"), constant("x"))]);
    assert_eq!(saved(&original, &changes).bytes, saved(&original, &changes).bytes);
}

#[test]
fn data_descriptors_go_with_their_entries() {
    // Written to a stream, sizes stand behind the content.
    let parts = xlsx(&["<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>"])
        .with("xl/media/image1.png", vec![7_u8; 5_000]);
    let mut zip = ZipWriter::new_stream(Vec::new());
    for (name, bytes) in &parts.parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    let original = zip.finish().unwrap().into_inner();
    let saved = saved(&original, &on_sheet(0, [(cell("A1"), constant(2.0))]));
    assert_kept(&original, &saved.bytes, &["xl/worksheets/sheet1.xml"], &[], &[]);
    check_cells(&load(&saved.bytes, "x.xlsx"), &["A1 2"]);
}

#[test]
fn overlapping_entries_are_refused() {
    let mut bytes = xlsx(&["<sheetData/>"]).with("xl/a.xml", "<a/>").with("xl/b.xml", "<b/>").bytes();
    let mut archive = ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    let place = |name: &str, archive: &mut ZipArchive<_>| {
        let file = archive.by_name(name).unwrap();
        (file.header_start() as u32, file.central_header_start() as usize)
    };
    let ((first, _), (_, record)) = (place("xl/a.xml", &mut archive), place("xl/b.xml", &mut archive));
    bytes[record + 42..record + 46].copy_from_slice(&first.to_le_bytes());
    let error = refused(&bytes, &on_sheet(0, [(cell("A1"), constant(2.0))]));
    assert!(error.contains("overlap") || error.contains("broken"), "{error}");
}

#[test]
fn other_formats_are_named() {
    let error = refused(b"a;b\n1;2\n", &Changes::default());
    assert!(error.contains("not a spreadsheet") || error.contains(".csv"), "{error}");
    let ods = crate::tests::open_document::example().bytes();
    assert!(matches!(save(&ods, &Changes::default(), &Limits::default()), Err(SaveError::Format(_))));
}

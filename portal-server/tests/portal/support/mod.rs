//! A whole portal for one test, and people as types who use it through its public interface.

pub mod app;
pub mod browser;
pub mod mail;
pub mod people;
pub mod postgres;
pub mod smtp;

pub use app::{Database, TestApp};
pub use people::{Answer, Signed, Visitor};

use std::io::{Cursor, Write};
use std::path::Path;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A password that the policy takes.
pub const PASSWORD: &str = "unrelated words in the rain";

/// An app definition whose name and source the test chooses.
pub fn definition(name: &str) -> String {
    format!(
        "<app xmlns=\"urn:playsheet:app:1\"><meta><name>{name}</name></meta><source id=\"main\"/>\
         <layout><item caption=\"Amount\" inputtype=\"input\" contenttype=\"decimal\" address=\"B1\"/></layout></app>"
    )
}

/// A spreadsheet with this text in its first cells: the same bytes for the same text, and the text unpacked in them.
pub fn spreadsheet(content: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    // No cell holds more.
    let pieces = content.as_bytes().chunks(30_000).map(String::from_utf8_lossy);
    let rows: String =
        pieces.map(|text| format!("<row><c t=\"inlineStr\"><is><t>{text}</t></is></c></row>")).collect();
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("_rels/.rels", relations("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>\
                 <sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"r\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let options = options.last_modified_time(zip::DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Makes one test of each function and each database. Without PostgreSQL on the machine, its tests say so and pass.
macro_rules! on_both_databases {
    ($($name:ident)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(crate::support::Database::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(database) = crate::support::postgres::fresh_database() {
                    super::$name(crate::support::Database::Postgres(database)).await;
                }
            }
        }
    )*};
}
pub(crate) use on_both_databases;

/// Looks at each file of a folder and of those in it.
pub fn every_file(folder: &Path, each: &mut impl FnMut(&Path, &[u8])) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_file(&path, each);
        } else {
            each(&path, &std::fs::read(&path).unwrap());
        }
    }
}

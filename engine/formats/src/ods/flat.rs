//! Flat .fods files: the parts of an .ods one behind the other in one XML document.
//!
//! The document becomes the content part of a container, so that the same reader takes it under the same limits. What
//! lies over the cells stays away: charts hold tables of their own, and pictures are long texts.

use crate::patch::scan::{Kind, Scanner};
use crate::{Limits, LoadError};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Elements that are left out with all inside of them.
const LEFT_OUT: [&str; 5] = ["object", "binary-data", "scripts", "forms", "shapes"];

/// A container with the document as its content, and whether it has macros.
pub(super) fn contained(bytes: &[u8], limits: &Limits) -> Result<(Vec<u8>, bool), LoadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut content = Vec::with_capacity(bytes.len());
    let mut scanner = Scanner::new(bytes, limits.depth);
    let (mut left_out, mut has_macros, mut paragraph) = (None, false, None);
    while let Some(piece) = scanner.next()? {
        if let Some(level) = left_out {
            has_macros |= piece.begins("module");
            if piece.kind == Kind::End && piece.level == level {
                left_out = None;
            }
        } else if LEFT_OUT.iter().any(|name| piece.begins(name)) {
            left_out = (piece.kind == Kind::Start).then_some(piece.level);
        } else {
            if piece.kind == Kind::Start && paragraph.is_none() && piece.begins("p") {
                paragraph = Some(piece.level);
            } else if piece.kind == Kind::End && paragraph == Some(piece.level) {
                paragraph = None;
            }
            // Lines are broken and indented between elements, where an .ods has nothing.
            let is_indent = piece.kind == Kind::Text && piece.raw.trim_ascii().is_empty();
            if !is_indent || paragraph.is_some() || !piece.raw.contains(&b'\n') {
                content.extend_from_slice(piece.raw);
            }
        }
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(content.len() + 1_024)));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let parts: [(&str, &[u8]); 3] = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest/>"),
        ("content.xml", &content),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, options)?;
        zip.write_all(bytes).map_err(|error| LoadError::from(&error))?;
    }
    Ok((zip.finish()?.into_inner(), has_macros))
}

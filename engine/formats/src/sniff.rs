//! What a file is, from its first bytes; its name decides only between text formats.

use crate::xls::compound::{CompoundFile, MAGIC};
use crate::{FileFormat, LoadError, csv};
use std::io::Read;

/// The format of a spreadsheet file.
pub(crate) fn format(bytes: &[u8], name: &str) -> Result<FileFormat, LoadError> {
    let extension =
        name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return container(bytes);
    }
    if bytes.starts_with(&MAGIC) {
        return compound(bytes);
    }
    if bytes.starts_with(&[0x09, 0x08]) {
        return Ok(FileFormat::Xls);
    }
    if matches!(bytes, [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..]) {
        return Err(LoadError::Unreadable(
            "This is an .xls file of Excel 4 or older. Open it in your spreadsheet program and save it as .xlsx.",
        ));
    }
    for (magic, what) in MAGICS {
        if bytes.starts_with(magic) {
            return Err(LoadError::NotASpreadsheet((*what).to_owned()));
        }
    }
    if bytes.is_empty() {
        return Err(LoadError::NotASpreadsheet("an empty file".to_owned()));
    }
    if let Some(format) = markup(bytes)? {
        return Ok(format);
    }
    if matches!(extension.as_str(), "csv" | "tsv" | "tab" | "txt") && csv::is_text(bytes) || is_utf16(bytes) {
        return Ok(FileFormat::Csv);
    }
    Err(LoadError::NotASpreadsheet(describe(bytes, &extension)))
}

/// What a compound file holds, by the names of its streams. An encrypted .xlsx hides in one too.
fn compound(bytes: &[u8]) -> Result<FileFormat, LoadError> {
    let Some(file) = CompoundFile::open(bytes) else {
        return Err(LoadError::Damaged("its container cannot be read".into()));
    };
    if file.has("EncryptedPackage") {
        return Err(LoadError::Encrypted);
    }
    if file.has("Workbook") || file.has("Book") {
        return Ok(FileFormat::Xls);
    }
    let others = [("WordDocument", "a Word document"), ("PowerPoint Document", "a presentation")];
    let what =
        others.iter().find(|(stream, _)| file.has(stream)).map_or("an old Office document", |(_, what)| what);
    Err(LoadError::NotASpreadsheet(what.to_owned()))
}

/// Tells a flat OpenDocument file; refuses text that is a page or document in spite of its name, and says which kinds of
/// spreadsheet in XML are not read.
fn markup(bytes: &[u8]) -> Result<Option<FileFormat>, LoadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let start = bytes.get(..bytes.len().min(16_384)).unwrap_or_default().to_ascii_lowercase();
    let holds = |wanted: &[u8]| start.windows(wanted.len()).any(|window| window == wanted);
    if !start.starts_with(b"<") {
        return Ok(None);
    }
    if holds(b"<office:document") {
        // A flat file says what it is behind its namespaces.
        if holds(b"application/vnd.oasis.opendocument.spreadsheet\"") {
            return Ok(Some(FileFormat::Fods));
        }
        return Err(LoadError::NotASpreadsheet("an OpenDocument file of another kind".to_owned()));
    }
    if holds(b"urn:schemas-microsoft-com:office:spreadsheet") {
        return Err(LoadError::Unreadable(
            "This is an XML spreadsheet of Excel 2003. Open it in your spreadsheet program and save it as .xlsx.",
        ));
    }
    if start.starts_with(b"<?xml") || start.starts_with(b"<!doctype") || start.starts_with(b"<html") {
        return Err(LoadError::NotASpreadsheet("a web page or XML document".to_owned()));
    }
    Ok(None)
}

const MAGICS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1F\x8B", "a compressed file"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xBC\xAF", "a compressed archive"),
];

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])
}

fn describe(bytes: &[u8], extension: &str) -> String {
    let text = bytes.iter().take(512).all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n'));
    match (text, bytes.trim_ascii_start()) {
        (true, [b'<', ..]) => "a web page or XML document".to_owned(),
        (true, [b'{' | b'[', ..]) => "a JSON document".to_owned(),
        (true, _) => "a text document".to_owned(),
        _ if extension.is_empty() => "a file of an unknown kind".to_owned(),
        _ => format!("no readable .{extension} file"),
    }
}

/// What a zip container holds, by the names of its parts.
fn container(bytes: &[u8]) -> Result<FileFormat, LoadError> {
    let archive = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    let has = |wanted: &str| {
        archive
            .file_names()
            .any(|name| name.is_ok_and(|name| name.replace('\\', "/").eq_ignore_ascii_case(wanted)))
    };
    if has("xl/workbook.bin") {
        return Ok(FileFormat::Xlsb);
    }
    if has("[Content_Types].xml") {
        let other = [("word/document.xml", "a Word document"), ("ppt/presentation.xml", "a presentation")];
        return match other.iter().find(|(part, _)| has(part)) {
            Some((_, what)) => Err(LoadError::NotASpreadsheet((*what).to_owned())),
            None => Ok(FileFormat::Xlsx),
        };
    }
    let mut archive = archive;
    match archive.by_name("mimetype").map(open_document) {
        Ok(found) => found,
        Err(_) => Err(LoadError::NotASpreadsheet("a zip archive".to_owned())),
    }
}

/// What kind of OpenDocument file it is, by the part that is there for this.
fn open_document(part: impl Read) -> Result<FileFormat, LoadError> {
    let mut kind = String::new();
    part.take(200).read_to_string(&mut kind).map_err(|error| LoadError::from(&error))?;
    match kind.trim().strip_prefix("application/vnd.oasis.opendocument.") {
        Some("spreadsheet") => Ok(FileFormat::Ods),
        Some(kind) if kind.starts_with("spreadsheet") => Err(LoadError::Unreadable(
            "This is an OpenDocument template or master file. Save it as .ods or .xlsx.",
        )),
        Some(kind) if kind.starts_with("text") => {
            Err(LoadError::NotASpreadsheet("an OpenDocument text document".to_owned()))
        }
        Some(_) => Err(LoadError::NotASpreadsheet("an OpenDocument file of another kind".to_owned())),
        None => Err(LoadError::NotASpreadsheet("a zip archive".to_owned())),
    }
}

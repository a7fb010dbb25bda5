//! What a file is, from its first bytes; its name decides only between text formats.

use crate::{FileFormat, LoadError};

/// The format of a spreadsheet file.
pub(crate) fn format(bytes: &[u8], name: &str) -> Result<FileFormat, LoadError> {
    let extension =
        name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return container(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        // An encrypted .xlsx hides in the same container as an .xls: its streams' names tell.
        let utf16 = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let holds = |name: &str| contains(bytes, &utf16(name));
        if holds("EncryptedPackage") {
            return Err(LoadError::Encrypted);
        }
        if holds("Workbook") || holds("Book") {
            return Ok(FileFormat::Xls);
        }
        return Err(LoadError::NotASpreadsheet("an old Office document".to_owned()));
    }
    if bytes.starts_with(&[0x09, 0x08])
        || bytes.starts_with(&[0x09, 0x04])
        || bytes.starts_with(&[0x09, 0x02])
    {
        return Ok(FileFormat::Xls);
    }
    for (magic, what) in MAGICS {
        if bytes.starts_with(magic) {
            return Err(LoadError::NotASpreadsheet((*what).to_owned()));
        }
    }
    if bytes.is_empty() {
        return Err(LoadError::NotASpreadsheet("an empty file".to_owned()));
    }
    if matches!(extension.as_str(), "csv" | "tsv" | "tab" | "txt") && !bytes.contains(&0) || is_utf16(bytes) {
        return Ok(FileFormat::Csv);
    }
    Err(LoadError::NotASpreadsheet(describe(bytes, &extension)))
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
    let start =
        bytes.iter().skip_while(|byte| byte.is_ascii_whitespace()).take(5).copied().collect::<Vec<u8>>();
    match (text, start.as_slice()) {
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
    if has("content.xml") && has("mimetype") {
        return Ok(FileFormat::Ods);
    }
    Err(LoadError::NotASpreadsheet("a zip archive".to_owned()))
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

//! Files that are no honest spreadsheets, made when they are needed: none of them lies in the repository. And
//! definitions with errors, which do.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A definition that must be refused.
#[derive(Deserialize)]
pub struct BadDefinition {
    /// What is wrong with it.
    pub name: String,
    /// Its text.
    pub lines: Vec<String>,
    /// How each place begins that has to be named, `line:column`.
    pub places: Vec<String>,
    /// What the message has to mention.
    #[serde(default)]
    pub says: Vec<String>,
}

/// The definitions with errors.
///
/// # Errors
/// Where their file is none.
pub fn definitions() -> Result<Vec<BadDefinition>> {
    #[derive(Deserialize)]
    struct Definitions {
        cases: Vec<BadDefinition>,
    }
    let definitions: Definitions = serde_json::from_str(include_str!("../cases/bad_definitions.json"))?;
    Ok(definitions.cases)
}

/// Makes a file of one of the kinds that the cases name. `good` is an honest .xlsx file to spoil.
///
/// # Errors
/// Where there is no such kind, or the file cannot be written.
pub fn make(kind: &str, good: &[u8], folder: &Path) -> Result<PathBuf> {
    let (ending, bytes) = match kind {
        "huge" => return sparse(&folder.join("huge.xlsx")),
        "huge-csv" => return sparse(&folder.join("huge-csv.csv")),
        "missing" => return Ok(folder.join("missing.xlsx")),
        "folder" => return make_folder(folder),
        "empty" => ("xlsx", Vec::new()),
        "truncated" => ("xlsx", good.get(..good.len() / 2).unwrap_or_default().to_vec()),
        "garbled" => ("xlsx", garbled(good)),
        "encrypted" => ("xlsx", encrypted()),
        "picture" => ("xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec()),
        "program" => ("xlsx", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0".to_vec()),
        "document" => ("xlsx", document()?),
        "bomb" => ("xlsx", with_part(good, "xl/worksheets/sheet1.xml", &blank_sheet(64 << 20))?),
        "lying-bomb" => ("xlsx", lying(good, 64 << 20)?),
        "entities" => ("xlsx", with_part(good, "xl/workbook.xml", entities().as_bytes())?),
        "deep" => ("xlsx", with_part(good, "xl/workbook.xml", deep().as_bytes())?),
        "ods-bomb" => ("ods", ods_bomb(64 << 20)?),
        "garbled-xls" => {
            ("xls", [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &garbled(good)].concat())
        }
        "truncated-xlsb" => ("xlsb", good.get(..good.len() / 2).unwrap_or_default().to_vec()),
        "no-workbook" => ("xlsx", with_part(good, "xl/workbook.xml", b"")?),
        _ => bail!("no kind of bad file is called {kind}"),
    };
    let file = folder.join(format!("{kind}.{ending}"));
    std::fs::write(&file, bytes)?;
    Ok(file)
}

/// A terabyte that takes no place on disk; reading it all would take more memory than there is.
fn sparse(file: &Path) -> Result<PathBuf> {
    File::create(file)?.set_len(1 << 40)?;
    Ok(file.to_owned())
}

fn make_folder(folder: &Path) -> Result<PathBuf> {
    let inner = folder.join("folder.xlsx");
    std::fs::create_dir_all(&inner)?;
    Ok(inner)
}

/// Right at both ends, noise between them.
fn garbled(good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let length = bytes.len();
    let mut noise = 0x9e37_79b9_u32;
    for byte in bytes.iter_mut().take(length - length / 4).skip(64) {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = noise.to_be_bytes()[0];
    }
    bytes
}

/// A compound file with the two streams of an encrypted workbook: header, one sector of the allocation table, one of
/// the directory, one for both streams' content.
fn encrypted() -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    const FREE: u32 = 0xffff_ffff;
    let mut header = vec![0; SECTOR];
    let mut put =
        |at: usize, bytes: &[u8]| header.splice(at..at + bytes.len(), bytes.iter().copied()).count();
    put(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    // Version 3, little endian, sectors of 512 bytes, short sectors of 64.
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(56, &4096_u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    for slot in 0..109 {
        put(76 + slot * 4, &if slot == 0 { 0 } else { FREE }.to_le_bytes());
    }
    let mut table = [FREE; SECTOR / 4];
    table[..3].copy_from_slice(&[0xffff_fffd, END, END]);
    let mut file = header;
    file.extend(table.iter().flat_map(|entry| entry.to_le_bytes()));
    file.extend(entry("Root Entry", 5, 1, END));
    file.extend(entry("EncryptionInfo", 2, FREE, 2));
    file.extend(entry("EncryptedPackage", 2, FREE, 2));
    file.extend(entry("", 0, FREE, 0));
    file.extend([0x5a; SECTOR]);
    file
}

/// An entry of a compound file's directory. The second stream hangs to the right of the first.
fn entry(name: &str, kind: u8, child: u32, start: u32) -> Vec<u8> {
    const NONE: u32 = 0xffff_ffff;
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { bytes.len() as u16 + 2 };
    bytes.resize(64, 0);
    bytes.extend(length.to_le_bytes());
    bytes.extend([kind, 1]);
    bytes.extend(NONE.to_le_bytes());
    bytes.extend(if name == "EncryptionInfo" { 2 } else { NONE }.to_le_bytes());
    bytes.extend(child.to_le_bytes());
    bytes.resize(116, 0);
    bytes.extend(start.to_le_bytes());
    bytes.extend(if kind == 2 { 256_u64 } else { 0 }.to_le_bytes());
    bytes
}

/// A container of the right kind with a text document in it.
fn document() -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["[Content_Types].xml", "word/document.xml"] {
        writer.start_file(name, SimpleFileOptions::default())?;
        writer.write_all(b"<?xml version=\"1.0\"?><document/>")?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A container of the other office's kind with a sheet that is all blanks.
fn ods_bomb(bytes: usize) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("mimetype", stored)?;
    writer.write_all(b"application/vnd.oasis.opendocument.spreadsheet")?;
    writer.start_file("content.xml", SimpleFileOptions::default())?;
    let mut content = b"<office:document-content>".to_vec();
    content.resize(bytes, b' ');
    writer.write_all(&content)?;
    Ok(writer.finish()?.into_inner())
}

/// The file with one part replaced by other content; all others stay as they are.
fn with_part(good: &[u8], name: &str, content: &[u8]) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(good))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut found = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        let is_it = part.name()? == name;
        writer.start_file(part.name()?, options)?;
        found |= is_it;
        writer.write_all(if is_it { content } else { &bytes })?;
    }
    found.then_some(()).with_context(|| format!("the good file has no part {name}"))?;
    Ok(writer.finish()?.into_inner())
}

/// The file with a text in one part replaced: what a person's edit does to it.
///
/// # Errors
/// Where the part or the text is not in the file.
pub fn edited(good: &[u8], name: &str, from: &str, to: &str) -> Result<Vec<u8>> {
    let mut part = String::new();
    ZipArchive::new(Cursor::new(good))?.by_name(name)?.read_to_string(&mut part)?;
    if !part.contains(from) {
        bail!("{name} does not contain {from}");
    }
    with_part(good, name, part.replace(from, to).as_bytes())
}

/// The file with a part of noise that no reader looks at, so many bytes long.
///
/// # Errors
/// Where the file is no honest one.
pub fn padded(good: &[u8], bytes: usize) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new_append(Cursor::new(good.to_vec()))?;
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("xl/media/noise.bin", stored)?;
    writer.write_all(&garbled(&vec![0; bytes]))?;
    Ok(writer.finish()?.into_inner())
}

/// A sheet that is all blanks: packs a thousandfold.
fn blank_sheet(bytes: usize) -> Vec<u8> {
    let mut sheet =
        b"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">".to_vec();
    sheet.resize(bytes, b' ');
    sheet.extend(b"<sheetData/></worksheet>");
    sheet
}

/// A bomb whose container says that the part is small.
fn lying(good: &[u8], bytes: usize) -> Result<Vec<u8>> {
    let sheet = blank_sheet(bytes);
    let mut file = with_part(good, "xl/worksheets/sheet1.xml", &sheet)?;
    let (told, claimed) = (u32::try_from(sheet.len())?.to_le_bytes(), 4_000_u32.to_le_bytes());
    let places: Vec<usize> =
        file.windows(4).enumerate().filter(|(_, window)| *window == told).map(|(at, _)| at).collect();
    if places.is_empty() {
        bail!("the size of the part is nowhere in the file");
    }
    for at in places {
        file.splice(at..at + 4, claimed);
    }
    Ok(file)
}

/// Entities that grow to gigabytes where somebody unfolds them.
fn entities() -> String {
    let mut text = "<!DOCTYPE workbook [<!ENTITY a0 \"playsheet\">".to_owned();
    for level in 1..12 {
        let before = format!("&a{};", level - 1).repeat(10);
        text += &format!("<!ENTITY a{level} \"{before}\">");
    }
    text + "]><workbook>&a11;</workbook>"
}

/// Elements in elements in elements.
fn deep() -> String {
    let depth = 200_000;
    "<workbook>".repeat(depth) + &"</workbook>".repeat(depth)
}

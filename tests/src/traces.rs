//! Looking for clear text where none may be.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// All files under a folder.
///
/// # Errors
/// Where it cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder);
        for entry in entries.with_context(|| format!("{} cannot be read", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// Where one of the texts stands in the clear under a folder: in a file, as UTF-8 or UTF-16 and also within what a
/// file of the ZIP kind holds, or in a file's name.
///
/// # Errors
/// Where the folder cannot be read.
pub fn of(texts: &[String], folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files(folder)? {
        let mut bytes = std::fs::read(&file)?;
        bytes.extend_from_slice(file.to_string_lossy().as_bytes());
        bytes.extend(unpacked(&bytes));
        for text in texts {
            if stands_in(&bytes, text) {
                found.push(format!("{text:?} in {}", file.display()));
            }
        }
    }
    Ok(found)
}

fn stands_in(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &wide].iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
}

/// The parts of a ZIP file, one after the other; nothing where it is none.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return all };
    for index in 0..archive.len() {
        if let Ok(mut part) = archive.by_index(index) {
            // A part that cannot be unpacked shows nothing.
            let _ = std::io::copy(&mut part, &mut all);
        }
    }
    all
}

//! Files that are there as a whole or not at all: what stood there before stays until the new one is complete.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes beside the file, then moves it there.
pub(crate) fn write(out: &Path, bytes: &[u8]) -> io::Result<()> {
    let (path, mut file) = beside(out)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    let moved = written.and_then(|()| std::fs::rename(&path, out));
    if moved.is_err() {
        // The error that matters is the first one.
        let _ = std::fs::remove_file(&path);
    }
    moved
}

/// A new file in the same folder.
fn beside(out: &Path) -> io::Result<(PathBuf, File)> {
    let mut tries = 0_u32;
    loop {
        let mut name = OsString::from(".");
        name.push(out.file_name().unwrap_or_default());
        name.push(format!(".{}-{tries}.part", std::process::id()));
        let path = out.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 100 => tries += 1,
            opened => return opened.map(|file| (path, file)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out.xlsx");
        write(&out, b"first").unwrap();
        write(&out, b"second").unwrap();
        assert_eq!(std::fs::read(&out).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(write(&folder.path().join("missing/out.xlsx"), b"x").is_err());
    }
}

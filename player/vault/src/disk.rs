//! The vault's folder: where things lie, who may look at them, how files are replaced, who may write.
//!
//! ```text
//! lock        held exclusively by whoever changes the vault
//! mark        the vault's id, so that a lost manifest is told apart from a vault that never was
//! manifest    one line in the clear (format, id, generation, counter), then the sealed list of everything
//! blobs/      one file a large record, named at random, written once
//! keys/       only with a passphrase: the account key, sealed
//! ```
//!
//! Invariant: a file is complete on disk before anything points to it, and folders and files belong to their
//! owner alone where the system knows such a thing.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Error;

/// How long to wait for another process before giving up.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(20);
/// How long to sleep between two looks at the lock.
const LOCK_POLL: Duration = Duration::from_millis(10);

/// The folder of one vault.
#[derive(Debug, Clone)]
pub(crate) struct Dir {
    root: PathBuf,
}

impl Dir {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn manifest(&self) -> PathBuf {
        self.root.join("manifest")
    }

    pub fn mark(&self) -> PathBuf {
        self.root.join("mark")
    }

    pub fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    pub fn blob(&self, name: &str) -> PathBuf {
        self.blobs().join(name)
    }

    /// Makes the folders, or takes other people's rights to them away.
    pub fn prepare(&self) -> Result<(), Error> {
        private_folder(&self.root)?;
        private_folder(&self.blobs())
    }

    /// Takes the lock of the vault; it is given back when dropped or when the process ends, however it ends.
    pub fn lock(&self, wait: Duration) -> Result<Lock, Error> {
        let path = self.root.join("lock");
        let file = private_file().create(true).truncate(false).read(true).open(&path);
        let file = file.map_err(|error| Error::disk("open", &path, error))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) if started.elapsed() < wait => std::thread::sleep(LOCK_POLL),
                Err(TryLockError::WouldBlock) => return Err(Error::Busy { dir: self.root.clone() }),
                Err(TryLockError::Error(error)) => return Err(Error::disk("lock", &path, error)),
            }
        }
    }

    /// Removes what crashes left behind: unfinished files, and blobs that `is_used` does not know and that nobody
    /// writes at the moment. The caller holds the lock. Failures are left for the next time.
    pub fn sweep(&self, is_used: impl Fn(&str) -> bool) {
        drop(fs::remove_file(temporary(&self.manifest())));
        let Ok(entries) = fs::read_dir(self.blobs()) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(&is_used) {
                continue;
            }
            // Whoever writes a blob holds a lock on it until a manifest points to it.
            if let Ok(file) = OpenOptions::new().write(true).open(entry.path())
                && file.try_lock().is_ok()
            {
                drop(fs::remove_file(entry.path()));
            }
        }
    }
}

/// The right to change a vault.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Options for a file to be written that only its owner may read.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes a folder, with its parents, that only its owner may enter.
pub(crate) fn private_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| Error::disk("create", path, error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(path).map_err(|error| Error::disk("look at", path, error))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))
                .map_err(|error| Error::disk("protect", path, error))?;
        }
    }
    Ok(())
}

/// Replaces a file: afterwards it holds all of `bytes`, or on failure what it held before. A power cut may still bring
/// back the latter until [`flush_folder`] has worked.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = temporary(path);
    let written = write_through(&temporary, bytes);
    let replaced = written
        .and_then(|()| fs::rename(&temporary, path).map_err(|error| Error::disk("replace", path, error)));
    if replaced.is_err() {
        drop(fs::remove_file(&temporary));
    }
    replaced
}

/// Deletes a file; that it is not there is no failure.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::disk("delete", path, error)),
        _ => Ok(()),
    }
}

/// Reads a file of at most `limit` bytes; `None` when there is none.
pub(crate) fn read_limited(path: &Path, what: &'static str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::disk("open", path, error)),
    };
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::disk("read", path, error))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { what, limit });
    }
    Ok(Some(bytes))
}

/// Makes the names in a folder survive a power cut. Only Unix can; elsewhere the file system sees to it.
pub(crate) fn flush_folder(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| Error::disk("flush", path, error))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn temporary(path: &Path) -> PathBuf {
    path.with_extension("new")
}

fn write_through(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::disk("write", path, error);
    let mut file = private_file().create(true).truncate(true).open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_replaced_keeps_what_it_held() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        replace(&path, b"first").unwrap();
        // A folder in the way of the unfinished file makes the writing fail, also for the superuser.
        fs::create_dir(temporary(&path)).unwrap();
        assert!(matches!(replace(&path, b"second"), Err(Error::Disk { action: "write", .. })));
        assert_eq!(fs::read(&path).unwrap(), b"first");
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, [7; 11]).unwrap();
        assert_eq!(read_limited(&path, "the file", 11).unwrap().unwrap().len(), 11);
        assert!(matches!(read_limited(&path, "the file", 10), Err(Error::TooLarge { limit: 10, .. })));
        assert!(read_limited(&folder.path().join("none"), "the file", 10).unwrap().is_none());
    }

    #[test]
    fn the_lock_is_for_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::new(folder.path());
        let held = dir.lock(Duration::ZERO).unwrap();
        assert!(matches!(dir.lock(Duration::ZERO), Err(Error::Busy { .. })));
        drop(held);
        dir.lock(Duration::ZERO).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn folders_and_files_are_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("vault");
        fs::create_dir(&root).unwrap();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
        let dir = Dir::new(&root);
        dir.prepare().unwrap();
        let _lock = dir.lock(Duration::ZERO).unwrap();
        replace(&dir.manifest(), b"x").unwrap();
        for (path, mode) in
            [(root.clone(), 0o700), (dir.blobs(), 0o700), (dir.manifest(), 0o600), (root.join("lock"), 0o600)]
        {
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
        }
    }
}

//! What goes in comes out, all of it or nothing, and nothing of it can be read from outside.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use playsheet_vault::{
    CLOCK_TOLERANCE_S, Error, MemoryStore, PassphraseStore, Protection, SecretError, SecretStore, Vault,
};
use support::{Bench, CANARY, MoodyStore, blobs, copy, files, get, noise, put, put_blob};

/// Sizes around every boundary: empty, inside the manifest, one chunk, several.
const SIZES: [usize; 10] = [0, 1, 4_095, 4_096, 4_097, 65_535, 65_536, 65_537, 131_072, 300_001];

#[test]
fn records_of_every_size_come_back_also_after_reopening() {
    let bench = Bench::new();
    let vault = bench.open();
    let mut change = vault.begin().unwrap();
    for size in SIZES {
        change.put("sizes", &size.to_string(), &noise(size as u64, size)).unwrap();
    }
    change.commit().unwrap();
    for vault in [vault, bench.open()] {
        for size in SIZES {
            assert_eq!(
                get(&vault, "sizes", &size.to_string()).unwrap(),
                noise(size as u64, size),
                "{size} bytes"
            );
        }
        let listed: Vec<u64> = vault.records("sizes").unwrap().iter().map(|record| record.size).collect();
        assert_eq!(listed.len(), SIZES.len());
        assert!(SIZES.iter().all(|size| listed.contains(&(*size as u64))));
        assert!(vault.check().unwrap().is_empty());
        assert!(get(&vault, "sizes", "none").is_none());
        assert!(get(&vault, "none", "none").is_none());
    }
}

#[test]
fn blobs_stream_in_and_out_in_pieces_of_any_length() {
    let bench = Bench::new();
    let vault = bench.open();
    let bytes = noise(7, 200_000);
    let mut blob = vault.new_blob().unwrap();
    for (piece, length) in bytes.chunks(7_919).zip(1_u64..) {
        blob.write_all(piece).unwrap();
        assert!(length > 0);
    }
    let blob = blob.finish().unwrap();
    assert_eq!(blob.size(), 200_000);
    let mut change = vault.begin().unwrap();
    change.put_blob("c", "r", blob).unwrap();
    assert_eq!(change.size_of("c", "r"), Some(200_000));
    change.commit().unwrap();

    let mut reader = vault.reader("c", "r").unwrap().unwrap();
    assert_eq!(reader.size(), 200_000);
    let mut found = Vec::new();
    let mut piece = [0; 1_009];
    loop {
        let count = reader.read(&mut piece).unwrap();
        if count == 0 {
            break;
        }
        found.extend_from_slice(&piece[..count]);
    }
    assert_eq!(found, bytes);

    let mut reader = vault.reader("c", "r").unwrap().unwrap();
    reader.read_exact(&mut piece).unwrap();
    assert_eq!(reader.read_all().unwrap().as_slice(), &bytes[1_009..]);
}

#[test]
fn a_change_that_is_not_committed_leaves_nothing() {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "c", "r", b"before");
    let before = fs::read(bench.dir().join("manifest")).unwrap();

    let mut change = vault.begin().unwrap();
    change.put("c", "r", b"after").unwrap();
    change.put("c", "large", &noise(1, 100_000)).unwrap();
    change.withdraw("c");
    drop(change);
    let mut unfinished = vault.new_blob().unwrap();
    unfinished.write_all(&noise(2, 100_000)).unwrap();
    drop(unfinished);
    drop(vault.new_blob().unwrap().finish().unwrap());

    assert_eq!(get(&vault, "c", "r").unwrap(), b"before");
    assert_eq!(fs::read(bench.dir().join("manifest")).unwrap(), before);
    assert!(blobs(&bench.dir()).is_empty());
}

#[test]
fn a_transaction_is_seen_as_a_whole_by_other_handles() {
    let bench = Bench::new();
    let (one, other) = (bench.open(), bench.open());
    put(&one, "a", "r", b"1");
    assert_eq!(get(&other, "a", "r").unwrap(), b"1");
    let mut change = other.begin().unwrap();
    change.put("a", "r", b"2").unwrap();
    change.put("b", "r", &noise(3, 80_000)).unwrap();
    assert!(change.remove("a", "r"));
    assert!(!change.remove("a", "r"));
    change.put("a", "s", b"3").unwrap();
    assert_eq!(one.compartments().unwrap(), ["a"]);
    change.commit().unwrap();
    assert_eq!(one.compartments().unwrap(), ["a", "b"]);
    assert_eq!(get(&one, "a", "r"), None);
    assert_eq!(get(&one, "a", "s").unwrap(), b"3");
    assert_eq!(get(&one, "b", "r").unwrap(), noise(3, 80_000));
    assert!(one.counter().unwrap() > 1);
}

#[test]
fn replaced_and_removed_blobs_leave_the_disk() {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "c", "r", &noise(1, 80_000));
    put(&vault, "c", "s", &noise(2, 80_000));
    put(&vault, "c", "r", &noise(3, 90_000));
    assert_eq!(blobs(&bench.dir()).len(), 2);
    let mut change = vault.begin().unwrap();
    change.remove("c", "r");
    change.withdraw("c");
    change.commit().unwrap();
    assert!(blobs(&bench.dir()).is_empty());
    // What a crash leaves behind is swept up at the next opening, but not what somebody is writing.
    fs::write(bench.dir().join("blobs/left-behind"), b"x").unwrap();
    fs::write(bench.dir().join("manifest.new"), b"x").unwrap();
    let mut written_meanwhile = vault.new_blob().unwrap();
    written_meanwhile.write_all(b"slow download").unwrap();
    let other = bench.open();
    assert_eq!(blobs(&bench.dir()).len(), 1);
    assert!(!bench.dir().join("manifest.new").exists());
    let mut change = other.begin().unwrap();
    change.put_blob("c", "r", written_meanwhile.finish().unwrap()).unwrap();
    change.commit().unwrap();
    assert_eq!(get(&vault, "c", "r").unwrap(), b"slow download");
}

#[test]
fn a_blob_of_another_vault_is_refused() {
    let (one, other) = (Bench::new(), Bench::new());
    let blob = one.open().new_blob().unwrap().finish().unwrap();
    let vault = other.open();
    let mut change = vault.begin().unwrap();
    assert!(matches!(change.put_blob("c", "r", blob), Err(Error::ForeignBlob)));
}

#[test]
fn names_that_cannot_be_are_refused() {
    let bench = Bench::new();
    let vault = bench.open();
    let mut change = vault.begin().unwrap();
    for (compartment, record) in [("", "r"), ("c", ""), ("c\n", "r"), ("c", &"x".repeat(201))] {
        assert!(matches!(change.put(compartment, record, b"x"), Err(Error::BadName { .. })));
        assert!(matches!(change.put(compartment, record, &noise(1, 9_000)), Err(Error::BadName { .. })));
    }
    change.put("../../etc", "..\\pass:wd*?", b"x").unwrap();
    change.commit().unwrap();
    assert_eq!(get(&vault, "../../etc", "..\\pass:wd*?").unwrap(), b"x");
}

#[test]
fn nothing_readable_lies_in_the_folder() {
    let bench = Bench::new();
    let passphrase = format!("passphrase {CANARY}");
    let secrets = Arc::new(PassphraseStore::in_vault(&bench.dir(), &passphrase).unwrap());
    let vault = Vault::open_or_create(&bench.dir(), secrets).unwrap();
    let large = CANARY.repeat(5_000);
    put(&vault, &format!("app {CANARY}"), &format!("definition {CANARY}"), CANARY.as_bytes());
    put(&vault, "app", "spreadsheet", large.as_bytes());
    let mut unfinished = vault.new_blob().unwrap();
    unfinished.write_all(large.as_bytes()).unwrap();
    unfinished.flush().unwrap();

    let mut bytes = 0;
    for path in files(&bench.dir()) {
        let content = fs::read(&path).unwrap();
        bytes += content.len();
        for part in [&CANARY.as_bytes()[..12], b"definition", b"spreadsheet"] {
            assert!(!content.windows(part.len()).any(|found| found == part), "{}", path.display());
        }
        assert!(!path.to_string_lossy().contains("CANARY"));
    }
    assert!(bytes > large.len() + 2 * 65_536, "the scan must have seen both blobs");
}

#[cfg(unix)]
#[test]
fn the_folder_and_its_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    let secrets = Arc::new(PassphraseStore::in_vault(&bench.dir(), "a passphrase of ours").unwrap());
    let vault = Vault::open_or_create(&bench.dir(), secrets.clone()).unwrap();
    put(&vault, "c", "r", &noise(1, 70_000));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let all = files(&bench.dir());
    assert!(all.len() >= 5, "{all:?}");
    for path in all {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    for folder in ["", "blobs", "keys"] {
        assert_eq!(mode(&bench.dir().join(folder)), 0o700, "{folder}");
    }
    fs::set_permissions(bench.dir(), fs::Permissions::from_mode(0o755)).unwrap();
    drop(Vault::open(&bench.dir(), secrets).unwrap());
    assert_eq!(mode(&bench.dir()), 0o700);
}

#[test]
fn a_withdrawn_compartment_is_gone_from_old_copies_too() {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "keeps", "r", b"stays");
    put(&vault, "keeps", "large", &noise(1, 70_000));
    put(&vault, "goes", "r", b"withdrawn");
    put(&vault, "goes", "large", &noise(2, 70_000));
    let old = bench.folder.path().join("old");
    copy(&bench.dir(), &old);
    let from_copy = Vault::open(&old, bench.secrets.clone()).unwrap();
    assert_eq!(get(&from_copy, "goes", "r").unwrap(), b"withdrawn", "the copy is good until the withdrawal");
    drop(from_copy);
    let keys_before = bench.secrets.names();

    let mut change = vault.begin().unwrap();
    assert!(!change.withdraw("no such compartment"));
    assert!(change.withdraw("goes"));
    let commit = change.commit().unwrap();
    assert!(commit.key_left.is_none());

    assert_eq!(bench.secrets.names().len(), 1);
    assert_ne!(bench.secrets.names(), keys_before);
    for vault in [vault, bench.open()] {
        assert_eq!(get(&vault, "keeps", "r").unwrap(), b"stays");
        assert_eq!(get(&vault, "keeps", "large").unwrap(), noise(1, 70_000));
        assert_eq!(get(&vault, "goes", "r"), None);
        assert!(vault.check().unwrap().is_empty());
    }
    let reopened = Vault::open(&old, bench.secrets.clone()).err().unwrap();
    assert!(matches!(reopened, Error::KeyMissing { .. }), "{reopened}");
    assert!(reopened.needs_new_vault());

    // Old files under the new manifest, and the old manifest over the new files, open nothing either.
    copy(&old.join("blobs"), &bench.dir().join("blobs"));
    assert_eq!(get(&bench.open(), "goes", "large"), None);
    fs::copy(old.join("manifest"), bench.dir().join("manifest")).unwrap();
    assert!(matches!(bench.try_open(), Err(Error::KeyMissing { .. })));
}

#[test]
fn a_second_handle_follows_the_vault_to_its_new_key() {
    let bench = Bench::new();
    let (one, other) = (bench.open(), bench.open());
    put(&one, "a", "r", b"1");
    put(&one, "b", "r", b"2");
    assert_eq!(get(&other, "a", "r").unwrap(), b"1");
    let mut change = one.begin().unwrap();
    change.withdraw("a");
    change.commit().unwrap();
    assert_eq!(get(&other, "a", "r"), None);
    assert_eq!(get(&other, "b", "r").unwrap(), b"2");
    put(&other, "c", "r", b"3");
    assert_eq!(get(&one, "c", "r").unwrap(), b"3");
}

#[test]
fn a_key_that_could_not_be_deleted_is_deleted_later() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(MoodyStore::default());
    let vault = Vault::open_or_create(folder.path(), store.clone()).unwrap();
    put(&vault, "a", "r", b"1");
    put(&vault, "b", "r", b"2");

    store.refuses_delete.store(true, Ordering::Relaxed);
    let mut change = vault.begin().unwrap();
    change.withdraw("a");
    let commit = change.commit().unwrap();
    assert!(matches!(commit.key_left, Some(SecretError::Denied { .. })));
    assert_eq!(store.inner.names().len(), 2);
    assert_eq!(get(&vault, "a", "r"), None);

    store.refuses_delete.store(false, Ordering::Relaxed);
    put(&Vault::open(folder.path(), store.clone()).unwrap(), "b", "r", b"3");
    assert_eq!(store.inner.names().len(), 1);
    assert_eq!(get(&vault, "b", "r").unwrap(), b"3");
}

#[test]
fn a_secret_store_that_refuses_the_new_key_leaves_all_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(MoodyStore::default());
    let vault = Vault::open_or_create(folder.path(), store.clone()).unwrap();
    put(&vault, "a", "r", b"1");
    store.refuses_put.store(true, Ordering::Relaxed);
    let mut change = vault.begin().unwrap();
    change.withdraw("a");
    assert!(matches!(change.commit(), Err(Error::Secret(SecretError::Denied { .. }))));
    assert_eq!(get(&vault, "a", "r").unwrap(), b"1");
    assert_eq!(get(&Vault::open(folder.path(), store).unwrap(), "a", "r").unwrap(), b"1");
}

#[test]
fn a_vault_under_a_passphrase_opens_with_that_only() {
    let bench = Bench::new();
    let store = |passphrase: &str| Arc::new(PassphraseStore::in_vault(&bench.dir(), passphrase).unwrap());
    let vault = Vault::open_or_create(&bench.dir(), store("the right passphrase")).unwrap();
    put(&vault, "c", "r", b"bytes");
    put_blob(&vault, "goes", "r", b"withdrawn");
    let mut change = vault.begin().unwrap();
    change.withdraw("goes");
    change.commit().unwrap();
    drop(vault);
    assert_eq!(files(&bench.dir().join("keys")).len(), 1, "one key at a time");
    assert_eq!(Vault::inspect(&bench.dir()).unwrap(), Some(Protection::Passphrase));

    let wrong = Vault::open(&bench.dir(), store("the wrong passphrase")).err().unwrap();
    assert!(matches!(wrong, Error::Secret(SecretError::WrongPassphrase)), "{wrong}");
    assert_eq!(wrong.exit_class().code(), 1);
    let other_way = Vault::open(&bench.dir(), bench.secrets.clone()).err().unwrap();
    assert!(matches!(other_way, Error::OtherProtection { found: Protection::Passphrase, .. }), "{other_way}");
    let vault = Vault::open(&bench.dir(), store("the right passphrase")).unwrap();
    assert_eq!(get(&vault, "c", "r").unwrap(), b"bytes");
}

#[test]
fn the_protection_of_a_vault_can_be_changed() {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "c", "r", b"bytes");
    let both = Arc::new(PassphraseStore::inside(bench.secrets.clone(), "second factor").unwrap());
    let mut change = vault.begin().unwrap();
    change.protect_with(both.clone());
    assert!(change.commit().unwrap().key_left.is_none());
    assert_eq!(vault.protection().unwrap(), Protection::SystemAndPassphrase);
    assert_eq!(bench.secrets.names().len(), 1);
    assert!(matches!(bench.try_open(), Err(Error::OtherProtection { .. })));

    let vault = Vault::open(&bench.dir(), both).unwrap();
    let alone = Arc::new(PassphraseStore::in_vault(&bench.dir(), "passphrase alone").unwrap());
    let mut change = vault.begin().unwrap();
    change.protect_with(alone.clone());
    assert!(change.commit().unwrap().key_left.is_none());
    assert!(bench.secrets.names().is_empty());
    put(&vault, "c", "s", b"more");
    let vault = Vault::open(&bench.dir(), alone).unwrap();
    assert_eq!(get(&vault, "c", "r").unwrap(), b"bytes");
    assert_eq!(get(&vault, "c", "s").unwrap(), b"more");
}

#[test]
fn a_copied_profile_does_not_open_under_another_account() {
    let bench = Bench::new();
    put(&bench.open(), "c", "r", b"bytes");
    let thief = Arc::new(MemoryStore::new());
    let error = Vault::open(&bench.dir(), thief.clone()).err().unwrap();
    assert!(matches!(error, Error::KeyMissing { .. }), "{error}");
    for forged in [vec![0; 32], vec![0; 31], Vec::new()] {
        thief.put(&bench.secrets.names()[0], &forged).unwrap();
        let error = Vault::open(&bench.dir(), thief.clone()).err().unwrap();
        assert!(matches!(error, Error::KeyDoesNotFit { .. }), "{error}");
    }
}

#[test]
fn a_clock_set_back_is_found_also_after_reopening() {
    let bench = Bench::new();
    let vault = bench.open();
    let noon = 1_800_000_000;
    vault.pass_time(noon).unwrap();
    vault.pass_time(noon - CLOCK_TOLERANCE_S).unwrap();
    assert_eq!(vault.seen_time().unwrap(), noon, "small steps back do not add up");
    let counter = vault.counter().unwrap();
    vault.pass_time(noon + 59).unwrap();
    assert_eq!(vault.counter().unwrap(), counter, "a minute is not worth a write");
    vault.pass_time(noon + 86_400).unwrap();

    let vault = bench.open();
    assert_eq!(vault.seen_time().unwrap(), noon + 86_400);
    let error = vault.pass_time(noon).unwrap_err();
    assert!(
        matches!(error, Error::ClockSetBack { seen_s, now_s } if seen_s == noon + 86_400 && now_s == noon)
    );
    assert!(error.to_string().contains("24 hours"), "{error}");
    let mut change = vault.begin().unwrap();
    assert!(matches!(change.pass_time(noon), Err(Error::ClockSetBack { .. })));
    change.set_seen_time(noon);
    change.pass_time(noon + 1).unwrap();
    change.commit().unwrap();
    vault.pass_time(noon + 2).unwrap();
}

#[test]
fn a_busy_vault_says_so_and_is_read_all_the_same() {
    let bench = Bench::new();
    let (one, other) = (bench.open(), bench.open().with_lock_wait(Duration::ZERO));
    put(&one, "c", "r", b"bytes");
    let change = one.begin().unwrap();
    assert!(matches!(other.begin(), Err(Error::Busy { .. })));
    assert!(matches!(other.new_blob(), Err(Error::Busy { .. })));
    assert_eq!(get(&other, "c", "r").unwrap(), b"bytes");
    drop(change);
    put(&other, "c", "r", b"after");
}

#[test]
fn an_erased_vault_is_gone_with_its_key() {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "c", "r", &noise(1, 70_000));
    Vault::erase(&bench.dir(), Some(bench.secrets.as_ref())).unwrap();
    Vault::erase(&bench.dir(), Some(bench.secrets.as_ref())).unwrap();
    assert!(bench.secrets.names().is_empty());
    assert_eq!(Vault::inspect(&bench.dir()).unwrap(), None);
    assert!(matches!(Vault::open(&bench.dir(), bench.secrets.clone()), Err(Error::NoVault { .. })));
    assert!(matches!(vault.read("c", "r"), Err(Error::ManifestDamaged { .. })));
    assert_eq!(get(&bench.open(), "c", "r"), None);
}

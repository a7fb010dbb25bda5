//! Every change from outside is found, named, and cured by writing the record again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use playsheet_vault::{Damage, Error, Vault};
use proptest::prelude::*;
use support::{Bench, blobs, copy, get, noise, put, put_blob};

/// A small vault with a record of each kind.
fn small() -> Bench {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "app", "inline", b"inline bytes");
    put_blob(&vault, "app", "blob", b"blob bytes");
    put_blob(&vault, "other", "blob", b"other bytes");
    vault.pass_time(1_800_000_000).unwrap();
    bench
}

const RECORDS: [(&str, &str, &[u8]); 3] =
    [("app", "inline", b"inline bytes"), ("app", "blob", b"blob bytes"), ("other", "blob", b"other bytes")];

/// Opens the vault and reads everything: how many records were refused. Whatever is given out must be right.
fn refusals(bench: &Bench) -> usize {
    let vault = match Vault::open(&bench.dir(), bench.secrets.clone()) {
        Ok(vault) => vault,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return RECORDS.len();
        }
    };
    let mut refused = 0;
    for (compartment, record, expected) in RECORDS {
        match vault.read(compartment, record) {
            Ok(found) => {
                assert_eq!(found.as_deref().map(Vec::as_slice), Some(expected), "{compartment}/{record}");
            }
            Err(Error::RecordDamaged { compartment: found, record: named, .. }) => {
                assert_eq!((found.as_str(), named.as_str()), (compartment, record));
                refused += 1;
            }
            Err(error) => panic!("{compartment}/{record}: {error}"),
        }
    }
    assert_eq!(vault.check().unwrap().len(), refused);
    refused
}

fn flip_every_byte(bench: &Bench, path: &Path, expected: usize) {
    let sound = fs::read(path).unwrap();
    for position in 0..sound.len() {
        for bit in [0x01, 0x80] {
            let mut changed = sound.clone();
            changed[position] ^= bit;
            fs::write(path, &changed).unwrap();
            assert_eq!(refusals(bench), expected, "byte {position} ^ {bit:#x} of {}", path.display());
        }
    }
    fs::write(path, &sound).unwrap();
    assert_eq!(refusals(bench), 0);
}

#[test]
fn every_flipped_byte_of_the_manifest_closes_the_vault() {
    let bench = small();
    flip_every_byte(&bench, &bench.dir().join("manifest"), RECORDS.len());
}

#[test]
fn every_flipped_byte_of_a_blob_closes_that_record_only() {
    let bench = small();
    for path in blobs(&bench.dir()) {
        flip_every_byte(&bench, &path, 1);
    }
}

#[test]
fn the_mark_decides_nothing_while_there_is_a_manifest() {
    let bench = small();
    for content in [&b""[..], b"other"] {
        fs::write(bench.dir().join("mark"), content).unwrap();
        assert_eq!(refusals(&bench), 0);
    }
    fs::remove_file(bench.dir().join("mark")).unwrap();
    assert_eq!(refusals(&bench), 0);
    assert!(bench.dir().join("mark").exists());
}

#[test]
fn every_truncation_is_found() {
    let bench = small();
    for (path, expected) in blobs(&bench.dir())
        .into_iter()
        .map(|path| (path, 1))
        .chain([(bench.dir().join("manifest"), RECORDS.len())])
    {
        let sound = fs::read(&path).unwrap();
        for length in 0..sound.len() {
            fs::write(&path, &sound[..length]).unwrap();
            assert_eq!(refusals(&bench), expected, "{length} bytes of {}", path.display());
        }
        fs::write(&path, [sound.as_slice(), b"x"].concat()).unwrap();
        assert_eq!(refusals(&bench), expected, "{} with a byte more", path.display());
        fs::write(&path, &sound).unwrap();
    }
    assert_eq!(refusals(&bench), 0);
}

/// The damage that reading a record reports.
fn damage(vault: &Vault, compartment: &str, record: &str) -> Damage {
    match vault.read(compartment, record) {
        Err(Error::RecordDamaged { compartment: found, record: named, damage }) => {
            assert_eq!((found.as_str(), named.as_str()), (compartment, record));
            damage
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn damage_is_named_and_cured_by_writing_again() {
    let bench = Bench::new();
    let vault = bench.open();
    let bytes = noise(1, 200_000);
    let chunk = 65_536 + 16;
    type Harm = fn(&mut Vec<u8>, usize);
    let harms: [(&str, Harm, Damage); 6] = [
        ("cut inside a chunk", |file, _| file.truncate(1_000), Damage::Truncated),
        ("cut between chunks", |file, chunk| file.truncate(2 * chunk), Damage::Truncated),
        ("made longer", |file, _| file.push(0), Damage::Extended),
        ("changed in the last chunk", |file, _| *file.last_mut().unwrap() ^= 1, Damage::Altered),
        (
            "chunks exchanged",
            |file, chunk| {
                let (first, rest) = file.split_at_mut(chunk);
                first.swap_with_slice(&mut rest[..chunk]);
            },
            Damage::Altered,
        ),
        ("a chunk repeated", |file, chunk| file.copy_within(..chunk, chunk), Damage::Altered),
    ];
    for (what, harm, expected) in harms {
        put(&vault, "app", "spreadsheet", &bytes);
        put(&vault, "app", "definition", b"<app/>");
        let path = blobs(&bench.dir()).pop().unwrap();
        let mut file = fs::read(&path).unwrap();
        harm(&mut file, chunk);
        fs::write(&path, &file).unwrap();
        assert_eq!(damage(&vault, "app", "spreadsheet"), expected, "{what}");
        assert_eq!(get(&vault, "app", "definition").unwrap(), b"<app/>", "{what}");
        let found = vault.check().unwrap();
        assert!(found.len() == 1 && found[0].to_string().contains("spreadsheet"), "{what}: {found:?}");
        let mut streamed = Vec::new();
        let failed = vault.reader("app", "spreadsheet").and_then(|reader| {
            reader
                .unwrap()
                .read_to_end(&mut streamed)
                .map(drop)
                .map_err(|error| *error.into_inner().unwrap().downcast().unwrap())
        });
        assert!(matches!(failed, Err(Error::RecordDamaged { .. })), "{what}");
        assert!(bytes.starts_with(&streamed), "{what}: what was given out before the damage is right");
        put(&vault, "app", "spreadsheet", &bytes);
        assert_eq!(get(&vault, "app", "spreadsheet").unwrap(), bytes, "{what}");
        assert_eq!(blobs(&bench.dir()).len(), 1, "{what}: the damaged file is gone");
    }
}

#[test]
fn swapped_deleted_and_returned_blobs_are_found() {
    let bench = Bench::new();
    let vault = bench.open();
    put(&vault, "app", "a", &noise(1, 70_000));
    let first = blobs(&bench.dir()).pop().unwrap();
    let old = fs::read(&first).unwrap();
    put(&vault, "app", "b", &noise(2, 70_000));
    let second = blobs(&bench.dir()).into_iter().find(|path| *path != first).unwrap();

    let between = bench.folder.path().join("between");
    fs::rename(&first, &between).unwrap();
    fs::rename(&second, &first).unwrap();
    fs::rename(&between, &second).unwrap();
    assert_eq!(damage(&vault, "app", "a"), Damage::Altered);
    assert_eq!(damage(&vault, "app", "b"), Damage::Altered);

    fs::remove_file(&second).unwrap();
    assert_eq!(damage(&vault, "app", "b"), Damage::Missing);

    // The old file of a record that was written again since, put in the place of the new one.
    put(&vault, "app", "a", &noise(3, 70_000));
    let newest = blobs(&bench.dir()).pop().unwrap();
    fs::write(&newest, &old).unwrap();
    assert_eq!(damage(&vault, "app", "a"), Damage::Altered);

    put(&vault, "app", "a", &noise(4, 70_000));
    put(&vault, "app", "b", &noise(5, 70_000));
    assert!(vault.check().unwrap().is_empty());
}

#[test]
fn a_lost_manifest_is_not_a_fresh_vault() {
    let bench = small();
    fs::remove_file(bench.dir().join("manifest")).unwrap();
    for outcome in [bench.try_open(), Vault::open(&bench.dir(), bench.secrets.clone())] {
        let error = outcome.err().unwrap();
        assert!(matches!(error, Error::ManifestDamaged { damage: Damage::Missing, .. }), "{error}");
        assert!(error.needs_new_vault());
        assert_eq!(error.exit_class().code(), 4);
    }
    Vault::erase(&bench.dir(), Some(bench.secrets.as_ref())).unwrap();
    put(&bench.open(), "app", "inline", b"synced again");
}

#[test]
fn a_vault_of_a_newer_version_is_left_alone() {
    let bench = small();
    let path = bench.dir().join("manifest");
    let newer =
        String::from_utf8_lossy(&fs::read(&path).unwrap()).replacen("\"version\":1", "\"version\":2", 1);
    fs::write(&path, newer).unwrap();
    assert!(matches!(bench.try_open(), Err(Error::TooNew { found: 2, .. })));
    assert!(matches!(Vault::inspect(&bench.dir()), Err(Error::TooNew { found: 2, .. })));
}

#[test]
fn a_record_of_one_vault_means_nothing_in_another() {
    let bench = small();
    let stranger = Bench::new();
    put_blob(&stranger.open(), "app", "blob", b"of a stranger");
    for path in blobs(&bench.dir()) {
        fs::copy(blobs(&stranger.dir()).pop().unwrap(), &path).unwrap();
    }
    assert_eq!(refusals(&bench), 2);
    let copy_of_manifest = bench.folder.path().join("copy");
    copy(&stranger.dir(), &copy_of_manifest);
    fs::copy(copy_of_manifest.join("manifest"), bench.dir().join("manifest")).unwrap();
    assert!(matches!(bench.try_open(), Err(Error::KeyMissing { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_place_of_the_manifest_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), keep in 0..600_usize) {
        let bench = small();
        let path = bench.dir().join("manifest");
        let sound = fs::read(&path).unwrap();
        let start = &sound[..keep.min(sound.len() - 1)];
        fs::write(&path, [start, &bytes].concat()).unwrap();
        prop_assert_eq!(refusals(&bench), RECORDS.len());
    }
}

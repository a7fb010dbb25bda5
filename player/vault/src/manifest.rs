//! The manifest: what is in the vault. One line in the clear, then the sealed list of compartments and records.
//!
//! The line holds what must be known before the key is: format, vault, key generation, protection, and a counter
//! that grows with every change, so that an older copy can be recognised by whoever remembers the counter. The
//! line is part of what the seal authenticates. The list holds, for every record, the SHA-256 of the bytes as
//! stored; names of compartments and records appear only inside the seal.
//!
//! Invariant: what [`decode`] returns was written by a holder of the account key for this very vault, generation
//! and counter.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::crypto::{self, Key};
use crate::{Damage, Error, NAME_MAX};

/// The largest manifest that is read or written, in bytes.
pub(crate) const MANIFEST_MAX: u64 = 64 * 1_024 * 1_024;
/// The largest first line that is read, in bytes.
pub(crate) const LINE_MAX: u64 = 4_096;

const FORMAT: &str = "playsheet-vault";
const VERSION: u32 = 1;

/// What protects the account key of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// The secret store of the operating system.
    System,
    /// A passphrase alone.
    Passphrase,
    /// Both: the secret store holds the key sealed under a passphrase.
    SystemAndPassphrase,
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "the secret store of the operating system",
            Self::Passphrase => "a passphrase",
            Self::SystemAndPassphrase => "the secret store of the operating system and a passphrase",
        })
    }
}

/// Bytes that are written as Base64.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The line in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    format: String,
    version: u32,
    /// The vault's random id.
    pub id: String,
    /// Which account key, counted from 1.
    pub generation: u64,
    /// Grows by one with every change.
    pub counter: u64,
    /// What protects the account key.
    pub protection: Protection,
    /// Makes the key that seals this very manifest.
    salt: Bytes,
    /// Tells whether an account key is the right one, before damage is suspected.
    fit: Bytes,
}

/// The sealed list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The latest time seen, in seconds since 1970 (UTC).
    pub seen_s: i64,
    /// Generations whose account key must still be deleted from the secret store.
    pub retired: Vec<u64>,
    /// The compartments by name.
    pub compartments: BTreeMap<String, Compartment>,
}

/// One compartment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Compartment {
    /// The compartment's key, wrapped by the account key.
    pub key: Bytes,
    /// The records by name.
    pub records: BTreeMap<String, Record>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Bytes before sealing.
    pub size: u64,
    /// SHA-256 of the bytes as stored.
    pub sha256: Bytes,
    /// Where the bytes are.
    pub place: Place,
}

/// Where a record's bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    /// Here, sealed under the compartment's key.
    Inline(Bytes),
    /// In a file of its own.
    Blob {
        /// The file's name in the folder of blobs.
        file: String,
        /// The blob's key, wrapped by the compartment's key.
        key: Bytes,
    },
}

impl Manifest {
    /// Whether a file in the folder of blobs belongs to a record.
    pub fn uses_blob(&self, name: &str) -> bool {
        self.compartments
            .values()
            .flat_map(|compartment| compartment.records.values())
            .any(|record| matches!(&record.place, Place::Blob { file, .. } if file == name))
    }
}

/// A manifest as it is written.
pub(crate) struct Encoded {
    pub header: Header,
    /// The first line, with its line feed.
    pub line: Vec<u8>,
    /// The whole file.
    pub file: Vec<u8>,
}

/// Which state of which vault a manifest describes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    pub id: &'a str,
    pub generation: u64,
    pub counter: u64,
    pub protection: Protection,
}

/// Writes a manifest under an account key.
pub(crate) fn encode(manifest: &Manifest, version: Version<'_>, account: &Key) -> Result<Encoded, Error> {
    let failed = |_| Error::Crypto { during: "writing its list of records" };
    let mut salt = vec![0; 32];
    crypto::fill_random(&mut salt)?;
    let key = account.derive("manifest", &salt)?;
    let header = Header {
        format: FORMAT.into(),
        version: VERSION,
        id: version.id.into(),
        generation: version.generation,
        counter: version.counter,
        protection: version.protection,
        fit: fit(account, version.id)?,
        salt: Bytes(salt),
    };
    let mut line = serde_json::to_vec(&header).map_err(failed)?;
    line.push(b'\n');
    let list = serde_json::to_vec(manifest).map_err(failed)?;
    let sealed = crypto::seal(&key, &line, &list)?;
    let file = [line.as_slice(), &sealed].concat();
    if file.len() as u64 > MANIFEST_MAX {
        return Err(Error::TooLarge { what: "the vault's list of records", limit: MANIFEST_MAX });
    }
    Ok(Encoded { header, line, file })
}

/// Why a first line was refused.
#[derive(Debug)]
pub(crate) enum BadLine {
    /// It is not one that any version writes.
    Damaged(Damage),
    /// A newer version wrote it.
    TooNew(u32),
}

/// Reads the line in the clear: the header and how many bytes it takes with its line feed.
pub(crate) fn decode_line(file: &[u8]) -> Result<(Header, usize), BadLine> {
    #[derive(Deserialize)]
    struct Format {
        format: String,
        version: u32,
    }
    let damaged = |damage| move |_| BadLine::Damaged(damage);
    let limit = usize::try_from(LINE_MAX).unwrap_or(usize::MAX);
    let end = file.iter().take(limit).position(|byte| *byte == b'\n');
    let end =
        end.ok_or(BadLine::Damaged(if file.is_empty() { Damage::Truncated } else { Damage::NotAVault }))?;
    let (line, _) = file.split_at(end);
    let format: Format = serde_json::from_slice(line).map_err(damaged(Damage::NotAVault))?;
    if format.format != FORMAT {
        return Err(BadLine::Damaged(Damage::NotAVault));
    }
    if format.version > VERSION {
        return Err(BadLine::TooNew(format.version));
    }
    let header: Header = serde_json::from_slice(line).map_err(damaged(Damage::Altered))?;
    if !is_id(&header.id) || header.generation == 0 {
        return Err(BadLine::Damaged(Damage::Altered));
    }
    Ok((header, end.saturating_add(1)))
}

/// Whether this account key is the one that the header was written with.
pub(crate) fn fits(header: &Header, account: &Key) -> Result<bool, Error> {
    Ok(fit(account, &header.id)? == header.fit)
}

/// Opens the sealed list behind the first `line_len` bytes.
pub(crate) fn decode(
    file: &[u8],
    line_len: usize,
    header: &Header,
    account: &Key,
) -> Result<Manifest, Damage> {
    let (line, sealed) = file.split_at_checked(line_len).ok_or(Damage::Truncated)?;
    let key = account.derive("manifest", &header.salt.0).map_err(|_| Damage::Altered)?;
    let list = crypto::open(&key, line, sealed).ok_or(Damage::Altered)?;
    serde_json::from_slice(&list).map_err(|_| Damage::Altered)
}

/// Whether a text has the form of a vault's id.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Refuses names that could not be shown or would bloat the manifest.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || name.len() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::BadName { name: name.chars().take(40).collect() });
    }
    Ok(())
}

fn fit(account: &Key, id: &str) -> Result<Bytes, Error> {
    let mark = account.derive("fit", id.as_bytes())?;
    Ok(Bytes(mark.bytes().iter().copied().take(16).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn version(counter: u64) -> Version<'static> {
        Version { id: ID, generation: 1, counter, protection: Protection::System }
    }

    fn some() -> Manifest {
        let record = Record {
            size: 3,
            sha256: Bytes(vec![1, 2]),
            place: Place::Blob { file: "f".into(), key: Bytes(vec![9]) },
        };
        let compartment =
            Compartment { key: Bytes(vec![7]), records: BTreeMap::from([("record name".into(), record)]) };
        Manifest {
            seen_s: 5,
            retired: vec![1],
            compartments: BTreeMap::from([("compartment name".into(), compartment)]),
        }
    }

    #[test]
    fn a_manifest_reads_back_and_hides_its_names() {
        let account = Key::random().unwrap();
        let encoded = encode(&some(), version(3), &account).unwrap();
        let (header, line_len) = decode_line(&encoded.file).unwrap();
        assert_eq!(header, encoded.header);
        assert_eq!(header.counter, 3);
        assert!(fits(&header, &account).unwrap());
        assert!(!fits(&header, &Key::random().unwrap()).unwrap());
        assert_eq!(decode(&encoded.file, line_len, &header, &account).unwrap(), some());
        let text = String::from_utf8_lossy(&encoded.file);
        assert!(!text.contains("record name") && !text.contains("compartment name"));
        assert!(some().uses_blob("f") && !some().uses_blob("g"));
    }

    #[test]
    fn a_line_of_one_state_does_not_open_the_list_of_another() {
        let account = Key::random().unwrap();
        let old = encode(&some(), version(3), &account).unwrap();
        let new = encode(&some(), version(4), &account).unwrap();
        let mixed = [new.line.as_slice(), &old.file[old.line.len()..]].concat();
        let (header, line_len) = decode_line(&mixed).unwrap();
        assert_eq!(decode(&mixed, line_len, &header, &account), Err(Damage::Altered));
    }

    #[test]
    fn lines_that_are_none_are_refused() {
        let long = format!("{{\"format\":\"{}\"}}\n", "x".repeat(5_000));
        for (line, damage) in [
            ("", Damage::Truncated),
            ("no line feed", Damage::NotAVault),
            ("{}\n", Damage::NotAVault),
            ("{\"format\":\"other\",\"version\":1}\n", Damage::NotAVault),
            ("{\"format\":\"playsheet-vault\",\"version\":1}\n", Damage::Altered),
            (&long, Damage::NotAVault),
        ] {
            match decode_line(line.as_bytes()) {
                Err(BadLine::Damaged(found)) => assert_eq!(found, damage, "{line}"),
                other => panic!("{line}: {other:?}"),
            }
        }
        assert!(matches!(
            decode_line(b"{\"format\":\"playsheet-vault\",\"version\":2}\n"),
            Err(BadLine::TooNew(2))
        ));
    }

    #[test]
    fn names_have_limits() {
        for bad in ["", "line\nfeed", &"x".repeat(NAME_MAX + 1)] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
        for good in ["a", "app/4711", "Ünïcode name", &"x".repeat(NAME_MAX)] {
            assert!(check_name(good).is_ok(), "{good:?}");
        }
    }
}

//! Compound files: the container of .xls and of encrypted workbooks, a small file system of sectors.
//!
//! Source: [MS-CFB]. Chains of sectors may run in circles in a hostile file, so none is followed for longer than
//! the file has sectors.

use crate::binary::Bytes;

/// What every compound file begins with.
pub(crate) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Numbers from here on mean no sector.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;

/// An opened compound file.
pub(crate) struct CompoundFile<'a> {
    bytes: &'a [u8],
    shift: u32,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    /// Streams shorter than this lie in the mini stream.
    cutoff: u32,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    length: u64,
}

impl<'a> CompoundFile<'a> {
    /// Opens a compound file; `None` where its directory cannot be read.
    pub fn open(bytes: &'a [u8]) -> Option<CompoundFile<'a>> {
        if !bytes.starts_with(&MAGIC) {
            return None;
        }
        let header = |at: usize| Bytes(bytes.get(at..)?).u32();
        let shift = u32::from(Bytes(bytes.get(30..)?).u16()?);
        if !matches!(shift, 9 | 12) {
            return None;
        }
        let (directory, cutoff) = (header(48)?, header(56)?);
        let (mini_fat_start, fat_chain, fat_count) = (header(60)?, header(68)?, header(44)?);
        let mut file = CompoundFile {
            bytes,
            shift,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            cutoff,
            entries: Vec::new(),
        };
        file.read_fat(fat_chain, fat_count)?;
        file.entries = file.chain(directory).chunks_exact(ENTRY).filter_map(entry).collect();
        file.mini_fat = words(&file.chain(mini_fat_start));
        // The first entry is the root, whose own stream holds the small ones.
        file.mini = file.chain(file.entries.first()?.start);
        Some(file)
    }

    /// The sectors that say which sector follows which: their places stand in the header and in a chain.
    fn read_fat(&mut self, mut chain: u32, count: u32) -> Option<()> {
        let most = self.sectors();
        let mut places = words(self.bytes.get(76..512)?);
        let mut steps = 0;
        while chain < NO_SECTOR && steps < most {
            let Some(sector) = self.sector(chain) else { break };
            let mut more = words(sector);
            chain = more.pop()?;
            places.append(&mut more);
            steps += 1;
        }
        let count = (count as usize).min(most);
        for place in places.into_iter().filter(|place| *place < NO_SECTOR).take(count) {
            // One that the file lost says nothing of its sectors; the others keep their numbers.
            let end = self.fat.len() + (1 << self.shift) / 4;
            self.fat.extend(words(self.sector(place).unwrap_or_default()));
            self.fat.resize(end, u32::MAX);
        }
        Some(())
    }

    fn sectors(&self) -> usize {
        self.bytes.len() >> self.shift
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let size = 1_usize << self.shift;
        let from = (number as usize).checked_add(1)?.checked_mul(size)?;
        // The last sector of a file may be cut.
        self.bytes.get(from..from.checked_add(size)?.min(self.bytes.len()))
    }

    /// All bytes of a chain of sectors.
    fn chain(&self, start: u32) -> Vec<u8> {
        let (mut bytes, mut next) = (Vec::new(), start);
        for _ in 0..=self.sectors() {
            let Some(sector) = self.sector(next).filter(|_| next < NO_SECTOR) else { break };
            bytes.extend_from_slice(sector);
            match self.fat.get(next as usize) {
                Some(following) => next = *following,
                None => break,
            }
        }
        bytes
    }

    /// Whether the file holds a stream or folder of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// A stream's bytes, as many as there are.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        let length = usize::try_from(entry.length).ok()?;
        let mut bytes = if entry.length < u64::from(self.cutoff) {
            self.mini_chain(entry.start)
        } else {
            self.chain(entry.start)
        };
        bytes.truncate(length);
        Some(bytes)
    }

    fn mini_chain(&self, start: u32) -> Vec<u8> {
        let (mut bytes, mut next) = (Vec::new(), start);
        for _ in 0..=self.mini.len() / 64 {
            let from = next as usize * 64;
            let Some(sector) = self.mini.get(from..(from + 64).min(self.mini.len())) else { break };
            bytes.extend_from_slice(sector);
            match self.mini_fat.get(next as usize) {
                Some(following) if *following < NO_SECTOR => next = *following,
                _ => break,
            }
        }
        bytes
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    let mut rest = Bytes(bytes);
    std::iter::from_fn(|| rest.u32()).collect()
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(Bytes(bytes.get(64..)?).u16()?);
    let name = Bytes(bytes).wide(length.min(64) / 2)?;
    let start = Bytes(bytes.get(116..)?).u32()?;
    let (low, high) = (Bytes(bytes.get(120..)?).u32()?, Bytes(bytes.get(124..)?).u32()?);
    // Old writers leave rubbish in the upper half.
    let length = u64::from(low) | if high < 1 << 8 { u64::from(high) << 32 } else { 0 };
    Some(Entry { name: name.trim_end_matches('\0').to_owned(), start, length })
}

/// Makes a compound file of streams, for tests.
#[cfg(test)]
pub(crate) fn build(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut sectors: Vec<Vec<u8>> = Vec::new();
    let mut fat: Vec<u32> = Vec::new();
    let mut entries: Vec<(String, u32, u32, u8)> = vec![("Root Entry".into(), 0xFFFF_FFFE, 0, 5)];
    for (name, bytes) in streams {
        // Long enough not to need the mini stream.
        let mut bytes = bytes.to_vec();
        bytes.resize(bytes.len().max(4_096), 0);
        entries.push(((*name).into(), sectors.len() as u32, bytes.len() as u32, 2));
        push_chain(&mut sectors, &mut fat, &bytes);
    }
    let mut directory = Vec::new();
    for (name, start, length, kind) in entries {
        let mut entry = vec![0_u8; ENTRY];
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..wide.len()].copy_from_slice(&wide);
        entry[64..66].copy_from_slice(&(wide.len() as u16 + 2).to_le_bytes());
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        directory.extend(entry);
    }
    let directory_start = sectors.len() as u32;
    push_chain(&mut sectors, &mut fat, &directory);
    let fat_sectors = (fat.len() + 1).div_ceil(127).max(1);
    let fat_start = sectors.len() as u32;
    fat.extend(std::iter::repeat_n(0xFFFF_FFFD, fat_sectors));
    fat.resize(fat_sectors * 128, 0xFFFF_FFFF);
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&MAGIC);
    header[30..32].copy_from_slice(&9_u16.to_le_bytes());
    header[32..34].copy_from_slice(&6_u16.to_le_bytes());
    let words =
        [(44, fat_sectors as u32), (48, directory_start), (56, 4_096), (60, 0xFFFF_FFFE), (68, 0xFFFF_FFFE)];
    header[26..28].copy_from_slice(&3_u16.to_le_bytes());
    for (at, word) in words {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
    }
    for place in 0..109 {
        let word = if place < fat_sectors { fat_start + place as u32 } else { 0xFFFF_FFFF };
        header[76 + place * 4..80 + place * 4].copy_from_slice(&word.to_le_bytes());
    }
    header.extend(sectors.into_iter().flatten());
    header.extend(fat.into_iter().flat_map(u32::to_le_bytes));
    header
}

#[cfg(test)]
fn push_chain(sectors: &mut Vec<Vec<u8>>, fat: &mut Vec<u32>, bytes: &[u8]) {
    for chunk in bytes.chunks(512) {
        let mut sector = chunk.to_vec();
        sector.resize(512, 0);
        sectors.push(sector);
        fat.push(sectors.len() as u32);
    }
    if let Some(last) = fat.last_mut() {
        *last = 0xFFFF_FFFE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_come_back() {
        let long: Vec<u8> = (0..100_000_u32).map(|i| i as u8).collect();
        let bytes = build(&[("Workbook", &long), ("Other", b"short")]);
        let file = CompoundFile::open(&bytes).unwrap();
        assert_eq!(file.stream("workbook").unwrap(), long);
        assert!(file.stream("Other").unwrap().starts_with(b"short"));
        assert!(file.has("OTHER") && !file.has("EncryptedPackage"));
    }

    #[test]
    fn chains_that_run_in_circles_end() {
        let mut bytes = build(&[("Workbook", &[1; 5_000])]);
        let fat_at = bytes.len() - 512;
        bytes[fat_at..fat_at + 4].copy_from_slice(&0_u32.to_le_bytes());
        let stream = CompoundFile::open(&bytes).unwrap().stream("Workbook").unwrap();
        assert_eq!(stream.len(), 5_000);
    }

    #[test]
    fn sectors_that_are_not_there_cost_only_what_they_tell() {
        let mut bytes = build(&[("Workbook", &[1; 5_000])]);
        // Another sector of numbers, far behind the end.
        bytes[44] = 2;
        bytes[80..84].copy_from_slice(&9_999_u32.to_le_bytes());
        assert_eq!(CompoundFile::open(&bytes).unwrap().stream("Workbook").unwrap().len(), 5_000);
    }

    #[test]
    fn a_cut_file_opens_or_does_not_but_never_more() {
        let bytes = build(&[("Workbook", &[1; 5_000])]);
        for end in (0..bytes.len()).step_by(97) {
            let _ = CompoundFile::open(&bytes[..end]).map(|file| file.stream("Workbook"));
        }
    }
}

//! The records of a binary part, read one by one as they are unpacked.

use crate::LoadError;
use crate::binary::Bytes;
use std::io::Read;

/// Longest record that is read. The longest honest ones hold a text or a formula.
const MOST_BYTES: u64 = 1 << 22;

/// Begin and end of records for newer versions, which reuse the numbers of other records. Source: [MS-XLSB] 2.1.6.
const FUTURE: [(u16, u16); 2] = [(35, 36), (37, 38)];

/// Reads records, those for newer versions left out.
pub(crate) struct RecordReader<R> {
    source: R,
    buffer: Vec<u8>,
}

impl<R: Read> RecordReader<R> {
    pub fn new(source: R) -> RecordReader<R> {
        RecordReader { source, buffer: Vec::new() }
    }

    /// The next record's kind and data; `None` at the end of the part.
    pub fn next(&mut self) -> Result<Option<(u16, Bytes<'_>)>, LoadError> {
        let mut inside = 0_u32;
        while let Some(kind) = self.one()? {
            if FUTURE.iter().any(|(begin, _)| *begin == kind) {
                inside += 1;
            } else if FUTURE.iter().any(|(_, end)| *end == kind) {
                inside = inside.saturating_sub(1);
            } else if inside == 0 {
                return Ok(Some((kind, Bytes(&self.buffer))));
            }
        }
        Ok(None)
    }

    /// Reads any record into the buffer; gives its kind.
    fn one(&mut self) -> Result<Option<u16>, LoadError> {
        let Some(first) = self.byte()? else { return Ok(None) };
        let mut kind = u16::from(first & 0x7f);
        if first & 0x80 != 0 {
            kind |= u16::from(self.byte()?.ok_or_else(cut)? & 0x7f) << 7;
        }
        let mut length = 0_u64;
        for place in 0..4 {
            let byte = self.byte()?.ok_or_else(cut)?;
            length |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        if length > MOST_BYTES {
            return Err(LoadError::TooLarge { what: "one of its records", limit: MOST_BYTES });
        }
        self.buffer.clear();
        let read = self.source.by_ref().take(length).read_to_end(&mut self.buffer);
        if read.map_err(|error| LoadError::from(&error))? as u64 != length {
            return Err(cut());
        }
        Ok(Some(kind))
    }

    fn byte(&mut self) -> Result<Option<u8>, LoadError> {
        let mut byte = [0];
        loop {
            match self.source.read(&mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) => return Ok(Some(byte[0])),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(LoadError::from(&error)),
            }
        }
    }
}

fn cut() -> LoadError {
    LoadError::Damaged("a part ends in the middle of a record".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_lengths_of_one_and_two_bytes() {
        let stream = [&[0x05, 0x02, 7, 8, 0x91, 0x01, 0x80, 0x01][..], &[0; 128]].concat();
        let mut records = RecordReader::new(&stream[..]);
        let (kind, data) = records.next().unwrap().unwrap();
        assert_eq!((kind, data.0), (5, &[7, 8][..]));
        let (kind, data) = records.next().unwrap().unwrap();
        assert_eq!((kind, data.len()), (0x91, 128));
        assert!(records.next().unwrap().is_none());
        assert!(RecordReader::new(&[0x05, 0x02, 7][..]).next().is_err());
        assert!(RecordReader::new(&[0x05, 0xff, 0xff, 0xff, 0x7f][..]).next().is_err());
    }
}

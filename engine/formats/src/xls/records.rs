//! The records of a BIFF stream, and texts that run over several of them.

use crate::binary::Bytes;
use std::borrow::Cow;

/// A record that goes on the one before it.
const CONTINUE: u16 = 0x3c;

/// One record with those that continue it.
pub(crate) struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
    more: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The data as one piece.
    pub fn whole(&self) -> Cow<'a, [u8]> {
        if self.more.is_empty() {
            return Cow::Borrowed(self.data);
        }
        let mut all = self.data.to_vec();
        self.more.iter().for_each(|piece| all.extend_from_slice(piece));
        Cow::Owned(all)
    }

    /// How many bytes it takes in the stream, its head left out.
    pub fn len(&self) -> usize {
        self.data.len() + self.more.iter().map(|piece| piece.len()).sum::<usize>()
    }

    /// The data piece by piece, as texts need it: each piece begins with flags of its own.
    pub fn pieces(&self) -> Pieces<'a, '_> {
        Pieces { piece: Bytes(self.data), rest: &self.more }
    }
}

/// Reads records from a place in a stream on.
pub(crate) struct Records<'a>(Bytes<'a>);

impl<'a> Records<'a> {
    /// All records from `at` on; none where the stream is shorter.
    pub fn from(stream: &'a [u8], at: usize) -> Records<'a> {
        Records(Bytes(stream.get(at..).unwrap_or_default()))
    }

    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let mut bytes = self.0;
        let kind = bytes.u16()?;
        let length = usize::from(bytes.u16()?);
        let data = bytes.take(length)?;
        self.0 = bytes;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.one()?;
        let mut record = Record { kind, data, more: Vec::new() };
        while self.0.0.starts_with(&CONTINUE.to_le_bytes()) {
            let Some((_, more)) = self.one() else { break };
            record.more.push(more);
        }
        Some(record)
    }
}

/// A record's data in pieces.
pub(crate) struct Pieces<'a, 'r> {
    piece: Bytes<'a>,
    rest: &'r [&'a [u8]],
}

impl Pieces<'_, '_> {
    fn advance(&mut self) -> Option<()> {
        let (next, rest) = self.rest.split_first()?;
        (self.piece, self.rest) = (Bytes(next), rest);
        Some(())
    }

    /// The shared texts of a workbook. Source: [MS-XLS] 2.4.265 (SST).
    pub fn shared_texts(&mut self, most: usize) -> Vec<String> {
        let mut texts = Vec::new();
        if self.piece.skip(8).is_some() {
            while texts.len() < most
                && let Some(text) = self.rich_text()
            {
                texts.push(text);
            }
        }
        texts
    }

    /// A text with runs of formats and phonetic data behind it, which are dropped. Source: [MS-XLS] 2.5.293.
    fn rich_text(&mut self) -> Option<String> {
        while self.piece.is_empty() {
            self.advance()?;
        }
        let units = usize::from(self.piece.u16()?);
        let flags = self.piece.u8()?;
        let runs = if flags & 8 != 0 { usize::from(self.piece.u16()?) } else { 0 };
        let phonetic = if flags & 4 != 0 { self.piece.u32()? as usize } else { 0 };
        let text = self.units(units, flags & 1 != 0)?;
        self.skip(runs * 4)?;
        self.skip(phonetic)?;
        Some(text)
    }

    /// So many characters; where a piece ends among them, the next one begins with its own flags.
    fn units(&mut self, mut units: usize, mut wide: bool) -> Option<String> {
        let mut text = String::new();
        loop {
            let here = units.min(self.piece.len() / if wide { 2 } else { 1 });
            text.push_str(&if wide { self.piece.wide(here)? } else { self.piece.narrow(here)? });
            units -= here;
            if units == 0 {
                return Some(text);
            }
            self.advance()?;
            wide = self.piece.u8()? & 1 != 0;
        }
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        loop {
            let here = count.min(self.piece.len());
            self.piece.skip(here)?;
            count -= here;
            if count == 0 {
                return Some(());
            }
            self.advance()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let head = [kind.to_le_bytes(), (data.len() as u16).to_le_bytes()].concat();
        [head, data.to_vec()].concat()
    }

    #[test]
    fn texts_go_on_in_the_next_record() {
        let mut stream =
            record(0xfc, &[[1, 0, 0, 0, 3, 0, 0, 0].as_slice(), &[4, 0, 0, b'a', b'b']].concat());
        stream.extend(record(CONTINUE, &[1, b'c', 0, 0xe4, 0, 1, 0, 0]));
        stream.extend(record(CONTINUE, &[0, b'x', 0, 0, 0]));
        stream.extend(record(0x0a, &[]));
        let mut records = Records::from(&stream, 0);
        let texts = records.next().unwrap().pieces().shared_texts(100);
        assert_eq!(texts, ["abcä", "x", ""]);
        assert_eq!(records.next().unwrap().kind, 0x0a);
    }

    #[test]
    fn a_cut_stream_ends() {
        let stream = record(0xfc, &[0; 20]);
        for end in 0..stream.len() {
            assert!(Records::from(&stream[..end], 0).next().is_none());
        }
    }
}

//! A buffer over a source whose unread bytes can be looked at before they are taken.

use std::io::{self, BufRead, Read};

/// Bytes that are looked at together at most.
const CAPACITY: usize = 1 << 18;
/// Bytes that can be put back at any time.
const HEADROOM: usize = 16;

/// A buffered reader that can be asked for more bytes without giving up those it has.
pub(crate) struct Window<R> {
    source: R,
    buf: Box<[u8]>,
    start: usize,
    end: usize,
}

impl<R: Read> Window<R> {
    pub fn new(source: R) -> Window<R> {
        let buf = vec![0; HEADROOM + CAPACITY].into_boxed_slice();
        Window { source, buf, start: HEADROOM, end: HEADROOM }
    }

    /// The bytes that were read and not taken yet.
    pub fn unread(&self) -> &[u8] {
        &self.buf[self.start..self.end]
    }

    /// Puts a few bytes before those that were not taken yet, at most as many as the headroom or as were taken.
    pub fn put_back(&mut self, bytes: &[u8]) {
        debug_assert!(bytes.len() <= self.start, "no room");
        if let Some(start) = self.start.checked_sub(bytes.len()) {
            self.buf[start..self.start].copy_from_slice(bytes);
            self.start = start;
        }
    }

    /// Reads more behind the unread bytes; gives whether there were any, and room for them.
    pub fn more(&mut self) -> io::Result<bool> {
        if self.start > HEADROOM {
            self.buf.copy_within(self.start..self.end, HEADROOM);
            (self.start, self.end) = (HEADROOM, HEADROOM + self.end - self.start);
        }
        let count = loop {
            match self.source.read(&mut self.buf[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.end += count;
        Ok(count > 0)
    }
}

impl<R: Read> Read for Window<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Window<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.more()?;
        }
        Ok(self.unread())
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes in small pieces.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = out.len().min(7);
            self.0.read(&mut out[..count])
        }
    }

    #[test]
    fn bytes_stay_until_they_are_taken() {
        let bytes: Vec<u8> = (0..200).collect();
        let mut window = Window::new(Drops(&bytes));
        assert!(window.unread().is_empty());
        assert!(window.more().unwrap() && window.more().unwrap());
        assert_eq!(window.unread(), &bytes[..14]);
        window.consume(10);
        assert!(window.more().unwrap());
        assert_eq!(window.unread(), &bytes[10..21]);
        let mut rest = Vec::new();
        window.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, &bytes[10..]);
        assert!(!window.more().unwrap());
    }

    #[test]
    fn what_does_not_fit_is_not_read() {
        let bytes = vec![1; CAPACITY + 1];
        let mut window = Window::new(&bytes[..]);
        assert!(window.more().unwrap());
        assert!(!window.more().unwrap());
        assert_eq!(window.unread().len(), CAPACITY);
        window.consume(1);
        assert!(window.more().unwrap());
    }

    #[test]
    fn bytes_can_be_put_back() {
        let bytes = vec![1; CAPACITY + 1];
        let mut window = Window::new(&bytes[..]);
        assert!(window.more().unwrap());
        window.put_back(b"<row>");
        assert_eq!(&window.unread()[..6], b"<row>\x01");
        window.consume(5);
        assert_eq!(window.unread().len(), CAPACITY);
    }
}

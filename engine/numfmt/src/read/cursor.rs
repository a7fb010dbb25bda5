//! A place in a text that only moves forwards.

#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a str,
}

/// A run of ASCII digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    /// The value, at most `u32::MAX`.
    pub(crate) value: u32,
    pub(crate) length: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Cursor<'a> {
        Cursor { rest: text }
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }

    pub(crate) fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Takes a text if it stands here.
    pub(crate) fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) if !text.is_empty() => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes a character if it stands here.
    pub(crate) fn take_char(&mut self, character: char) -> bool {
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes spaces and says whether there were any.
    pub(crate) fn spaces(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches(' ');
        let any = trimmed.len() < self.rest.len();
        self.rest = trimmed;
        any
    }

    /// Takes a run of digits.
    pub(crate) fn figures(&mut self) -> Option<Figures> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (run, rest) = self.rest.split_at_checked(length)?;
        if run.is_empty() {
            return None;
        }
        let value = run
            .bytes()
            .fold(0u32, |value, byte| value.saturating_mul(10).saturating_add(u32::from(byte - b'0')));
        self.rest = rest;
        Some(Figures { value, length })
    }

    /// Takes a run of letters.
    pub(crate) fn word(&mut self) -> &'a str {
        let end = self.rest.find(|character: char| !character.is_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }
}

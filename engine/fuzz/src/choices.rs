//! Choices read from bytes.
//!
//! An input is a list of choices, so that a changed byte is a changed choice and what came before it stays. Invariant:
//! when the bytes are used up every choice is the first, so that whatever is being made comes to an end.

/// Bytes from which choices are read, front to back.
pub(crate) struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices { bytes }
    }

    /// Whether nothing is left to choose.
    pub fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte; 0 when they are used up.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// A number below `end`, which is not 0. Takes as many bytes as it needs.
    pub fn below(&mut self, end: u32) -> u32 {
        let mut number = u32::from(self.byte());
        let mut reach = 256;
        while reach < end && reach < 1 << 24 {
            number = number << 8 | u32::from(self.byte());
            reach <<= 8;
        }
        number % end.max(1)
    }

    /// One of several, of which there must be one.
    pub fn one_of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len() as u32) as usize]
    }

    /// Whether one of `often` cases happens.
    pub fn rarely(&mut self, often: u32) -> bool {
        self.below(often) == often - 1
    }

    /// Eight bytes as the bits of a number.
    pub fn bits(&mut self) -> f64 {
        f64::from_bits(u64::from_le_bytes([(); 8].map(|()| self.byte())))
    }

    /// All that is left, as text.
    pub fn rest(&mut self) -> String {
        String::from_utf8_lossy(std::mem::take(&mut self.bytes)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_in_order_and_end() {
        let mut choices = Choices::new(&[7, 1, 2, 3]);
        assert_eq!(choices.below(5), 2);
        assert_eq!(choices.below(1_000), 258);
        assert_eq!(choices.one_of(&["a", "b"]), "b");
        assert!(choices.is_over());
        assert_eq!((choices.byte(), choices.below(9), choices.bits()), (0, 0, 0.0));
    }
}

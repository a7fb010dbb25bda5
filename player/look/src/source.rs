//! Reads `tokens.toml` while the crate compiles.
//!
//! Every function here is `const` and is only called to initialise constants, so that a missing or malformed
//! token stops the build, with the name of the constant in the compiler's message. The file keeps to a small
//! part of TOML: `[section]` lines and `key = value` lines, where a value is a whole number or an array of two
//! numbers or two quoted colours.
//!
//! Invariant: nothing here runs in the product.

use crate::colour::Rgb;

const SOURCE: &[u8] = include_bytes!("../tokens.toml");

/// Two colours: light theme, dark theme.
pub(crate) const fn colours(section: &str, key: &str) -> [Rgb; 2] {
    let at = value(section, key);
    let first = skip(at, b'#');
    let second = skip(first, b'#');
    [colour(first), colour(second)]
}

/// One whole number.
pub(crate) const fn number(section: &str, key: &str) -> u16 {
    let at = value(section, key);
    assert!(SOURCE[at].is_ascii_digit(), "the token is not a number");
    digits(at)
}

/// An array of two whole numbers.
pub(crate) const fn pair(section: &str, key: &str) -> [u16; 2] {
    let at = value(section, key);
    assert!(SOURCE[at] == b'[', "the token is not an array");
    let mut second = skip(at, b',');
    while SOURCE[second] == b' ' {
        second += 1;
    }
    [digits(at + 1), digits(second)]
}

/// The position of the value of `key` in `[section]`.
const fn value(section: &str, key: &str) -> usize {
    let (section, key) = (section.as_bytes(), key.as_bytes());
    let mut inside = false;
    let mut at = 0;
    while at < SOURCE.len() {
        if SOURCE[at] == b'[' {
            inside = starts(at + 1, section) && SOURCE[at + 1 + section.len()] == b']';
        } else if inside && starts(at, key) && starts(at + key.len(), b" = ") {
            return at + key.len() + 3;
        }
        while at < SOURCE.len() && SOURCE[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    assert!(at == 0, "tokens.toml has no such token");
    at
}

/// Whether the file continues with `text` at `at`.
const fn starts(at: usize, text: &[u8]) -> bool {
    let mut i = 0;
    while i < text.len() {
        if at + i >= SOURCE.len() || SOURCE[at + i] != text[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The position after the next `stop` on this line.
const fn skip(mut at: usize, stop: u8) -> usize {
    while SOURCE[at] != stop {
        assert!(SOURCE[at] != b'\n', "the line of the token ends too early");
        at += 1;
    }
    at + 1
}

const fn digits(mut at: usize) -> u16 {
    let mut number = 0;
    assert!(SOURCE[at].is_ascii_digit(), "a number is missing");
    while SOURCE[at].is_ascii_digit() {
        number = number * 10 + (SOURCE[at] - b'0') as u16;
        at += 1;
    }
    number
}

const fn colour(at: usize) -> Rgb {
    assert!(SOURCE[at + 6] == b'"', "a colour is not six hexadecimal digits");
    Rgb::new(byte(at), byte(at + 2), byte(at + 4))
}

const fn byte(at: usize) -> u8 {
    nibble(SOURCE[at]) * 16 + nibble(SOURCE[at + 1])
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => {
            assert!(matches!(digit, b'A'..=b'F'), "a colour is not six hexadecimal digits");
            digit - b'A' + 10
        }
    }
}

//! Text order as Excel's comparison operators, sorts and lookups have it: case does not count, symbols come
//! before digits and digits before letters, hyphens and apostrophes decide only between otherwise equal texts.
//!
//! Source: Microsoft, "Sort data in a range or table", default sort order.

use std::borrow::Cow;
use std::cmp::Ordering;

const SYMBOLS: &str = " _!\"#$%&()*,./:;?@[\\]^`{|}~+<=>";

/// The text in the case that comparisons use.
pub fn fold_case(text: &str) -> String {
    folded(text).into_owned()
}

/// The text in the case that comparisons use: itself where it is in that case already.
pub fn folded(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(text.chars().flat_map(fold_char).collect());
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Borrowed(text)
}

/// The letters that a character is, in the case that comparisons use: ß is ss, æ is ae.
fn fold_char(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'æ' | 'Æ' => ('a', Some('e')),
        'œ' | 'Œ' => ('o', Some('e')),
        'ĳ' | 'Ĳ' => ('i', Some('j')),
        other => (other, None),
    };
    // Through upper case, so that letters with two lower forms (ς, σ) meet; it makes two letters of ß and ﬁ.
    std::iter::once(first).chain(second).flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// Whether two texts are equal but for case, letters that are two being both.
pub fn equal_text(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a == b || a.chars().flat_map(fold_char).eq(b.chars().flat_map(fold_char))
}

/// The order of two texts.
pub fn compare_text(a: &str, b: &str) -> Ordering {
    if equal_text(a, b) {
        return Ordering::Equal;
    }
    sort_keys(a).cmp(sort_keys(b)).then_with(|| with_hyphens(a).cmp(with_hyphens(b)))
}

fn sort_keys(text: &str) -> impl Iterator<Item = (u8, u32, char)> {
    text.chars().filter(|c| !matches!(c, '-' | '\'')).flat_map(fold_char).map(sort_key)
}

fn with_hyphens(text: &str) -> impl Iterator<Item = (u8, u32, char)> {
    text.chars().flat_map(fold_char).map(sort_key)
}

fn sort_key(c: char) -> (u8, u32, char) {
    if let Some(place) = SYMBOLS.find(c) {
        return (0, u32::try_from(place).unwrap_or(0), c);
    }
    if c.is_numeric() {
        return (2, 0, c);
    }
    if c.is_alphabetic() {
        return (3, u32::from(base_letter(c)), c);
    }
    (1, 0, c)
}

/// The letter without its accent, for the accented Latin letters; accents decide only between equal bases.
fn base_letter(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' | 'ţ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_and_symbols_come_first() {
        assert_eq!(compare_text("abc", "ABC"), Ordering::Equal);
        assert_eq!(compare_text("ÄPFEL", "äpfel"), Ordering::Equal);
        for (one, two) in [("Straße", "STRASSE"), ("Æther", "aether"), ("œuvre", "OEUVRE"), ("ﬁn", "fin")]
        {
            assert!(equal_text(one, two) && folded(one) == folded(two), "{one}");
            assert_eq!(compare_text(one, two), Ordering::Equal, "{one}");
        }
        for pair in [" ", "!", "~", "1", "9", "a", "ä", "b", "Z"].windows(2) {
            assert_eq!(compare_text(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare_text("co-op", "coop"), Ordering::Less);
        assert_eq!(compare_text("coop", "co-opz"), Ordering::Less);
        assert_eq!(compare_text("a", "ab"), Ordering::Less);
    }
}

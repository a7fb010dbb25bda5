//! Which characters and names XML allows.

/// Whether XML 1.0 allows this character in a document.
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether `text` is a name in the sense of XML 1.0 with namespaces: at most one colon, with a name on each side.
pub(crate) fn is_xml_name(text: &str) -> bool {
    let good = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(starts_name) && chars.all(continues_name)
    };
    match text.split_once(':') {
        Some((prefix, local)) => good(prefix) && good(local),
        None => good(text),
    }
}

fn starts_name(c: char) -> bool {
    matches!(c,
        '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_xml() {
        for name in ["a", "_a", "ä", "a-b.c1", "a:b"] {
            assert!(is_xml_name(name), "{name}");
        }
        for name in ["", ":", "a:", ":a", "a:b:c", "1a", "-a", "a b", "a/", "a=\"b\""] {
            assert!(!is_xml_name(name), "{name}");
        }
    }
}

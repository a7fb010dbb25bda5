//! What it means that something of a container is gone: the table in `losses.tsv`.

use crate::Severity;

const TABLE: &str = include_str!("losses.tsv");

/// What the loss of a thing means: `None` where it does not matter, else how much, and the sentence for people.
/// A thing that no line names does not matter to anybody who reads cells; parts and elements of sheets are all named.
pub(crate) fn meaning(thing: &str) -> Option<(Severity, &'static str)> {
    let line = lines().find(|(pattern, ..)| matches(pattern, thing))?;
    let severity = match line.1 {
        "refuse" => Severity::Refused,
        "warn" => Severity::Warned,
        _ => return None,
    };
    Some((severity, line.2))
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?, fields.next()?, fields.next().unwrap_or_default()))
    })
}

/// `*` stands for anything, also within a pattern.
fn matches(pattern: &str, thing: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| thing.strip_prefix(first)) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(place) = rest.find(piece) else { return false };
        rest = &rest[place + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{lines, matches, meaning};
    use crate::Severity;

    #[test]
    fn a_pattern_matches_what_it_says() {
        for (pattern, thing, wanted) in [
            ("part/chart", "part/chart", true),
            ("part/chart", "part/chartEx", false),
            ("part/chart*", "part/chartEx", true),
            ("worksheet/*@*", "worksheet/a@b", true),
            ("worksheet/*@*", "worksheet/a", false),
            ("worksheet/extLst/ext/*@*", "worksheet/extLst/ext/x@y", true),
        ] {
            assert_eq!(matches(pattern, thing), wanted, "{pattern} {thing}");
        }
    }

    #[test]
    fn every_line_has_a_meaning_and_is_reached() {
        for (pattern, meaning, sentence) in lines() {
            match meaning {
                "ignore" => assert!(sentence.is_empty(), "{pattern}"),
                "warn" | "refuse" => assert!(!sentence.is_empty() && !sentence.ends_with('.'), "{pattern}"),
                other => panic!("{pattern}: {other}"),
            }
            let first = lines().find(|(earlier, ..)| matches(earlier, &pattern.replace('*', "zz")));
            assert_eq!(first.map(|(earlier, ..)| earlier), Some(pattern), "an earlier line hides it");
        }
    }

    #[test]
    fn what_nobody_thought_of_is_said_too() {
        assert_eq!(meaning("part/vbaProject").map(|m| m.0), Some(Severity::Refused));
        assert_eq!(meaning("part/somethingOfTomorrow").map(|m| m.0), Some(Severity::Warned));
        assert_eq!(meaning("worksheet/somethingOfTomorrow").map(|m| m.0), Some(Severity::Warned));
        assert_eq!(meaning("worksheet/sheetData/row/c@r"), None);
    }
}

//! The prefixes that files put before functions and variables, and people never see.

use crate::scan::{is_word_start, reference, word_end};

/// All functions of Excel with their prefixes: on each line a prefix and names in order.
const FUNCTIONS: &str = include_str!("functions.txt");

/// Before what a later Excel than 2007 brought, add-ins (`_xll.`), macros (`_xludf.`) and variables.
const CALL_PREFIXES: [&str; 5] = ["_xlfn.", "_xlws.", "_xlpm.", "_xludf.", "_xll."];
/// Before a variable of LET or LAMBDA.
pub(crate) const VARIABLE: &str = "_xlpm.";
/// Before a LAMBDA's parameter that a call may leave out, where people write `[x]`.
pub(crate) const OPTIONAL: &str = "_xlop.";
/// Before a function that is itself a value, as in `MAP(A1:A3,_xleta.ABS)`.
pub(crate) const FUNCTION_VALUE: &str = "_xleta.";

/// What a file writes before a function's name; `None` for what is no function of Excel's. In upper case.
pub(crate) fn file_prefix(name: &str) -> Option<&'static str> {
    for line in FUNCTIONS.lines().filter(|line| !line.starts_with('#')) {
        let (prefix, names) = line.split_once(' ')?;
        // The names of a line stand in order.
        let first = names.split(' ').next()?;
        let last = names.rsplit(' ').next()?;
        if (first..=last).contains(&name) && names.split(' ').any(|known| known == name) {
            return Some(if prefix == "-" { "" } else { prefix });
        }
    }
    None
}

/// A function's name without what files put before it. What would then read as something else than a name, as
/// `_xlpm..f`, stays as it is.
pub(crate) fn without_prefixes(mut word: &str) -> &str {
    let stripped = |word| CALL_PREFIXES.iter().find_map(|prefix| strip(word, prefix));
    while let Some(rest) = stripped(word).filter(|rest| is_word_start(rest, 0)) {
        word = rest;
    }
    word
}

/// A variable's or a function value's name without what files put before it. What would then read as
/// something else than a name, as `_xlpm.A1`, stays as it is.
pub(crate) fn plain_name(word: &str) -> &str {
    let stripped = strip(word, VARIABLE).or_else(|| strip(word, FUNCTION_VALUE));
    stripped.filter(|rest| is_name(rest)).unwrap_or(word)
}

/// The name of a parameter that may be left out, from `_xlop.x`.
pub(crate) fn optional_name(word: &str) -> Option<&str> {
    strip(word, OPTIONAL).filter(|rest| is_name(rest))
}

fn strip<'a>(word: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = word.split_at_checked(prefix.len())?;
    (head.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
}

/// Whether a text reads as a name and nothing else.
pub(crate) fn is_name(word: &str) -> bool {
    is_word_start(word, 0)
        && word_end(word, 0) == word.len()
        && reference(word, 0).is_none()
        && truth(word).is_none()
}

/// `TRUE` and `FALSE`, in any case.
pub(crate) fn truth(word: &str) -> Option<bool> {
    if word.eq_ignore_ascii_case("TRUE") {
        return Some(true);
    }
    word.eq_ignore_ascii_case("FALSE").then_some(false)
}

/// Upper case letter by letter, so that a name keeps its length and compares as names do.
pub(crate) fn upper(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_uppercase();
    }
    let one = |c: char| {
        let mut upper = c.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(single), None) => single,
            _ => c,
        }
    };
    word.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_stands_once_in_the_list() {
        let mut names: Vec<&str> = FUNCTIONS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| line.split(' ').skip(1))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(count > 520 && names.iter().all(|name| !name.is_empty() && upper(name) == **name));
    }

    #[test]
    fn the_names_of_a_line_stand_in_order() {
        for line in FUNCTIONS.lines().filter(|line| !line.starts_with('#')) {
            let names: Vec<&str> = line.split(' ').skip(1).collect();
            assert!(names.is_sorted(), "{line}");
            assert!(names.iter().all(|name| file_prefix(name).is_some()), "{line}");
        }
    }

    #[test]
    fn prefixes_are_those_of_files() {
        for (name, prefix) in [
            ("SUM", Some("")),
            ("XLOOKUP", Some("_xlfn.")),
            ("FILTER", Some("_xlfn._xlws.")),
            ("NETWORKDAYS.INTL", Some("")),
            ("MYFUNCTION", None),
        ] {
            assert_eq!(file_prefix(name), prefix, "{name}");
        }
    }
}

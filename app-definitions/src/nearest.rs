//! The nearest known word to a mistyped one, for hints.
//!
//! Distance is the number of letters inserted, deleted, replaced or swapped with their neighbour (optimal string
//! alignment), without regard to case. Words that are too long to be a slip are not compared, so hostile input costs
//! nothing.

/// Longer words are not slips of anything in the vocabulary.
const LONGEST: usize = 40;

/// The candidate nearest to `word`, if it is near enough to be meant: at most one slip in three letters.
///
/// Among equally near candidates the first wins, so the answer does not depend on anything but the arguments.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let typed = letters(word)?;
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates {
        let Some(known) = letters(candidate) else { continue };
        let allowed = (typed.len().max(known.len()) / 3).max(1);
        let away = distance(&typed, &known);
        if away <= allowed && best.is_none_or(|(least, _)| away < least) {
            best = Some((away, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    (!letters.is_empty() && letters.len() <= LONGEST).then_some(letters)
}

/// Optimal string alignment with three rolling rows.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y;
            if swapped {
                least = least.min(before_last[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTRIBUTES: [&str; 6] = ["caption", "inputtype", "contenttype", "min", "max", "step"];

    #[test]
    fn finds_slips() {
        for (typed, meant) in [
            ("captoin", "caption"),
            ("Caption", "caption"),
            ("contentype", "contenttype"),
            ("input-type", "inputtype"),
            ("mim", "min"),
            ("steps", "step"),
        ] {
            assert_eq!(nearest(typed, ATTRIBUTES), Some(meant), "{typed}");
        }
    }

    #[test]
    fn leaves_strangers_alone() {
        let long = "captioncaptioncaptioncaptioncaptioncaptioncaption";
        for typed in ["", "wingspan", "x", "data-toggle", long] {
            assert_eq!(nearest(typed, ATTRIBUTES), None, "{typed}");
        }
    }

    #[test]
    fn counts_a_swap_as_one_slip() {
        let pairs = [("ab", "ba", 1), ("kitten", "sitting", 3), ("", "abc", 3), ("same", "same", 0)];
        for (a, b, away) in pairs {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(distance(&a, &b), away);
            assert_eq!(distance(&b, &a), away);
        }
    }
}

//! Words that do not belong into the repository, which speaks only of itself: places on one machine, hosts of
//! package registries, papers and numbers from outside, other engines.
//!
//! The words stand here in pieces, so that this file passes its own rule.

use super::{File, Finding};

/// A word and where it may stand all the same.
struct Word {
    /// In lower case; upper and lower case are the same.
    text: &'static str,
    edge: Edge,
    why: &'static str,
    except: Option<Except>,
}

/// What must be around the text for it to count.
#[derive(Clone, Copy)]
enum Edge {
    /// Nothing.
    Any,
    /// No letter, digit or underscore on either side.
    Word,
    /// Nothing before it that would make it the middle of a longer path or address.
    Path,
}

#[derive(Clone, Copy)]
enum Except {
    /// Anywhere below this folder.
    Under(&'static str),
    /// On one line of this file, no more.
    OneLineOf(&'static str),
}

const MACHINE: &str = "a path of one machine: take it from the environment, or make a temporary folder";
const REGISTRY: &str = "a host of a package registry: the clients know it";
const PAPERS: &str = "a paper outside the repository: state the reason itself";
const ENGINES: &str = "another engine: only engine/comparison speaks of those";

const COMPARISON: Option<Except> = Some(Except::Under("engine/comparison/"));

const WORDS: &[Word] = &[
    Word {
        text: concat!("../", "shared"),
        edge: Edge::Any,
        why: "a folder outside the repository",
        except: Some(Except::OneLineOf(".ci/run")),
    },
    Word { text: concat!("/wo", "rk/"), edge: Edge::Path, why: MACHINE, except: None },
    Word { text: concat!("/ro", "ot/"), edge: Edge::Path, why: MACHINE, except: None },
    Word { text: concat!("crates", ".io"), edge: Edge::Any, why: REGISTRY, except: None },
    Word { text: concat!("pypi", ".org"), edge: Edge::Any, why: REGISTRY, except: None },
    Word { text: concat!("python", "hosted.org"), edge: Edge::Any, why: REGISTRY, except: None },
    Word { text: concat!("npmjs", ".org"), edge: Edge::Any, why: REGISTRY, except: None },
    Word { text: concat!("npmjs", ".com"), edge: Edge::Any, why: REGISTRY, except: None },
    Word { text: concat!("deb.debian", ".org"), edge: Edge::Any, why: REGISTRY, except: None },
    Word { text: concat!("design", ".md"), edge: Edge::Word, why: PAPERS, except: None },
    Word { text: concat!("style", ".md"), edge: Edge::Word, why: PAPERS, except: None },
    Word { text: concat!("look", ".md"), edge: Edge::Word, why: PAPERS, except: None },
    Word { text: concat!("brief", ".md"), edge: Edge::Word, why: PAPERS, except: None },
    Word { text: concat!("notes", "/"), edge: Edge::Path, why: PAPERS, except: None },
    Word { text: concat!("ri", "val"), edge: Edge::Word, why: ENGINES, except: None },
    Word { text: concat!("ri", "vals"), edge: Edge::Word, why: ENGINES, except: None },
    Word { text: concat!("formu", "alizer"), edge: Edge::Any, why: ENGINES, except: COMPARISON },
    Word { text: concat!("iron", "calc"), edge: Edge::Any, why: ENGINES, except: COMPARISON },
    Word { text: concat!("hyper", "formula"), edge: Edge::Any, why: ENGINES, except: COMPARISON },
];

/// A finding for each place where a word stands that may not.
pub fn findings(file: &File) -> Vec<Finding> {
    if file.path == "Cargo.lock" || file.path.ends_with("/Cargo.lock") {
        return Vec::new(); // cargo writes it, with its registry's address
    }
    let text = file.text.to_ascii_lowercase();
    let mut findings: Vec<Finding> = WORDS.iter().flat_map(|word| of_word(file, &text, word)).collect();
    findings.extend(issue_numbers(file, &text));
    findings
}

fn of_word(file: &File, lower: &str, word: &Word) -> Vec<Finding> {
    let mut lines: Vec<usize> = lower
        .match_indices(word.text)
        .filter(|(at, _)| counts(lower, *at, word))
        .map(|(at, _)| line_of(lower, at))
        .collect();
    lines.dedup();
    let allowed = match word.except {
        Some(Except::Under(folder)) if file.path.starts_with(folder) => lines.len(),
        Some(Except::OneLineOf(path)) if file.path == path => 1,
        _ => 0,
    };
    lines
        .iter()
        .skip(allowed)
        .map(|line| Finding::at(file, *line, format!("`{}`: {}", word.text, word.why)))
        .collect()
}

fn counts(text: &str, at: usize, word: &Word) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + word.text.len()..).and_then(|text| text.chars().next());
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    match word.edge {
        Edge::Any => true,
        Edge::Word => !before.is_some_and(letter) && !after.is_some_and(letter),
        Edge::Path => !before.is_some_and(|c| letter(c) || ".-/}~".contains(c)),
    }
}

/// Numbers of issues: whoever reads the code cannot look them up.
fn issue_numbers(file: &File, lower: &str) -> Vec<Finding> {
    let numbered = |at: usize| {
        let after = lower.get(at..).unwrap_or_default();
        after.strip_prefix('#').unwrap_or(after).starts_with(|c: char| c.is_ascii_digit())
    };
    let name = concat!("iss", "ue ");
    lower
        .match_indices(name)
        .filter(|(at, _)| numbered(at + name.len()))
        .map(|(at, _)| {
            Finding::at(file, line_of(lower, at), "the number of an issue: state the reason itself")
        })
        .collect()
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        findings(&sample(path, text)).len()
    }

    #[test]
    fn every_word_is_found_in_any_case() {
        for word in WORDS {
            assert!(count("engine/a.rs", &format!("// see \"{}\"\n", word.text)) >= 1, "{}", word.text);
            assert!(count("README.md", &word.text.to_ascii_uppercase()) >= 1, "{}", word.text);
        }
    }

    #[test]
    fn the_middle_of_another_word_or_path_is_not_found() {
        let harmless =
            ["arr", "ival"].concat() + " at xl" + concat!("/wo", "rk/") + " and src" + concat!("/ro", "ot/");
        assert_eq!(count("engine/a.rs", &harmless), 0);
        assert_eq!(count("engine/a.rs", "the footnotes/endnotes are kept\n"), 0);
        assert_eq!(count("engine/a.rs", "a design.mdx file and a rivalry\n"), 0);
    }

    #[test]
    fn ci_may_name_the_folder_beside_the_clone_on_one_line() {
        let line = format!("corpus={}/corpus\n", concat!("../", "shared"));
        assert_eq!(count(".ci/run", &line), 0);
        assert_eq!(count(".ci/run", &line.repeat(2)), 1);
        assert_eq!(count("README.md", &line), 1);
    }

    #[test]
    fn the_comparison_may_name_the_engines() {
        let name = concat!("iron", "calc");
        assert_eq!(count("engine/comparison/src/main.rs", name), 0);
        assert_eq!(count("engine/calc/src/lib.rs", name), 1);
    }

    #[test]
    fn numbers_of_issues_are_found_and_the_word_is_not() {
        let word = concat!("iss", "ue");
        assert_eq!(count("a.rs", &format!("// {word} 12\n// {word} #7\n")), 2);
        assert_eq!(count("a.rs", &format!("// an {word} with dates\n")), 0);
    }

    #[test]
    fn the_line_is_told() {
        let found = findings(&sample("a.rs", &format!("one\ntwo\n{}\n", concat!("crates", ".io"))));
        assert_eq!(found.first().map(ToString::to_string).unwrap_or_default().get(..7), Some("a.rs:3:"));
    }

    #[test]
    fn the_lock_file_names_its_registry() {
        assert_eq!(count("Cargo.lock", concat!("crates", ".io")), 0);
    }
}

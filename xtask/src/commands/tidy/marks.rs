//! Marks of unfinished work: notes to do it later, and tests that are switched off.

use super::{File, Finding, is_source};

/// Notes to oneself, in pieces, so that this file passes its own rule.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Macros that stand for code nobody has written; clippy sees them too, but not inside other macros.
const MACROS: [&str; 2] = [concat!("to", "do!"), concat!("unimpl", "emented!")];

/// A finding for each line with such a mark.
pub fn findings(file: &File) -> Vec<Finding> {
    let written = is_source(&file.path) || file.path.ends_with(".md") || file.path.ends_with(".toml");
    if !written {
        return Vec::new();
    }
    let rust = file.path.ends_with(".rs");
    let mut findings = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        for word in NOTES.iter().filter(|word| has_word(line, word)) {
            findings.push(Finding::at(
                file,
                number + 1,
                format!("{word}: do it, or say in prose what is missing"),
            ));
        }
        if rust && MACROS.iter().any(|name| has_word(line, name)) {
            findings.push(Finding::at(file, number + 1, "code that nobody has written"));
        }
        if rust && switches_off(line.trim_start()) {
            findings.push(Finding::at(file, number + 1, "a test that is switched off: mend it or remove it"));
        }
    }
    findings
}

/// Whether an attribute or the fence of an example in a doc comment keeps a test from running.
fn switches_off(line: &str) -> bool {
    let fence = line.trim_start_matches(['/', '!', ' ']);
    let attribute =
        line.starts_with("#[") && !line.contains('"') || line.starts_with(concat!("#[", "ignore"));
    (attribute && has_word(line, "ignore"))
        || (line.starts_with("//") && fence.starts_with("```") && has_word(fence, "ignore"))
}

/// Whether the word stands in the line, not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let inside = |c: char| c.is_alphanumeric() || c == '_';
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        findings(&sample(path, text)).len()
    }

    #[test]
    fn notes_are_found_and_other_words_are_not() {
        let [note, other] = NOTES;
        assert_eq!(count("a.rs", &format!("let a = 1; // {note} check\n// {other}\n")), 2);
        assert_eq!(count("README.md", &format!("- {note}\n")), 1);
        assert_eq!(count("a.rs", &format!("const {note}S: u8 = 1;\n// a todo list\n")), 0);
        assert_eq!(count("cases/planner.json", &format!("[\"{note}\"]\n")), 0);
    }

    #[test]
    fn unwritten_code_is_found() {
        for name in MACROS {
            assert_eq!(count("a.rs", &format!("fn a() {{ {name}() }}\n")), 1);
        }
    }

    #[test]
    fn switched_off_tests_are_found() {
        let off = concat!("ig", "nore");
        for text in [
            format!("    #[{off}]\n"),
            format!("#[{off} = \"slow\"]\n"),
            format!("#[cfg_attr(windows, {off})]\n"),
            format!("/// ```{off}\n"),
            format!("//! ```rust,{off}\n"),
        ] {
            assert_eq!(count("a.rs", &text), 1, "{text}");
        }
        assert_eq!(count("a.rs", &format!("// we {off} the blank lines\nlet {off}_case = true;\n")), 0);
        assert_eq!(count("a.rs", "#[arg(long, help = \"ignore case\")]\n"), 0);
    }
}

//! Bad definitions: each is refused, for the reason and at the place that its first line states.

use std::fs;

use playsheet_app_definitions::{Code, Severity, Word};

use crate::support::{Case, cases, folder, render};

/// What a case's first line states.
pub struct Expected {
    pub structural: bool,
    /// Code, line and column of each diagnostic.
    pub found: Vec<String>,
}

/// Reads `<!-- structural: code at LINE:COLUMN, ... -->`.
pub fn expected(case: &Case) -> Expected {
    let text = case.text();
    let header =
        text.split_once("<!--").and_then(|(_, rest)| rest.split_once("-->")).map(|(header, _)| header);
    let (kind, found) = header.and_then(|header| header.split_once(':')).unwrap_or_else(|| {
        panic!("{} does not start with a comment that states what is expected", case.name);
    });
    let structural = match kind.trim() {
        "structural" => true,
        "semantic" => false,
        other => panic!("{}: {other} is neither structural nor semantic", case.name),
    };
    Expected { structural, found: found.split(',').map(|found| found.trim().to_owned()).collect() }
}

#[test]
fn every_bad_definition_is_refused_for_its_reason_at_its_place() {
    let mut wrong = Vec::new();
    for case in cases("bad") {
        let (_, diagnostics) = case.read();
        let found: Vec<String> = diagnostics
            .iter()
            .map(|found| format!("{} at {}:{}", found.code, found.line, found.column))
            .collect();
        let expected = expected(&case).found;
        let refused = diagnostics.iter().any(|found| found.is_error());
        if found != expected || !refused {
            let shown = render(&diagnostics, &case.name, |_| true);
            wrong.push(format!("{}\n  expected {expected:?}\n  found    {found:?}\n{shown}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn there_are_enough_cases_and_every_error_has_one() {
    let cases = cases("bad");
    assert!(cases.len() >= 48);
    let shown: String = cases.iter().map(Case::text).collect();
    // These take a document too large for a case file, or a changed limit; `hostile` has them.
    let elsewhere = [Code::TooLarge, Code::TooManyElements, Code::TooManyProblems];
    for code in Code::WORDS {
        let code = Code::from_word(code).unwrap();
        if code.severity() == Severity::Error && !elsewhere.contains(&code) {
            assert!(shown.contains(&format!("{code} at ")), "no case for {code}");
        }
    }
}

#[test]
fn every_message_is_a_sentence_with_a_path() {
    for case in cases("bad") {
        for found in case.read().1 {
            let rendered = found.render(&case.name);
            assert!(found.message.ends_with('.'), "{rendered}");
            assert!(found.hint.iter().all(|hint| hint.ends_with(['.', '?'])), "{rendered}");
            assert!(!found.message.contains('\n') && found.message.chars().count() < 200, "{rendered}");
            let about_xml = found.path.is_empty();
            assert!(
                about_xml || found.path.split('/').next().is_some_and(|root| !root.is_empty()),
                "{rendered}"
            );
        }
    }
}

#[test]
fn messages_are_as_reviewed() {
    let mut shown =
        String::from("What people read about the cases. UPDATE_CASES=1 cargo test writes this file anew.\n");
    for case in cases("bad").into_iter().chain(cases("good")) {
        let rendered = render(&case.read().1, &case.name, |_| true);
        if !rendered.is_empty() {
            shown.push_str(&format!("\n{rendered}\n"));
        }
    }
    let path = folder().join("messages.txt");
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&path, &shown).unwrap();
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    for (at, (shown, reviewed)) in shown.lines().zip(reviewed.lines()).enumerate() {
        assert_eq!(shown, reviewed, "line {} of messages.txt", at + 1);
    }
    assert_eq!(shown.lines().count(), reviewed.lines().count(), "messages.txt has lines more or less");
}

//! Text that means harm: too deep, too long, never closed. Each is refused, and quickly.

use crate::support::{Book, HOST};
use playsheet_formula::{
    Formula, MAX_BRACKET_DEPTH, MAX_CALL_DEPTH, MAX_CHARS, Mode, ParseError, Separators, Style, parse,
    parse_up_to, print, template_key,
};
use std::thread;

/// Half of what a thread has by default.
const SMALL_STACK: usize = 1024 * 1024;

fn read_all(text: &str) -> Vec<Result<Formula, ParseError>> {
    let modes = [
        Mode::Workbook,
        Mode::Unquoted,
        Mode::Expression,
        Mode::Grid(Separators::Point),
        Mode::Grid(Separators::Comma),
    ];
    modes.into_iter().map(|mode| parse_up_to(text, HOST, &Book, mode, 200_000)).collect()
}

/// Reads on a small stack; what can be read must be written and read again.
fn on_small_stack(text: String) -> Vec<Result<Formula, ParseError>> {
    let worker = thread::Builder::new().stack_size(SMALL_STACK).spawn(move || {
        let results = read_all(&text);
        for formula in results.iter().flatten() {
            for style in [Style::File, Style::Screen, Style::Expression] {
                let written = print(formula, HOST, &Book, style);
                assert!(!written.is_empty());
            }
        }
        template_key(&text, HOST, &mut Vec::new());
        results
    });
    worker.unwrap().join().unwrap()
}

fn repeated(parts: &[&str], count: usize) -> String {
    parts.concat().repeat(count)
}

#[test]
fn what_opens_and_never_closes_is_refused() {
    for part in [
        "(", "SUM(", "{", "[", "'", "\"", "Table1[", "@(", "-(", "1+(", "f(1)(", "((", "A1:(", "A1 (",
        "A1#(", "_xlfn.",
    ] {
        for count in [1usize, 11, 1_001, 10_001] {
            for result in on_small_stack(repeated(&[part], count)) {
                // A run of prefixes is a word.
                assert!(result.is_err() || part == "_xlfn.", "{part} × {count}");
            }
        }
    }
}

#[test]
fn brackets_may_stand_so_deep_and_no_deeper() {
    let nested = |open: &str, close: &str, depth: u32| {
        let text = format!("{}1{}", open.repeat(depth as usize), close.repeat(depth as usize));
        on_small_stack(text).remove(0)
    };
    assert!(nested("(", ")", MAX_BRACKET_DEPTH).is_ok());
    assert!(nested("(", ")", MAX_BRACKET_DEPTH + 1).unwrap_err().message.contains("128 deep"));
    assert!(nested("ABS(", ")", MAX_CALL_DEPTH).is_ok());
    assert!(nested("ABS(", ")", MAX_CALL_DEPTH + 1).unwrap_err().message.contains("64 deep"));
    // What files write as functions counts as such, or they could not be read again.
    let around = |open: &str, close: &str, depth: usize| {
        on_small_stack(format!("{}A1{}", open.repeat(depth), close.repeat(depth))).remove(0)
    };
    for (open, close) in [("@", ""), ("-@", ""), ("", "#"), ("@(", ")"), ("ABS(@", ")"), ("ABS(", "#)")] {
        let most = MAX_CALL_DEPTH as usize / (1 + usize::from(open.contains("ABS")));
        assert!(around(open, close, most).is_ok(), "{open} {close}");
        let message = around(open, close, most + 1).unwrap_err().message;
        assert!(message.contains("64 deep"), "{message}");
    }
    // Every level of precedence in every bracket: the deepest recursion there is.
    let deepest = "1=1&1+1*1^-A1,A1 A1:(";
    assert!(nested(deepest, ")", MAX_BRACKET_DEPTH).is_ok());
    assert!(nested(deepest, ")", MAX_BRACKET_DEPTH + 1).is_err());
    assert!(nested("IF(1=1&1+1*1^-(A1 A1:(", ")))", 42).is_ok());
}

#[test]
fn long_chains_do_not_recurse() {
    for part in ["1+", "1^", "-", "+-", "1&", "A1:", "A1 ", "A1,", "1=", "--", "2*-"] {
        let text = format!("{}A1", repeated(&[part], 4_000));
        assert!(on_small_stack(text)[0].is_ok(), "{part}");
    }
    for part in ["%", "()", "(1)"] {
        let text = format!("f(1){}", repeated(&[part], 4_000));
        assert!(on_small_stack(text)[0].is_ok(), "{part}");
    }
    for text in [format!("{}A1", repeated(&["@"], 4_000)), format!("f(1){}", repeated(&["#"], 4_000))] {
        assert!(on_small_stack(text).remove(0).unwrap_err().message.contains("64 deep"));
    }
}

#[test]
fn a_formula_may_be_so_long_and_no_longer() {
    let longest = format!("=\"{}\"", "é".repeat(MAX_CHARS - 3));
    assert_eq!(longest.chars().count(), MAX_CHARS);
    assert!(parse(&longest, HOST, &Book, Mode::Workbook).is_ok());
    let longer = format!("{longest}&1");
    let error = parse(&longer, HOST, &Book, Mode::Workbook).unwrap_err();
    assert_eq!(error.message, "The formula is longer than 8192 characters.");
    assert!(parse_up_to(&longer, HOST, &Book, Mode::Workbook, 32_768).is_ok());
}

#[test]
fn a_formula_may_have_so_many_parts_and_no_more() {
    for part in ["1+", "-", "1,", "A1,"] {
        let text = format!("=f({}1)", repeated(&[part], 60_000));
        for result in on_small_stack(text) {
            assert!(result.is_err(), "{part}");
        }
    }
    let text = format!("={{{}1}}", repeated(&["1,"], 60_000));
    assert!(on_small_stack(text)[0].as_ref().unwrap_err().message.contains("16384 parts"));
}

#[test]
fn every_beginning_and_every_damage_of_a_formula_is_survived() {
    let texts = [
        "=SUM('It''s'!$A$1:B2,[1]Sheet1!A:A)*-2%^Table1[[#This Row],[a'#b]:[c]]&\"x\"\"y\"",
        "=LET(x,_xlfn.LAMBDA(_xlpm.a,_xlop.b,a+b)(1),{1,-2;\"a\",#N/A}#:@Größe.x!A1.:.B9 (C1,D1))",
        "@user.email&#id#+Jan:Mar!A1-'C:\\[b.xlsx]S'!#REF!",
    ];
    let marks = [
        '(', ')', '[', ']', '{', '}', '\'', '"', '#', '@', '!', ':', ',', ';', '$', ' ', 'é', '\0', '.', '%',
    ];
    for text in texts {
        for (at, _) in text.char_indices() {
            read_all(&text[..at]);
            for mark in marks {
                let damaged = format!("{}{mark}{}", &text[..at], &text[at..]);
                for formula in read_all(&damaged).iter().flatten() {
                    print(formula, HOST, &Book, Style::File);
                }
                template_key(&damaged, HOST, &mut Vec::new());
            }
        }
    }
}

//! The case files: text to tree, tree to text and back, and what is no formula.

use crate::support::{Book, HOST, cells, rows, shown};
use playsheet_formula::{
    Formula, Mode, ParseError, Separators, Style, parse, parse_a1_reference, parse_dotted_reference,
    parse_r1c1_reference, print, template_key,
};

const FILES: [(&str, Mode); 8] = [
    ("operators.tsv", Mode::Workbook),
    ("references.tsv", Mode::Workbook),
    ("names.tsv", Mode::Workbook),
    ("constants.tsv", Mode::Workbook),
    ("structured.tsv", Mode::Workbook),
    ("expressions.tsv", Mode::Expression),
    ("separators.tsv", Mode::Grid(Separators::Comma)),
    ("unquoted.tsv", Mode::Unquoted),
];

fn read(text: &str, mode: Mode) -> Result<Formula, ParseError> {
    parse(text, HOST, &Book, mode)
}

fn write(formula: &Formula, style: Style) -> String {
    print(formula, HOST, &Book, style)
}

fn good(text: &str, mode: Mode) -> Formula {
    read(text, mode).unwrap_or_else(|error| panic!("{text:?} at {:?}: {error}", error.span))
}

#[test]
fn text_becomes_the_right_tree() {
    for (file, mode) in FILES {
        for row in rows(file) {
            let [text, tree] = row.as_slice() else { panic!("{file}: {row:?}") };
            assert_eq!(shown(&good(text, mode)), *tree, "{file}: {text}");
        }
    }
}

#[test]
fn what_is_written_reads_back_as_the_same_tree() {
    for (file, mode) in FILES {
        let styles = match mode {
            Mode::Expression => vec![(Style::Expression, mode)],
            // Formulas are written with the separators of files.
            _ => vec![(Style::File, Mode::Workbook), (Style::Screen, Mode::Workbook)],
        };
        for row in rows(file) {
            let formula = good(&row[0], mode);
            for (style, mode) in &styles {
                let written = write(&formula, *style);
                let again = good(&written, *mode);
                assert_eq!(again, formula, "{file}: {} as {style:?} is {written}", row[0]);
                assert_eq!(write(&again, *style), written, "{file}: {}", row[0]);
            }
        }
    }
}

#[test]
fn the_leading_equals_sign_may_be_left_out() {
    for row in rows("operators.tsv") {
        let bare = row[0].trim_start_matches('=');
        assert_eq!(good(bare, Mode::Workbook), good(&row[0], Mode::Workbook), "{bare}");
    }
}

#[test]
fn the_point_grid_is_the_workbooks_grammar() {
    for row in rows("constants.tsv") {
        assert_eq!(good(&row[0], Mode::Grid(Separators::Point)), good(&row[0], Mode::Workbook));
    }
}

#[test]
fn files_and_the_screen_have_their_own_forms() {
    for row in rows("written.tsv") {
        let [text, file, screen] = row.as_slice() else { panic!("{row:?}") };
        let formula = good(text, Mode::Workbook);
        assert_eq!(write(&formula, Style::File), *file, "{text}");
        assert_eq!(write(&formula, Style::Screen), *screen, "{text}");
        assert_eq!(good(file, Mode::Workbook), formula, "{file}");
        assert_eq!(good(screen, Mode::Workbook), formula, "{screen}");
    }
}

#[test]
fn what_is_no_formula_is_explained() {
    for row in rows("bad.tsv") {
        let [text, span, message] = row.as_slice() else { panic!("{row:?}") };
        let (mode, text) = match text.split_once("] ") {
            Some(("[expression", text)) => (Mode::Expression, text),
            Some(("[comma", text)) => (Mode::Grid(Separators::Comma), text),
            _ => (Mode::Workbook, text.as_str()),
        };
        let error = read(text, mode).expect_err(text);
        assert_eq!(
            (&format!("{}..{}", error.span.start, error.span.end), &error.to_string()),
            (span, message),
            "{text}"
        );
        assert!(text.get(error.span.clone()).is_some(), "{text}: {:?}", error.span);
    }
}

#[test]
fn lone_references_are_read_in_both_styles() {
    for row in rows("lone-references.tsv") {
        let [style, text, expected] = row.as_slice() else { panic!("{row:?}") };
        let found = match style.as_str() {
            "a1" => parse_a1_reference(text, HOST, &Book),
            "dots" => parse_dotted_reference(text, HOST, &Book),
            _ => parse_r1c1_reference(text, &Book),
        };
        let found = found.as_ref().map_or("-".to_owned(), cells);
        assert_eq!(found, *expected, "{style} {text}");
    }
}

#[test]
fn references_of_a_formula_are_found() {
    let formula = good("=SUM(A1,Sheet2!B2:B9,(C1 D1))+Rate*Table1[Qty]", Mode::Workbook);
    let found: Vec<String> = formula.references().map(cells).collect();
    assert_eq!(found, ["R[-4]C[-2]", "<Sheet2>R[-3]C[-1]:R[4]C[-1]", "R[-4]C", "R[-4]C[1]"]);
}

#[test]
fn a_reference_that_falls_off_the_sheet_is_written_as_an_error() {
    let formula = good("=A1+Sheet1!A1:B9+$A$1", Mode::Workbook);
    let host = values::Cell::new(0, 0);
    assert_eq!(print(&formula, host, &Book, Style::Screen), "#REF!+#REF!+$A$1");
}

#[test]
fn equal_keys_mean_equal_trees_among_all_cases() {
    let mut known: Vec<(Vec<u8>, String, Formula)> = Vec::new();
    for (file, mode) in FILES {
        for row in rows(file).into_iter().filter(|_| mode == Mode::Workbook) {
            let formula = good(&row[0], mode);
            let mut key = Vec::new();
            template_key(&row[0], HOST, &mut key);
            for (other, text, tree) in &known {
                assert!(*other != key || *tree == formula, "{text} and {}", row[0]);
            }
            known.push((key, row[0].clone(), formula));
        }
    }
}

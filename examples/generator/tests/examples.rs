//! The committed workbooks are what the generator makes, again and again.

#![allow(clippy::expect_used, reason = "clippy lets test functions do so, but not what they call")]

use engine::Document;
use engine::formats::{Limits, NoteKind};
use engine::functions::Environment;
use playsheet_example_generator::EXAMPLES;
use std::path::{Path, PathBuf};

/// No example may grow into something that a clone notices.
const MOST_BYTES: usize = 60_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the generator lies in a folder").to_owned()
}

#[test]
fn the_committed_workbooks_are_what_the_generator_makes() {
    for example in EXAMPLES {
        let made = example.generate().expect(example.file_name);
        let committed = std::fs::read(folder().join(example.file_name)).expect(example.file_name);
        assert!(made == committed, "{} differs: run cargo xtask examples", example.file_name);
        assert!(made.len() < MOST_BYTES, "{} has {} bytes", example.file_name, made.len());
    }
}

#[test]
fn cached_values_are_what_the_formulas_give() {
    for example in EXAMPLES {
        let bytes = std::fs::read(folder().join(example.file_name)).expect(example.file_name);
        let document =
            Document::open(&bytes, example.file_name, &Limits::default()).expect(example.file_name);
        // Charts are drawn by apps from cells, so that those of the file are not shown is all there may be to say.
        let lost = document.report.notes.iter().find(|note| note.kind != NoteKind::NotShown);
        assert_eq!(lost, None, "{}", example.file_name);
        assert_eq!(document.model.unknown_names(), [], "{}", example.file_name);
        let mut session = document.session();
        session.invalidate();
        session.recalculate(&Environment::default(), engine::calc::Wanted::All);
        let workbook = document.model.workbook();
        let mut compared = 0;
        for (sheet, cell) in session.computed() {
            let (now, cached) = (session.value(sheet, cell), workbook.value(sheet, cell));
            let place = workbook.address(engine::values::Area::cell(sheet, cell));
            assert!(now.same(cached), "{} {place}: {now:?} is not {cached:?}", example.file_name);
            compared += 1;
        }
        assert!(compared > 5, "{} has hardly a formula", example.file_name);
    }
}

//! Small workbooks, calculated within a budget: it ends, the same comes out each time, copies give together what they
//! give one by one, and what follows from an input is what is calculated from nothing.

use crate::books::{CALC, assert_same, assert_sound, book, cell, has_chance, value};
use crate::choices::Choices;
use crate::grammar;
use engine::calc::{Ended, Model, Report, Session, Wanted};
use engine::functions::Environment;
use std::sync::Arc;

/// Units of work for one calculation.
const BUDGET: u64 = 60_000;
/// Inputs that are given one after the other.
const MOST_INPUTS: u32 = 4;

pub(crate) fn evaluator(data: &[u8]) {
    let mut choices = Choices::new(data);
    let environment =
        Environment { budget: BUDGET, seed: u64::from(choices.byte() & 3), ..Environment::default() };
    let inputs = choices.below(MOST_INPUTS);
    let inputs: Vec<_> =
        (0..inputs).map(|_| (cell(&mut choices), value(grammar::constant(&mut choices)))).collect();
    let book = Arc::new(book(&mut choices));
    let model = Arc::new(Model::new(Arc::clone(&book)));
    let mut session = Session::new(Arc::clone(&model));
    let report = afresh(&mut session, &environment);
    let mut again = Session::new(model);
    let second = afresh(&mut again, &environment);
    assert!(second.ended == report.ended, "{report:?} and {second:?}");
    assert_same(&session, &again, "calculated twice");
    assert_sound(&session);
    let mut singly = Session::new(Arc::new(Model::new(book).one_by_one()));
    let one_by_one = afresh(&mut singly, &environment);
    if is_whole(&report) && is_whole(&one_by_one) {
        assert_same(&session, &singly, "together and one by one");
    }
    let has_one_answer = !has_chance(&session);
    for (cell, value) in inputs {
        let what = format!("{cell} set to {value:?} and calculated from nothing");
        session.set(CALC, cell, value);
        let report = session.recalculate(&environment, Wanted::All);
        let mut fresh = session.clone();
        let whole = afresh(&mut fresh, &environment);
        if has_one_answer && is_whole(&report) && is_whole(&whole) {
            assert_same(&session, &fresh, &what);
        }
        assert_sound(&session);
    }
}

fn afresh(session: &mut Session, environment: &Environment) -> Report {
    session.invalidate();
    session.recalculate(environment, Wanted::All)
}

/// Whether all was calculated and no cell depends on itself: then there is one right answer.
fn is_whole(report: &Report) -> bool {
    report.ended == Ended::Done && report.circular.is_empty()
}

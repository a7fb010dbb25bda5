//! Runs the cases of `cases/*.txt`: what a workbook and a definition show, before and after each step.
//!
//! With `PLAYSHEET_UPDATE=1` in the environment the expectations are written anew; read what changed before you
//! commit it.

use crate::support::{self, Case, Running};
use playsheet_view::{Delta, Kind, View};

#[test]
fn every_case_shows_what_it_says() {
    let update = std::env::var_os("PLAYSHEET_UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in support::files() {
        let mut cases = support::read(&path);
        assert!(!cases.is_empty(), "{} has no cases", path.display());
        for case in &mut cases {
            wrong.extend(run(case));
        }
        if update {
            support::write(&path, &cases);
        }
    }
    assert!(update || wrong.is_empty(), "{} expectations differ:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// Runs a case; its expectations become what is seen, and what differed is told.
fn run(case: &mut Case) -> Vec<String> {
    let mut running = support::start(case);
    let mut wrong = Vec::new();
    let mut delta = Delta::default();
    let mut expectations = 0;
    for place in 0..case.lines.len() {
        let line = &case.lines[place];
        if let Some(command) = support::command(line) {
            let before = running.session.view().clone();
            delta = running.session.apply(&command);
            wrong.extend(consistent(case, place, before, &delta, &running));
        }
        let Some(seen) = seen(&case.lines[place].word, &case.lines[place].rest, &running, &delta) else {
            continue;
        };
        expectations += 1;
        let line = &mut case.lines[place];
        if line.block != seen {
            wrong.push(differing(&case.name, line, &seen));
            line.block = seen;
        }
    }
    assert!(expectations > 0, "{} expects nothing", case.name);
    wrong
}

fn seen(word: &str, rest: &str, running: &Running, delta: &Delta) -> Option<Vec<String>> {
    let view = running.session.view();
    Some(match (word, rest) {
        ("view", "") => support::view(view),
        ("view", id) => view.node(id).map_or_else(|| vec!["not shown".to_owned()], support::node),
        ("problems", _) => support::problems(running.session.problems()),
        ("delta", _) => support::delta(delta),
        _ => return None,
    })
}

/// After each step the delta leads to the same tree, and a session that was never anywhere else shows the same.
fn consistent(case: &Case, place: usize, mut before: View, delta: &Delta, running: &Running) -> Vec<String> {
    let line = &case.lines[place];
    let step = format!("{}, {} {}", case.name, line.word, line.rest);
    let mut wrong = Vec::new();
    before.apply(delta);
    if before != *running.session.view() {
        wrong.push(format!("{step}: the delta does not lead to the new tree"));
    }
    let (now, fresh) = (settled(running.session.view()), settled(support::fresh(running).view()));
    if support::view(&now) != support::view(&fresh) {
        wrong.push(format!(
            "{step}: a fresh session shows something else\n{}",
            support::view(&fresh).join("\n")
        ));
    }
    wrong
}

/// A view without what only the way to it explains: refused entries, changes, windows.
fn settled(view: &View) -> View {
    let mut view = view.clone();
    view.revision = 0;
    view.pages.iter_mut().for_each(settle);
    view
}

fn settle(node: &mut playsheet_view::Node) {
    match &mut node.kind {
        Kind::Input(input) => (input.text, input.message) = (String::new(), None),
        Kind::Output(output) => output.change.clear(),
        Kind::List(list) => {
            (list.rows, list.totals, list.search) = (Vec::new(), Vec::new(), String::new());
            (list.count, list.from, list.sort) = (0, 0, None);
        }
        _ => {}
    }
    node.children.iter_mut().for_each(settle);
}

fn differing(name: &str, line: &support::Line, seen: &[String]) -> String {
    let mut text = format!("{name}, {} {}:", line.word, line.rest);
    for expected in line.block.iter().filter(|expected| !seen.contains(expected)) {
        text += &format!("\n  - {expected}");
    }
    for now in seen.iter().filter(|now| !line.block.contains(now)) {
        text += &format!("\n  + {now}");
    }
    text
}

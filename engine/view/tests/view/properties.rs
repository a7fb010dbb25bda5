//! Whatever a person does, in whatever order: deltas lead to the tree that is shown, and what is shown follows from
//! the inputs alone.

use crate::support::{self, Case, Running};
use playsheet_view::{Command, Kind, Node, Scalar, View};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What a random command is made of: which one, at which node, with what.
type Roll = (u8, u8, u8);

/// The apps that are played with: the examples, and every app of the cases.
fn apps() -> Vec<Case> {
    support::files().into_iter().flat_map(|path| support::read(&path)).collect()
}

fn command(view: &View, (kind, node, with): Roll) -> Command {
    let nodes: Vec<&Node> = view.nodes().collect();
    let node = nodes[usize::from(node) % nodes.len()];
    // Sometimes a node that is not there, as when a click crosses an update.
    let id = if with == 255 { "nobody".to_owned() } else { node.id.clone() };
    let texts = [
        "", "1", "5", "12.5", "100", "7%", "TRUE", "words", "3/1/2027", "1.234,5", "e", "-4", "1e300", "0,1",
    ];
    let text = texts[usize::from(with) % texts.len()].to_owned();
    let value = match &node.kind {
        Kind::Input(input) if !input.choices.is_empty() => {
            input.choices[usize::from(with) % input.choices.len()].value.clone()
        }
        _ if with % 3 == 0 => Scalar::Bool(with % 2 == 0),
        _ if with % 7 == 0 => Scalar::Text(text.clone()),
        _ => Scalar::Number(f64::from(with) / 2.0 - 10.0),
    };
    match kind % 12 {
        0..=3 => Command::Type { id, text },
        4 | 5 => Command::Set { id, value },
        6 => Command::Reset { id },
        7 if with < 40 => Command::ResetAll,
        7 | 8 => Command::Undo,
        9 => Command::Redo,
        10 if with % 2 == 0 => Command::Window { id, from: u64::from(with), count: u64::from(with % 9) },
        10 => Command::Search { id, text },
        _ => Command::Sort { id, by: (with % 4 != 0).then_some((usize::from(with % 6), with % 2 == 0)) },
    }
}

/// Plays and holds every delta against the tree; gives what was done to lists.
fn play(running: &mut Running, rolls: &[Roll]) -> Result<Vec<Command>, TestCaseError> {
    let mut about_lists = Vec::new();
    for roll in rolls {
        let command = command(running.session.view(), *roll);
        let mut before = running.session.view().clone();
        let delta = running.session.apply(&command);
        before.apply(&delta);
        prop_assert!(
            before == *running.session.view(),
            "{command:?} gives a delta that leads elsewhere: {delta:?}"
        );
        let ids: BTreeMap<&str, usize> = before.nodes().fold(BTreeMap::new(), |mut ids, node| {
            *ids.entry(node.id.as_str()).or_default() += 1;
            ids
        });
        prop_assert!(ids.values().all(|count| *count == 1), "{command:?} shows an id twice: {ids:?}");
        if matches!(command, Command::Window { .. } | Command::Search { .. } | Command::Sort { .. }) {
            about_lists.push(command);
        }
    }
    Ok(about_lists)
}

/// What is shown, without what only the way to it explains.
fn settled(view: &View) -> Vec<String> {
    fn settle(node: &mut Node) {
        match &mut node.kind {
            Kind::Input(input) => (input.text, input.message) = (String::new(), None),
            Kind::Output(output) => output.change.clear(),
            _ => {}
        }
        node.children.iter_mut().for_each(settle);
    }
    let mut view = view.clone();
    view.pages.iter_mut().for_each(settle);
    support::view(&view)
}

#[test]
fn random_commands_keep_tree_and_cells_together() {
    let config = ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let apps = apps();
    assert!(apps.len() > 40, "only {} apps to play with", apps.len());
    let played = RefCell::new(BTreeMap::<String, usize>::new());
    let strategy = (any::<prop::sample::Index>(), prop::collection::vec(any::<Roll>(), 1..40));
    let outcome = runner.run(&strategy, |(app, rolls)| {
        let case = &apps[app.index(apps.len())];
        let mut running = support::start(case);
        let about_lists = play(&mut running, &rolls)?;
        let mut fresh = support::fresh(&running);
        for command in &about_lists {
            fresh.apply(command);
        }
        prop_assert_eq!(settled(running.session.view()), settled(fresh.view()), "{}", case.name);
        *played.borrow_mut().entry(case.name.clone()).or_default() += 1;
        Ok(())
    });
    outcome.unwrap();
    assert!(played.borrow().len() > 30, "few apps were played: {:?}", played.borrow());
}

#[test]
fn undoing_everything_leads_back_to_the_beginning() {
    for case in apps().iter().filter(|case| case.lines.iter().any(|line| line.word == "app")) {
        let mut running = support::start(case);
        let first = settled(running.session.view());
        for roll in (0..30_u8).map(|n| (n % 7, n.wrapping_mul(37), n.wrapping_mul(11))) {
            let command = command(running.session.view(), roll);
            running.session.apply(&command);
        }
        while running.session.can_undo_redo().0 {
            running.session.apply(&Command::Undo);
        }
        assert_eq!(settled(running.session.view()), first, "{}", case.name);
    }
}

#[test]
fn a_chart_shows_a_part_of_very_many_points() {
    let line =
        |word: &str, rest: &str| support::Line { word: word.into(), rest: rest.into(), block: Vec::new() };
    let app = r#"<app xmlns="urn:playsheet:app:1"><layout><chart id="c"><series ref="S!A1:A9000"/></chart></layout></app>"#;
    let mut lines = vec![line("sheet", "S")];
    lines.extend((1..=9_000).map(|row| line(&format!("A{row}:"), &row.to_string())));
    lines.push(support::Line { block: vec![app.to_owned()], ..line("app", "") });
    let running = support::start(&Case { name: "many points".into(), lines });
    let Kind::Chart(chart) = &running.session.view().node("c").unwrap().kind else { panic!("no chart") };
    assert_eq!((chart.series[0].values.len(), chart.categories.len()), (5_000, 5_000));
}

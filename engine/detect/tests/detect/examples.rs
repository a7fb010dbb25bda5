//! The examples: what must be proposed, and what may be besides.

use crate::workbooks;
use app_definitions::model::{Item, Node};
use playsheet_detect::{Found, Proposal, propose};
use serde::Deserialize;
use std::collections::BTreeMap;
use values::{Area, Rect};
use workbook::Workbook;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    file: String,
    kind: String,
    inputs: Vec<Cell>,
    #[serde(default)]
    may_inputs: Vec<String>,
    outputs: Vec<Cell>,
    #[serde(default)]
    may_outputs: Vec<String>,
    #[serde(default)]
    units: BTreeMap<String, String>,
    #[serde(default)]
    sections: Vec<String>,
    #[serde(default)]
    lists: Vec<String>,
    #[serde(default)]
    may_lists: Vec<String>,
    #[serde(default)]
    charts: Vec<Chart>,
    /// Whether other charts are fine.
    #[serde(default)]
    may_charts: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    at: String,
    caption: String,
    #[serde(default = "output")]
    inputtype: String,
    contenttype: String,
}

fn output() -> String {
    "output".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chart {
    categories: String,
    series: String,
}

#[test]
fn the_examples_are_proposed_as_a_person_would() {
    let all: Vec<Expected> = workbooks::cases("examples.json");
    let mut wrong = Vec::new();
    for expected in &all {
        let model = workbooks::example(&expected.file);
        let proposal = propose(&model, expected.file.trim_end_matches(".xlsx"));
        let problems = check(expected, &proposal, model.workbook());
        wrong.extend(problems.into_iter().map(|problem| format!("{}: {problem}", expected.file)));
    }
    assert_eq!(all.len(), 6);
    assert!(wrong.is_empty(), "{} expectations are not met:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(expected: &Expected, proposal: &Proposal, workbook: &Workbook) -> Vec<String> {
    let mut wrong = Vec::new();
    if proposal.kind != expected.kind {
        wrong.push(format!("kind {} is not {}", proposal.kind, expected.kind));
    }
    wrong.extend(cells("input", &expected.inputs, &expected.may_inputs, &proposal.inputs, workbook));
    wrong.extend(cells("output", &expected.outputs, &expected.may_outputs, &proposal.outputs, workbook));
    let lists: Vec<String> =
        proposal.lists.iter().map(|list| workbooks::address(workbook, &list.sheet, &list.range)).collect();
    for list in &expected.lists {
        if !lists.contains(list) {
            wrong.push(format!("no list {list}"));
        }
    }
    for list in &lists {
        if !expected.lists.contains(list) && !expected.may_lists.contains(list) {
            wrong.push(format!("a list {list}"));
        }
    }
    let charts: Vec<(String, String)> = proposal
        .charts
        .iter()
        .flat_map(|chart| {
            chart.series.iter().map(|series| (chart.categories.clone().unwrap_or_default(), series.clone()))
        })
        .collect();
    for chart in &expected.charts {
        if !charts.contains(&(chart.categories.clone(), chart.series.clone())) {
            wrong.push(format!("no series {} over {}", chart.series, chart.categories));
        }
    }
    if !expected.may_charts && charts.len() > expected.charts.len() {
        wrong.push(format!("more charts than asked for: {charts:?}"));
    }
    wrong.extend(units_and_sections(expected, proposal));
    wrong
}

fn cells(what: &str, must: &[Cell], may: &[String], found: &[Found], workbook: &Workbook) -> Vec<String> {
    let mut wrong = Vec::new();
    let place = |found: &Found| workbooks::address(workbook, &found.sheet, &found.cell);
    for cell in must {
        let Some(proposed) = found.iter().find(|found| place(found) == cell.at) else {
            wrong.push(format!("no {what} {} ({})", cell.at, cell.caption));
            continue;
        };
        let pairs = [
            (&proposed.caption, &cell.caption),
            (&proposed.inputtype, &cell.inputtype),
            (&proposed.contenttype, &cell.contenttype),
        ];
        let differing = pairs.iter().filter(|(a, b)| a != b);
        wrong.extend(differing.map(|(now, wanted)| format!("{what} {}: {now} is not {wanted}", cell.at)));
    }
    for proposed in found {
        let at = place(proposed);
        let allowed = must.iter().any(|cell| cell.at == at) || may.iter().any(|range| covers(range, &at));
        if !allowed {
            wrong.push(format!("an {what} {at} ({}): {}", proposed.caption, proposed.reason));
        }
    }
    wrong
}

/// Whether `Sheet!B2:C9` covers `Sheet!B3`.
fn covers(range: &str, at: &str) -> bool {
    let split = |text: &str| {
        let (sheet, rect) = text.rsplit_once('!').unwrap();
        (sheet.to_owned(), rect.parse::<Rect>().unwrap())
    };
    let ((sheet, range), (on, cell)) = (split(range), split(at));
    sheet == on && range.covers(cell)
}

fn units_and_sections(expected: &Expected, proposal: &Proposal) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, unit) in &expected.units {
        let found = workbooks::item_at(&proposal.app, at).and_then(|item: &Item| item.unit.as_ref());
        if found.map(app_definitions::model::Caption::words) != Some(unit) {
            wrong.push(format!("unit of {at}: {found:?} is not {unit}"));
        }
    }
    let sections: Vec<&str> = proposal.app.nodes().filter_map(workbooks::section).collect();
    for section in &expected.sections {
        if !sections.contains(&section.as_str()) {
            wrong.push(format!("no section {section} among {sections:?}"));
        }
    }
    wrong
}

#[test]
fn proposed_definitions_read_back_and_find_their_cells() {
    for file in ["bmi", "loan", "quote", "catalogue", "budget", "shifts"] {
        let model = workbooks::example(&format!("{file}.xlsx"));
        let proposal = propose(&model, file);
        let xml = app_definitions::write(&proposal.app);
        let (read, diagnostics) = app_definitions::read(&xml, &app_definitions::Limits::default());
        let said: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.render(file)).collect();
        assert!(said.is_empty(), "{file}: {}", said.join("\n"));
        assert_eq!(app_definitions::write(&read.unwrap()), xml, "{file}");
        let found = proposal.inputs.len() + proposal.outputs.len();
        assert_eq!(proposal.app.items().count(), found, "{file}");
        let lists = proposal.app.nodes().filter(|node| matches!(node, Node::List(_))).count();
        assert_eq!(lists, proposal.lists.len(), "{file}");
        // The same workbook gives the same proposal.
        assert_eq!(app_definitions::write(&propose(&model, file).app), xml, "{file}");
        assert!(workbooks::all_named(&proposal.app), "{file}: an item without a caption");
        let area =
            |found: &Found| Area::cell(workbooks::sheet(&model, &found.sheet), found.cell.parse().unwrap());
        let formulas = proposal.outputs.iter().filter(|found| {
            let area = area(found);
            model.is_formula(area.sheet, area.rect.first())
        });
        assert_eq!(formulas.count(), proposal.outputs.len(), "{file}: an output that nothing computes");
    }
}

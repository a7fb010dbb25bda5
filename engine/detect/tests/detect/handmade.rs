//! One rule at a time: small workbooks as data, and what must come of them.

use crate::workbooks::{self, Made};
use app_definitions::Reference;
use playsheet_detect::{Found, Proposal, propose};
use serde::Deserialize;
use std::collections::BTreeMap;
use workbook::Workbook;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(flatten)]
    made: Made,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    kind: Option<String>,
    /// `Sheet!B1 Caption`, all of them in order.
    inputs: Option<Vec<String>>,
    outputs: Option<Vec<String>>,
    /// `Sheet!A1:C4 Header contenttype, …`
    lists: Option<Vec<String>>,
    /// `column Sheet!B2:B4 over Sheet!A2:A4`
    charts: Option<Vec<String>>,
    /// `kind Sheet!B2: message`, those of other kinds left out.
    warnings: Option<Vec<String>>,
    declined: Option<String>,
    /// By cell: the reason, word for word.
    #[serde(default)]
    reasons: BTreeMap<String, String>,
    /// By cell: `inputtype contenttype`.
    #[serde(default)]
    types: BTreeMap<String, String>,
    /// By cell: the unit, empty for none.
    #[serde(default)]
    units: BTreeMap<String, String>,
    /// By cell: the name that the definition binds to.
    #[serde(default)]
    binds: BTreeMap<String, String>,
    /// Sections in order.
    sections: Option<Vec<String>>,
    title: Option<String>,
    alternatives_at_least: Option<usize>,
}

#[test]
fn every_case_is_proposed_as_it_says() {
    let cases: Vec<Case> = workbooks::cases("handmade.json");
    assert!(cases.len() > 20);
    let mut wrong = Vec::new();
    for case in &cases {
        let model = workbooks::model(&case.made);
        let proposal = propose(&model, "small_example");
        let problems = check(&case.expect, &proposal, model.workbook());
        wrong.extend(problems.into_iter().map(|problem| format!("{}: {problem}", case.name)));
    }
    assert!(wrong.is_empty(), "{} expectations are not met:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(expected: &Expected, proposal: &Proposal, workbook: &Workbook) -> Vec<String> {
    let place = |found: &Found| workbooks::address(workbook, &found.sheet, &found.cell);
    let named = |all: &[Found]| {
        all.iter().map(|found| format!("{} {}", place(found), found.caption)).collect::<Vec<_>>()
    };
    let mut wrong = Vec::new();
    let mut same = |what: &str, expected: Option<&Vec<String>>, now: Vec<String>| {
        if let Some(expected) = expected.filter(|expected| **expected != now) {
            wrong.push(format!("{what}: {now:?} is not {expected:?}"));
        }
    };
    same(
        "kind",
        expected.kind.as_ref().map(|kind| vec![kind.clone()]).as_ref(),
        vec![proposal.kind.to_owned()],
    );
    same("inputs", expected.inputs.as_ref(), named(&proposal.inputs));
    same("outputs", expected.outputs.as_ref(), named(&proposal.outputs));
    same("lists", expected.lists.as_ref(), lists(proposal, workbook));
    same("charts", expected.charts.as_ref(), charts(proposal));
    same("warnings", expected.warnings.as_ref(), warnings(proposal));
    let declined = proposal.declined.iter().cloned().collect();
    same("declined", Some(&expected.declined.iter().cloned().collect()), declined);
    let sections = proposal.app.nodes().filter_map(workbooks::section).map(str::to_owned).collect();
    same("sections", expected.sections.as_ref(), sections);
    let title = proposal.app.meta.name.as_ref().map(|name| name.words().to_owned());
    same(
        "title",
        expected.title.as_ref().map(|title| vec![title.clone()]).as_ref(),
        title.into_iter().collect(),
    );
    if expected.alternatives_at_least.is_some_and(|least| proposal.alternatives.len() < least) {
        wrong.push(format!("only {} alternatives", proposal.alternatives.len()));
    }
    wrong.extend(by_cell(expected, proposal, workbook));
    wrong
}

fn by_cell(expected: &Expected, proposal: &Proposal, workbook: &Workbook) -> Vec<String> {
    let mut wrong = Vec::new();
    let all = || proposal.inputs.iter().chain(&proposal.outputs);
    let found = |at: &str| all().find(|found| workbooks::address(workbook, &found.sheet, &found.cell) == at);
    for (at, reason) in &expected.reasons {
        let now = found(at).map_or("", |found| found.reason.as_str());
        if now != reason {
            wrong.push(format!("reason of {at}: {now} is not {reason}"));
        }
    }
    for (at, types) in &expected.types {
        let now = found(at).map(|found| format!("{} {}", found.inputtype, found.contenttype));
        if now.as_ref() != Some(types) {
            wrong.push(format!("types of {at}: {now:?} is not {types}"));
        }
    }
    for (at, unit) in &expected.units {
        let item = workbooks::item_at(&proposal.app, at);
        let now = item.and_then(|item| item.unit.as_ref()).map_or("", app_definitions::model::Caption::words);
        if item.is_none() || now != unit {
            wrong.push(format!("unit of {at}: {now:?} is not {unit:?}"));
        }
    }
    for (at, name) in &expected.binds {
        let bind = workbooks::item_at(&proposal.app, at).and_then(|item| match &item.target {
            Some(Reference::Bind(id)) => proposal.app.bind(id),
            _ => None,
        });
        let now = bind.and_then(|bind| bind.name.as_ref());
        if now != Some(name) {
            wrong.push(format!("bind of {at}: {now:?} is not {name}"));
        }
    }
    wrong
}

fn lists(proposal: &Proposal, workbook: &Workbook) -> Vec<String> {
    let line = |list: &playsheet_detect::Listed| {
        let columns = list.columns.iter().map(|column| format!("{} {}", column.header, column.contenttype));
        let columns = columns.collect::<Vec<_>>().join(", ");
        format!("{} {columns}", workbooks::address(workbook, &list.sheet, &list.range))
    };
    proposal.lists.iter().map(line).collect()
}

fn charts(proposal: &Proposal) -> Vec<String> {
    let line = |chart: &playsheet_detect::Charted| {
        let categories = chart.categories.clone().unwrap_or_default();
        format!("{} {} over {categories}", chart.kind, chart.series.join(", "))
    };
    proposal.charts.iter().map(line).collect()
}

fn warnings(proposal: &Proposal) -> Vec<String> {
    let line = |warning: &playsheet_detect::Warning| {
        format!("{} {}!{}: {}", warning.kind, warning.sheet, warning.cell, warning.message)
    };
    proposal.warnings.iter().map(line).collect()
}

//! The proposal: the best of what was found, as a definition, with the reasons beside it.

use crate::charts::{self, ListChart};
use crate::definition::Definition;
use crate::facts::Facts;
use crate::inputs::{self, Candidate};
use crate::labels::in_words;
use crate::lists::{self, ListRange};
use crate::proposal::{Charted, Found, Listed, ListedColumn, Proposal};
use crate::{outputs, warnings};
use app_definitions::Word;
use app_definitions::model::Mode;
use calc::Model;
use std::sync::Arc;
use values::{Area, Rect, SheetId};

/// More than these in an app are a burden; the rest are offered as alternatives.
const MOST_INPUTS: usize = 30;
const MOST_OUTPUTS: usize = 20;
const MOST_ALTERNATIVES: usize = 50;
/// What is below is offered, not proposed.
const ENOUGH: f64 = 0.5;
/// What is below is not even offered.
const WORTH_OFFERING: f64 = 0.3;

/// Proposes an app for a workbook. `name` is the file's name without its ending; the app is called so where the
/// workbook has no title.
pub fn propose(model: &Arc<Model>, name: &str) -> Proposal {
    let facts = Facts::new(model);
    let lists = lists::find(&facts);
    let taken: Vec<(SheetId, Rect)> = lists.iter().map(|list| (list.sheet, list.rect)).collect();
    let (inputs, mut rest) = choose(inputs::inputs(&facts, &lists), MOST_INPUTS);
    let (outputs, more) = choose(outputs::outputs(&facts, &taken), MOST_OUTPUTS);
    rest.extend(more);
    let title = facts.title().unwrap_or_else(|| in_words(name));
    let mut definition = Definition::new(&facts, &title);
    let mut proposal = Proposal { warnings: warnings::find(&facts, &outputs), ..Proposal::default() };
    proposal.alternatives = rest.iter().map(|candidate| found(&facts, candidate)).collect();
    if inputs.is_empty() && outputs.is_empty() && lists.is_empty() {
        proposal.kind = "none";
        proposal.declined = Some(why_nothing(&facts));
        proposal.app = definition.app;
        return proposal;
    }
    definition.calculator(&inputs, &outputs);
    let charts: Vec<Option<ListChart<'_>>> = lists.iter().map(|list| charts::suggest(&facts, list)).collect();
    for (list, chart) in lists.iter().zip(&charts) {
        definition.list(list, chart.as_ref());
        proposal.charts.extend(chart.as_ref().map(|chart| charted(&facts, list, chart)));
    }
    let mode = mode(&facts, &inputs, &outputs, &lists, &charts);
    proposal.kind = mode.word();
    proposal.inputs = inputs.iter().map(|candidate| found(&facts, candidate)).collect();
    proposal.outputs = outputs.iter().map(|candidate| found(&facts, candidate)).collect();
    proposal.lists = lists.iter().map(|list| listed(&facts, list)).collect();
    proposal.app = definition.app;
    proposal.app.mode = mode;
    proposal.app.assign_ids();
    proposal
}

impl Candidate {
    /// What it is called: its label, else its name in words, else its cell.
    pub(crate) fn caption(&self) -> String {
        let label = self.label.as_ref().map(|label| label.text.clone());
        label.or_else(|| self.name.as_deref().map(in_words)).unwrap_or_else(|| self.cell.to_string())
    }
}

/// The best candidates in the order of the sheet, and the others.
fn choose(mut all: Vec<Candidate>, most: usize) -> (Vec<Candidate>, Vec<Candidate>) {
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.sheet, a.cell).cmp(&(b.sheet, b.cell))));
    let good = all.iter().take_while(|candidate| candidate.score >= ENOUGH).count().min(most);
    let rest = all.split_off(good);
    all.sort_by_key(|candidate| (candidate.sheet, candidate.cell));
    let offered = rest.into_iter().filter(|candidate| candidate.score >= WORTH_OFFERING);
    (all, offered.take(MOST_ALTERNATIVES).collect())
}

/// What kind of app it is. A dashboard is a sheet that calls itself so, or results over a chart with nothing to enter.
fn mode(
    facts: &Facts<'_>,
    inputs: &[Candidate],
    outputs: &[Candidate],
    lists: &[ListRange],
    charts: &[Option<ListChart<'_>>],
) -> Mode {
    let calls_itself = |sheet: SheetId| {
        let name = facts.sheet_name(sheet).to_lowercase();
        ["dashboard", "cockpit", "kpi"].iter().any(|word| name.contains(word))
    };
    let named = outputs.iter().any(|output| calls_itself(output.sheet));
    let charted = lists.iter().zip(charts).filter(|(_, chart)| chart.is_some()).map(|(list, _)| list.sheet);
    let beside =
        charted.filter(|sheet| outputs.iter().filter(|output| output.sheet == *sheet).count() >= 3).count();
    match (inputs.is_empty() && outputs.is_empty(), lists.is_empty()) {
        (true, _) => Mode::List,
        (false, true) => Mode::Calculator,
        _ if named || (inputs.is_empty() && beside > 0) => Mode::Dashboard,
        _ => Mode::Combined,
    }
}

fn found(facts: &Facts<'_>, candidate: &Candidate) -> Found {
    Found {
        sheet: facts.sheet_name(candidate.sheet).to_owned(),
        cell: candidate.cell.to_string(),
        caption: candidate.caption(),
        inputtype: candidate.input_type.word().to_owned(),
        contenttype: candidate.content.word().to_owned(),
        reason: candidate.reason.clone(),
        score: rounded(candidate.score),
    }
}

fn listed(facts: &Facts<'_>, list: &ListRange) -> Listed {
    let column = |column: &lists::ListColumn| ListedColumn {
        header: column.header.clone(),
        contenttype: column.content.word().to_owned(),
    };
    Listed {
        sheet: facts.sheet_name(list.sheet).to_owned(),
        range: list.rect.to_string(),
        columns: list.columns.iter().map(column).collect(),
        reason: list.reason.clone(),
        score: rounded(list.score),
    }
}

fn charted(facts: &Facts<'_>, list: &ListRange, chart: &ListChart<'_>) -> Charted {
    let place = |column: &lists::ListColumn| {
        facts.workbook.address(Area { sheet: list.sheet, rect: charts::column_rect(list, column) })
    };
    Charted {
        kind: chart.kind.word().to_owned(),
        series: chart.series.iter().map(|column| place(column)).collect(),
        categories: Some(place(chart.categories)),
        reason: chart.reason.clone(),
        score: 0.6,
    }
}

fn rounded(score: f64) -> f64 {
    (score * 100.0 + 0.5).floor() / 100.0
}

fn why_nothing(facts: &Facts<'_>) -> String {
    let values = facts.workbook.sheets.iter().any(|sheet| sheet.used().is_some());
    let formulas =
        facts.workbook.sheets.iter().any(|sheet| !sheet.formulas.is_empty() || !sheet.arrays.is_empty());
    match (values, formulas) {
        (false, _) => "The spreadsheet is empty.".to_owned(),
        (true, false) => {
            "The spreadsheet has no formulas and no table with headers, so there is nothing to calculate \
                          or to list. Add headers above the columns, or formulas."
                .to_owned()
        }
        (true, true) => {
            "No cell stands out as an input or a result. Name the cells that matter, or label them on \
                         their left."
                .to_owned()
        }
    }
}

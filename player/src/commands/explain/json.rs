//! The explanation as JSON: a tree of cells, each with what its formula reads.

use super::Report;
use crate::input::json_value;
use engine::calc::{Cut, Origin, Part, PartKind, Step, Summary};
use engine::values::{Area, Cell, SheetId, Value};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Answer {
    #[serde(flatten)]
    step: StepJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_source: Option<SourceJson>,
    dependents: Vec<DependentJson>,
    #[serde(skip_serializing_if = "is_zero")]
    more_dependents: usize,
}

#[derive(Serialize)]
struct SourceJson {
    sheet: String,
    cell: String,
    error: &'static str,
    formula: Option<String>,
    reason: Option<String>,
    /// How many formulas away.
    distance: usize,
    /// `false` where a limit ended the search.
    certain: bool,
}

#[derive(Serialize)]
struct DependentJson {
    sheet: String,
    range: String,
    formula: Option<String>,
    #[serde(flatten)]
    summary: SummaryJson,
}

/// A value or an error, as `recalc` writes them.
#[derive(Serialize)]
struct ValueJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

#[derive(Serialize)]
struct StepJson {
    sheet: String,
    cell: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(flatten)]
    value: ValueJson,
    /// As the cell shows it.
    text: String,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    circular: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reads: Vec<PartJson>,
    #[serde(skip_serializing_if = "is_zero")]
    more_reads: usize,
}

#[derive(Serialize)]
struct PartJson {
    /// As the formula writes it.
    text: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    definition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    areas: Vec<String>,
    used: bool,
    #[serde(flatten)]
    value: Option<ValueJson>,
    #[serde(flatten)]
    summary: Option<SummaryJson>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    example: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cells: Vec<StepJson>,
    #[serde(skip_serializing_if = "is_zero")]
    more_cells: usize,
}

#[derive(Serialize)]
struct SummaryJson {
    count: u64,
    filled: u64,
    formulas: u64,
    numbers: u64,
    sum: f64,
    errors: u64,
    first: Vec<FirstJson>,
    /// `false` where a limit ended the count.
    whole: bool,
}

#[derive(Serialize)]
struct FirstJson {
    cell: String,
    #[serde(flatten)]
    value: ValueJson,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

pub(super) fn answer(report: &Report<'_>) -> Option<Answer> {
    let root = report.explanation.steps.first()?;
    let source = report.explanation.error.as_ref().map(|source| SourceJson {
        sheet: report.sheet_name(source.sheet).to_owned(),
        cell: source.cell.to_string(),
        error: source.error.as_str(),
        formula: report.session.model().formula_text(source.sheet, source.cell),
        reason: report.reason.clone(),
        distance: source.distance,
        certain: source.is_certain,
    });
    let dependents = report.dependents.iter().map(|dependent| DependentJson {
        sheet: report.sheet_name(dependent.area.sheet).to_owned(),
        range: dependent.area.rect.to_string(),
        formula: dependent.formula.clone(),
        summary: summary(report, &dependent.summary),
    });
    Some(Answer {
        step: step(report, root),
        error_source: source,
        dependents: dependents.collect(),
        more_dependents: report.more_dependents,
    })
}

fn value(value: &Value) -> ValueJson {
    match value.error() {
        Some(error) => ValueJson { value: None, error: Some(error.as_str()) },
        None => ValueJson { value: Some(json_value(value)), error: None },
    }
}

/// A cell with all that the tree holds behind it; as deep as the explanation's own limit.
fn step(report: &Report<'_>, step: &Step) -> StepJson {
    StepJson {
        sheet: report.sheet_name(step.sheet).to_owned(),
        cell: step.cell.to_string(),
        caption: step.caption.as_ref().map(|caption| caption.text.clone()),
        value: value(&step.value),
        text: report.shown(step.sheet, step.cell, &step.value),
        origin: match step.origin {
            Origin::Empty => "empty",
            Origin::Constant => "constant",
            Origin::Input { .. } => "input",
            Origin::Formula => "formula",
            Origin::Spilled { .. } => "spilled",
            Origin::DataTable => "data-table",
        },
        formula: step.formula.clone(),
        circular: step.is_circular,
        cut: step.cut.map(|cut| match cut {
            Cut::Repeated => "repeated",
            Cut::Depth => "depth",
            Cut::Steps => "steps",
            Cut::Caption => "caption",
        }),
        reads: step.parts.iter().map(|part| self::part(report, part)).collect(),
        more_reads: step.more_parts,
    }
}

fn part(report: &Report<'_>, part: &Part) -> PartJson {
    let traced = &part.traced;
    let (kind, definition, input) = match &traced.kind {
        PartKind::Cells => ("cells", None, None),
        PartKind::Name { definition } => ("name", Some(definition.clone()), None),
        PartKind::Found => ("found", None, None),
        PartKind::Anchor => ("anchor", None, None),
        PartKind::Tried => ("tried", None, None),
        PartKind::PutInto { input } => ("put-into", None, Some(input.to_string())),
        PartKind::InTheWay => ("in-the-way", None, None),
        PartKind::External => ("external", None, None),
        PartKind::Broken => ("broken", None, None),
    };
    let summary = (traced.summary.cells > 1).then(|| summary(report, &traced.summary));
    let steps = part.steps.iter().filter_map(|place| report.explanation.steps.get(*place));
    PartJson {
        text: traced.text.clone(),
        kind,
        definition,
        input,
        areas: traced.areas.iter().map(|area: &Area| report.workbook.address(*area)).collect(),
        used: traced.is_used,
        value: traced.value.as_ref().map(value),
        summary,
        example: part.is_example && !part.steps.is_empty(),
        cells: steps.map(|step| self::step(report, step)).collect(),
        more_cells: part.more_steps,
    }
}

fn summary(report: &Report<'_>, summary: &Summary) -> SummaryJson {
    let first = |(sheet, cell, content): &(SheetId, Cell, Value)| FirstJson {
        cell: report.address(*sheet, *cell),
        value: value(content),
    };
    SummaryJson {
        count: summary.cells,
        filled: summary.filled,
        formulas: summary.formulas,
        numbers: summary.numbers,
        sum: summary.sum,
        errors: summary.errors,
        first: summary.first.iter().map(first).collect(),
        whole: summary.is_whole,
    }
}

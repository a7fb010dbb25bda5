//! The explanation as a tree to read: cells and values on the left, formulas in a column of their own.

use super::Report;
use engine::calc::{Cut, ErrorSource, Origin, Part, PartKind, Step, Summary, Traced};
use engine::values::{Area, Cell, SheetId, Value};
use std::collections::HashSet;
use std::fmt::Write;

/// The formulas' column starts here at the latest; longer lines push theirs to the right.
const WIDEST_LEFT: usize = 60;
/// A formula or text that is longer is cut.
const LONGEST: usize = 120;
/// So many values of a range are named.
const MOST_NAMED: usize = 3;
/// So many formulas that use the cell are named.
const MOST_DEPENDENTS: usize = 5;

/// The whole answer.
pub(super) fn tree(report: &Report<'_>) -> String {
    let Some(root) = report.explanation.steps.first() else { return String::new() };
    let mut tree = Tree { report, home: root.sheet, lines: Vec::new(), explained: HashSet::new() };
    let root_line = format!("{} ", report.address(root.sheet, root.cell));
    tree.step(root, &root_line, &Place::default());
    let mut out = tree.print();
    if let Some(source) = &report.explanation.error {
        let _ = write!(out, "\n{}\n", error_line(report, root, source));
    }
    out.push_str(&dependents(report, root.sheet));
    out
}

/// Where a line stands: what precedes it, and what precedes the lines below it.
#[derive(Default)]
struct Place {
    this: String,
    below: String,
}

impl Place {
    fn child(&self, is_last: bool) -> Place {
        let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        Place { this: format!("{}{branch}", self.below), below: format!("{}{below}", self.below) }
    }
}

struct Tree<'a> {
    report: &'a Report<'a>,
    /// The sheet whose name goes without saying.
    home: SheetId,
    lines: Vec<(String, String)>,
    /// Cells whose formula was opened already.
    explained: HashSet<(SheetId, Cell)>,
}

impl Tree<'_> {
    /// A cell and all behind it. `name` is how it is called, with a blank behind.
    fn step(&mut self, step: &Step, name: &str, place: &Place) {
        let caption =
            step.caption.as_ref().map(|caption| format!(" {}", clip(&caption.text))).unwrap_or_default();
        let value = self.value(step.sheet, step.cell, &step.value);
        let left = format!("{}{}{caption} = {value}", place.this, name.trim_end());
        self.lines.push((left, self.remark(step)));
        if step.cut.is_none() && step.origin.is_computed() {
            self.explained.insert((step.sheet, step.cell));
        }
        for (index, part) in step.parts.iter().enumerate() {
            let is_last = index + 1 == step.parts.len() && step.more_parts == 0;
            self.part(part, &place.child(is_last));
        }
        if step.more_parts > 0 {
            self.lines
                .push((format!("{}… and {} more", place.child(true).this, step.more_parts), String::new()));
        }
    }

    /// What stands in the column of formulas.
    fn remark(&self, step: &Step) -> String {
        let formula = step.formula.as_deref().map(clip);
        let mut remark = match (step.origin, formula) {
            (Origin::Input { covers_formula: true }, Some(formula)) => format!("set, in place of {formula}"),
            (Origin::Input { .. }, _) => "set".to_owned(),
            (Origin::Spilled { anchor }, _) => format!("filled by {anchor}"),
            (_, formula) => formula.unwrap_or_default(),
        };
        if step.is_circular {
            remark.push_str("  (depends on itself)");
        }
        match step.cut {
            Some(Cut::Repeated) if self.explained.contains(&(step.sheet, step.cell)) => {
                remark.push_str("  (see above)");
            }
            Some(Cut::Repeated) => remark.push_str("  (see below)"),
            Some(Cut::Depth | Cut::Steps | Cut::Caption) => remark.push_str("  …"),
            None => {}
        }
        remark
    }

    fn part(&mut self, part: &Part, place: &Place) {
        let report = self.report;
        let steps: Vec<&Step> =
            part.steps.iter().filter_map(|at| report.explanation.steps.get(*at)).collect();
        if let ([step], [area]) = (steps.as_slice(), part.traced.areas.as_slice())
            && area.rect.is_cell()
        {
            let name = self.called(&part.traced, *area);
            let before = self.lines.len();
            self.step(step, &name, place);
            let how = how(&part.traced.kind);
            if let Some((_, remark)) = self.lines.get_mut(before).filter(|_| !how.is_empty()) {
                *remark = format!("{how}  {remark}").trim_end().to_owned();
            }
            return;
        }
        let line = self.range(&part.traced, place);
        self.lines.push(line);
        for (index, step) in steps.iter().enumerate() {
            let prefix = if part.is_example { "such as " } else { "" };
            let name = format!("{prefix}{} ", self.address(Area::cell(step.sheet, step.cell)));
            self.step(step, &name, &place.child(index + 1 == steps.len() && part.more_steps == 0));
        }
        if part.more_steps > 0 {
            let left = format!("{}… and {} more", place.child(true).this, part.more_steps);
            self.lines.push((left, String::new()));
        }
    }

    /// A line for what is not one followed cell.
    fn range(&self, traced: &Traced, place: &Place) -> (String, String) {
        let mut left = format!("{}{}", place.this, clip(&traced.text));
        let mut right = Vec::new();
        if let PartKind::Name { definition } = &traced.kind {
            right.push(clip(definition));
        }
        match &traced.value {
            Some(value) => {
                let at = traced.areas.first().map(|area| (area.sheet, area.rect.first()));
                let is_cell = traced.summary.cells == 1 && !matches!(traced.kind, PartKind::Name { .. });
                let value = match at.filter(|_| is_cell) {
                    Some((sheet, cell)) => self.value(sheet, cell, value),
                    None => self.bare(value),
                };
                let _ = write!(left, " = {value}");
            }
            None if traced.summary.cells > 0 => {
                let _ = write!(left, "  {}", self.counts(&traced.summary));
                right.push(self.first(&traced.summary));
            }
            None => {}
        }
        right.push(how(&traced.kind));
        if !traced.is_used {
            right.push("not used".to_owned());
        }
        right.retain(|text| !text.is_empty());
        (left, right.join("  "))
    }

    fn counts(&self, summary: &Summary) -> String {
        let number = |count: u64| self.bare(&Value::Number(count as f64));
        let mut text = match (summary.is_whole, summary.filled == summary.cells) {
            (true, true) => format!("{} cells", number(summary.cells)),
            (true, false) if summary.filled == 0 => format!("{} empty cells", number(summary.cells)),
            (true, false) => format!("{} of {} cells filled", number(summary.filled), number(summary.cells)),
            (false, _) => format!("{} cells, too many to count", number(summary.cells)),
        };
        let first = summary.first.iter().find(|(_, _, value)| matches!(value, Value::Number(_)));
        if let Some((sheet, cell, _)) = first.filter(|_| summary.numbers > 1 && summary.is_whole) {
            let _ = write!(text, ", sum {}", self.report.shown(*sheet, *cell, &Value::Number(summary.sum)));
        }
        match summary.errors {
            0 => {}
            1 => text.push_str(", 1 error"),
            many => {
                let _ = write!(text, ", {} errors", number(many));
            }
        }
        text
    }

    /// The first values of a range: all where they are few.
    fn first(&self, summary: &Summary) -> String {
        let all = summary.filled <= summary.first.len() as u64;
        let named = if all { summary.first.len() } else { MOST_NAMED };
        let values = summary.first.iter().take(named);
        let mut texts: Vec<String> =
            values.map(|(sheet, cell, value)| self.value(*sheet, *cell, value)).collect();
        if !all {
            texts.push("…".to_owned());
        }
        clip(&texts.join(", "))
    }

    /// How the formula calls a cell and where that is, where the two differ.
    fn called(&self, traced: &Traced, area: Area) -> String {
        let address = self.address(area);
        let written = traced.text.replace('$', "");
        let is_plain = written == area.rect.to_string() || written == self.report.workbook.address(area);
        if is_plain || written == address { address } else { format!("{} → {address}", clip(&traced.text)) }
    }

    fn address(&self, area: Area) -> String {
        if area.sheet == self.home { area.rect.to_string() } else { self.report.workbook.address(area) }
    }

    /// A value as its cell shows it; text in quotation marks.
    fn value(&self, sheet: SheetId, cell: Cell, value: &Value) -> String {
        match value {
            Value::Number(_) => {
                let text = self.report.shown(sheet, cell, value);
                // A format may hide a number; what formulas see is the number.
                if text.is_empty() { self.bare(value) } else { text }
            }
            _ => self.bare(value),
        }
    }

    fn bare(&self, value: &Value) -> String {
        match value {
            Value::Number(number) => engine::numfmt::general_in(*number, self.report.locale),
            Value::Text(text) => format!("“{}”", clip(text)),
            Value::Bool(value) => value.to_string().to_uppercase(),
            Value::Error(error) => error.as_str().to_owned(),
            Value::Lambda(_) => "a function".to_owned(),
            Value::Array(array) => format!("an array of {} × {}", array.rows(), array.cols()),
            _ => "(empty)".to_owned(),
        }
    }

    fn print(&self) -> String {
        let width = |text: &str| text.chars().count();
        let lefts = self.lines.iter().filter(|(_, right)| !right.is_empty()).map(|(left, _)| width(left));
        let column = lefts.filter(|width| *width <= WIDEST_LEFT).max().unwrap_or(0);
        let mut out = String::new();
        for (left, right) in &self.lines {
            let line = format!("{left}{:1$}   {right}", "", column.saturating_sub(width(left)));
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

/// How a formula comes to read something, where that is not plain.
fn how(kind: &PartKind) -> String {
    match kind {
        PartKind::Found => "found while calculating".to_owned(),
        PartKind::Tried => "the formula that is tried".to_owned(),
        PartKind::PutInto { input } => format!("tried in {input}"),
        PartKind::InTheWay => "in the way of the results".to_owned(),
        PartKind::External => "another workbook, as saved".to_owned(),
        PartKind::Broken => "does not exist".to_owned(),
        PartKind::Cells | PartKind::Name { .. } | PartKind::Anchor => String::new(),
    }
}

fn error_line(report: &Report<'_>, root: &Step, source: &ErrorSource) -> String {
    let reason = report.reason.as_deref().unwrap_or_default();
    let error = source.error;
    if (source.sheet, source.cell) == (root.sheet, root.cell) {
        return format!("The error {} begins here: {reason}.", error.as_str());
    }
    let address = report.address(source.sheet, source.cell);
    let formula = report.session.model().formula_text(source.sheet, source.cell);
    let formula = formula.map(|formula| format!(" {}", clip(&formula))).unwrap_or_default();
    if source.is_certain {
        format!("The error {} comes from {address}{formula}: {reason}.", error.as_str())
    } else {
        format!("The error {} comes from {address}{formula} or from further back.", error.as_str())
    }
}

fn dependents(report: &Report<'_>, home: SheetId) -> String {
    if report.dependents.is_empty() {
        return String::new();
    }
    let mut out = "\nUsed by\n".to_owned();
    for dependent in report.dependents.iter().take(MOST_DEPENDENTS) {
        let area = dependent.area;
        let address = if area.sheet == home { area.rect.to_string() } else { report.workbook.address(area) };
        let count = area.rect.count();
        let count = if count > 1 { format!(" ({count} cells)") } else { String::new() };
        let formula = dependent.formula.as_deref().map(clip).unwrap_or_default();
        let _ = writeln!(out, "   {address}{count}   {formula}");
    }
    let more = report.dependents.len().saturating_sub(MOST_DEPENDENTS) + report.more_dependents;
    if more > 0 {
        let _ = writeln!(out, "   … and {more} more");
    }
    out
}

/// A text for one line: without line breaks, and not too long.
fn clip(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

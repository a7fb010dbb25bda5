//! The view as lines of text that show everything in it.

use playsheet_view::{Chart, Delta, Input, Kind, Level, List, Node, Output, Problem, Scalar, View};
use std::fmt::Debug;

/// Everything a view shows.
pub fn view(view: &View) -> Vec<String> {
    let mut out = vec![
        format!("{} · {:?}", view.title, view.navigation)
            .to_lowercase()
            .replace(&view.title.to_lowercase(), &view.title),
    ];
    if !view.description.is_empty() {
        out.push(view.description.clone());
    }
    out.extend(view.accent.iter().map(|accent| format!("accent {accent}")));
    out.extend(view.notices.iter().map(|n| format!("{} {}: {}", sign(n.level), n.code, n.text)));
    view.pages.iter().for_each(|page| lines(page, 0, &mut out));
    out
}

/// One node with what is in it.
pub fn node(node: &Node) -> Vec<String> {
    let mut out = Vec::new();
    lines(node, 0, &mut out);
    out
}

/// What a step changed.
pub fn delta(delta: &Delta) -> Vec<String> {
    let gone = delta.gone.iter().map(|id| format!("gone {id}"));
    let came =
        delta.came.iter().map(|(parent, place, node)| format!("came {} in {parent} at {place}", node.id));
    let changed = delta.changed.iter().map(|node| format!("changed {}", node.id));
    let notices = delta.notices.iter().map(|notices| format!("notices {}", notices.len()));
    gone.chain(came).chain(changed).chain(notices).collect()
}

/// What is wrong between definition and workbook.
pub fn problems(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let level = if problem.is_error { "error" } else { "warning" };
        format!("{level} {} at line {}: {}", problem.code, problem.origin.place().line, problem.text)
    };
    problems.iter().map(line).collect()
}

fn word(value: impl Debug) -> String {
    format!("{value:?}").to_lowercase()
}

fn sign(level: Level) -> &'static str {
    match level {
        Level::Info => "i",
        Level::Warning => "!",
        Level::Error => "✗",
    }
}

fn lines(node: &Node, depth: usize, out: &mut Vec<String>) {
    let text = match &node.kind {
        Kind::Container(of) => {
            let mut text = format!("{} {} “{}”", word(of.role), node.id, of.caption);
            push(&mut text, of.columns != 1, || format!(" {} columns", of.columns));
            push(&mut text, of.collapsed, || " collapsed".to_owned());
            push(&mut text, !of.help.is_empty(), || format!(" · {}", of.help));
            vec![text]
        }
        Kind::Input(of) => input(&node.id, of),
        Kind::Output(of) => vec![output(&node.id, of)],
        Kind::List(of) => list(&node.id, of),
        Kind::Chart(of) => chart(&node.id, of),
        Kind::Heading(of) => vec![format!("heading {} {} “{}”", node.id, of.level, of.text)],
        Kind::Text(of) => vec![format!("text {} “{}”", node.id, of.text)],
        Kind::Divider => vec![format!("divider {}", node.id)],
        Kind::Spacer => vec![format!("spacer {}", node.id)],
    };
    out.extend(text.into_iter().map(|line| format!("{:1$}{line}", "", depth * 2).trim_end().to_owned()));
    node.children.iter().for_each(|child| lines(child, depth + 1, out));
}

fn push(text: &mut String, when: bool, what: impl FnOnce() -> String) {
    if when {
        text.push_str(&what());
    }
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Number(number) => number.to_string(),
        Scalar::Text(text) => format!("“{text}”"),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Error(error) => error.clone(),
        Scalar::Empty => "empty".to_owned(),
    }
}

fn input(id: &str, of: &Input) -> Vec<String> {
    let mut text =
        format!("input {id} “{}” {} {} [{}]", of.caption, word(of.control), word(of.content), of.text);
    push(&mut text, !of.unit.is_empty(), || {
        format!(" {}{}", of.unit, if of.unit_before { " before" } else { "" })
    });
    push(&mut text, true, || format!(" = {}", scalar(&of.value)));
    let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
    push(&mut text, of.min.is_some() || of.max.is_some(), || {
        format!(" {}..{}", bound(of.min), bound(of.max))
    });
    push(&mut text, of.step.is_some(), || format!(" step {}", bound(of.step)));
    push(&mut text, of.required, || " required".to_owned());
    push(&mut text, of.disabled, || " disabled".to_owned());
    push(&mut text, of.changed, || " changed".to_owned());
    push(&mut text, !of.hint.is_empty(), || format!(" hint “{}”", of.hint));
    push(&mut text, !of.help.is_empty(), || format!(" · {}", of.help));
    let mut all = vec![text];
    if !of.choices.is_empty() {
        let choice = |choice: &playsheet_view::Choice| {
            let mark = if choice.selected { "*" } else { "" };
            let plain = matches!(&choice.value, Scalar::Text(text) if *text == choice.caption);
            if plain {
                format!("{mark}{}", choice.caption)
            } else {
                format!("{mark}{}={}", choice.caption, scalar(&choice.value))
            }
        };
        all.push(format!("  choices {}", of.choices.iter().map(choice).collect::<Vec<_>>().join(" | ")));
    }
    all.extend(of.message.iter().map(|message| format!("  {} {}", sign(message.level), message.text)));
    all
}

fn output(id: &str, of: &Output) -> String {
    let mut text = format!("output {id} “{}” {} {}", of.caption, word(of.content), of.text);
    push(&mut text, !of.unit.is_empty(), || {
        format!(" {}{}", of.unit, if of.unit_before { " before" } else { "" })
    });
    push(&mut text, true, || format!(" = {}", scalar(&of.value)));
    push(&mut text, of.headline, || " headline".to_owned());
    push(&mut text, !of.change.is_empty(), || format!(" {}", of.change));
    push(&mut text, of.color.is_some(), || format!(" {}", of.color.clone().unwrap_or_default()));
    push(&mut text, !of.help.is_empty(), || format!(" · {}", of.help));
    text
}

fn list(id: &str, of: &List) -> Vec<String> {
    let mut text = format!(
        "list {id} “{}” {} {} of {} from {}",
        of.caption,
        word(of.style),
        of.count,
        of.total,
        of.from
    );
    push(&mut text, of.searchable, || format!(" search “{}”", of.search));
    push(&mut text, of.sort.is_some(), || {
        let (column, down) = of.sort.unwrap_or_default();
        format!(" sorted by {column}{}", if down { " down" } else { "" })
    });
    push(&mut text, !of.empty_text.is_empty(), || format!(" · {}", of.empty_text));
    let mut all = vec![text];
    let column = |column: &playsheet_view::ListColumn| {
        format!("{}:{}/{}", column.caption, word(column.content), word(column.role))
    };
    all.push(format!("  {}", of.columns.iter().map(column).collect::<Vec<_>>().join(" | ")));
    all.extend(of.rows.iter().map(|row| format!("  {}: {}", row.id, row.cells.join(" | "))));
    if of.totals.iter().any(|total| !total.is_empty()) {
        all.push(format!("  totals: {}", of.totals.join(" | ")));
    }
    all
}

fn chart(id: &str, of: &Chart) -> Vec<String> {
    let mut text = format!("chart {id} “{}” {} format {}", of.title, word(of.style), of.format);
    let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
    push(&mut text, of.min.is_some() || of.max.is_some(), || {
        format!(" {}..{}", bound(of.min), bound(of.max))
    });
    let mut all = vec![text, format!("  {}", of.summary), format!("  over {}", of.categories.join(" | "))];
    for series in &of.series {
        let color = series.color.as_ref().map(|color| format!(" {color}")).unwrap_or_default();
        all.push(format!("  {}{color}: {}", series.caption, series.texts.join(" | ")));
    }
    all
}

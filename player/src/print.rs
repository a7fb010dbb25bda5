//! The view as text.

use engine::view::{Chart, Container, Input, Kind, Level, List, Node, Output, View};
use std::fmt::Write;

/// Prints what an app shows, a line for each item.
pub(crate) fn text(view: &View) -> String {
    let mut out = String::new();
    line(&mut out, 0, &view.title);
    if !view.description.is_empty() {
        line(&mut out, 0, &view.description);
    }
    for notice in &view.notices {
        line(&mut out, 0, &format!("{} {}", sign(notice.level), notice.text));
    }
    for page in &view.pages {
        out.push('\n');
        node(&mut out, page, 0);
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    let _ = writeln!(out, "{:1$}{text}", "", depth * 2);
}

fn node(out: &mut String, node: &Node, depth: usize) {
    let mut inner = depth;
    match &node.kind {
        Kind::Container(Container { caption, .. }) => {
            if !caption.is_empty() {
                line(out, depth, caption);
                inner += 1;
            }
        }
        Kind::Input(input) => self::input(out, input, depth),
        Kind::Output(output) => self::output(out, output, depth),
        Kind::List(list) => self::list(out, list, depth),
        Kind::Chart(chart) => self::chart(out, chart, depth),
        Kind::Heading(text) | Kind::Text(text) => line(out, depth, &text.text),
        Kind::Divider => line(out, depth, "────────"),
        Kind::Spacer => {}
    }
    for child in &node.children {
        self::node(out, child, inner);
    }
}

fn with_unit(text: &str, unit: &str, before: bool) -> String {
    match (unit.is_empty(), before) {
        (true, _) => text.to_owned(),
        (_, true) => format!("{unit} {text}"),
        _ => format!("{text} {unit}"),
    }
}

fn input(out: &mut String, input: &Input, depth: usize) {
    let value =
        input.choices.iter().find(|choice| choice.selected).map_or(&input.text, |choice| &choice.caption);
    let value = with_unit(value, &input.unit, input.unit_before);
    line(out, depth, &format!("{}: [{value}]", input.caption));
    if let Some(message) = &input.message {
        line(out, depth + 1, &format!("{} {}", sign(message.level), message.text));
    }
}

fn output(out: &mut String, output: &Output, depth: usize) {
    let value = with_unit(&output.text, &output.unit, output.unit_before);
    let error = output.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
    line(out, depth, &format!("{} = {value}{error}", output.caption));
}

fn list(out: &mut String, list: &List, depth: usize) {
    let name = if list.caption.is_empty() { "List" } else { &list.caption };
    line(out, depth, &format!("{name} ({} of {})", list.count, list.total));
    if list.rows.is_empty() && !list.empty_text.is_empty() {
        return line(out, depth + 1, &list.empty_text);
    }
    let headers: Vec<&str> = list.columns.iter().map(|column| column.caption.as_str()).collect();
    let rows = list.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect::<Vec<&str>>());
    let all: Vec<Vec<&str>> = std::iter::once(headers).chain(rows).collect();
    let width = |col: usize| all.iter().filter_map(|row| row.get(col)).map(|text| text.chars().count()).max();
    let widths: Vec<usize> = (0..list.columns.len()).map(|col| width(col).unwrap_or(0)).collect();
    for row in all {
        let cells = row.iter().zip(&widths).map(|(text, width)| format!("{text:width$}"));
        line(out, depth + 1, cells.collect::<Vec<String>>().join("  ").trim_end());
    }
    let below = list.from + list.rows.len() as u64;
    if below < list.count {
        line(out, depth + 1, &format!("… {} more", list.count - below));
    }
}

fn chart(out: &mut String, chart: &Chart, depth: usize) {
    line(out, depth, &chart.summary);
}

fn sign(level: Level) -> &'static str {
    match level {
        Level::Info => "i",
        Level::Warning => "!",
        Level::Error => "✗",
    }
}

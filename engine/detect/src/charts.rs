//! Charts: what a list's figures show over its rows.

use crate::facts::Facts;
use crate::lists::{ListColumn, ListRange};
use app_definitions::model::{ChartKind, ContentType};
use std::collections::BTreeSet;
use values::{Area, Cell, Rect, Value};

/// A chart of a list.
#[derive(Clone, Debug)]
pub(crate) struct ListChart<'l> {
    pub kind: ChartKind,
    pub categories: &'l ListColumn,
    pub series: Vec<&'l ListColumn>,
    pub reason: String,
}

/// Names that fit below columns; steps of time fit in any number.
const MOST_NAMES: u32 = 40;
/// Fewer points are better read as figures.
const LEAST_POINTS: u32 = 3;
/// More lines than these cross each other.
const MOST_SERIES: usize = 4;
/// Over more steps than these, one line says more than several.
const LONG: u32 = 60;

/// Functions that add a column up or compare its values: who uses them wants to see the whole column.
const AGGREGATES: [&str; 9] =
    ["SUM", "SUMIF", "SUMIFS", "AVERAGE", "AVERAGEIF", "AVERAGEIFS", "MAX", "MIN", "SUBTOTAL"];

/// The chart that a list suggests: figures that formulas give, or that formulas add up, over names or time.
pub(crate) fn suggest<'l>(facts: &Facts<'_>, list: &'l ListRange) -> Option<ListChart<'l>> {
    if list.data.rows() < LEAST_POINTS {
        return None;
    }
    let categories = categories(facts, list)?;
    let steps = categories.content != ContentType::Text;
    let best = list.columns.iter().filter(|column| column.col != categories.col);
    // Of equally good columns the first one leads.
    let weight = |column: &ListColumn| weight(facts, list, column, steps);
    let best =
        best.filter_map(|column| Some((weight(column)?, column))).rev().max_by_key(|(weight, _)| *weight);
    let (_, best) = best?;
    let same = |column: &&ListColumn| {
        column.col != categories.col
            && column.is_formula == best.is_formula
            && code(facts, list, column) == code(facts, list, best)
            && weight(column).is_some()
    };
    let mut series: Vec<&ListColumn> = list.columns.iter().filter(same).collect();
    // What comes last usually sums up what comes before.
    if list.data.rows() > LONG || series.len() > MOST_SERIES {
        series = series.pop().into_iter().collect();
    }
    let kind = if steps && list.data.rows() > 6 { ChartKind::Line } else { ChartKind::Column };
    let place = |column: &ListColumn| column_rect(list, column).to_string();
    let figures: Vec<String> =
        series.iter().map(|column| format!("{} ({})", column.header, place(column))).collect();
    let reason = format!(
        "{}: each {} ({}) has figures of its own: {}.",
        facts.workbook.address(Area { sheet: list.sheet, rect: list.rect }),
        categories.header,
        place(categories),
        figures.join(", ")
    );
    Some(ListChart { kind, categories, series, reason })
}

/// The cells of a column without its header.
pub(crate) fn column_rect(list: &ListRange, column: &ListColumn) -> Rect {
    Rect { left: column.col, right: column.col, ..list.data }
}

/// What the figures belong to: dates or years first, then names, each only once.
fn categories<'l>(facts: &Facts<'_>, list: &'l ListRange) -> Option<&'l ListColumn> {
    let of = |content| list.columns.iter().find(move |column: &&ListColumn| column.content == content);
    let date = of(ContentType::Date);
    let name = of(ContentType::Text).filter(|_| list.data.rows() <= MOST_NAMES);
    let number = list
        .columns
        .first()
        .filter(|column| column.content == ContentType::Integer && is_steps(facts, list, column));
    [date, name, number].into_iter().flatten().find(|column| is_distinct(facts, list, column))
}

fn column_values<'f>(
    facts: &'f Facts<'_>,
    list: &ListRange,
    column: &ListColumn,
) -> impl Iterator<Item = &'f Value> {
    let sheet = list.sheet;
    let filled = |value: &&Value| {
        !matches!(value, Value::Empty) && !matches!(value, Value::Text(text) if text.is_empty())
    };
    column_rect(list, column).cells().map(move |cell| facts.value(sheet, cell)).filter(filled)
}

fn is_distinct(facts: &Facts<'_>, list: &ListRange, column: &ListColumn) -> bool {
    let mut seen = BTreeSet::new();
    column_values(facts, list, column).all(|value| match value {
        Value::Number(number) => seen.insert(number.to_string()),
        Value::Text(text) => seen.insert(text.as_str().to_owned()),
        _ => false,
    })
}

/// Whether numbers go up one by one, as years and running numbers do.
fn is_steps(facts: &Facts<'_>, list: &ListRange, column: &ListColumn) -> bool {
    let numbers: Vec<f64> = column_values(facts, list, column)
        .filter_map(|value| if let Value::Number(number) = value { Some(*number) } else { None })
        .collect();
    numbers.len() >= 2 && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
}

fn code<'f>(facts: &'f Facts<'_>, list: &ListRange, column: &ListColumn) -> &'f str {
    let first = Cell { row: list.data.top, col: column.col };
    facts.style(list.sheet, first).number_format.as_str()
}

/// How much a column is worth showing; `None` where it holds no figures, or figures that only count or look up. Over
/// steps of time every figure is.
fn weight(facts: &Facts<'_>, list: &ListRange, column: &ListColumn, steps: bool) -> Option<(bool, u8)> {
    let kind = match column.content {
        ContentType::Currency => 3,
        ContentType::Decimal => 2,
        ContentType::Integer if !is_steps(facts, list, column) => 1,
        _ => return None,
    };
    let worth = column.is_formula || steps || is_added_up(facts, list, column);
    worth.then_some((column.is_formula, kind))
}

fn is_added_up(facts: &Facts<'_>, list: &ListRange, column: &ListColumn) -> bool {
    let area = Area { sheet: list.sheet, rect: column_rect(list, column) };
    facts.model.readers(area).iter().any(|reader| {
        let formula = facts.model.formula(reader.sheet, reader.rect.first());
        let aggregates = |node: &formula::Node| {
            matches!(node, formula::Node::Call { name, .. } if AGGREGATES.contains(&name.as_str()))
        };
        formula.is_some_and(|formula| formula.nodes().iter().any(aggregates))
    })
}

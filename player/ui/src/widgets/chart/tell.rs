//! What a chart shows, in words: for screen readers and for the table.
//!
//! Invariant: the sentence of a chart stays short however many values it has.

use super::{Chart, Series};
use crate::widgets::words::Words;

/// At most this many series are told one by one.
const TOLD: usize = 4;

/// A chart in a few sentences: its title, and for each series how it runs and its extremes.
pub(super) fn sentence(chart: &Chart<'_>, words: &Words) -> String {
    let mut sentence = format!("{}.", chart.title);
    for series in chart.series.iter().take(TOLD) {
        if let Some(told) = told(chart, series, words) {
            sentence.push(' ');
            sentence.push_str(&told);
        }
    }
    sentence
}

fn told(chart: &Chart<'_>, series: &Series<'_>, words: &Words) -> Option<String> {
    let category = |index: usize| chart.categories.get(index).copied().unwrap_or_default();
    let mut known = series.values.iter().enumerate().filter_map(|(i, value)| value.map(|value| (i, value)));
    let first = known.next()?;
    let (mut last, mut least, mut greatest) = (first, first, first);
    for point in known {
        last = point;
        least = if point.1 < least.1 { point } else { least };
        greatest = if point.1 > greatest.1 { point } else { greatest };
    }
    let write = chart.format;
    let [first_text, last_text] = [write(first.1), write(last.1)];
    let runs = [series.name, category(first.0), &first_text, category(last.0), &last_text];
    let [greatest_text, least_text] = [write(greatest.1), write(least.1)];
    let extremes = [&greatest_text, category(greatest.0), &least_text, category(least.0)];
    Some(format!(
        "{} {}",
        Words::fill(&words.series_runs, &runs),
        Words::fill(&words.series_extremes, &extremes)
    ))
}

/// The values of one category: "2026: Balance 250,000".
pub(super) fn reading(chart: &Chart<'_>, index: usize) -> String {
    let category = chart.categories.get(index).copied().unwrap_or_default();
    let values: Vec<String> =
        chart.series.iter().map(|series| format!("{} {}", series.name, chart.value(series, index))).collect();
    format!("{category}: {}", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widgets::chart::ChartKind;

    #[test]
    fn a_chart_is_told_by_its_ends_and_extremes() {
        let values = [None, Some(3.0), Some(9.0), Some(1.0), Some(4.0), None];
        let format = |value: f64| format!("{value} €");
        let chart = Chart {
            id: "c",
            title: "Balance",
            kind: ChartKind::Line,
            categories: &["2025", "2026", "2027", "2028", "2029", "2030"],
            category_heading: "Year",
            series: &[Series::new("Loan", &values)],
            bounds: [None, None],
            format: &format,
            axis_format: &format,
            height: 100.0,
        };
        assert_eq!(
            sentence(&chart, &Words::english()),
            "Balance. Loan: 3 € at 2026, 4 € at 2029. Greatest 9 € at 2027, least 1 € at 2028."
        );
        assert_eq!(reading(&chart, 2), "2027: Loan 9 €");
        assert_eq!(reading(&chart, 5), "2030: Loan –");
    }
}

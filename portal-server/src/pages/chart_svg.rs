//! Charts as inline SVG of our own: columns, bars, stacked columns, lines, areas.
//!
//! Each chart is drawn for three widths, and the stylesheet shows the one that fits, so that its words keep their size. Colours come from classes; under each chart stands the same as a table.

use std::fmt::{self, Write};

use engine::numfmt::Locale;
use engine::view::{Chart, ChartStyle, Series};

use super::view_html::{Html, escaped, grouped};

/// Values that a chart draws at most; of more, evenly chosen ones.
const MOST_POINTS: usize = 400;
/// Values beyond this are not drawn: distances between them would be no numbers.
const LARGEST: f64 = 1e300;
/// Rows of the table under a chart.
const MOST_ROWS: usize = 200;

/// Writes a chart with heading, drawing and table.
pub(super) fn write(html: &mut Html, chart: &Chart) -> fmt::Result {
    html.write_str("<figure class=\"chart\">")?;
    if !chart.title.is_empty() {
        write!(html, "<figcaption>{}</figcaption>", escaped(&chart.title))?;
    }
    let count = points(chart);
    if count == 0 {
        return html.write_str("<p class=\"empty\">There is nothing to draw yet.</p></figure>");
    }
    for (class, width) in [("at-wide", 600.0), ("at-middle", 440.0), ("at-narrow", 320.0)] {
        let summary = escaped(&chart.summary);
        write!(
            html,
            "<svg class=\"{class}\" viewBox=\"0 0 {width} 224\" role=\"img\" aria-label=\"{summary}\">"
        )?;
        if chart.style == ChartStyle::Bar {
            bars(html, chart, width)?;
        } else {
            upright(html, chart, width)?;
        }
        html.write_str("</svg>")?;
    }
    if chart.series.len() > 1 {
        html.write_str("<ul class=\"legend\">")?;
        for (place, series) in chart.series.iter().enumerate() {
            write!(html, "<li class=\"{}\">{}</li>", class(place), escaped(&series.caption))?;
        }
        html.write_str("</ul>")?;
    }
    table(html, chart, count)?;
    html.write_str("</figure>")
}

fn points(chart: &Chart) -> usize {
    chart.series.iter().map(|series| series.values.len()).max().unwrap_or(0)
}

fn class(place: usize) -> String {
    format!("s{}", place % 8 + 1)
}

/// The bounds of the value axis and the distance of its lines.
fn scale(chart: &Chart) -> (f64, f64, f64) {
    let stacked = chart.style == ChartStyle::Stacked;
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for place in 0..points(chart) {
        let values = chart.series.iter().filter_map(|series| value(series, place));
        if stacked {
            high = high.max(values.filter(|value| *value > 0.0).sum());
        } else {
            for value in values {
                (low, high) = (low.min(value), high.max(value));
            }
        }
    }
    if let Some(min) = chart.min.filter(|min| min.abs() <= LARGEST) {
        low = min;
    }
    if let Some(max) = chart.max.filter(|max| max.abs() <= LARGEST) {
        high = max;
    }
    if high <= low {
        high = low + 1.0;
    }
    let wanted = (high - low) / 4.0;
    let mut power = 1.0;
    while power * 10.0 <= wanted && power < 1e300 {
        power *= 10.0;
    }
    while power > wanted && power > 1e-300 {
        power /= 10.0;
    }
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= wanted);
    let step = step.unwrap_or(wanted);
    ((low / step).floor() * step, (high / step).ceil() * step, step)
}

fn value(series: &Series, place: usize) -> Option<f64> {
    series.values.get(place).copied().flatten().filter(|value| value.abs() <= LARGEST)
}

/// A number on an axis: grouped, without zeros at the end, as a percentage where the chart's numbers are.
fn label(value: f64, format: &str, locale: &Locale) -> String {
    let percent = format.contains('%');
    let value = if percent { value * 100.0 } else { value };
    let (scaled, suffix) = match value.abs() {
        m if m >= 1e12 => return format!("{value:.1e}"),
        m if m >= 1e6 => (value / 1e6, "\u{a0}M"),
        _ => (value, ""),
    };
    let text = if scaled.abs() >= 100.0 || scaled == scaled.trunc() {
        format!("{scaled:.0}")
    } else {
        let text = format!("{scaled:.3}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let point = if rest.is_empty() { String::new() } else { locale.decimal.to_string() };
    let percent = if percent { "%" } else { "" };
    format!("{sign}{}{point}{rest}{suffix}{percent}", grouped(whole, locale))
}

fn short(text: &str, at_most: usize) -> String {
    if text.chars().count() <= at_most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(at_most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// Counts are small; their conversion is exact.
#[allow(clippy::cast_precision_loss, reason = "counts are small")]
fn at(place: usize) -> f64 {
    place as f64
}

const TOP: f64 = 12.0;
const FLOOR: f64 = 196.0;

fn upright(html: &mut Html, chart: &Chart, width: f64) -> fmt::Result {
    let (low, high, step) = scale(chart);
    let mut labels = Vec::new();
    let mut line = low;
    while line <= high + step / 2.0 && labels.len() < 12 {
        labels.push((line, label(line, &chart.format, html.locale)));
        line += step;
    }
    let widest = labels.iter().map(|(_, text)| text.chars().count()).max().unwrap_or(1);
    let left = 10.0 + 7.0 * at(widest);
    let y = |value: f64| FLOOR - (value.clamp(low, high) - low) / (high - low) * (FLOOR - TOP);
    for (value, text) in &labels {
        let (at, zero) = (y(*value), if *value == 0.0 { "zero" } else { "grid" });
        write!(
            html,
            "<line class=\"{zero}\" x1=\"{left:.1}\" x2=\"{width}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"
        )?;
        write!(html, "<text class=\"axis end\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", left - 8.0, at + 4.0)?;
    }
    let count = points(chart);
    let slot = (width - left) / at(count);
    let middle = |place: usize| left + slot * (at(place) + 0.5);
    categories(html, chart, count, (slot, width), &middle)?;
    if matches!(chart.style, ChartStyle::Line | ChartStyle::Area) {
        lines(html, chart, &middle, &y, y(low.max(0.0).min(high)))
    } else {
        columns(html, chart, slot, left, &y)
    }
}

fn categories(
    html: &mut Html,
    chart: &Chart,
    count: usize,
    (slot, width): (f64, f64),
    middle: &dyn Fn(usize) -> f64,
) -> fmt::Result {
    let longest = chart.categories.iter().map(|text| text.chars().count()).max().unwrap_or(0).clamp(1, 12);
    let needed = 7.0 * at(longest) + 12.0;
    let mut every = 1;
    while slot * at(every) < needed && every < count {
        every += 1;
    }
    let mut free = 0.0;
    for place in (0..count).step_by(every) {
        let Some(text) = chart.categories.get(place) else { continue };
        let text = short(text, 12);
        // The words at the edges stay inside the drawing.
        let half = 3.5 * at(text.chars().count());
        let x = middle(place).min(width - half).max(half);
        if x - half < free {
            continue;
        }
        free = x + half + 8.0;
        write!(html, "<text class=\"axis mid\" x=\"{x:.1}\" y=\"216\">{}</text>", escaped(&text))?;
    }
    Ok(())
}

fn tip(chart: &Chart, series: &Series, place: usize) -> String {
    let category = chart.categories.get(place).map(String::as_str).unwrap_or_default();
    let text = series.texts.get(place).map(String::as_str).unwrap_or_default();
    format!("<title>{} · {}: {}</title>", escaped(&series.caption), escaped(category), escaped(text))
}

fn columns(html: &mut Html, chart: &Chart, slot: f64, left: f64, y: &dyn Fn(f64) -> f64) -> fmt::Result {
    let stacked = chart.style == ChartStyle::Stacked;
    let beside = if stacked { 1 } else { chart.series.len().max(1) };
    let room = (slot * 0.72).min(56.0 * at(beside));
    let wide = (room / at(beside)).max(1.0);
    for place in 0..points(chart).min(MOST_POINTS) {
        let start = left + slot * at(place) + (slot - room) / 2.0;
        let mut base = 0.0;
        for (number, series) in chart.series.iter().enumerate() {
            let Some(value) = value(series, place) else { continue };
            let (from, to) = if stacked { (base, base + value.max(0.0)) } else { (0.0, value) };
            base = to;
            let (top, bottom) = (y(from.max(to)), y(from.min(to)));
            let x = if stacked { start } else { start + wide * at(number) };
            let gap = if wide > 6.0 { 2.0 } else { 0.0 };
            write!(
                html,
                "<rect class=\"{}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\">{}</rect>",
                class(number),
                (wide - gap).max(1.0),
                (bottom - top).max(0.5),
                tip(chart, series, place)
            )?;
        }
    }
    Ok(())
}

fn lines(
    html: &mut Html,
    chart: &Chart,
    middle: &dyn Fn(usize) -> f64,
    y: &dyn Fn(f64) -> f64,
    ground: f64,
) -> fmt::Result {
    for (number, series) in chart.series.iter().enumerate() {
        let every = series.values.len().div_ceil(MOST_POINTS).max(1);
        let mut runs: Vec<Vec<(f64, f64, usize)>> = vec![Vec::new()];
        for place in (0..series.values.len()).step_by(every) {
            match (value(series, place), runs.last_mut()) {
                (Some(value), Some(run)) => run.push((middle(place), y(value), place)),
                (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        let class = class(number);
        for run in runs.iter().filter(|run| !run.is_empty()) {
            let points: String = run.iter().map(|(x, y, _)| format!("{x:.1},{y:.1} ")).collect();
            if chart.style == ChartStyle::Area
                && let (Some(first), Some(last)) = (run.first(), run.last())
            {
                write!(
                    html,
                    "<polygon class=\"area {class}\" points=\"{:.1},{ground:.1} {points}{:.1},{ground:.1}\"/>",
                    first.0, last.0
                )?;
            }
            write!(html, "<polyline class=\"line {class}\" points=\"{}\"/>", points.trim_end())?;
            if run.len() <= 40 {
                for (x, y, place) in run {
                    let tip = tip(chart, series, *place);
                    write!(
                        html,
                        "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\">{tip}</circle>"
                    )?;
                }
            }
        }
    }
    Ok(())
}

fn bars(html: &mut Html, chart: &Chart, width: f64) -> fmt::Result {
    let (low, high, _) = scale(chart);
    let count = points(chart).min(20);
    let longest = chart.categories.iter().map(|text| text.chars().count()).max().unwrap_or(0).min(16);
    let left = 16.0 + 7.0 * at(longest);
    let right = width - 64.0;
    let slot = 216.0 / at(count);
    let beside = at(chart.series.len().max(1));
    let thick = (slot * 0.68).min(28.0 * beside) / beside;
    let x = |value: f64| left + (value.clamp(low, high) - low) / (high - low) * (right - left);
    for place in 0..count {
        let top = slot * at(place) + (slot - thick * beside) / 2.0;
        if let Some(text) = chart.categories.get(place) {
            let y = slot * (at(place) + 0.5) + 4.0;
            let text = short(text, 16);
            write!(
                html,
                "<text class=\"axis end\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
                left - 8.0,
                escaped(&text)
            )?;
        }
        for (number, series) in chart.series.iter().enumerate() {
            let Some(value) = value(series, place) else { continue };
            let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
            let y = top + thick * at(number);
            write!(
                html,
                "<rect class=\"{}\" x=\"{from:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\">{}</rect>",
                class(number),
                (to - from).max(0.5),
                (thick - 2.0).max(1.0),
                tip(chart, series, place)
            )?;
            if chart.series.len() == 1 {
                let text = series.texts.get(place).map(String::as_str).unwrap_or_default();
                let text = short(text, 10);
                let y = y + thick / 2.0 + 3.0;
                write!(
                    html,
                    "<text class=\"axis\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
                    to + 6.0,
                    escaped(&text)
                )?;
            }
        }
    }
    Ok(())
}

fn table(html: &mut Html, chart: &Chart, count: usize) -> fmt::Result {
    html.write_str("<details><summary>As table</summary><div class=\"scroll\"><table><thead><tr><th></th>")?;
    for series in &chart.series {
        write!(html, "<th class=\"number\" scope=\"col\">{}</th>", escaped(&series.caption))?;
    }
    html.write_str("</tr></thead><tbody>")?;
    for place in 0..count.min(MOST_ROWS) {
        let category = chart.categories.get(place).map(String::as_str).unwrap_or_default();
        write!(html, "<tr><th scope=\"row\">{}</th>", escaped(category))?;
        for series in &chart.series {
            let text = series.texts.get(place).map(String::as_str).unwrap_or_default();
            write!(html, "<td class=\"number\">{}</td>", escaped(text))?;
        }
        html.write_str("</tr>")?;
    }
    html.write_str("</tbody></table></div></details>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(style: ChartStyle, values: &[Option<f64>]) -> Chart {
        let texts = vec!["as shown".to_owned(); values.len()];
        let series = Series { caption: "S".to_owned(), values: values.to_vec(), texts, color: None };
        Chart { style, series: vec![series], ..Chart::default() }
    }

    #[test]
    fn axes_begin_and_end_at_round_numbers() {
        let bounds = |values: &[f64]| {
            let values: Vec<_> = values.iter().copied().map(Some).collect();
            scale(&chart(ChartStyle::Column, &values))
        };
        assert_eq!(bounds(&[3.0, 97.0]), (0.0, 100.0, 25.0));
        assert_eq!(bounds(&[-40.0, 60.0]), (-50.0, 75.0, 25.0));
        assert_eq!(bounds(&[0.0]), (0.0, 1.0, 0.25));
        let english = |value, format| label(value, format, Locale::en_us());
        assert_eq!(english(-1_234_567.0, ""), "−1.235\u{a0}M");
        assert_eq!(english(12_500.0, "#,##0"), "12,500");
        assert_eq!(english(0.25, ""), "0.25");
        assert_eq!(english(0.125, "0.0%"), "12.5%");
        let german = Locale::from_tag("de-DE").unwrap();
        assert_eq!((label(12_500.0, "", german), label(0.25, "", german)), ("12.500".into(), "0,25".into()));
    }

    #[test]
    fn extreme_values_draw_finite_shapes() {
        for style in
            [ChartStyle::Bar, ChartStyle::Column, ChartStyle::Stacked, ChartStyle::Line, ChartStyle::Area]
        {
            for values in [
                vec![Some(f64::NAN), None, Some(f64::INFINITY)],
                vec![Some(1e308), Some(-1e308)],
                vec![Some(1e-300)],
                vec![None; 3],
                vec![],
            ] {
                let mut html = Html::new(Locale::en_us());
                write(&mut html, &chart(style, &values)).unwrap();
                let html = html.text;
                assert!(!html.contains("NaN") && !html.contains("inf"), "{style:?} {values:?}: {html}");
            }
        }
    }
}

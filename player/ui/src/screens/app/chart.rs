//! Charts of the view.
//!
//! The view brings every value with its text, so what is read off a chart says exactly what the spreadsheet says;
//! only the few numbers along the axis are written here.
//!
//! Invariant: a value of the view is never written in another way than the view's own text.

use std::collections::HashMap;

use egui::Ui;
use engine::numfmt::Format;
use engine::values::{DateSystem, Value};
use engine::view::{Chart, ChartStyle};

use super::Screen;
use crate::UiExt as _;
use crate::widgets::{Chart as Widget, ChartKind, Series};

/// Height of a drawing in points.
const HEIGHT: f32 = 240.0;

/// Shows a chart.
pub(super) fn chart(ui: &mut Ui, screen: &Screen<'_>, id: &str, chart: &Chart) {
    let texts = screen.language.texts;
    let known: HashMap<u64, &str> = chart
        .series
        .iter()
        .flat_map(|series| series.values.iter().zip(&series.texts))
        .filter_map(|(value, text)| Some((value.as_ref()?.to_bits(), text.as_str())))
        .collect();
    let format = Format::parse(&chart.format).unwrap_or_else(|_| Format::general());
    let write = |value: f64| {
        let text = format.format(&Value::number(value), screen.language.locale, DateSystem::V1900).text;
        text.trim().to_owned()
    };
    let read =
        |value: f64| known.get(&value.to_bits()).map_or_else(|| write(value), |text| (*text).to_owned());
    let axis = |value: f64| screen.short(value, &write);
    let categories: Vec<&str> = chart.categories.iter().map(String::as_str).collect();
    let series: Vec<Series<'_>> = chart
        .series
        .iter()
        .map(|series| {
            let colour = series.color.as_deref().and_then(|asked| screen.colours.mark(asked));
            Series { colour, ..Series::new(&series.caption, &series.values) }
        })
        .collect();
    ui.chart(Widget {
        id,
        title: if chart.title.is_empty() { texts.chart } else { &chart.title },
        kind: kind(chart.style),
        categories: &categories,
        category_heading: texts.category,
        series: &series,
        format: &read,
        axis_format: &axis,
        bounds: [chart.min, chart.max],
        height: HEIGHT,
    });
}

const fn kind(style: ChartStyle) -> ChartKind {
    match style {
        ChartStyle::Column => ChartKind::Bar,
        ChartStyle::Bar => ChartKind::Across,
        ChartStyle::Stacked => ChartKind::Stacked,
        ChartStyle::Line => ChartKind::Line,
        ChartStyle::Area => ChartKind::Area,
    }
}

//! Charts: series and categories from cells.

use crate::item::Builder;
use crate::resolve::Place;
use crate::{Chart, ChartStyle, Kind, Series};
use app_definitions::Reference;
use app_definitions::model::{Chart as Definition, ChartKind};
use values::{Area, Cell, Rect, Row, Value};

/// Most points of a series that are shown.
const MOST_POINTS: u64 = 5_000;

impl Builder<'_> {
    /// The areas whose values a chart needs before it can be built.
    pub fn chart_places(&self, chart: &Definition) -> Vec<Place> {
        let references = chart.series.iter().flat_map(|series| [&series.reference, &series.categories]);
        references.flatten().filter_map(|reference| self.points(reference)).collect()
    }

    /// A vector of cells, cut to what is shown.
    fn points(&self, reference: &Reference) -> Option<Place> {
        let place = self.resolver.place(reference).ok()?;
        let rect = place.area.rect;
        let cut = if rect.count() <= MOST_POINTS {
            rect
        } else {
            let rows = (MOST_POINTS / u64::from(rect.cols()).max(1)).max(1) as u32;
            Rect { bottom: Row(rect.bottom.0.min(rect.top.0 + rows - 1)), ..rect }
        };
        Some(Place { area: Area { rect: cut, ..place.area }, ..place })
    }

    pub fn chart(&mut self, definition: &Definition) -> Kind {
        let mut categories: Vec<String> = Vec::new();
        let mut series = Vec::new();
        for (number, of) in definition.series.iter().enumerate() {
            if let Some(place) = of.categories.as_ref().and_then(|reference| self.points(reference)) {
                let texts: Vec<String> = self.vector(place).into_iter().map(|(_, text)| text).collect();
                if texts.len() > categories.len() {
                    categories = texts;
                }
            }
            let Some(place) = of.reference.as_ref().and_then(|reference| self.points(reference)) else {
                continue;
            };
            let (values, texts) =
                self.vector(place).into_iter().map(|(value, text)| (plotted(&value), text)).unzip();
            let own = self.caption(of.caption.as_ref());
            let caption = Some(own)
                .filter(|caption| !caption.is_empty())
                .or_else(|| self.header(of.reference.as_ref()));
            series.push(Series {
                caption: caption.unwrap_or_else(|| format!("Series {}", number + 1)),
                values,
                texts,
                color: of.color.map(|color| color.to_string()),
            });
        }
        let longest = series.iter().map(|series: &Series| series.values.len()).max().unwrap_or(0);
        categories.extend((categories.len()..longest).map(|place| (place + 1).to_string()));
        let axis = definition.axes.first();
        let (min, max) = (axis.and_then(|axis| axis.min.as_ref()), axis.and_then(|axis| axis.max.as_ref()));
        let (min, max) = (self.books.bound(min, self.resolver), self.books.bound(max, self.resolver));
        let title = self.caption(definition.title.as_ref());
        let said = self.caption(definition.alternative.as_ref());
        let summary = if said.is_empty() { summary(&title, &categories, &series) } else { said };
        Kind::Chart(Chart {
            style: match definition.kind {
                ChartKind::Bar => ChartStyle::Bar,
                ChartKind::Line | ChartKind::Scatter => ChartStyle::Line,
                ChartKind::Area => ChartStyle::Area,
                ChartKind::Stacked => ChartStyle::Stacked,
                ChartKind::Column if definition.stacked => ChartStyle::Stacked,
                _ => ChartStyle::Column,
            },
            title,
            categories,
            format: axis
                .and_then(|axis| axis.format.clone())
                .or_else(|| self.value_code(definition))
                .unwrap_or_default(),
            series,
            min,
            max,
            summary,
        })
    }

    fn vector(&mut self, place: Place) -> Vec<(Value, String)> {
        let system = self.books.date_system(place.book);
        let cells: Vec<Cell> = place.area.rect.cells().collect();
        let mut values: Vec<(Value, String)> = cells
            .into_iter()
            .map(|cell| {
                let value = self.books.at(place.book, place.area.sheet, cell);
                let at = Place { book: place.book, area: Area::cell(place.area.sheet, cell) };
                let code = self.cell_code(at);
                let text = if matches!(value, Value::Empty) {
                    String::new()
                } else {
                    self.show(&code, &value, system).text
                };
                (value, text)
            })
            .collect();
        // Empty rows at the end of a table are no points.
        while values.last().is_some_and(|(value, text)| matches!(value, Value::Empty) || text.is_empty()) {
            values.pop();
        }
        values
    }

    /// The header of the table column that a series shows, or the text above its first cell.
    fn header(&self, reference: Option<&Reference>) -> Option<String> {
        if let Some(Reference::TableColumn { column, .. }) = reference {
            return Some(column.clone());
        }
        let place = self.resolver.place(reference?).ok()?;
        let (sheet, cell) = place.cell();
        match self.books.at(place.book, sheet, cell.moved(-1, 0)?) {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    fn value_code(&self, definition: &Definition) -> Option<String> {
        let place = self.points(definition.series.first()?.reference.as_ref()?)?;
        Some(self.cell_code(place)).filter(|code| code != "General")
    }
}

fn plotted(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// One sentence: what the chart shows, where it begins and ends, where it is highest.
fn summary(title: &str, categories: &[String], series: &[Series]) -> String {
    let Some(first) = series.first() else { return "The chart has no data.".to_owned() };
    let numbers =
        || first.values.iter().enumerate().filter_map(|(place, value)| value.map(|value| (place, value)));
    let text = |place: usize| first.texts.get(place).map_or("", String::as_str);
    let name = |place: usize| categories.get(place).map_or("", String::as_str);
    let highest = numbers().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let (Some((start, _)), Some((end, _)), Some((top, _))) =
        (numbers().next(), numbers().next_back(), highest)
    else {
        return "The chart has no numbers yet.".to_owned();
    };
    let what = if title.is_empty() { first.caption.as_str() } else { title };
    format!(
        "{what}: {} points from {} ({}) to {} ({}), highest {} at {}.",
        first.values.len(),
        text(start),
        name(start),
        text(end),
        name(end),
        text(top),
        name(top)
    )
}

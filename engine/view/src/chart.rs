//! Charts: series and categories from cells.

use crate::build::Builder;
use crate::resolve::Place;
use crate::words::{Words, fill};
use crate::{Chart, ChartStyle, Kind, Series};
use app_definitions::Reference;
use app_definitions::model::{Chart as Definition, ChartKind};
use values::{Area, Rect, Row, Value};

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

    /// A chart with the values that its cells have now.
    pub fn chart(&mut self, definition: &Definition) -> Kind {
        let series = self.series(definition);
        let longest = series.iter().map(|series| series.values.len()).max().unwrap_or(0);
        let categories = self.categories(definition, longest);
        let axis = definition.axes.first();
        let (min, max) = (axis.and_then(|axis| axis.min.as_ref()), axis.and_then(|axis| axis.max.as_ref()));
        let (min, max) = (self.books.bound(min, 0, self.resolver), self.books.bound(max, 0, self.resolver));
        let title = self.caption(definition.title.as_ref());
        let said = self.caption(definition.alternative.as_ref());
        let summary =
            if said.is_empty() { summary(&title, &categories, &series, self.words()) } else { said };
        let format = axis.and_then(|axis| axis.format.clone()).or_else(|| self.value_code(definition));
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
            format: format.unwrap_or_default(),
            series,
            min,
            max,
            summary,
        })
    }

    fn series(&mut self, definition: &Definition) -> Vec<Series> {
        let mut series = Vec::new();
        for (number, of) in definition.series.iter().enumerate() {
            let Some(place) = of.reference.as_ref().and_then(|reference| self.points(reference)) else {
                continue;
            };
            let (values, texts) =
                self.vector(place).into_iter().map(|(value, text)| (plotted(&value), text)).unzip();
            let own = Some(self.caption(of.caption.as_ref())).filter(|caption| !caption.is_empty());
            let caption = own.or_else(|| self.header(of.reference.as_ref()));
            series.push(Series {
                caption: caption.unwrap_or_else(|| fill(self.words().series, &[&(number + 1).to_string()])),
                values,
                texts,
                color: of.color.map(|color| color.to_string()),
            });
        }
        series
    }

    /// The longest of the series' categories, as many as there are points; where there are none, their numbers.
    fn categories(&mut self, definition: &Definition, points: usize) -> Vec<String> {
        let mut longest: Vec<String> = Vec::new();
        for of in &definition.series {
            if let Some(place) = of.categories.as_ref().and_then(|reference| self.points(reference)) {
                let texts: Vec<String> = self.vector(place).into_iter().map(|(_, text)| text).collect();
                if texts.len() > longest.len() {
                    longest = texts;
                }
            }
        }
        longest.truncate(points);
        longest.extend((longest.len()..points).map(|place| (place + 1).to_string()));
        longest
    }

    fn vector(&mut self, place: Place) -> Vec<(Value, String)> {
        let system = self.books.date_system(place.book);
        let mut values = Vec::new();
        for cell in place.area.rect.cells() {
            let value = self.books.at(place.book, place.area.sheet, cell);
            let code = self.books.code(Place::at(place.book, place.area.sheet, cell));
            let text = if matches!(value, Value::Empty) {
                String::new()
            } else {
                self.show(&code, &value, system).text
            };
            values.push((value, text));
        }
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
        Some(self.books.code(place)).filter(|code| code != "General")
    }
}

fn plotted(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// One or two sentences: what the chart shows; where each series begins and ends, and where it is highest.
fn summary(title: &str, categories: &[String], series: &[Series], words: &Words) -> String {
    if series.is_empty() {
        return words.no_data.to_owned();
    }
    let all: Vec<String> = series.iter().filter_map(|series| described(categories, series, words)).collect();
    match (all.as_slice(), series) {
        ([], _) => words.no_numbers.to_owned(),
        ([one], [only]) => {
            let what = if title.is_empty() { only.caption.as_str() } else { title };
            format!("{what}: {one}.")
        }
        (_, _) => {
            let named = series.iter().filter_map(|series| {
                described(categories, series, words)
                    .map(|described| format!("{}: {described}.", series.caption))
            });
            let named = named.collect::<Vec<String>>().join(" ");
            if title.is_empty() { named } else { format!("{title}. {named}") }
        }
    }
}

fn described(categories: &[String], series: &Series, words: &Words) -> Option<String> {
    let numbers =
        || series.values.iter().enumerate().filter_map(|(place, value)| value.map(|value| (place, value)));
    let text = |place: usize| series.texts.get(place).map_or("", String::as_str);
    let name = |place: usize| categories.get(place).map_or("", String::as_str);
    let (start, _) = numbers().next()?;
    let (end, _) = numbers().next_back()?;
    let (top, _) = numbers().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    let parts = [text(start), name(start), text(end), name(end), text(top), name(top)];
    Some(match numbers().count() {
        1 => fill(words.one_point, &parts),
        count => {
            let count = count.to_string();
            let all: Vec<&str> = std::iter::once(count.as_str()).chain(parts).collect();
            fill(words.points, &all)
        }
    })
}

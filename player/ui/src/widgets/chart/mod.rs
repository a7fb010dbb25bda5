//! Charts: lines and bars over categories, with the same values as a table one click away.
//!
//! No box and no ground, a light horizontal grid, names at the ends of up to two lines where there is room, else
//! a legend. Pointing, or the arrow keys, reads the values of one category.
//!
//! Invariant: what the picture shows is also said in a sentence and in a table; colour alone tells nothing.

mod across;
mod paint;
mod scale;
mod tell;

use egui::accesskit::Role;
use egui::{Color32, EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::button::{Button, ButtonKind};
use super::list::{Column, List, Row};
use super::piece::{face, line, node, text};
use super::words::words;
use crate::theme::{Colours, Step, Weight, focus_ring, icons, size, space};
use scale::Scale;

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// A line for each series: values along an order, such as time.
    Line,
    /// Bars side by side: values of things.
    Bar,
    /// Bars on top of each other: parts of a whole.
    Stacked,
    /// Bars that lie, one thing below the other: things with long names.
    Across,
    /// Lines with the ground below them filled.
    Area,
}

impl ChartKind {
    /// Whether values are points along an order, and not bars.
    const fn is_line(self) -> bool {
        matches!(self, Self::Line | Self::Area)
    }
}

/// Values under one name.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// The name.
    pub name: &'a str,
    /// A value for each category; `None` leaves a gap.
    pub values: &'a [Option<f64>],
    /// A colour of its own; without one, that of its place among the eight of the look.
    pub colour: Option<Color32>,
}

impl<'a> Series<'a> {
    /// Values under a name, in the colour of their place.
    pub const fn new(name: &'a str, values: &'a [Option<f64>]) -> Self {
        Self { name, values, colour: None }
    }
}

/// A chart.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    /// Tells the chart apart from all others on the screen.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// How.
    pub kind: ChartKind,
    /// The categories, in order.
    pub categories: &'a [&'a str],
    /// The heading of the categories in the table.
    pub category_heading: &'a str,
    /// The series, at most eight of different colours.
    pub series: &'a [Series<'a>],
    /// How a value is written.
    pub format: &'a dyn Fn(f64) -> String,
    /// How a value is written on the axis, where it should be short.
    pub axis_format: &'a dyn Fn(f64) -> String,
    /// Least and greatest value of the axis, where they are set; what lies beyond is cut.
    pub bounds: [Option<f64>; 2],
    /// Height of the drawing in points.
    pub height: f32,
}

impl Chart<'_> {
    /// Shows the chart with its title over the whole width.
    pub fn show(self, ui: &mut Ui) {
        let id = ui.make_persistent_id(("chart", self.id));
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = space::GROUP;
            let as_table = self.head(ui, id);
            let scale = match self.kind {
                ChartKind::Stacked => Scale::over_stacked(self.series, self.categories.len(), self.bounds),
                ChartKind::Line => Scale::over(self.series, false, self.bounds),
                ChartKind::Bar | ChartKind::Across | ChartKind::Area => {
                    Scale::over(self.series, true, self.bounds)
                }
            };
            match scale {
                _ if as_table => self.table(ui),
                Some(scale) if !self.categories.is_empty() && self.kind == ChartKind::Across => {
                    if self.series.len() >= 2 {
                        paint::legend(ui, self.series);
                    }
                    across::show(ui, &self, &scale);
                }
                Some(scale) if !self.categories.is_empty() => {
                    let named = paint::Frame::names_lines(ui, &self, ui.available_width());
                    if self.series.len() >= 2 && !named {
                        paint::legend(ui, self.series);
                    }
                    self.drawing(ui, id, &scale);
                }
                _ => {
                    let c = Colours::of(ui);
                    text(ui, &words(ui.ctx()).no_values, Step::Body, Weight::Regular, c.text_2);
                }
            }
        });
    }

    /// The title and the switch between drawing and table. Answers whether the table is shown.
    fn head(&self, ui: &mut Ui, id: Id) -> bool {
        let own = words(ui.ctx());
        let mut as_table: bool = ui.data(|data| data.get_temp(id).unwrap_or_default());
        ui.horizontal(|ui| {
            let c = Colours::of(ui);
            let button = size::COMPACT + ui.spacing().item_spacing.x;
            let width = ui.available_width() - button;
            let (rect, response) = ui.allocate_exact_size(vec2(width, size::COMPACT), Sense::hover());
            line(
                ui,
                self.title,
                face(Step::Body, Weight::Semibold, c.text),
                pos2(rect.left(), rect.center().y),
                width,
            );
            response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, self.title));
            let (label, icon) = match (as_table, self.kind) {
                (true, kind) if kind.is_line() => (&own.as_chart, icons::CHART),
                (true, _) => (&own.as_chart, icons::BARS),
                (false, _) => (&own.as_table, icons::TABLE),
            };
            let switch = Button {
                icon: Some(icon),
                icon_only: true,
                compact: true,
                ..Button::new(ButtonKind::Quiet, label)
            };
            let name = format!("{}: {label}", self.title);
            if switch.show(ui).accessible_name(name).clicked() {
                as_table = !as_table;
                ui.data_mut(|data| data.insert_temp(id, as_table));
            }
        });
        as_table
    }

    fn table(&self, ui: &mut Ui) {
        let columns: Vec<Column<'_>> = self
            .series
            .iter()
            .map(|series| Column { heading: series.name, figures: true, sortable: false })
            .collect();
        let list = List {
            title: self.category_heading,
            max_height: (self.height - size::CONTROL).max(3.0 * size::ROW),
            ..List::new(self.id, self.title, &columns, self.categories.len())
        };
        let bare = List { total: 0, ..list };
        bare.show(ui, |index| Row {
            title: self.categories.get(index).copied().unwrap_or_default().into(),
            values: self.series.iter().map(|series| self.value(series, index).into()).collect(),
            ..Row::default()
        });
    }

    /// A value as it is written; a dash where there is none.
    fn value(&self, series: &Series<'_>, index: usize) -> String {
        series.values.get(index).copied().flatten().map_or_else(|| "–".to_owned(), self.format)
    }

    fn drawing(&self, ui: &mut Ui, id: Id, scale: &Scale) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::hover());
        let response = ui.interact(rect, id.with("drawing"), Sense::hover() | Sense::FOCUSABLE);
        let sentence = tell::sentence(self, &words(ui.ctx()));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));
        let frame = paint::Frame::new(ui, self, scale, rect);
        let at = self.pointed(ui, id, &response, &frame);
        paint::drawing(ui, self, scale, &frame, at);
        if let Some(index) = at {
            let reading = tell::reading(self, index);
            node(ui, response.id, |node| node.set_value(reading));
            paint::reading(ui, self, &frame, index);
        }
        focus_ring(ui, &response, rect, size::RADIUS);
    }

    /// The category that is pointed at, or that the arrow keys stand on.
    fn pointed(&self, ui: &Ui, id: Id, response: &Response, frame: &paint::Frame) -> Option<usize> {
        let last = self.categories.len().checked_sub(1)?;
        if let Some(position) = response.hover_pos() {
            return frame
                .plot
                .x_range()
                .contains(position.x)
                .then(|| frame.category_at(position.x).min(last));
        }
        if !response.has_focus() {
            return None;
        }
        let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let key = id.with("at");
        let at: usize = ui.data(|data| data.get_temp(key).unwrap_or(last));
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as isize;
        let at = at.saturating_add_signed(pressed(Key::ArrowRight) - pressed(Key::ArrowLeft)).min(last);
        ui.data_mut(|data| data.insert_temp(key, at));
        Some(at)
    }
}

/// The colour of a series: its own, else the eight of the look in order, then from the beginning.
fn series_colour(c: &Colours, series: &Series<'_>, index: usize) -> Color32 {
    series.colour.unwrap_or(c.series[index % c.series.len()])
}

/// A rectangle between two corners given in any order.
fn between(a: egui::Pos2, b: egui::Pos2) -> Rect {
    Rect::from_min_max(pos2(a.x.min(b.x), a.y.min(b.y)), pos2(a.x.max(b.x), a.y.max(b.y)))
}

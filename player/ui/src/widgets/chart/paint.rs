//! Draws charts: grid, axes, lines, bars, names, the reading of one category.
//!
//! Invariant: nothing is drawn outside the rectangle that was given, but the reading, which floats.

use egui::epaint::PathStroke;
use egui::{Area, Color32, Id, Order, Painter, Pos2, Rangef, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::{Chart, ChartKind, Series, between, scale::Scale, series_colour};
use crate::theme::{Colours, Step, Weight, shadow, size, space};
use crate::widgets::piece::{face, line, line_to, mix, snapped, width_of};

/// Where things are in the drawing.
pub(super) struct Frame {
    /// The part where values are drawn.
    pub(super) plot: Rect,
    /// Width of one category.
    slot: f32,
    count: usize,
    kind: ChartKind,
    /// Room for names to the right of the plot.
    names: f32,
}

impl Frame {
    pub(super) fn new(ui: &Ui, chart: &Chart<'_>, scale: &Scale, rect: Rect) -> Self {
        let label = |tick: &f64| width_of(ui, &(chart.axis_format)(*tick), Step::Caption, Weight::Regular);
        let axis = scale.ticks.iter().map(label).fold(0.0, f32::max).min(rect.width() / 3.0);
        let names = names_width(ui, chart, rect.width());
        let plot = Rect::from_min_max(
            pos2(rect.left() + axis + space::GROUP, rect.top() + Step::Caption.line() / 2.0),
            pos2(rect.right() - names, rect.bottom() - Step::Caption.line() - space::GROUP),
        );
        let count = chart.categories.len();
        Self { plot, slot: plot.width() / count.max(1) as f32, count, kind: chart.kind, names }
    }

    /// Whether the series are named at the ends of their lines; if not, they need a legend.
    pub(super) fn names_lines(ui: &Ui, chart: &Chart<'_>, width: f32) -> bool {
        names_width(ui, chart, width) > 0.0
    }

    /// The middle of a category.
    fn x(&self, index: usize) -> f32 {
        match self.kind {
            // Lines run from edge to edge.
            kind if kind.is_line() && self.count > 1 => {
                self.plot.left() + self.plot.width() * index as f32 / (self.count - 1) as f32
            }
            _ => self.plot.left() + (index as f32 + 0.5) * self.slot,
        }
    }

    fn y(&self, scale: &Scale, value: f64) -> f32 {
        self.plot.bottom() - self.plot.height() * scale.share(value)
    }

    /// The category at a horizontal position.
    pub(super) fn category_at(&self, x: f32) -> usize {
        let share = ((x - self.plot.left()) / self.plot.width().max(1.0)).clamp(0.0, 1.0);
        match self.kind {
            kind if kind.is_line() => (share * self.count.saturating_sub(1) as f32 + 0.5) as usize,
            _ => (share * self.count as f32) as usize,
        }
    }
}

/// Room for the names at the ends of lines: only lines, only up to two, only where there is width.
fn names_width(ui: &Ui, chart: &Chart<'_>, width: f32) -> f32 {
    if !chart.kind.is_line() || chart.series.len() > 2 || width < 360.0 {
        return 0.0;
    }
    let widest = chart.series.iter().map(|series| width_of(ui, series.name, Step::Caption, Weight::Semibold));
    (widest.fold(0.0, f32::max) + space::GROUP).min(width / 4.0)
}

/// The names of the series with their colours.
pub(super) fn legend(ui: &mut Ui, series: &[Series<'_>]) {
    ui.scope(|ui| {
        // The height of a row is taken from here when the row begins.
        ui.spacing_mut().interact_size.y = Step::Caption.line();
        ui.spacing_mut().item_spacing = vec2(space::ITEM, space::HAIR);
        ui.horizontal_wrapped(|ui| entries(ui, series));
    });
}

fn entries(ui: &mut Ui, series: &[Series<'_>]) {
    let c = Colours::of(ui);
    for (index, series) in series.iter().enumerate() {
        let mark = 10.0;
        let name = width_of(ui, series.name, Step::Caption, Weight::Regular).min(ui.available_width());
        let (rect, _) = ui.allocate_exact_size(vec2(mark + 6.0 + name, Step::Caption.line()), Sense::hover());
        let square =
            Rect::from_center_size(pos2(rect.left() + mark / 2.0, rect.center().y), vec2(mark, mark));
        ui.painter().rect_filled(square, 3.0, series_colour(&c, series, index));
        line(
            ui,
            series.name,
            face(Step::Caption, Weight::Regular, c.text_2),
            pos2(rect.left() + mark + 6.0, rect.center().y),
            name + 1.0,
        );
    }
}

/// Draws the chart; `at` is the category that is read.
pub(super) fn drawing(ui: &Ui, chart: &Chart<'_>, scale: &Scale, frame: &Frame, at: Option<usize>) {
    grid(ui, chart, scale, frame);
    categories(ui, chart, frame, at);
    // What lies beyond the bounds of the axis is cut there; a line at the very edge keeps its width.
    let inside = frame.plot.expand2(vec2(6.0, 1.5)).intersect(ui.clip_rect());
    let values = ui.painter().with_clip_rect(inside);
    match chart.kind {
        ChartKind::Line | ChartKind::Area => lines(ui, &values, chart, scale, frame, at),
        ChartKind::Stacked => stacks(ui, &values, chart, scale, frame, at),
        ChartKind::Bar | ChartKind::Across => bars(ui, &values, chart, scale, frame, at),
    }
}

fn grid(ui: &Ui, chart: &Chart<'_>, scale: &Scale, frame: &Frame) {
    let c = Colours::of(ui);
    for &tick in &scale.ticks {
        let y = snapped(ui, pos2(0.0, frame.y(scale, tick))).y + 0.5;
        let colour = if tick == 0.0 { mix(c.line, c.line_strong, 0.6) } else { c.line };
        ui.painter().hline(frame.plot.x_range(), y, Stroke::new(size::LINE, colour));
        let label = (chart.axis_format)(tick);
        let right = frame.plot.left() - space::GROUP;
        line_to(ui, &label, face(Step::Caption, Weight::Regular, c.hint), pos2(right, y), f32::INFINITY);
    }
}

/// The names of the categories below, only as many as there is room for.
fn categories(ui: &Ui, chart: &Chart<'_>, frame: &Frame, at: Option<usize>) {
    let c = Colours::of(ui);
    let width_of_name = |name: &str| width_of(ui, name, Step::Caption, Weight::Regular).min(120.0);
    // A sample tells the width well enough, however many categories there are.
    let sample = chart.categories.iter().step_by((frame.count / 100).max(1));
    let widest = sample.map(|name| width_of_name(name)).fold(1.0, f32::max);
    let step = frame.plot.width() / frame.count.max(1) as f32;
    let every = (((widest + space::INSET) / step.max(0.1)).ceil() as usize).max(1);
    let y = frame.plot.bottom() + space::GROUP + Step::Caption.line() / 2.0;
    for (index, name) in chart.categories.iter().enumerate() {
        let read = at == Some(index);
        let hidden_by_read = at.is_some_and(|at| at.abs_diff(index) < every && at != index);
        if (index % every != 0 || hidden_by_read) && !read {
            continue;
        }
        let width = width_of_name(name);
        let left = (frame.x(index) - width / 2.0).clamp(
            frame.plot.left() - space::GROUP,
            (frame.plot.right() + space::GROUP - width).max(frame.plot.left() - space::GROUP),
        );
        let (colour, weight) = if read { (c.text, Weight::Semibold) } else { (c.hint, Weight::Regular) };
        line(ui, name, face(Step::Caption, weight, colour), pos2(left, y), 124.0);
    }
}

fn lines(ui: &Ui, values: &Painter, chart: &Chart<'_>, scale: &Scale, frame: &Frame, at: Option<usize>) {
    let c = Colours::of(ui);
    if let Some(index) = at {
        let x = snapped(ui, pos2(frame.x(index), 0.0)).x + 0.5;
        ui.painter().vline(x, frame.plot.y_range(), Stroke::new(size::LINE, c.line_strong));
    }
    let mut taken: Vec<Rangef> = Vec::new();
    for (number, series) in chart.series.iter().enumerate() {
        let colour = series_colour(&c, series, number);
        for run in runs(series, scale, frame) {
            if chart.kind == ChartKind::Area {
                fill_below(values, &run, frame.y(scale, 0.0), colour.gamma_multiply(AREA));
            }
            draw_run(values, &run, colour);
        }
        if let Some(value) = at.and_then(|index| series.values.get(index).copied().flatten()) {
            let centre = pos2(at.map_or(0.0, |index| frame.x(index)), frame.y(scale, value));
            values.circle(centre, 4.5, colour, Stroke::new(2.0, c.surface));
        }
        end_name(ui, scale, frame, series, colour, &mut taken);
    }
}

/// The points of a series, cut where values are missing.
fn runs(series: &Series<'_>, scale: &Scale, frame: &Frame) -> Vec<Vec<Pos2>> {
    let mut runs = vec![Vec::new()];
    for (index, value) in series.values.iter().enumerate().take(frame.count) {
        match (value, runs.last_mut()) {
            (Some(value), Some(run)) if value.is_finite() => {
                run.push(pos2(frame.x(index), frame.y(scale, *value)));
            }
            (_, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn draw_run(painter: &Painter, run: &[Pos2], colour: Color32) {
    match run {
        [one] => {
            painter.circle_filled(*one, 3.0, colour);
        }
        points => {
            painter.add(Shape::line(points.to_vec(), PathStroke::new(2.0, colour)));
        }
    }
}

/// How strong the ground below a line is.
const AREA: f32 = 0.16;

/// Fills the ground between a line and the height `base`.
fn fill_below(painter: &Painter, run: &[Pos2], base: f32, colour: Color32) {
    let mut mesh = egui::Mesh::default();
    for (at, point) in run.iter().enumerate() {
        mesh.colored_vertex(*point, colour);
        mesh.colored_vertex(pos2(point.x, base), colour);
        if at > 0 {
            let here = 2 * at as u32;
            mesh.add_triangle(here - 2, here - 1, here);
            mesh.add_triangle(here - 1, here, here + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// The name of a series at the end of its line, moved down if another name stands there.
fn end_name(
    ui: &Ui,
    scale: &Scale,
    frame: &Frame,
    series: &Series<'_>,
    colour: Color32,
    taken: &mut Vec<Rangef>,
) {
    let Some((index, value)) = series.values.iter().enumerate().rev().find_map(|(i, v)| v.map(|v| (i, v)))
    else {
        return;
    };
    if frame.names < space::ITEM || index + 1 < frame.count {
        return;
    }
    let half = Step::Caption.line() / 2.0;
    // A line that has left the axis has no end to be named at; its name stays at the nearest one.
    let mut y = frame.y(scale, value).clamp(frame.plot.top(), frame.plot.bottom());
    while let Some(other) = taken.iter().find(|other| (other.center() - y).abs() < 2.0 * half) {
        y = other.max + half;
    }
    taken.push(Rangef::new(y - half, y + half));
    line(
        ui,
        series.name,
        face(Step::Caption, Weight::Semibold, colour),
        pos2(frame.plot.right() + space::GROUP, y),
        frame.names,
    );
}

fn bars(ui: &Ui, values: &Painter, chart: &Chart<'_>, scale: &Scale, frame: &Frame, at: Option<usize>) {
    let c = Colours::of(ui);
    let count = chart.series.len().max(1) as f32;
    let group = (frame.slot * 0.72).min(48.0 * count);
    let gap = if count > 1.0 && group / count > 6.0 { 2.0 } else { 0.0 };
    let width = (group / count - gap).max(1.0);
    let zero = frame.y(scale, 0.0);
    for (number, series) in chart.series.iter().enumerate() {
        for (index, value) in series.values.iter().enumerate().take(frame.count) {
            let Some(value) = value.filter(|value| value.is_finite()) else { continue };
            let left = frame.x(index) - group / 2.0 + number as f32 * (width + gap) + gap / 2.0;
            let bar = between(pos2(left, zero), pos2(left + width, frame.y(scale, value)));
            let colour = series_colour(&c, series, number);
            let fades = at.is_some_and(|at| at != index);
            let colour = if fades { mix(c.surface, colour, 0.55) } else { colour };
            let corner = 3.0f32.min(width / 2.0).min(bar.height()) as u8;
            let round = if value >= 0.0 {
                egui::CornerRadius { nw: corner, ne: corner, sw: 0, se: 0 }
            } else {
                egui::CornerRadius { nw: 0, ne: 0, sw: corner, se: corner }
            };
            values.rect_filled(bar, round, colour);
        }
    }
}

/// Bars on top of each other: what is positive upwards from zero, what is negative downwards.
fn stacks(ui: &Ui, values: &Painter, chart: &Chart<'_>, scale: &Scale, frame: &Frame, at: Option<usize>) {
    let c = Colours::of(ui);
    let width = (frame.slot * 0.72).clamp(1.0, 64.0);
    for index in 0..frame.count {
        let left = frame.x(index) - width / 2.0;
        let (mut above, mut below) = (0.0, 0.0);
        for (number, series) in chart.series.iter().enumerate() {
            let value = series.values.get(index).copied().flatten().filter(|value| value.is_finite());
            let Some(value) = value else { continue };
            let from = if value >= 0.0 { &mut above } else { &mut below };
            let (start, end) = (frame.y(scale, *from), frame.y(scale, *from + value));
            *from += value;
            let mut bar = between(pos2(left, start), pos2(left + width, end));
            // A hairline of the ground keeps neighbours apart, whatever their colours.
            bar.min.y += if bar.height() > 2.0 { 1.0 } else { 0.0 };
            let colour = series_colour(&c, series, number);
            let fades = at.is_some_and(|at| at != index);
            values.rect_filled(bar, 1.0, if fades { mix(c.surface, colour, 0.55) } else { colour });
        }
    }
}

/// The values of one category on a small card that floats beside it.
pub(super) fn reading(ui: &Ui, chart: &Chart<'_>, frame: &Frame, index: usize) {
    let c = Colours::of(ui);
    let category = chart.categories.get(index).copied().unwrap_or_default();
    let rows: Vec<(&str, String)> =
        chart.series.iter().map(|series| (series.name, chart.value(series, index))).collect();
    let named = chart.series.len() > 1;
    let name_width =
        |name: &str| if named { width_of(ui, name, Step::Caption, Weight::Regular) + 32.0 } else { 0.0 };
    let widest = rows
        .iter()
        .map(|(name, value)| name_width(name) + width_of(ui, value, Step::Body, Weight::Semibold))
        .fold(width_of(ui, category, Step::Caption, Weight::Regular), f32::max);
    let card = vec2(
        widest + 2.0 * space::INSET,
        Step::Caption.line() + rows.len() as f32 * Step::Body.line() + 2.0 * space::GROUP,
    );
    let x = frame.x(index);
    let right = x + space::ITEM + card.x <= frame.plot.right().max(frame.plot.left() + card.x);
    let left = if right { x + space::INSET } else { x - space::INSET - card.x };
    let place = Rect::from_min_size(snapped(ui, pos2(left.max(space::HAIR), frame.plot.top())), card);
    let layer = Area::new(Id::unique(("chart-reading", chart.id)))
        .order(Order::Tooltip)
        .fixed_pos(place.min)
        .interactable(false)
        .fade_in(false);
    layer.show(ui.ctx(), |ui| {
        let (place, _) = ui.allocate_exact_size(card, Sense::hover());
        let painter = ui.painter();
        painter.add(shadow(c.theme).as_shape(place, size::RADIUS as u8));
        painter.rect(
            place,
            size::RADIUS,
            c.surface,
            Stroke::new(size::LINE, c.line),
            egui::StrokeKind::Inside,
        );
        let (left, right) = (place.left() + space::INSET, place.right() - space::INSET);
        let mut y = place.top() + space::GROUP + Step::Caption.line() / 2.0;
        line(ui, category, face(Step::Caption, Weight::Regular, c.text_2), pos2(left, y), f32::INFINITY);
        y += (Step::Caption.line() + Step::Body.line()) / 2.0;
        for (number, (series, (name, value))) in chart.series.iter().zip(&rows).enumerate() {
            if named {
                let mark = Rect::from_center_size(pos2(left + 5.0, y), vec2(10.0, 10.0));
                ui.painter().rect_filled(mark, 3.0, series_colour(&c, series, number));
                line(
                    ui,
                    name,
                    face(Step::Caption, Weight::Regular, c.text_2),
                    pos2(left + space::ITEM, y),
                    f32::INFINITY,
                );
                line_to(ui, value, face(Step::Body, Weight::Semibold, c.text), pos2(right, y), f32::INFINITY);
            } else {
                line(ui, value, face(Step::Body, Weight::Semibold, c.text), pos2(left, y), f32::INFINITY);
            }
            y += Step::Body.line();
        }
    });
}

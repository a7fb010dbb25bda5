//! Bars that lie, one category below the other, with their values at their ends.
//!
//! Invariant: every value is written beside its bar, so that nothing has to be pointed at to be read.

use egui::accesskit::Role;
use egui::{Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{Chart, between, scale::Scale, series_colour, tell};
use crate::theme::{Colours, Step, Weight, focus_ring, size, space};
use crate::widgets::piece::{face, line, line_to, width_of};
use crate::widgets::words::words;

/// Height of a bar and the room after it.
const BAR: f32 = 18.0;
const GAP: f32 = 4.0;
/// The most categories that are drawn; the table has all of them.
const MOST: usize = 40;

/// Shows the bars.
pub(super) fn show(ui: &mut Ui, chart: &Chart<'_>, scale: &Scale) {
    let shown = chart.categories.len().min(MOST);
    let tight = chart.series.len().max(1) as f32 * (BAR + GAP) + space::GROUP;
    // Few bars take the height that other charts have, so that cards side by side end together.
    let each = (chart.height / shown.max(1) as f32).clamp(tight, 1.5 * tight);
    let height = (shown as f32 * each).max(chart.height);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let id = ui.make_persistent_id(("chart-across", chart.id));
    let response = ui.interact(rect, id, Sense::hover() | Sense::FOCUSABLE);
    let sentence = tell::sentence(chart, &words(ui.ctx()));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));

    let c = Colours::of(ui);
    let width = |name: &&str| width_of(ui, name, Step::Caption, Weight::Regular);
    let names = chart.categories.iter().take(shown).map(width).fold(0.0, f32::max).min(rect.width() * 0.36);
    let values = chart.series.iter().flat_map(|series| series.values.iter().take(shown).flatten());
    let value_width = |value: &f64| width_of(ui, &(chart.format)(*value), Step::Caption, Weight::Medium);
    let values = values.map(value_width).fold(0.0, f32::max).min(rect.width() / 3.0);
    let negative = scale.least < 0.0;
    let left = rect.left() + names + space::INSET + if negative { values + space::HAIR } else { 0.0 };
    let right = (rect.right() - values - space::GROUP).max(left + 1.0);
    // A bar that goes beyond the bounds of the axis ends at them.
    let x = |value: f64| left + (right - left) * scale.share(value).clamp(0.0, 1.0);
    let zero = x(0.0_f64.clamp(scale.least, scale.greatest));
    let axis = rect.top()..=rect.top() + shown as f32 * each;
    ui.painter().vline(zero.round() + 0.5, axis, Stroke::new(size::LINE, c.line_strong));
    for (at, name) in chart.categories.iter().take(shown).enumerate() {
        let top = rect.top() + at as f32 * each + (each - tight) / 2.0 + space::HAIR;
        let middle = top + (tight - space::GROUP - GAP) / 2.0;
        line(
            ui,
            name,
            face(Step::Caption, Weight::Regular, c.text_2),
            pos2(rect.left(), middle),
            names + 1.0,
        );
        for (number, series) in chart.series.iter().enumerate() {
            let value = series.values.get(at).copied().flatten().filter(|value| value.is_finite());
            let Some(value) = value else { continue };
            let y = top + number as f32 * (BAR + GAP);
            let bar: Rect = between(pos2(zero, y), pos2(x(value), y + BAR));
            ui.painter().rect_filled(bar, 3.0_f32.min(bar.width()), series_colour(&c, series, number));
            let text = (chart.format)(value);
            let text_face = face(Step::Caption, Weight::Medium, c.text);
            if value < 0.0 {
                line_to(ui, &text, text_face, pos2(bar.left() - space::HAIR, y + BAR / 2.0), values + 1.0);
            } else {
                line(
                    ui,
                    &text,
                    text_face,
                    pos2(bar.right() + space::HAIR + 2.0, y + BAR / 2.0),
                    values + 1.0,
                );
            }
        }
    }
    focus_ring(ui, &response, rect, size::RADIUS);
}

//! Small pieces that several widgets are made of: text blocks, grounds, hit areas, notes for screen readers.
//!
//! Invariant: text that is painted is also reported to screen readers, either by the piece itself or by the
//! widget that it belongs to, never by both.

use egui::accesskit::{Invalid, Live, Node, Role};
use egui::{
    Color32, CornerRadius, Id, Painter, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::theme::{Motion, Step, Weight, galley, icons::Icon, one_line, size, space, wrapped};

/// A block of text over the whole width, broken into lines, reported as a label.
pub(super) fn text(ui: &mut Ui, words: &str, step: Step, weight: Weight, colour: Color32) -> Response {
    let galley = wrapped(ui, words, step, weight, colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), words));
    response
}

/// How text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    step: Step,
    weight: Weight,
    colour: Color32,
}

/// Text of a step, weight and colour.
pub(super) const fn face(step: Step, weight: Weight, colour: Color32) -> Face {
    Face { step, weight, colour }
}

/// Paints one line of text that begins at `at`, its middle at that height, cut at `width`. Answers its width.
pub(super) fn line(ui: &Ui, words: &str, face: Face, at: Pos2, width: f32) -> f32 {
    let galley = one_line(ui, words, face.step, face.weight, face.colour, width);
    let size = galley.size();
    ui.painter().galley(snapped(ui, at - vec2(0.0, size.y / 2.0)), galley, face.colour);
    size.x
}

/// Paints one line of text that ends at `at`, its middle at that height, cut at `width`. Answers its width.
pub(super) fn line_to(ui: &Ui, words: &str, face: Face, at: Pos2, width: f32) -> f32 {
    let galley = one_line(ui, words, face.step, face.weight, face.colour, width);
    let size = galley.size();
    ui.painter().galley(snapped(ui, at - vec2(size.x, size.y / 2.0)), galley, face.colour);
    size.x
}

/// The width of one line of text.
pub(super) fn width_of(ui: &Ui, words: &str, step: Step, weight: Weight) -> f32 {
    galley(ui, words, step, weight, Color32::PLACEHOLDER, Default::default()).size().x
}

/// A position on whole pixels, where text is sharp.
pub(super) fn snapped(ui: &Ui, position: Pos2) -> Pos2 {
    let scale = ui.pixels_per_point();
    pos2((position.x * scale).round() / scale, (position.y * scale).round() / scale)
}

/// Paints the ground and the boundary of a control or card.
pub(super) fn ground(painter: &Painter, rect: Rect, corner: f32, fill: Color32, line: Color32) {
    let stroke = Stroke::new(size::LINE, line);
    painter.rect(rect, CornerRadius::same(corner as u8), fill, stroke, StrokeKind::Inside);
}

/// Allocates a control of `height` over the given width that is clicked as a whole but is no stop for the
/// keyboard: the control inside it is.
pub(super) fn hit_area(ui: &mut Ui, width: f32, height: f32) -> (Rect, Response) {
    ui.allocate_exact_size(vec2(width.max(0.0), height), Sense::CLICK)
}

/// How far a control is hovered, 0 to 1, moving over the quick time of the look.
pub(super) fn hover(ui: &Ui, response: &Response) -> f32 {
    let seconds = Motion::Quick.seconds(ui.ctx());
    let target = response.hovered() && response.enabled();
    ui.ctx().animate_bool_with_time(response.id.with("hover"), target, seconds)
}

/// Mixes two opaque colours in gamma space, as the eye takes even steps.
pub(super) fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share.clamp(0.0, 1.0))
}

/// Changes the node that a widget has in the accessibility tree.
pub(super) fn node(ui: &Ui, id: Id, change: impl FnOnce(&mut Node)) {
    ui.ctx().accesskit_node_builder(id, change);
}

/// Tells screen readers the help of a control, or its problem and that what it holds is not valid.
pub(super) fn describe(ui: &Ui, id: Id, help: &str, problem: Option<&str>) {
    node(ui, id, |node| {
        if let Some(problem) = problem {
            node.set_invalid(Invalid::True);
            node.set_description(problem);
        } else if !help.is_empty() {
            node.set_description(help);
        }
    });
}

/// Has screen readers say a change of the node when they have time.
pub(super) fn announce(ui: &Ui, id: Id) {
    node(ui, id, |node| node.set_live(Live::Polite));
}

/// An icon and a sentence below a control or in a message, reported as a label. The sentence breaks into lines.
pub(super) fn sentence(ui: &mut Ui, icon: Option<Icon>, words: &str, colour: Color32) -> Response {
    let indent = if icon.is_some() { size::ICON_SMALL + space::HAIR } else { 0.0 };
    let width = ui.available_width();
    let galley = wrapped(ui, words, Step::Caption, Weight::Regular, colour, width - indent);
    let wanted = vec2(indent + galley.size().x, galley.size().y.max(Step::Caption.line()));
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    if let Some(icon) = icon {
        let middle = rect.min + Vec2::splat(size::ICON_SMALL / 2.0);
        icon.paint(ui.painter(), middle, size::ICON_SMALL, colour);
    }
    ui.painter().galley(rect.min + vec2(indent, 0.0), galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response
}

/// Lays out text whose lines are centred around x = 0, broken at `width`.
pub(super) fn centred(
    ui: &Ui,
    words: &str,
    step: Step,
    weight: Weight,
    colour: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let format = egui::TextFormat {
        font_id: crate::theme::font(step, weight),
        line_height: Some(step.line()),
        color: colour,
        ..Default::default()
    };
    let mut job = egui::text::LayoutJob::simple_format(words.to_owned(), format);
    job.wrap.max_width = width.max(1.0);
    job.halign = egui::Align::Center;
    ui.painter().layout_job(job)
}

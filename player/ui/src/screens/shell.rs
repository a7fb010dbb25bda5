//! What stands around every screen: the rail or the bottom bar, the page's margins, the questions.
//!
//! Invariant: the rail is 72 points wide from 600 points on; below that the same places are in a bar at the bottom,
//! each at least as high as a finger needs.

use egui::accesskit::Role;
use egui::{
    Align, CentralPanel, Color32, Context, CornerRadius, Frame, Layout, Margin, Panel, Rect, Response,
    ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::texts::fill;
use super::{Action, Desk, Field, Place, Question, SyncState};
use super::{MEDIUM, app, empty, gallery, settings};
use crate::UiExt as _;
use crate::theme::icons::{self, Icon};
use crate::theme::{Colours, Step, Weight, focus_ring, one_line, size, space};
use crate::widgets::{Dialog, DialogAction, EditAction, FieldText, TextInput, Toasts};

/// Width of the rail in points.
const RAIL: f32 = 72.0;
/// Height of the bar at the bottom in points.
pub(super) const BAR: f32 = 64.0;
/// Width of the lighted ground behind an icon of the navigation.
const PILL: [f32; 2] = [52.0, 32.0];

/// Shows the place where the person is, with the navigation.
pub(super) fn with_navigation(ui: &mut Ui, desk: &Desk, toasts: &Toasts, out: &mut Vec<Action>) {
    let c = Colours::of(ui);
    let frame = Frame::new().fill(c.surface);
    let narrow = ui.available_width() < MEDIUM;
    if narrow {
        let bar = Panel::bottom("bar").exact_size(BAR).resizable(false).show_separator_line(false);
        bar.frame(frame).show(ui, |ui| navigation(ui, desk, true, out));
    } else {
        let rail = Panel::left("rail").exact_size(RAIL).resizable(false).show_separator_line(false);
        rail.frame(frame).show(ui, |ui| navigation(ui, desk, false, out));
    }
    let ground = Frame::new().fill(c.bg);
    CentralPanel::no_frame().frame(ground).show(ui, |ui| match (desk.place, &desk.open) {
        (Place::Apps, Some(open)) => app::show(ui, desk, open, out),
        (Place::Apps, None) => gallery::show(ui, desk, out),
        (Place::Messages, _) => empty::messages(ui, desk, toasts),
        (Place::Settings, _) => settings::show(ui, desk, out),
    });
}

/// Shows one app and nothing else.
pub(super) fn alone(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let ground = Frame::new().fill(ui.colours().bg);
    CentralPanel::no_frame().frame(ground).show(ui, |ui| match &desk.open {
        Some(open) => app::show(ui, desk, open, out),
        None => empty::starting(ui, desk),
    });
}

fn navigation(ui: &mut Ui, desk: &Desk, across: bool, out: &mut Vec<Action>) {
    let c = Colours::of(ui);
    let rect = ui.max_rect();
    let line = Stroke::new(size::LINE, c.line);
    if across {
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    } else {
        ui.painter().vline(rect.right() - 0.5, rect.y_range(), line);
    }
    let texts = desk.language.texts;
    let places = [
        (Place::Apps, icons::APPS, texts.apps),
        (Place::Messages, icons::INBOX, texts.messages),
        (Place::Settings, icons::SETTINGS, texts.settings_short),
    ];
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(if across { Layout::left_to_right(Align::Center) } else { Layout::top_down(Align::Center) })
        .accessibility_role(Role::Navigation)
        .accessibility_label(texts.navigation);
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, space::HAIR);
        if !across {
            ui.add_space(space::INSET);
        }
        let each = if across { rect.width() / places.len() as f32 } else { RAIL };
        for (place, icon, name) in places {
            let unread = if place == Place::Messages { desk.unread } else { 0 };
            let item = Item { icon, name, chosen: desk.place == place, unread };
            if item.show(ui, vec2(each, BAR)).clicked() {
                out.push(Action::Go(place));
            }
        }
        if !across {
            ui.with_layout(Layout::bottom_up(Align::Center), |ui| {
                ui.add_space(space::INSET);
                sync_item(ui, desk, out);
            });
        }
    });
}

/// How syncing is, at the foot of the rail.
fn sync_item(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let (icon, name) = match &desk.sync {
        SyncState::Idle => (icons::SYNC, texts.sync_short),
        SyncState::Running { .. } => (icons::SYNC, texts.syncing),
        SyncState::Offline => (icons::OFFLINE, texts.offline),
        SyncState::SignedOut => (icons::LOCK, texts.sign_in),
        SyncState::Failed(_) => (icons::PROBLEM, texts.sync_short),
    };
    let item = Item { icon, name, chosen: false, unread: 0 };
    let response = item.show(ui, vec2(RAIL, BAR));
    if response.clicked() {
        out.push(if desk.sync == SyncState::SignedOut { Action::SignInAgain } else { Action::Sync });
    }
}

/// One place of the navigation.
struct Item<'a> {
    icon: Icon,
    name: &'a str,
    chosen: bool,
    unread: usize,
}

impl Item<'_> {
    fn show(&self, ui: &mut Ui, wanted: egui::Vec2) -> Response {
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, self.chosen, self.name));
        let c = Colours::of(ui);
        let pill = Rect::from_center_size(
            pos2(rect.center().x, rect.center().y - Step::Caption.line() / 2.0),
            PILL.into(),
        );
        let fill = match (self.chosen, response.hovered()) {
            (true, _) => c.accent_soft,
            (false, true) => c.veil(0.06),
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(pill, PILL[1] / 2.0, fill);
        let colour = if self.chosen { c.accent } else { c.text_2 };
        self.icon.paint(ui.painter(), pill.center(), size::ICON + 2.0, colour);
        if self.unread > 0 {
            let dot = pill.center() + vec2(size::ICON / 2.0, -size::ICON / 2.0 + 2.0);
            ui.painter().circle(dot, 4.5, c.accent, Stroke::new(2.0, c.surface));
        }
        let weight = if self.chosen { Weight::Semibold } else { Weight::Regular };
        let galley = one_line(ui, self.name, Step::Caption, weight, colour, rect.width() - 2.0);
        let left = rect.center().x - galley.size().x / 2.0;
        ui.painter().galley(pos2(left.round(), pill.bottom() + space::HAIR), galley, colour);
        focus_ring(ui, &response, pill, PILL[1] / 2.0);
        let cut = rect.width() < 96.0;
        if cut { response.on_hover_text(self.name) } else { response }
    }
}

/// The margin around a page of a width.
pub(super) fn margin(width: f32) -> f32 {
    if width < MEDIUM { space::ITEM } else { space::PAGE }
}

/// The title of a page, as high as the controls that may stand beside it, so that titles of all pages line up.
pub(super) fn title(ui: &mut Ui, title: &str) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let spare = (size::CONTROL - Step::Heading.line()) / 2.0;
        ui.add_space(spare);
        ui.screen_title(title);
        ui.add_space(spare);
    });
}

/// Shows a page that scrolls as a whole, its content at most `most` points wide, from the left.
pub(super) fn page<R>(ui: &mut Ui, name: &str, most: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let edge = margin(ui.available_width());
    ScrollArea::vertical()
        .id_salt(name)
        .auto_shrink([false, false])
        .content_margin(Margin::symmetric(edge as i8, 0))
        .show(ui, |ui| {
            ui.set_width(ui.available_width().min(most));
            ui.add_space(edge.min(space::SECTION));
            let shown = add(ui);
            ui.add_space(edge);
            shown
        })
        .inner
}

/// Shows a card in the middle of everything, `width` points wide where there is room.
pub(super) fn middle<R>(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let ground = Frame::new().fill(ui.colours().bg);
    CentralPanel::no_frame()
        .frame(ground)
        .show(ui, |ui| {
            let whole = ui.available_size();
            let width = width.min(whole.x - 2.0 * space::ITEM);
            let key = ui.scope_id().with("height");
            let height: f32 = ui.data(|data| data.get_temp(key).unwrap_or(0.0));
            ScrollArea::vertical()
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    // A little above the middle, where the eye expects it.
                    ui.add_space(((whole.y - height) * 0.42).max(space::ITEM));
                    let inner = ui.horizontal(|ui| {
                        ui.add_space(((whole.x - width) / 2.0).floor());
                        ui.vertical(|ui| {
                            ui.set_width(width);
                            ui.card(|ui| {
                                ui.spacing_mut().item_spacing.y = space::ITEM;
                                add(ui)
                            })
                        })
                        .inner
                    });
                    let shown = inner.inner.response.rect.height();
                    if (shown - height).abs() > 0.5 {
                        ui.data_mut(|data| data.insert_temp(key, shown));
                        ui.ctx().request_repaint();
                    }
                    ui.add_space(space::ITEM);
                    inner.inner.inner
                })
                .inner
        })
        .inner
}

/// A note with an icon, for what is worth knowing but wrong with nothing.
pub(super) fn note(ui: &mut Ui, icon: Icon, text: &str, colour: Color32) {
    let indent = size::ICON_SMALL + space::HAIR;
    let width = ui.available_width() - indent;
    let galley = crate::theme::wrapped(ui, text, Step::Caption, Weight::Regular, colour, width);
    let wanted = vec2(indent + galley.size().x, galley.size().y.max(Step::Caption.line()));
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let middle = rect.min + vec2(size::ICON_SMALL / 2.0, size::ICON_SMALL / 2.0);
    icon.paint(ui.painter(), middle, size::ICON_SMALL, colour);
    ui.painter().galley(rect.min + vec2(indent, 0.0), galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

/// Paints a ground with a hairline around it.
pub(super) fn ground(ui: &Ui, rect: Rect, corner: f32, fill: Color32, line: Color32) {
    let stroke = Stroke::new(size::LINE, line);
    ui.painter().rect(rect, CornerRadius::same(corner as u8), fill, stroke, StrokeKind::Inside);
}

/// Shows what is being asked, if anything is.
pub(super) fn question(ctx: &Context, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let Some(question) = &desk.question else { return };
    let (title, text, confirm, danger, cancel);
    match question {
        Question::SignOut => {
            (title, text) = (texts.sign_out_title.to_owned(), texts.sign_out_text.to_owned());
            (confirm, danger, cancel) = (texts.sign_out, true, texts.stay);
        }
        Question::StartOver => {
            (title, text) = (texts.start_over_title.to_owned(), texts.start_over_text.to_owned());
            (confirm, danger, cancel) = (texts.erase, true, "");
        }
        Question::Withdrawn { name, why, .. } => {
            (title, text) = (fill(texts.withdrawn_title, &[name]), sentence(why));
            (confirm, danger, cancel) = (texts.remove_from_list, false, texts.keep);
        }
        Question::Source { origin } => {
            (title, text) =
                (fill(texts.source_title, &[host(origin)]), fill(texts.source_text, &[host(origin)]));
            (confirm, danger, cancel) = (texts.save_and_sync, false, "");
        }
    }
    let dialog = Dialog { id: "question", title: &title, text: &text, confirm, danger, cancel };
    let source = matches!(question, Question::Source { .. });
    let (mut writes, decision) = dialog.show_with(ctx, |ui| {
        let mut writes = Vec::new();
        if source {
            ui.spacing_mut().item_spacing.y = space::ITEM;
            ui.add_space(space::HAIR);
            form_field(ui, desk, (Field::Name, texts.user_name, "", false), &mut writes);
            form_field(ui, desk, (Field::Secret, texts.password, "", true), &mut writes);
        }
        writes
    });
    out.append(&mut writes);
    match decision {
        Some(DialogAction::Confirmed) => out.push(Action::Decide(true)),
        Some(DialogAction::Cancelled) => out.push(Action::Decide(false)),
        None => {}
    }
}

/// A field of the form: which, its label, its hint, whether it is a secret. Enter hands the form out.
pub(super) fn form_field(
    ui: &mut Ui,
    desk: &Desk,
    (field, label, hint, secret): (Field, &str, &str, bool),
    out: &mut Vec<Action>,
) {
    let about = FieldText {
        problem: desk.form.problem_of(field),
        hint,
        enabled: !desk.form.busy,
        ..FieldText::new(label, label)
    };
    let input = TextInput { secret, ..TextInput::new(about, desk.form.value(field)) };
    if let Some(EditAction::Typing(text) | EditAction::Typed(text)) = ui.text_input(input) {
        out.push(Action::Write(field, text));
    }
}

/// A reason as a sentence of its own.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let mut sentence: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    sentence.push_str(chars.as_str());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '”', '“']) {
        sentence.push('.');
    }
    sentence
}

/// The part of an origin that people know.
fn host(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    rest.strip_suffix(":443").or_else(|| rest.strip_suffix(":80")).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::{host, sentence};

    #[test]
    fn reasons_become_sentences() {
        assert_eq!(sentence("its lease has ended"), "Its lease has ended.");
        assert_eq!(sentence("Ask again."), "Ask again.");
        assert_eq!(sentence("überall"), "Überall.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn an_origin_is_named_by_its_host() {
        assert_eq!(host("https://files.example.org:443"), "files.example.org");
        assert_eq!(host("http://127.0.0.1:8080"), "127.0.0.1:8080");
    }
}

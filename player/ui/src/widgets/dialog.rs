//! Dialogs: only where a decision is needed.
//!
//! Invariant: the verb stands on the button; Escape and a click beside the dialog decide nothing; the keyboard
//! starts on the button that cannot do harm.

use egui::accesskit::Role;
use egui::{Context, Frame, Id, Margin, Modal, Stroke, Ui};

use super::button::{Button, ButtonKind};
use super::piece::text;
use super::words::words;
use crate::theme::{Colours, Motion, Step, Weight, shadow, size, space};

/// A question with two answers.
#[derive(Clone, Copy, Debug)]
pub struct Dialog<'a> {
    /// Tells the dialog apart from all others.
    pub id: &'a str,
    /// The question.
    pub title: &'a str,
    /// What is at stake.
    pub text: &'a str,
    /// The verb of what is asked.
    pub confirm: &'a str,
    /// Whether that cannot be taken back.
    pub danger: bool,
    /// The verb of leaving things as they are; "Cancel" if empty.
    pub cancel: &'a str,
}

/// How a person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogAction {
    /// Do it.
    Confirmed,
    /// Leave it.
    Cancelled,
}

const WIDTH: f32 = 440.0;

impl Dialog<'_> {
    /// Shows the dialog over everything else. Answers how the person decided, once they have.
    pub fn show(self, ctx: &Context) -> Option<DialogAction> {
        self.show_with(ctx, |_| ()).1
    }

    /// Shows the dialog with `add` between its text and its buttons.
    pub fn show_with<R>(self, ctx: &Context, add: impl FnOnce(&mut Ui) -> R) -> (R, Option<DialogAction>) {
        let id = Id::unique(("dialog", self.id));
        let area = Modal::default_area(id).role(Role::AlertDialog).accessible_name(self.title);
        let theme = if ctx.theme() == egui::Theme::Dark { look::Theme::Dark } else { look::Theme::Light };
        let c = Colours::of_theme(theme);
        let frame = Frame::new()
            .fill(c.surface)
            .stroke(Stroke::new(size::LINE, c.line))
            .corner_radius(size::RADIUS_CARD)
            .shadow(shadow(theme))
            .inner_margin(Margin::same(space::SECTION as i8));
        let seconds = Motion::Calm.seconds(ctx);
        let share = ctx.animate_bool_with_time(id.with("shown"), true, seconds);
        let dim = egui::Color32::from_black_alpha((110.0 * share) as u8);
        let shown = Modal::new(id).area(area).frame(frame).backdrop_color(dim).show(ctx, |ui| {
            let width = WIDTH.min(ui.ctx().content_rect().width() - 2.0 * space::ITEM) - 2.0 * space::SECTION;
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = space::GROUP;
            text(ui, self.title, Step::Title, Weight::Semibold, c.text);
            if !self.text.is_empty() {
                text(ui, self.text, Step::Body, Weight::Regular, c.text_2);
            }
            let inner = add(ui);
            ui.add_space(space::ITEM);
            (inner, self.buttons(ui, id))
        });
        let closed = shown.should_close();
        let (inner, decided) = shown.inner;
        (inner, decided.or_else(|| closed.then_some(DialogAction::Cancelled)))
    }

    fn buttons(&self, ui: &mut Ui, id: Id) -> Option<DialogAction> {
        let own = words(ui.ctx());
        let cancel = if self.cancel.is_empty() { own.cancel.as_str() } else { self.cancel };
        let kind = if self.danger { ButtonKind::Danger } else { ButtonKind::Primary };
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center).with_main_wrap(true), |ui| {
            let confirm = Button::new(kind, self.confirm).show(ui);
            let cancel = Button::new(ButtonKind::Secondary, cancel).show(ui);
            let started: bool = ui.data(|data| data.get_temp(id.with("started")).unwrap_or_default());
            if !started {
                if self.danger {
                    cancel.request_focus();
                } else {
                    confirm.request_focus();
                }
                ui.data_mut(|data| data.insert_temp(id.with("started"), true));
            }
            let decided = match (confirm.clicked(), cancel.clicked()) {
                (true, _) => Some(DialogAction::Confirmed),
                (_, true) => Some(DialogAction::Cancelled),
                _ => None,
            };
            if decided.is_some() {
                ui.data_mut(|data| data.remove::<bool>(id.with("started")));
            }
            decided
        })
        .inner
    }
}

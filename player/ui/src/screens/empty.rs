//! Screens with nothing of their own yet: starting, a vault that cannot be read, an app that is being opened or
//! could not be, and the messages of the session.
//!
//! Invariant: each says what is, what was kept, and offers the one next step there is.

use egui::Ui;

use super::shell::{self, sentence};
use super::texts::fill;
use super::{Action, Desk, OpenApp, OpenStage, Question};
use crate::UiExt as _;
use crate::theme::{icons, space};
use crate::widgets::{Banner, Button, ButtonKind, EmptyState, Toasts, Tone};

/// The vault is being opened.
pub(super) fn starting(ui: &mut Ui, desk: &Desk) {
    shell::middle(ui, 360.0, |ui| {
        ui.remark(desk.language.texts.starting);
        ui.skeleton(3);
    });
}

/// The vault cannot be used.
pub(super) fn broken(ui: &mut Ui, desk: &Desk, why: &str, hopeless: bool, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    shell::middle(ui, 480.0, |ui| {
        let text = sentence(&fill(texts.vault_failed, &[why]));
        ui.banner(Banner { text: &text, tone: Tone::Bad, action: None, dismissible: false });
        ui.horizontal(|ui| {
            if ui.primary_button(texts.try_again) {
                out.push(Action::Retry);
            }
            if hopeless && ui.secondary_button(texts.start_over) {
                out.push(Action::Ask(Question::StartOver));
            }
        });
    });
}

/// An app that is not on screen yet, or never will be.
pub(super) fn not_open(ui: &mut Ui, desk: &Desk, open: &OpenApp, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let edge = shell::margin(ui.available_width());
    ui.add_space(space::SECTION);
    ui.horizontal(|ui| {
        ui.add_space(edge);
        ui.vertical(|ui| {
            ui.set_width((ui.available_width() - edge).min(640.0));
            ui.spacing_mut().item_spacing.y = space::ITEM;
            match &open.stage {
                OpenStage::Failed(why) => {
                    let what = fill(texts.not_opened, &[&open.name]);
                    let text = format!("{what} {}", sentence(why));
                    ui.banner(Banner { text: &text, tone: Tone::Bad, action: None, dismissible: false });
                    if !open.id.is_empty() && ui.secondary_button(texts.try_again) {
                        out.push(Action::Reopen);
                    }
                }
                _ => {
                    ui.remark(&fill(texts.opening, &[&open.name]));
                    ui.skeleton(4);
                }
            }
        });
    });
}

/// The messages of the session.
pub(super) fn messages(ui: &mut Ui, desk: &Desk, toasts: &Toasts) {
    shell::page(ui, "messages", 720.0, |ui| {
        ui.spacing_mut().item_spacing.y = space::ITEM;
        ui.screen_title(desk.language.texts.messages);
        ui.card(|ui| {
            ui.spacing_mut().item_spacing.y = space::INSET;
            toasts.show_history(ui);
        });
    });
}

/// A page without anything on it.
pub(super) fn nothing(ui: &mut Ui, text: &str) {
    ui.card(|ui| ui.empty_state(EmptyState { icon: icons::EMPTY, text, action: None }));
}

/// A wide button of a form.
pub(super) fn wide_button(ui: &mut Ui, label: &str, enabled: bool) -> bool {
    let button = Button { wide: true, enabled, ..Button::new(ButtonKind::Primary, label) };
    button.show(ui).clicked()
}

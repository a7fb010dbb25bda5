//! Screens with nothing of their own yet: starting, a vault that cannot be read, an app that is being opened or
//! could not be, and the messages of the session.
//!
//! Invariant: each says what is, what was kept, and offers the one next step there is.

use egui::{Frame, Margin, Ui};

use super::shell::{self, sentence};
use super::texts::fill;
use super::{Action, Cure, Desk, OpenApp, OpenStage, Question, Stage, SyncState, gallery};
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
        ui.section_title(texts.broken_title);
        let text = sentence(why);
        ui.banner(Banner { text: &text, tone: Tone::Bad, action: None, dismissible: false });
        ui.remark(if hopeless { texts.broken_hopeless } else { texts.broken_kept });
        ui.horizontal(|ui| {
            // What helps comes first.
            if hopeless && ui.primary_button(texts.start_over) {
                out.push(Action::Ask(Question::StartOver));
            }
            let again = if hopeless {
                ui.secondary_button(texts.try_again)
            } else {
                ui.primary_button(texts.try_again)
            };
            if again {
                out.push(Action::Retry);
            }
        });
    });
}

/// An app that is not on screen yet, or never will be.
pub(super) fn not_open(ui: &mut Ui, desk: &Desk, open: &OpenApp, out: &mut Vec<Action>) {
    let edge = shell::margin(ui.available_width()) as i8;
    let frame =
        Frame::new().inner_margin(Margin { left: edge, right: edge, top: space::SECTION as i8, bottom: 0 });
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width().min(640.0));
        ui.spacing_mut().item_spacing.y = space::ITEM;
        match &open.stage {
            OpenStage::Failed { why, cure } => failed(ui, desk, open, (why, *cure), out),
            _ => {
                ui.remark(&fill(desk.language.texts.opening, &[&open.name]));
                ui.skeleton(4);
            }
        }
    });
}

/// Why an app is not on screen, and what helps.
fn failed(ui: &mut Ui, desk: &Desk, open: &OpenApp, (why, cure): (&str, Cure), out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let what = fill(texts.not_opened, &[&open.name]);
    let text = format!("{what} {}", sentence(why));
    ui.banner(Banner { text: &text, tone: Tone::Bad, action: None, dismissible: false });
    if cure == Cure::Sync && desk.sync != SyncState::Idle {
        // How the sync fares that was asked for here.
        gallery::state(ui, desk, out);
        return;
    }
    ui.horizontal(|ui| {
        let known = !open.id.is_empty();
        if known && cure == Cure::Sync && ui.primary_button(texts.sync_now) {
            out.push(Action::Sync);
        }
        if known && cure == Cure::Again && ui.primary_button(texts.try_again) {
            out.push(Action::Reopen);
        }
        let alone = desk.stage == Stage::Alone && desk.behind.is_none();
        if !alone && ui.secondary_button(texts.back) {
            out.push(Action::Close);
        }
    });
}

/// The messages of the session.
pub(super) fn messages(ui: &mut Ui, desk: &Desk, toasts: &Toasts) {
    shell::page(ui, "messages", 720.0, |ui| {
        ui.spacing_mut().item_spacing.y = space::ITEM;
        shell::title(ui, desk.language.texts.messages);
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

//! Signing in to a portal, and the passphrase of a vault.
//!
//! Invariant: a form says at its fields what is wrong with them, Enter hands it out, and while it is out it can be
//! stopped.

use egui::{Key, Sense, Ui, vec2};

use super::empty::wide_button;
use super::shell::{self, form_field, sentence};
use super::texts::fill;
use super::{Action, Desk, Field};
use crate::UiExt as _;
use crate::theme::{Colours, icons, size, space};
use crate::widgets::{Banner, Progress, Tone};

/// The sign-in at a portal.
pub(super) fn sign_in(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    shell::middle(ui, 420.0, |ui| {
        head(ui, texts.sign_in_title, texts.sign_in_lead);
        problem(ui, desk);
        form_field(ui, desk, (Field::Address, texts.portal_address, texts.portal_hint, false), out);
        form_field(ui, desk, (Field::Name, texts.email, "", false), out);
        form_field(ui, desk, (Field::Secret, texts.password, "", true), out);
        foot(ui, desk, texts.sign_in, out);
        ui.remark(texts.without_portal);
    });
}

/// The passphrase of a vault: asked for, or chosen where `reason` says why it is needed.
pub(super) fn unlock(ui: &mut Ui, desk: &Desk, reason: Option<&str>, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    shell::middle(ui, 420.0, |ui| {
        match reason {
            Some(why) => head(ui, texts.choose_title, &fill(texts.choose_lead, &[why])),
            None => head(ui, texts.unlock_title, texts.unlock_lead),
        }
        problem(ui, desk);
        let hint = if reason.is_some() { texts.passphrase_hint } else { "" };
        form_field(ui, desk, (Field::Secret, texts.passphrase, hint, true), out);
        if reason.is_some() {
            form_field(ui, desk, (Field::Again, texts.passphrase_again, "", true), out);
        }
        foot(ui, desk, if reason.is_some() { texts.encrypt } else { texts.unlock }, out);
    });
}

/// The mark of the program, what is asked and why.
fn head(ui: &mut Ui, title: &str, lead: &str) {
    let c = Colours::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = space::GROUP;
        let (rect, _) = ui.allocate_exact_size(vec2(size::TILE_ICON, size::TILE_ICON), Sense::hover());
        shell::ground(ui, rect, size::RADIUS_CARD, c.accent, c.accent);
        icons::CALCULATOR.paint(ui.painter(), rect.center(), 28.0, c.on_accent);
        ui.add_space(space::GROUP);
        ui.screen_title(title);
        ui.remark(lead);
    });
}

fn problem(ui: &mut Ui, desk: &Desk) {
    if let Some(problem) = &desk.form.problem {
        let text = sentence(problem);
        ui.banner(Banner { text: &text, tone: Tone::Bad, action: None, dismissible: false });
    }
}

/// The button that hands the form out, or what happens meanwhile.
fn foot(ui: &mut Ui, desk: &Desk, label: &str, out: &mut Vec<Action>) {
    if desk.form.busy {
        let texts = desk.language.texts;
        let progress = Progress { label: texts.signing_in, share: None, amount: "", cancellable: true };
        if ui.progress(progress) {
            out.push(Action::Cancel);
        }
        return;
    }
    let entered = ui.input(|input| input.key_pressed(Key::Enter)) && desk.question.is_none();
    let clicked = wide_button(ui, label, true);
    if clicked || entered {
        out.push(Action::Submit);
    }
}

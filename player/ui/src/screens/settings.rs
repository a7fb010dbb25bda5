//! Settings: how it looks, who is signed in, where things are kept.
//!
//! Invariant: a setting takes effect at once; only signing out asks first.

use egui::Ui;

use super::shell;
use super::{Action, Desk, Protection, Question, ThemeChoice};
use crate::UiExt as _;
use crate::theme::{Colours, Step, Weight, one_line, size, space, wrapped};
use crate::widgets::{Choice, FieldText};

/// Shows the settings.
pub(super) fn show(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    shell::page(ui, "settings", 640.0, |ui| {
        ui.spacing_mut().item_spacing.y = space::ITEM;
        shell::title(ui, texts.settings);
        ui.card(|ui| appearance(ui, desk, out));
        ui.card(|ui| account(ui, desk, out));
        ui.card(|ui| {
            ui.spacing_mut().item_spacing.y = space::INSET;
            ui.section_title(texts.storage);
            let protection = match desk.storage.protection {
                Some(Protection::System) => texts.protection_system,
                Some(Protection::Passphrase) => texts.protection_passphrase,
                Some(Protection::Both) => texts.protection_both,
                None => "–",
            };
            fact(ui, texts.protection, protection);
            fact(ui, texts.app_count, &desk.entries.as_ref().map_or(0, Vec::len).to_string());
            if !desk.storage.size.is_empty() {
                fact(ui, texts.size, &desk.storage.size);
            }
            fact(ui, texts.folder, &desk.storage.folder);
        });
        ui.card(|ui| {
            ui.spacing_mut().item_spacing.y = space::INSET;
            ui.section_title(texts.about);
            fact(ui, texts.version, concat!("Playsheet ", env!("CARGO_PKG_VERSION")));
        });
    });
}

fn appearance(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    ui.spacing_mut().item_spacing.y = space::ITEM;
    ui.section_title(texts.appearance);
    let themes = [ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::System];
    let choices = [texts.light, texts.dark, texts.system];
    let chosen = themes.iter().position(|theme| *theme == desk.theme);
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(360.0));
        let choice = Choice { about: FieldText::new("theme", texts.theme), choices: &choices, chosen };
        if let Some(theme) = ui.choice_input(choice).and_then(|at| themes.get(at)) {
            out.push(Action::Theme(*theme));
        }
    });
    if let Some(less) = ui.switch_input(&FieldText::new("less-motion", texts.less_motion), desk.less_motion) {
        out.push(Action::LessMotion(less));
    }
}

fn account(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    ui.spacing_mut().item_spacing.y = space::INSET;
    ui.section_title(texts.account);
    if !desk.person.name.is_empty() {
        fact(ui, texts.name, &desk.person.name);
    }
    fact(ui, texts.email, &desk.person.email);
    let portal = match desk.person.portal_name.as_str() {
        "" => desk.person.portal.clone(),
        name => format!("{name}, {}", desk.person.portal),
    };
    fact(ui, texts.portal, &portal);
    ui.add_space(space::GROUP);
    if ui.secondary_button(texts.sign_out) {
        out.push(Action::Ask(Question::SignOut));
    }
}

/// A name and what it stands for, side by side where there is room.
fn fact(ui: &mut Ui, name: &str, value: &str) {
    let c = Colours::of(ui);
    let width = ui.available_width();
    let beside = width >= 420.0;
    let first = if beside { 160.0 } else { width };
    let label = one_line(ui, name, Step::Body, Weight::Regular, c.text_2, first);
    let room = if beside { width - first } else { width };
    let text = wrapped(ui, value, Step::Body, Weight::Regular, c.text, room);
    let height = if beside { label.size().y.max(text.size().y) } else { label.size().y + text.size().y };
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(width, height + size::LINE), egui::Sense::hover());
    ui.painter().galley(rect.min, label.clone(), c.text_2);
    let at = if beside { egui::vec2(first, 0.0) } else { egui::vec2(0.0, label.size().y) };
    ui.painter().galley(rect.min + at, text, c.text);
    let spoken = format!("{name}: {value}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &spoken));
}

//! The gallery: the person's apps as tiles.
//!
//! Invariant: only the rows of tiles on screen are laid out.

use egui::{Id, Key, Modifiers, ScrollArea, Ui, vec2};

use super::MEDIUM;
use super::shell::{margin, sentence};
use super::texts::fill;
use super::{Action, Desk, Entry, EntryState, SyncState};
use crate::UiExt as _;
use crate::theme::{icons, size, space};
use crate::widgets::{
    AppIcon, AppState, Banner, BannerAction, Button, ButtonKind, EmptyState, Progress, Tile, Tone,
    search_field,
};

/// The greatest width of the search field.
const SEARCH: f32 = 320.0;

/// Shows the gallery.
pub(super) fn show(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let edge = margin(ui.available_width());
    let found: Vec<&Entry> = matching(desk).collect();
    ui.add_space(edge.min(space::SECTION));
    ui.horizontal(|ui| {
        ui.add_space(edge);
        ui.vertical(|ui| {
            ui.set_width(ui.available_width() - edge);
            ui.spacing_mut().item_spacing.y = space::ITEM;
            head(ui, desk, &found, out);
            state(ui, desk, out);
        });
    });
    ui.add_space(space::GROUP);
    match &desk.entries {
        None => framed(ui, edge, |ui| ui.skeleton(6)),
        Some(all) if all.is_empty() => framed(ui, edge, |ui| first_run(ui, desk, out)),
        Some(_) if found.is_empty() => framed(ui, edge, |ui| no_match(ui, desk, out)),
        Some(_) => tiles(ui, desk, edge, &found, out),
    }
}

fn framed(ui: &mut Ui, edge: f32, add: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.add_space(edge);
        ui.vertical(|ui| {
            ui.set_width(ui.available_width() - edge);
            ui.card(add);
        });
    });
}

/// The apps whose names hold every word that is searched for.
fn matching(desk: &Desk) -> impl Iterator<Item = &Entry> {
    let words: Vec<String> = desk.search.split_whitespace().map(str::to_lowercase).collect();
    let fits = move |entry: &&Entry| {
        let name = entry.name.to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    desk.entries.iter().flatten().filter(fits)
}

fn head(ui: &mut Ui, desk: &Desk, found: &[&Entry], out: &mut Vec<Action>) {
    let narrow = ui.available_width() < MEDIUM - RAIL_ROOM;
    let texts = desk.language.texts;
    let some = desk.entries.as_ref().is_some_and(|entries| !entries.is_empty());
    if narrow {
        ui.horizontal(|ui| {
            ui.scope(|ui| {
                ui.set_width(ui.available_width() - size::CONTROL - space::GROUP);
                ui.screen_title(texts.apps);
            });
            sync_button(ui, desk, out);
        });
        if some {
            search(ui, desk, found, out);
        }
        return;
    }
    ui.horizontal(|ui| {
        let field = if some { SEARCH + space::GROUP } else { 0.0 };
        let title = ui.available_width() - field - size::CONTROL - 2.0 * space::GROUP;
        ui.scope(|ui| {
            ui.set_width(title);
            ui.screen_title(texts.apps);
        });
        if some {
            ui.scope(|ui| {
                ui.set_width(SEARCH);
                search(ui, desk, found, out);
            });
        }
        sync_button(ui, desk, out);
    });
}

/// What the rail takes from the width at which the bar gives way to it.
const RAIL_ROOM: f32 = 72.0;

fn search(ui: &mut Ui, desk: &Desk, found: &[&Entry], out: &mut Vec<Action>) {
    let id = Id::unique("gallery-search");
    let texts = desk.language.texts;
    let name = format!("{}  (Ctrl K)", texts.search_apps);
    if let Some(text) = search_field(ui, id, &name, &desk.search, size::CONTROL) {
        out.push(Action::Search(text));
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::K)) {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    // Enter opens what the search has found, if it is one thing or clearly the first.
    let entered = ui.memory(|memory| memory.had_focus_last_frame(id) || memory.has_focus(id))
        && ui.input(|input| input.key_pressed(Key::Enter));
    if let Some(first) = found.first().filter(|_| entered && !desk.search.trim().is_empty()) {
        out.push(Action::Open(first.id.clone()));
    }
}

fn sync_button(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let running = matches!(desk.sync, SyncState::Running { .. });
    let label = match (running, desk.synced.as_str()) {
        (true, _) => texts.syncing.to_owned(),
        (false, "") => format!("{}. {}", texts.sync_now, texts.never_synced),
        (false, when) => format!("{}. {}", texts.sync_now, fill(texts.synced_at, &[when])),
    };
    let button = Button {
        icon: Some(icons::SYNC),
        icon_only: true,
        enabled: !running,
        ..Button::new(ButtonKind::Secondary, &label)
    };
    if button.show(ui).clicked() {
        out.push(Action::Sync);
    }
}

/// How syncing is, where that is worth a sentence.
fn state(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let (text, tone, action, then) = match &desk.sync {
        SyncState::Idle => return,
        SyncState::Running { what, share, amount } => {
            let label = if what.is_empty() { texts.syncing } else { what.as_str() };
            if ui.progress(Progress { label, share: *share, amount, cancellable: true }) {
                out.push(Action::Cancel);
            }
            return;
        }
        SyncState::Offline => (texts.offline_banner.to_owned(), Tone::Warn, texts.try_again, Action::Sync),
        SyncState::SignedOut => {
            (texts.signed_out_banner.to_owned(), Tone::Warn, texts.sign_in_again, Action::SignInAgain)
        }
        SyncState::Failed(why) => {
            (sentence(&fill(texts.sync_failed, &[why])), Tone::Bad, texts.try_again, Action::Sync)
        }
    };
    let banner = Banner { text: &text, tone, action: Some(action), dismissible: false };
    if ui.banner(banner) == Some(BannerAction::Act) {
        out.push(then);
    }
}

fn first_run(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let text = fill(texts.first_run, &[&desk.person.email]);
    if ui.empty_state(EmptyState { icon: icons::APPS, text: &text, action: Some(texts.sync_now) }) {
        out.push(Action::Sync);
    }
}

fn no_match(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let text = fill(texts.no_match, &[desk.search.trim()]);
    if ui.empty_state(EmptyState { icon: icons::SEARCH, text: &text, action: Some(texts.show_all_apps) }) {
        out.push(Action::Search(String::new()));
    }
}

fn tiles(ui: &mut Ui, desk: &Desk, edge: f32, found: &[&Entry], out: &mut Vec<Action>) {
    let gap = space::ITEM;
    let room = ui.available_width() - 2.0 * edge;
    let across = (((room + gap) / (size::TILE_WIDTH + gap)).floor() as usize).max(1);
    let rows = found.len().div_ceil(across);
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    ScrollArea::vertical().id_salt("tiles").auto_shrink([false, false]).show_rows(
        ui,
        size::TILE_HEIGHT,
        rows + 1,
        |ui, range| {
            for row in range {
                let Some(entries) = found.get(row * across..((row + 1) * across).min(found.len())) else {
                    // Room below the last row.
                    ui.add_space(edge);
                    continue;
                };
                ui.horizontal(|ui| {
                    ui.add_space(edge);
                    for entry in entries {
                        if tile(ui, desk, entry) {
                            out.push(Action::Open(entry.id.clone()));
                        }
                    }
                });
            }
        },
    );
}

fn tile(ui: &mut Ui, desk: &Desk, entry: &Entry) -> bool {
    let text = state_line(desk, entry);
    let state = match &entry.state {
        EntryState::Ready if desk.sync == SyncState::Offline => AppState::Offline(&text),
        EntryState::Ready => AppState::UpToDate(&text),
        EntryState::Updated | EntryState::New => AppState::UpdateReady(&text),
        EntryState::Syncing => AppState::Syncing(&text),
        EntryState::LeaseEnded | EntryState::Incomplete => AppState::Offline(&text),
        EntryState::Withdrawn(_) | EntryState::NeedsSignIn { .. } | EntryState::NeedsNewerPlayer => {
            AppState::Withdrawn(&text)
        }
    };
    ui.push_id(&entry.id, |ui| {
        ui.tile(Tile { id: &entry.id, name: &entry.name, icon: AppIcon::Letters, state })
    })
    .inner
}

/// The state of an app in a few words.
fn state_line(desk: &Desk, entry: &Entry) -> String {
    let texts = desk.language.texts;
    let plain = match &entry.state {
        EntryState::Ready if desk.sync == SyncState::Offline => match entry.offline_until {
            Some(day) => return fill(texts.offline_until, &[&desk.language.short_day(day)]),
            None => texts.offline,
        },
        EntryState::Ready => texts.up_to_date,
        EntryState::Updated => texts.updated,
        EntryState::New => texts.new_here,
        EntryState::Syncing => texts.syncing,
        EntryState::Withdrawn(_) => texts.withdrawn,
        EntryState::LeaseEnded => texts.ended,
        EntryState::NeedsSignIn { .. } => texts.needs_sign_in,
        EntryState::Incomplete => texts.incomplete,
        EntryState::NeedsNewerPlayer => texts.needs_newer,
    };
    plain.to_owned()
}

//! The gallery: the person's apps as tiles.
//!
//! Invariant: only the rows of tiles on screen are laid out.

use egui::{Frame, Id, Key, Margin, Modifiers, ScrollArea, Ui, vec2};

use super::MEDIUM;
use super::shell::{self, margin, sentence};
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
    let above = Margin { top: edge.min(space::SECTION) as i8, ..Margin::symmetric(edge as i8, 0) };
    ui.spacing_mut().item_spacing.y = space::ITEM;
    Frame::new().inner_margin(above).show(ui, |ui| {
        head(ui, desk, &found, out);
        state(ui, desk, out);
    });
    match &desk.entries {
        Some(_) if !found.is_empty() => tiles(ui, desk, edge, &found, out),
        all => {
            Frame::new().inner_margin(Margin::symmetric(edge as i8, 0)).show(ui, |ui| {
                ui.card(|ui| match all {
                    None => ui.skeleton(6),
                    Some(all) if all.is_empty() => first_run(ui, desk, out),
                    Some(_) => no_match(ui, desk, out),
                });
            });
        }
    }
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

/// Title, search and sync: in one line, or on a narrow screen with the search below.
fn head(ui: &mut Ui, desk: &Desk, found: &[&Entry], out: &mut Vec<Action>) {
    let narrow = ui.available_width() < MEDIUM - RAIL_ROOM;
    let some = desk.entries.as_ref().is_some_and(|entries| !entries.is_empty());
    let beside = some && !narrow;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::GROUP;
        let field = if beside { SEARCH + space::GROUP } else { 0.0 };
        let room = ui.available_width() - field - size::CONTROL - space::GROUP;
        ui.scope(|ui| {
            ui.set_width(room);
            ui.vertical(|ui| shell::title(ui, desk.language.texts.apps));
        });
        if beside {
            ui.scope(|ui| {
                ui.set_width(SEARCH);
                search(ui, desk, found, true, out);
            });
        }
        sync_button(ui, desk, out);
    });
    if some && narrow {
        search(ui, desk, found, false, out);
    }
}

/// What the rail takes from the width at which the bar gives way to it.
const RAIL_ROOM: f32 = 72.0;

fn search(ui: &mut Ui, desk: &Desk, found: &[&Entry], keys: bool, out: &mut Vec<Action>) {
    let id = Id::unique("gallery-search");
    let texts = desk.language.texts;
    // Where there is no room for a rail, there is hardly a keyboard either.
    let name = if keys { format!("{}  (Ctrl K)", texts.search_apps) } else { texts.search_apps.to_owned() };
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
pub(super) fn state(ui: &mut Ui, desk: &Desk, out: &mut Vec<Action>) {
    let texts = desk.language.texts;
    let (text, tone, action, then) = match &desk.sync {
        SyncState::Idle => return,
        SyncState::Running { what, share, amount } => {
            let label = if what.is_empty() { texts.asking.to_owned() } else { fill(texts.fetching, &[what]) };
            if ui.progress(Progress { label: &label, share: *share, amount, cancellable: true }) {
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
    let mut text = fill(texts.first_run, &[&desk.person.email]);
    if desk.person.unconfirmed {
        // Invitations wait for that, and nothing else here would say so.
        text = format!("{} {text}", fill(texts.confirm_first, &[&desk.person.email]));
    }
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

/// The tiles, as wide as fills each row from edge to edge.
fn tiles(ui: &mut Ui, desk: &Desk, edge: f32, found: &[&Entry], out: &mut Vec<Action>) {
    let gap = space::ITEM;
    let room = ui.available_width() - 2.0 * edge;
    let across = (((room + gap) / (size::TILE_WIDTH + gap)).floor() as usize).max(1);
    // Whole points, so that every edge is sharp; what they leave over goes to a point more here and there.
    let start = |column: usize| ((room + gap) * column as f32 / across as f32).round();
    let rows = found.len().div_ceil(across);
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    ScrollArea::vertical()
        .id_salt("tiles")
        .auto_shrink([false, false])
        .content_margin(Margin::symmetric(edge as i8, 0))
        .show_rows(ui, size::TILE_HEIGHT, rows + 1, |ui, range| {
            for row in range {
                let Some(entries) = found.get(row * across..((row + 1) * across).min(found.len())) else {
                    // Room below the last row.
                    ui.add_space(edge);
                    continue;
                };
                ui.horizontal(|ui| {
                    for (column, entry) in entries.iter().enumerate() {
                        let width = start(column + 1) - start(column) - gap;
                        if tile(ui, desk, entry, width) {
                            out.push(Action::Open(entry.id.clone()));
                        }
                    }
                });
            }
        });
}

fn tile(ui: &mut Ui, desk: &Desk, entry: &Entry, width: f32) -> bool {
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
        ui.tile(Tile { id: &entry.id, name: &entry.name, icon: AppIcon::Letters, state, width })
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

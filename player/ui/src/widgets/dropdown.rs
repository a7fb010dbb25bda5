//! A choice among many: a control that opens a list, with a search field from eight choices on.
//!
//! Invariant: only the choices on screen are laid out, so ten thousand cost no more than ten.

use egui::accesskit::{HasPopup, Role};
use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense,
    SetOpenCommand, Ui, WidgetInfo, pos2, vec2,
};

use super::field::{ControlState, FieldText, field, input_colour, input_ground};
use super::piece::{describe, face, ground, hover, line, node, sentence, width_of};
use super::search::search_field;
use super::words::{Words, words};
use crate::theme::{Colours, Step, Weight, icons, size, space};

/// A choice shown as a list that opens.
#[derive(Clone, Copy, Debug)]
pub struct Dropdown<'a, S> {
    /// Label, unit, help, problem and hint (shown while nothing is chosen).
    pub about: FieldText<'a>,
    /// What there is to choose from.
    pub choices: &'a [S],
    /// Which is chosen.
    pub chosen: Option<usize>,
}

/// From this many choices on there is a search field.
const SEARCH_FROM: usize = 8;
/// This many choices are seen at once.
const SEEN: usize = 8;

/// What the open list keeps from frame to frame.
#[derive(Clone, Debug, Default)]
struct Open {
    search: String,
    /// The choice the keyboard stands on, among those that match.
    at: usize,
}

impl<S: AsRef<str>> Dropdown<'_, S> {
    /// Shows the control. Answers which choice the person picked, if another one.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        field(ui, &self.about, |ui, label| {
            let response = self.control(ui, label);
            // Enter on the open list takes the choice; elsewhere a click opens or closes.
            let entered = ui.input(|input| input.key_pressed(Key::Enter))
                && Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
            let toggled = (response.clicked() && !entered).then_some(SetOpenCommand::Toggle);
            let popup = Popup::from_response(&response)
                .open_memory(toggled)
                .gap(space::HAIR)
                .width(response.rect.width())
                .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
                .accessible_name(self.about.label);
            let id = response.id.with("open");
            let picked = popup.show(|ui| {
                ui.set_width(response.rect.width() - 2.0 * space::HAIR - 2.0 * size::LINE);
                self.list(ui, id)
            });
            match picked {
                Some(picked) => {
                    if picked.inner.is_some() {
                        Popup::close_id(ui.ctx(), Popup::default_response_id(&response));
                        ui.memory_mut(|memory| memory.request_focus(response.id));
                    }
                    picked.inner.filter(|&index| Some(index) != self.chosen)
                }
                None => {
                    ui.data_mut(|data| data.remove::<Open>(id));
                    None
                }
            }
        })
    }

    fn control(&self, ui: &mut Ui, label: Id) -> Response {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::hover());
        let response = ui.interact(rect, self.about.control_id(ui), Sense::click());
        let chosen = self.chosen.and_then(|index| self.choices.get(index)).map(AsRef::as_ref);
        response.widget_info(|| WidgetInfo::new(Role::ComboBox));
        node(ui, response.id, |node| {
            node.push_labelled_by(label.accesskit_id());
            node.set_value(chosen.unwrap_or_default());
            node.set_has_popup(HasPopup::Listbox);
        });
        describe(ui, response.id, self.about.help, self.about.problem);
        let state = ControlState {
            hovered: hover(ui, &response),
            focused: response.has_focus(),
            problem: self.about.problem.is_some(),
        };
        input_ground(ui, rect, state);
        self.paint_value(ui, rect, chosen);
        if response.has_focus() {
            let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let popup = Popup::default_response_id(&response);
            let closed = !Popup::is_id_open(ui.ctx(), popup);
            if closed && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown)) {
                Popup::open_id(ui.ctx(), popup);
            }
        }
        response
    }

    fn paint_value(&self, ui: &Ui, rect: Rect, chosen: Option<&str>) {
        let c = Colours::of(ui);
        let y = rect.center().y;
        let arrow = pos2(rect.right() - space::GROUP - size::ICON / 2.0, y);
        icons::UNFOLD.paint(ui.painter(), arrow, size::ICON, c.text_2);
        let left = rect.left() + space::INSET;
        let room = rect.width() - space::INSET - size::ICON - 2.0 * space::GROUP;
        match chosen {
            Some(chosen) => {
                line(ui, chosen, face(Step::Body, Weight::Regular, input_colour(ui)), pos2(left, y), room);
            }
            None => {
                let own = words(ui.ctx());
                let hint = if self.about.hint.is_empty() { own.choose.as_str() } else { self.about.hint };
                line(ui, hint, face(Step::Body, Weight::Regular, c.hint), pos2(left, y), room);
            }
        }
    }

    /// The open list.
    fn list(&self, ui: &mut Ui, id: Id) -> Option<usize> {
        let known: Option<Open> = ui.data(|data| data.get_temp(id));
        let first = known.is_none();
        let mut open =
            known.unwrap_or_else(|| Open { at: self.chosen.unwrap_or_default(), ..Open::default() });
        ui.spacing_mut().item_spacing.y = space::HAIR;
        if self.choices.len() >= SEARCH_FROM {
            let field = id.with("search");
            if let Some(search) =
                search_field(ui, field, &words(ui.ctx()).search, &open.search, size::COMPACT)
            {
                open = Open { search, at: 0 };
            }
            if first {
                ui.memory_mut(|memory| memory.request_focus(field));
            }
        }
        let matches = self.matches(&open.search);
        let step = step_keys(ui);
        open.at = open.at.saturating_add_signed(step).min(matches.len().saturating_sub(1));
        let entered = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) && !first;
        let mut picked = if entered { matches.get(open.at).copied() } else { None };
        if matches.is_empty() {
            let c = Colours::of(ui);
            sentence(ui, None, &Words::fill(&words(ui.ctx()).no_match_for, &[&open.search]), c.text_2);
        } else {
            picked = self.rows(ui, id, &open, &matches, first || step != 0).or(picked);
        }
        ui.data_mut(|data| data.insert_temp(id, open));
        picked
    }

    /// The choices whose words begin with, or else hold, what is searched for.
    fn matches(&self, search: &str) -> Vec<usize> {
        let search = search.trim().to_lowercase();
        let all = self.choices.iter().enumerate();
        all.filter(|(_, choice)| search.is_empty() || choice.as_ref().to_lowercase().contains(&search))
            .map(|(index, _)| index)
            .collect()
    }

    fn rows(&self, ui: &mut Ui, id: Id, open: &Open, matches: &[usize], reveal: bool) -> Option<usize> {
        let height = size::CONTROL;
        let mut area =
            ScrollArea::vertical().id_salt(id).max_height(SEEN as f32 * height).auto_shrink([false, true]);
        if reveal {
            let above = (open.at as f32 - SEEN as f32 / 2.0 + 0.5).max(0.0);
            area = area.vertical_scroll_offset(above * height);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut picked = None;
        area.show_rows(ui, height, matches.len(), |ui, range| {
            for (row, &index) in matches.iter().enumerate().skip(range.start).take(range.len()) {
                if self.row(ui, id.with(index), index, row == open.at, matches.len()) {
                    picked = Some(index);
                }
            }
        });
        picked
    }

    fn row(&self, ui: &mut Ui, id: Id, index: usize, at: bool, count: usize) -> bool {
        let Some(name) = self.choices.get(index).map(AsRef::as_ref) else { return false };
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::hover());
        let response = ui.interact(rect, id, Sense::CLICK);
        let chosen = self.chosen == Some(index);
        response.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, true, name));
        node(ui, response.id, |node| {
            node.set_selected(chosen);
            node.set_position_in_set(index);
            node.set_size_of_set(count);
        });
        let c = Colours::of(ui);
        let fill = if at { c.accent_soft } else { c.veil(0.06 * hover(ui, &response)) };
        ground(ui.painter(), rect, size::RADIUS, fill, Color32::TRANSPARENT);
        let mark = size::ICON + space::GROUP;
        if chosen {
            let centre = pos2(rect.right() - space::GROUP - size::ICON / 2.0, rect.center().y);
            icons::CHECK.paint(ui.painter(), centre, size::ICON, c.accent);
        }
        let weight = if chosen { Weight::Semibold } else { Weight::Regular };
        let room = rect.width() - space::GROUP - mark;
        line(
            ui,
            name,
            face(Step::Body, weight, c.text),
            pos2(rect.left() + space::GROUP, rect.center().y),
            room,
        );
        let cut = width_of(ui, name, Step::Body, weight) > room;
        let response = if cut { response.on_hover_text(name) } else { response };
        response.clicked()
    }
}

/// How far the arrow keys move down the list; they are used up.
fn step_keys(ui: &Ui) -> isize {
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as isize;
    let rows = pressed(Key::ArrowDown) - pressed(Key::ArrowUp);
    rows + SEEN as isize * (pressed(Key::PageDown) - pressed(Key::PageUp))
}

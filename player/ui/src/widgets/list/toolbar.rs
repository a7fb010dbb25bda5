//! The toolbar of a list: search, filters, sort and count.
//!
//! Invariant: the count is said to screen readers when it changes.

use egui::accesskit::Role;
use egui::{Id, Popup, PopupCloseBehavior, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{List, ListAction, ListState, NARROW, Sort};
use crate::theme::{Colours, Step, Weight, icons, size, space};
use crate::widgets::button::{Button, ButtonKind};
use crate::widgets::chip::filter_chip;
use crate::widgets::piece::{announce, face, line_to, width_of};
use crate::widgets::search::search_field;
use crate::widgets::words::{Words, words};

/// Shows the toolbar, if there is anything in it.
pub(super) fn toolbar(ui: &mut Ui, id: Id, list: &List<'_>) -> Option<ListAction> {
    let empty = matches!(list.state, ListState::Empty { .. });
    if empty || (list.search.is_none() && list.filters.is_empty() && list.total <= 1) {
        return None;
    }
    let own = words(ui.ctx());
    let count = count_text(list, &own);
    let narrow = ui.available_width() < NARROW;
    ui.spacing_mut().item_spacing = vec2(space::GROUP, space::GROUP);
    let mut action = None;
    if narrow {
        if let Some(value) = list.search {
            action = search_field(ui, id.with("search"), &own.search, value, size::CONTROL)
                .map(ListAction::Search);
        }
        ui.horizontal_wrapped(|ui| {
            action = action.take().or_else(|| filters(ui, list));
            action = action.take().or_else(|| sort_menu(ui, list));
            let room = (ui.available_size_before_wrap().x - 1.0).floor();
            show_count(ui, &count, room);
        });
        return action;
    }
    ui.horizontal(|ui| {
        if let Some(value) = list.search {
            ui.scope(|ui| {
                ui.set_max_width(280.0);
                action = search_field(ui, id.with("search"), &own.search, value, size::CONTROL)
                    .map(ListAction::Search);
            });
            ui.add_space(space::HAIR);
        }
        action = action.take().or_else(|| filters(ui, list));
        let room = ui.available_width();
        show_count(ui, &count, room);
    });
    action
}

fn count_text(list: &List<'_>, own: &Words) -> String {
    match list.state {
        ListState::Loading => String::new(),
        _ if list.shown == list.total => grouped(list.total),
        _ => Words::fill(&own.count_of, &[&grouped(list.shown), &grouped(list.total)]),
    }
}

/// A count with thin spaces between thousands, which every language reads.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

fn show_count(ui: &mut Ui, count: &str, width: f32) -> Response {
    let own = width_of(ui, count, Step::Body, Weight::Regular).ceil() + 1.0;
    let (rect, response) = ui.allocate_exact_size(vec2(own.max(width), size::COMPACT), Sense::hover());
    let colour = Colours::of(ui).text_2;
    line_to(ui, count, face(Step::Body, Weight::Regular, colour), pos2(rect.right(), rect.center().y), own);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, count));
    announce(ui, response.id);
    response
}

fn filters(ui: &mut Ui, list: &List<'_>) -> Option<ListAction> {
    let mut switched = None;
    for (index, filter) in list.filters.iter().enumerate() {
        if filter_chip(ui, filter.label, filter.on) {
            switched = Some(ListAction::Filter(index));
        }
    }
    switched
}

/// Sorting where there is no head to click on.
fn sort_menu(ui: &mut Ui, list: &List<'_>) -> Option<ListAction> {
    let columns = || {
        let title = (0, list.title, true);
        let others =
            list.columns.iter().enumerate().map(|(i, column)| (i + 1, column.heading, column.sortable));
        std::iter::once(title).chain(others).filter(|(_, _, sortable)| *sortable)
    };
    let sort = list.sort?;
    columns().next()?;
    let own = words(ui.ctx());
    let by = columns().find(|(column, ..)| *column == sort.column).map(|(_, heading, _)| heading);
    let (heading, label) = match by {
        Some(heading) => (heading, Words::fill(&own.sorted_by, &[heading])),
        None => (own.sort.as_str(), own.sort.clone()),
    };
    let icon = match (by, sort.descending) {
        (None, _) => icons::SORT,
        (Some(_), true) => icons::DESCENDING,
        (Some(_), false) => icons::ASCENDING,
    };
    let button =
        Button { icon: Some(icon), compact: true, flush: true, ..Button::new(ButtonKind::Quiet, heading) };
    let response = button.show(ui).accessible_name(label);
    let mut picked = None;
    Popup::from_toggle_button_response(&response).close_behavior(PopupCloseBehavior::CloseOnClick).show(
        |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (column, heading, _) in columns() {
                let current = column == sort.column;
                let icon = current.then_some(icon);
                let item = Button { icon, ..Button::new(ButtonKind::Quiet, heading) };
                if item.show(ui).clicked() {
                    picked = Some(ListAction::Sort(Sort { column, descending: current && !sort.descending }));
                }
            }
        },
    );
    picked
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn counts_are_grouped_from_five_digits_on() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(9400), "9400");
        assert_eq!(grouped(10_000), "10\u{2009}000");
        assert_eq!(grouped(1_234_567), "1\u{2009}234\u{2009}567");
    }
}

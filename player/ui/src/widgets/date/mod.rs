//! A date: typed in the locale's order, or picked in a calendar.
//!
//! Invariant: a date that comes back exists and is between the years 1900 and 9999, as a spreadsheet's dates are.

mod calendar;
mod day;

pub use day::{Date, DateLocale, DateOrder};

use egui::accesskit::{HasPopup, Role};
use egui::{Id, Popup, PopupCloseBehavior, Rect, RectAlign, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::edit::{Edit, EditAction};
use super::field::{ControlState, FieldText, field, input_colour, input_ground};
use super::piece::{describe, hit_area, hover, mix, node};
use super::words::{Words, words};
use crate::theme::{Colours, focus_ring, icons, size, space};

/// An input for a date.
#[derive(Clone, Copy, Debug)]
pub struct DateInput<'a> {
    /// Label, help and problem.
    pub about: FieldText<'a>,
    /// The date, if there is one.
    pub value: Option<Date>,
    /// Today, where the calendar opens if there is no date.
    pub today: Date,
    /// Order, separators and names.
    pub locale: &'a DateLocale,
}

/// What a person did to a date input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateAction {
    /// Typed or picked this date.
    Picked(Date),
    /// Emptied the input.
    Cleared,
}

impl DateInput<'_> {
    /// Shows the input. Answers what the person did, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<DateAction> {
        let id = self.about.control_id(ui);
        let odd: Option<String> = ui.data(|data| data.get_temp(id.with("odd")));
        let example = Words::fill(&words(ui.ctx()).not_a_date, &[&self.locale.text(self.today)]);
        let problem = if odd.is_some() { Some(example.as_str()) } else { self.about.problem };
        let about = FieldText { problem, ..self.about };
        field(ui, &about, |ui, label| {
            let typed = self.control(ui, &about, id, label, odd.as_deref());
            let outcome = typed.map(|text| self.read(ui, id, text));
            outcome.unwrap_or_else(|| self.picked(ui, id))
        })
    }

    /// The control. Answers what was typed, if that is done.
    fn control(
        &self,
        ui: &mut Ui,
        about: &FieldText<'_>,
        id: Id,
        label: Id,
        odd: Option<&str>,
    ) -> Option<String> {
        let (rect, area) = hit_area(ui, ui.available_width(), size::CONTROL);
        if area.clicked() {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let focused = ui.memory(|memory| memory.has_focus(id));
        input_ground(
            ui,
            rect,
            ControlState { hovered: hover(ui, &area), focused, problem: about.problem.is_some() },
        );
        self.button(ui, id, rect);

        let mut inner = rect.shrink2(vec2(space::INSET, space::HAIR));
        inner.max.x = rect.right() - size::CONTROL;
        let value = self.value.map(|date| self.locale.text(date)).unwrap_or_default();
        let value = odd.unwrap_or(&value);
        let hint = if about.hint.is_empty() { self.locale.pattern() } else { about.hint.to_owned() };
        let edit =
            Edit { hint: &hint, role: Role::DateInput, ..Edit::new(id, Ok(label), value, input_colour(ui)) };
        let (response, action) = edit.show(ui, inner);
        describe(ui, response.id, about.help, about.problem);
        match action? {
            EditAction::Typed(text) => Some(text),
            EditAction::Typing(_) | EditAction::Step(_) => None,
        }
    }

    /// The date in what was typed. What is no date stays in the field, with a sentence that says so.
    fn read(&self, ui: &Ui, id: Id, text: String) -> Option<DateAction> {
        let action = if text.trim().is_empty() {
            Some(DateAction::Cleared)
        } else {
            self.locale.read(&text, self.today).map(DateAction::Picked)
        };
        ui.data_mut(|data| {
            data.remove::<String>(id.with("odd"));
            if action.is_none() {
                data.insert_temp(id.with("odd"), text);
            }
        });
        action.filter(|&action| match action {
            DateAction::Picked(date) => Some(date) != self.value,
            DateAction::Cleared => self.value.is_some(),
        })
    }

    /// The button that opens the calendar.
    fn button(&self, ui: &Ui, id: Id, rect: Rect) {
        let edge = size::CONTROL;
        let square = Rect::from_min_size(pos2(rect.right() - edge, rect.top()), vec2(edge, edge));
        let response = ui.interact(square, calendar_button(id), Sense::click());
        let name = Words::fill(&words(ui.ctx()).open_calendar, &[self.about.label]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        node(ui, response.id, |node| node.set_has_popup(HasPopup::Dialog));
        let c = Colours::of(ui);
        let colour = mix(c.text_2, c.input, hover(ui, &response));
        icons::CALENDAR.paint(ui.painter(), square.center(), size::ICON, colour);
        focus_ring(ui, &response, square.shrink(space::HAIR), size::RADIUS);
    }

    /// The calendar, if it is open. Answers the date that was picked.
    fn picked(&self, ui: &Ui, id: Id) -> Option<DateAction> {
        let button: Response = ui.ctx().read_response(calendar_button(id))?;
        let month = id.with("month");
        let shown = Popup::from_toggle_button_response(&button)
            .align(RectAlign::BOTTOM_END)
            .gap(space::HAIR)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name(self.about.label)
            .show(|ui| calendar::calendar(ui, month, self.value, self.today, self.locale));
        let Some(shown) = shown else {
            ui.data_mut(|data| data.remove::<Date>(month));
            return None;
        };
        let date = shown.inner?;
        Popup::close_id(ui.ctx(), Popup::default_response_id(&button));
        ui.data_mut(|data| data.remove::<String>(id.with("odd")));
        ui.memory_mut(|memory| memory.request_focus(calendar_button(id)));
        (Some(date) != self.value).then_some(DateAction::Picked(date))
    }
}

fn calendar_button(id: Id) -> Id {
    id.with("calendar")
}

//! Inputs: each control of the view as a house widget, what the person does as a command.
//!
//! Invariant: what is typed goes out as it was typed; reading it is the view's part, which knows the locale and the
//! rules of the spreadsheet.

use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use engine::values::DateSystem;
use engine::view::{Choice as Offered, Command, Content, Control, Input, Level, Scalar};

use super::Screen;
use crate::UiExt as _;
use crate::screens::desk::Action;
use crate::screens::shell::note;
use crate::screens::texts::fill;
use crate::theme::{Colours, Step, focus_ring, icons, size, space};
use crate::widgets::{
    Button, ButtonKind, Choice, Date, DateAction, DateInput, Dropdown, EditAction, FieldText, NumberInput,
    Slider, SliderAction, TextInput,
};

/// From this many digits on, thousands are grouped: years stay as they are.
const GROUPED_FROM: usize = 5;
/// Lines of an input for longer text.
const ROWS: usize = 3;
/// The most choices that are listed one below the other; more of them are a list that opens.
const MOST_RADIOS: usize = 12;
/// Stars where the definition does not say how many.
const STARS: f64 = 5.0;
/// The most stars that are drawn.
const MOST_STARS: f64 = 10.0;

/// Shows an input.
pub(super) fn input(ui: &mut Ui, screen: &Screen<'_>, id: &str, input: &Input, out: &mut Vec<Action>) {
    let top = ui.cursor().min;
    let width = ui.available_width();
    let problem = input.message.as_ref().filter(|message| message.level == Level::Error);
    let problem = problem.map(|message| message.text.as_str());
    let wanting = input.required && input.value == Scalar::Empty;
    let asked =
        if wanting { fill(screen.language.texts.required, &[&input.caption]) } else { input.caption.clone() };
    let about = FieldText {
        unit: &input.unit,
        unit_before: input.unit_before,
        help: &input.help,
        problem,
        hint: &input.hint,
        enabled: !input.disabled,
        ..FieldText::new(id, &asked)
    };
    let action = ui.push_id(id, |ui| control(ui, screen, about, input)).inner;
    if let Some(message) = input.message.as_ref().filter(|message| message.level != Level::Error) {
        let c = Colours::of(ui);
        let (icon, colour) = match message.level {
            Level::Warning => (icons::WARNING, c.warn),
            _ => (icons::INFO, c.text_2),
        };
        ui.add_space(space::HAIR - ui.spacing().item_spacing.y);
        note(ui, icon, &message.text, colour);
    }
    out.extend(action);
    if input.changed && !input.disabled {
        let labelled = !matches!(input.control, Control::Switch | Control::Checkbox);
        reset(ui, screen, id, input, Rect::from_min_size(top, vec2(width, size::ICON_SMALL)), labelled, out);
    }
}

fn control(ui: &mut Ui, screen: &Screen<'_>, about: FieldText<'_>, input: &Input) -> Option<Action> {
    let id = about.id.to_owned();
    let set = |value: Scalar| Action::Do(Command::Set { id: id.clone(), value });
    match input.control {
        Control::Switch => ui.switch_input(&about, is_on(input)).map(|on| set(Scalar::Bool(on))),
        Control::Checkbox => ui.checkbox_input(&about, Some(is_on(input))).map(|on| set(Scalar::Bool(on))),
        Control::Slider => slider(ui, screen, about, input),
        Control::Stepper => stepper(ui, screen, about, input),
        Control::Segmented | Control::Radio | Control::Dropdown => choice(ui, about, input),
        Control::Date => date(ui, screen, about, input),
        Control::Rating => rating(ui, screen, &about, input).map(|stars| set(Scalar::Number(stars))),
        Control::Multiline => {
            typed(&about, ui.text_input(TextInput { rows: ROWS, ..TextInput::new(about, &input.text) }))
        }
        Control::Time | Control::DateTime => typed(&about, ui.text_input(TextInput::new(about, &input.text))),
        Control::Field => field(ui, screen, about, input),
    }
}

/// What was typed, once it is done.
fn typed(about: &FieldText<'_>, action: Option<EditAction>) -> Option<Action> {
    match action? {
        EditAction::Typed(text) => Some(Action::Do(Command::Type { id: about.id.to_owned(), text })),
        EditAction::Typing(_) | EditAction::Step(_) => None,
    }
}

fn is_number(content: Content) -> bool {
    matches!(content, Content::Integer | Content::Decimal | Content::Percent | Content::Currency)
}

fn is_on(input: &Input) -> bool {
    match &input.value {
        Scalar::Bool(on) => *on,
        Scalar::Number(number) => *number != 0.0,
        _ => false,
    }
}

fn number_of(input: &Input) -> Option<f64> {
    match input.value {
        Scalar::Number(number) => Some(number),
        _ => None,
    }
}

fn field(ui: &mut Ui, screen: &Screen<'_>, about: FieldText<'_>, input: &Input) -> Option<Action> {
    if !is_number(input.content) {
        return typed(&about, ui.text_input(TextInput::new(about, &input.text)));
    }
    let shown = grouped(&input.text, screen);
    let number = NumberInput { shown: &shown, editable: &input.text, steps: true, about };
    number_action(&about, input, ui.number_input(number))
}

fn number_action(about: &FieldText<'_>, input: &Input, action: Option<EditAction>) -> Option<Action> {
    match action? {
        EditAction::Step(steps) => stepped(input, f64::from(steps))
            .map(|value| Action::Do(Command::Set { id: about.id.to_owned(), value: Scalar::Number(value) })),
        other => typed(about, Some(other)),
    }
}

/// The number that lies `steps` away, between the least and the greatest; `None` where that is no change.
fn stepped(input: &Input, steps: f64) -> Option<f64> {
    let stride = input.step.unwrap_or(if input.content == Content::Percent { 0.01 } else { 1.0 });
    let now = number_of(input).or(input.min).unwrap_or(0.0);
    // Steps such as 0.05 pile up binary noise; what was meant has at most twelve decimals.
    let raw = now + steps * stride;
    let tidy = if raw.abs() < 1e3 { (raw * 1e12 + 0.5).floor() / 1e12 } else { raw };
    let value = tidy.max(input.min.unwrap_or(f64::MIN)).min(input.max.unwrap_or(f64::MAX));
    (number_of(input) != Some(value)).then_some(value)
}

/// A number with − and +.
fn stepper(ui: &mut Ui, screen: &Screen<'_>, about: FieldText<'_>, input: &Input) -> Option<Action> {
    let texts = screen.language.texts;
    let buttons = 2.0 * size::CONTROL + 2.0 * space::GROUP;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::GROUP;
        let typed = ui
            .vertical(|ui| {
                ui.set_width((ui.available_width() - buttons).max(80.0));
                let shown = grouped(&input.text, screen);
                let number = NumberInput { shown: &shown, editable: &input.text, steps: true, about };
                number_action(&about, input, ui.number_input(number))
            })
            .inner;
        let down = fill(texts.decrease, &[about.label]);
        let up = fill(texts.increase, &[about.label]);
        let stepped_by = ui
            .vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(Step::Caption.line() + space::HAIR);
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::GROUP;
                    let mut steps = 0.0;
                    for (icon, label, by) in [(icons::PARTLY, &down, -1.0), (icons::ADD, &up, 1.0)] {
                        let enabled = about.enabled && stepped(input, by).is_some();
                        let kind = ButtonKind::Secondary;
                        let button =
                            Button { icon: Some(icon), icon_only: true, enabled, ..Button::new(kind, label) };
                        if button.show(ui).clicked() {
                            steps = by;
                        }
                    }
                    steps
                })
                .inner
            })
            .inner;
        let clicked = (stepped_by != 0.0).then(|| stepped(input, stepped_by)).flatten();
        let clicked = clicked
            .map(|value| Action::Do(Command::Set { id: about.id.to_owned(), value: Scalar::Number(value) }));
        clicked.or(typed)
    })
    .inner
}

fn slider(ui: &mut Ui, screen: &Screen<'_>, about: FieldText<'_>, input: &Input) -> Option<Action> {
    let (Some(least), Some(greatest)) = (input.min, input.max) else {
        return field(ui, screen, about, input);
    };
    let value = number_of(input).unwrap_or(least);
    let shown = grouped(&input.text, screen);
    let end = |value: f64| about.with_unit(&screen.end_text(value, input.content));
    let (least_shown, greatest_shown) = (end(least), end(greatest));
    let fine = if input.content == Content::Integer { 1.0 } else { 0.0 };
    let slider = Slider {
        about,
        value,
        least,
        greatest,
        step: input.step.unwrap_or(fine),
        shown: &shown,
        editable: &input.text,
        least_shown: &least_shown,
        greatest_shown: &greatest_shown,
    };
    let set = |value: f64| Command::Set { id: about.id.to_owned(), value: Scalar::Number(value) };
    match ui.slider_input(slider)? {
        SliderAction::Dragging(value) => Some(Action::Drag(set(value))),
        SliderAction::Set(value) => Some(Action::Do(set(value))),
        SliderAction::Typed(text) => Some(Action::Do(Command::Type { id: about.id.to_owned(), text })),
    }
}

fn choice(ui: &mut Ui, about: FieldText<'_>, input: &Input) -> Option<Action> {
    let names: Vec<&str> = input.choices.iter().map(|choice| choice.caption.as_str()).collect();
    let chosen = input.choices.iter().position(|choice| choice.selected);
    let picked = match input.control {
        Control::Radio if names.len() <= MOST_RADIOS => {
            ui.radio_input(Choice { about, choices: &names, chosen })
        }
        Control::Segmented => ui.choice_input(Choice { about, choices: &names, chosen }),
        _ => ui.dropdown_input(Dropdown { about, choices: &names, chosen }),
    };
    let Offered { value, .. } = input.choices.get(picked?)?;
    Some(Action::Do(Command::Set { id: about.id.to_owned(), value: value.clone() }))
}

fn date(ui: &mut Ui, screen: &Screen<'_>, about: FieldText<'_>, input: &Input) -> Option<Action> {
    let value = number_of(input)
        .and_then(|serial| DateSystem::V1900.civil(serial as i64))
        .and_then(|day| Date::new(day.year, day.month, day.day));
    let field = DateInput { about, value, today: screen.today, locale: &screen.language.dates };
    let text = match ui.date_input(field)? {
        DateAction::Picked(day) => format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
        DateAction::Cleared => String::new(),
    };
    Some(Action::Do(Command::Type { id: about.id.to_owned(), text }))
}

/// Stars. Answers how many were clicked; a click on the only one takes it back.
fn rating(ui: &mut Ui, screen: &Screen<'_>, about: &FieldText<'_>, input: &Input) -> Option<f64> {
    let most = input.max.unwrap_or(STARS).clamp(1.0, MOST_STARS).floor();
    let now = number_of(input).unwrap_or(0.0);
    let texts = screen.language.texts;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::HAIR;
        let c = Colours::of(ui);
        ui.label(
            crate::theme::rich(about.label, Step::Caption, crate::theme::Weight::Semibold).color(c.text_2),
        );
        let mut clicked = None;
        ui.add_enabled_ui(about.enabled, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                let mut star = 1.0;
                while star <= most {
                    let (rect, response) =
                        ui.allocate_exact_size(vec2(size::CONTROL, size::CONTROL), Sense::click());
                    let name = fill(texts.rating, &[about.label, &star.to_string(), &most.to_string()]);
                    let on = star <= now;
                    response
                        .widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), on, &name));
                    let colour = if on || response.hovered() { c.input } else { c.input_line };
                    let edge = if on { size::ICON + space::HAIR } else { size::ICON };
                    icons::FAVOURITE.paint(ui.painter(), rect.center(), edge, colour);
                    if on {
                        ui.painter().circle_filled(rect.center(), 3.0, colour);
                    }
                    focus_ring(ui, &response, rect.shrink(space::HAIR), size::RADIUS);
                    if response.clicked() {
                        clicked = Some(if star == 1.0 && now == 1.0 { 0.0 } else { star });
                    }
                    star += 1.0;
                }
                let words = format!("{} / {most}", now.floor());
                ui.add_space(space::GROUP);
                ui.label(
                    crate::theme::rich(words, Step::Body, crate::theme::Weight::Regular).color(c.text_2),
                );
            });
        });
        if let Some(problem) = about.problem {
            note(ui, icons::PROBLEM, problem, c.bad);
        } else if !about.help.is_empty() {
            ui.label(
                crate::theme::rich(about.help, Step::Caption, crate::theme::Weight::Regular).color(c.hint),
            );
        }
        clicked
    })
    .inner
}

/// The small button that gives an input back what the spreadsheet has.
fn reset(
    ui: &mut Ui,
    screen: &Screen<'_>,
    id: &str,
    input: &Input,
    line: Rect,
    labelled: bool,
    out: &mut Vec<Action>,
) {
    let edge = size::ICON_SMALL + space::GROUP;
    let middle = if labelled { line.center().y } else { line.top() + size::COMPACT / 2.0 };
    let place = Rect::from_center_size(pos2(line.right() - edge / 2.0, middle), vec2(edge, edge));
    let response = ui.interact(place, ui.make_persistent_id(("reset", id)), Sense::click());
    let name = fill(screen.language.texts.reset_one, &[&input.caption]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let c = Colours::of(ui);
    let colour = if response.hovered() { c.text } else { c.text_2 };
    icons::RESET.paint(ui.painter(), place.center(), size::ICON_SMALL, colour);
    focus_ring(ui, &response, place.shrink(2.0), size::RADIUS);
    if response.on_hover_text(name).clicked() {
        out.push(Action::Do(Command::Reset { id: id.to_owned() }));
    }
}

/// A number with its thousands grouped, where it is one with enough digits.
fn grouped(text: &str, screen: &Screen<'_>) -> String {
    let locale = screen.language.locale;
    let digits_from = text.find(|c: char| c != '-').unwrap_or(text.len());
    let (sign, rest) = text.split_at(digits_from);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    let plain_tail =
        tail.strip_prefix(locale.decimal).is_none_or(|decimals| decimals.chars().all(|c| c.is_ascii_digit()));
    if digits.len() < GROUPED_FROM || !(tail.is_empty() || tail.starts_with(locale.decimal)) || !plain_tail {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 4);
    shown.push_str(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && locale.separates(digits.len() - at) {
            shown.push(locale.group);
        }
        shown.push(digit);
    }
    shown.push_str(tail);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::texts::Language;
    use engine::numfmt::Locale;

    #[test]
    fn thousands_are_grouped_in_numbers_and_nowhere_else() {
        let cases = [
            ("en-US", "250000", "250,000"),
            ("en-US", "2026", "2026"),
            ("en-US", "-1234567.25", "-1,234,567.25"),
            ("de-DE", "250000,5", "250.000,5"),
            ("de-DE", "250000.5", "250000.5"),
            ("en-US", "12345 m", "12345 m"),
            ("en-US", "1E+20", "1E+20"),
            ("en-US", "", ""),
        ];
        for (tag, text, expected) in cases {
            let language = Language::of(Locale::from_tag(tag).unwrap());
            let colours = Colours::of_theme(look::Theme::Light);
            let screen = Screen { language: &language, today: Date::new(2026, 11, 21).unwrap(), colours };
            assert_eq!(grouped(text, &screen), expected, "{tag} {text}");
        }
    }

    #[test]
    fn steps_stay_between_the_ends_and_free_of_noise() {
        let input = Input {
            value: Scalar::Number(0.25),
            min: Some(0.0),
            max: Some(0.3),
            step: Some(0.05),
            ..Input::default()
        };
        assert_eq!(stepped(&input, 1.0), Some(0.3));
        assert_eq!(stepped(&input, 5.0), Some(0.3));
        assert_eq!(stepped(&input, -9.0), Some(0.0));
        assert_eq!(stepped(&Input { value: Scalar::Number(0.3), ..input }, 1.0), None);
        assert_eq!(stepped(&Input::default(), 1.0), Some(1.0));
    }
}

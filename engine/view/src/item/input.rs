//! Inputs: a control with its value, bounds, choices and what is to be said about it.

use crate::build::Builder;
use crate::resolve::Place;
use crate::words::fill;
use crate::{Choice, Content, Control, Input, Kind, Level, Message, Scalar, text, validation};
use app_definitions::model::{InputType, Item, RuleLevel, Validate};
use workbook::Validation;

impl Builder<'_> {
    /// An input as the definition asks for it.
    pub fn input(&mut self, item: &Item, place: Place) -> Kind {
        let value = self.books.value(place);
        let content = self.input_content(item, place);
        let system = self.books.date_system(place.book);
        let rule = validation::of(self.books, place);
        let choices = self.choices(item, place, content, rule.as_ref());
        let (min, max) = self.bounds(item, place, rule.as_ref());
        let step = self.books.bound(item.step.as_ref(), place.book, self.resolver).filter(|step| *step > 0.0);
        let enabled = self.books.condition(item.enabled.as_ref(), true, self.resolver);
        let read_only = self.books.condition(item.read_only.as_ref(), false, self.resolver);
        let code = self.books.code(place);
        let (unit, unit_before) = self.unit(item, &code, true);
        let prompt = rule.as_ref().and_then(|rule| rule.prompt.as_ref()).map(|text| text.trim().to_owned());
        let help = Some(self.caption(item.help.as_ref())).filter(|help| !help.is_empty());
        let mut input = Input {
            caption: self.caption(item.caption.as_ref()),
            control: control(item.input_type, content, &choices, min.is_some() && max.is_some()),
            content,
            value: text::scalar(&value),
            text: text::editable(&value, content, self.books.environment.locale, system, self.formats),
            unit,
            unit_before,
            hint: self.caption(item.hint.as_ref()),
            help: help.or(prompt).unwrap_or_default(),
            required: self.books.condition(item.required.as_ref(), false, self.resolver),
            disabled: !self.enabled || !enabled || read_only,
            min,
            max,
            step,
            decimals: item.decimals,
            choices,
            message: None,
            changed: self.books.is_changed(place),
        };
        self.remark(item, &mut input);
        Kind::Input(input)
    }

    /// Least and greatest value: the definition's, else those of the workbook's validation.
    fn bounds(&mut self, item: &Item, place: Place, rule: Option<&Validation>) -> (Option<f64>, Option<f64>) {
        let (least, greatest) = match rule {
            Some(rule) => validation::bounds(self.books, place, rule),
            None => (None, None),
        };
        let min = self.books.bound(item.min.as_ref(), place.book, self.resolver);
        let max = self.books.bound(item.max.as_ref(), place.book, self.resolver);
        (min.or(least), max.or(greatest))
    }

    /// What is to be said: of an entry that was refused or let in with a word, else of the value that is there.
    fn remark(&mut self, item: &Item, input: &mut Input) {
        if let Some(entry) = self.state.entry(&item.id.text) {
            input.message = Some(entry.message.clone());
            if let Some(refused) = &entry.refused {
                input.text.clone_from(refused);
            }
            return;
        }
        let is_empty =
            matches!(&input.value, Scalar::Empty) || matches!(&input.value, Scalar::Text(t) if t.is_empty());
        if input.required && is_empty {
            input.message =
                Some(Message { level: Level::Error, text: fill(self.words().needed, &[&input.caption]) });
            return;
        }
        input.message = item.rules.iter().find_map(|rule| self.broken(rule));
    }

    /// What a rule of the definition says about the values that are there, if they break it.
    pub fn broken(&mut self, rule: &Validate) -> Option<Message> {
        let holds = crate::books::single(self.books.expression(&rule.test));
        if functions::to_bool(&holds, self.books.environment.locale) != Ok(false) {
            return None;
        }
        let level = match rule.level {
            RuleLevel::Error => Level::Error,
            RuleLevel::Warning => Level::Warning,
            RuleLevel::Info => Level::Info,
        };
        let said = self.caption(rule.message.as_ref());
        let text = if said.is_empty() { self.words().breaks_rule.to_owned() } else { said };
        Some(Message { level, text })
    }
}

fn control(input_type: InputType, content: Content, choices: &[Choice], bounded: bool) -> Control {
    let short = choices.len() <= 4
        && choices.iter().map(|choice| choice.caption.chars().count()).sum::<usize>() <= 36;
    match input_type {
        InputType::Multiline => Control::Multiline,
        InputType::Slider if bounded => Control::Slider,
        InputType::Stepper => Control::Stepper,
        InputType::Switch => Control::Switch,
        InputType::Checkbox => Control::Checkbox,
        InputType::Dropdown | InputType::Multiselect => Control::Dropdown,
        InputType::Radio => Control::Radio,
        InputType::Segmented => Control::Segmented,
        InputType::Date => Control::Date,
        InputType::Time => Control::Time,
        InputType::DateTime => Control::DateTime,
        InputType::Rating => Control::Rating,
        _ if !choices.is_empty() && short => Control::Segmented,
        _ if !choices.is_empty() => Control::Dropdown,
        _ => match content {
            Content::Boolean => Control::Switch,
            Content::Date => Control::Date,
            Content::Time => Control::Time,
            Content::DateTime => Control::DateTime,
            _ => Control::Field,
        },
    }
}

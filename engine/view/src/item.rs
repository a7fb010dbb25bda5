//! Inputs and outputs.

use crate::books::Books;
use crate::resolve::{Place, Resolver};
use crate::state::{Entry, State};
use crate::text::{self, Formats};
use crate::{Choice, Content, Control, Input, Kind, Level, Message, Output, Scalar, validation};
use app_definitions::model::{App, Caption, Choices, ContentType, InputType, Item, RuleLevel};
use numfmt::Reading;
use values::{DateSystem, Value};
use workbook::ValidationStyle;

/// What building one node needs.
pub(crate) struct Builder<'a> {
    pub app: &'a App,
    pub resolver: &'a Resolver<'a>,
    pub books: &'a mut Books,
    pub state: &'a mut State,
    pub formats: &'a mut Formats,
    pub locale_tag: &'a str,
    /// The first output of the app is its headline.
    pub headline_given: bool,
}

impl Builder<'_> {
    /// A caption in the session's language; empty where there is none.
    pub fn caption(&self, caption: Option<&Caption>) -> String {
        caption.map(|caption| self.app.text(caption, self.locale_tag).to_owned()).unwrap_or_default()
    }

    /// The code by which a cell's value is shown: the item's own, else by its content, else the cell's.
    fn code(&self, item: &Item, place: Place, content: Content) -> String {
        if let Some(code) = &item.format {
            return code.clone();
        }
        let cell = self.cell_code(place);
        let stated = item.content_type.is_some_and(|content| content != ContentType::Text);
        match (item.decimals, cell.as_str()) {
            (None, code) if code != "General" => cell,
            (None, _) if !stated => cell,
            (decimals, _) if content == Content::Decimal && decimals.is_none() => cell,
            (decimals, _) => text::code_of_content(content, decimals),
        }
    }

    pub fn cell_code(&self, place: Place) -> String {
        let (sheet, cell) = place.cell();
        let workbook = self.books.sessions.get(place.book).map(|session| session.model().workbook());
        workbook
            .map_or_else(|| "General".to_owned(), |w| w.style(sheet, cell).number_format.as_str().to_owned())
    }

    fn content(&self, item: &Item, place: Place, value: &Value) -> Content {
        match item.content_type {
            Some(content) => text::content_of_type(content),
            None => text::content_of_format(&self.cell_code(place)).unwrap_or(match value {
                Value::Number(_) => Content::Decimal,
                Value::Bool(_) => Content::Boolean,
                _ => Content::Text,
            }),
        }
    }

    pub fn show(&mut self, code: &str, value: &Value, system: DateSystem) -> text::Shown {
        self.formats.show(code, value, self.books.environment.locale, system)
    }

    /// An item as the definition asks for it.
    pub fn item(&mut self, item: &Item, place: Place) -> Kind {
        if item.input_type == InputType::Output { self.output(item, place) } else { self.input(item, place) }
    }

    fn output(&mut self, item: &Item, place: Place) -> Kind {
        let value = self.books.value(place);
        let content = self.content(item, place, &value);
        let system = self.books.date_system(place.book);
        let code = self.code(item, place, content);
        let mut output = Output {
            caption: self.caption(item.caption.as_ref()),
            value: text::scalar(&value),
            unit: self.unit(item, &code),
            unit_before: item.unit_before,
            content,
            headline: !std::mem::replace(&mut self.headline_given, true),
            help: self.caption(item.help.as_ref()),
            ..Output::default()
        };
        match &value {
            Value::Error(error) => {
                output.text = text::error_in_words(*error).to_owned();
                output.error = Some(error.as_str().to_owned());
            }
            Value::Empty => {}
            value => {
                let shown = self.show(&code, value, system);
                (output.text, output.color) = (shown.text, shown.color);
            }
        }
        if let (Value::Number(now), Some(before)) = (&value, self.state.before(&item.id.text)) {
            let by = *now - before;
            if by != 0.0 && by.is_finite() && !is_moment(content) {
                let shown = self.show(&code, &Value::Number(by.abs()), system).text;
                output.change = format!("{} {shown}", if by > 0.0 { '▲' } else { '▼' });
            }
        }
        if let Value::Number(now) = value {
            self.state.remember(&item.id.text, now);
        }
        Kind::Output(output)
    }

    /// The unit: the definition's, or its currency where the format shows none.
    fn unit(&self, item: &Item, code: &str) -> String {
        let unit = self.caption(item.unit.as_ref());
        if !unit.is_empty() {
            return unit;
        }
        match &item.currency {
            Some(app_definitions::model::Setting::Literal(currency))
                if text::content_of_format(code) != Some(Content::Currency) =>
            {
                currency_sign(currency).to_owned()
            }
            _ => String::new(),
        }
    }

    fn input(&mut self, item: &Item, place: Place) -> Kind {
        let value = self.books.value(place);
        let content = self.content(item, place, &value);
        let system = self.books.date_system(place.book);
        let rule = validation::of(self.books, place);
        let choices = self.choices(item, place, content, rule.as_ref());
        let (rule_min, rule_max) = match &rule {
            Some(rule) => validation::bounds(self.books, place, rule),
            None => (None, None),
        };
        let min = self.books.bound(item.min.as_ref(), self.resolver).or(rule_min);
        let max = self.books.bound(item.max.as_ref(), self.resolver).or(rule_max);
        let step = self.books.bound(item.step.as_ref(), self.resolver).filter(|step| *step > 0.0);
        let enabled = self.books.condition(item.enabled.as_ref(), true, self.resolver);
        let read_only = self.books.condition(item.read_only.as_ref(), false, self.resolver);
        let required = self.books.condition(item.required.as_ref(), false, self.resolver);
        let entry = self.state.entry(&item.id.text);
        let prompt = rule.as_ref().and_then(|rule| rule.prompt.as_ref()).map(|text| text.trim().to_owned());
        let mut input = Input {
            caption: self.caption(item.caption.as_ref()),
            control: control(item.input_type, content, &choices, min.is_some() && max.is_some()),
            content,
            value: text::scalar(&value),
            text: text::editable(&value, content, self.books.environment.locale, system, self.formats),
            unit: self.unit(item, &self.cell_code(place)),
            unit_before: item.unit_before,
            hint: self.caption(item.hint.as_ref()),
            help: Some(self.caption(item.help.as_ref()))
                .filter(|help| !help.is_empty())
                .or(prompt)
                .unwrap_or_default(),
            required,
            disabled: !enabled || read_only,
            min,
            max,
            step,
            decimals: item.decimals,
            choices,
            message: None,
            changed: self.is_changed(place),
        };
        input.message = self.message(item, &input, entry.as_ref());
        if let Some(Entry { text, message }) = entry {
            (input.text, input.message) = (text, Some(message));
        }
        Kind::Input(input)
    }

    fn is_changed(&self, place: Place) -> bool {
        let (sheet, cell) = place.cell();
        let Some(session) = self.books.sessions.get(place.book) else { return false };
        session
            .input(sheet, cell)
            .is_some_and(|input| !input.same(session.model().workbook().value(sheet, cell)))
    }

    /// What is wrong with the value that is in the cell.
    fn message(&mut self, item: &Item, input: &Input, entry: Option<&Entry>) -> Option<Message> {
        let is_empty =
            matches!(&input.value, Scalar::Empty) || matches!(&input.value, Scalar::Text(t) if t.is_empty());
        if entry.is_none() && input.required && is_empty {
            return Some(Message { level: Level::Error, text: format!("{} is needed.", input.caption) });
        }
        for rule in &item.rules {
            let holds = crate::books::single(self.books.expression(&rule.test));
            if functions::to_bool(&holds) == Ok(false) {
                let level = match rule.level {
                    RuleLevel::Error => Level::Error,
                    RuleLevel::Warning => Level::Warning,
                    RuleLevel::Info => Level::Info,
                };
                let said = self.caption(rule.message.as_ref());
                let text =
                    if said.is_empty() { "This entry breaks a rule of the app.".to_owned() } else { said };
                return Some(Message { level, text });
            }
        }
        None
    }

    /// What can be chosen: the definition's own list, cells it names, or the workbook's validation.
    fn choices(
        &mut self,
        item: &Item,
        place: Place,
        content: Content,
        rule: Option<&workbook::Validation>,
    ) -> Vec<Choice> {
        let current = self.books.value(place);
        let values: Vec<(Value, String)> = match &item.choices {
            Some(choices) if !choices.listed.is_empty() => self.listed(choices, content, place),
            Some(choices) => self.referred(choices),
            None => {
                let listed =
                    rule.and_then(|rule| validation::choices(self.books, place, rule)).unwrap_or_default();
                let (code, system) = (self.cell_code(place), self.books.date_system(place.book));
                listed
                    .into_iter()
                    .map(|value| {
                        let caption = self.show(&code, &value, system).text;
                        (value, caption)
                    })
                    .collect()
            }
        };
        let same = |value: &Value| match (value, &current) {
            (Value::Text(a), Value::Text(b)) => values::equal_text(a, b),
            (Value::Number(a), Value::Number(b)) => values::equal_numbers(*a, *b),
            (a, b) => a.same(b),
        };
        values
            .into_iter()
            .map(|(value, caption)| Choice { value: text::scalar(&value), caption, selected: same(&value) })
            .collect()
    }

    fn listed(&mut self, choices: &Choices, content: Content, place: Place) -> Vec<(Value, String)> {
        let reading = self.reading(place.book);
        choices
            .listed
            .iter()
            .map(|choice| {
                let value =
                    parse(&choice.value, content, &reading).unwrap_or_else(|_| Value::text(&choice.value));
                let caption = self.caption(choice.caption.as_ref());
                (value, if caption.is_empty() { choice.value.clone() } else { caption })
            })
            .collect()
    }

    /// Choices from cells; a second column, where there is one, has the captions.
    fn referred(&mut self, choices: &Choices) -> Vec<(Value, String)> {
        let Some(place) =
            choices.reference.as_ref().and_then(|reference| self.resolver.place(reference).ok())
        else {
            return Vec::new();
        };
        self.books.bring_up(&[place]);
        let rect = place.area.rect;
        let (code, system) = (self.cell_code(place), self.books.date_system(place.book));
        let rows = (rect.top.0..=rect.bottom.0).take(10_000);
        let mut found = Vec::new();
        for row in rows {
            let first = values::Cell { row: values::Row(row), col: rect.left };
            let value = self.books.at(place.book, place.area.sheet, first);
            if matches!(value, Value::Empty | Value::Error(_)) {
                continue;
            }
            let caption = if rect.left < rect.right {
                let second = values::Cell { col: values::Col(rect.left.0 + 1), ..first };
                let value = self.books.at(place.book, place.area.sheet, second);
                self.show("General", &value, system).text
            } else {
                self.show(&code, &value, system).text
            };
            found.push((value, caption));
        }
        found
    }

    /// What typed text is read against.
    pub fn reading(&self, book: usize) -> Reading<'static> {
        reading(self.books, book)
    }
}

/// What typed text is read against.
pub(crate) fn reading(books: &Books, book: usize) -> Reading<'static> {
    let year = DateSystem::V1900.civil(books.environment.now as i64).map_or(1900, |civil| civil.year);
    Reading { locale: books.environment.locale, system: books.date_system(book), year }
}

fn is_moment(content: Content) -> bool {
    matches!(content, Content::Date | Content::Time | Content::DateTime)
}

fn currency_sign(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        "CHF" => "CHF",
        other => other,
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
        _ if !choices.is_empty() => {
            if short {
                Control::Segmented
            } else {
                Control::Dropdown
            }
        }
        _ => match content {
            Content::Boolean => Control::Switch,
            Content::Date => Control::Date,
            Content::Time => Control::Time,
            Content::DateTime => Control::DateTime,
            _ => Control::Field,
        },
    }
}

/// The value of a typed text for a content, or what is wrong with it.
pub(crate) fn parse(text: &str, content: Content, reading: &Reading<'_>) -> Result<Value, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Value::Empty);
    }
    let number = || numfmt::parse_number(trimmed, reading);
    match content {
        Content::Text | Content::Url | Content::Email | Content::Phone => Ok(Value::text(text)),
        Content::Integer => match number() {
            Some(number) if number.fract() == 0.0 => Ok(Value::Number(number)),
            Some(_) => Err("Enter a whole number.".to_owned()),
            None => Err("Enter a number.".to_owned()),
        },
        Content::Decimal | Content::Currency => {
            number().map(Value::Number).ok_or_else(|| "Enter a number.".to_owned())
        }
        // 5 in a field of percents means 5 %, as it does in a cell with that format.
        Content::Percent => match number() {
            Some(number) if trimmed.contains('%') => Ok(Value::Number(number)),
            Some(number) => Ok(Value::Number(number / 100.0)),
            None => Err("Enter a percentage, for example 5%.".to_owned()),
        },
        Content::Boolean => match trimmed.to_lowercase().as_str() {
            "true" | "yes" | "1" | "ja" | "oui" | "wahr" | "vrai" => Ok(Value::Bool(true)),
            "false" | "no" | "0" | "nein" | "non" | "falsch" | "faux" => Ok(Value::Bool(false)),
            _ => Err("Choose yes or no.".to_owned()),
        },
        Content::Date => numfmt::parse_date(trimmed, reading)
            .map(|serial| Value::Number(serial.floor()))
            .ok_or_else(|| "Enter a date.".to_owned()),
        Content::Time => {
            numfmt::parse_time(trimmed, reading).map(Value::Number).ok_or_else(|| "Enter a time.".to_owned())
        }
        Content::DateTime => number().map(Value::Number).ok_or_else(|| "Enter a date and time.".to_owned()),
        Content::Duration => {
            number().map(Value::Number).ok_or_else(|| "Enter a duration, for example 1:30.".to_owned())
        }
    }
}

/// Whether an entry may go into its cell, or what to say instead. Warnings let it in.
pub(crate) fn judge(
    builder: &mut Builder<'_>,
    item: &Item,
    place: Place,
    value: &Value,
) -> Result<(), Message> {
    let refuse = |text: String| Err(Message { level: Level::Error, text });
    let caption = builder.caption(item.caption.as_ref());
    let system = builder.books.date_system(place.book);
    let content = builder.content(item, place, value);
    let unit = builder.caption(item.unit.as_ref());
    let code = match content {
        Content::Text => "General".to_owned(),
        content => text::code_of_content(content, item.decimals.or(Some(0).filter(|_| false))),
    };
    let locale = builder.books.environment.locale;
    if let Value::Number(number) = value {
        let min = builder.books.bound(item.min.as_ref(), builder.resolver);
        let max = builder.books.bound(item.max.as_ref(), builder.resolver);
        let below = min.is_some_and(|min| values::compare_numbers(*number, min).is_lt());
        let above = max.is_some_and(|max| values::compare_numbers(*number, max).is_gt());
        let mut say = |bound: f64| builder.formats.show(&code, &Value::Number(bound), locale, system).text;
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        match (min, max) {
            (Some(min), Some(max)) if below || above => {
                return refuse(format!("{caption} must be between {} and {}{unit}.", say(min), say(max)));
            }
            (Some(min), _) if below => {
                return refuse(format!("{caption} must be at least {}{unit}.", say(min)));
            }
            (_, Some(max)) if above => {
                return refuse(format!("{caption} must be at most {}{unit}.", say(max)));
            }
            _ => {}
        }
    }
    let Some(rule) = validation::of(builder.books, place) else { return Ok(()) };
    let mut formats = Formats::default();
    let mut say = |bound: f64| formats.show(&code, &Value::Number(bound), locale, system).text;
    match validation::check(builder.books, place, &rule, value, &mut say) {
        Some((ValidationStyle::Stop, text)) => refuse(text),
        Some((ValidationStyle::Warning, text)) => {
            builder.state.note(&item.id.text, Message { level: Level::Warning, text });
            Ok(())
        }
        Some((ValidationStyle::Information, text)) => {
            builder.state.note(&item.id.text, Message { level: Level::Info, text });
            Ok(())
        }
        None => Ok(()),
    }
}

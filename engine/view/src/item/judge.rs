//! Whether an entry may go into its cell: the definition's bounds, choices and rules, then the workbook's validation.

use super::choices;
use crate::build::Builder;
use crate::resolve::Place;
use crate::text::{self, Formats};
use crate::words::fill;
use crate::{Content, Level, Message, validation};
use app_definitions::model::{Item, RuleLevel, RuleTime};
use values::{Value, compare_numbers};
use workbook::ValidationStyle;

impl Builder<'_> {
    /// Lets an entry in, or says why not. A warning lets it in and is kept beside the input.
    ///
    /// # Errors
    /// The message that refuses it: what is wrong and what is allowed.
    pub fn judge(&mut self, item: &Item, place: Place, value: &Value) -> Result<(), Message> {
        self.within_bounds(item, place, value)?;
        self.is_offered(item, place, value)?;
        self.keeps_rules(item, place, value)?;
        let Some(rule) = validation::of(self.books, place) else { return Ok(()) };
        let say = self.bound_writer(item, place);
        let (style, text) = match validation::check(self.books, place, &rule, value, &say) {
            None => return Ok(()),
            Some(complaint) => complaint,
        };
        let level = match style {
            ValidationStyle::Stop => return Err(Message { level: Level::Error, text }),
            ValidationStyle::Warning => Level::Warning,
            ValidationStyle::Information => Level::Info,
        };
        self.state.note(&item.id.text, Message { level, text });
        Ok(())
    }

    /// Writes bounds for messages: every digit of theirs, in the item's kind of content.
    fn bound_writer(&self, item: &Item, place: Place) -> impl Fn(f64) -> String + use<> {
        let code = match self.input_content(item, place) {
            Content::Text | Content::Decimal => "#,##0.##########".to_owned(),
            Content::Percent => "0.##########%".to_owned(),
            Content::Currency => "#,##0.##".to_owned(),
            content => text::code_of_content(content, None),
        };
        let (locale, system) = (self.books.environment.locale, self.books.date_system(place.book));
        move |bound: f64| {
            let text = Formats::default().show(&code, &Value::Number(bound), locale, system).text;
            // Optional digits that are not there leave their point behind.
            let (figures, percent) =
                text.strip_suffix('%').map_or((text.as_str(), ""), |figures| (figures, "%"));
            format!("{}{percent}", figures.strip_suffix(locale.decimal).unwrap_or(figures))
        }
    }

    fn within_bounds(&mut self, item: &Item, place: Place, value: &Value) -> Result<(), Message> {
        let Value::Number(number) = value else { return Ok(()) };
        let min = self.books.bound(item.min.as_ref(), place.book, self.resolver);
        let max = self.books.bound(item.max.as_ref(), place.book, self.resolver);
        let below = min.is_some_and(|min| compare_numbers(*number, min).is_lt());
        let above = max.is_some_and(|max| compare_numbers(*number, max).is_gt());
        if !below && !above {
            return Ok(());
        }
        let (caption, words) = (self.caption(item.caption.as_ref()), self.words());
        let say = self.bound_writer(item, place);
        let (unit, before) = self.unit(item, &self.books.code(place), true);
        let with_unit = |text: String| match (unit.is_empty(), before) {
            (true, _) => text,
            (_, true) => format!("{unit} {text}"),
            _ => format!("{text} {unit}"),
        };
        let text = match (min, max) {
            (Some(min), Some(max)) => fill(words.between, &[&caption, &say(min), &with_unit(say(max))]),
            (Some(min), None) => fill(words.at_least, &[&caption, &with_unit(say(min))]),
            (None, Some(max)) => fill(words.at_most, &[&caption, &with_unit(say(max))]),
            (None, None) => return Ok(()),
        };
        Err(Message { level: Level::Error, text })
    }

    /// Where the definition says what can be chosen, nothing else can be.
    fn is_offered(&mut self, item: &Item, place: Place, value: &Value) -> Result<(), Message> {
        if item.choices.is_none() || matches!(value, Value::Empty) {
            return Ok(());
        }
        let content = self.input_content(item, place);
        let offered = self.choices(item, place, content, None);
        if offered.is_empty()
            || offered.iter().any(|choice| choices::same(&text::value(&choice.value), value))
        {
            return Ok(());
        }
        Err(Message { level: Level::Error, text: self.words().not_listed.to_owned() })
    }

    /// The definition's rules of the level error refuse a value; they are tried with it and it is taken out again.
    fn keeps_rules(&mut self, item: &Item, place: Place, value: &Value) -> Result<(), Message> {
        let refuses = |rule: &&app_definitions::model::Validate| {
            rule.level == RuleLevel::Error && rule.when == RuleTime::Change
        };
        let locale = self.books.environment.locale;
        for rule in item.rules.iter().filter(refuses) {
            let holds =
                self.books.tried(place, value, |books| crate::books::single(books.expression(&rule.test)));
            if holds.is_some_and(|holds| functions::to_bool(&holds, locale) == Ok(false)) {
                let said = self.caption(rule.message.as_ref());
                let text = if said.is_empty() { self.words().breaks_rule.to_owned() } else { said };
                return Err(Message { level: Level::Error, text });
            }
        }
        Ok(())
    }
}

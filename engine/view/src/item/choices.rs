//! What can be chosen: written out in the definition, in cells that it names, or in the workbook's validation.

use super::parse;
use crate::build::Builder;
use crate::resolve::Place;
use crate::{Choice, Content, Scalar, text, validation};
use app_definitions::model::{Choices, Item};
use values::{Cell, Col, Row, Value};
use workbook::Validation;

/// Most choices that cells can give.
const MOST_CHOICES: usize = 10_000;

/// A value that can be chosen, with what people see.
type Offer = (Value, String);

impl Builder<'_> {
    /// The choices of an input in order; none where anything can be entered.
    pub(super) fn choices(
        &mut self,
        item: &Item,
        place: Place,
        content: Content,
        rule: Option<&Validation>,
    ) -> Vec<Choice> {
        let current = self.books.value(place);
        let offers: Vec<Offer> = match &item.choices {
            Some(choices) if !choices.listed.is_empty() => self.listed(choices, content, place),
            Some(choices) => self.referred(choices),
            None => {
                let listed =
                    rule.and_then(|rule| validation::choices(self.books, place, rule)).unwrap_or_default();
                let (code, system) = (self.books.code(place), self.books.date_system(place.book));
                let shown = |value: Value| {
                    let caption = self.show(&code, &value, system).text;
                    (value, caption)
                };
                listed.into_iter().map(shown).collect()
            }
        };
        offers
            .into_iter()
            .map(|(value, caption)| Choice {
                value: text::scalar(&value),
                caption,
                selected: same(&value, &current),
            })
            .collect()
    }

    /// The value that decides which choices there are, as text.
    fn deciding(&mut self, choices: &Choices) -> Option<String> {
        let value = self.books.reference(choices.depends_on.as_ref()?, self.resolver)?;
        Some(functions::to_text(&value, self.books.environment.locale).ok()?.as_str().to_owned())
    }

    /// Choices written out; those of a group are there while the deciding cell holds the group's name.
    fn listed(&mut self, choices: &Choices, content: Content, place: Place) -> Vec<Offer> {
        let reading = self.reading(place.book);
        let deciding = self.deciding(choices);
        let fits = |group: &Option<String>| match (&deciding, group) {
            (Some(deciding), Some(group)) => values::equal_text(deciding, group),
            _ => true,
        };
        let offered = choices.listed.iter().filter(|choice| fits(&choice.group));
        offered
            .map(|choice| {
                let value =
                    parse(&choice.value, content, &reading).unwrap_or_else(|_| Value::text(&choice.value));
                let caption = self.caption(choice.caption.as_ref());
                (value, if caption.is_empty() { choice.value.clone() } else { caption })
            })
            .collect()
    }

    /// Choices from cells. A second column, where there is one, has the captions; where another cell decides, the
    /// last column has the value of that cell to which a choice belongs.
    fn referred(&mut self, choices: &Choices) -> Vec<Offer> {
        let Some(place) =
            choices.reference.as_ref().and_then(|reference| self.resolver.place(reference).ok())
        else {
            return Vec::new();
        };
        self.books.bring_up(&[place]);
        let deciding = self.deciding(choices);
        let rect = place.area.rect;
        let group = deciding.as_ref().filter(|_| rect.left < rect.right).map(|_| rect.right);
        let caption = Col(rect.left.0 + 1);
        let caption = (caption <= rect.right && group != Some(caption)).then_some(caption);
        let (code, system) = (self.books.code(place), self.books.date_system(place.book));
        let mut found = Vec::new();
        for row in (rect.top.0..=rect.bottom.0).take(MOST_CHOICES) {
            let at = |col: Col| Cell { row: Row(row), col };
            let value = self.books.at(place.book, place.area.sheet, at(rect.left));
            let is_blank = matches!(&value, Value::Text(text) if text.trim().is_empty());
            if is_blank || matches!(value, Value::Empty | Value::Error(_)) {
                continue;
            }
            if let (Some(group), Some(deciding)) = (group, &deciding) {
                let of = self.books.at(place.book, place.area.sheet, at(group));
                if !self.show("General", &of, system).text.trim().eq_ignore_ascii_case(deciding.trim()) {
                    continue;
                }
            }
            let shown = match caption {
                Some(caption) => {
                    let value = self.books.at(place.book, place.area.sheet, at(caption));
                    self.show("General", &value, system).text
                }
                None => self.show(&code, &value, system).text,
            };
            found.push((value, shown));
        }
        found
    }
}

/// The choice that a typed text means: by its caption, else by its value.
pub(crate) fn chosen<'c>(choices: &'c [Choice], text: &str) -> Option<&'c Scalar> {
    let text = text.trim();
    let by_caption = choices.iter().find(|choice| values::equal_text(choice.caption.trim(), text));
    let by_value = || {
        choices.iter().find(
            |choice| matches!(&choice.value, Scalar::Text(value) if values::equal_text(value.trim(), text)),
        )
    };
    by_caption.or_else(by_value).map(|choice| &choice.value)
}

/// Whether two values are the same choice.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => values::equal_text(a, b),
        (Value::Number(a), Value::Number(b)) => values::equal_numbers(*a, *b),
        (a, b) => a.same(b),
    }
}

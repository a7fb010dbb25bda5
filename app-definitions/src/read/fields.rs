//! The attributes of one element as typed values.
//!
//! Opening reports what is unknown or missing; each getter reports a value that it cannot read, at the value's place,
//! and then answers as if the attribute were not there.

use std::ops::RangeInclusive;

use super::{Known, Reading};
use crate::address::Area;
use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::expression::Expression;
use crate::id::{Id, LONGEST_ID, is_id};
use crate::model::{Bound, Caption, Color, ColumnRef, Condition, Period, Setting, ValueError, is_locale};
use crate::nearest::nearest;
use crate::origin::{Origin, Place, Places};
use crate::reference::{Reference, ReferenceError};
use crate::vocabulary::{ElementRule, is_access_data};
use crate::words::Word;

use super::tree::{Attribute, AttributeKind, Element};

/// The attributes of an element.
pub(super) struct Fields<'f, 'r, 't, 'x> {
    reading: &'f mut Reading<'r, 'x>,
    element: &'t Element<'x>,
    rule: &'static ElementRule,
    values: Vec<(&'static str, &'t Attribute<'x>)>,
    origin: Origin,
}

/// Why a value is refused: the end of a sentence that starts with attribute and value, and what to write.
struct Complaint {
    code: Code,
    says: String,
    hint: Option<String>,
}

impl Complaint {
    fn new(code: Code, says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, says: says.into(), hint: Some(hint.into()) }
    }
}

impl From<ReferenceError> for Complaint {
    fn from(error: ReferenceError) -> Self {
        Self::new(Code::BadReference, error.to_string(), error.hint())
    }
}

impl From<ValueError> for Complaint {
    fn from(error: ValueError) -> Self {
        let says = error.to_string();
        match error {
            ValueError::Reference(reference) => reference.into(),
            ValueError::EmptyExpression => {
                Self::new(Code::BadExpression, says, "Write a formula behind the =.")
            }
            ValueError::LongExpression => {
                Self::new(Code::BadExpression, says, "Compute it in the workbook and refer to the cell.")
            }
            ValueError::NotFinite => Self::new(Code::BadNumber, says, "Write a smaller number."),
            ValueError::NotAMoment => Self::new(
                Code::BadNumber,
                "is neither a number nor a date or time",
                "Write numbers as 1234.5, dates as 2026-01-31 and times as 08:30.",
            ),
        }
    }
}

impl<'f, 'r, 't, 'x> Fields<'f, 'r, 't, 'x> {
    /// Opens an element that stands in its place. Its own markup in front goes with it.
    pub(super) fn open(reading: &'f mut Reading<'r, 'x>, known: &mut Known<'t, 'x>) -> Self {
        let (element, rule) = (known.element, known.rule);
        let places = Places {
            element: reading.source.place(element.start),
            path: known.path.clone(),
            attributes: Vec::new(),
        };
        let origin = Origin { places, before: std::mem::take(&mut known.before), ..Origin::default() };
        let mut fields = Self { reading, element, rule, values: Vec::new(), origin };
        fields.sort();
        fields.find_missing();
        fields
    }

    /// Tells own attributes from foreign and unknown ones.
    fn sort(&mut self) {
        for attribute in &self.element.attributes {
            let known = match attribute.kind {
                AttributeKind::Foreign => {
                    self.origin
                        .foreign
                        .push((attribute.name.to_owned(), attribute.value.clone().into_owned()));
                    continue;
                }
                AttributeKind::Declaration => {
                    // The default namespace is ours when written; declarations of prefixes stay.
                    if attribute.name != "xmlns" {
                        self.origin
                            .foreign
                            .push((attribute.name.to_owned(), attribute.value.clone().into_owned()));
                    }
                    continue;
                }
                AttributeKind::Ours => None,
                AttributeKind::Plain => self.rule.attribute(attribute.name),
            };
            match known {
                Some(known) => {
                    let place = self.reading.source.place(attribute.value_at);
                    self.origin.places.attributes.push((known.name, place));
                    self.values.push((known.name, attribute));
                }
                None => self.unknown(attribute),
            }
        }
    }

    fn unknown(&mut self, attribute: &Attribute<'x>) {
        if is_access_data(attribute.name) {
            // Refused already, with a better message.
            return;
        }
        let message = format!("`<{}>` has no attribute {}.", self.rule.name, quoted(attribute.name));
        let hint = match (&attribute.kind, nearest(attribute.name, self.rule.attribute_names())) {
            (AttributeKind::Ours, _) => "Write attributes without a prefix.".to_owned(),
            (_, Some(known)) => format!("Did you mean `{known}`?"),
            (_, None) if self.rule.attributes.is_empty() => {
                format!("`<{}>` has no attributes.", self.rule.name)
            }
            (_, None) => {
                let names: Vec<&str> = self.rule.attribute_names().collect();
                format!("`<{}>` has {}.", self.rule.name, names.join(", "))
            }
        };
        let place = self.reading.source.place(attribute.name_at);
        let path = format!("{}/@{}", self.origin.path(), attribute.name);
        self.reading.out.push(Diagnostic::new(Code::UnknownAttribute, message).hint(hint).at(place, path));
    }

    fn find_missing(&mut self) {
        if !self.reading.well_formed {
            return;
        }
        for attribute in self.rule.attributes.iter().filter(|attribute| attribute.required) {
            if !self.has(attribute.name) {
                let message = format!("`<{}>` needs the attribute `{}`.", self.rule.name, attribute.name);
                let diagnostic = Diagnostic::new(Code::MissingAttribute, message);
                self.reading
                    .out
                    .push(diagnostic.hint(format!("Add {}=\"...\".", attribute.name)).on(&self.origin));
            }
        }
    }

    /// Ends the reading of attributes and answers where the element came from.
    pub(super) fn close(self) -> Origin {
        self.origin
    }

    /// Whether the element has this attribute.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| *known == name)
    }

    /// Reports something about an attribute.
    pub(super) fn report(&mut self, name: &'static str, diagnostic: Diagnostic) {
        self.reading.out.push(diagnostic.on_attribute(&self.origin, name));
    }

    fn value(&self, name: &'static str) -> Option<&'t str> {
        debug_assert!(
            self.rule.attribute(name).is_some(),
            "{name} is not in the vocabulary of {}",
            self.rule.name
        );
        self.values.iter().find(|(known, _)| *known == name).map(|(_, attribute)| attribute.value.as_ref())
    }

    fn get<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&'t str) -> Result<T, Complaint>,
    ) -> Option<T> {
        let value = trim(self.value(name)?);
        if value.is_empty() {
            let message = format!("`{name}` is empty.");
            self.report(
                name,
                Diagnostic::new(Code::EmptyValue, message).hint("Give it a value or remove it."),
            );
            return None;
        }
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err(complaint) => {
                let message = format!("`{name}`: {} {}.", quoted(value), complaint.says);
                self.report(name, Diagnostic::new(complaint.code, message).maybe_hint(complaint.hint));
                None
            }
        }
    }

    /// The element's id, empty if it states none.
    pub(super) fn id(&mut self) -> Id {
        self.own_id("id").map(Id::new).unwrap_or_default()
    }

    /// The id of another element.
    pub(super) fn own_id(&mut self, name: &'static str) -> Option<String> {
        self.get(name, |value| match value {
            value if is_id(value) => Ok(value.to_owned()),
            value if value.chars().count() > LONGEST_ID => {
                let says = format!("is longer than {LONGEST_ID} characters");
                Err(Complaint::new(Code::BadId, says, "Choose a shorter one."))
            }
            _ => {
                let hint = "Use letters from a to z, digits and _, and no digit in front.";
                Err(Complaint::new(Code::BadId, "is not an id", hint))
            }
        })
    }

    /// Any text that is not empty.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.get(name, |value| Ok(value.to_owned()))
    }

    /// Text exactly as written, which may be empty.
    pub(super) fn raw(&mut self, name: &'static str) -> Option<String> {
        self.value(name).map(str::to_owned)
    }

    /// A text for people.
    pub(super) fn caption(&mut self, name: &'static str) -> Option<Caption> {
        if self.value(name).is_some_and(|value| trim(value).is_empty()) {
            let message = format!("`{name}` is empty.");
            let hint = "Say in a few words what people see there, or remove it.";
            self.report(name, Diagnostic::new(Code::EmptyCaption, message).hint(hint));
            return None;
        }
        self.get(name, |value| Ok(Caption::parse(value)))
    }

    /// One word of a closed set.
    pub(super) fn word<W: Word>(&mut self, name: &'static str) -> Option<W> {
        self.get(name, |value| {
            W::from_word(value).ok_or_else(|| {
                let hint = match nearest(value, W::WORDS.iter().copied()) {
                    Some(known) => format!("Did you mean `{known}`?"),
                    None => format!("Choose one of {}.", W::WORDS.join(", ")),
                };
                Complaint::new(Code::BadWord, "is not a word for it", hint)
            })
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.get(name, |value| match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Complaint::new(Code::BadBoolean, "is neither true nor false", "Write true or false.")),
        })
    }

    /// A whole number within a range.
    pub(super) fn integer(&mut self, name: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        self.get(name, |value| {
            let hint = format!("Write a whole number from {} to {}.", range.start(), range.end());
            match value.parse::<i64>().ok().map(u32::try_from) {
                Some(Ok(number)) if range.contains(&number) => Ok(number),
                Some(_) => Err(Complaint::new(Code::NumberOutOfRange, "is out of range", hint)),
                None => Err(Complaint::new(Code::BadNumber, "is not a whole number", hint)),
            }
        })
    }

    /// A reference.
    pub(super) fn reference(&mut self, name: &'static str) -> Option<Reference> {
        self.get(name, |value| Ok(Reference::parse(value)?))
    }

    /// References separated by commas.
    pub(super) fn references(&mut self, name: &'static str) -> Vec<Reference> {
        let references = self.get(name, |value| {
            let parsed: Result<Vec<_>, _> =
                split_references(value).into_iter().map(Reference::parse).collect();
            Ok(parsed?)
        });
        references.unwrap_or_default()
    }

    /// Cells with or without a sheet, as `address` of an item holds them.
    pub(super) fn address(&mut self, name: &'static str) -> Option<Reference> {
        self.get(name, |value| {
            Reference::parse_address(value).map_err(|error| {
                let named = !matches!(Reference::parse(value), Err(_) | Ok(Reference::Cells { .. }));
                let hint = if named { "Names and binds stand in `ref`." } else { error.hint() };
                Complaint::new(Code::BadAddress, error.to_string(), hint)
            })
        })
    }

    /// Cells without a sheet.
    pub(super) fn area(&mut self, name: &'static str) -> Option<Area> {
        self.get(name, |value| {
            Area::parse(value).map_err(|error| {
                let hint = match value.contains('!') {
                    true => "Put the sheet's name into the attribute `sheet`.",
                    false => "Write a cell such as B2 or a rectangle such as B2:D9.",
                };
                Complaint::new(Code::BadAddress, error.to_string(), hint)
            })
        })
    }

    /// A name that satisfies a test.
    pub(super) fn name(
        &mut self,
        name: &'static str,
        is_good: fn(&str) -> bool,
        says: &str,
        hint: &str,
    ) -> Option<String> {
        self.get(name, |value| match is_good(value) {
            true => Ok(value.to_owned()),
            false => Err(Complaint::new(Code::BadReference, says, hint)),
        })
    }

    /// Something true or false.
    pub(super) fn condition(&mut self, name: &'static str) -> Option<Condition> {
        let at = self.place(name);
        let condition = self.get(name, |value| Ok(Condition::parse(value)?))?;
        Some(match condition {
            Condition::Expression(expression) => Condition::Expression(Expression { at, ..expression }),
            other => other,
        })
    }

    /// An end of a range.
    pub(super) fn bound(&mut self, name: &'static str) -> Option<Bound> {
        let at = self.place(name);
        let bound = self.get(name, |value| Ok(Bound::parse(value)?))?;
        Some(match bound {
            Bound::Expression(expression) => Bound::Expression(Expression { at, ..expression }),
            other => other,
        })
    }

    /// A value, a bind or an expression.
    pub(super) fn setting(&mut self, name: &'static str) -> Option<Setting> {
        let at = self.place(name);
        let setting = self.get(name, |value| Ok(Setting::parse(value)?))?;
        Some(match setting {
            Setting::Expression(expression) => Setting::Expression(Expression { at, ..expression }),
            other => other,
        })
    }

    /// An expression and nothing else.
    pub(super) fn expression(&mut self, name: &'static str) -> Option<Expression> {
        let at = self.place(name);
        let expression = self.get(name, |value| match Expression::parse(value) {
            Some(expression) => Ok(expression?),
            None => Err(Complaint::new(Code::BadExpression, "is not an expression", "Start it with =.")),
        })?;
        Some(Expression { at, ..expression })
    }

    /// A column of a list.
    pub(super) fn column(&mut self, name: &'static str) -> Option<ColumnRef> {
        self.get(name, |value| Ok(ColumnRef::parse(value)))
    }

    /// A colour.
    pub(super) fn color(&mut self, name: &'static str) -> Option<Color> {
        self.get(name, |value| {
            let complaint =
                || Complaint::new(Code::BadColor, "is not a colour", "Write #rrggbb, such as #0b6e56.");
            Color::parse(value).ok_or_else(complaint)
        })
    }

    /// A length of time.
    pub(super) fn period(&mut self, name: &'static str) -> Option<Period> {
        self.get(name, |value| {
            let hint = "Write a number and s, m, h or d, such as 15m or 7d.";
            Period::parse(value)
                .ok_or_else(|| Complaint::new(Code::BadPeriod, "is not a length of time", hint))
        })
    }

    /// A locale.
    pub(super) fn locale(&mut self, name: &'static str) -> Option<String> {
        self.get(name, |value| match is_locale(value) {
            true => Ok(value.to_owned()),
            false => Err(Complaint::new(
                Code::BadLocale,
                "is not a locale",
                "Write a language such as de or de-CH.",
            )),
        })
    }

    /// A text that satisfies a test, with its own code.
    pub(super) fn tested(
        &mut self,
        name: &'static str,
        is_good: impl FnOnce(&str) -> bool,
        code: Code,
        says: &str,
        hint: &str,
    ) -> Option<String> {
        self.get(name, |value| match is_good(value) {
            true => Ok(value.to_owned()),
            false => Err(Complaint::new(code, says, hint)),
        })
    }

    /// Words of a closed set, separated by spaces; `count` of them.
    pub(super) fn word_list<W: Word>(&mut self, name: &'static str, count: usize) -> Vec<W> {
        let words = self.get(name, |value| {
            let words: Option<Vec<W>> = value.split_ascii_whitespace().map(W::from_word).collect();
            let hint = format!("Write {count} of {}, separated by spaces.", W::WORDS.join(", "));
            match words {
                Some(words) if words.len() == count => Ok(words),
                _ => {
                    Err(Complaint::new(Code::BadWord, format!("is not a list of {count} words for it"), hint))
                }
            }
        });
        words.unwrap_or_default()
    }

    fn place(&self, name: &str) -> Place {
        self.origin.attribute(name)
    }
}

/// A value without the white space of XML around it. Other kinds of space are part of a value, as they are to an XSD.
pub(super) fn trim(value: &str) -> &str {
    value.trim_matches([' ', '\t', '\r', '\n'])
}

/// Splits at commas outside of quotes and brackets. In brackets `'` takes the meaning from the next character.
fn split_references(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut brackets) = (0, false, 0_usize);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if brackets > 0 => {
                chars.next();
            }
            '\'' => quoted = !quoted,
            '[' if !quoted => brackets += 1,
            ']' if !quoted => brackets = brackets.saturating_sub(1),
            ',' if !quoted && brackets == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_split_at_commas_outside_of_names() {
        assert_eq!(split_references("#a, Log[a,b],'x,y'!A1"), ["#a", " Log[a,b]", "'x,y'!A1"]);
        assert_eq!(split_references("Log[a'#,b']],'[,'!A1,B1"), ["Log[a'#,b']]", "'[,'!A1", "B1"]);
        assert_eq!(split_references("#a,"), ["#a", ""]);
    }
}

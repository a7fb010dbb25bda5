//! Outputs: something calculated, as text.

use crate::build::Builder;
use crate::resolve::Place;
use crate::{Content, Kind, Output, text};
use app_definitions::model::Item;
use values::Value;

impl Builder<'_> {
    /// An output as the definition asks for it.
    pub fn output(&mut self, item: &Item, place: Place) -> Kind {
        let value = self.books.value(place);
        let content = self.content(item, place, &value);
        let system = self.books.date_system(place.book);
        let code = self.code(item, place, content);
        let (unit, unit_before) = self.unit(item, &code, false);
        let mut output = Output {
            caption: self.caption(item.caption.as_ref()),
            value: text::scalar(&value),
            unit,
            unit_before,
            content,
            help: self.caption(item.help.as_ref()),
            ..Output::default()
        };
        match &value {
            Value::Error(error) => {
                output.text = self.words().error(*error).to_owned();
                output.error = Some(error.as_str().to_owned());
            }
            Value::Empty => {}
            value => {
                let shown = self.show(&code, value, system);
                (output.text, output.color) = (shown.text, shown.color);
            }
        }
        if let Value::Number(now) = value {
            output.change = self.change(item, now, content, &code, place);
            self.state.remember(&item.id.text, now);
        }
        Kind::Output(output)
    }

    /// By how much a number changed with the last command, with a sign that needs no colour.
    fn change(&mut self, item: &Item, now: f64, content: Content, code: &str, place: Place) -> String {
        let by = self.state.before(&item.id.text).map_or(0.0, |before| now - before);
        let is_moment = matches!(content, Content::Date | Content::Time | Content::DateTime);
        if by == 0.0 || !by.is_finite() || is_moment {
            return String::new();
        }
        let system = self.books.date_system(place.book);
        // The sign is said by the arrow; a format may put one of its own before positive numbers.
        let shown = self.show(code, &Value::Number(by.abs()), system).text;
        format!("{} {}", if by > 0.0 { '▲' } else { '▼' }, shown.trim_start_matches('+'))
    }
}

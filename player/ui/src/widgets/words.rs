//! The few words that widgets say on their own, in the person's language.
//!
//! Everything else a widget shows is handed to it. The program sets the words once for each language with
//! [`set_words`]; without that they are English.
//!
//! Invariant: a pattern's places are `{0}`, `{1}`, ...; a place without a value stays as it is.

use std::sync::Arc;

use egui::{Context, Id};

macro_rules! words {
    ($($(#[$doc:meta])* $field:ident = $english:literal,)*) => {
        /// The words of one language. Fields with places say which in their description.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Words {
            $($(#[$doc])* pub $field: String,)*
        }

        impl Words {
            /// The words in English.
            pub fn english() -> Self {
                Self { $($field: $english.to_owned(),)* }
            }
        }
    };
}

words! {
    /// In the search field of a list.
    search = "Search",
    /// Empties a search field.
    clear_search = "Clear search",
    /// How many entries a list shows: `{0}` of `{1}`.
    count_of = "{0} of {1}",
    /// Nothing matches the search `{0}`.
    no_match_for = "Nothing matches “{0}”.",
    /// Nothing matches the filters.
    no_match = "Nothing matches these filters.",
    /// Shows all entries again.
    show_all = "Show all",
    /// Names the sort button of a list; `{0}` is the column.
    sorted_by = "Sorted by {0}",
    /// Opens the orders of a list that is in none of them.
    sort = "Sort",
    /// A list is being fetched.
    loading = "Loading",
    /// Nothing is chosen in a list of choices.
    choose = "Choose",
    /// Opens a calendar; `{0}` is the field.
    open_calendar = "Choose {0} in a calendar",
    /// Goes to today in a calendar.
    today = "Today",
    /// To the month before.
    previous_month = "Previous month",
    /// To the month after.
    next_month = "Next month",
    /// What was typed is no date; `{0}` is an example.
    not_a_date = "Type the date like this: {0}",
    /// Shows a chart as a table.
    as_table = "As table",
    /// Shows a table as a chart.
    as_chart = "As chart",
    /// A chart without values.
    no_values = "Nothing to show yet",
    /// A chart with one series for screen readers: series `{0}`, first category `{1}`, its value `{2}`, last category `{3}`, its value `{4}`.
    series_runs = "{0}: {2} at {1}, {4} at {3}.",
    /// The extremes of a series for screen readers: greatest value `{0}` at `{1}`, least value `{2}` at `{3}`.
    series_extremes = "Greatest {0} at {1}, least {2} at {3}.",
    /// Dismisses a message.
    dismiss = "Dismiss",
    /// Stops something long.
    cancel = "Cancel",
    /// The messages of this session.
    history = "Messages",
    /// No message yet.
    no_history = "No messages yet.",
    /// A value that rose by `{0}`.
    rose_by = "rose by {0}",
    /// A value that fell by `{0}`.
    fell_by = "fell by {0}",
    /// Before the sentence of a problem, for screen readers.
    problem = "Problem",
    /// Before the sentence of a warning, for screen readers.
    warning = "Warning",
}

impl Words {
    /// `pattern` with `{0}`, `{1}`, ... replaced by `values`.
    pub fn fill(pattern: &str, values: &[&str]) -> String {
        let mut filled = String::with_capacity(pattern.len() + 16);
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            filled.push_str(before);
            let place = from.find('}').and_then(|close| {
                let value = from.get(1..close)?.parse::<usize>().ok().and_then(|place| values.get(place))?;
                Some((*value, close + 1))
            });
            let (text, length) = place.unwrap_or(("{", 1));
            filled.push_str(text);
            rest = from.get(length..).unwrap_or_default();
        }
        filled.push_str(rest);
        filled
    }
}

fn key() -> Id {
    Id::unique("playsheet.words")
}

/// Sets the words that widgets say on `ctx`.
pub fn set_words(ctx: &Context, words: Words) {
    ctx.data_mut(|data| data.insert_temp(key(), Arc::new(words)));
}

/// The words in force on `ctx`.
pub fn words(ctx: &Context) -> Arc<Words> {
    ctx.data_mut(|data| Arc::clone(data.get_temp_mut_or_insert_with(key(), || Arc::new(Words::english()))))
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn places_are_filled_and_odd_patterns_survive() {
        assert_eq!(Words::fill("{0} of {1}", &["38", "940"]), "38 of 940");
        assert_eq!(Words::fill("{1} {0} {1}", &["a", "b"]), "b a b");
        assert_eq!(Words::fill("{2} { {x} {} }{0", &["a"]), "{2} { {x} {} }{0");
        assert_eq!(Words::fill("„{0}“ – nichts", &["{0}"]), "„{0}“ – nichts");
    }
}

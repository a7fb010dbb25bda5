//! Every text key has a text, at least in the default locale.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::model::{App, Caption};
use crate::nearest::nearest;

pub(super) fn check(app: &App, out: &mut Diagnostics) {
    keys_have_texts(app, out);
    texts_stand_once(app, out);
}

fn keys_have_texts(app: &App, out: &mut Diagnostics) {
    let locale = app.default_locale();
    let in_locale = app.strings.iter().filter(|strings| strings.locale.eq_ignore_ascii_case(locale));
    let known: HashSet<&str> =
        in_locale.flat_map(|strings| &strings.texts).map(|text| text.key.as_str()).collect();
    for named in app.captions() {
        let Caption::Key(key) = named.caption else { continue };
        if known.contains(key.as_str()) {
            continue;
        }
        out.push_with(|| {
            let mut sorted: Vec<&str> = known.iter().copied().collect();
            sorted.sort_unstable();
            let hint = match nearest(key, sorted) {
                Some(known) => format!("Did you mean `@{known}`?"),
                None => format!(
                    "Add <t key=\"{key}\"> to <strings locale=\"{locale}\">, or write @@ for a plain @."
                ),
            };
            let message =
                format!("{} has no text in the default locale `{locale}`.", quoted(&format!("@{key}")));
            Diagnostic::new(Code::MissingText, message).hint(hint).on_attribute(named.origin, named.attribute)
        });
    }
}

fn texts_stand_once(app: &App, out: &mut Diagnostics) {
    let mut first: HashMap<(String, &str), u32> = HashMap::new();
    for strings in &app.strings {
        for text in strings.texts.iter().filter(|text| !text.key.is_empty()) {
            let line = text.origin.place().line;
            let key = (strings.locale.to_ascii_lowercase(), text.key.as_str());
            if let Some(first) = first.get(&key) {
                let message = format!(
                    "`{}` has a text in the locale `{}` already, in line {first}.",
                    text.key, strings.locale
                );
                let diagnostic = Diagnostic::new(Code::DuplicateText, message).hint("Keep one of them.");
                out.push(diagnostic.on_attribute(&text.origin, "key"));
            } else {
                first.insert(key, line);
            }
        }
    }
}

//! The language that a browser asks for, as far as it decides how numbers and dates are written.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use engine::numfmt::Locale;

use crate::{portal::Portal, refusal::Refusal};

/// Entries of `Accept-Language` that are looked at; browsers send a handful.
const MOST_ENTRIES: usize = 20;

/// The locale that the browser prefers among those that the engine knows; en-US where it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Language(pub &'static Locale);

impl FromRequestParts<Portal> for Language {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self, Refusal> {
        let lines = parts.headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let entries = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        Ok(Self(preferred(entries)))
    }
}

/// The known locale of the highest quality; of equal ones the first.
fn preferred<'a>(entries: impl Iterator<Item = &'a str>) -> &'static Locale {
    let mut best: Option<(u32, &'static Locale)> = None;
    for entry in entries.take(MOST_ENTRIES) {
        let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
        let quality = quality(rest);
        let Some(locale) = Locale::from_tag(tag).filter(|_| quality > 0) else { continue };
        if best.is_none_or(|(before, _)| quality > before) {
            best = Some((quality, locale));
        }
    }
    best.map_or_else(Locale::en_us, |(_, locale)| locale)
}

/// A quality in thousandths: `q=0.8` is 800; 1000 where none is given, 0 for what is none.
fn quality(parameters: &str) -> u32 {
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(value.trim())
    });
    let Some(value) = value else { return 1_000 };
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1_000,
        "0" => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_known_language_counts() {
        for (header, expected) in [
            ("", "en-US"),
            ("*", "en-US"),
            ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de-DE"),
            ("de-AT", "de-AT"),
            ("en;q=0.5, fr-CA;q=0.9, de;q=0.7", "fr-CA"),
            ("tlh, x-klingon;q=0.9, de;q=0.1", "de-DE"),
            ("de;q=0, en-GB", "en-GB"),
            ("de;q=0.8;q=0.1 , fr ; Q=0.9", "fr-FR"),
            ("de;q=5, fr;q=0.0001, it;q=-1, es;q=x", "en-US"),
            ("\u{feff}, ,;;=,q=1,de;;;", "de-DE"),
        ] {
            assert_eq!(preferred(header.split(',')).tag, expected, "{header}");
        }
        let long = "xx,".repeat(100_000) + "de";
        assert_eq!(preferred(long.split(',')).tag, "en-US", "no end of entries is looked at");
    }
}

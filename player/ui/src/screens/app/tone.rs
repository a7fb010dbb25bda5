//! The colour of a state in a list, from its words.
//!
//! A spreadsheet says a state in words and nothing else. The words that people use everywhere for what is well, what
//! is under way and what has gone wrong get the colours for that; any other word stays neutral, because a wrong colour
//! is worse than none.
//!
//! Invariant: the word itself is always shown; two rows with the same word have the same colour.

use crate::widgets::Tone;

/// Words for what is as it should be.
const GOOD: &[&str] = &[
    "ok",
    "okay",
    "yes",
    "done",
    "complete",
    "completed",
    "finished",
    "closed",
    "paid",
    "delivered",
    "shipped",
    "approved",
    "accepted",
    "confirmed",
    "active",
    "available",
    "in stock",
    "on track",
    "on time",
    "passed",
    "covered",
    "filled",
    "good",
    "ja",
    "fertig",
    "erledigt",
    "abgeschlossen",
    "bezahlt",
    "geliefert",
    "versandt",
    "genehmigt",
    "bestätigt",
    "aktiv",
    "verfügbar",
    "auf lager",
    "lieferbar",
    "bestanden",
    "besetzt",
    "gut",
];

/// Words for what is to be watched.
const WARN: &[&str] = &[
    "low",
    "low stock",
    "low in stock",
    "pending",
    "open",
    "in progress",
    "waiting",
    "on hold",
    "draft",
    "due",
    "due soon",
    "at risk",
    "partial",
    "partly",
    "partly filled",
    "understaffed",
    "tight",
    "review",
    "in review",
    "warning",
    "knapp",
    "offen",
    "in arbeit",
    "in bearbeitung",
    "wartet",
    "ausstehend",
    "entwurf",
    "fällig",
    "teilweise",
    "gering",
    "in prüfung",
    "warnung",
];

/// Words for what has gone wrong or is missing.
const BAD: &[&str] = &[
    "sold out",
    "out of stock",
    "none",
    "missing",
    "overdue",
    "late",
    "delayed",
    "failed",
    "error",
    "blocked",
    "rejected",
    "declined",
    "cancelled",
    "canceled",
    "expired",
    "over budget",
    "unpaid",
    "unfilled",
    "critical",
    "bad",
    "ausverkauft",
    "nicht lieferbar",
    "fehlt",
    "überfällig",
    "verspätet",
    "fehlgeschlagen",
    "fehler",
    "blockiert",
    "abgelehnt",
    "storniert",
    "abgelaufen",
    "unbezahlt",
    "unbesetzt",
    "kritisch",
    "schlecht",
];

/// The tone of a state.
pub(super) fn of(state: &str) -> Tone {
    let word = state.trim().trim_end_matches(['.', '!']).to_lowercase();
    let word = word.replace(['_', '-'], " ");
    let is_in = |words: &[&str]| words.contains(&word.as_str());
    if is_in(GOOD) {
        Tone::Good
    } else if is_in(WARN) {
        Tone::Warn
    } else if is_in(BAD) {
        Tone::Bad
    } else {
        Tone::Neutral
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_the_colour_of_what_they_say() {
        let cases = [
            ("In stock", Tone::Good),
            (" PAID ", Tone::Good),
            ("Low stock", Tone::Warn),
            ("in_progress", Tone::Warn),
            ("Sold out", Tone::Bad),
            ("Überfällig", Tone::Bad),
            ("Not paid", Tone::Neutral),
            ("Blue", Tone::Neutral),
            ("", Tone::Neutral),
        ];
        for (state, tone) in cases {
            assert_eq!(of(state), tone, "{state:?}");
        }
    }

    #[test]
    fn no_word_has_two_colours() {
        let mut all: Vec<&str> = GOOD.iter().chain(WARN).chain(BAD).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}

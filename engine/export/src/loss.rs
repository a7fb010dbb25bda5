//! What a written workbook lacks: a short list for people, however many cells it concerns.

use std::fmt;

/// Places named in a loss; more are counted.
const MOST_PLACES: usize = 5;

/// How much a loss matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Results or their logic would differ from the original's: to be written only if asked for expressly.
    Refused,
    /// Only looks or comforts go.
    Warned,
}

/// One kind of thing that is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// How much it matters.
    pub severity: Severity,
    /// A sentence without its full stop that says what becomes of the thing.
    pub what: String,
    /// Where: cells as `Sheet1!B2`, or sheets; the first few, none where it concerns the whole workbook.
    pub places: Vec<String>,
    /// Places beyond those.
    pub more: usize,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.places.is_empty() {
            write!(f, " ({}", self.places.join(", "))?;
            if self.more > 0 {
                write!(f, " and {} more", self.more)?;
            }
            f.write_str(")")?;
        }
        f.write_str(".")
    }
}

/// All losses, those of one kind together.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    list: Vec<Loss>,
}

impl Losses {
    /// Adds a loss; `place` is empty for the whole workbook.
    pub fn add(&mut self, severity: Severity, what: &str, place: &str) {
        let found = self.list.iter_mut().find(|loss| loss.what == what && loss.severity == severity);
        let loss = match found {
            Some(loss) => loss,
            None => {
                self.list.push(Loss { severity, what: what.to_owned(), places: Vec::new(), more: 0 });
                let last = self.list.len() - 1;
                &mut self.list[last]
            }
        };
        if place.is_empty() || loss.places.iter().any(|known| known == place) {
            return;
        }
        if loss.places.len() < MOST_PLACES {
            loss.places.push(place.to_owned());
        } else {
            loss.more += 1;
        }
    }

    /// All of them, the grave ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Loss> {
        let of = |severity| self.list.iter().filter(move |loss| loss.severity == severity);
        of(Severity::Refused).chain(of(Severity::Warned))
    }

    /// Whether any of them changes results.
    pub fn any_refused(&self) -> bool {
        self.list.iter().any(|loss| loss.severity == Severity::Refused)
    }

    /// Whether nothing is lost.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

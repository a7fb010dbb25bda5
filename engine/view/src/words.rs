//! The sentences that the view says of its own, in the languages that it knows.
//!
//! What an app or a workbook says stays as it is written there. A language that is not here reads English.
//! Templates name their parts `{0}`, `{1}` and so on.

use crate::Scalar;
use numfmt::Locale;
use values::CellError;

/// Sentences of one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// Bounds: `{0}` is what is bounded, `{1}` and `{2}` are the bounds.
    pub between: &'static str,
    pub outside: &'static str,
    pub equal: &'static str,
    pub not_equal: &'static str,
    pub greater: &'static str,
    pub less: &'static str,
    pub at_least: &'static str,
    pub at_most: &'static str,
    /// What is bounded where it has no name of its own.
    pub the_value: &'static str,
    pub the_length: &'static str,
    /// `{0}` must be given.
    pub needed: &'static str,
    pub breaks_rule: &'static str,
    pub breaks_sheet_rule: &'static str,
    pub not_listed: &'static str,
    pub enter_whole: &'static str,
    pub enter_number: &'static str,
    pub enter_percentage: &'static str,
    pub enter_yes_or_no: &'static str,
    pub enter_date: &'static str,
    pub enter_time: &'static str,
    pub enter_moment: &'static str,
    pub enter_duration: &'static str,
    /// Where an item's cell is gone.
    pub cell_missing: &'static str,
    /// Charts: count, first text and category, last text and category, highest text and category.
    pub points: &'static str,
    pub one_point: &'static str,
    pub no_data: &'static str,
    pub no_numbers: &'static str,
    pub series: &'static str,
    errors: Errors,
}

/// What cell errors mean to a person who sees no cells.
#[derive(Debug)]
struct Errors {
    div0: &'static str,
    na: &'static str,
    value: &'static str,
    num: &'static str,
    reference: &'static str,
    name: &'static str,
    null: &'static str,
    spill: &'static str,
    calc: &'static str,
    other: &'static str,
}

static ENGLISH: Words = Words {
    between: "{0} must be between {1} and {2}.",
    outside: "{0} must be outside of {1} to {2}.",
    equal: "{0} must be {1}.",
    not_equal: "{0} must be other than {1}.",
    greater: "{0} must be greater than {1}.",
    less: "{0} must be less than {1}.",
    at_least: "{0} must be at least {1}.",
    at_most: "{0} must be at most {1}.",
    the_value: "The value",
    the_length: "The length of the text",
    needed: "{0} is needed.",
    breaks_rule: "This entry breaks a rule of the app.",
    breaks_sheet_rule: "This value does not fit the spreadsheet's rule.",
    not_listed: "Choose one of the listed values.",
    enter_whole: "Enter a whole number.",
    enter_number: "Enter a number.",
    enter_percentage: "Enter a percentage, for example 5%.",
    enter_yes_or_no: "Choose yes or no.",
    enter_date: "Enter a date.",
    enter_time: "Enter a time.",
    enter_moment: "Enter a date and time.",
    enter_duration: "Enter a duration, for example 1:30.",
    cell_missing: "its cell was not found",
    points: "{0} points from {1} ({2}) to {3} ({4}), highest {5} at {6}",
    one_point: "{0} at {1}",
    no_data: "The chart has no data.",
    no_numbers: "The chart has no numbers yet.",
    series: "Series {0}",
    errors: Errors {
        div0: "needs a number other than 0",
        na: "not found",
        value: "needs other entries",
        num: "no possible result",
        reference: "a cell it needs is gone",
        name: "uses something unknown",
        null: "two ranges do not meet",
        spill: "has no room for its results",
        calc: "cannot be calculated",
        other: "not available here",
    },
};

static GERMAN: Words = Words {
    between: "{0} muss zwischen {1} und {2} liegen.",
    outside: "{0} muss außerhalb von {1} bis {2} liegen.",
    equal: "{0} muss {1} sein.",
    not_equal: "{0} darf nicht {1} sein.",
    greater: "{0} muss größer als {1} sein.",
    less: "{0} muss kleiner als {1} sein.",
    at_least: "{0} muss mindestens {1} sein.",
    at_most: "{0} darf höchstens {1} sein.",
    the_value: "Der Wert",
    the_length: "Die Länge des Textes",
    needed: "{0} fehlt noch.",
    breaks_rule: "Diese Eingabe verletzt eine Regel der App.",
    breaks_sheet_rule: "Dieser Wert passt nicht zur Regel der Tabelle.",
    not_listed: "Wählen Sie einen der angebotenen Werte.",
    enter_whole: "Geben Sie eine ganze Zahl ein.",
    enter_number: "Geben Sie eine Zahl ein.",
    enter_percentage: "Geben Sie einen Prozentsatz ein, zum Beispiel 5%.",
    enter_yes_or_no: "Wählen Sie ja oder nein.",
    enter_date: "Geben Sie ein Datum ein.",
    enter_time: "Geben Sie eine Uhrzeit ein.",
    enter_moment: "Geben Sie Datum und Uhrzeit ein.",
    enter_duration: "Geben Sie eine Dauer ein, zum Beispiel 1:30.",
    cell_missing: "die Zelle dazu wurde nicht gefunden",
    points: "{0} Punkte von {1} ({2}) bis {3} ({4}), am höchsten {5} bei {6}",
    one_point: "{0} bei {1}",
    no_data: "Das Diagramm hat keine Daten.",
    no_numbers: "Das Diagramm hat noch keine Zahlen.",
    series: "Reihe {0}",
    errors: Errors {
        div0: "braucht eine Zahl, die nicht 0 ist",
        na: "nicht gefunden",
        value: "braucht andere Eingaben",
        num: "kein mögliches Ergebnis",
        reference: "eine Zelle dafür fehlt",
        name: "verwendet etwas Unbekanntes",
        null: "zwei Bereiche treffen sich nicht",
        spill: "hat keinen Platz für seine Ergebnisse",
        calc: "lässt sich nicht berechnen",
        other: "hier nicht verfügbar",
    },
};

/// French sets the subject before a colon, so that no adjective has to agree with it.
static FRENCH: Words = Words {
    between: "{0} : de {1} à {2}.",
    outside: "{0} : hors de {1} à {2}.",
    equal: "{0} : exactement {1}.",
    not_equal: "{0} : autre que {1}.",
    greater: "{0} : plus de {1}.",
    less: "{0} : moins de {1}.",
    at_least: "{0} : au moins {1}.",
    at_most: "{0} : au plus {1}.",
    the_value: "Valeur",
    the_length: "Longueur du texte",
    needed: "{0} : à remplir.",
    breaks_rule: "Cette saisie enfreint une règle de l'application.",
    breaks_sheet_rule: "Cette valeur ne convient pas à la règle de la feuille.",
    not_listed: "Choisissez une des valeurs proposées.",
    enter_whole: "Saisissez un nombre entier.",
    enter_number: "Saisissez un nombre.",
    enter_percentage: "Saisissez un pourcentage, par exemple 5%.",
    enter_yes_or_no: "Choisissez oui ou non.",
    enter_date: "Saisissez une date.",
    enter_time: "Saisissez une heure.",
    enter_moment: "Saisissez une date et une heure.",
    enter_duration: "Saisissez une durée, par exemple 1:30.",
    cell_missing: "sa cellule est introuvable",
    points: "{0} points de {1} ({2}) à {3} ({4}), maximum {5} à {6}",
    one_point: "{0} à {1}",
    no_data: "Le graphique n'a pas de données.",
    no_numbers: "Le graphique n'a pas encore de nombres.",
    series: "Série {0}",
    errors: Errors {
        div0: "il faut un nombre autre que 0",
        na: "introuvable",
        value: "il faut d'autres saisies",
        num: "aucun résultat possible",
        reference: "une cellule nécessaire manque",
        name: "utilise quelque chose d'inconnu",
        null: "deux plages ne se rencontrent pas",
        spill: "pas de place pour les résultats",
        calc: "calcul impossible",
        other: "non disponible ici",
    },
};

impl Words {
    /// The sentences for a locale.
    pub fn of(locale: &Locale) -> &'static Words {
        match locale.language() {
            "de" => &GERMAN,
            "fr" => &FRENCH,
            _ => &ENGLISH,
        }
    }

    /// What a cell error means.
    pub fn error(&self, error: CellError) -> &'static str {
        match error {
            CellError::Div0 => self.errors.div0,
            CellError::NA => self.errors.na,
            CellError::Value => self.errors.value,
            CellError::Num => self.errors.num,
            CellError::Ref => self.errors.reference,
            CellError::Name => self.errors.name,
            CellError::Null => self.errors.null,
            CellError::Spill => self.errors.spill,
            CellError::Calc => self.errors.calc,
            _ => self.errors.other,
        }
    }
}

/// A template with its parts filled in.
pub(crate) fn fill(template: &str, parts: &[&str]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (number, after) = after.split_once('}').unwrap_or(("", after));
        out.push_str(
            number.parse::<usize>().ok().and_then(|place| parts.get(place)).copied().unwrap_or_default(),
        );
        rest = after;
    }
    out + rest
}

/// The value that stands where there is no cell to show.
pub(crate) fn missing_value() -> Scalar {
    Scalar::Error(CellError::Ref.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_keep_what_is_no_part() {
        assert_eq!(fill("{0} of {1}, {0}", &["a", "b"]), "a of b, a");
        assert_eq!(fill("{2}|{x}|{", &["{1}"]), "||");
        assert_eq!(fill("{0}", &["{1}"]), "{1}");
    }
}

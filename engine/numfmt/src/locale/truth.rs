//! The words for TRUE and FALSE, which Excel writes and reads in its own language alone: to a German Excel the text
//! "TRUE" is a word like any other. Source: the names that Excel's functions TRUE and FALSE have in each language.

use super::Locale;

/// Words for TRUE and FALSE by language. Languages that are not here, Japanese, Chinese and Korean among them, have the
/// English ones.
const WORDS: &[(&str, [&str; 2])] = &[
    ("cs", ["PRAVDA", "NEPRAVDA"]),
    ("da", ["SAND", "FALSK"]),
    ("de", ["WAHR", "FALSCH"]),
    ("es", ["VERDADERO", "FALSO"]),
    ("fi", ["TOSI", "EPÄTOSI"]),
    ("fr", ["VRAI", "FAUX"]),
    ("hu", ["IGAZ", "HAMIS"]),
    ("it", ["VERO", "FALSO"]),
    ("nb", ["SANN", "USANN"]),
    ("nl", ["WAAR", "ONWAAR"]),
    ("pl", ["PRAWDA", "FAŁSZ"]),
    ("pt", ["VERDADEIRO", "FALSO"]),
    ("ru", ["ИСТИНА", "ЛОЖЬ"]),
    ("sv", ["SANT", "FALSKT"]),
    ("tr", ["DOĞRU", "YANLIŞ"]),
    ("uk", ["ІСТИНА", "ХИБНІСТЬ"]),
];

const ENGLISH: [&str; 2] = ["TRUE", "FALSE"];

impl Locale {
    fn truths(&self) -> [&'static str; 2] {
        // Most calculations are in English, which asks for no search.
        let language = self.language();
        match language {
            "en" => ENGLISH,
            _ => WORDS.iter().find(|(known, _)| *known == language).map_or(ENGLISH, |(_, words)| *words),
        }
    }

    /// The word for a truth value, as a cell shows it and as it becomes text.
    pub fn truth_word(&self, truth: bool) -> &'static str {
        let [yes, no] = self.truths();
        if truth { yes } else { no }
    }

    /// The truth value that a word of this language stands for, case aside.
    pub fn truth_of(&self, word: &str) -> Option<bool> {
        let [yes, no] = self.truths();
        if values::equal_text(word, yes) { Some(true) } else { values::equal_text(word, no).then_some(false) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_words_and_reads_no_others() {
        for (tag, yes, no) in [
            ("en-US", "TRUE", "FALSE"),
            ("de-AT", "WAHR", "FALSCH"),
            ("fr-FR", "VRAI", "FAUX"),
            ("pt-BR", "VERDADEIRO", "FALSO"),
            ("ja-JP", "TRUE", "FALSE"),
        ] {
            let locale = Locale::from_tag(tag).expect("a locale of the table");
            assert_eq!([locale.truth_word(true), locale.truth_word(false)], [yes, no], "{tag}");
            assert_eq!(locale.truth_of(&yes.to_lowercase()), Some(true), "{tag}");
            assert_eq!(locale.truth_of(no), Some(false), "{tag}");
            assert_eq!(locale.truth_of("TRUE").is_some(), yes == "TRUE", "{tag}");
        }
    }

    #[test]
    fn every_word_belongs_to_a_locale_of_the_table() {
        for (language, _) in WORDS {
            assert!(Locale::all().any(|locale| locale.language() == *language), "{language}");
        }
    }
}

//! Where a file's values were calculated: what its parts tell of the language and the country of the program.
//!
//! Nothing states it in the newer formats. Excel writes the headings of a file's own table of contents, the names of
//! built-in styles and of new sheets in its language; LibreOffice writes the document's language. What the last save
//! wrote counts more than what may be left from an earlier one. Source of the words: Excel's own, by language. In .xls
//! a record names the country of the regional settings.

use crate::LoadError;
use crate::package::Package;
use crate::xml::Xml;
use workbook::{LocaleHint, Origin};

/// Headings of "worksheets" in the table of contents, as each language's Excel writes them. Danish and Norwegian have
/// the same word, and the same separators.
const HEADINGS: &[(&str, &str)] = &[
    ("Arbeitsblätter", "de-DE"),
    ("Tabellen", "de-DE"),
    ("Feuilles de calcul", "fr-FR"),
    ("Feuilles", "fr-FR"),
    ("Hojas de cálculo", "es-ES"),
    ("Fogli di lavoro", "it-IT"),
    ("Werkbladen", "nl-NL"),
    ("Planilhas", "pt-BR"),
    ("Folhas de Cálculo", "pt-PT"),
    ("Folhas de cálculo", "pt-PT"),
    ("Arkusze", "pl-PL"),
    ("Листы", "ru-RU"),
    ("Аркуші", "uk-UA"),
    ("Kalkylblad", "sv-SE"),
    ("Regneark", "da-DK"),
    ("Laskentataulukot", "fi-FI"),
    ("Listy", "cs-CZ"),
    ("Munkalapok", "hu-HU"),
    ("Çalışma Sayfaları", "tr-TR"),
    ("ワークシート", "ja-JP"),
    ("工作表", "zh-CN"),
    ("워크시트", "ko-KR"),
];

/// Names of built-in styles that only one of the languages uses: the style's number, its name.
const STYLES: &[(u32, &str, &str)] = &[
    (0, "Standard", "de-DE"),
    (0, "Normale", "it-IT"),
    (0, "Standaard", "nl-NL"),
    (0, "Normalny", "pl-PL"),
    (0, "Обычный", "ru-RU"),
    (0, "Звичайний", "uk-UA"),
    (0, "Normaali", "fi-FI"),
    (0, "Normální", "cs-CZ"),
    (0, "Normál", "hu-HU"),
    (0, "標準", "ja-JP"),
    (0, "常规", "zh-CN"),
    (0, "표준", "ko-KR"),
    (3, "Milliers", "fr-FR"),
    (3, "Millares", "es-ES"),
    (3, "Tusental", "sv-SE"),
    (3, "Virgül", "tr-TR"),
    (5, "Prozent", "de-DE"),
    (5, "Pourcentage", "fr-FR"),
    (5, "Porcentaje", "es-ES"),
    (5, "Porcentagem", "pt-BR"),
    (5, "Percentagem", "pt-PT"),
    (5, "Prosent", "nb-NO"),
    (5, "Yüzde", "tr-TR"),
    (8, "Lien hypertexte", "fr-FR"),
    (8, "Hipervínculo", "es-ES"),
    (8, "Hyperlänk", "sv-SE"),
    (8, "Hyperkobling", "nb-NO"),
];

/// How new sheets are called, before their number.
const SHEETS: &[(&str, &str)] = &[
    ("Tabelle", "de-DE"),
    ("Feuil", "fr-FR"),
    ("Hoja", "es-ES"),
    ("Foglio", "it-IT"),
    ("Planilha", "pt-BR"),
    ("Plan", "pt-BR"),
    ("Folha", "pt-PT"),
    ("Arkusz", "pl-PL"),
    ("Лист", "ru-RU"),
    ("Аркуш", "uk-UA"),
    ("Taul", "fi-FI"),
    ("Munka", "hu-HU"),
    ("Sayfa", "tr-TR"),
];

/// Countries by the numbers of .xls files, which are those of telephone calls. Source: [MS-XLS] 2.4.63 (Country).
const COUNTRIES: &[(u16, &str)] = &[
    (2, "en-CA"),
    (7, "ru-RU"),
    (31, "nl-NL"),
    (32, "nl-BE"),
    (33, "fr-FR"),
    (34, "es-ES"),
    (36, "hu-HU"),
    (39, "it-IT"),
    (41, "de-CH"),
    (42, "cs-CZ"),
    (43, "de-AT"),
    (44, "en-GB"),
    (45, "da-DK"),
    (46, "sv-SE"),
    (47, "nb-NO"),
    (48, "pl-PL"),
    (49, "de-DE"),
    (52, "es-MX"),
    (55, "pt-BR"),
    (61, "en-AU"),
    (64, "en-AU"),
    (81, "ja-JP"),
    (82, "ko-KR"),
    (86, "zh-CN"),
    (90, "tr-TR"),
    (351, "pt-PT"),
    (353, "en-IE"),
    (358, "fi-FI"),
    (380, "uk-UA"),
    (420, "cs-CZ"),
];

/// Longest text that is compared; the words are far shorter.
const LONGEST: usize = 64;

/// What the parts of a container tell.
#[derive(Debug, Default)]
pub(crate) struct Clues {
    headings: Vec<String>,
    styles: Vec<(u32, String)>,
    language: Option<String>,
    macintosh: bool,
}

impl Clues {
    /// Reads the parts that describe the document.
    pub fn read(package: &mut Package<'_>) -> Result<Clues, LoadError> {
        let mut clues = Clues::default();
        let mut properties: Vec<String> = Vec::new();
        for relation in package.relations("")?.into_values() {
            if matches!(
                relation.kind.as_str(),
                "extended-properties" | "core-properties" | "extendedProperties"
            ) {
                properties.push(relation.target);
            }
        }
        properties.sort_unstable();
        for part in properties {
            clues.properties(package, &part)?;
        }
        Ok(clues)
    }

    fn properties(&mut self, package: &mut Package<'_>, part: &str) -> Result<(), LoadError> {
        let Some(mut xml) = package.part(part)? else { return Ok(()) };
        let mut in_headings = false;
        loop {
            let name = match xml.next()? {
                Xml::Start(element) => element.name().to_owned(),
                Xml::End(tag) => {
                    in_headings &= tag.name() != "HeadingPairs";
                    continue;
                }
                Xml::Eof => return Ok(()),
                Xml::Text(_) => continue,
            };
            match name.as_str() {
                "HeadingPairs" => in_headings = true,
                "lpstr" if in_headings && self.headings.len() < 16 => self.headings.push(xml.text()?),
                "Application" => self.macintosh = xml.text()?.contains("Macintosh"),
                "language" => self.language = Some(xml.text()?),
                _ => {}
            }
        }
    }

    /// Takes the name of a built-in style.
    pub fn style(&mut self, number: u32, name: &str) {
        if self.styles.len() < 64 && name.len() <= LONGEST {
            self.styles.push((number, name.to_owned()));
        }
    }

    /// What it all speaks for.
    pub fn origin<'a>(&self, sheets: impl Iterator<Item = &'a str>) -> Origin {
        Origin { locale: self.locale(sheets), macintosh: self.macintosh }
    }

    fn locale<'a>(&self, sheets: impl Iterator<Item = &'a str>) -> Option<LocaleHint> {
        if self.headings.iter().any(|heading| heading == "Worksheets") {
            return self.english();
        }
        let heading = self.headings.iter().find_map(|heading| of_word(HEADINGS, heading));
        let hint = heading.map(|(tag, word)| (tag, format!("The file's table of contents says \"{word}\".")));
        let hint = hint.or_else(|| {
            let (_, name, tag) = STYLES.iter().find(|(number, name, _)| self.has_style(*number, name))?;
            Some((*tag, format!("A built-in style of the file is called \"{name}\".")))
        });
        let hint = hint.or_else(|| language_hint(self.language.as_deref()?));
        let hint = hint.or_else(|| {
            let (tag, name) = { sheets }.find_map(of_sheet)?;
            Some((tag, format!("A sheet is called \"{name}\".")))
        });
        hint.filter(|(tag, _)| *tag != "en-US").map(|(tag, reason)| LocaleHint { tag, reason })
    }

    /// English of which country: that of Britain calls the per cent style by another name.
    fn english(&self) -> Option<LocaleHint> {
        let reason = || "The file's percent style is called \"Per cent\".".to_owned();
        self.has_style(5, "Per cent").then(|| LocaleHint { tag: "en-GB", reason: reason() })
    }

    fn has_style(&self, number: u32, name: &str) -> bool {
        self.styles.iter().any(|(own, text)| *own == number && text == name)
    }
}

/// What the language of a document speaks for.
pub(crate) fn of_language(language: Option<String>) -> Origin {
    let hint = language.and_then(|language| language_hint(&language));
    let locale = hint.filter(|(tag, _)| *tag != "en-US").map(|(tag, reason)| LocaleHint { tag, reason });
    Origin { locale, macintosh: false }
}

fn language_hint(language: &str) -> Option<(&'static str, String)> {
    let tag = numfmt::Locale::from_tag(Some(language).filter(|language| language.len() <= LONGEST)?)?.tag;
    Some((tag, format!("The document's language is {language}.")))
}

/// What the country of an .xls file's regional settings speaks for.
pub(crate) fn of_country(country: Option<u16>, macintosh: bool) -> Origin {
    let found = country.and_then(|number| COUNTRIES.iter().find(|(known, _)| *known == number));
    let locale = found.map(|(number, tag)| LocaleHint {
        tag,
        reason: format!("The file names the regional settings of country {number}."),
    });
    Origin { locale, macintosh }
}

fn of_word(words: &[(&'static str, &'static str)], word: &str) -> Option<(&'static str, &'static str)> {
    words.iter().find(|(known, _)| *known == word).map(|(known, tag)| (*tag, *known))
}

/// What the name of a sheet that nobody named speaks for.
fn of_sheet(name: &str) -> Option<(&'static str, &str)> {
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let (tag, _) = of_word(SHEETS, word).filter(|_| word.len() < name.len())?;
    Some((tag, name))
}

//! Number styles of OpenDocument as format codes: `#,##0.00`, `yyyy\-mm\-dd`.
//!
//! A style is a list of elements, one for each part of what is shown, and may hand some values on to other styles,
//! which are the sections of a code. Source: OASIS OpenDocument 1.3, part 3, 16.29.

use crate::LoadError;
use crate::package::PartReader;
use crate::xml::{Element, Xml};
use numfmt::{Format, Locale};
use std::collections::HashMap;

/// A style and what it hands on.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberStyle {
    /// Its own section.
    section: String,
    /// The other sections: for which numbers, and the name of the style.
    others: Vec<(String, String)>,
    is_text: bool,
}

/// The kind of style that an element describes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Percentage,
    Moment,
    Text,
}

/// The start tag of a style.
pub(super) struct Head {
    name: String,
    kind: Kind,
    /// `[$-407]` where names of months and days are those of another language.
    language: Option<u16>,
    /// Whether hours may be more than a day has.
    elapsed: bool,
}

impl Head {
    /// What a start tag says; `None` where it begins no number style.
    pub fn of(element: &Element<'_>) -> Option<Head> {
        let kind = match element.name() {
            "number-style" | "currency-style" | "boolean-style" => Kind::Number,
            "percentage-style" => Kind::Percentage,
            "date-style" | "time-style" => Kind::Moment,
            "text-style" => Kind::Text,
            _ => return None,
        };
        let elapsed = !element.flag("truncate-on-overflow", true);
        Some(Head { name: element.attr("name")?.into_owned(), kind, language: language(element), elapsed })
    }
}

fn language(element: &Element<'_>) -> Option<u16> {
    let language = element.attr("language")?;
    let tag = match element.attr("country") {
        Some(country) => format!("{language}-{country}"),
        None => language.into_owned(),
    };
    Locale::from_tag(&tag).map(|locale| locale.lcid)
}

/// What stands within a child of a style.
enum Inside {
    Nothing,
    Text,
    Currency(Option<u16>),
    Embedded(usize),
    Fill,
}

/// A number that is being read.
#[derive(Default)]
struct Digits {
    whole: usize,
    grouped: bool,
    /// Decimals shown always, and at most; `None` for as many as there are.
    decimals: Option<(usize, usize)>,
    thousands: usize,
    exponent: Option<usize>,
    /// Texts between the digits, by their distance from the last one.
    texts: Vec<(usize, String)>,
}

/// More digits than this are no more than a program can show.
const MOST_DIGITS: usize = 30;

/// Reads the style whose start tag was just read.
pub(super) fn read(
    xml: &mut PartReader<'_, '_>,
    head: Head,
    styles: &mut HashMap<String, NumberStyle>,
) -> Result<(), LoadError> {
    let mut style = NumberStyle { is_text: head.kind == Kind::Text, ..NumberStyle::default() };
    let mut code = Code { kind: head.kind, elapsed: head.elapsed, named: false, text: String::new() };
    let (mut depth, mut color, mut digits) = (1_u32, "", None::<Digits>);
    while depth > 0 {
        let inside = match xml.next()? {
            Xml::Start(element) => {
                depth += 1;
                match element.name() {
                    "text" => Inside::Text,
                    "currency-symbol" => Inside::Currency(language(&element)),
                    "embedded-text" => Inside::Embedded(element.number("position").unwrap_or(0)),
                    "fill-character" => Inside::Fill,
                    "text-properties" => {
                        color = element.attr("color").map_or("", |color| bracketed(&color));
                        Inside::Nothing
                    }
                    "map" => {
                        if let (Some(when), Some(name)) =
                            (element.attr("condition"), element.attr("apply-style-name"))
                        {
                            style.others.push((when.replace(' ', ""), name.into_owned()));
                        }
                        Inside::Nothing
                    }
                    "number" | "scientific-number" => {
                        digits = Some(Digits::of(&element));
                        Inside::Nothing
                    }
                    _ => {
                        code.element(&element);
                        Inside::Nothing
                    }
                }
            }
            Xml::End(tag) => {
                depth -= 1;
                if matches!(tag.name(), "number" | "scientific-number")
                    && let Some(digits) = digits.take()
                {
                    code.text.push_str(&digits.code());
                }
                Inside::Nothing
            }
            Xml::Eof => break,
            Xml::Text(_) => Inside::Nothing,
        };
        if matches!(inside, Inside::Nothing) {
            continue;
        }
        let text = xml.text()?;
        depth -= 1;
        match (inside, &mut digits) {
            (Inside::Embedded(place), Some(digits)) => digits.texts.push((place, text)),
            (Inside::Currency(lcid), _) => code.currency(&text, lcid),
            (Inside::Fill, _) => code.text.extend(text.chars().next().map(|c| format!("*{c}"))),
            (_, _) => code.literal(&text),
        }
    }
    let language =
        head.language.filter(|_| code.named).map(|lcid| format!("[$-{lcid:X}]")).unwrap_or_default();
    style.section = format!("{color}{language}{}", code.text);
    styles.insert(head.name, style);
    Ok(())
}

/// The code of a style, other sections included; `None` where it is General or none that can be read.
pub(super) fn code(name: &str, styles: &HashMap<String, NumberStyle>) -> Option<String> {
    let style = styles.get(name)?;
    let mut sections = Vec::new();
    let plain: &[&[&str]] = &[&[">=0"], &[">0", "<0"], &[">0", "<0", "=0"]];
    let conditions: Vec<&str> =
        style.others.iter().map(|(when, _)| when.strip_prefix("value()").unwrap_or(when)).collect();
    let is_plain = plain.contains(&&*conditions) && (conditions.len() < 3 || style.is_text);
    for ((_, name), when) in style.others.iter().zip(&conditions) {
        let section = &styles.get(name)?.section;
        sections.push(if is_plain { section.clone() } else { format!("[{when}]{section}") });
    }
    sections.push(style.section.clone());
    let code = sections.join(";");
    let is_code = !code.is_empty() && code != "General" && Format::parse(&code).is_ok();
    is_code.then_some(code)
}

/// A colour that codes have a name for.
fn bracketed(color: &str) -> &'static str {
    match color.to_ascii_lowercase().as_str() {
        "#000000" => "[Black]",
        "#0000ff" => "[Blue]",
        "#00ffff" => "[Cyan]",
        "#00ff00" => "[Green]",
        "#ff00ff" => "[Magenta]",
        "#ff0000" => "[Red]",
        "#ffffff" => "[White]",
        "#ffff00" => "[Yellow]",
        _ => "",
    }
}

impl Digits {
    fn of(element: &Element<'_>) -> Digits {
        let count = |name: &str| element.number::<usize>(name).map(|count| count.min(MOST_DIGITS));
        let most = count("decimal-places");
        // A replacement stands for decimals that are zeros; with none of its own they go.
        let replaced = element.attr("decimal-replacement").is_some_and(|text| text.is_empty());
        let least = count("min-decimal-places").or(if replaced { Some(0) } else { most });
        let factor = element.float("display-factor").unwrap_or(1.0);
        let thousands = [1e3, 1e6, 1e9, 1e12].iter().filter(|step| factor >= **step).count();
        let is_scientific = element.name() == "scientific-number";
        Digits {
            whole: count("min-integer-digits").unwrap_or(1),
            grouped: element.flag("grouping", false),
            decimals: most.map(|most| (least.unwrap_or(most).min(most), most)),
            thousands,
            exponent: is_scientific.then(|| count("min-exponent-digits").unwrap_or(2)),
            texts: Vec::new(),
        }
    }

    fn code(self) -> String {
        let is_general =
            self.whole <= 1 && !self.grouped && self.decimals.is_none() && self.exponent.is_none();
        if is_general && self.thousands == 0 && self.texts.is_empty() {
            return "General".to_owned();
        }
        let farthest = self.texts.iter().map(|(place, _)| place + 1).max().unwrap_or(0).min(MOST_DIGITS);
        let shown = self.whole.max(if self.grouped { 4 } else { 1 }).max(farthest);
        let mut code = String::new();
        for place in (0..shown).rev() {
            code.push(if place < self.whole { '0' } else { '#' });
            if self.grouped && place > 0 && place % 3 == 0 {
                code.push(',');
            }
            for (_, text) in self.texts.iter().filter(|(at, _)| *at == place && place > 0) {
                quote(text, &mut code);
            }
        }
        if let Some((least, most)) = self.decimals.filter(|(_, most)| *most > 0) {
            code.push('.');
            code.push_str(&"0".repeat(least));
            code.push_str(&"#".repeat(most - least));
        }
        code.push_str(&",".repeat(self.thousands));
        if let Some(exponent) = self.exponent {
            code.push_str("E+");
            code.push_str(&"0".repeat(exponent.max(1)));
        }
        code
    }
}

/// A section that is being written.
struct Code {
    kind: Kind,
    elapsed: bool,
    /// Whether it has names of months or days.
    named: bool,
    text: String,
}

impl Code {
    fn element(&mut self, element: &Element<'_>) {
        let is_long = element.attr("style").as_deref() == Some("long");
        let count = |name: &str| element.number::<usize>(name).unwrap_or(0).min(MOST_DIGITS);
        let pick = |short: &'static str, long: &'static str| if is_long { long } else { short };
        let piece = match element.name() {
            "day" => pick("d", "dd"),
            "day-of-week" => {
                self.named = true;
                pick("ddd", "dddd")
            }
            "month" if element.flag("textual", false) => {
                self.named = true;
                pick("mmm", "mmmm")
            }
            "month" => pick("m", "mm"),
            "year" => pick("yy", "yyyy"),
            "hours" if std::mem::take(&mut self.elapsed) => pick("[h]", "[hh]"),
            "hours" => pick("h", "hh"),
            "minutes" if std::mem::take(&mut self.elapsed) => pick("[m]", "[mm]"),
            "minutes" => pick("m", "mm"),
            "seconds" => {
                let whole =
                    if std::mem::take(&mut self.elapsed) { pick("[s]", "[ss]") } else { pick("s", "ss") };
                self.text.push_str(whole);
                if count("decimal-places") > 0 {
                    self.text.push('.');
                    self.text.push_str(&"0".repeat(count("decimal-places").min(3)));
                }
                return;
            }
            "am-pm" => "AM/PM",
            "text-content" => "@",
            "boolean" => "General",
            "fraction" => return self.fraction(element),
            _ => return,
        };
        self.text.push_str(piece);
    }

    fn fraction(&mut self, element: &Element<'_>) {
        let digits = |name: &str| element.number::<usize>(name).map(|count| count.clamp(1, 5));
        if let Some(whole) = element.number::<usize>("min-integer-digits") {
            self.text.push_str(if whole == 0 { "# " } else { "0 " });
        }
        self.text.push_str(&"?".repeat(digits("min-numerator-digits").unwrap_or(1)));
        self.text.push('/');
        match element.number::<u32>("denominator-value").filter(|value| (1..100_000).contains(value)) {
            Some(value) => self.text.push_str(&value.to_string()),
            None => self.text.push_str(&"?".repeat(digits("min-denominator-digits").unwrap_or(1))),
        }
    }

    fn currency(&mut self, symbol: &str, lcid: Option<u16>) {
        let symbol: String = symbol.chars().filter(|c| !matches!(c, '[' | ']' | '-' | ';')).collect();
        self.text.push_str(&match lcid {
            Some(lcid) if !symbol.is_empty() => format!("[${symbol}-{lcid:X}]"),
            _ if symbol.is_empty() => String::new(),
            _ => format!("[${symbol}]"),
        });
    }

    /// Text as it is: what codes take for themselves is quoted.
    fn literal(&mut self, text: &str) {
        let bare: &[char] = match self.kind {
            Kind::Moment => &[' ', '-', '/', ':', '.', ','],
            Kind::Percentage => &['%', ' ', '-', '(', ')'],
            Kind::Number | Kind::Text => &[' ', '-', '(', ')'],
        };
        if text.chars().all(|c| bare.contains(&c)) {
            self.text.push_str(text);
        } else if let Some((before, after)) = text.split_once('%').filter(|_| self.kind == Kind::Percentage) {
            quote(before, &mut self.text);
            self.text.push('%');
            quote(after, &mut self.text);
        } else {
            quote(text, &mut self.text);
        }
    }
}

fn quote(text: &str, code: &mut String) {
    for (number, piece) in text.split('"').enumerate() {
        if number > 0 {
            code.push_str("\\\"");
        }
        if !piece.is_empty() {
            code.push('"');
            code.push_str(piece);
            code.push('"');
        }
    }
}

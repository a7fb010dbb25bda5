//! Styles of cells: what each says itself, and what it has from those that it stands on.
//!
//! Source: OASIS OpenDocument 1.3, part 3, chapters 16 and 20.

use super::number::{self, Head, NumberStyle};
use crate::LoadError;
use crate::package::PartReader;
use crate::xml::{Element, Xml};
use std::collections::HashMap;
use values::Text;
use workbook::{Alignment, CellStyle, Color};

/// Styles that stand on each other this deep.
const MOST_PARENTS: usize = 32;

/// All styles of cells and numbers by their names.
#[derive(Default)]
pub(super) struct Looks {
    cells: HashMap<String, RawStyle>,
    numbers: HashMap<String, NumberStyle>,
    base: RawStyle,
}

/// A style as the file has it.
#[derive(Default)]
struct RawStyle {
    parent: Option<String>,
    /// What people call it, for styles that have a name of their own.
    shown: Option<Text>,
    number: Option<String>,
    bold: Option<bool>,
    italic: Option<bool>,
    strike: Option<bool>,
    size_pt: Option<f32>,
    color: Option<Option<Color>>,
    fill: Option<Option<Color>>,
    bordered: Option<bool>,
    alignment: Option<Alignment>,
    /// Locked, and formulas hidden.
    protection: Option<(bool, bool)>,
    /// The language of its texts and the country where it is spoken.
    language: Option<String>,
    country: Option<String>,
}

/// A start tag that begins a style.
pub(super) enum Begin {
    Cell(CellHead),
    Number(Head),
}

/// The start tag of a cell's style; without a name that of the base of all.
pub(super) struct CellHead {
    name: Option<String>,
    style: RawStyle,
}

impl Begin {
    /// What a start tag begins, if it is a style of cells or numbers.
    pub fn of(element: &Element<'_>) -> Option<Begin> {
        let own = |name: &str| element.attr(name).map(|text| text.into_owned());
        if !matches!(element.name(), "style" | "default-style") {
            return Head::of(element).map(Begin::Number);
        }
        if element.attr("family").as_deref() != Some("table-cell") {
            return None;
        }
        let name = if element.name() == "style" { Some(own("name")?) } else { None };
        let shown = own("display-name").or_else(|| name.as_ref().map(|name| name.replace("_20_", " ")));
        let style = RawStyle {
            parent: own("parent-style-name"),
            shown: shown.map(Text::from),
            number: own("data-style-name"),
            ..RawStyle::default()
        };
        Some(Begin::Cell(CellHead { name, style }))
    }
}

impl Looks {
    /// Reads the style whose start tag was just read. `common` are those that people choose by name.
    pub fn read(
        &mut self,
        xml: &mut PartReader<'_, '_>,
        begin: Begin,
        common: bool,
    ) -> Result<(), LoadError> {
        let CellHead { name, mut style } = match begin {
            Begin::Number(head) => return number::read(xml, head, &mut self.numbers),
            Begin::Cell(head) => head,
        };
        if !common {
            style.shown = None;
        }
        let mut depth = 1_u32;
        while depth > 0 {
            match xml.next()? {
                Xml::Start(element) => {
                    depth += 1;
                    style.properties(&element);
                }
                Xml::End(_) => depth -= 1,
                Xml::Eof => break,
                Xml::Text(_) => {}
            }
        }
        match name {
            Some(name) => drop(self.cells.insert(name, style)),
            None => self.base = style,
        }
        Ok(())
    }

    /// The language of texts that say nothing else, `fr-FR`.
    pub fn language(&self) -> Option<String> {
        let language = self.base.language.as_deref()?;
        Some(match self.base.country.as_deref() {
            Some(country) if country != "none" => format!("{language}-{country}"),
            _ => language.to_owned(),
        })
    }

    /// How many styles there are.
    pub fn len(&self) -> usize {
        self.cells.len() + self.numbers.len()
    }

    /// What a cell of a style looks like. `General` where the style says nothing of numbers.
    pub fn style(&self, name: &str) -> CellStyle {
        let mut chain = vec![&self.base];
        let mut next = self.cells.get(name);
        let mut nearest = Vec::new();
        while let Some(style) = next.filter(|_| nearest.len() < MOST_PARENTS) {
            nearest.push(style);
            next = style.parent.as_ref().and_then(|parent| self.cells.get(parent));
        }
        chain.extend(nearest.into_iter().rev());
        let mut style = CellStyle::default();
        for raw in chain {
            raw.put_on(&mut style);
            if let Some(code) = raw.number.as_ref().map(|name| number::code(name, &self.numbers)) {
                style.number_format = Text::from(code.unwrap_or_else(|| "General".to_owned()));
            }
        }
        style
    }
}

impl RawStyle {
    fn properties(&mut self, element: &Element<'_>) {
        let is_text = element.name() == "text-properties";
        let is_paragraph = element.name() == "paragraph-properties";
        if !is_text && !is_paragraph && element.name() != "table-cell-properties" {
            return;
        }
        element.each(|name, value| match name {
            "font-weight" if is_text => {
                self.bold = Some(value == "bold" || value.parse::<u32>().is_ok_and(|weight| weight >= 600));
            }
            "font-style" if is_text => self.italic = Some(value != "normal"),
            "text-line-through-style" if is_text => self.strike = Some(value != "none"),
            "font-size" if is_text => {
                let points = value.strip_suffix("pt").and_then(|points| points.parse::<f32>().ok());
                self.size_pt = points.filter(|points| points.is_finite() && *points > 0.0).or(self.size_pt);
            }
            "language" if is_text => self.language = Some(value.to_owned()),
            "country" if is_text => self.country = Some(value.to_owned()),
            "color" if is_text => self.color = Some(color(value)),
            "text-align" if is_paragraph => {
                self.alignment = match value {
                    "center" => Some(Alignment::Center),
                    "end" | "right" => Some(Alignment::Right),
                    "start" | "left" | "justify" => Some(Alignment::Left),
                    _ => None,
                }
            }
            "background-color" if !is_text && !is_paragraph => self.fill = Some(color(value)),
            "cell-protect" => {
                let says = |word: &str| value.split_ascii_whitespace().any(|own| own == word);
                let hidden = says("formula-hidden") || says("hidden-and-protected");
                self.protection = Some((says("protected") || says("hidden-and-protected"), hidden));
            }
            "border" | "border-top" | "border-bottom" | "border-left" | "border-right" if !is_text => {
                let is_drawn = value != "none" && value != "hidden";
                self.bordered = Some(is_drawn || self.bordered == Some(true));
            }
            _ => {}
        });
    }

    fn put_on(&self, style: &mut CellStyle) {
        let font = &mut style.font;
        font.bold = self.bold.unwrap_or(font.bold);
        font.italic = self.italic.unwrap_or(font.italic);
        font.strike = self.strike.unwrap_or(font.strike);
        font.size_pt = self.size_pt.unwrap_or(font.size_pt);
        font.color = self.color.unwrap_or(font.color);
        style.fill = self.fill.unwrap_or(style.fill);
        style.bordered = self.bordered.unwrap_or(style.bordered);
        style.alignment = self.alignment.unwrap_or(style.alignment);
        if let Some((locked, hidden)) = self.protection {
            (style.locked, style.formula_hidden) = (locked, hidden);
        }
        // "Default" is what every cell has that nobody styled.
        if let Some(name) = self.shown.as_ref().filter(|name| **name != "Default") {
            style.named_style = Some(name.clone());
        }
    }
}

/// `#ffcc00`; `None` for `transparent` and the like.
fn color(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let rgb = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = rgb.to_be_bytes();
    Some(Color { red, green, blue })
}

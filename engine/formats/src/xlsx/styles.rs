//! Cell styles, as far as the model keeps them.

use super::color::Theme;
use crate::origin::Clues;
use crate::package::{Package, Relation};
use crate::xml::{Element, Xml};
use crate::{Limits, LoadError};
use std::collections::HashMap;
use values::Text;
use workbook::{Alignment, CellStyle, Color, Font, StyleId, Styles};

/// The style part while it is read.
#[derive(Default)]
struct StylePart {
    formats: HashMap<u32, Text>,
    fonts: Vec<Font>,
    fills: Vec<Option<Color>>,
    borders: Vec<bool>,
    /// Records for cells, and those that named styles stand on.
    cell_records: Vec<Record>,
    named_records: usize,
    /// Name by the place of its record.
    names: HashMap<usize, Text>,
}

/// One `xf`: a style as references to its parts.
#[derive(Clone, Default)]
struct Record {
    format: u32,
    font: usize,
    fill: usize,
    border: usize,
    named: Option<usize>,
    alignment: Alignment,
    locked: Option<bool>,
    hidden: bool,
}

/// Where the reader stands, where the same element means different things.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    None,
    Fonts,
    Fills,
    Borders,
    Named,
    Cells,
    Differential,
}

/// Reads the styles into the workbook's; gives the id for each number that cells use.
pub(crate) fn read(
    package: &mut Package<'_>,
    relation: Option<&Relation>,
    theme: &Theme,
    limits: &Limits,
    (styles, clues): (&mut Styles, &mut Clues),
) -> Result<Vec<StyleId>, LoadError> {
    let Some(relation) = relation else { return Ok(Vec::new()) };
    let Some(mut xml) = package.part(&relation.target)? else { return Ok(Vec::new()) };
    let mut part = StylePart::default();
    let mut section = Section::None;
    loop {
        match xml.next()? {
            Xml::Start(element) => {
                section = enter(section, element.name());
                clue(&element, clues);
                part.element(section, &element, theme);
            }
            Xml::End(tag) => {
                if matches!(tag.name(), "fonts" | "fills" | "borders" | "cellStyleXfs" | "cellXfs" | "dxfs") {
                    section = Section::None;
                }
            }
            Xml::Eof => break,
            Xml::Text(_) => {}
        }
        if part.cell_records.len() > limits.styles {
            return Err(LoadError::TooLarge {
                what: "the number of its cell styles",
                limit: limits.styles as u64,
            });
        }
    }
    Ok(part.cell_records.iter().map(|record| styles.push(part.style(record))).collect())
}

/// Notes what the element tells of the program that wrote it: built-in styles have names in its language.
fn clue(element: &Element<'_>, clues: &mut Clues) {
    let built_in = (element.name() == "cellStyle").then(|| element.number("builtinId")).flatten();
    if let (Some(number), Some(name)) = (built_in, element.attr("name")) {
        clues.style(number, &name);
    }
}

fn enter(section: Section, name: &str) -> Section {
    match name {
        "fonts" => Section::Fonts,
        "fills" => Section::Fills,
        "borders" => Section::Borders,
        "cellStyleXfs" => Section::Named,
        "cellXfs" => Section::Cells,
        "dxfs" => Section::Differential,
        _ => section,
    }
}

impl StylePart {
    fn element(&mut self, section: Section, element: &Element<'_>, theme: &Theme) {
        match (section, element.name()) {
            (_, "numFmt") if section != Section::Differential => {
                if let (Some(id), Some(code)) = (element.number("numFmtId"), element.attr("formatCode")) {
                    self.formats.insert(id, Text::from(&*code));
                }
            }
            (Section::Fonts, "font") => self.fonts.push(Font::default()),
            (Section::Fonts, name) => self.font(name, element, theme),
            (Section::Fills, "fill") => self.fills.push(None),
            (Section::Fills, "fgColor") => {
                if let Some(fill) = self.fills.last_mut() {
                    *fill = theme.color(element);
                }
            }
            (Section::Fills, "patternFill") if element.attr("patternType").as_deref() == Some("none") => {}
            (Section::Borders, "border") => self.borders.push(false),
            (Section::Borders, "left" | "right" | "top" | "bottom") => {
                let drawn = element.attr("style").is_some_and(|style| style != "none");
                if let Some(border) = self.borders.last_mut() {
                    *border |= drawn;
                }
            }
            (Section::Named, "xf") => self.named_records += 1,
            (Section::Cells, "xf") => self.cell_records.push(record(element)),
            (Section::Cells, "alignment") => self.alignment(element),
            (Section::Cells, "protection") => {
                if let Some(record) = self.cell_records.last_mut() {
                    record.locked = Some(element.flag("locked", true));
                    record.hidden = element.flag("hidden", false);
                }
            }
            (_, "cellStyle") => {
                if let (Some(record), Some(name)) = (element.number("xfId"), element.attr("name")) {
                    self.names.insert(record, Text::from(&*name));
                }
            }
            _ => {}
        }
    }

    fn font(&mut self, name: &str, element: &Element<'_>, theme: &Theme) {
        let Some(font) = self.fonts.last_mut() else { return };
        match name {
            "b" => font.bold = element.flag("val", true),
            "i" => font.italic = element.flag("val", true),
            "strike" => font.strike = element.flag("val", true),
            "sz" => font.size_pt = element.float("val").unwrap_or(0.0) as f32,
            "color" => font.color = theme.color(element),
            _ => {}
        }
    }

    fn alignment(&mut self, element: &Element<'_>) {
        if let Some(record) = self.cell_records.last_mut() {
            record.alignment = match element.attr("horizontal").as_deref() {
                Some("left" | "fill" | "justify") => Alignment::Left,
                Some("center" | "centerContinuous" | "distributed") => Alignment::Center,
                Some("right") => Alignment::Right,
                _ => Alignment::General,
            };
        }
    }

    fn style(&self, record: &Record) -> CellStyle {
        let number_format = match self.formats.get(&record.format) {
            Some(code) => code.clone(),
            None => {
                Text::from(u16::try_from(record.format).ok().and_then(numfmt::builtin).unwrap_or("General"))
            }
        };
        // "Normal" is what every cell has that nobody styled.
        let named = record.named.and_then(|place| self.names.get(&place)).filter(|name| *name != "Normal");
        CellStyle {
            number_format,
            locked: record.locked.unwrap_or(true),
            formula_hidden: record.hidden,
            font: self.fonts.get(record.font).cloned().unwrap_or_default(),
            fill: self.fills.get(record.fill).copied().flatten(),
            bordered: self.borders.get(record.border).copied().unwrap_or(false),
            alignment: record.alignment,
            named_style: named.cloned(),
        }
    }
}

fn record(element: &Element<'_>) -> Record {
    Record {
        format: element.number("numFmtId").unwrap_or(0),
        font: element.number("fontId").unwrap_or(0),
        fill: element.number("fillId").unwrap_or(0),
        border: element.number("borderId").unwrap_or(0),
        named: element.number("xfId"),
        ..Record::default()
    }
}

//! Styles of a workbook: number formats, fonts, fills, locks.

use super::Version;
use crate::binary::Bytes;
use crate::xlsx::indexed_color;
use crate::{Limits, LoadError};
use std::collections::HashMap;
use values::Text;
use workbook::{Alignment, CellStyle, Color, Font, StyleId, Styles};

/// One XF record, its colours still numbers.
struct Record {
    font: usize,
    format: u16,
    locked: bool,
    hidden: bool,
    parent: u16,
    alignment: Alignment,
    bordered: bool,
    fill: Option<u16>,
}

/// All that styles are made of.
#[derive(Default)]
pub(crate) struct StyleTable {
    formats: HashMap<u16, Text>,
    /// Fonts with the numbers of their colours.
    fonts: Vec<(Font, u16)>,
    records: Vec<Record>,
    names: HashMap<u16, Text>,
    palette: Vec<Color>,
}

impl StyleTable {
    /// Reads a record of this part of the workbook.
    pub fn record(
        &mut self,
        kind: u16,
        data: &mut Bytes<'_>,
        version: Version,
        limits: &Limits,
    ) -> Result<(), LoadError> {
        match kind {
            0x0031 => self.fonts.extend(font(data)),
            0x00e0 => self.records.extend(style(data, version)),
            0x041e => {
                let code = data.u16().and_then(|id| Some((id, format_code(data, version)?)));
                self.formats.extend(code.map(|(id, code)| (id, Text::from(code))));
            }
            0x0092 => {
                data.skip(2);
                self.palette = std::iter::from_fn(|| data.u32()).map(color).collect();
            }
            _ => self.names.extend(named(data, version)),
        }
        if self.records.len() > limits.styles {
            return Err(LoadError::TooLarge {
                what: "the number of its cell styles",
                limit: limits.styles as u64,
            });
        }
        Ok(())
    }

    /// Adds the styles to the workbook's; gives the id for each number that cells use.
    pub fn add_to(&self, styles: &mut Styles) -> Vec<StyleId> {
        self.records.iter().map(|record| styles.push(self.style(record))).collect()
    }

    fn style(&self, record: &Record) -> CellStyle {
        let number_format = match self.formats.get(&record.format) {
            Some(code) => code.clone(),
            None => Text::from(numfmt::builtin(record.format).unwrap_or("General")),
        };
        // Excel counts fonts as if there were one more at place 4.
        let font = self.fonts.get(if record.font > 4 { record.font - 1 } else { record.font });
        let font = font.map(|(font, number)| Font { color: self.color(*number), ..font.clone() });
        CellStyle {
            number_format,
            locked: record.locked,
            formula_hidden: record.hidden,
            font: font.unwrap_or_default(),
            fill: record.fill.and_then(|number| self.color(number)),
            bordered: record.bordered,
            alignment: record.alignment,
            named_style: self.names.get(&record.parent).filter(|name| *name != "Normal").cloned(),
        }
    }

    fn color(&self, number: u16) -> Option<Color> {
        let own = number.checked_sub(8).and_then(|place| self.palette.get(usize::from(place))).copied();
        own.or_else(|| indexed_color(usize::from(number)))
    }
}

fn color(word: u32) -> Color {
    let [red, green, blue, _] = word.to_le_bytes();
    Color { red, green, blue }
}

fn format_code(data: &mut Bytes<'_>, version: Version) -> Option<String> {
    match version {
        Version::Biff8 => version.text(data),
        Version::Biff5(_) => version.short_text(data),
    }
}

/// Source: [MS-XLS] 2.4.122 (Font).
fn font(data: &mut Bytes<'_>) -> Option<(Font, u16)> {
    let (height, flags, color, weight) = (data.u16()?, data.u16()?, data.u16()?, data.u16()?);
    let font = Font {
        bold: weight >= 600,
        italic: flags & 2 != 0,
        strike: flags & 8 != 0,
        size_pt: f32::from(height) / 20.0,
        color: None,
    };
    Some((font, color))
}

/// Source: [MS-XLS] 2.4.353 (XF).
fn style(data: &mut Bytes<'_>, version: Version) -> Option<Record> {
    let (font, format, flags) = (data.u16()?, data.u16()?, data.u16()?);
    let alignment = match data.u8()? & 7 {
        1 | 4 | 5 => Alignment::Left,
        2 | 6 | 7 => Alignment::Center,
        3 => Alignment::Right,
        _ => Alignment::General,
    };
    let (mut bordered, mut fill) = (false, None);
    if matches!(version, Version::Biff8) {
        data.skip(3)?;
        bordered = data.u16()? != 0;
        data.skip(2)?;
        let pattern = data.u32()? >> 26;
        let colors = data.u16()?;
        // A solid fill shows its foreground; any other pattern is close enough to that.
        fill = (pattern != 0).then_some(colors & 0x7f);
    }
    Some(Record {
        font: usize::from(font),
        format,
        locked: flags & 1 != 0,
        hidden: flags & 2 != 0,
        parent: flags >> 4,
        alignment,
        bordered,
        fill,
    })
}

/// A style with a name: the record it stands on, and the name. Source: [MS-XLS] 2.4.269 (Style).
fn named(data: &mut Bytes<'_>, version: Version) -> Option<(u16, Text)> {
    let record = data.u16()?;
    if record & 0x8000 != 0 {
        return None;
    }
    let name = match version {
        Version::Biff8 => version.text(data)?,
        Version::Biff5(_) => version.short_text(data)?,
    };
    Some((record & 0xfff, Text::from(name)))
}

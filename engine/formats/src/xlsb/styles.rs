//! Styles: number formats, fonts, fills, locks. Source: [MS-XLSB] 2.1.7.50 and the records it names.

use super::records::RecordReader;
use crate::binary::Bytes;
use crate::origin::Clues;
use crate::package::{Package, Relation};
use crate::xlsx::{Theme, indexed_color};
use crate::{Limits, LoadError};
use std::collections::HashMap;
use values::Text;
use workbook::{Alignment, CellStyle, Color, Font, StyleId, Styles};

/// One record of a cell's style.
struct Record {
    parent: u16,
    format: u16,
    font: usize,
    fill: usize,
    border: usize,
    flags: u16,
}

#[derive(Default)]
struct StylePart {
    formats: HashMap<u16, Text>,
    fonts: Vec<Font>,
    fills: Vec<Option<Color>>,
    borders: Vec<bool>,
    records: Vec<Record>,
    names: HashMap<u16, Text>,
    in_cells: bool,
}

/// Reads the styles into the workbook's; gives the id for each number that cells use.
pub(crate) fn read(
    package: &mut Package<'_>,
    relation: Option<&Relation>,
    theme: &Theme,
    limits: &Limits,
    (styles, clues): (&mut Styles, &mut Clues),
) -> Result<Vec<StyleId>, LoadError> {
    let mut part = StylePart::default();
    let source = match relation {
        Some(relation) => package.source(&relation.target)?,
        None => None,
    };
    let Some(source) = source else { return Ok(Vec::new()) };
    let mut records = RecordReader::new(source);
    while let Some((kind, mut data)) = records.next()? {
        // A record that is cut off is left out.
        let _ = part.record(kind, &mut data, theme, clues);
        if part.records.len() > limits.styles {
            return Err(LoadError::TooLarge {
                what: "the number of its cell styles",
                limit: limits.styles as u64,
            });
        }
    }
    Ok(part.records.iter().map(|record| styles.push(part.style(record))).collect())
}

impl StylePart {
    fn record(&mut self, kind: u16, data: &mut Bytes<'_>, theme: &Theme, clues: &mut Clues) -> Option<()> {
        match kind {
            44 => {
                let id = data.u16()?;
                self.formats.insert(id, Text::from(data.wide_text()?));
            }
            43 => self.fonts.push(font(data, theme)?),
            45 => {
                let pattern = data.u32()?;
                let color = color(data, theme)?;
                self.fills.push(color.filter(|_| pattern != 0));
            }
            46 => self.borders.push(bordered(data)?),
            48 => {
                let record = data.u32()?;
                let (flags, built_in) = (data.u16()?, data.u8()?);
                data.skip(1)?;
                let name = data.wide_text()?;
                if flags & 1 != 0 {
                    clues.style(built_in.into(), &name);
                }
                self.names.insert(u16::try_from(record).ok()?, Text::from(name));
            }
            47 if self.in_cells => self.records.push(record(data)?),
            617 => self.in_cells = true,
            618 => self.in_cells = false,
            _ => {}
        }
        Some(())
    }

    fn style(&self, record: &Record) -> CellStyle {
        let number_format = match self.formats.get(&record.format) {
            Some(code) => code.clone(),
            None => Text::from(numfmt::builtin(record.format).unwrap_or("General")),
        };
        CellStyle {
            number_format,
            locked: record.flags & 1 << 12 != 0,
            formula_hidden: record.flags & 1 << 13 != 0,
            font: self.fonts.get(record.font).cloned().unwrap_or_default(),
            fill: self.fills.get(record.fill).copied().flatten(),
            bordered: self.borders.get(record.border).copied().unwrap_or(false),
            alignment: match record.flags & 7 {
                1 | 4 | 5 => Alignment::Left,
                2 | 6 | 7 => Alignment::Center,
                3 => Alignment::Right,
                _ => Alignment::General,
            },
            named_style: self.names.get(&record.parent).filter(|name| *name != "Normal").cloned(),
        }
    }
}

/// Source: [MS-XLSB] 2.4.860 (BrtXF).
fn record(data: &mut Bytes<'_>) -> Option<Record> {
    let (parent, format, font) = (data.u16()?, data.u16()?, data.u16()?);
    let (fill, border) = (data.u16()?, data.u16()?);
    data.skip(2)?;
    let [font, fill, border] = [font, fill, border].map(usize::from);
    Some(Record { parent, format, font, fill, border, flags: data.u16()? })
}

/// Source: [MS-XLSB] 2.4.149 (BrtFont).
fn font(data: &mut Bytes<'_>, theme: &Theme) -> Option<Font> {
    let (height, flags, weight) = (data.u16()?, data.u16()?, data.u16()?);
    data.skip(6)?;
    Some(Font {
        bold: weight >= 600,
        italic: flags & 2 != 0,
        strike: flags & 8 != 0,
        size_pt: f32::from(height) / 20.0,
        color: color(data, theme)?,
    })
}

/// Whether any of the four sides is drawn. Source: [MS-XLSB] 2.4.18 (BrtBorder).
fn bordered(data: &mut Bytes<'_>) -> Option<bool> {
    data.skip(1)?;
    let mut drawn = false;
    for _ in 0..4 {
        drawn |= data.u8()? != 0;
        data.skip(9)?;
    }
    Some(drawn)
}

/// A colour, `None` inside for the automatic one. Source: [MS-XLSB] 2.5.14 (BrtColor).
fn color(data: &mut Bytes<'_>, theme: &Theme) -> Option<Option<Color>> {
    let (kind, index, tint) = (data.u8()? >> 1, data.u8()?, data.u16()?.cast_signed());
    let (red, green, blue) = (data.u8()?, data.u8()?, data.u8()?);
    data.skip(1)?;
    Some(match kind {
        1 => indexed_color(usize::from(index)),
        2 => Some(Color { red, green, blue }),
        3 => theme.tinted(usize::from(index), f64::from(tint) / 32_767.0),
        _ => None,
    })
}

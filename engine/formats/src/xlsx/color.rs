//! Colours: direct, indexed, of the theme, with tints.
//!
//! Source: ECMA-376 part 1, 18.8.3 (tint), 18.8.27 (indexed colours), 20.1.6.2 (colour scheme).

use crate::LoadError;
use crate::package::{Package, Relation};
use crate::xml::{Element, Xml};
use workbook::Color;

/// The theme's colours in the order of the `theme` attribute.
pub(crate) struct Theme(Vec<Color>);

/// The scheme of a workbook without a theme part: Office's own.
const OFFICE: [u32; 12] = [
    0xFFFFFF, 0x000000, 0xE7E6E6, 0x44546A, 0x4472C4, 0xED7D31, 0xA5A5A5, 0xFFC000, 0x5B9BD5, 0x70AD47,
    0x0563C1, 0x954F72,
];

impl Theme {
    /// Reads the theme part; Office's own theme where there is none.
    pub fn read(package: &mut Package<'_>, relation: Option<&Relation>) -> Result<Theme, LoadError> {
        let standard = || Theme(OFFICE.iter().map(|rgb| from_rgb(*rgb)).collect());
        let Some(relation) = relation else { return Ok(standard()) };
        let Some(mut xml) = package.part(&relation.target)? else { return Ok(standard()) };
        let (mut colors, mut in_scheme) = (Vec::new(), false);
        loop {
            match xml.next()? {
                Xml::Start(element) => match element.name() {
                    "clrScheme" => in_scheme = true,
                    "srgbClr" if in_scheme => colors.push(hex(&element.attr("val").unwrap_or_default())),
                    "sysClr" if in_scheme => colors.push(hex(&element.attr("lastClr").unwrap_or_default())),
                    _ => {}
                },
                Xml::End(tag) if tag.name() == "clrScheme" => break,
                Xml::Eof => break,
                _ => {}
            }
        }
        if colors.len() < 12 {
            return Ok(standard());
        }
        let mut colors: Vec<Color> = colors.into_iter().map(|color| color.unwrap_or(from_rgb(0))).collect();
        // The part lists dark before light; the attribute counts light first, in both pairs.
        colors.swap(0, 1);
        colors.swap(2, 3);
        Ok(Theme(colors))
    }

    /// The colour of an element with `rgb`, `indexed` or `theme`; `None` for automatic.
    pub fn color(&self, element: &Element<'_>) -> Option<Color> {
        let tint = element.float("tint").unwrap_or(0.0);
        if let Some(rgb) = element.attr("rgb") {
            hex(&rgb).map(|color| tinted(color, tint))
        } else if let Some(place) = element.number("theme") {
            self.tinted(place, tint)
        } else {
            indexed_color(element.number("indexed")?).map(|color| tinted(color, tint))
        }
    }

    /// The theme's colour at a place, lighter or darker.
    pub fn tinted(&self, place: usize, tint: f64) -> Option<Color> {
        self.0.get(place).map(|color| tinted(*color, tint))
    }
}

/// A colour of the standard palette.
pub(crate) fn indexed_color(number: usize) -> Option<Color> {
    // The first eight repeat; number formats count the others from 1.
    let place = if number < 8 { number + 1 } else { number - 7 };
    let place = u8::try_from(place).ok().filter(|place| *place <= 56)?;
    let [red, green, blue] = numfmt::Color::Indexed(place).rgb();
    Some(Color { red, green, blue })
}

fn from_rgb(rgb: u32) -> Color {
    Color { red: (rgb >> 16) as u8, green: (rgb >> 8) as u8, blue: rgb as u8 }
}

/// `RRGGBB` or `AARRGGBB`; transparency is not kept.
fn hex(text: &str) -> Option<Color> {
    let digits = text.get(text.len().checked_sub(6)?..)?;
    u32::from_str_radix(digits, 16).ok().map(from_rgb)
}

/// Moves the lightness toward black (negative) or white (positive), hue and saturation kept.
fn tinted(color: Color, tint: f64) -> Color {
    if tint == 0.0 || !(-1.0..=1.0).contains(&tint) {
        return color;
    }
    let [r, g, b] = [color.red, color.green, color.blue].map(|part| f64::from(part) / 255.0);
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    let lightness = (max + min) / 2.0;
    let lighter = if tint < 0.0 { lightness * (1.0 + tint) } else { lightness * (1.0 - tint) + tint };
    // In the double cone of hue, saturation and lightness, a part's place between both ends stays.
    let reach = |l: f64| 1.0 - (2.0 * l - 1.0).abs();
    let scale = if reach(lightness) > 0.0 { reach(lighter) / reach(lightness) } else { 0.0 };
    let part = |value: f64| ((lighter + (value - lightness) * scale).clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
    Color { red: part(r), green: part(g), blue: part(b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tints_lighten_and_darken() {
        let blue = from_rgb(0x4472C4);
        assert_eq!(tinted(blue, 0.8), from_rgb(0xDAE3F3));
        assert_eq!(tinted(blue, -0.25), from_rgb(0x2F5597));
        assert_eq!(tinted(from_rgb(0xFFFFFF), -0.5), from_rgb(0x808080));
    }
}

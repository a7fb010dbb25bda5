//! Colours and the contrast between them, as WCAG 2.2 defines it.
//!
//! Invariant: a colour is opaque sRGB; transparency is the painter's affair.

use std::fmt;
use std::str::FromStr;

/// An opaque sRGB colour, eight bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
}

/// The text is not a colour of the form `#RRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadColour;

impl fmt::Display for BadColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a colour: write it as # and six hexadecimal digits, such as #0B6E56")
    }
}

impl std::error::Error for BadColour {}

impl Rgb {
    /// The colour with these channels.
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it.
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The colour that lies `amount` (0 to 1) of the way to `other`, mixed in linear light.
    #[must_use]
    pub fn mix(self, other: Self, amount: f64) -> Self {
        let (from, to) = (self.linear(), other.linear());
        let amount = amount.clamp(0.0, 1.0);
        let channel = |i: usize| encode(from[i] + (to[i] - from[i]) * amount);
        Self::new(channel(0), channel(1), channel(2))
    }

    /// The channels in linear light, each 0 to 1.
    fn linear(self) -> [f64; 3] {
        [self.r, self.g, self.b].map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
        })
    }
}

/// One channel from linear light (0 to 1) back to eight bits of sRGB.
fn encode(linear: f64) -> u8 {
    let c = if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * libm::pow(linear, 1.0 / 2.4) - 0.055 };
    (c * 255.0 + 0.5).floor().clamp(0.0, 255.0) as u8
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.r, self.g, self.b)
    }
}

impl FromStr for Rgb {
    type Err = BadColour;

    fn from_str(text: &str) -> Result<Self, BadColour> {
        let digits = text.strip_prefix('#').ok_or(BadColour)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadColour);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| BadColour)?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Self { r, g, b })
    }
}

/// The contrast ratio of two colours, 1 (equal) to 21 (black on white).
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (a, b) = (one.luminance(), other.luminance());
    let (lighter, darker) = if a > b { (a, b) } else { (b, a) };
    (lighter + 0.05) / (darker + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_has_the_greatest_contrast() {
        let (black, white) = (Rgb::new(0, 0, 0), Rgb::new(255, 255, 255));
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        assert!((contrast(white, black) - 21.0).abs() < 1e-9);
        assert!((contrast(white, white) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn contrast_agrees_with_published_pairs() {
        // W3C's own examples: #767676 is the lightest grey that passes on white, #777777 the darkest that fails.
        let white = Rgb::new(255, 255, 255);
        assert!(contrast(Rgb::new(0x76, 0x76, 0x76), white) >= 4.5);
        assert!(contrast(Rgb::new(0x77, 0x77, 0x77), white) < 4.5);
    }

    #[test]
    fn text_form_round_trips_and_nonsense_is_refused() {
        let colour: Rgb = "#0b6E56".parse().unwrap();
        assert_eq!(colour, Rgb::new(0x0B, 0x6E, 0x56));
        assert_eq!(colour.to_string(), "#0B6E56");
        for bad in ["", "#", "0B6E56", "#0B6E5", "#0B6E567", "#0B6E5G", "#+B6E56", "#ééé"] {
            assert_eq!(bad.parse::<Rgb>(), Err(BadColour), "{bad}");
        }
    }

    #[test]
    fn mixing_reaches_both_ends() {
        let (a, b) = (Rgb::new(1, 2, 3), Rgb::new(250, 128, 7));
        assert_eq!(a.mix(b, 0.0), a);
        assert_eq!(a.mix(b, 1.0), b);
    }
}

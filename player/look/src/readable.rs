//! Colours that a spreadsheet or a definition asks for, made fit to be seen on our grounds.
//!
//! A number format may ask for `[Red]`, a chart's series for `#FFD600`. The plain names become the token that means
//! the same here, so that a loss is as red as any other problem; any other colour keeps its hue and is darkened (light
//! theme) or lightened (dark theme) by the least amount that suffices.
//!
//! Invariant: what [`ink`] answers can be read as text on every ground of the theme, what [`mark`] answers can be told
//! from its cards and pages.

use crate::colour::{Rgb, contrast};
use crate::tokens::{Palette, TOKENS, Theme};

/// Contrast that text needs (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// Contrast that a graphic needs (WCAG 2.2, 1.4.11).
const GRAPHIC: f64 = 3.0;

/// `colour` as the colour of text in `theme`.
pub fn ink(colour: Rgb, theme: Theme) -> Rgb {
    let palette = TOKENS.palette(theme);
    let wanted = named(colour, palette).unwrap_or(colour);
    let grounds = [palette.bg, palette.surface, palette.sunken, palette.accent_soft];
    strengthened(wanted, theme, &grounds, TEXT)
}

/// `colour` as the colour of a line or a bar of a chart in `theme`.
pub fn mark(colour: Rgb, theme: Theme) -> Rgb {
    let palette = TOKENS.palette(theme);
    strengthened(colour, theme, &[palette.bg, palette.surface], GRAPHIC)
}

/// The token that means what one of the eight colours of number formats means.
fn named(colour: Rgb, palette: &Palette) -> Option<Rgb> {
    Some(match (colour.r, colour.g, colour.b) {
        (0, 0, 0) | (255, 255, 255) => palette.text,
        (255, 0, 0) => palette.bad,
        (0, 255, 0) | (0, 128, 0) => palette.good,
        (255, 255, 0) => palette.warn,
        (0, 0, 255) => palette.series[1],
        (255, 0, 255) => palette.series[3],
        (0, 255, 255) => palette.series[7],
        _ => return None,
    })
}

/// `colour`, moved towards black or white until it stands out from all `grounds`.
fn strengthened(colour: Rgb, theme: Theme, grounds: &[Rgb], least: f64) -> Rgb {
    let stands_out = |colour: Rgb| grounds.iter().all(|&ground| contrast(colour, ground) >= least);
    if stands_out(colour) {
        return colour;
    }
    let end = match theme {
        Theme::Light => Rgb::new(0, 0, 0),
        Theme::Dark => Rgb::new(255, 255, 255),
    };
    // Towards that end contrast only grows once the colour has left the grounds behind, so halving finds the least
    // change that suffices.
    let (mut too_weak, mut strong_enough) = (0.0, 1.0);
    for _ in 0..12 {
        let middle = (too_weak + strong_enough) / 2.0;
        if stands_out(colour.mix(end, middle)) {
            strong_enough = middle;
        } else {
            too_weak = middle;
        }
    }
    colour.mix(end, strong_enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every colour whose channels are multiples of 51.
    fn colours() -> impl Iterator<Item = Rgb> {
        let channel = |number: u32, at: u32| (number / 6_u32.pow(at) % 6 * 51) as u8;
        (0..216).map(move |number| Rgb::new(channel(number, 0), channel(number, 1), channel(number, 2)))
    }

    #[test]
    fn any_colour_can_be_read_and_seen() {
        for theme in Theme::ALL {
            let palette = TOKENS.palette(theme);
            for colour in colours() {
                let (text, line) = (ink(colour, theme), mark(colour, theme));
                for ground in [palette.bg, palette.surface, palette.sunken, palette.accent_soft] {
                    assert!(contrast(text, ground) >= TEXT, "{theme:?} {colour}: {text} on {ground}");
                }
                for ground in [palette.bg, palette.surface] {
                    assert!(contrast(line, ground) >= GRAPHIC, "{theme:?} {colour}: {line} on {ground}");
                }
            }
        }
    }

    #[test]
    fn names_become_tokens_and_other_colours_keep_their_hue() {
        let (light, dark) = (TOKENS.palette(Theme::Light), TOKENS.palette(Theme::Dark));
        assert_eq!(ink(Rgb::new(255, 0, 0), Theme::Light), light.bad);
        assert_eq!(ink(Rgb::new(255, 0, 0), Theme::Dark), dark.bad);
        assert_eq!(ink(Rgb::new(255, 255, 255), Theme::Light), light.text);
        let orange = ink(Rgb::new(255, 153, 0), Theme::Light);
        assert!(orange.r > orange.g && orange.g > orange.b, "{orange}");
        let strong = Rgb::new(0x80, 0, 0x80);
        assert_eq!(ink(strong, Theme::Light), strong, "a strong colour stays as it is");
    }
}

//! An app's own colour, made fit to be read, and the colour of an app that has none.
//!
//! A creator may give an app a brand colour. It takes the place of `accent`, so it must hold what `accent`
//! holds: as text on every ground, under text as a button, beside its own soft ground. One that is too weak is
//! darkened (light theme) or lightened (dark theme) by the least amount that suffices, and the creator is told.
//!
//! Invariant: what [`brand`] answers always passes the same contrast tests as the tokens.

use crate::colour::{Rgb, contrast};
use crate::tokens::{TOKENS, Theme};

/// Contrast that text needs (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;

/// The colours that follow from an app's brand colour in one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The brand colour, darkened or lightened where it was too weak.
    pub accent: Rgb,
    /// Text and icons on `accent`.
    pub on_accent: Rgb,
    /// A soft ground of the same hue.
    pub accent_soft: Rgb,
    /// Whether `accent` differs from the colour that was asked for: tell the creator.
    pub was_changed: bool,
}

/// Makes `colour` fit to stand for `accent` in `theme`.
pub fn brand(colour: Rgb, theme: Theme) -> Brand {
    let end = match theme {
        Theme::Light => Rgb::new(0, 0, 0),
        Theme::Dark => Rgb::new(255, 255, 255),
    };
    if let Some(fit) = fit(colour, theme) {
        return Brand { was_changed: false, ..fit };
    }
    // Towards black on light grounds and white on dark ones contrast only grows, so halving finds the least change.
    let (mut too_weak, mut strong_enough) = (0.0, 1.0);
    for _ in 0..12 {
        let middle = (too_weak + strong_enough) / 2.0;
        if fit(colour.mix(end, middle), theme).is_some() {
            strong_enough = middle;
        } else {
            too_weak = middle;
        }
    }
    let changed = colour.mix(end, strong_enough);
    fit(changed, theme).unwrap_or_else(|| own_accent(theme))
}

/// The brand with `accent` as it is, or nothing if that is too weak.
fn fit(accent: Rgb, theme: Theme) -> Option<Brand> {
    let palette = TOKENS.palette(theme);
    let share = if theme == Theme::Light { 0.14 } else { 0.04 };
    let accent_soft = palette.surface.mix(accent, share);
    let grounds = [palette.bg, palette.surface, palette.sunken, accent_soft];
    let readable = grounds.iter().all(|&ground| contrast(accent, ground) >= TEXT)
        && contrast(palette.text, accent_soft) >= TEXT
        && contrast(palette.text_2, accent_soft) >= TEXT;
    let (light, dark) = (TOKENS.light.on_accent, TOKENS.dark.on_accent);
    let on_accent = if contrast(light, accent) >= contrast(dark, accent) { light } else { dark };
    (readable && contrast(on_accent, accent) >= TEXT).then_some(Brand {
        accent,
        on_accent,
        accent_soft,
        was_changed: true,
    })
}

fn own_accent(theme: Theme) -> Brand {
    let palette = TOKENS.palette(theme);
    Brand {
        accent: palette.accent,
        on_accent: palette.on_accent,
        accent_soft: palette.accent_soft,
        was_changed: true,
    }
}

/// Which of the eight series colours (0 to 7) an app without a colour of its own has: always the same one for
/// the same id, in the player and in the portal.
pub fn series_of(app_id: &str) -> usize {
    // FNV-1a: short, the same everywhere, and even enough for eight colours.
    let hash = app_id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ((hash ^ (hash >> 32)) % 8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strong_colour_stays_as_it_is() {
        let blue = Rgb::new(0x1D, 0x4E, 0xD8);
        assert_eq!(brand(blue, Theme::Light).accent, blue);
        assert!(!brand(blue, Theme::Light).was_changed);
    }

    #[test]
    fn our_own_accent_is_a_fit_brand_in_both_themes() {
        for theme in Theme::ALL {
            assert!(!brand(TOKENS.palette(theme).accent, theme).was_changed, "{theme:?}");
        }
    }

    #[test]
    fn a_weak_colour_is_changed_by_little_and_keeps_its_hue() {
        let yellow = Rgb::new(0xFF, 0xD6, 0x00);
        let light = brand(yellow, Theme::Light);
        assert!(light.was_changed);
        assert!(light.accent.r > light.accent.b && light.accent.g > light.accent.b, "{}", light.accent);
        let least = [TOKENS.light.bg, TOKENS.light.surface, TOKENS.light.sunken, light.accent_soft]
            .map(|ground| contrast(light.accent, ground))
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        assert!((TEXT..TEXT + 0.15).contains(&least), "changed by more than needed: {least}");
        assert!(!brand(yellow, Theme::Dark).was_changed);
        assert!(brand(Rgb::new(0x10, 0x20, 0x80), Theme::Dark).was_changed);
    }

    #[test]
    fn every_brand_colour_can_be_read() {
        let steps = [0u8, 0x33, 0x66, 0x99, 0xCC, 0xFF];
        for theme in Theme::ALL {
            let palette = TOKENS.palette(theme);
            for r in steps {
                for g in steps {
                    for b in steps {
                        let made = brand(Rgb::new(r, g, b), theme);
                        let case = format!("{theme:?} {}", Rgb::new(r, g, b));
                        for ground in [palette.bg, palette.surface, palette.sunken, made.accent_soft] {
                            assert!(contrast(made.accent, ground) >= TEXT, "{case} on {ground}");
                        }
                        assert!(contrast(made.on_accent, made.accent) >= TEXT, "{case} under text");
                        assert!(contrast(palette.text, made.accent_soft) >= TEXT, "{case} soft");
                        assert_eq!(made.was_changed, made.accent != Rgb::new(r, g, b), "{case}");
                    }
                }
            }
        }
    }

    #[test]
    fn series_are_given_out_evenly_and_always_alike() {
        let mut seen = [0usize; 8];
        for number in 0..4000 {
            seen[series_of(&format!("app-{number}"))] += 1;
        }
        assert!(seen.iter().all(|&count| (350..650).contains(&count)), "{seen:?}");
        assert_eq!(series_of("loan"), series_of("loan"));
        assert!(series_of("") < 8);
    }
}

//! Every pair of colours that the look puts together can be told apart, in both themes.

use playsheet_look::{Palette, Rgb, TOKENS, Theme, contrast};

/// Contrast that text needs (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// Contrast that boundaries of controls and parts of pictures need (WCAG 2.2, 1.4.11).
const BOUNDARY: f64 = 3.0;

fn grounds(p: &Palette) -> [(&'static str, Rgb); 7] {
    [
        ("bg", p.bg),
        ("surface", p.surface),
        ("sunken", p.sunken),
        ("input-soft", p.input_soft),
        ("accent-soft", p.accent_soft),
        ("bad-soft", p.bad_soft),
        ("warn-soft", p.warn_soft),
    ]
}

/// Fails with every pair that is too weak, not only the first.
fn check(least: f64, pairs: impl Fn(&Palette) -> Vec<(String, Rgb, Rgb)>) {
    let mut weak = Vec::new();
    for theme in Theme::ALL {
        for (name, front, back) in pairs(TOKENS.palette(theme)) {
            let ratio = contrast(front, back);
            if ratio < least {
                weak.push(format!("{theme:?}: {name} is {ratio:.2}:1"));
            }
        }
    }
    assert!(weak.is_empty(), "below {least}:1\n{}", weak.join("\n"));
}

#[test]
fn every_text_colour_can_be_read_on_every_ground() {
    check(TEXT, |p| {
        let texts = [
            ("text", p.text),
            ("text-2", p.text_2),
            ("hint", p.hint),
            ("accent", p.accent),
            ("input", p.input),
            ("good", p.good),
            ("bad", p.bad),
            ("warn", p.warn),
        ];
        texts
            .iter()
            .flat_map(|&(text, front)| {
                grounds(p).map(|(ground, back)| (format!("{text} on {ground}"), front, back))
            })
            .collect()
    });
}

#[test]
fn text_on_filled_buttons_can_be_read() {
    check(TEXT, |p| {
        vec![
            ("on-accent on accent".into(), p.on_accent, p.accent),
            ("on-accent on bad".into(), p.on_accent, p.bad),
        ]
    });
}

#[test]
fn boundaries_of_controls_can_be_seen_on_what_they_stand_on() {
    check(BOUNDARY, |p| {
        let lines = [
            ("line-strong", p.line_strong),
            ("input-line", p.input_line),
            ("accent", p.accent),
            ("bad", p.bad),
        ];
        lines
            .iter()
            .flat_map(|&(line, front)| {
                grounds(p)[..4]
                    .iter()
                    .map(|&(ground, back)| (format!("{line} on {ground}"), front, back))
                    .collect::<Vec<_>>()
            })
            .collect()
    });
}

#[test]
fn series_can_be_seen_and_carry_an_icon() {
    check(BOUNDARY, |p| {
        p.series
            .iter()
            .enumerate()
            .flat_map(|(i, &series)| {
                [
                    (format!("series {} on surface", i + 1), series, p.surface),
                    (format!("series {} on bg", i + 1), series, p.bg),
                    (format!("icon on series {}", i + 1), p.on_accent, series),
                ]
            })
            .collect()
    });
}

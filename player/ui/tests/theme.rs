//! Fonts, icons and styles hold what the look asks of them.
#![cfg(test)]

use egui::{Color32, Context, RawInput};
use playsheet_ui::UiExt as _;
use playsheet_ui::theme::{self, Colours, Step, Theme, Weight, icons};

/// Runs one frame with the player's look.
fn frame(theme: Theme, mut show: impl FnMut(&mut egui::Ui)) {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(theme::egui_theme(theme));
    ctx.run_ui(RawInput::default(), |ui| show(ui)).drop_without_applying_deltas();
}

fn width(ui: &egui::Ui, text: &str, step: Step, weight: Weight) -> f32 {
    theme::galley(ui, text, step, weight, Color32::BLACK, Default::default()).size().x
}

const STEPS: [Step; 6] =
    [Step::Caption, Step::Body, Step::Reading, Step::Title, Step::Heading, Step::Display];
const WEIGHTS: [Weight; 3] = [Weight::Regular, Weight::Medium, Weight::Semibold];

#[test]
fn all_digits_have_one_width_so_that_columns_line_up() {
    frame(Theme::Light, |ui| {
        for step in STEPS {
            for weight in WEIGHTS {
                let zeros = width(ui, "0000000000", step, weight);
                for digit in 1..10 {
                    let row = digit.to_string().repeat(10);
                    let own = width(ui, &row, step, weight);
                    assert!(
                        (own - zeros).abs() < 0.05,
                        "{digit} in {step:?} {weight:?}: {own} instead of {zeros}"
                    );
                }
            }
        }
    });
}

#[test]
fn heavier_text_is_wider_and_every_line_keeps_its_height() {
    frame(Theme::Light, |ui| {
        let sample = "Monthly payment";
        let [regular, medium, semibold] = WEIGHTS.map(|weight| width(ui, sample, Step::Body, weight));
        assert!(regular < medium && medium < semibold, "{regular} {medium} {semibold}");
        for step in STEPS {
            for weight in WEIGHTS {
                let one = theme::galley(ui, sample, step, weight, Color32::BLACK, Default::default());
                assert_eq!(one.size().y, step.line(), "{step:?} {weight:?}");
            }
        }
    });
}

#[test]
fn every_icon_and_every_letter_we_need_is_in_the_fonts() {
    frame(Theme::Light, |ui| {
        let icons: String = icons::ALL.iter().map(|(_, icon)| icon.glyph()).collect();
        assert_eq!(icons.chars().count(), icons::ALL.len());
        let letters = "ÄÖÜäöüßéèêçñåøœŁłşğČčŽžΑΩαωЖя€£¥₹%‰°±×÷−–—…“”„‘’«»•·▲▼→≤≥≠≈∞½²³µ";
        for weight in WEIGHTS {
            let font = theme::font(Step::Body, weight);
            let missing: Vec<char> = letters
                .chars()
                .chain(icons.chars())
                .filter(|&c| !ui.fonts_mut(|f| f.has_glyph(&font, c)))
                .collect();
            assert!(missing.is_empty(), "{weight:?} lacks {missing:?}");
        }
        let mono = egui::FontId::monospace(14.0);
        assert!("=SUM(Loan!$B$2:B14)*1.5<>\"x\"".chars().all(|c| ui.fonts_mut(|f| f.has_glyph(&mono, c))));
    });
}

#[test]
fn an_icon_is_centred_on_its_place() {
    frame(Theme::Light, |ui| {
        let before = ui.painter().add(egui::Shape::Noop);
        icons::CLOSE.paint(ui.painter(), egui::pos2(100.0, 100.0), 20.0, Color32::BLACK);
        let mut bounds = egui::Rect::NOTHING;
        ui.painter().for_each_shape(|shape| {
            if let egui::Shape::Text(text) = &shape.shape {
                bounds = bounds.union(text.visual_bounding_rect());
            }
        });
        let off = bounds.center() - egui::pos2(100.0, 100.0);
        assert!(off.x.abs() <= 1.0 && off.y.abs() <= 1.0, "the cross is off by {off:?} ({before:?})");
    });
}

#[test]
fn a_brand_takes_the_place_of_the_accent_below_it_only() {
    for theme in Theme::ALL {
        frame(theme, |ui| {
            let own = ui.colours();
            assert_eq!(own, Colours::of_theme(theme));
            let purple: look::Rgb = "#6D4FC1".parse().unwrap();
            let inside = theme::with_brand(ui, purple, |ui| ui.horizontal(|ui| ui.colours()).inner);
            let expected = look::brand(purple, theme).accent;
            assert_eq!(inside.accent, Color32::from_rgb(expected.r, expected.g, expected.b));
            assert_ne!(inside.accent_soft, own.accent_soft);
            assert_eq!(inside.text, own.text);
            assert_eq!(ui.colours(), own);
        });
    }
}

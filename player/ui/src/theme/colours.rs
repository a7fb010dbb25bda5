//! The tokens' colours as egui colours.
//!
//! Invariant: `accent`, `on_accent` and `accent_soft` of a [`Colours`] taken from a `Ui` are those of the style
//! in force there, so an app's brand reaches every widget below it.

use egui::{Color32, Ui};
use look::{Palette, Rgb, TOKENS, Theme};

macro_rules! colours {
    ($($field:ident,)*) => {
        /// The colours of one theme; each means what the token of the same name means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // Each is documented at the token of the same name.
        pub struct Colours {
            $(pub $field: Color32,)*
            /// Charts and app tiles.
            pub series: [Color32; 8],
            /// The theme these belong to.
            pub theme: Theme,
        }

        const fn colours(palette: &Palette, theme: Theme) -> Colours {
            let s = &palette.series;
            Colours {
                $($field: colour(palette.$field),)*
                series: [
                    colour(s[0]), colour(s[1]), colour(s[2]), colour(s[3]),
                    colour(s[4]), colour(s[5]), colour(s[6]), colour(s[7]),
                ],
                theme,
            }
        }
    };
}

colours! {
    bg, surface, sunken, line, line_strong, text, text_2, hint, accent, on_accent, accent_soft,
    input, input_soft, input_line, good, bad, bad_soft, warn, warn_soft,
}

const LIGHT: Colours = colours(&TOKENS.light, Theme::Light);
const DARK: Colours = colours(&TOKENS.dark, Theme::Dark);

/// A token's colour as egui has it.
pub(super) const fn colour(rgb: Rgb) -> Color32 {
    Color32::from_rgb(rgb.r, rgb.g, rgb.b)
}

impl Colours {
    /// The colours of `theme`, without any brand.
    pub const fn of_theme(theme: Theme) -> Self {
        match theme {
            Theme::Light => LIGHT,
            Theme::Dark => DARK,
        }
    }

    /// The colours in force on `ui`.
    pub fn of(ui: &Ui) -> Self {
        let visuals = ui.visuals();
        let theme = if visuals.dark_mode { Theme::Dark } else { Theme::Light };
        Self {
            accent: visuals.hyperlink_color,
            on_accent: visuals.selection.stroke.color,
            accent_soft: visuals.code_bg_color,
            ..Self::of_theme(theme)
        }
    }

    /// A colour `#rrggbb` that a spreadsheet asks for in its text, fit to be read here; nothing if it is none.
    pub fn ink(&self, asked: &str) -> Option<Color32> {
        Some(colour(look::ink(asked.parse().ok()?, self.theme)))
    }

    /// A colour `#rrggbb` that a definition asks for in a chart, fit to be seen here; nothing if it is none.
    pub fn mark(&self, asked: &str) -> Option<Color32> {
        Some(colour(look::mark(asked.parse().ok()?, self.theme)))
    }

    /// The ground of a pressed or hovered quiet control: the text colour, very thin, over whatever lies below.
    pub fn veil(&self, strength: f32) -> Color32 {
        self.text.gamma_multiply(strength)
    }
}

//! The fonts: Inter in three weights with tabular figures, Hack for formulas, Material Symbols for icons.
//!
//! The three weights are one variable font at three coordinates and share its bytes.
//!
//! Invariant: every family ends with the icons, so that an icon may stand inside any text.

use std::sync::Arc;

use egui::epaint::text::{Blob, FontData, FontDefinitions, FontTweak, VariationCoords};
use egui::{FontFamily, FontId};

use super::text::Weight;

const REGULAR: &str = "sans-400";
const MEDIUM: &str = "sans-500";
const SEMIBOLD: &str = "sans-600";
const MONO: &str = "mono";
const ICONS: &str = "icons";

/// All fonts and the families made of them.
pub(super) fn definitions() -> FontDefinitions {
    let sans: Blob = Arc::new(look::fonts::sans());
    let icons = egui_material_icons::font_insert_outlined().data;
    let mut fonts = FontDefinitions::empty();
    for (name, weight) in [(REGULAR, Weight::Regular), (MEDIUM, Weight::Medium), (SEMIBOLD, Weight::Semibold)]
    {
        let coords = VariationCoords::new([(b"wght", weight.value())]);
        let tweak = FontTweak { coords, ..FontTweak::default() };
        let data = FontData::from_blob(Arc::clone(&sans), 0).tweak(tweak);
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    fonts.font_data.insert(MONO.to_owned(), Arc::new(FontData::from_static(look::fonts::MONO)));
    let centred = FontTweak::default();
    fonts.font_data.insert(ICONS.to_owned(), Arc::new(icons.tweak(centred)));

    let mut family = |family: FontFamily, names: &[&str]| {
        fonts.families.insert(family, names.iter().map(|&name| name.to_owned()).collect());
    };
    family(FontFamily::Proportional, &[REGULAR, ICONS]);
    family(Weight::Medium.family(), &[MEDIUM, ICONS]);
    family(Weight::Semibold.family(), &[SEMIBOLD, ICONS]);
    family(FontFamily::Monospace, &[MONO, REGULAR, ICONS]);
    family(FontFamily::Name(ICONS.into()), &[ICONS]);
    fonts
}

/// The icon font at `size` points.
pub(super) fn icon_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS.into()))
}

impl Weight {
    /// The family that has this weight.
    pub(super) fn family(self) -> FontFamily {
        match self {
            Self::Regular => FontFamily::Proportional,
            Self::Medium => FontFamily::Name(MEDIUM.into()),
            Self::Semibold => FontFamily::Name(SEMIBOLD.into()),
        }
    }
}

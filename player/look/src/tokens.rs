//! The tokens as typed constants.
//!
//! Each group of `tokens.toml` is a struct here; a macro declares the fields once and derives from that list
//! both how they are read and under which name they appear in CSS, so the three cannot drift apart.
//!
//! Invariant: every token of the file is a field here and every field is in the file (the second by the
//! compiler, the first by a test).

use crate::colour::Rgb;
use crate::source;

/// The two themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark text on paper.
    #[default]
    Light,
    /// Light text on near-black.
    Dark,
}

impl Theme {
    /// Both themes.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];
}

/// Size and line height of one step of the type scale, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeStep {
    /// Font size in pixels.
    pub size_px: u16,
    /// Distance from one line to the next in pixels.
    pub line_px: u16,
}

macro_rules! palette {
    ($($(#[$doc:meta])* $field:ident = $key:literal,)*) => {
        /// The colours of one theme.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Palette {
            $($(#[$doc])* pub $field: Rgb,)*
            /// Charts and app tiles, in the order in which they are given out.
            pub series: [Rgb; 8],
        }

        const LIGHT: Palette = Palette { $($field: source::colours("colour", $key)[0],)* series: series(0) };
        const DARK: Palette = Palette { $($field: source::colours("colour", $key)[1],)* series: series(1) };

        impl Palette {
            /// Every colour but the series, with its name in `tokens.toml` and in CSS.
            pub fn named(&self) -> impl Iterator<Item = (&'static str, Rgb)> + use<> {
                [$(($key, self.$field),)*].into_iter()
            }
        }
    };
}

palette! {
    /// The page.
    bg = "bg",
    /// Cards, dialogs, menus.
    surface = "surface",
    /// Wells and table heads.
    sunken = "sunken",
    /// Hairlines that only part things; too weak for the boundary of a control.
    line = "line",
    /// Boundaries of controls: at least 3:1 on every ground.
    line_strong = "line-strong",
    /// Text.
    text = "text",
    /// Captions and units.
    text_2 = "text-2",
    /// Placeholders and help.
    hint = "hint",
    /// Actions, selection, changed results.
    accent = "accent",
    /// Text and icons on `accent`, on `bad` or on a series colour.
    on_accent = "on-accent",
    /// The ground of what is selected or has just changed.
    accent_soft = "accent-soft",
    /// Text of what a person may change.
    input = "input",
    /// Ground of what a person may change.
    input_soft = "input-soft",
    /// Boundary of what a person may change: at least 3:1 on every ground.
    input_line = "input-line",
    /// Success.
    good = "good",
    /// Problems and destructive actions.
    bad = "bad",
    /// Ground of a message about a problem.
    bad_soft = "bad-soft",
    /// Warnings.
    warn = "warn",
    /// Ground of a warning.
    warn_soft = "warn-soft",
}

const fn series(theme: usize) -> [Rgb; 8] {
    [
        source::colours("series", "1")[theme],
        source::colours("series", "2")[theme],
        source::colours("series", "3")[theme],
        source::colours("series", "4")[theme],
        source::colours("series", "5")[theme],
        source::colours("series", "6")[theme],
        source::colours("series", "7")[theme],
        source::colours("series", "8")[theme],
    ]
}

macro_rules! group {
    ($(#[$outer:meta])* $name:ident, $section:literal, $kind:ty, $read:expr;
     $($(#[$doc:meta])* $field:ident = $key:literal,)*) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl $name {
            const READ: Self = Self { $($field: $read($section, $key),)* };

            /// Every token of the group, with its name in `tokens.toml`.
            pub fn named(&self) -> impl Iterator<Item = (&'static str, $kind)> + use<> {
                [$(($key, self.$field),)*].into_iter()
            }
        }
    };
}

const fn type_step(section: &str, key: &str) -> TypeStep {
    let [size_px, line_px] = source::pair(section, key);
    TypeStep { size_px, line_px }
}

group! {
    /// The type scale.
    Type, "type", TypeStep, type_step;
    /// Labels above fields, help, state lines.
    caption = "caption",
    /// Text in the player.
    body = "body",
    /// Text in the portal.
    reading = "reading",
    /// Values, titles of cards.
    title = "title",
    /// Titles of screens.
    heading = "heading",
    /// The headline result.
    display = "display",
}

group! {
    /// Font weights.
    Weight, "weight", u16, source::number;
    /// Text.
    regular = "regular",
    /// Emphasis inside controls.
    medium = "medium",
    /// Labels, values, titles.
    semibold = "semibold",
}

group! {
    /// Distances in pixels, all on a grid of 4.
    Space, "space", u16, source::number;
    /// Between a label and its control.
    hair = "hair",
    /// Within a group.
    group = "group",
    /// Inside a control, from its edge to its text.
    inset = "inset",
    /// Between items.
    item = "item",
    /// Between sections.
    section = "section",
    /// Around a page.
    page = "page",
    /// Around a page where there is room.
    page_wide = "page-wide",
}

group! {
    /// Corner radii in pixels; chips are fully round.
    Radius, "radius", u16, source::number;
    /// Controls.
    control = "control",
    /// Cards, dialogs, menus.
    card = "card",
}

group! {
    /// Heights and edges in pixels.
    Control, "control", u16, source::number;
    /// Height of a control.
    height = "height",
    /// Height of a control in a toolbar or a table.
    compact = "compact",
    /// Least height of a control that is meant for a finger.
    touch = "touch",
    /// Edge of an icon.
    icon = "icon",
    /// Height of a row of a list.
    row = "row",
    /// Width of an app's tile.
    tile_width = "tile-width",
    /// Height of an app's tile.
    tile_height = "tile-height",
    /// Edge of the icon on an app's tile.
    tile_icon = "tile-icon",
}

group! {
    /// The ring around what has the keyboard, in pixels.
    Focus, "focus", u16, source::number;
    /// Width of the ring.
    ring = "ring",
    /// Distance between the control and the ring.
    gap = "gap",
}

group! {
    /// Times in milliseconds.
    Motion, "motion", u16, source::number;
    /// Small changes: hover, a switch.
    quick = "quick",
    /// Larger ones: a menu, a dialog.
    calm = "calm",
    /// How long a changed output glows.
    glow = "glow",
    /// Waiting this long shows a skeleton.
    skeleton_after = "skeleton-after",
    /// Waiting this long shows progress with a number and a way to cancel.
    progress_after = "progress-after",
}

/// The shadow under what floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// Downward offset in pixels.
    pub offset_px: u16,
    /// Blur in pixels.
    pub blur_px: u16,
    /// Opacity of the black in percent: light theme, dark theme.
    pub opacity_percent: [u16; 2],
}

/// All tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Colours of the light theme.
    pub light: Palette,
    /// Colours of the dark theme.
    pub dark: Palette,
    /// The type scale.
    pub type_scale: Type,
    /// Font weights.
    pub weight: Weight,
    /// Distances.
    pub space: Space,
    /// Corner radii.
    pub radius: Radius,
    /// Heights and edges.
    pub control: Control,
    /// The focus ring.
    pub focus: Focus,
    /// The shadow under what floats.
    pub shadow: Shadow,
    /// Times.
    pub motion: Motion,
}

/// The tokens of `tokens.toml`.
pub const TOKENS: Tokens = Tokens {
    light: LIGHT,
    dark: DARK,
    type_scale: Type::READ,
    weight: Weight::READ,
    space: Space::READ,
    radius: Radius::READ,
    control: Control::READ,
    focus: Focus::READ,
    shadow: Shadow {
        offset_px: source::number("shadow", "offset"),
        blur_px: source::number("shadow", "blur"),
        opacity_percent: source::pair("shadow", "opacity"),
    },
    motion: Motion::READ,
};

impl Tokens {
    /// The colours of one theme.
    pub const fn palette(&self, theme: Theme) -> &Palette {
        match theme {
            Theme::Light => &self.light,
            Theme::Dark => &self.dark,
        }
    }

    /// The opacity of the shadow in one theme, 0 to 1.
    pub fn shadow_opacity(&self, theme: Theme) -> f32 {
        let [light, dark] = self.shadow.opacity_percent;
        f32::from(if theme == Theme::Light { light } else { dark }) / 100.0
    }
}

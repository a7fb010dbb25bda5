//! The look of the player: tokens as egui colours, fonts, text styles and icons.
//!
//! [`install`] sets up a context once. Widgets then ask the [`egui::Ui`] they paint on for its [`Colours`], so
//! they follow the theme, and the brand of an app where [`with_brand`] has put one.
//!
//! Invariant: no colour, size or distance is written anywhere else in this crate; all come from the tokens.

mod colours;
mod fonts;
pub mod icons;
mod motion;
mod style;
mod text;

pub use colours::Colours;
pub use look::{Brand, Theme};
pub use motion::{Motion, reduced_motion, set_reduced_motion};
pub use style::{focus_ring, painted_focus_ring, shadow, with_brand};
pub use text::{Step, Weight, font, galley, one_line, rich, wrapped};

use egui::Context;

/// Sets fonts and the styles of both themes on `ctx`. Which theme is shown stays the context's own choice
/// (`Context::set_theme`).
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    for theme in Theme::ALL {
        ctx.set_style_of(egui_theme(theme), style::style(theme));
    }
    // A widget that changes its id between frames loses its state; that is a bug of ours, never the person's.
    ctx.options_mut(|options| options.warn_on_id_clash = cfg!(debug_assertions));
}

/// The same theme in egui's words.
pub const fn egui_theme(theme: Theme) -> egui::Theme {
    match theme {
        Theme::Light => egui::Theme::Light,
        Theme::Dark => egui::Theme::Dark,
    }
}

/// Distances in points, from the tokens.
pub mod space {
    use look::TOKENS;

    /// Between a label and its control.
    pub const HAIR: f32 = TOKENS.space.hair as f32;
    /// Within a group.
    pub const GROUP: f32 = TOKENS.space.group as f32;
    /// Inside a control, from its edge to its text.
    pub const INSET: f32 = TOKENS.space.inset as f32;
    /// Between items.
    pub const ITEM: f32 = TOKENS.space.item as f32;
    /// Between sections.
    pub const SECTION: f32 = TOKENS.space.section as f32;
    /// Around a page.
    pub const PAGE: f32 = TOKENS.space.page as f32;
    /// Around a page where there is room.
    pub const PAGE_WIDE: f32 = TOKENS.space.page_wide as f32;
}

/// Heights, edges and radii in points, from the tokens.
pub mod size {
    use look::TOKENS;

    /// Height of a control.
    pub const CONTROL: f32 = TOKENS.control.height as f32;
    /// Height of a control in a toolbar or a table.
    pub const COMPACT: f32 = TOKENS.control.compact as f32;
    /// Least height of a control that is meant for a finger.
    pub const TOUCH: f32 = TOKENS.control.touch as f32;
    /// Edge of an icon.
    pub const ICON: f32 = TOKENS.control.icon as f32;
    /// Edge of an icon beside text of the caption size.
    pub const ICON_SMALL: f32 = TOKENS.type_scale.caption.line_px as f32;
    /// Height of a row of a list.
    pub const ROW: f32 = TOKENS.control.row as f32;
    /// Width of an app's tile.
    pub const TILE_WIDTH: f32 = TOKENS.control.tile_width as f32;
    /// Height of an app's tile.
    pub const TILE_HEIGHT: f32 = TOKENS.control.tile_height as f32;
    /// Edge of the icon on an app's tile.
    pub const TILE_ICON: f32 = TOKENS.control.tile_icon as f32;
    /// Radius of a control's corners.
    pub const RADIUS: f32 = TOKENS.radius.control as f32;
    /// Radius of a card's corners.
    pub const RADIUS_CARD: f32 = TOKENS.radius.card as f32;
    /// Width of a hairline and of a control's boundary.
    pub const LINE: f32 = 1.0;
}

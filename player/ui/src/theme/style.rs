//! egui's own style from the tokens, so that stock widgets and house widgets look alike; focus ring and shadow.
//!
//! Invariant: the accent of a `Ui` lives in its style (`hyperlink_color`, `selection.stroke`, `code_bg_color`),
//! where [`super::Colours::of`] reads it; nothing else may use those three for another purpose.

use std::collections::BTreeMap;

use egui::epaint::{CornerRadius, Shadow};
use egui::style::{
    HandleShape, ScrollFadeStyle, ScrollStyle, Selection, Spacing, Style, Visuals, WidgetVisuals, Widgets,
};
use egui::{
    Color32, FontFamily, FontId, Margin, Painter, Rect, Response, Stroke, StrokeKind, TextStyle, Ui, vec2,
};
use look::{Rgb, TOKENS, Theme};

use super::colours::{Colours, colour};
use super::text::{Step, Weight, font};
use super::{size, space};

/// The style of one theme.
pub(super) fn style(theme: Theme) -> Style {
    Style {
        text_styles: text_styles(),
        drag_value_text_style: TextStyle::Body,
        spacing: spacing(),
        visuals: visuals(theme),
        animation_time: f32::from(TOKENS.motion.quick) / 1000.0,
        interaction: egui::style::Interaction {
            selectable_labels: false,
            tooltip_delay: 0.4,
            ..egui::style::Interaction::default()
        },
        explanation_tooltips: false,
        ..Style::default()
    }
}

fn text_styles() -> BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Small, font(Step::Caption, Weight::Regular)),
        (TextStyle::Body, font(Step::Body, Weight::Regular)),
        (TextStyle::Button, font(Step::Body, Weight::Medium)),
        (TextStyle::Heading, font(Step::Heading, Weight::Semibold)),
        (TextStyle::Monospace, FontId::new(Step::Body.size(), FontFamily::Monospace)),
    ]
    .into()
}

fn spacing() -> Spacing {
    Spacing {
        item_spacing: vec2(space::GROUP, space::GROUP),
        button_padding: vec2(space::INSET, space::GROUP),
        window_margin: Margin::same(space::SECTION as i8),
        menu_margin: Margin::same(space::HAIR as i8),
        interact_size: vec2(size::CONTROL, size::CONTROL),
        icon_width: size::ICON,
        icon_width_inner: size::ICON / 2.0,
        icon_spacing: space::GROUP,
        text_edit_width: 280.0,
        tooltip_width: 320.0,
        scroll: ScrollStyle {
            bar_width: space::GROUP,
            handle_min_length: space::SECTION,
            foreground_color: false,
            fade: ScrollFadeStyle { strength: 0.0, ..ScrollFadeStyle::default() },
            ..ScrollStyle::floating()
        },
        ..Spacing::default()
    }
}

fn visuals(theme: Theme) -> Visuals {
    let c = Colours::of_theme(theme);
    let base = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
    Visuals {
        dark_mode: theme == Theme::Dark,
        override_text_color: None,
        weak_text_color: Some(c.text_2),
        widgets: widgets(&c),
        selection: Selection {
            bg_fill: c.accent.gamma_multiply(0.28),
            stroke: Stroke::new(size::LINE, c.on_accent),
        },
        hyperlink_color: c.accent,
        code_bg_color: c.accent_soft,
        faint_bg_color: c.sunken,
        extreme_bg_color: c.sunken,
        text_edit_bg_color: Some(c.input_soft),
        warn_fg_color: c.warn,
        error_fg_color: c.bad,
        window_corner_radius: radius(size::RADIUS_CARD),
        window_shadow: shadow(theme),
        window_fill: c.surface,
        window_stroke: Stroke::new(size::LINE, c.line),
        menu_corner_radius: radius(size::RADIUS_CARD),
        panel_fill: c.bg,
        popup_shadow: shadow(theme),
        text_cursor: egui::style::TextCursorStyle {
            stroke: Stroke::new(1.5, c.input),
            ..egui::style::TextCursorStyle::default()
        },
        slider_trailing_fill: true,
        handle_shape: HandleShape::Circle,
        interact_cursor: Some(egui::CursorIcon::PointingHand),
        disabled_alpha: 0.5,
        ..base
    }
}

fn widgets(c: &Colours) -> Widgets {
    let state = |ground: Color32, line: Color32, text: Color32| WidgetVisuals {
        bg_fill: ground,
        weak_bg_fill: ground,
        bg_stroke: Stroke::new(size::LINE, line),
        corner_radius: radius(size::RADIUS),
        fg_stroke: Stroke::new(1.5, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: WidgetVisuals {
            fg_stroke: Stroke::new(size::LINE, c.text),
            ..state(c.surface, c.line, c.text)
        },
        inactive: state(c.surface, c.line_strong, c.text),
        hovered: state(c.sunken, c.line_strong, c.text),
        active: state(c.sunken, c.text_2, c.text),
        open: state(c.sunken, c.line_strong, c.text),
    }
}

fn radius(points: f32) -> CornerRadius {
    CornerRadius::same(points as u8)
}

/// The one soft shadow, for what floats.
pub fn shadow(theme: Theme) -> Shadow {
    let blur = TOKENS.shadow.blur_px;
    Shadow {
        offset: [0, TOKENS.shadow.offset_px as i8],
        blur: blur as u8,
        spread: 0,
        color: Color32::from_black_alpha((TOKENS.shadow_opacity(theme) * 255.0) as u8),
    }
}

/// Shows `add` with an app's brand colour in place of the accent.
pub fn with_brand<R>(ui: &mut Ui, brand_colour: Rgb, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope(|ui| {
        let theme = if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light };
        let brand = look::brand(brand_colour, theme);
        let visuals = ui.visuals_mut();
        visuals.hyperlink_color = colour(brand.accent);
        visuals.selection.stroke.color = colour(brand.on_accent);
        visuals.selection.bg_fill = colour(brand.accent).gamma_multiply(0.28);
        visuals.code_bg_color = colour(brand.accent_soft);
        add(ui)
    })
    .inner
}

/// Paints the focus ring around `rect` (whose corners have `corner` points radius) if `response` has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect, corner: f32) {
    if response.has_focus() {
        painted_focus_ring(ui.painter(), &Colours::of(ui), rect, corner);
    }
}

/// Paints the focus ring around `rect`.
pub fn painted_focus_ring(painter: &Painter, colours: &Colours, rect: Rect, corner: f32) {
    let (ring, gap) = (f32::from(TOKENS.focus.ring), f32::from(TOKENS.focus.gap));
    let rect = rect.expand(gap);
    painter.rect_stroke(rect, corner + gap, Stroke::new(ring, colours.accent), StrokeKind::Outside);
}

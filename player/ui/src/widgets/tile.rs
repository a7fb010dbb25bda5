//! The tile of an app in the gallery.
//!
//! Invariant: the state is always said in words, never by colour or icon alone.

use egui::accesskit::Role;
use egui::epaint::text::TextWrapping;
use egui::{Color32, Rect, Response, Sense, TextureId, Ui, WidgetInfo, pos2, vec2};

use super::piece::{face, ground, hover, line, mix, snapped};
use crate::theme::icons::Icon;
use crate::theme::{Colours, Step, Weight, focus_ring, galley, icons, size, space};

/// How an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppState<'a> {
    /// As new as it can be; in words.
    UpToDate(&'a str),
    /// An update is ready; in words.
    UpdateReady(&'a str),
    /// Runs without a connection until a day; in words.
    Offline(&'a str),
    /// Is being fetched; in words.
    Syncing(&'a str),
    /// Access was withdrawn; in words.
    Withdrawn(&'a str),
}

/// The picture of an app.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AppIcon {
    /// One of the icons, on a colour that follows from the app's id.
    Icon(Icon),
    /// The first letters of the name, on that colour.
    Letters,
    /// The app's own picture.
    Picture(TextureId),
}

/// The tile of an app.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a> {
    /// The app's id, which gives it its colour.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its picture.
    pub icon: AppIcon,
    /// How it is.
    pub state: AppState<'a>,
    /// How wide it is, in points.
    pub width: f32,
}

impl Tile<'_> {
    /// Shows the tile. A click opens the app.
    pub fn show(self, ui: &mut Ui) -> Response {
        let wanted = vec2(self.width.max(size::TILE_ICON), size::TILE_HEIGHT);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        let (icon, text, state_colour) = self.state_line(&Colours::of(ui));
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("{}, {text}", self.name))
        });
        if ui.is_rect_visible(rect) {
            self.paint(ui, &response, icon, text, state_colour);
        }
        response
    }

    fn paint(&self, ui: &Ui, response: &Response, icon: Option<Icon>, text: &str, state_colour: Color32) {
        let c = Colours::of(ui);
        let rect = response.rect;
        let hovered = hover(ui, response);
        let fill =
            mix(c.surface, c.text, if response.is_pointer_button_down_on() { 0.06 } else { 0.03 * hovered });
        ground(ui.painter(), rect, size::RADIUS_CARD, fill, mix(c.line, c.line_strong, hovered));
        let inner = rect.shrink(space::ITEM);
        self.picture(ui, &c, Rect::from_min_size(inner.min, vec2(size::TILE_ICON, size::TILE_ICON)));

        let colour = if matches!(self.state, AppState::Withdrawn(_)) { c.text_2 } else { c.text };
        let wrap = TextWrapping { max_width: inner.width(), max_rows: 2, ..TextWrapping::default() };
        let name = galley(ui, self.name, Step::Body, Weight::Semibold, colour, wrap);
        let state_y = rect.bottom() - space::INSET - Step::Caption.line() / 2.0;
        let state_top = state_y - Step::Caption.line() / 2.0;
        // The name grows upwards, so that names and states line up along a row of tiles.
        let top = state_top - space::HAIR - name.size().y;
        ui.painter().galley(snapped(ui, pos2(inner.left(), top)), name, colour);

        let mut left = inner.left();
        if let Some(icon) = icon {
            icon.paint(
                ui.painter(),
                pos2(left + size::ICON_SMALL / 2.0, state_y),
                size::ICON_SMALL,
                state_colour,
            );
            left += size::ICON_SMALL + space::HAIR;
        }
        line(
            ui,
            text,
            face(Step::Caption, Weight::Regular, state_colour),
            pos2(left, state_y),
            inner.right() - left,
        );
        focus_ring(ui, response, rect, size::RADIUS_CARD);
    }

    fn picture(&self, ui: &Ui, c: &Colours, place: Rect) {
        let own = c.series[look::series_of(self.id)];
        let withdrawn = matches!(self.state, AppState::Withdrawn(_));
        let fill = if withdrawn { c.sunken } else { own };
        let on = if withdrawn { c.text_2 } else { Colours::of_theme(c.theme).on_accent };
        match self.icon {
            AppIcon::Picture(texture) => {
                let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                ui.painter().image(texture, place, whole, Color32::WHITE);
            }
            AppIcon::Icon(icon) => {
                ground(ui.painter(), place, size::RADIUS_CARD, fill, fill);
                icon.paint(ui.painter(), place.center(), 28.0, on);
            }
            AppIcon::Letters => {
                ground(ui.painter(), place, size::RADIUS_CARD, fill, fill);
                let letters = initials(self.name);
                let width = super::piece::width_of(ui, &letters, Step::Title, Weight::Semibold);
                let left = place.center().x - width / 2.0;
                line(
                    ui,
                    &letters,
                    face(Step::Title, Weight::Semibold, on),
                    pos2(left, place.center().y),
                    place.width(),
                );
            }
        }
    }

    fn state_line(&self, c: &Colours) -> (Option<Icon>, &str, Color32) {
        match self.state {
            AppState::UpToDate(text) => (None, text, c.text_2),
            AppState::UpdateReady(text) => (Some(icons::UPDATE), text, c.accent),
            AppState::Offline(text) => (Some(icons::OFFLINE), text, c.text_2),
            AppState::Syncing(text) => (Some(icons::SYNC), text, c.text_2),
            AppState::Withdrawn(text) => (Some(icons::WITHDRAWN), text, c.bad),
        }
    }
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    name.split_whitespace().filter_map(letter).take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_first_letters_of_two_words() {
        assert_eq!(initials("Team budget 2026"), "TB");
        assert_eq!(initials("(my) übung"), "MÜ");
        assert_eq!(initials("— !"), "");
    }
}

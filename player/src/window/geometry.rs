//! Size, place and look of the window, kept in a small file of their own.
//!
//! egui's own memory is never written: it would hold what was typed, in the clear.
//!
//! Invariant: a file that is missing, broken or absurd gives the window as it is at first.

use crate::whole_file;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use ui::screens::ThemeChoice;

/// Size of the window at first, in points.
const FIRST: [f32; 2] = [1180.0, 780.0];
/// Least size: a phone held upright.
const LEAST: [f32; 2] = [360.0, 480.0];
/// What no screen is larger than.
const MOST: f32 = 16_000.0;

/// What is kept of the window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Geometry {
    /// Width and height in points.
    pub(crate) size: Option<[f32; 2]>,
    /// Left and top in points.
    pub(crate) position: Option<[f32; 2]>,
    /// Whether it fills the screen.
    pub(crate) maximised: bool,
    /// `light`, `dark`, or what the computer says.
    theme: Option<String>,
    /// Whether the person asked for less motion.
    pub(crate) less_motion: bool,
}

/// Height of the bar that a window is dragged by, in pixels; as much of it must be on a screen to be of use.
const GRIP: f32 = 32.0;

/// Where a window or a screen is, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    /// Left and top.
    pub(crate) corner: [f32; 2],
    /// Width and height.
    pub(crate) size: [f32; 2],
}

impl Area {
    /// Width and height of what two areas share.
    fn shared(&self, other: &Area) -> [f32; 2] {
        [0, 1].map(|axis| {
            let from = self.corner[axis].max(other.corner[axis]);
            let to = (self.corner[axis] + self.size[axis]).min(other.corner[axis] + other.size[axis]);
            (to - from).max(0.0)
        })
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("window.json")
}

impl Geometry {
    /// What was kept in this folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let kept = std::fs::read(file(folder)).ok();
        kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).map_or_else(Self::default, Self::sane)
    }

    /// Keeps it. A disk that refuses costs the person nothing but the window's place.
    pub(crate) fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        whole_file::write(&file(folder), &serde_json::to_vec_pretty(self)?)
    }

    fn sane(self) -> Self {
        let possible = |pair: &[f32; 2]| pair.iter().all(|number| number.is_finite() && number.abs() < MOST);
        let large_enough = |[width, height]: &[f32; 2]| *width >= LEAST[0] && *height >= LEAST[1];
        Self {
            size: self.size.filter(|size| possible(size) && large_enough(size)),
            position: self.position.filter(possible),
            ..self
        }
    }

    /// The theme that the person chose.
    pub(crate) fn theme(&self) -> ThemeChoice {
        match self.theme.as_deref() {
            Some("light") => ThemeChoice::Light,
            Some("dark") => ThemeChoice::Dark,
            _ => ThemeChoice::System,
        }
    }

    /// Keeps a choice of theme.
    pub(crate) fn set_theme(&mut self, theme: ThemeChoice) {
        self.theme = match theme {
            ThemeChoice::Light => Some("light".to_owned()),
            ThemeChoice::Dark => Some("dark".to_owned()),
            ThemeChoice::System => None,
        };
    }

    /// Takes over how the window is now. A window that fills the screen keeps the size it goes back to.
    pub(crate) fn follow(&mut self, viewport: &egui::ViewportInfo) {
        self.maximised = viewport.maximized.unwrap_or(false) || viewport.fullscreen.unwrap_or(false);
        if self.maximised || viewport.minimized.unwrap_or(false) {
            return;
        }
        if let Some(inner) = viewport.inner_rect {
            self.size = Some(inner.size().into());
        }
        if let Some(outer) = viewport.outer_rect {
            self.position = Some(outer.min.into());
        }
    }

    /// Where the window goes if the place it was kept at cannot be reached any more: near the corner of the first
    /// screen. `scale` is the pixels of a point.
    pub(crate) fn rescue(window: Area, screens: &[Area], scale: f32) -> Option<egui::Pos2> {
        let first = screens.first()?;
        let reachable = screens.iter().any(|screen| {
            let bar = Area { size: [window.size[0], GRIP], ..window };
            let [width, height] = bar.shared(screen);
            width >= 2.0 * GRIP && height >= GRIP / 2.0
        });
        let corner = [0, 1].map(|axis| (first.corner[axis] + GRIP) / scale.max(0.1));
        (!reachable).then(|| corner.into())
    }

    /// The window to open.
    pub(crate) fn viewport(&self) -> egui::ViewportBuilder {
        let window = egui::ViewportBuilder::default()
            .with_title("Playsheet")
            .with_app_id("playsheet")
            .with_drag_and_drop(true)
            .with_min_inner_size(LEAST)
            .with_inner_size(self.size.unwrap_or(FIRST))
            .with_maximized(self.maximised);
        match self.position {
            Some(position) => window.with_position(position),
            None => window,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_no_screen_shows_is_brought_back() {
        let screen = |left: f32| Area { corner: [left, 0.0], size: [1920.0, 1080.0] };
        let at = |left: f32, top: f32| Area { corner: [left, top], size: [1180.0, 780.0] };
        let (one, two) = (vec![screen(0.0)], vec![screen(0.0), screen(-1920.0)]);
        assert_eq!(Geometry::rescue(at(40.0, 40.0), &one, 1.0), None);
        assert_eq!(Geometry::rescue(at(-1800.0, 40.0), &two, 1.0), None);
        // The second screen was taken away; the window hangs below the edge, or too far to the side.
        let corner = Some(egui::pos2(16.0, 16.0));
        for lost in [at(-1800.0, 40.0), at(40.0, 1075.0), at(40.0, -700.0), at(1900.0, 40.0)] {
            assert_eq!(Geometry::rescue(lost, &one, 2.0), corner, "{lost:?}");
        }
        assert_eq!(Geometry::rescue(at(9000.0, 0.0), &[], 1.0), None, "nothing is known of any screen");
    }

    #[test]
    fn what_is_kept_comes_back_and_what_is_absurd_does_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Geometry::read(folder.path()), Geometry::default());
        let mut kept = Geometry {
            size: Some([900.0, 700.0]),
            position: Some([-1200.0, 40.0]),
            less_motion: true,
            ..Geometry::default()
        };
        kept.set_theme(ThemeChoice::Dark);
        kept.write(&folder.path().join("new")).unwrap();
        let read = Geometry::read(&folder.path().join("new"));
        assert_eq!((read.theme(), &read), (ThemeChoice::Dark, &kept));
        for odd in ["{", "[]", r#"{"size":[1,2],"position":[1e30,0]}"#, r#"{"size":[1e9,1e9]}"#] {
            std::fs::write(file(folder.path()), odd).unwrap();
            assert_eq!(Geometry::read(folder.path()), Geometry::default(), "{odd}");
        }
    }
}

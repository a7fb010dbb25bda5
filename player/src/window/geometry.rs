//! Size, place and look of the window, kept in a small file of their own.
//!
//! egui's own memory is never written: it would hold what was typed, in the clear.
//!
//! Invariant: a file that is missing, broken or absurd gives the window as it is at first.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
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
        let bytes = serde_json::to_vec_pretty(self)?;
        let fresh = folder.join("window.json.new");
        std::fs::write(&fresh, bytes)?;
        std::fs::rename(fresh, file(folder))
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

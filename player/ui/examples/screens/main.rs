//! Paints every screen into pictures, without a window: `cargo run --example screens -- FOLDER [PART OF A NAME]`.

mod samples;
mod scenes;

use std::path::PathBuf;

use playsheet_ui::raster::{Scene, Studio};
use playsheet_ui::screens;
use playsheet_ui::theme::Theme;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write the pictures to")?);
    let wanted = std::env::args().nth(2).unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    for theme in Theme::ALL {
        for (width_px, height_px) in [(1280, 800), (420, 860)] {
            for mut scene in scenes::plain().into_iter().chain(scenes::apps()) {
                let name = format!("{}-{theme:?}-{width_px}", scene.name).to_lowercase();
                if !name.contains(&wanted) {
                    continue;
                }
                let mut studio = Studio::new(Scene { width_px, height_px, pixels_per_point: 1.0, theme })?;
                screens::install(studio.context(), &scene.desk.language);
                studio.settle(|ui| {
                    screens::show(ui, &scene.desk, &mut scene.toasts);
                });
                std::fs::write(folder.join(format!("{name}.png")), studio.picture()?.to_png()?)?;
            }
        }
    }
    Ok(())
}

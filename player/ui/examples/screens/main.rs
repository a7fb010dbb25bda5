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
    let mut all: Vec<scenes::SceneOf> = scenes::plain().into_iter().chain(scenes::apps()).collect();
    let of =
        |theme, [width_px, height_px]: [u32; 2]| Scene { width_px, height_px, pixels_per_point: 1.0, theme };
    let mut studio = Studio::new(of(Theme::Light, [1280, 800]))?;
    for theme in Theme::ALL {
        for [width_px, height_px] in [[1280, 800], [420, 860]] {
            for scene in &mut all {
                let name = format!("{}-{theme:?}-{width_px}", scene.name).to_lowercase();
                if !name.contains(&wanted) {
                    continue;
                }
                studio.stage(of(theme, [width_px, height_px]))?;
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

//! Paints the house widgets into pictures, without a window: `cargo run --example widgets -- FOLDER`.

mod extremes;
mod gallery;

use std::path::PathBuf;

use egui::{Event, Pos2};
use gallery::Gallery;
use playsheet_ui::raster::{Scene, Studio};
use playsheet_ui::theme::Theme;
use playsheet_ui::widgets::{Dialog, Toast, Toasts, Tone};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write the pictures to")?);
    std::fs::create_dir_all(&folder)?;
    for theme in Theme::ALL {
        let name = format!("{theme:?}").to_lowercase();
        for (width_px, height_px) in [(1280, 2720), (420, 5900)] {
            let scene = Scene { width_px, height_px, pixels_per_point: 1.0, theme };
            let mut page = Gallery::default();
            let image = playsheet_ui::raster::render(scene, |ui| page.show(ui))?;
            std::fs::write(folder.join(format!("widgets-{name}-{width_px}.png")), image.to_png()?)?;
        }
        for (width_px, pixels_per_point) in [(360, 1.0), (1440, 1.5)] {
            let scene = Scene { width_px, height_px: 3400, pixels_per_point, theme };
            let image = playsheet_ui::raster::render(scene, extremes::extremes)?;
            std::fs::write(folder.join(format!("extremes-{name}-{width_px}.png")), image.to_png()?)?;
        }
        let scene = Scene { width_px: 1280, height_px: 900, pixels_per_point: 1.0, theme };
        std::fs::write(folder.join(format!("floating-{name}.png")), floating(scene)?)?;
        std::fs::write(folder.join(format!("dialog-{name}.png")), dialog(scene)?)?;
        std::fs::write(folder.join(format!("more-{name}.png")), more(scene)?)?;
    }
    Ok(())
}

/// An open list, a calendar, a reading of a chart and messages.
fn floating(scene: Scene) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut studio = Studio::new(scene)?;
    let mut page = Gallery::default();
    let mut toasts = Toasts::default();
    toasts.push(Toast {
        text: "Loan.xlsx was exported to Documents.".to_owned(),
        tone: Tone::Good,
        action: Some("Show file".to_owned()),
    });
    toasts.push(Toast {
        text: "Price list could not be read: the file is password protected. Your last version is kept."
            .to_owned(),
        tone: Tone::Bad,
        action: None,
    });
    let mut show = |ui: &mut egui::Ui| {
        egui::ScrollArea::vertical().vertical_scroll_offset(560.0).show(ui, |ui| page.show(ui));
        toasts.show(ui.ctx(), 0.0);
    };
    studio.settle(&mut show);
    click(&mut studio, Pos2::new(230.0, 400.0), &mut show);
    studio.settle(&mut show);
    studio.frame(0.1, vec![Event::PointerMoved(Pos2::new(860.0, 160.0))], &mut show);
    studio.settle(&mut show);
    Ok(studio.picture()?.to_png()?)
}

fn dialog(scene: Scene) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut page = Gallery::default();
    let image = playsheet_ui::raster::render(scene, |ui| {
        page.show(ui);
        Dialog {
            id: "remove",
            title: "Remove “Team budget” from this device?",
            text: "Your inputs and scenarios are deleted with it. The app stays in the portal and you can install it again.",
            confirm: "Remove app",
            danger: true,
            cancel: "Keep app",
        }
        .show(ui.ctx());
    })?;
    Ok(image.to_png()?)
}

fn click(studio: &mut Studio, at: Pos2, mut show: impl FnMut(&mut egui::Ui)) {
    for pressed in [true, false] {
        let button = Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        studio.frame(0.05, vec![Event::PointerMoved(at), button], &mut show);
    }
}

/// An open calendar and a chart as a table, with the keyboard on the table's switch.
fn more(scene: Scene) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut studio = Studio::new(scene)?;
    let mut page = Gallery { locale: playsheet_ui::widgets::DateLocale::german(), ..Gallery::default() };
    let mut show = |ui: &mut egui::Ui| {
        egui::ScrollArea::vertical().vertical_scroll_offset(560.0).show(ui, |ui| page.show(ui));
    };
    studio.settle(&mut show);
    click(&mut studio, Pos2::new(1209.0, 314.0), &mut show);
    studio.settle(&mut show);
    click(&mut studio, Pos2::new(378.0, 542.0), &mut show);
    studio.settle(&mut show);
    Ok(studio.picture()?.to_png()?)
}

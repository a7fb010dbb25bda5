//! The rasteriser against egui's own GPU renderer.
//!
//! `reference/*.png` were painted by egui's wgpu renderer (on a software Vulkan device, without dithering) from
//! the same meshes. After an update of egui, paint them anew and look at them:
//! `cargo test -p playsheet-ui --features gpu-reference --test raster_reference -- --nocapture`
//! with `PAINT_REFERENCES=1` set; that needs a Vulkan driver. Without the variable it compares with the GPU
//! directly.
#![cfg(test)]

use egui::{
    Color32, FontId, FullOutput, Pos2, RawInput, Rect, Stroke, StrokeKind, TexturesDelta, pos2, vec2,
};
use playsheet_ui::UiExt as _;
use playsheet_ui::raster::{Image, Painter};
use playsheet_ui::theme::{self, Theme, icons};
use playsheet_ui::widgets::{Change, Chip, FieldText, NumberInput, Output, OutputValue, Tone};

const SIZE: [u32; 2] = [360, 240];

type Show = fn(&mut egui::Ui);

const SCENES: [(&str, f32, Theme, Show); 4] = [
    ("shapes", 1.0, Theme::Light, shapes),
    ("shapes-fine", 1.75, Theme::Dark, shapes),
    ("widgets-light", 1.0, Theme::Light, widgets),
    ("widgets-dark-fine", 1.5, Theme::Dark, widgets),
];

fn shapes(ui: &mut egui::Ui) {
    let painter = ui.painter();
    painter.rect_filled(
        Rect::from_min_size(pos2(10.3, 10.7), vec2(60.0, 40.0)),
        6.0,
        Color32::from_rgb(11, 110, 86),
    );
    let outline = Rect::from_min_size(pos2(84.0, 10.0), vec2(60.0, 40.0));
    painter.rect_stroke(outline, 10.0, Stroke::new(1.0, Color32::from_rgb(59, 111, 212)), StrokeKind::Inside);
    painter.circle_filled(pos2(40.5, 90.25), 24.0, Color32::from_rgba_unmultiplied(184, 58, 99, 140));
    painter.circle_stroke(pos2(64.0, 96.0), 20.0, Stroke::new(2.5, Color32::from_rgb(183, 121, 31)));
    for at in 0..12 {
        let from = pos2(100.0 + 4.0 * at as f32, 70.0);
        painter.line_segment(
            [from, from + vec2(3.0 * at as f32, 50.0)],
            Stroke::new(0.5 + 0.25 * at as f32, Color32::GRAY),
        );
    }
    let ground =
        egui::epaint::Shadow { offset: [0, 8], blur: 24, spread: 0, color: Color32::from_black_alpha(90) };
    painter.add(ground.as_shape(Rect::from_min_size(pos2(20.0, 134.0), vec2(80.0, 30.0)), 8));
    let mut ramp = egui::Mesh::default();
    for (at, colour) in [
        (pos2(180.0, 10.0), Color32::RED),
        (pos2(200.0, 60.0), Color32::GREEN),
        (pos2(150.3, 55.1), Color32::BLUE),
    ] {
        ramp.colored_vertex(at, colour);
    }
    ramp.add_triangle(0, 1, 2);
    painter.add(ramp);
    painter.text(
        pos2(116.0, 128.0),
        egui::Align2::LEFT_TOP,
        "Ägypten 1,234.50 €",
        FontId::proportional(13.0),
        Color32::from_rgb(120, 60, 200),
    );
    icons::SETTINGS.paint(painter, pos2(130.0, 156.0), 20.0, Color32::from_rgb(20, 120, 90));
    let clipped = painter.with_clip_rect(Rect::from_min_size(pos2(150.4, 146.6), vec2(20.2, 10.3)));
    clipped.circle_filled(pos2(160.0, 150.0), 20.0, Color32::from_rgb(200, 80, 10));
}

fn widgets(ui: &mut egui::Ui) {
    egui::Frame::new().inner_margin(12.0).show(ui, |ui| {
        let change = Some(Change::Fell("12.40"));
        let value = OutputValue::Value("2,017.09");
        ui.headline(Output { unit: "€", change, ..Output::new("monthly", "Monthly payment", value) });
        let about =
            FieldText { unit: "€", problem: Some("Too much"), ..FieldText::new("amount", "Amount") };
        ui.number_input(NumberInput::new(about, "250,000"));
        ui.horizontal(|ui| ui.chip(Chip::new("Low stock", Tone::Warn)));
    });
}

/// One scene as egui hands it to a renderer, after a few frames, with all changes of textures.
fn output(scale: f32, theme: Theme, show: Show) -> (egui::Context, FullOutput, TexturesDelta) {
    let ctx = egui::Context::default();
    theme::install(&ctx);
    ctx.set_theme(theme::egui_theme(theme));
    let size = vec2(SIZE[0] as f32, SIZE[1] as f32) / scale;
    let mut deltas = TexturesDelta::default();
    let mut last = None;
    for frame in 0..4 {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            time: Some(f64::from(frame)),
            ..RawInput::default()
        };
        let viewport = input.viewport_id;
        input.viewports.entry(viewport).or_default().native_pixels_per_point = Some(scale);
        let mut output = ctx.run_ui(input, |ui| {
            let ground = ui.colours().bg;
            ui.painter().rect_filled(ui.ctx().viewport_rect(), 0.0, ground);
            show(ui);
        });
        deltas.append(std::mem::take(&mut output.textures_delta));
        last = Some(output);
    }
    (ctx, last.unwrap(), deltas)
}

/// The scene as our rasteriser paints it, and as straight RGBA.
fn ours(scale: f32, theme: Theme, show: Show) -> Vec<u8> {
    let (ctx, output, mut deltas) = output(scale, theme, show);
    let mut painter = Painter::default();
    painter.update(&mut deltas);
    let mut image = Image::filled(SIZE[0], SIZE[1], [0, 0, 0, 255]).unwrap();
    let primitives = ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
    painter.paint(&mut image, &primitives, output.pixels_per_point);
    image.to_rgba()
}

/// Greatest difference of a channel, and how many channels differ by more than one.
fn difference(ours: &[u8], theirs: &[u8]) -> (u8, usize) {
    assert_eq!(ours.len(), theirs.len());
    let differences = || ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
    (differences().max().unwrap_or_default(), differences().filter(|d| *d > 1).count())
}

fn check(name: &str, ours: &[u8], theirs: &[u8]) {
    let (greatest, many) = difference(ours, theirs);
    // One step of rounding anywhere, a few where a ramp is steep.
    assert!(many <= 8 && greatest <= 4, "{name}: {many} channels differ, by up to {greatest}");
}

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

#[test]
fn pictures_are_those_of_the_gpu_renderer() {
    for (name, scale, theme, show) in SCENES {
        let file = std::fs::File::open(folder().join(format!("{name}.png"))).unwrap();
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
        let mut theirs = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut theirs).unwrap();
        check(name, &ours(scale, theme, show), &theirs);
    }
}

#[cfg(feature = "gpu-reference")]
#[test]
fn the_gpu_paints_the_same() {
    use egui_kittest::TestRenderer as _;
    for (name, scale, theme, show) in SCENES {
        let (ctx, output, mut deltas) = output(scale, theme, show);
        let mut renderer = egui_kittest::wgpu::WgpuTestRenderer::new();
        renderer.handle_delta(&mut deltas);
        let picture = renderer.render(&ctx, &output).unwrap();
        let theirs = picture.into_raw();
        let found = difference(&ours(scale, theme, show), &theirs);
        println!("{name}: greatest difference {}, {} channels by more than one", found.0, found.1);
        if std::env::var_os("PAINT_REFERENCES").is_some() {
            std::fs::create_dir_all(folder()).unwrap();
            let file = std::fs::File::create(folder().join(format!("{name}.png"))).unwrap();
            let mut encoder = png::Encoder::new(file, SIZE[0], SIZE[1]);
            encoder.set_color(png::ColorType::Rgba);
            encoder.write_header().unwrap().write_image_data(&theirs).unwrap();
        }
        check(name, &ours(scale, theme, show), &theirs);
    }
}

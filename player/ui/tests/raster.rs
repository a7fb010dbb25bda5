//! Properties of the rasteriser that hold for any mesh.
#![cfg(test)]

use egui::epaint::{ClippedPrimitive, ImageDelta, Mesh, Primitive, TextureId, Vertex};
use egui::{Color32, ColorImage, Pos2, Rect, TextureOptions, TexturesDelta, pos2};
use playsheet_ui::UiExt as _;
use playsheet_ui::raster::{Image, Painter, RasterError, Scene, render};
use playsheet_ui::theme::Theme;
use proptest::prelude::*;

/// A painter with a white texture under the default id.
fn painter() -> Painter {
    let mut delta = TexturesDelta::default();
    let white = ColorImage::new([1, 1], vec![Color32::WHITE]);
    delta.push(TextureId::default(), ImageDelta::full(white, TextureOptions::LINEAR));
    let mut painter = Painter::default();
    painter.update(&mut delta);
    painter
}

fn paint(mesh: Mesh, clip: Rect, pixels_per_point: f32) -> Image {
    let mut image = Image::filled(64, 64, [0, 0, 0, 255]).unwrap();
    let primitive = ClippedPrimitive { clip_rect: clip, primitive: Primitive::Mesh(mesh) };
    painter().paint(&mut image, &[primitive], pixels_per_point);
    image
}

fn mesh(points: &[Pos2], indices: &[u32], colour: Color32) -> Mesh {
    Mesh {
        indices: indices.to_vec(),
        vertices: points.iter().map(|&pos| Vertex { pos, uv: Pos2::ZERO, color: colour }).collect(),
        texture_id: TextureId::default(),
    }
}

fn everything() -> Rect {
    Rect::EVERYTHING
}

/// How many pixels have each red value.
fn reds(image: &Image) -> std::collections::BTreeMap<u8, usize> {
    let mut reds = std::collections::BTreeMap::new();
    for pixel in image.to_rgba().chunks_exact(4) {
        *reds.entry(pixel[0]).or_default() += 1;
    }
    reds
}

const HALF: Color32 = Color32::from_rgba_premultiplied(128, 0, 0, 128);

proptest! {
    /// Triangles around a point anywhere in a square cover the square exactly once: no gap, no pixel twice.
    #[test]
    fn triangles_that_share_edges_cover_each_pixel_once(
        x in 1.0f32..63.0, y in 1.0f32..63.0, cuts in prop::collection::vec(0.0f32..256.0, 0..12),
    ) {
        let corner = |along: f32| match along {
            a if a < 64.0 => pos2(a, 0.0),
            a if a < 128.0 => pos2(64.0, a - 64.0),
            a if a < 192.0 => pos2(192.0 - a, 64.0),
            a => pos2(0.0, 256.0 - a),
        };
        let mut along = vec![0.0, 64.0, 128.0, 192.0];
        along.extend(cuts);
        along.sort_by(f32::total_cmp);
        let mut points = vec![pos2(x, y)];
        points.extend(along.iter().map(|&a| corner(a)));
        let count = u32::try_from(along.len()).unwrap();
        let indices: Vec<u32> = (0..count).flat_map(|i| [0, 1 + i, 1 + (i + 1) % count]).collect();
        let image = paint(mesh(&points, &indices, HALF), everything(), 1.0);
        prop_assert_eq!(reds(&image), [(128, 64 * 64)].into());
    }

    /// The order of the corners makes no difference.
    #[test]
    fn winding_makes_no_difference(points in prop::collection::vec((-20.0f32..84.0, -20.0f32..84.0), 3)) {
        let points: Vec<Pos2> = points.into_iter().map(|(x, y)| pos2(x, y)).collect();
        let pictures: Vec<Image> = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [0, 2, 1], [1, 0, 2]]
            .iter()
            .map(|order| paint(mesh(&points, order, HALF), everything(), 1.0))
            .collect();
        prop_assert!(pictures.windows(2).all(|pair| pair[0] == pair[1]));
    }

    /// No numbers, however odd, break anything, and nothing is painted outside the clip.
    #[test]
    fn odd_meshes_break_nothing(
        numbers in prop::collection::vec(prop_oneof![
            any::<f32>(), -100.0f32..100.0, Just(f32::NAN), Just(f32::INFINITY), Just(f32::MAX), Just(0.0),
        ], 12),
        indices in prop::collection::vec(0u32..9, 0..12),
        scale in prop_oneof![Just(1.0f32), Just(0.25), Just(8.0)],
    ) {
        let points: Vec<Pos2> = numbers.chunks_exact(2).map(|n| pos2(n[0], n[1])).collect();
        let mut odd = mesh(&points, &indices, HALF);
        for (vertex, uv) in odd.vertices.iter_mut().zip(numbers.chunks_exact(2).rev()) {
            vertex.uv = pos2(uv[0], uv[1]);
        }
        let clip = Rect::from_min_max(pos2(8.0, 8.0), pos2(16.0, 12.0));
        let image = paint(odd, clip, scale);
        for (at, pixel) in image.to_rgba().chunks_exact(4).enumerate() {
            let (x, y) = ((at % 64) as f32 / scale, (at / 64) as f32 / scale);
            let inside = (7.5..=16.5).contains(&x) && (7.5..=12.5).contains(&y);
            prop_assert!(inside || pixel == [0, 0, 0, 255], "painted at {x} {y}");
        }
    }
}

#[test]
fn a_rectangle_fills_exactly_its_pixels() {
    let corners = [pos2(3.0, 5.0), pos2(13.0, 5.0), pos2(13.0, 9.0), pos2(3.0, 9.0)];
    for (scale, expected) in [(1.0, 40), (2.0, 160)] {
        let image = paint(mesh(&corners, &[0, 1, 2, 0, 2, 3], Color32::RED), everything(), scale);
        assert_eq!(reds(&image).get(&255), Some(&expected), "{scale}");
    }
    // Half a pixel off, a pixel belongs to where its centre is: the left and top edges take it.
    let shifted = corners.map(|corner| corner + egui::vec2(0.5, 0.5));
    let image = paint(mesh(&shifted, &[0, 1, 2, 0, 2, 3], Color32::RED), everything(), 1.0);
    assert_eq!(reds(&image).get(&255), Some(&40));
    assert_eq!(image.pixel(3, 5), Some([255, 0, 0, 255]));
    assert_eq!(image.pixel(13, 9), Some([0, 0, 0, 255]));
}

#[test]
fn colours_run_evenly_between_corners() {
    let corners = [pos2(0.0, 0.0), pos2(64.0, 0.0), pos2(64.0, 64.0), pos2(0.0, 64.0)];
    let mut ramp = mesh(&corners, &[0, 1, 2, 0, 2, 3], Color32::BLACK);
    ramp.vertices[1].color = Color32::RED;
    ramp.vertices[2].color = Color32::RED;
    let image = paint(ramp, everything(), 1.0);
    for x in 0..64 {
        let expected = (f64::from(x) + 0.5) / 64.0 * 255.0;
        for y in [0, 17, 63] {
            let red = f64::from(image.pixel(x, y).unwrap()[0]);
            assert!((red - expected).abs() <= 0.51, "{x} {y}: {red} instead of {expected}");
        }
    }
}

#[test]
fn translucent_paint_lets_the_ground_through() {
    let corners = [pos2(0.0, 0.0), pos2(64.0, 0.0), pos2(0.0, 64.0)];
    let mut image = Image::filled(64, 64, [200, 100, 50, 255]).unwrap();
    let primitive = ClippedPrimitive {
        clip_rect: everything(),
        primitive: Primitive::Mesh(mesh(
            &corners,
            &[0, 1, 2],
            Color32::from_rgba_premultiplied(64, 0, 0, 64),
        )),
    };
    painter().paint(&mut image, &[primitive], 1.0);
    // 64 + 200 * (1 - 64/255), 100 * (1 - 64/255), 50 * (1 - 64/255)
    assert_eq!(image.pixel(1, 1), Some([214, 75, 37, 255]));
    assert_eq!(image.pixel(63, 63), Some([200, 100, 50, 255]));
}

#[test]
fn scenes_that_make_no_sense_are_refused() {
    let scene = Scene { width_px: 10, height_px: 10, pixels_per_point: 1.0, theme: Theme::Light };
    for pixels_per_point in [0.0, -1.0, f32::NAN, f32::INFINITY, 9.0] {
        let refused = render(Scene { pixels_per_point, ..scene }, |_| {});
        assert!(matches!(refused, Err(RasterError::Scale(_))), "{pixels_per_point}");
    }
    let refused = render(Scene { width_px: 0, ..scene }, |_| {});
    assert!(matches!(refused, Err(RasterError::Size { .. })));
    let huge = render(Scene { width_px: 40_000, ..scene }, |_| {});
    let message = huge.unwrap_err().to_string();
    assert!(message.contains("40000 by 10") && message.contains("16384"), "{message}");
}

#[test]
fn a_picture_shows_text_and_is_the_same_every_time() {
    let scene = Scene { width_px: 300, height_px: 120, pixels_per_point: 1.5, theme: Theme::Dark };
    let show = |ui: &mut egui::Ui| {
        ui.screen_title("Größe 1,234.50 €");
        ui.primary_button("Calculate");
    };
    let (one, two) = (render(scene, show).unwrap(), render(scene, show).unwrap());
    assert_eq!(one, two);
    let ground = one.pixel(299, 119).unwrap();
    assert_eq!(ground, [0x11, 0x13, 0x15, 255]);
    let bright = one.to_rgba().chunks_exact(4).filter(|pixel| pixel[0] > 200).count();
    assert!(bright > 300, "only {bright} pixels of text");
    assert!(one.to_rgba().chunks_exact(4).all(|pixel| pixel[3] == 255));
}

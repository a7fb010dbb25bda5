//! Fills one triangle.
//!
//! Corners are snapped to 1/256 of a pixel and edges are compared in whole numbers, so there is no rounding to
//! disagree about: a pixel whose centre lies inside belongs to the triangle; one whose centre lies on an edge
//! belongs to it only if that edge is a top or a left one. For each row the first and last pixel follow by
//! division, and between them colour and texture coordinates grow by equal steps.
//!
//! Invariant: of triangles that share an edge, at most one paints a pixel on it, and exactly one if they cover it.

use egui::{Color32, Pos2, TextureFilter};

use super::image::Image;
use super::texture::{Rgba, Texture};

/// Parts of a pixel that positions are snapped to.
const PARTS: i64 = 256;
/// Positions are held within this many pixels, far outside any picture, so that products fit into 64 bits.
const FAR: f32 = 1_000_000.0;

/// A corner: position in pixels, texture coordinates, colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corner {
    pub(super) position: Pos2,
    pub(super) uv: Pos2,
    pub(super) colour: Color32,
}

/// The pixels that may be painted: columns and rows from `min` up to, not including, `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clip {
    pub(super) min: [u32; 2],
    pub(super) max: [u32; 2],
}

/// Fills the triangle with its colours times the texture.
pub(super) fn fill(image: &mut Image, clip: Clip, texture: &Texture, corners: [Corner; 3]) {
    let Some(shape) = Shape::of(&corners) else { return };
    let colours = corners_in_order(&corners, shape.swapped);
    let paint = Paint::of(&colours, texture, &shape);
    let (top, bottom) = shape.rows(clip);
    for y in top..bottom {
        if let Some((from, to)) = shape.columns(y, clip) {
            paint.row(image, y, from, to);
        }
    }
}

fn corners_in_order(corners: &[Corner; 3], swapped: bool) -> [Corner; 3] {
    let [a, b, c] = *corners;
    if swapped { [a, c, b] } else { [a, b, c] }
}

/// An edge as the function `along * x + across * y + start`, in 1/256² pixels: not negative inside.
#[derive(Clone, Copy, Debug)]
struct Edge {
    along: i64,
    across: i64,
    /// The value at the centre of pixel (0, 0).
    start: i64,
    /// 0 if pixels exactly on the edge belong to the triangle, else -1.
    bias: i64,
}

/// The triangle's outline.
struct Shape {
    /// The edge opposite each corner.
    edges: [Edge; 3],
    /// Twice the area, in 1/256² pixels.
    area: i64,
    /// Whether the second and third corner changed places to make the area positive.
    swapped: bool,
    rows: [i64; 2],
}

impl Shape {
    /// The outline; nothing if the corners lie on a line or are not numbers.
    fn of(corners: &[Corner; 3]) -> Option<Self> {
        let mut points = [[0i64; 2]; 3];
        for (point, corner) in points.iter_mut().zip(corners) {
            *point = snap(corner.position)?;
        }
        let turn = |[a, b, c]: [[i64; 2]; 3]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        let mut area = turn(points);
        let swapped = area < 0;
        if swapped {
            points.swap(1, 2);
            area = -area;
        }
        if area == 0 {
            return None;
        }
        let [a, b, c] = points;
        let ys = points.map(|point| point[1]);
        let (top, bottom) = (ys[0].min(ys[1]).min(ys[2]), ys[0].max(ys[1]).max(ys[2]));
        Some(Self {
            edges: [Edge::between(b, c), Edge::between(c, a), Edge::between(a, b)],
            area,
            swapped,
            rows: [top.div_euclid(PARTS), bottom.div_euclid(PARTS) + 1],
        })
    }

    /// The rows inside the clip, from the first up to, not including, the last.
    fn rows(&self, clip: Clip) -> (u32, u32) {
        let [low, high] = [i64::from(clip.min[1]), i64::from(clip.max[1])];
        let top = self.rows[0].clamp(low, high.max(low));
        let bottom = self.rows[1].clamp(low, high.max(low));
        (top as u32, bottom as u32)
    }

    /// The columns of row `y` that belong to the triangle, inside the clip.
    fn columns(&self, y: u32, clip: Clip) -> Option<(u32, u32)> {
        let (mut from, mut to) = (i64::from(clip.min[0]), i64::from(clip.max[0]) - 1);
        for edge in &self.edges {
            let value = edge.start + edge.across * PARTS * i64::from(y) + edge.bias;
            let step = edge.along * PARTS;
            match step {
                0 if value < 0 => return None,
                0 => {}
                1.. => from = from.max((-value).div_euclid(step) + i64::from((-value).rem_euclid(step) > 0)),
                _ => to = to.min(value.div_euclid(-step)),
            }
        }
        (from <= to).then(|| (from as u32, to as u32 + 1))
    }

    /// The share of each corner at the centre of pixel (0, 0), and its growth from one column and row to the next.
    fn shares(&self) -> [[f64; 3]; 3] {
        let area = self.area as f64;
        let parts = PARTS as f64;
        self.edges.map(|edge| {
            [edge.start as f64 / area, edge.along as f64 * parts / area, edge.across as f64 * parts / area]
        })
    }
}

impl Edge {
    fn between(from: [i64; 2], to: [i64; 2]) -> Self {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let (along, across) = (-dy, dx);
        let half = PARTS / 2;
        let start = along * (half - from[0]) + across * (half - from[1]);
        let top_or_left = dy < 0 || (dy == 0 && dx > 0);
        Self { along, across, start, bias: if top_or_left { 0 } else { -1 } }
    }
}

/// A position in 1/256 of a pixel.
fn snap(position: Pos2) -> Option<[i64; 2]> {
    if position.x.is_nan() || position.y.is_nan() {
        return None;
    }
    let part = |at: f32| (at.clamp(-FAR, FAR) * PARTS as f32 + 0.5).floor() as i64;
    Some([part(position.x), part(position.y)])
}

/// A number that grows evenly over the triangle.
#[derive(Clone, Copy, Debug, Default)]
struct Slope {
    start: f64,
    along: f64,
    across: f64,
}

impl Slope {
    fn of(values: [f32; 3], shares: &[[f64; 3]; 3]) -> Self {
        let sum = |i: usize| {
            f64::from(values[0]) * shares[0][i]
                + f64::from(values[1]) * shares[1][i]
                + f64::from(values[2]) * shares[2][i]
        };
        Self { start: sum(0), along: sum(1), across: sum(2) }
    }

    fn at(&self, x: u32, y: u32) -> f32 {
        (self.start + self.along * f64::from(x) + self.across * f64::from(y)) as f32
    }
}

/// How the pixels of a triangle get their colour.
enum Paint<'a> {
    /// One colour everywhere.
    Flat(Rgba),
    /// Colours that change over the triangle, over one texel.
    Shaded { colour: [Slope; 4], texel: Rgba },
    /// Colours times a texture.
    Textured { colour: [Slope; 4], u: Slope, v: Slope, texture: &'a Texture, filter: TextureFilter },
}

impl<'a> Paint<'a> {
    fn of(corners: &[Corner; 3], texture: &'a Texture, shape: &Shape) -> Self {
        let shares = shape.shares();
        let channels: [Rgba; 3] =
            corners.map(|corner| corner.colour.to_array().map(|channel| f32::from(channel) / 255.0));
        let colour = std::array::from_fn(|i| Slope::of(channels.map(|c| c[i]), &shares));
        let [a, b, c] = corners.map(|corner| corner.uv);
        // Compared number by number: egui's positions refuse to be compared where one is no number.
        let constant = a.x == b.x && b.x == c.x && a.y == b.y && b.y == c.y;
        if !constant {
            let (u, v) = (Slope::of([a.x, b.x, c.x], &shares), Slope::of([a.y, b.y, c.y], &shares));
            let [width, height] = texture.size().map(|side| side as f64);
            let texels_a_pixel = [u.along * width, u.across * width, v.along * height, v.across * height];
            let magnified = texels_a_pixel.iter().all(|step| step.abs() <= 1.0);
            return Self::Textured { colour, u, v, texture, filter: texture.filter(magnified) };
        }
        let texel = texture.sample(a.x, a.y, texture.filter(true));
        if channels[0] == channels[1] && channels[1] == channels[2] {
            return Self::Flat(std::array::from_fn(|i| channels[0][i] * texel[i]));
        }
        Self::Shaded { colour, texel }
    }

    fn row(&self, image: &mut Image, y: u32, from: u32, to: u32) {
        let row = image.row(y, from, to);
        match self {
            Self::Flat(colour) if colour[3] >= 1.0 => row.fill(colour.map(quantised)),
            Self::Flat(colour) => row.iter_mut().for_each(|pixel| blend(pixel, *colour)),
            Self::Shaded { colour, texel } => {
                for (pixel, x) in row.iter_mut().zip(from..) {
                    blend(pixel, std::array::from_fn(|i| colour[i].at(x, y) * texel[i]));
                }
            }
            Self::Textured { colour, u, v, texture, filter } => {
                for (pixel, x) in row.iter_mut().zip(from..) {
                    let texel = texture.sample(u.at(x, y), v.at(x, y), *filter);
                    blend(pixel, std::array::from_fn(|i| colour[i].at(x, y) * texel[i]));
                }
            }
        }
    }
}

/// Premultiplied alpha: what is painted, plus what shows through it.
fn blend(pixel: &mut [u8; 4], colour: Rgba) {
    let through = 1.0 - colour[3].clamp(0.0, 1.0);
    for (below, above) in pixel.iter_mut().zip(colour) {
        *below = quantised(above + f32::from(*below) / 255.0 * through);
    }
}

fn quantised(channel: f32) -> u8 {
    (channel * 255.0 + 0.5) as u8
}

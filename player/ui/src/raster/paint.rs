//! Fills egui's meshes: keeps the textures, applies their changes, walks the triangles.
//!
//! Invariant: a mesh with indices out of range, an unknown texture or a clip outside the picture paints nothing
//! and breaks nothing.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, Mesh, Primitive, Vertex};
use egui::{Rect, TextureId, TexturesDelta};

use super::image::Image;
use super::texture::Texture;
use super::triangle::{Clip, Corner, fill};

/// Paints tessellated egui output. Holds the textures from one frame to the next, as a GPU would.
#[derive(Default)]
pub struct Painter {
    textures: HashMap<TextureId, Texture>,
    retired: Vec<TextureId>,
}

impl Painter {
    /// Takes in what a frame changed about the textures; call it once a frame, before [`Painter::paint`].
    pub fn update(&mut self, delta: &mut TexturesDelta) {
        // A texture that the last frame gave up could still be in use by its meshes until now.
        for id in self.retired.drain(..) {
            self.textures.remove(&id);
        }
        for (id, changes) in delta.set.drain() {
            for change in &changes {
                match (Texture::whole(change), self.textures.get_mut(&id)) {
                    (Some(whole), _) => {
                        self.textures.insert(id, whole);
                    }
                    (None, Some(texture)) => texture.patch(change),
                    (None, None) => {}
                }
            }
        }
        self.retired.extend(delta.free.drain());
    }

    /// Paints over `image`, at `pixels_per_point` pixels a point.
    pub fn paint(&self, image: &mut Image, primitives: &[ClippedPrimitive], pixels_per_point: f32) {
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            // Callbacks paint with a GPU of their own; there is none.
            if let (Primitive::Mesh(mesh), Some(clip)) =
                (primitive, clip_of(*clip_rect, pixels_per_point, image))
            {
                self.paint_mesh(image, clip, mesh, pixels_per_point);
            }
        }
    }

    fn paint_mesh(&self, image: &mut Image, clip: Clip, mesh: &Mesh, pixels_per_point: f32) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else { return };
        let corner = |index: u32| {
            let Vertex { pos, uv, color } = *mesh.vertices.get(index as usize)?;
            Some(Corner { position: pos * pixels_per_point, uv, colour: color })
        };
        for indices in mesh.indices.chunks_exact(3) {
            if let [Some(a), Some(b), Some(c)] = [corner(indices[0]), corner(indices[1]), corner(indices[2])]
            {
                fill(image, clip, texture, [a, b, c]);
            }
        }
    }
}

/// The clip rectangle in whole pixels inside the picture, rounded as egui's GPU painters round it.
fn clip_of(rect: Rect, pixels_per_point: f32, image: &Image) -> Option<Clip> {
    // Casting saturates, so a clip that reaches to infinity becomes the whole picture.
    let pixel = |points: f32, limit: u32| {
        ((points * pixels_per_point + 0.5).floor() as i64).clamp(0, i64::from(limit))
    };
    let min = [pixel(rect.min.x, image.width()), pixel(rect.min.y, image.height())];
    let max = [pixel(rect.max.x, image.width()), pixel(rect.max.y, image.height())];
    (min[0] < max[0] && min[1] < max[1])
        .then(|| Clip { min: min.map(|at| at as u32), max: max.map(|at| at as u32) })
}

//! Paints a user interface into a picture on the CPU: no GPU, window, X server or driver.
//!
//! egui turns an interface into textured triangles; here they are filled. The colours come out as egui's own
//! GPU shaders make them: vertex colour times texture, both in gamma space, blended with premultiplied alpha.
//! A fill rule as GPUs have it (the top and left edges belong to a triangle, the others do not) makes
//! neighbouring triangles meet without a gap and without painting a pixel twice.
//!
//! - [`render`] makes one picture of an interface.
//! - [`Studio`] keeps an interface between pictures and feeds it input, for pictures of states.
//! - [`Painter`] fills meshes, for whoever runs egui themselves.
//!
//! Invariant: the same interface, size and scale give the same bytes every time. (Between processors, egui's own
//! rasteriser of letters may round an edge differently by one step of 255; nothing here does.)

mod image;
mod paint;
mod studio;
mod texture;
mod triangle;

pub use image::Image;
pub use paint::Painter;
pub use studio::{Scene, Studio, render};

/// Greatest width and height of a picture in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// Greatest number of pixels of a picture; at four bytes each this is 256 MiB.
pub const MAX_PIXELS: u64 = 64 * 1024 * 1024;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// A side is 0 or the picture would be too large.
    #[error(
        "a picture of {width} by {height} pixels cannot be made: give at least 1 by 1, at most {MAX_SIDE} a side and {MAX_PIXELS} in all"
    )]
    Size {
        /// Width asked for, in pixels.
        width: u32,
        /// Height asked for, in pixels.
        height: u32,
    },
    /// The scale is not a positive number or is too large.
    #[error("a scale of {0} pixels per point cannot be used: give a number from 0.25 to 8")]
    Scale(f32),
    /// The PNG encoder refused.
    #[error("the picture could not be written as PNG: {0}")]
    Png(#[from] png::EncodingError),
}

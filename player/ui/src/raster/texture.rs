//! Textures: the font atlas and images, and how a colour is read from them.
//!
//! Invariant: reading never fails; coordinates outside the texture follow its wrap mode, coordinates that are
//! not numbers read the first texel.

use egui::epaint::ImageDelta;
use egui::{Color32, ImageData, TextureFilter, TextureOptions, TextureWrapMode};

/// A colour as four numbers from 0 to 1, premultiplied, in gamma space.
pub(super) type Rgba = [f32; 4];

/// A texture.
#[derive(Clone, Debug)]
pub(super) struct Texture {
    width: usize,
    height: usize,
    texels: Vec<Color32>,
    options: TextureOptions,
}

impl Texture {
    /// A texture from a delta that holds a whole image; nothing if it is only a patch or has no texels.
    pub(super) fn whole(delta: &ImageDelta) -> Option<Self> {
        let ImageData::Color(image) = &delta.image;
        let [width, height] = image.size;
        let fits = width > 0 && height > 0 && image.pixels.len() == width * height;
        (delta.pos.is_none() && fits).then(|| Self {
            width,
            height,
            texels: image.pixels.clone(),
            options: delta.options,
        })
    }

    /// Replaces the rectangle that a delta describes; what lies outside the texture is left out.
    pub(super) fn patch(&mut self, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let [x, y] = delta.pos.unwrap_or_default();
        let [width, height] = image.size;
        let width = width.min(self.width.saturating_sub(x));
        if width == 0 {
            return;
        }
        for row in 0..height.min(self.height.saturating_sub(y)) {
            let from = image.pixels.get(row * image.size[0]..row * image.size[0] + width);
            let start = (y + row) * self.width + x;
            if let (Some(from), Some(to)) = (from, self.texels.get_mut(start..start + width)) {
                to.copy_from_slice(from);
            }
        }
        self.options = delta.options;
    }

    /// Width and height in texels.
    pub(super) const fn size(&self) -> [usize; 2] {
        [self.width, self.height]
    }

    /// How to read where texels are larger than pixels (`magnified`) or smaller.
    pub(super) const fn filter(&self, magnified: bool) -> TextureFilter {
        if magnified { self.options.magnification } else { self.options.minification }
    }

    /// The colour at `u`, `v`, where 0 and 1 are the edges of the texture.
    pub(super) fn sample(&self, u: f32, v: f32, filter: TextureFilter) -> Rgba {
        let (x, y) = (u * self.width as f32, v * self.height as f32);
        match filter {
            TextureFilter::Nearest => self.texel(x.floor(), y.floor()),
            TextureFilter::Linear => self.blend(x - 0.5, y - 0.5),
        }
    }

    /// Bilinear: the four texels around the point, each by its share.
    fn blend(&self, x: f32, y: f32) -> Rgba {
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let [a, b] = [self.texel(left, top), self.texel(left + 1.0, top)];
        let [c, d] = [self.texel(left, top + 1.0), self.texel(left + 1.0, top + 1.0)];
        std::array::from_fn(|i| {
            let upper = a[i] + (b[i] - a[i]) * across;
            let lower = c[i] + (d[i] - c[i]) * across;
            upper + (lower - upper) * down
        })
    }

    fn texel(&self, x: f32, y: f32) -> Rgba {
        let x = wrap(x, self.width, self.options.wrap_mode);
        let y = wrap(y, self.height, self.options.wrap_mode);
        let colour = self.texels.get(y * self.width + x).copied().unwrap_or_default();
        colour.to_array().map(|channel| f32::from(channel) / 255.0)
    }
}

/// The index of a texel along one side of `length` texels.
fn wrap(at: f32, length: usize, mode: TextureWrapMode) -> usize {
    // Casting saturates and turns what is not a number into 0.
    let (at, length) = (at as i64, length as i64);
    let index = match mode {
        TextureWrapMode::ClampToEdge => at.clamp(0, length - 1),
        TextureWrapMode::Repeat => at.rem_euclid(length),
        TextureWrapMode::MirroredRepeat => {
            let at = at.rem_euclid(2 * length);
            at.min(2 * length - 1 - at)
        }
    };
    index as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::ColorImage;

    fn two_by_one(wrap_mode: TextureWrapMode) -> Texture {
        let image = ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
        let options = TextureOptions { wrap_mode, ..TextureOptions::LINEAR };
        Texture::whole(&ImageDelta::full(image, options)).unwrap()
    }

    #[test]
    fn linear_reads_between_texels_and_nearest_does_not() {
        let texture = two_by_one(TextureWrapMode::ClampToEdge);
        assert_eq!(texture.sample(0.25, 0.5, TextureFilter::Linear)[0], 0.0);
        assert_eq!(texture.sample(0.5, 0.5, TextureFilter::Linear)[0], 0.5);
        assert_eq!(texture.sample(0.75, 0.5, TextureFilter::Linear)[0], 1.0);
        assert_eq!(texture.sample(0.49, 0.5, TextureFilter::Nearest)[0], 0.0);
        assert_eq!(texture.sample(0.51, 0.5, TextureFilter::Nearest)[0], 1.0);
    }

    #[test]
    fn wrap_modes_say_what_lies_outside() {
        let read = |mode, u| two_by_one(mode).sample(u, 0.5, TextureFilter::Nearest)[0];
        assert_eq!(read(TextureWrapMode::ClampToEdge, -3.0), 0.0);
        assert_eq!(read(TextureWrapMode::ClampToEdge, 7.0), 1.0);
        assert_eq!(read(TextureWrapMode::Repeat, 1.25), 0.0);
        assert_eq!(read(TextureWrapMode::MirroredRepeat, 1.25), 1.0);
        assert_eq!(read(TextureWrapMode::MirroredRepeat, -0.25), 0.0);
        for mode in [TextureWrapMode::ClampToEdge, TextureWrapMode::Repeat, TextureWrapMode::MirroredRepeat] {
            for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let _ = two_by_one(mode).sample(odd, odd, TextureFilter::Linear);
            }
        }
    }

    #[test]
    fn a_patch_that_hangs_over_the_edge_is_cut() {
        let mut texture = two_by_one(TextureWrapMode::ClampToEdge);
        let image = ColorImage::new([2, 2], vec![Color32::WHITE; 4]);
        texture.patch(&ImageDelta::partial([1, 0], image.clone(), TextureOptions::LINEAR));
        texture.patch(&ImageDelta::partial([5, 9], image, TextureOptions::LINEAR));
        assert_eq!(texture.sample(0.2, 0.5, TextureFilter::Nearest), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(texture.size(), [2, 1]);
    }
}

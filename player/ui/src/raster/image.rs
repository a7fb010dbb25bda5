//! The picture: premultiplied RGBA while it is painted, straight RGBA when it leaves.
//!
//! Invariant: `pixels.len() == width * height`.

use super::{MAX_PIXELS, MAX_SIDE, RasterError};

/// A picture in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    width: u32,
    height: u32,
    /// Premultiplied red, green, blue and alpha.
    pixels: Vec<[u8; 4]>,
}

impl Image {
    /// A picture of one colour (premultiplied RGBA).
    pub fn filled(width: u32, height: u32, colour: [u8; 4]) -> Result<Self, RasterError> {
        let count = u64::from(width) * u64::from(height);
        if count == 0 || count > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE {
            return Err(RasterError::Size { width, height });
        }
        Ok(Self { width, height, pixels: vec![colour; count as usize] })
    }

    /// Width in pixels.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixel in column `x` and row `y` from the top left, straight (not premultiplied) RGBA; nothing outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        (x < self.width && y < self.height)
            .then(|| self.pixels.get(y as usize * self.width as usize + x as usize))
            .flatten()
            .map(|&pixel| straight(pixel))
    }

    /// All pixels, row by row from the top left, straight (not premultiplied) RGBA.
    pub fn to_rgba(&self) -> Vec<u8> {
        self.pixels.iter().flat_map(|&pixel| straight(pixel)).collect()
    }

    /// The picture as a PNG file.
    pub fn to_png(&self) -> Result<Vec<u8>, RasterError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.to_rgba())?;
        writer.finish()?;
        Ok(file)
    }

    /// The row `y` from column `from` up to, not including, `to`.
    pub(super) fn row(&mut self, y: u32, from: u32, to: u32) -> &mut [[u8; 4]] {
        let start = y as usize * self.width as usize;
        self.pixels.get_mut(start + from as usize..start + to as usize).unwrap_or_default()
    }
}

/// Straight RGBA from premultiplied.
fn straight([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    if a == 255 || a == 0 {
        return [r, g, b, a];
    }
    let whole = u32::from(a);
    let divide = |channel: u8| ((u32::from(channel) * 255 + whole / 2) / whole).min(255) as u8;
    [divide(r), divide(g), divide(b), a]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_make_no_sense_are_refused() {
        for (width, height) in [(0, 10), (10, 0), (MAX_SIDE + 1, 1), (16_000, 16_000), (u32::MAX, u32::MAX)] {
            assert!(matches!(Image::filled(width, height, [0; 4]), Err(RasterError::Size { .. })));
        }
    }

    #[test]
    fn a_png_reads_back_to_the_same_pixels() {
        let mut image = Image::filled(5, 3, [10, 20, 30, 255]).unwrap();
        image.row(1, 2, 4).fill([64, 32, 0, 128]);
        let file = image.to_png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (5, 3));
        assert_eq!(pixels, image.to_rgba());
        assert_eq!(image.pixel(2, 1), Some([128, 64, 0, 128]));
        assert_eq!(image.pixel(5, 0), None);
    }

    #[test]
    fn rows_outside_the_picture_are_empty() {
        let mut image = Image::filled(4, 4, [0; 4]).unwrap();
        assert!(image.row(9, 0, 4).is_empty());
    }
}

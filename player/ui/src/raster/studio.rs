//! Runs an interface without a window and takes pictures of it.
//!
//! Invariant: time only moves as the studio moves it, so nothing in a picture depends on the machine's clock.

use egui::{Context, Event, FullOutput, Memory, Pos2, RawInput, Rect, Ui, Vec2};
use look::Theme;

use super::image::Image;
use super::paint::Painter;
use super::{MAX_PIXELS, MAX_SIDE, RasterError};
use crate::theme;

/// Most frames that are run for an interface to come to rest.
const MAX_FRAMES: usize = 12;
/// Seconds from one frame to the next while it comes to rest: longer than any motion of the look, so that what
/// moves has arrived.
const STEP_SECONDS: f64 = 1.0;

/// What to take a picture of, apart from the interface itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    /// Width of the picture in pixels.
    pub width_px: u32,
    /// Height of the picture in pixels.
    pub height_px: u32,
    /// Pixels per point: 1 for an ordinary screen, 2 for a fine one.
    pub pixels_per_point: f32,
    /// Light or dark.
    pub theme: Theme,
}

impl Scene {
    /// Whether there can be a picture of it.
    fn check(&self) -> Result<(), RasterError> {
        let Self { width_px: width, height_px: height, pixels_per_point, .. } = *self;
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || pixels > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE {
            return Err(RasterError::Size { width, height });
        }
        if !(0.25..=8.0).contains(&pixels_per_point) {
            return Err(RasterError::Scale(pixels_per_point));
        }
        Ok(())
    }
}

/// An interface without a window.
pub struct Studio {
    ctx: Context,
    painter: Painter,
    scene: Scene,
    seconds: f64,
    last: Option<FullOutput>,
}

impl Studio {
    /// A studio with the fonts and styles of the player.
    pub fn new(scene: Scene) -> Result<Self, RasterError> {
        scene.check()?;
        let ctx = Context::default();
        theme::install(&ctx);
        ctx.set_theme(theme::egui_theme(scene.theme));
        // Dithering needs no switch here: the painter has none. A blinking cursor would make pictures differ.
        ctx.all_styles_mut(|style| style.visuals.text_cursor.blink = false);
        Ok(Self { ctx, painter: Painter::default(), scene, seconds: 0.0, last: None })
    }

    /// Sets another scene, on which the next interface starts afresh. Settings and fonts stay, and at the same scale
    /// the letters that were drawn already, which are most of the work of a picture.
    pub fn stage(&mut self, scene: Scene) -> Result<(), RasterError> {
        scene.check()?;
        self.scene = scene;
        self.ctx.set_theme(theme::egui_theme(scene.theme));
        // Before the first frame the fonts still lie in what would be forgotten.
        if self.last.take().is_some() {
            self.ctx.memory_mut(|memory| {
                let mut fresh = Memory::default();
                std::mem::swap(&mut fresh.options, &mut memory.options);
                *memory = fresh;
            });
        }
        Ok(())
    }

    /// The egui context, for settings that the scene does not have.
    pub const fn context(&self) -> &Context {
        &self.ctx
    }

    /// Runs one frame, `step_seconds` after the last one.
    pub fn frame(&mut self, step_seconds: f64, events: Vec<Event>, mut add: impl FnMut(&mut Ui)) {
        self.seconds += step_seconds.max(0.0);
        let scale = self.scene.pixels_per_point;
        let size = Vec2::new(self.scene.width_px as f32, self.scene.height_px as f32) / scale;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            max_texture_side: Some(8192),
            time: Some(self.seconds),
            events,
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
            viewport.native_pixels_per_point = Some(scale);
        }
        let mut output = self.ctx.run_ui(input, |ui| add(ui));
        self.painter.update(&mut output.textures_delta);
        self.last = Some(output);
    }

    /// Runs frames until the interface asks for no more, so that layout and motion have come to rest.
    pub fn settle(&mut self, mut add: impl FnMut(&mut Ui)) {
        for frame in 0..MAX_FRAMES {
            self.frame(STEP_SECONDS, Vec::new(), &mut add);
            if frame > 0 && !self.ctx.has_requested_repaint() {
                break;
            }
        }
    }

    /// The picture of the last frame.
    pub fn picture(&self) -> Result<Image, RasterError> {
        let ground = theme::Colours::of_theme(self.scene.theme).bg.to_array();
        let mut image = Image::filled(self.scene.width_px, self.scene.height_px, ground)?;
        if let Some(output) = &self.last {
            let primitives = self.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
            self.painter.paint(&mut image, &primitives, output.pixels_per_point);
        }
        Ok(image)
    }
}

/// A picture of an interface that has come to rest.
pub fn render(scene: Scene, add: impl FnMut(&mut Ui)) -> Result<Image, RasterError> {
    let mut studio = Studio::new(scene)?;
    studio.settle(add);
    studio.picture()
}

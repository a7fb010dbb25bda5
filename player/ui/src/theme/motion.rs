//! Motion, and its absence under reduced motion.
//!
//! Invariant: with reduced motion every duration is zero, and a widget that asks for one still works.

use egui::{Context, Id};
use look::TOKENS;

/// The durations of the look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Small changes: hover, a switch.
    Quick,
    /// Larger ones: a menu, a dialog.
    Calm,
    /// How long a changed output glows.
    Glow,
}

impl Motion {
    /// The duration in seconds: zero where the person asked for less motion.
    pub fn seconds(self, ctx: &Context) -> f32 {
        if reduced_motion(ctx) {
            return 0.0;
        }
        let milliseconds = match self {
            Self::Quick => TOKENS.motion.quick,
            Self::Calm => TOKENS.motion.calm,
            Self::Glow => TOKENS.motion.glow,
        };
        f32::from(milliseconds) / 1000.0
    }
}

fn key() -> Id {
    Id::unique("playsheet.reduced-motion")
}

/// Whether the person asked for less motion.
pub fn reduced_motion(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(key()).unwrap_or(false))
}

/// Turns motion off or on for the whole context.
pub fn set_reduced_motion(ctx: &Context, reduced: bool) {
    ctx.data_mut(|data| data.insert_temp(key(), reduced));
    ctx.all_styles_mut(|style| {
        style.animation_time = if reduced { 0.0 } else { f32::from(TOKENS.motion.quick) / 1000.0 };
    });
}

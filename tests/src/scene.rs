//! An app in use: what most of what can go wrong goes wrong with.

use crate::stage::{CONSUMER, CREATOR, example};
use crate::{Player, Stage};
use anyhow::Result;
use portal_api::SignedIn;

/// Somebody with an app, the BMI example, and a colleague who has it on a player.
pub struct Scene {
    /// The portal.
    pub stage: Stage,
    /// Whose app it is.
    pub creator: SignedIn,
    /// Who runs it.
    pub consumer: SignedIn,
    /// The app's id.
    pub app: String,
    /// The colleague's computer, synced.
    pub player: Player,
}

impl Scene {
    /// Starts a portal, shares the app and syncs it.
    ///
    /// # Errors
    /// Where one of the steps fails.
    pub fn new() -> Result<Scene> {
        let stage = Stage::new()?;
        let creator = stage.person(CREATOR)?;
        let consumer = stage.person(CONSUMER)?;
        let app = stage.share(&creator, &consumer, example("bmi")?)?;
        let player = stage.player(&stage.portal.address)?;
        player.run(&["sync"])?.ended(0)?;
        Ok(Scene { stage, creator, consumer, app, player })
    }
}

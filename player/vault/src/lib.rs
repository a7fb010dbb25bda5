//! The encrypted store of the player.

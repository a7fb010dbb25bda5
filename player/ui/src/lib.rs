//! Theme, widgets and screens of the player.

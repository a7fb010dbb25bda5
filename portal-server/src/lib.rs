//! The Playsheet portal.

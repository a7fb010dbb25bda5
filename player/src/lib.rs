//! The Playsheet player: window and command line.

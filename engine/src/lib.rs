//! Facade of the engine: open, edit, view.

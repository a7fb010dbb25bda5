//! The app definition: model, reader, writer, diagnostics.

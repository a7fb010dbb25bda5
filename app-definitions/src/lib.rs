//! The app definition: model, reader, writer, diagnostics.
//!
//! An app definition is an XML document that says what an app shows and which cells of a workbook it binds to. It holds
//! references and no data. This crate knows XML and the vocabulary; it knows neither workbooks nor formulas: expressions
//! are kept as text, references as parsed addresses, and what they lead to is the engine's business.
//!
//! - [`read()`] makes an [`App`] from XML and says everything that is wrong, with line, column and a hint.
//! - [`write()`] makes XML from an [`App`]; what was read is written so that reading it again gives an equal app.
//! - [`model`] is the app in memory: plain data that can also be built by hand.
//! - `app-definition.xsd` beside this crate's sources states the same structural rules for other tools.
//!
//! ```
//! use playsheet_app_definitions::{Limits, read, write};
//!
//! let xml = r#"<app xmlns="urn:playsheet:app:1">
//!   <layout>
//!     <item caption="Body Height" inputtype="input" contenttype="integer" address="B1"/>
//!   </layout>
//! </app>"#;
//! let (app, diagnostics) = read(xml, &Limits::default());
//! assert!(diagnostics.is_empty());
//! let app = app.ok_or("not an app")?;
//! assert_eq!(app.items().next().map(|item| item.id.as_str()), Some("body_height"));
//! assert!(write(&app).contains(r#"id="body_height""#));
//! # Ok::<(), &str>(())
//! ```

pub mod address;
mod check;
mod derive;
pub mod diagnostics;
mod expression;
mod id;
pub mod model;
mod nearest;
pub mod origin;
mod read;
pub mod reference;
mod vocabulary;
mod words;
mod write;
mod xml_char;

pub use address::{Area, CellAddress};
pub use check::check;
pub use diagnostics::{Code, Diagnostic, Severity};
pub use expression::Expression;
pub use id::{Id, is_id};
pub use model::App;
pub use nearest::nearest;
pub use origin::{Origin, Place};
pub use read::{Limits, read};
pub use reference::{Reference, ReferenceError};
pub use vocabulary::{NAMESPACE, SCHEMA_VERSION};
pub use words::Word;
pub use write::write;

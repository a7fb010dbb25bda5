//! The engine: open a spreadsheet, edit inputs, read what follows.
//!
//! A facade over the rooms inside. It has no files, clock, random numbers, network or threads of its own:
//! bytes and an [`functions::Environment`] come in, values and views go out.

pub mod saving;

pub use {app_definitions, calc, detect, formats, formula, functions, numfmt, values, view, workbook};

use calc::{Editor, Model, Session};
use formats::{Limits, LoadError, LoadReport};
use functions::{CharacterSet, Environment};
use std::sync::Arc;

/// A spreadsheet, ready to be calculated.
#[derive(Clone, Debug)]
pub struct Document {
    /// The workbook with its dependency graph; sessions share it.
    pub model: Arc<Model>,
    /// What is to be said about the file.
    pub report: Arc<LoadReport>,
}

impl Document {
    /// Reads a spreadsheet from its bytes. `name` is the file's name.
    ///
    /// # Errors
    /// Where the bytes are no spreadsheet, a broken or an encrypted one, or one beyond the limits.
    pub fn open(bytes: &[u8], name: &str, limits: &Limits) -> Result<Document, LoadError> {
        let loaded = formats::open(bytes, name, limits)?;
        let model = Arc::new(Model::new(Arc::new(loaded.workbook)));
        Ok(Document { model, report: Arc::new(loaded.report) })
    }

    /// The environment with the regional settings and the characters that the file's own values were calculated
    /// with, as far as it tells: for whoever compares with them. An app's users keep their own.
    pub fn as_last_calculated(&self, environment: Environment) -> Environment {
        let origin = &self.model.workbook().calculated_in;
        let locale = origin.locale.as_ref().and_then(|hint| numfmt::Locale::from_tag(hint.tag));
        let characters = if origin.macintosh { CharacterSet::Macintosh } else { environment.characters };
        Environment { locale: locale.unwrap_or(environment.locale), characters, ..environment }
    }

    /// An editor of the workbook, with a session of its own. The document stays as it is.
    pub fn editor(&self) -> Editor {
        Editor::new(self.session())
    }

    /// A fresh session that shows the values the file had cached.
    pub fn session(&self) -> Session {
        Session::new(Arc::clone(&self.model))
    }
}

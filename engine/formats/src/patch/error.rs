//! Why a changed workbook could not be saved.

use crate::{FileFormat, LoadError};

/// A change that gives no file. Each message says what cannot be saved and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The original cannot be taken apart.
    #[error(transparent)]
    Original(#[from] LoadError),
    /// A file of a format whose parts are not patched.
    #[error("Changes are saved into .xlsx and .xlsm files, and this is a {0} file. Save it as .xlsx first.")]
    Format(FileFormat),
    /// A change that this file, or any file, cannot hold; the sentence says which.
    #[error("The change cannot be saved: {0}.")]
    Change(String),
}

impl SaveError {
    pub(super) fn change(what: impl Into<String>) -> SaveError {
        SaveError::Change(what.into())
    }
}

impl From<std::io::Error> for SaveError {
    fn from(error: std::io::Error) -> Self {
        SaveError::Original(LoadError::from(&error))
    }
}

impl From<zip::result::ZipError> for SaveError {
    fn from(error: zip::result::ZipError) -> Self {
        SaveError::Original(LoadError::from(error))
    }
}

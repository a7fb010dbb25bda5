//! Why a file could not be opened.

/// A file that gives no workbook. Each message says what the file is and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not a format we know.
    #[error(
        "This is {0}, not a spreadsheet. Playsheet opens .xlsx, .xlsm, .xlsb, .xls, .ods, .fods and .csv files."
    )]
    NotASpreadsheet(String),
    /// A spreadsheet of a kind that is not read; the sentence says which and what to do.
    #[error("{0}")]
    Unreadable(&'static str),
    /// Protected by a password for opening.
    #[error(
        "The file is encrypted with a password. Open it in your spreadsheet program and save it without one."
    )]
    Encrypted,
    /// Cut off or damaged beyond use.
    #[error("The file is damaged: {0}. Open it in your spreadsheet program and save it again.")]
    Damaged(String),
    /// Beyond a limit.
    #[error("The file is too large: {what} would exceed {limit}.")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in the unit that `what` implies.
        limit: u64,
    },
    /// Something that only an attack would contain.
    #[error("The file is refused: {0}.")]
    Refused(String),
}

impl From<quick_xml::Error> for LoadError {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => LoadError::from(&*error),
            other => LoadError::Damaged(format!("its XML is broken ({other})")),
        }
    }
}

impl From<&std::io::Error> for LoadError {
    fn from(error: &std::io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<crate::limits::OverLimit>()) {
            Some(over) => LoadError::TooLarge { what: "its unpacked content", limit: over.0 },
            None => LoadError::Damaged(format!("a part of it cannot be unpacked ({error})")),
        }
    }
}

impl From<zip::result::ZipError> for LoadError {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => LoadError::from(&error),
            other => LoadError::Damaged(format!("its container is broken ({other})")),
        }
    }
}

//! What a case's expected value goes back to, read from the words in its source column.

use crate::commands::crosscheck::mark::AGAINST;

/// What stands at its beginning where the case holds a value that Excel does not give.
pub const DIFFERS: &str = "Differs from Excel: ";

/// Whose word it is that an expected value is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// A value that Excel stored, or what people saw it do.
    Excel,
    /// Microsoft's documentation.
    Microsoft,
    /// LibreOffice, or the OpenFormula standard that it follows.
    LibreOffice,
    /// A derivation of our own: the function's definition, or figures computed independently with many digits.
    Derived,
}

impl Truth {
    /// Reads a source column.
    pub fn of(source: &str) -> Self {
        let source = source.split(AGAINST).next().unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| source.contains(word));
        if source.starts_with(DIFFERS) {
            Self::Derived
        } else if has(&["Excel"]) {
            Self::Excel
        } else if has(&["Microsoft", "Documented", "documented", "documentation"]) {
            Self::Microsoft
        } else if has(&["LibreOffice", "OpenFormula"]) {
            Self::LibreOffice
        } else {
            Self::Derived
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_by_their_words() {
        for (source, truth) in [
            ("value stored by Excel", Truth::Excel),
            ("Microsoft, page on the function", Truth::Microsoft),
            ("Formula of the documentation, computed with 50 digits", Truth::Microsoft),
            ("Documented: no pivot table there; decided against LibreOffice", Truth::Microsoft),
            ("OpenFormula, 6.13", Truth::LibreOffice),
            ("by definition; decided against LibreOffice", Truth::Derived),
            ("Differs from Excel: there it is TRUE", Truth::Derived),
            ("Computed with 50 digits", Truth::Derived),
        ] {
            assert_eq!(Truth::of(source), truth, "{source}");
        }
    }
}

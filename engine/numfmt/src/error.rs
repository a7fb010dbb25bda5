//! What can be wrong with a format code.

use std::fmt;

/// Why a text is not a format code. The position counts characters from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// The code has more characters than [`crate::MAX_CODE_CHARS`].
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// A quote or bracket is not closed, or `\`, `_` or `*` has no character behind it.
    Unfinished {
        /// Where it begins.
        position: usize,
        /// The character that needs more.
        character: char,
    },
    /// A character that must be quoted to stand for itself.
    Unquoted {
        /// Where it stands.
        position: usize,
        /// The character.
        character: char,
    },
    /// Brackets around something that is no colour, condition, elapsed time, currency or locale.
    UnknownBracket {
        /// Where the bracket opens.
        position: usize,
        /// What stands between the brackets.
        content: String,
    },
    /// More than four sections, more than two conditions, or two text sections.
    TooManySections,
    /// A section that mixes things that cannot be shown together, such as a date and digits.
    Mixed {
        /// The section, counted from 1.
        section: usize,
        /// What does not go together.
        what: &'static str,
    },
    /// A fraction or exponent without digits on one of its sides.
    MissingDigits {
        /// The section, counted from 1.
        section: usize,
        /// `/` or `E`.
        beside: char,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::TooLong { chars } => {
                write!(f, "the format code has {chars} characters; {} are allowed", crate::MAX_CODE_CHARS)
            }
            FormatError::Unfinished { position, character } => {
                write!(f, "{character} at character {} of the format code is not finished", position + 1)
            }
            FormatError::Unquoted { position, character } => write!(
                f,
                "{character} at character {} of the format code must stand in quotes or behind a backslash",
                position + 1
            ),
            FormatError::UnknownBracket { position, content } => write!(
                f,
                "[{content}] at character {} of the format code is no colour, condition, elapsed time, \
                 currency or locale",
                position + 1
            ),
            FormatError::TooManySections => {
                f.write_str("a format code has at most four sections, two conditions and one text section")
            }
            FormatError::Mixed { section, what } => {
                write!(f, "section {section} of the format code mixes {what}")
            }
            FormatError::MissingDigits { section, beside } => {
                write!(f, "{beside} in section {section} of the format code needs digits on both sides")
            }
        }
    }
}

impl std::error::Error for FormatError {}

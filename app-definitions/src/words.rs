//! Closed sets of words, such as the input types or the chart types.
//!
//! Each set is declared once, as an enum whose variants carry their XML word. Reader, writer, hints and the test that
//! compares with the XSD all take the words from there, so a new word is one line.

/// A closed set of words that an attribute may hold.
pub trait Word: Copy + Sized + 'static {
    /// Every word of the set in the vocabulary's order; the first is the default.
    const WORDS: &'static [&'static str];

    /// The member that is spelled `word` in XML (exactly, in lower case).
    fn from_word(word: &str) -> Option<Self>;

    /// How this member is spelled in XML.
    fn word(self) -> &'static str;
}

/// Declares an enum together with its XML words.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $crate::words::Word for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn from_word(word: &str) -> Option<Self> {
                match word {
                    $( $word => Some(Self::$variant), )+
                    _ => None,
                }
            }

            fn word(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::words::Word::word(*self))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::words::Word::word(*self))
            }
        }
    };
}

pub(crate) use words;

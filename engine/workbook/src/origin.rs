//! Where a workbook was last calculated, as far as its file tells.

/// The surroundings that the values in a file were calculated in.
///
/// Texts that look like numbers and dates, TEXT, VALUE, CHAR and their like depend on them, and no file states them
/// all. What a workbook is calculated in is the caller's decision; this is what it may want to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The regional settings, where something in the file speaks for others than those of the United States.
    pub locale: Option<LocaleHint>,
    /// Whether the program ran on a Macintosh, whose CHAR and CODE know other characters beyond 127.
    pub macintosh: bool,
}

/// Regional settings with what speaks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocaleHint {
    /// BCP 47 tag, `de-AT`.
    pub tag: &'static str,
    /// What in the file says so, as a sentence for people.
    pub reason: String,
}

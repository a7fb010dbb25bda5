//! What is wrong with a definition, for people.
//!
//! Each diagnostic has a stable code, a place, a plain sentence and, where one helps, a hint what to do. All codes stand
//! in one list here, each with its severity, so tools can rely on them.

use std::fmt::Write as _;

use serde::Serialize;

use crate::origin::{Origin, Place};
use crate::words::words;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the app is as its author wrote it.
    Info,
    /// The app works, but not wholly as written.
    Warning,
    /// The definition is refused.
    Error,
}

impl Severity {
    /// The word in front of a rendered diagnostic.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

words! {
    /// Stable names of everything that can be wrong.
    pub enum Code {
        /// Bytes that are not UTF-8.
        NotUtf8 = "not-utf8",
        /// More bytes than the limit.
        TooLarge = "too-large",
        /// Elements nested deeper than the limit.
        TooDeep = "too-deep",
        /// More elements than the limit.
        TooManyElements = "too-many-elements",
        /// More attributes on one element than the limit.
        TooManyAttributes = "too-many-attributes",
        /// More diagnostics than the limit; the rest is left out.
        TooManyProblems = "too-many-problems",
        /// A document type declaration.
        Doctype = "doctype",
        /// Markup that is not XML.
        XmlSyntax = "xml-syntax",
        /// An XML declaration with another version or encoding than 1.0 and UTF-8.
        XmlDeclaration = "xml-declaration",
        /// Start and end tags that do not match.
        MismatchedTag = "mismatched-tag",
        /// A character that XML does not allow.
        InvalidCharacter = "invalid-character",
        /// A name that XML does not allow.
        InvalidName = "invalid-name",
        /// An entity other than the five of XML.
        UnknownEntity = "unknown-entity",
        /// An attribute without quotes, value or space in front of it.
        AttributeSyntax = "attribute-syntax",
        /// The same attribute twice.
        DuplicateAttribute = "duplicate-attribute",
        /// A prefix that no `xmlns:` declares.
        UndeclaredPrefix = "undeclared-prefix",
        /// Text or a second element outside the root.
        OutsideRoot = "outside-root",
        /// No element at all.
        EmptyDocument = "empty-document",
        /// The root is not `<app>` of the app definition's namespace.
        NotAnApp = "not-an-app",
        /// No namespace: the basic form.
        NoNamespace = "no-namespace",
        /// Written for a later version of the vocabulary.
        NewerSchema = "newer-schema",
        /// Written for a later player.
        NewerPlayer = "newer-player",
        /// Publish mode or access list inside a document.
        AccessData = "access-data",
        /// An element that the vocabulary does not have.
        UnknownElement = "unknown-element",
        /// An element in a place where it means nothing.
        MisplacedElement = "misplaced-element",
        /// An element twice that may stand once.
        DuplicateElement = "duplicate-element",
        /// An element that has to be there.
        MissingElement = "missing-element",
        /// An attribute that the element does not have.
        UnknownAttribute = "unknown-attribute",
        /// An attribute that has to be there.
        MissingAttribute = "missing-attribute",
        /// Attributes that exclude each other.
        ConflictingAttributes = "conflicting-attributes",
        /// Text where only elements may stand.
        UnexpectedText = "unexpected-text",
        /// An element of the vocabulary that this version keeps but does not show.
        NotShown = "not-shown",
        /// An element of the vocabulary that this version keeps and that shows nothing anyway.
        KeptAside = "kept-aside",
        /// A word that is not in the attribute's list.
        BadWord = "bad-word",
        /// Neither true nor false.
        BadBoolean = "bad-boolean",
        /// Not a number, or not a whole one where one is needed.
        BadNumber = "bad-number",
        /// A number outside what the attribute allows.
        NumberOutOfRange = "number-out-of-range",
        /// Not an id.
        BadId = "bad-id",
        /// Not a cell address.
        BadAddress = "bad-address",
        /// Not a reference.
        BadReference = "bad-reference",
        /// Not an expression.
        BadExpression = "bad-expression",
        /// Not a colour.
        BadColor = "bad-color",
        /// Not a locale.
        BadLocale = "bad-locale",
        /// Not a length of time.
        BadPeriod = "bad-period",
        /// Not a version.
        BadVersion = "bad-version",
        /// Not an address on the web or a file.
        BadUrl = "bad-url",
        /// Not a hash.
        BadHash = "bad-hash",
        /// Not the key of a text.
        BadKey = "bad-key",
        /// A caption without a character in it.
        EmptyCaption = "empty-caption",
        /// An attribute or element without a value.
        EmptyValue = "empty-value",
        /// An input or output that people see, without a caption.
        NoCaption = "no-caption",
        /// A picture without words for those who cannot see it.
        NoAlternative = "no-alternative",
        /// The same id twice.
        DuplicateId = "duplicate-id",
        /// `#id` without a bind of that id.
        DanglingBind = "dangling-bind",
        /// The id of a source that does not exist.
        DanglingSource = "dangling-source",
        /// The id of a page, section or list that does not exist.
        DanglingTarget = "dangling-target",
        /// A bind that names no place, or only half of one.
        IncompleteBind = "incomplete-bind",
        /// An input bound to more than one cell.
        InputOnRange = "input-on-range",
        /// `required` on an output.
        RequiredOutput = "required-output",
        /// A least value above the greatest.
        MinAboveMax = "min-above-max",
        /// Choices that are neither listed nor referred to, or both.
        UnclearChoices = "unclear-choices",
        /// The same choice twice.
        DuplicateChoice = "duplicate-choice",
        /// Two inputs that write the same cell.
        SameCell = "same-cell",
        /// `@column` where there is no list around.
        ColumnOutsideList = "column-outside-list",
        /// A chart without anything to draw.
        NoSeries = "no-series",
        /// A text key without a text in the default locale.
        MissingText = "missing-text",
        /// A text key twice in one locale.
        DuplicateText = "duplicate-text",
        /// A password inside a URL.
        UrlWithPassword = "url-with-password",
        /// An offline lease longer than 30 days.
        LeaseTooLong = "lease-too-long",
    }
}

impl Code {
    /// How much problems of this kind matter.
    pub fn severity(self) -> Severity {
        match self {
            Self::KeptAside => Severity::Info,
            Self::NoNamespace | Self::NotShown | Self::NoCaption | Self::NoAlternative => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// One problem of a definition, where it is and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// A plain sentence: what is wrong with what.
    pub message: String,
    /// What to do, where that can be said.
    pub hint: Option<String>,
    /// Line in the XML, from 1; 0 for a model that was not read.
    pub line: u32,
    /// Column in characters, from 1; 0 for a model that was not read.
    pub column: u32,
    /// Where in the document, such as `app/layout/page[1]/item[2]/@min`.
    pub path: String,
}

impl Diagnostic {
    /// A diagnostic without a place; its severity is the code's.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            message: message.into(),
            hint: None,
            line: 0,
            column: 0,
            path: String::new(),
        }
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the hint if there is one.
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// Puts it at a place of the XML.
    pub fn at(mut self, place: Place, path: impl Into<String>) -> Self {
        self.line = place.line;
        self.column = place.column;
        self.path = path.into();
        self
    }

    /// Puts it at an element.
    pub fn on(self, origin: &Origin) -> Self {
        let (place, path) = (origin.place(), origin.path().to_owned());
        self.at(place, path)
    }

    /// Puts it at an attribute's value, or at the element if it has no such attribute.
    pub fn on_attribute(self, origin: &Origin, name: &str) -> Self {
        if !origin.has_attribute(name) {
            return self.on(origin);
        }
        let (place, path) = (origin.attribute(name), format!("{}/@{name}", origin.path()));
        self.at(place, path)
    }

    /// Whether the definition is refused because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The diagnostic as the command line shows it: `name:line:column: error[code]: message`, then the hint.
    /// The line break at the end is left to the caller.
    pub fn render(&self, source_name: &str) -> String {
        let Self { severity, code, message, hint, line, column, .. } = self;
        let mut text = format!("{source_name}:{line}:{column}: {}[{code}]: {message}", severity.word());
        if let Some(hint) = hint {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n  hint: {hint}");
        }
        text
    }
}

/// Collects diagnostics up to a limit and hands them out in the order of the document.
#[derive(Debug)]
pub(crate) struct Diagnostics {
    found: Vec<Diagnostic>,
    limit: usize,
    overflowed: bool,
}

impl Diagnostics {
    pub(crate) fn new(limit: usize) -> Self {
        Self { found: Vec::new(), limit: limit.max(1), overflowed: false }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.push_with(|| diagnostic);
    }

    /// Adds a diagnostic that is costly to make, such as one that looks for a similar name among many. It is made only
    /// if there is room, so that a document full of mistakes costs no more than the limit.
    pub(crate) fn push_with(&mut self, make: impl FnOnce() -> Diagnostic) {
        if self.found.len() < self.limit {
            self.found.push(make());
        } else {
            self.overflowed = true;
        }
    }

    /// Whether something did not fit.
    pub(crate) fn has_overflowed(&self) -> bool {
        self.overflowed
    }

    /// Everything in the order of the document. If something did not fit, the last one says so.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|found| (found.line, found.column));
        if self.overflowed {
            let message = format!("There are more problems than the {} that are listed.", self.limit);
            let last = self.found.last().map(|last| Place { line: last.line, column: last.column });
            self.found.push(
                Diagnostic::new(Code::TooManyProblems, message)
                    .hint("Repair the problems above and check again.")
                    .at(last.unwrap_or_default(), ""),
            );
        }
        self.found
    }
}

/// A text from a document for use in a message: in backticks, on one line, and cut if it is long.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// A text from a document on one line, and cut if it is long, so that hostile names do not fill messages.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_place_code_message_and_hint() {
        let diagnostic = Diagnostic::new(Code::MissingAttribute, "`<list>` needs the attribute `ref`.")
            .at(Place { line: 3, column: 7 }, "app/layout/list");
        assert_eq!(
            diagnostic.render("a.xml"),
            "a.xml:3:7: error[missing-attribute]: `<list>` needs the attribute `ref`."
        );
        assert_eq!(
            diagnostic.hint("Name a table.").render("a.xml"),
            "a.xml:3:7: error[missing-attribute]: `<list>` needs the attribute `ref`.\n  hint: Name a table."
        );
    }

    #[test]
    fn keeps_the_first_and_says_that_there_are_more() {
        let mut diagnostics = Diagnostics::new(2);
        for column in [9, 4, 1, 2] {
            diagnostics.push(Diagnostic::new(Code::BadWord, "No.").at(Place { line: 1, column }, "app"));
        }
        let found = diagnostics.finish();
        let columns: Vec<u32> = found.iter().map(|found| found.column).collect();
        assert_eq!(columns, [4, 9, 9]);
        assert_eq!(found[2].code, Code::TooManyProblems);
        assert_eq!(found[2].message, "There are more problems than the 2 that are listed.");
    }

    #[test]
    fn shows_texts_on_one_line_and_not_too_long() {
        assert_eq!(quoted("a\nb"), "`a b`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }
}

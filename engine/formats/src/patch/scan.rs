//! An XML part as a run of pieces that, one behind the other, are the part byte for byte.
//!
//! A reader for changing little and keeping the rest: tags come whole, text and comments in pieces as they are
//! read. Nothing is decoded before somebody asks. Invariant: no more is held than one tag or one buffer.

use crate::LoadError;
use crate::xml::{Xml, XmlReader};
use quick_xml::escape::unescape;
use std::borrow::Cow;
use std::io::BufRead;
use std::ops::Range;
use std::str::FromStr;

/// Where reading a tag stops: none of a spreadsheet's is as long.
const MOST_TAG_BYTES: usize = 1 << 20;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A start tag.
    Start,
    /// A tag that is start and end in one.
    Empty,
    /// An end tag.
    End,
    /// Text, or part of one.
    Text,
    /// A comment, a processing instruction, or part of one.
    Other,
}

/// A piece of a part, its brackets included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'b> {
    pub kind: Kind,
    pub raw: &'b [u8],
    /// How many elements it stands in; a tag does not stand in its own.
    pub level: u32,
}

impl<'b> Piece<'b> {
    /// The tag, if it is one; an empty one otherwise.
    pub fn tag(self) -> Tag<'b> {
        match self.kind {
            Kind::Start | Kind::Empty | Kind::End => Tag(self.raw),
            Kind::Text | Kind::Other => Tag(b""),
        }
    }

    /// Whether an element of this local name begins here.
    pub fn begins(self, name: &str) -> bool {
        matches!(self.kind, Kind::Start | Kind::Empty) && self.tag().local() == name.as_bytes()
    }

    /// Whether an element of this local name ends here.
    pub fn ends(self, name: &str) -> bool {
        matches!(self.kind, Kind::End | Kind::Empty) && self.tag().local() == name.as_bytes()
    }
}

/// Reads pieces.
pub(crate) struct Scanner<R> {
    source: R,
    buf: Vec<u8>,
    /// The first byte of the buffer that no piece has given yet.
    next: usize,
    /// What ends the comment or the like that the next piece begins in.
    inside: Option<(&'static [u8], Kind)>,
    depth: u32,
    most_depth: u32,
}

impl<R: BufRead> Scanner<R> {
    pub fn new(source: R, most_depth: u32) -> Scanner<R> {
        Scanner { source, buf: Vec::new(), next: 0, inside: None, depth: 0, most_depth }
    }

    /// The next piece; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Piece<'_>>, LoadError> {
        if let Some((end, kind)) = self.inside {
            return self.until(end, kind).map(Some);
        }
        if self.next == self.buf.len() && !self.fill()? {
            return match self.depth {
                0 => Ok(None),
                _ => Err(LoadError::Damaged("a part ends in the middle".into())),
            };
        }
        if self.buf.get(self.next) != Some(&b'<') {
            let rest = self.rest();
            let end = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
            return Ok(Some(self.take(end, Kind::Text)));
        }
        self.markup().map(Some)
    }

    fn markup(&mut self) -> Result<Piece<'_>, LoadError> {
        const CDATA: &[u8] = b"<![CDATA[";
        while self.rest().len() < CDATA.len() && self.fill()? {}
        let rest = self.rest();
        if rest.starts_with(b"<!--") {
            return self.until(b"-->", Kind::Other);
        }
        if rest.starts_with(b"<?") {
            return self.until(b"?>", Kind::Other);
        }
        if rest.starts_with(CDATA) {
            return self.until(b"]]>", Kind::Text);
        }
        if rest.starts_with(b"<!") {
            let what = "a part declares a document type, which spreadsheets never do";
            return Err(LoadError::Refused(what.into()));
        }
        self.whole_tag()
    }

    fn whole_tag(&mut self) -> Result<Piece<'_>, LoadError> {
        let (mut seen, mut quote) = (0, None);
        let length = loop {
            let found = self.rest().get(seen..).unwrap_or_default().iter().position(|byte| {
                match quote {
                    Some(open) if open == *byte => quote = None,
                    Some(_) => {}
                    None if matches!(*byte, b'"' | b'\'') => quote = Some(*byte),
                    None => return *byte == b'>',
                }
                false
            });
            if let Some(place) = found {
                break seen + place + 1;
            }
            seen = self.rest().len();
            if seen > MOST_TAG_BYTES {
                return Err(LoadError::Refused("a tag of a part is longer than any spreadsheet's".into()));
            }
            if !self.fill()? {
                return Err(LoadError::Damaged("a part ends in the middle of a tag".into()));
            }
        };
        let raw = self.rest().get(..length).unwrap_or_default();
        let kind = match raw {
            [_, b'/', ..] => Kind::End,
            [.., b'/', _] => Kind::Empty,
            _ => Kind::Start,
        };
        let mut level = self.depth;
        match kind {
            Kind::Start => self.depth += 1,
            Kind::End => {
                self.depth = self.depth.saturating_sub(1);
                level = self.depth;
            }
            _ => {}
        }
        if self.depth > self.most_depth {
            let most = self.most_depth;
            return Err(LoadError::Refused(format!("elements are nested more than {most} deep")));
        }
        Ok(Piece { level, ..self.take(length, kind) })
    }

    /// A piece up to and with `end`, or as much as is there.
    fn until(&mut self, end: &'static [u8], kind: Kind) -> Result<Piece<'_>, LoadError> {
        self.inside = Some((end, kind));
        loop {
            let rest = self.rest();
            if let Some(place) = rest.windows(end.len()).position(|window| window == end) {
                self.inside = None;
                return Ok(self.take(place + end.len(), kind));
            }
            // The end's first bytes may be the last of the buffer.
            let sure = (rest.len() + 1).saturating_sub(end.len());
            if sure > 0 {
                return Ok(self.take(sure, kind));
            }
            if !self.fill()? {
                return Err(LoadError::Damaged("a part ends in the middle".into()));
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.buf.get(self.next..).unwrap_or_default()
    }

    fn take(&mut self, length: usize, kind: Kind) -> Piece<'_> {
        let start = self.next;
        self.next += length;
        Piece { kind, raw: self.buf.get(start..self.next).unwrap_or_default(), level: self.depth }
    }

    /// Reads more; whether there was any.
    fn fill(&mut self) -> Result<bool, LoadError> {
        self.buf.drain(..self.next);
        self.next = 0;
        let more = self.source.fill_buf().map_err(|error| LoadError::from(&error))?;
        let count = more.len();
        self.buf.extend_from_slice(more);
        self.source.consume(count);
        Ok(count > 0)
    }
}

/// A tag with its brackets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'b>(pub &'b [u8]);

/// An attribute of a tag, as places in the tag.
struct Attr {
    /// With the blanks in front of it.
    whole: Range<usize>,
    name: Range<usize>,
    /// Without its quotes.
    value: Range<usize>,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl<'b> Tag<'b> {
    fn at(self, range: Range<usize>) -> &'b [u8] {
        self.0.get(range).unwrap_or_default()
    }

    fn name_range(self) -> Range<usize> {
        let start = if self.0.get(1) == Some(&b'/') { 2 } else { 1 };
        let rest = self.0.get(start..).unwrap_or_default();
        let end = rest.iter().position(|byte| is_blank(*byte) || matches!(byte, b'/' | b'>'));
        start..start + end.unwrap_or(rest.len())
    }

    /// The name with its prefix.
    pub fn name(self) -> &'b [u8] {
        self.at(self.name_range())
    }

    /// The name without its prefix.
    pub fn local(self) -> &'b [u8] {
        let name = self.name();
        name.iter()
            .position(|byte| *byte == b':')
            .map_or(name, |colon| name.get(colon + 1..).unwrap_or_default())
    }

    /// The prefix with its colon; empty where there is none.
    pub fn prefix(self) -> String {
        let name = self.name();
        let colon = name.iter().position(|byte| *byte == b':').map_or(0, |colon| colon + 1);
        String::from_utf8_lossy(name.get(..colon).unwrap_or_default()).into_owned()
    }

    fn attrs(self) -> impl Iterator<Item = Attr> {
        let mut from = self.name_range().end;
        std::iter::from_fn(move || {
            let byte = |place: usize| self.0.get(place).copied();
            let skip =
                |place: usize| (place..).find(|place| !byte(*place).is_some_and(is_blank)).unwrap_or(place);
            let start = skip(from);
            let name_end = (start..)
                .find(|place| byte(*place).is_none_or(|b| is_blank(b) || matches!(b, b'=' | b'/' | b'>')))?;
            let equals = skip(name_end);
            if name_end == start || byte(equals) != Some(b'=') {
                return None;
            }
            let quote = skip(equals + 1);
            let mark = byte(quote).filter(|mark| matches!(mark, b'"' | b'\''))?;
            let length = self.0.get(quote + 1..)?.iter().position(|byte| *byte == mark)?;
            let end = quote + 1 + length;
            let attr = Attr { whole: from..end + 1, name: start..name_end, value: quote + 1..end };
            from = end + 1;
            Some(attr)
        })
    }

    /// The name as written of the attribute that is a relation's id, whatever its prefix is.
    pub fn relation_name(self) -> String {
        let name = |attr: Attr| std::str::from_utf8(self.at(attr.name)).ok();
        let mut names = self.attrs().filter_map(name);
        names.find(|name| name.ends_with(":id")).unwrap_or("r:id").to_owned()
    }

    /// An attribute's value, by its name as written.
    pub fn get(self, name: &str) -> Option<Cow<'b, str>> {
        let attr = self.attrs().find(|attr| self.at(attr.name.clone()) == name.as_bytes())?;
        let raw = std::str::from_utf8(self.at(attr.value)).ok()?;
        if raw.contains('&') { unescape(raw).ok() } else { Some(Cow::Borrowed(raw)) }
    }

    /// An attribute as a number or an address.
    pub fn parse<T: FromStr>(self, name: &str) -> Option<T> {
        self.get(name)?.trim().parse().ok()
    }

    /// An attribute as a truth value.
    pub fn flag(self, name: &str) -> bool {
        matches!(self.get(name).as_deref(), Some("1" | "true" | "on"))
    }

    /// Whether the tag says anything but these attributes.
    pub fn says_more_than(self, names: &[&str]) -> bool {
        self.attrs().any(|attr| !names.iter().any(|name| self.at(attr.name.clone()) == name.as_bytes()))
    }

    /// The same tag with other attributes: `Some` sets one where it stands or at the end, `None` takes it away.
    pub fn with(self, changes: &[(&str, Option<&str>)]) -> Vec<u8> {
        let mut tag = Vec::with_capacity(self.0.len() + 16);
        tag.extend_from_slice(self.at(0..self.name_range().end));
        let (mut end, mut set) = (self.name_range().end, vec![false; changes.len()]);
        for attr in self.attrs() {
            let name = self.at(attr.name.clone());
            let change = changes.iter().position(|(wanted, _)| wanted.as_bytes() == name);
            match change.and_then(|place| changes.get(place).map(|change| (place, change.1))) {
                None => tag.extend_from_slice(self.at(attr.whole.clone())),
                Some((place, value)) => {
                    if let (Some(value), Some(set)) = (value, set.get_mut(place)) {
                        *set = true;
                        tag.extend_from_slice(self.at(attr.whole.start..attr.value.start));
                        tag.extend_from_slice(escaped(value).as_bytes());
                        tag.extend_from_slice(self.at(attr.value.end..attr.whole.end));
                    }
                }
            }
            end = attr.whole.end;
        }
        for ((name, value), _) in changes.iter().zip(set).filter(|(_, set)| !set) {
            if let Some(value) = value {
                tag.extend_from_slice(format!(" {name}=\"{}\"", escaped(value)).as_bytes());
            }
        }
        tag.extend_from_slice(self.at(end..self.0.len()));
        tag
    }

    /// The same tag as a start tag, whether it was empty or not.
    pub fn opened(self) -> Vec<u8> {
        let end = if self.0.ends_with(b"/>") { self.0.len() - 2 } else { self.0.len().saturating_sub(1) };
        [self.at(0..end).trim_ascii_end(), b">"].concat()
    }

    /// The same tag as an empty one.
    pub fn closed(self) -> Vec<u8> {
        if self.0.ends_with(b"/>") {
            return self.0.to_vec();
        }
        [self.at(0..self.0.len().saturating_sub(1)), b"/>"].concat()
    }

    /// The end tag that belongs to it.
    pub fn end(self) -> Vec<u8> {
        [b"</", self.name(), b">"].concat()
    }
}

/// Text for an attribute or an element.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\r', '\n', '\t']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\r' => safe.push_str("&#13;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// The text of an element that is all there, its children's included.
pub(crate) fn text_of(element: &[u8], depth: u32) -> Result<String, LoadError> {
    let mut xml = XmlReader::new(element, depth);
    match xml.next()? {
        Xml::Start(_) => xml.text(),
        _ => Ok(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    const PART: &str = "\u{feff}<?xml version=\"1.0\"?>\n<a x='1>2' y = \"&lt;b\" ><!-- <no> --><b/>text &amp; <![CDATA[<c>]]]></a >\n";

    fn pieces(bytes: usize) -> (Vec<u8>, Vec<Kind>) {
        let mut scanner = Scanner::new(BufReader::with_capacity(bytes, PART.as_bytes()), 9);
        let (mut all, mut kinds) = (Vec::new(), Vec::new());
        while let Some(piece) = scanner.next().unwrap() {
            all.extend_from_slice(piece.raw);
            if kinds.last() != Some(&piece.kind) {
                kinds.push(piece.kind);
            }
        }
        (all, kinds)
    }

    #[test]
    fn pieces_are_the_part_whatever_the_buffer() {
        for bytes in [1, 2, 3, 7, 64, 1_000] {
            let (all, kinds) = pieces(bytes);
            assert_eq!(String::from_utf8_lossy(&all), PART);
            use Kind::*;
            assert_eq!(kinds, [Text, Other, Text, Start, Other, Empty, Text, End, Text], "{bytes}");
        }
    }

    #[test]
    fn parts_that_end_early_or_declare_types_are_errors() {
        for part in
            ["<a", "<a b='>", "<!-- x", "<a>", "<![CDATA[ ]]", "<!DOCTYPE a>", "<a><b><c></c></b></a>"]
        {
            let mut scanner = Scanner::new(part.as_bytes(), 2);
            let ended = loop {
                match scanner.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => break true,
                    Err(_) => break false,
                }
            };
            assert!(!ended, "{part}");
        }
    }

    #[test]
    fn tags_change_only_where_they_are_told_to() {
        let tag = Tag(br#"<x:c r="A1"  s='2' t="s" >"#);
        assert_eq!((tag.name(), tag.local(), tag.prefix().as_str()), (&b"x:c"[..], &b"c"[..], "x:"));
        assert_eq!(tag.get("s").as_deref(), Some("2"));
        let with = |changes: &[(&str, Option<&str>)]| String::from_utf8(tag.with(changes)).unwrap();
        assert_eq!(with(&[]), r#"<x:c r="A1"  s='2' t="s" >"#);
        assert_eq!(with(&[("t", None), ("s", Some("3"))]), r#"<x:c r="A1"  s='3' >"#);
        assert_eq!(with(&[("cm", Some("<"))]), r#"<x:c r="A1"  s='2' t="s" cm="&lt;" >"#);
        assert_eq!(Tag(b"<c r=\"A1\" />").opened(), b"<c r=\"A1\">");
        assert_eq!(Tag(b"<c>").closed(), b"<c/>");
        for bad in [&b"<c r"[..], b"<c r=", b"<c r=x>", b"<c r=\"x>", b"<>", b"<", b""] {
            assert_eq!(Tag(bad).get("r"), None);
        }
    }
}

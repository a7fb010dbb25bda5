//! A small piece of XML in memory whose elements can change or go, and which is otherwise written as it was read.

use super::scan::{Kind, Piece, Scanner, Tag, escaped, text_of};
use super::{SaveError, content::element_text};
use crate::LoadError;

/// A node.
pub(super) enum Node {
    Element(Element),
    /// Text, comments and the like, as read.
    Raw(Vec<u8>),
}

/// An element.
pub(super) struct Element {
    start: Vec<u8>,
    pub children: Vec<Node>,
    /// Empty where the start tag is the end too.
    end: Vec<u8>,
}

impl Element {
    fn new(raw: &[u8]) -> Element {
        Element { start: raw.to_vec(), children: Vec::new(), end: Vec::new() }
    }

    pub fn tag(&self) -> Tag<'_> {
        Tag(&self.start)
    }

    /// The local name.
    pub fn name(&self) -> &str {
        std::str::from_utf8(self.tag().local()).unwrap_or_default()
    }

    /// Sets or takes away attributes.
    pub fn set(&mut self, changes: &[(&str, Option<&str>)]) {
        self.start = self.tag().with(changes);
    }

    /// The elements directly inside.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Raw(_) => None,
        })
    }

    /// The same, to change them.
    pub fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.children.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Raw(_) => None,
        })
    }

    /// The first element of a local name inside.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name() == name)
    }

    /// The text inside, entities resolved.
    pub fn text(&self, depth: u32) -> Result<String, SaveError> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        Ok(text_of(&bytes, depth)?)
    }

    /// Puts a text in the place of everything inside.
    pub fn set_text(&mut self, text: &str) {
        if self.end.is_empty() {
            (self.start, self.end) = (self.tag().opened(), self.tag().end());
        }
        self.children = vec![Node::Raw(element_text(text).into_owned().into_bytes())];
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.start);
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(out),
                Node::Raw(raw) => out.extend_from_slice(raw),
            }
        }
        out.extend_from_slice(&self.end);
    }

    /// A new empty element beside this one, with attributes as written.
    pub fn sibling(&self, name: &str, attributes: &[(&str, &str)]) -> Element {
        Element::empty(&format!("{}{name}", self.tag().prefix()), attributes)
    }

    /// A new empty element.
    pub fn empty(name: &str, attributes: &[(&str, &str)]) -> Element {
        let mut tag = format!("<{name}");
        for (name, value) in attributes {
            tag.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
        tag.push_str("/>");
        Element::new(tag.as_bytes())
    }
}

/// How many nodes a tree may have: each costs far more memory than bytes of the file.
const MOST_NODES: usize = 1 << 21;

/// Builds an element from the pieces of a part.
#[derive(Default)]
pub(super) struct Builder {
    open: Vec<Element>,
    nodes: usize,
}

impl Builder {
    /// Takes the next piece, the first of which begins the element; gives the element with its last piece.
    pub fn push(&mut self, piece: Piece<'_>) -> Result<Option<Element>, SaveError> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let what = "the number of elements around its cells";
            return Err(LoadError::TooLarge { what, limit: MOST_NODES as u64 }.into());
        }
        match piece.kind {
            Kind::Start => self.open.push(Element::new(piece.raw)),
            Kind::Empty => return Ok(self.close(Element::new(piece.raw))),
            Kind::End => {
                let Some(mut element) = self.open.pop() else { return Ok(None) };
                element.end = piece.raw.to_vec();
                return Ok(self.close(element));
            }
            Kind::Text | Kind::Other => self.text(piece.raw),
        }
        Ok(None)
    }

    fn text(&mut self, text: &[u8]) {
        if let Some(parent) = self.open.last_mut() {
            match parent.children.last_mut() {
                Some(Node::Raw(raw)) => raw.extend_from_slice(text),
                _ => parent.children.push(Node::Raw(text.to_vec())),
            }
        }
    }

    fn close(&mut self, element: Element) -> Option<Element> {
        match self.open.last_mut() {
            Some(parent) => {
                parent.children.push(Node::Element(element));
                None
            }
            None => Some(element),
        }
    }
}

/// A part with its root element changed by `change`; `None` where that changes nothing.
pub(super) fn changed_part(
    old: &[u8],
    depth: u32,
    mut change: impl FnMut(&mut Element) -> Result<(), SaveError>,
) -> Result<Option<Vec<u8>>, SaveError> {
    let mut scanner = Scanner::new(old, depth);
    let mut out = Vec::with_capacity(old.len() + 64);
    let (mut builder, mut inside) = (Builder::default(), false);
    while let Some(piece) = scanner.next()? {
        inside |= matches!(piece.kind, Kind::Start | Kind::Empty);
        if !inside {
            out.extend_from_slice(piece.raw);
        } else if let Some(mut root) = builder.push(piece)? {
            change(&mut root)?;
            root.write(&mut out);
            inside = false;
        }
    }
    Ok((out != old).then_some(out))
}

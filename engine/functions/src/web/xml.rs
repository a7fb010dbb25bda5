//! An XML document as a tree for XPath: nodes in one list, in document order, so that a node's number is its place
//! in the document. An element's attributes stand right behind it, then its children.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};

/// A node's number.
pub(super) type Id = usize;

/// The document node, above the root element.
pub(super) const ROOT: Id = 0;

/// Deepest nesting of elements.
const MAX_DEPTH: usize = 200;
/// Most nodes of a document.
const MAX_NODES: usize = 200_000;

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The document.
    Root,
    /// An element with its name.
    Element(Name),
    /// An attribute with its name and value.
    Attribute(Name, String),
    /// Text.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction with its target and what follows.
    Instruction(String, String),
}

/// A name and what namespace it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The prefix as written; empty for none.
    pub(super) prefix: String,
    /// The part behind the prefix.
    pub(super) local: String,
    /// The namespace; empty for none.
    pub(super) namespace: String,
}

/// A node and its place in the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) kind: Kind,
    /// The node above; the document's own number for itself.
    pub(super) parent: Id,
    /// The number after the last node inside of it.
    pub(super) end: Id,
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// All nodes in document order, the document itself first.
    pub(super) nodes: Vec<Node>,
}

/// The namespaces in scope, innermost last: prefix and name.
type Scope = Vec<(String, String)>;

impl Document {
    /// Reads a document; `None` where it is not well formed, or larger than the bounds.
    pub(super) fn parse(text: &str) -> Option<Document> {
        let mut reader = Reader::from_str(text);
        let mut builder = Builder {
            nodes: vec![Node { kind: Kind::Root, parent: ROOT, end: 0 }],
            open: vec![(ROOT, 0)],
            scope: vec![("xml".to_owned(), "http://www.w3.org/XML/1998/namespace".to_owned())],
        };
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => builder.open(&start)?,
                Event::Empty(start) => {
                    builder.open(&start)?;
                    builder.close()?;
                }
                Event::End(_) => builder.close()?,
                Event::Text(text) => builder.text(&text),
                Event::CData(text) => builder.text(&text),
                Event::GeneralRef(reference) => builder.text(&resolved(&reference)?),
                // Entities could grow without bounds.
                Event::DocType(_) => return None,
                Event::Comment(text) => {
                    builder.push(Kind::Comment(text.to_string()));
                }
                Event::PI(instruction) => {
                    let content = instruction.content().trim_start().to_owned();
                    builder.push(Kind::Instruction(instruction.target().to_owned(), content));
                }
                Event::Eof => break,
                Event::Decl(_) => {}
            }
            if builder.nodes.len() > MAX_NODES {
                return None;
            }
        }
        builder.finished()
    }

    /// The children of a node, without attributes.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let end = self.nodes[id].end;
        let mut at = id + 1;
        std::iter::from_fn(move || {
            while at < end {
                let child = at;
                at = self.nodes[child].end;
                if !matches!(self.nodes[child].kind, Kind::Attribute(..)) {
                    return Some(child);
                }
            }
            None
        })
    }

    /// The attributes of a node.
    pub(super) fn attributes(&self, id: Id) -> impl Iterator<Item = Id> {
        (id + 1..self.nodes[id].end).take_while(|id| matches!(self.nodes[*id].kind, Kind::Attribute(..)))
    }

    /// The text of a node: of an element all text inside, comments and instructions aside.
    pub(super) fn text(&self, id: Id) -> String {
        match &self.nodes[id].kind {
            Kind::Attribute(_, value)
            | Kind::Text(value)
            | Kind::Comment(value)
            | Kind::Instruction(_, value) => value.clone(),
            Kind::Root | Kind::Element(_) => self.nodes[id..self.nodes[id].end]
                .iter()
                .filter_map(|node| if let Kind::Text(text) = &node.kind { Some(text.as_str()) } else { None })
                .collect(),
        }
    }
}

/// The character of `&amp;`, `&#65;` and the like.
fn resolved(reference: &str) -> Option<String> {
    escape::unescape(&format!("&{reference};")).ok().map(|text| text.into_owned())
}

struct Builder {
    nodes: Vec<Node>,
    /// Elements not yet closed, with how many namespaces were in scope before each.
    open: Vec<(Id, usize)>,
    scope: Scope,
}

impl Builder {
    fn open(&mut self, start: &BytesStart<'_>) -> Option<()> {
        if self.open.len() > MAX_DEPTH || (self.open.len() == 1 && self.has_root_element()) {
            return None;
        }
        let before = self.scope.len();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let name = attribute.key.as_ref().to_owned();
            let value = escape::unescape(&attribute.value).ok()?.into_owned();
            match name.strip_prefix("xmlns") {
                Some("") => self.scope.push((String::new(), value)),
                Some(prefix) if prefix.starts_with(':') => self.scope.push((prefix[1..].to_owned(), value)),
                _ => attributes.push((name, value)),
            }
        }
        let id = self.push(Kind::Element(self.name(start.name().as_ref(), true)?));
        for (name, value) in attributes {
            let kind = Kind::Attribute(self.name(&name, false)?, value);
            let attribute = self.push(kind);
            self.nodes[attribute].parent = id;
        }
        self.open.push((id, before));
        Some(())
    }

    fn has_root_element(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.kind, Kind::Element(_)))
    }

    /// A name with its namespace; unprefixed attributes have none. `None` for an unknown prefix.
    fn name(&self, written: &str, by_default: bool) -> Option<Name> {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let found = self.scope.iter().rev().find(|(known, _)| known == prefix).map(|(_, name)| name.clone());
        let namespace = match (prefix, by_default) {
            ("", true) => found.unwrap_or_default(),
            ("", false) => String::new(),
            _ => found?,
        };
        Some(Name { prefix: prefix.to_owned(), local: local.to_owned(), namespace })
    }

    fn push(&mut self, kind: Kind) -> Id {
        let id = self.nodes.len();
        let parent = self.open.last().map_or(ROOT, |(parent, _)| *parent);
        self.nodes.push(Node { kind, parent, end: id + 1 });
        id
    }

    fn close(&mut self) -> Option<()> {
        let (id, scope) = self.open.pop()?;
        self.nodes[id].end = self.nodes.len();
        self.scope.truncate(scope);
        Some(())
    }

    /// Text goes to the text before it, if nothing stands between.
    fn text(&mut self, text: &str) {
        if self.open.len() == 1 {
            return;
        }
        let parent = self.open.last().map_or(ROOT, |(parent, _)| *parent);
        if let Some(Node { kind: Kind::Text(before), parent: same, .. }) = self.nodes.last_mut()
            && *same == parent
        {
            before.push_str(text);
            return;
        }
        self.push(Kind::Text(text.to_owned()));
    }

    fn finished(mut self) -> Option<Document> {
        if self.open.len() != 1 || !self.has_root_element() {
            return None;
        }
        let end = self.nodes.len();
        self.nodes[ROOT].end = end;
        Some(Document { nodes: self.nodes })
    }
}

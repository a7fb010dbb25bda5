//! The document as a tree of elements that borrow from the text and know where they stood.
//!
//! Only the reader sees this tree. It holds well-formed XML with namespaces resolved; what the elements mean is looked
//! at when the model is made from it.

use std::borrow::Cow;
use std::rc::Rc;

/// The namespace of an element or attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    /// That of app definitions.
    Ours,
    /// None.
    Absent,
    /// Another one, by its name.
    Foreign(Rc<str>),
}

/// An element.
#[derive(Debug)]
pub(super) struct Element<'x> {
    /// The name as written, with its prefix.
    pub(super) name: &'x str,
    pub(super) namespace: Namespace,
    /// The namespace of names without a prefix just outside the element.
    pub(super) default_outside: Namespace,
    pub(super) attributes: Vec<Attribute<'x>>,
    pub(super) children: Vec<Child<'x>>,
    /// Byte offset of its `<`.
    pub(super) start: usize,
    /// Byte offset behind its last `>`.
    pub(super) end: usize,
}

impl<'x> Element<'x> {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &'x str {
        local_part(self.name)
    }

    /// The elements inside, without regard to what stands between them.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element<'x>> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            _ => None,
        })
    }

    /// The value of an attribute that has no prefix.
    pub(super) fn plain_attribute(&self, name: &str) -> Option<&Attribute<'x>> {
        self.attributes
            .iter()
            .find(|attribute| attribute.kind == AttributeKind::Plain && attribute.name == name)
    }
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute<'x> {
    /// The name as written, with its prefix.
    pub(super) name: &'x str,
    pub(super) kind: AttributeKind,
    /// The value with entities resolved.
    pub(super) value: Cow<'x, str>,
    /// Byte offset of the name.
    pub(super) name_at: usize,
    /// Byte offset of the value, behind the quote.
    pub(super) value_at: usize,
}

/// What an attribute's prefix makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AttributeKind {
    /// No prefix: the element's own.
    Plain,
    /// `xmlns` or `xmlns:prefix`.
    Declaration,
    /// A prefix for our namespace, which attributes do not have.
    Ours,
    /// A prefix for another namespace.
    Foreign,
}

/// What stands inside an element or around the root.
#[derive(Debug)]
pub(super) enum Child<'x> {
    Element(Element<'x>),
    /// Text with entities resolved, and where it starts.
    Text {
        text: Cow<'x, str>,
        at: usize,
    },
    /// A comment as written.
    Comment(&'x str),
    /// An instruction as written.
    Instruction(&'x str),
}

/// A document: the root and what stands around it.
#[derive(Debug)]
pub(super) struct Document<'x> {
    /// Comments and instructions in front of the root.
    pub(super) before: Vec<Child<'x>>,
    pub(super) root: Element<'x>,
    /// Comments and instructions behind the root.
    pub(super) after: Vec<Child<'x>>,
    /// Whether it is well-formed; where not, elements may be missing from the tree.
    pub(super) well_formed: bool,
}

/// A name without its prefix.
pub(super) fn local_part(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

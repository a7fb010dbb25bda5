//! What an app shows, in order: containers and what stands in them.

use serde::Serialize;

use super::chart::Chart;
use super::fixed::{Divider, Heading, Image, Spacer, Text};
use super::item::Item;
use super::list::List;
use super::values::{Caption, Condition};
use crate::id::Id;
use crate::origin::Origin;
use crate::words::words;

/// The page container of an app.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Layout {
    /// How many columns items are set in, 1 to 12; the player decides where there is none.
    pub columns: Option<u32>,
    /// Greatest width of the content in pixels, 200 to 4000.
    pub width: Option<u32>,
    /// How people get from page to page.
    pub navigation: Navigation,
    /// Pages, or content directly.
    pub children: Vec<Node>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// How people get from page to page.
    #[derive(Default)]
    pub enum Navigation {
        /// Tabs above the content.
        #[default]
        Tabs = "tabs",
        /// A menu beside the content.
        Menu = "menu",
        /// One page after the other, with back and next.
        Steps = "steps",
    }
}

/// One element of the layout.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "element", rename_all = "lowercase")]
#[expect(
    clippy::large_enum_variant,
    reason = "most nodes of a layout are items, so boxing them would save nothing"
)]
pub enum Node {
    /// A page, tab, section or group.
    Container(Container),
    /// An input or output.
    Item(Item),
    /// A paragraph.
    Text(Text),
    /// A heading.
    Heading(Heading),
    /// A line between things.
    Divider(Divider),
    /// Empty space.
    Spacer(Spacer),
    /// A picture.
    Image(Image),
    /// Rows of a table or range.
    List(List),
    /// A chart.
    Chart(Chart),
    /// An element of the vocabulary that this version does not show.
    Unsupported(Unsupported),
}

impl Node {
    /// The node's id.
    pub fn id(&self) -> &Id {
        match self {
            Self::Container(node) => &node.id,
            Self::Item(node) => &node.id,
            Self::Text(node) => &node.id,
            Self::Heading(node) => &node.id,
            Self::Divider(node) => &node.id,
            Self::Spacer(node) => &node.id,
            Self::Image(node) => &node.id,
            Self::List(node) => &node.id,
            Self::Chart(node) => &node.id,
            Self::Unsupported(node) => &node.id,
        }
    }

    /// Where the node came from.
    pub fn origin(&self) -> &Origin {
        match self {
            Self::Container(node) => &node.origin,
            Self::Item(node) => &node.origin,
            Self::Text(node) => &node.origin,
            Self::Heading(node) => &node.origin,
            Self::Divider(node) => &node.origin,
            Self::Spacer(node) => &node.origin,
            Self::Image(node) => &node.origin,
            Self::List(node) => &node.origin,
            Self::Chart(node) => &node.origin,
            Self::Unsupported(node) => &node.origin,
        }
    }

    /// The nodes inside this one; only containers have any.
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Container(container) => &container.children,
            _ => &[],
        }
    }
}

/// Makes a node of each kind of element with `into()`.
macro_rules! node_from {
    ($($name:ident),+) => {
        $(impl From<$name> for Node {
            fn from(node: $name) -> Self {
                Self::$name(node)
            }
        })+
    };
}

node_from!(Container, Item, Text, Heading, Divider, Spacer, Image, List, Chart, Unsupported);

words! {
    /// What a container is to the people who use the app.
    #[derive(Default)]
    pub enum ContainerKind {
        /// One of the app's pages; only directly in the layout.
        Page = "page",
        /// One of several tabs that take turns in the same place.
        Tab = "tab",
        /// A part of a page with a heading.
        #[default]
        Section = "section",
        /// Things that belong together, without a heading of their own.
        Group = "group",
    }
}

/// A page, tab, section or group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Container {
    /// Which of the four it is.
    pub kind: ContainerKind,
    /// Its id.
    pub id: Id,
    /// Its heading or the words of its tab.
    pub caption: Option<Caption>,
    /// The name of an icon.
    pub icon: Option<String>,
    /// When it is shown; always where there is none.
    pub visible: Option<Condition>,
    /// When its items take input; always where there is none.
    pub enabled: Option<Condition>,
    /// Whether it is folded at first.
    pub collapsed: bool,
    /// How many columns its items are set in, 1 to 12; as around it where there is none.
    pub columns: Option<u32>,
    /// A longer explanation.
    pub help: Option<Caption>,
    /// What stands in it.
    pub children: Vec<Node>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Container {
    /// An empty container with a caption.
    pub fn new(kind: ContainerKind, caption: impl Into<String>) -> Self {
        Self { kind, caption: Some(Caption::literal(caption)), ..Self::default() }
    }

    /// The container with one more node in it.
    pub fn with(mut self, node: impl Into<Node>) -> Self {
        self.children.push(node.into());
        self
    }
}

/// An element of the vocabulary that this version does not show. It is kept as it was written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Unsupported {
    /// The element's name without prefix, such as `form`.
    pub name: String,
    /// Its id: its own if it states a good one, or else derived from its name.
    pub id: Id,
    /// The element's markup, byte for byte.
    pub xml: String,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

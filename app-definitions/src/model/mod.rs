//! An app definition in memory: plain data with public fields, one type for each element of the vocabulary.
//!
//! Everything has a default, so a definition can be built with struct literals; [`App::assign_ids`] then gives ids to
//! what has none. Nothing here knows XML or workbooks. A definition holds references, never data.

mod chart;
mod fixed;
mod item;
mod layout;
mod list;
mod rules;
mod source;
mod texts;
mod uses;
mod values;

use serde::Serialize;

use crate::origin::Origin;
use crate::words::words;

pub use chart::{Axis, AxisSide, Chart, ChartKind, Legend, Series};
pub use fixed::{Divider, Fit, Heading, Image, Spacer, Text};
pub use item::{Choice, Choices, ContentType, InputType, Item, RuleLevel, RuleTime, Validate};
pub use layout::{Container, ContainerKind, Layout, Navigation, Node, Unsupported};
pub use list::{
    Aggregate, Column, ColumnFilter, ColumnRole, Filter, FilterOp, GroupBy, List, ListView, Order, Sort,
};
pub use rules::{Classification, Offline, Privacy, Screenshot};
pub use source::{
    Auth, Bind, BindKind, Fingerprint, LabelAt, NeighbourKind, OnMove, Provider, Refresh, Source,
};
pub use texts::{Density, Meta, MetaOrigins, Strings, Theme, Translation};
pub use uses::{Identified, Named, Use, Used};
pub use values::{
    Bound, Caption, Color, ColumnRef, Condition, Moment, Period, Setting, ValueError, is_locale, is_text_key,
};

/// The locale of captions where a definition states none.
pub const FALLBACK_LOCALE: &str = "en";

/// A whole app definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct App {
    /// The app's id as the portal gave it; none until it is published.
    pub id: Option<String>,
    /// The version that the portal gave it, from 1; 0 until it is published.
    pub version: u32,
    /// The locale whose texts stand in where another has none.
    pub default_locale: Option<String>,
    /// The earliest player that can show the app, such as `0.1`.
    pub min_player: Option<String>,
    /// What kind of app it is.
    pub mode: Mode,
    /// What it is, for those who look for it.
    pub meta: Meta,
    /// Its workbooks; the first is the one that references without a source mean.
    pub sources: Vec<Source>,
    /// Its named addresses.
    pub binds: Vec<Bind>,
    /// What it shows.
    pub layout: Layout,
    /// How it looks.
    pub theme: Option<Theme>,
    /// Its texts, one entry for each locale.
    pub strings: Vec<Strings>,
    /// How its data is held on a device.
    pub offline: Option<Offline>,
    /// What in it is confidential.
    pub privacy: Option<Privacy>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
    /// Comments and instructions behind the root element.
    #[serde(skip)]
    pub epilogue: Vec<crate::origin::Kept>,
}

words! {
    /// What kind of app it is.
    #[derive(Default)]
    pub enum Mode {
        /// Inputs and outputs.
        #[default]
        Calculator = "calculator",
        /// Rows of a table.
        List = "list",
        /// Data that people send.
        Form = "form",
        /// Figures at a glance.
        Dashboard = "dashboard",
        /// Several of these.
        Combined = "combined",
    }
}

impl App {
    /// An app with a name and nothing else.
    pub fn new(name: impl Into<String>) -> Self {
        Self { meta: Meta { name: Some(Caption::literal(name)), ..Meta::default() }, ..Self::default() }
    }

    /// The app with one more node in its layout.
    pub fn with(mut self, node: impl Into<Node>) -> Self {
        self.layout.children.push(node.into());
        self
    }

    /// Adds a bind and answers with the reference to it.
    pub fn add_bind(&mut self, bind: Bind) -> crate::reference::Reference {
        let reference = bind.reference();
        self.binds.push(bind);
        reference
    }

    /// Gives an id to every element that has none. Deterministic; ids that are there stay as they are.
    pub fn assign_ids(&mut self) {
        crate::derive::assign_ids(self, &[]);
    }

    /// The bind of this id.
    pub fn bind(&self, id: &str) -> Option<&Bind> {
        self.binds.iter().find(|bind| bind.id.text == id)
    }

    /// The source that a bind belongs to: the one it names, or the first.
    pub fn source_of(&self, bind: &Bind) -> Option<&Source> {
        match &bind.source {
            Some(id) => self.sources.iter().find(|source| source.id.text == *id),
            None => self.sources.first(),
        }
    }

    /// The locale whose texts stand in where another has none: the stated one, that of the first strings, or `en`.
    pub fn default_locale(&self) -> &str {
        let first = || self.strings.first().map(|strings| strings.locale.as_str());
        self.default_locale.as_deref().or_else(first).unwrap_or(FALLBACK_LOCALE)
    }

    /// The text of a caption in a locale. A key is looked up in the locale, in its language (`de` for `de-CH`), in the
    /// default locale and the default's language; where none has it, the key itself is the text.
    pub fn text<'a>(&'a self, caption: &'a Caption, locale: &str) -> &'a str {
        match caption {
            Caption::Literal(text) => text,
            Caption::Key(key) => {
                let default = self.default_locale();
                let candidates = [locale, language_of(locale), default, language_of(default)];
                candidates.into_iter().find_map(|locale| self.text_in(key, locale)).unwrap_or(key)
            }
        }
    }

    /// The text of a key in exactly this locale.
    pub fn text_in(&self, key: &str, locale: &str) -> Option<&str> {
        let same = |strings: &&Strings| strings.locale.eq_ignore_ascii_case(locale);
        self.strings.iter().filter(same).find_map(|strings| strings.get(key))
    }

    /// Every node of the layout, each in front of the nodes inside it.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes { ahead: vec![self.layout.children.iter()] }
    }

    /// Every item of the layout, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.nodes().filter_map(|node| match node {
            Node::Item(item) => Some(item),
            _ => None,
        })
    }

    /// The node of this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes().find(|node| node.id().text == id)
    }

    /// Every element that has an id, in the order of writing, with its element name.
    pub fn identified(&self) -> Vec<Identified<'_>> {
        uses::identified(self)
    }

    /// Every reference and expression of the definition, with the element and attribute that holds it.
    pub fn uses(&self) -> Vec<Use<'_>> {
        uses::uses(self)
    }

    /// Every caption of the definition, with the element and attribute that holds it.
    pub fn captions(&self) -> Vec<Named<'_>> {
        uses::captions(self)
    }
}

/// The language of a locale: `de` for `de-CH`.
fn language_of(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

/// Walks the nodes of a layout; see [`App::nodes`].
#[derive(Debug)]
pub struct Nodes<'a> {
    ahead: Vec<std::slice::Iter<'a, Node>>,
}

impl<'a> Iterator for Nodes<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<&'a Node> {
        loop {
            match self.ahead.last_mut()?.next() {
                Some(node) => {
                    self.ahead.push(node.children().iter());
                    return Some(node);
                }
                None => {
                    self.ahead.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(locale: &str, key: &str, text: &str) -> Strings {
        let texts = vec![Translation { key: key.into(), text: text.into(), ..Translation::default() }];
        Strings { locale: locale.into(), texts, ..Strings::default() }
    }

    #[test]
    fn captions_fall_back_from_locale_to_language_to_default_to_key() {
        let mut app = App::new("BMI");
        app.default_locale = Some("en-GB".into());
        app.strings = vec![
            strings("de-AT", "a", "Jänner"),
            strings("de", "b", "Rechner"),
            strings("en", "c", "Colour"),
        ];
        let text = |key: &str, locale: &str| app.text(&Caption::Key(key.into()), locale).to_owned();
        assert_eq!(text("a", "de-AT"), "Jänner");
        assert_eq!(text("a", "de-at"), "Jänner");
        assert_eq!(text("b", "de-AT"), "Rechner");
        assert_eq!(text("c", "de-AT"), "Colour");
        assert_eq!(text("d", "de-AT"), "d");
        assert_eq!(app.text(&Caption::literal("@as is"), "de"), "@as is");
    }

    #[test]
    fn nodes_come_in_order_with_containers_in_front() {
        let reference = || crate::reference::Reference::cell(None, 0, 0);
        let section = Container::new(ContainerKind::Section, "S").with(Item::input("B", reference()));
        let page = Container::new(ContainerKind::Page, "P").with(Item::input("A", reference())).with(section);
        let mut app = App::new("N").with(page).with(Item::output("C", reference()));
        app.assign_ids();
        let ids: Vec<&str> = app.nodes().map(|node| node.id().as_str()).collect();
        assert_eq!(ids, ["p", "a", "s", "b", "c"]);
        assert_eq!(app.items().count(), 3);
        assert!(app.node("s").is_some_and(|node| node.children().len() == 1));
    }

    #[test]
    fn binds_name_their_places_in_order_of_precedence() {
        let bind = Bind {
            name: Some("Rate".into()),
            table: Some("Log".into()),
            column: Some("BMI".into()),
            ..Bind::to_cells("rate", "Calc", crate::address::Area::cell(1, 0))
        };
        let targets: Vec<String> = bind.targets().iter().map(ToString::to_string).collect();
        assert_eq!(targets, ["Rate", "Log[BMI]", "Calc!B1"]);
    }
}

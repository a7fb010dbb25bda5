//! Walks over everything in a definition that refers to something else: ids, references, expressions, captions.
//!
//! The checks here, and later those against a workbook, go over these lists instead of over the model, so a new
//! attribute that holds a reference is added in one place.

use super::App;
use super::chart::Chart;
use super::item::{Choices, Item};
use super::layout::{Container, Node};
use super::list::List;
use super::values::{Bound, Caption, Condition, Setting};
use crate::expression::Expression;
use crate::id::Id;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::Word;

/// An element with an id.
#[derive(Clone, Copy, Debug)]
pub struct Identified<'a> {
    /// The element's name, such as `item`.
    pub element: &'static str,
    /// Its id.
    pub id: &'a Id,
    /// Where it came from.
    pub origin: &'a Origin,
}

/// What an attribute uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Used<'a> {
    /// A reference.
    Reference(&'a Reference),
    /// An expression.
    Expression(&'a Expression),
}

impl<'a> Used<'a> {
    /// The ids of binds that are mentioned.
    pub fn binds(self) -> Vec<&'a str> {
        match self {
            Self::Reference(Reference::Bind(id)) => vec![id],
            Self::Reference(_) => Vec::new(),
            Self::Expression(expression) => expression.bindings(),
        }
    }
}

/// A reference or expression, and the attribute that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// What is used.
    pub used: Used<'a>,
    /// The element that uses it.
    pub origin: &'a Origin,
    /// The attribute that holds it.
    pub attribute: &'static str,
}

/// A caption, and the attribute that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The caption.
    pub caption: &'a Caption,
    /// The element that has it.
    pub origin: &'a Origin,
    /// The attribute that holds it; for the children of `<meta>`, their name.
    pub attribute: &'static str,
}

pub(super) fn identified(app: &App) -> Vec<Identified<'_>> {
    let mut found = Vec::new();
    let mut add = |element, id, origin| found.push(Identified { element, id, origin });
    for source in &app.sources {
        add("source", &source.id, &source.origin);
    }
    for bind in &app.binds {
        add("bind", &bind.id, &bind.origin);
    }
    for node in app.nodes() {
        add(element_name(node), node.id(), node.origin());
        match node {
            Node::List(list) => {
                list.columns.iter().for_each(|column| add("column", &column.id, &column.origin));
            }
            Node::Chart(chart) => {
                chart.series.iter().for_each(|series| add("series", &series.id, &series.origin));
            }
            _ => {}
        }
    }
    found
}

/// The element name of a node; `element` for one that this version does not show.
pub(crate) fn element_name(node: &Node) -> &'static str {
    match node {
        Node::Container(container) => container.kind.word(),
        Node::Item(_) => "item",
        Node::Text(_) => "text",
        Node::Heading(_) => "heading",
        Node::Divider(_) => "divider",
        Node::Spacer(_) => "spacer",
        Node::Image(_) => "image",
        Node::List(_) => "list",
        Node::Chart(_) => "chart",
        Node::Unsupported(_) => "element",
    }
}

/// Gathers the uses of one element after the other.
struct Gather<'a> {
    found: Vec<Use<'a>>,
    origin: &'a Origin,
}

impl<'a> Gather<'a> {
    fn reference(&mut self, attribute: &'static str, reference: Option<&'a Reference>) {
        if let Some(reference) = reference {
            self.found.push(Use { used: Used::Reference(reference), origin: self.origin, attribute });
        }
    }

    fn expression(&mut self, attribute: &'static str, expression: &'a Expression) {
        self.found.push(Use { used: Used::Expression(expression), origin: self.origin, attribute });
    }

    fn condition(&mut self, attribute: &'static str, condition: Option<&'a Condition>) {
        match condition {
            Some(Condition::Reference(reference)) => self.reference(attribute, Some(reference)),
            Some(Condition::Expression(expression)) => self.expression(attribute, expression),
            Some(Condition::Constant(_)) | None => {}
        }
    }

    fn bound(&mut self, attribute: &'static str, bound: Option<&'a Bound>) {
        match bound {
            Some(Bound::Reference(reference)) => self.reference(attribute, Some(reference)),
            Some(Bound::Expression(expression)) => self.expression(attribute, expression),
            Some(Bound::Number(_) | Bound::Moment(_)) | None => {}
        }
    }

    fn setting(&mut self, attribute: &'static str, setting: Option<&'a Setting>) {
        match setting {
            Some(Setting::Reference(reference)) => self.reference(attribute, Some(reference)),
            Some(Setting::Expression(expression)) => self.expression(attribute, expression),
            Some(Setting::Literal(_)) | None => {}
        }
    }

    fn container(&mut self, container: &'a Container) {
        self.condition("visible", container.visible.as_ref());
        self.condition("enabled", container.enabled.as_ref());
    }

    fn item(&mut self, item: &'a Item) {
        let target = if item.origin.has_attribute("address") { "address" } else { "ref" };
        self.reference(target, item.target.as_ref());
        self.bound("min", item.min.as_ref());
        self.bound("max", item.max.as_ref());
        self.bound("step", item.step.as_ref());
        self.setting("currency", item.currency.as_ref());
        self.condition("required", item.required.as_ref());
        self.condition("readonly", item.read_only.as_ref());
        self.condition("visible", item.visible.as_ref());
        self.condition("enabled", item.enabled.as_ref());
        self.setting("default", item.default.as_ref());
        if let Some(choices) = &item.choices {
            self.choices(choices);
        }
        for rule in &item.rules {
            self.origin = &rule.origin;
            if !rule.test.text.is_empty() {
                self.expression("test", &rule.test);
            }
        }
    }

    fn choices(&mut self, choices: &'a Choices) {
        self.origin = &choices.origin;
        self.reference("ref", choices.reference.as_ref());
        self.reference("dependson", choices.depends_on.as_ref());
    }

    fn list(&mut self, list: &'a List) {
        self.reference("ref", list.reference.as_ref());
        for filter in &list.filters {
            self.origin = &filter.origin;
            self.setting("value", filter.value.as_ref());
        }
    }

    fn chart(&mut self, chart: &'a Chart) {
        for series in &chart.series {
            self.origin = &series.origin;
            self.reference("ref", series.reference.as_ref());
            self.reference("categories", series.categories.as_ref());
        }
        for axis in &chart.axes {
            self.origin = &axis.origin;
            self.bound("min", axis.min.as_ref());
            self.bound("max", axis.max.as_ref());
        }
    }
}

pub(super) fn uses(app: &App) -> Vec<Use<'_>> {
    let mut gather = Gather { found: Vec::new(), origin: &app.origin };
    for bind in &app.binds {
        gather.origin = &bind.origin;
        gather.setting("default", bind.default.as_ref());
    }
    for node in app.nodes() {
        gather.origin = node.origin();
        match node {
            Node::Container(container) => gather.container(container),
            Node::Item(item) => gather.item(item),
            Node::List(list) => gather.list(list),
            Node::Chart(chart) => gather.chart(chart),
            Node::Image(image) => gather.reference("ref", image.reference.as_ref()),
            Node::Text(_) | Node::Heading(_) | Node::Divider(_) | Node::Spacer(_) | Node::Unsupported(_) => {}
        }
    }
    if let Some(privacy) = &app.privacy {
        gather.origin = &privacy.origin;
        privacy.hide.iter().for_each(|reference| gather.reference("hide", Some(reference)));
    }
    gather.found
}

/// Gathers captions.
#[derive(Default)]
struct Captions<'a> {
    found: Vec<Named<'a>>,
}

impl<'a> Captions<'a> {
    fn add(&mut self, origin: &'a Origin, attribute: &'static str, caption: Option<&'a Caption>) {
        self.found.extend(caption.map(|caption| Named { caption, origin, attribute }));
    }

    fn item(&mut self, item: &'a Item) {
        let origin = &item.origin;
        self.add(origin, "caption", item.caption.as_ref());
        self.add(origin, "unit", item.unit.as_ref());
        self.add(origin, "hint", item.hint.as_ref());
        self.add(origin, "help", item.help.as_ref());
        for choice in item.choices.iter().flat_map(|choices| &choices.listed) {
            self.add(&choice.origin, "caption", choice.caption.as_ref());
        }
        for rule in &item.rules {
            self.add(&rule.origin, "message", rule.message.as_ref());
        }
    }

    fn node(&mut self, node: &'a Node) {
        match node {
            Node::Container(container) => {
                self.add(&container.origin, "caption", container.caption.as_ref());
                self.add(&container.origin, "help", container.help.as_ref());
            }
            Node::Item(item) => self.item(item),
            Node::Text(text) => self.add(&text.origin, "caption", text.caption.as_ref()),
            Node::Heading(heading) => self.add(&heading.origin, "caption", heading.caption.as_ref()),
            Node::Divider(divider) => self.add(&divider.origin, "caption", divider.caption.as_ref()),
            Node::Image(image) => self.add(&image.origin, "alt", image.alternative.as_ref()),
            Node::List(list) => {
                self.add(&list.origin, "caption", list.caption.as_ref());
                self.add(&list.origin, "emptytext", list.empty_text.as_ref());
                for column in &list.columns {
                    self.add(&column.origin, "caption", column.caption.as_ref());
                }
            }
            Node::Chart(chart) => self.chart(chart),
            Node::Spacer(_) | Node::Unsupported(_) => {}
        }
    }

    fn chart(&mut self, chart: &'a Chart) {
        self.add(&chart.origin, "title", chart.title.as_ref());
        self.add(&chart.origin, "alttext", chart.alternative.as_ref());
        for series in &chart.series {
            self.add(&series.origin, "caption", series.caption.as_ref());
        }
        for axis in &chart.axes {
            self.add(&axis.origin, "caption", axis.caption.as_ref());
        }
    }
}

pub(super) fn captions(app: &App) -> Vec<Named<'_>> {
    let mut captions = Captions::default();
    let meta = &app.meta;
    captions.add(&meta.origins.name, "name", meta.name.as_ref());
    captions.add(&meta.origins.description, "description", meta.description.as_ref());
    captions.add(&meta.origins.category, "category", meta.category.as_ref());
    captions.add(&meta.origins.terms, "terms", meta.terms.as_ref());
    app.nodes().for_each(|node| captions.node(node));
    captions.found
}

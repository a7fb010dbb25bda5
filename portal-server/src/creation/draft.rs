//! The draft: what the portal proposed, with the creator's edits applied in order.
//!
//! Edits are kept as a list and replayed, so that undo is leaving the last one out. What is switched off stays in its
//! place and is left out only when the definition is written. Invariant: the written definition reads without errors;
//! an edit that would break it is refused and changes nothing.

use std::collections::BTreeSet;

use app_definitions::{
    App, Limits, Reference, Word,
    model::{Caption, Chart, Container, ContainerKind, ContentType, InputType, Item, List, Node},
    read, write,
};
use portal_api::ProblemCode;
use serde::{Deserialize, Serialize};

use super::bench::{Alternative, Base};
use crate::{domain::one_line, refusal::Refusal};

/// Edits that a draft keeps.
const MOST_EDITS: usize = 2_000;
/// The longest caption, in characters.
const LONGEST_CAPTION: usize = 200;
/// The longest description, in characters.
const LONGEST_TEXT: usize = 2_000;

/// New words for an item; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Wording {
    /// The label.
    pub caption: Option<String>,
    /// How it is entered, or `output`: the definition's words.
    pub inputtype: Option<String>,
    /// What kind of value it holds; empty for what the workbook says.
    pub contenttype: Option<String>,
    /// The unit; empty for none.
    pub unit: Option<String>,
    /// A line of help; empty for none.
    pub help: Option<String>,
}

/// One thing that a creator changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// The app's name or description.
    App {
        /// The name.
        name: Option<String>,
        /// The description; empty for none.
        description: Option<String>,
    },
    /// An item's label, control, content, unit, help.
    Item {
        /// The item.
        id: String,
        /// What changes.
        #[serde(flatten)]
        wording: Wording,
    },
    /// The caption of a page, section, list or chart.
    Caption {
        /// The page, section, list or chart.
        id: String,
        /// The words.
        caption: String,
    },
    /// Takes something back into the app.
    Include {
        /// What.
        id: String,
    },
    /// Leaves something out of the app.
    Exclude {
        /// What.
        id: String,
    },
    /// Moves something among its neighbours.
    Move {
        /// What.
        id: String,
        /// By how many places; negative is up.
        by: i32,
    },
    /// Adds a cell that was offered as an alternative.
    Add {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: String,
    },
}

/// The draft of an app.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What the creator changed, in order.
    pub edits: Vec<Edit>,
    /// What was done in the preview, in order.
    pub acts: Vec<super::bench::Act>,
    app: App,
    off: BTreeSet<String>,
}

/// What a line of the outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutlineRole {
    /// A page or tab.
    Page,
    /// A section or group.
    Section,
    /// An input.
    Input,
    /// A result.
    Output,
    /// Rows of a table.
    List,
    /// A chart.
    Chart,
    /// A text, heading, line, space or picture.
    Fixed,
}

/// A line of the outline.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OutlineNode {
    /// The id.
    pub id: String,
    /// What it is.
    pub role: OutlineRole,
    /// Its caption; may be empty.
    pub caption: String,
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Whether it is in the app.
    pub on: bool,
}

impl Draft {
    /// The proposal as it came.
    #[must_use]
    pub fn new(base: &Base) -> Self {
        let app = read(&base.definition, &Limits::default()).0.unwrap_or_default();
        Self { edits: Vec::new(), acts: Vec::new(), app, off: BTreeSet::new() }
    }

    /// Applies an edit.
    ///
    /// # Errors
    /// When it names nothing of this app or its words cannot be used; then nothing changed.
    pub fn apply(&mut self, base: &Base, edit: Edit) -> Result<(), Refusal> {
        if self.edits.len() >= MOST_EDITS {
            return Err(invalid("This draft has too many changes. Publish it and go on with the app."));
        }
        let mut next = self.clone();
        next.take(base, &edit)?;
        next.definition()?;
        next.edits.push(edit);
        *self = next;
        Ok(())
    }

    /// Takes the last edit back. Says whether there was one.
    pub fn undo(&mut self, base: &Base) -> bool {
        let mut edits = std::mem::take(&mut self.edits);
        let undone = edits.pop().is_some();
        let mut fresh = Self::new(base);
        fresh.acts = std::mem::take(&mut self.acts);
        for edit in edits {
            // Each was applied in just this place before.
            if fresh.take(base, &edit).is_ok() {
                fresh.edits.push(edit);
            }
        }
        *self = fresh;
        undone
    }

    /// The definition as it would be published.
    ///
    /// # Errors
    /// When the vocabulary refuses it.
    pub fn definition(&self) -> Result<String, Refusal> {
        let mut app = self.app.clone();
        prune(&mut app.layout.children, &self.off);
        let used: BTreeSet<String> =
            app.uses().iter().flat_map(|used| used.used.binds()).map(str::to_owned).collect();
        app.binds.retain(|bind| used.contains(&bind.id.text));
        let document = write(&app);
        let (_, diagnostics) = read(&document, &Limits::default());
        match diagnostics.into_iter().find(app_definitions::Diagnostic::is_error) {
            Some(error) => Err(Refusal::new(ProblemCode::DefinitionInvalid, error.message)),
            None => Ok(document),
        }
    }

    /// The app's name.
    #[must_use]
    pub fn name(&self) -> String {
        words(self.app.meta.name.as_ref())
    }

    /// The app's description.
    #[must_use]
    pub fn description(&self) -> String {
        words(self.app.meta.description.as_ref())
    }

    /// Whether this is in the app: neither it nor anything around it was left out.
    #[must_use]
    pub fn is_on(&self, id: &str) -> bool {
        !self.off.contains(id)
    }

    /// The node of an id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.app.node(id)
    }

    /// The place that an item is bound to, `Sheet!B4` or a name.
    #[must_use]
    pub fn place(&self, item: &Item) -> String {
        match &item.target {
            Some(Reference::Bind(id)) => {
                self.app.bind(id).and_then(|bind| bind.targets().first().map(ToString::to_string))
            }
            Some(other) => Some(other.to_string()),
            None => None,
        }
        .unwrap_or_default()
    }

    /// How many items of a kind are in the app: inputs, outputs, lists, charts.
    #[must_use]
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for node in self.outline().iter().filter(|node| node.on) {
            match node.role {
                OutlineRole::Input => counts[0] += 1,
                OutlineRole::Output => counts[1] += 1,
                OutlineRole::List => counts[2] += 1,
                OutlineRole::Chart => counts[3] += 1,
                _ => {}
            }
        }
        counts
    }

    /// The outline, each line in front of those inside it.
    #[must_use]
    pub fn outline(&self) -> Vec<OutlineNode> {
        let mut lines = Vec::new();
        outline(&self.app.layout.children, 0, true, &self.off, &mut lines);
        lines
    }

    fn take(&mut self, base: &Base, edit: &Edit) -> Result<(), Refusal> {
        match edit {
            Edit::App { name, description } => self.rename(name.as_deref(), description.as_deref())?,
            Edit::Item { id, wording } => reword(self.item(id)?, wording)?,
            Edit::Caption { id, caption } => self.recaption(id, caption)?,
            Edit::Include { id } => {
                self.known(id)?;
                self.off.remove(id);
            }
            Edit::Exclude { id } => {
                self.known(id)?;
                self.off.insert(id.clone());
            }
            Edit::Move { id, by } => {
                self.known(id)?;
                shift(&mut self.app.layout.children, id, *by);
            }
            Edit::Add { sheet, cell } => {
                let offered = base.alternatives.iter().find(|a| a.sheet == *sheet && a.cell == *cell);
                self.add(offered.ok_or_else(|| invalid("This cell was not offered for the app."))?)?;
            }
        }
        Ok(())
    }

    fn known(&self, id: &str) -> Result<(), Refusal> {
        self.app.node(id).map(|_| ()).ok_or_else(nothing)
    }

    fn rename(&mut self, name: Option<&str>, description: Option<&str>) -> Result<(), Refusal> {
        if let Some(name) = name {
            let name = one_line(name, LONGEST_CAPTION);
            if name.is_empty() {
                return Err(invalid("An app needs a name."));
            }
            self.app.meta.name = Some(Caption::Literal(name));
        }
        if let Some(description) = description {
            self.app.meta.description = caption(description, LONGEST_TEXT);
        }
        Ok(())
    }

    fn item(&mut self, id: &str) -> Result<&mut Item, Refusal> {
        match find(&mut self.app.layout.children, id) {
            Some(Node::Item(item)) => Ok(item),
            _ => Err(nothing()),
        }
    }

    fn recaption(&mut self, id: &str, words: &str) -> Result<(), Refusal> {
        let words = caption(words, LONGEST_CAPTION);
        match find(&mut self.app.layout.children, id).ok_or_else(nothing)? {
            Node::Container(Container { caption, .. }) | Node::List(List { caption, .. }) => *caption = words,
            Node::Chart(Chart { title, .. }) => *title = words,
            Node::Item(item) if words.is_some() => item.caption = words,
            Node::Item(_) => return Err(invalid("An item needs a caption.")),
            _ => return Err(invalid("This has no caption.")),
        }
        Ok(())
    }

    /// Adds an offered cell at the end of its kind: after the last input or output, or on a page of its own.
    fn add(&mut self, offered: &Alternative) -> Result<(), Refusal> {
        let place = Reference::parse(&offered.reference)
            .map_err(|_| invalid("This cell cannot be named in a definition."))?;
        let taken = self.app.items().any(|item| self.place(item) == place.to_string());
        if taken {
            return Err(invalid("This cell is in the app already."));
        }
        let input_type = InputType::from_word(&offered.inputtype).unwrap_or_default();
        let content = ContentType::from_word(&offered.contenttype).filter(|c| *c != ContentType::Text);
        let mut item = Item::input(offered.caption.clone(), place);
        (item.input_type, item.content_type) = (input_type, content);
        let wanted = input_type == InputType::Output;
        let rest = insert_after_last(&mut self.app.layout.children, item, &|item: &Item| {
            (item.input_type == InputType::Output) == wanted
        });
        if let Some(item) = rest {
            self.append(item);
        }
        self.app.assign_ids();
        Ok(())
    }

    fn append(&mut self, item: Item) {
        for node in &mut self.app.layout.children {
            if let Node::Container(page) = node
                && page.kind == ContainerKind::Page
            {
                page.children.push(item.into());
                return;
            }
        }
        self.app.layout.children.push(item.into());
    }
}

fn invalid(detail: &str) -> Refusal {
    Refusal::invalid(detail)
}

fn nothing() -> Refusal {
    Refusal::invalid("The draft has nothing of this id.")
}

fn words(caption: Option<&Caption>) -> String {
    caption.map(|caption| caption.words().to_owned()).unwrap_or_default()
}

fn caption(text: &str, at_most: usize) -> Option<Caption> {
    let text = one_line(text, at_most);
    (!text.is_empty()).then_some(Caption::Literal(text))
}

fn reword(item: &mut Item, wording: &Wording) -> Result<(), Refusal> {
    if let Some(text) = &wording.caption {
        let words = caption(text, LONGEST_CAPTION).ok_or_else(|| invalid("An item needs a caption."))?;
        item.caption = Some(words);
    }
    if let Some(word) = &wording.inputtype {
        item.input_type = InputType::from_word(word).ok_or_else(|| invalid("There is no such control."))?;
    }
    if let Some(word) = &wording.contenttype {
        item.content_type = match word.as_str() {
            "" => None,
            word => {
                Some(ContentType::from_word(word).ok_or_else(|| invalid("There is no such kind of value."))?)
            }
        };
    }
    if let Some(text) = &wording.unit {
        item.unit = caption(text, 40);
    }
    if let Some(text) = &wording.help {
        item.help = caption(text, LONGEST_TEXT);
    }
    Ok(())
}

fn find<'a>(nodes: &'a mut [Node], id: &str) -> Option<&'a mut Node> {
    for node in nodes {
        if node.id().text == id {
            return Some(node);
        }
        if let Node::Container(container) = node
            && let Some(found) = find(&mut container.children, id)
        {
            return Some(found);
        }
    }
    None
}

/// Moves a node among its neighbours. Says whether it was here.
fn shift(nodes: &mut [Node], id: &str, by: i32) -> bool {
    if let Some(at) = nodes.iter().position(|node| node.id().text == id) {
        let last = nodes.len() - 1;
        let to = i64::try_from(at)
            .unwrap_or(0)
            .saturating_add(by.into())
            .clamp(0, i64::try_from(last).unwrap_or(0));
        let to = usize::try_from(to).unwrap_or(at);
        if to > at {
            nodes[at..=to].rotate_left(1);
        } else {
            nodes[to..=at].rotate_right(1);
        }
        return true;
    }
    nodes.iter_mut().any(|node| match node {
        Node::Container(container) => shift(&mut container.children, id, by),
        _ => false,
    })
}

/// Puts an item behind the last one that is like it; hands it back where there is none.
fn insert_after_last(nodes: &mut Vec<Node>, item: Item, alike: &dyn Fn(&Item) -> bool) -> Option<Item> {
    let last = nodes.iter().rposition(|node| match node {
        Node::Item(other) => alike(other),
        Node::Container(_) => holds(node, alike),
        _ => false,
    });
    let Some(at) = last else { return Some(item) };
    match nodes.get_mut(at) {
        Some(Node::Container(container)) => insert_after_last(&mut container.children, item, alike),
        _ => {
            nodes.insert(at + 1, item.into());
            None
        }
    }
}

fn holds(node: &Node, alike: &dyn Fn(&Item) -> bool) -> bool {
    node.children().iter().any(|child| match child {
        Node::Item(item) => alike(item),
        other => holds(other, alike),
    })
}

/// Leaves out what is off, and containers that have nothing left.
fn prune(nodes: &mut Vec<Node>, off: &BTreeSet<String>) {
    nodes.retain(|node| !off.contains(&node.id().text));
    for node in nodes.iter_mut() {
        if let Node::Container(container) = node {
            prune(&mut container.children, off);
        }
    }
    nodes.retain(|node| !matches!(node, Node::Container(container) if container.children.is_empty()));
}

fn outline(nodes: &[Node], depth: usize, on: bool, off: &BTreeSet<String>, lines: &mut Vec<OutlineNode>) {
    for node in nodes {
        let (role, caption) = match node {
            Node::Container(container) => {
                let page = matches!(container.kind, ContainerKind::Page | ContainerKind::Tab);
                let role = if page { OutlineRole::Page } else { OutlineRole::Section };
                (role, words(container.caption.as_ref()))
            }
            Node::Item(item) if item.input_type == InputType::Output => {
                (OutlineRole::Output, words(item.caption.as_ref()))
            }
            Node::Item(item) => (OutlineRole::Input, words(item.caption.as_ref())),
            Node::List(list) => (OutlineRole::List, words(list.caption.as_ref())),
            Node::Chart(chart) => (OutlineRole::Chart, words(chart.title.as_ref())),
            _ => (OutlineRole::Fixed, String::new()),
        };
        let id = node.id().text.clone();
        let on = on && !off.contains(&id);
        lines.push(OutlineNode { id, role, caption, depth, on });
        outline(node.children(), depth + 1, on, off, lines);
    }
}

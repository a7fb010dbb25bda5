//! From the definition's layout to the tree that is shown.

use crate::books::Books;
use crate::resolve::{Place, Resolver};
use crate::state::State;
use crate::text::{self, Formats};
use crate::words::{Words, missing_value};
use crate::{Container, ContainerRole, Content, Kind, Navigation, Node, Output, Text, View};
use app_definitions::model::{
    App, Caption, Container as Definition, ContainerKind, InputType, Item, Navigation as Offered,
    Node as DefinitionNode,
};
use numfmt::Reading;
use std::collections::BTreeMap;
use values::{DateSystem, Value};

/// From this size on a sheet sets a result off by its letters; ordinary text has 10 to 12 points.
const HEADLINE_PT: f32 = 13.0;

/// Where the items' references lead, settled when the app is opened.
pub(crate) type Places = BTreeMap<String, Result<Place, String>>;

/// What building the tree needs.
pub(crate) struct Builder<'a> {
    pub app: &'a App,
    pub resolver: &'a Resolver,
    pub places: &'a Places,
    pub books: &'a mut Books,
    pub state: &'a mut State,
    pub formats: &'a mut Formats,
    pub locale_tag: &'a str,
    /// The output that the app is about.
    pub headline: Option<&'a str>,
    /// Whether the containers around take input.
    pub enabled: bool,
}

impl Builder<'_> {
    /// Brings up everything that is shown and makes the tree.
    pub fn view(&mut self) -> View {
        let wanted = self.wanted();
        self.books.bring_up(&wanted);
        let app = self.app;
        let mut pages = Vec::new();
        let mut loose = Vec::new();
        for node in &app.layout.children {
            let Some(built) = self.node(node) else { continue };
            let is_page = matches!(&built.kind, Kind::Container(of) if of.role == ContainerRole::Page);
            if is_page { pages.push(built) } else { loose.push(built) }
        }
        if !loose.is_empty() || pages.is_empty() {
            let kind = Kind::Container(Container {
                columns: app.layout.columns.unwrap_or(1),
                ..Container::default()
            });
            pages.insert(0, Node { id: "main".to_owned(), kind, children: loose });
        }
        mark_headline(&mut pages, self.headline);
        View {
            revision: 0,
            title: self.caption(app.meta.name.as_ref()),
            description: self.caption(app.meta.description.as_ref()),
            navigation: match app.layout.navigation {
                Offered::Tabs => Navigation::Tabs,
                Offered::Menu => Navigation::Menu,
                Offered::Steps => Navigation::Steps,
            },
            pages,
            notices: Vec::new(),
            accent: app
                .theme
                .as_ref()
                .and_then(|theme| theme.accent.or(theme.primary))
                .map(|color| color.to_string()),
        }
    }

    /// Everything whose values the view shows.
    fn wanted(&mut self) -> Vec<Place> {
        let app = self.app;
        let mut wanted: Vec<Place> =
            self.places.values().filter_map(|place| place.as_ref().ok().copied()).collect();
        for node in app.nodes() {
            match node {
                DefinitionNode::List(list) => wanted.extend(self.list_place(list)),
                DefinitionNode::Chart(chart) => wanted.extend(self.chart_places(chart)),
                _ => {}
            }
        }
        wanted
    }

    fn node(&mut self, node: &DefinitionNode) -> Option<Node> {
        let id = node.id().text.clone();
        let kind = match node {
            DefinitionNode::Container(container) => return self.container(container),
            DefinitionNode::Item(item) => self.shown_item(item)?,
            DefinitionNode::List(list) => {
                let place =
                    list.reference.as_ref().and_then(|reference| self.resolver.place(reference).ok())?;
                self.list(list, place)
            }
            DefinitionNode::Chart(chart) => self.chart(chart),
            DefinitionNode::Text(text) => {
                Kind::Text(Text { text: self.caption(text.caption.as_ref()), level: 0 })
            }
            DefinitionNode::Heading(heading) => {
                let level = heading.level.unwrap_or(2).clamp(1, 3);
                Kind::Heading(Text { text: self.caption(heading.caption.as_ref()), level })
            }
            DefinitionNode::Divider(_) => Kind::Divider,
            DefinitionNode::Spacer(_) => Kind::Spacer,
            DefinitionNode::Image(_) | DefinitionNode::Unsupported(_) => return None,
        };
        Some(Node { id, kind, children: Vec::new() })
    }

    fn shown_item(&mut self, item: &Item) -> Option<Kind> {
        let is_hidden = item.input_type == InputType::Hidden;
        if is_hidden || !self.books.condition(item.visible.as_ref(), true, self.resolver) {
            return None;
        }
        Some(match self.places.get(&item.id.text)? {
            Ok(place) if item.input_type == InputType::Output => self.output(item, *place),
            Ok(place) => self.input(item, *place),
            Err(_) => self.missing(item),
        })
    }

    /// An item whose cell is gone shows that, and never another cell.
    fn missing(&self, item: &Item) -> Kind {
        Kind::Output(Output {
            caption: self.caption(item.caption.as_ref()),
            value: missing_value(),
            text: self.words().cell_missing.to_owned(),
            error: Some("#REF!".to_owned()),
            ..Output::default()
        })
    }

    fn container(&mut self, container: &Definition) -> Option<Node> {
        if !self.books.condition(container.visible.as_ref(), true, self.resolver) {
            return None;
        }
        let around = self.enabled;
        self.enabled &= self.books.condition(container.enabled.as_ref(), true, self.resolver);
        let children = container.children.iter().filter_map(|child| self.node(child)).collect();
        self.enabled = around;
        let kind = Kind::Container(Container {
            role: match container.kind {
                ContainerKind::Page | ContainerKind::Tab => ContainerRole::Page,
                ContainerKind::Section => ContainerRole::Section,
                ContainerKind::Group => ContainerRole::Group,
            },
            caption: self.caption(container.caption.as_ref()),
            icon: container.icon.clone(),
            help: self.caption(container.help.as_ref()),
            collapsed: container.collapsed,
            columns: container.columns.unwrap_or(1).max(1),
        });
        Some(Node { id: container.id.text.clone(), kind, children })
    }

    /// A caption in the session's language; empty where there is none.
    pub fn caption(&self, caption: Option<&Caption>) -> String {
        caption.map(|caption| self.app.text(caption, self.locale_tag).to_owned()).unwrap_or_default()
    }

    /// The sentences of the person's language.
    pub fn words(&self) -> &'static Words {
        self.books.words()
    }

    /// A value as a number format shows it.
    pub fn show(&mut self, code: &str, value: &Value, system: DateSystem) -> text::Shown {
        self.formats.show(code, value, self.books.environment.locale, system)
    }

    /// What typed text is read against.
    pub fn reading(&self, book: usize) -> Reading<'static> {
        self.books.reading(book)
    }
}

/// Makes the chosen output the headline; where it is not shown, the first one that is.
fn mark_headline(pages: &mut [Node], chosen: Option<&str>) {
    let is_chosen = |node: &Node| Some(node.id.as_str()) == chosen;
    let _ = mark_first(pages, &is_chosen) || mark_first(pages, &|_| true);
}

fn mark_first(nodes: &mut [Node], fits: &dyn Fn(&Node) -> bool) -> bool {
    for node in nodes {
        let fits_here = fits(node);
        if let (Kind::Output(output), true) = (&mut node.kind, fits_here) {
            output.headline = true;
            return true;
        }
        if mark_first(&mut node.children, fits) {
            return true;
        }
    }
    false
}

/// The output that an app is about: the one that its sheet writes largest, else the first number, else the first.
pub(crate) fn headline(app: &App, places: &Places, books: &Books) -> Option<String> {
    let outputs: Vec<(&Item, Place)> = app
        .items()
        .filter(|item| item.input_type == InputType::Output)
        .filter_map(|item| Some((item, places.get(&item.id.text)?.as_ref().ok().copied()?)))
        .collect();
    let size = |place: Place| {
        let (sheet, cell) = place.cell();
        let workbook = books.sessions.get(place.book).map(|session| session.model().workbook());
        workbook.map_or(0.0, |workbook| workbook.style(sheet, cell).font.size_pt)
    };
    let largest = outputs.iter().map(|(_, place)| size(*place)).fold(0.0, f32::max);
    let is_large = |place: Place| size(place) >= HEADLINE_PT && size(place) == largest;
    let is_number = |item: &Item, place: Place| {
        let stated = item.content_type.map(text::content_of_type);
        let content = stated.or_else(|| text::content_of_format(&books.code(place)));
        content.is_some_and(|content| !matches!(content, Content::Text | Content::Date | Content::Boolean))
    };
    let large = outputs.iter().find(|(_, place)| is_large(*place));
    let number = large.or_else(|| outputs.iter().find(|(item, place)| is_number(item, *place)));
    number.or(outputs.first()).map(|(item, _)| item.id.text.clone())
}

//! A running app: its workbooks, its inputs, and the view of them.

use crate::books::Books;
use crate::diff;
use crate::item::{self, Builder};
use crate::resolve::{Place, Problem, Resolver};
use crate::state::{Change, State};
use crate::text::{self, Formats};
use crate::{
    Command, Container, ContainerRole, Delta, Kind, Level, Message, Navigation, Node, Notice, Scalar, Text,
    View,
};
use app_definitions::model::{
    App, Container as Definition, ContainerKind, Item, Navigation as Offered, Node as DefinitionNode,
};
use calc::{Model, Session};
use functions::Environment;
use std::sync::Arc;
use values::{Cell, SheetId, Value};

/// An app that a person works with.
///
/// The view is always up to date: [`AppSession::apply`] calculates what the view shows before it answers, and
/// leaves the rest of the workbooks for [`AppSession::finish_rest`].
pub struct AppSession {
    app: Arc<App>,
    models: Vec<Arc<Model>>,
    books: Books,
    places: Places,
    problems: Vec<Problem>,
    state: State,
    formats: Formats,
    locale_tag: String,
    view: View,
}

/// Where the definition's references lead, settled when the app is opened.
type Places = std::collections::BTreeMap<String, Result<Place, String>>;

impl AppSession {
    /// Opens an app over its workbooks, in the order of the definition's sources (one if it has none). What is
    /// shown is calculated from nothing but constants and formulas when `trust_cache` is false, and starts from the
    /// file's cached values when it is true.
    pub fn open(
        app: Arc<App>,
        models: Vec<Arc<Model>>,
        environment: Environment,
        trust_cache: bool,
    ) -> AppSession {
        let mut problems = Vec::new();
        let (books, places) = {
            let resolver = Resolver::new(&app, &models, &mut problems);
            let books = Books::new(&models, environment, &resolver);
            (books, settle(&app, &resolver, &mut problems))
        };
        let locale_tag = books.environment.locale.tag.to_owned();
        let mut session = AppSession {
            app,
            models,
            books,
            places,
            problems,
            state: State::default(),
            formats: Formats::default(),
            locale_tag,
            view: View::default(),
        };
        if !trust_cache {
            session.books.sessions.iter_mut().for_each(Session::invalidate);
        }
        session.view = session.build();
        session
    }

    /// What the app shows now.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The definition.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// What is wrong between the definition and the workbooks.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The session on the workbook of a source, for exports and reports.
    pub fn workbook(&self, book: usize) -> Option<&Session> {
        self.books.sessions.get(book)
    }

    /// The environment, to change the clock or the limits.
    pub fn environment_mut(&mut self) -> &mut Environment {
        &mut self.books.environment
    }

    /// The item that a caption or an id means; captions compare without case.
    pub fn find_item(&self, name: &str) -> Option<&str> {
        let by_id = self.app.items().find(|item| item.id.text == name);
        let by_caption = || {
            self.app.items().find(|item| {
                let caption = item.caption.as_ref().map(|caption| self.app.text(caption, &self.locale_tag));
                caption.is_some_and(|caption| values::equal_text(caption.trim(), name.trim()))
            })
        };
        by_id.or_else(by_caption).map(|item| item.id.text.as_str())
    }

    /// Does what a person did and says what changed. A command for a node that is not there changes nothing.
    pub fn apply(&mut self, command: &Command) -> Delta {
        self.state.next_command();
        match command {
            Command::Type { id, text } => self.type_text(id, text),
            Command::Set { id, value } => self.set_value(id, value),
            Command::Reset { id } => self.reset(id),
            Command::ResetAll => self.reset_all(),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::Window { id, from, count } => {
                let list = self.state.lists.entry(id.clone()).or_default();
                (list.from, list.count) = (*from, (*count).clamp(1, 500));
            }
            Command::Search { id, text } => {
                let list = self.state.lists.entry(id.clone()).or_default();
                (list.search, list.from) = (text.clone(), 0);
            }
            Command::Sort { id, by } => {
                let list = self.state.lists.entry(id.clone()).or_default();
                (list.sort, list.sorted_by_hand, list.from) = (*by, true, 0);
            }
        }
        self.refresh()
    }

    /// Sets a cell that no item shows, as the command line may.
    pub fn set_cell(&mut self, book: usize, sheet: SheetId, cell: Cell, value: Value) -> Delta {
        self.state.next_command();
        let change = self.put(book, sheet, cell, Some(value));
        self.state.push(vec![change]);
        self.refresh()
    }

    /// Whether [`Command::Undo`] would do something, and [`Command::Redo`].
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (!self.state.done.is_empty(), !self.state.undone.is_empty())
    }

    /// Calculates what the view did not need, so that later commands find it done. For idle moments.
    pub fn finish_rest(&mut self) {
        for session in &mut self.books.sessions {
            session.recalculate(&self.books.environment, calc::Wanted::All);
        }
    }

    fn refresh(&mut self) -> Delta {
        let before = std::mem::take(&mut self.view);
        self.view = self.build();
        self.view.revision = before.revision + 1;
        diff::between(&before, &self.view)
    }

    fn definition(&self, id: &str) -> Option<Item> {
        self.app.items().find(|item| item.id.text == id).cloned()
    }

    fn input_place(&self, id: &str) -> Option<(Item, Place)> {
        let item = self.definition(id).filter(Item::takes_input)?;
        let place = self.places.get(id)?.as_ref().ok().copied()?;
        Some((item, place))
    }

    fn type_text(&mut self, id: &str, text: &str) {
        let Some((item, place)) = self.input_place(id) else { return };
        let content = match self.view.node(id).map(|node| &node.kind) {
            Some(Kind::Input(input)) => input.content,
            _ => return,
        };
        let reading = item::reading(&self.books, place.book);
        match item::parse(text, content, &reading) {
            Ok(value) => self.enter(&item, place, value, text),
            Err(problem) => self.state.refuse(id, text, Message { level: Level::Error, text: problem }),
        }
    }

    fn set_value(&mut self, id: &str, value: &Scalar) {
        let Some((item, place)) = self.input_place(id) else { return };
        let value = text::value(value);
        let locale = self.books.environment.locale;
        let text = functions::to_text(&value, locale)
            .map_or_else(|_| String::new(), |text| text.as_str().to_owned());
        self.enter(&item, place, value, &text);
    }

    /// Puts a value into its cell if the rules let it in.
    fn enter(&mut self, item: &Item, place: Place, value: Value, text: &str) {
        self.state.forget(&item.id.text);
        let app = Arc::clone(&self.app);
        let models = self.models.clone();
        let resolver = Resolver::new(&app, &models, &mut Vec::new());
        let mut builder = Builder {
            app: &app,
            resolver: &resolver,
            books: &mut self.books,
            state: &mut self.state,
            formats: &mut self.formats,
            locale_tag: &self.locale_tag,
            headline_given: true,
        };
        match item::judge(&mut builder, item, place, &value) {
            Ok(()) => {
                let (sheet, cell) = place.cell();
                let change = self.put(place.book, sheet, cell, Some(value));
                self.state.push(vec![change]);
            }
            Err(message) => self.state.refuse(&item.id.text, text, message),
        }
    }

    fn put(&mut self, book: usize, sheet: SheetId, cell: Cell, after: Option<Value>) -> Change {
        let mut before = None;
        if let Some(session) = self.books.sessions.get_mut(book) {
            before = session.input(sheet, cell).cloned();
            match &after {
                Some(value) => session.set(sheet, cell, value.clone()),
                None => session.reset(sheet, cell),
            }
        }
        Change { book, sheet, cell, before, after }
    }

    fn reset(&mut self, id: &str) {
        self.state.forget(id);
        if let Some((_, place)) = self.input_place(id) {
            let (sheet, cell) = place.cell();
            let change = self.put(place.book, sheet, cell, None);
            self.state.push(vec![change]);
        }
    }

    fn reset_all(&mut self) {
        self.state.forget_all();
        let mut changes = Vec::new();
        for book in 0..self.books.sessions.len() {
            let inputs: Vec<(SheetId, Cell)> =
                self.books.sessions[book].inputs().map(|(sheet, cell, _)| (sheet, cell)).collect();
            changes.extend(inputs.into_iter().map(|(sheet, cell)| self.put(book, sheet, cell, None)));
        }
        self.state.push(changes);
    }

    fn undo(&mut self) {
        self.state.forget_all();
        let Some(changes) = self.state.done.pop() else { return };
        for change in changes.iter().rev() {
            self.put(change.book, change.sheet, change.cell, change.before.clone());
        }
        self.state.undone.push(changes);
    }

    fn redo(&mut self) {
        self.state.forget_all();
        let Some(changes) = self.state.undone.pop() else { return };
        for change in &changes {
            self.put(change.book, change.sheet, change.cell, change.after.clone());
        }
        self.state.done.push(changes);
    }

    fn build(&mut self) -> View {
        let app = Arc::clone(&self.app);
        let models = self.models.clone();
        let resolver = Resolver::new(&app, &models, &mut Vec::new());
        let mut builder = Builder {
            app: &app,
            resolver: &resolver,
            books: &mut self.books,
            state: &mut self.state,
            formats: &mut self.formats,
            locale_tag: &self.locale_tag,
            headline_given: false,
        };
        let wanted = builder.wanted(&self.places);
        let circular = builder.books.bring_up(&wanted);
        let mut view = builder.view(&self.places);
        view.notices = notices(&self.problems, &circular, &self.models);
        view.revision = self.view.revision;
        view
    }
}

/// Settles every item's reference, and notes those that lead nowhere.
fn settle(app: &App, resolver: &Resolver<'_>, problems: &mut Vec<Problem>) -> Places {
    let mut places = Places::new();
    for item in app.items() {
        let Some(reference) = &item.target else { continue };
        let place = resolver.place(reference);
        if let Err(text) = &place {
            note_missing(problems, text, &item.origin);
        }
        places.insert(item.id.text.clone(), place);
    }
    for node in app.nodes() {
        let (references, origin): (Vec<_>, _) = match node {
            DefinitionNode::List(list) => (list.reference.iter().collect(), &list.origin),
            DefinitionNode::Chart(chart) => {
                let of =
                    chart.series.iter().flat_map(|series| series.reference.iter().chain(&series.categories));
                (of.collect(), &chart.origin)
            }
            _ => continue,
        };
        for reference in references {
            if let Err(text) = resolver.place(reference) {
                note_missing(problems, &text, origin);
            }
        }
    }
    problems.dedup();
    places
}

fn note_missing(problems: &mut Vec<Problem>, text: &str, origin: &app_definitions::Origin) {
    if !problems.iter().any(|problem| problem.text == text) {
        let text = text.to_owned();
        problems.push(Problem { is_error: true, code: "missing-cell", text, origin: origin.clone() });
    }
}

fn notices(problems: &[Problem], circular: &[(usize, SheetId, Cell)], models: &[Arc<Model>]) -> Vec<Notice> {
    let mut notices: Vec<Notice> = problems
        .iter()
        .map(|problem| Notice {
            level: if problem.is_error { Level::Error } else { Level::Warning },
            code: problem.code,
            text: problem.text.clone(),
        })
        .collect();
    if let Some((book, sheet, cell)) = circular.first() {
        let workbook = models.get(*book).map(|model| model.workbook());
        let place =
            workbook.map(|workbook| workbook.address(values::Area::cell(*sheet, *cell))).unwrap_or_default();
        let text = match circular.len() {
            1 => format!("{place} depends on itself and counts as 0."),
            count => format!("{place} and {} other cells depend on themselves and count as 0.", count - 1),
        };
        notices.push(Notice { level: Level::Warning, code: "circular", text });
    }
    notices
}

impl Builder<'_> {
    /// Everything whose values the view shows.
    fn wanted(&self, places: &Places) -> Vec<Place> {
        let mut wanted: Vec<Place> =
            places.values().filter_map(|place| place.as_ref().ok().copied()).collect();
        for node in self.app.nodes() {
            match node {
                DefinitionNode::List(list) => wanted.extend(self.list_place(list)),
                DefinitionNode::Chart(chart) => wanted.extend(self.chart_places(chart)),
                _ => {}
            }
        }
        wanted
    }

    fn view(&mut self, places: &Places) -> View {
        let app = self.app;
        let mut pages = Vec::new();
        let mut loose = Vec::new();
        for node in &app.layout.children {
            let Some(built) = self.node(node, places) else { continue };
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

    fn node(&mut self, node: &DefinitionNode, places: &Places) -> Option<Node> {
        let id = node.id().text.clone();
        let kind = match node {
            DefinitionNode::Container(container) => return self.container(container, places),
            DefinitionNode::Item(item) => {
                if item.input_type == app_definitions::model::InputType::Hidden
                    || !self.books.condition(item.visible.as_ref(), true, self.resolver)
                {
                    return None;
                }
                match places.get(&id)? {
                    Ok(place) => self.item(item, *place),
                    Err(_) => self.missing(item),
                }
            }
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

    /// An item whose cell is gone shows that, and never another cell.
    fn missing(&self, item: &Item) -> Kind {
        Kind::Output(crate::Output {
            caption: self.caption(item.caption.as_ref()),
            value: Scalar::Error("#REF!".to_owned()),
            text: "its cell was not found".to_owned(),
            error: Some("#REF!".to_owned()),
            ..crate::Output::default()
        })
    }

    fn container(&mut self, container: &Definition, places: &Places) -> Option<Node> {
        if !self.books.condition(container.visible.as_ref(), true, self.resolver) {
            return None;
        }
        let children = container.children.iter().filter_map(|child| self.node(child, places)).collect();
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
}

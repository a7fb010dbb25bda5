//! A running app: its workbooks, its inputs, and the view of them.
//!
//! Invariant: the view is what the cells say; a command that is not let in leaves every cell as it was.

use crate::books::Books;
use crate::build::{self, Builder, Places};
use crate::item;
use crate::problems::{self, Problem};
use crate::resolve::{Place, Resolver};
use crate::state::{Change, State};
use crate::text::{self, Formats};
use crate::{Command, Delta, Input, Kind, Level, Message, View, diff};
use app_definitions::model::{App, Item, Setting};
use calc::{Model, Session};
use functions::Environment;
use std::sync::Arc;
use values::{Cell, SheetId, Value};

/// Most rows of a list's window.
const MOST_ROWS: u64 = 500;

/// An app that a person works with.
///
/// The view is always up to date: [`AppSession::apply`] calculates what the view shows before it answers, and
/// leaves the rest of the workbooks for [`AppSession::finish_rest`].
pub struct AppSession {
    app: Arc<App>,
    models: Vec<Arc<Model>>,
    resolver: Resolver,
    places: Places,
    books: Books,
    problems: Vec<Problem>,
    state: State,
    formats: Formats,
    locale_tag: String,
    headline: Option<String>,
    view: View,
}

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
        let resolver = Resolver::new(&app, &models, &mut problems);
        let mut books = Books::new(&models, environment, &resolver);
        if !trust_cache {
            books.sessions.iter_mut().for_each(Session::invalidate);
        }
        problems::find(&app, &resolver, &mut books, &mut problems);
        let place = |item: &Item| Some((item.id.text.clone(), resolver.place(item.target.as_ref()?)));
        let places: Places = app.items().filter_map(place).collect();
        let headline = build::headline(&app, &places, &books);
        let locale_tag = books.environment.locale.tag.to_owned();
        let mut session = AppSession {
            app,
            models,
            resolver,
            places,
            books,
            problems,
            state: State::default(),
            formats: Formats::default(),
            locale_tag,
            headline,
            view: View::default(),
        };
        session.set_defaults();
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

    /// The workbook and the first cell that an item is bound to; `None` where it has no cells.
    pub fn cell_of(&self, id: &str) -> Option<(usize, SheetId, Cell)> {
        let place = self.places.get(id)?.as_ref().ok()?;
        let (sheet, cell) = place.cell();
        Some((place.book, sheet, cell))
    }

    /// Does what a person did and says what changed. A command for a node that is not there, or that takes no input
    /// now, changes nothing.
    pub fn apply(&mut self, command: &Command) -> Delta {
        self.state.next_command();
        match command {
            Command::Type { id, text } => self.type_text(id, text),
            Command::Set { id, value } => {
                let value = text::value(value);
                let locale = self.books.environment.locale;
                let text = functions::to_text(&value, locale)
                    .map_or_else(|_| String::new(), |t| t.as_str().to_owned());
                self.enter(id, value, &text);
            }
            Command::Reset { id } => self.reset(id),
            Command::ResetAll => self.reset_all(),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::Window { id, from, count } => {
                let list = self.state.lists.entry(id.clone()).or_default();
                (list.from, list.count) = (*from, Some((*count).clamp(1, MOST_ROWS)));
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

    fn build(&mut self) -> View {
        let mut view = self.builder().view();
        view.notices = problems::notices(&self.problems, &self.books.circular(), &self.models);
        view
    }

    fn builder(&mut self) -> Builder<'_> {
        Builder {
            app: &self.app,
            resolver: &self.resolver,
            places: &self.places,
            books: &mut self.books,
            state: &mut self.state,
            formats: &mut self.formats,
            locale_tag: &self.locale_tag,
            headline: self.headline.as_deref(),
            enabled: true,
        }
    }

    /// Values that the definition gives to inputs before anybody entered one.
    fn set_defaults(&mut self) {
        let app = Arc::clone(&self.app);
        let of_binds = app.binds.iter().filter_map(|bind| {
            let place = self.resolver.place(&bind.reference()).ok()?;
            Some((place, None, bind.default.as_ref()?))
        });
        let of_items = app.items().filter_map(|item| {
            let place = self.places.get(&item.id.text)?.as_ref().ok().copied()?;
            Some((place, Some(item), item.default.as_ref()?))
        });
        let all: Vec<(Place, Option<&Item>, &Setting)> = of_binds.chain(of_items).collect();
        for (place, item, setting) in all {
            let value = match setting {
                Setting::Literal(text) => self.builder().default_value(text, item, place),
                setting => self.books.setting(setting, &self.resolver),
            };
            let (sheet, cell) = place.cell();
            self.books.defaults.insert((place.book, sheet, cell), value.clone());
            self.books.put(place.book, sheet, cell, Some(value));
        }
    }

    /// An input that takes entries now, with its cell.
    fn open_input(&self, id: &str) -> Option<(Item, Place, &Input)> {
        let item = self.app.items().find(|item| item.id.text == id).filter(|item| item.takes_input())?;
        let place = self.places.get(id)?.as_ref().ok().copied()?;
        match &self.view.node(id)?.kind {
            Kind::Input(input) if !input.disabled => Some((item.clone(), place, input)),
            _ => None,
        }
    }

    fn type_text(&mut self, id: &str, text: &str) {
        let Some((item, place, input)) = self.open_input(id) else { return };
        let chosen = item::chosen(&input.choices, text).map(text::value);
        let content = input.content;
        let reading = self.books.reading(place.book);
        let bare = item::without_unit(text, &input.unit);
        let typed = match chosen {
            Some(value) => Ok(value),
            None if self.builder().takes_anything(&item, place) => {
                Ok(numfmt::parse_typed(text, &reading).value)
            }
            None => item::parse(bare, content, &reading),
        };
        match typed {
            Ok(value) => self.enter(id, value, text),
            Err(problem) => self.state.refuse(id, text, Message { level: Level::Error, text: problem }),
        }
    }

    /// Puts a value into an input's cell if the rules let it in; `text` is how the person wrote it.
    fn enter(&mut self, id: &str, value: Value, text: &str) {
        let Some((item, place, _)) = self.open_input(id) else { return };
        self.state.forget(id);
        match self.builder().judge(&item, place, &value) {
            Ok(()) => {
                let (sheet, cell) = place.cell();
                let change = self.put(place.book, sheet, cell, Some(value));
                self.state.push(vec![change]);
            }
            Err(message) => self.state.refuse(id, text, message),
        }
    }

    fn put(&mut self, book: usize, sheet: SheetId, cell: Cell, after: Option<Value>) -> Change {
        let before = self.books.sessions.get(book).and_then(|session| session.input(sheet, cell).cloned());
        self.books.put(book, sheet, cell, after.clone());
        Change { book, sheet, cell, before, after }
    }

    fn reset(&mut self, id: &str) {
        let Some((_, place, _)) = self.open_input(id) else { return };
        self.state.forget(id);
        if self.books.is_changed(place) {
            let (sheet, cell) = place.cell();
            let change = self.put(place.book, sheet, cell, None);
            self.state.push(vec![change]);
        }
    }

    fn reset_all(&mut self) {
        self.state.forget_all();
        let mut changes = Vec::new();
        for book in 0..self.books.sessions.len() {
            let cells = self.books.sessions.get(book).into_iter().flat_map(Session::inputs);
            let cells: Vec<(SheetId, Cell)> = cells.map(|(sheet, cell, _)| (sheet, cell)).collect();
            let changed =
                |(sheet, cell): &(SheetId, Cell)| self.books.is_changed(Place::at(book, *sheet, *cell));
            let changed: Vec<(SheetId, Cell)> = cells.into_iter().filter(changed).collect();
            changes.extend(changed.into_iter().map(|(sheet, cell)| self.put(book, sheet, cell, None)));
        }
        self.state.push(changes);
    }

    fn undo(&mut self) {
        self.state.forget_all();
        let Some(changes) = self.state.done.pop() else { return };
        for change in changes.iter().rev() {
            self.books.put(change.book, change.sheet, change.cell, change.before.clone());
        }
        self.state.undone.push(changes);
    }

    fn redo(&mut self) {
        self.state.forget_all();
        let Some(changes) = self.state.undone.pop() else { return };
        for change in &changes {
            self.books.put(change.book, change.sheet, change.cell, change.after.clone());
        }
        self.state.done.push(changes);
    }
}

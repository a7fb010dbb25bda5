//! The workbooks of an app with the sessions on them, and expressions evaluated over them.

use crate::resolve::{Place, Resolver};
use crate::words::Words;
use app_definitions::model::{Bound, Condition, Moment, Setting};
use app_definitions::{Expression, Reference};
use calc::{Given, Model, Session, Wanted};
use formula::{Formula, Mode};
use functions::Environment;
use numfmt::Reading;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use values::{Area, Array, Cell, CellError, DateSystem, SheetId, Value};

/// The most cells of another workbook that an expression can read through a bind.
const MOST_FOREIGN_CELLS: u64 = 100_000;

/// The sessions of an app's workbooks.
pub(crate) struct Books {
    pub sessions: Vec<Session>,
    pub environment: Environment,
    /// Values that stand in cells until a person changes them.
    pub defaults: BTreeMap<(usize, SheetId, Cell), Value>,
    /// What expressions may mention; they are evaluated in the first workbook.
    given: Given,
    /// Binds of the other workbooks, which no reference of the first one reaches.
    foreign: BTreeMap<String, Place>,
    parsed: HashMap<String, Option<Arc<Formula>>>,
}

impl Books {
    pub fn new(models: &[Arc<Model>], environment: Environment, resolver: &Resolver) -> Books {
        let mut given = Given::default();
        let mut foreign = BTreeMap::new();
        for (id, place) in resolver.binds() {
            if place.book == 0 {
                given.bindings.insert(id.to_owned(), Value::range(place.area));
            } else {
                foreign.insert(id.to_owned(), place);
            }
        }
        given.context = BTreeMap::from([
            ("locale".to_owned(), Value::text(environment.locale.tag)),
            ("online".to_owned(), Value::Bool(false)),
        ]);
        let sessions: Vec<Session> = models.iter().map(|model| Session::new(Arc::clone(model))).collect();
        Books { sessions, environment, defaults: BTreeMap::new(), given, foreign, parsed: HashMap::new() }
    }

    /// The sentences of the person's language.
    pub fn words(&self) -> &'static Words {
        Words::of(self.environment.locale)
    }

    /// How a book counts days.
    pub fn date_system(&self, book: usize) -> DateSystem {
        self.sessions.get(book).map_or(DateSystem::V1900, |session| session.model().workbook().date_system)
    }

    /// What text typed into a book is read against.
    pub fn reading(&self, book: usize) -> Reading<'static> {
        self.environment.reading(self.date_system(book))
    }

    /// The value of a cell as last calculated.
    pub fn value(&self, place: Place) -> Value {
        let (sheet, cell) = place.cell();
        self.at(place.book, sheet, cell)
    }

    /// The value of a cell as last calculated.
    pub fn at(&self, book: usize, sheet: SheetId, cell: Cell) -> Value {
        self.sessions.get(book).map_or(Value::Empty, |session| session.value(sheet, cell).clone())
    }

    /// The number format of a cell.
    pub fn code(&self, place: Place) -> String {
        let (sheet, cell) = place.cell();
        let workbook = self.sessions.get(place.book).map(|session| session.model().workbook());
        workbook
            .map_or_else(|| "General".to_owned(), |w| w.style(sheet, cell).number_format.as_str().to_owned())
    }

    /// Brings up areas, each in its book.
    pub fn bring_up(&mut self, places: &[Place]) {
        for (book, session) in self.sessions.iter_mut().enumerate() {
            let areas: Vec<Area> =
                places.iter().filter(|place| place.book == book).map(|place| place.area).collect();
            if areas.is_empty() {
                continue;
            }
            session.recalculate(&self.environment, Wanted::Areas(&areas));
        }
    }

    /// Cells found to depend on themselves.
    pub fn circular(&self) -> Vec<(usize, SheetId, Cell)> {
        let books = self.sessions.iter().enumerate();
        books.flat_map(|(book, of)| of.circular().map(move |(sheet, cell)| (book, sheet, cell))).collect()
    }

    /// Evaluates an expression of the definition in the first workbook.
    pub fn expression(&mut self, expression: &Expression) -> Value {
        for id in expression.bindings() {
            if let Some(place) = self.foreign.get(id).copied() {
                let value = self.all_of(place);
                self.given.bindings.insert(id.to_owned(), value);
            }
        }
        let Some(session) = self.sessions.first_mut() else { return CellError::Ref.into() };
        let workbook = Arc::clone(session.model().workbook());
        let parsed = self.parsed.entry(expression.text.clone()).or_insert_with(|| {
            formula::parse(&expression.text, Cell::default(), &*workbook, Mode::Expression).ok().map(Arc::new)
        });
        let sheet = workbook.first_visible_sheet().unwrap_or_default();
        match parsed {
            Some(formula) => {
                session.evaluate(formula, sheet, Cell::default(), &self.given, &self.environment)
            }
            None => CellError::Name.into(),
        }
    }

    /// The values of an area, brought up: one as a scalar, several as an array.
    fn all_of(&mut self, place: Place) -> Value {
        let rect = place.area.rect;
        if rect.count() > MOST_FOREIGN_CELLS {
            return CellError::Calc.into();
        }
        self.bring_up(&[place]);
        if rect.is_cell() {
            return self.value(place);
        }
        let values = rect.cells().map(|cell| self.at(place.book, place.area.sheet, cell)).collect();
        match Array::new(rect.rows(), rect.cols(), values) {
            Ok(array) => Value::Array(array.into()),
            Err(error) => error.into(),
        }
    }

    /// The value of one cell that a reference names, brought up.
    pub fn reference(&mut self, reference: &Reference, resolver: &Resolver) -> Option<Value> {
        let place = resolver.place(reference).ok()?;
        let (sheet, cell) = place.cell();
        let first = Place::at(place.book, sheet, cell);
        if self.sessions.get(place.book).is_some_and(|session| session.is_stale(sheet, cell)) {
            self.bring_up(&[first]);
        }
        Some(self.value(first))
    }

    /// Whether a condition holds; one that cannot be told is as the default says, so that nothing vanishes by
    /// mistake.
    pub fn condition(&mut self, condition: Option<&Condition>, default: bool, resolver: &Resolver) -> bool {
        let value = match condition {
            None => return default,
            Some(Condition::Constant(value)) => return *value,
            Some(Condition::Reference(reference)) => self.reference(reference, resolver),
            Some(Condition::Expression(expression)) => Some(self.expression(expression)),
        };
        let locale = self.environment.locale;
        value.and_then(|value| functions::to_bool(&single(value), locale).ok()).unwrap_or(default)
    }

    /// A bound as a number; dates are serials as `book` counts them.
    pub fn bound(&mut self, bound: Option<&Bound>, book: usize, resolver: &Resolver) -> Option<f64> {
        let value = match bound? {
            Bound::Number(number) => return Some(*number),
            Bound::Moment(moment) => return moment_serial(moment, self.date_system(book)),
            Bound::Reference(reference) => self.reference(reference, resolver)?,
            Bound::Expression(expression) => self.expression(expression),
        };
        match single(value) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A setting as a value.
    pub fn setting(&mut self, setting: &Setting, resolver: &Resolver) -> Value {
        match setting {
            Setting::Literal(text) => Value::text(text),
            Setting::Reference(reference) => self.reference(reference, resolver).unwrap_or_default(),
            Setting::Expression(expression) => single(self.expression(expression)),
        }
    }

    /// Something asked with a value in a cell that goes back to what it was.
    pub fn tried<T>(&mut self, place: Place, value: &Value, ask: impl FnOnce(&mut Books) -> T) -> Option<T> {
        let (sheet, cell) = place.cell();
        let session = self.sessions.get_mut(place.book)?;
        let before = session.clone();
        session.set(sheet, cell, value.clone());
        let answer = ask(self);
        *self.sessions.get_mut(place.book)? = before;
        Some(answer)
    }

    /// Gives a cell a value; without one, what it had at first: its default, or what the workbook has.
    pub fn put(&mut self, book: usize, sheet: SheetId, cell: Cell, value: Option<Value>) {
        let Some(session) = self.sessions.get_mut(book) else { return };
        match value.or_else(|| self.defaults.get(&(book, sheet, cell)).cloned()) {
            Some(value) => session.set(sheet, cell, value),
            None => session.reset(sheet, cell),
        }
    }

    /// What a cell held at first: its default, or what the workbook has.
    pub fn first(&self, place: Place) -> Value {
        let (sheet, cell) = place.cell();
        let default = self.defaults.get(&(place.book, sheet, cell));
        let workbook = || Some(self.sessions.get(place.book)?.model().workbook().value(sheet, cell));
        default.or_else(workbook).cloned().unwrap_or_default()
    }

    /// Whether a cell holds something other than at first.
    pub fn is_changed(&self, place: Place) -> bool {
        let (sheet, cell) = place.cell();
        let input = self.sessions.get(place.book).and_then(|session| session.input(sheet, cell));
        input.is_some_and(|input| !input.same(&self.first(place)))
    }
}

/// One value of what may be an array.
pub(crate) fn single(value: Value) -> Value {
    match value {
        Value::Array(array) => array.first().clone(),
        other => other,
    }
}

fn moment_serial(moment: &Moment, system: DateSystem) -> Option<f64> {
    let day = match moment.date() {
        Some((year, month, day)) => system.serial(year.into(), month.into(), day.into())?,
        None => 0,
    };
    Some(day as f64 + f64::from(moment.seconds().unwrap_or(0)) / 86_400.0)
}

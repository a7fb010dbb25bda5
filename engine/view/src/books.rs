//! The workbooks of an app with the sessions on them, and expressions evaluated over them.

use crate::resolve::{Place, Resolver};
use app_definitions::model::{Bound, Condition, Moment, Setting};
use app_definitions::{Expression, Reference};
use calc::{Given, Model, Session, Wanted};
use formula::{Formula, Mode};
use functions::Environment;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use values::{Area, Cell, CellError, DateSystem, SheetId, Value};

/// The sessions of an app's workbooks.
pub(crate) struct Books {
    pub sessions: Vec<Session>,
    pub environment: Environment,
    given: Vec<Given>,
    parsed: HashMap<String, Option<Arc<Formula>>>,
}

impl Books {
    pub fn new(models: &[Arc<Model>], environment: Environment, resolver: &Resolver<'_>) -> Books {
        let mut given = vec![Given::default(); models.len()];
        for (id, place) in resolver.binds() {
            if let Some(given) = given.get_mut(place.book) {
                given.bindings.insert(id.to_owned(), Value::range(place.area));
            }
        }
        for given in &mut given {
            given.context = BTreeMap::from([
                ("locale".to_owned(), Value::text(environment.locale.tag)),
                ("online".to_owned(), Value::Bool(false)),
            ]);
        }
        let sessions = models.iter().map(|model| Session::new(Arc::clone(model))).collect();
        Books { sessions, environment, given, parsed: HashMap::new() }
    }

    /// How a book counts days.
    pub fn date_system(&self, book: usize) -> DateSystem {
        self.sessions.get(book).map_or(DateSystem::V1900, |session| session.model().workbook().date_system)
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

    /// Brings up areas, each in its book.
    pub fn bring_up(&mut self, places: &[Place]) -> Vec<(usize, SheetId, Cell)> {
        let mut circular = Vec::new();
        for (book, session) in self.sessions.iter_mut().enumerate() {
            let areas: Vec<Area> =
                places.iter().filter(|place| place.book == book).map(|place| place.area).collect();
            let report = session.recalculate(&self.environment, Wanted::Areas(&areas));
            circular.extend(report.circular.into_iter().map(|(sheet, cell)| (book, sheet, cell)));
        }
        circular
    }

    /// Evaluates an expression of the definition in the first workbook.
    pub fn expression(&mut self, expression: &Expression) -> Value {
        let Some(session) = self.sessions.first_mut() else { return CellError::Ref.into() };
        let model = Arc::clone(session.model());
        let workbook = model.workbook();
        let parsed = self.parsed.entry(expression.text.clone()).or_insert_with(|| {
            formula::parse(&expression.text, Cell::default(), &**workbook, Mode::Expression)
                .ok()
                .map(Arc::new)
        });
        let sheet = workbook.first_visible_sheet().unwrap_or_default();
        match (parsed, self.given.first()) {
            (Some(formula), Some(given)) => {
                session.evaluate(formula, sheet, Cell::default(), given, &self.environment)
            }
            _ => CellError::Name.into(),
        }
    }

    /// The value of one cell that a reference names, brought up.
    pub fn reference(&mut self, reference: &Reference, resolver: &Resolver<'_>) -> Option<Value> {
        let place = resolver.place(reference).ok()?;
        if let Some(session) = self.sessions.get_mut(place.book) {
            let (sheet, cell) = place.cell();
            if session.is_stale(sheet, cell) {
                session.recalculate(&self.environment, Wanted::Areas(&[place.area]));
            }
        }
        Some(self.value(place))
    }

    /// Whether a condition holds; one that cannot be told holds, so that nothing vanishes by mistake.
    pub fn condition(
        &mut self,
        condition: Option<&Condition>,
        default: bool,
        resolver: &Resolver<'_>,
    ) -> bool {
        let value = match condition {
            None => return default,
            Some(Condition::Constant(value)) => return *value,
            Some(Condition::Reference(reference)) => self.reference(reference, resolver),
            Some(Condition::Expression(expression)) => Some(self.expression(expression)),
        };
        value.and_then(|value| functions::to_bool(&single(value)).ok()).unwrap_or(default)
    }

    /// A bound as a number; dates are serials.
    pub fn bound(&mut self, bound: Option<&Bound>, resolver: &Resolver<'_>) -> Option<f64> {
        let value = match bound? {
            Bound::Number(number) => return Some(*number),
            Bound::Moment(moment) => return moment_serial(moment, self.date_system(0)),
            Bound::Reference(reference) => self.reference(reference, resolver)?,
            Bound::Expression(expression) => self.expression(expression),
        };
        match single(value) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A setting as a value.
    pub fn setting(&mut self, setting: &Setting, resolver: &Resolver<'_>) -> Value {
        match setting {
            Setting::Literal(text) => Value::text(text),
            Setting::Reference(reference) => self.reference(reference, resolver).unwrap_or_default(),
            Setting::Expression(expression) => single(self.expression(expression)),
        }
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

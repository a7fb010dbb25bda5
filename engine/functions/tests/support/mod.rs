//! Values from JSON, and a small context over cells in memory.

use numfmt::Locale;
use playsheet_functions::{
    self as functions, Cells, CharacterSet, Context, Criterion, Environment, Function, LambdaKind, Lent,
    MatchingRows, Mode, NoCells, NumberColumn, View,
};
use serde_json::Value as Json;
use std::cell::Cell as Slot;
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Area, Array, Cell, CellError, DateSystem, Lambda, Rect, Result, SheetId, Value};

/// One sheet of a case: a block of cells, stored by column.
#[derive(Default)]
pub struct Sheet {
    first: Cell,
    columns: Vec<Vec<Value>>,
    hidden: Vec<u64>,
    filtered: Vec<u64>,
    subtotals: Vec<u64>,
    formulas: Vec<(Cell, String)>,
}

impl Cells for Sheet {
    fn value(&self, cell: Cell) -> &Value {
        let col = usize::from(cell.col.0).checked_sub(usize::from(self.first.col.0));
        let row = (cell.row.0 as usize).checked_sub(self.first.row.0 as usize);
        let found = col.and_then(|col| self.columns.get(col)).and_then(|column| column.get(row?));
        found.unwrap_or_else(|| NoCells.value(cell))
    }

    fn used(&self) -> Option<Rect> {
        let last_row = self.columns.iter().map(Vec::len).max().filter(|rows| *rows > 0)? as i64 - 1;
        let last = self.first.moved(last_row, self.columns.len() as i64 - 1)?;
        Some(Rect::new(self.first, last))
    }

    fn next_slice(&self, col: u16, from: u32) -> Option<(u32, &[Value])> {
        let column = self.columns.get(usize::from(col.checked_sub(self.first.col.0)?))?;
        let from = from.max(self.first.row.0);
        let rest = column.get((from - self.first.row.0) as usize..)?;
        (!rest.is_empty()).then_some((from, rest))
    }
}

/// The world of one case. Every range of its arguments lies on a sheet of its own.
pub struct World {
    environment: Environment,
    sheets: BTreeMap<u16, Sheet>,
    names: BTreeMap<String, Value>,
    here: Cell,
    date_system: DateSystem,
    format: String,
    random: Slot<u64>,
    spent: Slot<u64>,
    index: bool,
    pub mode: Mode,
}

impl World {
    /// Reads a case's settings: `mode`, `here`, `date1904`, `now`, `budget`, `locale`, `format`, which is the number
    /// format of all cells, `macintosh` for its characters, and `index` for a world that keeps an index of its columns.
    pub fn new(settings: &Json) -> World {
        let here = settings["here"].as_array().map(|here| cell(here)).unwrap_or_default();
        let environment = Environment {
            now: settings["now"].as_f64().unwrap_or(45_292.0),
            budget: settings["budget"].as_u64().unwrap_or(100_000_000),
            locale: Locale::from_tag(settings["locale"].as_str().unwrap_or("en-US")).unwrap(),
            characters: match settings["macintosh"] == true {
                true => CharacterSet::Macintosh,
                false => CharacterSet::Windows,
            },
            ..Environment::default()
        };
        World {
            environment,
            sheets: BTreeMap::new(),
            names: BTreeMap::new(),
            here,
            date_system: if settings["date1904"] == true { DateSystem::V1904 } else { DateSystem::V1900 },
            format: settings["format"].as_str().unwrap_or("General").to_owned(),
            random: Slot::new(0x9E37_79B9_7F4A_7C15),
            spent: Slot::new(0),
            index: settings["index"] == true,
            mode: if settings["mode"] == "array" { Mode::Array } else { Mode::Cell },
        }
    }

    /// An argument: a scalar, `null` for one left out, `[[…]]` for an array, `{"error"}`, `{"range"}` for cells,
    /// `{"lambda": NAME}` for a function value that calls a function of the library, `{"stacked": [[…]]}` for an array of
    /// arguments, `{"areas"}` for a reference of several ranges.
    ///
    /// A range may say where it lies (`at`), how far its reference reaches (`rows`, `cols`), which of its
    /// rows are `hidden` or `filtered` and which cells are `subtotals`, each counted from 0 within it, and the
    /// `formulas` of its cells.
    pub fn argument(&mut self, json: &Json) -> Value {
        if let Some(rows) = json["range"].as_array() {
            return self.range(json, rows);
        }
        if let Some(name) = json["lambda"].as_str() {
            let function = functions::find(name).unwrap_or_else(|| panic!("no such function: {name}"));
            return Value::Lambda(Arc::new(Lambda(Box::new(Called { function }))));
        }
        if let Some(rows) = json["stacked"].as_array() {
            let items = rows.iter().flat_map(|row| row.as_array().unwrap());
            let items: Vec<Value> = items.map(|item| self.argument(item)).collect();
            let rows = rows.len() as u32;
            return Array::new(rows, items.len() as u32 / rows, items).unwrap().into();
        }
        if let Some(areas) = json["areas"].as_array() {
            let areas = areas.iter().map(|json| match self.argument(json) {
                Value::Range(sheet, rect) => Area { sheet, rect },
                other => panic!("no range: {other:?}"),
            });
            return Value::Areas(Arc::new(areas.collect()));
        }
        match json {
            Json::Null => Value::Missing,
            json if json["empty"] == true => Value::Empty,
            json => value(json),
        }
    }

    fn range(&mut self, json: &Json, rows: &[Json]) -> Value {
        let sheet = self.sheets.len() as u16;
        let first = json["at"].as_array().map(|at| cell(at)).unwrap_or_default();
        let width = rows.iter().filter_map(Json::as_array).map(Vec::len).max().unwrap_or(0);
        let column = |col: usize| rows.iter().map(|row| stored(&row[col])).collect();
        let list = |key: &str| {
            json[key].as_array().map(|all| all.iter().filter_map(Json::as_u64).collect()).unwrap_or_default()
        };
        let formulas = json["formulas"].as_array().into_iter().flatten().zip(0..).flat_map(|(row, down)| {
            row.as_array().into_iter().flatten().zip(0..).filter_map(move |(formula, right)| {
                Some((first.moved(down, right)?, formula.as_str()?.to_owned()))
            })
        });
        let cells = Sheet {
            first,
            formulas: formulas.collect(),
            columns: (0..width).map(column).collect(),
            hidden: list("hidden"),
            filtered: list("filtered"),
            subtotals: list("subtotals"),
        };
        let extent = |key: &str, stored: usize| json[key].as_i64().unwrap_or(stored.max(1) as i64) - 1;
        let last = first.moved(extent("rows", rows.len()), extent("cols", width)).unwrap();
        self.sheets.insert(sheet, cells);
        let range = Value::Range(SheetId(sheet), Rect::new(first, last));
        if let Some(name) = json["name"].as_str() {
            self.names.insert(name.to_owned(), range.clone());
        }
        range
    }

    fn sheet(&self, sheet: SheetId) -> Option<&Sheet> {
        self.sheets.get(&sheet.0)
    }

    /// What the case has been charged so far.
    pub fn spent(&self) -> u64 {
        self.spent.get()
    }
}

/// What is inside of the function values of cases.
struct Called {
    function: &'static Function,
}

fn cell(json: &[Json]) -> Cell {
    Cell::new(json[0].as_u64().unwrap() as u32, json[1].as_u64().unwrap() as u16)
}

/// A cell's value: as elsewhere, but `null` is an empty cell.
fn stored(json: &Json) -> Value {
    if json.is_null() { Value::Empty } else { value(json) }
}

/// A value, inside of arrays and as a result: `null` is an empty cell.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Empty,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => number.as_f64().unwrap().into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(rows) => {
            let cols = rows[0].as_array().unwrap().len();
            let all = rows.iter().flat_map(|row| row.as_array().unwrap().iter().map(stored)).collect();
            Array::new(rows.len() as u32, cols as u32, all).unwrap().into()
        }
        Json::Object(_) => {
            let name = json["error"].as_str().unwrap_or_else(|| panic!("no value: {json}"));
            name.parse::<CellError>().unwrap_or_else(|()| panic!("no error: {json}")).into()
        }
    }
}

/// Whether a result is what a case expects. Numbers may differ in the thirteenth digit; a documented value with
/// fewer digits is written as `{"near", "within"}`, `within` being relative; a reference as `{"reference": "B2:C9"}`.
pub fn agrees(expected: &Json, found: &Value) -> bool {
    if let (Some(near), Some(within)) = (expected["near"].as_f64(), expected["within"].as_f64()) {
        return matches!(found, Value::Number(found) if (found - near).abs() <= within * near.abs().max(1e-300));
    }
    if let Some(address) = expected["reference"].as_str() {
        return matches!(found, Value::Range(_, rect) if rect.to_string() == address);
    }
    if let (Some(rows), Value::Array(array)) = (expected.as_array(), found) {
        let flat: Vec<&Json> = rows.iter().flat_map(|row| row.as_array().unwrap()).collect();
        return array.rows() as usize == rows.len()
            && array.len() == flat.len()
            && flat.iter().zip(array.iter()).all(|(expected, found)| agrees(expected, found));
    }
    match (value(expected), found) {
        (Value::Number(expected), Value::Number(found)) => {
            (expected - found).abs() <= 1e-12 * expected.abs().max(found.abs())
        }
        (expected, Value::Missing) => expected.same(&Value::Empty),
        (expected, found) => expected.same(found),
    }
}

impl Context for World {
    fn environment(&self) -> &Environment {
        &self.environment
    }
    fn date_system(&self) -> DateSystem {
        self.date_system
    }
    fn here(&self) -> (SheetId, Cell) {
        (SheetId(0), self.here)
    }
    fn view(&self, area: Area) -> Result<View<'_>> {
        let cells: &dyn Cells = match self.sheet(area.sheet) {
            Some(sheet) => sheet,
            None => &NoCells,
        };
        Ok(View::cells(cells, area.rect))
    }
    fn apply(&self, lambda: &Lambda, args: &[Value]) -> Value {
        let called = lambda.0.downcast_ref::<Called>().unwrap();
        functions::call(called.function, &mut args.to_vec(), Mode::Array, self)
    }
    fn describe(&self, lambda: &Lambda) -> LambdaKind {
        let function = lambda.0.downcast_ref::<Called>().unwrap().function;
        let required = function.params.iter().filter(|param| !param.optional).count();
        LambdaKind { name: Some(function.name), required }
    }
    fn reference(&self, text: &str, a1_style: bool) -> Result<Value> {
        if let Some(named) = self.names.get(text) {
            return Ok(named.clone());
        }
        if !a1_style {
            return Err(CellError::Ref);
        }
        text.parse().map(|rect| Value::Range(SheetId(0), rect)).map_err(|_| CellError::Ref)
    }
    fn formula_text(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        self.sheet(sheet)?.formulas.iter().find(|(place, _)| *place == cell).map(|(_, text)| text.clone())
    }
    fn is_subtotal(&self, sheet: SheetId, cell: Cell) -> bool {
        self.sheet(sheet)
            .is_some_and(|sheet| sheet.subtotals.contains(&u64::from(cell.row.0 - sheet.first.row.0)))
    }
    fn row_hidden(&self, sheet: SheetId, row: u32, by_hand: bool) -> bool {
        self.sheet(sheet).is_some_and(|sheet| {
            let row = u64::from(row - sheet.first.row.0);
            sheet.filtered.contains(&row) || (by_hand && sheet.hidden.contains(&row))
        })
    }
    fn sheet_name(&self, sheet: SheetId) -> Option<&str> {
        ["Sheet1", "Sheet2", "Sheet3"].get(usize::from(sheet.0)).copied()
    }
    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        (0..3)
            .map(SheetId)
            .find(|sheet| self.sheet_name(*sheet).is_some_and(|own| own.eq_ignore_ascii_case(name)))
    }
    fn sheet_count(&self) -> u16 {
        3
    }
    fn number_format(&self, _: SheetId, _: Cell) -> &str {
        &self.format
    }
    fn is_locked(&self, _: SheetId, _: Cell) -> bool {
        true
    }
    fn column_width(&self, _: SheetId, _: u16) -> f64 {
        8.43
    }
    fn file_name(&self) -> &str {
        "Book1.xlsx"
    }
    fn random(&self) -> f64 {
        // A step of splitmix64; any even spread will do here.
        let state = self.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    fn matching_rows(&self, conditions: &[(Area, &Criterion)]) -> Option<MatchingRows> {
        let views: Vec<View<'_>> = conditions
            .iter()
            .map(|(area, _)| self.view(*area).ok().filter(|_| self.index))
            .collect::<Option<_>>()?;
        let met: Vec<bool> = conditions
            .iter()
            .map(|(_, criterion)| criterion.exact_text().is_some() || criterion.exact_number().is_some())
            .collect();
        let (first, _) = met.iter().enumerate().find(|(_, met)| **met)?;
        let holds = |row: u32| {
            conditions
                .iter()
                .zip(&views)
                .zip(&met)
                .filter(|(_, met)| **met)
                .all(|(((_, criterion), view), _)| criterion.matches(view.get(row, 0), &self.reading()))
        };
        Some(MatchingRows { rows: (0..views[first].used_rows()).filter(|row| holds(*row)).collect(), met })
    }
    fn numbers(&self, area: Area) -> Option<Lent<'_>> {
        let mut column = NumberColumn::default();
        column.fill(area.rect.top.0 as usize);
        let view = self.view(area).ok().filter(|view| self.index && view.cols() == 1)?;
        (0..view.used_rows()).for_each(|row| column.push(view.get(row, 0)));
        Some(Lent::Shared(Arc::new(column)))
    }
    fn spend(&self, units: u64) -> Result<()> {
        let spent = self.spent.get().saturating_add(units);
        self.spent.set(spent);
        if spent > self.environment.budget { Err(CellError::Calc) } else { Ok(()) }
    }
}

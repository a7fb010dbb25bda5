//! Workbooks for tests: the examples, and small ones from data.

use app_definitions::Reference;
use app_definitions::model::{App, ContainerKind, Item, Node};
use calc::Model;
use formula::{Mode, Sheets, parse};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId, Text, Value};
use workbook::{
    CellStyle, Color, DefinedName, NameScope, RowInfo, Sheet, Table, TableColumn, Validation, ValidationKind,
    ValidationOperator, ValidationStyle, Visibility, Workbook,
};

/// A small workbook as data.
#[derive(Deserialize)]
pub struct Made {
    /// Cells by sheet, in tab order.
    sheets: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    protected: Vec<String>,
    #[serde(default)]
    styles: BTreeMap<String, StyleOf>,
    #[serde(default)]
    validations: Vec<Rule>,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, String>,
    #[serde(default)]
    merged: Vec<String>,
    #[serde(default)]
    hidden_sheets: Vec<String>,
    #[serde(default)]
    hidden_rows: Vec<String>,
    #[serde(default)]
    hidden_columns: Vec<String>,
    /// A grid of unlocked figures under headers, for cases of many cells.
    grid: Option<Grid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grid {
    sheet: String,
    rows: u32,
    columns: u16,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StyleOf {
    unlocked: bool,
    bold: bool,
    size: f32,
    color: Option<String>,
    fill: Option<String>,
    named: Option<String>,
    format: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    cells: String,
    kind: String,
    first: String,
    second: Option<String>,
}

/// The cases of a file in `cases/`.
pub fn cases<T: DeserializeOwned>(file: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// An example's workbook.
pub fn example(file: &str) -> Arc<Model> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(file);
    let loaded = formats::open(&std::fs::read(path).unwrap(), file, &formats::Limits::default()).unwrap();
    Arc::new(Model::new(Arc::new(loaded.workbook)))
}

pub fn sheet(model: &Model, name: &str) -> SheetId {
    model.workbook().sheet_by_name(name).unwrap()
}

/// `'By year'!A3:E34`.
pub fn address(workbook: &Workbook, sheet: &str, rect: &str) -> String {
    workbook.address(Area { sheet: workbook.sheet_by_name(sheet).unwrap(), rect: rect.parse().unwrap() })
}

/// The item that is bound to a cell.
pub fn item_at<'a>(app: &'a App, at: &str) -> Option<&'a Item> {
    let cells = |item: &Item| match &item.target {
        Some(Reference::Bind(id)) => app.bind(id).map(|bind| {
            let cells = Reference::Cells { sheet: bind.sheet.clone(), area: bind.address.unwrap() };
            cells.to_string()
        }),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    app.items().find(|item| cells(item).as_deref() == Some(at))
}

/// The caption of a section.
pub fn section(node: &Node) -> Option<&str> {
    match node {
        Node::Container(container) if container.kind == ContainerKind::Section => {
            container.caption.as_ref().map(app_definitions::model::Caption::words)
        }
        _ => None,
    }
}

/// Whether every item and page is called something.
pub fn all_named(app: &App) -> bool {
    app.nodes().all(|node| match node {
        Node::Item(item) => item.caption.as_ref().is_some_and(|caption| !caption.words().is_empty()),
        Node::Container(container) => {
            container.caption.as_ref().is_some_and(|caption| !caption.words().is_empty())
        }
        _ => true,
    })
}

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Number(number) => number.as_f64().unwrap().into(),
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::String(text) => Value::text(text),
        _ => Value::Empty,
    }
}

/// Builds the graph of a small workbook.
pub fn model(made: &Made) -> Arc<Model> {
    let mut book =
        Workbook { sheets: made.sheets.keys().map(|name| Sheet::new(name)).collect(), ..Workbook::default() };
    for (name, cells) in &made.sheets {
        let id = book.sheet_by_name(name).unwrap();
        for (address, content) in cells.as_object().unwrap() {
            let is_formula = content.as_str().is_some_and(|text| text.starts_with('='));
            if !is_formula {
                book.sheet_mut(id).unwrap().grid.set(address.parse().unwrap(), value(content));
            }
        }
    }
    names_and_tables(&mut book, made);
    let symbols = book.clone();
    for (name, cells) in &made.sheets {
        let id = book.sheet_by_name(name).unwrap();
        for (address, content) in cells.as_object().unwrap() {
            let (cell, text) = (address.parse::<Cell>().unwrap(), content.as_str().unwrap_or_default());
            if text.starts_with('=') {
                let template = book.templates.intern(parse(text, cell, &symbols, Mode::Workbook).unwrap());
                book.sheet_mut(id).unwrap().set_formula(cell, Some(template));
            }
        }
    }
    looks(&mut book, made);
    made.validations.iter().for_each(|rule| validate(&mut book, rule));
    grid(&mut book, made.grid.as_ref());
    Arc::new(Model::new(Arc::new(book)))
}

fn area(book: &Workbook, text: &str) -> Area {
    let (sheet, rect) = text.rsplit_once('!').unwrap();
    Area { sheet: book.sheet_by_name(sheet).unwrap(), rect: rect.replace('$', "").parse::<Rect>().unwrap() }
}

fn names_and_tables(book: &mut Workbook, made: &Made) {
    for (name, text) in &made.names {
        let formula = Arc::new(parse(text, Cell::default(), book, Mode::Workbook).unwrap());
        let (name, source) = (Text::from(name.as_str()), Text::from(text.as_str()));
        let scope = NameScope::Workbook;
        book.names.push(DefinedName { name, scope, formula: Some(formula), source, hidden: false });
    }
    for (name, place) in &made.tables {
        let Area { sheet, rect } = area(book, place);
        let header = |col: u16| match book.value(sheet, Cell { row: rect.top, col: Col(col) }) {
            Value::Text(text) => TableColumn { name: text.clone(), formula: None },
            other => panic!("{other:?} is no header"),
        };
        let columns = (rect.left.0..=rect.right.0).map(header).collect();
        let name = Text::from(name.as_str());
        book.tables.push(Table {
            name,
            sheet,
            area: rect,
            header_rows: 1,
            totals_rows: 0,
            columns,
            filtered: false,
        });
    }
}

fn color(text: &str) -> Color {
    let part = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    Color { red: part(1), green: part(3), blue: part(5) }
}

fn looks(book: &mut Workbook, made: &Made) {
    for (place, of) in &made.styles {
        let mut style = CellStyle { locked: !of.unlocked, ..CellStyle::default() };
        (style.font.bold, style.font.size_pt) = (of.bold, of.size);
        style.font.color = of.color.as_deref().map(color);
        style.fill = of.fill.as_deref().map(color);
        style.named_style = of.named.as_deref().map(Text::from);
        style.number_format = Text::from(of.format.as_deref().unwrap_or("General"));
        let (id, area) = (book.styles.push(style), area(book, place));
        let sheet = book.sheet_mut(area.sheet).unwrap();
        area.rect.cells().for_each(|cell| sheet.set_style(cell, id));
    }
    for name in &made.protected {
        let id = book.sheet_by_name(name).unwrap();
        book.sheet_mut(id).unwrap().protected = true;
    }
    for name in &made.hidden_sheets {
        let id = book.sheet_by_name(name).unwrap();
        book.sheet_mut(id).unwrap().visibility = Visibility::Hidden;
    }
    for place in &made.merged {
        let area = area(book, place);
        book.sheet_mut(area.sheet).unwrap().merged.push(area.rect);
    }
    for place in &made.hidden_rows {
        let (sheet, row) = place.split_once('!').unwrap();
        let (id, row) = (book.sheet_by_name(sheet).unwrap(), Row(row.parse::<u32>().unwrap() - 1));
        book.sheet_mut(id).unwrap().rows.set(row, Some(RowInfo { hidden: true, outline: 0 }));
    }
    for place in &made.hidden_columns {
        let (sheet, col) = place.split_once('!').unwrap();
        let id = book.sheet_by_name(sheet).unwrap();
        let col = format!("{col}1").parse::<Cell>().unwrap().col;
        book.sheet_mut(id).unwrap().hidden_columns.set(Row(u32::from(col.0)), Some(true));
    }
}

fn validate(book: &mut Workbook, rule: &Rule) {
    let area = area(book, &rule.cells);
    let formula = |text: &str| Arc::new(parse(text, area.rect.first(), book, Mode::Workbook).unwrap());
    let validation = Validation {
        areas: vec![area.rect],
        kind: match rule.kind.as_str() {
            "list" => ValidationKind::List,
            "date" => ValidationKind::Date,
            "whole" => ValidationKind::Whole,
            "decimal" => ValidationKind::Decimal,
            other => panic!("unknown kind {other}"),
        },
        operator: ValidationOperator::Between,
        first: Some(formula(&rule.first)),
        second: rule.second.as_deref().map(formula),
        host: area.rect.first(),
        allow_blank: true,
        dropdown: true,
        style: ValidationStyle::Stop,
        error_title: None,
        error: None,
        prompt_title: None,
        prompt: None,
    };
    book.sheet_mut(area.sheet).unwrap().validations.push(validation);
}

fn grid(book: &mut Workbook, grid: Option<&Grid>) {
    let Some(grid) = grid else { return };
    let unlocked = book.styles.push(CellStyle { locked: false, ..CellStyle::default() });
    let id = book.sheet_by_name(&grid.sheet).unwrap();
    let sheet = book.sheet_mut(id).unwrap();
    for col in 0..grid.columns {
        sheet.grid.set(Cell::new(0, col), Value::text(&format!("Head {}", col + 1)));
        for row in 1..=grid.rows {
            sheet.grid.set(Cell::new(row, col), f64::from(row).into());
            sheet.set_style(Cell::new(row, col), unlocked);
        }
    }
}

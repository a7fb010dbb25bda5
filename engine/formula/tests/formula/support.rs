//! A small workbook, the case files, and trees as compact text.

use playsheet_formula::{
    Axis, BinaryOp, Corner, Extent, Formula, Node, NodeId, Ref, SheetSpec, Sheets, TableItem, UnaryOp,
};
use std::fmt::Write;
use std::path::Path;
use values::{Cell, SheetId, equal_text};

/// The cell that hosts the cases: `C5`.
pub const HOST: Cell = Cell { row: values::Row(4), col: values::Col(2) };

const SHEETS: [&str; 13] = [
    "Sheet1",
    "Sheet2",
    "Sheet3",
    "My sheet",
    "It's",
    "Sheet 1",
    "Sheet 3",
    "D-I",
    "Лист1",
    "Q1.2024",
    "Jan",
    "Mar",
    "R1C1",
];

/// A workbook with some sheets and the defined name `Rate`.
pub struct Book;

impl Sheets for Book {
    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        let place = SHEETS.iter().position(|sheet| equal_text(sheet, name))?;
        u16::try_from(place).ok().map(SheetId)
    }

    fn sheet_name(&self, id: SheetId) -> Option<&str> {
        SHEETS.get(usize::from(id.0)).copied()
    }

    fn has_name(&self, name: &str) -> bool {
        equal_text(name, "Rate")
    }
}

/// The rows of a case file: fields between tabs, `⏎` and `⇥` for a line break and a tab inside of a field.
pub fn rows(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows: Vec<Vec<String>> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("// "))
        .map(|line| line.split('\t').map(|field| field.replace('⏎', "\n").replace('⇥', "\t")).collect())
        .collect();
    assert!(!rows.is_empty(), "{file} holds no cases");
    rows
}

/// The tree as text: `(+ R[-4]C[-2] 1)`.
pub fn shown(formula: &Formula) -> String {
    let mut out = String::new();
    show(&mut out, formula, formula.root(), true);
    out
}

/// The tree as text without its parentheses.
pub fn shown_bare(formula: &Formula) -> String {
    let mut out = String::new();
    show(&mut out, formula, formula.root(), false);
    out
}

fn show(out: &mut String, formula: &Formula, id: NodeId, parens: bool) {
    let list = |out: &mut String, head: &str, nodes: &[NodeId]| list(out, formula, head, nodes, parens);
    match formula.node(id) {
        Node::Number(number) => write!(out, "{number}").unwrap(),
        Node::Text(text) => write!(out, "\"{text}\"").unwrap(),
        Node::Bool(value) => write!(out, "{}", if *value { "TRUE" } else { "FALSE" }).unwrap(),
        Node::Error(error) => write!(out, "{error}").unwrap(),
        Node::Missing => out.push('_'),
        Node::Ref(reference) => out.push_str(&cells(reference)),
        Node::Name { sheet, name } => write!(out, "{}name:{name}", prefix(sheet)).unwrap(),
        Node::Binding(id) => write!(out, "binding:{id}").unwrap(),
        Node::Context(word) => write!(out, "context:{word}").unwrap(),
        Node::Table(table) => {
            write!(out, "(table {}", table.table.as_deref().unwrap_or("-")).unwrap();
            for item in &table.items {
                write!(out, " {}", item_name(*item)).unwrap();
            }
            if let Some((first, last)) = &table.columns {
                write!(out, " <{first}>").unwrap();
                if let Some(last) = last {
                    write!(out, "..<{last}>").unwrap();
                }
            }
            out.push(')');
        }
        Node::Call { name, args } => list(out, name, formula.args(*args)),
        Node::Invoke { callee, args } => {
            let all: Vec<NodeId> = [*callee].into_iter().chain(formula.args(*args).iter().copied()).collect();
            list(out, "call", &all);
        }
        Node::Unary { op, operand } => list(out, unary(*op), &[*operand]),
        Node::Binary { op, left, right } => list(out, binary(*op), &[*left, *right]),
        Node::Paren(inner) if parens => list(out, "paren", &[*inner]),
        Node::Paren(inner) => show(out, formula, *inner, parens),
        Node::Array { rows, cols, items } => {
            list(out, &format!("array {rows}x{cols}"), formula.args(*items));
        }
    }
}

fn list(out: &mut String, formula: &Formula, head: &str, nodes: &[NodeId], parens: bool) {
    write!(out, "({head}").unwrap();
    for id in nodes {
        out.push(' ');
        show(out, formula, *id, parens);
    }
    out.push(')');
}

pub fn cells(reference: &Ref) -> String {
    let extent = match reference.extent {
        Extent::Cell(a) => corner(a),
        Extent::Rect(a, b) => format!("{}:{}", corner(a), corner(b)),
        Extent::Rows(a, b) => format!("{}:{}", axis('R', a), axis('R', b)),
        Extent::Cols(a, b) => format!("{}:{}", axis('C', a), axis('C', b)),
    };
    format!("{}{extent}", prefix(&reference.sheet))
}

fn corner(corner: Corner) -> String {
    format!("{}{}", axis('R', corner.row), axis('C', corner.col))
}

fn axis(letter: char, axis: Axis) -> String {
    match axis {
        Axis::Relative(0) => letter.to_string(),
        Axis::Relative(offset) => format!("{letter}[{offset}]"),
        Axis::Absolute(at) => format!("{letter}{}", at + 1),
    }
}

fn prefix(sheet: &SheetSpec) -> String {
    let name = |id: &SheetId| Book.sheet_name(*id).unwrap_or("deleted").to_owned();
    match sheet {
        SheetSpec::Here => String::new(),
        SheetSpec::Sheet(id) => format!("<{}>", name(id)),
        SheetSpec::Span(first, last) => format!("<{}>..<{}>", name(first), name(last)),
        SheetSpec::Unknown(text) => format!("unknown<{text}>"),
        SheetSpec::External(external) => format!("book<{}><{}>", external.book, external.sheet),
    }
}

fn item_name(item: TableItem) -> &'static str {
    match item {
        TableItem::All => "all",
        TableItem::Data => "data",
        TableItem::Headers => "headers",
        TableItem::Totals => "totals",
        TableItem::ThisRow => "row",
    }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Minus => "neg",
        UnaryOp::Plus => "pos",
        UnaryOp::Percent => "%",
        UnaryOp::Intersect => "@",
        UnaryOp::Spill => "#",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Power => "^",
        BinaryOp::Concat => "&",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "<>",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Range => "range",
        BinaryOp::Union => "union",
        BinaryOp::Intersection => "common",
    }
}

//! The tree: an arena of small nodes, children before parents, references relative to the host cell.

use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use values::{Area, Cell, CellError, Col, MAX_COLS, MAX_ROWS, Rect, Row, SheetId, Text};

/// A parsed formula, shared by every cell that holds a copy of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Formula {
    /// All nodes; a child stands before its parent, so the root is the last.
    nodes: Vec<Node>,
    /// The argument lists of calls and the items of array constants, one after the other.
    args: Vec<NodeId>,
}

/// A node of one formula's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);

/// A slice of a formula's argument table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ArgList {
    /// Where it starts.
    pub start: u32,
    /// How many arguments.
    pub len: u32,
}

/// One construct of the grammar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Node {
    /// `1.5`
    Number(f64),
    /// `"text"`, unescaped.
    Text(Text),
    /// `TRUE`, `FALSE`
    Bool(bool),
    /// `#N/A`
    Error(CellError),
    /// An argument left out, as the second of `IF(a,,c)`.
    Missing,
    /// `A1`, `$A$1:B2`, `A:A`, `Sheet1:Sheet3!A1`
    Ref(Ref),
    /// A defined name, a LET or LAMBDA variable, or an unknown word; `Sheet1!Name` has a sheet.
    Name {
        /// The sheet in front of it.
        sheet: SheetSpec,
        /// As written.
        name: Text,
    },
    /// `Table1[[#Headers],[Qty]]`
    Table(Box<TableRef>),
    /// `SUM(…)`; the name in upper case without `_xlfn.` and its like.
    Call {
        /// The function's name.
        name: Text,
        /// Its arguments.
        args: ArgList,
    },
    /// `LAMBDA(x,x+1)(2)`: a call of what an expression gives.
    Invoke {
        /// The expression that gives the function.
        callee: NodeId,
        /// Its arguments.
        args: ArgList,
    },
    /// `-x`, `x%`, `@x`, `x#`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it stands at.
        operand: NodeId,
    },
    /// `a+b`, `A1:B2` between expressions, unions, intersections.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left of it.
        left: NodeId,
        /// Right of it.
        right: NodeId,
    },
    /// `{1,2;3,4}`: constants row by row.
    Array {
        /// At least 1.
        rows: u32,
        /// At least 1.
        cols: u32,
        /// `rows` × `cols` nodes, each a constant.
        items: ArgList,
    },
    /// Parentheses, which mean something to Excel's final addition and to unions.
    Paren(NodeId),
    /// `#id` in an app's expressions: a binding of the definition.
    Binding(Text),
    /// `@user.email`, `@column` in an app's expressions.
    Context(Text),
}

/// A prefix or postfix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnaryOp {
    /// `-x`
    Minus,
    /// `+x`, which leaves everything as it is.
    Plus,
    /// `x%`
    Percent,
    /// `@x`: implicit intersection.
    Intersect,
    /// `x#`: the spilled range of an anchor.
    Spill,
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
    /// `&`
    Concat,
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `:` between expressions that give references.
    Range,
    /// `,` between references.
    Union,
    /// A blank between references.
    Intersection,
}

/// A row or column of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Axis {
    /// So many rows or columns from the host.
    Relative(i32),
    /// `$5`, counted from 0.
    Absolute(u32),
}

/// A corner of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Corner {
    /// Its row.
    pub row: Axis,
    /// Its column.
    pub col: Axis,
}

/// Which cells a reference covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Extent {
    /// `A1`
    Cell(Corner),
    /// `A1:B2`; corners in the order written.
    Rect(Corner, Corner),
    /// `2:9`
    Rows(Axis, Axis),
    /// `A:C`
    Cols(Axis, Axis),
}

/// A reference to cells.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// On which sheet or sheets.
    pub sheet: SheetSpec,
    /// Which cells.
    pub extent: Extent,
}

/// The sheet part of a reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SheetSpec {
    /// None written: the host's sheet.
    #[default]
    Here,
    /// `Sheet1!`
    Sheet(SheetId),
    /// `Sheet1:Sheet3!`, in workbook order.
    Span(SheetId, SheetId),
    /// A sheet that this workbook does not have, or two with a colon between them; the name as written. Gives
    /// `#REF!`.
    Unknown(Text),
    /// `[1]Sheet1!` or `[Book.xlsx]Sheet1!`
    External(Box<ExternalSheet>),
}

/// A sheet of another workbook.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExternalSheet {
    /// What stands in brackets: a number in files, a file name on screen, with the path that stands before
    /// the brackets.
    pub book: Text,
    /// The sheet; empty for a name of the workbook itself.
    pub sheet: Text,
}

/// A structured reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TableRef {
    /// The table; none inside of the table itself. `[1]!` stands before a table of another workbook.
    pub table: Option<Text>,
    /// `#All`, `#Data`, …, in the order written.
    pub items: Vec<TableItem>,
    /// First and last column, unescaped; the last only where a span is written.
    pub columns: Option<(Text, Option<Text>)>,
}

/// A special item of a structured reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TableItem {
    /// `#All`
    All,
    /// `#Data`
    Data,
    /// `#Headers`
    Headers,
    /// `#Totals`
    Totals,
    /// `#This Row` or `@`
    ThisRow,
}

impl Axis {
    /// The place on the sheet, `None` off its edge.
    pub(crate) fn resolve(self, host: u32, count: u32) -> Option<u32> {
        let place = match self {
            Axis::Relative(offset) => u32::try_from(i64::from(host) + i64::from(offset)).ok()?,
            Axis::Absolute(place) => place,
        };
        (place < count).then_some(place)
    }

    /// How a place looks from a host.
    pub fn relative(place: u32, host: u32) -> Axis {
        // Both lie on a sheet, far from the bounds of i32.
        Axis::Relative((i64::from(place) - i64::from(host)) as i32)
    }

    fn row(self, host: Cell) -> Option<Row> {
        self.resolve(host.row.0, MAX_ROWS).map(Row)
    }

    fn col(self, host: Cell) -> Option<Col> {
        let col = self.resolve(u32::from(host.col.0), u32::from(MAX_COLS))?;
        u16::try_from(col).ok().map(Col)
    }
}

impl Corner {
    /// The cell as seen from the host; `None` off the sheet's edge, which is `#REF!`.
    pub fn resolve(self, host: Cell) -> Option<Cell> {
        Some(Cell { row: self.row.row(host)?, col: self.col.col(host)? })
    }
}

impl Extent {
    /// The cells as seen from the host; `None` where a corner falls off the sheet, which is `#REF!`.
    pub fn resolve(self, host: Cell) -> Option<Rect> {
        match self {
            Extent::Cell(corner) => corner.resolve(host).map(Rect::cell),
            Extent::Rect(a, b) => Some(Rect::new(a.resolve(host)?, b.resolve(host)?)),
            Extent::Rows(a, b) => {
                let (a, b) = (a.row(host)?, b.row(host)?);
                Some(Rect { top: a.min(b), bottom: a.max(b), ..Rect::SHEET })
            }
            Extent::Cols(a, b) => {
                let (a, b) = (a.col(host)?, b.col(host)?);
                Some(Rect { left: a.min(b), right: a.max(b), ..Rect::SHEET })
            }
        }
    }
}

impl Axis {
    /// A distance of more than half of the sheet as the shorter one in the other direction.
    fn around_edge(self, count: u32) -> Axis {
        match self {
            Axis::Relative(offset) if i64::from(offset) > i64::from(count / 2) => {
                Axis::Relative((i64::from(offset) - i64::from(count)) as i32)
            }
            other => other,
        }
    }
}

impl Extent {
    /// As [`Extent::resolve`], but around the edges of the sheet, as the references of names go.
    pub fn resolve_around(self, host: Cell) -> Option<Rect> {
        let moved = |axis: Axis, host: u32, count: u32| match axis {
            Axis::Relative(offset) => {
                Axis::Absolute((i64::from(host) + i64::from(offset)).rem_euclid(i64::from(count)) as u32)
            }
            absolute => absolute,
        };
        let row = |axis| moved(axis, host.row.0, MAX_ROWS);
        let col = |axis| moved(axis, u32::from(host.col.0), u32::from(MAX_COLS));
        self.with_axes(row, col).resolve(host)
    }

    fn around_edges(self) -> Extent {
        self.with_axes(|row| row.around_edge(MAX_ROWS), |col| col.around_edge(u32::from(MAX_COLS)))
    }

    fn with_axes(self, row: impl Fn(Axis) -> Axis, col: impl Fn(Axis) -> Axis) -> Extent {
        let corner = |corner: Corner| Corner { row: row(corner.row), col: col(corner.col) };
        match self {
            Extent::Cell(cell) => Extent::Cell(corner(cell)),
            Extent::Rect(a, b) => Extent::Rect(corner(a), corner(b)),
            Extent::Rows(a, b) => Extent::Rows(row(a), row(b)),
            Extent::Cols(a, b) => Extent::Cols(col(a), col(b)),
        }
    }
}

impl Ref {
    /// The area on one known sheet; `None` for spans, other workbooks and what falls off the sheet.
    pub fn area(&self, sheet: SheetId, host: Cell) -> Option<Area> {
        let sheet = match self.sheet {
            SheetSpec::Here => sheet,
            SheetSpec::Sheet(sheet) => sheet,
            _ => return None,
        };
        Some(Area { sheet, rect: self.extent.resolve(host)? })
    }
}

impl Formula {
    /// The last node, which is the whole formula.
    pub fn root(&self) -> NodeId {
        NodeId(self.nodes.len().saturating_sub(1) as u32)
    }

    /// A node of this formula.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The nodes of an argument list.
    pub fn args(&self, list: ArgList) -> &[NodeId] {
        &self.args[list.start as usize..(list.start + list.len) as usize]
    }

    /// All nodes, children before parents.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The references to cells, in the order of the nodes. Names, tables and functions that give references
    /// are not among them.
    pub fn references(&self) -> impl Iterator<Item = &Ref> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Ref(reference) => Some(reference),
            _ => None,
        })
    }

    /// The formula of a name as cells all over the sheet see it, where that differs. The formula of a name counts
    /// from A1, and around the sheet's edges: the cell above is A1048576.
    pub fn around_edges(&self) -> Option<Formula> {
        self.with_nodes(|node| match node {
            Node::Ref(reference) => {
                let extent = reference.extent.around_edges();
                (extent != reference.extent).then(|| Node::Ref(Ref { extent, ..reference.clone() }))
            }
            _ => None,
        })
    }

    /// The same tree with other nodes in the places for which `change` gives one; `None` where it gives none. What is
    /// put in must be a leaf, and so must be what it replaces.
    pub(crate) fn with_nodes(&self, mut change: impl FnMut(&Node) -> Option<Node>) -> Option<Formula> {
        let mut changed: Option<Formula> = None;
        for (place, node) in self.nodes.iter().enumerate() {
            if let Some(new) = change(node) {
                changed.get_or_insert_with(|| self.clone()).nodes[place] = new;
            }
        }
        changed
    }

    /// An empty arena for the parser to fill.
    pub(crate) fn empty() -> Formula {
        Formula { nodes: Vec::new(), args: Vec::new() }
    }

    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.root()
    }

    /// Takes the last node back.
    pub(crate) fn pop(&mut self) -> Option<Node> {
        self.nodes.pop()
    }

    /// Puts another node in a node's place.
    pub(crate) fn replace(&mut self, id: NodeId, node: Node) {
        if let Some(place) = self.nodes.get_mut(id.0 as usize) {
            *place = node;
        }
    }

    pub(crate) fn push_args(&mut self, args: &[NodeId]) -> ArgList {
        let start = self.args.len() as u32;
        self.args.extend_from_slice(args);
        ArgList { start, len: args.len() as u32 }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        use Node::*;
        match (self, other) {
            // Bits decide: templates are shared only between formulas that compute the same.
            (Number(a), Number(b)) => a.to_bits() == b.to_bits(),
            (Text(a), Text(b)) | (Binding(a), Binding(b)) | (Context(a), Context(b)) => a == b,
            (Bool(a), Bool(b)) => a == b,
            (Error(a), Error(b)) => a == b,
            (Missing, Missing) => true,
            (Ref(a), Ref(b)) => a == b,
            (Name { sheet: s, name: a }, Name { sheet: t, name: b }) => s == t && a == b,
            (Table(a), Table(b)) => a == b,
            (Call { name: f, args: a }, Call { name: g, args: b }) => f == g && a == b,
            (Invoke { callee: f, args: a }, Invoke { callee: g, args: b }) => f == g && a == b,
            (Unary { op: o, operand: a }, Unary { op: p, operand: b }) => o == p && a == b,
            (Binary { op: o, left: a, right: c }, Binary { op: p, left: b, right: d }) => {
                o == p && a == b && c == d
            }
            (Array { rows: a, cols: c, items: e }, Array { rows: b, cols: d, items: f }) => {
                a == b && c == d && e == f
            }
            (Paren(a), Paren(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Node {}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Node::Number(number) => number.to_bits().hash(state),
            Node::Text(text) | Node::Binding(text) | Node::Context(text) => text.hash(state),
            Node::Bool(value) => value.hash(state),
            Node::Error(error) => error.hash(state),
            Node::Missing => {}
            Node::Ref(reference) => reference.hash(state),
            Node::Name { sheet, name } => (sheet, name).hash(state),
            Node::Table(table) => table.hash(state),
            Node::Call { name, args } => (name, args).hash(state),
            Node::Invoke { callee, args } => (callee, args).hash(state),
            Node::Unary { op, operand } => (op, operand).hash(state),
            Node::Binary { op, left, right } => (op, left, right).hash(state),
            Node::Array { rows, cols, items } => (rows, cols, items).hash(state),
            Node::Paren(inner) => inner.hash(state),
        }
    }
}

//! From template to program: functions, names, tables and variables looked up once, not at each evaluation.

use crate::precedent::Precedent;
use formula::{
    ArgList, Axis, BinaryOp, Corner, Extent, ExternalSheet, Formula, Node, NodeId, Ref, SheetSpec, TableItem,
    TableRef,
};
use functions::{Body, Control, Function};
use std::collections::HashMap;
use std::sync::Arc;
use values::{Cell, CellError, Rect, SheetId, Text, fold_case};
use workbook::{Table, Workbook};

/// A defined name by its place in the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameId(pub u32);

/// A template, ready to be evaluated on a certain sheet.
#[derive(Debug)]
pub(crate) struct Program {
    pub formula: Arc<Formula>,
    /// What each node means, by its id.
    pub meanings: Vec<Meaning>,
    /// What it reads, names followed; for a name's program only what itself reads.
    pub precedents: Vec<Precedent>,
    /// The names that it uses.
    pub names: Vec<NameId>,
    /// Recalculated every time.
    pub volatile: bool,
    /// Functions and names that nobody knows.
    pub unknown: Vec<Text>,
    /// Whether it is a SUBTOTAL or AGGREGATE, which other such functions leave out.
    pub is_subtotal: bool,
    /// Whether it has database functions, whose criteria may be formulas that are evaluated for each record.
    pub has_criteria: bool,
    /// Whether it is a name's: then its references go around the edges of the sheet.
    pub is_name: bool,
}

/// What a node refers to, where its text alone does not say.
#[derive(Clone, Debug)]
pub(crate) enum Meaning {
    /// The node says it all.
    Plain,
    /// A function of the library.
    Function(&'static Function),
    /// A defined name, or a call of one that is a LAMBDA.
    Name(NameId),
    /// A LET or LAMBDA variable, or a call of one.
    Variable(u32),
    /// Where a LET or LAMBDA variable gets its name.
    Binder(u32),
    /// Cells of a table.
    Cells(SheetId, Extent),
    /// Cells of the table that lie in the host's row; the table's data rows are given to check that.
    RowOf(SheetId, Extent, Rect),
    /// Cells of another workbook that a name of it stands for.
    External(Arc<ExternalCells>),
    /// A function of the library as a value, `_xleta.SUM` in files: the last argument of `MAP(A1:A3,SUM)`.
    FunctionValue(&'static Function),
    /// Nothing: an error from the start.
    Error(CellError),
}

/// Cells of another workbook, of which the file remembers the values.
#[derive(Debug)]
pub(crate) struct ExternalCells {
    /// The workbook, as formulas say it: its number.
    pub book: Text,
    pub sheet: Text,
    pub extent: Extent,
}

/// Names visible at a node: innermost first.
type Scope = Option<Arc<Visible>>;

#[derive(Debug)]
struct Visible {
    name: String,
    slot: u32,
    outer: Scope,
}

/// Looks up everything that a formula mentions.
pub(crate) struct Compiler<'a> {
    workbook: &'a Workbook,
    names: HashMap<String, Vec<NameId>>,
}

impl<'a> Compiler<'a> {
    pub fn new(workbook: &'a Workbook) -> Compiler<'a> {
        let mut names: HashMap<String, Vec<NameId>> = HashMap::new();
        for (id, name) in workbook.names.iter().enumerate() {
            names.entry(fold_case(&name.name)).or_default().push(NameId(id as u32));
        }
        Compiler { workbook, names }
    }

    /// The workbook it looks things up in.
    pub fn workbook(&self) -> &'a Workbook {
        self.workbook
    }

    /// Compiles a formula for cells of `sheet`. `host` matters for table references without a table's name.
    pub fn compile(&self, formula: &Arc<Formula>, sheet: SheetId, host: Cell) -> Program {
        let mut work = Work {
            compiler: self,
            sheet,
            host,
            formula,
            program: Program {
                formula: Arc::clone(formula),
                meanings: vec![Meaning::Plain; formula.nodes().len()],
                precedents: Vec::new(),
                names: Vec::new(),
                volatile: false,
                unknown: Vec::new(),
                is_subtotal: false,
                has_criteria: false,
                is_name: false,
            },
            slots: 0,
        };
        work.walk();
        work.program.refuse_bare_function();
        work.program
    }

    /// The name that a formula on `sheet` means: the sheet's own before the workbook's.
    fn name(&self, name: &str, sheet: Option<SheetId>) -> Option<NameId> {
        let ids = self.names.get(&fold_case(name))?;
        let scope_of = |id: &NameId| self.workbook.names[id.0 as usize].scope;
        let on_sheet =
            ids.iter().find(|id| sheet.is_some_and(|s| scope_of(id) == workbook::NameScope::Sheet(s)));
        on_sheet.or_else(|| ids.iter().find(|id| scope_of(id) == workbook::NameScope::Workbook)).copied()
    }
}

impl Program {
    /// A function's name is a value where a function takes one; as a whole formula it is a name that nobody defined.
    fn refuse_bare_function(&mut self) {
        let root = self.formula.root();
        if let (Meaning::FunctionValue(_), Node::Name { name, .. }) =
            (&self.meanings[root.0 as usize], self.formula.node(root))
        {
            self.unknown.push(name.clone());
            self.meanings[root.0 as usize] = Meaning::Error(CellError::Name);
        }
    }
}

struct Work<'a> {
    compiler: &'a Compiler<'a>,
    sheet: SheetId,
    host: Cell,
    formula: &'a Arc<Formula>,
    program: Program,
    slots: u32,
}

impl Work<'_> {
    /// Visits every node from the root with the variables visible there. The stack is explicit: a long sum is
    /// a deep tree.
    fn walk(&mut self) {
        let formula = Arc::clone(self.formula);
        let mut stack: Vec<(NodeId, Scope)> = vec![(formula.root(), None)];
        while let Some((id, scope)) = stack.pop() {
            match formula.node(id) {
                Node::Call { name, args } => self.call(id, name, *args, &scope, &mut stack),
                Node::Name { sheet, name } => self.name(id, sheet, name, &scope),
                Node::Ref(reference) => self.reference(id, reference),
                Node::Table(table) => self.table(id, table),
                Node::Binary { op, left, right } => {
                    if *op == BinaryOp::Range {
                        self.spanned(*left, *right);
                    }
                    stack.extend([(*left, scope.clone()), (*right, scope)]);
                }
                Node::Unary { operand, .. } | Node::Paren(operand) => stack.push((*operand, scope)),
                Node::Invoke { callee, args } => {
                    stack.push((*callee, scope.clone()));
                    stack.extend(formula.args(*args).iter().map(|arg| (*arg, scope.clone())));
                }
                Node::Number(_) | Node::Text(_) | Node::Bool(_) | Node::Error(_) | Node::Missing => {}
                Node::Array { .. } | Node::Binding(_) | Node::Context(_) => {}
            }
        }
    }

    fn set(&mut self, id: NodeId, meaning: Meaning) {
        self.program.meanings[id.0 as usize] = meaning;
    }

    fn call(
        &mut self,
        id: NodeId,
        name: &Text,
        args: ArgList,
        scope: &Scope,
        stack: &mut Vec<(NodeId, Scope)>,
    ) {
        let nodes = self.formula.args(args).to_vec();
        // A variable may have the name of a function: `LAMBDA(n, N(n))` calls the function.
        if let Some(function) = functions::find(name) {
            let function =
                if self.is_described(function, &nodes) { functions::pivot_description() } else { function };
            self.function(id, function, &nodes);
            match function.body {
                Body::Control(Control::Let) => return self.let_scopes(&nodes, scope, stack),
                Body::Control(Control::Lambda) => return self.lambda_scopes(&nodes, scope, stack),
                _ => {}
            }
        } else if let Some(slot) = lookup(scope, name) {
            self.set(id, Meaning::Variable(slot));
        } else if let Some(name) = self.compiler.name(name, Some(self.sheet)) {
            self.set(id, Meaning::Name(name));
            self.program.names.push(name);
        } else if name.parse::<Cell>().is_ok() {
            // `D6()` once ran the macro in a cell; in a sheet that is a reference to nothing.
            self.set(id, Meaning::Error(CellError::Ref));
        } else {
            self.set(id, Meaning::Error(CellError::Name));
            self.program.unknown.push(name.clone());
        }
        stack.extend(nodes.into_iter().map(|arg| (arg, scope.clone())));
    }

    fn function(&mut self, id: NodeId, function: &'static Function, args: &[NodeId]) {
        self.program.volatile |= function.volatile;
        self.program.has_criteria |= is_database(function);
        if id == self.formula.root() && matches!(function.name, "SUBTOTAL" | "AGGREGATE") {
            self.program.is_subtotal = true;
        }
        let fits = matches!(function.body, Body::Control(Control::Let | Control::Lambda))
            || function.accepts(args.len());
        if function.name == "GETPIVOTDATA" {
            let place = usize::from(!std::ptr::eq(function, functions::pivot_description()));
            self.pivots(args.get(place).copied());
        }
        self.set(id, if fits { Meaning::Function(function) } else { Meaning::Error(CellError::Value) });
    }

    /// Whether a call is one of GETPIVOTDATA with a reference and a text, which its newer form takes the other way round.
    fn is_described(&self, function: &Function, args: &[NodeId]) -> bool {
        let [table, text] = args else { return false };
        function.name == "GETPIVOTDATA"
            && matches!(self.formula.node(*table), Node::Ref(_))
            && matches!(self.formula.node(*text), Node::Text(_) | Node::Binary { op: BinaryOp::Concat, .. })
    }

    /// What may be read of pivot tables: all of those on the sheet that is named, or on any where none is. Copies of
    /// the formula may name different ones.
    fn pivots(&mut self, argument: Option<NodeId>) {
        let on = match argument.map(|id| self.formula.node(id)) {
            Some(Node::Ref(Ref { sheet: SheetSpec::Here, .. })) => Some(self.sheet),
            Some(Node::Ref(Ref { sheet: SheetSpec::Sheet(sheet), .. })) => Some(*sheet),
            _ => None,
        };
        let sheets = self.compiler.workbook.sheets().filter(|(id, _)| on.is_none_or(|on| on == *id));
        for (id, sheet) in sheets {
            for pivot in &sheet.pivots {
                self.program.precedents.push(Precedent { sheet: id, extent: absolute(pivot.area) });
            }
        }
    }

    /// `LET(a, 1, b, a+1, a*b)`: each value sees the names before it, the last expression all of them.
    fn let_scopes(&mut self, nodes: &[NodeId], scope: &Scope, stack: &mut Vec<(NodeId, Scope)>) {
        let mut scope = scope.clone();
        let (pairs, rest) = nodes.split_at(nodes.len().saturating_sub(1) / 2 * 2);
        for pair in pairs.chunks(2) {
            let [name, value] = pair else { continue };
            stack.push((*value, scope.clone()));
            scope = self.bind(*name, scope);
        }
        stack.extend(rest.iter().map(|node| (*node, scope.clone())));
    }

    /// `LAMBDA(x, y, body)`: the body sees the parameters.
    fn lambda_scopes(&mut self, nodes: &[NodeId], scope: &Scope, stack: &mut Vec<(NodeId, Scope)>) {
        let Some((body, params)) = nodes.split_last() else { return };
        let scope = params.iter().fold(scope.clone(), |scope, param| self.bind(*param, scope));
        stack.push((*body, scope));
    }

    fn bind(&mut self, node: NodeId, scope: Scope) -> Scope {
        let name = match self.formula.node(node) {
            Node::Name { name, sheet: SheetSpec::Here } => fold_case(name),
            // `[x]`, an optional parameter, has the shape of a table column.
            Node::Table(table) => match table.columns.as_ref() {
                Some((name, None)) if table.table.is_none() => fold_case(name),
                _ => return scope,
            },
            _ => return scope,
        };
        let slot = self.slots;
        self.slots += 1;
        self.set(node, Meaning::Binder(slot));
        Some(Arc::new(Visible { name, slot, outer: scope }))
    }

    fn name(&mut self, id: NodeId, sheet: &SheetSpec, name: &Text, scope: &Scope) {
        let wanted = match sheet {
            SheetSpec::Here => {
                if let Some(slot) = lookup(scope, name) {
                    return self.set(id, Meaning::Variable(slot));
                }
                self.sheet
            }
            SheetSpec::Sheet(sheet) => *sheet,
            SheetSpec::External(external) => return self.external_name(id, external, name),
            _ => return self.set(id, Meaning::Error(CellError::Ref)),
        };
        if let Some(found) = self.compiler.name(name, Some(wanted)) {
            self.set(id, Meaning::Name(found));
            self.program.names.push(found);
        } else if let Some(table) = self.compiler.workbook.table(name) {
            let cells = table.data().map(|rect| (table.sheet, absolute(rect)));
            self.cells(id, cells);
        } else if let Some(function) = functions::find(&name.to_uppercase()) {
            self.set(id, Meaning::FunctionValue(function));
        } else {
            self.set(id, Meaning::Error(CellError::Name));
            self.program.unknown.push(name.clone());
        }
    }

    fn external_name(&mut self, id: NodeId, external: &ExternalSheet, name: &str) {
        let book = self.compiler.workbook.external_book(&external.book);
        let found = book.and_then(|book| book.name(name, &external.sheet));
        let meaning = found.map_or(Meaning::Error(CellError::Ref), |found| {
            let (book, sheet) = (external.book.clone(), found.sheet.clone());
            Meaning::External(Arc::new(ExternalCells { book, sheet, extent: absolute(found.cells) }))
        });
        self.set(id, meaning);
    }

    fn cells(&mut self, id: NodeId, cells: Option<(SheetId, Extent)>) {
        match cells {
            Some((sheet, extent)) => {
                self.program.precedents.push(Precedent { sheet, extent });
                self.set(id, Meaning::Cells(sheet, extent));
            }
            None => self.set(id, Meaning::Error(CellError::Ref)),
        }
    }

    fn reference(&mut self, id: NodeId, reference: &Ref) {
        match &reference.sheet {
            SheetSpec::Here => self.reads(self.sheet, reference.extent),
            SheetSpec::Sheet(sheet) => self.reads(*sheet, reference.extent),
            SheetSpec::Span(first, last) => {
                for sheet in first.0.min(last.0)..=first.0.max(last.0) {
                    self.reads(SheetId(sheet), reference.extent);
                }
            }
            SheetSpec::Unknown(_) => self.set(id, Meaning::Error(CellError::Ref)),
            SheetSpec::External(_) => {}
        }
    }

    fn reads(&mut self, sheet: SheetId, extent: Extent) {
        self.program.precedents.push(Precedent { sheet, extent });
    }

    /// `A1:INDEX(C:C,n)` may read everything between what stands on both sides.
    fn spanned(&mut self, left: NodeId, right: NodeId) {
        let areas = |id: NodeId| match self.formula.node(id) {
            Node::Ref(Ref { sheet, extent }) => match sheet {
                SheetSpec::Here => Some((self.sheet, *extent)),
                SheetSpec::Sheet(sheet) => Some((*sheet, *extent)),
                _ => None,
            },
            Node::Call { args, .. } => {
                self.formula.args(*args).first().and_then(|arg| match self.formula.node(*arg) {
                    Node::Ref(Ref { sheet: SheetSpec::Here, extent }) => Some((self.sheet, *extent)),
                    Node::Ref(Ref { sheet: SheetSpec::Sheet(sheet), extent }) => Some((*sheet, *extent)),
                    _ => None,
                })
            }
            _ => None,
        };
        if let (Some((sheet, a)), Some((other, b))) = (areas(left), areas(right))
            && sheet == other
            && let Some(extent) = between(a, b)
        {
            self.reads(sheet, extent);
        }
    }

    fn table(&mut self, id: NodeId, reference: &TableRef) {
        if matches!(self.program.meanings[id.0 as usize], Meaning::Binder(_)) {
            return;
        }
        let workbook = self.compiler.workbook;
        let table = match &reference.table {
            Some(name) => workbook.table(name),
            None => workbook.table_at(self.sheet, self.host),
        };
        let Some(table) = table else {
            let error = if reference.table.is_some() { CellError::Name } else { CellError::Value };
            return self.set(id, Meaning::Error(error));
        };
        let Some((left, right)) = table_columns(table, reference) else {
            return self.set(id, Meaning::Error(CellError::Ref));
        };
        if reference.items.contains(&TableItem::ThisRow) {
            let row = Axis::Relative(0);
            let extent = Extent::Rect(Corner { row, col: left }, Corner { row, col: right });
            let meaning = match table.data() {
                Some(data) => Meaning::RowOf(table.sheet, extent, data),
                None => Meaning::Error(CellError::Value),
            };
            self.program.precedents.push(Precedent { sheet: table.sheet, extent });
            return self.set(id, meaning);
        }
        let cells = table_rows(table, &reference.items).map(|rows| {
            let [top, bottom] = [rows.top.0, rows.bottom.0].map(Axis::Absolute);
            (table.sheet, Extent::Rect(Corner { row: top, col: left }, Corner { row: bottom, col: right }))
        });
        self.cells(id, cells);
    }
}

/// Whether a function takes criteria beside a list: DSUM and its like.
pub(crate) fn is_database(function: &Function) -> bool {
    const NAMES: [&str; 12] = [
        "DAVERAGE", "DCOUNT", "DCOUNTA", "DGET", "DMAX", "DMIN", "DPRODUCT", "DSTDEV", "DSTDEVP", "DSUM",
        "DVAR", "DVARP",
    ];
    NAMES.contains(&function.name)
}

fn lookup(scope: &Scope, name: &str) -> Option<u32> {
    let folded = fold_case(name);
    let mut next = scope.as_ref();
    while let Some(visible) = next {
        if visible.name == folded {
            return Some(visible.slot);
        }
        next = visible.outer.as_ref();
    }
    None
}

/// A rectangle that is the same from every host.
pub(crate) fn absolute(rect: Rect) -> Extent {
    let corner =
        |row: u32, col: u16| Corner { row: Axis::Absolute(row), col: Axis::Absolute(u32::from(col)) };
    Extent::Rect(corner(rect.top.0, rect.left.0), corner(rect.bottom.0, rect.right.0))
}

fn between(a: Extent, b: Extent) -> Option<Extent> {
    let corners = |extent| match extent {
        Extent::Cell(corner) => Some((corner, corner)),
        Extent::Rect(a, b) => Some((a, b)),
        Extent::Rows(..) | Extent::Cols(..) => None,
    };
    match (corners(a), corners(b)) {
        (Some((first, _)), Some((_, last))) => Some(Extent::Rect(first, last)),
        // A whole column on one side: nothing smaller than all columns between is safe.
        _ => match (cols(a), cols(b)) {
            (Some((first, _)), Some((_, last))) => Some(Extent::Cols(first, last)),
            _ => None,
        },
    }
}

fn cols(extent: Extent) -> Option<(Axis, Axis)> {
    match extent {
        Extent::Cell(corner) => Some((corner.col, corner.col)),
        Extent::Rect(a, b) => Some((a.col, b.col)),
        Extent::Cols(a, b) => Some((a, b)),
        Extent::Rows(..) => None,
    }
}

fn table_columns(table: &Table, reference: &TableRef) -> Option<(Axis, Axis)> {
    let absolute = |col: values::Col| Axis::Absolute(u32::from(col.0));
    Some(match &reference.columns {
        None => (absolute(table.area.left), absolute(table.area.right)),
        Some((first, last)) => {
            let left = table.column(first)?;
            let right = last.as_ref().map_or(Some(left), |last| table.column(last))?;
            (absolute(left), absolute(right))
        }
    })
}

/// The rows that the items name together; `None` where the table lacks them.
fn table_rows(table: &Table, items: &[TableItem]) -> Option<Rect> {
    let mut rows: Option<Rect> = None;
    let wanted = if items.is_empty() { &[TableItem::Data][..] } else { items };
    for item in wanted {
        let part = match item {
            TableItem::All => Some(table.area),
            TableItem::Data => table.data(),
            TableItem::Headers => table.headers(),
            TableItem::Totals => table.totals(),
            TableItem::ThisRow => None,
        }?;
        rows = Some(rows.map_or(part, |all| all.hull(part)));
    }
    rows
}

/// Whether a node's value is the last addition or subtraction of the whole formula, where Excel lets rounding
/// noise become 0.
pub(crate) fn is_final_sum(formula: &Formula, id: NodeId) -> bool {
    id == formula.root()
        && matches!(formula.node(id), Node::Binary { op: BinaryOp::Add | BinaryOp::Subtract, .. })
}

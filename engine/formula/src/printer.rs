//! Tree to text.
//!
//! What the parser made, the printer writes so that it reads back as the same tree. A tree from elsewhere gets
//! the parentheses that it needs to mean the same. The stack is explicit: a long sum is a deep tree.

use crate::functions::{FUNCTION_VALUE, OPTIONAL, VARIABLE, file_prefix, is_name, upper};
use crate::grammar::{
    INTERSECTION, LOWEST, Level, PERCENT, PREFIX, TRIM_BOTH, TRIM_LEADING, TRIM_TRAILING, UNION,
    gives_reference, level, node_level, takes_arguments, takes_spill,
};
use crate::lexer::CONTEXTS;
use crate::scan::{is_cell_word, is_column_word};
use crate::sheets::{quoted, write_prefix};
use crate::structured::write_table;
use crate::{Axis, BinaryOp, Corner, Extent, Formula, Node, NodeId, Ref, SheetSpec, Sheets, UnaryOp};
use std::fmt::Write;
use values::{Cell, Col, MAX_COLS, MAX_ROWS, Text, column_letters, equal_text};

/// For whom a formula is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// As a file holds it: `_xlfn.XLOOKUP(…)`, `_xlfn.ANCHORARRAY(A1)`, `_xlpm.x`.
    File,
    /// As people see it: `XLOOKUP(…)`, `A1#`, `x`.
    Screen,
    /// As an app definition holds it.
    Expression,
}

/// Writes a formula as seen from its host, without `=`.
pub fn print(formula: &Formula, host: Cell, sheets: &dyn Sheets, style: Style) -> String {
    if formula.nodes().is_empty() {
        return String::new();
    }
    print_node(formula, formula.root(), host, sheets, style)
}

/// Writes one node of a formula with all below it. Of variables around the node, files would want to know more.
pub fn print_node(formula: &Formula, node: NodeId, host: Cell, sheets: &dyn Sheets, style: Style) -> String {
    let mut printer = Printer {
        formula,
        host,
        sheets,
        style,
        out: String::new(),
        steps: Vec::new(),
        variables: Vec::new(),
    };
    printer.node(node, LOWEST, true);
    printer.run();
    printer.out
}

/// What a file writes for the workbook itself, as if it were another.
const THIS_BOOK: &str = "[0]!";

/// What is still to be written, last first.
enum Step {
    Node {
        id: NodeId,
        /// What binds looser gets parentheses.
        min: Level,
        /// Whether a comma would be read as a union here.
        union: bool,
    },
    Word(&'static str),
    /// The name of a variable where it is declared.
    Variable(NodeId),
    /// From here on the variable is known.
    Bind(NodeId),
    /// So many variables end here.
    Forget(usize),
}

struct Printer<'a> {
    formula: &'a Formula,
    host: Cell,
    sheets: &'a dyn Sheets,
    style: Style,
    out: String,
    steps: Vec<Step>,
    /// The variables of LET and LAMBDA that are visible; filled only for files.
    variables: Vec<Text>,
}

impl<'a> Printer<'a> {
    fn run(&mut self) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Node { id, min, union } => self.write(id, min, union),
                Step::Word(word) => self.out.push_str(word),
                Step::Variable(id) => self.declaration(id),
                Step::Bind(id) => {
                    let name = self.declared(id).cloned();
                    self.variables.push(name.unwrap_or_default());
                }
                Step::Forget(count) => self.variables.truncate(self.variables.len().saturating_sub(count)),
            }
        }
    }

    fn node(&mut self, id: NodeId, min: Level, union: bool) {
        self.steps.push(Step::Node { id, min, union });
    }

    fn word(&mut self, word: &'static str) {
        self.steps.push(Step::Word(word));
    }

    /// Writes what a node begins with, and leaves the rest as steps, last first.
    fn write(&mut self, id: NodeId, min: Level, union: bool) {
        let formula = self.formula;
        let node = formula.node(id);
        let comma = matches!(node, Node::Binary { op: BinaryOp::Union, .. });
        if node_level(node) < min || (comma && !union) {
            self.out.push('(');
            self.word(")");
            return self.node(id, LOWEST, true);
        }
        match node {
            Node::Number(number) => self.number(*number),
            Node::Text(text) => {
                let _ = write!(self.out, "\"{}\"", text.replace('"', "\"\""));
            }
            Node::Bool(value) => self.out.push_str(if *value { "TRUE" } else { "FALSE" }),
            Node::Error(error) => self.out.push_str(error.as_str()),
            Node::Missing => {}
            Node::Ref(reference) => self.reference(reference, ":"),
            Node::Name { sheet, name } => self.name(sheet, name),
            Node::Table(table) => write_table(&mut self.out, table, self.style != Style::File),
            Node::Call { name, args } => self.call(name, formula.args(*args)),
            Node::Invoke { callee, args } => {
                self.word(")");
                self.list(formula.args(*args), ",");
                self.word("(");
                self.node(*callee, self.called(*callee), false);
            }
            Node::Unary { op, operand } => self.unary(*op, *operand, union),
            Node::Binary { op, left, right } => self.binary(*op, *left, *right, union),
            Node::Array { cols, items, .. } => self.array(*cols, formula.args(*items)),
            Node::Paren(inner) => {
                self.out.push('(');
                self.word(")");
                self.node(*inner, LOWEST, true);
            }
            Node::Binding(id) => {
                let _ = write!(self.out, "#{id}");
            }
            Node::Context(word) => {
                let _ = write!(self.out, "@{word}");
            }
        }
    }

    /// The shortest digits that read back as the same number.
    fn number(&mut self, number: f64) {
        let size = number.abs();
        let _ = if !number.is_finite() {
            write!(self.out, "#NUM!")
        } else if size != 0.0 && !(1e-9..1e21).contains(&size) {
            let text = format!("{number:E}");
            write!(self.out, "{}", if text.contains("E-") { text } else { text.replace('E', "E+") })
        } else {
            write!(self.out, "{number}")
        };
    }

    fn name(&mut self, sheet: &SheetSpec, name: &Text) {
        if *sheet != SheetSpec::Here {
            if write_prefix(&mut self.out, sheet, self.sheets).is_none() {
                return self.out.push_str("#REF!");
            }
            if !is_name(name) {
                return self.out.push_str(&quoted(name));
            }
        } else if self.style == Style::File && self.is_variable(name) {
            self.out.push_str(VARIABLE);
        } else if !is_name(name) {
            // By itself it would be a reference or a truth value.
            self.out.push_str(THIS_BOOK);
            return self.out.push_str(&quoted(name));
        } else if self.style == Style::File
            && file_prefix(&upper(name)).is_some()
            && !self.sheets.has_name(name)
        {
            self.out.push_str(FUNCTION_VALUE);
        }
        self.out.push_str(name);
    }

    fn is_variable(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| equal_text(variable, name))
    }

    fn unary(&mut self, op: UnaryOp, operand: NodeId, union: bool) {
        let file = self.style == Style::File;
        match op {
            UnaryOp::Minus => self.out.push('-'),
            UnaryOp::Plus => self.out.push('+'),
            UnaryOp::Percent => {
                self.word("%");
                return self.node(operand, PERCENT, union);
            }
            UnaryOp::Intersect if file => return self.wrapped("_xlfn.SINGLE(", operand, PREFIX),
            UnaryOp::Spill if file => {
                return self.wrapped("_xlfn.ANCHORARRAY(", operand, self.anchored(operand));
            }
            // `@locale` would be read as something else.
            UnaryOp::Intersect if self.is_context_word(operand) => {
                return self.wrapped("SINGLE(", operand, PREFIX);
            }
            UnaryOp::Intersect => {
                self.out.push('@');
                let prefixed = node_level(self.formula.node(operand)) == PREFIX;
                return self.node(operand, if prefixed { PREFIX } else { INTERSECTION }, false);
            }
            UnaryOp::Spill => {
                self.word("#");
                return self.node(operand, self.anchored(operand), false);
            }
        }
        self.node(operand, PREFIX, union);
    }

    fn wrapped(&mut self, function: &'static str, operand: NodeId, min: Level) {
        self.out.push_str(function);
        self.word(")");
        self.node(operand, min, false);
    }

    /// Whether an expression would take `@` and this word together.
    fn is_context_word(&self, operand: NodeId) -> bool {
        let word = match self.formula.node(self.first_leaf(operand)) {
            Node::Name { sheet: SheetSpec::Here, name } => name,
            _ => return false,
        };
        self.style == Style::Expression && CONTEXTS.iter().any(|context| context.eq_ignore_ascii_case(word))
    }

    /// The least level of an operand that must give a reference; what cannot gets parentheses anyway.
    fn tight(&self, operand: NodeId, min: Level) -> Level {
        if gives_reference(self.formula.node(operand)) { min } else { Level::MAX }
    }

    /// The least level of what `#` stands at.
    fn anchored(&self, operand: NodeId) -> Level {
        if takes_spill(self.formula.node(operand)) { LOWEST } else { Level::MAX }
    }

    /// The least level of what arguments stand at.
    fn called(&self, callee: NodeId) -> Level {
        if takes_arguments(self.formula.node(callee)) { LOWEST } else { Level::MAX }
    }

    /// The least level of what stands beside an operator on references. A workbook's union joins anything.
    fn beside(&self, op: BinaryOp, operand: NodeId, min: Level) -> Level {
        let any = op == BinaryOp::Union && self.style != Style::Expression;
        if any { min } else { self.tight(operand, min) }
    }

    fn binary(&mut self, op: BinaryOp, left: NodeId, right: NodeId, union: bool) {
        let own = level(op);
        let (mut before, mut behind) = (own, own + 1);
        if own >= UNION {
            before = self.beside(op, left, own);
            behind = self.beside(op, right, own + 1);
            let opens = self.opens(right, behind);
            if op == BinaryOp::Intersection && opens && self.ends_with_name(left).is_some() {
                // A name and a parenthesis would be a call.
                before = Level::MAX;
            }
            if op == BinaryOp::Range && !opens && self.reads_as_range(left, right) {
                self.node(right, behind, union);
                self.word(THIS_BOOK);
                self.word(operator(op));
                return self.node(left, before, union);
            }
        }
        self.node(right, behind, union);
        self.word(operator(op));
        self.node(left, before, union);
    }

    /// Whether what stands at a colon would be read as one reference: two cells as those of the first one's sheet, two
    /// short names as whole columns, a name with a dot at its end as a range that is trimmed. A prefix that means this
    /// workbook then parts them.
    fn reads_as_range(&self, left: NodeId, right: NodeId) -> bool {
        let last = last_leaf(self.formula, left);
        if let Node::Ref(Ref { sheet, extent: Extent::Cell(_) }) = self.formula.node(last) {
            return match self.formula.node(right) {
                Node::Ref(Ref { sheet: SheetSpec::Here, extent: Extent::Cell(_) }) => {
                    *sheet != SheetSpec::Here || last != left
                }
                Node::Ref(Ref { sheet: SheetSpec::Here, extent: Extent::Rect(..) }) => true,
                _ => false,
            };
        }
        let Some(last) = self.ends_with_name(left) else { return false };
        let stem = last.strip_suffix('.').unwrap_or(last);
        match self.formula.node(self.first_leaf(right)) {
            Node::Name { sheet: SheetSpec::Here, name } => is_column_word(stem) && is_column_word(name),
            Node::Ref(Ref { sheet: SheetSpec::Here, extent: Extent::Cols(..) }) => is_column_word(stem),
            Node::Ref(Ref { sheet: SheetSpec::Here, .. }) => is_cell_word(stem),
            _ => false,
        }
    }

    /// The name that a node's text ends with.
    fn ends_with_name(&self, id: NodeId) -> Option<&'a Text> {
        match self.formula.node(last_leaf(self.formula, id)) {
            Node::Name { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The leaf that a node's text begins with. Calls and parentheses count as leaves, and so do operators that a file
    /// writes as calls.
    fn first_leaf(&self, mut id: NodeId) -> NodeId {
        loop {
            id = match self.formula.node(id) {
                Node::Binary { left, .. } => *left,
                Node::Unary { op: UnaryOp::Spill, .. } if self.style == Style::File => return id,
                Node::Unary { op: UnaryOp::Spill | UnaryOp::Percent, operand } => *operand,
                Node::Invoke { callee, .. } => *callee,
                _ => return id,
            };
        }
    }

    /// Whether a node's text begins with a parenthesis.
    fn opens(&self, mut id: NodeId, mut min: Level) -> bool {
        loop {
            let node = self.formula.node(id);
            if node_level(node) < min {
                return true;
            }
            (id, min) = match node {
                Node::Paren(_) => return true,
                Node::Binary { op, left, .. } if level(*op) < UNION => (*left, level(*op)),
                Node::Binary { op, left, .. } => (*left, self.beside(*op, *left, level(*op))),
                Node::Unary { op: UnaryOp::Spill, operand } if self.style != Style::File => {
                    (*operand, self.anchored(*operand))
                }
                Node::Unary { op: UnaryOp::Percent, operand } => (*operand, PERCENT),
                Node::Invoke { callee, .. } => (*callee, self.called(*callee)),
                _ => return false,
            };
        }
    }

    /// Nodes with commas or semicolons between them, as steps.
    fn list(&mut self, nodes: &[NodeId], between: &'static str) {
        for (i, id) in nodes.iter().enumerate().rev() {
            self.node(*id, LOWEST, false);
            if i > 0 {
                self.word(between);
            }
        }
    }

    fn array(&mut self, cols: u32, items: &[NodeId]) {
        self.out.push('{');
        self.word("}");
        for (i, id) in items.iter().enumerate().rev() {
            self.node(*id, LOWEST, false);
            if i > 0 {
                self.word(if i.is_multiple_of(cols.max(1) as usize) { ";" } else { "," });
            }
        }
    }

    fn call(&mut self, name: &Text, args: &[NodeId]) {
        let file = self.style == Style::File;
        if !file && let Some((reference, colon)) = self.trimmed(name, args) {
            return self.reference(reference, colon);
        }
        if file {
            // What is called by a function's name is the function, whatever variables there are.
            let prefix = file_prefix(name).unwrap_or(if self.is_variable(name) { VARIABLE } else { "" });
            self.out.push_str(prefix);
        }
        self.out.push_str(name);
        self.out.push('(');
        self.word(")");
        match name.as_str() {
            "LET" if file => self.let_arguments(args),
            "LAMBDA" if file => self.lambda_arguments(args),
            _ => self.list(args, ","),
        }
    }

    /// The range and the colon that a trimming function is written with.
    fn trimmed(&self, name: &str, args: &[NodeId]) -> Option<(&'a Ref, &'static str)> {
        let colon = match name {
            TRIM_BOTH => ".:.",
            TRIM_LEADING => ".:",
            TRIM_TRAILING => ":.",
            _ => return None,
        };
        match args {
            [only] => match self.formula.node(*only) {
                Node::Ref(reference) if !matches!(reference.extent, Extent::Cell(_)) => {
                    Some((reference, colon))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// `LET(x,1,y,x+1,x*y)`: each value sees the variables before it.
    fn let_arguments(&mut self, args: &[NodeId]) {
        let declared = args.len().saturating_sub(1) / 2;
        self.steps.push(Step::Forget(declared));
        for (i, id) in args.iter().enumerate().rev() {
            let (pair, is_value) = (i / 2, i % 2 == 1);
            match (pair < declared, is_value) {
                // In brackets only LAMBDA declares.
                (true, false) if matches!(self.formula.node(*id), Node::Name { .. }) => {
                    self.steps.push(Step::Variable(*id));
                }
                (true, true) => {
                    self.steps.push(Step::Bind(args[i - 1]));
                    self.node(*id, LOWEST, false);
                }
                _ => self.node(*id, LOWEST, false),
            }
            if i > 0 {
                self.word(",");
            }
        }
    }

    /// `LAMBDA(x,y,x+y)`: the body sees the parameters.
    fn lambda_arguments(&mut self, args: &[NodeId]) {
        let Some((body, parameters)) = args.split_last() else { return };
        self.steps.push(Step::Forget(parameters.len()));
        self.node(*body, LOWEST, false);
        for id in parameters.iter().rev() {
            self.steps.push(Step::Bind(*id));
            self.word(",");
            self.steps.push(Step::Variable(*id));
        }
    }

    /// The variable that a LET name or a LAMBDA parameter declares.
    fn declared(&self, id: NodeId) -> Option<&'a Text> {
        match self.formula.node(id) {
            Node::Name { sheet: SheetSpec::Here, name } => Some(name),
            Node::Table(table) if table.table.is_none() && table.items.is_empty() => match &table.columns {
                Some((name, None)) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// In files, `_xlpm.x` for a variable and `_xlop.x` for one that may be left out.
    fn declaration(&mut self, id: NodeId) {
        match (self.declared(id), self.formula.node(id)) {
            (Some(name), Node::Name { .. }) => {
                let _ = write!(self.out, "{VARIABLE}{name}");
            }
            (Some(name), _) if is_name(name) => {
                let _ = write!(self.out, "{OPTIONAL}{name}");
            }
            _ => self.write(id, LOWEST, false),
        }
    }

    fn reference(&mut self, reference: &Ref, colon: &str) {
        let start = self.out.len();
        let written = write_prefix(&mut self.out, &reference.sheet, self.sheets)
            .and_then(|()| write_extent(&mut self.out, reference.extent, self.host, colon));
        if written.is_none() {
            self.out.truncate(start);
            self.out.push_str("#REF!");
        }
    }
}

/// The leaf that a node's text ends with.
fn last_leaf(formula: &Formula, mut id: NodeId) -> NodeId {
    while let Node::Binary { right, .. } = formula.node(id) {
        id = *right;
    }
    id
}

fn operator(op: BinaryOp) -> &'static str {
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
        BinaryOp::Range => ":",
        BinaryOp::Union => ",",
        BinaryOp::Intersection => " ",
    }
}

/// Writes the cells; `None` where they fall off the sheet.
fn write_extent(out: &mut String, extent: Extent, host: Cell, colon: &str) -> Option<()> {
    match extent {
        Extent::Cell(corner) => write_corner(out, corner, host),
        Extent::Rect(a, b) => {
            write_corner(out, a, host)?;
            out.push_str(colon);
            write_corner(out, b, host)
        }
        Extent::Rows(a, b) => {
            write_row(out, a, host)?;
            out.push_str(colon);
            write_row(out, b, host)
        }
        Extent::Cols(a, b) => {
            write_col(out, a, host)?;
            out.push_str(colon);
            write_col(out, b, host)
        }
    }
}

fn write_corner(out: &mut String, corner: Corner, host: Cell) -> Option<()> {
    write_col(out, corner.col, host)?;
    write_row(out, corner.row, host)
}

fn write_row(out: &mut String, row: Axis, host: Cell) -> Option<()> {
    let (at, pinned) = place(row, host.row.0, MAX_ROWS)?;
    write!(out, "{}{}", if pinned { "$" } else { "" }, at + 1).ok()
}

fn write_col(out: &mut String, col: Axis, host: Cell) -> Option<()> {
    let (at, pinned) = place(col, u32::from(host.col.0), u32::from(MAX_COLS))?;
    let letters = column_letters(Col(u16::try_from(at).ok()?));
    write!(out, "{}{letters}", if pinned { "$" } else { "" }).ok()
}

/// Where on the sheet, and whether `$` stands before it.
fn place(axis: Axis, host: u32, count: u32) -> Option<(u32, bool)> {
    let (at, pinned) = match axis {
        Axis::Absolute(at) => (i64::from(at), true),
        Axis::Relative(offset) => (i64::from(host) + i64::from(offset), false),
    };
    u32::try_from(at).ok().filter(|at| *at < count).map(|at| (at, pinned))
}

//! Tokens to tree: precedence climbing, one function a production.
//!
//! Operators wait on a stack of their own for what binds tighter. Recursion goes only into brackets and behind
//! signs, so that their limited depth limits the stack; chains of operators, signs and calls are loops.

mod depth;
mod operands;

use crate::error::ParseError;
use crate::grammar::{
    INTERSECTION, LOWEST, Level, PERCENT, POSTFIX, PREFIX, UNION, gives_reference, level, node_level,
    takes_arguments, takes_spill,
};
use crate::lexer::{Kind, Lexer, Token};
use crate::messages::{leftover, missing, no_reference, wrong_closer};
use crate::{ArgList, BinaryOp, Extent, Formula, Node, NodeId, Ref, Sheets, UnaryOp};
use std::ops::Range;
use values::Cell;

/// The characters that a formula may have in Excel.
pub const MAX_CHARS: usize = 8_192;
/// How deep calls may stand in calls, as in Excel.
pub const MAX_CALL_DEPTH: u32 = 64;
/// How deep brackets of all kinds may stand in each other.
pub const MAX_BRACKET_DEPTH: u32 = 128;
/// The parts that a formula may have.
pub const MAX_NODES: usize = 16_384;

/// The grammar a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// As files hold formulas: `,` between arguments, `.` before decimals.
    Workbook,
    /// As `Workbook`, but sheet names may lack the apostrophes that they need, as where a decoder of an old
    /// format left them out. The longest known sheet before a `!` is taken.
    Unquoted,
    /// As an app definition holds expressions: `#id` is a binding, and `@user.email`, `@user.role`, `@locale`,
    /// `@online` and `@column` are facts of the surroundings.
    Expression,
    /// As people type them with the separators of their country.
    Grid(Separators),
}

/// Which characters separate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Separators {
    /// `SUM(1.5,2)` and `{1,2;3,4}`
    Point,
    /// `SUM(1,5;2)` and `{1.2;3.4}` or `{1\2;3\4}`, as in German and French.
    Comma,
}

/// Reads a formula as the cell `host` holds it, with or without its `=`.
///
/// # Errors
/// Where the text is no formula, or longer, deeper or of more parts than a formula may be.
pub fn parse(text: &str, host: Cell, sheets: &dyn Sheets, mode: Mode) -> Result<Formula, ParseError> {
    parse_up_to(text, host, sheets, mode, MAX_CHARS)
}

/// Reads a formula as [`parse`] does, of at most `max_chars` characters: the prefixes that files add do not
/// count in Excel, so that a file's text may be longer than [`MAX_CHARS`].
///
/// # Errors
/// As [`parse`].
pub fn parse_up_to(
    text: &str,
    host: Cell,
    sheets: &dyn Sheets,
    mode: Mode,
    max_chars: usize,
) -> Result<Formula, ParseError> {
    if text.len() > max_chars && text.chars().nth(max_chars).is_some() {
        return Err(ParseError::new(
            0..text.len(),
            format!("The formula is longer than {max_chars} characters."),
        )
        .hint("Put parts of it into cells of their own."));
    }
    let mut lexer = Lexer::new(text, mode, Some(sheets));
    let token = lexer.next();
    let mut parser = Parser {
        text,
        lexer,
        token,
        taken: 0,
        host,
        sheets,
        tree: Formula::empty(),
        waiting: Vec::new(),
        pending: Vec::new(),
        listing: false,
        lenient: matches!(mode, Mode::Workbook | Mode::Unquoted),
        calls: 0,
        brackets: 0,
        is_longer_in_files: false,
    };
    parser.formula().map(|()| parser.tree).map_err(|error| *error)
}

/// Boxed, since every production returns it.
type Parsed<T> = Result<T, Box<ParseError>>;

/// An operator and what stands left of it, which begins at `start`.
struct Waiting {
    left: NodeId,
    start: usize,
    op: BinaryOp,
}

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    /// The next token, not yet taken.
    token: Token,
    /// Where the last token taken ends.
    taken: usize,
    host: Cell,
    sheets: &'a dyn Sheets,
    tree: Formula,
    /// Operators that wait for their right sides, those of all open brackets, innermost last.
    waiting: Vec<Waiting>,
    /// Arguments read so far of all open calls, innermost last.
    pending: Vec<NodeId>,
    /// Whether a comma separates arguments here, and is no union.
    listing: bool,
    /// Whether a union may join what is no reference.
    lenient: bool,
    calls: u32,
    brackets: u32,
    /// Whether a sign was read that files write as a function: `@`, `#`, the dots of a range that is trimmed.
    is_longer_in_files: bool,
}

impl<'a> Parser<'a> {
    /// `=expression`
    fn formula(&mut self) -> Parsed<()> {
        if self.token.kind == Kind::End {
            return Err(ParseError::new(self.token.span(), "The formula is empty.").into());
        }
        self.expression(LOWEST)?;
        if self.token.kind != Kind::End {
            return Err(leftover(self.text, &self.token).into());
        }
        match self.is_longer_in_files {
            true => depth::check_in_files(&self.tree, self.text).map_err(Box::new),
            false => Ok(()),
        }
    }

    /// Operands and the operators between them, up to what binds looser than `min`.
    fn expression(&mut self, min: Level) -> Parsed<NodeId> {
        let base = self.waiting.len();
        let mut start = self.token.start;
        let mut right = self.operand()?;
        loop {
            match self.token.kind {
                Kind::Percent if PERCENT >= min => {
                    (right, start) = self.join(base, right, start, PERCENT)?;
                    self.take();
                    right = self.push(Node::Unary { op: UnaryOp::Percent, operand: right })?;
                }
                Kind::Hash if !self.token.blank && self.is_tight(right) => right = self.spill(right)?,
                Kind::Open if !self.token.blank && self.is_tight(right) => right = self.invoke(right)?,
                _ => match self.infix().filter(|op| level(*op) >= min) {
                    None => return self.join(base, right, start, LOWEST).map(|(whole, _)| whole),
                    Some(op) => {
                        (right, start) = self.join(base, right, start, level(op))?;
                        let left = self.as_operand(right, start, op)?;
                        self.waiting.push(Waiting { left, start, op });
                        if op != BinaryOp::Intersection {
                            self.take();
                        }
                        start = self.token.start;
                        right = self.operand()?;
                    }
                },
            }
        }
    }

    /// Joins an operand with what waits for it and binds at least as tightly as `min`; gives what comes of it
    /// and where that begins.
    fn join(&mut self, base: usize, right: NodeId, start: usize, min: Level) -> Parsed<(NodeId, usize)> {
        let (mut right, mut start) = (right, start);
        while self.waiting.len() > base
            && let Some(Waiting { left, start: begin, op }) = self.waiting.pop_if(|one| level(one.op) >= min)
        {
            let operand = self.as_operand(right, start, op)?;
            right = self.binary(left, op, operand)?;
            start = begin;
        }
        Ok((right, start))
    }

    /// The binary operator that comes next; a blank before another reference is one.
    fn infix(&self) -> Option<BinaryOp> {
        match self.token.kind {
            Kind::Op(op) => Some(op),
            Kind::Comma if !self.listing => Some(BinaryOp::Union),
            kind if self.token.blank && begins_reference(kind) => Some(BinaryOp::Intersection),
            _ => None,
        }
    }

    fn binary(&mut self, left: NodeId, op: BinaryOp, right: NodeId) -> Parsed<NodeId> {
        if op == BinaryOp::Range
            && let Some(whole) = self.same_sheet_range(left, right)
        {
            self.tree.pop();
            self.tree.pop();
            return self.push(Node::Ref(whole));
        }
        self.push(Node::Binary { op, left, right })
    }

    /// `Sheet1!A1:Sheet1!B2`, which is `Sheet1!A1:B2`.
    fn same_sheet_range(&self, left: NodeId, right: NodeId) -> Option<Ref> {
        match (self.tree.node(left), self.tree.node(right)) {
            (
                Node::Ref(Ref { sheet, extent: Extent::Cell(a) }),
                Node::Ref(Ref { sheet: other, extent: Extent::Cell(b) }),
            ) if sheet == other => Some(Ref { sheet: sheet.clone(), extent: Extent::Rect(*a, *b) }),
            _ => None,
        }
    }

    /// The node, which begins at `start`, if it may stand beside the operator. `SINGLE(A1):B1` gets the
    /// parentheses that `(@A1):B1` needs.
    fn as_operand(&mut self, node: NodeId, start: usize, op: BinaryOp) -> Parsed<NodeId> {
        let found = self.tree.node(node);
        // Excel saves `(-4,3)`, and computes #VALUE! from it; people who write it mean something else.
        let any = op == BinaryOp::Union && self.lenient;
        if level(op) < UNION || gives_reference(found) || (any && node_level(found) >= UNION) {
            return Ok(node);
        }
        if any || matches!(found, Node::Unary { op: UnaryOp::Intersect, .. }) {
            return self.push(Node::Paren(node));
        }
        Err(no_reference(self.text, start..self.taken, op).into())
    }

    /// Whether `#` and arguments right behind belong to this node and to no larger one.
    fn is_tight(&self, node: NodeId) -> bool {
        let node = self.tree.node(node);
        (node_level(node) >= POSTFIX && gives_reference(node))
            || matches!(node, Node::Unary { op: UnaryOp::Intersect, .. })
    }

    /// What `@` may stand at: anything that binds as tightly as a sign, else in parentheses.
    fn intersectable(&mut self, node: NodeId) -> Parsed<NodeId> {
        let loose = node_level(self.tree.node(node)) < PREFIX;
        if loose { self.push(Node::Paren(node)) } else { Ok(node) }
    }

    /// What `#` may stand at, else in parentheses: `A1:B2#` would be `A1:(B2#)`.
    fn spillable(&mut self, node: NodeId) -> Parsed<NodeId> {
        if takes_spill(self.tree.node(node)) { Ok(node) } else { self.push(Node::Paren(node)) }
    }

    /// `A1#`
    fn spill(&mut self, anchor: NodeId) -> Parsed<NodeId> {
        let operand = self.spillable(anchor)?;
        self.take();
        self.is_longer_in_files = true;
        self.push(Node::Unary { op: UnaryOp::Spill, operand })
    }

    /// `LAMBDA(x,x+1)(2)`
    fn invoke(&mut self, callee: NodeId) -> Parsed<NodeId> {
        // What gives no function may give a reference to one, or nothing; evaluation tells.
        let bare = takes_arguments(self.tree.node(callee));
        let callee = if bare { callee } else { self.push(Node::Paren(callee))? };
        let open = self.take();
        let args = self.arguments(open.span())?;
        let args = self.list(args);
        self.push(Node::Invoke { callee, args })
    }

    /// Signs and `@`, then what they stand at.
    fn operand(&mut self) -> Parsed<NodeId> {
        let Some(first) = prefix(self.token.kind) else { return self.primary() };
        self.take();
        let mut signs = vec![first];
        while let Some(sign) = prefix(self.token.kind) {
            self.take();
            signs.push(sign);
        }
        // `@A1,B1` is a union of `@A1` and `B1`; `-A1 B1` negates the intersection.
        let tight = signs.contains(&UnaryOp::Intersect);
        self.is_longer_in_files |= tight;
        let mut operand = self.expression(if tight { INTERSECTION } else { UNION })?;
        for op in signs.into_iter().rev() {
            operand = self.push(Node::Unary { op, operand })?;
        }
        Ok(operand)
    }

    fn take(&mut self) -> Token {
        self.taken = self.token.end;
        let next = self.lexer.next();
        std::mem::replace(&mut self.token, next)
    }

    fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    fn push(&mut self, node: Node) -> Parsed<NodeId> {
        if self.tree.nodes().len() >= MAX_NODES {
            let message = format!("The formula has more than {MAX_NODES} parts.");
            return Err(ParseError::new(0..self.text.len(), message)
                .hint("Put parts of it into cells of their own.")
                .into());
        }
        Ok(self.tree.push(node))
    }

    /// Moves what is pending from a place on to the tree.
    fn list(&mut self, first: usize) -> ArgList {
        let list = self.tree.push_args(self.pending.get(first..).unwrap_or_default());
        self.pending.truncate(first);
        list
    }

    fn enter(&mut self, open: &Token) -> Parsed<()> {
        self.brackets += 1;
        if self.brackets <= MAX_BRACKET_DEPTH {
            return Ok(());
        }
        let message = format!("Brackets stand more than {MAX_BRACKET_DEPTH} deep in each other.");
        Err(ParseError::new(open.span(), message)
            .hint("Put parts of the formula into cells of their own.")
            .into())
    }

    fn close(&mut self, kind: Kind, open: &Token, missing: &str) -> Parsed<()> {
        if self.token.kind == kind {
            self.take();
            return Ok(());
        }
        if self.token.kind == Kind::End {
            return Err(ParseError::new(open.span(), missing).into());
        }
        if matches!(self.token.kind, Kind::Close | Kind::BraceClose) {
            return Err(wrong_closer(&self.token, kind).into());
        }
        Err(leftover(self.text, &self.token).into())
    }

    fn sheet_of_nothing(&self, prefix: Token) -> Box<ParseError> {
        ParseError::new(prefix.span(), "Behind the sheet's name and ! a reference or a name is missing.")
            .into()
    }

    fn missing(&self) -> Box<ParseError> {
        missing(self.text, &self.token).into()
    }
}

/// The sign a token is in front of an operand.
fn prefix(kind: Kind) -> Option<UnaryOp> {
    match kind {
        Kind::Op(BinaryOp::Subtract) => Some(UnaryOp::Minus),
        Kind::Op(BinaryOp::Add) => Some(UnaryOp::Plus),
        Kind::At => Some(UnaryOp::Intersect),
        _ => None,
    }
}

/// Whether a token may begin the right side of an intersection.
fn begins_reference(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Reference
            | Kind::Name
            | Kind::Call
            | Kind::Table
            | Kind::Prefix
            | Kind::Bang
            | Kind::Open
            | Kind::Error(_)
            | Kind::Binding
    )
}

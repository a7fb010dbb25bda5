//! What operators stand between: constants, references, names, calls, tables, parentheses, arrays.

use super::{MAX_CALL_DEPTH, Parsed, Parser};
use crate::error::ParseError;
use crate::functions::{optional_name, plain_name, truth, upper, without_prefixes};
use crate::grammar::{LOWEST, TRIM_BOTH, TRIM_LEADING, TRIM_TRAILING, gives_reference};
use crate::lexer::{Kind, Token};
use crate::scan::Trim;
use crate::sheets::read_prefix;
use crate::structured::read_table;
use crate::{BinaryOp, Node, NodeId, Ref, SheetSpec, TableRef, UnaryOp};
use std::ops::Range;
use values::{CellError, Text};

impl<'a> Parser<'a> {
    pub(super) fn primary(&mut self) -> Parsed<NodeId> {
        let token = self.token;
        match token.kind {
            Kind::Number => self.number(),
            Kind::Text => {
                self.take();
                let text = unquoted(self.slice(token.span()));
                self.push(Node::Text(text))
            }
            Kind::Error(error) => self.error_value(error),
            Kind::Reference => self.reference(SheetSpec::Here),
            Kind::Name => {
                self.take();
                let word = self.slice(token.span());
                self.push(match truth(word) {
                    Some(value) => Node::Bool(value),
                    None => Node::Name { sheet: SheetSpec::Here, name: Text::from(plain_name(word)) },
                })
            }
            Kind::Call => self.call(),
            Kind::Table => {
                self.take();
                let (name, bracket) = self.table_parts(&token);
                let table = (!name.is_empty()).then(|| Text::from(name));
                self.table(table, bracket)
            }
            Kind::Prefix | Kind::Bang => self.on_sheet(),
            Kind::Open => self.parentheses(),
            Kind::BraceOpen => self.array(),
            Kind::Binding => self.word_behind_sign(Node::Binding),
            Kind::Context => {
                self.take();
                let word = self.slice(token.start + 1..token.end).to_ascii_lowercase();
                self.push(Node::Context(Text::from(word)))
            }
            _ => Err(self.missing()),
        }
    }

    fn number(&mut self) -> Parsed<NodeId> {
        let number = self.read_number()?;
        self.push(Node::Number(number))
    }

    fn read_number(&mut self) -> Parsed<f64> {
        let token = self.take();
        let written = self.slice(token.span());
        // A comma is here only where it is the decimal sign.
        let number =
            if written.contains(',') { written.replace(',', ".").parse() } else { written.parse::<f64>() };
        match number {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(ParseError::new(token.span(), "The number is too large.")
                .hint("The largest is about 1.8E+308.")
                .into()),
        }
    }

    fn word_behind_sign(&mut self, make: fn(Text) -> Node) -> Parsed<NodeId> {
        let token = self.take();
        let word = Text::from(self.slice(token.start + 1..token.end));
        self.push(make(word))
    }

    /// An error value. Of a reference that lost its sheet, `#REF!A1` or `#REF!Name`, nothing else is left.
    fn error_value(&mut self, error: CellError) -> Parsed<NodeId> {
        self.take();
        while error == CellError::Ref
            && !self.token.blank
            && matches!(self.token.kind, Kind::Reference | Kind::Name | Kind::Error(CellError::Ref))
        {
            self.take();
        }
        self.push(Node::Error(error))
    }

    /// `A1:B9`, or `A1:.B9`, which is a function of it.
    fn reference(&mut self, sheet: SheetSpec) -> Parsed<NodeId> {
        let written = self.lexer.written;
        self.take();
        let reference = self.push(Node::Ref(Ref { sheet, extent: written.cells.extent(self.host) }))?;
        let name = match written.trim {
            Trim { leading: false, trailing: false } => return Ok(reference),
            Trim { leading: true, trailing: true } => TRIM_BOTH,
            Trim { leading: true, .. } => TRIM_LEADING,
            Trim { trailing: true, .. } => TRIM_TRAILING,
        };
        self.is_longer_in_files = true;
        let args = self.tree.push_args(&[reference]);
        self.push(Node::Call { name: Text::from(name), args })
    }

    /// The name of a table, which may be empty, and where its bracket stands.
    fn table_parts(&self, token: &Token) -> (&'a str, Range<usize>) {
        let text = self.slice(token.span());
        let name = text.split('[').next().unwrap_or(text);
        (name, token.start + name.len()..token.end)
    }

    fn table(&mut self, table: Option<Text>, bracket: Range<usize>) -> Parsed<NodeId> {
        let reference = read_table(table, self.slice(bracket.clone()), bracket.start)?;
        self.push(Node::Table(Box::new(reference)))
    }

    /// What stands behind `Sheet1!`, `[1]Sheet1!` or a bare `!`, which is the sheet itself.
    fn on_sheet(&mut self) -> Parsed<NodeId> {
        let prefix = self.take();
        let written = self.slice(prefix.span());
        let sheet = read_prefix(written, self.sheets);
        let token = self.token;
        if token.blank {
            return Err(self.sheet_of_nothing(prefix));
        }
        match token.kind {
            Kind::Reference => self.reference(sheet),
            Kind::Error(CellError::Ref) => self.error_value(CellError::Ref),
            Kind::Name | Kind::QuotedName => {
                self.take();
                let word = self.slice(token.span());
                let name = match token.kind {
                    Kind::QuotedName => unquoted(word),
                    _ if sheet == SheetSpec::Here => Text::from(plain_name(word)),
                    _ => Text::from(word),
                };
                self.push(Node::Name { sheet, name })
            }
            Kind::Call if sheet == SheetSpec::Here => self.call(),
            Kind::Call => {
                let name = Text::from(self.slice(token.span()));
                let callee = self.push(Node::Name { sheet, name })?;
                self.take();
                let args = self.arguments(token.span())?;
                let args = self.list(args);
                self.push(Node::Invoke { callee, args })
            }
            Kind::Table if !self.slice(token.span()).starts_with('[') => {
                self.take();
                let (name, bracket) = self.table_parts(&token);
                let mut table = String::new();
                // Tables are known in the whole workbook; only another workbook must stay.
                if matches!(sheet, SheetSpec::External(_)) {
                    table.push_str(written);
                }
                table.push_str(name);
                self.table(Some(Text::from(table)), bracket)
            }
            _ => Err(self.sheet_of_nothing(prefix)),
        }
    }

    /// `(expression)`, where a comma is a union.
    fn parentheses(&mut self) -> Parsed<NodeId> {
        let open = self.take();
        self.enter(&open)?;
        let listing = std::mem::replace(&mut self.listing, false);
        let inner = self.expression(LOWEST)?;
        self.close(Kind::Close, &open, "A closing parenthesis ) is missing.")?;
        self.listing = listing;
        self.brackets -= 1;
        self.push(Node::Paren(inner))
    }

    /// `NAME(arguments)`
    fn call(&mut self) -> Parsed<NodeId> {
        let token = self.take();
        let name = upper(without_prefixes(self.slice(token.span())));
        let args = self.arguments(token.span())?;
        let single = match self.pending.get(args..) {
            Some([only]) if *self.tree.node(*only) != Node::Missing => Some(*only),
            _ => None,
        };
        match (name.as_str(), single) {
            ("SINGLE", Some(operand)) => {
                self.pending.truncate(args);
                let operand = self.intersectable(operand)?;
                return self.push(Node::Unary { op: UnaryOp::Intersect, operand });
            }
            ("ANCHORARRAY", Some(operand)) if gives_reference(self.tree.node(operand)) => {
                self.pending.truncate(args);
                let operand = self.spillable(operand)?;
                return self.push(Node::Unary { op: UnaryOp::Spill, operand });
            }
            ("LAMBDA", _) => self.parameters(args),
            _ => {}
        }
        let args = self.list(args);
        self.push(Node::Call { name: Text::from(name), args })
    }

    /// Gives a LAMBDA's optional parameters, `_xlop.x` in files, the shape that people write: `[x]`.
    fn parameters(&mut self, args: usize) {
        let Some((_, parameters)) = self.pending.get(args..).and_then(<[_]>::split_last) else { return };
        for id in parameters {
            if let Node::Name { sheet: SheetSpec::Here, name } = self.tree.node(*id)
                && let Some(name) = optional_name(name)
            {
                let columns = Some((Text::from(name), None));
                let optional = TableRef { table: None, items: Vec::new(), columns };
                self.tree.replace(*id, Node::Table(Box::new(optional)));
            }
        }
    }

    /// Arguments up to and with the closing parenthesis, left in `pending` from the place given back.
    /// `callee` is what the message about a missing parenthesis points at.
    pub(super) fn arguments(&mut self, callee: Range<usize>) -> Parsed<usize> {
        let open = Token { kind: Kind::Call, start: callee.start, end: callee.end, blank: false };
        self.enter(&open)?;
        self.calls += 1;
        if self.calls > MAX_CALL_DEPTH {
            let message = format!("Functions stand more than {MAX_CALL_DEPTH} deep in each other.");
            return Err(ParseError::new(callee, message)
                .hint("Put parts of the formula into cells of their own.")
                .into());
        }
        let listing = std::mem::replace(&mut self.listing, true);
        let first = self.pending.len();
        if self.token.kind != Kind::Close {
            loop {
                let arg = match self.token.kind {
                    Kind::Comma | Kind::Close => self.push(Node::Missing)?,
                    _ => self.expression(LOWEST)?,
                };
                self.pending.push(arg);
                if self.token.kind != Kind::Comma {
                    break;
                }
                self.take();
            }
        }
        self.close(Kind::Close, &open, "The function's closing parenthesis ) is missing.")?;
        self.listing = listing;
        self.calls -= 1;
        self.brackets -= 1;
        Ok(first)
    }

    /// `{1,2;3,4}`
    fn array(&mut self) -> Parsed<NodeId> {
        let open = self.take();
        let first = self.pending.len();
        let (mut rows, mut cols) = (1u32, 0u32);
        loop {
            let mut width = 0u32;
            loop {
                let item = self.constant()?;
                self.pending.push(item);
                width += 1;
                if self.token.kind != Kind::Comma {
                    break;
                }
                self.take();
            }
            if rows > 1 && width != cols {
                return Err(ParseError::new(
                    open.start..self.token.end,
                    "The rows of the array are not equally long.",
                )
                .hint("Give every row between { and } the same number of values.")
                .into());
            }
            cols = width;
            if self.token.kind != Kind::Semicolon {
                break;
            }
            self.take();
            rows += 1;
        }
        self.close(Kind::BraceClose, &open, "The array's closing brace } is missing.")?;
        let items = self.list(first);
        self.push(Node::Array { rows, cols, items })
    }

    /// What an array may hold: a number with or without sign, text, a truth value, an error.
    fn constant(&mut self) -> Parsed<NodeId> {
        let token = self.token;
        match token.kind {
            Kind::Op(sign @ (BinaryOp::Add | BinaryOp::Subtract)) => {
                self.take();
                if self.token.kind != Kind::Number {
                    return Err(self.missing());
                }
                let number = self.read_number()?;
                self.push(Node::Number(if sign == BinaryOp::Subtract { -number } else { number }))
            }
            Kind::Number | Kind::Text => self.primary(),
            Kind::Name if truth(self.slice(token.span())).is_some() => self.primary(),
            Kind::Error(error) => {
                self.take();
                self.push(Node::Error(error))
            }
            Kind::Reference | Kind::Name | Kind::Call | Kind::Table | Kind::Prefix | Kind::BraceOpen => {
                Err(ParseError::new(token.span(), "An array in braces holds only constants.")
                    .hint("Use HSTACK and VSTACK to build an array from cells.")
                    .into())
            }
            _ => Err(self.missing()),
        }
    }
}

/// What stands in quotation marks or apostrophes, which are doubled inside.
fn unquoted(written: &str) -> Text {
    let (quote, doubled) = if written.starts_with('"') { ("\"", "\"\"") } else { ("'", "''") };
    let inner = written.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote)).unwrap_or(written);
    if inner.contains(quote) { Text::from(inner.replace(doubled, quote)) } else { Text::from(inner) }
}

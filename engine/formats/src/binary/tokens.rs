//! Formula tokens to formula text.
//!
//! Tokens stand in the order in which a stack machine would take them; the text is what a person would have
//! typed, so the engine's own parser stays the only one that makes trees. Parentheses are tokens of their own,
//! so none need to be added. Source: [MS-XLS] 2.5.198, [MS-XLSB] 2.5.97; for Excel 5 and 95 the Excel 97 Developer's
//! Kit, where references are shorter and those to other sheets name the sheets themselves.

use super::functions::{BY_NAME, built_in};
use super::references::Base;
use super::{Bytes, Dialect, error};
use std::collections::HashMap;
use values::Cell;

/// Longest text that is made, in bytes: more than any formula that the parser accepts.
const MOST_BYTES: usize = 1 << 15;
/// Most signs and percents of one formula; real ones have few, and each moves the text behind it.
const MOST_SIGNS: u32 = 512;

/// Why a formula's tokens give no text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("its tokens are cut off")]
    CutOff,
    #[error("its token {0:#04x} is not known")]
    Token(u8),
    #[error("its function {0} is not known")]
    Function(u16),
    #[error("it calls the command {0} of macro sheets")]
    Command(u16),
    #[error("it names cells by the labels of their rows and columns")]
    Label,
    #[error("it is a formula of a pivot table")]
    OfPivot,
    #[error("its tokens do not fit together")]
    Shape,
    #[error("it is longer than a formula may be")]
    TooLong,
    #[error("it refers to a name or table that the file does not hold")]
    Missing,
}

/// What stands before the `!` of a reference to another sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExternSheet {
    /// With its `!`, quoted where it has to be; empty for the workbook as a whole.
    pub prefix: String,
    /// The sheet was deleted: references to it are `#REF!`.
    pub gone: bool,
    /// Which other workbook or add-in it is, by its place in the file; `None` for this workbook.
    pub book: Option<usize>,
}

/// A name that formulas refer to by number.
pub(crate) type NameText = String;

/// A table that formulas refer to by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableText {
    pub name: String,
    pub columns: Vec<String>,
}

/// What numbers in tokens stand for.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub dialect: Dialect,
    /// By the number in the token.
    pub sheets: &'a [ExternSheet],
    /// Counted from 1.
    pub names: &'a [NameText],
    /// Names of each other workbook or add-in, counted from 1.
    pub book_names: &'a [Vec<NameText>],
    pub tables: &'a HashMap<u32, TableText>,
    /// Whether the tokens are those of a name.
    pub in_name: bool,
}

/// The text of a formula in the cell `host`. `extra` is what follows the tokens: array constants.
pub(crate) fn formula_text(
    rgce: &[u8],
    extra: &[u8],
    host: Cell,
    context: Context<'_>,
) -> Result<String, TokenError> {
    let mut machine =
        Machine { context, host, rest: Bytes(rgce), extra: Bytes(extra), stack: Vec::new(), signs: 0 };
    while let Some(token) = machine.rest.u8() {
        machine.token(token)?;
        if machine.stack.last().is_some_and(|text| text.len() > MOST_BYTES) || machine.stack.len() > 8_192 {
            return Err(TokenError::TooLong);
        }
    }
    match machine.stack.len() {
        1 => machine.pop(),
        _ => Err(TokenError::Shape),
    }
}

struct Machine<'a> {
    context: Context<'a>,
    host: Cell,
    rest: Bytes<'a>,
    extra: Bytes<'a>,
    stack: Vec<String>,
    signs: u32,
}

/// Turns a missing byte into an error.
fn cut<T>(read: Option<T>) -> Result<T, TokenError> {
    read.ok_or(TokenError::CutOff)
}

impl Machine<'_> {
    fn pop(&mut self) -> Result<String, TokenError> {
        self.stack.pop().ok_or(TokenError::Shape)
    }

    fn push(&mut self, text: impl Into<String>) {
        self.stack.push(text.into());
    }

    fn token(&mut self, token: u8) -> Result<(), TokenError> {
        match token {
            0x03..=0x11 => self.binary(token),
            0x12..=0x15 => self.unary(token),
            0x16 => {
                self.push("");
                Ok(())
            }
            0x17 => self.text(),
            0x18 => self.extended(),
            0x19 => self.attribute(),
            0x1c..=0x1f => self.constant(token),
            // Three classes of each operand differ only in how Excel evaluates them.
            0x20..=0x7f => self.operand((token & 0x1f) | 0x20),
            _ => Err(TokenError::Token(token)),
        }
    }

    fn binary(&mut self, token: u8) -> Result<(), TokenError> {
        const SIGNS: [&str; 15] =
            ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"];
        let right = self.pop()?;
        let left = self.stack.last_mut().ok_or(TokenError::Shape)?;
        left.push_str(SIGNS.get(usize::from(token - 0x03)).ok_or(TokenError::Token(token))?);
        left.push_str(&right);
        Ok(())
    }

    fn unary(&mut self, token: u8) -> Result<(), TokenError> {
        self.signs += 1;
        if self.signs > MOST_SIGNS {
            return Err(TokenError::TooLong);
        }
        let text = self.stack.last_mut().ok_or(TokenError::Shape)?;
        match token {
            0x12 => text.insert(0, '+'),
            0x13 => text.insert(0, '-'),
            0x14 => text.push('%'),
            _ => *text = format!("({text})"),
        }
        Ok(())
    }

    fn text(&mut self) -> Result<(), TokenError> {
        let text = match self.context.dialect {
            Dialect::Biff5(encoding) => {
                let count = usize::from(cut(self.rest.u8())?);
                cut(self.rest.coded(count, encoding))?
            }
            Dialect::Biff8 => {
                let count = usize::from(cut(self.rest.u8())?);
                cut(self.rest.flagged(count))?
            }
            Dialect::Biff12 => {
                let count = usize::from(cut(self.rest.u16())?);
                cut(self.rest.wide(count))?
            }
        };
        self.push(quoted(&text));
        Ok(())
    }

    fn constant(&mut self, token: u8) -> Result<(), TokenError> {
        let text = match token {
            0x1c => error(cut(self.rest.u8())?).to_string(),
            0x1d => if cut(self.rest.u8())? == 0 { "FALSE" } else { "TRUE" }.to_owned(),
            0x1e => cut(self.rest.u16())?.to_string(),
            _ => number(cut(self.rest.f64())?)?,
        };
        // A sign belongs to the number here, and must not become an operator that binds otherwise.
        self.push(if text.starts_with('-') { format!("({text})") } else { text });
        Ok(())
    }

    /// Hints for Excel's evaluation and for blanks; only a sum of one argument is more than that.
    fn attribute(&mut self) -> Result<(), TokenError> {
        let kind = cut(self.rest.u8())?;
        let data = cut(self.rest.u16())?;
        if kind & 0x04 != 0 {
            // The jumps of CHOOSE, one more than it has values.
            return cut(self.rest.skip(2 * (usize::from(data) + 1)));
        }
        if kind & 0x10 != 0 {
            let argument = self.pop()?;
            self.push(format!("SUM({argument})"));
        }
        Ok(())
    }

    /// References to tables, which only .xlsb has, and those by labels, which Excel makes plain ones since 2007.
    fn extended(&mut self) -> Result<(), TokenError> {
        match (cut(self.rest.u8())?, self.context.dialect) {
            (0x19, Dialect::Biff12) => {}
            (0x01..=0x10, Dialect::Biff8) => return Err(TokenError::Label),
            (0x1d, _) => return Err(TokenError::OfPivot),
            _ => return Err(TokenError::Token(0x18)),
        }
        let (_sheet, flags) = (cut(self.rest.u16())?, cut(self.rest.u16())?);
        let table = cut(self.rest.u32())?;
        let columns = [cut(self.rest.u16())?, cut(self.rest.u16())?].map(usize::from);
        // The table or its columns were deleted.
        if flags & 0x1000 != 0 {
            return self.lost(0);
        }
        let table = self.context.tables.get(&table).ok_or(TokenError::Missing)?;
        let text = table_reference(table, flags, columns)?;
        self.push(text);
        Ok(())
    }

    fn operand(&mut self, token: u8) -> Result<(), TokenError> {
        let (cell_bytes, area_bytes) = self.context.dialect.sizes();
        match token {
            0x20 => self.array(),
            0x21 | 0x22 => self.call(token),
            0x23 => {
                let number = self.name_number()?;
                let name = nth_from_one(self.context.names, number)?;
                self.push(name);
                Ok(())
            }
            0x24 | 0x2c => {
                let base = self.base(token == 0x2c);
                let text = self.context.dialect.cell(&mut self.rest, self.host, base);
                self.push(cut(text)?);
                Ok(())
            }
            0x25 | 0x2d => {
                let base = self.base(token == 0x2d);
                let text = self.context.dialect.area(&mut self.rest, self.host, base);
                self.push(cut(text)?);
                Ok(())
            }
            // What a reference expression came to when last computed; its own tokens follow.
            0x26 => {
                cut(self.rest.skip(6))?;
                self.skip_areas()
            }
            0x27 | 0x28 => cut(self.rest.skip(6)),
            0x29 | 0x2e | 0x2f => cut(self.rest.skip(2)),
            0x2a => self.lost(cell_bytes),
            0x2b => self.lost(area_bytes),
            0x39 => self.foreign_name(),
            0x3a | 0x3b => self.on_sheet(token == 0x3b),
            0x3c => self.lost(self.sheet_bytes() + cell_bytes),
            0x3d => self.lost(self.sheet_bytes() + area_bytes),
            _ => Err(TokenError::Token(token)),
        }
    }

    fn name_number(&mut self) -> Result<u32, TokenError> {
        if !self.is_old() {
            return cut(self.rest.u32());
        }
        let number = cut(self.rest.u16())?;
        cut(self.rest.skip(12))?;
        Ok(u32::from(number))
    }

    fn is_old(&self) -> bool {
        matches!(self.context.dialect, Dialect::Biff5(_))
    }

    /// How many bytes say which sheet a reference is to.
    fn sheet_bytes(&self) -> usize {
        if self.is_old() { 14 } else { 2 }
    }

    fn lost(&mut self, bytes: usize) -> Result<(), TokenError> {
        cut(self.rest.skip(bytes))?;
        self.push("#REF!");
        Ok(())
    }

    fn skip_areas(&mut self) -> Result<(), TokenError> {
        let bytes = match self.context.dialect {
            Dialect::Biff5(_) => usize::from(cut(self.extra.u16())?).checked_mul(6),
            Dialect::Biff8 => usize::from(cut(self.extra.u16())?).checked_mul(8),
            Dialect::Biff12 => cut(self.extra.u32())?.checked_mul(16).map(|bytes| bytes as usize),
        };
        cut(bytes.and_then(|bytes| self.extra.skip(bytes)))
    }

    fn base(&self, counts_from_host: bool) -> Base {
        match (self.context.in_name, counts_from_host) {
            (true, _) => Base::Name,
            (false, true) => Base::Host,
            (false, false) => Base::Sheet,
        }
    }

    fn on_sheet(&mut self, is_area: bool) -> Result<(), TokenError> {
        let prefix = self.sheet_prefix();
        let base = self.base(false);
        let text = if is_area {
            self.context.dialect.area(&mut self.rest, self.host, base)
        } else {
            self.context.dialect.cell(&mut self.rest, self.host, base)
        };
        let text = cut(text)?;
        let text = match prefix? {
            Some(prefix) => prefix + &text,
            None => "#REF!".to_owned(),
        };
        self.push(text);
        Ok(())
    }

    /// What stands before a reference to another sheet; `None` for a sheet that was deleted.
    fn sheet_prefix(&mut self) -> Result<Option<String>, TokenError> {
        if self.is_old() {
            return self.old_sheet_prefix();
        }
        let sheet = usize::from(cut(self.rest.u16())?);
        let sheet = self.context.sheets.get(sheet).ok_or(TokenError::Missing)?;
        Ok((!sheet.gone).then(|| sheet.prefix.clone()))
    }

    /// The same in Excel 5 and 95, where sheets of this workbook stand in the token by their places.
    fn old_sheet_prefix(&mut self) -> Result<Option<String>, TokenError> {
        let book = cut(self.rest.u16())?.cast_signed();
        cut(self.rest.skip(8))?;
        let (first, last) = (cut(self.rest.u16())?, cut(self.rest.u16())?);
        if book >= 0 {
            return Err(TokenError::Missing);
        }
        if first == u16::MAX {
            return Ok(None);
        }
        let prefix = |place: u16| self.context.sheets.get(usize::from(place)).map(|sheet| &*sheet.prefix);
        let ends = (prefix(first).ok_or(TokenError::Missing)?, prefix(last).ok_or(TokenError::Missing)?);
        Ok(Some(if first == last { ends.0.to_owned() } else { sheet_span(ends.0, ends.1) }))
    }

    /// A name of another sheet, workbook or add-in.
    fn foreign_name(&mut self) -> Result<(), TokenError> {
        // Excel 5 and 95 list these with each sheet, which is not read.
        if self.is_old() {
            return Err(TokenError::Missing);
        }
        let sheet = usize::from(cut(self.rest.u16())?);
        let number = cut(self.rest.u32())?;
        let sheet = self.context.sheets.get(sheet).ok_or(TokenError::Missing)?;
        let names = match sheet.book {
            Some(book) => self.context.book_names.get(book).ok_or(TokenError::Missing)?,
            None => self.context.names,
        };
        let name = nth_from_one(names, number)?;
        let text = if sheet.gone { "#REF!".to_owned() } else { format!("{}{name}", sheet.prefix) };
        self.push(text);
        Ok(())
    }

    fn call(&mut self, token: u8) -> Result<(), TokenError> {
        let given = if token == 0x22 { Some(usize::from(cut(self.rest.u8())? & 0x7f)) } else { None };
        let number = cut(self.rest.u16())?;
        if number == BY_NAME {
            let args =
                self.arguments(given.ok_or(TokenError::Shape)?.checked_sub(1).ok_or(TokenError::Shape)?)?;
            let name = self.pop()?;
            self.push(format!("{name}({args})"));
            return Ok(());
        }
        if number & 0x8000 != 0 {
            return Err(TokenError::Command(number & 0x7fff));
        }
        let function = built_in(number).ok_or(TokenError::Function(number))?;
        let count = given.or(function.args).ok_or(TokenError::Function(number))?;
        let args = self.arguments(count)?;
        self.push(format!("{}({args})", function.name));
        Ok(())
    }

    fn arguments(&mut self, count: usize) -> Result<String, TokenError> {
        let from = self.stack.len().checked_sub(count).ok_or(TokenError::Shape)?;
        let args = self.stack.split_off(from).join(",");
        if args.len() > MOST_BYTES { Err(TokenError::TooLong) } else { Ok(args) }
    }

    /// An array constant, whose values follow all tokens.
    fn array(&mut self) -> Result<(), TokenError> {
        let (rows, cols) = match self.context.dialect {
            // No count is 256 here: it does not fit into the byte.
            Dialect::Biff5(_) => {
                cut(self.rest.skip(7))?;
                let cols = match cut(self.extra.u8())? {
                    0 => 256,
                    cols => u32::from(cols),
                };
                (u32::from(cut(self.extra.u16())?), cols)
            }
            Dialect::Biff8 => {
                cut(self.rest.skip(7))?;
                let cols = u32::from(cut(self.extra.u8())?) + 1;
                (u32::from(cut(self.extra.u16())?) + 1, cols)
            }
            Dialect::Biff12 => {
                cut(self.rest.skip(14))?;
                let cols = cut(self.extra.u32())?;
                (cut(self.extra.u32())?, cols)
            }
        };
        // Of no columns there could be four thousand million rows.
        if rows == 0 || cols == 0 {
            return Err(TokenError::Shape);
        }
        let mut text = String::from("{");
        for row in 0..rows {
            for col in 0..cols {
                if (row, col) != (0, 0) {
                    text.push(if col == 0 { ';' } else { ',' });
                }
                text.push_str(&self.array_value()?);
                if text.len() > MOST_BYTES {
                    return Err(TokenError::TooLong);
                }
            }
        }
        text.push('}');
        self.push(text);
        Ok(())
    }

    fn array_value(&mut self) -> Result<String, TokenError> {
        let kind = cut(self.extra.u8())?;
        let old = self.context.dialect != Dialect::Biff12;
        match (kind, old) {
            (0x01, true) | (0x00, false) => number(cut(self.extra.f64())?),
            (0x02, true) => {
                let text = if let Dialect::Biff5(encoding) = self.context.dialect {
                    let count = usize::from(cut(self.extra.u8())?);
                    self.extra.coded(count, encoding)
                } else {
                    let count = usize::from(cut(self.extra.u16())?);
                    self.extra.flagged(count)
                };
                cut(text).map(|text| quoted(&text))
            }
            (0x01, false) => {
                let count = usize::from(cut(self.extra.u16())?);
                cut(self.extra.wide(count)).map(|text| quoted(&text))
            }
            (0x04, true) | (0x02, false) => {
                let truth = cut(self.extra.u8())?;
                cut(self.extra.skip(if old { 7 } else { 0 }))?;
                Ok(if truth == 0 { "FALSE" } else { "TRUE" }.to_owned())
            }
            (0x10, true) | (0x04, false) => {
                let code = cut(self.extra.u8())?;
                cut(self.extra.skip(if old { 7 } else { 3 }))?;
                Ok(error(code).to_string())
            }
            _ => Err(TokenError::Token(kind)),
        }
    }
}

fn nth_from_one(names: &[NameText], number: u32) -> Result<&str, TokenError> {
    let place = number.checked_sub(1).ok_or(TokenError::Missing)?;
    names.get(place as usize).map(String::as_str).ok_or(TokenError::Missing)
}

/// Sheets from one to another, of what stands before references to each.
fn sheet_span(first: &str, last: &str) -> String {
    let [first, last] = [first, last].map(|prefix| prefix.strip_suffix('!').unwrap_or(prefix));
    let inner =
        |name: &'_ str| name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')).map(str::to_owned);
    match (inner(first), inner(last)) {
        (None, None) => format!("{first}:{last}!"),
        (a, b) => format!("'{}:{}'!", a.as_deref().unwrap_or(first), b.as_deref().unwrap_or(last)),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A number as formulas hold it, in the fewest digits that read back the same.
fn number(number: f64) -> Result<String, TokenError> {
    if !number.is_finite() {
        return Err(TokenError::Shape);
    }
    let text = format!("{number:?}");
    Ok(text.strip_suffix(".0").unwrap_or(&text).to_owned())
}

/// A structured reference. Source: [MS-XLSB] 2.5.97.51 (PtgList).
fn table_reference(table: &TableText, flags: u16, columns: [usize; 2]) -> Result<String, TokenError> {
    const ITEMS: [(u16, &str); 5] =
        [(1, "[#All]"), (2, "[#Headers]"), (4, "[#Data]"), (8, "[#Totals]"), (16, "[#This Row]")];
    let rows = flags >> 2 & 0x1f;
    let items = ITEMS.iter().filter(|(bit, _)| rows & bit != 0).map(|(_, item)| *item);
    let column = |place: usize| -> Result<String, TokenError> {
        let name = table.columns.get(place).ok_or(TokenError::Missing)?;
        let mut text = String::from("[");
        for c in name.chars() {
            if matches!(c, '[' | ']' | '#' | '\'' | '@') {
                text.push('\'');
            }
            text.push(c);
        }
        text.push(']');
        Ok(text)
    };
    let columns = match flags & 3 {
        0 => None,
        1 => Some(column(columns[0])?),
        _ => Some(format!("{}:{}", column(columns[0])?, column(columns[1])?)),
    };
    let parts: Vec<String> = items.map(str::to_owned).chain(columns).collect();
    Ok(match parts.as_slice() {
        [] => format!("{}[]", table.name),
        [only] if !only.contains("]:[") => format!("{}{only}", table.name),
        _ => format!("{}[{}]", table.name, parts.join(",")),
    })
}

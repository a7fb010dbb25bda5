//! Formulas from choices: they follow the grammar, name real functions, and give them arguments that mostly fit.

use crate::choices::Choices;
use engine::functions::{self, Body, Control, Function, Kind};
use std::sync::LazyLock;

/// Parts that one formula may have.
const PARTS: u32 = 60;
/// How deep calls stand in calls.
const DEPTH: u32 = 5;

static FUNCTIONS: LazyLock<Vec<&'static Function>> = LazyLock::new(|| functions::all().collect());

const NUMBERS: [&str; 24] = [
    "1",
    "0",
    "2",
    "-1",
    "3",
    "0.5",
    "10",
    "100",
    "1E+300",
    "1E-300",
    "-2.5",
    "1000000",
    "45292",
    "60",
    "2958465",
    "1048576",
    "1E+15",
    "0.1",
    "255",
    "32767",
    "4294967296",
    "12.75",
    "-45000",
    "9.99E+307",
];

const TEXTS: [&str; 24] = [
    "\"a\"",
    "\"\"",
    "\"12\"",
    "\"1/2/2024\"",
    "\"*b?\"",
    "\">1\"",
    "\"<>\"",
    "\"A1\"",
    "\"Data!A1:B3\"",
    "\"0.00\"",
    "\"yyyy-mm-dd\"",
    "\"m\"",
    "\"R1C1\"",
    "\"é漢😀\"",
    "\"a,b;c\"",
    "\"<a><b>1</b></a>\"",
    "\"//b\"",
    "\"3+4i\"",
    "\"FF\"",
    "\"MXIV\"",
    "\"(a+)+$\"",
    "\"TRUE\"",
    "\"~*\"",
    "\" x  y \"",
];

const CONSTANTS: [&str; 10] =
    ["TRUE", "FALSE", "#N/A", "#DIV/0!", "#REF!", "{1,2;3,4}", "{\"a\";TRUE;#N/A}", "{0}", "Rate", "Nowhere"];

const REFERENCES: [&str; 16] = [
    "Data!A1:C6",
    "Data!B:B",
    "T",
    "T[Qty]",
    "T[#All]",
    "T[[#This Row],[Qty]]",
    "Data!A2:A6",
    "Data!D1:E4",
    "$A$1:$F$12",
    "B:C",
    "2:3",
    "XFD1048576",
    "A1:A1048576",
    "Calc:Data!A1",
    "H1#",
    "(A1:B2,D4)",
];

const OPERATORS: [&str; 15] = ["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=", ":", " ", ","];

/// What makes one formula.
struct Making<'c, 'a> {
    choices: &'c mut Choices<'a>,
    left: u32,
    text: String,
}

/// A formula without `=`.
pub(crate) fn formula(choices: &mut Choices<'_>) -> String {
    let mut making = Making { choices, left: PARTS, text: String::new() };
    making.expression(DEPTH);
    making.text
}

/// A constant as formulas write it.
pub(crate) fn constant(choices: &mut Choices<'_>) -> &'static str {
    match choices.below(4) {
        0 | 1 => choices.one_of(&NUMBERS),
        2 => choices.one_of(&TEXTS),
        _ => choices.one_of(&CONSTANTS[..5]),
    }
}

impl Making<'_, '_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn expression(&mut self, depth: u32) {
        self.left = self.left.saturating_sub(1);
        if depth == 0 || self.left == 0 {
            return self.leaf();
        }
        match self.choices.below(12) {
            0..=2 => self.leaf(),
            3 => self.range(),
            4 | 5 => {
                self.push("(");
                self.expression(depth - 1);
                let operator = self.choices.one_of(&OPERATORS);
                self.push(operator);
                self.expression(depth - 1);
                self.push(")");
            }
            6 => {
                let sign = self.choices.one_of(&["-", "+", "@", "--"]);
                self.push(sign);
                self.expression(depth - 1);
                let end = self.choices.one_of(&["", "", "%", "^2"]);
                self.push(end);
            }
            7 => self.variables(depth),
            _ => self.call(depth),
        }
    }

    fn leaf(&mut self) {
        match self.choices.below(8) {
            0 => self.any_constant(),
            1 | 2 => {
                let number = self.choices.one_of(&NUMBERS);
                self.push(number);
            }
            3 => self.push("x"),
            _ => self.cell(),
        }
    }

    fn any_constant(&mut self) {
        let text = match self.choices.below(3) {
            0 => self.choices.one_of(&TEXTS),
            1 => self.choices.one_of(&CONSTANTS),
            _ => self.choices.one_of(&NUMBERS),
        };
        self.push(text);
    }

    fn cell(&mut self) {
        let place = self.choices.below(256);
        if place >= 250 {
            self.push("Data!");
        }
        let dollars = self.choices.below(4);
        let (col, row) = (b'A' + (place % 7) as u8, place / 7 % 13 + 1);
        let dollar = |is: bool| if is { "$" } else { "" };
        let text =
            format!("{}{}{}{row}", dollar(dollars & 1 == 1), char::from(col), dollar(dollars & 2 == 2));
        self.push(&text);
    }

    fn range(&mut self) {
        if self.choices.rarely(3) {
            let reference = self.choices.one_of(&REFERENCES);
            return self.push(reference);
        }
        self.cell();
        self.push(":");
        self.cell();
    }

    /// What binds a variable.
    fn variables(&mut self, depth: u32) {
        match self.choices.below(3) {
            0 => {
                self.push("LET(x,");
                self.expression(depth - 1);
                self.push(",");
                self.expression(depth - 1);
                self.push(")");
            }
            1 => {
                self.lambda(depth, 1);
                self.push("(");
                self.expression(depth - 1);
                self.push(")");
            }
            _ => {
                self.push("LET(x,");
                self.lambda(depth, 1);
                self.push(",x(");
                self.expression(depth - 1);
                self.push("))");
            }
        }
    }

    fn lambda(&mut self, depth: u32, count: u32) {
        let names = ["LAMBDA(", "LAMBDA(x,", "LAMBDA(x,y,", "LAMBDA(x,y,z,"];
        self.push(names[count as usize % names.len()]);
        self.expression(depth.saturating_sub(1));
        self.push(")");
    }

    fn call(&mut self, depth: u32) {
        let function = FUNCTIONS[self.choices.below(FUNCTIONS.len() as u32) as usize];
        if matches!(function.body, Body::Control(Control::Let | Control::Lambda)) {
            return self.variables(depth);
        }
        let fixed = function.params.len() as u32;
        let extra = if function.repeat > 0 { self.choices.below(3) * function.repeat as u32 } else { 0 };
        let missing = if self.choices.rarely(3) { self.choices.below(fixed + 1) } else { 0 };
        let count = (fixed + extra - missing) as usize;
        self.push(function.name);
        self.push("(");
        for index in 0..count {
            if index > 0 {
                self.push(",");
            }
            let kind = function.param(index).map_or(Kind::Any, |param| param.kind);
            self.argument(kind, depth - 1);
        }
        self.push(")");
    }

    /// Mostly what the function expects, sometimes anything or nothing.
    fn argument(&mut self, kind: Kind, depth: u32) {
        match self.choices.below(16) {
            0 => return,
            1 => return self.expression(depth),
            _ => {}
        }
        match kind {
            Kind::Number | Kind::StrictNumber if self.choices.rarely(2) => {
                let number = self.choices.one_of(&NUMBERS);
                self.push(number);
            }
            Kind::Text if self.choices.rarely(2) => {
                let text = self.choices.one_of(&TEXTS);
                self.push(text);
            }
            Kind::Bool if self.choices.rarely(2) => {
                let truth = self.choices.one_of(&["FALSE", "TRUE", "0", "1"]);
                self.push(truth);
            }
            Kind::Values | Kind::Array if !self.choices.rarely(3) => self.range(),
            Kind::Reference if !self.choices.rarely(8) => self.range(),
            Kind::Lambda if self.choices.rarely(3) => {
                let name = self.choices.one_of(&["SUM", "LEN", "TRANSPOSE", "SEQUENCE", "PERCENTOF"]);
                self.push(name);
            }
            Kind::Lambda => {
                let count = self.choices.below(4);
                self.lambda(depth, count);
            }
            _ => self.expression(depth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::formula::{Mode, parse};
    use engine::values::Cell;

    #[test]
    fn most_of_what_is_made_is_a_formula() {
        let book = crate::books::empty();
        let (mut seed, mut read, mut calls) = (1_u64, 0, 0);
        for _ in 0..500 {
            let bytes: Vec<u8> = (0..120)
                .map(|_| {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (seed >> 56) as u8
                })
                .collect();
            let text = formula(&mut Choices::new(&bytes));
            read += usize::from(parse(&text, Cell::new(3, 3), &book, Mode::Workbook).is_ok());
            calls += usize::from(text.contains('('));
        }
        assert!(read > 400 && calls > 200, "{read} were formulas, {calls} with calls or parentheses");
    }
}

//! What a function says of itself.

use crate::{Args, Context};
use std::fmt;
use values::{Result, Value};

/// A worksheet function: its declaration and its body.
pub struct Function {
    /// The name in upper case, without `_xlfn.` prefixes.
    pub name: &'static str,
    /// The declared arguments in order.
    pub params: &'static [Param],
    /// How many of the last `params` repeat: 0 for none, 1 as in SUM, 2 as in SUMIFS.
    pub repeat: usize,
    /// Recalculated every time (NOW, RAND, OFFSET, INDIRECT, …).
    pub volatile: bool,
    /// May give more than one cell even where all arguments are scalars (SEQUENCE, SORT, FILTER, …).
    pub array: bool,
    /// Of several arguments that are errors or cannot be coerced, the last one is told instead of the first.
    pub last_error: bool,
    /// What computes it.
    pub body: Body,
    /// Of one that takes anything, what computes the same of numbers alone: quicker, as nothing needs to be asked.
    pub of_numbers: Option<fn(&[f64]) -> f64>,
}

/// One argument of a function.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Excel's name for it, shown in help.
    pub name: &'static str,
    /// What the body gets.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
}

/// What an argument is to the body, and so how the caller prepares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number; text and booleans are coerced, arrays are lifted over, an error ends the call.
    Number,
    /// Text; numbers are printed as General, arrays are lifted over, an error ends the call.
    Text,
    /// TRUE or FALSE; arrays are lifted over, an error ends the call.
    Bool,
    /// Any scalar as it is; arrays are lifted over, an error ends the call.
    Scalar,
    /// Any scalar as it is, an error too; arrays are lifted over. For IS functions and their like.
    Any,
    /// A number as the functions of the former Analysis ToolPak take it: text is coerced, a boolean or a range
    /// of several cells is `#VALUE!`, nothing between commas is `#N/A` where the argument must be given; arrays
    /// are lifted over.
    StrictNumber,
    /// Any scalar under the rules of `StrictNumber`, except that a boolean is left for the body to judge.
    StrictScalar,
    /// Passed as it is: a reference, an array, or a scalar, an error too. Nested operators still see single
    /// cells in a legacy formula. For reducers (SUM) and lookups' tables.
    Values,
    /// As `Values`, but nested expressions are evaluated over whole arrays even in a legacy formula, as
    /// in SUMPRODUCT, LOOKUP or MMULT.
    Array,
    /// Must be a reference to cells; anything else is `#VALUE!` before the body is asked.
    Reference,
    /// A function value; anything else is `#VALUE!`.
    Lambda,
}

/// What computes a function.
pub enum Body {
    /// A plain function over prepared arguments.
    Plain(fn(&Args<'_>) -> Result<Value>),
    /// A plain function of numbers alone, as many as are declared; what is left out is 0.
    Numbers(fn(&[f64]) -> Result<f64>),
    /// A function that also needs what lies outside of its arguments.
    Context(fn(&Args<'_>, &dyn Context) -> Result<Value>),
    /// Evaluates only some of its arguments or binds names: the evaluator does it.
    Control(Control),
}

/// Functions that the evaluator itself carries out, because they choose what is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// IF
    If,
    /// IFS
    Ifs,
    /// IFERROR
    IfError,
    /// IFNA
    IfNa,
    /// CHOOSE
    Choose,
    /// SWITCH
    Switch,
    /// LET
    Let,
    /// LAMBDA
    Lambda,
    /// ISOMITTED
    IsOmitted,
    /// TABLE, the formula of a what-if data table
    DataTable,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Param {
    const fn new(name: &'static str, kind: Kind) -> Param {
        Param { name, kind, optional: false }
    }

    /// A number that must be given.
    pub const fn number(name: &'static str) -> Param {
        Param::new(name, Kind::Number)
    }

    /// Text that must be given.
    pub const fn text(name: &'static str) -> Param {
        Param::new(name, Kind::Text)
    }

    /// A truth value that must be given.
    pub const fn bool(name: &'static str) -> Param {
        Param::new(name, Kind::Bool)
    }

    /// Any scalar that is no error.
    pub const fn scalar(name: &'static str) -> Param {
        Param::new(name, Kind::Scalar)
    }

    /// Any scalar, an error too.
    pub const fn any(name: &'static str) -> Param {
        Param::new(name, Kind::Any)
    }

    /// A number by the stricter rules of the former Analysis ToolPak.
    pub const fn strict_number(name: &'static str) -> Param {
        Param::new(name, Kind::StrictNumber)
    }

    /// A scalar by the stricter rules of the former Analysis ToolPak.
    pub const fn strict(name: &'static str) -> Param {
        Param::new(name, Kind::StrictScalar)
    }

    /// A reference, array or scalar as it is.
    pub const fn values(name: &'static str) -> Param {
        Param::new(name, Kind::Values)
    }

    /// As `values`, its expression evaluated over whole arrays.
    pub const fn array(name: &'static str) -> Param {
        Param::new(name, Kind::Array)
    }

    /// A reference to cells.
    pub const fn reference(name: &'static str) -> Param {
        Param::new(name, Kind::Reference)
    }

    /// A function value.
    pub const fn lambda(name: &'static str) -> Param {
        Param::new(name, Kind::Lambda)
    }

    /// The same, but it may be left out.
    pub const fn optional(self) -> Param {
        Param { optional: true, ..self }
    }
}

impl Function {
    const fn new(name: &'static str, params: &'static [Param], body: Body) -> Function {
        Function {
            name,
            params,
            repeat: 0,
            volatile: false,
            array: false,
            last_error: false,
            body,
            of_numbers: None,
        }
    }

    /// A function of its arguments alone.
    pub const fn plain(
        name: &'static str,
        params: &'static [Param],
        body: fn(&Args<'_>) -> Result<Value>,
    ) -> Function {
        Function::new(name, params, Body::Plain(body))
    }

    /// A function of numbers alone: at most [`Function::MOST_NUMBERS`], none of which repeats.
    pub const fn numeric(
        name: &'static str,
        params: &'static [Param],
        body: fn(&[f64]) -> Result<f64>,
    ) -> Function {
        assert!(params.len() <= Function::MOST_NUMBERS);
        Function::new(name, params, Body::Numbers(body))
    }

    /// How many arguments a function of numbers alone may have.
    pub const MOST_NUMBERS: usize = 6;

    /// A function that needs its context.
    pub const fn context(
        name: &'static str,
        params: &'static [Param],
        body: fn(&Args<'_>, &dyn Context) -> Result<Value>,
    ) -> Function {
        Function::new(name, params, Body::Context(body))
    }

    /// A function that the evaluator carries out.
    pub const fn control(name: &'static str, params: &'static [Param], control: Control) -> Function {
        Function::new(name, params, Body::Control(control))
    }

    /// The last `count` arguments repeat.
    pub const fn repeating(self, count: usize) -> Function {
        Function { repeat: count, ..self }
    }

    /// Gives what `body` gives, bit for bit, where all arguments are numbers.
    pub const fn of_numbers(self, body: fn(&[f64]) -> f64) -> Function {
        Function { of_numbers: Some(body), ..self }
    }

    /// Recalculated every time.
    pub const fn volatile(self) -> Function {
        Function { volatile: true, ..self }
    }

    /// Tells the last error among its arguments.
    pub const fn telling_last_error(self) -> Function {
        Function { last_error: true, ..self }
    }

    /// May give an array from scalars.
    pub const fn giving_array(self) -> Function {
        Function { array: true, ..self }
    }

    /// The declaration of argument `index`, following repetition.
    pub fn param(&self, index: usize) -> Option<&Param> {
        let fixed = self.params.len() - self.repeat;
        if index < fixed || self.repeat == 0 {
            return self.params.get(index);
        }
        self.params.get(fixed + (index - fixed) % self.repeat)
    }

    /// How many arguments must be given.
    pub fn required(&self) -> usize {
        self.params.iter().take_while(|param| !param.optional).count()
    }

    /// Whether Excel accepts that many arguments.
    pub fn accepts(&self, count: usize) -> bool {
        // Excel's bound on any call is 255 arguments.
        let most = if self.repeat > 0 { 255 } else { self.params.len() };
        (self.required()..=most).contains(&count)
    }
}

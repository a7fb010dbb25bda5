//! Functions that choose what is evaluated, and function values.

use crate::evaluate::{Evaluator, MOST_CALLS};
use crate::operators;
use crate::program::{Meaning, Program};
use formula::{ArgList, Node, NodeId};
use functions::{Context, Control, Function, LambdaKind, Mode, to_bool, to_number};
use numfmt::Locale;
use std::cell::Cell as Slot;
use std::sync::Arc;
use values::{Array, CellError, Lambda, Value};

/// The variables visible at a place: innermost first.
pub(crate) type Scope = Option<Arc<Binding>>;

/// One variable.
#[derive(Debug)]
pub(crate) struct Binding {
    slot: u32,
    value: Value,
    outer: Scope,
}

/// Reading a [`Scope`].
pub(crate) trait Lookup {
    /// The value of a variable.
    fn get(&self, slot: u32) -> Option<Value>;
}

impl Lookup for Scope {
    fn get(&self, slot: u32) -> Option<Value> {
        let mut next = self.as_ref();
        while let Some(binding) = next {
            if binding.slot == slot {
                return Some(binding.value.clone());
            }
            next = binding.outer.as_ref();
        }
        None
    }
}

fn bind(slot: u32, value: Value, outer: &Scope) -> Scope {
    Some(Arc::new(Binding { slot, value, outer: outer.clone() }))
}

/// A function value.
enum Callable {
    /// What a LAMBDA gives: its body with the variables that were visible where it stands.
    Closure { program: Arc<Program>, params: Vec<(u32, bool)>, body: NodeId, scope: Scope },
    /// A function of the library.
    Library(&'static Function),
}

impl From<Callable> for Value {
    fn from(callable: Callable) -> Value {
        Value::Lambda(Arc::new(Lambda(Box::new(callable))))
    }
}

/// A function of the library as a value.
pub(crate) fn function_value(function: &'static Function) -> Value {
    Callable::Library(function).into()
}

/// Counts one call level while it lives.
pub(crate) struct Depth<'a>(&'a Slot<u32>);

impl Drop for Depth<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Evaluator<'_> {
    /// Goes one call deeper, unless that is too deep.
    pub fn deeper(&self) -> Option<Depth<'_>> {
        if self.calls.get() >= MOST_CALLS {
            return None;
        }
        self.calls.set(self.calls.get() + 1);
        Some(Depth(&self.calls))
    }

    pub fn control(
        &self,
        control: Control,
        program: &Arc<Program>,
        args: ArgList,
        mode: Mode,
        scope: &Scope,
    ) -> Value {
        let nodes = program.formula.args(args);
        let call = Call { evaluator: self, program, nodes, mode, scope };
        match control {
            Control::If => call.if_(),
            Control::Ifs => call.ifs(),
            Control::IfError => call.if_error(|_| true),
            Control::IfNa => call.if_error(|error| error == CellError::NA),
            Control::Choose => call.choose(),
            Control::Switch => call.switch(),
            Control::Let => call.let_(),
            Control::Lambda => call.lambda(),
            Control::IsOmitted => Value::Bool(matches!(call.value(0), Value::Missing)),
            // Its cells are no formulas of their own: the file says so, and the reader makes a data table.
            Control::DataTable => CellError::Ref.into(),
        }
    }

    /// Calls a function value with unevaluated arguments.
    pub fn invoke(
        &self,
        function: &Value,
        program: &Arc<Program>,
        args: ArgList,
        mode: Mode,
        scope: &Scope,
    ) -> Value {
        let Value::Lambda(lambda) = function else {
            return function.error().unwrap_or(CellError::Ref).into();
        };
        let nodes = program.formula.args(args);
        let values: Vec<Value> = nodes.iter().map(|node| self.eval(program, *node, mode, scope)).collect();
        self.apply_values(lambda, &values)
    }

    /// What a function value is called, and how many arguments it must be given.
    pub fn described(lambda: &Lambda) -> LambdaKind {
        match lambda.0.downcast_ref::<Callable>() {
            Some(Callable::Library(function)) => {
                LambdaKind { name: Some(function.name), required: function.required() }
            }
            Some(Callable::Closure { params, .. }) => {
                let required = params.iter().filter(|(_, optional)| !optional).count();
                LambdaKind { name: None, required }
            }
            None => LambdaKind { name: None, required: 0 },
        }
    }

    /// Calls a function value.
    pub fn apply_values(&self, lambda: &Lambda, args: &[Value]) -> Value {
        let Some(_depth) = self.deeper() else { return CellError::Num.into() };
        match lambda.0.downcast_ref::<Callable>() {
            Some(Callable::Closure { program, params, body, scope }) => match bound(params, args, scope) {
                Some(scope) => self.eval(program, *body, Mode::Array, &scope),
                None => CellError::Value.into(),
            },
            // IF and its like choose among arguments that are not evaluated yet: as values they are an error.
            Some(Callable::Library(function))
                if function.accepts(args.len()) && !matches!(function.body, functions::Body::Control(_)) =>
            {
                functions::call(function, &mut args.to_vec(), Mode::Array, self)
            }
            _ => CellError::Value.into(),
        }
    }
}

/// The variables of a call: `None` where too many arguments are given, or one that must be given is not.
fn bound(params: &[(u32, bool)], args: &[Value], scope: &Scope) -> Option<Scope> {
    if args.len() > params.len() {
        return None;
    }
    let mut scope = scope.clone();
    for (index, (slot, optional)) in params.iter().enumerate() {
        let value = match args.get(index) {
            Some(value) => value.clone(),
            None if *optional => Value::Missing,
            None => return None,
        };
        scope = bind(*slot, value, &scope);
    }
    Some(scope)
}

/// One call of a control function.
#[derive(Clone, Copy)]
struct Call<'a> {
    evaluator: &'a Evaluator<'a>,
    program: &'a Arc<Program>,
    nodes: &'a [NodeId],
    mode: Mode,
    scope: &'a Scope,
}

impl Call<'_> {
    /// An argument as it is.
    fn value(&self, index: usize) -> Value {
        match self.nodes.get(index) {
            Some(node) => self.evaluator.eval(self.program, *node, self.mode, self.scope),
            None => Value::Missing,
        }
    }

    /// An argument with its references read; an array of one value as that value.
    fn operand(&self, index: usize) -> Value {
        match self.evaluator.dereference(self.value(index), self.mode) {
            Value::Array(array) if array.len() == 1 => array.first().clone(),
            other => other,
        }
    }

    /// A branch that was chosen: an argument left out counts as 0.
    fn branch(&self, index: usize) -> Value {
        match self.value(index) {
            Value::Missing => Value::Number(0.0),
            value => value,
        }
    }

    fn is_pending(&self) -> bool {
        self.evaluator.pending.get().is_some()
    }

    fn if_(&self) -> Value {
        let (condition, locale) = (self.operand(0), self.evaluator.reading.locale);
        if matches!(condition, Value::Array(_)) {
            return self.by_place(|args| match to_bool(args[0], locale) {
                Ok(true) => args[1].clone(),
                Ok(false) => args.get(2).map_or(Value::Bool(false), |value| (*value).clone()),
                Err(error) => error.into(),
            });
        }
        match to_bool(&condition, locale) {
            Ok(true) => self.branch(1),
            Ok(false) if self.nodes.len() < 3 => Value::Bool(false),
            Ok(false) => self.branch(2),
            Err(error) => error.into(),
        }
    }

    fn ifs(&self) -> Value {
        let locale = self.evaluator.reading.locale;
        for index in (0..self.nodes.len()).step_by(2) {
            let condition = self.operand(index);
            if self.is_pending() {
                return Value::Empty;
            }
            if matches!(condition, Value::Array(_)) {
                return self.by_place(|args| ifs_of(args, locale));
            }
            match to_bool(&condition, locale) {
                Ok(true) => return self.branch(index + 1),
                Ok(false) => {}
                Err(error) => return error.into(),
            }
        }
        CellError::NA.into()
    }

    fn if_error(&self, caught: impl Fn(CellError) -> bool) -> Value {
        let read = self.evaluator.dereference(self.value(0), self.mode);
        match &read {
            Value::Array(array) if array.len() > 1 => {
                if !array.iter().any(|value| value.error().is_some_and(&caught)) {
                    return read;
                }
                self.by_place(|args| match args[0].error() {
                    Some(error) if caught(error) => args[1].clone(),
                    _ => args[0].clone(),
                })
            }
            Value::Array(array) if array.first().error().is_some_and(&caught) => self.branch(1),
            Value::Error(error) if caught(*error) => self.branch(1),
            // An empty cell shows as 0 once it passed through a function.
            Value::Empty | Value::Missing => Value::Number(0.0),
            _ => read,
        }
    }

    fn choose(&self) -> Value {
        let index = self.operand(0);
        let reading = &self.evaluator.reading();
        if matches!(index, Value::Array(_)) {
            return self.by_place(|args| match to_number(args[0], reading) {
                Ok(number) => chosen(number, args.len()).map_or(CellError::Value.into(), |i| args[i].clone()),
                Err(error) => error.into(),
            });
        }
        match to_number(&index, reading) {
            Ok(number) => {
                chosen(number, self.nodes.len()).map_or(CellError::Value.into(), |i| self.branch(i))
            }
            Err(error) => error.into(),
        }
    }

    fn switch(&self) -> Value {
        let subject = self.operand(0);
        if matches!(subject, Value::Array(_)) {
            return self.by_place(switch_of);
        }
        if let Value::Error(error) = subject {
            return error.into();
        }
        let mut index = 1;
        while index + 1 < self.nodes.len() {
            let case = self.operand(index);
            if self.is_pending() {
                return Value::Empty;
            }
            if let Value::Error(error) = case {
                return error.into();
            }
            if is_case(&subject, &case) {
                return self.branch(index + 1);
            }
            index += 2;
        }
        if index < self.nodes.len() { self.branch(index) } else { CellError::NA.into() }
    }

    /// The choice made for each place of the arrays among the arguments.
    fn by_place(&self, choose: impl Fn(&[&Value]) -> Value) -> Value {
        let args: Vec<Value> = (0..self.nodes.len())
            .map(|index| functions::materialise(&self.branch_or_value(index), self.evaluator))
            .collect();
        if self.is_pending() {
            return Value::Empty;
        }
        let (mut rows, mut cols) = (1, 1);
        for arg in &args {
            if let Value::Array(array) = arg {
                (rows, cols) = (rows.max(array.rows()), cols.max(array.cols()));
            }
        }
        let count = u64::from(rows) * u64::from(cols);
        if let Err(error) = self.evaluator.spend(count) {
            return error.into();
        }
        let not_there = Value::Error(CellError::NA);
        let mut results = Vec::with_capacity(count as usize);
        let mut place = vec![&not_there; args.len()];
        for row in 0..rows {
            for col in 0..cols {
                for (slot, arg) in place.iter_mut().zip(&args) {
                    *slot = match arg {
                        Value::Array(array) => array.broadcast(row, col).unwrap_or(&not_there),
                        scalar => scalar,
                    };
                }
                results.push(choose(&place));
            }
        }
        Array::new(rows, cols, results).into()
    }

    fn branch_or_value(&self, index: usize) -> Value {
        if index == 0 { self.value(0) } else { self.branch(index) }
    }

    fn let_(&self) -> Value {
        if self.nodes.len() < 3 || self.nodes.len().is_multiple_of(2) {
            return CellError::Value.into();
        }
        let Some((body, pairs)) = self.nodes.split_last() else { return CellError::Value.into() };
        let mut scope = self.scope.clone();
        for pair in pairs.chunks(2) {
            let [name, value] = pair else { return CellError::Value.into() };
            let Some((slot, _)) = self.binder(*name) else { return CellError::Name.into() };
            let value = self.evaluator.eval(self.program, *value, self.mode, &scope);
            if self.is_pending() {
                return Value::Empty;
            }
            scope = bind(slot, value, &scope);
        }
        self.evaluator.eval(self.program, *body, self.mode, &scope)
    }

    fn lambda(&self) -> Value {
        let Some((body, params)) = self.nodes.split_last() else { return CellError::Value.into() };
        let params: Option<Vec<(u32, bool)>> = params.iter().map(|param| self.binder(*param)).collect();
        let Some(params) = params else { return CellError::Value.into() };
        let program = Arc::clone(self.program);
        Callable::Closure { program, params, body: *body, scope: self.scope.clone() }.into()
    }

    /// The slot of a variable where it is named, and whether it is an optional parameter.
    fn binder(&self, node: NodeId) -> Option<(u32, bool)> {
        match self.program.meanings[node.0 as usize] {
            Meaning::Binder(slot) => Some((slot, matches!(self.program.formula.node(node), Node::Table(_)))),
            _ => None,
        }
    }
}

fn ifs_of(args: &[&Value], locale: &Locale) -> Value {
    for pair in args.chunks(2) {
        let [condition, value] = pair else { break };
        match to_bool(condition, locale) {
            Ok(true) => return (*value).clone(),
            Ok(false) => {}
            Err(error) => return error.into(),
        }
    }
    CellError::NA.into()
}

fn switch_of(args: &[&Value]) -> Value {
    let [subject, cases @ ..] = args else { return CellError::Value.into() };
    if let Value::Error(error) = subject {
        return (*error).into();
    }
    for pair in cases.chunks(2) {
        match pair {
            [case, value] if is_case(subject, case) => return (*value).clone(),
            [default] => return (*default).clone(),
            _ => {}
        }
    }
    CellError::NA.into()
}

/// Whether a case of SWITCH is met. An empty cell is the number 0 there, no empty text and not FALSE.
fn is_case(subject: &Value, case: &Value) -> bool {
    let zero = Value::Number(0.0);
    let plain =
        |value| if matches!(value, &Value::Empty | &Value::Missing) { zero.clone() } else { value.clone() };
    operators::order(&plain(subject), &plain(case)) == Ok(std::cmp::Ordering::Equal)
}

/// The argument that an index of CHOOSE means.
fn chosen(number: f64, count: usize) -> Option<usize> {
    let index = number.trunc();
    (index >= 1.0 && index < count as f64).then_some(index as usize)
}

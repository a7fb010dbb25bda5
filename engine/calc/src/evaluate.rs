//! Walking a program's tree.

use crate::ask::Given;
use crate::bands::Tile;
use crate::control::{Lookup, Scope, function_value};
use crate::model::{Vertex, VertexId, VertexKind};
use crate::operators;
use crate::program::{Meaning, NameId, Program, is_final_sum};
use crate::session::Session;
use crate::spread::Spread;
use crate::trace::Reads;
use formula::{ArgList, BinaryOp, Extent, Node, NodeId, Ref, SheetSpec, UnaryOp};
use functions::{
    Body, Context, Environment, Function, Mode, NumberColumn, intersect, lift_binary, lift_unary, materialise,
};
use numfmt::Reading;
use std::cell::{Cell as Slot, OnceCell, RefCell};
use std::sync::Arc;
use values::{Area, Array, Cell, CellError, Col, Rect, SheetId, Value};

/// Function values may call each other this deep.
pub(crate) const MOST_CALLS: u32 = 200;

/// Evaluates the formula of one cell.
///
/// It only reads the session. Where it meets a cell that must be calculated first it notes that and comes to an
/// end quickly; what it gives then means nothing.
pub(crate) struct Evaluator<'a> {
    pub session: &'a Session,
    pub environment: &'a Environment,
    pub sheet: SheetId,
    /// The cell whose formula it is; moves down the family where copies are evaluated together.
    pub host: Slot<Cell>,
    /// What texts are read against where a number is needed: asked for at every operator, so made once.
    pub reading: Reading<'static>,
    /// Everything that the formula names is known to be up to date, so that reading it needs no question.
    pub fresh: bool,
    /// What was computed of the formulas beside and not stored yet.
    pub tile: Option<&'a Tile>,
    pub budget: &'a Slot<u64>,
    /// Cells that must be brought up first.
    pub pending: Slot<Option<Area>>,
    /// Cells that are being evaluated further up and were read here.
    pub cycles: RefCell<Vec<(VertexId, u32)>>,
    /// How many random numbers this cell took.
    pub drawn: Slot<u64>,
    /// How deep function values call each other.
    pub calls: Slot<u32>,
    /// What an app's expression may mention.
    pub given: Option<&'a Given>,
    /// The list whose fields are names here.
    pub fields: Option<Fields>,
    /// The first column whose numbers were asked for: formulas ask for the same again and again.
    pub at_hand: OnceCell<((SheetId, Col), Arc<NumberColumn>)>,
    /// Where to note what is read, when somebody wants to know.
    pub record: Option<&'a RefCell<Reads>>,
}

/// A list and one of its records: what names that nobody defined mean in a criterion that is computed for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// The list, headers included.
    pub list: Area,
    /// The record, counted from the first.
    pub down: u32,
}

impl<'a> Evaluator<'a> {
    pub fn new(
        session: &'a Session,
        environment: &'a Environment,
        budget: &'a Slot<u64>,
        sheet: SheetId,
        host: Cell,
    ) -> Evaluator<'a> {
        Evaluator {
            session,
            environment,
            sheet,
            host: Slot::new(host),
            reading: environment.reading(session.model.workbook().date_system),
            fresh: false,
            tile: None,
            budget,
            pending: Slot::new(None),
            cycles: RefCell::new(Vec::new()),
            drawn: Slot::new(0),
            calls: Slot::new(0),
            given: None,
            fields: None,
            at_hand: OnceCell::new(),
            record: None,
        }
    }

    /// What copies give whose operands are up to date; `None` where something stands in the way.
    pub fn of_fresh<T>(mut self, work: impl FnOnce(&Evaluator<'a>) -> T) -> Option<T> {
        self.fresh = true;
        let given = work(&self);
        let (pending, cycles) = self.into_findings();
        (pending.is_none() && cycles.is_empty()).then_some(given)
    }

    /// What must be brought up first, and which cycles were met.
    pub fn into_findings(self) -> (Option<Area>, Vec<(VertexId, u32)>) {
        (self.pending.get(), self.cycles.into_inner())
    }

    /// The value of a vertex' formula at the host: a scalar, or for array formulas perhaps an array.
    pub fn formula(&self, vertex: &Vertex) -> Value {
        let Some(program) = &vertex.program else { return CellError::Ref.into() };
        let root = program.formula.root();
        match vertex.kind {
            VertexKind::Array(..) => {
                let value = self.eval(program, root, Mode::Array, &None);
                match materialise(&value, self) {
                    Value::Array(array) if array.len() == 1 => array.first().clone(),
                    other => other,
                }
            }
            _ => {
                let value = self.eval(program, root, Mode::Cell, &None);
                intersect(&value, self)
            }
        }
    }

    /// The value of a vertex' formula as if it stood in `host`, for a record of a list.
    ///
    /// # Errors
    /// Where cells must be calculated first, which is noted, or the budget ends.
    pub fn formula_at(&self, vertex: &Vertex, host: Cell, fields: Fields) -> values::Result<Value> {
        let _depth = self.deeper().ok_or(CellError::Num)?;
        self.spend(1)?;
        let there = Evaluator {
            sheet: vertex.sheet,
            host: Slot::new(host),
            // What it names is not what this formula names; a trace takes all as it stands.
            fresh: self.fresh && self.record.is_some(),
            pending: Slot::new(None),
            cycles: RefCell::default(),
            drawn: self.drawn.clone(),
            calls: self.calls.clone(),
            fields: Some(fields),
            at_hand: OnceCell::new(),
            ..*self
        };
        let value = there.formula(vertex);
        self.drawn.set(there.drawn.get());
        let (pending, cycles) = there.into_findings();
        self.cycles.borrow_mut().extend(cycles);
        if pending.is_some() {
            self.pending.set(self.pending.get().or(pending));
            return Err(CellError::Calc);
        }
        Ok(match value {
            Value::Array(array) => array.first().clone(),
            value => value,
        })
    }

    /// The value of a node; references stay references.
    pub fn eval(&self, program: &Arc<Program>, id: NodeId, mode: Mode, scope: &Scope) -> Value {
        if self.pending.get().is_some() {
            return Value::Empty;
        }
        match program.formula.node(id) {
            Node::Number(number) => Value::Number(*number),
            Node::Text(text) => Value::Text(text.clone()),
            Node::Bool(value) => Value::Bool(*value),
            Node::Error(error) => Value::Error(*error),
            Node::Missing => Value::Missing,
            Node::Paren(inner) => self.eval(program, *inner, mode, scope),
            Node::Ref(reference) => self.reference(program, id, reference),
            Node::Name { .. } | Node::Table(_) => self.meaning(program, id, scope),
            Node::Call { args, .. } => self.call(program, id, *args, mode, scope),
            Node::Invoke { callee, args } => {
                let function = self.eval(program, *callee, mode, scope);
                self.invoke(&function, program, *args, mode, scope)
            }
            Node::Unary { op, operand } => self.unary(program, *op, *operand, mode, scope),
            Node::Binary { .. } => self.spine(program, id, mode, scope),
            Node::Array { rows, cols, items } => self.array(program, *rows, *cols, *items),
            Node::Binding(id) => self.given_value(|given| given.bindings.get(id.as_str())),
            Node::Context(name) => self.given_value(|given| given.context.get(name.as_str())),
        }
    }

    fn given_value(&self, find: impl Fn(&Given) -> Option<&Value>) -> Value {
        self.given.and_then(find).cloned().unwrap_or(Value::Error(CellError::Name))
    }

    /// The value of a node with its references read: one cell or all, as the mode says.
    pub fn operand(&self, program: &Arc<Program>, id: NodeId, mode: Mode, scope: &Scope) -> Value {
        let value = self.eval(program, id, mode, scope);
        self.dereference(value, mode)
    }

    pub fn dereference(&self, value: Value, mode: Mode) -> Value {
        if !value.is_reference() {
            return value;
        }
        match mode {
            Mode::Cell => intersect(&value, self),
            Mode::Array => materialise(&value, self),
        }
    }

    /// A chain of infix operators. `1+2+3+…` is a tree as deep as it is long to the left, so the left side is
    /// walked in a loop.
    fn spine(&self, program: &Arc<Program>, id: NodeId, mode: Mode, scope: &Scope) -> Value {
        let mut chain = Vec::new();
        let mut at = id;
        while let Node::Binary { op, left, right } = program.formula.node(at) {
            chain.push((*op, *right, at));
            at = *left;
        }
        let mut left = self.eval(program, at, mode, scope);
        while let Some((op, right, node)) = chain.pop() {
            left = match op {
                BinaryOp::Range | BinaryOp::Union | BinaryOp::Intersection => {
                    let right = self.eval(program, right, mode, scope);
                    self.combine(op, &left, &right)
                }
                _ => {
                    let left = self.dereference(left, mode);
                    let right = self.operand(program, right, mode, scope);
                    let is_final = is_final_sum(&program.formula, node);
                    let reading = &self.reading;
                    lift_binary(&left, &right, self, |a, b| operators::binary(op, a, b, is_final, reading))
                }
            };
            if self.pending.get().is_some() {
                return Value::Empty;
            }
        }
        left
    }

    fn unary(
        &self,
        program: &Arc<Program>,
        op: UnaryOp,
        operand: NodeId,
        mode: Mode,
        scope: &Scope,
    ) -> Value {
        match op {
            UnaryOp::Spill => self.spill_range(&self.eval(program, operand, mode, scope)),
            UnaryOp::Intersect => intersect(&self.eval(program, operand, Mode::Cell, scope), self),
            // A plus leaves even a reference a reference.
            UnaryOp::Plus => self.eval(program, operand, mode, scope),
            UnaryOp::Minus | UnaryOp::Percent => {
                let value = self.operand(program, operand, mode, scope);
                let reading = &self.reading;
                lift_unary(&value, |value| operators::unary(op, value, reading))
            }
        }
    }

    /// The range that a cell's formula fills: `A1#`.
    fn spill_range(&self, value: &Value) -> Value {
        let Value::Range(sheet, rect) = value else {
            return value.error().unwrap_or(CellError::Ref).into();
        };
        let anchor = rect.first();
        // The anchor must be up to date, or the range would be yesterday's.
        if let Err(error) = self.view(Area::cell(*sheet, anchor)) {
            return error.into();
        }
        let spreads = self.session.spreads.get(usize::from(sheet.0));
        let own = |spread: &Spread| spread.anchor == anchor;
        if let Some(spread) = spreads.and_then(|spreads| spreads.find(Rect::cell(anchor), own)) {
            return Value::Range(*sheet, spread.rect);
        }
        let is_array = |id| matches!(self.session.model.vertex(id).kind, VertexKind::Array(..));
        match self.session.model.vertex_at(*sheet, anchor) {
            Some(id) if is_array(id) => match self.session.value(*sheet, anchor) {
                Value::Error(error) => (*error).into(),
                _ => Value::Range(*sheet, Rect::cell(anchor)),
            },
            _ => CellError::Ref.into(),
        }
    }

    fn reference(&self, program: &Program, id: NodeId, reference: &Ref) -> Value {
        if let Meaning::Error(error) = program.meanings[id.0 as usize] {
            return error.into();
        }
        let sheet = match &reference.sheet {
            SheetSpec::Here => self.sheet,
            SheetSpec::Sheet(sheet) => *sheet,
            SheetSpec::Span(first, last) => return self.across_sheets(*first, *last, reference.extent),
            SheetSpec::Unknown(_) => return CellError::Ref.into(),
            SheetSpec::External(external) => {
                return self.external(&external.book, &external.sheet, reference.extent);
            }
        };
        let (host, extent) = (self.host.get(), reference.extent);
        let around = || if program.is_name { extent.resolve_around(host) } else { None };
        match extent.resolve(host).or_else(around) {
            Some(rect) => Value::Range(sheet, rect),
            None => CellError::Ref.into(),
        }
    }

    fn across_sheets(&self, first: SheetId, last: SheetId, extent: Extent) -> Value {
        let Some(rect) = extent.resolve(self.host.get()) else { return CellError::Ref.into() };
        let sheets = first.0.min(last.0)..=first.0.max(last.0);
        Value::Areas(Arc::new(sheets.map(|sheet| Area { sheet: SheetId(sheet), rect }).collect()))
    }

    /// Cells of another workbook, from what the file remembers of it.
    fn external(&self, book: &str, sheet: &str, extent: Extent) -> Value {
        let found = self.session.model.workbook().external_book(book);
        let grid =
            found.and_then(|book| book.sheets.iter().find(|(name, _)| values::equal_text(name, sheet)));
        let (Some((_, grid)), Some(rect)) = (grid, extent.resolve(self.host.get())) else {
            return CellError::Ref.into();
        };
        if rect.is_cell() {
            return grid.get(rect.first()).clone();
        }
        // What is remembered, and the first row: a table has its columns even where nothing of it is.
        let row = Rect::new(rect.first(), Cell { col: rect.right, ..rect.first() });
        let remembered = grid.used().and_then(|used| used.intersection(rect));
        let used = remembered.map_or(row, |used| used.hull(row));
        if used.count() > 1_000_000 {
            return CellError::Calc.into();
        }
        let values = used.cells().map(|cell| grid.get(cell).clone()).collect();
        Array::new(used.rows(), used.cols(), values).into()
    }

    /// `a:b`, `(a,b)` and `a b` on references.
    fn combine(&self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let (Some(left), Some(right)) = (areas(left), areas(right)) else {
            let error = left.error().or(right.error());
            return error.unwrap_or(CellError::Value).into();
        };
        match op {
            BinaryOp::Range => {
                let sheet = left[0].sheet;
                if left.iter().chain(&right).any(|area| area.sheet != sheet) {
                    return CellError::Value.into();
                }
                let hull = left.iter().chain(&right).map(|area| area.rect).reduce(Rect::hull);
                hull.map_or(CellError::Ref.into(), |rect| Value::Range(sheet, rect))
            }
            BinaryOp::Union => Value::Areas(Arc::new(left.into_iter().chain(right).collect())),
            _ => {
                let mut common = Vec::new();
                for a in &left {
                    for b in right.iter().filter(|b| b.sheet == a.sheet) {
                        common.extend(a.rect.intersection(b.rect).map(|rect| Area { sheet: a.sheet, rect }));
                    }
                }
                match common.as_slice() {
                    [] => CellError::Null.into(),
                    [one] => Value::range(*one),
                    _ => Value::Areas(Arc::new(common)),
                }
            }
        }
    }

    /// A name, a variable or a table.
    fn meaning(&self, program: &Arc<Program>, id: NodeId, scope: &Scope) -> Value {
        let meaning = &program.meanings[id.0 as usize];
        if self.fields.is_some()
            && self.is_undefined(meaning)
            && let Some(field) = self.field(program.formula.node(id))
        {
            return field;
        }
        match meaning {
            Meaning::Variable(slot) => scope.get(*slot).unwrap_or(Value::Error(CellError::Name)),
            Meaning::Name(name) => self.name(*name),
            Meaning::Cells(sheet, extent) => match extent.resolve(self.host.get()) {
                Some(rect) => Value::Range(*sheet, rect),
                None => CellError::Ref.into(),
            },
            Meaning::RowOf(sheet, extent, data) => match extent.resolve(self.host.get()) {
                Some(rect) if (data.top..=data.bottom).contains(&self.host.get().row) => {
                    Value::Range(*sheet, rect)
                }
                _ => CellError::Value.into(),
            },
            Meaning::External(cells) => self.external(&cells.book, &cells.sheet, cells.extent),
            Meaning::FunctionValue(function) => function_value(function),
            Meaning::Error(error) => (*error).into(),
            Meaning::Plain | Meaning::Function(_) | Meaning::Binder(_) => CellError::Name.into(),
        }
    }

    /// Whether nobody said what a name means. Files of .xls hold such names too, without a formula.
    fn is_undefined(&self, meaning: &Meaning) -> bool {
        match meaning {
            Meaning::FunctionValue(_) | Meaning::Error(CellError::Name) => true,
            Meaning::Name(name) => self.session.model.name_program(*name).is_none_or(|program| {
                matches!(program.formula.node(program.formula.root()), Node::Error(CellError::Name))
            }),
            _ => false,
        }
    }

    /// The cell of the record under the header that a name names, where a criterion is computed for a record.
    fn field(&self, node: &Node) -> Option<Value> {
        let (Some(Fields { list, down }), Node::Name { sheet: SheetSpec::Here, name }) = (self.fields, node)
        else {
            return None;
        };
        let row =
            list.rect.top.0.checked_add(down)?.checked_add(1).filter(|row| *row <= list.rect.bottom.0)?;
        let headers = self.view(Area { rect: Rect { bottom: list.rect.top, ..list.rect }, ..list }).ok()?;
        let place = (0..headers.used_cols()).find(
            |col| matches!(headers.get(0, *col), Value::Text(text) if values::equal_text(text, name)),
        )?;
        let col = list.rect.left.0.checked_add(u16::try_from(place).ok()?)?;
        Some(Value::Range(list.sheet, Rect::cell(Cell::new(row, col))))
    }

    /// What a defined name stands for, seen from the host.
    pub fn name(&self, name: NameId) -> Value {
        let Some(program) = self.session.model.name_program(name) else { return CellError::Name.into() };
        // Names may go round in circles; so may they as LAMBDAs, where the calls are counted.
        let Some(_depth) = self.deeper() else { return CellError::Num.into() };
        self.eval(program, program.formula.root(), Mode::Array, &None)
    }

    fn array(&self, program: &Arc<Program>, rows: u32, cols: u32, items: ArgList) -> Value {
        let items = program.formula.args(items);
        let values = items.iter().map(|id| self.eval(program, *id, Mode::Cell, &None)).collect();
        Array::new(rows, cols, values).into()
    }

    fn call(&self, program: &Arc<Program>, id: NodeId, args: ArgList, mode: Mode, scope: &Scope) -> Value {
        match &program.meanings[id.0 as usize] {
            Meaning::Function(function) => match function.body {
                Body::Control(control) => self.control(control, program, args, mode, scope),
                _ => self.function(function, program, args, mode, scope),
            },
            Meaning::Variable(slot) => {
                let function = scope.get(*slot).unwrap_or(Value::Error(CellError::Name));
                self.invoke(&function, program, args, mode, scope)
            }
            Meaning::Name(name) => {
                let function = self.name(*name);
                self.invoke(&function, program, args, mode, scope)
            }
            Meaning::Error(error) => (*error).into(),
            _ => CellError::Name.into(),
        }
    }

    fn function(
        &self,
        function: &'static Function,
        program: &Arc<Program>,
        args: ArgList,
        mode: Mode,
        scope: &Scope,
    ) -> Value {
        let nodes = program.formula.args(args);
        let mut values = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let whole = function.param(index).is_some_and(|param| param.kind == functions::Kind::Array);
            let mode = if whole { Mode::Array } else { mode };
            values.push(self.eval(program, *node, mode, scope));
            if self.pending.get().is_some() {
                return Value::Empty;
            }
        }
        functions::call(function, &mut values, mode, self)
    }
}

fn areas(value: &Value) -> Option<Vec<Area>> {
    match value {
        Value::Range(sheet, rect) => Some(vec![Area { sheet: *sheet, rect: *rect }]),
        Value::Areas(areas) if !areas.is_empty() => Some(areas.to_vec()),
        _ => None,
    }
}

//! The evaluator as functions see it.

use crate::evaluate::{Evaluator, Fields};
use crate::index::Indexes;
use crate::program::Compiler;
use crate::state::ACTIVE;
use formula::{Mode as Grammar, Sheets};
use functions::{
    Context, Criterion, Environment, GroupNumbers, LambdaKind, Lent, MatchingRows, Mode, RowGroup, View,
};
use numfmt::Reading;
use std::sync::Arc;
use values::{Area, Array, Cell, CellError, DateSystem, Lambda, Rect, Result, Row, SheetId, Value};

impl Context for Evaluator<'_> {
    fn environment(&self) -> &Environment {
        self.environment
    }

    fn date_system(&self) -> DateSystem {
        self.session.model.workbook().date_system
    }

    fn reading(&self) -> Reading<'_> {
        self.reading
    }

    fn here(&self) -> (SheetId, Cell) {
        (self.sheet, self.host.get())
    }

    fn view(&self, area: Area) -> Result<View<'_>> {
        let Some(storage) = self.session.grids.get(usize::from(area.sheet.0)) else {
            return Err(CellError::Ref);
        };
        if self.session.stale > 0 && !self.fresh {
            if self.session.find_stale(area, ACTIVE).is_some() {
                self.pending.set(self.pending.get().or(Some(area)));
                return Err(CellError::Calc);
            }
            if let Some(waiting) = self.session.find_stale(area, 0) {
                // It waits for this very cell: a cycle. Iterating workbooks go on with what stands there.
                self.cycles.borrow_mut().push(waiting);
            }
        }
        if self.tile.is_some_and(|tile| tile.touches(area)) {
            self.pending.set(self.pending.get().or(Some(area)));
            return Err(CellError::Calc);
        }
        if let Some(record) = self.record {
            record.borrow_mut().note(area);
        }
        Ok(View::cells(storage, area.rect))
    }

    fn apply(&self, lambda: &Lambda, args: &[Value]) -> Value {
        self.apply_values(lambda, args)
    }

    fn reference(&self, text: &str, a1_style: bool) -> Result<Value> {
        let (workbook, host) = (&**self.workbook(), self.host.get());
        let reference = match a1_style {
            false => formula::parse_r1c1_reference(text, workbook),
            true if workbook.sheets_before_dots => formula::parse_dotted_reference(text, host, workbook),
            true => None,
        };
        if let Some(reference) = reference {
            let sheet = match reference.sheet {
                formula::SheetSpec::Here => self.sheet,
                formula::SheetSpec::Sheet(sheet) => sheet,
                _ => return Err(CellError::Ref),
            };
            let rect = reference.extent.resolve(host);
            return rect.map(|rect| Value::Range(sheet, rect)).ok_or(CellError::Ref);
        }
        // Names and tables are meant too; anything that is not one reference is refused below, and so is one in the
        // other style.
        let parsed = formula::parse(text.trim(), self.host.get(), &**self.workbook(), Grammar::Workbook);
        let formula = Arc::new(parsed.map_err(|_| CellError::Ref)?);
        let is_refused = |node: &formula::Node| match node {
            formula::Node::Call { .. } | formula::Node::Invoke { .. } => true,
            formula::Node::Ref(_) => !a1_style,
            _ => false,
        };
        if formula.nodes().iter().any(is_refused) {
            return Err(CellError::Ref);
        }
        let program = Compiler::new(self.workbook()).compile(&formula, self.sheet, self.host.get());
        let program = Arc::new(program);
        let value = self.eval(&program, program.formula.root(), Mode::Cell, &None);
        if value.is_reference() { Ok(value) } else { Err(CellError::Ref) }
    }

    fn formula_text(&self, sheet: SheetId, cell: Cell) -> Option<String> {
        if self.session.input(sheet, cell).is_some() {
            return None;
        }
        let model = &self.session.model;
        model.formula_text(sheet, cell).or_else(|| {
            // Every cell of a legacy array holds its formula.
            let spreads = self.session.spreads.get(usize::from(sheet.0))?;
            let around = spreads.find(Rect::cell(cell), |_| true)?;
            let text = model.formula_text(sheet, around.anchor)?;
            text.starts_with('{').then_some(text)
        })
    }

    fn formula_moved(&self, sheet: SheetId, cell: Cell, down: u32, list: Area) -> Option<Result<Value>> {
        if self.session.input(sheet, cell).is_some() {
            return None;
        }
        let model = &self.session.model;
        let vertex = model.vertex(model.vertex_at(sheet, cell)?);
        vertex.program.as_ref()?;
        let host = cell.moved(i64::from(down), 0);
        let fields = Fields { list, down };
        Some(host.ok_or(CellError::Ref).and_then(|host| self.formula_at(vertex, host, fields)))
    }

    fn is_subtotal(&self, sheet: SheetId, cell: Cell) -> bool {
        let model = &self.session.model;
        let program = model.vertex_at(sheet, cell).and_then(|id| model.vertex(id).program.as_ref());
        program.is_some_and(|program| program.is_subtotal)
    }

    fn row_hidden(&self, sheet: SheetId, row: u32, by_hand: bool) -> bool {
        let Some(of) = self.workbook().sheet(sheet) else { return false };
        // Where anything of the sheet is filtered, rows hidden by hand are taken for filtered out too, as in Excel.
        let filtered = || {
            of.filtered || self.workbook().tables.iter().any(|table| table.sheet == sheet && table.filtered)
        };
        !of.row_visible(Row(row)) && (by_hand || filtered())
    }

    fn sheet_name(&self, sheet: SheetId) -> Option<&str> {
        Sheets::sheet_name(&**self.workbook(), sheet)
    }

    fn sheet_by_name(&self, name: &str) -> Option<SheetId> {
        Sheets::sheet_by_name(&**self.workbook(), name)
    }

    fn sheet_count(&self) -> u16 {
        self.workbook().sheets.len() as u16
    }

    fn number_format(&self, sheet: SheetId, cell: Cell) -> &str {
        &self.workbook().style(sheet, cell).number_format
    }

    fn is_locked(&self, sheet: SheetId, cell: Cell) -> bool {
        self.workbook().style(sheet, cell).locked
    }

    fn column_width(&self, sheet: SheetId, col: u16) -> f64 {
        let Some(of) = self.workbook().sheet(sheet) else { return 0.0 };
        f64::from(*of.column_widths.get(&values::Col(col)).unwrap_or(&of.default_width))
    }

    fn file_name(&self) -> &str {
        &self.workbook().file_name
    }

    fn random(&self) -> f64 {
        let drawn = self.drawn.get();
        self.drawn.set(drawn + 1);
        let host = self.host.get();
        let place = u64::from(self.sheet.0) << 48 ^ u64::from(host.row.0) << 16 ^ u64::from(host.col.0);
        let state = self.environment.seed ^ mix(place) ^ mix(self.session.revision ^ mix(drawn));
        // The upper 53 bits as a fraction.
        (mix(state) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn spend(&self, units: u64) -> Result<()> {
        let left = self.budget.get();
        if left != u64::MAX {
            self.budget.set(left.saturating_sub(units));
        }
        if left < units { Err(CellError::Calc) } else { Ok(()) }
    }

    fn find_exact(&self, area: Area, key: &Value) -> Option<Option<u32>> {
        // An index over cells that are not up to date would remember yesterday's values.
        self.view(area).ok()?;
        let storage = self.session.grids.get(usize::from(area.sheet.0))?;
        self.session.indexes.find(&storage.0, area, key, self.reading)
    }

    fn matching_rows(&self, conditions: &[(Area, &Criterion)]) -> Option<MatchingRows> {
        for (area, _) in conditions {
            self.view(*area).ok()?;
        }
        self.session.indexes.matching(|sheet| self.session.grid(sheet), conditions, self.reading)
    }

    fn describe(&self, lambda: &Lambda) -> LambdaKind {
        Evaluator::described(lambda)
    }

    fn pivot_value(&self, at: Area, data_field: &str, items: &[(&Value, &Value)]) -> Result<Value> {
        self.pivot_cell(at, data_field, items)
    }

    fn pivot_described(&self, at: Area, text: &str) -> Result<Value> {
        self.described_pivot_cell(at, text)
    }

    fn group(&self, area: Area, criterion: &Criterion) -> Option<RowGroup> {
        self.view(area).ok()?;
        self.session.indexes.group(self.session.grid(area.sheet)?, area, criterion, self.reading)
    }

    fn group_numbers(&self, group: RowGroup, area: Area) -> Option<Arc<GroupNumbers>> {
        self.view(area).ok()?;
        self.session.indexes.group_numbers(self.session.grid(area.sheet)?, group, area)
    }

    fn lifted(
        &self,
        function: &'static str,
        area: Area,
        of_one: &dyn Fn(&Value) -> Value,
    ) -> Option<Arc<Array>> {
        self.view(area).ok()?;
        self.session.indexes.lifted(self.session.grid(area.sheet)?, area, function, of_one)
    }

    fn numbers(&self, area: Area) -> Option<Lent<'_>> {
        self.view(area).ok()?;
        if !Indexes::serve(area) {
            return None;
        }
        let id = (area.sheet, area.rect.left);
        if let Some((_, column)) = self.at_hand.get().filter(|(known, _)| *known == id) {
            return Some(Lent::Lent(column));
        }
        let column = self.session.indexes.numbers(self.session.grid(area.sheet)?, area)?;
        match self.at_hand.set((id, column)) {
            Ok(()) => self.at_hand.get().map(|(_, column)| Lent::Lent(column)),
            Err((_, column)) => Some(Lent::Shared(column)),
        }
    }
}

impl Evaluator<'_> {
    fn workbook(&self) -> &Arc<workbook::Workbook> {
        self.session.model.workbook()
    }
}

/// SplitMix64's finalizer: every bit of the state reaches every bit of the number.
fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

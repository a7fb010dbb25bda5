//! The dependency graph of a workbook: families of formulas and the geometry of what they read.
//!
//! Built once from a workbook and shared by every session on it. Its size follows the number of families and
//! of their references, not the number of cells.

mod criteria;

use crate::matter;
use crate::precedent::{Family, Precedent};
use crate::program::{Compiler, NameId, Program};
use crate::rtree::RTree;
use crate::together::{self, Order};
use criteria::Criteria;
use formula::{Formula, Node};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use values::{Area, Cell, Col, Rect, Row, SheetId};
use workbook::{ArrayKind, Sheet, TemplateId, Workbook};

/// A family of formulas: the unit of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct VertexId(pub u32);

/// How a vertex fills its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VertexKind {
    /// Each cell by its own copy of the formula.
    Plain,
    /// One formula for all of `rect`.
    Array(ArrayKind, Rect),
    /// A data table of the sheet, by its place in the sheet's list.
    DataTable(u32, Rect),
}

/// Formulas of one template in consecutive rows, or one array formula at its anchor.
#[derive(Clone, Debug)]
pub(crate) struct Vertex {
    pub sheet: SheetId,
    pub family: Family,
    pub kind: VertexKind,
    /// The program; a data table has none of its own.
    pub program: Option<Arc<Program>>,
    /// Everything it reads, names followed.
    pub precedents: Vec<Precedent>,
    /// Recalculated every time.
    pub volatile: bool,
    /// How its copies may be evaluated together, if they may.
    pub order: Option<Order>,
    /// Whether each copy reads the one right above it, or right below it.
    pub follows: Option<Order>,
    /// Whether an edit of one cell that it reads may not matter to it.
    pub selective: bool,
}

/// Rows of one column that belong to a vertex.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub top: Row,
    pub bottom: Row,
    pub vertex: VertexId,
}

/// The graph of one sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct SheetGraph {
    /// By column, in row order: which vertex computes a cell.
    pub columns: Vec<Vec<Span>>,
    /// Array formulas and data tables: what fills more than the cell that holds it.
    pub spreading: Vec<VertexId>,
    /// Who reads which cells: vertex and the place of the reference in its list.
    pub readers: RTree<(VertexId, u32)>,
}

/// The graph of a workbook, with the workbook.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) workbook: Arc<Workbook>,
    pub(crate) vertices: Vec<Vertex>,
    pub(crate) sheets: Vec<SheetGraph>,
    /// Programs of defined names, by their place in the workbook's list.
    pub(crate) names: Vec<Option<Arc<Program>>>,
    pub(crate) volatile: Vec<VertexId>,
}

impl Model {
    /// Builds the graph of a workbook. Cost follows its families, which are far fewer than its cells where
    /// formulas were copied.
    pub fn new(workbook: Arc<Workbook>) -> Model {
        Model::with_programs(workbook, HashMap::new())
    }

    /// The graph of the same workbook with other formulas in some cells: what is compiled stays so. Names and tables
    /// must be as they were.
    pub(crate) fn with_formulas(&self, workbook: Arc<Workbook>) -> Model {
        let templates: HashMap<*const Formula, TemplateId> =
            workbook.templates.iter().map(|(id, formula)| (Arc::as_ptr(formula), id)).collect();
        let mut programs = HashMap::new();
        for vertex in &self.vertices {
            let Some(program) = vertex.program.as_ref().filter(|program| !has_nameless(&program.formula))
            else {
                continue;
            };
            if let Some(id) = templates.get(&Arc::as_ptr(&program.formula)) {
                programs.entry((*id, vertex.sheet)).or_insert_with(|| Arc::clone(program));
            }
        }
        Model::with_programs(workbook, programs)
    }

    fn with_programs(workbook: Arc<Workbook>, programs: Programs) -> Model {
        let compiler = Compiler::new(&workbook);
        let names: Vec<Option<Arc<Program>>> =
            workbook.names.iter().map(|name| compile_name(&compiler, name)).collect();
        let mut builder = Builder { compiler, names: &names, programs, vertices: Vec::new() };
        let mut sheets = Vec::with_capacity(workbook.sheets.len());
        for (id, sheet) in workbook.sheets() {
            sheets.push(builder.sheet(id, sheet));
        }
        let vertices = builder.vertices;
        add_readers(&mut sheets, &vertices);
        let volatile = (0..vertices.len()).filter(|id| vertices[*id].volatile);
        let volatile = volatile.map(|id| VertexId(id as u32)).collect();
        Model { workbook, vertices, sheets, names, volatile }
    }

    /// The same graph, whose formulas are evaluated cell by cell: slower, and plainly right. Tests hold the quick
    /// ways to it.
    pub fn one_by_one(mut self) -> Model {
        self.vertices.iter_mut().for_each(|vertex| vertex.order = None);
        self
    }

    /// The workbook it was built from.
    pub fn workbook(&self) -> &Arc<Workbook> {
        &self.workbook
    }

    /// Functions and names that formulas mention and nobody knows, with how many families mention them.
    pub fn unknown_names(&self) -> Vec<(String, usize)> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let programs = self.vertices.iter().filter_map(|vertex| vertex.program.as_ref());
        for name in programs.chain(self.names.iter().flatten()).flat_map(|program| &program.unknown) {
            *counts.entry(name.as_str()).or_default() += 1;
        }
        let mut all: Vec<(String, usize)> =
            counts.into_iter().map(|(name, n)| (name.to_owned(), n)).collect();
        all.sort();
        all
    }

    pub(crate) fn vertex(&self, id: VertexId) -> &Vertex {
        &self.vertices[id.0 as usize]
    }

    pub(crate) fn name_program(&self, id: NameId) -> Option<&Arc<Program>> {
        self.names.get(id.0 as usize)?.as_ref()
    }

    /// The vertex whose formula stands in a cell.
    pub(crate) fn vertex_at(&self, sheet: SheetId, cell: Cell) -> Option<VertexId> {
        let column = self.sheets.get(usize::from(sheet.0))?.columns.get(usize::from(cell.col.0))?;
        let place = column.partition_point(|span| span.bottom < cell.row);
        column.get(place).filter(|span| span.top <= cell.row).map(|span| span.vertex)
    }

    /// The rows of formulas that read some cell of an area directly, for each reference that does.
    pub(crate) fn rows_reading(&self, area: Area, mut visit: impl FnMut(VertexId, Row, Row)) {
        let Some(graph) = self.sheets.get(usize::from(area.sheet.0)) else { return };
        graph.readers.query(area.rect, &mut |(id, place): (VertexId, u32)| {
            let vertex = self.vertex(id);
            if let Some((top, bottom)) =
                vertex.precedents[place as usize].dependents(vertex.family, area.rect)
            {
                visit(id, top, bottom);
            }
        });
    }

    /// The spans of formulas in one column that touch some rows.
    pub(crate) fn spans(&self, sheet: SheetId, col: Col, top: Row, bottom: Row) -> &[Span] {
        let column =
            self.sheets.get(usize::from(sheet.0)).and_then(|graph| graph.columns.get(usize::from(col.0)));
        let Some(column) = column else { return &[] };
        let from = column.partition_point(|span| span.bottom < top);
        let to = from + column[from..].partition_point(|span| span.top <= bottom);
        &column[from..to]
    }

    /// How many columns of a sheet hold formulas, counted from the first.
    pub(crate) fn formula_columns(&self, sheet: SheetId) -> u16 {
        self.sheets.get(usize::from(sheet.0)).map_or(0, |graph| graph.columns.len() as u16)
    }
}

fn compile_name(compiler: &Compiler<'_>, name: &workbook::DefinedName) -> Option<Arc<Program>> {
    let formula = name.formula.as_ref()?;
    let sheet = match name.scope {
        workbook::NameScope::Sheet(sheet) => sheet,
        workbook::NameScope::Workbook => SheetId(0),
    };
    let around = formula.around_edges().map(Arc::new);
    let program = compiler.compile(around.as_ref().unwrap_or(formula), sheet, Cell::default());
    Some(Arc::new(Program { is_name: true, ..program }))
}

/// What is compiled, by template and sheet.
type Programs = HashMap<(TemplateId, SheetId), Arc<Program>>;

struct Builder<'a> {
    compiler: Compiler<'a>,
    names: &'a [Option<Arc<Program>>],
    programs: Programs,
    vertices: Vec<Vertex>,
}

impl Builder<'_> {
    fn sheet(&mut self, id: SheetId, sheet: &Sheet) -> SheetGraph {
        let mut graph =
            SheetGraph { columns: vec![Vec::new(); sheet.formulas.len()], ..SheetGraph::default() };
        for (col, runs) in sheet.formulas.iter().enumerate() {
            for (top, bottom, template) in runs.iter() {
                let family = Family { col: Col(col as u16), top, bottom };
                self.formula(id, family, template, VertexKind::Plain, &mut graph);
            }
        }
        for array in sheet.arrays.values() {
            let Cell { row, col } = array.anchor;
            let family = Family { col, top: row, bottom: row };
            let kind = VertexKind::Array(array.kind, array.rect);
            let vertex = self.formula(id, family, array.template, kind, &mut graph);
            graph.spreading.push(vertex);
        }
        for (place, table) in sheet.data_tables.iter().enumerate() {
            let vertex = self.data_table(id, table, place as u32);
            graph.spreading.push(vertex);
        }
        for column in &mut graph.columns {
            column.sort_by_key(|span| span.top);
        }
        graph
    }

    fn formula(
        &mut self,
        sheet: SheetId,
        family: Family,
        template: TemplateId,
        kind: VertexKind,
        graph: &mut SheetGraph,
    ) -> VertexId {
        let program = self.program(template, sheet, Cell { row: family.top, col: family.col });
        let vertex = VertexId(self.vertices.len() as u32);
        let (mut precedents, mut volatile) = self.follow_names(&program, family);
        let criteria = self.computed_criteria(&program, sheet, family, &mut precedents);
        volatile |= criteria == Criteria::Unknown;
        let is_plain = kind == VertexKind::Plain && !volatile;
        let order = is_plain.then(|| Order::of(&program, sheet, family, &precedents)).flatten();
        let follows = together::follows(sheet, family, &precedents);
        let selective = is_plain && criteria == Criteria::Plain && matter::is_selective(&program);
        let program = Some(program);
        self.vertices.push(Vertex {
            sheet,
            family,
            kind,
            program,
            precedents,
            volatile,
            order,
            follows,
            selective,
        });
        let col = usize::from(family.col.0);
        if col >= graph.columns.len() {
            graph.columns.resize_with(col + 1, Vec::new);
        }
        graph.columns[col].push(Span { top: family.top, bottom: family.bottom, vertex });
        vertex
    }

    fn program(&mut self, template: TemplateId, sheet: SheetId, host: Cell) -> Arc<Program> {
        if let Some(program) = self.programs.get(&(template, sheet)) {
            return Arc::clone(program);
        }
        let workbook = self.compiler.workbook();
        let formula = workbook.templates.get(template);
        let program = Arc::new(self.compiler.compile(formula, sheet, host));
        if !has_nameless(formula) {
            self.programs.insert((template, sheet), Arc::clone(&program));
        }
        program
    }

    /// What a program reads for copies in a family, its names' formulas included, and whether any of it is volatile.
    fn follow_names(&self, program: &Program, family: Family) -> (Vec<Precedent>, bool) {
        let mut precedents = program.precedents.clone();
        let mut volatile = program.volatile;
        let mut seen: HashSet<NameId> = HashSet::new();
        let mut open = program.names.clone();
        while let Some(name) = open.pop() {
            let Some(Some(program)) = self.names.get(name.0 as usize).filter(|_| seen.insert(name)) else {
                continue;
            };
            precedents.extend(program.precedents.iter().map(|precedent| precedent.around_edges(family)));
            volatile |= program.volatile;
            open.extend(&program.names);
        }
        let mut unique = HashSet::new();
        precedents.retain(|precedent| unique.insert((precedent.sheet, precedent.extent)));
        (precedents, volatile)
    }

    /// A data table reads its edges, its input cells and, through them, anything: it is done again each time.
    fn data_table(&mut self, sheet: SheetId, table: &workbook::DataTable, place: u32) -> VertexId {
        let vertex = VertexId(self.vertices.len() as u32);
        let first = table.rect.first();
        let family = Family { col: first.col, top: first.row, bottom: first.row };
        self.vertices.push(Vertex {
            sheet,
            family,
            kind: VertexKind::DataTable(place, table.rect),
            program: None,
            precedents: Vec::new(),
            volatile: true,
            order: None,
            follows: None,
            selective: false,
        });
        vertex
    }
}

/// Whether a formula has a table reference without a table's name, which means another table in another place.
fn has_nameless(formula: &Formula) -> bool {
    formula.nodes().iter().any(|node| matches!(node, Node::Table(table) if table.table.is_none()))
}

fn add_readers(sheets: &mut [SheetGraph], vertices: &[Vertex]) {
    let mut readers: Vec<Vec<(Rect, (VertexId, u32))>> = vec![Vec::new(); sheets.len()];
    for (id, vertex) in vertices.iter().enumerate() {
        for (place, precedent) in vertex.precedents.iter().enumerate() {
            if let Some(list) = readers.get_mut(usize::from(precedent.sheet.0)) {
                list.push((precedent.hull(vertex.family), (VertexId(id as u32), place as u32)));
            }
        }
    }
    for (sheet, list) in sheets.iter_mut().zip(readers) {
        sheet.readers = RTree::build(list);
    }
}

//! What a session or an editor changed, as changes of the file that its workbook was opened from.

use calc::{Editor, Session};
use formats::patch::{Changes, Content, NewFormula, TableArea};
use formula::{Shift, Slide, Style};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use values::{Area, Cell, Col, Rect, Row, SheetId, Text, Value, fold_case};
use workbook::{ArrayKind, Effect, Sheet, StyleId, Workbook, carried};

/// What a session changed, for [`formats::patch::save`]: inputs replace what their cells held, and every formula
/// whose value is not the one the file had cached gets its value of now. A formula whose value may be out of date
/// makes the file one that is to be calculated on opening.
pub fn changes(session: &Session) -> Changes {
    let mut changes = Changes::default();
    let inputs: BTreeSet<(SheetId, Cell)> = session.inputs().map(|(sheet, cell, _)| (sheet, cell)).collect();
    for (sheet, cell, value) in session.inputs() {
        changes.cells.entry(sheet).or_default().insert(cell, Content::Value(value.clone()));
    }
    let fills: BTreeMap<(SheetId, Cell), Rect> =
        session.spilled().map(|(sheet, anchor, rect)| ((sheet, anchor), rect)).collect();
    for (sheet, cell) in session.computed().chain(filled_before(session)) {
        if inputs.contains(&(sheet, cell)) {
            continue;
        }
        changes.stale |= session.is_stale(sheet, cell);
        let fills = refilled(session, sheet, cell, &fills);
        let value = session.value(sheet, cell);
        if fills.is_some() || !value.same(session.model().workbook().value(sheet, cell)) {
            let result = Content::Result { value: value.clone(), fills };
            changes.cells.entry(sheet).or_default().insert(cell, result);
        }
    }
    changes
}

/// The cells that arrays filled in the file: some of them may be free now.
fn filled_before(session: &Session) -> impl Iterator<Item = (SheetId, Cell)> {
    session.model().workbook().sheets().flat_map(|(id, sheet)| {
        sheet.arrays.values().flat_map(move |array| array.rect.cells().map(move |cell| (id, cell)))
    })
}

/// The cells that an array formula fills now, where they are not those of the file.
fn refilled(
    session: &Session,
    sheet: SheetId,
    cell: Cell,
    fills: &BTreeMap<(SheetId, Cell), Rect>,
) -> Option<Rect> {
    let array = session.model().workbook().sheet(sheet)?.arrays.get(&cell)?;
    let now = fills.get(&(sheet, cell)).copied().unwrap_or(Rect::cell(cell));
    (array.kind == ArrayKind::Dynamic && now != array.rect).then_some(now)
}

/// What an editor changed since `original` was opened, for [`formats::patch::save`]: contents and looks of cells, rows
/// and columns, moved blocks, sheets' names, tables, and the results of all formulas.
pub fn edited(original: &Workbook, editor: &Editor) -> Changes {
    let mut changes = Changes {
        places: editor.changes().shifts().cloned().collect(),
        renamed: renamed(original, editor),
        tables: tables(original, editor),
        ..Changes::default()
    };
    let now = Now::of(original, editor);
    for (sheet, cell) in now.candidates(original) {
        changes.stale |= editor.session().is_stale(sheet, cell);
        changes.cells.entry(sheet).or_default().insert(cell, now.content(sheet, cell));
    }
    let mut room = MOST_LOOKS;
    for area in styled_areas(editor) {
        styles(editor.workbook(), area, &mut changes, &mut room);
    }
    changes
}

/// Sheets with another name than in the file, and new ones.
fn renamed(original: &Workbook, editor: &Editor) -> BTreeMap<SheetId, Text> {
    let before = |id| editor.changes().origin(id).and_then(|old| original.sheet(old));
    let other =
        editor.workbook().sheets().filter(|(id, new)| before(*id).is_none_or(|old| old.name != new.name));
    other.map(|(id, new)| (id, new.name.clone())).collect()
}

/// Tables that cover more or less than rows and columns that came or went make of them.
fn tables(original: &Workbook, editor: &Editor) -> Vec<TableArea> {
    let slides = || editor.changes().shifts().filter(|shift| !matches!(shift, Shift::Move { .. }));
    let mut areas = Vec::new();
    for table in &editor.workbook().tables {
        let known = original.tables.iter().find(|old| fold_case(&old.name) == fold_case(&table.name));
        let Some(old) = known else { continue };
        let before = Area { sheet: old.sheet, rect: old.area };
        let slid = slides().try_fold(before, |area, shift| shift.area(area));
        if slid != Some(Area { sheet: table.sheet, rect: table.area }) {
            areas.push(TableArea { sheet: table.sheet, name: table.name.clone(), area: table.area });
        }
    }
    areas
}

/// The cells whose content is another one, where they stand now: told by the log, and those of moved blocks.
fn edited_areas(editor: &Editor) -> Vec<Area> {
    areas(editor, |effect| {
        let moved = match &effect.shift {
            Some(Shift::Move { from, to }) => vec![*from, *to],
            _ => Vec::new(),
        };
        moved.into_iter().chain(effect.after.iter().chain(&effect.rewritten).copied()).collect()
    })
}

/// The cells that look different, where they stand now: told by the log, and new ones, which look like those beside.
fn styled_areas(editor: &Editor) -> Vec<Area> {
    areas(editor, |effect| {
        effect.styled.iter().copied().chain(effect.shift.as_ref().and_then(inserted)).collect()
    })
}

/// Areas of each edit, carried along by those that followed it.
fn areas(editor: &Editor, of: impl Fn(&Effect) -> Vec<Area>) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for effect in editor.changes().effects() {
        if let Some(shift) = &effect.shift {
            areas = areas.into_iter().flat_map(|area| carried(area, shift)).collect();
        }
        areas.extend(of(effect));
    }
    areas
}

/// The cells that a change of places brought.
fn inserted(shift: &Shift) -> Option<Area> {
    match shift {
        Shift::Rows { sheet, slide: Slide::Insert { at, count } } => {
            let bottom = Row(at.saturating_add(*count).saturating_sub(1).min(Row::LAST.0));
            Some(Area { sheet: *sheet, rect: Rect { top: Row(*at), bottom, ..Rect::SHEET } })
        }
        Shift::Cols { sheet, slide: Slide::Insert { at, count } } => {
            let col = |place: u32| u16::try_from(place).ok().map(Col);
            let right = at.saturating_add(*count).saturating_sub(1).min(u32::from(Col::LAST.0));
            Some(Area { sheet: *sheet, rect: Rect { left: col(*at)?, right: col(right)?, ..Rect::SHEET } })
        }
        _ => None,
    }
}

/// The looks of the cells in a rectangle: those of their own, and for what the workbook uses those that it has now.
/// `room` is for cells far below the used rows; the changes say where it does not suffice.
fn styles(book: &Workbook, Area { sheet: id, rect }: Area, changes: &mut Changes, room: &mut u32) {
    let Some(sheet) = book.sheet(id) else { return };
    let used = sheet.used().and_then(|used| used.intersection(rect));
    for cell in used.into_iter().flat_map(|used| cells(sheet, used)) {
        let style = sheet.style(cell);
        let is_plain = style == StyleId::default();
        if is_plain || !matches!(sheet.grid.get(cell), Value::Empty) || sheet.formula(cell).is_some() {
            changes.styles.entry(id).or_default().insert(cell, style);
        }
    }
    for col in rect.left.0..=rect.right.0 {
        let Some(runs) = sheet.styles.get(usize::from(col)) else { return };
        let of_column = sheet.column_styles.get(Row(u32::from(col))).unwrap_or_default();
        for (first, last, style) in runs.touching(rect.top, rect.bottom) {
            let (first, mut last) = (first.0.max(rect.top.0), last.0.min(rect.bottom.0));
            if last - first >= LONG_RUN {
                let in_use = last.min(used.map_or(first, |used| used.bottom.0));
                let below = last - in_use;
                // Below, the column says it, if it says the same.
                if style == of_column {
                    last = in_use;
                } else if below > *room {
                    changes.looks_left_out = true;
                    last = in_use;
                } else {
                    *room -= below;
                }
            }
            for row in first..=last {
                changes.styles.entry(id).or_default().insert(Cell::new(row, col), style);
            }
        }
    }
}

/// So many rows of one look may be the look of a column.
const LONG_RUN: u32 = 1 << 16;

/// Cells of long runs that are written below the used rows: two whole columns.
const MOST_LOOKS: u32 = 1 << 21;

/// So many places are walked one by one; of more only those where something is.
const MANY: u64 = 1 << 18;

/// The cells of a rectangle, or those of them that hold something where it is large.
fn cells(sheet: &Sheet, rect: Rect) -> Vec<Cell> {
    if rect.count() <= MANY { rect.cells().collect() } else { occupied(sheet, rect) }
}

/// The cells of a rectangle that hold a value or a formula.
fn occupied(sheet: &Sheet, rect: Rect) -> Vec<Cell> {
    let mut cells: Vec<Cell> = sheet.grid.within(rect).map(|(cell, _)| cell).collect();
    let columns = (rect.left.0..=rect.right.0).zip(sheet.formulas.iter().skip(usize::from(rect.left.0)));
    for (col, runs) in columns {
        for (first, last, _) in runs.touching(rect.top, rect.bottom) {
            let rows = first.0.max(rect.top.0)..=last.0.min(rect.bottom.0);
            cells.extend(rows.map(|row| Cell::new(row, col)));
        }
    }
    cells.extend(sheet.arrays.keys().filter(|cell| rect.contains(**cell)));
    cells
}

/// The cells of the file that stand in one of some areas now, or would if no block had been moved.
fn carried_into(original: &Workbook, editor: &Editor, areas: &[Area]) -> Vec<(SheetId, Cell)> {
    let shifts: Vec<&Shift> = editor.changes().shifts().collect();
    let slides: Vec<&Shift> =
        shifts.iter().copied().filter(|shift| !matches!(shift, Shift::Move { .. })).collect();
    let is_inside = |(sheet, cell): &(SheetId, Cell)| {
        areas.iter().any(|area| area.sheet == *sheet && area.rect.contains(*cell))
    };
    let mut found = Vec::new();
    for (id, sheet) in original.sheets().filter(|_| !areas.is_empty()) {
        for cell in occupied(sheet, Rect::SHEET) {
            let places = [&shifts, &slides]
                .map(|way| way.iter().try_fold((id, cell), |(sheet, cell), shift| shift.cell(sheet, cell)));
            found.extend(places.into_iter().flatten().filter(is_inside));
        }
    }
    found
}

/// What an editor's cells hold now.
struct Now<'a> {
    editor: &'a Editor,
    edited: HashSet<(SheetId, Cell)>,
    inputs: BTreeSet<(SheetId, Cell)>,
    fills: BTreeMap<(SheetId, Cell), Rect>,
}

impl<'a> Now<'a> {
    fn of(original: &Workbook, editor: &'a Editor) -> Now<'a> {
        let (session, book) = (editor.session(), editor.workbook());
        let mut edited = HashSet::new();
        let mut large: Vec<Area> = Vec::new();
        for area in edited_areas(editor) {
            // Beyond what is or was in use there is nothing to tell.
            let of = |book: &Workbook, id| book.sheet(id).and_then(|sheet| sheet.used());
            let before = editor.changes().origin(area.sheet).and_then(|id| of(original, id));
            let used = match (of(book, area.sheet), before) {
                (Some(used), Some(before)) => Some(used.hull(before)),
                (used, before) => used.or(before),
            };
            let inside = used.and_then(|used| used.intersection(area.rect));
            match (inside, book.sheet(area.sheet)) {
                (Some(rect), _) if rect.count() <= MANY => {
                    edited.extend(rect.cells().map(|cell| (area.sheet, cell)));
                }
                (Some(rect), Some(sheet)) => {
                    edited.extend(occupied(sheet, rect).into_iter().map(|cell| (area.sheet, cell)));
                    large.push(Area { rect, ..area });
                }
                _ => {}
            }
        }
        edited.extend(carried_into(original, editor, &large));
        let inputs = session.inputs().map(|(sheet, cell, _)| (sheet, cell)).collect();
        let fills = session.spilled().map(|(sheet, anchor, rect)| ((sheet, anchor), rect)).collect();
        Now { editor, edited, inputs, fills }
    }

    /// The cells that may hold something else than the file: edited ones, inputs, those that an array filled once, and
    /// formulas with another result.
    fn candidates(&self, original: &Workbook) -> BTreeSet<(SheetId, Cell)> {
        let (session, book) = (self.editor.session(), self.editor.workbook());
        let mut cells = self.inputs.clone();
        cells.extend(&self.edited);
        let shifts: Vec<&Shift> = self.editor.changes().shifts().collect();
        for (id, sheet) in original.sheets() {
            let filled = sheet.arrays.values().flat_map(|array| array.rect.cells());
            cells.extend(filled.filter_map(|cell| {
                shifts.iter().try_fold((id, cell), |(sheet, cell), shift| shift.cell(sheet, cell))
            }));
        }
        let is_other = |(sheet, cell): &(SheetId, Cell)| {
            let has_array = book.sheet(*sheet).is_some_and(|of| of.arrays.contains_key(cell));
            has_array || !session.value(*sheet, *cell).same(book.value(*sheet, *cell))
        };
        cells.extend(session.computed().filter(is_other));
        cells
    }

    fn content(&self, sheet: SheetId, cell: Cell) -> Content {
        let (session, book) = (self.editor.session(), self.editor.workbook());
        let value = session.value(sheet, cell).clone();
        if self.inputs.contains(&(sheet, cell)) {
            return Content::Value(value);
        }
        let is_edited = self.edited.contains(&(sheet, cell));
        let Some(of) = book.sheet(sheet) else { return Content::Value(value) };
        let array = of.arrays.get(&cell);
        let rect = array.map(|array| match array.kind {
            ArrayKind::Legacy => array.rect,
            ArrayKind::Dynamic => self.fills.get(&(sheet, cell)).copied().unwrap_or(Rect::cell(cell)),
        });
        let template = array.map(|array| array.template).or_else(|| of.formula(cell));
        match template.filter(|_| is_edited) {
            Some(template) => {
                let text = formula::print(book.templates.get(template), cell, book, Style::File).into();
                let array = array.map(|array| array.kind).zip(rect).map(|(kind, rect)| (rect, kind));
                Content::Formula(NewFormula { text, value, array })
            }
            None if template.is_some() || !is_edited || self.is_filled(sheet, cell) => {
                Content::Result { value, fills: rect }
            }
            None => Content::Value(value),
        }
    }

    /// Whether a formula of another cell fills it.
    fn is_filled(&self, sheet: SheetId, cell: Cell) -> bool {
        let spilled = self.fills.iter().any(|((on, _), rect)| *on == sheet && rect.contains(cell));
        let Some(of) = self.editor.workbook().sheet(sheet) else { return spilled };
        let tables = of.data_tables.iter().any(|table| table.rect.contains(cell));
        let arrays = of.arrays.values().filter(|array| array.kind == ArrayKind::Legacy);
        spilled || tables || arrays.into_iter().any(|array| array.rect.contains(cell))
    }
}

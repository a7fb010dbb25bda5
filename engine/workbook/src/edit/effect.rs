//! What edits changed, for those who follow them: the calculation, and who writes the file again.

use formula::Shift;
use std::collections::BTreeMap;
use values::{Area, Rect, SheetId, Text};

/// What one edit changed.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// Where cells went, if any moved.
    pub shift: Option<Shift>,
    /// Cells, as they stood before, whose content is gone or another now, those that only moved aside.
    pub before: Vec<Area>,
    /// Cells, as they stand now, whose content is new or another than before, those that only moved aside.
    pub after: Vec<Area>,
    /// Formula cells, as they stand now, whose text is another since it follows cells, tables or sheets' names.
    pub rewritten: Vec<Area>,
    /// Cells, as they stand now, that got another style, those that only moved aside.
    pub styled: Vec<Area>,
    /// A sheet that was renamed, by its id now, with its name before.
    pub renamed: Option<(SheetId, Text)>,
    /// Whether defined names changed.
    pub names: bool,
    /// Whether places, names or columns of tables changed.
    pub tables: bool,
}

impl Effect {
    /// The effect of taking the edit back, as far as it tells where to look: cells that were rewritten or styled
    /// are where they stand then.
    pub fn inverse(&self) -> Effect {
        let shift = self.shift.as_ref().map(Shift::inverse);
        let back = |areas: &[Area]| match &shift {
            Some(shift) => areas.iter().filter_map(|area| shift.area(*area)).collect(),
            None => areas.to_vec(),
        };
        let (rewritten, styled) = (back(&self.rewritten), back(&self.styled));
        Effect {
            before: self.after.clone(),
            after: self.before.clone(),
            rewritten,
            styled,
            renamed: self.renamed.clone(),
            names: self.names,
            tables: self.tables,
            shift,
        }
    }
}

/// All that changed since the workbook was opened, in order: what a file must be told that is to hold it.
#[derive(Clone, Debug, Default)]
pub struct ChangeLog {
    effects: Vec<Effect>,
}

impl ChangeLog {
    /// Adds what an edit changed.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Takes the last edit back, as if it had never been.
    pub fn pop(&mut self) {
        self.effects.pop();
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.effects.is_empty()
    }

    /// Every edit's effect, oldest first.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The changes of places, oldest first: rows, columns and sheets that came or went, blocks that moved.
    pub fn shifts(&self) -> impl Iterator<Item = &Shift> {
        self.effects.iter().filter_map(|effect| effect.shift.as_ref())
    }

    /// The cells with another value, formula or formula text than in the file, as they stand now. Cells that only
    /// moved are not among them; [`ChangeLog::shifts`] tells of those. The rectangles of a sheet may overlap.
    pub fn cells(&self) -> BTreeMap<SheetId, Vec<Rect>> {
        self.now(|effect| effect.after.iter().chain(&effect.rewritten))
    }

    /// The cells with another style than in the file, as they stand now.
    pub fn styled(&self) -> BTreeMap<SheetId, Vec<Rect>> {
        self.now(|effect| effect.styled.iter().chain([]))
    }

    /// The id that a sheet had in the file; `None` for a new one.
    pub fn origin(&self, sheet: SheetId) -> Option<SheetId> {
        self.shifts()
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .try_fold(sheet, |id, shift| shift.inverse().sheet(id))
    }

    /// Whether defined names changed.
    pub fn names_changed(&self) -> bool {
        self.effects.iter().any(|effect| effect.names)
    }

    /// Whether places, names or columns of tables changed.
    pub fn tables_changed(&self) -> bool {
        self.effects.iter().any(|effect| effect.tables)
    }

    fn now<'a, I: Iterator<Item = &'a Area>>(
        &'a self,
        of: impl Fn(&'a Effect) -> I,
    ) -> BTreeMap<SheetId, Vec<Rect>> {
        let mut areas: Vec<Area> = Vec::new();
        for effect in &self.effects {
            if let Some(shift) = &effect.shift {
                areas = areas.into_iter().flat_map(|area| carried(area, shift)).collect();
            }
            areas.extend(of(effect));
        }
        let mut cells: BTreeMap<SheetId, Vec<Rect>> = BTreeMap::new();
        for Area { sheet, rect } in areas {
            let list = cells.entry(sheet).or_default();
            if !list.iter().any(|known| known.covers(rect)) {
                list.push(rect);
            }
        }
        cells
    }
}

/// Where the cells of an area went, in as many rectangles as it takes.
pub fn carried(area: Area, shift: &Shift) -> Vec<Area> {
    let Shift::Move { from, to } = shift else { return shift.area(area).into_iter().collect() };
    let mut left = vec![area.rect];
    for hole in [from, to].into_iter().filter(|hole| hole.sheet == area.sheet) {
        left = left.into_iter().flat_map(|rect| without(rect, hole.rect)).collect();
    }
    let mut areas: Vec<Area> = left.into_iter().map(|rect| Area { rect, ..area }).collect();
    let moved = area.rect.intersection(from.rect).filter(|_| area.sheet == from.sheet);
    areas.extend(moved.and_then(|rect| shift.area(Area { sheet: from.sheet, rect })));
    areas
}

/// What is left of a rectangle outside of another, in at most four rectangles.
pub(crate) fn without(rect: Rect, hole: Rect) -> Vec<Rect> {
    let Some(hole) = rect.intersection(hole) else { return vec![rect] };
    let mut parts = Vec::new();
    if rect.top < hole.top {
        parts.push(Rect { bottom: values::Row(hole.top.0 - 1), ..rect });
    }
    if hole.bottom < rect.bottom {
        parts.push(Rect { top: values::Row(hole.bottom.0 + 1), ..rect });
    }
    let middle = Rect { top: hole.top, bottom: hole.bottom, ..rect };
    if rect.left < hole.left {
        parts.push(Rect { right: values::Col(hole.left.0 - 1), ..middle });
    }
    if hole.right < rect.right {
        parts.push(Rect { left: values::Col(hole.right.0 + 1), ..middle });
    }
    parts
}

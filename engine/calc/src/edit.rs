//! Editing a workbook while it is calculated: edits, the session that follows them, undo and redo.
//!
//! The workbook carries out an [`Edit`] and lets references follow; the session then takes over what did not change.
//! Values stay where their formulas still read the same cells with the same contents; all others become stale.
//! Inputs that were set over the workbook go with their cells.

mod carry;
mod follow;
mod places;
mod program;

use crate::session::Session;
use std::sync::Arc;
use values::{Area, Cell, Rect, SheetId, Text, Value};
use workbook::{Block, ChangeLog, Content, Edit, EditError, Effect, History, Workbook};

/// What a step keeps beside the workbook's own changes: inputs whose cells went away with it, or were overwritten.
#[derive(Clone, Debug, Default)]
pub struct Note {
    inputs: Vec<((SheetId, Cell), Value)>,
}

/// A session whose workbook can be edited.
///
/// The first edit copies what other sessions on the same workbook share: the graph, but no cells. From then on cell
/// values cost what depends on them. Formulas that come or go cost a new graph, that is the number of families of
/// formulas; rows, columns, sheets and moved blocks cost that and the cells that move.
#[derive(Clone, Debug)]
pub struct Editor {
    session: Session,
    history: History<Note>,
}

impl Editor {
    /// An editor of the workbook that a session shows. Other sessions on it do not see the edits.
    pub fn new(session: Session) -> Editor {
        Editor { session, history: History::default() }
    }

    /// An editor whose steps keep about so many bytes at most.
    pub fn with_memory(session: Session, bytes: usize) -> Editor {
        Editor { session, history: History::new(bytes) }
    }

    /// The values as they are.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to set inputs and to calculate.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The session without its history.
    pub fn into_session(self) -> Session {
        self.session
    }

    /// The workbook as edited. What formulas show is in the session.
    pub fn workbook(&self) -> &Workbook {
        self.session.model.workbook()
    }

    /// Carries out edits as one step that can be undone; all of them or none. Gives what each changed. Calculate
    /// afterwards to bring values up.
    ///
    /// # Errors
    /// Where an edit is refused; everything is then as it was.
    pub fn apply(&mut self, title: &str, edits: &[Edit]) -> Result<Vec<Effect>, EditError> {
        let mut book = self.session.release_workbook();
        match Arc::make_mut(&mut book).apply_all(edits) {
            Err(error) => {
                self.session.restore_workbook(book);
                Err(error)
            }
            Ok(applied) => {
                let effects: Vec<Effect> = applied.iter().map(|one| one.effect.clone()).collect();
                let inputs = self.session.follow(book, &effects);
                self.history.record(Text::from(title), applied, Note { inputs });
                Ok(effects)
            }
        }
    }

    /// Takes the last step back. Gives what changed by that, in order; `None` where there is no step. Calculate
    /// afterwards.
    pub fn undo(&mut self) -> Option<Vec<Effect>> {
        self.history.next_undo()?;
        let mut book = self.session.release_workbook();
        let step = self.history.undo(Arc::make_mut(&mut book))?;
        let effects: Vec<Effect> = step.effects().rev().map(Effect::inverse).collect();
        self.session.travel(book, &effects, &mut step.note.inputs);
        Some(effects)
    }

    /// Does the step again that was undone last. Gives what changed by that; `None` where there is no step. Calculate
    /// afterwards.
    pub fn redo(&mut self) -> Option<Vec<Effect>> {
        self.history.next_redo()?;
        let mut book = self.session.release_workbook();
        let step = self.history.redo(Arc::make_mut(&mut book))?;
        let effects: Vec<Effect> = step.effects().cloned().collect();
        self.session.travel(book, &effects, &mut step.note.inputs);
        Some(effects)
    }

    /// The steps that can be undone and done again.
    pub fn history(&self) -> &History<Note> {
        &self.history
    }

    /// All that changed in the workbook since it was opened: what a saved file must be told.
    pub fn changes(&self) -> &ChangeLog {
        self.history.log()
    }

    /// Copies cells as they show now, to be pasted with [`Edit::Paste`]; `None` for a sheet that does not exist.
    pub fn copy(&self, area: Area) -> Option<Block> {
        let shown = self.session.grid(area.sheet)?;
        let spilled = self.session.spilled().filter(|(sheet, ..)| *sheet == area.sheet);
        let spilled: Vec<Rect> = spilled.map(|(_, _, rect)| rect).collect();
        self.workbook().copy(area, shown, &spilled)
    }

    /// What a formula becomes that a person types into a cell: one that fills its cell, or one that spills where it
    /// may give more than one value.
    ///
    /// # Errors
    /// Where the text is no formula.
    pub fn typed_formula(&self, sheet: SheetId, cell: Cell, text: &str) -> Result<Content, EditError> {
        let formula = self.workbook().read_formula(sheet, cell, text)?;
        let spills = program::may_spill(self.workbook(), &Arc::new(formula), sheet, cell);
        let text = Text::from(text);
        Ok(if spills { Content::Spilling(text) } else { Content::Formula(text) })
    }
}

//! What a session remembers beside the cells: refused entries, list windows, former results, undo.

use crate::Message;
use crate::list::Presence;
use std::collections::{BTreeMap, HashMap};
use values::{Cell, SheetId, Value};

/// An entry that did not go into its cell, or went in with a word of warning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// What was typed, where it did not go into the cell.
    pub refused: Option<String>,
    pub message: Message,
}

/// How a person wants to see a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ListState {
    pub from: u64,
    /// Rows of the window; the definition's page where nobody asked for another.
    pub count: Option<u64>,
    pub search: String,
    pub sort: Option<(usize, bool)>,
    /// Set once a person chose an order, so that the definition's own gives way.
    pub sorted_by_hand: bool,
}

/// One change that can be taken back: the input that a cell had before and has after; `None` is what it had at first.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub book: usize,
    pub sheet: SheetId,
    pub cell: Cell,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Everything remembered.
#[derive(Debug, Default)]
pub(crate) struct State {
    entries: BTreeMap<String, Entry>,
    pub lists: BTreeMap<String, ListState>,
    /// By list: which rows hold something, as far as the workbook alone tells.
    pub presence: BTreeMap<String, Presence>,
    results: HashMap<String, f64>,
    former: HashMap<String, f64>,
    pub done: Vec<Vec<Change>>,
    pub undone: Vec<Vec<Change>>,
}

/// Changes that can be taken back.
const MOST_UNDO: usize = 500;

impl State {
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// Keeps a refused entry, so that the person can mend it.
    pub fn refuse(&mut self, id: &str, text: &str, message: Message) {
        self.entries.insert(id.to_owned(), Entry { refused: Some(text.to_owned()), message });
    }

    /// Keeps a message at an entry that was let in.
    pub fn note(&mut self, id: &str, message: Message) {
        self.entries.insert(id.to_owned(), Entry { refused: None, message });
    }

    pub fn forget(&mut self, id: &str) {
        self.entries.remove(id);
    }

    pub fn forget_all(&mut self) {
        self.entries.clear();
    }

    /// The result that an output showed before the last command.
    pub fn before(&self, id: &str) -> Option<f64> {
        self.former.get(id).copied()
    }

    pub fn remember(&mut self, id: &str, number: f64) {
        self.results.insert(id.to_owned(), number);
    }

    /// What is shown now becomes what was shown before; what is not shown any more is forgotten.
    pub fn next_command(&mut self) {
        self.former = std::mem::take(&mut self.results);
    }

    pub fn push(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        self.undone.clear();
        self.done.push(changes);
        if self.done.len() > MOST_UNDO {
            self.done.remove(0);
        }
    }
}

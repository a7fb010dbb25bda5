//! What a session remembers beside the cells: refused entries, list windows, former results, undo.

use crate::Message;
use std::collections::{BTreeMap, HashMap};
use values::{Cell, SheetId, Value};

/// An entry that did not go into its cell, or went in with a word of warning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub text: String,
    pub message: Message,
}

/// How a list is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListState {
    pub from: u64,
    pub count: u64,
    pub search: String,
    pub sort: Option<(usize, bool)>,
    /// Set once a person chose an order, so that the definition's own gives way.
    pub sorted_by_hand: bool,
}

impl Default for ListState {
    fn default() -> Self {
        ListState { from: 0, count: 50, search: String::new(), sort: None, sorted_by_hand: false }
    }
}

/// One change that can be taken back: the input that a cell had before and has after; `None` is none.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub book: usize,
    pub sheet: SheetId,
    pub cell: Cell,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Everything remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    entries: BTreeMap<String, Entry>,
    pub lists: BTreeMap<String, ListState>,
    results: HashMap<String, f64>,
    former: HashMap<String, f64>,
    pub done: Vec<Vec<Change>>,
    pub undone: Vec<Vec<Change>>,
}

/// Changes that can be taken back.
const MOST_UNDO: usize = 500;

impl State {
    pub fn entry(&self, id: &str) -> Option<Entry> {
        self.entries.get(id).cloned()
    }

    /// Keeps a refused entry, so that the person can mend it.
    pub fn refuse(&mut self, id: &str, text: &str, message: Message) {
        self.entries.insert(id.to_owned(), Entry { text: text.to_owned(), message });
    }

    /// Keeps a message at an entry that was let in; its text is the cell's.
    pub fn note(&mut self, id: &str, message: Message) {
        self.entries.insert(id.to_owned(), Entry { text: String::new(), message });
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

    /// What is shown now becomes what was shown before.
    pub fn next_command(&mut self) {
        self.former = self.results.clone();
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

//! Structured references whose table or columns change.

use crate::{Formula, Node, TableRef};
use values::{CellError, Text, equal_text};

/// What happens to a table as far as formulas name its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChange {
    /// A column gets another name.
    RenameColumn {
        /// The table.
        table: Text,
        /// The column's name before.
        from: Text,
        /// Its name now.
        to: Text,
    },
    /// Columns are deleted.
    DeleteColumns {
        /// The table.
        table: Text,
        /// All its columns before, from left to right, and whether they stay.
        columns: Vec<(Text, bool)>,
    },
    /// The table is deleted.
    Delete {
        /// The table.
        table: Text,
    },
}

impl TableChange {
    fn table(&self) -> &Text {
        match self {
            TableChange::RenameColumn { table, .. }
            | TableChange::DeleteColumns { table, .. }
            | TableChange::Delete { table } => table,
        }
    }

    /// The reference afterwards; `None` where nothing of it is left.
    fn reference(&self, reference: &TableRef) -> Option<TableRef> {
        let Some((first, last)) = &reference.columns else {
            return (!matches!(self, TableChange::Delete { .. })).then(|| reference.clone());
        };
        let columns = match self {
            TableChange::Delete { .. } => return None,
            TableChange::RenameColumn { from, to, .. } => {
                let renamed = |name: &Text| if equal_text(name, from) { to.clone() } else { name.clone() };
                (renamed(first), last.as_ref().map(renamed))
            }
            TableChange::DeleteColumns { columns, .. } => remaining(columns, first, last.as_ref())?,
        };
        Some(TableRef { columns: Some(columns), ..reference.clone() })
    }
}

/// A span of columns without those that go; a name that the table does not have stays as wrong as it is.
fn remaining(columns: &[(Text, bool)], first: &Text, last: Option<&Text>) -> Option<(Text, Option<Text>)> {
    let place = |name: &Text| columns.iter().position(|(column, _)| equal_text(column, name));
    let (Some(a), Some(b)) = (place(first), place(last.unwrap_or(first))) else {
        return Some((first.clone(), last.cloned()));
    };
    let mut kept = columns.get(a.min(b)..=a.max(b))?.iter().filter(|(_, stays)| *stays).map(|(name, _)| name);
    let new_first = kept.next()?;
    let new_last = kept.next_back();
    match last {
        None => Some((new_first.clone(), None)),
        Some(_) => Some((new_first.clone(), new_last.cloned())),
    }
}

impl Formula {
    /// The formula after a change of a table; `None` where it stays. References without the table's name are left
    /// alone.
    pub fn with_table_change(&self, change: &TableChange) -> Option<Formula> {
        self.with_nodes(|node| match node {
            Node::Table(reference) if is_of(reference, change.table()) => match change.reference(reference) {
                Some(new) if new == **reference => None,
                Some(new) => Some(Node::Table(Box::new(new))),
                None => Some(Node::Error(CellError::Ref)),
            },
            Node::Name { name, .. }
                if matches!(change, TableChange::Delete { .. }) && equal_text(name, change.table()) =>
            {
                Some(Node::Error(CellError::Ref))
            }
            _ => None,
        })
    }

    /// The formula with its table's name where references leave it out, as a formula inside of the table may;
    /// `None` where there is no such reference.
    pub fn with_table_name(&self, table: &Text) -> Option<Formula> {
        self.with_nodes(|node| match node {
            // `[x]` alone may be a LAMBDA's parameter; formulas are kept with names only where there is no doubt.
            Node::Table(reference) if reference.table.is_none() && !reference.items.is_empty() => {
                Some(Node::Table(Box::new(TableRef { table: Some(table.clone()), ..(**reference).clone() })))
            }
            _ => None,
        })
    }
}

fn is_of(reference: &TableRef, table: &Text) -> bool {
    reference.table.as_ref().is_some_and(|name| equal_text(name, table))
}

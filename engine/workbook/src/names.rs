//! Defined names.

use formula::Formula;
use std::sync::Arc;
use values::{SheetId, Text};

/// Where a name is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameScope {
    /// In the whole workbook.
    Workbook,
    /// On one sheet, where it hides a workbook name of the same spelling.
    Sheet(SheetId),
}

/// A name for a range, a constant, a formula or a LAMBDA.
#[derive(Clone, Debug)]
pub struct DefinedName {
    /// As written; names compare without case.
    pub name: Text,
    /// Where it is known.
    pub scope: NameScope,
    /// What it stands for, relative to A1; `None` where the text did not parse.
    pub formula: Option<Arc<Formula>>,
    /// The text as the file has it.
    pub source: Text,
    /// Not shown to people.
    pub hidden: bool,
}

//! Formula texts of a file to templates, each distinct one parsed once.

use crate::sheet_names::SheetNames;
use formula::{Copies, Mode, ParseError};
use std::collections::HashMap;
use values::{Cell, CellError};
use workbook::{TemplateId, Templates};

/// Formulas already seen, by what makes copies of them equal.
#[derive(Default)]
pub(crate) struct FormulaCache {
    known: HashMap<Vec<u8>, TemplateId>,
    key: Vec<u8>,
    /// By column: the formula that was read last.
    columns: Vec<Option<Last>>,
}

/// The last formula of a column.
struct Last {
    template: TemplateId,
    /// Tells its copies, where it was one itself.
    copies: Option<Copies>,
}

impl FormulaCache {
    /// The template of a formula's text in a cell. A filled-down copy is found by its text or its key without
    /// parsing.
    pub fn template(
        &mut self,
        text: &str,
        at: Cell,
        names: &SheetNames,
        templates: &mut Templates,
    ) -> Result<TemplateId, ParseError> {
        if text.len() > formula::MAX_CHARS {
            // Keys of texts that are too long say nothing; parsing tells whether this one is.
            return formula::parse(text, at, names, Mode::Workbook).map(|formula| templates.intern(formula));
        }
        let col = usize::from(at.col.0);
        if col >= self.columns.len() {
            self.columns.resize_with(col + 1, || None);
        }
        if let Some(Last { template, copies: Some(copies) }) = &self.columns[col]
            && copies.is_copy(text, at.row.0)
        {
            return Ok(*template);
        }
        let template = self.by_key(text, at, names, templates)?;
        // Only where a formula repeats is it worth while to look for its rows.
        let repeats = self.columns[col].as_ref().is_some_and(|last| last.template == template);
        self.columns[col] = Some(Last { template, copies: repeats.then(|| Copies::of(text, at)) });
        Ok(template)
    }

    fn by_key(
        &mut self,
        text: &str,
        at: Cell,
        names: &SheetNames,
        templates: &mut Templates,
    ) -> Result<TemplateId, ParseError> {
        self.key.clear();
        formula::template_key(text, at, &mut self.key);
        if let Some(template) = self.known.get(&self.key) {
            return Ok(*template);
        }
        let template = templates.intern(formula::parse(text, at, names, Mode::Workbook)?);
        self.known.insert(self.key.clone(), template);
        Ok(template)
    }
}

/// What stands for a formula that could not be read: `#NAME?`, never its cached value.
pub(crate) fn unreadable(names: &SheetNames, templates: &mut Templates) -> TemplateId {
    match formula::parse(CellError::Name.as_str(), Cell::default(), names, Mode::Workbook) {
        Ok(formula) => templates.intern(formula),
        // The grammar reads every error's name; a test holds it to that.
        Err(_) => TemplateId(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let (names, mut templates) = (SheetNames::default(), Templates::default());
        let template = unreadable(&names, &mut templates);
        let formula = templates.get(template);
        assert_eq!(formula::print(formula, Cell::default(), &names, formula::Style::File), "#NAME?",);
    }
}

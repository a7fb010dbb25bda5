//! Makes the example workbooks: six spreadsheets as a careful person would build them.
//!
//! Everything in them is invented. Each example is one file here that writes cells, formats, validations, names,
//! tables and charts. The workbook is then opened by the engine, calculated, and written once more with the results,
//! so that the cached values are what the formulas give. The same sources give the same bytes: there is no clock
//! and no chance in them.

mod bmi;
mod budget;
mod catalogue;
mod loan;
mod page;
mod quote;
mod shifts;
mod style;

use anyhow::{Context, Result, bail};
use engine::Document;
use engine::calc::{Ended, Session, Wanted};
use engine::formats::Limits;
use engine::functions::Environment;
use engine::values::Value;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use style::Style;

/// An example workbook.
#[derive(Clone, Copy)]
pub struct Example {
    /// The file in `examples/`.
    pub file_name: &'static str,
    title: &'static str,
    build: fn(&mut Workbook, &Style) -> Result<()>,
}

/// All examples, in the order in which a newcomer would open them.
pub const EXAMPLES: [Example; 6] = [
    Example { file_name: "bmi.xlsx", title: "Body mass index", build: bmi::build },
    Example { file_name: "loan.xlsx", title: "Loan calculator", build: loan::build },
    Example { file_name: "quote.xlsx", title: "Quotation", build: quote::build },
    Example { file_name: "catalogue.xlsx", title: "Product catalogue", build: catalogue::build },
    Example { file_name: "budget.xlsx", title: "Team budget", build: budget::build },
    Example { file_name: "shifts.xlsx", title: "Shift plan", build: shifts::build },
];

impl Example {
    /// The workbook's bytes, results included.
    ///
    /// # Errors
    /// Where the workbook cannot be written, or where the engine cannot calculate it or gets an error value: an
    /// example is a showpiece.
    pub fn generate(&self) -> Result<Vec<u8>> {
        let draft = self.workbook()?.save_to_buffer()?;
        let document = Document::open(&draft, self.file_name, &Limits::default())?;
        let mut session = document.session();
        session.invalidate();
        let report = session.recalculate(&Environment::default(), Wanted::All);
        if report.ended != Ended::Done || !report.circular.is_empty() {
            bail!("the formulas do not settle: {report:?}");
        }
        let mut workbook = self.workbook()?;
        fill_in(&mut workbook, &session)?;
        Ok(workbook.save_to_buffer()?)
    }

    fn workbook(&self) -> Result<Workbook> {
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::from_ymd(2026, 11, 2)?;
        let properties = DocProperties::new()
            .set_title(self.title)
            .set_author("Playsheet examples")
            .set_comment("Everything in this workbook is invented.")
            .set_creation_datetime(&created);
        workbook.set_properties(&properties);
        (self.build)(&mut workbook, &Style::new())?;
        Ok(workbook)
    }
}

/// Writes the results behind their formulas.
fn fill_in(workbook: &mut Workbook, session: &Session) -> Result<()> {
    for (sheet, cell) in session.computed() {
        let worksheet = workbook.worksheet_from_index(usize::from(sheet.0))?;
        let text = match session.value(sheet, cell) {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.as_str().to_owned(),
            Value::Bool(true) => "TRUE".to_owned(),
            Value::Bool(false) => "FALSE".to_owned(),
            other => bail!("{}!{cell} gives {other:?}", worksheet.name()),
        };
        // The writer tells numbers, truth values and errors from texts by how they look.
        let is_text = matches!(session.value(sheet, cell), Value::Text(_));
        if is_text
            && (text.parse::<f64>().is_ok() || text.starts_with('#') || text == "TRUE" || text == "FALSE")
        {
            bail!(
                "{}!{cell} gives the text {text}, which the file would hold as something else",
                worksheet.name()
            );
        }
        worksheet.set_formula_result(cell.row.0, cell.col.0, text);
    }
    let names: Vec<String> = workbook.worksheets().iter().map(rust_xlsxwriter::Worksheet::name).collect();
    let expected = session.model().workbook().sheets.len();
    (names.len() == expected).then_some(()).context("a sheet was lost on the way")
}

//! The workbook part: sheets, names, which other workbooks there are.

use super::records::RecordReader;
use crate::LoadError;
use crate::binary::{Bytes, TokenName};
use crate::package::Package;
use values::DateSystem;
use workbook::{Iteration, Visibility, Workbook};

/// A sheet of the list.
pub(crate) struct Listed {
    pub name: String,
    pub relation: String,
    pub visibility: Visibility,
}

/// A workbook or add-in that formulas refer to.
pub(crate) enum Book {
    This,
    /// With the names of its functions.
    AddIn(Vec<String>),
    /// By its relation.
    Other(String),
}

/// What the part says.
#[derive(Default)]
pub(crate) struct WorkbookPart {
    pub sheets: Vec<Listed>,
    pub names: Vec<TokenName>,
    pub books: Vec<Book>,
    /// (book, first sheet, last sheet), by the number in tokens.
    pub links: Vec<(u32, i32, i32)>,
}

impl WorkbookPart {
    pub fn read(
        package: &mut Package<'_>,
        name: &str,
        workbook: &mut Workbook,
    ) -> Result<WorkbookPart, LoadError> {
        let Some(source) = package.source(name)? else {
            return Err(LoadError::Damaged("it has no workbook part".into()));
        };
        let mut records = RecordReader::new(source);
        let mut part = WorkbookPart::default();
        while let Some((kind, mut data)) = records.next()? {
            // A record that is cut off is left out.
            let _ = part.record(kind, &mut data, workbook);
        }
        Ok(part)
    }

    fn record(&mut self, kind: u16, data: &mut Bytes<'_>, workbook: &mut Workbook) -> Option<()> {
        match kind {
            153 if data.u32()? & 1 != 0 => workbook.date_system = DateSystem::V1904,
            156 => self.sheets.push(listed(data)?),
            39 => self.names.push(name(data)?),
            157 => calculation(data, workbook)?,
            357 | 358 => self.books.push(Book::This),
            667 => self.books.push(Book::AddIn(Vec::new())),
            355 => self.books.push(Book::Other(data.wide_text()?)),
            361 => {
                if let Some(Book::AddIn(names)) = self.books.last_mut() {
                    names.push(data.wide_text()?);
                }
            }
            362 => {
                for _ in 0..data.u32()? {
                    self.links.push((data.u32()?, data.i32()?, data.i32()?));
                }
            }
            _ => {}
        }
        Some(())
    }
}

/// Source: [MS-XLSB] 2.4.313 (BrtBundleSh).
fn listed(data: &mut Bytes<'_>) -> Option<Listed> {
    let state = data.u32()?;
    data.skip(4)?;
    Some(Listed {
        relation: data.nullable_text()?,
        name: data.wide_text()?,
        visibility: match state {
            1 => Visibility::Hidden,
            2 => Visibility::VeryHidden,
            _ => Visibility::Visible,
        },
    })
}

/// Source: [MS-XLSB] 2.4.722 (BrtName).
fn name(data: &mut Bytes<'_>) -> Option<TokenName> {
    let flags = data.u32()?;
    data.skip(1)?;
    let sheet = data.u32()?;
    let name = data.wide_text()?;
    let (rgce, extra) = tokens(data)?;
    // Built-in names come without the prefix that they have in formulas and in the other formats.
    let name = if flags & 0x20 != 0 && !name.starts_with("_xlnm.") { format!("_xlnm.{name}") } else { name };
    Some(TokenName {
        name,
        sheet: u16::try_from(sheet).ok(),
        hidden: flags & 1 != 0,
        rgce: rgce.to_vec(),
        extra: extra.to_vec(),
    })
}

/// Source: [MS-XLSB] 2.4.326 (BrtCalcProp).
fn calculation(data: &mut Bytes<'_>, workbook: &mut Workbook) -> Option<()> {
    data.skip(8)?;
    let (count, delta) = (data.u32()?, data.f64()?);
    data.skip(4)?;
    let flags = data.u16()?;
    let delta = if delta.is_finite() { delta } else { Iteration::default().delta };
    workbook.search = Iteration { count, delta };
    workbook.iteration = (flags & 4 != 0).then_some(workbook.search);
    workbook.precision_as_displayed = flags & 8 == 0;
    Some(())
}

/// A formula: tokens and what follows them. Source: [MS-XLSB] 2.5.97.4 (CellParsedFormula).
pub(crate) fn tokens<'a>(data: &mut Bytes<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let length = data.u32()? as usize;
    let rgce = data.take(length)?;
    // Some writers leave out the length of what follows where nothing does.
    let length = data.u32().unwrap_or(0) as usize;
    Some((rgce, data.take(length)?))
}

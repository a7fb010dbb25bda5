//! The records of a workbook as a whole. Source: [MS-XLS] 2.1.7.20.3 and the records it names.

use super::books::Books;
use super::records::{Record, Records};
use super::styles::StyleTable;
use super::{Version, clean};
use crate::binary::{Bytes, TokenName};
use crate::{Limits, LoadError, names};
use encoding_rs::{Encoding, WINDOWS_1252};
use values::Text;
use workbook::Visibility;

/// What a sheet of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SheetKind {
    Cells,
    Chart,
    Macro,
}

/// A sheet of the list.
pub(crate) struct Listed {
    pub name: String,
    pub visibility: Visibility,
    pub kind: SheetKind,
    /// Where its records begin.
    pub offset: usize,
}

/// What the workbook's own records say.
pub(crate) struct Globals {
    pub version: Version,
    pub sheets: Vec<Listed>,
    pub texts: Vec<Text>,
    pub names: Vec<TokenName>,
    pub books: Books,
    pub styles: StyleTable,
    /// The numbers of the streams of the pivot tables' caches.
    pub caches: Vec<u16>,
    pub is_1904: bool,
    pub precision_as_displayed: bool,
    /// The number of the regional settings' country.
    pub country: Option<u16>,
    pub macintosh: bool,
}

impl Globals {
    /// Reads the records up to the first sheet.
    pub fn read(stream: &[u8], limits: &Limits) -> Result<Globals, LoadError> {
        let mut globals = Globals {
            version: Version::Biff8,
            sheets: Vec::new(),
            texts: Vec::new(),
            names: Vec::new(),
            books: Books::default(),
            styles: StyleTable::default(),
            caches: Vec::new(),
            is_1904: false,
            precision_as_displayed: false,
            country: None,
            macintosh: false,
        };
        let mut ended = false;
        for (place, record) in Records::from(stream, 0).enumerate() {
            if place == 0 && record.kind != 0x0809 {
                return Err(LoadError::Damaged("its workbook stream does not begin as one".into()));
            }
            if record.kind == 0x0a {
                ended = true;
                break;
            }
            globals.record(&record, limits)?;
        }
        if !ended {
            return Err(LoadError::Damaged("its workbook stream ends in the middle".into()));
        }
        if globals.sheets.is_empty() {
            return Err(LoadError::Damaged("it lists no sheets".into()));
        }
        if globals.sheets.len() > limits.sheets.min(usize::from(u16::MAX)) {
            return Err(LoadError::TooLarge {
                what: "the number of its sheets",
                limit: limits.sheets as u64,
            });
        }
        Ok(globals)
    }

    fn record(&mut self, record: &Record<'_>, limits: &Limits) -> Result<(), LoadError> {
        let mut data = Bytes(record.data);
        match record.kind {
            0x0809 => {
                self.version = version(record.data)?;
                self.macintosh = is_macintosh(record.data).unwrap_or(false);
            }
            0x008c => self.country = data.skip(2).and_then(|()| data.u16()),
            0x002f => return Err(LoadError::Encrypted),
            0x0042 => {
                if let (Version::Biff5(_), Some(page)) = (self.version, data.u16()) {
                    self.version = Version::Biff5(code_page(page));
                }
            }
            0x00d5 => self.caches.extend(data.u16()),
            0x0022 => self.is_1904 = data.u16() == Some(1),
            0x000e => self.precision_as_displayed = data.u16() == Some(0),
            0x0085 => self.sheets.extend(listed(&mut data, self.version)),
            0x00fc => {
                let texts = record.pieces().shared_texts(limits.strings);
                self.texts = texts.iter().map(|text| clean(text)).collect();
            }
            0x0018 => self.names.extend(name(&record.whole(), self.version)),
            0x01ae | 0x0017 | 0x0023 | 0x0059 | 0x005a => {
                self.books.record(record.kind, &record.whole(), self.version);
            }
            0x0031 | 0x00e0 | 0x041e | 0x0092 | 0x0293 => {
                self.styles.record(record.kind, &mut data, self.version, limits)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The version that the first record tells.
fn version(data: &[u8]) -> Result<Version, LoadError> {
    match Bytes(data).u16() {
        Some(0x0600) => Ok(Version::Biff8),
        Some(0x0500) => Ok(Version::Biff5(WINDOWS_1252)),
        _ => Err(LoadError::Unreadable(
            "This is an .xls file of Excel 4 or older. Open it in your spreadsheet program and save it as .xlsx.",
        )),
    }
}

/// Whether the file was last edited on a Macintosh: not on Windows, but on one. Source: [MS-XLS] 2.4.21 (BOF).
fn is_macintosh(data: &[u8]) -> Option<bool> {
    let mut data = Bytes(data);
    data.skip(8)?;
    let flags = data.u32()?;
    Some(flags & 1 == 0 && flags & 0x10 != 0)
}

fn code_page(number: u16) -> &'static Encoding {
    match number {
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        10_000 | 32_768 => encoding_rs::MACINTOSH,
        _ => WINDOWS_1252,
    }
}

/// Source: [MS-XLS] 2.4.28 (BoundSheet8).
fn listed(data: &mut Bytes<'_>, version: Version) -> Option<Listed> {
    let offset = data.u32()? as usize;
    let (state, kind) = (data.u8()?, data.u8()?);
    let name = version.short_text(data)?;
    Some(Listed {
        name: clean(&name).to_string(),
        visibility: match state & 3 {
            1 => Visibility::Hidden,
            2 => Visibility::VeryHidden,
            _ => Visibility::Visible,
        },
        kind: match kind {
            0 => SheetKind::Cells,
            2 => SheetKind::Chart,
            _ => SheetKind::Macro,
        },
        offset,
    })
}

/// Source: [MS-XLS] 2.4.150 (Lbl).
fn name(data: &[u8], version: Version) -> Option<TokenName> {
    let mut data = Bytes(data);
    let flags = data.u16()?;
    data.skip(1)?;
    let length = usize::from(data.u8()?);
    let formula_length = usize::from(data.u16()?);
    data.skip(2)?;
    let sheet = data.u16()?.checked_sub(1);
    data.skip(4)?;
    let text = version.characters(&mut data, length)?;
    let built_in = (flags & 0x20 != 0).then(|| text.chars().next()).flatten();
    let known = built_in.and_then(|number| names::built_in(u8::try_from(number).ok()?));
    Some(TokenName {
        name: known.map_or(text, |known| format!("_xlnm.{known}")),
        sheet,
        hidden: flags & 1 != 0,
        rgce: data.take(formula_length)?.to_vec(),
        extra: data.0.to_vec(),
    })
}

//! Writes a workload as .xlsx, row by row, with every formula in full.
//!
//! Written here and not with a library: rows must stream, and a search that gives one value must stay a plain formula,
//! which libraries turn into an array formula by its name. No cached value means anything: each formula has 0.

use super::workloads::{Content, Sheet};
use crate::values::letters;
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cells with a formula.
    pub formulas: u64,
    /// Cells with a constant.
    pub values: u64,
}

/// Writes the sheets to a new file.
pub fn write(path: &Path, sheets: Vec<Sheet>) -> Result<Counts> {
    let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    let mut package = Package {
        zip: ZipWriter::new(BufWriter::new(file)),
        texts: HashMap::new(),
        counts: Counts::default(),
    };
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name).collect();
    package.frame(&names)?;
    for (sheet, number) in sheets.into_iter().zip(1..) {
        package.sheet(sheet, number)?;
    }
    package.texts()?;
    package.zip.finish()?.flush()?;
    Ok(package.counts)
}

struct Package<W: Write + std::io::Seek> {
    zip: ZipWriter<W>,
    /// Texts with their numbers.
    texts: HashMap<String, usize>,
    counts: Counts,
}

impl<W: Write + std::io::Seek> Package<W> {
    fn part(&mut self, name: &str, content: &str) -> Result<()> {
        self.begin(name)?;
        Ok(self.zip.write_all(content.as_bytes())?)
    }

    fn begin(&mut self, name: &str) -> Result<()> {
        // The quickest compression: a file is written once and read a few times.
        let options = SimpleFileOptions::default().compression_level(Some(1));
        Ok(self.zip.start_file(name, options)?)
    }

    /// Everything but sheets and texts.
    fn frame(&mut self, names: &[&str]) -> Result<()> {
        let mut kinds = format!("{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">");
        kinds.push_str("<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
        kinds.push_str("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>");
        let mut relations = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
        let mut workbook = format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>");
        let mut add = |part: &str, kind: &str, id: &str| {
            let _ = write!(kinds, "<Override PartName=\"/xl/{part}\" ContentType=\"{TYPES}.{kind}+xml\"/>");

            if !id.is_empty() {
                let _ = write!(
                    relations,
                    "<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{part}\"/>"
                );
            }
        };
        add("workbook.xml", "sheet.main", "");
        add("styles.xml", "styles", "styles");
        add("sharedStrings.xml", "sharedStrings", "texts");
        add("metadata.xml", "sheetMetadata", "metadata");
        for (name, number) in names.iter().zip(1..) {
            add(&format!("worksheets/sheet{number}.xml"), "worksheet", &format!("sheet{number}"));
            let _ = write!(workbook, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"sheet{number}\"/>");
        }
        workbook.push_str("</sheets></workbook>");
        self.part("[Content_Types].xml", &(kinds + "</Types>"))?;
        self.part("_rels/.rels", &root_relations())?;
        self.part("xl/workbook.xml", &workbook)?;
        self.part("xl/_rels/workbook.xml.rels", &(relations + "</Relationships>"))?;
        self.part("xl/styles.xml", &styles())?;
        self.part("xl/metadata.xml", &metadata())
    }

    fn sheet(&mut self, sheet: Sheet, number: u32) -> Result<()> {
        self.begin(&format!("xl/worksheets/sheet{number}.xml"))?;
        let mut text = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
        for (cells, row) in sheet.rows.zip(1_u32..) {
            let _ = write!(text, "<row r=\"{row}\">");
            for (content, col) in cells.iter().zip(0..) {
                self.cell(&mut text, content, row, col);
            }
            text.push_str("</row>");
            self.zip.write_all(text.as_bytes())?;
            text.clear();
        }
        text.push_str("</sheetData></worksheet>");
        Ok(self.zip.write_all(text.as_bytes())?)
    }

    fn cell(&mut self, out: &mut String, content: &Content, row: u32, col: u32) {
        let col = letters(col);
        // Writing to a text cannot fail.
        let _ = match content {
            Content::Empty => return,
            Content::Number(number) => write!(out, "<c r=\"{col}{row}\"><v>{number}</v></c>"),
            Content::Text(text) => {
                let next = self.texts.len();
                let index = *self.texts.entry(text.clone()).or_insert(next);
                write!(out, "<c r=\"{col}{row}\" t=\"s\"><v>{index}</v></c>")
            }
            Content::Formula(formula) => {
                write!(out, "<c r=\"{col}{row}\"><f>{}</f><v>0</v></c>", escaped(formula))
            }
            Content::Array(formula) => write!(
                out,
                "<c r=\"{col}{row}\" cm=\"1\"><f t=\"array\" ref=\"{col}{row}\">{}</f><v>0</v></c>",
                escaped(formula)
            ),
        };
        match content {
            Content::Formula(_) | Content::Array(_) => self.counts.formulas += 1,
            _ => self.counts.values += 1,
        }
    }

    fn texts(&mut self) -> Result<()> {
        self.begin("xl/sharedStrings.xml")?;
        let mut texts: Vec<(String, usize)> = self.texts.drain().collect();
        texts.sort_by_key(|(_, index)| *index);
        let count = texts.len();
        write!(self.zip, "{HEAD}<sst xmlns=\"{MAIN}\" uniqueCount=\"{count}\">")?;
        for (text, _) in &texts {
            write!(self.zip, "<si><t>{}</t></si>", escaped(text))?;
        }
        Ok(self.zip.write_all(b"</sst>")?)
    }
}

fn root_relations() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"workbook\" \
         Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    )
}

/// The least that every reader accepts.
fn styles() -> String {
    format!(
        "{HEAD}<styleSheet xmlns=\"{MAIN}\"><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
    )
}

/// What the mark `cm="1"` of a cell refers to: its array formula is a dynamic one.
fn metadata() -> String {
    format!(
        "{HEAD}<metadata xmlns=\"{MAIN}\" xmlns:xda=\"http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray\">\
         <metadataTypes count=\"1\"><metadataType name=\"XLDAPR\" minSupportedVersion=\"120000\" copy=\"1\" pasteAll=\"1\" \
         pasteValues=\"1\" merge=\"1\" splitFirst=\"1\" rowColShift=\"1\" clearFormats=\"1\" clearComments=\"1\" assign=\"1\" \
         coerce=\"1\" cellMeta=\"1\"/></metadataTypes><futureMetadata name=\"XLDAPR\" count=\"1\"><bk><extLst>\
         <ext uri=\"{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}\"><xda:dynamicArrayProperties fDynamic=\"1\" fCollapsed=\"0\"/></ext>\
         </extLst></bk></futureMetadata><cellMetadata count=\"1\"><bk><rc t=\"1\" v=\"0\"/></bk></cellMetadata></metadata>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

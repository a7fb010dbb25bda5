//! What libFuzzer begins with: files and texts of the repository as inputs, and words that are worth inserting.

use crate::parts::{MARK, join};
use engine::functions;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Words of spreadsheets' XML.
const XML: &[&str] = &[
    "<row r=\"1\">",
    "<c r=\"A1\"",
    " t=\"s\">",
    " t=\"str\">",
    " t=\"b\">",
    " t=\"e\">",
    " t=\"inlineStr\">",
    "<is><t>",
    "<v>",
    "</v>",
    "<f>",
    "</f>",
    "<f t=\"shared\" si=\"0\"/>",
    "<f t=\"array\" ref=\"A1:B2\">",
    "<f t=\"dataTable\" ref=\"A1:B2\" r1=\"A1\">",
    " cm=\"1\"",
    " vm=\"1\"",
    " ref=\"A1:XFD1048576\"",
    " s=\"1\"",
    "<mergeCell ref=\"A1:B2\"/>",
    "<dataValidation type=\"list\" sqref=\"A1\">",
    "<formula1>",
    "<hyperlink ref=\"A1\" r:id=\"rId3\"/>",
    "<col min=\"1\" max=\"16384\" width=\"9\"/>",
    "<sheetView>",
    "<pane ",
    "<autoFilter ref=\"A1:B9\"/>",
    "<definedName name=\"n\" localSheetId=\"0\">",
    "<calcPr iterate=\"1\"/>",
    "<workbookPr date1904=\"1\"/>",
    "<externalReference r:id=\"rId6\"/>",
    "<sheetDataSet>",
    "<tablePart r:id=\"rId1\"/>",
    "<tableColumn id=\"1\" name=\"a\"/>",
    "<calculatedColumnFormula>",
    "<xf numFmtId=\"14\" xfId=\"0\"/>",
    "<numFmt numFmtId=\"164\" formatCode=\"0\"/>",
    "<font><b/></font>",
    "<fill>",
    "<si><t>",
    "<r><t xml:space=\"preserve\">",
    "<rPh>",
    "_x000D_",
    "<extLst>",
    "<mc:AlternateContent>",
    "&amp;",
    "&#x41;",
    "&quot;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "xmlns:x=\"",
    "x14:",
    "/>",
    "4294967295",
    "1048576",
    "-1",
    "1E400",
    "\n=== xl/worksheets/sheet1.xml\n",
    "\n=== xl/sharedStrings.xml\n",
    "\n=== xl/styles.xml\n",
    "\n=== xl/workbook.xml\n",
    "\n=== xl/metadata.xml\n",
    "\n=== xl/tables/table1.xml\n",
    "\n=== xl/comments1.xml\n",
    "\n=== xl/externalLinks/externalLink1.xml\n",
];

/// Words of OpenDocument's XML.
const ODS: &[&str] = &[
    "<table:table table:name=\"",
    "<table:table-row>",
    "<table:table-cell ",
    "<table:covered-table-cell/>",
    "<text:p>",
    "<text:s text:c=\"9\"/>",
    "<text:span>",
    "<text:line-break/>",
    " table:formula=\"of:=",
    " office:value-type=\"float\"",
    " office:value=\"1\"",
    " office:value-type=\"string\"",
    " office:string-value=\"a\"",
    " office:value-type=\"date\" office:date-value=\"2024-01-31\"",
    " office:time-value=\"PT1H\"",
    " office:boolean-value=\"true\"",
    " table:number-columns-repeated=\"3\"",
    " table:number-rows-repeated=\"1048576\"",
    " table:number-columns-spanned=\"2\"",
    " table:number-matrix-rows-spanned=\"2\"",
    "<table:named-range ",
    "<table:named-expression ",
    " table:cell-range-address=\"$Sheet1.$A$1\"",
    "<table:database-range ",
    "<office:annotation>",
    "<table:content-validation ",
    "[.A1]",
    "[.A1:.B2]",
    "[$'My data'.B2]",
    "MULTIPLE.OPERATIONS(",
    "\n=== content.xml\n",
    "\n=== styles.xml\n",
    "\n=== settings.xml\n",
];

/// Words of formulas beside the functions' names.
const FORMULA: &[&str] = &[
    "A1",
    "$B$2",
    "A1:B2",
    "A:C",
    "1:3",
    "Sheet1!",
    "'My sheet'!",
    "'It''s'!",
    "Sheet1:D-I!",
    "[1]Sheet1!",
    "'C:\\[b.xlsx]S'!",
    "T[Qty]",
    "T[[#This Row],[a]:[b]]",
    "[@Qty]",
    "[@[a b]]",
    "T[#All]",
    "#REF!",
    "#N/A",
    "#SPILL!",
    "A1#",
    "@A1",
    "{1,2;3,4}",
    "\"a\"\"b\"",
    "1E-5",
    "50%",
    "<>",
    ">=",
    "_xlfn.",
    "_xlws.",
    "_xlpm.x",
    "_xlop.",
    "_xleta.SUM",
    "_xlfn.SINGLE(",
    "_xlfn.ANCHORARRAY(",
    "_xlfn._TRO_ALL(",
    "LET(x,1,x)",
    "LAMBDA(x,[y],x)(1)",
    "#id",
    "@user.email",
    "@locale",
    "Rate",
    "TRUE",
    "XFD1048576",
    "R1C1",
    "A1.:.B2",
];

/// Pieces of number formats and of what people type.
const NUMFMT: &[&str] = &[
    "General",
    "#,##0.00",
    "0.00E+00",
    "# ?/?",
    "??/100",
    "[Red]",
    "[Color10]",
    "[>=100]",
    "[<0.5]",
    "[h]:mm:ss.000",
    "[ss]",
    "[mm]",
    "yyyy-mm-dd",
    "mmmmm",
    "dddd",
    "AM/PM",
    "a/p",
    "bbbb",
    "gge",
    "[$-407]",
    "[$€-2]",
    "[$-F800]",
    "[DBNum1]",
    "_(",
    "* ",
    "*-",
    "@",
    ";;;",
    "\\x",
    "\"text\"",
    "%",
    ",,",
    "\n",
    "1,234.5",
    "(5)",
    "$5",
    "1 1/2",
    "50%",
    "31.01.2024",
    "1/2/2024 13:45",
    "Jan 5",
    "5-Mar-24",
    "12:30 PM",
    "1e5",
    "TRUE",
    "#N/A",
    "2024-01-31T10:00",
    "\u{202F}",
];

/// The dictionary of a target as libFuzzer reads it; empty where words would not help.
pub fn dictionary(target: &str) -> String {
    let functions = || functions::all().map(|function| format!("{}(", function.name));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let words = match target {
        "xlsx" | "patch" => words(XML),
        "ods" => words(ODS),
        "formula" => words(FORMULA).into_iter().chain(functions()).collect(),
        "numfmt" | "csv" => words(NUMFMT),
        _ => Vec::new(),
    };
    words.iter().map(|word| format!("\"{}\"\n", escaped(word))).collect()
}

fn escaped(word: &str) -> String {
    let byte = |byte: u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        0x20..0x7F => char::from(byte).to_string(),
        _ => format!("\\x{byte:02X}"),
    };
    word.bytes().map(byte).collect()
}

/// A packed file as an input: its parts, those of .xlsb as their records. `None` where it cannot be unpacked.
pub fn of_packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).ok()?;
        let name = file.name().ok()?.into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).ok()?;
        if name.ends_with(".bin") {
            content = of_records_12(&content);
        }
        parts.push((name, content));
    }
    Some(join(&parts))
}

/// A stream of .xls as an input.
pub fn of_stream(mut stream: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    while let Some((head, rest)) = stream.split_at_checked(4) {
        let length = usize::from(u16::from_le_bytes([head[2], head[3]])).min(rest.len());
        push_record(&mut data, [head[0], head[1]], &rest[..length]);
        stream = &rest[length..];
    }
    data
}

fn of_records_12(mut part: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    while let Some((kind, rest)) = varying(part, 2) {
        let Some((length, rest)) = varying(rest, 4) else { break };
        let length = length.min(rest.len());
        push_record(&mut data, [kind as u8, (kind >> 8) as u8], &rest[..length]);
        part = &rest[length..];
    }
    data
}

/// A number of seven bits a byte, in so many bytes at most, and what follows it.
fn varying(bytes: &[u8], most: usize) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().take(most).enumerate() {
        number |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[place + 1..]));
        }
    }
    None
}

fn push_record(data: &mut Vec<u8>, kind: [u8; 2], content: &[u8]) {
    data.extend_from_slice(&MARK);
    data.extend_from_slice(&kind);
    data.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::records;

    #[test]
    fn records_become_inputs_and_records_again() {
        let stream = [0x09, 0x08, 2, 0, 0, 6, 0x0a, 0, 0, 0];
        assert_eq!(records(&of_stream(&stream)), Some(vec![(0x0809, &[0, 6][..]), (0x000a, &[][..])]));
        let part = [0x83, 0x01, 0, 0x9c, 0x01, 3, 1, 2, 3];
        let kinds: Vec<u16> = records(&of_records_12(&part)).unwrap().iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [131, 156]);
    }

    #[test]
    fn dictionaries_hold_what_the_targets_speak_of() {
        assert!(dictionary("formula").contains("\"XLOOKUP(\"\n"));
        assert!(dictionary("xlsx").contains("\" t=\\\"s\\\">\"\n"));
        assert!(dictionary("xlsx").contains("\"\\x0A=== xl/styles.xml\\x0A\""));
        assert!(dictionary("evaluator").is_empty());
    }
}

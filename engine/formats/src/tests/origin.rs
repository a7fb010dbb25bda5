//! Where files were calculated, by what their parts tell.

use super::support::*;

/// The cases: what the parts say, and what follows.
const CASES: &str = include_str!("../../cases/origin.tsv");

fn parts(fields: &[&str]) -> Parts {
    let [headings, program, styles, language, sheets, ..] = fields else { panic!("{fields:?}: too few") };
    let list = |text: &str| -> Vec<String> {
        text.split(';').filter(|part| *part != "-").map(str::to_owned).collect()
    };
    let headings: String = list(headings)
        .iter()
        .map(|word| format!("<vt:variant><vt:lpstr>{word}</vt:lpstr></vt:variant>"))
        .collect();
    let app = format!(
        "<Properties xmlns:vt=\"v\"><Application>{program}</Application><HeadingPairs><vt:vector>{headings}</vt:vector>
        </HeadingPairs><TitlesOfParts><vt:vector><vt:lpstr>Arbeitsblätter</vt:lpstr></vt:vector></TitlesOfParts></Properties>"
    );
    let language = list(language).concat();
    let core = format!(
        "<cp:coreProperties xmlns:dc=\"d\" xmlns:cp=\"c\"><dc:language>{language}</dc:language></cp:coreProperties>"
    );
    let styles: String = list(styles)
        .iter()
        .filter_map(|style| style.split_once('='))
        .map(|(number, name)| format!("<cellStyle name=\"{name}\" xfId=\"0\" builtinId=\"{number}\"/>"))
        .collect();
    let sheets: String = list(sheets)
        .iter()
        .map(|name| format!("<sheet name=\"{name}\" sheetId=\"1\" r:id=\"rId1\"/>"))
        .collect();
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/>
        <Relationship Id=\"r2\" Type=\"{kind}/extended-properties\" Target=\"docProps/app.xml\"/>
        <Relationship Id=\"r3\" Type=\"x/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
    );
    let book = format!("<workbook xmlns:r=\"r\"><sheets>{sheets}</sheets></workbook>");
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/>
        <Relationship Id=\"rId2\" Type=\"{kind}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let styles = format!("<styleSheet><cellStyles>{styles}</cellStyles></styleSheet>");
    xlsx(&["<sheetData/>"])
        .with("_rels/.rels", root)
        .with("docProps/app.xml", app)
        .with("docProps/core.xml", core)
        .with("xl/workbook.xml", book)
        .with("xl/_rels/workbook.xml.rels", relations)
        .with("xl/styles.xml", styles)
}

#[test]
fn what_a_container_tells_of_its_origin() {
    for line in CASES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let origin = load(&parts(&fields).bytes(), "x.xlsx").workbook.calculated_in;
        let tag = origin.locale.as_ref().map_or("-", |hint| hint.tag);
        let system = if origin.macintosh { "mac" } else { "-" };
        assert_eq!([tag, system], fields[5..], "{line}: {origin:?}");
        assert!(origin.locale.is_none_or(|hint| hint.reason.ends_with('.')), "{line}: a sentence");
    }
}

//! .ods files, their content written by hand.

use super::support::*;
use crate::FileFormat;
use values::{Cell, Col, DateSystem, Row, SheetId};
use workbook::{Alignment, Color, Iteration, Visibility};

/// A small spreadsheet with most of what is read.
pub(super) fn example() -> Parts {
    ods(concat!(
        r#"<table:calculation-settings table:precision-as-shown="true"><table:iteration table:status="enable" table:steps="9" table:maximum-difference="0.25"/></table:calculation-settings>"#,
        r#"<table:table table:name="Sheet1"><table:table-column/>"#,
        r#"<table:table-row><table:table-cell office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>"#,
        r#"<table:table-cell table:formula="of:=[.A1]*[$'My data'.B2]" office:value-type="float" office:value="6"><text:p>6</text:p></table:table-cell>"#,
        r#"<table:table-cell table:formula="of:=IF([.A1]&gt;1;&quot;a;b&quot;;0)" office:value-type="string" office:string-value="a;b"><text:p>a;b</text:p></table:table-cell>"#,
        r#"<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2" office:value-type="string"><text:p>one</text:p><text:p>two<text:s text:c="2"/>x</text:p></table:table-cell><table:covered-table-cell/>"#,
        r#"</table:table-row>"#,
        r#"<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="5"/></table:table-row>"#,
        r#"<table:table-row><table:table-cell office:value-type="date" office:date-value="2024-01-31"><text:p>x</text:p></table:table-cell>"#,
        r#"<table:table-cell office:value-type="time" office:time-value="PT36H00M00S"><text:p>x</text:p></table:table-cell>"#,
        r#"<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>"#,
        r#"<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell></table:table-row>"#,
        r#"<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>"#,
        r#"<table:table-cell table:number-matrix-columns-spanned="1" table:number-matrix-rows-spanned="2" table:formula="of:={1|2}*[.A1]" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>"#,
        r#"<table:table-cell table:formula="of:=MULTIPLE.OPERATIONS([.A1];[.A2];[.A3])" office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell></table:table-row>"#,
        r#"<table:table-row><table:table-cell/><table:table-cell office:value-type="float" office:value="4"><text:p>4</text:p></table:table-cell></table:table-row>"#,
        r#"</table:table><table:table table:name="My data" table:style-name="gone"><table:table-row/></table:table>"#,
        r#"<table:named-expressions><table:named-range table:name="rate" table:base-cell-address="$Sheet1.$A$1" table:cell-range-address="$Sheet1.$A$1"/>"#,
        r#"<table:named-expression table:name="twice" table:base-cell-address="$Sheet1.$A$1" table:expression="of:=2*[$Sheet1.$A$1]"/></table:named-expressions>"#,
    ))
}

#[test]
fn values_formulas_and_what_calamine_does_not_give() {
    let loaded = load(&example().bytes(), "x.ods");
    check_cells(
        &loaded,
        &[
            "A1 2",
            "B1 =A1*'My data'!B2 -> 6",
            "C1 =IF(A1>1,\"a;b\",0) -> \"a;b\"",
            "D1 \"one\\ntwo  x\"",
            "A5 45322",
            "B5 1.5",
            "C5 0.5",
            "D5 TRUE",
            "A6 =1/0 -> #DIV/0!",
            "B6:B7 legacy {={1;2}*A1} -> 2",
            "C6 =#NAME? -> 3",
            "B7 4",
        ],
    );
    let workbook = &loaded.workbook;
    assert_eq!(workbook.sheets[0].merged[0].to_string(), "D1:E2");
    assert_eq!(workbook.sheets[1].visibility, Visibility::Hidden);
    assert_eq!(workbook.iteration, Some(Iteration { count: 9, delta: 0.25 }));
    assert!(workbook.precision_as_displayed);
    assert_eq!(workbook.date_system, DateSystem::V1900);
    let format = |cell: &str| workbook.style(SheetId(0), cell.parse().unwrap()).number_format.to_string();
    assert_eq!([format("A1"), format("C5"), format("B5")], ["General", "0.00%", "[h]:mm:ss"]);
    assert_ne!(format("A5"), "General");
    assert_eq!(workbook.name("rate", None).unwrap().source, "Sheet1!$A$1");
    assert_eq!(workbook.name("twice", None).unwrap().source, "2*Sheet1!$A$1");
    let notes = notes(&loaded);
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(notes[0].starts_with("Formula Sheet1!C6: ") && notes[0].contains("MULTIPLE.OPERATIONS"));
}

#[test]
fn databases_are_names() {
    let loaded = load(
        &ods(concat!(
            r#"<table:table table:name="My data"><table:table-row>"#,
            r#"<table:table-cell table:formula="of:=SUM(EP)+SUM(rate)"/></table:table-row></table:table>"#,
            r#"<table:named-expressions><table:named-range table:name="rate" table:base-cell-address="$'My data'.$A$1" table:cell-range-address="$'My data'.$C$1"/></table:named-expressions>"#,
            r#"<table:database-ranges>"#,
            r#"<table:database-range table:name="EP" table:target-range-address="'My data'.B2:'My data'.D9"/>"#,
            r#"<table:database-range table:name="RATE" table:target-range-address="'My data'.B2:'My data'.D9"/>"#,
            r#"<table:database-range table:name="__Anonymous_Sheet_DB__0" table:target-range-address="'My data'.A1:'My data'.D9"/>"#,
            r#"<table:database-range table:name="gone" table:target-range-address=""/>"#,
            r#"</table:database-ranges>"#,
        ))
        .bytes(),
        "x.ods",
    );
    let names: Vec<String> =
        loaded.workbook.names.iter().map(|name| format!("{} {}", name.name, name.source)).collect();
    assert_eq!(names, ["rate 'My data'!$C$1", "EP 'My data'!$B$2:$D$9"]);
    assert!(notes(&loaded).is_empty());
}

#[test]
fn the_language_of_the_cells_tells_the_locale() {
    let of = |language: &str| {
        let styles = format!(
            "<style:default-style style:family=\"table-cell\"><style:text-properties {language}/></style:default-style>"
        );
        let loaded = load(&styled(&styles, "<table:table table:name=\"a\"><table:table-row><table:table-cell/></table:table-row></table:table>").bytes(), "x.ods");
        loaded.workbook.calculated_in.locale.map(|hint| hint.tag)
    };
    assert_eq!(of(r#"fo:language="fr" fo:country="FR""#), Some("fr-FR"));
    assert_eq!(of(r#"fo:language="en" fo:country="US""#), None);
    assert_eq!(of(r#"fo:language="none" fo:country="none""#), None);
    assert_eq!(of(""), None);
}

#[test]
fn calamine_panics_become_errors() {
    // A row that holds no cells but something else is beyond what calamine expects.
    let content =
        r#"<table:table table:name="a"><table:table-row><text:p>x</text:p></table:table-row></table:table>"#;
    assert!(error(&ods(content).bytes(), "x.ods").to_string().contains("damaged"));
}

/// Elements and attributes with the prefixes that calamine expects in front of them.
fn prefixed(styles: &str) -> String {
    let of_style = ["map", "text-properties"];
    let mut xml = String::new();
    for (number, piece) in styles.split('<').enumerate() {
        if number == 0 {
            continue;
        }
        let (slash, rest) = piece.strip_prefix('/').map_or(("", piece), |rest| ("/", rest));
        let prefix = if of_style.iter().any(|name| rest.starts_with(name)) { "style" } else { "number" };
        xml += &format!("<{slash}{prefix}:{rest}");
    }
    for attribute in ["name=", "condition=", "apply-style-name="] {
        xml = xml.replace(&format!(" {attribute}"), &format!(" style:{attribute}"));
    }
    xml
}

const NAMESPACES: &str = "xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\"";

/// A file with styles in front of its content.
fn styled(styles: &str, spreadsheet: &str) -> Parts {
    let parts = ods(spreadsheet);
    let (_, content) = parts.parts.iter().find(|(name, _)| name == "content.xml").unwrap().clone();
    let content = String::from_utf8(content).unwrap();
    let content = content
        .replace("</office:automatic-styles>", &format!("{styles}</office:automatic-styles>"))
        .replacen("xmlns:office", &format!("{NAMESPACES} xmlns:office"), 1);
    parts.with("content.xml", content)
}

#[test]
fn number_styles_become_format_codes() {
    let cases = include_str!("../../cases/ods_number_styles.tsv");
    let cases: Vec<(&str, &str)> = cases
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect();
    assert!(cases.len() > 25);
    let mut wrong = Vec::new();
    for (styles, code) in cases {
        // The last style has no name: it gets one.
        let at = styles.rfind("-style>").and_then(|end| styles[..end].rfind("</")).unwrap();
        let closing = &styles[at + 2..styles.len() - 1];
        let begin = styles.rfind(&format!("<{closing}")).unwrap() + 1 + closing.len();
        let named = format!("{} name=\"N1\"{}", &styles[..begin], &styles[begin..]);
        let styles = prefixed(&named)
            + "<style:style style:name=\"ce1\" style:family=\"table-cell\" style:data-style-name=\"N1\"/>";
        let table = "<table:table table:name=\"a\"><table:table-row><table:table-cell table:style-name=\"ce1\" \
            office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell></table:table-row></table:table>";
        let loaded = load(&styled(&styles, table).bytes(), "x.ods");
        let found = &loaded.workbook.style(SheetId(0), Cell::default()).number_format;
        if found != code {
            wrong.push(format!("{code} is {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn cells_columns_and_rows_look_as_in_the_file() {
    let common = r##"<office:document-styles xmlns:office="o" xmlns:style="s" xmlns:fo="f"><office:styles>
        <style:default-style style:family="table-cell"><style:text-properties fo:font-size="10pt"/></style:default-style>
        <style:style style:name="Default" style:family="table-cell"/>
        <style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-weight="bold" fo:color="#102030"/></style:style>
        </office:styles></office:document-styles>"##;
    let styles = concat!(
        r##"<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Heading_20_1"><style:table-cell-properties fo:background-color="#ffff00" style:cell-protect="none" fo:border="0.5pt solid #000000"/><style:paragraph-properties fo:text-align="end"/><style:text-properties fo:font-style="italic"/></style:style>"##,
        r##"<number:percentage-style style:name="N10"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>"##,
        r##"<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N10"/>"##,
        r##"<style:style style:name="loop" style:family="table-cell" style:parent-style-name="loop"/>"##,
    );
    let table = concat!(
        r#"<table:table table:name="Sheet1" table:protected="true"><table:table-column table:default-cell-style-name="Default"/><table:table-column table:number-columns-repeated="2" table:default-cell-style-name="ce2"/><table:table-column table:visibility="collapse"/>"#,
        r#"<table:table-row><table:table-cell table:style-name="ce1"/><table:table-cell office:value-type="float" office:value="0.5"><text:p>x</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-01-31"><text:p>x</text:p></table:table-cell><table:table-cell table:style-name="loop" office:value-type="percentage" office:value="1"><text:p>x</text:p></table:table-cell></table:table-row>"#,
        r#"<table:table-row table:visibility="filter" table:number-rows-repeated="2"><table:table-cell table:style-name="ce2" table:number-columns-repeated="16384"/></table:table-row>"#,
        r#"<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:style-name="ce1" table:number-columns-repeated="16384"/></table:table-row></table:table>"#,
    );
    let loaded = load(&styled(styles, table).with("styles.xml", common).bytes(), "x.ods");
    let book = &loaded.workbook;
    let style = |cell: &str| book.style(SheetId(0), cell.parse().unwrap()).clone();
    let heading = style("A1");
    assert!(heading.font.bold && heading.font.italic && heading.bordered && !heading.locked);
    assert_eq!(heading.font.size_pt, 10.0);
    assert_eq!(heading.font.color, Some(Color { red: 16, green: 32, blue: 48 }));
    assert_eq!(heading.fill, Some(Color { red: 255, green: 255, blue: 0 }));
    assert_eq!(heading.alignment, Alignment::Right);
    assert_eq!(heading.named_style.as_deref(), Some("Heading 1"));
    assert_eq!(style("B1").number_format, "0.0%");
    assert_eq!(style("C1").number_format, "0.0%", "the column's, whatever the value is");
    assert_eq!(style("D1").number_format, "0.00%", "by the kind of value");
    assert_eq!(style("A2").number_format, "0.0%");
    assert_eq!(style("B900").number_format, "0.0%", "the column's");
    let sheet = &book.sheets[0];
    assert!(sheet.protected && !sheet.column_visible(Col(3)) && sheet.column_visible(Col(2)));
    assert!(
        sheet.row_visible(Row(0))
            && !sheet.row_visible(Row(1))
            && !sheet.row_visible(Row(2))
            && sheet.row_visible(Row(3))
    );
    assert_eq!(sheet.filter.map(|rect| (rect.top, rect.bottom)), Some((Row(1), Row(2))));
    assert!(sheet.styles.len() < 100, "{}", sheet.styles.len());
}

/// A flat file with the content of a container.
fn flat(parts: &Parts) -> String {
    let (_, content) = parts.parts.iter().find(|(name, _)| name == "content.xml").unwrap();
    let content = String::from_utf8(content.clone()).unwrap();
    content.replace("office:document-content", "office:document").replacen(
        " xmlns:office",
        " office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\" xmlns:office",
        1,
    )
}

#[test]
fn flat_files_are_the_same_in_one_part() {
    let flat = flat(&example());
    // Charts with tables of their own, pictures and macros lie over the cells.
    let over = format!(
        "<table:shapes><x/></table:shapes><office:forms/><table:table-column/>\
         <table:table-row><table:table-cell><draw:frame xmlns:draw=\"d\"><draw:object><office:document><table:table table:name=\"t\">\
         <table:table-row><table:table-cell/></table:table-row></table:table></office:document></draw:object>\
         <draw:image><office:binary-data>{}</office:binary-data></draw:image></draw:frame></table:table-cell></table:table-row>",
        "QUJD".repeat(100_000)
    );
    let with_objects = flat.replacen("</table:table>", &format!("{over}</table:table>"), 1);
    let macros = "<office:scripts><x:module xmlns:x=\"x\">Sub a\nEnd Sub</x:module></office:scripts><office:automatic-styles>";
    let with_macros = flat.replacen("<office:automatic-styles>", macros, 1);
    let shown = |loaded: &crate::Loaded| cells(&loaded.workbook, &loaded.workbook.sheets[0]);
    let expected = shown(&load(&example().bytes(), "x.ods"));
    let indented = flat.replace("<table:", "\n  <table:").replace("</table:", "\n </table:");
    for (text, name) in
        [(&flat, "x.fods"), (&indented, "x.fods"), (&with_objects, "x.xml"), (&with_macros, "x.ods")]
    {
        let loaded = load(text.as_bytes(), name);
        assert_eq!(loaded.report.format, FileFormat::Fods);
        assert_eq!(shown(&loaded), expected);
    }
    assert!(load(with_macros.as_bytes(), "").report.notes.iter().any(|note| note.message.contains("macros")));
    let document = flat.replacen("<office:document", "<!DOCTYPE a [<!ENTITY b \"c\">]><office:document", 1);
    assert!(error(document.as_bytes(), "x.fods").to_string().contains("document type"));
    let text = flat.replacen("opendocument.spreadsheet", "opendocument.text", 1);
    assert!(error(text.as_bytes(), "x.fods").to_string().contains("another kind"));
    assert!(error(flat.split_at(flat.len() / 2).0.as_bytes(), "x.fods").to_string().contains("damaged"));
}

#[test]
fn names_count_from_their_base_and_belong_to_their_sheets() {
    let name = |name: &str, base: &str, text: &str| {
        format!(
            "<table:named-expression table:name=\"{name}\" table:base-cell-address=\"{base}\" table:expression=\"{text}\"/>"
        )
    };
    let own = format!(
        "<table:named-expressions><table:named-range table:name=\"local\" table:base-cell-address=\"$Two.$A$1\" \
         table:cell-range-address=\"$Two.$B$2:.$B$3\"/>{}</table:named-expressions>",
        name("above", "$Two.$A$9", "[.$A8]")
    );
    let common = [
        name("left", "$One.$C$5", "[.B5]*2"),
        name("above", "$One.$A$2", "of:=[.A1]"),
        name("fixed", "$One.$C$5", "[$One.$A$1]"),
    ];
    let loaded = load(
        &ods(&format!(
            "<table:table table:name=\"One\"><table:table-row/></table:table>\
             <table:table table:name=\"Two\">{own}<table:table-row/></table:table>\
             <table:named-expressions>{}</table:named-expressions>",
            common.concat()
        ))
        .bytes(),
        "x.ods",
    );
    let workbook = &loaded.workbook;
    let at = |name: &str, sheet: Option<SheetId>, cell: &str| {
        let formula = workbook.name(name, sheet).unwrap().formula.clone().unwrap();
        formula::print(&formula, cell.parse().unwrap(), workbook, formula::Style::File)
    };
    assert_eq!(at("left", None, "F7"), "E7*2");
    assert_eq!(at("fixed", None, "F7"), "One!$A$1");
    assert_eq!(at("above", None, "F7"), "F6");
    assert_eq!(at("above", Some(SheetId(1)), "F7"), "$A6");
    assert_eq!(at("local", Some(SheetId(1)), "A1"), "Two!$B$2:$B$3");
    assert!(workbook.name("local", None).is_none());
    assert_eq!(workbook.name("left", None).unwrap().source, "B5*2", "as the file has it");
    assert!(loaded.report.notes.is_empty(), "{:#?}", notes(&loaded));
}

#[test]
fn rows_that_a_filter_hides_are_told_from_others() {
    let sheet = |visibility: &str| {
        let cell = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
        load(
            &ods(&format!(
                "<table:table table:name=\"S\"><table:table-row>{cell}</table:table-row>\
                 <table:table-row table:visibility=\"{visibility}\">{cell}</table:table-row></table:table>"
            ))
            .bytes(),
            "x.ods",
        )
    };
    for (visibility, filtered) in [("filter", true), ("collapse", false)] {
        let loaded = sheet(visibility);
        let sheet = &loaded.workbook.sheets[0];
        assert!(!sheet.row_visible(Row(1)));
        assert_eq!((sheet.filtered, sheet.filter.is_some()), (filtered, filtered), "{visibility}");
    }
}

#[test]
fn validations_of_the_case_file() {
    let lines = || {
        let lines = include_str!("../../cases/ods_validations.tsv").lines();
        lines.filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap())
    };
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let rules: Vec<String> = (0..)
        .zip(lines())
        .map(|(number, (condition, _))| {
            format!(
                "<table:content-validation table:name=\"r{number}\" table:condition=\"{}\" \
                 table:base-cell-address=\"S.B2\"/>",
                escaped(condition)
            )
        })
        .collect();
    let rows: Vec<String> = (0..rules.len())
        .map(|number| {
            format!(
                "<table:table-row><table:table-cell table:content-validation-name=\"r{number}\"/></table:table-row>"
            )
        })
        .collect();
    let content = format!(
        "<table:content-validations>{}</table:content-validations><table:table table:name=\"S\">{}</table:table>",
        rules.concat(),
        rows.concat()
    );
    let loaded = load(&ods(&content).bytes(), "x.ods");
    let workbook = &loaded.workbook;
    let base = "B2".parse().unwrap();
    let print = |formula: &Option<std::sync::Arc<formula::Formula>>| {
        formula.as_ref().map(|formula| formula::print(formula, base, workbook, formula::Style::File))
    };
    let mut found = workbook.sheets[0].validations.iter();
    for (condition, expected) in lines() {
        let rule = found.next().unwrap();
        let operator = match rule.kind {
            workbook::ValidationKind::Any
            | workbook::ValidationKind::List
            | workbook::ValidationKind::Custom => String::new(),
            _ => format!(" {:?}", rule.operator),
        };
        let bounds: Vec<String> = [print(&rule.first), print(&rule.second)].into_iter().flatten().collect();
        let shown = format!("{:?}{operator} {}", rule.kind, bounds.join(" and "));
        assert_eq!(shown.trim_end(), expected, "{condition}");
    }
    let refused = lines().filter(|(_, expected)| *expected == "Any").count() - 1;
    assert_eq!(loaded.report.notes.len(), refused, "{:#?}", notes(&loaded));
}

#[test]
fn validations_have_their_cells_and_messages() {
    let rule = |name: &str, more: &str, inner: &str| {
        format!(
            "<table:content-validation table:name=\"{name}\" \
             table:condition=\"of:cell-content-is-in-list(&quot;a&quot;;&quot;b&quot;)\" {more}>{inner}</table:content-validation>"
        )
    };
    let messages = "<table:help-message table:title=\"Hint\" table:display=\"true\"><text:p>Choose</text:p></table:help-message>\
        <table:error-message table:message-type=\"warning\" table:title=\"Hm\"><text:p>Really?</text:p></table:error-message>";
    let cell = |rule: &str, repeated: u32| {
        format!(
            "<table:table-cell table:content-validation-name=\"{rule}\" table:number-columns-repeated=\"{repeated}\"/>"
        )
    };
    let content = format!(
        "<table:content-validations>{}{}{}</table:content-validations><table:table table:name=\"S\">\
         <table:table-row>{}{}</table:table-row><table:table-row table:number-rows-repeated=\"3\">{}</table:table-row>\
         <table:table-row/><table:table-row>{}</table:table-row></table:table>",
        rule("one", "table:allow-empty-cell=\"false\" table:display-list=\"none\"", messages),
        rule("two", "", ""),
        rule("unused", "", ""),
        cell("one", 2),
        cell("two", 1),
        cell("one", 2),
        cell("one", 2),
    );
    let loaded = load(&ods(&content).bytes(), "x.ods");
    let [one, two] = &loaded.workbook.sheets[0].validations[..] else { panic!("two rules are followed") };
    let areas = |rule: &workbook::Validation| rule.areas.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(areas(one), ["A1:B4", "A6:B6"]);
    assert_eq!(areas(two), ["C1"]);
    assert!(!one.allow_blank && !one.dropdown && two.allow_blank && two.dropdown);
    assert_eq!((one.prompt_title.as_deref(), one.prompt.as_deref()), (Some("Hint"), Some("Choose")));
    assert_eq!((one.error_title.as_deref(), one.error.as_deref()), (Some("Hm"), Some("Really?")));
    assert_eq!(one.style, workbook::ValidationStyle::Warning);
    assert!(two.prompt.is_none() && two.error.is_none());
}

#[test]
fn other_files_are_known_by_what_is_remembered_of_them() {
    let table = |file: &str, sheet: &str, value: u32| {
        format!(
            "<table:table table:name=\"'file:///{file}'#{sheet}\" table:style-name=\"gone\"><table:table-source \
             table:table-name=\"{sheet}\" table:mode=\"copy-results-only\"/><table:table-column/><table:table-row>\
             <table:table-cell office:value-type=\"float\" office:value=\"{value}\"/></table:table-row></table:table>"
        )
    };
    let cell = |formula: &str| {
        format!(
            "<table:table-cell table:formula=\"of:={formula}\" office:value-type=\"float\" office:value=\"1\"/>"
        )
    };
    let formulas =
        ["['file:///a.ods'#$One.A1]+[$Own.A1]", "['file:///b.ods'#$One.A1]", "['file:///c.ods'#$One.A1]"];
    let content = format!(
        "<table:table table:name=\"S\"><table:table-row>{}</table:table-row></table:table>{}{}{}\
         <table:table table:name=\"Own\"><table:table-row/></table:table>",
        formulas.map(cell).concat(),
        table("a.ods", "One", 5),
        table("b.ods", "One", 6),
        table("a.ods", "Two", 7)
    );
    let loaded = load(&ods(&content).bytes(), "x.ods");
    check_cells(&loaded, &["A1 =[1]One!A1+Own!A1 -> 1", "B1 =[2]One!A1 -> 1", "C1 =#NAME? -> 1"]);
    let workbook = &loaded.workbook;
    let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["S", "Own"]);
    let remembered: Vec<String> = workbook
        .external_books
        .iter()
        .flat_map(|book| book.sheets.iter().map(move |(name, grid)| (&book.target, name, grid)))
        .map(|(target, name, grid)| format!("{target} {name} {}", show(grid.get(Cell::default()))))
        .collect();
    assert_eq!(remembered, ["file:///a.ods One 5", "file:///a.ods Two 7", "file:///b.ods One 6"]);
    assert_eq!(notes(&loaded).iter().filter(|note| note.starts_with("ExternalLink")).count(), 2);
}

/// Where the labels of two fields share a column, the headings do not tell which is which. More fields than any honest
/// pivot table has cost it too, and not the file.
#[test]
fn pivot_tables_need_a_column_of_labels_for_each_field() {
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"5\"/>";
    let row = |cells: [String; 3]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let rows = [
        row([text("Region"), text("Product"), text("Sum - Sales")]),
        row([text("North"), text("Apple"), number.to_owned()]),
        row([text("Total Result"), text(""), number.to_owned()]),
    ];
    let field = |name: &str, side: &str| {
        format!("<table:data-pilot-field table:source-field-name=\"{name}\" table:orientation=\"{side}\"/>")
    };
    let pivots = |buttons: &str, others: usize| {
        let content = format!(
            "<table:table table:name=\"P\">{}</table:table><table:data-pilot-tables><table:data-pilot-table \
             table:name=\"D\" table:target-range-address=\"P.A1:P.C3\" table:buttons=\"{buttons}\">{}{}{}{}\
             </table:data-pilot-table></table:data-pilot-tables>",
            rows.concat(),
            field("Region", "row"),
            field("Product", "row"),
            field("Sales", "data"),
            field("Other", "hidden").repeat(others)
        );
        let loaded = load(&ods(&content).bytes(), "x.ods");
        (loaded.workbook.sheets[0].pivots.len(), notes(&loaded).len())
    };
    assert_eq!(pivots("P.A1 P.B1", 0), (1, 0));
    assert_eq!(pivots("P.A1", 0), (0, 1));
    assert_eq!(pivots("P.A1 P.B1", 16_381), (1, 0));
    assert_eq!(pivots("P.A1 P.B1", 16_382), (0, 1));
    assert_eq!(pivots("", 0), (0, 1));
    assert_eq!(pivots("P.A1 P.B1", 16_381), (1, 0));
    assert_eq!(pivots("P.A1 P.B1", 16_382), (0, 1));
}

//! .ods files, their content written by hand.

use super::support::*;
use values::{DateSystem, SheetId};
use workbook::{Iteration, Visibility};

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
fn calamine_panics_become_errors() {
    // A row that holds no cells but something else is beyond what calamine expects.
    let content =
        r#"<table:table table:name="a"><table:table-row><text:p>x</text:p></table:table-row></table:table>"#;
    assert!(error(&ods(content).bytes(), "x.ods").to_string().contains("damaged"));
}

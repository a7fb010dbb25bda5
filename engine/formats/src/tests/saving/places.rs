//! Rows and columns that came or went: all that speaks of cells follows, in every part.

use super::random::{Numbers, original};
use super::*;
use crate::patch::TableArea;
use formula::{Host, Shift, Slide};
use rust_xlsxwriter as writer;
use workbook::{ArrayFormula, Sheet, Workbook};

fn rows(sheet: u16, slide: Slide) -> Shift {
    Shift::Rows { sheet: SheetId(sheet), slide }
}

/// The workbook after a change of places, each cell and formula by itself.
fn moved(book: &Workbook, shift: &Shift) -> Workbook {
    let mut after = book.clone();
    for (id, sheet) in book.sheets() {
        let mut new = Sheet::new(&sheet.name);
        for (cell, value) in sheet.grid.iter() {
            if let Some((_, to)) = shift.cell(id, cell) {
                new.grid.set(to, value.clone());
            }
        }
        let mut template = |template, from: Cell, to: Cell| {
            let old = book.templates.get(template);
            let (from, to) = (Host { sheet: id, cell: from }, Host { sheet: id, cell: to });
            let now = old.adjusted(from, to, shift).formula.unwrap_or_else(|| (**old).clone());
            after.templates.intern(now)
        };
        for (col, runs) in sheet.formulas.iter().enumerate() {
            for (first, last, id_of) in runs.iter() {
                for row in first.0..=last.0 {
                    let from = Cell::new(row, col as u16);
                    if let Some((_, to)) = shift.cell(id, from) {
                        new.set_formula(to, Some(template(id_of, from, to)));
                    }
                }
            }
        }
        for (from, array) in &sheet.arrays {
            if let Some((_, to)) = shift.cell(id, *from) {
                let rect = shift.area(values::Area { sheet: id, rect: array.rect }).unwrap().rect;
                let template = template(array.template, *from, to);
                new.arrays.insert(to, ArrayFormula { anchor: to, rect, template, kind: array.kind });
            }
        }
        after.sheets[usize::from(id.0)] = new;
    }
    after
}

#[test]
fn cells_and_formulas_follow_as_each_would_by_itself() {
    let mut numbers = Numbers(77);
    for round in 0..150 {
        let file = original(&mut numbers);
        let before = load(&file, "x.xlsx").workbook;
        let mut places = Vec::new();
        let mut model = before;
        for _ in 0..=numbers.below(3) {
            let (at, count) = (numbers.below(9) as u32, 1 + numbers.below(3) as u32);
            let slide = match numbers.below(2) {
                0 => Slide::Insert { at, count },
                _ => Slide::Delete { at, count },
            };
            let sheet = SheetId(numbers.below(2) as u16);
            let shift = match numbers.below(3) {
                0 => Shift::Cols { sheet, slide },
                _ => Shift::Rows { sheet, slide },
            };
            model = moved(&model, &shift);
            places.push(shift);
        }
        let saved = saved(&file, &Changes { places: places.clone(), ..Changes::default() });
        let again = load(&saved.bytes, "x.xlsx");
        assert_eq!(examples::dump(&again.workbook), examples::dump(&model), "round {round}: {places:?}");
        assert!(again.report.notes.is_empty(), "{:?}", notes(&again));
    }
}

/// A workbook with most parts that speak of cells.
fn rich() -> Vec<u8> {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..9 {
        sheet.write(row, 0, f64::from(row)).unwrap();
    }
    let mut chart = writer::Chart::new(writer::ChartType::Line);
    chart.add_series().set_values("Sheet1!$A$1:$A$9").set_name("Sheet1!$A$5");
    sheet.insert_chart(3, 2, &chart).unwrap();
    sheet.insert_note(4, 0, &writer::Note::new("gone").add_author_prefix(false)).unwrap();
    sheet.insert_note(6, 0, &writer::Note::new("stays").add_author_prefix(false)).unwrap();
    let other = book.add_worksheet();
    other.write_formula(0, 0, "SUM(Sheet1!A1:A9)").unwrap();
    other.write_formula(1, 0, "1+1").unwrap();
    book.define_name("all", "=Sheet1!$A$1:$A$9").unwrap();
    book.define_name("fifth", "=Sheet1!$A$5").unwrap();
    book.define_name("rate", "=0.19").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn charts_notes_names_and_other_sheets_follow() {
    let original = rich();
    let changes = Changes { places: vec![rows(0, Slide::Delete { at: 4, count: 1 })], ..Changes::default() };
    let saved = saved(&original, &changes);
    let now = |name: &str| part(&saved.bytes, name);
    let changed = [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/charts/chart1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/drawings/drawing1.xml",
    ];
    assert_kept(&original, &saved.bytes, &changed, &[], &[]);
    assert!(now("xl/charts/chart1.xml").contains("<c:f>Sheet1!$A$1:$A$8</c:f>"));
    assert!(
        now("xl/charts/chart1.xml").contains("<c:f>Sheet1!#REF!</c:f>")
            || now("xl/charts/chart1.xml").contains("<c:f>#REF!</c:f>")
    );
    let comments = now("xl/comments1.xml");
    assert!(comments.contains("ref=\"A6\"") && comments.matches("<comment ").count() == 1, "{comments}");
    let shapes = now("xl/drawings/vmlDrawing1.vml");
    assert!(shapes.contains("<x:Row>5</x:Row>") && shapes.matches("<v:shape ").count() == 1, "{shapes}");
    let loaded = load(&saved.bytes, "x.xlsx");
    let names: Vec<&str> = loaded.workbook.names.iter().map(|name| name.source.as_str()).collect();
    assert_eq!(names, ["Sheet1!$A$1:$A$8", "#REF!", "0.19"]);
    assert_eq!(
        cells(&loaded.workbook, &loaded.workbook.sheets[1]),
        "A1 =SUM(Sheet1!A1:A8) -> 0\nA2 =1+1 -> 0"
    );
    assert_eq!(loaded.workbook.sheets[0].notes.len(), 1);
    // The chart began in row 4 and so stays; its end moves up.
    let drawing = |bytes: &[u8]| {
        let text = part(bytes, "xl/drawings/drawing1.xml");
        let rows = text.split("<xdr:row>").skip(1);
        rows.map(|rest| rest.split('<').next().unwrap().parse::<u32>().unwrap()).collect::<Vec<u32>>()
    };
    let (before, after) = (drawing(&original), drawing(&saved.bytes));
    assert_eq!((after[0], after[1]), (before[0], before[1] - 1));
    assert!(saved.calculates_on_opening);
}

#[test]
fn nothing_is_rewritten_where_nothing_follows() {
    let original = rich();
    let changes = Changes { places: vec![rows(0, Slide::Insert { at: 40, count: 2 })], ..Changes::default() };
    let saved = saved(&original, &changes);
    assert_kept(&original, &saved.bytes, &[], &[], &[]);
}

fn table() -> Vec<u8> {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    let table = writer::Table::new().set_name("Sales").set_columns(&[
        writer::TableColumn::new().set_header("Item"),
        writer::TableColumn::new().set_header("Price"),
        writer::TableColumn::new().set_header("Gross").set_formula("C3*2"),
    ]);
    sheet.add_table(1, 1, 4, 3, &table).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn tables_move_and_get_and_lose_columns() {
    let sheet = SheetId(0);
    let places = vec![
        rows(0, Slide::Insert { at: 0, count: 1 }),
        Shift::Cols { sheet, slide: Slide::Insert { at: 2, count: 1 } },
        Shift::Cols { sheet, slide: Slide::Delete { at: 1, count: 1 } },
    ];
    let changes = Changes { places: places.clone(), ..on_sheet(0, [(cell("B3"), constant("New"))]) };
    let saved = saved(&table(), &changes);
    let loaded = load(&saved.bytes, "x.xlsx");
    let now = loaded.workbook.table("Sales").unwrap();
    assert_eq!(now.area.to_string(), "B3:D6");
    let names: Vec<&str> = now.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["New", "Price", "Gross"]);
    assert_eq!(now.columns[2].formula.as_deref(), Some("C4*2"));
    let part = part(&saved.bytes, "xl/tables/table1.xml");
    assert!(part.contains("<tableColumns count=\"3\"><tableColumn id=\"4\" name=\"New\"/>"), "{part}");
    assert!(part.contains("<autoFilter ref=\"B3:D6\""), "{part}");
    let error = refused(&table(), &Changes { places, ..Changes::default() });
    assert!(error.contains("heading in B3"), "{error}");
    let gone = vec![rows(0, Slide::Delete { at: 0, count: 9 })];
    assert!(refused(&table(), &Changes { places: gone, ..Changes::default() }).contains("were deleted"));
    let headless = vec![rows(0, Slide::Delete { at: 1, count: 1 })];
    assert!(
        refused(&table(), &Changes { places: headless, ..Changes::default() }).contains("keeps its headings")
    );
    let area = TableArea { sheet, name: "Sales".into(), area: "B3:D9".parse().unwrap() };
    let grown = Changes {
        places: vec![rows(0, Slide::Insert { at: 0, count: 1 })],
        tables: vec![area],
        ..Changes::default()
    };
    let loaded = load(&super::saved(&table(), &grown).bytes, "x.xlsx");
    assert_eq!(loaded.workbook.table("Sales").unwrap().area.to_string(), "B3:D9");
}

#[test]
fn pivots_and_controls_follow() {
    let relations =
        [("pivotTable", "../pivotTables/pivotTable1.xml"), ("ctrlProp", "../ctrlProps/ctrlProp1.xml")];
    let original = xlsx(&["<sheetData/>"])
        .with(
            "xl/worksheets/_rels/sheet1.xml.rels",
            relations_part(&relations.map(|(a, b)| (a.into(), b.into()))),
        )
        .with("xl/pivotTables/pivotTable1.xml", "<p><location ref=\"A3:B9\" firstHeaderRow=\"1\"/></p>")
        .with(
            "xl/pivotCache/pivotCacheDefinition1.xml",
            "<p><s><worksheetSource ref=\"D1:E9\" sheet=\"Sheet1\"/></s></p>",
        )
        .with(
            "xl/ctrlProps/ctrlProp1.xml",
            "<formControlPr fmlaLink=\"$B$4\" fmlaRange=\"Sheet1!$D$1:$D$9\"/>",
        )
        .bytes();
    let places = vec![rows(0, Slide::Insert { at: 2, count: 2 })];
    let saved = saved(&original, &Changes { places, ..Changes::default() });
    assert!(part(&saved.bytes, "xl/pivotTables/pivotTable1.xml").contains("ref=\"A5:B11\""));
    assert!(part(&saved.bytes, "xl/pivotCache/pivotCacheDefinition1.xml").contains("ref=\"D1:E11\""));
    assert_eq!(
        part(&saved.bytes, "xl/ctrlProps/ctrlProp1.xml"),
        "<formControlPr fmlaLink=\"$B$6\" fmlaRange=\"Sheet1!$D$1:$D$11\"/>"
    );
}

#[test]
fn what_cannot_be_written_into_the_file_is_refused() {
    let original = rich();
    let refusal = |shift: Shift| refused(&original, &Changes { places: vec![shift], ..Changes::default() });
    let area = |text: &str| values::Area { sheet: SheetId(0), rect: text.parse().unwrap() };
    let elsewhere = |text: &str| values::Area { sheet: SheetId(1), ..area(text) };
    // A note stands in a part of its sheet.
    let error = refusal(Shift::Move { from: area("A4:A6"), to: elsewhere("H1:H3") });
    assert!(
        error.contains("Sheet1 with notes were moved to another sheet; save it as a new file"),
        "{error}"
    );
    assert!(refusal(Shift::insert_sheet(SheetId(0), 2)).contains("a new sheet has no name"));
    let all = [Shift::delete_sheet(SheetId(0), 2), Shift::delete_sheet(SheetId(0), 1)];
    let error = refused(&original, &Changes { places: all.to_vec(), ..Changes::default() });
    assert!(error.contains("a workbook needs a sheet"), "{error}");
    let unknown = Shift::Rows { sheet: SheetId(9), slide: Slide::Insert { at: 0, count: 1 } };
    let places = vec![Shift::move_sheet(SheetId(0), SheetId(1), 2), unknown];
    let error = refused(&original, &Changes { places, ..Changes::default() });
    assert!(error.contains("there is no sheet number 10"), "{error}");
}

#[test]
fn a_deleted_sheet_takes_along_what_only_it_leads_to() {
    let original = rich();
    let places = vec![Shift::delete_sheet(SheetId(0), 2)];
    let saved = saved(&original, &Changes { places, ..Changes::default() });
    let gone: Vec<String> = entries(&original)
        .into_iter()
        .map(|raw| raw.name)
        .filter(|name| {
            let theirs = ["sheet1.xml", "drawing", "/charts/", "comments"];
            theirs.iter().any(|own| name.contains(own))
        })
        .collect();
    assert!(gone.len() >= 7, "{gone:?}");
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    let changed = [
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet2.xml",
        "docProps/app.xml",
    ];
    assert_kept(&original, &saved.bytes, &changed, &gone, &[]);
    let types = part(&saved.bytes, "[Content_Types].xml");
    for name in &gone {
        assert!(
            name.ends_with(".vml") || !types.contains(&format!("PartName=\"/{name}\"")),
            "{name}: {types}"
        );
    }
    let loaded = load(&saved.bytes, "x.xlsx");
    assert_eq!(loaded.workbook.sheets.len(), 1);
    assert!(cells(&loaded.workbook, &loaded.workbook.sheets[0]).starts_with("A1 =SUM(#REF!) -> 0"));
    let name = |name: &str| loaded.workbook.name(name, None).unwrap().source.to_string();
    assert_eq!([name("all"), name("fifth"), name("rate")], ["#REF!", "#REF!", "0.19"]);
}

#[test]
fn sheets_come_and_change_places() {
    let mut book = writer::Workbook::new();
    for name in ["One", "Two", "Three"] {
        book.add_worksheet().set_name(name).unwrap().write(0, 0, name).unwrap();
    }
    book.worksheet_from_index(1).unwrap().set_active(true);
    book.worksheet_from_index(2).unwrap().set_hidden(true);
    book.define_name("Two!own", "=Two!$A$1").unwrap();
    book.define_name("Three!own", "=Three!$A$1").unwrap();
    let original = book.save_to_buffer().unwrap();
    // Three, New, One: Two is gone, and what was set on it with it.
    let places = vec![
        Shift::move_sheet(SheetId(2), SheetId(0), 3),
        Shift::insert_sheet(SheetId(1), 3),
        Shift::Rows { sheet: SheetId(2), slide: Slide::Insert { at: 0, count: 1 } },
        Shift::delete_sheet(SheetId(3), 4),
    ];
    let own = BTreeMap::from([(cell("B2"), constant(5.0)), (cell("A1"), Content::Value(Value::text("new")))]);
    let renamed = BTreeMap::from([(SheetId(1), "New & one".into()), (SheetId(2), "First".into())]);
    let changes =
        Changes { places, renamed, cells: BTreeMap::from([(SheetId(1), own)]), ..Changes::default() };
    let saved = saved(&original, &changes);
    let loaded = load(&saved.bytes, "x.xlsx");
    let shown: Vec<String> = loaded
        .workbook
        .sheets
        .iter()
        .map(|sheet| format!("{}: {}", sheet.name, cells(&loaded.workbook, sheet).replace('\n', ", ")))
        .collect();
    let shown: Vec<&str> = shown.iter().map(|text| text.trim_end_matches([',', ' '])).collect();
    assert_eq!(shown, ["Three: A1 \"Three\"", "New & one: A1 \"new\", B2 5", "First: A2 \"One\""]);
    let scopes: Vec<_> =
        loaded.workbook.names.iter().map(|name| (name.scope, name.source.to_string())).collect();
    assert_eq!(scopes, [(workbook::NameScope::Sheet(SheetId(0)), "Three!$A$1".to_owned())]);
    let workbook = part(&saved.bytes, "xl/workbook.xml");
    assert!(workbook.contains("<sheet name=\"New &amp; one\" sheetId=\"4\" r:id="), "{workbook}");
    assert!(workbook.contains("activeTab=\"1\""), "{workbook}");
    let titles = part(&saved.bytes, "docProps/app.xml");
    let listed = "<vt:vector size=\"4\" baseType=\"lpstr\"><vt:lpstr>Three</vt:lpstr><vt:lpstr>New &amp; one</vt:lpstr>\
        <vt:lpstr>First</vt:lpstr><vt:lpstr>Three!own</vt:lpstr></vt:vector>";
    assert!(titles.contains(listed), "{titles}");
    assert!(titles.contains("<vt:i4>3</vt:i4>") && titles.contains("<vt:i4>1</vt:i4>"), "{titles}");
    let changed = [
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/worksheets/sheet1.xml",
        "docProps/app.xml",
    ];
    assert_kept(
        &original,
        &saved.bytes,
        &changed,
        &["xl/worksheets/sheet2.xml"],
        &["xl/worksheets/sheet4.xml"],
    );
}

#[test]
fn the_sheet_that_was_shown_is_shown() {
    let mut book = writer::Workbook::new();
    for name in ["One", "Two", "Three"] {
        book.add_worksheet().set_name(name).unwrap();
    }
    book.worksheet_from_index(1).unwrap().set_hidden(true);
    let original = book.save_to_buffer().unwrap();
    let view = |shift: Shift| {
        let renamed = BTreeMap::from([(SheetId(0), "New".into())]);
        let renamed =
            if matches!(&shift, Shift::Sheets { count: 4, .. }) { renamed } else { BTreeMap::new() };
        let saved = saved(&original, &Changes { places: vec![shift], renamed, ..Changes::default() });
        let workbook = part(&saved.bytes, "xl/workbook.xml");
        workbook.split_once("activeTab=\"").map(|(_, rest)| rest.chars().next().unwrap())
    };
    assert_eq!(view(Shift::insert_sheet(SheetId(0), 3)), Some('1'));
    assert_eq!(view(Shift::move_sheet(SheetId(0), SheetId(2), 3)), Some('2'));
    assert_eq!(view(Shift::delete_sheet(SheetId(2), 3)), None);
    // The hidden sheet is the first one then.
    assert_eq!(view(Shift::delete_sheet(SheetId(0), 3)), Some('1'));
}

#[test]
fn cells_take_looks_that_the_file_has() {
    let mut book = writer::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_with_format(0, 0, 1, &writer::Format::new().set_bold()).unwrap();
    sheet.write(1, 0, 2).unwrap();
    let original = book.save_to_buffer().unwrap();
    let loaded = load(&original, "x.xlsx");
    let bold = loaded.workbook.sheets[0].style(cell("A1"));
    let styles = BTreeMap::from([(SheetId(0), BTreeMap::from([(cell("A2"), bold), (cell("C3"), bold)]))]);
    let changes = Changes { styles, ..on_sheet(0, [(cell("A1"), constant(5.0))]) };
    let saved = saved(&original, &changes);
    let sheet = part(&saved.bytes, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<c r=\"A2\" s=\"1\"><v>2</v></c></row><row r=\"3\"><c r=\"C3\" s=\"1\"/></row>"),
        "{sheet}"
    );
    let unknown = BTreeMap::from([(SheetId(0), BTreeMap::from([(cell("A2"), workbook::StyleId(99))]))]);
    let error = refused(&original, &Changes { styles: unknown, ..Changes::default() });
    assert!(error.contains("style"), "{error}");
}

#[test]
fn a_new_name_of_a_sheet_reaches_every_part() {
    let original = rich();
    let renamed = BTreeMap::from([(SheetId(0), "My data".into())]);
    let saved = saved(&original, &Changes { renamed, ..Changes::default() });
    assert!(part(&saved.bytes, "xl/workbook.xml").contains("<sheet name=\"My data\" sheetId=\"1\""));
    assert!(part(&saved.bytes, "xl/charts/chart1.xml").contains("<c:f>'My data'!$A$1:$A$9</c:f>"));
    let loaded = load(&saved.bytes, "x.xlsx");
    assert_eq!(loaded.workbook.names[0].source, "'My data'!$A$1:$A$9");
    assert!(cells(&loaded.workbook, &loaded.workbook.sheets[1]).starts_with("A1 =SUM('My data'!A1:A9) -> 0"));
    let parts = ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/charts/chart1.xml", "docProps/app.xml"];
    assert_kept(&original, &saved.bytes, &parts, &[], &[]);
}

/// A list that does not fit the sheets tells nothing, and stays.
#[test]
fn titles_that_do_not_fit_stay() {
    let mut book = writer::Workbook::new();
    book.add_worksheet().set_name("One").unwrap();
    book.add_worksheet().set_name("It's two").unwrap();
    book.define_name("'It''s two'!own", "='It''s two'!$A$1").unwrap();
    let original = book.save_to_buffer().unwrap();
    let renamed =
        Changes { renamed: BTreeMap::from([(SheetId(1), "2 & more".into())]), ..Changes::default() };
    let titles = part(&saved(&original, &renamed).bytes, "docProps/app.xml");
    let listed =
        "<vt:lpstr>One</vt:lpstr><vt:lpstr>2 &amp; more</vt:lpstr><vt:lpstr>'2 &amp; more'!own</vt:lpstr>";
    assert!(titles.contains(listed), "{titles}");
    let before = part(&original, "docProps/app.xml");
    for (from, to) in [
        ("<vt:i4>2</vt:i4>", "<vt:i4>7</vt:i4>"),
        ("<vt:i4>2</vt:i4>", "<vt:i4>many</vt:i4>"),
        ("TitlesOfParts>", "Other>"),
        ("<vt:lpstr>One</vt:lpstr>", ""),
    ] {
        let odd = before.replace(from, to);
        let other = with_part(&original, "docProps/app.xml", &odd);
        assert_eq!(part(&saved(&other, &renamed).bytes, "docProps/app.xml"), odd, "{to}");
    }
}

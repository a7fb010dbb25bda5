//! An app and desks to take pictures of and to test with.
#![allow(clippy::expect_used)] // A sample that cannot be built is a mistake in the sample.

use std::sync::Arc;

use engine::Document;
use engine::app_definitions;
use engine::formats::Limits;
use engine::functions::Environment;
use engine::numfmt::Locale;
use engine::view::AppSession;
use playsheet_ui::screens::{
    Changed, Desk, Entry, EntryState, Language, News, OpenApp, Person, Protection, Runner, Stage, Storage,
};
use playsheet_ui::widgets::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Table, TableColumn, Workbook, XlsxError};

/// Rows of the list of products.
pub const PRODUCTS: u32 = 940;

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet().set_name("Loan")?;
    sheet.write(0, 0, "Amount")?.write(0, 1, 250_000)?;
    sheet.write(1, 0, "Rate")?.write(1, 1, 0.0255)?;
    sheet.write(2, 0, "Years")?.write(2, 1, 12)?;
    sheet.write(3, 0, "Kind")?.write(3, 1, "Annuity")?;
    sheet.write(4, 0, "Start")?.write_with_format(4, 1, ExcelDateTime::from_ymd(2026, 12, 1)?, &date)?;
    sheet.write(5, 0, "Insured")?.write(5, 1, true)?;
    sheet.write(6, 0, "Country")?.write(6, 1, "Austria")?;
    sheet.write(8, 0, "Sure")?.write(8, 1, 4)?;
    sheet.write(10, 0, "Paid out")?.write(10, 1, "Once")?;
    for (row, formula) in [
        "=B1*(B2/12)/(1-(1+B2/12)^-(B3*12))+IF(B6,25,0)",
        "=D1*B3*12",
        "=D2-B1",
        "=D3/D2",
        "=B3*12/B10",
        "=IF(D1>3000,\"Too much: choose a longer term\",\"Affordable: the payment stays below a third of the income\")",
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write(row as u32, 2, "Result")?.write_formula(row as u32, 3, formula)?;
    }
    let trend = Format::new().set_num_format("[Red]+0.0%;[Green]-0.0%");
    sheet.write(6, 2, "Trend")?.write_formula_with_format(6, 3, "=B2-0.021", &trend)?;
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = book.add_worksheet().set_name("Schedule")?;
    sheet.write_row(0, 0, ["Year", "Balance", "Interest", "Repaid", "Paid"])?;
    for year in 1..=12u32 {
        let row = year;
        sheet.write(row, 0, (2025 + year).to_string())?;
        sheet.write_formula_with_format(row, 1, format!("=Loan!$B$1*(1-{year}/12)").as_str(), &money)?;
        sheet.write_formula_with_format(
            row,
            2,
            format!("=Loan!$B$1*(13-{year})/12*Loan!$B$2").as_str(),
            &money,
        )?;
        sheet.write_formula_with_format(row, 3, "=Loan!$B$1/12", &money)?;
        sheet.write_formula_with_format(row, 4, format!("=Loan!$D$1*12*{year}").as_str(), &money)?;
    }
    let sheet = book.add_worksheet().set_name("Lists")?;
    let countries = [
        "Austria",
        "Belgium",
        "Denmark",
        "France",
        "Germany",
        "Italy",
        "Luxembourg",
        "Netherlands",
        "Poland",
        "Portugal",
        "Spain",
        "Switzerland",
    ];
    for (row, country) in countries.into_iter().enumerate() {
        sheet.write(row as u32, 0, country)?.write(row as u32, 1, 900 - 130 * row as i32)?;
    }
    products(&mut book)?;
    book.save_to_buffer()
}

fn products(book: &mut Workbook) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet().set_name("Products")?;
    let things = ["Oak table", "Desk lamp", "Office chair", "Shelf", "Whiteboard", "Monitor arm"];
    let groups = ["Furniture", "Light", "Furniture", "Storage", "Office", "Office"];
    let states = ["In stock", "Low stock", "Sold out"];
    let price = Format::new().set_num_format("#,##0.00 \"€\"");
    for at in 0..PRODUCTS {
        let row = at + 1;
        let kind = at as usize % things.len();
        sheet.write(row, 0, format!("{} {}", things[kind], 100 + at))?;
        sheet.write(row, 1, format!("Article {}", 70_000 + at))?;
        sheet.write(row, 2, groups[kind])?;
        sheet.write(row, 3, at * 37 % 400)?;
        sheet.write_with_format(row, 4, f64::from(at * 131 % 9000) + 19.9, &price)?;
        sheet.write(row, 5, states[at as usize % states.len()])?;
    }
    let headers = ["Name", "Article", "Group", "Stock", "Price", "State"];
    let columns: Vec<TableColumn> =
        headers.into_iter().map(|header| TableColumn::new().set_header(header)).collect();
    let table = Table::new().set_name("Products").set_columns(&columns);
    sheet.add_table(0, 0, PRODUCTS, 5, &table)?;
    Ok(())
}

/// The sample app in a locale, running.
pub fn loan(tag: &str) -> Runner {
    let bytes = workbook().expect("the sample workbook is written");
    let (app, diagnostics) =
        app_definitions::read(include_bytes!("loan.xml"), &app_definitions::Limits::default());
    let errors: Vec<String> =
        diagnostics.iter().filter(|d| d.is_error()).map(|d| d.render("loan.xml")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let document =
        Document::open(&bytes, "loan.xlsx", &Limits::default()).expect("the sample workbook is read");
    let locale = Locale::from_tag(tag).expect("the locale is known");
    let environment = Environment { now: 46_347.0, locale, ..Environment::default() };
    let app = Arc::new(app.expect("the sample definition is read"));
    Runner::new(AppSession::open(app, vec![document.model], environment, false))
}

/// A day of the samples' year.
pub fn day(month: u32, day: u32) -> Date {
    Date::new(2026, month, day).expect("the day exists")
}

/// A desk of a signed-in person without apps.
pub fn desk(tag: &str) -> Desk {
    Desk {
        language: Language::of(Locale::from_tag(tag).expect("the locale is known")),
        today: Some(day(11, 21)),
        stage: Stage::SignedIn,
        entries: Some(Vec::new()),
        synced: "5 min".to_owned(),
        person: Person {
            name: "Ada Lovelace".to_owned(),
            email: "ada@example.org".to_owned(),
            unconfirmed: false,
            portal_name: "Example portal".to_owned(),
            portal: "https://portal.example.org".to_owned(),
        },
        storage: Storage {
            protection: Some(Protection::System),
            folder: "/home/ada/.local/share/playsheet/vault".to_owned(),
            size: "4.2 MB".to_owned(),
        },
        ..Desk::default()
    }
}

/// A desk with the sample app open.
pub fn desk_with(tag: &str, runner: &Runner) -> Desk {
    let mut open = OpenApp {
        id: "loan".to_owned(),
        name: "Loan".to_owned(),
        offline_until: Some(day(11, 28)),
        ..OpenApp::default()
    };
    runner.snapshot().show_in(&mut open);
    Desk { open: Some(open), entries: Some(entries(8)), ..desk(tag) }
}

/// So many apps, in all states.
pub fn entries(count: usize) -> Vec<Entry> {
    let names = [
        "Loan",
        "Team budget 2026",
        "Quote with price list and discounts for resellers abroad",
        "BMI",
        "Product catalogue",
        "Shift planner",
        "Travel costs",
        "Energieberater für Einfamilienhäuser",
        "Rental yield",
        "Warehouse",
    ];
    let states = [
        EntryState::Ready,
        EntryState::Updated,
        EntryState::Ready,
        EntryState::New,
        EntryState::Withdrawn("the owner withdrew your access on 20 November".to_owned()),
        EntryState::NeedsSignIn { origin: "https://files.example.org:443".to_owned() },
        EntryState::LeaseEnded,
        EntryState::Syncing,
        EntryState::Incomplete,
        EntryState::NeedsNewerPlayer,
    ];
    (0..count)
        .map(|at| Entry {
            id: format!("app-{at}"),
            name: match at / names.len() {
                0 => names[at].to_owned(),
                more => format!("{} {more}", names[at % names.len()]),
            },
            state: if at < states.len() { states[at].clone() } else { EntryState::Ready },
            offline_until: Some(day(11, 28)),
            news: (at == 1).then(|| News {
                version: 4,
                change: Changed::Spreadsheet,
                note: "Prices of December.".to_owned(),
            }),
        })
        .collect()
}

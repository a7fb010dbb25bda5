//! A catalogue: 120 products whose prices follow from cost, markup and a season's discount, and their stock.

use crate::page::{Column, Numbers, Page, decimal, whole};
use crate::style::Style;
use anyhow::Result;
use rust_xlsxwriter::{Chart, Workbook};

const MONEY: &str = "#,##0.00\\ \"€\"";

/// Category, its markup, and its products with what the plainest one costs to buy.
type Range = (&'static str, f64, [(&'static str, f64); 5]);

const RANGES: [Range; 8] = [
    (
        "Garden",
        0.65,
        [
            ("Watering can", 7.8),
            ("Hand rake", 5.2),
            ("Pruning shears", 9.4),
            ("Plant pot", 3.1),
            ("Hose reel", 21.5),
        ],
    ),
    (
        "Kitchen",
        0.8,
        [
            ("Saucepan", 14.9),
            ("Chopping board", 6.6),
            ("Kettle", 17.2),
            ("Storage jar", 2.9),
            ("Colander", 5.7),
        ],
    ),
    (
        "Lighting",
        0.7,
        [
            ("Table lamp", 16.4),
            ("Lantern", 11.8),
            ("String of lights", 8.3),
            ("Wall lamp", 19.7),
            ("Torch", 6.9),
        ],
    ),
    (
        "Textiles",
        0.95,
        [("Cushion", 6.2), ("Blanket", 13.6), ("Tablecloth", 9.9), ("Curtain", 15.8), ("Tea towel", 2.2)],
    ),
    (
        "Tools",
        0.55,
        [
            ("Hammer", 8.7),
            ("Screwdriver set", 12.3),
            ("Tape measure", 4.4),
            ("Hand saw", 11.1),
            ("Spirit level", 9.8),
        ],
    ),
    (
        "Stationery",
        1.1,
        [
            ("Notebook", 1.9),
            ("Fountain pen", 8.8),
            ("Desk pad", 5.4),
            ("Letter tray", 4.7),
            ("Calendar", 3.6),
        ],
    ),
    (
        "Bathroom",
        0.85,
        [("Bath mat", 7.1), ("Soap dispenser", 4.9), ("Towel", 5.9), ("Mirror", 18.4), ("Basket", 6.3)],
    ),
    (
        "Toys",
        0.9,
        [
            ("Building blocks", 10.7),
            ("Puzzle", 5.8),
            ("Kite", 7.4),
            ("Spinning top", 2.6),
            ("Memory game", 6.1),
        ],
    ),
];

/// A variant and what it costs more.
const VARIANTS: [(&str, f64); 3] = [("small", 1.0), ("large", 1.4), ("deluxe", 2.1)];

const SUPPLIERS: [&str; 4] = ["Alder & Sons", "Birch Trading", "Cedar Works", "Dune Imports"];

const PRODUCTS: u32 = 120;

pub(crate) fn build(workbook: &mut Workbook, style: &Style) -> Result<()> {
    overview(workbook, style)?;
    products(workbook, style)?;
    for (name, cell) in [("SeasonDiscount", "=Overview!$B$5"), ("LowStock", "=Overview!$B$6")] {
        workbook.define_name(name, cell)?;
    }
    Ok(())
}

fn overview(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Overview", &[])?;
    page.title("Product catalogue", "Prices and stock of the shop; the products stand on the next sheet.")?;
    page.heading("A4", "Season", 3)?;
    page.row(5, "Discount of the season", 0.1, &style.input("0%"), "")?;
    page.row(6, "Low stock below", 12, &style.input("0"), "pieces")?;
    page.validate("B5", &decimal(0.0, 0.5, "Taken off every price.", "Enter a discount from 0 to 50 %.")?)?;
    page.validate("B6", &whole(0, 200, "", "Enter a number of pieces from 0 to 200.")?)?;
    page.heading("A8", "At a glance", 3)?;
    page.result(9, "Value of the stock", "=SUM(Products[Stock value])", &style.headline(MONEY), "")?;
    page.result(10, "Products", "=ROWS(Products[Article])", &style.result("0"), "")?;
    page.result(11, "Low in stock", "=COUNTIF(Products[Status],\"Low\")", &style.result("0"), "")?;
    page.result(12, "Sold out", "=COUNTIF(Products[Status],\"Sold out\")", &style.result("0"), "")?;
    page.result(13, "Mean margin", "=AVERAGE(Products[Margin])", &style.result("0.0%"), "")?;
    let columns = [
        Column::new("Category", 26.0, style.text.clone()),
        Column::new("Markup", 16.0, style.input("0%")),
        Column::computed(
            "Products",
            12.0,
            style.figure("0"),
            "=COUNTIF(Products[Category],Categories[[#This Row],[Category]])",
        ),
        Column::computed(
            "Stock value",
            16.0,
            style.figure(MONEY),
            "=SUMIFS(Products[Stock value],Products[Category],Categories[[#This Row],[Category]])",
        ),
    ];
    page.table("A16", "Categories", RANGES.len() as u32, &columns)?;
    for (row, (category, markup, _)) in (17..).zip(RANGES) {
        page.put(&format!("A{row}"), category, &style.text)?;
        page.put(&format!("B{row}"), markup, &columns[1].format)?;
    }
    page.validate("B17:B24", &decimal(0.0, 3.0, "On top of the cost.", "Enter a markup from 0 to 300 %.")?)?;
    page.heading("A15", "Categories", 4)?;
    let mut chart = Chart::new_bar();
    chart
        .add_series()
        .set_name("Stock value")
        .set_categories("Overview!$A$17:$A$24")
        .set_values("Overview!$D$17:$D$24");
    chart.title().set_name("Stock value by category");
    chart.legend().set_hidden();
    chart.set_alt_text("The value of the stock in each category.");
    page.sheet.insert_chart(3, 5, &chart)?;
    page.sheet.set_freeze_panes(2, 0)?;
    Ok(())
}

fn products(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Products", &[])?;
    page.title(
        "Products",
        "Price = cost with the category's markup; sale price = less the discount of the season.",
    )?;
    let text = || style.text.clone();
    let price = "=ROUND(Products[[#This Row],[Cost]]*(1+INDEX(Categories[Markup],\
                 MATCH(Products[[#This Row],[Category]],Categories[Category],0)))*1.19,1)";
    let sale = "=ROUND(Products[[#This Row],[Price]]*(1-SeasonDiscount),2)";
    let margin = "=1-Products[[#This Row],[Cost]]*1.19/Products[[#This Row],[Sale price]]";
    let status = "=IF(Products[[#This Row],[Stock]]=0,\"Sold out\",IF(Products[[#This Row],[Stock]]<LowStock,\"Low\",\"In stock\"))";
    let value = "=Products[[#This Row],[Stock]]*Products[[#This Row],[Cost]]";
    let columns = [
        Column::new("Article", 11.0, text()),
        Column::new("Product", 28.0, text()),
        Column::new("Category", 14.0, text()),
        Column::new("Supplier", 16.0, text()),
        Column::new("Cost", 12.0, style.figure(MONEY)),
        Column::computed("Price", 12.0, style.figure(MONEY), price),
        Column::computed("Sale price", 12.0, style.figure(MONEY), sale),
        Column::computed("Margin", 10.0, style.figure("0.0%"), margin),
        Column::new("Stock", 9.0, style.figure("0")),
        Column::computed("Status", 12.0, text(), status),
        Column::computed("Stock value", 14.0, style.figure(MONEY), value),
    ];
    page.table("A3", "Products", PRODUCTS, &columns)?;
    let mut numbers = Numbers::from(7);
    let mut row = 4;
    for (place, (category, _, products)) in (1..).zip(RANGES) {
        for (number, (product, cost)) in (1..).zip(products) {
            for ((variant, factor), digit) in VARIANTS.iter().zip(1..) {
                let supplier = SUPPLIERS[numbers.between(0, 3) as usize];
                let stock = if numbers.between(1, 12) == 1 { 0 } else { numbers.between(3, 90) };
                // Cents, so that the cost is what a price list would say.
                let cost = (cost * factor * 100.0 + 0.5).floor() / 100.0;
                page.put(&format!("A{row}"), format!("{place}{number:02}-{digit}"), &style.text)?;
                page.put(&format!("B{row}"), format!("{product}, {variant}"), &style.text)?;
                page.put(&format!("C{row}"), category, &style.text)?;
                page.put(&format!("D{row}"), supplier, &style.text)?;
                page.put(&format!("E{row}"), cost, &columns[4].format)?;
                page.put(&format!("I{row}"), stock, &columns[8].format)?;
                row += 1;
            }
        }
    }
    page.sheet.set_freeze_panes(3, 2)?;
    Ok(())
}

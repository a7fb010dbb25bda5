//! A quotation: customer and positions are chosen from lists; prices, discounts and value-added tax are looked up.

use crate::page::{Column, Page, decimal, one_from, said, whole};
use crate::style::{DATE, Style};
use anyhow::Result;
use rust_xlsxwriter::{DataValidation, DataValidationRule, ExcelDateTime, Formula, Workbook};

const MONEY: &str = "#,##0.00\\ \"€\"";

/// Article, product, category, price, unit.
const PRICES: [(&str, &str, &str, f64, &str); 24] = [
    ("D-100", "Desk Fjord 120", "Desks", 289.0, "piece"),
    ("D-110", "Desk Fjord 160", "Desks", 329.0, "piece"),
    ("D-120", "Desk Fjord 160, height-adjustable", "Desks", 649.0, "piece"),
    ("D-200", "Meeting table Sund 200", "Desks", 540.0, "piece"),
    ("C-100", "Task chair Birk", "Chairs", 198.0, "piece"),
    ("C-110", "Task chair Birk with armrests", "Chairs", 236.0, "piece"),
    ("C-200", "Visitor chair Lind", "Chairs", 89.5, "piece"),
    ("C-210", "Visitor chair Lind, padded", "Chairs", 119.0, "piece"),
    ("C-300", "Stool Pil", "Chairs", 74.0, "piece"),
    ("S-100", "Drawer unit Skuff", "Storage", 149.0, "piece"),
    ("S-110", "Drawer unit Skuff with lock", "Storage", 172.0, "piece"),
    ("S-200", "Shelf Hylle 5", "Storage", 118.0, "piece"),
    ("S-210", "Cabinet Hylle 5 with doors", "Storage", 214.0, "piece"),
    ("L-100", "Desk lamp Stjerne", "Lamps", 64.9, "piece"),
    ("L-110", "Floor lamp Stjerne", "Lamps", 129.0, "piece"),
    ("L-200", "Ceiling panel Dag", "Lamps", 98.0, "piece"),
    ("A-100", "Acoustic panel Ro 60", "Acoustics", 46.0, "piece"),
    ("A-110", "Acoustic panel Ro 120", "Acoustics", 79.0, "piece"),
    ("A-200", "Partition Ro", "Acoustics", 239.0, "piece"),
    ("X-100", "Cable tray", "Accessories", 24.5, "piece"),
    ("X-110", "Monitor arm", "Accessories", 84.0, "piece"),
    ("X-120", "Coat stand", "Accessories", 58.0, "piece"),
    ("V-100", "Delivery and assembly", "Services", 49.0, "hour"),
    ("V-110", "Room planning", "Services", 92.0, "hour"),
];

/// Customer, group, town.
const CUSTOMERS: [(&str, &str, &str); 6] = [
    ("Harbour Clinic", "Regular", "Lübeck"),
    ("Brightwater School", "Public", "Kiel"),
    ("Mill Lane Architects", "Regular", "Bremen"),
    ("Town of Eastbrook", "Public", "Emden"),
    ("Quartz Software", "Key account", "Hamburg"),
    ("Walk-in customer", "New", "–"),
];

/// Group and what it gets off the total.
const GROUPS: [(&str, f64); 4] = [("New", 0.0), ("Regular", 0.02), ("Public", 0.03), ("Key account", 0.05)];

/// From how many pieces, how much off the position.
const TIERS: [(u32, f64); 5] = [(1, 0.0), (5, 0.03), (10, 0.05), (25, 0.08), (50, 0.12)];

/// Country and its value-added tax.
const COUNTRIES: [(&str, f64); 5] =
    [("Germany", 0.19), ("Austria", 0.20), ("France", 0.20), ("Denmark", 0.25), ("Netherlands", 0.21)];

/// What stands in the positions at first; the others are empty.
const POSITIONS: [(&str, u32); 4] = [
    ("Desk Fjord 160, height-adjustable", 6),
    ("Task chair Birk with armrests", 12),
    ("Acoustic panel Ro 120", 8),
    ("Delivery and assembly", 9),
];

pub(crate) fn build(workbook: &mut Workbook, style: &Style) -> Result<()> {
    quote(workbook, style)?;
    prices(workbook, style)?;
    discounts(workbook, style)?;
    lists(workbook, style)?;
    for (name, cell) in [
        ("Customer", "=Quote!$B$5"),
        ("CustomerGroup", "=Quote!$B$6"),
        ("QuoteDate", "=Quote!$B$7"),
        ("ValidDays", "=Quote!$B$8"),
        ("Country", "=Quote!$B$10"),
        ("Total", "=Quote!$B$28"),
        ("ProductNames", "=Prices!$B$4:$B$27"),
        ("CustomerNames", "=Lists!$A$2:$A$7"),
        ("CountryNames", "=Lists!$E$2:$E$6"),
    ] {
        workbook.define_name(name, cell)?;
    }
    for (number, row) in (1..).zip(14..=21) {
        workbook.define_name(format!("Quantity_{number}"), &format!("=Quote!$D${row}"))?;
        workbook.define_name(format!("Amount_{number}"), &format!("=Quote!$F${row}"))?;
    }
    Ok(())
}

fn quote(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Quote", &[22.0, 36.0, 13.0, 11.0, 11.0, 14.0])?;
    page.title("Quotation", "Choose customer and products; prices and discounts come by themselves.")?;
    page.heading("A4", "Customer", 3)?;
    page.row(5, "Customer", "Harbour Clinic", &style.text_input(), "")?;
    page.result(
        6,
        "Customer group",
        "=INDEX(Lists!$B$2:$B$7,MATCH(Customer,CustomerNames,0))",
        &style.result("General"),
        "",
    )?;
    page.row(7, "Date", &ExcelDateTime::from_ymd(2026, 11, 20)?, &style.input(DATE), "")?;
    page.row(8, "Valid for", 30, &style.input("0"), "days")?;
    page.result(9, "Valid until", "=QuoteDate+ValidDays", &style.result(DATE), "")?;
    page.row(10, "Deliver to", "Germany", &style.text_input(), "")?;
    page.validate("B5", &one_from("=CustomerNames", "")?)?;
    let from = DataValidationRule::GreaterThanOrEqualTo(ExcelDateTime::from_ymd(2026, 1, 1)?);
    page.validate("B7", &said(DataValidation::new().allow_date(from), "", "Enter a date from 2026 on.")?)?;
    page.validate("B8", &whole(7, 90, "", "A quotation is valid for 7 to 90 days.")?)?;
    page.validate("B10", &one_from("=CountryNames", "Decides the value-added tax.")?)?;
    positions(&mut page)?;
    totals(&mut page)?;
    page.sheet.set_freeze_panes(2, 0)?;
    page.sheet.protect();
    Ok(())
}

fn positions(page: &mut Page<'_>) -> Result<()> {
    let style = page.style;
    page.heading("A12", "Positions", 6)?;
    for (col, header) in ['A', 'B', 'C', 'D', 'E', 'F'].iter().zip([
        "Position",
        "Product",
        "Unit price",
        "Quantity",
        "Discount",
        "Amount",
    ]) {
        let format = if *col < 'C' { &style.head } else { &style.head_right };
        page.put(&format!("{col}13"), header, format)?;
    }
    for (number, row) in (1_u32..).zip(14..=21) {
        page.put(&format!("A{row}"), format!("Position {number}"), &style.label)?;
        match POSITIONS.get(number as usize - 1) {
            Some((product, quantity)) => {
                page.put(&format!("B{row}"), *product, &style.text_input())?;
                page.put(&format!("D{row}"), *quantity, &style.input("0"))?;
            }
            None => {
                page.sheet.write_blank(row - 1, 1, &style.text_input())?;
                page.sheet.write_blank(row - 1, 3, &style.input("0"))?;
            }
        }
        let price = format!("=IF(B{row}=\"\",0,INDEX(Prices[Unit price],MATCH(B{row},ProductNames,0)))");
        let discount = format!("=IF(D{row}<1,0,VLOOKUP(D{row},Discounts!$A$4:$B$8,2,TRUE))");
        let amount = format!("=ROUND(C{row}*D{row}*(1-E{row}),2)");
        page.put(&format!("C{row}"), Formula::new(price), &style.figure("#,##0.00;;"))?;
        page.put(&format!("E{row}"), Formula::new(discount), &style.figure("0%;;"))?;
        page.put(&format!("F{row}"), Formula::new(amount), &style.figure("#,##0.00;;"))?;
    }
    page.validate("B14:B21", &one_from("=ProductNames", "")?)?;
    page.validate("D14:D21", &decimal(0.0, 999.0, "", "Enter a quantity from 0 to 999.")?)
}

fn totals(page: &mut Page<'_>) -> Result<()> {
    let style = page.style;
    page.heading("A22", "Total", 6)?;
    let money = style.result(MONEY);
    page.result(23, "Sum of the positions", "=SUM(F14:F21)", &money, "")?;
    page.result(
        24,
        "Customer discount",
        "=-ROUND(B23*INDEX(Discounts!$E$4:$E$7,MATCH(CustomerGroup,Discounts!$D$4:$D$7,0)),2)",
        &money,
        "",
    )?;
    page.result(25, "Net", "=B23+B24", &money, "")?;
    let rate = "=INDEX(Lists!$F$2:$F$6,MATCH(Country,CountryNames,0))";
    page.result(26, "Rate of value-added tax", rate, &style.result("0%"), "")?;
    page.result(27, "Value-added tax", "=ROUND(B25*B26,2)", &money, "")?;
    page.result(28, "Total", "=B25+B27", &style.headline(MONEY), "")
}

fn prices(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Prices", &[])?;
    page.title("Price list", "Net prices in euros, valid from 1 October 2026.")?;
    let text = || style.text.clone();
    let columns = [
        Column::new("Article", 12.0, text()),
        Column::new("Product", 36.0, text()),
        Column::new("Category", 15.0, text()),
        Column::new("Unit price", 14.0, style.figure(MONEY)),
        Column::new("Unit", 10.0, text()),
    ];
    page.table("A3", "Prices", PRICES.len() as u32, &columns)?;
    for (row, (article, product, category, price, unit)) in (4..).zip(PRICES) {
        page.put(&format!("A{row}"), article, &style.text)?;
        page.put(&format!("B{row}"), product, &style.text)?;
        page.put(&format!("C{row}"), category, &style.text)?;
        page.put(&format!("D{row}"), price, &columns[3].format)?;
        page.put(&format!("E{row}"), unit, &style.text)?;
    }
    page.sheet.set_freeze_panes(3, 0)?;
    Ok(())
}

fn discounts(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Discounts", &[16.0, 12.0, 4.0, 18.0, 12.0])?;
    page.title("Discounts", "By quantity of a position, and by the customer's group.")?;
    for (cell, text) in [("A3", "From quantity"), ("D3", "Customer group")] {
        page.put(cell, text, &style.head)?;
    }
    for cell in ["B3", "E3"] {
        page.put(cell, "Discount", &style.head_right)?;
    }
    for (row, (from, discount)) in (4..).zip(TIERS) {
        page.put(&format!("A{row}"), from, &style.figure("0"))?;
        page.put(&format!("B{row}"), discount, &style.figure("0%"))?;
    }
    for (row, (group, discount)) in (4..).zip(GROUPS) {
        page.put(&format!("D{row}"), group, &style.text)?;
        page.put(&format!("E{row}"), discount, &style.figure("0%"))?;
    }
    Ok(())
}

fn lists(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Lists", &[24.0, 16.0, 14.0, 4.0, 16.0, 10.0])?;
    for (cell, text) in
        [("A1", "Customer"), ("B1", "Group"), ("C1", "Town"), ("E1", "Country"), ("F1", "Tax")]
    {
        page.put(cell, text, &style.head)?;
    }
    for (row, (customer, group, town)) in (2..).zip(CUSTOMERS) {
        page.put(&format!("A{row}"), customer, &style.text)?;
        page.put(&format!("B{row}"), group, &style.text)?;
        page.put(&format!("C{row}"), town, &style.text)?;
    }
    for (row, (country, rate)) in (2..).zip(COUNTRIES) {
        page.put(&format!("E{row}"), country, &style.text)?;
        page.put(&format!("F{row}"), rate, &style.figure("0%"))?;
    }
    page.sheet.set_hidden(true);
    Ok(())
}

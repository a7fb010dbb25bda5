//! A loan: what it costs a month and in all, a schedule of payments, and the years added up.

use crate::page::{Column, Page, decimal, said, whole};
use crate::style::{DATE, Style};
use anyhow::Result;
use rust_xlsxwriter::{
    Chart, ChartLegendPosition, DataValidation, DataValidationRule, ExcelDateTime, Formula, Workbook,
};

/// Thirty years of months.
const MOST_PAYMENTS: u32 = 360;
/// Thirty years that begin in December touch one more.
const MOST_YEARS: u32 = 31;

const MONEY: &str = "#,##0.00\\ \"€\"";

pub(crate) fn build(workbook: &mut Workbook, style: &Style) -> Result<()> {
    calculator(workbook, style)?;
    schedule(workbook, style)?;
    years(workbook, style)?;
    for (name, cell) in [
        ("LoanAmount", "=Loan!$B$5"),
        ("InterestRate", "=Loan!$B$6"),
        ("TermYears", "=Loan!$B$7"),
        ("FirstPayment", "=Loan!$B$8"),
        ("ExtraPayment", "=Loan!$B$9"),
        ("MonthlyPayment", "=Loan!$B$12"),
        ("TotalInterest", "=Loan!$B$13"),
        ("PaidOff", "=Loan!$B$15"),
    ] {
        workbook.define_name(name, cell)?;
    }
    Ok(())
}

fn calculator(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Loan", &[28.0, 18.0, 14.0, 3.0])?;
    page.title("Loan calculator", "Change the blue cells; the schedule follows.")?;
    page.heading("A4", "Loan", 3)?;
    page.row(5, "Amount", 250_000, &style.input("#,##0\\ \"€\""), "")?;
    page.row(6, "Interest rate", 0.0345, &style.input("0.00%"), "a year")?;
    page.row(7, "Term", 20, &style.input("0"), "years")?;
    page.row(8, "First payment", &ExcelDateTime::from_ymd(2026, 12, 1)?, &style.input(DATE), "")?;
    page.row(9, "Extra payment", 0, &style.input(MONEY), "a month")?;
    page.validate("B5", &decimal(1_000.0, 5e6, "", "Enter an amount from 1,000 to 5,000,000 €.")?)?;
    page.validate(
        "B6",
        &decimal(0.0, 0.15, "The nominal rate, not the effective one.", "Enter a rate from 0 to 15 %.")?,
    )?;
    page.validate("B7", &whole(1, 30, "", "Enter a term from 1 to 30 years.")?)?;
    let from = DataValidationRule::GreaterThanOrEqualTo(ExcelDateTime::from_ymd(2020, 1, 1)?);
    let date = said(DataValidation::new().allow_date(from), "", "Enter a date from 2020 on.")?;
    page.validate("B8", &date)?;
    page.validate(
        "B9",
        &decimal(0.0, 1e5, "Paid on top, every month.", "Enter an amount from 0 to 100,000 €.")?,
    )?;

    page.heading("A11", "Result", 3)?;
    page.result(
        12,
        "Monthly payment",
        "=ROUND(IF(InterestRate=0,LoanAmount/(TermYears*12),-PMT(InterestRate/12,TermYears*12,LoanAmount)),2)",
        &style.headline(MONEY),
        "",
    )?;
    page.result(13, "Interest in all", "=SUM(Schedule[Interest])", &style.result(MONEY), "")?;
    page.result(14, "Paid in all", "=SUM(Schedule[Payment])", &style.result(MONEY), "")?;
    page.result(15, "Paid off on", "=MAX(Schedule[Date])", &style.result(DATE), "")?;
    page.result(16, "Payments", "=COUNT(Schedule[No])", &style.result("0"), "")?;
    page.result(
        17,
        "Saved by extra payments",
        "=IF(ExtraPayment=0,0,TermYears*12*MonthlyPayment-LoanAmount-TotalInterest)",
        &style.result(MONEY),
        "",
    )?;
    let mut chart = Chart::new_line();
    let rows = MOST_YEARS + 3;
    chart
        .add_series()
        .set_name("Balance")
        .set_categories(format!("'By year'!$A$4:$A${rows}").as_str())
        .set_values(format!("'By year'!$E$4:$E${rows}").as_str());
    chart.title().set_name("Balance at the end of each year");
    chart.legend().set_hidden();
    chart.y_axis().set_num_format("#,##0");
    chart.set_width(640).set_height(300).set_alt_text("The balance at the end of each year falls to zero.");
    page.sheet.insert_chart(3, 4, &chart)?;
    page.sheet.set_freeze_panes(2, 0)?;
    page.sheet.protect();
    Ok(())
}

fn schedule(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Schedule", &[])?;
    page.title("Payments", "One row for each month until the loan is paid off.")?;
    let money = || style.figure("#,##0.00");
    let columns = [
        Column::new("No", 7.0, style.figure("0")),
        Column::new("Date", 13.0, style.figure(DATE)),
        Column::new("Opening balance", 17.0, money()),
        Column::new("Payment", 14.0, money()),
        Column::new("Interest", 14.0, money()),
        Column::new("Principal", 14.0, money()),
        Column::new("Closing balance", 17.0, money()),
    ];
    page.table("A3", "Schedule", MOST_PAYMENTS, &columns)?;
    for row in 4..4 + MOST_PAYMENTS {
        // The first row has no row above it to go on from.
        let (number, opening) = if row == 4 {
            ("=1".to_owned(), "=LoanAmount".to_owned())
        } else {
            let above = row - 1;
            (format!("=IF(N(G{above})>0,A{above}+1,\"\")"), format!("=IF(A{row}=\"\",\"\",G{above})"))
        };
        let formulas = [
            number,
            format!("=IF(A{row}=\"\",\"\",EDATE(FirstPayment,A{row}-1))"),
            opening,
            format!(
                "=IF(A{row}=\"\",\"\",IF(A{row}=TermYears*12,C{row}+E{row},MIN(MonthlyPayment+ExtraPayment,C{row}+E{row})))"
            ),
            format!("=IF(A{row}=\"\",\"\",ROUND(C{row}*InterestRate/12,2))"),
            format!("=IF(A{row}=\"\",\"\",D{row}-E{row})"),
            format!("=IF(A{row}=\"\",\"\",ROUND(C{row}-F{row},2))"),
        ];
        for ((col, formula), column) in (b'A'..).zip(&formulas).zip(&columns) {
            let cell = format!("{}{row}", char::from(col));
            page.put(&cell, Formula::new(formula.as_str()), &column.format)?;
        }
    }
    page.sheet.set_freeze_panes(3, 0)?;
    page.sheet.protect();
    Ok(())
}

fn years(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "By year", &[])?;
    page.title("By year", "Interest, principal and balance of each calendar year.")?;
    let within = |function: &str, column: &str| {
        format!(
            "=IF(ByYear[[#This Row],[Year]]=\"\",\"\",{function}(Schedule[{column}],Schedule[Date],\
             \">=\"&DATE(ByYear[[#This Row],[Year]],1,1),Schedule[Date],\"<=\"&DATE(ByYear[[#This Row],[Year]],12,31)))"
        )
    };
    let paid = within("SUMIFS", "Payment");
    let interest = within("SUMIFS", "Interest");
    let principal = within("SUMIFS", "Principal");
    let balance = within("_xlfn.MINIFS", "Closing balance");
    let money = || style.figure("#,##0.00");
    let columns = [
        Column::new("Year", 8.0, style.figure("0")),
        Column::computed("Payments", 15.0, money(), &paid),
        Column::computed("Interest", 15.0, money(), &interest),
        Column::computed("Principal", 15.0, money(), &principal),
        Column::computed("Balance", 15.0, money(), &balance),
    ];
    page.table("A3", "ByYear", MOST_YEARS, &columns)?;
    for row in 4..4 + MOST_YEARS {
        let formula = if row == 4 {
            "=YEAR(FirstPayment)".to_owned()
        } else {
            let above = row - 1;
            format!("=IF(A{above}=\"\",\"\",IF(A{above}<YEAR(PaidOff),A{above}+1,\"\"))")
        };
        page.put(&format!("A{row}"), Formula::new(formula), &columns[0].format)?;
    }
    let mut chart = Chart::new(rust_xlsxwriter::ChartType::ColumnStacked);
    for (name, column) in [("Principal", 'D'), ("Interest", 'C')] {
        let rows = MOST_YEARS + 3;
        chart
            .add_series()
            .set_name(name)
            .set_categories(format!("'By year'!$A$4:$A${rows}").as_str())
            .set_values(format!("'By year'!${column}$4:${column}${rows}").as_str());
    }
    chart.title().set_name("Where the payments go");
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_alt_text("Principal and interest of each year, on top of each other.");
    page.sheet.insert_chart(2, 6, &chart)?;
    page.sheet.set_freeze_panes(3, 0)?;
    page.sheet.protect();
    Ok(())
}

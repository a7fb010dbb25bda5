//! A shift plan: who works when, whether every shift is covered, and who works more than agreed.

use crate::page::{Column, Page, decimal, one_from, said, whole};
use crate::style::{DATE, Style};
use anyhow::Result;
use rust_xlsxwriter::{
    Chart, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, ExcelDateTime, Format,
    FormatAlign, Formula, Workbook,
};

/// Name, role, hours a week, wage an hour, and the week's shifts.
const STAFF: [(&str, &str, f64, f64, &str); 8] = [
    ("Amara Boyd", "Nurse", 35.0, 24.5, "EEEEEFF"),
    ("Ben Castle", "Nurse", 37.5, 24.5, "EEEFFEE"),
    ("Clara Dunn", "Nurse", 30.0, 23.8, "LLLLFFF"),
    ("David Egan", "Nurse", 35.0, 23.8, "LLFFLLL"),
    ("Edda Frost", "Night nurse", 30.0, 27.4, "NNNNFFF"),
    ("Farid Gray", "Carer", 30.0, 19.2, "FFFEEEE"),
    ("Greta Holm", "Carer", 30.0, 19.2, "FFLLLLF"),
    ("Hugo Ivers", "Night nurse", 24.0, 27.4, "FFFFNNN"),
];

/// Code, shift, from and to in hours, break in minutes, how many people are needed.
const SHIFTS: [(&str, &str, f64, f64, f64, u32); 4] = [
    ("E", "Early", 6.0, 14.0, 30.0, 2),
    ("L", "Late", 14.0, 22.0, 30.0, 2),
    ("N", "Night", 22.0, 6.0, 30.0, 1),
    ("F", "Free", 0.0, 0.0, 0.0, 0),
];

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_COLUMNS: [char; 7] = ['C', 'D', 'E', 'F', 'G', 'H', 'I'];
const MONEY: &str = "#,##0.00\\ \"€\"";

pub(crate) fn build(workbook: &mut Workbook, style: &Style) -> Result<()> {
    week(workbook, style)?;
    staff(workbook, style)?;
    shifts(workbook, style)?;
    for (name, cell) in [
        ("WeekStart", "=Week!$B$5"),
        ("OvertimeLimit", "=Week!$B$6"),
        ("OpenShifts", "=Week!$B$9"),
        ("ShiftCodes", "=Shifts!$A$4:$A$7"),
    ] {
        workbook.define_name(name, cell)?;
    }
    Ok(())
}

fn week(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let widths = [24.0, 16.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 10.0, 11.0];
    let mut page = Page::add(workbook, style, "Week", &widths)?;
    page.title("Shift plan", "One letter a day: E early, L late, N night, F free.")?;
    page.heading("A4", "Week", 3)?;
    page.row(5, "Week starting", &ExcelDateTime::from_ymd(2026, 11, 23)?, &style.input(DATE), "")?;
    page.row(6, "Overtime allowed", 4, &style.input("0.0"), "hours")?;
    let monday = DataValidation::new().allow_custom(Formula::new("=WEEKDAY(B5,2)=1"));
    page.validate("B5", &said(monday, "A Monday.", "A week starts on a Monday.")?)?;
    page.validate("B6", &decimal(0.0, 20.0, "For each person and week.", "Enter 0 to 20 hours.")?)?;
    page.heading("A8", "Result", 3)?;
    page.result(9, "Open shifts", "=SUM(K27:K29)", &style.headline("0"), "")?;
    page.result(10, "Hours planned", "=SUM(J15:J22)", &style.result("0.0"), "hours")?;
    page.result(11, "Overtime", "=SUM(K15:K22)", &style.result("0.0"), "hours")?;
    page.result(12, "Wages", "=SUMPRODUCT(J15:J22,Staff[Wage])", &style.result(MONEY), "")?;
    page.result(
        13,
        "Check",
        "=IF(OpenShifts>0,OpenShifts&IF(OpenShifts=1,\" shift is open.\",\" shifts are open.\"),IF(COUNTIF(K15:K22,\">\"&OvertimeLimit)>0,\
         \"Somebody works too long.\",\"The plan is fine.\"))",
        &style.result("General"),
        "",
    )?;
    rota(&mut page)?;
    coverage(&mut page)?;
    let mut chart = Chart::new_bar();
    chart.add_series().set_name("Hours").set_categories("Week!$A$15:$A$22").set_values("Week!$J$15:$J$22");
    chart.add_series().set_name("Agreed").set_categories("Week!$A$15:$A$22").set_values("Week!$B$15:$B$22");
    chart.title().set_name("Hours and agreed hours");
    chart.set_width(480).set_height(220).set_alt_text("Planned and agreed hours of each person.");
    page.sheet.insert_chart(2, 4, &chart)?;
    page.sheet.set_freeze_panes(2, 1)?;
    page.sheet.protect();
    Ok(())
}

fn rota(page: &mut Page<'_>) -> Result<()> {
    let style = page.style;
    page.put("A14", "Name", &style.head)?;
    page.put("B14", "Agreed hours", &style.head_right)?;
    for (col, day) in DAY_COLUMNS.iter().zip(DAYS) {
        page.put(&format!("{col}14"), day, &style.head.clone().set_align(FormatAlign::Center))?;
    }
    page.put("J14", "Hours", &style.head_right)?;
    page.put("K14", "Overtime", &style.head_right)?;
    let letter = style.input("General").set_align(FormatAlign::Center);
    for (place, (row, (_, _, _, _, shifts))) in (4..).zip((15..).zip(STAFF)) {
        page.put(&format!("A{row}"), Formula::new(format!("=Staff!A{place}")), &style.text)?;
        page.put(&format!("B{row}"), Formula::new(format!("=Staff!C{place}")), &style.figure("0.0"))?;
        for (col, shift) in DAY_COLUMNS.iter().zip(shifts.chars()) {
            page.put(&format!("{col}{row}"), shift.to_string(), &letter)?;
        }
        let hours = format!("=SUMPRODUCT(SUMIF(Shifts[Code],C{row}:I{row},Shifts[Hours]))");
        page.put(&format!("J{row}"), Formula::new(hours), &style.figure("0.0"))?;
        page.put(&format!("K{row}"), Formula::new(format!("=MAX(0,J{row}-B{row})")), &style.figure("0.0"))?;
    }
    page.validate("C15:I22", &one_from("=ShiftCodes", "")?)?;
    let bad = Format::new().set_font_color(0xB3_261E).set_bold();
    let over =
        ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::GreaterThan(Formula::new("=$B$6")));
    page.sheet.add_conditional_format(14, 10, 21, 10, &over.set_format(bad))?;
    Ok(())
}

fn coverage(page: &mut Page<'_>) -> Result<()> {
    let style = page.style;
    page.heading("A25", "Coverage", 11)?;
    page.put("A26", "Shift", &style.head)?;
    page.put("B26", "People needed", &style.head_right)?;
    for (col, day) in DAY_COLUMNS.iter().zip(DAYS) {
        page.put(&format!("{col}26"), day, &style.head.clone().set_align(FormatAlign::Center))?;
    }
    page.put("J26", "Shifts", &style.head_right)?;
    page.put("K26", "Open", &style.head_right)?;
    for (row, (code, shift, _, _, _, needed)) in (27..).zip(&SHIFTS[..3]) {
        page.put(&format!("A{row}"), *shift, &style.text)?;
        page.put(&format!("B{row}"), *needed, &style.input("0"))?;
        for col in DAY_COLUMNS {
            let count = Formula::new(format!("=COUNTIF({col}$15:{col}$22,\"{code}\")"));
            page.put(&format!("{col}{row}"), count, &style.figure("0").set_align(FormatAlign::Center))?;
        }
        page.put(&format!("J{row}"), Formula::new(format!("=SUM(C{row}:I{row})")), &style.figure("0"))?;
        let open = format!("=SUMPRODUCT((C{row}:I{row}<B{row})*(B{row}-C{row}:I{row}))");
        page.put(&format!("K{row}"), Formula::new(open), &style.figure("0"))?;
    }
    page.validate("B27:B29", &whole(0, 8, "People in each of these shifts.", "Enter 0 to 8 people.")?)
}

fn staff(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Staff", &[])?;
    page.title("Staff", "Invented people; hours a week as agreed.")?;
    let columns = [
        Column::new("Name", 20.0, style.text.clone()),
        Column::new("Role", 16.0, style.text.clone()),
        Column::new("Agreed hours", 14.0, style.figure("0.0")),
        Column::new("Wage", 12.0, style.figure(MONEY)),
    ];
    page.table("A3", "Staff", STAFF.len() as u32, &columns)?;
    for (row, (name, role, hours, wage, _)) in (4..).zip(STAFF) {
        page.put(&format!("A{row}"), name, &style.text)?;
        page.put(&format!("B{row}"), role, &style.text)?;
        page.put(&format!("C{row}"), hours, &columns[2].format)?;
        page.put(&format!("D{row}"), wage, &columns[3].format)?;
    }
    Ok(())
}

fn shifts(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Shifts", &[])?;
    page.title("Shifts", "From, to and break decide how many hours a shift counts.")?;
    let time = || style.figure("hh:mm");
    let hours = "=ROUND((MOD(Shifts[[#This Row],[To]]-Shifts[[#This Row],[From]],1)-Shifts[[#This Row],[Break]])*24,2)";
    let columns = [
        Column::new("Code", 8.0, style.text.clone()),
        Column::new("Shift", 14.0, style.text.clone()),
        Column::new("From", 10.0, time()),
        Column::new("To", 10.0, time()),
        Column::new("Break", 10.0, time()),
        Column::computed("Hours", 10.0, style.figure("0.0"), hours),
    ];
    page.table("A3", "Shifts", SHIFTS.len() as u32, &columns)?;
    for (row, (code, shift, from, to, pause, _)) in (4..).zip(SHIFTS) {
        page.put(&format!("A{row}"), code, &style.text)?;
        page.put(&format!("B{row}"), shift, &style.text)?;
        page.put(&format!("C{row}"), from / 24.0, &columns[2].format)?;
        page.put(&format!("D{row}"), to / 24.0, &columns[3].format)?;
        page.put(&format!("E{row}"), pause / 1_440.0, &columns[4].format)?;
    }
    Ok(())
}

//! A budget: plan against actual figures by month and team, for one team or all, with a forecast.

use crate::page::{Column, Numbers, Page, decimal, one_from, whole};
use crate::style::{DATE, Style};
use anyhow::Result;
use rust_xlsxwriter::{
    Chart, ChartLegendPosition, ConditionalFormatCell, ConditionalFormatCellRule, ExcelDateTime, Format,
    Workbook,
};

const MONEY: &str = "#,##0\\ \"€\"";
const CHANGE: &str = "+#,##0\\ \"€\";-#,##0\\ \"€\";0\\ \"€\"";

const TEAMS: [(&str, u32); 5] =
    [("Marketing", 18_000), ("Sales", 14_000), ("Product", 22_000), ("Support", 9_000), ("Office", 6_500)];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const KINDS: [&str; 3] = ["Services", "Travel", "Equipment"];
/// The year's rhythm in percent of a usual month.
const SEASON: [u32; 12] = [90, 95, 105, 100, 100, 110, 85, 80, 110, 115, 105, 105];
/// Months with actual figures.
const BOOKED: u16 = 10;

pub(crate) fn build(workbook: &mut Workbook, style: &Style) -> Result<()> {
    dashboard(workbook, style)?;
    plan(workbook, style)?;
    actuals(workbook, style)?;
    lists(workbook, style)?;
    for (name, cell) in [
        ("SelectedTeam", "=Dashboard!$B$5"),
        ("MonthsSoFar", "=Dashboard!$B$6"),
        ("PriceRise", "=Dashboard!$B$7"),
        ("BudgetYear", "=Lists!$C$2"),
        ("TeamPattern", "=Lists!$C$3"),
        ("TeamChoices", "=Lists!$A$2:$A$7"),
    ] {
        workbook.define_name(name, cell)?;
    }
    Ok(())
}

fn dashboard(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Dashboard", &[])?;
    page.title("Team budget 2026", "Plan and actual figures of the teams, in euros.")?;
    page.heading("A4", "Choose", 3)?;
    page.row(5, "Team", "All teams", &style.text_input(), "")?;
    page.row(6, "Months so far", 10, &style.input("0"), "")?;
    page.row(7, "Expected price rise", 0.02, &style.input("0.0%"), "")?;
    page.validate("B5", &one_from("=TeamChoices", "")?)?;
    page.validate("B6", &whole(1, 12, "Months with complete figures.", "Enter a month from 1 to 12.")?)?;
    page.validate("B7", &decimal(-0.2, 0.5, "For the months to come.", "Enter a rise from -20 to 50 %.")?)?;

    page.heading("A9", "Result", 3)?;
    page.result(
        10,
        "Forecast for the year",
        "=ROUND(B12+(B15-B11)*(1+PriceRise),0)",
        &style.headline(MONEY),
        "",
    )?;
    let money = style.result(MONEY);
    page.result(11, "Plan so far", "=SUMIFS(ByMonth[Plan],ByMonth[No],\"<=\"&MonthsSoFar)", &money, "")?;
    page.result(12, "Actual so far", "=SUM(ByMonth[Actual])", &money, "")?;
    page.result(13, "Difference so far", "=B12-B11", &style.result(CHANGE), "")?;
    page.result(14, "Difference in percent", "=IF(B11=0,0,B13/B11)", &style.result("+0.0%;-0.0%;0.0%"), "")?;
    page.result(15, "Plan for the year", "=SUM(ByMonth[Plan])", &money, "")?;
    page.result(
        16,
        "Assessment",
        "=IF(B10>B15*1.05,\"Over budget\",IF(B10>B15,\"Slightly over budget\",\"Within budget\"))",
        &style.result("General"),
        "",
    )?;
    let bad = Format::new().set_font_color(0xB3_261E);
    let over =
        ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::GreaterThan(0)).set_format(bad);
    page.sheet.add_conditional_format(12, 1, 13, 1, &over)?;
    by_month(&mut page)?;
    by_team(&mut page)?;
    page.sheet.set_freeze_panes(2, 0)?;
    Ok(())
}

fn by_month(page: &mut Page<'_>) -> Result<()> {
    let style = page.style;
    page.heading("A18", "By month", 5)?;
    let plan = "=SUMIFS(Plan[Amount],Plan[Month],ByMonth[[#This Row],[No]],Plan[Team],TeamPattern)";
    let actual = "=IF(ByMonth[[#This Row],[No]]>MonthsSoFar,\"\",SUMIFS(Actuals[Amount],Actuals[Date],\
                  \">=\"&DATE(BudgetYear,ByMonth[[#This Row],[No]],1),Actuals[Date],\
                  \"<\"&DATE(BudgetYear,ByMonth[[#This Row],[No]]+1,1),Actuals[Team],TeamPattern))";
    let difference = "=IF(ByMonth[[#This Row],[Actual]]=\"\",\"\",ByMonth[[#This Row],[Actual]]-ByMonth[[#This Row],[Plan]])";
    let columns = [
        Column::new("Month", 24.0, style.text.clone()),
        Column::new("No", 22.0, style.figure("0")),
        Column::computed("Plan", 14.0, style.figure(MONEY), plan),
        Column::computed("Actual", 14.0, style.figure(MONEY), actual),
        Column::computed("Difference", 14.0, style.figure(CHANGE), difference),
    ];
    page.table("A19", "ByMonth", 12, &columns)?;
    for (number, (row, month)) in (1..).zip((20..).zip(MONTHS)) {
        page.put(&format!("A{row}"), month, &style.text)?;
        page.put(&format!("B{row}"), number, &columns[1].format)?;
    }
    let mut chart = Chart::new_column();
    for (name, column) in [("Plan", 'C'), ("Actual", 'D')] {
        chart
            .add_series()
            .set_name(name)
            .set_categories("Dashboard!$A$20:$A$31")
            .set_values(format!("Dashboard!${column}$20:${column}$31").as_str());
    }
    chart.title().set_name("Plan and actual by month");
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_width(620).set_height(280).set_alt_text("Plan and actual figures of each month, side by side.");
    page.sheet.insert_chart(2, 6, &chart)?;
    Ok(())
}

fn by_team(page: &mut Page<'_>) -> Result<()> {
    let style = page.style;
    page.heading("G18", "By team", 4)?;
    let plan = "=SUMIFS(Plan[Amount],Plan[Team],ByTeam[[#This Row],[Team]],Plan[Month],\"<=\"&MonthsSoFar)";
    let actual = "=SUMIFS(Actuals[Amount],Actuals[Team],ByTeam[[#This Row],[Team]],Actuals[Date],\
                  \"<\"&DATE(BudgetYear,MonthsSoFar+1,1))";
    let columns = [
        Column::new("Team", 16.0, style.text.clone()),
        Column::computed("Plan", 14.0, style.figure(MONEY), plan),
        Column::computed("Actual", 14.0, style.figure(MONEY), actual),
        Column::computed(
            "Difference",
            14.0,
            style.figure(CHANGE),
            "=ByTeam[[#This Row],[Actual]]-ByTeam[[#This Row],[Plan]]",
        ),
    ];
    page.table("G19", "ByTeam", TEAMS.len() as u32, &columns)?;
    for (row, (team, _)) in (20..).zip(TEAMS) {
        page.put(&format!("G{row}"), team, &style.text)?;
    }
    Ok(())
}

fn plan(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Plan", &[])?;
    page.title("Plan", "One row for each team and month.")?;
    let columns = [
        Column::new("Team", 16.0, style.text.clone()),
        Column::new("Month", 10.0, style.figure("0")),
        Column::new("Amount", 14.0, style.figure(MONEY)),
    ];
    page.table("A3", "Plan", 60, &columns)?;
    let mut row = 4;
    for (team, usual) in TEAMS {
        for (month, percent) in (1..).zip(SEASON) {
            page.put(&format!("A{row}"), team, &style.text)?;
            page.put(&format!("B{row}"), month, &columns[1].format)?;
            page.put(&format!("C{row}"), usual * percent / 100, &columns[2].format)?;
            row += 1;
        }
    }
    page.sheet.set_freeze_panes(3, 0)?;
    Ok(())
}

fn actuals(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Actuals", &[])?;
    page.title("Actual figures", "One row for each booking.")?;
    let columns = [
        Column::new("Date", 13.0, style.figure(DATE)),
        Column::new("Team", 16.0, style.text.clone()),
        Column::new("Kind", 14.0, style.text.clone()),
        Column::new("Amount", 14.0, style.figure(MONEY)),
    ];
    page.table("A3", "Actuals", u32::from(BOOKED) * 5 * 3, &columns)?;
    let mut numbers = Numbers::from(2026);
    let mut row = 4;
    for (month, percent) in (1..=BOOKED).zip(SEASON) {
        for (team, usual) in TEAMS {
            for (kind, share) in KINDS.iter().zip([60, 25, 15]) {
                let day = u8::try_from(numbers.between(2, 28))?;
                let amount = usual * percent / 100 * share / 100 * numbers.between(82, 124) / 100;
                let month = u8::try_from(month)?;
                page.put(
                    &format!("A{row}"),
                    &ExcelDateTime::from_ymd(2026, month, day)?,
                    &columns[0].format,
                )?;
                page.put(&format!("B{row}"), team, &style.text)?;
                page.put(&format!("C{row}"), *kind, &style.text)?;
                page.put(&format!("D{row}"), amount, &columns[3].format)?;
                row += 1;
            }
        }
    }
    page.sheet.set_freeze_panes(3, 0)?;
    Ok(())
}

fn lists(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Lists", &[18.0, 26.0, 16.0])?;
    page.put("A1", "Teams", &style.head)?;
    page.put("A2", "All teams", &style.text)?;
    for (row, (team, _)) in (3..).zip(TEAMS) {
        page.put(&format!("A{row}"), team, &style.text)?;
    }
    page.put("B2", "Year of the budget", &style.label)?;
    page.put("C2", 2026, &style.figure("0"))?;
    page.put("B3", "What teams must match", &style.label)?;
    let pattern = rust_xlsxwriter::Formula::new("=IF(SelectedTeam=A2,\"*\",SelectedTeam)");
    page.put("C3", pattern, &style.text)?;
    page.sheet.set_hidden(true);
    Ok(())
}

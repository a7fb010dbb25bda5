//! Body mass index: five inputs, named cells, a protected sheet, and a hidden sheet to look things up in.

use crate::page::{Page, decimal, one_from, one_of, whole};
use crate::style::Style;
use anyhow::Result;
use rust_xlsxwriter::Workbook;

/// From which index on, what it is called, what to do.
const CLASSES: [(f64, &str, &str); 6] = [
    (0.0, "Underweight", "Eat more, and more often; ask a doctor if the weight keeps falling."),
    (18.5, "Healthy weight", "Keep it up."),
    (25.0, "Overweight", "A little more movement goes a long way."),
    (30.0, "Obesity, class I", "Talk to a doctor about a plan that suits you."),
    (35.0, "Obesity, class II", "Talk to a doctor about a plan that suits you."),
    (40.0, "Obesity, class III", "See a doctor soon."),
];

/// How active somebody is, and by how much that raises the energy need.
const ACTIVITIES: [(&str, f64); 5] =
    [("Sedentary", 1.2), ("Light", 1.375), ("Moderate", 1.55), ("Active", 1.725), ("Very active", 1.9)];

pub(crate) fn build(workbook: &mut Workbook, style: &Style) -> Result<()> {
    calculator(workbook, style)?;
    reference(workbook, style)?;
    for (name, cell) in [
        ("BodyHeight", "=BMI!$B$5"),
        ("BodyWeight", "=BMI!$B$6"),
        ("Age", "=BMI!$B$7"),
        ("Sex", "=BMI!$B$8"),
        ("Activity", "=BMI!$B$9"),
        ("BodyMassIndex", "=BMI!$B$12"),
        ("Activities", "=Reference!$A$13:$A$17"),
    ] {
        workbook.define_name(name, cell)?;
    }
    Ok(())
}

fn calculator(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "BMI", &[28.0, 18.0, 14.0])?;
    page.title("Body mass index", "Enter your figures in the blue cells.")?;
    page.heading("A4", "Your figures", 3)?;
    page.row(5, "Body height", 178, &style.input("0"), "cm")?;
    page.row(6, "Body weight", 74.5, &style.input("0.0"), "kg")?;
    page.row(7, "Age", 41, &style.input("0"), "years")?;
    page.row(8, "Sex", "Female", &style.text_input(), "")?;
    page.row(9, "Activity", "Moderate", &style.text_input(), "")?;
    page.validate(
        "B5",
        &whole(80, 250, "In centimetres, without shoes.", "Enter a height from 80 to 250 cm.")?,
    )?;
    page.validate("B6", &decimal(20.0, 300.0, "In kilograms.", "Enter a weight from 20 to 300 kg.")?)?;
    page.validate("B7", &whole(18, 120, "For adults only.", "Enter an age from 18 to 120 years.")?)?;
    page.validate("B8", &one_of(&["Female", "Male"], "")?)?;
    page.validate("B9", &one_from("=Activities", "On most days of the week.")?)?;

    page.heading("A11", "Result", 3)?;
    page.result(
        12,
        "Body mass index",
        "=ROUND(BodyWeight/(BodyHeight/100)^2,1)",
        &style.headline("0.0"),
        "kg/m²",
    )?;
    let class = |column: &str| {
        format!("=INDEX(Reference!${column}$4:${column}$9,MATCH(BodyMassIndex,Reference!$A$4:$A$9,1))")
    };
    page.result(13, "Category", &class("B"), &style.result("General"), "")?;
    page.result(14, "Healthy weight from", "=ROUND(18.5*(BodyHeight/100)^2,1)", &style.result("0.0"), "kg")?;
    page.result(15, "Healthy weight to", "=ROUND(24.9*(BodyHeight/100)^2,1)", &style.result("0.0"), "kg")?;
    page.result(
        16,
        "Change to reach it",
        "=IF(BodyWeight<B14,B14-BodyWeight,IF(BodyWeight>B15,B15-BodyWeight,0))",
        &style.result("+0.0;-0.0;0.0"),
        "kg",
    )?;
    page.result(
        17,
        "Energy need at rest",
        "=ROUND(10*BodyWeight+6.25*BodyHeight-5*Age+IF(Sex=\"Male\",5,-161),0)",
        &style.result("#,##0"),
        "kcal a day",
    )?;
    page.result(
        18,
        "Energy need in all",
        "=ROUND(B17*INDEX(Reference!$B$13:$B$17,MATCH(Activity,Activities,0)),-1)",
        &style.result("#,##0"),
        "kcal a day",
    )?;
    page.result(19, "Advice", &class("C"), &style.note, "")?;
    page.sheet.set_column_range_width(1, 1, 22)?;
    page.sheet.set_row_height(18, 48)?;
    page.sheet.set_freeze_panes(2, 0)?;
    page.sheet.protect();
    Ok(())
}

fn reference(workbook: &mut Workbook, style: &Style) -> Result<()> {
    let mut page = Page::add(workbook, style, "Reference", &[14.0, 22.0, 64.0])?;
    page.title("Reference values", "Adults; limits of the categories by body mass index.")?;
    for (cell, text) in [("A3", "From index"), ("B3", "Category"), ("C3", "Advice"), ("A12", "Activity")] {
        page.put(cell, text, &style.head)?;
    }
    page.put("B12", "Factor", &style.head_right)?;
    for (row, (from, category, advice)) in (4..).zip(CLASSES) {
        page.put(&format!("A{row}"), from, &style.figure("0.0"))?;
        page.put(&format!("B{row}"), category, &style.text)?;
        page.put(&format!("C{row}"), advice, &style.text)?;
    }
    for (row, (activity, factor)) in (13..).zip(ACTIVITIES) {
        page.put(&format!("A{row}"), activity, &style.text)?;
        page.put(&format!("B{row}"), factor, &style.figure("0.000"))?;
    }
    page.sheet.set_hidden(true);
    Ok(())
}

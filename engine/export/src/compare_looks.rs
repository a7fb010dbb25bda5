//! The written file, read back, against what was meant: styles, widths, validations and what else a person sees.

use crate::compare::same_optional;
use crate::contents::Contents;
use crate::{Losses, Severity};
use std::collections::HashMap;
use values::{Area, Cell, Col, SheetId};
use workbook::{CellStyle, Color, Sheet, StyleId, Validation, Workbook};

/// Widths that differ by less are the same: files round them.
const WIDTH_TOLERANCE: f32 = 0.02;

const BLACK: Color = Color { red: 0, green: 0, blue: 0 };

/// Says what looks different on a sheet.
pub(crate) fn sheet(contents: &Contents<'_>, written: &Workbook, id: SheetId, losses: &mut Losses) {
    let meant = contents.book.workbook;
    let (Some(sheet), Some(other)) = (meant.sheet(id), written.sheet(id)) else { return };
    let mut warn = |differs: bool, what: &str| {
        if differs {
            losses.add(Severity::Warned, what, &sheet.name);
        }
    };
    warn(sorted(sheet) != sorted(other), "merged cells differ");
    warn(!same_widths(sheet, other), "widths of columns differ");
    warn(sheet.hidden_columns != other.hidden_columns, "hidden columns differ");
    let rows = |sheet: &Sheet, hidden: bool| -> Vec<(u32, u32, u8)> {
        let of = sheet.rows.iter().filter(|(.., info)| if hidden { info.hidden } else { info.outline > 0 });
        let mut spans: Vec<(u32, u32, u8)> = Vec::new();
        for (top, bottom, info) in of {
            let level = if hidden { 0 } else { info.outline };
            match spans.last_mut() {
                Some(last) if last.1 + 1 == top.0 && last.2 == level => last.1 = bottom.0,
                _ => spans.push((top.0, bottom.0, level)),
            }
        }
        spans
    };
    warn(rows(sheet, true) != rows(other, true), "hidden rows differ");
    warn(rows(sheet, false) != rows(other, false), "outlines of rows are left out");
    warn(sheet.notes != other.notes, "notes differ");
    warn(!same_links(sheet, other), "links differ");
    warn(sheet.protected != other.protected, "the protection of sheets is left out");
    warn(sheet.filter != other.filter || sheet.filtered != other.filtered, "filters differ");
    warn(sheet.frozen != other.frozen, "frozen rows and columns differ");
    validations(meant, written, id, losses);
    styles(contents, written, id, losses);
}

fn sorted(sheet: &Sheet) -> Vec<values::Rect> {
    let mut merged = sheet.merged.clone();
    merged.sort_unstable();
    merged.dedup();
    merged
}

fn same_widths(a: &Sheet, b: &Sheet) -> bool {
    let width = |sheet: &Sheet, col: &Col| *sheet.column_widths.get(col).unwrap_or(&sheet.default_width);
    a.column_widths
        .keys()
        .chain(b.column_widths.keys())
        // How wide a hidden column would be concerns nobody.
        .filter(|col| a.column_visible(**col))
        .all(|col| (width(a, col) - width(b, col)).abs() < WIDTH_TOLERANCE)
}

fn same_links(a: &Sheet, b: &Sheet) -> bool {
    let plain = |sheet: &Sheet| {
        let mut links: Vec<_> = sheet
            .hyperlinks
            .iter()
            .map(|link| (link.area, link.target.clone(), link.location.clone()))
            .collect();
        links.sort_unstable();
        links
    };
    plain(a) == plain(b)
}

/// What a cell may hold is held against the rule that a cell gets, whatever the order of the rules.
fn validations(meant: &Workbook, written: &Workbook, id: SheetId, losses: &mut Losses) {
    let (Some(sheet), Some(other)) = (meant.sheet(id), written.sheet(id)) else { return };
    for validation in &sheet.validations {
        let same = |other: &&Validation| {
            let plain = |v: &Validation| (v.kind, v.operator, v.style, v.allow_blank, v.dropdown);

            let texts = |v: &Validation| {
                (v.error_title.clone(), v.error.clone(), v.prompt_title.clone(), v.prompt.clone())
            };
            validation.areas == other.areas
                && plain(validation) == plain(other)
                && texts(validation) == texts(other)
                && same_optional(&validation.first, meant, &other.first, written, validation.host)
                && same_optional(&validation.second, meant, &other.second, written, validation.host)
        };
        if !other.validations.iter().any(|other| same(&other)) {
            let rect = validation.areas.first().copied().unwrap_or_default();
            let place = meant.address(Area { sheet: id, rect });
            losses.add(Severity::Warned, "rules for what cells may hold differ", &place);
        }
    }
}

/// A way in which two styles differ.
type Difference = &'static str;

fn styles(contents: &Contents<'_>, written: &Workbook, id: SheetId, losses: &mut Losses) {
    let meant = contents.book.workbook;
    let (Some(sheet), Some(other)) = (meant.sheet(id), written.sheet(id)) else { return };
    let mut known: HashMap<(StyleId, StyleId), Vec<Difference>> = HashMap::new();
    // In an .xlsx, a cell without a style has the first of the file, which stands behind the model's default.
    let first_of = |workbook: &Workbook, is_xlsx: bool, style: StyleId| {
        let has_first = is_xlsx && workbook.styles.len() > 1;
        if style == StyleId::default() && has_first { StyleId(1) } else { style }
    };
    let from_xlsx = contents.book.original.is_some();
    for (col, runs) in sheet.styles.iter().enumerate() {
        for (top, bottom, style) in runs.iter() {
            for row in top.0..=bottom.0 {
                let cell = Cell::new(row, col as u16);
                let pair = (first_of(meant, from_xlsx, style), first_of(written, true, other.style(cell)));
                let differences = known
                    .entry(pair)
                    .or_insert_with(|| differences(meant.styles.get(pair.0), written.styles.get(pair.1)));
                for what in differences.iter() {
                    losses.add(Severity::Warned, what, &contents.place(id, cell));
                }
            }
        }
    }
}

fn differences(a: &CellStyle, b: &CellStyle) -> Vec<Difference> {
    let size = |style: &CellStyle| if style.font.size_pt == 0.0 { 11.0 } else { style.font.size_pt };
    // The automatic colour is black on paper and on screen.
    let color = |style: &CellStyle| style.font.color.unwrap_or(BLACK);
    let font = |style: &CellStyle| (style.font.bold, style.font.italic, style.font.strike, color(style));
    let all = [
        (a.number_format == b.number_format, "number formats differ"),
        (
            a.locked == b.locked && a.formula_hidden == b.formula_hidden,
            "cells that protection leaves open differ",
        ),
        (font(a) == font(b) && (size(a) - size(b)).abs() < 0.01, "fonts differ"),
        (a.fill == b.fill, "colours behind cells differ"),
        (a.bordered == b.bordered, "borders of cells differ"),
        (a.alignment == b.alignment, "the alignment of cells differs"),
        (a.named_style == b.named_style, "names of cell styles are left out"),
    ];
    all.into_iter().filter(|(same, _)| !same).map(|(_, what)| what).collect()
}

//! Pieces of parts that are written by hand: from the original where there is one, else from the model.

use crate::contents::Contents;
use crate::finish::table_name;
use crate::package::Package;
use crate::xml::{Step, Xml, attribute, text};
use formula::{Formula, Style};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::Arc;
use values::Cell;
use workbook::{DefinedName, NameScope, Validation, ValidationKind, ValidationOperator, ValidationStyle};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The version of Excel's calculation that the settings speak of; any will do, since all is recalculated.
const CALCULATION_ID: &str = "191029";

/// Attributes of tables that point into parts which umya numbers anew or leaves out.
const POINTERS: &[&str] = &[
    "dataDxfId",
    "headerRowDxfId",
    "totalsRowDxfId",
    "headerRowBorderDxfId",
    "tableBorderDxfId",
    "totalsRowBorderDxfId",
    "tableType",
    "connectionId",
    "queryTableFieldId",
];

/// The pieces.
#[derive(Debug, Default)]
pub(crate) struct Fragments {
    /// The element of defined names, or nothing.
    pub names: String,
    /// The element of calculation settings.
    pub calculation: String,
    /// By sheet: its element of validations (nothing where it has none); `None` to leave what umya wrote.
    pub validations: Vec<Option<String>>,
    /// By name: whole parts of tables.
    pub tables: HashMap<String, String>,
}

/// The pieces of the original.
pub(crate) fn of_original(original: &[u8], dropped: &BTreeSet<usize>) -> Result<Fragments, String> {
    let mut package = Package::open(original)?;
    let mut fragments = Fragments { calculation: calculation(&[]), ..Fragments::default() };
    let (name, _) = package.workbook()?;
    let part = package.bytes(&name)?.ok_or("it has no workbook part")?;
    read_workbook(&part, dropped, &mut fragments)?;
    for sheet in package.sheets()? {
        let part = package.bytes(&sheet.part)?.unwrap_or_default();
        fragments.validations.push(read_validations(&part)?);
    }
    for (name, (kind, _)) in package.reachable()? {
        let part = if kind == "table" { package.bytes(&name)? } else { None };
        let Some(part) = part else { continue };
        if let (Some(name), Some(table)) = (table_name(&part)?, read_table(&part)?) {
            fragments.tables.insert(name, table);
        }
    }
    Ok(fragments)
}

fn read_workbook(part: &[u8], dropped: &BTreeSet<usize>, fragments: &mut Fragments) -> Result<(), String> {
    let mut xml = Xml::new(part);
    let (mut place, mut names) = (0, String::new());
    while let Some(step) = xml.next()? {
        let Step::Start(element) = step else { continue };
        match element.name() {
            "definedName" => {
                let plain = element.attributes().filter(|(key, _)| !key.contains(':'));
                let attributes: Vec<(String, String)> = plain.collect();
                let content = content(&mut xml)?;
                if !dropped.contains(&place) {
                    write_element(&mut names, "definedName", &attributes, &content);
                }
                place += 1;
            }
            "calcPr" => {
                let ours = ["calcId", "calcCompleted", "fullCalcOnLoad", "forceFullCalc"];
                let theirs =
                    |(key, _): &(String, String)| !key.contains(':') && !ours.contains(&key.as_str());
                let kept: Vec<(String, String)> = element.attributes().filter(theirs).collect();
                fragments.calculation = calculation(&kept);
            }
            _ => {}
        }
    }
    fragments.names = enclosed("definedNames", &names);
    Ok(())
}

/// The text of the element whose start was just read, as it stands in the file.
fn content(xml: &mut Xml<'_>) -> Result<String, String> {
    let outside = xml.depth() - 1;
    let mut all = String::new();
    while xml.depth() > outside {
        match xml.next()?.ok_or("it ends within an element")? {
            Step::Text(piece) => all.push_str(&piece),
            Step::Start(_) | Step::End => {}
        }
    }
    Ok(all)
}

/// A sheet's element of validations; those of the extension are umya's to keep.
fn read_validations(part: &[u8]) -> Result<Option<String>, String> {
    let mut xml = Xml::new(part);
    while let Some(step) = xml.next()? {
        match step {
            Step::Start(element) if xml.depth() == 2 && element.name() == "dataValidations" => {
                return xml.copy(&element, &[]);
            }
            // The cells are the bulk of the part and hold nothing of this.
            _ => {}
        }
    }
    Ok(None)
}

fn read_table(part: &[u8]) -> Result<Option<String>, String> {
    let mut xml = Xml::new(part);
    while let Some(step) = xml.next()? {
        if let Step::Start(element) = step {
            let table = xml.copy(&element, POINTERS)?;
            let with_namespace =
                |table: String| table.replacen("<table", &format!("<table xmlns=\"{MAIN}\""), 1);
            let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
            return Ok(table.map(|table| format!("{head}{}", with_namespace(table))));
        }
    }
    Ok(None)
}

/// The pieces of a workbook that comes from another format.
pub(crate) fn of_model(contents: &Contents<'_>) -> Fragments {
    let workbook = contents.book.workbook;
    let mut names = String::new();
    for (place, name) in workbook.names.iter().enumerate() {
        if !contents.dropped_names.contains(&place) {
            write_name(&mut names, name, contents);
        }
    }
    let mut settings = Vec::new();
    let mut set = |name: &str, value: String| settings.push((name.to_owned(), value));
    if let Some(iteration) = workbook.iteration {
        set("iterate", "1".to_owned());
        set("iterateCount", iteration.count.to_string());
        set("iterateDelta", iteration.delta.to_string());
    }
    if workbook.precision_as_displayed {
        set("fullPrecision", "0".to_owned());
    }
    let validations = |sheet: &workbook::Sheet| {
        let mut all = String::new();
        sheet.validations.iter().for_each(|one| write_validation(&mut all, one, contents));
        Some(enclosed("dataValidations", &all))
    };
    Fragments {
        names: enclosed("definedNames", &names),
        calculation: calculation(&settings),
        validations: workbook.sheets.iter().map(validations).collect(),
        tables: HashMap::new(),
    }
}

fn write_name(out: &mut String, name: &DefinedName, contents: &Contents<'_>) {
    let Some(formula) = &name.formula else { return };
    // Binary formats have numbers for these names, .xlsx a prefix.
    let built_in = ["Print_Area", "Print_Titles", "Criteria", "Extract", "_FilterDatabase"];
    let prefix = if built_in.contains(&name.name.as_str()) { "_xlnm." } else { "" };
    let mut attributes = vec![("name".to_owned(), format!("{prefix}{}", name.name))];
    if let NameScope::Sheet(sheet) = name.scope {
        attributes.push(("localSheetId".to_owned(), sheet.0.to_string()));
    }
    if name.hidden {
        attributes.push(("hidden".to_owned(), "1".to_owned()));
    }
    let source = print(formula, Cell::default(), contents);
    write_element(out, "definedName", &attributes, &text(&source));
}

fn print(formula: &Arc<Formula>, host: Cell, contents: &Contents<'_>) -> String {
    formula::print(formula, host, contents.book.workbook, Style::File)
}

fn write_validation(out: &mut String, validation: &Validation, contents: &Contents<'_>) {
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: &str| attributes.push((name.to_owned(), value.to_owned()));
    set("type", kind(validation.kind));
    match validation.style {
        ValidationStyle::Stop => {}
        ValidationStyle::Warning => set("errorStyle", "warning"),
        ValidationStyle::Information => set("errorStyle", "information"),
    }
    set("operator", operator(validation.operator));
    set("allowBlank", if validation.allow_blank { "1" } else { "0" });
    // The flag means the opposite of its name.
    if validation.kind == ValidationKind::List && !validation.dropdown {
        set("showDropDown", "1");
    }
    set("showInputMessage", "1");
    set("showErrorMessage", "1");
    let texts = [
        ("errorTitle", &validation.error_title),
        ("error", &validation.error),
        ("promptTitle", &validation.prompt_title),
        ("prompt", &validation.prompt),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            set(name, &crate::edit::escaped(value));
        }
    }
    let areas: Vec<String> = validation.areas.iter().map(ToString::to_string).collect();
    set("sqref", &areas.join(" "));
    let mut content = String::new();
    for (name, formula) in [("formula1", &validation.first), ("formula2", &validation.second)] {
        if let Some(formula) = formula {
            let source = print(formula, validation.host, contents);
            write_element(&mut content, name, &[], &text(&source));
        }
    }
    write_element(out, "dataValidation", &attributes, &content);
}

fn kind(kind: ValidationKind) -> &'static str {
    match kind {
        ValidationKind::Any => "none",
        ValidationKind::Whole => "whole",
        ValidationKind::Decimal => "decimal",
        ValidationKind::List => "list",
        ValidationKind::Date => "date",
        ValidationKind::Time => "time",
        ValidationKind::TextLength => "textLength",
        ValidationKind::Custom => "custom",
    }
}

fn operator(operator: ValidationOperator) -> &'static str {
    match operator {
        ValidationOperator::Between => "between",
        ValidationOperator::NotBetween => "notBetween",
        ValidationOperator::Equal => "equal",
        ValidationOperator::NotEqual => "notEqual",
        ValidationOperator::Greater => "greaterThan",
        ValidationOperator::Less => "lessThan",
        ValidationOperator::GreaterEqual => "greaterThanOrEqual",
        ValidationOperator::LessEqual => "lessThanOrEqual",
    }
}

/// Calculation settings that have Excel compute everything when it opens the file.
fn calculation(settings: &[(String, String)]) -> String {
    let mut all = vec![("calcId".to_owned(), CALCULATION_ID.to_owned())];
    all.extend_from_slice(settings);
    all.push(("fullCalcOnLoad".to_owned(), "1".to_owned()));
    let mut out = String::new();
    write_element(&mut out, "calcPr", &all, "");
    out
}

/// An element with a content that is XML already.
fn write_element(out: &mut String, name: &str, attributes: &[(String, String)], content: &str) {
    let _ = write!(out, "<{name}");
    for (key, value) in attributes {
        let _ = write!(out, " {key}=\"{}\"", attribute(value));
    }
    let _ = write!(out, ">{content}</{name}>");
}

/// An element around some others; nothing around nothing.
fn enclosed(name: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("<{name}>{content}</{name}>") }
}

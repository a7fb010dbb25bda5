//! A case as a formula over cells, where it can be one.
//!
//! Each range of the arguments lies on a sheet of its own, at the place that the case says, so that whole columns and
//! positions mean what they mean there. What only the test's own world can be (another locale or clock, hidden rows,
//! functions as values, cells with formulas) is left out, with the reason.

use super::cases::Case;
use crate::values::{LAST, address};
use serde_json::Value as Json;

/// A formula with the cells that it reads and the outcome that the case expects.
#[derive(Debug, PartialEq)]
pub struct Expressed {
    /// The formula, with its `=`; each range is written as `{0}!A1:B2`, by its number in `ranges`.
    pub formula: String,
    /// The cells of each range.
    pub ranges: Vec<Cells>,
    /// Whether it must be entered as an array formula, and over how many rows and columns.
    pub array: Option<(u32, u32)>,
    /// The expected values, row by row.
    pub expected: Vec<Vec<Json>>,
}

/// Constants from a cell on.
#[derive(Debug, PartialEq)]
pub struct Cells {
    /// Row and column of the first, counted from 0.
    pub first: (u32, u32),
    /// Row by row.
    pub rows: Vec<Vec<Json>>,
}

/// Why a case is left out.
pub type Reason = &'static str;

/// Characters that a text within a formula may have.
const LONGEST_TEXT: usize = 255;

/// Writes a case as a formula.
pub fn express(case: &Case) -> Result<Expressed, Reason> {
    let mut array = None;
    if let Some(settings) = case.settings.as_object() {
        for (key, value) in settings {
            match key.as_str() {
                "index" => {}
                "mode" if value == "array" => array = Some((1, 1)),
                _ => return Err("it needs other surroundings"),
            }
        }
    }
    let expected = match &case.expected {
        Json::Array(rows) => {
            let rows: Option<Vec<Vec<Json>>> = rows.iter().map(|row| row.as_array().cloned()).collect();
            let rows =
                rows.filter(|rows| rows.iter().any(|row| !row.is_empty())).ok_or("its result is no table")?;
            let width = rows.iter().map(Vec::len).max().unwrap_or(1);
            array = Some((rows.len() as u32, width as u32));
            rows
        }
        Json::Object(object) if object.contains_key("reference") => return Err("its result is a reference"),
        one => vec![vec![one.clone()]],
    };
    if case.args.as_slice() == [Json::Null] {
        return Err("it leaves its only argument out");
    }
    let mut ranges = Vec::new();
    let args: Result<Vec<String>, Reason> = case.args.iter().map(|arg| argument(arg, &mut ranges)).collect();
    let formula = format!("={}({})", case.function, args?.join(","));
    Ok(Expressed { formula, ranges, array, expected })
}

fn argument(json: &Json, ranges: &mut Vec<Cells>) -> Result<String, Reason> {
    let Some(object) = json.as_object() else { return constant(json) };
    if let Some(areas) = object.get("areas").and_then(Json::as_array) {
        let areas: Result<Vec<String>, Reason> = areas.iter().map(|area| argument(area, ranges)).collect();
        return Ok(format!("({})", areas?.join(",")));
    }
    if let Some(rows) = object.get("range").and_then(Json::as_array) {
        if object.keys().any(|key| !matches!(key.as_str(), "range" | "at" | "rows" | "cols")) {
            return Err("its cells are hidden, named or formulas");
        }
        return range(json, rows, ranges);
    }
    if object.contains_key("lambda") {
        return Err("it takes a function as a value");
    }
    if object.contains_key("empty") {
        return Err("it takes an empty value that is no cell");
    }
    constant(json)
}

fn range(json: &Json, rows: &[Json], ranges: &mut Vec<Cells>) -> Result<String, Reason> {
    let rows: Option<Vec<Vec<Json>>> = rows.iter().map(|row| row.as_array().cloned()).collect();
    let rows = rows.ok_or("its cells are no table")?;
    let at = |place: usize| json["at"].get(place).and_then(Json::as_u64).unwrap_or(0) as u32;
    let first = (at(0), at(1));
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let extent = |key: &str, stored: usize| json[key].as_u64().unwrap_or(stored.max(1) as u64) as u32 - 1;
    let last = (first.0 + extent("rows", rows.len()), first.1 + extent("cols", width));
    if last.0 > LAST.0 || last.1 > LAST.1 {
        return Err("its cells lie beyond the sheet");
    }
    if rows.iter().flatten().any(|cell| literal(cell, true).is_err()) {
        return Err("its cells hold what cannot be typed");
    }
    let number = ranges.len();
    ranges.push(Cells { first, rows });
    let absolute = |(row, col): (u32, u32)| {
        let address = address(row, col);
        let digits = address.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let (letters, digits) = address.split_at(digits);
        format!("${letters}${digits}")
    };
    let place =
        if first == last { absolute(first) } else { format!("{}:{}", absolute(first), absolute(last)) };
    Ok(format!("{{{number}}}!{place}"))
}

/// A value in the formula itself; `null` is an argument left out.
fn constant(json: &Json) -> Result<String, Reason> {
    match json {
        Json::Null => Ok(String::new()),
        Json::Array(rows) => {
            let row = |row: &Json| -> Result<String, Reason> {
                let cells = row.as_array().ok_or("its array is no table")?;
                let cells: Result<Vec<String>, Reason> =
                    cells.iter().map(|cell| literal(cell, false)).collect();
                Ok(cells?.join(","))
            };
            let rows: Result<Vec<String>, Reason> = rows.iter().map(row).collect();
            Ok(format!("{{{}}}", rows?.join(";")))
        }
        one => literal(one, false),
    }
}

/// A single constant as formulas write it; an empty one only where cells may be `empty`.
pub fn literal(json: &Json, empty: bool) -> Result<String, Reason> {
    const ERRORS: [&str; 7] = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"];
    match json {
        Json::Null if empty => Ok(String::new()),
        Json::Bool(true) => Ok("TRUE".into()),
        Json::Bool(false) => Ok("FALSE".into()),
        Json::Number(number) => number.as_f64().map(number_text).ok_or("a number out of range"),
        Json::String(text) if text.chars().any(char::is_control) => Err("it holds control characters"),
        Json::String(text) if text.chars().count() > LONGEST_TEXT => {
            Err("it holds a text too long for a formula")
        }
        Json::String(text) => Ok(format!("\"{}\"", text.replace('"', "\"\""))),
        Json::Object(object) => match object.get("error").and_then(Json::as_str) {
            Some(error) if ERRORS.contains(&error) => Ok(error.into()),
            _ => Err("it holds a value that has no literal"),
        },
        _ => Err("it holds a value that has no literal"),
    }
}

/// All digits, with an exponent where the number would be very long without one.
fn number_text(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-5..1e15).contains(&size) {
        let text = format!("{number:E}");
        return if text.contains("E-") { text } else { text.replace('E', "E+") };
    }
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::cases::case;
    use super::*;

    fn formula(line: &str) -> Result<Expressed, Reason> {
        case("a.tsv:1".into(), line).map_err(|_| "no case").and_then(|case| express(&case))
    }

    fn text(args: &str) -> Result<String, Reason> {
        formula(&format!("F\t{args}\t1\tx")).map(|expressed| expressed.formula)
    }

    #[test]
    fn constants_are_written_as_formulas_write_them() {
        assert_eq!(
            text(r##"[1.5, -2, "a\"b", true, null, {"error":"#N/A"}]"##).as_deref(),
            Ok("=F(1.5,-2,\"a\"\"b\",TRUE,,#N/A)")
        );
        assert_eq!(text(r#"[1e306, 0, 1e-9]"#).as_deref(), Ok("=F(1E+306,0,1E-9)"));
        assert_eq!(
            text(r##"[[[1,"x"],[true,{"error":"#REF!"}]]]"##).as_deref(),
            Ok("=F({1,\"x\";TRUE,#REF!})")
        );
    }

    #[test]
    fn ranges_lie_on_sheets_of_their_own() {
        let found =
            formula("F\t[{\"range\":[[1,null],[\"a\",2]]},{\"range\":[[1]],\"at\":[2,1],\"rows\":3}]\t1\tx");
        let found = found
            .map(|found| (found.formula, found.ranges.len(), found.ranges.get(1).map(|cells| cells.first)));
        assert_eq!(found, Ok(("=F({0}!$A$1:$B$2,{1}!$B$3:$B$5)".into(), 2, Some((2, 1)))));
        let areas = text(r#"[{"areas":[{"range":[[1]]},{"range":[[2]]}]}]"#);
        assert_eq!(areas.as_deref(), Ok("=F(({0}!$A$1,{1}!$A$1))"));
    }

    #[test]
    fn tables_are_array_formulas() {
        let found = formula("F\t[1]\t[[1,2],[3,4]]\tx").map(|found| (found.array, found.expected.len()));
        assert_eq!(found, Ok((Some((2, 2)), 2)));
        assert_eq!(formula("F\t[1]\t1\tx\t{\"mode\":\"array\"}").map(|found| found.array), Ok(Some((1, 1))));
    }

    #[test]
    fn what_only_the_tests_world_has_is_left_out() {
        for line in [
            "F\t[1]\t1\tx\t{\"locale\":\"de-DE\"}",
            "F\t[{\"lambda\":\"SUM\"}]\t1\tx",
            "F\t[{\"range\":[[1]],\"hidden\":[0]}]\t1\tx",
            "F\t[{\"empty\":true}]\t1\tx",
            "F\t[[[1,null]]]\t1\tx",
            "F\t[\"a\\nb\"]\t1\tx",
            "F\t[1]\t{\"reference\":\"A1\"}\tx",
            "F\t[null]\t1\tx",
        ] {
            assert!(formula(line).is_err(), "{line}");
        }
    }
}

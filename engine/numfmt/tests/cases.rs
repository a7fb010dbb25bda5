//! Runs the cases in `cases/`: each file says what its columns are and where the expectations come from.

// The helpers of a test may fail it by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

use playsheet_numfmt::{
    Color, Fill, Format, FormatError, Locale, Reading, builtin, builtin_in, format_text, general,
    general_in_width, parse_date, parse_number, parse_time, parse_typed,
};
use serde::Deserialize;
use serde_json::Value as Json;
use std::path::Path;
use values::{DateSystem, Value};

/// A file of format codes with what they show.
#[derive(Deserialize)]
struct Shows {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    code: String,
    source: String,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    system: Option<u16>,
    show: Vec<Vec<Json>>,
}

/// A file of rows.
#[derive(Deserialize)]
struct Rows {
    about: String,
    cases: Vec<Vec<Json>>,
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rows(name: &str, at_least: usize) -> Vec<Vec<Json>> {
    let rows: Rows = serde_json::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!rows.about.is_empty(), "{name} does not say what it holds");
    assert!(rows.cases.len() >= at_least, "{name} has only {} cases", rows.cases.len());
    rows.cases
}

fn locale(tag: &str) -> &'static Locale {
    Locale::from_tag(tag).unwrap_or_else(|| panic!("{tag} is not in the table"))
}

fn reading(tag: &str) -> Reading<'static> {
    Reading { locale: locale(tag), system: DateSystem::V1900, year: 2026 }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Empty,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::text(text),
        Json::Object(object) if object.contains_key("empty") => Value::Empty,
        Json::Object(object) => Value::Error(object["error"].as_str().unwrap().parse().unwrap()),
        Json::Array(_) => panic!("a case holds no array"),
    }
}

fn color(name: &str) -> Color {
    match name {
        "Red" => Color::Red,
        "Blue" => Color::Blue,
        _ => Color::Indexed(name.strip_prefix("Color").unwrap().parse().unwrap()),
    }
}

/// Collects what is wrong, so that one run shows all of it.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn check(&mut self, right: bool, what: impl FnOnce() -> String) {
        if !right {
            self.0.push(what());
        }
    }

    fn report(self) {
        assert!(self.0.is_empty(), "{} cases fail:\n{}", self.0.len(), self.0.join("\n"));
    }
}

fn check_shows(name: &str, at_least: usize) {
    let shows: Shows = serde_json::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut failures = Failures::default();
    let mut count = 0;
    for group in &shows.groups {
        assert!(!group.source.is_empty(), "{} has no source", group.code);
        let locale = locale(group.locale.as_deref().unwrap_or("en-US"));
        let system = if group.system == Some(1904) { DateSystem::V1904 } else { DateSystem::V1900 };
        let format = match Format::parse(&group.code) {
            Ok(format) => format,
            Err(error) => {
                failures.check(false, || format!("{name}: {:?}: {error}", group.code));
                continue;
            }
        };
        for case in &group.show {
            count += 1;
            let shown = format.format(&value(&case[0]), locale, system);
            // null: the value cannot be shown.
            let expected = case[1].as_str().unwrap_or("#######");
            failures.check(shown.text == expected && shown.overflow == case[1].is_null(), || {
                format!("{name}: {:?} of {}: {:?}, not {expected:?}", group.code, case[0], shown.text)
            });
            let Some(more) = case.get(2) else { continue };
            if let Some(name) = more.get("color") {
                failures.check(shown.color == Some(color(name.as_str().unwrap())), || {
                    format!("{:?} of {}: {:?}", group.code, case[0], shown.color)
                });
            }
            if let Some(fill) = more.get("fill") {
                let with = fill[1].as_str().unwrap().chars().next().unwrap();
                let expected = Fill { at: fill[0].as_u64().unwrap() as usize, with };
                failures.check(shown.fill == Some(expected), || {
                    format!("{:?} of {}: {:?}", group.code, case[0], shown.fill)
                });
            }
        }
    }
    assert!(count >= at_least, "{name} has only {count} cases");
    failures.report();
}

#[test]
fn decimals() {
    check_shows("decimals.json", 170);
}

#[test]
fn scientific() {
    check_shows("scientific.json", 65);
}

#[test]
fn fractions() {
    check_shows("fractions.json", 80);
}

#[test]
fn sections() {
    check_shows("sections.json", 150);
}

#[test]
fn dates() {
    check_shows("dates.json", 75);
}

#[test]
fn eras() {
    check_shows("eras.json", 45);
}

#[test]
fn numerals() {
    check_shows("numerals.json", 120);
}

#[test]
fn elapsed() {
    check_shows("elapsed.json", 25);
}

#[test]
fn locales() {
    check_shows("locales.json", 45);
}

#[test]
fn numbers_as_text() {
    let mut failures = Failures::default();
    for case in rows("general.json", 50) {
        let shown = general(case[0].as_f64().unwrap());
        failures.check(case[1] == shown.as_str(), || format!("{} is {shown}, not {}", case[0], case[1]));
    }
    failures.report();
}

#[test]
fn general_in_cells() {
    let mut failures = Failures::default();
    for case in rows("general_width.json", 40) {
        let width = case[1].as_u64().unwrap() as usize;
        let shown = general_in_width(case[0].as_f64().unwrap(), width, Locale::en_us());
        failures.check(case[2].as_str() == shown.as_deref(), || {
            format!("{} in {width} is {shown:?}, not {}", case[0], case[2])
        });
    }
    failures.report();
}

#[test]
fn invalid_codes() {
    let mut failures = Failures::default();
    for case in rows("invalid.json", 40) {
        let code = case[0].as_str().unwrap();
        let kind = match Format::parse(code) {
            Ok(_) => "none",
            Err(error) => {
                assert!(!error.to_string().is_empty());
                match error {
                    FormatError::TooLong { .. } => "TooLong",
                    FormatError::Unfinished { .. } => "Unfinished",
                    FormatError::Unquoted { .. } => "Unquoted",
                    FormatError::UnknownBracket { .. } => "UnknownBracket",
                    FormatError::TooManySections => "TooManySections",
                    FormatError::Mixed { .. } => "Mixed",
                    FormatError::MissingDigits { .. } => "MissingDigits",
                }
            }
        };
        failures.check(case[1] == kind, || format!("{code:?} gives {kind}, not {}", case[1]));
    }
    failures.report();
}

#[test]
fn kinds() {
    let mut failures = Failures::default();
    for case in rows("kinds.json", 40) {
        let code = case[0].as_str().unwrap();
        let format = Format::parse(code).unwrap_or_else(|error| panic!("{code}: {error}"));
        let class = format.class();
        let found = serde_json::json!([
            code,
            format!("{:?}", class.kind),
            class.decimals,
            class.grouping,
            class.currency.as_deref(),
            class.cell_code()
        ]);
        failures.check(found == Json::Array(case.clone()), || format!("{found}, not {}", Json::Array(case)));
    }
    failures.report();
}

#[test]
fn built_in_formats() {
    let mut failures = Failures::default();
    for case in rows("builtin.json", 25) {
        let id = case[0].as_u64().unwrap() as u16;
        let code = builtin_in(id, locale(case[1].as_str().unwrap()));
        failures.check(code.as_deref() == case[2].as_str(), || format!("{id} in {}: {code:?}", case[1]));
    }
    for id in 0..=u16::MAX {
        let known = builtin(id);
        for locale in Locale::all().filter(|_| known.is_some()) {
            let code = builtin_in(id, locale).unwrap();
            failures.check(Format::parse(&code).is_ok(), || format!("{id} in {}: {code}", locale.tag));
        }
    }
    failures.report();
}

#[test]
fn text_as_numbers() {
    let mut failures = Failures::default();
    for case in rows("typed.json", 200) {
        let text = case[0].as_str().unwrap();
        let reading = reading(case[1].as_str().unwrap());
        let number = parse_number(text, &reading);
        failures.check(number == case[2].as_f64(), || {
            format!("{text:?} in {} is {number:?}, not {}", case[1], case[2])
        });
        let typed = parse_typed(text, &reading);
        failures.check(typed.format.map(u64::from) == case[3].as_u64(), || {
            format!("{text:?} in {} gets format {:?}, not {}", case[1], typed.format, case[3])
        });
    }
    failures.report();
}

#[test]
fn typed_values() {
    let mut failures = Failures::default();
    for case in rows("typed_values.json", 15) {
        let typed = parse_typed(case[0].as_str().unwrap(), &reading("en-US"));
        failures.check(typed.value.same(&value(&case[1])), || format!("{} is {:?}", case[0], typed.value));
        failures.check(typed.format.map(u64::from) == case[2].as_u64(), || {
            format!("{} gets format {:?}", case[0], typed.format)
        });
    }
    failures.report();
}

#[test]
fn dates_and_times_as_text() {
    let mut failures = Failures::default();
    for case in rows("date_value.json", 12) {
        let text = case[0].as_str().unwrap();
        let (date, time) = (parse_date(text, &reading("en-US")), parse_time(text, &reading("en-US")));
        failures.check(date == case[1].as_f64(), || format!("{text:?} is the date {date:?}"));
        let close = match (time, case[2].as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-15,
            (a, b) => a.is_none() && b.is_none(),
        };
        failures.check(close, || format!("{text:?} is the time {time:?}"));
    }
    failures.report();
}

#[test]
fn text_function() {
    let mut failures = Failures::default();
    for case in rows("text_function.json", 40) {
        let code = case[1].as_str().unwrap();
        let shown = format_text(&value(&case[0]), code, &reading(case[2].as_str().unwrap()));
        failures.check(shown.as_deref().ok() == case[3].as_str(), || {
            format!("{} as {code:?} in {}: {shown:?}, not {}", case[0], case[2], case[3])
        });
    }
    failures.report();
}

//! `playsheet bench`: timings of loading, calculation and edits, as one JSON object.

use crate::exit::{Failure, Outcome};
use crate::input;
use crate::options::{Bench, Global};
use engine::calc::{Session, Wanted};
use engine::functions::Environment;
use engine::values::{Area, Cell, SheetId, Value};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;
use std::time::Instant;

/// What to edit and what to read.
#[derive(Deserialize)]
struct Sidecar {
    edits: Vec<Edit>,
    outputs: Vec<Place>,
}

#[derive(Deserialize)]
struct Edit {
    id: String,
    sheet: String,
    cell: String,
    values: Vec<serde_json::Value>,
}

#[derive(Clone, Deserialize, Serialize)]
struct Place {
    sheet: String,
    cell: String,
}

#[derive(Serialize)]
struct Timings {
    load_ms: f64,
    calc_ms: f64,
    edits: Vec<EditTiming>,
    outputs: Vec<Output>,
    peak_rss_mb: Option<f64>,
}

#[derive(Serialize)]
struct EditTiming {
    id: String,
    median_ms: f64,
    p95_ms: f64,
    /// Until the outputs are up to date, the rest left for later.
    outputs_p95_ms: f64,
}

/// An output after the full calculation (`after` is null) or after an edit's last value.
#[derive(Serialize)]
struct Output {
    after: Option<String>,
    #[serde(flatten)]
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

pub(crate) fn run(options: &Bench, global: &Global) -> Outcome<ExitCode> {
    let environment = input::environment(global)?;
    let text = std::fs::read(&options.edits)
        .map_err(|error| Failure::input(format!("{} cannot be read: {error}.", options.edits.display())))?;
    let sidecar: Sidecar = serde_json::from_slice(&text).map_err(|error| {
        Failure::input(format!("{} is no list of edits: {error}.", options.edits.display()))
    })?;

    let start = Instant::now();
    let document = input::open(&options.file)?;
    let mut session = document.session();
    let load_ms = ms(start);

    let start = Instant::now();
    session.invalidate();
    session.recalculate(&environment, Wanted::All);
    let calc_ms = ms(start);

    let places = find_all(&session, &sidecar.outputs)?;
    let mut outputs = read(&session, &sidecar.outputs, &places, None);
    let mut edits = Vec::new();
    for edit in &sidecar.edits {
        let at = find(&session, &edit.sheet, &edit.cell)?;
        edits.push(time_edit(&mut session, edit, at, &places, &environment));
        outputs.extend(read(&session, &sidecar.outputs, &places, Some(&edit.id)));
    }
    let timings = Timings { load_ms, calc_ms, edits, outputs, peak_rss_mb: peak_rss_mb() };
    println!("{}", serde_json::to_string_pretty(&timings).map_err(std::io::Error::from)?);
    Ok(ExitCode::SUCCESS)
}

/// Each value: write, recalculate everything, read the outputs; then each once more with only what the outputs need.
fn time_edit(
    session: &mut Session,
    edit: &Edit,
    at: (SheetId, Cell),
    places: &[(SheetId, Cell)],
    environment: &Environment,
) -> EditTiming {
    let mut times = |wanted: Wanted<'_>| {
        let mut times = Vec::with_capacity(edit.values.len());
        for value in &edit.values {
            let value = from_json(value);
            let start = Instant::now();
            session.set(at.0, at.1, value);
            session.recalculate(environment, wanted);
            for (sheet, cell) in places {
                std::hint::black_box(session.value(*sheet, *cell));
            }
            times.push(ms(start));
            session.recalculate(environment, Wanted::All);
        }
        times.sort_by(f64::total_cmp);
        times
    };
    let all = times(Wanted::All);
    let areas: Vec<Area> = places.iter().map(|(sheet, cell)| Area::cell(*sheet, *cell)).collect();
    let outputs = times(Wanted::Areas(&areas));
    EditTiming {
        id: edit.id.clone(),
        median_ms: quantile(&all, 0.5),
        p95_ms: quantile(&all, 0.95),
        outputs_p95_ms: quantile(&outputs, 0.95),
    }
}

/// The time below which that part of some ascending ones lies.
fn quantile(times: &[f64], part: f64) -> f64 {
    let place = (times.len() as f64 * part) as usize;
    times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

fn read(session: &Session, names: &[Place], places: &[(SheetId, Cell)], after: Option<&str>) -> Vec<Output> {
    let output = |(place, (sheet, cell)): (&Place, &(SheetId, Cell))| {
        let value = session.value(*sheet, *cell);
        Output {
            after: after.map(str::to_owned),
            place: place.clone(),
            value: value.error().is_none().then(|| input::json_value(value)),
            error: value.error().map(|error| error.as_str()),
        }
    };
    names.iter().zip(places).map(output).collect()
}

fn find_all(session: &Session, places: &[Place]) -> Outcome<Vec<(SheetId, Cell)>> {
    places.iter().map(|place| find(session, &place.sheet, &place.cell)).collect()
}

fn find(session: &Session, sheet: &str, cell: &str) -> Outcome<(SheetId, Cell)> {
    let quoted = engine::formula::quote_sheet(sheet);
    input::find_cell(session.model().workbook(), &format!("{quoted}!{cell}"))
}

fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Number(number) => number.as_f64().map_or(Value::Empty, Value::number),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Bool(value) => Value::Bool(*value),
        _ => Value::Empty,
    }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// The most memory this process held so far, where the system tells.
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kb: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kb / 1_024.0)
}

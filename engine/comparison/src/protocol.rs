//! The protocol: load, full calculation, read the outputs; then for each series of edits type one value after another,
//! each time calculating and reading the outputs; read the outputs again. An edited cell keeps its last value.
//!
//! A series of a slow engine is cut short: when its time is over, only the last value is still typed, so that the
//! outputs after it are those of every other engine.

use crate::engine::{Engine, Place, Shown, Value};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long one series may take before it is cut short.
const SERIES: Duration = Duration::from_secs(10);

/// What to edit and what to read.
#[derive(Deserialize)]
pub struct Sidecar {
    edits: Vec<Edit>,
    /// The cells to read.
    pub outputs: Vec<Named>,
}

#[derive(Deserialize)]
struct Edit {
    id: String,
    #[serde(flatten)]
    place: Named,
    values: Vec<serde_json::Value>,
}

/// A cell as the sidecar names it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Named {
    /// The sheet's name.
    pub sheet: String,
    /// The address.
    pub cell: String,
}

/// What is known after a stage.
#[derive(Default, Serialize)]
pub struct Report {
    /// From the file to an engine that is ready.
    pub load_ms: Option<f64>,
    /// Every formula once.
    pub calc_ms: Option<f64>,
    edits: Vec<Timing>,
    /// The outputs' values.
    pub outputs: Vec<Output>,
    /// The most memory held.
    pub peak_rss_mb: Option<f64>,
}

#[derive(Serialize)]
struct Timing {
    id: String,
    median_ms: f64,
    p95_ms: f64,
}

/// An output after the full calculation (`after` is null) or after a series of edits.
#[derive(Serialize)]
pub struct Output {
    after: Option<String>,
    #[serde(flatten)]
    place: Named,
    #[serde(flatten)]
    value: Shown,
}

impl Output {
    /// An output's value after the full calculation.
    pub fn calculated(place: Named, value: Value) -> Self {
        Self { after: None, place, value: value.into() }
    }
}

/// Measures one engine on one workbook.
pub fn measure<E: Engine>(file: &Path, edits: &Path) -> Result<()> {
    let sidecar = read(edits)?;
    let places = sidecar.outputs.iter().map(Named::place).collect::<Result<Vec<Place>>>()?;
    let mut report = Report::default();

    let start = Instant::now();
    let mut engine = E::load(file)?;
    report.load_ms = Some(ms(start));
    report.print_own()?;

    let start = Instant::now();
    engine.calculate()?;
    report.calc_ms = Some(ms(start));
    report.read(&engine, &sidecar.outputs, &places, None);
    report.print_own()?;

    for edit in &sidecar.edits {
        let times = series(&mut engine, edit, &places)?;
        report.edits.push(Timing::of(&edit.id, times));
        report.read(&engine, &sidecar.outputs, &places, Some(&edit.id));
        report.print_own()?;
    }
    Ok(())
}

/// Reads a sidecar.
pub fn read(path: &Path) -> Result<Sidecar> {
    let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no list of edits", path.display()))
}

/// Types the values of a series; the milliseconds of each.
fn series<E: Engine>(engine: &mut E, edit: &Edit, outputs: &[Place]) -> Result<Vec<f64>> {
    let place = edit.place.place()?;
    let begun = Instant::now();
    let mut times = Vec::new();
    for (index, value) in edit.values.iter().enumerate() {
        if begun.elapsed() > SERIES && index + 1 < edit.values.len() {
            continue;
        }
        let value = typed(value)?;
        let start = Instant::now();
        engine.set(&place, &value)?;
        engine.calculate()?;
        for output in outputs {
            black_box(engine.get(output));
        }
        times.push(ms(start));
    }
    Ok(times)
}

fn typed(value: &serde_json::Value) -> Result<Value> {
    match value {
        serde_json::Value::Number(number) => Ok(number.as_f64().map_or(Value::Empty, Value::Number)),
        serde_json::Value::String(text) => Ok(Value::Text(text.clone())),
        serde_json::Value::Bool(value) => Ok(Value::Bool(*value)),
        other => bail!("{other} is nothing that one can type"),
    }
}

impl Timing {
    fn of(id: &str, mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at =
            |part: f64| times.get(((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1)));
        Self {
            id: id.to_owned(),
            median_ms: at(0.5).copied().unwrap_or_default(),
            p95_ms: at(0.95).copied().unwrap_or_default(),
        }
    }
}

impl Report {
    fn read<E: Engine>(&mut self, engine: &E, names: &[Named], places: &[Place], after: Option<&str>) {
        let outputs = names.iter().zip(places).map(|(name, place)| Output {
            after: after.map(str::to_owned),
            place: name.clone(),
            value: engine.get(place).into(),
        });
        self.outputs.extend(outputs);
    }

    /// Prints the stage of an engine within this process.
    fn print_own(&mut self) -> Result<()> {
        self.peak_rss_mb = peak_rss_mb();
        self.print()
    }

    /// Prints the stage.
    pub fn print(&self) -> Result<()> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

impl Named {
    /// Row and column of the address.
    pub fn place(&self) -> Result<Place> {
        let (row, col) = crate::workbook::parse_address(&self.cell)
            .with_context(|| format!("{} is no cell", self.cell))?;
        Ok(Place { sheet: self.sheet.clone(), row, col })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// B1 is twice A1.
    struct Double(f64, f64);

    impl Engine for Double {
        fn load(_: &Path) -> Result<Self> {
            Ok(Self(1.0, 0.0))
        }
        fn calculate(&mut self) -> Result<()> {
            self.1 = self.0 * 2.0;
            Ok(())
        }
        fn set(&mut self, _: &Place, value: &Value) -> Result<()> {
            if let Value::Number(number) = value {
                self.0 = *number;
            }
            Ok(())
        }
        fn get(&self, place: &Place) -> Value {
            if place.col == 2 { Value::Number(self.1) } else { Value::Empty }
        }
    }

    #[test]
    fn a_series_ends_with_its_last_value() {
        let edit: Edit =
            serde_json::from_str(r#"{"id":"a","sheet":"S","cell":"A1","values":[2,3,4]}"#).unwrap();
        let mut engine = Double::load(Path::new("")).unwrap();
        assert_eq!(series(&mut engine, &edit, &[]).unwrap().len(), 3);
        let named = Named { sheet: "S".into(), cell: "B1".into() };
        assert_eq!(engine.get(&named.place().unwrap()), Value::Number(8.0));
    }

    #[test]
    fn times_are_summed_up() {
        let timing = Timing::of("a", vec![3.0, 1.0, 2.0]);
        assert_eq!((timing.median_ms, timing.p95_ms), (2.0, 3.0));
    }
}

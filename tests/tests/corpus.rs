//! Workbooks of others, where `PLAYSHEET_CORPUS` points to a folder of them: each loads in time or is refused with a
//! reason, and what is computed is what the workbook's own program had computed.

use anyhow::{Context, Result};
use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use playsheet_tests::programs::{program, run_within};
use playsheet_tests::traces::files;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// How long one workbook may take, on a busy machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(60);
/// Workbooks that are larger take too long without optimisation.
const LARGEST: u64 = 4 << 20;
/// Of more workbooks than these, so many from all over the folder are taken.
const MOST: usize = 400;
/// How many of all compared cells must agree, in percent.
const AGREEMENT: f64 = 95.0;
/// What gives another answer each time, or depends on where it runs. Workbooks with these are loaded, not compared.
const VOLATILE: [&str; 9] =
    ["NOW(", "TODAY(", "RAND(", "RANDBETWEEN(", "RANDARRAY(", "CELL(", "INFO(", "RTD(", "WEBSERVICE("];

#[derive(Deserialize)]
struct Line {
    sheet: String,
    cell: String,
    #[serde(default)]
    value: serde_json::Value,
    error: Option<String>,
}

/// How a workbook did.
#[derive(Default)]
struct Score {
    compared: usize,
    agreed: usize,
    wrong: Vec<String>,
    /// Why there is nothing to compare.
    skipped: Option<String>,
}

#[test]
fn workbooks_of_others_compute_what_they_did() -> Result<()> {
    let Some(folder) = std::env::var_os("PLAYSHEET_CORPUS").map(PathBuf::from) else {
        println!("skipped: PLAYSHEET_CORPUS points to no folder of workbooks");
        return Ok(());
    };
    let workbooks = sample(&folder)?;
    let (queue, scores) = (Mutex::new(workbooks.iter()), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().ok().and_then(|mut queue| queue.next());
                    let Some(file) = next else { return };
                    let score = judge(file).map_err(|error| format!("{}: {error:#}", file.display()));
                    if let Ok(mut scores) = scores.lock() {
                        scores.insert(file.clone(), score);
                    }
                }
            });
        }
    });
    let scores = scores.into_inner().unwrap_or_default();
    assert_eq!(scores.len(), workbooks.len(), "every workbook was judged");

    let broken: Vec<&String> = scores.values().filter_map(|score| score.as_ref().err()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    let good: Vec<&Score> = scores.values().flatten().collect();
    let (compared, agreed) =
        good.iter().fold((0, 0), |(compared, agreed), one| (compared + one.compared, agreed + one.agreed));
    let percent = 100.0 * agreed as f64 / compared.max(1) as f64;
    for (file, score) in &scores {
        let Ok(score) = score else { continue };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match &score.skipped {
            Some(why) => println!("{name}: {why}"),
            None if score.wrong.is_empty() => {}
            None => println!("{name}: {} of {}, {}", score.agreed, score.compared, score.wrong.join("; ")),
        }
    }
    println!("{} workbooks, {agreed} of {compared} cells agree: {percent:.2} %", workbooks.len());
    assert!(compared > 0 && percent >= AGREEMENT, "{agreed} of {compared} cells agree: {percent:.2} %");
    Ok(())
}

/// The workbooks that are tried, spread over the folder.
fn sample(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_workbook = |file: &PathBuf| {
        let small = file.metadata().is_ok_and(|about| about.len() <= LARGEST);
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        small && ["xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "csv"].contains(&&*ending)
    };
    let all: Vec<PathBuf> = files(folder)?.into_iter().filter(is_workbook).collect();
    assert!(!all.is_empty(), "{} holds no workbook", folder.display());
    let step = all.len().div_ceil(MOST);
    if step > 1 {
        println!("of {} workbooks every {step}th is tried", all.len());
    }
    Ok(all.into_iter().step_by(step).collect())
}

/// Recomputes a workbook and compares.
fn judge(file: &Path) -> Result<Score> {
    let ran = run_within(program("playsheet")?.arg("recalc").arg(file), "", PATIENCE)?;
    if ran.code == Some(1) {
        // Refused: then it has to say why, in words.
        let ran = ran.failed(1, &["."])?;
        return Ok(Score { skipped: Some(ran.stderr.trim().to_owned()), ..Score::default() });
    }
    let ran = ran.ended(0)?;
    if !file.extension().is_some_and(|ending| ending == "xlsx" || ending == "xlsm") {
        return Ok(Score {
            skipped: Some("loaded; only .xlsx and .xlsm are compared".into()),
            ..Score::default()
        });
    }
    let cached = match cached(file)? {
        Ok(cached) => cached,
        Err(why) => return Ok(Score { skipped: Some(why), ..Score::default() }),
    };
    let mut score = Score::default();
    for line in ran.stdout.lines() {
        let line: Line = serde_json::from_str(line).with_context(|| format!("not a result: {line}"))?;
        let Some(expected) = cached.get(&(line.sheet.clone(), line.cell.clone())) else { continue };
        score.compared += 1;
        if agrees(&line, expected) {
            score.agreed += 1;
        } else if score.wrong.len() < 3 {
            let got = line.error.unwrap_or_else(|| line.value.to_string());
            score.wrong.push(format!("{}!{} is {got}, was {expected:?}", line.sheet, line.cell));
        }
    }
    Ok(score)
}

type Cells = BTreeMap<(String, String), Data>;

/// The numbers, texts and booleans that the workbook's own program left at its formulas; or why they do not count.
fn cached(file: &Path) -> Result<Result<Cells, String>> {
    let mut workbook: Xlsx<_> = match open_workbook(file) {
        Ok(workbook) => workbook,
        Err(error) => return Ok(Err(format!("not compared: the other reader says {error}"))),
    };
    let mut cells = Cells::new();
    for sheet in workbook.sheet_names() {
        let (Ok(formulas), Ok(values)) =
            (workbook.worksheet_formula(&sheet), workbook.worksheet_range(&sheet))
        else {
            continue;
        };
        let (Some((top, left)), false) = (formulas.start(), formulas.is_empty()) else { continue };
        for (row, column, formula) in formulas.used_cells() {
            let upper = formula.to_ascii_uppercase();
            if VOLATILE.iter().any(|name| upper.contains(name)) {
                return Ok(Err("not compared: it has volatile functions".to_owned()));
            }
            // What another workbook or a database server holds is not here.
            if upper.contains("CUBE") || upper.contains('[') && upper.contains('!') {
                continue;
            }
            let at = (top + u32::try_from(row)?, left + u32::try_from(column)?);
            let value = values.get_value(at);
            if let Some(value) = value.filter(|value| !value.is_empty() && !value.is_error()) {
                cells.insert((sheet.clone(), address(at)), value.clone());
            }
        }
    }
    Ok(Ok(cells))
}

/// `(0, 0)` is A1.
fn address((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// Numbers within what repeated arithmetic may cost; texts and booleans exactly.
fn agrees(line: &Line, expected: &Data) -> bool {
    if line.error.is_some() {
        return false;
    }
    match expected {
        Data::String(text) => line.value.as_str().unwrap_or_default() == text,
        Data::Bool(value) => line.value.as_bool() == Some(*value),
        other => {
            let Some(expected) = other.as_f64() else { return true };
            let got = line.value.as_f64().or(line.value.is_null().then_some(0.0));
            got.is_some_and(|got| (got - expected).abs() <= 1e-9 * expected.abs().max(1e-3))
        }
    }
}

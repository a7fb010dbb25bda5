//! `cargo xtask conformance DIR`: what the engine computes against what Excel stored, over a folder of workbooks.
//!
//! The cached values are read by code that shares nothing with the engine's reader (`read`), what is compared
//! and what counts as right is decided by pure functions (`judge`), and `table` writes it down. It measures; it
//! fails only where it could not measure at all.

mod book;
mod formula_text;
mod judge;
mod places;
mod read;
mod table;
mod totals;

use crate::child::{self, Ending};
use crate::player;
use crate::project::Project;
use crate::values::{Line, parse_address};
use anyhow::{Context, Result, bail};
use judge::{Results, Verdict};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use totals::{FileResult, Totals};

/// What `cargo xtask conformance` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The folder with the workbooks
    folder: PathBuf,
    /// Where to write the report as Markdown; without it, it is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Seconds that one workbook may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    limit: u64,
    /// Only files with these endings, such as xls,ods
    #[arg(long, value_name = "ENDINGS", value_delimiter = ',')]
    only: Vec<String>,
    /// A playsheet program that is already built
    #[arg(long, value_name = "FILE")]
    player: Option<PathBuf>,
}

/// Runs the command; answers whether there was something to measure.
pub fn run(project: &Project, args: &Args) -> Result<bool> {
    let mut paths = Vec::new();
    collect(&args.folder, &mut paths).with_context(|| format!("cannot list {}", args.folder.display()))?;
    paths.sort();
    paths.retain(|path| read::ending(path).is_some_and(|ending| wanted(&args.only, ending)));
    if paths.is_empty() {
        bail!("no workbook under {}", args.folder.display());
    }
    let player = player::program(project, args.player.as_deref())?;
    let limit = Duration::from_secs(args.limit);
    let files = in_parallel(&paths, |path| compare(&player, &args.folder, path, limit));
    let totals = Totals::of(&files);
    let report = table::write(&files, &totals);
    match &args.out {
        Some(out) => {
            std::fs::write(out, report).with_context(|| format!("{} cannot be written", out.display()))?;
            print!("{}", table::summary(&totals.all));
        }
        None => print!("{report}"),
    }
    Ok(totals.all.compared > 0)
}

fn wanted(only: &[String], ending: &str) -> bool {
    only.is_empty() || only.iter().any(|one| one.eq_ignore_ascii_case(ending))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// Does the work for each path, on as many threads as there are processors; the results come in the paths' order.
fn in_parallel(paths: &[PathBuf], work: impl Fn(&Path) -> FileResult + Sync) -> Vec<FileResult> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(paths.len()) {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(path);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(result);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by(|a, b| a.path.cmp(&b.path));
    done
}

/// Recalculates one file and compares.
fn compare(player: &Path, folder: &Path, path: &Path, limit: Duration) -> FileResult {
    let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let ending = read::ending(path).unwrap_or_default();
    let mut result =
        FileResult { path: name, ending, verdict: Verdict::default(), failure: None, seconds: 0.0 };
    let book = match read::read(path) {
        Ok(book) => book,
        Err(error) => {
            result.failure = Some(format!("the cached values cannot be read: {error:#}"));
            return result;
        }
    };
    let started = Instant::now();
    let ran = child::run(Command::new(player).arg("recalc").arg(path), limit);
    result.seconds = started.elapsed().as_secs_f64();
    match ran {
        Ok(ran) => {
            result.failure = ran.failure();
            // What a program printed before its time was over is not what it would have come to.
            let printed = if matches!(ran.ending, Ending::Itself(_)) { ran.stdout.as_slice() } else { &[] };
            result.verdict = judge::judge(&book, &results(printed));
        }
        Err(error) => result.failure = Some(format!("{error:#}")),
    }
    result
}

/// The lines of `playsheet recalc`; what is none is passed over.
fn results(printed: &[u8]) -> Results {
    let lines =
        printed.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    lines
        .filter_map(|line| {
            let (row, col) = parse_address(&line.cell)?;
            Some(((line.sheet.clone(), row, col), line.into_value()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Value;

    #[test]
    fn printed_lines_become_results() {
        let printed = b"{\"sheet\":\"S\",\"cell\":\"B2\",\"value\":1}\nnoise\n{\"sheet\":\"S\",\"cell\":\"?\",\"value\":2}\n";
        let results = results(printed);
        assert_eq!(results.len(), 1);
        assert_eq!(results.get(&("S".to_owned(), 1, 1)), Some(&Value::Number(1.0)));
    }

    #[test]
    fn work_in_parallel_keeps_the_order() {
        let paths: Vec<PathBuf> = (0..50).map(|index| format!("{index:02}.xlsx").into()).collect();
        let work = |path: &Path| FileResult {
            path: path.display().to_string(),
            ending: "xlsx",
            verdict: Verdict::default(),
            failure: None,
            seconds: 0.0,
        };
        let names: Vec<String> = in_parallel(&paths, work).into_iter().map(|file| file.path).collect();
        assert_eq!(names, paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn endings_are_chosen_in_any_case() {
        assert!(wanted(&[], "ods"));
        assert!(wanted(&["XLS".into()], "xls"));
        assert!(!wanted(&["xls".into()], "xlsx"));
    }
}

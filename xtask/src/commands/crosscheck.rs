//! `cargo xtask crosscheck`: the cases of the function library, computed by other engines.
//!
//! Each case that can be a formula is written into a workbook, ours and every other engine compute it, and the report
//! says where an engine disagrees with the case. It is no gate: engines are wrong too, and cases follow Microsoft's
//! documentation and what Excel stored. A case that our own engine computes differently from a workbook than in its test
//! means something else as a formula, and is not judged.

pub mod cases;
mod express;
pub mod mark;
mod table;
mod verdict;
mod workbook;

use super::bench::engines::{self, Engine};
use super::bench::measure;
use crate::child::Bounds;
use crate::player;
use crate::project::Project;
use crate::values::Value;
use anyhow::{Context, Result, bail};
use cases::Case;
use express::{Expressed, express};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;
use verdict::Verdict;

/// Cases in one workbook: few enough that one bad formula costs little, many enough that starting does not.
const TOGETHER: usize = 150;

/// How much longer than its processor time an engine may take on the clock: the machine may be busy.
const CLOCK_PER_PROCESSOR: u32 = 6;

/// What `cargo xtask crosscheck` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Only these functions, such as XNPV,IRR
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Only these other engines, by their word on the comparison's command line
    #[arg(long, value_name = "ENGINES", value_delimiter = ',')]
    engines: Vec<String>,
    /// Seconds of processor time that an engine may take for one workbook; on the clock it may be sixfold
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    limit: u64,
    /// MB of memory that an engine may hold
    #[arg(long, value_name = "MB", default_value_t = 2048)]
    memory: u64,
    /// Where to write the report as Markdown; without it, it is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Note in the cases which other engines they are decided against
    #[arg(long)]
    mark: bool,
    /// A playsheet program that is already built
    #[arg(long, value_name = "FILE")]
    player: Option<PathBuf>,
    /// A compare program of engine/comparison that is already built
    #[arg(long, value_name = "FILE")]
    comparison: Option<PathBuf>,
}

/// A case with what every engine made of it.
pub struct Checked {
    /// The case.
    pub case: Case,
    /// As a formula.
    pub formula: String,
    /// Ours.
    pub own: Verdict,
    /// The others', in the order of their names.
    pub others: Vec<Verdict>,
}

/// Runs the command; answers whether there was something to check.
pub fn run(project: &Project, args: &Args) -> Result<bool> {
    let cases = project.root.join("engine/functions/cases");
    let files = cases::read(&cases)?;
    let mut left_out: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut chunks: Vec<Vec<(Case, Expressed)>> = Vec::new();
    for file in files {
        let wanted =
            file.into_iter().filter(|case| args.only.is_empty() || args.only.contains(&case.function));
        let mut expressed = Vec::new();
        for case in wanted {
            match express(&case) {
                Ok(formula) => expressed.push((case, formula)),
                Err(reason) => *left_out.entry(reason).or_default() += 1,
            }
        }
        while !expressed.is_empty() {
            let rest = expressed.split_off(expressed.len().min(TOGETHER));
            chunks.push(std::mem::replace(&mut expressed, rest));
        }
    }
    if chunks.is_empty() {
        bail!("no case can be written as a formula");
    }
    let (own, others) = engines(project, args)?;
    let folder = project.target.join("crosscheck");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let limit = Duration::from_secs(args.limit);
    let bounds =
        Bounds { time: limit * CLOCK_PER_PROCESSOR, processor: Some(limit), memory_mb: Some(args.memory) };
    let oracle = Oracle { folder, bounds };
    let mut checked = Vec::new();
    let count = chunks.len();
    for (chunk, number) in chunks.into_iter().zip(1..) {
        println!("workbook {number} of {count}: {} cases", chunk.len());
        checked.extend(oracle.check(chunk, &own, &others)?);
    }
    let names: Vec<String> = others.into_iter().map(|engine| engine.name).collect();
    if args.mark {
        println!("{} cases are decided against another engine", mark::write(&cases, &names, &checked)?);
    }
    let report = table::write(&names, &checked, &left_out);
    match &args.out {
        Some(out) => {
            std::fs::write(out, report).with_context(|| format!("{} cannot be written", out.display()))?;
        }
        None => print!("{report}"),
    }
    Ok(!checked.is_empty())
}

fn engines(project: &Project, args: &Args) -> Result<(Engine, Vec<Engine>)> {
    let own = Engine::own(player::program(project, args.player.as_deref())?);
    let comparison = engines::comparison(project, args.comparison.as_deref())?;
    let others = engines::chosen(&comparison, &args.engines)?;
    Ok((own, others))
}

/// Asks engines for the values of formulas.
struct Oracle {
    folder: PathBuf,
    bounds: Bounds,
}

impl Oracle {
    fn check(&self, chunk: Vec<(Case, Expressed)>, own: &Engine, others: &[Engine]) -> Result<Vec<Checked>> {
        let formulas: Vec<&Expressed> = chunk.iter().map(|(_, formula)| formula).collect();
        let own = self.ask(own, &formulas)?;
        let others = others.iter().map(|engine| self.ask(engine, &formulas)).collect::<Result<Vec<_>>>()?;
        let mut checked = Vec::new();
        for (index, ((case, formula), own)) in chunk.into_iter().zip(own).enumerate() {
            let of_case = |verdicts: &Vec<Verdict>| {
                verdicts.get(index).cloned().unwrap_or_else(|| Verdict::Failed(String::new()))
            };
            let others = others.iter().map(of_case).collect();
            checked.push(Checked { case, formula: formula.formula, own, others });
        }
        Ok(checked)
    }

    /// An engine's verdicts. Where it does not come to an end, each half is asked alone, down to the formula that it
    /// cannot bear.
    fn ask(&self, engine: &Engine, formulas: &[&Expressed]) -> Result<Vec<Verdict>> {
        let why = match self.try_all(engine, formulas)? {
            Ok(verdicts) => return Ok(verdicts),
            Err(why) => why,
        };
        if let [one] = formulas {
            println!("  {}: {why}: {}", engine.name, one.formula);
            return Ok(vec![Verdict::Failed(why)]);
        }
        let (first, second) = formulas.split_at(formulas.len() / 2);
        let mut verdicts = self.ask(engine, first)?;
        verdicts.extend(self.ask(engine, second)?);
        Ok(verdicts)
    }

    /// All formulas at once, or why the engine did not come to an end.
    fn try_all(&self, engine: &Engine, formulas: &[&Expressed]) -> Result<Result<Vec<Verdict>, String>> {
        let (file, sidecar) = (self.folder.join("cases.xlsx"), self.folder.join("cases.meta.json"));
        let places = workbook::write(formulas, &file, &sidecar)?;
        let ran = measure::outputs(engine, &file, &sidecar, self.bounds)?;
        Ok(ran.map(|outputs| {
            let found: HashMap<(String, String), Value> = outputs
                .iter()
                .map(|output| ((output.sheet.clone(), output.cell.clone()), output.value()))
                .collect();
            let values = |cells: &Vec<(String, String)>| -> Vec<Value> {
                cells.iter().filter_map(|place| found.get(place).cloned()).collect()
            };
            formulas
                .iter()
                .zip(&places)
                .map(|(one, cells)| verdict::judge(&one.expected, &values(cells)))
                .collect()
        }))
    }
}

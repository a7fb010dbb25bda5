//! Inputs between the repository, where they are lines of text, and the folders of files that libFuzzer works with.
//! `cargo xtask fuzz` runs it:
//!
//! ```text
//! inputs unpack FOLDER             a folder of inputs and a dictionary for each target, from what is kept and from
//!                                  the repository's examples and cases; prints each target with its longest input
//! inputs pack TARGET FOLDER        keeps a folder's files, small and large, as many as there is room for
//! inputs keep TARGET NAME FILE     keeps a finding
//! inputs run TARGET FILE           runs an input without libFuzzer, as a debugger wants it
//! ```

#![allow(clippy::expect_used, clippy::panic, reason = "a tool that cannot go on says so")]

use playsheet_fuzz::{TARGETS, kept, seeds};
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes that the kept inputs of one target may have as text.
const ROOM: usize = 80_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["unpack", folder] => unpack(Path::new(folder)),
        ["pack", target, folder] => pack(target, Path::new(folder)),
        ["keep", target, name, file] => keep(target, name, Path::new(file)),
        ["run", target, file] => playsheet_fuzz::run(target, &fs::read(file).expect("the input can be read")),
        _ => panic!(
            "usage: inputs unpack FOLDER | pack TARGET FOLDER | keep TARGET NAME FILE | run TARGET FILE"
        ),
    }
}

fn unpack(out: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for target in TARGETS {
        let folder = out.join(target.name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        let mut inputs = inputs(target.name, &root);
        for place in ["corpus", "cases"] {
            let text = fs::read_to_string(kept_file(place, target.name)).unwrap_or_default();
            let kept = kept::inputs(&text).expect("every line is an input");
            inputs.extend(kept.into_iter().map(|(_, input)| input));
        }
        inputs.retain(|input| input.len() <= target.max_bytes);
        for (number, input) in inputs.iter().enumerate() {
            fs::write(folder.join(format!("{number:04}")), input).expect("the folder can be written to");
        }
        let words = seeds::dictionary(target.name);
        if !words.is_empty() {
            fs::write(out.join(format!("{}.dict", target.name)), words)
                .expect("the folder can be written to");
        }
        println!("{} {}", target.name, target.max_bytes);
    }
}

fn pack(target: &str, folder: &Path) {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    let mut inputs: Vec<Vec<u8>> = entries.filter_map(|entry| fs::read(entry.path()).ok()).collect();
    inputs.retain(|input| !input.is_empty());
    inputs.sort_by_key(|input| (input.len(), input.clone()));
    inputs.dedup();
    let lines: Vec<String> = inputs.iter().map(|input| kept::line(input)).collect();
    let mut left = ROOM;
    // Where there is no room for all, each so many-th, so that small and large ones are kept.
    let step = lines.iter().map(String::len).sum::<usize>() / ROOM + 1;
    let mut text =
        String::from("# Inputs that reach different places; cargo xtask fuzz --keep writes them.\n");
    for line in lines.iter().step_by(step) {
        if let Some(rest) = left.checked_sub(line.len() + 1) {
            left = rest;
            text.push_str(line);
            text.push('\n');
        }
    }
    write_kept(&kept_file("corpus", target), &text);
}

fn keep(target: &str, name: &str, file: &Path) {
    let place = kept_file("cases", target);
    let mut text = fs::read_to_string(&place).unwrap_or_default();
    let line = kept::line(&fs::read(file).expect("the finding can be read"));
    if !text.lines().any(|known| known.ends_with(&format!("\t{line}"))) {
        text.push_str(&format!("{name}\t{line}\n"));
        write_kept(&place, &text);
    }
}

fn kept_file(place: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(place).join(format!("{target}.txt"))
}

fn write_kept(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
    fs::write(path, text).expect("what is kept can be written");
}

fn inputs(target: &str, root: &Path) -> Vec<Vec<u8>> {
    match target {
        "xlsx" => files(&root.join("examples"), "xlsx").iter().flat_map(|path| of_example(path)).collect(),
        "csv" => [
            "a,b\n1,2\n",
            "name;amount;when\n\"a;b\";1,5;2024-01-31\n'x;50%;TRUE\n",
            "\u{FEFF}a\tb\r\n1e5\t\"x\"\"y\"\r\n",
        ]
        .map(|text| text.as_bytes().to_vec())
        .into(),
        "formula" => formulas(&root.join("engine/formula/cases")),
        "numfmt" => formats(&root.join("engine/numfmt/cases")),
        "evaluator" | "editing" | "patch" => chances(),
        // Of the others the smallest inputs that were found are kept, and those are enough.
        _ => Vec::new(),
    }
}

/// The parts of an example: all of them where that is small, and each sheet by itself.
fn of_example(path: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).expect("an example can be read");
    let whole = seeds::of_packed(&bytes).expect("an example can be unpacked");
    let text = String::from_utf8_lossy(&whole).into_owned();
    let parts = text.split("=== ").filter(|part| part.starts_with("xl/"));
    let cut = |part: &str| format!("=== {}", part.chars().take(6_000).collect::<String>()).into_bytes();
    parts.map(cut).chain([whole]).collect()
}

/// The texts of the cases, in each grammar.
fn formulas(folder: &Path) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for path in files(folder, "tsv") {
        let text = fs::read_to_string(&path).expect("a case file can be read");
        for (number, line) in
            text.lines().filter(|line| !line.starts_with("// ") && !line.is_empty()).enumerate()
        {
            let text = line.split('\t').next().unwrap_or_default();
            inputs.push([&[(number % 5) as u8][..], text.as_bytes()].concat());
        }
    }
    inputs
}

/// Codes and typed texts: every quoted text of the case files.
fn formats(folder: &Path) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for path in files(folder, "json") {
        let text = fs::read_to_string(&path).expect("a case file can be read");
        for (number, quoted) in
            text.split('"').skip(1).step_by(2).filter(|text| text.len() < 40).enumerate().step_by(3)
        {
            let place = number as u8;
            inputs
                .push([&[place, place & 3, place % 29, 0, 126, place % 22][..], quoted.as_bytes()].concat());
        }
    }
    inputs
}

/// Bytes as they come, for targets whose inputs are choices.
fn chances() -> Vec<Vec<u8>> {
    let mut state = 1_u64;
    let mut byte = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (1..40).map(|size| (0..size * 12).map(|_| byte()).collect()).collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|known| known == ending));
    files.sort();
    files
}

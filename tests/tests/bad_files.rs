//! What is no honest spreadsheet or definition: the command line says what it is and what to do, with exit code 1, in
//! bounded time and memory.

use anyhow::{Context, Result};
use playsheet_tests::programs::{limited, program};
use playsheet_tests::stage::{example, example_file};
use playsheet_tests::{bad_files, run};
use serde::Deserialize;
use std::fs::read_to_string;

#[derive(Deserialize)]
struct Files {
    commands: Vec<Vec<String>>,
    cases: Vec<FileCase>,
}

#[derive(Deserialize)]
struct FileCase {
    kind: String,
    says: Vec<String>,
}

/// Memory that a command may take, in KiB: far more than the examples need, far less than the bad files ask for.
const MEMORY_KIB: u32 = 3 << 20;

#[test]
fn a_bad_file_is_refused_with_a_reason() -> Result<()> {
    let files: Files = serde_json::from_str(include_str!("../cases/bad_files.json"))?;
    let folder = tempfile::tempdir()?;
    let good = example("bmi")?.spreadsheet;
    let mut wrong = Vec::new();
    // What a command would write to, with something of before in it.
    let out = folder.path().join("before.png");
    std::fs::write(&out, "before")?;
    let out = out.to_str().context("a folder with a strange name")?;
    for case in &files.cases {
        let file = bad_files::make(&case.kind, good, folder.path()).with_context(|| case.kind.clone())?;
        for command in &files.commands {
            let mut player = program("playsheet")?;
            let (verb, options) = command.split_first().context("no command")?;
            let options = options.iter().map(|option| if option == "OUT" { out } else { option });
            // Without a display, so that a window that would open after all is an error too.
            player.arg(verb).arg(&file).args(options).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
            let refused = run(&mut limited(&player, &[("-v", MEMORY_KIB)]), "");
            match refused.and_then(|ran| ran.failed(1, &case.says)) {
                Err(error) => wrong.push(format!("{} {command:?}: {error:#}", case.kind)),
                Ok(ran) if !ran.stdout.is_empty() => {
                    wrong.push(format!("{} {command:?} prints results", case.kind));
                }
                Ok(_) => {}
            }
            if read_to_string(out)? != "before" {
                wrong.push(format!("{} {command:?} spoils what was there before", case.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

#[test]
fn a_definition_with_errors_is_refused_with_their_places() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let spreadsheet = example_file("bmi.xlsx");
    let mut wrong = Vec::new();
    for case in &bad_files::definitions()? {
        let file = folder.path().join("app.xml");
        std::fs::write(&file, case.lines.join("\n"))?;
        for verb in ["run", "check"] {
            let mut player = program("playsheet")?;
            let ran = run(player.arg(verb).arg(&file).arg("--spreadsheet").arg(&spreadsheet), "")?;
            let said = format!("{}{}", ran.stdout, ran.stderr);
            let places = case.places.iter().map(|place| format!("app.xml:{place}"));
            let missing: Vec<String> =
                places.chain(case.says.iter().cloned()).filter(|word| !said.contains(word)).collect();
            if ran.code != Some(1) || !missing.is_empty() {
                wrong.push(format!("{verb}, {}: code {:?}, lacks {missing:?}: {said}", case.name, ran.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // The examples' own definitions are good: the same command says nothing against them.
    let good = folder.path().join("good.xml");
    std::fs::write(&good, read_to_string(example_file("bmi.xml"))?)?;
    for verb in ["run", "check"] {
        let mut player = program("playsheet")?;
        run(player.arg(verb).arg(&good).arg("--spreadsheet").arg(&spreadsheet), "")?.ended(0)?;
    }
    Ok(())
}

#[test]
fn a_value_that_does_not_fit_is_refused() -> Result<()> {
    let app = example_file("bmi.xml");
    let ran = |pair: &str| run(program("playsheet")?.arg("run").arg(&app).args(["--set", pair]), "");
    ran("Body height=1720")?.failed(1, &["Body height=1720", "250"])?;
    ran("Body height=tall")?.failed(1, &["Body height=tall"])?;
    ran("Shoe size=44")?.failed(1, &["Shoe size"])?;
    ran("Body height")?.failed(2, &["Body height"])?;
    ran("Body mass index=20")?.failed(1, &["no input"])?;
    Ok(())
}

//! The main job from end to end: an app is published and shared, synced to a player, computes while the portal is
//! dead, and is gone after it was withdrawn.

use anyhow::{Context, Result, bail};
use calamine::{DataType, Reader, Xlsx, open_workbook_from_rs};
use demo::apps::Example;
use playsheet_tests::stage::{CONSUMER, CREATOR, example, example_file};
use playsheet_tests::{Stage, traces};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};

const BMI: &str = "Body mass index";
const LOAN: &str = "Loan";

/// 80 kg at 1.72 m.
const SET: [&str; 4] = ["--set", "Body height=172", "--set", "Body weight=80"];

#[test]
fn an_app_computes_without_the_portal_and_goes_when_it_is_withdrawn() -> Result<()> {
    let mut stage = Stage::new()?;
    let creator = stage.person(CREATOR)?;
    let consumer = stage.person(CONSUMER)?;
    let bmi = stage.share(&creator, &consumer, example("bmi")?)?;
    stage.share(&creator, &consumer, example("loan")?)?;
    let player = stage.player(&stage.portal.address)?;
    assert!(player.apps()?.is_empty(), "nothing comes before the first sync");
    let synced = player.run(&["sync"])?.ended(0)?;
    assert!(synced.stdout.contains("2 updated, 0 up to date, 0 withdrawn."), "{}", synced.stdout);
    assert_eq!(
        player.apps()?.into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from([BMI.into(), LOAN.into()])
    );

    // The portal dies without a word, and everything goes on.
    stage.portal.stop();
    let run = |app: &str| player.run(&[&["run", app], &SET[..]].concat());
    let view = run(BMI)?.ended(0)?.stdout;
    assert!(view.contains("Body mass index = 27.0 kg/m²"), "{view}");
    assert!(view.contains("Category = Overweight"), "{view}");
    assert_eq!(run(&bmi)?.ended(0)?.stdout, view, "by its id as by its name");
    assert_eq!(shown(&player.run(&["run", BMI, "--json"])?.ended(0)?.stdout, "bmi")?, "23.5");
    let status = player.run(&["status"])?.ended(0)?.stdout;
    for said in [format!("Signed in: {CONSUMER} at {}", stage.portal.address), "Apps: 2".into()] {
        assert!(status.contains(&said), "{said} is not in: {status}");
    }
    assert!(!status.contains("Last sync: never") && !status.contains("Damaged"), "{status}");
    player.run(&["sync"])?.failed(4, &["cannot be reached"])?;
    assert_eq!(run(BMI)?.ended(0)?.stdout, view, "after a sync that could not be");

    // The portal comes back with what it had, and the app goes.
    stage.restart()?;
    let synced = player.run(&["sync"])?.ended(0)?;
    assert!(synced.stdout.contains("0 updated, 2 up to date, 0 withdrawn."), "{}", synced.stdout);
    stage.wait(stage.portal.withdraw(&stage.signed_in(CREATOR)?, &bmi))?;
    assert_eq!(run(BMI)?.ended(0)?.stdout, view, "until the player hears of it");
    let synced = player.run(&["sync"])?.ended(0)?;
    assert!(synced.stdout.contains(&format!("Withdrawn: {BMI}. It is deleted from this computer.")));
    assert_eq!(player.apps()?, [LOAN]);
    run(BMI)?.failed(1, &["No app on this computer is called Body mass index"])?;
    run(&bmi)?.failed(1, &["No app on this computer"])?;
    assert!(player.run(&["run", LOAN])?.ended(0)?.stdout.contains("Monthly payment = 1,443.48 €"));
    Ok(())
}

/// What an item shows, from the view as JSON.
fn shown(json: &str, id: &str) -> Result<String> {
    let view: Value = serde_json::from_str(json)?;
    let mut nodes: Vec<&Value> = vec![&view];
    while let Some(node) = nodes.pop() {
        match node {
            Value::Object(fields) if node["id"] == id => {
                let text = fields.get("text").and_then(Value::as_str);
                return text.map(str::to_owned).with_context(|| format!("{id} shows nothing: {node}"));
            }
            Value::Object(fields) => nodes.extend(fields.values()),
            Value::Array(inner) => nodes.extend(inner),
            _ => {}
        }
    }
    bail!("no item {id} in {json}")
}

#[test]
fn no_clear_text_reaches_the_disk() -> Result<()> {
    let stage = Stage::new()?;
    let creator = stage.person(CREATOR)?;
    let consumer = stage.person(CONSUMER)?;
    let quote = example("quote")?;
    stage.share(&creator, &consumer, quote)?;
    let player = stage.player(&stage.portal.address)?;
    player.run(&["sync"])?.ended(0)?;
    let name = player.apps()?.pop().unwrap_or_default();
    player.run(&["run", &name])?.ended(0)?;

    let texts = cell_texts(quote)?;
    assert!(texts.len() > 20, "{texts:?}");
    // The same search finds each of them where it does stand: in the file as it lies in the repository.
    let found = traces::of(&texts, &only(&example_file("quote.xlsx"), stage.folder())?)?;
    assert_eq!(found.len(), texts.len(), "{found:?}");

    // The definition's words are no more in the clear than the cells'.
    let mut all = texts.clone();
    all.extend([name, consumer.person.email, "urn:playsheet:app".into(), "xl/worksheets".into()]);
    assert_eq!(traces::of(&all, player.data())?, Vec::<String>::new(), "in the player's folder");
    assert_eq!(traces::of(&texts, &stage.portal_data())?, Vec::<String>::new(), "in the portal's folder");
    assert_eq!(traces::of(&texts, &only(&stage.folder().join("portal.log"), stage.folder())?)?, [""; 0]);
    Ok(())
}

/// The longer texts of cells that stand in no definition.
fn cell_texts(example: &Example) -> Result<Vec<String>> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(example.spreadsheet))?;
    let mut texts = BTreeSet::new();
    for (_, range) in workbook.worksheets() {
        texts.extend(range.used_cells().filter_map(|(_, _, cell)| cell.get_string()).map(str::to_owned));
    }
    // What XML writes in another way would have to be looked for in that way.
    let plain = |text: &String| text.len() >= 8 && !text.contains(['&', '<', '>', '"', '\'', '\n']);
    Ok(texts.into_iter().filter(|text| plain(text) && !example.definition.contains(text.as_str())).collect())
}

/// A folder that holds nothing but a copy of one file.
fn only(file: &Path, folder: &Path) -> Result<PathBuf> {
    let alone = folder.join("alone").join(file.file_name().unwrap_or_default());
    std::fs::create_dir_all(&alone)?;
    std::fs::copy(file, alone.join("copy"))?;
    Ok(alone)
}

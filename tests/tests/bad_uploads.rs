//! What the portal is given and cannot take: files that are no spreadsheets, definitions with errors, a disk that is
//! full. Each is refused with a problem document, and what was published before stays as it is.

use anyhow::{Context, Result};
use playsheet_tests::stage::{CONSUMER, example};
use playsheet_tests::{Scene, bad_files};
use portal_api::Problem;
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;

#[derive(Deserialize)]
struct Uploads {
    cases: Vec<FileCase>,
}

#[derive(Deserialize)]
struct FileCase {
    kind: String,
    says: Vec<String>,
}

/// The problem document of a refusal.
fn refused(scene: &Scene, request: RequestBuilder) -> Result<(StatusCode, Problem)> {
    let request = request.bearer_auth(&scene.creator.tokens.access_token);
    scene.stage.wait(async {
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        let problem = serde_json::from_str(&text).with_context(|| format!("{status}: {text}"))?;
        Ok((status, problem))
    })
}

fn publish(scene: &Scene, definition: String, spreadsheet: Vec<u8>, name: &str) -> RequestBuilder {
    let spreadsheet = Part::bytes(spreadsheet).file_name(name.to_owned());
    let form = Form::new().text("definition", definition).part("spreadsheet", spreadsheet);
    scene.stage.portal.client().post(scene.stage.portal.url("apps")).multipart(form)
}

/// Fails where the app is not as it was, or another one came.
fn unchanged(scene: &Scene) -> Result<()> {
    let synced = scene.player.run(&["sync"])?.ended(0)?.stdout;
    assert!(synced.contains("0 updated, 1 up to date, 0 withdrawn."), "{synced}");
    let view = scene.player.run(&["run", &scene.app])?.ended(0)?.stdout;
    assert!(view.contains("Body mass index = 23.5 kg/m²"), "{view}");
    Ok(())
}

#[test]
fn a_file_that_is_no_spreadsheet_becomes_no_app() -> Result<()> {
    let uploads: Uploads = serde_json::from_str(include_str!("../cases/bad_uploads.json"))?;
    let scene = Scene::new()?;
    let good = example("bmi")?;
    let (client, portal) = (scene.stage.portal.client(), &scene.stage.portal);
    let mut wrong = Vec::new();
    for case in &uploads.cases {
        let file = bad_files::make(&case.kind, good.spreadsheet, scene.stage.folder())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file)?;
        let form = Form::new().part("spreadsheet", Part::bytes(bytes.clone()).file_name(name.clone()));
        let creation = client.post(portal.url("creations")).header("sec-fetch-site", "same-origin");
        let route = portal.url(&format!("apps/{}/spreadsheet?name={name}", scene.app));
        let requests = [
            ("creation", creation.multipart(form)),
            ("update", client.put(route).body(bytes.clone())),
            ("new app", publish(&scene, good.definition.to_owned(), bytes, &name)),
        ];
        for (what, request) in requests {
            let (status, problem) =
                refused(&scene, request).with_context(|| format!("{what}, {}", case.kind))?;
            let says = |word: &&String| !problem.detail.contains(word.as_str());
            let missing: Vec<&String> = case.says.iter().filter(says).collect();
            let right = problem.code.as_str() == "spreadsheet_invalid"
                && status == StatusCode::UNPROCESSABLE_ENTITY
                && problem.detail.len() > 20;
            if !right || !missing.is_empty() {
                wrong.push(format!("{what}, {}: {status}, lacks {missing:?}: {problem:?}", case.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    unchanged(&scene)
}

#[test]
fn a_definition_with_errors_is_refused_with_their_places_and_changes_nothing() -> Result<()> {
    let scene = Scene::new()?;
    let good = example("bmi")?;
    let mut wrong = Vec::new();
    for case in &bad_files::definitions()? {
        let definition = case.lines.join("\n");
        let route = scene.stage.portal.url(&format!("apps/{}/definition", scene.app));
        let update = scene.stage.portal.client().put(route).body(definition.clone());
        let new = publish(&scene, definition, good.spreadsheet.to_vec(), "bmi.xlsx");
        for (what, request) in [("update", update), ("new app", new)] {
            let (status, problem) = refused(&scene, request).with_context(|| case.name.clone())?;
            let places: Vec<String> =
                problem.problems.iter().map(|one| format!("{}:{}", one.line, one.column)).collect();
            let named = |place: &&String| !places.iter().any(|one| one.starts_with(place.as_str()));
            let missing: Vec<&String> = case.places.iter().filter(named).collect();
            if problem.code.as_str() != "definition_invalid"
                || status != StatusCode::UNPROCESSABLE_ENTITY
                || !missing.is_empty()
            {
                wrong.push(format!("{what}, {}: {status}, lacks {missing:?}: {problem:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    unchanged(&scene)
}

#[cfg(unix)]
#[test]
fn a_portal_on_a_full_disk_says_so_and_keeps_what_it_has() -> Result<()> {
    let mut scene = Scene::new()?;
    let good = example("bmi")?;
    // A file that is larger than any file may become, by a part that no reader looks at.
    let large = bad_files::padded(good.spreadsheet, 6 << 20)?;
    scene.stage.restart_under(&[("-f", 5 << 10)])?;
    let route = scene.stage.portal.url(&format!("apps/{}/spreadsheet?name=large.xlsx", scene.app));
    let update = scene.stage.portal.client().put(route).body(large.clone());
    let new = publish(&scene, good.definition.to_owned(), large.clone(), "large.xlsx");
    for request in [update, new] {
        let (status, problem) = refused(&scene, request)?;
        assert!(status.is_server_error(), "{status}: {problem:?}");
        assert!(problem.detail.contains("Nothing was changed"), "{problem:?}");
    }
    unchanged(&scene)?;
    // What is small enough still goes; and with room again, so does the large one.
    let consumer = scene.stage.signed_in(CONSUMER)?;
    scene.stage.share(&scene.creator, &consumer, example("loan")?)?;
    scene.stage.restart()?;
    scene.stage.wait(scene.stage.portal.update_spreadsheet(&scene.creator, &scene.app, large))?;
    let synced = scene.player.run(&["sync"])?.ended(0)?.stdout;
    assert!(synced.contains("2 updated, 0 up to date"), "{synced}");
    Ok(())
}

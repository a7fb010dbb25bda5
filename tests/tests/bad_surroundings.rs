//! What goes wrong around the player: a wrong password, a portal that is away or dies in the middle, a full disk, a
//! vault that somebody changed, tokens of others. Each is said, and leaves what was there.

use anyhow::{Context, Result};
use playsheet_tests::stage::{CONSUMER, CREATOR, PASSWORD, example};
use playsheet_tests::{Player, Proxy, Scene, Stage, bad_files, traces};
use portal_api::{Problem, SignedIn};
use reqwest::{StatusCode, header};
use std::time::{Duration, SystemTime};

const BMI: &str = "Body mass index";
const LOAN: &str = "Loan";
/// Where spreadsheets are fetched.
const OBJECT: &str = "/api/v1/objects/";

/// What an app shows, or an error where it does not run.
fn shown(player: &Player, app: &str) -> Result<String> {
    Ok(player.run(&["run", app])?.ended(0)?.stdout)
}

#[test]
fn a_wrong_password_is_said_and_changes_nothing() -> Result<()> {
    let stage = Stage::new()?;
    stage.person(CONSUMER)?;
    let player = Player::new(stage.folder().join("player"));
    let refused = player.login(&stage.portal.address, CONSUMER, "seven purple elephants on a tricycle")?;
    let refused = refused.failed(1, &["password"])?;
    assert!(!refused.stderr.contains("tricycle"), "{}", refused.stderr);
    player.login(&stage.portal.address, "nobody@example.org", PASSWORD)?.failed(1, &["password"])?;
    assert!(player.run(&["status"])?.ended(0)?.stdout.contains("Nobody is signed in here."));
    player.run(&["sync"])?.failed(1, &["Nobody is signed in here", "playsheet login"])?;
    player.login(&stage.portal.address, CONSUMER, PASSWORD)?.ended(0)?;
    Ok(())
}

#[test]
fn a_wrong_passphrase_is_said_and_changes_nothing() -> Result<()> {
    let stage = Stage::new()?;
    stage.person(CONSUMER)?;
    let player = stage.player(&stage.portal.address)?;
    for command in [&["status"][..], &["sync"], &["run", BMI], &["logout"]] {
        player.run_with(command, "eleven green bottles")?.failed(1, &["passphrase"])?;
    }
    player.run_with(&["status"], "")?.failed(2, &["Standard input"])?;
    assert!(player.run(&["status"])?.ended(0)?.stdout.contains(CONSUMER));
    Ok(())
}

#[test]
fn a_sign_in_that_the_portal_ended_is_said_and_leaves_the_apps() -> Result<()> {
    let Scene { stage, consumer, player, .. } = Scene::new()?;
    let before = shown(&player, BMI)?;
    // Every device but the one that asks is ended, as in the account's list of devices.
    stage.wait(async {
        let ask = |request: reqwest::RequestBuilder| {
            let request = request.bearer_auth(&consumer.tokens.access_token);
            async move { request.send().await?.error_for_status() }
        };
        let client = stage.portal.client();
        let devices: Vec<portal_api::Device> =
            ask(client.get(stage.portal.url("devices"))).await?.json().await?;
        for device in devices.into_iter().filter(|device| device.id != consumer.device_id) {
            ask(client.delete(stage.portal.url(&format!("devices/{}", device.id)))).await?;
        }
        Ok::<(), anyhow::Error>(())
    })?;
    player.run(&["sync"])?.failed(4, &["has ended", "sign in again"])?;
    assert_eq!(shown(&player, BMI)?, before, "until its lease ends");
    player.login(&stage.portal.address, CONSUMER, PASSWORD)?.ended(0)?;
    player.run(&["sync"])?.ended(0)?;
    Ok(())
}

#[test]
fn a_portal_that_is_away_is_the_surroundings_fault() -> Result<()> {
    let mut stage = Stage::new()?;
    stage.person(CONSUMER)?;
    let player = stage.player(&stage.portal.address)?;
    stage.portal.stop();
    let host = stage.portal.address.trim_start_matches("http://").to_owned();
    player.run(&["sync"])?.failed(4, &[&host, "cannot be reached"])?;
    let other = Player::new(stage.folder().join("other"));
    other.login(&stage.portal.address, CONSUMER, PASSWORD)?.failed(4, &[&host, "cannot be reached"])?;
    // Something answers, but it is no portal.
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // Read what it asks, so that closing does not reset the line before the answer arrives.
            let _ = std::io::Read::read(&mut client, &mut [0; 4096]);
            let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\nConnection: close\r\n\r\n<html/>";
            let _ = std::io::Write::write_all(&mut client, page.as_bytes());
        }
    });
    other.login(&address, CONSUMER, PASSWORD)?.failed(4, &["is it a Playsheet portal?"])?;
    other.login("ftp://127.0.0.1", CONSUMER, PASSWORD)?.failed(1, &["ftp://127.0.0.1", "cannot be used"])?;
    Ok(())
}

#[test]
fn a_portal_that_dies_in_the_middle_of_a_sync_leaves_what_was_there() -> Result<()> {
    let proxy = Proxy::new()?;
    // Everything goes through the line, tickets for spreadsheets too.
    let stage = Stage::with_settings(&format!("base_url = \"{}\"\n", proxy.address))?;
    proxy.lead_to(stage.portal.port());
    let creator = stage.person(CREATOR)?;
    let consumer = stage.person(CONSUMER)?;
    let bmi = stage.share(&creator, &consumer, example("bmi")?)?;
    let player = stage.player(&proxy.address)?;
    player.run(&["sync"])?.ended(0)?;
    let before = shown(&player, BMI)?;

    // A new version: wherever the line is cut, the app stays as it was.
    let heavier = bad_files::edited(
        example("bmi")?.spreadsheet,
        "xl/worksheets/sheet1.xml",
        "<v>74.5</v>",
        "<v>80</v>",
    )?;
    stage.wait(stage.portal.update_spreadsheet(&creator, &bmi, heavier))?;
    let mut cuts = 0;
    let mut cut = |request: &str, bytes, before: &str| -> Result<()> {
        proxy.cut_at(request, bytes);
        cuts += 1;
        player.run(&["sync"])?.failed(4, &["127.0.0.1"]).with_context(|| format!("cut at {request}"))?;
        assert_eq!(proxy.cuts(), cuts, "the line was cut at {request}");
        assert_eq!(shown(&player, BMI)?, before, "cut at {request} after {bytes} bytes");
        assert!(!player.run(&["status"])?.ended(0)?.stdout.contains("Damaged"), "cut at {request}");
        proxy.lead_to(stage.portal.port());
        Ok(())
    };
    for (request, bytes) in [("/api/v1/sync", 20), ("/ticket", 10), (OBJECT, 0), (OBJECT, 5_000)] {
        cut(request, bytes, &before)?;
    }
    player.run(&["sync"])?.ended(0)?;
    let after = shown(&player, BMI)?;
    assert!(before.contains("Body mass index = 23.5") && after.contains("Body mass index = 25.2"), "{after}");

    // A new app: it comes as a whole or not at all, and the others stay.
    stage.share(&creator, &consumer, example("loan")?)?;
    for (request, bytes) in [("/definition", 40), (OBJECT, 5_000)] {
        cut(request, bytes, &after)?;
        assert_ne!(player.run(&["run", LOAN])?.code, Some(0), "half an app does not run");
    }
    player.run(&["sync"])?.ended(0)?;
    assert!(shown(&player, LOAN)?.contains("Monthly payment = 1,443.48 €"));
    assert!(player.run(&["sync"])?.ended(0)?.stdout.contains("0 updated, 2 up to date"));
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() -> Result<()> {
    let Scene { stage, creator, consumer, player, .. } = Scene::new()?;
    let before = shown(&player, BMI)?;
    stage.share(&creator, &consumer, example("loan")?)?;
    // Neither the spreadsheet nor, with nothing at all, the list of records finds a place.
    for kib in [16, 0] {
        player.run_on_full_disk(&["sync"], kib)?.failed(4, &["could not write", "vault"])?;
        assert_eq!(shown(&player, BMI)?, before);
        assert_eq!(player.apps()?, [BMI]);
        assert!(!player.run(&["status"])?.ended(0)?.stdout.contains("Damaged"));
    }
    assert_eq!(player.run_on_full_disk(&["run", BMI], 0)?.ended(0)?.stdout, before, "running writes nothing");
    let picture = stage.folder().join("app.png");
    let render = ["render", BMI, "--out", picture.to_str().context("a strange name")?];
    player.run(&render)?.ended(0)?;
    let painted = std::fs::read(&picture)?;
    player.run_on_full_disk(&render, 4)?.failed(4, &["app.png", "cannot be written"])?;
    assert_eq!(std::fs::read(&picture)?, painted, "the picture from before is still whole");
    let other = Player::new(stage.folder().join("other"));
    other
        .run_on_full_disk(&["login", &stage.portal.address, "--email", CONSUMER], 0)?
        .failed(4, &["could not"])?;
    player.run(&["sync"])?.ended(0)?;
    assert!(shown(&player, LOAN)?.contains("Monthly payment = 1,443.48 €"));
    Ok(())
}

#[test]
fn a_tampered_vault_is_said_and_cured_by_a_sync() -> Result<()> {
    let Scene { stage: _stage, player, .. } = Scene::new()?;
    let before = shown(&player, BMI)?;
    let blobs = player.data().join("vault/blobs");

    type Tamper = fn(&mut Vec<u8>);
    let ways: [(&str, Tamper); 3] = [
        ("its bytes were changed", |bytes| {
            let middle = bytes.len() / 2;
            if let Some(byte) = bytes.get_mut(middle) {
                *byte ^= 1;
            }
        }),
        ("its file was cut short", |bytes| bytes.truncate(bytes.len() / 2)),
        ("its file was made longer", |bytes| bytes.extend([0; 9])),
    ];
    for (said, tamper) in ways {
        let files = traces::files(&blobs)?;
        assert!(!files.is_empty());
        for file in files {
            let mut bytes = std::fs::read(&file)?;
            tamper(&mut bytes);
            std::fs::write(&file, bytes)?;
        }
        player.run(&["run", BMI])?.failed(4, &["damaged", said, "sync"])?;
        assert!(player.run(&["status"])?.ended(0)?.stdout.contains("Damaged"), "{said}");
        player.run(&["sync"])?.ended(0)?;
        assert_eq!(shown(&player, BMI)?, before, "{said}");
        assert!(!player.run(&["status"])?.ended(0)?.stdout.contains("Damaged"), "{said}");
    }

    // The list of all records is another thing: nothing can be trusted without it.
    let manifest = player.data().join("vault/manifest");
    let mut bytes = std::fs::read(&manifest)?;
    let last = bytes.last_mut().context("an empty manifest")?;
    *last ^= 1;
    std::fs::write(&manifest, bytes)?;
    for command in [&["run", BMI][..], &["list"], &["sync"], &["status"]] {
        player.run(command)?.failed(4, &["vault", "damaged"])?;
    }
    Ok(())
}

#[test]
fn tokens_of_others_are_refused_with_a_problem_document() -> Result<()> {
    let stage = Stage::new()?;
    let mine = stage.person(CONSUMER)?;
    let elsewhere = Stage::new()?;
    let foreign = elsewhere.person(CONSUMER)?;
    let old = stage.signed_in(CONSUMER)?;
    let ask = |token: &str, route: &str| {
        stage.wait(async {
            stage.portal.client().get(stage.portal.url(route)).bearer_auth(token).send().await
        })
    };
    let good = &mine.tokens.access_token;
    assert_eq!(ask(good, "me")?.status(), StatusCode::OK);

    let sign_out = stage.portal.client().delete(stage.portal.url("sessions/current"));
    stage.wait(async { sign_out.bearer_auth(&old.tokens.access_token).send().await })?.error_for_status()?;
    let mut changed = good.clone();
    changed.replace_range(good.len() - 12..good.len() - 11, if good.ends_with('A') { "B" } else { "A" });
    let bad = [
        ("expired", expired(&stage, &mine)?),
        ("of another portal", foreign.tokens.access_token),
        ("signed out", old.tokens.access_token),
        ("of another kind", mine.tokens.refresh_token.clone()),
        ("changed", changed),
        ("no token at all", "seven-and-forty".to_owned()),
    ];
    for (what, token) in bad {
        for route in ["me", "apps", "sync", "devices"] {
            let answer = ask(&token, route)?;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{what}, {route}");
            let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            assert_eq!(kind, Some("application/problem+json"), "{what}, {route}");
            let problem: Problem = stage.wait(answer.json())?;
            assert_eq!(problem.code.as_str(), "signed_out", "{what}, {route}");
            assert!(!format!("{problem:?}").contains(&token), "{what}, {route}");
        }
    }
    assert_eq!(ask(good, "me")?.status(), StatusCode::OK, "the good one still is");
    Ok(())
}

/// A token such as the portal itself made some time ago, under its own key.
fn expired(stage: &Stage, who: &SignedIn) -> Result<String> {
    use portal_server::security::{keys::InstanceKey, tokens::Tokens};
    let tokens = Tokens::new(&InstanceKey::load(&stage.portal_data().join("instance.key"))?)?;
    let made = |age: Duration| -> Result<String> {
        let then = (SystemTime::now() - age).duration_since(SystemTime::UNIX_EPOCH)?;
        let made = tokens.access(who.person.id, who.device_id, 0, i64::try_from(then.as_millis())?);
        Ok(made.map_err(|_| anyhow::anyhow!("the token cannot be made"))?.0)
    };
    let fresh = stage.portal.client().get(stage.portal.url("me")).bearer_auth(made(Duration::ZERO)?);
    let fresh = stage.wait(async { fresh.send().await })?;
    assert_eq!(fresh.status(), StatusCode::OK, "what is made here is good until its time ends");
    made(Duration::from_secs(601))
}

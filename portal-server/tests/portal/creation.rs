//! Creation: what a browser uploads stays in memory, is seen by that browser only, and becomes an app by publishing.

use playsheet_portal_server::{MINUTE_MS, Workbench};
use portal_api::{AppSummary, ProblemCode};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::support::{
    Database, TestApp,
    app::Log,
    browser::{Browser, id_of, of_role, workbook},
    every_file,
    people::send,
};

#[tokio::test]
async fn a_visitor_uploads_adjusts_and_tries_and_publishes_after_signing_in() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let upload = workbook("Calc", "Body height", "Body weight");
    let created = browser.upload(upload.clone(), "bmi.xlsx").await;
    let id = id_of(&created);
    assert_eq!(id.len(), 43, "256 bits");
    let set = created.headers["set-cookie"].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    let state: Value = browser.get(&format!("/api/v1/creations/{id}")).await.json(200);
    assert_eq!(state["proposal"]["inputs"][0]["cell"], "B1");
    assert_eq!(state["proposal"]["outputs"][0]["cell"], "B4");
    let inputs = of_role(&state, "input");
    assert_eq!(inputs.len(), 2);
    let (height, weight) = (inputs[0]["id"].as_str().unwrap(), inputs[1]["id"].as_str().unwrap());
    let why = &state["whys"][height];
    assert_eq!(why["place"], "Calc!B1");
    assert!(!why["reason"].as_str().unwrap().is_empty());

    let path = format!("/api/v1/creations/{id}");
    let edits = json!({ "edits": [
        { "edit": "app", "name": "Body mass", "description": "For grown-ups" },
        { "edit": "item", "id": height, "caption": "Height of the body", "unit": "cm", "inputtype": "stepper" },
        { "edit": "move", "id": height, "by": 1 },
    ]});
    let edited: Value = browser.json(Method::PATCH, &path, &edits).await.json(200);
    assert_eq!(of_role(&edited, "input")[1]["caption"], "Height of the body", "moved below the weight");
    let bad = json!({ "edits": [{ "edit": "caption", "id": height, "caption": "Kept" }, { "edit": "exclude", "id": "nobody" }] });
    browser.json(Method::PATCH, &path, &bad).await.problem(ProblemCode::InvalidRequest);
    let after: Value = browser.get(&path).await.json(200);
    assert_eq!(after["edits"].as_array().unwrap().len(), 3, "all or none");

    let shown = format!("{path}/view");
    let before: Value = browser.get(&shown).await.json(200);
    assert!(before.to_string().contains("Height of the body"));
    let typed = json!({ "act": "type", "id": weight, "text": "90" });
    let typed: Value = browser.json(Method::POST, &shown, &typed).await.json(200);
    assert_ne!(before["view"], typed["view"]);
    assert!(typed["view"].to_string().contains("27.7"), "90 / 1.8²: {}", typed["view"]);
    let html = send(browser.request(Method::GET, &shown).header("accept", "text/html")).await;
    assert!(html.text().contains("Height of the body") && html.text().contains("27.7"));

    let publish = format!("{path}/publish");
    browser.json(Method::POST, &publish, &json!({})).await.problem(ProblemCode::SignedOut);
    app.unconfirmed("eve@example.org").await;
    let mut eve = Browser::new(&app);
    eve.cookies.clone_from(&browser.cookies);
    eve.sign_in("eve@example.org").await;
    eve.json(Method::POST, &publish, &json!({})).await.problem(ProblemCode::Unconfirmed);
    let ada = app.person("ada@example.org").await;
    browser.sign_in("ada@example.org").await;
    let summary: AppSummary =
        browser.json(Method::POST, &publish, &json!({ "note": "First" })).await.json(201);
    assert_eq!((summary.name.as_str(), summary.description.as_str()), ("Body mass", "For grown-ups"));
    browser.get(&path).await.problem(ProblemCode::NotFound);
    let document = ada.get(&format!("/apps/{}/definition", summary.id)).await.text();
    for part in ["Height of the body", "unit=\"cm\"", "inputtype=\"stepper\""] {
        assert!(document.contains(part), "{part}: {document}");
    }
    let ticket = ada.ticket(summary.id).await.json(201);
    assert_eq!(ada.fetch(&ticket).await, upload, "sealed without a second upload");
}

#[tokio::test]
async fn the_pages_do_the_same_without_scripts() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ada@example.org").await;
    let form = Form::new().part(
        "spreadsheet",
        Part::bytes(workbook("Calc", "Body height", "Body weight")).file_name("bmi.xlsx"),
    );
    let sent = send(browser.request(Method::POST, "/create").multipart(form)).await;
    sent.expect(303);
    browser.keep(&sent);
    let place = sent.headers["location"].to_str().unwrap().to_owned();
    let proposal = browser.get(&place).await;
    assert!(proposal.text().contains("Body height") && proposal.text().contains("Calc!B1"));
    let state: Value =
        browser.get(&format!("/api/v1/creations/{}", &place["/create/".len()..])).await.json(200);
    let height = of_role(&state, "input")[0]["id"].as_str().unwrap().to_owned();
    let fields = [
        ("do", "item"),
        ("id", height.as_str()),
        ("caption", "Stature"),
        ("step", "adjust"),
        ("item", &height),
    ];
    let edited = browser.form(&format!("{place}/edit"), &fields).await;
    edited.expect(303);
    let next = edited.headers["location"].to_str().unwrap().to_owned();
    assert!(browser.get(&next).await.text().contains("Stature"));
    let typed = format!("type:{height}");
    browser.form(&format!("{place}/input"), &[(typed.as_str(), "200"), ("step", "adjust")]).await.expect(303);
    assert!(browser.get(&next).await.text().contains("18.75"));
    let nothing =
        browser.form(&format!("{place}/edit"), &[("do", "item"), ("id", &height), ("caption", " ")]).await;
    nothing.expect(400);
    assert!(nothing.text().contains("An item needs a caption."));
    browser.form(&format!("{place}/edit"), &[("do", "undo")]).await.expect(303);
    assert!(!browser.get(&next).await.text().contains("Stature"));
    let published = browser.form(&format!("{place}/publish"), &[("name", "Mass"), ("description", "")]).await;
    published.expect(303);
    let page = browser.get(published.headers["location"].to_str().unwrap()).await;
    page.expect(200);
    assert!(page.text().contains("Mass") && page.text().contains("Invite somebody"));
}

#[tokio::test]
async fn another_session_and_a_later_time_find_nothing() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let id = id_of(&browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await);
    let path = format!("/api/v1/creations/{id}");
    let mut other = Browser::new(&app);
    other.upload(workbook("Calc", "A", "B"), "b.xlsx").await.expect(201);
    for stranger in [&other, &Browser::new(&app)] {
        stranger.get(&path).await.problem(ProblemCode::NotFound);
        stranger.get(&format!("{path}/view")).await.problem(ProblemCode::NotFound);
        stranger.get(&format!("{path}/definition")).await.problem(ProblemCode::NotFound);
        stranger.get(&format!("/create/{id}")).await.expect(404);
        stranger.json(Method::PATCH, &path, &json!({ "edits": [] })).await.problem(ProblemCode::NotFound);
        send(stranger.request(Method::DELETE, &path)).await.problem(ProblemCode::NotFound);
    }
    for _ in 0..4 {
        app.clock.advance_ms(14 * MINUTE_MS);
        browser.get(&path).await.expect(200);
    }
    app.clock.advance_ms(5 * MINUTE_MS);
    browser.get(&path).await.problem(ProblemCode::NotFound);
    let id = id_of(&browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await);
    let path = format!("/api/v1/creations/{id}");
    browser.get(&path).await.expect(200);
    app.clock.advance_ms(16 * MINUTE_MS);
    browser.get(&path).await.problem(ProblemCode::NotFound);
    assert!(app.app.portal().creations.is_empty(), "what is over is forgotten");
    let id = id_of(&browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await);
    send(browser.request(Method::DELETE, &format!("/api/v1/creations/{id}"))).await.expect(204);
    assert!(app.app.portal().creations.is_empty());
}

#[tokio::test]
async fn hostile_and_foreign_files_are_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let whole = workbook("Calc", "A", "B");
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("a.xlsx", b"this is no spreadsheet".to_vec(), "spreadsheet"),
        ("a.xlsx", whole[..whole.len() / 2].to_vec(), "damaged"),
        ("a.xlsx", b"%PDF-1.7 something".to_vec(), "PDF"),
        ("a.xlsx", b"PK\x03\x04".to_vec(), "damaged"),
        ("a.xlsx", [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat(), "."),
        ("a.xlsx", Vec::new(), "."),
    ];
    for (name, bytes, expected) in cases {
        let problem = browser.upload(bytes.clone(), name).await.problem(ProblemCode::SpreadsheetInvalid);
        assert!(problem.detail.contains(expected), "{expected}: {}", problem.detail);
        let form = Form::new().part("spreadsheet", Part::bytes(bytes).file_name(name));
        let page = send(browser.request(Method::POST, "/create").multipart(form)).await;
        page.expect(422);
        assert!(page.text().contains("role=\"alert\""));
    }
    assert!(app.app.portal().creations.is_empty());
}

#[tokio::test]
async fn nothing_of_an_upload_reaches_disk_or_log_before_it_is_published() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let bytes = workbook("Canary sheet 4711", "Canary label 4712", "Canary label 4713");
    let id = id_of(&browser.upload(bytes.clone(), "canary-file-4714.xlsx").await);
    let path = format!("/api/v1/creations/{id}");
    let state: Value = browser.get(&path).await.json(200);
    let first = of_role(&state, "input")[0]["id"].as_str().unwrap().to_owned();
    let edit = json!({ "edits": [{ "edit": "item", "id": first, "caption": "Canary caption 4715" }] });
    browser.json(Method::PATCH, &path, &edit).await.expect(200);
    let act = json!({ "act": "type", "id": first, "text": "471600" });
    browser.json(Method::POST, &format!("{path}/view"), &act).await.expect(200);
    browser.get(&format!("/create/{id}?step=adjust")).await.expect(200);
    browser.get(&format!("{path}/definition")).await.expect(200);
    let broken = json!({ "act": "type", "id": { "canary": "4717" } });
    browser.json(Method::POST, &format!("{path}/view"), &broken).await.problem(ProblemCode::InvalidRequest);
    let cookie = browser.cookies[0].split('=').nth(1).unwrap().to_owned();
    let secrets = [
        "anary sheet 4711",
        "anary label 4712",
        "canary-file-4714",
        "anary caption 4715",
        "471600",
        &id,
        &cookie,
    ];
    let log = Log::text();
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    let folder = app.stop().await;
    every_file(folder.path(), &mut |path, found| {
        for secret in secrets {
            let there = found.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!there, "{secret} is in {}", path.display());
        }
        let piece = &bytes[bytes.len() / 2..][..64];
        assert!(!found.windows(64).any(|window| window == piece), "the file is in {}", path.display());
    });
}

#[tokio::test]
async fn names_of_sheets_and_cells_are_shown_and_never_run() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ada@example.org").await;
    let bad = "<script>alert(1)</script>";
    let label = "\"><img src=x onerror=alert(2)>";
    let sent = browser.upload(workbook("<b>'&\"<b>", bad, label), "<i>x<i>.xlsx").await;
    let id = id_of(&sent);
    let mut pages = Vec::new();
    for step in ["proposal", "adjust", "check", "publish"] {
        pages.push(
            browser.get(&format!("/create/{id}?step={step}&item=%3Cscript%3E&size=%22%3E%3Cscript%3E")).await,
        );
    }
    let state: Value = browser.get(&format!("/api/v1/creations/{id}")).await.json(200);
    let first = of_role(&state, "input")[0]["id"].as_str().unwrap().to_owned();
    pages.push(browser.get(&format!("/create/{id}?step=adjust&item={first}")).await);
    pages.push(browser.form(&format!("/create/{id}/edit"), &[("do", "item"), ("id", bad)]).await);
    let published = browser
        .form(&format!("/create/{id}/publish"), &[("name", bad), ("description", label), ("note", bad)])
        .await;
    published.expect(303);
    let place = published.headers["location"].to_str().unwrap().split('?').next().unwrap().to_owned();
    for page in ["", "/versions", "/update", "/activity"] {
        pages.push(browser.get(&format!("{place}{page}")).await);
    }
    pages.push(browser.get("/apps").await);
    let mut shown = 0;
    for page in &pages {
        let text = page.text();
        for markup in ["<script>", "<img", "<b>'", "<i>x", "onerror=alert(2)>\""] {
            assert!(!text.contains(markup), "{markup}: {text}");
        }
        shown += usize::from(text.contains("&lt;script&gt;") || text.contains("&#60;script&#62;"));
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        for part in
            ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!text.contains(" style=") && !text.contains(" onclick="), "the policy would refuse it");
    }
    assert!(shown >= 8, "the names are really shown: {shown}");
}

#[tokio::test]
async fn other_sites_cannot_act_in_a_browsers_name() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ada@example.org").await;
    let id = id_of(&browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await);
    let cookies = browser.cookies.join("; ");
    let some = "11111111-2222-4333-8444-555555555555";
    for (method, path) in [
        (Method::POST, "/api/v1/creations".to_owned()),
        (Method::PATCH, format!("/api/v1/creations/{id}")),
        (Method::DELETE, format!("/api/v1/creations/{id}")),
        (Method::POST, format!("/api/v1/creations/{id}/view")),
        (Method::POST, format!("/api/v1/creations/{id}/publish")),
        (Method::POST, "/create".to_owned()),
        (Method::POST, format!("/create/{id}/edit")),
        (Method::POST, format!("/create/{id}/input")),
        (Method::POST, format!("/create/{id}/publish")),
        (Method::POST, format!("/create/{id}/discard")),
        (Method::POST, format!("/apps/{some}/invite")),
        (Method::POST, format!("/apps/{some}/spreadsheet")),
        (Method::POST, format!("/apps/{some}/withdraw")),
        (Method::POST, format!("/apps/{some}/people/{some}/withdraw")),
        (Method::POST, format!("/apps/{some}/invitations/{some}/withdraw")),
        (Method::POST, "/account/password".to_owned()),
        (Method::POST, format!("/account/devices/{some}/end")),
        (Method::POST, "/account/sign-out-everywhere".to_owned()),
        (Method::POST, "/sign-up".to_owned()),
        (Method::POST, "/forgot".to_owned()),
    ] {
        for site in ["cross-site", "same-site", "none"] {
            let request = app.visitor().request(method.clone(), &path).header("cookie", &cookies);
            let json = path.starts_with("/api") && !path.ends_with("creations");
            let request = request.header("sec-fetch-site", site);
            let request = if json {
                let body = if path.ends_with("view") {
                    json!({ "act": "reset_all" })
                } else {
                    json!({ "edits": [] })
                };
                request.json(&body)
            } else if path.ends_with("creations") || path.ends_with("create") || path.ends_with("spreadsheet")
            {
                request.multipart(Form::new().text("a", "b"))
            } else {
                request.header("content-type", "application/x-www-form-urlencoded").body("a=b")
            };
            let answer = send(request).await;
            assert_eq!(answer.status.as_u16(), 403, "{method} {path} from {site}: {}", answer.text());
        }
    }
    browser.get(&format!("/api/v1/creations/{id}")).await.expect(200);
}

#[tokio::test]
async fn an_update_that_loses_cells_is_refused_and_one_that_fits_is_published() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ada@example.org").await;
    let id = id_of(&browser.upload(workbook("Calc", "Body height", "Body weight"), "bmi.xlsx").await);
    let published =
        browser.form(&format!("/create/{id}/publish"), &[("name", "Mass"), ("description", "")]).await;
    let place = published.headers["location"].to_str().unwrap().split('?').next().unwrap().to_owned();
    let update = async |bytes: Vec<u8>| {
        let form = Form::new().part("spreadsheet", Part::bytes(bytes).file_name("new.xlsx"));
        send(browser.request(Method::POST, &format!("{place}/spreadsheet")).multipart(form)).await
    };
    let lost = update(workbook("Other", "Something", "Else")).await;
    lost.expect(422);
    assert!(lost.text().contains("Nothing was published"));
    assert!(!browser.get(&format!("{place}/versions")).await.text().contains("New spreadsheet"));
    let fits = update(workbook("Calc", "Body height", "Body weight")).await;
    fits.expect(200);
    assert!(
        fits.text().contains("The new spreadsheet is published") && fits.text().contains("New spreadsheet")
    );
    update(b"no spreadsheet".to_vec()).await.expect(422);
    let activity = browser.get(&format!("{place}/activity")).await.text();
    assert_eq!(activity.matches("Published a version").count(), 2);
}

#[tokio::test]
async fn a_worker_process_computes_and_its_end_hurts_nobody() {
    let program = env!("CARGO_BIN_EXE_playsheet-portal").into();
    let workbench = Workbench::Processes { program, arguments: vec!["worker".into()] };
    let app = TestApp::computing(Database::Sqlite, |_| {}, workbench).await;
    let mut browser = Browser::new(&app);
    let id = id_of(&browser.upload(workbook("Calc", "Body height", "Body weight"), "bmi.xlsx").await);
    let view = format!("/api/v1/creations/{id}/view");
    let html = send(browser.request(Method::GET, &view).header("accept", "text/html")).await;
    assert!(html.text().contains("Body mass index"));
    // A program that is no worker: every upload is refused with a sentence, the portal goes on.
    let workbench = Workbench::Processes { program: "/bin/true".into(), arguments: Vec::new() };
    let app = TestApp::computing(Database::Sqlite, |_| {}, workbench).await;
    let mut browser = Browser::new(&app);
    browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await.problem(ProblemCode::SpreadsheetInvalid);
    app.visitor().get("/healthz").await.expect(200);
}

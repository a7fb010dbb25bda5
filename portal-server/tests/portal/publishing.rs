//! Publishing, versions, entity tags, tickets, sealed objects, withdrawing.

use portal_api::{
    AppId, AppState, AppSummary, ObjectId, Page, ProblemCode, Role, Ticket, Version, VersionChange,
};
use reqwest::{Method, header::ETAG, multipart::Form};

use crate::support::{
    Database, Signed, TestApp, definition, on_both_databases,
    people::{file, send},
    spreadsheet,
};

on_both_databases! {
    from_publishing_to_an_opened_spreadsheet
    versions_count_and_keep_what_did_not_change
    of_many_publications_at_once_each_has_its_number
}

async fn definition_of(person: &Signed, app: AppId, if_none_match: Option<&str>) -> crate::support::Answer {
    let mut request = person.request(Method::GET, &format!("/apps/{app}/definition"));
    if let Some(tag) = if_none_match {
        request = request.header("if-none-match", tag);
    }
    send(request).await
}

async fn from_publishing_to_an_opened_spreadsheet(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan & more".replace('&', "&amp;").as_str(), "the figures of the loan").await;
    assert_eq!(
        (loan.name.as_str(), loan.version, loan.role, loan.state),
        ("Loan & more", 1, Role::Owner, AppState::Available)
    );
    ada.share(&app, loan.id, &bob, Role::Viewer).await;

    let answer = definition_of(&bob, loan.id, None).await;
    answer.expect(200);
    let document = answer.text();
    assert!(document.contains(&loan.id.to_string()) && document.contains("version=\"1\""), "{document}");
    assert_eq!(answer.headers["content-type"], "application/xml");
    let tag = answer.headers[ETAG].to_str().unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", loan.definition_etag));
    let unchanged = definition_of(&bob, loan.id, Some(&tag)).await;
    unchanged.expect(304);
    assert!(unchanged.body.is_empty() && unchanged.headers[ETAG] == tag.as_str());
    definition_of(&bob, loan.id, Some(&format!("\"other\", W/{tag}"))).await.expect(304);
    definition_of(&bob, loan.id, Some("\"other\"")).await.expect(200);

    let ticket: Ticket = bob.ticket(loan.id).await.json(201);
    let plain = bob.fetch(&ticket).await;
    assert_eq!(plain, spreadsheet("the figures of the loan"));
    assert_eq!((ticket.size, ticket.version), (plain.len() as u64, 1));
    assert_eq!(ticket.etag, playsheet_portal_server::security::bytes::sha256_hex(&plain));
    assert_eq!(loan.sources[0].etag.as_deref(), Some(ticket.etag.as_str()));
}

async fn versions_count_and_keep_what_did_not_change(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "one").await;
    let second: AppSummary = ada.update_spreadsheet(loan.id, "two").await.json(200);
    assert_eq!(
        (second.version, &second.definition_etag),
        (2, &loan.definition_etag),
        "the definition did not change"
    );
    assert_ne!(second.sources[0].etag, loan.sources[0].etag);
    let third: AppSummary = ada.update_definition(loan.id, definition("Loan 2")).await.json(200);
    assert_eq!((third.version, third.name.as_str()), (3, "Loan 2"));
    assert_ne!(third.definition_etag, loan.definition_etag);
    assert_eq!(third.sources[0].etag, second.sources[0].etag, "the spreadsheet did not change");
    let ticket: Ticket = ada.ticket(loan.id).await.json(201);
    assert_eq!(ada.fetch(&ticket).await, spreadsheet("two"));

    // A definition that names the app, posted by somebody who may edit it, is the next version of both.
    let own = format!(
        "<app id=\"{}\" xmlns=\"urn:playsheet:app:1\"><meta><name>Loan 4</name></meta><source id=\"main\"/><layout/></app>",
        loan.id
    );
    let form = |document: &str| {
        Form::new().text("definition", document.to_owned()).part("spreadsheet", file("four"))
    };
    let fourth: AppSummary = ada.post_form(form(&own).text("note", "New\nrates")).await.json(200);
    assert_eq!((fourth.id, fourth.version), (loan.id, 4));
    // From anybody else it is a new app with an id of its own.
    let bob = app.person("bob@example.org").await;
    let foreign: AppSummary = bob.post_form(form(&own)).await.json(201);
    assert!(foreign.id != loan.id && foreign.version == 1);

    let page: Page<Version> = ada.get(&format!("/apps/{}/versions?limit=3", loan.id)).await.json(200);
    let changes: Vec<_> = page.items.iter().map(|version| (version.number, version.change)).collect();
    let expected =
        [(4, VersionChange::Both), (3, VersionChange::Definition), (2, VersionChange::Spreadsheet)];
    assert_eq!(changes, expected);
    assert_eq!(page.items[0].note, "New rates");
    let rest: Page<Version> =
        ada.get(&format!("/apps/{}/versions?limit=3&after={}", loan.id, page.next.unwrap())).await.json(200);
    assert_eq!((rest.items.len(), rest.items[0].change, rest.next), (1, VersionChange::Created, None));
}

async fn of_many_publications_at_once_each_has_its_number(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "one").await;
    let tasks: Vec<_> = (0..12)
        .map(|n| {
            let ada = ada.clone();
            tokio::spawn(async move { ada.update_spreadsheet(loan.id, &format!("content {n}")).await })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        let answer = task.await.unwrap();
        if answer.status == 200 {
            numbers.push(answer.json::<AppSummary>(200).version);
        } else {
            answer.problem(ProblemCode::Conflict);
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (2..2 + numbers.len() as u64).collect::<Vec<_>>());
    // What lost left no object behind.
    assert_eq!(stored_objects(&app), 1 + numbers.len());
}

fn stored_objects(app: &TestApp) -> usize {
    let shelves = app.data().join("objects").read_dir().unwrap();
    shelves.map(|shelf| shelf.unwrap().path().read_dir().unwrap().count()).sum()
}

#[tokio::test]
async fn a_ticket_ends_after_a_minute_and_with_its_device() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let ticket: Ticket = ada.ticket(loan.id).await.json(201);
    let get = |url: String| send(ada.visitor.client.get(url));
    get(ticket.url.clone()).await.expect(200);
    let mut changed = ticket.url.clone();
    changed.replace_range(changed.len() - 4.., "AAAA");
    get(changed).await.problem(ProblemCode::NotFound);
    send(ada.visitor.client.delete(&ticket.url)).await.problem(ProblemCode::MethodNotAllowed);
    let access_as_ticket = format!("{}/api/v1/objects/{}", app.url, ada.session.tokens.access_token);
    get(access_as_ticket).await.problem(ProblemCode::NotFound);
    app.clock.advance_ms(61_000);
    get(ticket.url).await.problem(ProblemCode::NotFound);

    let fresh: Ticket = ada.ticket(loan.id).await.json(201);
    ada.delete("/sessions/current").await.expect(204);
    get(fresh.url).await.problem(ProblemCode::NotFound);
}

#[tokio::test]
async fn what_lies_on_the_disk_is_sealed_and_bound_to_its_place() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let canary = "CANARY-of-the-spreadsheet-7261";
    let loan = ada.publish("Loan", canary).await;
    let ticket: Ticket = ada.ticket(loan.id).await.json(201);
    let sealed = send(ada.visitor.client.get(&ticket.url)).await.body;
    assert!(!sealed.windows(canary.len()).any(|window| window == canary.as_bytes()));
    let key = playsheet_portal_server::security::bytes::from_base64(&ticket.key).unwrap();
    let key = zeroize::Zeroizing::new(<[u8; 32]>::try_from(key).unwrap());
    assert!(playsheet_portal_server::sealing::open(ticket.object_id, &key, &sealed).is_ok());
    assert!(playsheet_portal_server::sealing::open(ObjectId::mint(), &key, &sealed).is_err());
    // The next version has an object and a key of its own.
    ada.update_spreadsheet(loan.id, canary).await.expect(200);
    let next: Ticket = ada.ticket(loan.id).await.json(201);
    assert!(next.object_id != ticket.object_id && next.key != ticket.key && next.etag == ticket.etag);
}

#[tokio::test]
async fn a_withdrawn_app_is_gone_for_all_but_its_history() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.share(&app, loan.id, &bob, Role::Viewer).await;
    let path = format!("/apps/{}", loan.id);
    bob.delete(&path).await.problem(ProblemCode::Forbidden);
    ada.delete(&path).await.expect(204);
    for person in [&ada, &bob] {
        person.get(&format!("{path}/definition")).await.problem(ProblemCode::Withdrawn);
        person.ticket(loan.id).await.problem(ProblemCode::Withdrawn);
    }
    ada.get(&format!("{path}/versions")).await.expect(200);
    ada.update_spreadsheet(loan.id, "more").await.problem(ProblemCode::Withdrawn);
    let apps: Page<AppSummary> = ada.get("/apps").await.json(200);
    assert_eq!(apps.items[0].state, AppState::Withdrawn);
    assert!(bob.get("/apps").await.json::<Page<AppSummary>>(200).items.is_empty());
    assert_eq!(ada.sync().await.withdrawn[0].id, loan.id);
}

#[tokio::test]
async fn lists_are_paged() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    for n in 0..5 {
        ada.publish(&format!("App {n}"), "x").await;
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page: Page<AppSummary> = ada.get(&format!("/apps?limit=2{after}")).await.json(200);
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|app| app.id));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 5);
    ada.get("/apps?after=nonsense").await.problem(ProblemCode::InvalidRequest);
}

#[tokio::test]
async fn definitions_that_must_not_be_published_are_refused_with_their_places() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let name = "<meta><name>x</name></meta>";
    let cases = [
        format!("<app xmlns=\"urn:playsheet:app:1\">{name}<PublishMode>open</PublishMode></app>"),
        format!("<app xmlns=\"urn:playsheet:app:1\">{name}<AccessControlList/></app>"),
        format!(
            "<!DOCTYPE app [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><app xmlns=\"urn:playsheet:app:1\">{name}</app>"
        ),
        format!("<app xmlns=\"urn:playsheet:app:1\">{name}"),
        "not xml at all".to_owned(),
        String::new(),
    ];
    for document in cases {
        let problem =
            ada.update_definition(loan.id, document.clone()).await.problem(ProblemCode::DefinitionInvalid);
        assert!(!problem.problems.is_empty() && problem.problems[0].line >= 1, "{document}");
        let form = Form::new().text("definition", document).part("spreadsheet", file("x"));
        ada.post_form(form).await.problem(ProblemCode::DefinitionInvalid);
    }
    assert_eq!(ada.get(&format!("/apps/{}", loan.id)).await.json::<AppSummary>(200).version, 1);
    assert_eq!(stored_objects(&app), 1, "refused uploads leave nothing behind");
}

#[tokio::test]
async fn spreadsheets_are_opened_before_they_are_taken() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let compound = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0];
    let good = spreadsheet("other figures");
    let cases: [(&str, &[u8], bool); 10] = [
        ("a.xlsx", &good, true),
        ("A.XLSM", &good, true),
        ("a.csv", b"a;b\n1;2\n", true),
        ("a.xlsx", &good[..good.len() / 2], false),
        ("a.xlsx", b"PK\x03\x04rest", false),
        ("a.ods", b"PK\x03\x04rest", false),
        ("a.xls", &compound, false),
        ("a.xlsx", b"not a zip", false),
        ("a.exe", &good, false),
        ("a.xlsx", b"", false),
    ];
    let mut version = 1;
    for (name, bytes, taken) in cases {
        let path = format!("/apps/{}/spreadsheet?name={name}", loan.id);
        let answer = send(ada.request(Method::PUT, &path).body(bytes.to_vec())).await;
        if taken {
            answer.expect(200);
            version += 1;
        } else {
            let problem = answer.problem(ProblemCode::SpreadsheetInvalid);
            assert!(problem.detail.len() > 20, "{name}: {}", problem.detail);
        }
        assert_eq!(
            ada.get(&format!("/apps/{}", loan.id)).await.json::<AppSummary>(200).version,
            version,
            "{name}"
        );
    }
}

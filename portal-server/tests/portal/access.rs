//! Who gets what: every route, tried by everybody, against somebody else's things.

use std::collections::BTreeSet;

use playsheet_portal_server::{accounts::NewAccount, domain::EmailAddress, routes};
use portal_api::{AccountSwitch, AuditEntry, Page, ProblemCode, Role};
use reqwest::{Method, StatusCode};

use crate::support::{Answer, Database, PASSWORD, Signed, TestApp, people::send};

const CASES: &str = include_str!("../../cases/access.tsv");

/// One request of a case, sent to the portal.
async fn ask(app: &TestApp, who: Option<&Signed>, method: &Method, path: &str) -> StatusCode {
    let visitor = app.visitor();
    let mut request = visitor.request(method.clone(), path);
    if let Some(who) = who {
        request = request.bearer_auth(&who.session.tokens.access_token);
    }
    if matches!(*method, Method::POST | Method::PUT) {
        // Well-formed for JSON routes and refused late by the others: what counts is who gets how far.
        request = request.json(&serde_json::json!({
            "email": "nobody@example.org", "password": "x", "token": "x", "refresh_token": "x", "device_secret": "x",
            "current_password": "x", "new_password": "x", "url": "https://files.example/x.xlsx", "disabled": false,
            "role": "viewer", "days": 1
        }));
    }
    let answer: Answer = send(request).await;
    answer.status
}

/// The file has a line for every route: method, path, and the statuses for nobody, a stranger, somebody whose right
/// was withdrawn, a viewer, an editor, an owner. The app of the paths is the owner's; `{person}` is the viewer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_everybody_as_the_table_says() {
    let app = TestApp::with(Database::Sqlite, |config| config.limits.mailbox_burst = 100).await;
    let owner = app.person("owner@example.org").await;
    let [viewer, editor, stranger, withdrawn] = [
        app.person("viewer@example.org").await,
        app.person("editor@example.org").await,
        app.person("stranger@example.org").await,
        app.person("withdrawn@example.org").await,
    ];
    let mut seen = BTreeSet::new();
    let columns = [None, Some(&stranger), Some(&withdrawn), Some(&viewer), Some(&editor), Some(&owner)];
    let names = ["nobody", "stranger", "withdrawn", "viewer", "editor", "owner"];
    let lines = CASES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut loan = None;
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let [method, path, expected @ ..] = fields.as_slice() else { panic!("{line}") };
        assert_eq!(expected.len(), 6, "{line}");
        seen.insert((method.to_string(), path.to_string()));
        let method: Method = method.parse().unwrap();
        for ((who, name), expected) in columns.iter().zip(names).zip(expected) {
            if *expected == "-" {
                continue;
            }
            let id = match loan {
                Some(id) => id,
                None => {
                    let id = shared_app(&app, &owner, &viewer, &editor, &withdrawn).await;
                    loan = Some(id);
                    id
                }
            };
            let filled = path
                .replace("/apps/{id}", &format!("/apps/{id}"))
                .replace("/admin/people/{id}", &format!("/admin/people/{}", viewer.session.person.id))
                .replace("/devices/{id}", &format!("/devices/{}", owner.session.device_id))
                .replace("/creations/{id}", "/creations/not-a-creation")
                .replace("{sid}", "main")
                .replace("{person}", &viewer.session.person.id.to_string())
                .replace("{invitation}", &uuid::Uuid::new_v4().to_string())
                .replace("{ticket}", "no-ticket");
            let status = ask(&app, *who, &method, &filled).await;
            assert_eq!(status.as_str(), *expected, "{method} {path} by {name}");
            if status.is_success() && method == Method::DELETE {
                loan = None;
            }
        }
    }
    let table: BTreeSet<_> =
        routes::table().iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    assert_eq!(seen, table, "each route has its line, each line its route");
}

async fn shared_app(
    app: &TestApp,
    owner: &Signed,
    viewer: &Signed,
    editor: &Signed,
    withdrawn: &Signed,
) -> portal_api::AppId {
    let id = owner.publish("Shared", "figures").await.id;
    owner.share(app, id, viewer, Role::Viewer).await;
    owner.share(app, id, editor, Role::Editor).await;
    owner.share(app, id, withdrawn, Role::Viewer).await;
    let path = format!("/apps/{id}/people/{}", withdrawn.session.person.id);
    owner.delete(&path).await.expect(204);
    id
}

#[tokio::test]
async fn foreign_and_missing_things_look_the_same() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let strip = |answer: Answer| {
        let mut problem = answer.problem(ProblemCode::NotFound);
        problem.request_id = None;
        problem
    };
    let foreign = strip(bob.get(&format!("/apps/{}", loan.id)).await);
    let missing = strip(bob.get(&format!("/apps/{}", uuid::Uuid::new_v4())).await);
    let nonsense = strip(bob.get("/apps/..%2f..%2fetc%2fpasswd").await);
    assert_eq!(foreign, missing);
    assert_eq!(foreign, nonsense);
}

#[tokio::test]
async fn bad_tokens_all_look_the_same() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let reset = async || {
        let body = portal_api::ResetRequest { email: "ada@example.org".to_owned() };
        app.visitor().post("/password-resets", &body).await.expect(202);
        app.link("ada@example.org", "reset").await
    };
    let confirm = app.mails("ada@example.org").await[0]
        .text
        .split("token=")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    let access = ada.session.tokens.access_token.clone();
    let refresh = ada.session.tokens.refresh_token.clone();
    let (head, rest) = access.split_once('.').unwrap();
    let (claims, _) = rest.split_once('.').unwrap();
    let none = format!("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0.{claims}.");
    let values = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {access}"),
        format!("Bearer {access}.x"),
        format!("Bearer {head}.{claims}."),
        format!("Bearer {none}"),
        format!("Bearer {confirm}"),
        format!("Bearer {}", reset().await),
        format!("Bearer {refresh}"),
        format!("Bearer {}", "A".repeat(5_000)),
    ];
    let mut bodies = BTreeSet::new();
    for value in values {
        let request = ada.visitor.request(Method::GET, "/api/v1/me").header("authorization", &value);
        let mut problem = send(request).await.problem(ProblemCode::SignedOut);
        problem.request_id = None;
        bodies.insert(serde_json::to_string(&problem).unwrap());
    }
    assert_eq!(bodies.len(), 1);
    let twice = ada
        .visitor
        .request(Method::GET, "/api/v1/me")
        .bearer_auth(&access)
        .header("authorization", "Bearer x");
    send(twice).await.problem(ProblemCode::SignedOut);
    // Tokens of mailed links are good for their own kind only.
    for token in [access, refresh, reset().await] {
        app.visitor().confirm(&token).await.problem(ProblemCode::LinkInvalid);
        ada.accept(&token).await.problem(ProblemCode::LinkInvalid);
    }
}

#[tokio::test]
async fn administrators_see_the_audit_log_and_disable_accounts() {
    let app = TestApp::start().await;
    let new = NewAccount {
        email: EmailAddress::parse("root@example.org").unwrap(),
        password: PASSWORD.into(),
        name: "Root".to_owned(),
    };
    playsheet_portal_server::accounts::create_administrator(app.app.portal(), &new).await.unwrap();
    let root = app.visitor().sign_in("root@example.org", PASSWORD).await;
    let ada = app.person("ada@example.org").await;
    let log: Page<AuditEntry> = root.get("/admin/audit?limit=3").await.json(200);
    assert_eq!(log.items.len(), 3);
    assert!(log.items[0].sequence > log.items[1].sequence);
    let older: Page<AuditEntry> =
        root.get(&format!("/admin/audit?after={}", log.next.unwrap())).await.json(200);
    assert!(older.items[0].sequence < log.items[2].sequence);

    let path = format!("/admin/people/{}", ada.session.person.id);
    ada.put(&path, &AccountSwitch { disabled: true }).await.problem(ProblemCode::NotFound);
    let own = format!("/admin/people/{}", root.session.person.id);
    root.put(&own, &AccountSwitch { disabled: true }).await.problem(ProblemCode::Forbidden);
    root.put(&path, &AccountSwitch { disabled: true }).await.expect(204);
    ada.get("/me").await.problem(ProblemCode::SignedOut);
    let refused = ada.visitor.refresh(&ada.session.tokens.refresh_token, &ada.session.device_secret).await;
    refused.problem(ProblemCode::RefreshInvalid);
    app.visitor().try_sign_in("ada@example.org", PASSWORD).await.problem(ProblemCode::AccountDisabled);
    app.visitor()
        .try_sign_in("ada@example.org", "a wrong password here")
        .await
        .problem(ProblemCode::WrongCredentials);
    root.put(&path, &AccountSwitch { disabled: false }).await.expect(204);
    app.visitor().sign_in("ada@example.org", PASSWORD).await;
}

#[tokio::test]
async fn a_person_can_leave_an_app_but_not_its_team() {
    let app = TestApp::on(Database::Sqlite).await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.share(&app, loan.id, &bob, Role::Viewer).await;
    bob.delete(&format!("/apps/{}/people/{}", loan.id, bob.session.person.id)).await.expect(204);
    bob.get(&format!("/apps/{}", loan.id)).await.problem(ProblemCode::Withdrawn);
    let own = format!("/apps/{}/people/{}", loan.id, ada.session.person.id);
    ada.delete(&own).await.problem(ProblemCode::NotFound);
    ada.get(&format!("/apps/{}", loan.id)).await.expect(200);
}

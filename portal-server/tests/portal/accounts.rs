//! Registering, confirming, signing in, refreshing, signing out, passwords, devices.

use playsheet_portal_server::{DAY_MS, MINUTE_MS, SECOND_MS};
use portal_api::{
    Confirmed, Device, LookIntoMailbox, PasswordChange, PasswordReset, Person, ProblemCode, ResetRequest,
    Tokens,
};

use crate::support::{Database, PASSWORD, TestApp, on_both_databases};

on_both_databases! {
    an_account_from_registration_to_signing_out
    refresh_tokens_rotate_and_reuse_ends_the_family
    many_refreshes_at_once_give_one_successor
    a_password_is_reset_once_and_in_time
}

async fn an_account_from_registration_to_signing_out(database: Database) {
    let app = TestApp::on(database).await;
    let visitor = app.visitor();
    visitor.register("Ada@Example.org", PASSWORD).await.json::<LookIntoMailbox>(202);
    visitor
        .try_sign_in("ada@example.org", "another password here")
        .await
        .problem(ProblemCode::WrongCredentials);
    let mut ada = visitor.sign_in("ada@example.org", PASSWORD).await;
    let me: Person = ada.get("/me").await.json(200);
    assert_eq!((me.email.as_str(), me.name.as_str(), me.confirmed), ("ada@example.org", "ada", false));

    let token = app.link("ada@example.org", "confirm").await;
    let confirmed: Confirmed = visitor.confirm(&token).await.json(200);
    assert_eq!(confirmed.email, "ada@example.org");
    assert!(ada.get("/me").await.json::<Person>(200).confirmed);
    visitor.confirm(&token).await.problem(ProblemCode::LinkUsed);
    visitor.confirm(&format!("{token}x")).await.problem(ProblemCode::LinkInvalid);

    let before = ada.session.tokens.access_token.clone();
    ada.refresh().await;
    assert_ne!(before, ada.session.tokens.access_token);
    app.clock.advance_ms(10 * MINUTE_MS + SECOND_MS);
    ada.get("/me").await.problem(ProblemCode::SignedOut);
    ada.refresh().await;
    ada.get("/me").await.expect(200);

    ada.delete("/sessions/current").await.expect(204);
    ada.get("/me").await.problem(ProblemCode::SignedOut);
    let tokens = &ada.session.tokens;
    visitor
        .refresh(&tokens.refresh_token, &ada.session.device_secret)
        .await
        .problem(ProblemCode::RefreshInvalid);
}

async fn refresh_tokens_rotate_and_reuse_ends_the_family(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let visitor = app.visitor();
    let secret = ada.session.device_secret.as_str();
    let first = ada.session.tokens.refresh_token.clone();

    let second: Tokens = visitor.refresh(&first, secret).await.json(200);
    assert_ne!(first, second.refresh_token);
    app.clock.advance_ms(29 * SECOND_MS);
    let again: Tokens = visitor.refresh(&first, secret).await.json(200);
    assert_eq!(again.refresh_token, second.refresh_token, "a lost answer is repeated, not replaced");
    let third: Tokens = visitor.refresh(&second.refresh_token, secret).await.json(200);

    // What the portal never made does nothing, however much it looks like a token of this family.
    let mut forged = third.refresh_token.clone();
    forged.replace_range(forged.len() - 4.., "AAAA");
    visitor.refresh(&forged, secret).await.problem(ProblemCode::RefreshInvalid);
    visitor.refresh(&third.refresh_token, secret).await.expect(200);

    // The third step is the one before the last now; after the time of grace it is a reuse.
    app.clock.advance_ms(31 * SECOND_MS);
    visitor.refresh(&third.refresh_token, secret).await.problem(ProblemCode::RefreshInvalid);
    let access = ada.visitor.request(reqwest::Method::GET, "/api/v1/me").bearer_auth(&third.access_token);
    crate::support::people::send(access).await.problem(ProblemCode::SignedOut);
    let mails = app.mails("ada@example.org").await;
    assert!(mails.last().unwrap().text.contains("Test device was signed out"), "the owner is told");

    // Right token, wrong device: somebody copied the token without the device's secret.
    let bob = app.person("bob@example.org").await;
    let token = &bob.session.tokens.refresh_token;
    visitor.refresh(token, secret).await.problem(ProblemCode::RefreshInvalid);
    visitor.refresh(token, &bob.session.device_secret).await.problem(ProblemCode::RefreshInvalid);
}

async fn many_refreshes_at_once_give_one_successor(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move {
                let token = &ada.session.tokens.refresh_token;
                ada.visitor.refresh(token, &ada.session.device_secret).await.json::<Tokens>(200).refresh_token
            })
        })
        .collect();
    let mut successors = Vec::new();
    for task in tasks {
        successors.push(task.await.unwrap());
    }
    successors.dedup();
    assert_eq!(successors.len(), 1);
    ada.visitor.refresh(&successors[0], &ada.session.device_secret).await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_ends_when_idle_and_a_family_in_any_case() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let idle = app.person("ada@example.org").await;
    let mut busy = visitor.sign_in("ada@example.org", PASSWORD).await;
    for _ in 0..8 {
        app.clock.advance_ms(22 * DAY_MS);
        busy.refresh().await;
    }
    let refused = visitor.refresh(&idle.session.tokens.refresh_token, &idle.session.device_secret).await;
    refused.problem(ProblemCode::RefreshInvalid);
    app.clock.advance_ms(5 * DAY_MS);
    let refused = visitor.refresh(&busy.session.tokens.refresh_token, &busy.session.device_secret).await;
    refused.problem(ProblemCode::RefreshInvalid);
}

async fn a_password_is_reset_once_and_in_time(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let visitor = app.visitor();
    let body = ResetRequest { email: "ada@example.org".to_owned() };
    let ask = || visitor.post("/password-resets", &body);
    let reset = |token: String, password: &str| {
        let body = PasswordReset { token, password: password.to_owned() };
        let visitor = visitor.clone();
        async move { visitor.post("/password-resets/complete", &body).await }
    };
    let new = "fresh unrelated words, four";

    ask().await.expect(202);
    let older = app.link("ada@example.org", "reset").await;
    ask().await.expect(202);
    let newer = app.link("ada@example.org", "reset").await;
    reset(older, new).await.problem(ProblemCode::LinkEnded);
    reset(newer.clone(), "short").await.problem(ProblemCode::WeakPassword);
    reset(newer.clone(), new).await.expect(204);
    reset(newer, new).await.problem(ProblemCode::LinkUsed);

    ada.get("/me").await.problem(ProblemCode::SignedOut);
    let refused = visitor.refresh(&ada.session.tokens.refresh_token, &ada.session.device_secret).await;
    refused.problem(ProblemCode::RefreshInvalid);
    visitor.try_sign_in("ada@example.org", PASSWORD).await.problem(ProblemCode::WrongCredentials);
    visitor.sign_in("ada@example.org", new).await;

    ask().await.expect(202);
    let late = app.link("ada@example.org", "reset").await;
    app.clock.advance_ms(DAY_MS);
    reset(late, PASSWORD).await.problem(ProblemCode::LinkEnded);
}

#[tokio::test]
async fn a_reset_proves_the_mailbox_and_so_confirms_the_address() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    visitor.register("ada@example.org", PASSWORD).await.expect(202);
    let confirm = app.link("ada@example.org", "confirm").await;
    visitor.post("/password-resets", &ResetRequest { email: "ada@example.org".to_owned() }).await.expect(202);
    let token = app.link("ada@example.org", "reset").await;
    let body = PasswordReset { token, password: "fresh unrelated words, four".to_owned() };
    visitor.post("/password-resets/complete", &body).await.expect(204);
    let ada = visitor.sign_in("ada@example.org", "fresh unrelated words, four").await;
    assert!(ada.session.person.confirmed);
    visitor.confirm(&confirm).await.problem(ProblemCode::LinkEnded);
}

#[tokio::test]
async fn known_and_unknown_addresses_cost_and_answer_the_same() {
    let app = TestApp::start().await;
    app.person("known@example.org").await;
    let visitor = app.visitor();
    let hashes = || app.app.portal().passwords.derivations();
    let mut measured = Vec::new();
    for email in ["known@example.org", "unknown@example.org"] {
        let before = hashes();
        let signed_in = visitor.try_sign_in(email, "never the right password").await;
        let sign_in_cost = hashes() - before;
        let asked = visitor.post("/password-resets", &ResetRequest { email: email.to_owned() }).await;
        let mut problem = signed_in.problem(ProblemCode::WrongCredentials);
        problem.request_id = None;
        measured.push((sign_in_cost, problem, asked.status, asked.body));
    }
    assert_eq!(measured[0], measured[1]);
    assert_eq!(measured[0].0, 1, "one derivation each");

    let mut measured = Vec::new();
    for email in ["known@example.org", "other@example.org"] {
        let before = hashes();
        let answer = visitor.register(email, PASSWORD).await;
        measured.push((hashes() - before, answer.status, answer.body));
    }
    assert_eq!(measured[0], measured[1]);
    assert_eq!(measured[0].0, 1);
    assert!(!app.data().join("mailbox").read_dir().unwrap().any(|file| {
        std::fs::read_to_string(file.unwrap().path()).unwrap().contains("unknown@example.org")
    }));
    let mails = app.mails("known@example.org").await;
    assert!(
        mails.iter().any(|mail| mail.text.contains("has an account already")),
        "the owner is told instead"
    );
    assert!(app.mails("unknown@example.org").await.is_empty(), "nobody gets a reset mail without account");
}

#[tokio::test]
async fn devices_are_seen_and_ended_by_their_owner_only() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let second = app.visitor().sign_in("ada@example.org", PASSWORD).await;
    let bob = app.person("bob@example.org").await;
    let devices: Vec<Device> = ada.get("/devices").await.json(200);
    assert_eq!(devices.len(), 2);
    assert_eq!(devices.iter().filter(|device| device.current).count(), 1);
    let path = format!("/devices/{}", second.session.device_id);
    bob.delete(&path).await.problem(ProblemCode::NotFound);
    second.get("/me").await.expect(200);
    ada.delete(&path).await.expect(204);
    second.get("/me").await.problem(ProblemCode::SignedOut);
    ada.delete(&path).await.problem(ProblemCode::NotFound);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let second = app.visitor().sign_in("ada@example.org", PASSWORD).await;
    let change = |current: &str, new: &str| PasswordChange {
        current_password: current.to_owned(),
        new_password: new.to_owned(),
    };
    let new = "fresh unrelated words, four";
    ada.put("/me/password", &change("a wrong password here", new))
        .await
        .problem(ProblemCode::WrongCredentials);
    ada.put("/me/password", &change(PASSWORD, "passwordpassword")).await.problem(ProblemCode::WeakPassword);
    second.get("/me").await.expect(200);
    ada.put("/me/password", &change(PASSWORD, new)).await.expect(204);
    ada.get("/me").await.expect(200);
    second.get("/me").await.problem(ProblemCode::SignedOut);
    app.visitor().sign_in("ada@example.org", new).await;
}

#[tokio::test]
async fn a_cheap_hash_is_renewed_at_sign_in() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let folder = app.stop().await;
    let mut config = playsheet_portal_server::Config::for_tests(folder.path().join("data"));
    config.passwords.iterations = 2_000;
    let dearer = playsheet_portal_server::build(config).await.unwrap();
    let portal = dearer.portal();
    let stored = async || {
        let email = playsheet_portal_server::domain::EmailAddress::parse("ada@example.org").unwrap();
        let ada = playsheet_portal_server::store::persons::by_email(portal.store.read(), &email)
            .await
            .unwrap()
            .unwrap();
        playsheet_portal_server::store::persons::credential(portal.store.read(), &ada.id)
            .await
            .unwrap()
            .unwrap()
    };
    assert!(stored().await.contains("i=1000,"));
    let listener = dearer.listen().await.unwrap();
    let visitor = crate::support::Visitor::new(&format!("http://{}", listener.local_addr().unwrap()));
    let signing_in = async { visitor.sign_in("ada@example.org", PASSWORD).await };
    tokio::select! {
        _ = signing_in => {}
        served = dearer.answer(listener, std::future::pending()) => served.unwrap(),
    }
    assert!(stored().await.contains("i=2000,"));
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_apart() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let send = |body: &'static str, kind: &'static str| {
        let request = visitor
            .request(reqwest::Method::POST, "/api/v1/sessions")
            .header("content-type", kind)
            .body(body);
        crate::support::people::send(request)
    };
    send("{\"email\":", "application/json").await.problem(ProblemCode::InvalidRequest);
    send("{\"email\":1,\"password\":\"x\"}", "application/json").await.problem(ProblemCode::InvalidRequest);
    send("{}", "text/plain").await.problem(ProblemCode::UnsupportedMedia);
    let huge = format!("{{\"email\":\"{}\"}}", "a".repeat(70_000));
    let request =
        visitor.request(reqwest::Method::POST, "/api/v1/sessions").header("content-type", "application/json");
    crate::support::people::send(request.body(huge)).await.problem(ProblemCode::TooLarge);
    visitor.register("not an address", PASSWORD).await.problem(ProblemCode::InvalidRequest);
    visitor.register("ada@example.org", "short").await.problem(ProblemCode::WeakPassword);
}

//! Limits: by address, by account, by size, by age of the player.

use portal_api::{NewInvitation, PLAYER_VERSION_HEADER, ProblemCode, ResetRequest, Role};
use reqwest::{Method, multipart::Form};

use crate::support::{
    Database, PASSWORD, TestApp, definition,
    people::{file, send},
};

#[tokio::test]
async fn one_address_is_slowed_down() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.address_burst = 5;
        config.limits.address_period_ms = 3_600_000;
    })
    .await;
    let visitor = app.visitor();
    for _ in 0..5 {
        visitor.get("/healthz").await.expect(200);
    }
    let problem = visitor.get("/healthz").await.problem(ProblemCode::RateLimited);
    assert!(problem.retry_after_s.is_some_and(|seconds| seconds > 3_000));
}

#[tokio::test]
async fn requests_with_credentials_are_slowed_down_earlier() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.credential_burst = 2;
        config.limits.credential_period_ms = 3_600_000;
    })
    .await;
    let visitor = app.visitor();
    for n in 0..2 {
        visitor.register(&format!("p{n}@example.org"), PASSWORD).await.expect(202);
    }
    let answer = visitor.register("p3@example.org", PASSWORD).await;
    assert!(answer.headers.contains_key("retry-after"));
    answer.problem(ProblemCode::RateLimited);
    visitor.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn tries_at_one_account_are_slowed_down_without_locking_it_for_good() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.account_burst = 3;
        config.limits.account_period_ms = 60_000;
    })
    .await;
    app.visitor().register("ada@example.org", PASSWORD).await.expect(202);
    let visitor = app.visitor();
    for _ in 0..3 {
        visitor
            .try_sign_in("ada@example.org", "a wrong password here")
            .await
            .problem(ProblemCode::WrongCredentials);
    }
    let before = app.app.portal().passwords.derivations();
    let refused = visitor.try_sign_in("ada@example.org", PASSWORD).await.problem(ProblemCode::RateLimited);
    assert_eq!(refused.retry_after_s, Some(60));
    assert_eq!(app.app.portal().passwords.derivations(), before, "no hash is computed for a refused try");
    visitor.try_sign_in("bob@example.org", PASSWORD).await.problem(ProblemCode::WrongCredentials);
    app.clock.advance_ms(60_000);
    visitor.sign_in("ada@example.org", PASSWORD).await;
}

#[tokio::test]
async fn one_account_is_guarded_against_many_addresses() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.trust_forwarded_for = true;
        config.limits.account_burst = 2;
    })
    .await;
    let visitor = app.visitor();
    let from = |n: usize| {
        let body = serde_json::json!({"email": "ada@example.org", "password": "a wrong password here"});
        let request = visitor.request(Method::POST, "/api/v1/sessions").json(&body);
        send(request.header("x-forwarded-for", format!("192.0.2.{n}")))
    };
    for n in 0..20 {
        from(n).await.problem(ProblemCode::WrongCredentials);
    }
    from(20).await.problem(ProblemCode::RateLimited);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_portals_own_user_may_read_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::start().await;
    let mode = |name: &str| app.data().join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("portal.sqlite"), mode("instance.key")], [0o600, 0o600]);
    assert_eq!([mode(""), mode("objects"), mode("mailbox")], [0o700, 0o700, 0o700]);
}

#[tokio::test]
async fn mails_that_one_person_causes_are_bounded() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.mail_burst = 3;
        config.limits.mailbox_burst = 3;
    })
    .await;
    let visitor = app.visitor();
    let body = ResetRequest { email: "ada@example.org".to_owned() };
    let ask = || visitor.post("/password-resets", &body);
    for _ in 0..3 {
        ask().await.expect(202);
    }
    ask().await.problem(ProblemCode::RateLimited);
    let bob = app.person("bob@example.org").await;
    let loan = bob.publish("Loan", "x").await;
    let path = format!("/apps/{}/invitations", loan.id);
    for n in 0..4 {
        let body = NewInvitation { email: format!("p{n}@example.org"), role: Role::Viewer };
        let answer = bob.post(&path, &body).await;
        if n < 3 {
            answer.expect(201);
        } else {
            answer.problem(ProblemCode::RateLimited);
        }
    }
}

#[tokio::test]
async fn uploads_are_bounded() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.upload_bytes = 200_000;
        config.limits.definition_bytes = 10_000;
    })
    .await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", &"x".repeat(190_000)).await;
    ada.update_spreadsheet(loan.id, &"x".repeat(197_000)).await.expect(200);
    ada.update_spreadsheet(loan.id, &"x".repeat(210_000)).await.problem(ProblemCode::TooLarge);
    ada.update_spreadsheet(loan.id, &"x".repeat(900_000)).await.problem(ProblemCode::TooLarge);
    let form =
        Form::new().text("definition", definition("Loan")).part("spreadsheet", file(&"x".repeat(900_000)));
    ada.post_form(form).await.problem(ProblemCode::TooLarge);
    ada.update_definition(loan.id, definition(&"x".repeat(11_000))).await.problem(ProblemCode::TooLarge);
}

#[tokio::test]
async fn a_player_that_is_too_old_is_told_so() {
    let app = TestApp::with(Database::Sqlite, |config| config.min_player = "1.10.0".to_owned()).await;
    let visitor = app.visitor();
    for (version, served) in [("1.9.9", false), ("1.10.0", true), ("2.0.0-beta", true), ("nonsense", false)] {
        let request = visitor.request(Method::GET, "/api/v1/portal").header(PLAYER_VERSION_HEADER, version);
        let answer = send(request).await;
        if served {
            answer.expect(200);
        } else {
            assert!(answer.problem(ProblemCode::PlayerTooOld).detail.contains("1.10.0"));
        }
    }
    visitor.get("/api/v1/portal").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_sign_ins_than_places_are_told_to_come_back() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.hash_queue = 1;
        // Dear enough that the requests meet.
        config.passwords.iterations = 300_000;
    })
    .await;
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let visitor = app.visitor();
            tokio::spawn(async move {
                visitor.try_sign_in(&format!("p{n}@example.org"), "some password or other").await
            })
        })
        .collect();
    let (mut busy, mut answered) = (0, 0);
    for task in tasks {
        let answer = task.await.unwrap();
        if answer.status == 429 {
            assert!(answer.headers.contains_key("retry-after"));
            answer.problem(ProblemCode::Busy);
            busy += 1;
        } else {
            answer.problem(ProblemCode::WrongCredentials);
            answered += 1;
        }
    }
    assert!(busy > 0 && answered > 0, "{busy} busy, {answered} answered");
    assert_eq!(app.app.portal().passwords.derivations(), answered);
}

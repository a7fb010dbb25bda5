//! No secret reaches the log, the audit log, or the disk in clear.

use portal_api::{ProblemCode, Ticket};

use crate::support::{PASSWORD, TestApp, app::Log, definition, every_file};

#[tokio::test]
async fn no_secret_is_logged_or_stored_in_clear() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let password = "canary-password-81-of-ada";
    let content = "canary-content-93-of-a-cell";
    visitor.register("canary-ada@example.org", password).await.expect(202);
    let confirm = app.link("canary-ada@example.org", "confirm").await;
    visitor.confirm(&confirm).await.expect(200);
    visitor
        .try_sign_in("canary-ada@example.org", "canary-wrong-password-77")
        .await
        .problem(ProblemCode::WrongCredentials);
    let mut ada = visitor.sign_in("canary-ada@example.org", password).await;
    let first = ada.session.tokens.clone();
    ada.refresh().await;
    let body = portal_api::ResetRequest { email: "canary-ada@example.org".to_owned() };
    visitor.post("/password-resets", &body).await.expect(202);
    let reset = app.link("canary-ada@example.org", "reset").await;
    let loan = ada.publish("Loan", content).await;
    ada.update_definition(loan.id, definition("canary-title-55")).await.expect(200);
    let bob = app.person("canary-bob@example.org").await;
    ada.invite(loan.id, "canary-bob@example.org", portal_api::Role::Viewer).await;
    let invite = app.link("canary-bob@example.org", "invite").await;
    visitor.get(&format!("/links/invite?token={invite}")).await.expect(200);
    bob.accept(&invite).await.expect(200);
    let ticket: Ticket = bob.ticket(loan.id).await.json(201);
    bob.fetch(&ticket).await;
    let opened =
        visitor.form("/sign-in", &[("email", "canary-ada@example.org"), ("password", password)], None).await;
    let cookie = opened.headers["set-cookie"].to_str().unwrap().split([';', '=']).nth(1).unwrap().to_owned();

    let secrets = [
        ("password", password.to_owned()),
        ("wrong password", "canary-wrong-password-77".to_owned()),
        ("access token", first.access_token.clone()),
        ("later access token", ada.session.tokens.access_token.clone()),
        ("refresh token", first.refresh_token.clone()),
        ("later refresh token", ada.session.tokens.refresh_token.clone()),
        ("device secret", ada.session.device_secret.clone()),
        ("confirmation token", confirm),
        ("reset token", reset),
        ("invitation token", invite),
        ("ticket", ticket.url.rsplit('/').next().unwrap().to_owned()),
        ("object key", ticket.key.clone()),
        ("cookie", cookie),
        ("cell content", content.to_owned()),
    ];
    let log = Log::text();
    assert!(log.contains("answered") && log.contains("/api/v1/objects/{ticket}"), "the log is the real one");
    for (name, secret) in &secrets {
        assert!(!log.contains(secret.as_str()), "{name} is in the log");
    }
    for address in ["canary-ada@example.org", "canary-bob@example.org"] {
        assert!(!log.contains(address), "a mail address is in the log");
    }
    let folder = app.stop().await;
    let mut files = 0;
    every_file(&folder.path().join("data"), &mut |path, bytes| {
        if path.components().any(|part| part.as_os_str() == "mailbox") {
            return;
        }
        files += 1;
        for (name, secret) in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{name} is in {}", path.display());
        }
    });
    assert!(files >= 3, "database, key and objects were looked at");
    assert_ne!(password, PASSWORD);
}

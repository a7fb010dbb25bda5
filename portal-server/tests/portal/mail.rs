//! The outbox: mails leave once, are tried again, given up at last; what stands in them.

use playsheet_portal_server::{Config, MINUTE_MS, MailTls, MailTransport, store::entities::outbox};
use portal_api::Registration;
use sea_orm::EntityTrait;

use crate::support::{Database, PASSWORD, TestApp, mail::Mail, on_both_databases, smtp::SmtpServer};

on_both_databases! {
    a_mail_that_is_not_taken_is_tried_again
}

async fn by_smtp(database: Database, server: &SmtpServer, change: impl FnOnce(&mut Config)) -> TestApp {
    let port = server.port;
    TestApp::with(database, |config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.tls = MailTls::None;
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.port = port;
        change(config);
    })
    .await
}

async fn rows(app: &TestApp) -> Vec<outbox::Model> {
    outbox::Entity::find().all(app.app.portal().store.read()).await.unwrap()
}

async fn a_mail_that_is_not_taken_is_tried_again(database: Database) {
    let server = SmtpServer::start().await;
    let app = by_smtp(database, &server, |_| {}).await;
    app.visitor().register("ada@example.org", PASSWORD).await.expect(202);
    server.refuse(2, 451);
    assert_eq!(app.deliver().await, 0);
    assert_eq!(app.deliver().await, 0, "not before its time");
    let row = rows(&app).await.pop().unwrap();
    assert_eq!((row.tries, row.sent_ms, row.failed_ms), (1, None, None));
    assert!(!row.last_error.unwrap().contains("secret-words"), "the server's words are not kept");
    app.clock.advance_ms(31_000);
    assert_eq!(app.deliver().await, 0);
    app.clock.advance_ms(31_000);
    assert_eq!(app.deliver().await, 0, "the wait doubles");
    app.clock.advance_ms(31_000);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(app.deliver().await, 0, "a mail leaves once");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    let mail = Mail::parse(&mails[0]);
    assert_eq!(mail.field("To"), Some("ada@example.org"));
    assert!(mail.text.contains(&format!("{}/links/confirm?token=", app.url)));
    let row = rows(&app).await.pop().unwrap();
    assert!(row.tries == 3 && row.sent_ms.is_some() && row.last_error.is_none());
}

#[tokio::test]
async fn a_mail_is_given_up_at_last() {
    let server = SmtpServer::start().await;
    let app = by_smtp(Database::Sqlite, &server, |config| config.mail.tries = 3).await;
    app.visitor().register("ada@example.org", PASSWORD).await.expect(202);
    server.refuse(usize::MAX, 451);
    for _ in 0..5 {
        assert_eq!(app.deliver().await, 0);
        app.clock.advance_ms(60 * MINUTE_MS);
    }
    let row = rows(&app).await.pop().unwrap();
    assert!(row.tries == 3 && row.failed_ms.is_some());
    // Refused for good: not tried again.
    server.refuse(1, 550);
    app.visitor().register("bob@example.org", PASSWORD).await.expect(202);
    app.deliver().await;
    let row = rows(&app).await.into_iter().find(|row| row.recipient == "bob@example.org").unwrap();
    assert!(row.tries == 1 && row.failed_ms.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_at_once_send_each_mail_once() {
    let app = TestApp::start().await;
    for n in 0..10 {
        app.visitor().register(&format!("p{n}@example.org"), PASSWORD).await.expect(202);
    }
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let portal = app.app.clone();
            tokio::spawn(async move { portal.deliver_mail().await.unwrap() })
        })
        .collect();
    let mut carried = 0;
    for task in tasks {
        carried += task.await.unwrap();
    }
    assert_eq!(carried, 10);
    assert_eq!(app.data().join("mailbox").read_dir().unwrap().count(), 10);
}

#[tokio::test]
async fn names_cannot_write_into_the_head_or_the_markup() {
    let app = TestApp::start().await;
    let name = "Ada\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>";
    let body = Registration {
        email: "ada@example.org".to_owned(),
        password: PASSWORD.to_owned(),
        name: name.to_owned(),
    };
    app.visitor().post("/accounts", &body).await.expect(202);
    let confirm = app.link("ada@example.org", "confirm").await;
    app.visitor().confirm(&confirm).await.expect(200);
    let ada = app.visitor().sign_in("ada@example.org", PASSWORD).await;
    let loan = ada.publish("Loan&#10;Cc: all@example.org&lt;img src=x&gt;", "figures").await;
    ada.invite(loan.id, "bob@example.org", portal_api::Role::Viewer).await;
    let mail = app.mails("bob@example.org").await.pop().unwrap();
    for field in ["Bcc", "Cc"] {
        assert_eq!(mail.field(field), None, "{}", mail.head);
    }
    assert!(mail.field("Subject").unwrap().contains("invites you to"), "{}", mail.head);
    assert!(!mail.html.contains("<script") && !mail.html.contains("<img"), "{}", mail.html);
    assert!(mail.html.contains("&#60;script&#62;") || mail.html.contains("&lt;script&gt;"), "{}", mail.html);
}

#[tokio::test]
async fn the_database_holds_no_token_of_a_mail() {
    let app = TestApp::start().await;
    app.visitor().register("ada@example.org", PASSWORD).await.expect(202);
    let row = rows(&app).await.pop().unwrap();
    let token = app.link("ada@example.org", "confirm").await;
    assert!(!row.details.contains(&token) && !row.details.contains("eyJ"), "{}", row.details);
}

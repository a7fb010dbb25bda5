//! Spreadsheets that do not live in the portal, and apps with several of them.

use portal_api::{AppSummary, NewAddress, ProblemCode, SourceAuth, SourceKind};
use reqwest::{Method, multipart::Form};
use tokio::net::TcpListener;

use crate::support::{
    TestApp, definition,
    people::{file, send},
};

#[tokio::test]
async fn the_portal_stores_an_address_and_never_asks_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let canary = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/loan.xlsx", canary.local_addr().unwrap());
    let form = Form::new()
        .text("definition", definition("Loan"))
        .text("source_url", url.clone())
        .text("source_auth", "basic");
    let loan: AppSummary = ada.post_form(form).await.json(201);
    let source = &loan.sources[0];
    assert_eq!((source.kind, source.url.as_deref()), (SourceKind::Http, Some(url.as_str())));
    assert_eq!((source.auth, &source.etag), (Some(SourceAuth::Basic), &None));
    ada.ticket(loan.id).await.problem(ProblemCode::SourceInvalid);
    ada.sync().await;
    ada.update_definition(loan.id, definition("Loan 2")).await.expect(200);
    let kept: AppSummary = ada.get(&format!("/apps/{}", loan.id)).await.json(200);
    assert_eq!(
        kept.sources[0].url.as_deref(),
        Some(url.as_str()),
        "the address stays while the definition changes"
    );
    app.deliver().await;
    // Nobody has come: a connection would be waiting to be accepted.
    let came = tokio::time::timeout(std::time::Duration::from_millis(50), canary.accept()).await;
    assert!(came.is_err(), "the portal asked the address");
}

#[tokio::test]
async fn addresses_are_judged_by_their_text() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let path = format!("/apps/{}/sources/main", loan.id);
    let to = |url: &str| NewAddress { url: url.to_owned(), auth: SourceAuth::None, note: String::new() };
    for bad in [
        "file:///etc/passwd",
        "ftp://files.example/x.xlsx",
        "javascript:alert(1)",
        "//files.example/x.xlsx",
        "https://ada:secret@files.example/x.xlsx",
        "https://",
        "not an address",
        "",
    ] {
        ada.put(&path, &to(bad)).await.problem(ProblemCode::SourceInvalid);
    }
    ada.put(&path, &to(&format!("https://x.example/{}", "a".repeat(3_000))))
        .await
        .problem(ProblemCode::SourceInvalid);
    let unknown = serde_json::json!({"url": "https://files.example/x.xlsx", "auth": "ntlm"});
    ada.put(&path, &unknown).await.problem(ProblemCode::SourceInvalid);
    let moved: AppSummary = ada.put(&path, &to("https://files.example/loan.xlsx")).await.json(200);
    assert_eq!((moved.version, moved.sources[0].kind), (2, SourceKind::Http));
    ada.put(&format!("/apps/{}/sources/other", loan.id), &to("https://x.example/"))
        .await
        .problem(ProblemCode::SourceInvalid);
}

#[tokio::test]
async fn an_app_may_have_several_spreadsheets() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let document = "<app xmlns=\"urn:playsheet:app:1\"><meta><name>Quote</name></meta>\
        <source id=\"quote\"/><source id=\"prices\" provider=\"http\" url=\"https://files.example/prices.xlsx\"/><layout/></app>";
    let form = || Form::new().text("definition", document);
    ada.post_form(form()).await.problem(ProblemCode::SpreadsheetInvalid);
    ada.post_form(form().part("spreadsheet:other", file("x"))).await.problem(ProblemCode::SourceInvalid);
    let two = form().part("spreadsheet:quote", file("x")).part("spreadsheet:quote", file("y"));
    ada.post_form(two).await.problem(ProblemCode::InvalidRequest);
    let quote: AppSummary = ada.post_form(form().part("spreadsheet:quote", file("figures"))).await.json(201);
    let kinds: Vec<_> = quote.sources.iter().map(|source| (source.id.to_string(), source.kind)).collect();
    assert_eq!(kinds, [("prices".to_owned(), SourceKind::Http), ("quote".to_owned(), SourceKind::Hosted)]);
    let ticket = ada.request(Method::POST, &format!("/apps/{}/sources/quote/ticket", quote.id));
    send(ticket).await.expect(201);
    let ticket = ada.request(Method::POST, &format!("/apps/{}/sources/nothing/ticket", quote.id));
    send(ticket).await.problem(ProblemCode::NotFound);
}

//! Drafts and the person at the browser: signing out forgets them, and they are written in that person's way.

use portal_api::ProblemCode;
use reqwest::Method;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use crate::support::{
    PASSWORD, TestApp,
    browser::{Browser, id_of, of_role, workbook},
    people::send,
};

/// What a signed-in browser has after it uploaded a spreadsheet: its draft's path.
async fn draft(browser: &mut Browser<'_>, email: &str) -> String {
    browser.sign_in(email).await;
    let id = id_of(&browser.upload(workbook("Calc", "A", "B"), "a.xlsx").await);
    format!("/api/v1/creations/{id}")
}

#[tokio::test]
async fn signing_out_forgets_the_drafts_of_this_browser() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let mut elsewhere = Browser::new(&app);
    let kept = draft(&mut elsewhere, "ada@example.org").await;
    let new = "other unrelated words";
    let passwords = [("current", PASSWORD), ("password", new)];
    for (path, fields) in [
        ("/sign-out", &[][..]),
        ("/account/sign-out-everywhere", &[][..]),
        // Last, because from here on the password is another.
        ("/account/password", &passwords[..]),
    ] {
        let mut browser = Browser::new(&app);
        let path_of_draft = draft(&mut browser, "ada@example.org").await;
        let cookies = browser.cookies.clone();
        assert_eq!(cookies.len(), 2, "signed in, and a session for drafts");
        let answer = browser.form(path, fields).await;
        answer.expect(200);
        assert!(answer.text().contains("is forgotten"), "{path}: {}", answer.text());
        browser.keep(&answer);
        assert!(browser.cookies.is_empty(), "{path}: both cookies are taken back");
        // Not even who kept the cookies finds anything.
        browser.cookies = cookies;
        browser.get(&path_of_draft).await.problem(ProblemCode::NotFound);
        assert_eq!(app.app.portal().creations.len(), 1, "{path}: the draft of the other browser stays");
    }
    elsewhere.get(&kept).await.expect(200);
    let without = app.visitor().form("/sign-out", &[], None).await;
    assert!(!without.text().contains("is forgotten"), "nothing to forget, nothing said");
}

/// A workbook that divides a weight.
fn weight() -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write(0, 0, "Body weight").unwrap();
    page.write_with_format(0, 1, 75.5, &Format::new().set_unlocked()).unwrap();
    page.write(1, 0, "Body mass index").unwrap();
    page.write_formula(1, 1, "=B1/1.8^2").unwrap();
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn the_preview_is_written_and_read_as_the_browser_asks() {
    let app = TestApp::start().await;
    for (languages, before, typed, after) in [
        ("", "23.30", "82.5", "25.46"),
        ("de-DE,de;q=0.9,en;q=0.8", "23,30", "82,5", "25,46"),
        ("tlh, de-CH;q=0.3", "23.30", "82.5", "25.46"),
    ] {
        let mut browser = Browser::new(&app);
        browser.languages = languages;
        let id = id_of(&browser.upload(weight(), "bmi.xlsx").await);
        let path = format!("/api/v1/creations/{id}");
        let state: Value = browser.get(&path).await.json(200);
        let input = of_role(&state, "input")[0]["id"].as_str().unwrap().to_owned();
        let view = format!("{path}/view");
        let shows = async |browser: &Browser<'_>, figure: &str| {
            let html = send(browser.request(Method::GET, &view).header("accept", "text/html")).await.text();
            assert!(html.contains(figure), "{languages}: {figure}: {html}");
            let page = browser.get(&format!("/create/{id}?step=adjust")).await.text();
            assert!(page.contains(figure), "{languages}: {figure} on the page");
        };
        shows(&browser, before).await;
        let act = json!({ "act": "type", "id": input, "text": typed });
        browser.json(Method::POST, &view, &act).await.expect(200);
        shows(&browser, after).await;
        // What was typed means the same, whatever is asked for later.
        browser.languages = "ja-JP";
        shows(&browser, after).await;
    }
}

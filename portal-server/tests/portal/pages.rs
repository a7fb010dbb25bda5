//! The pages that mails lead to, and browser sessions.

use playsheet_portal_server::MINUTE_MS;
use portal_api::{AppSummary, Page, Person, ProblemCode, ResetRequest, Role};
use reqwest::Method;

use crate::support::{Database, PASSWORD, TestApp, people::send};

fn cookie(answer: &crate::support::Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn opening_the_confirmation_link_changes_nothing_the_button_does() {
    let app = TestApp::start().await;
    let ada = app.unconfirmed("ada@example.org").await;
    let token = app.link("ada@example.org", "confirm").await;
    let page = app.visitor().get(&format!("/links/confirm?token={token}")).await;
    page.expect(200);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.text().contains("<form method=\"post\" action=\"/links/confirm\">"));
    assert!(!ada.get("/me").await.json::<Person>(200).confirmed);
    app.visitor().form("/links/confirm", &[("token", &token)], None).await.expect(200);
    assert!(ada.get("/me").await.json::<Person>(200).confirmed);
    let again = app.visitor().form("/links/confirm", &[("token", &token)], None).await;
    again.expect(410);
    app.visitor().get(&format!("/links/confirm?token={token}")).await.expect(410);
    app.visitor().get("/links/confirm?token=%3Cscript%3E").await.expect(401);
    app.visitor().get("/links/confirm").await.expect(401);
}

#[tokio::test]
async fn a_password_is_reset_on_a_page() {
    let app = TestApp::start().await;
    app.person("ada@example.org").await;
    let visitor = app.visitor();
    visitor.post("/password-resets", &ResetRequest { email: "ada@example.org".to_owned() }).await.expect(202);
    let token = app.link("ada@example.org", "reset").await;
    visitor.get(&format!("/links/reset?token={token}")).await.expect(200);
    let weak = visitor.form("/links/reset", &[("token", &token), ("password", "short")], None).await;
    weak.expect(422);
    assert!(weak.text().contains("role=\"alert\"") && weak.text().contains("name=\"password\""));
    let new = "fresh unrelated words, four";
    visitor.form("/links/reset", &[("token", &token), ("password", new)], None).await.expect(200);
    visitor.sign_in("ada@example.org", new).await;
}

#[tokio::test]
async fn an_invitation_is_accepted_in_a_browser() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    let path = format!("/links/invite?token={token}");
    let visitor = app.visitor();
    let page = visitor.get(&path).await;
    assert!(page.text().contains("/sign-in?next="));
    assert!(page.text().contains("invites you to the app Loan."), "{}", page.text());
    visitor.form("/links/invite", &[("token", &token)], None).await.expect(401);

    let wrong = visitor
        .form("/sign-in", &[("email", "bob@example.org"), ("password", "wrong password here")], None)
        .await;
    wrong.expect(401);
    assert!(!wrong.headers.contains_key("set-cookie"));
    let fields = [("email", "bob@example.org"), ("password", PASSWORD), ("next", path.as_str())];
    let signed_in = visitor.form("/sign-in", &fields, None).await;
    signed_in.expect(303);
    assert_eq!(signed_in.headers["location"], path.as_str());
    let set = signed_in.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    let cookie = cookie(&signed_in);
    let page = send(visitor.request(Method::GET, &path).header("cookie", &cookie)).await;
    assert!(page.text().contains("bob@example.org") && page.text().contains("Accept invitation"));
    visitor.form("/links/invite", &[("token", &token)], Some(&cookie)).await.expect(200);
    assert_eq!(bob.get("/apps").await.json::<Page<AppSummary>>(200).items.len(), 1);
    // A browser's cookie opens pages, not the interface.
    send(visitor.request(Method::GET, "/api/v1/me").header("cookie", &cookie)).await.expect(401);

    visitor.form("/sign-out", &[], Some(&cookie)).await.expect(200);
    let after = send(visitor.request(Method::GET, "/links/invite?token=x").header("cookie", &cookie)).await;
    after.expect(401);
    visitor.form("/links/invite", &[("token", &token)], Some(&cookie)).await.expect(401);
}

#[tokio::test]
async fn browser_sessions_end_when_idle_and_in_any_case() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.invite(loan.id, "bob@example.org", Role::Viewer).await;
    let token = app.link("bob@example.org", "invite").await;
    app.person("bob@example.org").await;
    let visitor = app.visitor();
    let fields = [("email", "bob@example.org"), ("password", PASSWORD)];
    let shows_name = async |cookie: &str| {
        let request =
            visitor.request(Method::GET, &format!("/links/invite?token={token}")).header("cookie", cookie);
        send(request).await.text().contains("bob@example.org")
    };
    let idle = cookie(&visitor.form("/sign-in", &fields, None).await);
    assert!(shows_name(&idle).await);
    app.clock.advance_ms(31 * MINUTE_MS);
    assert!(!shows_name(&idle).await);
    let busy = cookie(&visitor.form("/sign-in", &fields, None).await);
    for _ in 0..28 {
        app.clock.advance_ms(25 * MINUTE_MS);
        assert!(shows_name(&busy).await);
    }
    app.clock.advance_ms(25 * MINUTE_MS);
    assert!(!shows_name(&busy).await, "after twelve hours");
}

#[tokio::test]
async fn people_see_refusals_as_pages_and_programs_as_documents() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.limits.address_burst = 30;
        config.limits.address_period_ms = 3_600_000;
    })
    .await;
    let visitor = app.visitor();
    let get =
        |path: &str, accept: &'static str| send(visitor.request(Method::GET, path).header("accept", accept));
    for (path, status, onward) in [
        ("/nowhere", 404, "href=\"/\""),
        ("/create/nothing", 404, "href=\"/create\""),
        ("/apps/nothing", 404, "href=\"/\""),
        ("/account?done=a&done=b", 400, "href=\"/\""),
        ("/links/reset?token=x", 401, "href=\"/apps\""),
    ] {
        let page = get(path, "text/html,*/*;q=0.8").await;
        page.expect(status);
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        assert!(page.headers.contains_key("content-security-policy"), "{path}");
        assert!(page.text().contains("<h1>") && page.text().contains(onward), "{path}: {}", page.text());
    }
    get("/nowhere", "*/*").await.problem(ProblemCode::NotFound);
    get("/api/v1/nowhere", "text/html").await.problem(ProblemCode::NotFound);
    for _ in 0..30 {
        get("/", "text/html").await;
    }
    let slowed = get("/", "text/html").await;
    slowed.expect(429);
    assert!(
        slowed.headers.contains_key("retry-after") && slowed.text().contains("<h1>Too many requests</h1>")
    );
}

#[tokio::test]
async fn what_was_typed_stays_when_a_form_is_refused_but_for_passwords() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let typed = [("name", "Ada \"A\" L"), ("email", "ada@example.org"), ("password", "short-secret")];
    for path in ["/sign-up", "/sign-in", "/forgot"] {
        let fields = if path == "/forgot" { &[("email", "ada@ex ample")][..] } else { &typed[..] };
        let page = visitor.form(path, fields, None).await;
        assert!(page.status.is_client_error(), "{path}");
        let text = page.text();
        assert!(text.contains("role=\"alert\""), "{path}");
        let kept = if path == "/forgot" { "value=\"ada@ex ample\"" } else { "value=\"ada@example.org\"" };
        assert!(text.contains(kept), "{path}: {text}");
        assert!(!text.contains("short-secret"), "{path}: {text}");
    }
    let page = visitor.form("/sign-up", &typed, None).await.text();
    assert!(page.contains("Ada &#34;A&#34; L"), "{page}");
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let post = |headers: &[(&str, String)]| {
        let mut request = visitor
            .request(Method::POST, "/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("email=ada%40example.org&password=x");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        send(request)
    };
    for (headers, own) in [
        (vec![("sec-fetch-site", "cross-site".to_owned())], false),
        (vec![("sec-fetch-site", "same-site".to_owned())], false),
        (vec![("sec-fetch-site", "none".to_owned())], false),
        (vec![("sec-fetch-site", "cross-site".to_owned()), ("origin", app.url.clone())], false),
        (vec![("origin", "https://evil.example".to_owned())], false),
        (vec![("origin", "null".to_owned())], false),
        (vec![], false),
        (vec![("sec-fetch-site", "same-origin".to_owned())], true),
        (vec![("origin", app.url.clone())], true),
    ] {
        let answer = post(&headers).await;
        assert_eq!(answer.status.as_u16(), if own { 401 } else { 403 }, "{headers:?}");
    }
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let app = TestApp::with(Database::Sqlite, |config| {
        config.base_url = Some("https://portal.example/".parse().unwrap());
    })
    .await;
    app.visitor().register("ada@example.org", PASSWORD).await.expect(202);
    let fields = [("email", "ada@example.org"), ("password", PASSWORD)];
    let answer = app.visitor().form("/sign-in", &fields, None).await;
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        set.starts_with("__Host-playsheet=") && set.contains("; Secure") && !set.contains("Domain"),
        "{set}"
    );
    assert!(answer.headers.contains_key("strict-transport-security"));
    let mail = app.mails("ada@example.org").await.pop().unwrap();
    assert!(mail.text.contains("https://portal.example/links/confirm?token="));
}

//! What the interface looks like from outside: its description, its headers, its refusals.

use std::collections::BTreeSet;

use playsheet_portal_server::routes;
use portal_api::{Health, PortalInfo, ProblemCode};
use reqwest::Method;
use serde_json::Value;

use crate::support::{TestApp, people::send};

#[tokio::test]
async fn the_description_and_the_table_name_the_same_routes() {
    let app = TestApp::start().await;
    let document: Value = app.visitor().get("/api/v1/openapi.json").await.json(200);
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let table: BTreeSet<_> =
        routes::table().iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    assert_eq!(described, table);
    // Every reference inside the document leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    assert!(document["components"]["securitySchemes"]["access"].is_object());
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/api/v1/me", "/sign-in", "/nowhere", "/api/v1/nowhere"] {
        let answer = app.visitor().get(path).await;
        for (name, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("content-security-policy", "default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert!(answer.headers[name].to_str().unwrap().contains(part), "{path} {name}");
        }
        assert_eq!(answer.headers["x-request-id"].len(), 32);
        assert!(!answer.headers.contains_key("strict-transport-security"), "not in clear");
    }
}

#[tokio::test]
async fn a_request_id_of_the_client_is_not_taken_over() {
    let app = TestApp::start().await;
    let request =
        app.visitor().request(Method::GET, "/healthz").header("x-request-id", "chosen by the client");
    assert_ne!(send(request).await.headers["x-request-id"], "chosen by the client");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    visitor.get("/api/v1/nothing").await.problem(ProblemCode::NotFound);
    visitor.get("/../../etc/passwd").await.problem(ProblemCode::NotFound);
    let patch = visitor.request(Method::PATCH, "/api/v1/me");
    send(patch).await.problem(ProblemCode::MethodNotAllowed);
}

#[tokio::test]
async fn the_portal_says_what_it_is_and_that_it_is_well() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let info: PortalInfo = visitor.get("/api/v1/portal").await.json(200);
    assert_eq!((info.lease_key.algorithm.as_str(), info.min_player.as_str()), ("Ed25519", "0.1.0"));
    let health = Health { status: "ok".to_owned() };
    assert_eq!(visitor.get("/healthz").await.json::<Health>(200), health);
    assert_eq!(visitor.get("/readyz").await.json::<Health>(200), health);
    // Without its database it is alive but not ready.
    app.app.portal().store.clone().close().await.unwrap();
    visitor.get("/healthz").await.expect(200);
    let health: Health = visitor.get("/readyz").await.json(503);
    assert_eq!(health.status, "database does not answer");
    visitor.try_sign_in("ada@example.org", "some password or other").await.problem(ProblemCode::Unavailable);
}

//! Signing in and out in a browser.

use axum::{
    Form as Posted,
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::ProblemCode;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    PageActor, cookies,
    shown::{Field, Form, Step, page, refused, way},
};
use crate::{
    accounts::{self, SignInRequest},
    creation::{BrowserSession, forget_cookie},
    domain::EmailAddress,
    http::extract::ClientAddress,
    portal::Portal,
    refusal::Refusal,
};

/// Where to go after signing in.
#[derive(Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

fn step<'a>(next: &'a str, email: &'a str, problem: Option<String>) -> Step<'a> {
    Step {
        title: "Sign in",
        sentences: Vec::new(),
        problem,
        form: Some(Form {
            action: "/sign-in",
            carried: vec![("next", next)],
            fields: vec![Field::mail(email), Field::password()],
            button: "Sign in",
        }),
        onward: vec![way("Create an account", "/sign-up"), way("Forgot password?", "/forgot")],
    }
}

/// Asks for address and password.
pub async fn show(query: Result<Query<Next>, axum::extract::rejection::QueryRejection>) -> Response {
    let next = query.map(|Query(next)| next.next).unwrap_or_default();
    page(StatusCode::OK, &step(local(&next), "", None))
}

/// A path on this portal, or the sign-in page itself; never another site.
fn local(next: &str) -> &str {
    let plain = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if plain { next } else { "" }
}

/// Address and password.
#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs the browser in.
pub async fn sign_in(
    State(portal): State<Portal>,
    ClientAddress(address): ClientAddress,
    form: Result<Posted<Credentials>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Ok(Posted(Credentials { email, password, next })) = form else {
        return refused(&Refusal::invalid("The form cannot be read. Open the page again."));
    };
    let opened = match EmailAddress::parse(&email) {
        Ok(account) => {
            let request = SignInRequest {
                email: account,
                password: SecretString::from(password),
                address: Some(address),
            };
            accounts::open_page(&portal, &request).await
        }
        Err(refusal) => Err(refusal),
    };
    match opened {
        Ok(cookie) => signed_in(&portal, &cookie, local(&next)),
        Err(refusal) if refusal.code == ProblemCode::Internal => refused(&refusal),
        Err(refusal) => page(refusal.status(), &step(local(&next), &email, Some(refusal.detail))),
    }
}

fn signed_in(portal: &Portal, cookie: &str, next: &str) -> Response {
    let next = if next.is_empty() { "/apps" } else { next };
    let mut response = match HeaderValue::from_str(next) {
        Ok(next) => (StatusCode::SEE_OTHER, [(header::LOCATION, next)]).into_response(),
        Err(_) => return refused(&Refusal::invalid("The way on cannot be read.")),
    };
    if let Some(cookie) = cookies::set(portal, cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Signs the browser out.
pub async fn sign_out(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
) -> Response {
    let answer = signed_out(&portal, &session, "Signed out", "You are signed out.");
    match &page_actor.cookie {
        Some(cookie) => match accounts::sign_out_page(&portal, cookie).await {
            Ok(()) => answer,
            Err(refusal) => refused(&refusal),
        },
        None => answer,
    }
}

/// Says that somebody is signed out, and takes from the browser what it had: the cookies, and the drafts of its
/// session. Whoever sits down there next finds nothing.
pub fn signed_out(portal: &Portal, session: &BrowserSession, title: &str, sentence: &str) -> Response {
    let mut sentences = vec![sentence.to_owned()];
    let had_drafts =
        session.hash.as_ref().is_some_and(|hash| portal.creations.forget_session(hash, portal.now_ms()));
    if had_drafts {
        sentences.push("What was not published in this browser is forgotten.".to_owned());
    }
    let step = Step { title, sentences, onward: vec![way("Sign in", "/sign-in")], ..Step::default() };
    let mut response = page(StatusCode::OK, &step);
    let drafts = session.hash.as_ref().and_then(|_| forget_cookie(portal));
    for cookie in [cookies::clear(portal), drafts].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn the_way_on_stays_on_this_portal() {
        assert_eq!(local("/links/invite?token=a.b-c"), "/links/invite?token=a.b-c");
        for away in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nb",
        ] {
            assert_eq!(local(away), "", "{away}");
        }
    }
}

//! Pages with one thing to do, and how a refusal looks on a page.

use askama::Template;
use axum::{
    body::to_bytes,
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use portal_api::{PROBLEM_MEDIA_TYPE, Problem, ProblemCode};

use crate::refusal::{Cause, Refusal};

/// A page with one thing to do.
#[derive(Default, Template)]
#[template(path = "pages/step.html")]
pub struct Step<'a> {
    /// The title and heading.
    pub title: &'a str,
    /// Sentences.
    pub sentences: Vec<String>,
    /// What went wrong in the try before.
    pub problem: Option<String>,
    /// The form, if there is something to do.
    pub form: Option<Form<'a>>,
    /// Where to go on. On a page without a form the first is its button.
    pub onward: Vec<Way>,
}

/// A link to go on.
pub struct Way {
    /// What it says.
    pub caption: &'static str,
    /// Where it leads, on this portal.
    pub path: String,
}

/// A link to go on.
pub fn way(caption: &'static str, path: impl Into<String>) -> Way {
    Way { caption, path: path.into() }
}

/// A form.
pub struct Form<'a> {
    /// Where it goes.
    pub action: &'a str,
    /// What it carries unseen: names and values.
    pub carried: Vec<(&'a str, &'a str)>,
    /// What the person fills in.
    pub fields: Vec<Field<'a>>,
    /// The verb on the button.
    pub button: &'a str,
}

/// A field of a form.
pub struct Field<'a> {
    /// The label.
    pub label: &'static str,
    /// The name.
    pub name: &'static str,
    /// `text`, `email` or `password`.
    pub kind: &'static str,
    /// What a browser may fill in.
    pub autocomplete: &'static str,
    /// What the person wrote before; never a password.
    pub value: &'a str,
}

impl<'a> Field<'a> {
    /// Whose account it is.
    pub fn mail(value: &'a str) -> Self {
        Self { label: "Mail address", name: "email", kind: "email", autocomplete: "username", value }
    }

    /// A password that the account has.
    pub fn password() -> Self {
        Self {
            label: "Password",
            name: "password",
            kind: "password",
            autocomplete: "current-password",
            value: "",
        }
    }

    /// A password that the account gets.
    pub fn new_password(label: &'static str) -> Self {
        Self { label, autocomplete: "new-password", ..Self::password() }
    }
}

/// Shows a page.
pub fn page(status: StatusCode, step: &Step<'_>) -> Response {
    match step.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => Refusal::internal(Cause::Document(error.to_string())).into_response(),
    }
}

/// Shows a refusal as a page. What stays inside goes to the log, as everywhere.
pub fn refused(refusal: &Refusal) -> Response {
    if let Some(cause) = &refusal.cause {
        tracing::error!(code = refusal.code.as_str(), cause = %cause, "page failed");
    }
    told(refusal.status(), refusal.code, &refusal.detail)
}

fn told(status: StatusCode, code: ProblemCode, detail: &str) -> Response {
    let (sentence, onward) = match code {
        ProblemCode::SignedOut => ("Sign in and try again.", way("Sign in", "/sign-in")),
        ProblemCode::LinkInvalid
        | ProblemCode::LinkUsed
        | ProblemCode::LinkEnded
        | ProblemCode::Withdrawn
        | ProblemCode::WrongAddress => (detail, way("Go to your apps", "/apps")),
        _ => (detail, way("Go to the first page", "/")),
    };
    let sentences = vec![sentence.to_owned()];
    page(status, &Step { title: code.title(), sentences, onward: vec![onward], ..Step::default() })
}

/// Shows problem documents as pages to who asks for pages: an address that does not exist, too many requests, a time
/// that is over. Programs, and scripts that do not ask for HTML, get the document.
pub async fn problems_as_pages(request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let wanted = accept.is_some_and(|accept| accept.contains("text/html"))
        && !request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !wanted || kind.is_none_or(|kind| kind != PROBLEM_MEDIA_TYPE) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST_PROBLEM).await.unwrap_or_default();
    let (code, detail) = match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) => (problem.code, problem.detail),
        Err(_) => (ProblemCode::Internal, "The portal could not do this. Nothing was changed.".to_owned()),
    };
    let mut page = told(parts.status, code, &detail);
    if let Some(wait) = parts.headers.get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    page
}

/// Bytes of a problem document.
const LARGEST_PROBLEM: usize = 64 * 1024;

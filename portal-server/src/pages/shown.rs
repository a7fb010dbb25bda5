//! The templates' Rust side, and how a refusal looks on a page.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use portal_api::ProblemCode;

use crate::refusal::{Cause, Refusal};

/// A page with one thing to do.
#[derive(Template)]
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
    /// A link to go on: caption and path.
    pub onward: Option<(String, String)>,
}

/// A form.
pub struct Form<'a> {
    /// Where it goes.
    pub action: &'a str,
    /// What it carries unseen: names and values.
    pub carried: Vec<(&'a str, &'a str)>,
    /// What the person fills in.
    pub fields: Vec<Field>,
    /// The verb on the button.
    pub button: &'a str,
}

/// A field of a form.
pub struct Field {
    /// The label.
    pub label: &'static str,
    /// The name.
    pub name: &'static str,
    /// `email` or `password`.
    pub kind: &'static str,
    /// What a browser may fill in.
    pub autocomplete: &'static str,
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
    let onward = match refusal.code {
        ProblemCode::SignedOut => Some(("Sign in".to_owned(), "/sign-in".to_owned())),
        _ => None,
    };
    let step = Step {
        title: refusal.code.title(),
        sentences: vec![refusal.detail.clone()],
        problem: None,
        form: None,
        onward,
    };
    page(refusal.status(), &step)
}

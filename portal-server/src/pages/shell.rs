//! What stands around every page: the head line with the person, and how a refusal looks on a page.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use portal_api::ProblemCode;

use super::{PageActor, shown};
use crate::{
    domain::Actor,
    portal::Portal,
    refusal::{Cause, Refusal},
};

/// The head line.
pub struct Chrome {
    /// The portal's name.
    pub portal: String,
    /// The page's place in the head line: `apps`, `create`, `account` or nothing.
    pub here: &'static str,
    /// Who is signed in.
    pub person: Option<PersonChip>,
}

/// Who is signed in, as the head line shows.
pub struct PersonChip {
    /// The name.
    pub name: String,
    /// The first letter of the name.
    pub initial: String,
    /// The address.
    pub email: String,
    /// Whether the address is confirmed.
    pub confirmed: bool,
}

impl Chrome {
    /// The head line of a page.
    pub fn new(portal: &Portal, actor: Option<&Actor>, here: &'static str) -> Self {
        let person = actor.map(|actor| PersonChip {
            name: actor.name.clone(),
            initial: actor.name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default(),
            email: actor.email.as_str().to_owned(),
            confirmed: actor.confirmed,
        });
        Self { portal: portal.config.name.clone(), here, person }
    }
}

/// What is shown as a page instead of the page that was asked for.
pub struct PageRefusal(Box<Response>);

impl PageRefusal {
    /// A page of its own.
    pub fn page(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl<E: Into<Refusal>> From<E> for PageRefusal {
    fn from(refusal: E) -> Self {
        Self::page(shown::refused(&refusal.into()))
    }
}

impl IntoResponse for PageRefusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// What a page answers.
pub type PageAnswer = Result<Response, PageRefusal>;

/// Renders a page.
pub fn html(status: StatusCode, template: &impl Template) -> PageAnswer {
    let html = template.render().map_err(|error| Cause::Document(error.to_string()))?;
    Ok((status, Html(html)).into_response())
}

/// Leads to another page of this portal.
pub fn go(path: &str) -> Response {
    let place = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/apps"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// The person, or the way to signing in.
pub fn signed_in(page_actor: PageActor, path: &str) -> Result<Actor, Box<Response>> {
    page_actor.actor.ok_or_else(|| {
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        Box::new(go(&format!("/sign-in?next={next}")))
    })
}

/// What a person reads of a refusal on the page where it happened; what is inside goes on as a page of its own.
pub fn said(refusal: Refusal) -> Result<(StatusCode, String), PageRefusal> {
    match refusal.code {
        ProblemCode::Internal | ProblemCode::Unavailable => Err(refusal.into()),
        _ => Ok((refusal.status(), refusal.detail)),
    }
}

//! The pages: HTML for people, beside the interface for programs. Both call the functions of `accounts` and `apps`.
//!
//! Here stand the pages that mails lead to, and signing in and out. Opening a mailed link changes nothing, because
//! mail programs open links by themselves; a button does. Invariant: every form is checked to come from a page of
//! this portal, and everything that a template shows is escaped.

mod cookies;
mod links;
mod shown;
mod sign_in;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use portal_api::ProblemCode;
use url::Url;

pub use cookies::PageActor;

use crate::{http::extract::is_safe, portal::Portal, refusal::Refusal};

/// The pages' routes.
pub fn router(portal: Portal) -> Router<Portal> {
    Router::new()
        .route("/links/confirm", get(links::show_confirm).post(links::confirm))
        .route("/links/reset", get(links::show_reset).post(links::reset))
        .route("/links/invite", get(links::show_invite).post(links::accept))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .layer(from_fn_with_state(portal, own_forms_only))
}

/// Refuses forms that come from other sites. Browsers say where a form comes from in `Sec-Fetch-Site`, older ones in
/// `Origin`; a request that says neither is no browser's form.
async fn own_forms_only(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_own(&portal, request.headers()) {
        return next.run(request).await;
    }
    let detail = "This form was not sent from a page of this portal. Open the page here and try again.";
    shown::refused(&Refusal::new(ProblemCode::CrossSite, detail)).into_response()
}

fn is_own(portal: &Portal, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text(header::ORIGIN.as_str()).and_then(|origin| Url::parse(origin).ok()) else {
        return false;
    };
    portal.base_url.get().is_some_and(|base| base.origin() == origin.origin())
}

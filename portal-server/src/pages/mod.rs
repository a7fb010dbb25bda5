//! The pages: HTML for people, beside the interface for programs. Both call the functions of `accounts`, `apps` and
//! `creation`.
//!
//! Every page works as plain forms and links; a script makes it pleasant. Opening a mailed link changes nothing,
//! because mail programs open links by themselves; a button does. Invariant: every form is checked to come from a page
//! of this portal, and everything that a template shows is escaped.

mod account;
mod app;
mod assets;
mod chart_svg;
mod cookies;
mod create;
mod home;
pub mod icons;
mod links;
mod shell;
mod shown;
mod sign_in;
mod studio;
pub(crate) mod view_html;
pub(crate) mod words;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use portal_api::ProblemCode;
use url::Url;

pub use cookies::PageActor;
pub use shown::problems_as_pages;

use crate::{http::extract::is_safe, portal::Portal, refusal::Refusal};

/// The pages on which passwords or links are tried.
pub fn router(portal: Portal) -> Router<Portal> {
    Router::new()
        .route("/links/confirm", get(links::show_confirm).post(links::confirm))
        .route("/links/reset", get(links::show_reset).post(links::reset))
        .route("/links/invite", get(links::show_invite).post(links::accept))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-up", get(account::show_sign_up).post(account::sign_up))
        .route("/forgot", get(account::show_forgot).post(account::forgot))
        .route("/account/password", post(account::change_password))
        .layer(from_fn_with_state(portal, own_forms_only))
}

/// The other pages, and what they load.
pub fn rooms(portal: Portal) -> Router<Portal> {
    Router::new()
        .route("/", get(home::landing))
        .route("/apps", get(home::apps))
        .route("/create/{id}", get(studio::show))
        .route("/create/{id}/edit", post(studio::edit))
        .route("/create/{id}/input", post(studio::input))
        .route("/create/{id}/publish", post(studio::publish))
        .route("/create/{id}/discard", post(studio::discard))
        .route("/apps/{id}", get(app::people))
        .route("/apps/{id}/versions", get(app::versions))
        .route("/apps/{id}/update", get(app::show_update))
        .route("/apps/{id}/activity", get(app::activity))
        .route("/apps/{id}/invite", post(app::invite))
        .route("/apps/{id}/people/{person}/withdraw", post(app::withdraw_person))
        .route("/apps/{id}/invitations/{invitation}/withdraw", post(app::withdraw_invitation))
        .route("/apps/{id}/withdraw", post(app::withdraw))
        .route("/account", get(account::show))
        .route("/account/devices/{id}/end", post(account::end_device))
        .route("/account/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/static/{file}", get(assets::file))
        .layer(from_fn_with_state(portal, own_forms_only))
}

/// The pages that take a file, by path.
pub fn uploads(portal: &Portal) -> Vec<(&'static str, MethodRouter<Portal>)> {
    let own = || from_fn_with_state(portal.clone(), own_forms_only);
    vec![
        ("/create", get(create::show).post(create::upload).layer(own())),
        ("/apps/{id}/spreadsheet", post(app::update).layer(own())),
    ]
}

/// Refuses forms that come from other sites. Browsers say where a form comes from in `Sec-Fetch-Site`, older ones in
/// `Origin`; a request that says neither is no browser's form.
async fn own_forms_only(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    match from_this_portal(&portal, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => shown::refused(&refusal).into_response(),
    }
}

/// Refuses what a browser sends from a page of another site, for everything that a cookie opens.
///
/// # Errors
/// `cross_site`.
pub fn from_this_portal(portal: &Portal, headers: &HeaderMap) -> Result<(), Refusal> {
    if is_own(portal, headers) {
        return Ok(());
    }
    let detail = "This form was not sent from a page of this portal. Open the page here and try again.";
    Err(Refusal::new(ProblemCode::CrossSite, detail))
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

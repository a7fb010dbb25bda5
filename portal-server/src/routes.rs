//! Every route of the interface, in one table. The pages have theirs in `pages`.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    http::{accounts, apps, around, creations, openapi, portal as about, sharing},
    pages,
    portal::Portal,
    request,
    security::headers,
};

/// What stands around a route beside what stands around all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// A small body, an answer in time.
    Plain,
    /// As plain, and a stricter limit by address: passwords or links are tried here.
    Credentials,
    /// A body as large as an upload may be; takes what the line takes.
    Upload,
    /// A long answer; takes what the line takes.
    Download,
}

/// One route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What stands around it.
    pub around: Around,
    handler: MethodRouter<Portal>,
}

fn route<H, T>(method: Method, path: &'static str, around: Around, handler: H) -> Route
where
    H: Handler<T, Portal>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
    Route { method, path, around, handler: on(filter, handler) }
}

/// The table.
#[must_use]
#[rustfmt::skip]
pub fn table() -> Vec<Route> {
    use Around::{Credentials, Download, Plain, Upload};
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    vec![
        route(GET,    "/healthz",                                        Plain,       about::healthz),
        route(GET,    "/readyz",                                         Plain,       about::readyz),
        route(GET,    "/api/v1/openapi.json",                            Plain,       openapi::document),
        route(GET,    "/api/v1/portal",                                  Plain,       about::info),

        route(POST,   "/api/v1/accounts",                                Credentials, accounts::register),
        route(POST,   "/api/v1/accounts/confirm",                        Credentials, accounts::confirm),
        route(POST,   "/api/v1/password-resets",                         Credentials, accounts::request_reset),
        route(POST,   "/api/v1/password-resets/complete",                Credentials, accounts::complete_reset),
        route(POST,   "/api/v1/sessions",                                Credentials, accounts::sign_in),
        route(POST,   "/api/v1/sessions/refresh",                        Credentials, accounts::refresh),
        route(DELETE, "/api/v1/sessions/current",                        Plain,       accounts::sign_out),
        route(GET,    "/api/v1/me",                                      Plain,       accounts::me),
        route(PUT,    "/api/v1/me/password",                             Credentials, accounts::change_password),
        route(GET,    "/api/v1/devices",                                 Plain,       accounts::devices),
        route(DELETE, "/api/v1/devices/{id}",                            Plain,       accounts::end_device),

        route(GET,    "/api/v1/sync",                                    Plain,       apps::sync),
        route(GET,    "/api/v1/apps",                                    Plain,       apps::list),
        route(POST,   "/api/v1/apps",                                    Upload,      apps::publish),
        route(GET,    "/api/v1/apps/{id}",                               Plain,       apps::app),
        route(DELETE, "/api/v1/apps/{id}",                               Plain,       apps::withdraw),
        route(GET,    "/api/v1/apps/{id}/definition",                    Plain,       apps::definition),
        route(PUT,    "/api/v1/apps/{id}/definition",                    Upload,      apps::update_definition),
        route(PUT,    "/api/v1/apps/{id}/spreadsheet",                   Upload,      apps::update_spreadsheet),
        route(GET,    "/api/v1/apps/{id}/versions",                      Plain,       apps::versions),
        route(PUT,    "/api/v1/apps/{id}/sources/{sid}",                 Plain,       apps::update_source),
        route(POST,   "/api/v1/apps/{id}/sources/{sid}/ticket",          Plain,       apps::ticket),
        route(GET,    "/api/v1/objects/{ticket}",                        Download,    apps::object),
        route(GET,    "/api/v1/apps/{id}/lease",                         Plain,       apps::lease),
        route(POST,   "/api/v1/apps/{id}/lease",                         Plain,       apps::ask_lease),

        route(GET,    "/api/v1/apps/{id}/people",                        Plain,       sharing::people),
        route(DELETE, "/api/v1/apps/{id}/people/{person}",               Plain,       sharing::withdraw_person),
        route(POST,   "/api/v1/apps/{id}/invitations",                   Plain,       sharing::invite),
        route(DELETE, "/api/v1/apps/{id}/invitations/{invitation}",      Plain,       sharing::withdraw_invitation),
        route(POST,   "/api/v1/invitations/accept",                      Credentials, sharing::accept),

        route(POST,   "/api/v1/creations",                               Upload,      creations::create),
        route(GET,    "/api/v1/creations/{id}",                          Plain,       creations::creation),
        route(PATCH,  "/api/v1/creations/{id}",                          Plain,       creations::edit),
        route(DELETE, "/api/v1/creations/{id}",                          Plain,       creations::discard),
        route(GET,    "/api/v1/creations/{id}/view",                     Plain,       creations::view),
        route(POST,   "/api/v1/creations/{id}/view",                     Plain,       creations::act),
        route(GET,    "/api/v1/creations/{id}/definition",               Plain,       creations::definition),
        route(POST,   "/api/v1/creations/{id}/publish",                  Plain,       creations::publish),

        route(GET,    "/api/v1/admin/audit",                             Plain,       about::audit_log),
        route(PUT,    "/api/v1/admin/people/{id}",                       Plain,       about::switch_account),
    ]
}

/// Bytes of a body that is no upload.
const SMALL_BODY: usize = 64 * 1024;

/// The limits by address, which must be swept now and then.
pub struct Limits {
    /// For all requests.
    pub all: Option<around::AddressLimit>,
    /// For requests with credentials.
    pub credentials: Option<around::AddressLimit>,
}

impl Limits {
    /// The limits of a configuration.
    #[must_use]
    pub fn new(portal: &Portal) -> Self {
        let limits = &portal.config.limits;
        let trust = portal.config.trust_forwarded_for;
        Self {
            all: around::AddressLimit::new(limits.address_burst, limits.address_period_ms, trust),
            credentials: around::AddressLimit::of_sending(
                limits.credential_burst,
                limits.credential_period_ms,
                trust,
            ),
        }
    }

    /// Forgets addresses that have been quiet.
    pub fn sweep(&self) {
        for limit in [&self.all, &self.credentials].into_iter().flatten() {
            limit.sweep();
        }
    }
}

/// The whole portal as one service.
pub fn router(portal: &Portal, limits: &Limits) -> Router {
    let mut router = Router::new();
    for route in table() {
        router = router.route(route.path, surround(portal, limits, route.around, route.handler));
    }
    let in_time = from_fn_with_state(portal.clone(), around::in_time);
    let mut pages = pages::router(portal.clone()).layer(DefaultBodyLimit::max(SMALL_BODY)).layer(in_time);
    if let Some(limit) = &limits.credentials {
        pages = pages.layer(limit.layer());
    }
    let small = DefaultBodyLimit::max(SMALL_BODY);
    let in_time = from_fn_with_state(portal.clone(), around::in_time);
    let rooms = pages::rooms(portal.clone()).layer(small).layer(in_time);
    let mut uploads = Router::new();
    for (path, handler) in pages::uploads(portal) {
        uploads = uploads.route(path, surround(portal, limits, Around::Upload, handler));
    }
    let mut router = router
        .merge(pages)
        .merge(rooms)
        .merge(uploads)
        .fallback(around::no_such_path)
        .method_not_allowed_fallback(around::no_such_method)
        .layer(from_fn_with_state(portal.clone(), around::young_enough));
    if let Some(limit) = &limits.all {
        router = router.layer(limit.layer());
    }
    router
        .layer(from_fn(pages::problems_as_pages))
        .layer(from_fn_with_state(portal.clone(), headers::add))
        .layer(from_fn(request::log))
        .layer(from_fn(request::identify))
        .with_state(portal.clone())
}

fn surround(
    portal: &Portal,
    limits: &Limits,
    around: Around,
    handler: MethodRouter<Portal>,
) -> MethodRouter<Portal> {
    let in_time = from_fn_with_state(portal.clone(), around::in_time);
    let small = DefaultBodyLimit::max(SMALL_BODY);
    match around {
        Around::Plain => handler.layer(small).layer(in_time),
        Around::Credentials => {
            let handler = handler.layer(small).layer(in_time);
            match &limits.credentials {
                Some(limit) => handler.layer(limit.layer()),
                None => handler,
            }
        }
        Around::Upload => {
            let limits = &portal.config.limits;
            let bytes =
                limits.upload_bytes.saturating_add(limits.definition_bytes).saturating_add(SMALL_BODY);
            handler
                .layer(DefaultBodyLimit::max(bytes))
                .layer(from_fn_with_state(portal.clone(), around::with_a_place))
        }
        Around::Download => handler.layer(small),
    }
}

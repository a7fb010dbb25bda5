//! The OpenAPI document, generated from the handlers.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

use super::{accounts, apps, creations, portal, sharing};

/// The document of `/api/v1`.
#[derive(OpenApi)]
#[openapi(
    info(title = "Playsheet portal", description = "Accounts, apps, sharing. Errors are RFC 9457 problem documents."),
    modifiers(&AccessToken),
    paths(
        portal::info, portal::healthz, portal::readyz, portal::audit_log, portal::switch_account, document,
        accounts::register, accounts::confirm, accounts::request_reset, accounts::complete_reset, accounts::sign_in,
        accounts::refresh, accounts::sign_out, accounts::me, accounts::change_password, accounts::devices,
        accounts::end_device,
        apps::list, apps::publish, apps::app, apps::withdraw, apps::definition, apps::update_definition,
        apps::update_spreadsheet, apps::update_source, apps::versions, apps::ticket, apps::object, apps::lease,
        apps::ask_lease, apps::sync,
        creations::create, creations::creation, creations::edit, creations::discard, creations::view,
        creations::act, creations::definition, creations::publish,
        sharing::invite, sharing::accept, sharing::people, sharing::withdraw_invitation, sharing::withdraw_person,
    )
)]
pub struct Document;

struct AccessToken;

impl Modify for AccessToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("access", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "portal", responses((status = 200, description = "This document")))]
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

//! What the portal says about itself, its health, and administration.
#![allow(unused_qualifications, reason = "utoipa's macro writes full paths")]

use axum::{extract::State, http::StatusCode};
use portal_api::{AccountSwitch, AuditEntry, Health, Page, PersonId, PortalInfo, Problem};

use super::extract::{Json, PageQuery, Params, Search};
use crate::{
    access::{Action, Object, authorize},
    accounts,
    apps::MAX_PAGE,
    domain::Actor,
    portal::Portal,
    refusal::Refusal,
    store::{audit, read_number, stored_number},
};

/// What the portal is, and the key that its leases are checked with.
#[utoipa::path(get, path = "/api/v1/portal", tag = "portal", responses((status = 200, body = PortalInfo)))]
pub async fn info(State(portal): State<Portal>) -> axum::Json<PortalInfo> {
    axum::Json(PortalInfo {
        name: portal.config.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        instance: portal.tokens.issuer().to_owned(),
        min_player: portal.config.min_player.clone(),
        lease_key: portal.leases.public_key(),
        server_time_ms: portal.now_ms(),
    })
}

/// Whether the program runs.
#[utoipa::path(get, path = "/healthz", tag = "portal", responses((status = 200, body = Health)))]
pub async fn healthz() -> axum::Json<Health> {
    axum::Json(Health { status: "ok".to_owned() })
}

/// Whether database and storage answer.
#[utoipa::path(get, path = "/readyz", tag = "portal", responses((status = 200, body = Health), (status = 503, body = Health)))]
pub async fn readyz(State(portal): State<Portal>) -> (StatusCode, axum::Json<Health>) {
    let (database, storage) = tokio::join!(portal.store.ping(), portal.objects.ping());
    let missing: Vec<&str> = [("database", database.is_err()), ("storage", storage.is_err())]
        .into_iter()
        .filter_map(|(name, away)| away.then_some(name))
        .collect();
    if missing.is_empty() {
        (StatusCode::OK, axum::Json(Health { status: "ok".to_owned() }))
    } else {
        let status = format!("{} does not answer", missing.join(" and "));
        (StatusCode::SERVICE_UNAVAILABLE, axum::Json(Health { status }))
    }
}

/// The audit log, latest entry first. For administrators.
#[utoipa::path(get, path = "/api/v1/admin/audit", tag = "administration", security(("access" = [])), params(PageQuery),
    responses((status = 200, body = Page<AuditEntry>), (status = 404, body = Problem)))]
pub async fn audit_log(
    actor: Actor,
    State(portal): State<Portal>,
    Search(page): Search<PageQuery>,
) -> Result<axum::Json<Page<AuditEntry>>, Refusal> {
    authorize(portal.store.read(), &actor, Action::Administer, Object::Portal).await?;
    let at_most = page.limit.clamp(1, MAX_PAGE);
    let before = page.position::<u64>()?.map(stored_number);
    let rows = audit::page(portal.store.read(), before, at_most).await?;
    let full = rows.len() as u64 == at_most;
    let next = rows.last().filter(|last| full && last.sequence > 1).map(|last| last.sequence.to_string());
    let items = rows
        .into_iter()
        .map(|row| AuditEntry {
            sequence: read_number(row.sequence),
            at_ms: row.at_ms,
            actor: row.actor,
            action: row.action,
            object: row.object,
            app: row.app_id,
            request_id: row.request_id,
            hash: row.hash,
        })
        .collect();
    Ok(axum::Json(Page { items, next }))
}

/// Disables an account and ends its sessions, or enables it again. For administrators.
#[utoipa::path(put, path = "/api/v1/admin/people/{id}", tag = "administration", security(("access" = [])),
    params(("id" = PersonId, Path)), request_body = AccountSwitch, responses((status = 204), (status = 404, body = Problem)))]
pub async fn switch_account(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<PersonId>,
    Json(body): Json<AccountSwitch>,
) -> Result<StatusCode, Refusal> {
    accounts::switch_account(&portal, &actor, id, body.disabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

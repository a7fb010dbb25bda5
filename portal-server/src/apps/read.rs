//! Reading apps: lists, definitions, versions, tickets, leases.

use axum::body::Bytes;
use futures_util::stream::BoxStream;
use portal_api::{AppId, AppSummary, ObjectId, Page, ProblemCode, SignedLease, SourceId, Ticket, Version};

use super::{MAX_PAGE, summary, version_of};
use crate::{
    access::{Action, Object, authorize},
    config::MAX_LEASE_DAYS,
    domain::Actor,
    portal::Portal,
    refusal::{Cause, Refusal},
    security::bytes::to_base64,
    store::{
        apps as store,
        entities::{app, definition, object},
        read_number, sharing, stored_id, stored_number,
    },
};

/// A page of the person's apps, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn list(
    portal: &Portal,
    actor: &Actor,
    after: Option<AppId>,
    at_most: u64,
) -> Result<Page<AppSummary>, Refusal> {
    let found = visible(portal, actor, after, at_most).await?;
    let items = found.apps.into_iter().map(|(summary, _, _)| summary).collect();
    Ok(Page { items, next: found.next })
}

/// A page of visible apps, with what else belongs to them.
pub(super) struct Visible {
    /// Each app with its row and current version.
    pub apps: Vec<(AppSummary, app::Model, store::FullVersion)>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The person's apps. Withdrawn ones are shown to their owners only.
pub(super) async fn visible(
    portal: &Portal,
    actor: &Actor,
    after: Option<AppId>,
    at_most: u64,
) -> Result<Visible, Refusal> {
    let at_most = at_most.clamp(1, MAX_PAGE);
    let c = portal.store.read();
    let rows = store::visible(c, actor.person, after, at_most).await?;
    let full = rows.len() as u64 == at_most;
    let next = rows.last().filter(|_| full).map(|last| last.id.clone());
    let standings = sharing::standings(c, actor.person, &rows).await?;
    let wanted: Vec<(String, i64)> = rows.iter().map(|app| (app.id.clone(), app.version)).collect();
    let mut versions = store::versions(c, &wanted).await?;
    let mut apps = Vec::with_capacity(rows.len());
    for row in rows {
        let role = standings.get(&row.id).and_then(|standing| standing.role);
        let (Some(role), Some(version)) = (role, versions.remove(&row.id)) else { continue };
        if row.withdrawn_ms.is_some() && role < portal_api::Role::Owner {
            continue;
        }
        apps.push((summary(row.clone(), role, &version)?, row, version));
    }
    Ok(Visible { apps, next })
}

/// One app.
///
/// # Errors
/// When the person has not got it.
pub async fn app(portal: &Portal, actor: &Actor, id: AppId) -> Result<AppSummary, Refusal> {
    let granted = authorize(portal.store.read(), actor, Action::RunApp, Object::App(id)).await?;
    let (app, role) = granted.app()?;
    let version = current(portal, &app).await?;
    Ok(summary(app, role, &version)?)
}

async fn current(portal: &Portal, app: &app::Model) -> Result<store::FullVersion, Refusal> {
    let mut found = store::versions(portal.store.read(), &[(app.id.clone(), app.version)]).await?;
    Ok(found.remove(&app.id).ok_or_else(|| Cause::Stored("an app without its version".to_owned()))?)
}

/// The current definition of an app.
///
/// # Errors
/// When the person has not got the app.
pub async fn definition(portal: &Portal, actor: &Actor, id: AppId) -> Result<definition::Model, Refusal> {
    let granted = authorize(portal.store.read(), actor, Action::RunApp, Object::App(id)).await?;
    let (app, _) = granted.app()?;
    let found = store::definition(portal.store.read(), &app).await?;
    Ok(found.ok_or_else(|| Cause::Stored("an app without its definition".to_owned()))?)
}

/// The versions of an app, latest first.
///
/// # Errors
/// When the person may not see them.
pub async fn history(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    below: Option<u64>,
    at_most: u64,
) -> Result<Page<Version>, Refusal> {
    authorize(portal.store.read(), actor, Action::SeeVersions, Object::App(id)).await?;
    let at_most = at_most.clamp(1, MAX_PAGE);
    let rows = store::history(portal.store.read(), id, below.map(stored_number), at_most).await?;
    let full = rows.len() as u64 == at_most;
    let next = rows
        .last()
        .filter(|last| full && last.version.number > 1)
        .map(|last| last.version.number.to_string());
    let items = rows.iter().map(version_of).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// A ticket for a hosted spreadsheet of an app's current version.
///
/// # Errors
/// When the person has not got the app, or the source is not hosted.
pub async fn ticket(portal: &Portal, actor: &Actor, id: AppId, source: &SourceId) -> Result<Ticket, Refusal> {
    let device = actor.device()?;
    let granted = authorize(portal.store.read(), actor, Action::RunApp, Object::App(id)).await?;
    let (app, _) = granted.app()?;
    let version = current(portal, &app).await?;
    let found = version.sources.iter().find(|(row, _)| row.source_id == source.as_str());
    let (_, object) = found.ok_or_else(Refusal::not_found)?;
    let object = object.as_ref().ok_or_else(|| {
        Refusal::new(
            ProblemCode::SourceInvalid,
            "This spreadsheet is not in the portal. Fetch it from its address.",
        )
    })?;
    let object_id: ObjectId = stored_id(&object.id)?;
    let key = portal.objects.key(object_id, object)?;
    let (ticket, expires_ms) = portal.tokens.ticket(object_id, device, portal.now_ms())?;
    let tx = portal.store.write().await?;
    portal.audit.append(&tx, portal.event(actor, "spreadsheet.ticket", object_id).about(id)).await?;
    tx.commit().await?;
    Ok(Ticket {
        url: portal.address(&format!("{}/objects/{ticket}", portal_api::API_PREFIX)),
        expires_ms,
        object_id,
        key: to_base64(key.as_slice()),
        etag: object.sha256.clone(),
        size: read_number(object.size),
        version: read_number(app.version),
    })
}

/// The sealed bytes that a ticket opens the way to: their number, and the bytes in pieces.
///
/// # Errors
/// `not_found` for tickets that are over or none, for devices that were ended, and objects that are gone.
pub async fn object_of_ticket(
    portal: &Portal,
    ticket: &str,
) -> Result<(object::Model, u64, BoxStream<'static, object_store::Result<Bytes>>), Refusal> {
    let claims = portal.tokens.check_ticket(ticket, portal.now_ms()).map_err(|_| Refusal::not_found())?;
    let c = portal.store.read();
    crate::store::devices::live(c, claims.sid).await?.ok_or_else(Refusal::not_found)?;
    let row = store::object(c, &claims.sub.to_string()).await?.ok_or_else(Refusal::not_found)?;
    match portal.objects.get(claims.sub).await {
        Ok((size, bytes)) => Ok((row, size, bytes)),
        Err(error) => Err(error.into()),
    }
}

/// A lease for an app on the asking device, for some days or as many as the app allows.
///
/// # Errors
/// When the person has not got the app.
pub async fn lease(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    days: Option<u32>,
) -> Result<SignedLease, Refusal> {
    let device = actor.device()?;
    let granted = authorize(portal.store.read(), actor, Action::RunApp, Object::App(id)).await?;
    let (app, _) = granted.app()?;
    let days = days.unwrap_or(MAX_LEASE_DAYS).clamp(1, lease_days(&app));
    Ok(portal.leases.sign(id, actor.person, device, portal.now_ms(), days)?)
}

/// The days that an app may run without the portal.
pub(super) fn lease_days(app: &app::Model) -> u32 {
    u32::try_from(app.lease_days).unwrap_or(1).clamp(1, MAX_LEASE_DAYS)
}

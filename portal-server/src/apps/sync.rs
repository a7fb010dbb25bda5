//! Everything that a player must know, in one answer.

use portal_api::{AppId, SyncApp, SyncState, UpdateNotice, WithdrawnApp};

use super::read::{lease_days, visible};
use crate::{
    accounts::person_of,
    domain::Actor,
    portal::Portal,
    refusal::Refusal,
    store::{read_number, sharing, stored_id},
};

/// The state of the person's world, from an app on.
///
/// # Errors
/// When the database fails, or a browser asks.
pub async fn sync(portal: &Portal, actor: &Actor, after: Option<AppId>) -> Result<SyncState, Refusal> {
    let device = actor.device()?;
    let now_ms = portal.now_ms();
    let found = visible(portal, actor, after, super::MAX_PAGE).await?;
    let mut apps = Vec::with_capacity(found.apps.len());
    for (app, row, version) in found.apps {
        if row.withdrawn_ms.is_some() {
            continue;
        }
        let lease = portal.leases.sign(app.id, actor.person, device, now_ms, lease_days(&row))?;
        let notice = UpdateNotice {
            version: read_number(version.version.number),
            change: super::read_change(&version.version.change),
            note: version.version.note,
            published_ms: version.version.published_ms,
        };
        apps.push(SyncApp { app, lease, notice });
    }
    let lost = sharing::lost(portal.store.read(), actor.person).await?;
    let withdrawn = lost
        .into_iter()
        .map(|(id, since_ms)| {
            Ok(WithdrawnApp { id: stored_id(&id)?, since_ms, code: "withdrawn".to_owned() })
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(SyncState {
        server_time_ms: now_ms,
        min_player: portal.config.min_player.clone(),
        person: person_of(actor)?,
        apps,
        withdrawn,
        next: found.next,
    })
}

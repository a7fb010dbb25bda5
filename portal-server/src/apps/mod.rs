//! Apps: publishing, reading, tickets, leases, sharing, and the one call that keeps a player up to date.
//!
//! Routes and pages both call these functions; each asks [`crate::access::authorize`] first.

mod publish;
mod read;
mod sharing;
mod sources;
mod sync;

pub use publish::{NewSource, Parcel, publish, update_definition, update_spreadsheet, withdraw};
pub use read::{app, definition, history, lease, list, object_of_ticket, ticket};
pub use sharing::{accept, invite, invited, people, withdraw_invitation, withdraw_person};
pub use sync::sync;

use portal_api::{AppState, AppSummary, Role, Source, SourceAuth, SourceKind, Version, VersionChange};

use crate::{
    refusal::Cause,
    store::{
        apps::FullVersion,
        entities::{app, object, version_source},
        read_number, stored_id,
    },
};

/// The longest page of a list.
pub const MAX_PAGE: u64 = 100;

/// An app as the interface tells.
fn summary(app: app::Model, role: Role, version: &FullVersion) -> Result<AppSummary, Cause> {
    let state = if app.withdrawn_ms.is_some() { AppState::Withdrawn } else { AppState::Available };
    Ok(AppSummary {
        id: stored_id(&app.id)?,
        team: stored_id(&app.team_id)?,
        name: app.name,
        description: app.description,
        state,
        role,
        version: read_number(app.version),
        definition_etag: version.definition_etag.clone(),
        sources: sources_of(&version.sources)?,
        changed_ms: app.changed_ms,
    })
}

/// A version as the interface tells.
fn version_of(full: &FullVersion) -> Result<Version, Cause> {
    Ok(Version {
        number: read_number(full.version.number),
        change: read_change(&full.version.change),
        note: full.version.note.clone(),
        published_by: stored_id(&full.version.published_by)?,
        published_ms: full.version.published_ms,
        definition_etag: full.definition_etag.clone(),
        sources: sources_of(&full.sources)?,
    })
}

fn sources_of(rows: &[(version_source::Model, Option<object::Model>)]) -> Result<Vec<Source>, Cause> {
    rows.iter()
        .map(|(source, object)| {
            Ok(Source {
                id: stored_id(&source.source_id)?,
                kind: if source.kind == "http" { SourceKind::Http } else { SourceKind::Hosted },
                url: source.url.clone(),
                auth: source.auth.as_deref().map(read_auth),
                etag: object.as_ref().map(|object| object.sha256.clone()),
                size: object.as_ref().map(|object| read_number(object.size)),
                file_name: source.file_name.clone(),
            })
        })
        .collect()
}

fn read_auth(word: &str) -> SourceAuth {
    match word {
        "none" => SourceAuth::None,
        "basic" => SourceAuth::Basic,
        _ => SourceAuth::Unknown,
    }
}

const fn auth_word(auth: SourceAuth) -> &'static str {
    match auth {
        SourceAuth::None => "none",
        SourceAuth::Basic => "basic",
        SourceAuth::Unknown => "unknown",
    }
}

fn read_change(word: &str) -> VersionChange {
    match word {
        "created" => VersionChange::Created,
        "definition" => VersionChange::Definition,
        "spreadsheet" => VersionChange::Spreadsheet,
        "both" => VersionChange::Both,
        _ => VersionChange::Unknown,
    }
}

const fn change_word(change: VersionChange) -> &'static str {
    match change {
        VersionChange::Created => "created",
        VersionChange::Definition => "definition",
        VersionChange::Spreadsheet => "spreadsheet",
        VersionChange::Both => "both",
        VersionChange::Unknown => "unknown",
    }
}

//! Publishing: a first version, a new definition, a new spreadsheet; and taking an app back.
//!
//! The portal mints ids and counts versions. An id in an uploaded definition counts only for an app that its
//! uploader may edit: then the upload becomes that app's next version. Addresses of sources are stored, never
//! fetched. The check and the stamp of a definition come through [`crate::definitions::DefinitionCheck`]; whoever
//! builds an app in another way (the creation pages) ends here with a [`Parcel`] too.

use std::collections::BTreeMap;

use axum::body::Bytes;
use portal_api::{AppId, AppSummary, PlaceProblem, ProblemCode, Role, SourceAuth, SourceId, VersionChange};

use super::{
    change_word,
    sources::{ReadySource, declared_by, prepare},
    summary,
};
use crate::{
    access::{Action, Object, authorize},
    definitions::CheckedDefinition,
    domain::{Actor, one_line},
    portal::Portal,
    refusal::{Cause, Refusal},
    security::bytes::sha256_hex,
    store::{
        apps::{self as store, Publication},
        entities::{app, definition, object, version},
        read_number,
    },
};

/// A spreadsheet, or where one lies.
#[derive(Clone, Debug)]
pub enum NewSource {
    /// The file's bytes and name.
    File {
        /// The bytes.
        bytes: Bytes,
        /// The name, as the uploader's computer has it.
        name: String,
    },
    /// The address that players ask themselves.
    Address {
        /// The address.
        url: String,
        /// How to sign in there.
        auth: SourceAuth,
    },
}

/// What is published.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The definition's XML.
    pub definition: String,
    /// The spreadsheets, by source.
    pub sources: BTreeMap<SourceId, NewSource>,
    /// The creator's words about this version.
    pub note: String,
}

/// Publishes an app, or the next version of the app that the definition names if the actor may edit it. Says whether
/// it is a new app.
///
/// # Errors
/// For a definition with errors, a source without spreadsheet, a spreadsheet or address that cannot be used.
pub async fn publish(portal: &Portal, actor: &Actor, parcel: Parcel) -> Result<(AppSummary, bool), Refusal> {
    let checked = check(portal, &parcel.definition)?;
    if let Some(id) = checked.declared_id
        && let Ok(granted) = authorize(portal.store.read(), actor, Action::Publish, Object::App(id)).await
    {
        let (app, role) = granted.app()?;
        return Ok((next_version(portal, actor, app, role, Some(checked), parcel).await?, false));
    }
    let id = AppId::mint();
    let ready = prepare(portal, id, 1, &checked, parcel.sources, None).await?;
    let now_ms = portal.now_ms();
    let app = app::Model {
        id: id.to_string(),
        team_id: actor.personal_team.clone(),
        name: checked.name.clone(),
        description: checked.description.clone(),
        version: 1,
        lease_days: i32::try_from(portal.config.leases.days).unwrap_or(7),
        created_by: actor.person.to_string(),
        created_ms: now_ms,
        changed_ms: now_ms,
        withdrawn_ms: None,
    };
    let definition = stamped(portal, &parcel.definition, id, 1)?;
    let draft = Draft { app, is_new: true, change: VersionChange::Created, note: parcel.note };
    let summary = write(portal, actor, draft, Some((definition, checked)), 1, ready, Role::Owner).await?;
    Ok((summary, true))
}

/// Publishes a new definition for an app; its spreadsheets stay.
///
/// # Errors
/// As [`publish`], and when another version came first.
pub async fn update_definition(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    document: String,
    note: String,
) -> Result<AppSummary, Refusal> {
    let granted = authorize(portal.store.read(), actor, Action::Publish, Object::App(id)).await?;
    let (app, role) = granted.app()?;
    let checked = check(portal, &document)?;
    let parcel = Parcel { definition: document, sources: BTreeMap::new(), note };
    next_version(portal, actor, app, role, Some(checked), parcel).await
}

/// Publishes a new spreadsheet for a source of an app; its definition, and with it the definition's entity tag, stays.
///
/// # Errors
/// As [`publish`], and when another version came first.
pub async fn update_spreadsheet(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    source: SourceId,
    new: NewSource,
    note: String,
) -> Result<AppSummary, Refusal> {
    let granted = authorize(portal.store.read(), actor, Action::Publish, Object::App(id)).await?;
    let (app, role) = granted.app()?;
    let parcel = Parcel { definition: String::new(), sources: BTreeMap::from([(source, new)]), note };
    next_version(portal, actor, app, role, None, parcel).await
}

/// Takes a whole app back: from now on it is gone for everybody who had it.
///
/// # Errors
/// When the actor is no owner of it.
pub async fn withdraw(portal: &Portal, actor: &Actor, id: AppId) -> Result<(), Refusal> {
    authorize(portal.store.read(), actor, Action::WithdrawApp, Object::App(id)).await?;
    let tx = portal.store.write().await?;
    if !store::withdraw(&tx, id, portal.now_ms()).await? {
        return Err(Refusal::withdrawn());
    }
    portal.audit.append(&tx, portal.event(actor, "app.withdrawn", id).about(id)).await?;
    tx.commit().await?;
    Ok(())
}

async fn next_version(
    portal: &Portal,
    actor: &Actor,
    app: app::Model,
    role: Role,
    checked: Option<CheckedDefinition>,
    parcel: Parcel,
) -> Result<AppSummary, Refusal> {
    let id: AppId = crate::store::stored_id(&app.id)?;
    let number = app.version + 1;
    let wanted = [(app.id.clone(), app.version)];
    let before = store::versions(portal.store.read(), &wanted).await?.remove(&app.id);
    let before = before.ok_or_else(|| Cause::Stored("an app without its version".to_owned()))?;
    let change = match (&checked, parcel.sources.is_empty()) {
        (Some(_), true) => VersionChange::Definition,
        (Some(_), false) => VersionChange::Both,
        (None, _) => VersionChange::Spreadsheet,
    };
    let as_before = || CheckedDefinition {
        declared_id: None,
        name: String::new(),
        description: String::new(),
        sources: declared_by(&before),
    };
    let sources_of = checked.clone().unwrap_or_else(as_before);
    let ready = prepare(portal, id, number, &sources_of, parcel.sources, Some(&before)).await?;
    let definition = match checked {
        Some(checked) => Some((stamped(portal, &parcel.definition, id, number)?, checked)),
        None => None,
    };
    let definition_number = before.version.definition_number;
    let draft = Draft { app, is_new: false, change, note: parcel.note };
    write(portal, actor, draft, definition, definition_number, ready, role).await
}

struct Draft {
    app: app::Model,
    is_new: bool,
    change: VersionChange,
    note: String,
}

async fn write(
    portal: &Portal,
    actor: &Actor,
    draft: Draft,
    definition: Option<(String, CheckedDefinition)>,
    definition_number: i64,
    ready: Vec<ReadySource>,
    role: Role,
) -> Result<AppSummary, Refusal> {
    let Draft { mut app, is_new, change, note } = draft;
    let number = if is_new { 1 } else { app.version + 1 };
    let now_ms = portal.now_ms();
    let titles = definition.as_ref().map(|(_, checked)| (checked.name.clone(), checked.description.clone()));
    let definition = definition.map(|(document, _)| {
        let mut etag = sha256_hex(document.as_bytes());
        etag.truncate(32);
        definition::Model { app_id: app.id.clone(), number, document, etag }
    });
    let version = version::Model {
        app_id: app.id.clone(),
        number,
        definition_number: if definition.is_some() { number } else { definition_number },
        change: change_word(change).to_owned(),
        note: one_line(&note, 500),
        published_by: actor.person.to_string(),
        published_ms: now_ms,
    };
    let fresh: Vec<object::Model> = ready.iter().filter_map(|ready| ready.fresh.clone()).collect();
    let publication = Publication {
        first: is_new.then(|| app.clone()),
        version: version.clone(),
        definition,
        objects: fresh.clone(),
        sources: ready.into_iter().map(|ready| ready.row).collect(),
        titles: titles.clone(),
    };
    let written = commit(portal, actor, publication).await;
    if !matches!(written, Ok(true)) {
        portal.objects.forget(&fresh).await;
    }
    if !written? {
        return Err(Refusal::new(
            ProblemCode::Conflict,
            "Somebody published another version meanwhile. Look at it, then try again.",
        ));
    }
    app.version = number;
    app.changed_ms = now_ms;
    if let Some((name, description)) = titles {
        (app.name, app.description) = (name, description);
    }
    let full = store::versions(portal.store.read(), &[(app.id.clone(), number)]).await?.remove(&app.id);
    let full = full.ok_or_else(|| Cause::Stored("a version that was just written".to_owned()))?;
    Ok(summary(app, role, &full)?)
}

async fn commit(portal: &Portal, actor: &Actor, publication: Publication) -> Result<bool, Refusal> {
    let (app, number) = (publication.version.app_id.clone(), publication.version.number);
    let tx = portal.store.write().await?;
    let written = match store::publish(&tx, publication).await {
        // Two publications of the same number: the other one was first.
        Err(error) if crate::store::is_duplicate(&error) => false,
        other => other?,
    };
    if written {
        let object = format!("{app} version {number}");
        portal.audit.append(&tx, portal.event(actor, "app.published", object).about(&app)).await?;
        tx.commit().await?;
    }
    Ok(written)
}

fn check(portal: &Portal, document: &str) -> Result<CheckedDefinition, Refusal> {
    if document.len() > portal.config.limits.definition_bytes {
        return Err(Refusal::new(ProblemCode::TooLarge, "The app definition is too large."));
    }
    portal.definitions.check(document).map_err(definition_invalid)
}

fn stamped(portal: &Portal, document: &str, id: AppId, version: i64) -> Result<String, Refusal> {
    portal.definitions.stamp(document, id, read_number(version)).map_err(definition_invalid)
}

fn definition_invalid(problems: Vec<PlaceProblem>) -> Refusal {
    let first = problems.first().map_or_else(String::new, |problem| problem.message.clone());
    let mut refusal =
        Refusal::new(ProblemCode::DefinitionInvalid, format!("The app definition has errors. {first}"));
    refusal.problems = problems;
    refusal
}

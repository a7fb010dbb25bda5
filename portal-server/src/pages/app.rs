//! The page of a published app: people, versions, a new spreadsheet, activity.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, State, multipart::MultipartRejection, rejection::FormRejection},
    http::StatusCode,
};
use portal_api::{AppId, AppState, InvitationId, PersonId, Role, SourceId, SourceKind, VersionChange};
use serde::Deserialize;

use super::{
    PageActor,
    home::{initial, role_word},
    icons,
    shell::{Chrome, PageAnswer, go, html, said, signed_in},
    words,
};
use crate::{
    apps::{self, NewSource},
    creation,
    domain::{Actor, EmailAddress},
    http::{
        creations::read_upload,
        extract::{Params, Search},
    },
    portal::Portal,
    refusal::{Cause, Refusal},
    store::{audit, persons},
};

/// The head of every page of an app.
struct Head {
    id: String,
    name: String,
    initial: String,
    series: usize,
    description: String,
    state: String,
    withdrawn: bool,
    owner: bool,
    tab: &'static str,
}

/// What was done just now, and how the form before went.
#[derive(Default, Deserialize)]
pub struct Said {
    #[serde(default)]
    done: String,
}

async fn head(portal: &Portal, actor: &Actor, id: AppId, tab: &'static str) -> Result<Head, Refusal> {
    let app = match apps::app(portal, actor, id).await {
        Ok(app) => app,
        // A withdrawn app is history for its owners.
        Err(refusal) => {
            let list = apps::list(portal, actor, None, apps::MAX_PAGE).await?;
            list.items.into_iter().find(|app| app.id == id).ok_or(refusal)?
        }
    };
    let withdrawn = app.state == AppState::Withdrawn;
    Ok(Head {
        series: look::series_of(&id.to_string()) + 1,
        id: id.to_string(),
        initial: initial(&app.name),
        name: app.name,
        description: app.description,
        state: if withdrawn {
            "Withdrawn".to_owned()
        } else {
            format!("Version {}, published {}", app.version, words::ago(app.changed_ms, portal.now_ms()))
        },
        withdrawn,
        owner: app.role >= Role::Owner,
        tab,
    })
}

/// Somebody who has the app.
struct Holder {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    since: String,
    can_withdraw: bool,
    you: bool,
}

/// Somebody who was invited.
struct Invited {
    id: String,
    email: String,
    role: &'static str,
    since: String,
}

#[derive(Template)]
#[template(path = "pages/app_people.html")]
struct People {
    chrome: Chrome,
    head: Head,
    holders: Vec<Holder>,
    invited: Vec<Invited>,
    done: &'static str,
    problem: Option<String>,
    email: String,
}

/// Who has the app.
pub async fn people(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
    Search(said): Search<Said>,
) -> PageAnswer {
    let actor = match signed_in(page_actor, &format!("/apps/{id}")) {
        Ok(actor) => actor,
        Err(way) => return Ok(*way),
    };
    let done = match said.done.as_str() {
        "published" => "The app is published. Invite the people who need it.",
        "invited" => "The invitation is on its way.",
        "withdrawn" => "The right was withdrawn. The app goes from their devices with the next sync.",
        _ => "",
    };
    people_page(&portal, &actor, id, StatusCode::OK, (done, None, String::new())).await
}

async fn people_page(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    status: StatusCode,
    (done, problem, email): (&'static str, Option<String>, String),
) -> PageAnswer {
    let head = head(portal, actor, id, "people").await?;
    let people = apps::people(portal, actor, id).await?;
    let now_ms = portal.now_ms();
    let holders = people.holders.into_iter().map(|holder| Holder {
        id: holder.person.to_string(),
        you: holder.person == actor.person,
        name: holder.name,
        email: holder.email,
        role: role_word(holder.role),
        since: words::ago(holder.since_ms, now_ms),
        can_withdraw: head.owner && !holder.by_team && !head.withdrawn,
    });
    let invited = people.invitations.into_iter().map(|invitation| Invited {
        id: invitation.id.to_string(),
        email: invitation.email,
        role: role_word(invitation.role),
        since: words::ago(invitation.invited_ms, now_ms),
    });
    let (holders, invited) = (holders.collect(), invited.collect());
    let chrome = Chrome::new(portal, Some(actor), "apps");
    html(status, &People { chrome, head, holders, invited, done, problem, email })
}

/// Whom to invite.
#[derive(Deserialize)]
pub struct Invite {
    email: String,
    #[serde(default)]
    role: String,
}

fn signed_out() -> Refusal {
    Refusal::signed_out()
}

/// Invites somebody.
pub async fn invite(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
    form: Result<Form<Invite>, FormRejection>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(signed_out)?;
    let Form(Invite { email, role }) =
        form.map_err(|_| Refusal::invalid("The form cannot be read. Open the page again."))?;
    let role = if role == "editor" { Role::Editor } else { Role::Viewer };
    let invited = match EmailAddress::parse(&email) {
        Ok(address) => {
            let new = portal_api::NewInvitation { email: address.as_str().to_owned(), role };
            apps::invite(&portal, &actor, id, &new).await.map(drop)
        }
        Err(refusal) => Err(refusal),
    };
    match invited {
        Ok(()) => Ok(go(&format!("/apps/{id}?done=invited"))),
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            people_page(&portal, &actor, id, status, ("", Some(sentence), email)).await
        }
    }
}

/// Takes somebody's right away.
pub async fn withdraw_person(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params((id, person)): Params<(AppId, PersonId)>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(signed_out)?;
    apps::withdraw_person(&portal, &actor, id, person).await?;
    Ok(go(&format!("/apps/{id}?done=withdrawn")))
}

/// Withdraws an invitation.
pub async fn withdraw_invitation(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params((id, invitation)): Params<(AppId, InvitationId)>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(signed_out)?;
    apps::withdraw_invitation(&portal, &actor, id, invitation).await?;
    Ok(go(&format!("/apps/{id}")))
}

/// Takes the whole app back.
pub async fn withdraw(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(signed_out)?;
    apps::withdraw(&portal, &actor, id).await?;
    Ok(go("/apps"))
}

/// A published version.
struct VersionRow {
    number: u64,
    change: &'static str,
    note: String,
    by: String,
    when: String,
    files: String,
}

#[derive(Template)]
#[template(path = "pages/app_versions.html")]
struct Versions {
    chrome: Chrome,
    head: Head,
    rows: Vec<VersionRow>,
    done: &'static str,
    found: Vec<String>,
}

/// What was published when.
pub async fn versions(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
) -> PageAnswer {
    let actor = match signed_in(page_actor, &format!("/apps/{id}/versions")) {
        Ok(actor) => actor,
        Err(way) => return Ok(*way),
    };
    versions_page(&portal, &actor, id, "", Vec::new()).await
}

async fn versions_page(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    done: &'static str,
    found: Vec<String>,
) -> PageAnswer {
    let head = head(portal, actor, id, "versions").await?;
    let page = apps::history(portal, actor, id, None, apps::MAX_PAGE).await?;
    let ids: Vec<String> = page.items.iter().map(|version| version.published_by.to_string()).collect();
    let people = persons::by_ids(portal.store.read(), ids).await?;
    let now_ms = portal.now_ms();
    let rows = page.items.into_iter().map(|version| {
        let by = version.published_by.to_string();
        let files: Vec<String> = version
            .sources
            .iter()
            .filter_map(|source| match source.kind {
                SourceKind::Http => source.url.clone(),
                _ => source.file_name.clone(),
            })
            .collect();
        VersionRow {
            number: version.number,
            change: match version.change {
                VersionChange::Created => "First version",
                VersionChange::Definition => "New definition",
                VersionChange::Spreadsheet => "New spreadsheet",
                VersionChange::Both => "New definition and spreadsheet",
                VersionChange::Unknown => "Changed",
            },
            note: version.note,
            by: people.iter().find(|p| p.id == by).map(|p| p.name.clone()).unwrap_or_default(),
            when: words::ago(version.published_ms, now_ms),
            files: files.join(", "),
        }
    });
    let rows = rows.collect();
    html(
        StatusCode::OK,
        &Versions { chrome: Chrome::new(portal, Some(actor), "apps"), head, rows, done, found },
    )
}

#[derive(Template)]
#[template(path = "pages/app_update.html")]
struct Update {
    chrome: Chrome,
    head: Head,
    problem: Option<String>,
    missing: Vec<String>,
}

async fn update_page(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    status: StatusCode,
    (problem, missing): (Option<String>, Vec<String>),
) -> PageAnswer {
    let head = head(portal, actor, id, "update").await?;
    html(status, &Update { chrome: Chrome::new(portal, Some(actor), "apps"), head, problem, missing })
}

/// Asks for a new spreadsheet.
pub async fn show_update(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
) -> PageAnswer {
    let actor = match signed_in(page_actor, &format!("/apps/{id}/update")) {
        Ok(actor) => actor,
        Err(way) => return Ok(*way),
    };
    update_page(&portal, &actor, id, StatusCode::OK, (None, Vec::new())).await
}

/// Publishes a new spreadsheet if the app finds all its cells in it, and says what moved.
pub async fn update(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
    form: Result<Multipart, MultipartRejection>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(signed_out)?;
    match try_update(&portal, &actor, id, form).await {
        Ok(Ok(found)) => {
            versions_page(
                &portal,
                &actor,
                id,
                "The new spreadsheet is published. Players get it with the next sync.",
                found,
            )
            .await
        }
        Ok(Err(missing)) => {
            let problem =
                "The app does not find all its cells in this spreadsheet. Nothing was published.".to_owned();
            update_page(&portal, &actor, id, StatusCode::UNPROCESSABLE_ENTITY, (Some(problem), missing)).await
        }
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            update_page(&portal, &actor, id, status, (Some(sentence), Vec::new())).await
        }
    }
}

/// What moved, or what is missing.
async fn try_update(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Result<Vec<String>, Vec<String>>, Refusal> {
    let mut form = form.map_err(|_| Refusal::invalid("Choose a spreadsheet first."))?;
    let (bytes, name) = read_upload(portal, &mut form).await?;
    let app = apps::app(portal, actor, id).await?;
    if app.role < Role::Editor {
        return Err(Refusal::forbidden("Only an editor or owner of this app can do this."));
    }
    let problems = creation::check_spreadsheet(portal, actor, id, (&bytes, &name)).await?;
    let (missing, found): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| problem.is_error);
    if !missing.is_empty() {
        return Ok(Err(missing.into_iter().map(|problem| problem.text).collect()));
    }
    let source = app.sources.first().map_or_else(SourceId::main, |source| source.id.clone());
    let new = NewSource::File { bytes: bytes.share(), name };
    apps::update_spreadsheet(portal, actor, id, source, new, String::new()).await?;
    Ok(Ok(found.into_iter().map(|problem| problem.text).collect()))
}

/// Something that happened to the app.
struct Happened {
    what: String,
    who: String,
    when: String,
}

#[derive(Template)]
#[template(path = "pages/app_activity.html")]
struct Activity {
    chrome: Chrome,
    head: Head,
    rows: Vec<Happened>,
}

/// What happened to the app, from the audit log. For those who may see who has it.
pub async fn activity(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<AppId>,
) -> PageAnswer {
    let actor = match signed_in(page_actor, &format!("/apps/{id}/activity")) {
        Ok(actor) => actor,
        Err(way) => return Ok(*way),
    };
    let head = head(&portal, &actor, id, "activity").await?;
    // Whoever may see the people may see what they did.
    apps::people(&portal, &actor, id).await?;
    let entries = audit::about(portal.store.read(), &id.to_string(), apps::MAX_PAGE).await?;
    let ids = entries.iter().map(|entry| entry.actor.clone()).collect();
    let people = persons::by_ids(portal.store.read(), ids).await.map_err(Cause::from)?;
    let now_ms = portal.now_ms();
    let rows = entries.into_iter().map(|entry| Happened {
        what: sentence(&entry.action).to_owned(),
        who: people
            .iter()
            .find(|person| person.id == entry.actor)
            .map_or_else(|| "The portal".to_owned(), |person| person.name.clone()),
        when: words::ago(entry.at_ms, now_ms),
    });
    let rows = rows.collect();
    html(StatusCode::OK, &Activity { chrome: Chrome::new(&portal, Some(&actor), "apps"), head, rows })
}

fn sentence(action: &str) -> &str {
    match action {
        "app.published" => "Published a version",
        "app.withdrawn" => "Withdrew the app",
        "invitation.sent" => "Invited somebody",
        "invitation.accepted" => "Accepted an invitation",
        "invitation.withdrawn" => "Withdrew an invitation",
        "invitation.wrong_address" => "Tried to accept an invitation for another address",
        "access.withdrawn" => "Withdrew somebody’s right",
        "spreadsheet.ticket" => "Fetched the spreadsheet",
        other => other,
    }
}

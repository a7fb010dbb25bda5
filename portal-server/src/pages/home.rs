//! The first page, and the person's apps.

use askama::Template;
use axum::{extract::State, http::StatusCode};
use portal_api::{AppState, Role};

use super::{
    PageActor, icons,
    shell::{Chrome, PageAnswer, go, html, signed_in},
    words,
};
use crate::{apps, creation::BrowserSession, portal::Portal};

#[derive(Template)]
#[template(path = "pages/landing.html")]
struct Landing {
    chrome: Chrome,
}

/// What the portal is, for who comes by; the apps, for who is signed in.
pub async fn landing(State(portal): State<Portal>, page_actor: PageActor) -> PageAnswer {
    if page_actor.actor.is_some() {
        return Ok(go("/apps"));
    }
    html(StatusCode::OK, &Landing { chrome: Chrome::new(&portal, None, "") })
}

/// One app of the list.
struct Row {
    id: String,
    name: String,
    initial: String,
    description: String,
    series: usize,
    state: String,
    withdrawn: bool,
    role: &'static str,
    manages: bool,
}

/// A draft that waits in this browser.
struct Waiting {
    id: String,
    name: String,
    left: String,
}

#[derive(Template)]
#[template(path = "pages/apps.html")]
struct Apps {
    chrome: Chrome,
    rows: Vec<Row>,
    drafts: Vec<Waiting>,
    more: bool,
}

/// The person's apps.
pub async fn apps(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
) -> PageAnswer {
    let actor = match signed_in(page_actor, "/apps") {
        Ok(actor) => actor,
        Err(way) => return Ok(*way),
    };
    let now_ms = portal.now_ms();
    let page = apps::list(&portal, &actor, None, apps::MAX_PAGE).await?;
    let rows = page.items.into_iter().map(|app| {
        let id = app.id.to_string();
        Row {
            series: look::series_of(&id) + 1,
            id,
            initial: initial(&app.name),
            name: app.name,
            description: app.description,
            state: match app.state {
                AppState::Withdrawn => "withdrawn".to_owned(),
                _ => format!("version {}, {}", app.version, words::ago(app.changed_ms, now_ms)),
            },
            withdrawn: app.state == AppState::Withdrawn,
            role: role_word(app.role),
            manages: app.role >= Role::Editor,
        }
    });
    let mut drafts = Vec::new();
    for creation in session.hash.iter().flat_map(|hash| portal.creations.of(hash, now_ms)) {
        let name = creation.draft.lock().await.name();
        let minutes = usize::try_from(creation.left_ms(now_ms) / 60_000).unwrap_or(0).max(1);
        drafts.push(Waiting {
            id: creation.id.clone(),
            name,
            left: words::count(minutes, "minute", "minutes"),
        });
    }
    let rows = rows.collect();
    let chrome = Chrome::new(&portal, Some(&actor), "apps");
    html(StatusCode::OK, &Apps { chrome, rows, drafts, more: page.next.is_some() })
}

/// The first letter of a name.
pub fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
}

/// A role for people.
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Editor => "Can edit",
        Role::Viewer => "Can use",
        Role::Unknown => "Unknown",
    }
}

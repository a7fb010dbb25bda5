//! The first step of creation: give the portal a spreadsheet.

use askama::Template;
use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    http::{StatusCode, header},
    response::Response,
};

use super::{
    PageActor, icons,
    shell::{Chrome, PageAnswer, go, html, said},
    words,
};
use crate::{
    creation::BrowserSession,
    domain::Actor,
    http::{creations::begin, language::Language},
    portal::Portal,
    refusal::Refusal,
};

#[derive(Template)]
#[template(path = "pages/create.html")]
struct Upload {
    chrome: Chrome,
    problem: Option<String>,
    largest: String,
}

fn page(portal: &Portal, actor: Option<&Actor>, status: StatusCode, problem: Option<String>) -> PageAnswer {
    let largest = words::size(u64::try_from(portal.config.limits.upload_bytes).unwrap_or(u64::MAX));
    let largest = largest.replace(".0 ", " ").replace(' ', "\u{a0}");
    html(status, &Upload { chrome: Chrome::new(portal, actor, "create"), problem, largest })
}

/// Asks for a spreadsheet. For everybody: who only wants to try needs no account.
pub async fn show(State(portal): State<Portal>, page_actor: PageActor) -> PageAnswer {
    page(&portal, page_actor.actor.as_ref(), StatusCode::OK, None)
}

/// Takes a spreadsheet and leads to its proposal.
pub async fn upload(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
    language: Language,
    form: Result<Multipart, MultipartRejection>,
) -> PageAnswer {
    let begun = match form {
        Ok(form) => begin(&portal, (session, language), form).await,
        Err(_) => Err(Refusal::invalid("Choose a spreadsheet first.")),
    };
    match begun {
        Ok((creation, cookie)) => {
            let mut response: Response = go(&format!("/create/{}", creation.id));
            if let Some(cookie) = cookie {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            page(&portal, page_actor.actor.as_ref(), status, Some(sentence))
        }
    }
}

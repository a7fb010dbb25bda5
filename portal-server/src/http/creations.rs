//! Creation: upload, proposal, edits, preview, publication. For the browser session that uploaded, by its cookie.
#![allow(unused_qualifications, reason = "utoipa's macro writes full paths")]

use axum::{
    extract::{Multipart, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{AppSummary, DEFINITION_MEDIA_TYPE, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    extract::{Json, OptionalJson, Params, Search, file_name, too_large},
    language::Language,
};
use crate::{
    creation::{
        self, Act, Alternative, BrowserSession, Creation, Edit, Gathered, OutlineNode, Remark, SecretBytes,
        Why,
    },
    pages::{PageActor, from_this_portal},
    portal::Portal,
    refusal::Refusal,
};

/// The form of `POST /creations`.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only describes the form in the OpenAPI document")]
pub struct CreationForm {
    /// The spreadsheet, with its file name.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    spreadsheet: String,
}

/// A creation, as the browser that began it sees it.
#[derive(Serialize, ToSchema)]
pub struct CreationState {
    /// Its id: 256 random bits.
    pub id: String,
    /// The upload's file name.
    pub file_name: String,
    /// The draft's name.
    pub name: String,
    /// The draft's description.
    pub description: String,
    /// Milliseconds until it is forgotten if it is used no more.
    pub left_ms: i64,
    /// The proposal, in the form that the command line prints.
    #[schema(value_type = Object)]
    pub proposal: serde_json::Value,
    /// The draft's parts, each in front of those inside it.
    pub outline: Vec<OutlineNode>,
    /// Why each part was proposed, by its id.
    #[schema(value_type = Object)]
    pub whys: std::collections::BTreeMap<String, Why>,
    /// Cells that could be in the app too.
    pub alternatives: Vec<Alternative>,
    /// What will not work, or works differently.
    pub remarks: Vec<Remark>,
    /// The edits so far, in order.
    pub edits: Vec<Edit>,
}

async fn state(portal: &Portal, creation: &Creation) -> CreationState {
    let base = creation::base(creation);
    let draft = creation.draft.lock().await;
    CreationState {
        id: creation.id.clone(),
        file_name: creation.file_name.clone(),
        name: draft.name(),
        description: draft.description(),
        left_ms: creation.left_ms(portal.now_ms()),
        proposal: base.proposal.clone(),
        outline: draft.outline(),
        whys: base.whys.clone(),
        alternatives: base.alternatives.clone(),
        remarks: base.remarks.clone(),
        edits: draft.edits.clone(),
    }
}

/// Reads the part `spreadsheet` of a form into memory, piece by piece.
///
/// # Errors
/// For a form that cannot be read, has no file, or holds more than the portal takes.
pub async fn read_upload(portal: &Portal, form: &mut Multipart) -> Result<(SecretBytes, String), Refusal> {
    let unreadable = |error: &axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Refusal::invalid("The form cannot be read as multipart/form-data."),
    };
    while let Some(mut field) = form.next_field().await.map_err(|error| unreadable(&error))? {
        if field.name() != Some("spreadsheet") {
            continue;
        }
        let name = file_name(field.file_name().unwrap_or_default());
        let mut gathered = Gathered::up_to(portal.config.limits.upload_bytes);
        while let Some(piece) = field.chunk().await.map_err(|error| unreadable(&error))? {
            if !gathered.add(&piece) {
                return Err(too_large());
            }
        }
        if name.is_empty() {
            return Err(Refusal::invalid("Choose a spreadsheet first."));
        }
        return Ok((gathered.finish(), name));
    }
    Err(Refusal::invalid("The form has no part spreadsheet."))
}

/// Begins a creation in the browser's session, or in a fresh one whose cookie is handed back.
///
/// # Errors
/// As [`creation::create`].
pub async fn begin(
    portal: &Portal,
    (session, language): (BrowserSession, Language),
    mut form: Multipart,
) -> Result<(std::sync::Arc<Creation>, Option<HeaderValue>), Refusal> {
    let (bytes, name) = read_upload(portal, &mut form).await?;
    let (hash, cookie) = match session.hash {
        Some(hash) => (hash, None),
        None => {
            let (hash, cookie) = creation::session_cookie(portal)?;
            (hash, Some(cookie))
        }
    };
    Ok((creation::create(portal, (&hash, language), bytes, name).await?, cookie))
}

fn find(portal: &Portal, session: &BrowserSession, id: &str) -> Result<std::sync::Arc<Creation>, Refusal> {
    portal.creations.get(session.hash.as_deref(), id, portal.now_ms())
}

/// Uploads a spreadsheet and gets a proposal. Nothing is stored; a cookie ties the creation to this browser. Its
/// preview writes numbers and dates as `Accept-Language` says here.
#[utoipa::path(post, path = "/api/v1/creations", tag = "creations",
    request_body(content = CreationForm, content_type = "multipart/form-data"), responses(
    (status = 201, body = CreationState), (status = 403, body = Problem), (status = 413, body = Problem),
    (status = 422, description = "Not a spreadsheet that can be used", body = Problem), (status = 429, body = Problem)))]
pub async fn create(
    State(portal): State<Portal>,
    headers: HeaderMap,
    session: BrowserSession,
    language: Language,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Refusal> {
    from_this_portal(&portal, &headers)?;
    let form = form.map_err(|_| Refusal::invalid("Send the body as multipart/form-data."))?;
    let (creation, cookie) = begin(&portal, (session, language), form).await?;
    let mut response = (StatusCode::CREATED, axum::Json(state(&portal, &creation).await)).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The proposal, and the draft as it stands.
#[utoipa::path(get, path = "/api/v1/creations/{id}", tag = "creations", params(("id" = String, Path)),
    responses((status = 200, body = CreationState), (status = 404, body = Problem)))]
pub async fn creation(
    State(portal): State<Portal>,
    session: BrowserSession,
    Params(id): Params<String>,
) -> Result<axum::Json<CreationState>, Refusal> {
    let creation = find(&portal, &session, &id)?;
    Ok(axum::Json(state(&portal, &creation).await))
}

/// Edits of a draft.
#[derive(Deserialize, ToSchema)]
pub struct Edits {
    /// In order; all are applied or none.
    pub edits: Vec<Edit>,
    /// Takes the last edit back first.
    #[serde(default)]
    pub undo: bool,
}

/// Edits the draft.
#[utoipa::path(patch, path = "/api/v1/creations/{id}", tag = "creations", params(("id" = String, Path)),
    request_body = Edits, responses((status = 200, body = CreationState), (status = 400, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn edit(
    State(portal): State<Portal>,
    headers: HeaderMap,
    session: BrowserSession,
    Params(id): Params<String>,
    Json(body): Json<Edits>,
) -> Result<axum::Json<CreationState>, Refusal> {
    from_this_portal(&portal, &headers)?;
    let creation = find(&portal, &session, &id)?;
    if body.undo {
        creation::undo(&creation).await;
    }
    creation::edit(&creation, body.edits).await?;
    Ok(axum::Json(state(&portal, &creation).await))
}

/// Forgets a creation at once.
#[utoipa::path(delete, path = "/api/v1/creations/{id}", tag = "creations", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn discard(
    State(portal): State<Portal>,
    headers: HeaderMap,
    session: BrowserSession,
    Params(id): Params<String>,
) -> Result<StatusCode, Refusal> {
    from_this_portal(&portal, &headers)?;
    let creation = find(&portal, &session, &id)?;
    creation::discard(&portal, &creation);
    Ok(StatusCode::NO_CONTENT)
}

/// Which page of the app is in front.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewQuery {
    /// The page's place, counted from 0.
    #[serde(default)]
    pub page: usize,
}

async fn shown(
    portal: &Portal,
    creation: &Creation,
    headers: &HeaderMap,
    page: usize,
) -> Result<Response, Refusal> {
    let shown = creation::show(portal, creation, page).await?;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    Ok(if accept.contains("text/html") {
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], shown.html).into_response()
    } else {
        axum::Json(serde_json::json!({ "view": shown.view, "problems": shown.problems })).into_response()
    })
}

/// The draft as it looks: data, or a fragment of HTML for `Accept: text/html`.
#[utoipa::path(get, path = "/api/v1/creations/{id}/view", tag = "creations", params(("id" = String, Path), ViewQuery),
    responses((status = 200, body = Object), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn view(
    State(portal): State<Portal>,
    headers: HeaderMap,
    session: BrowserSession,
    Params(id): Params<String>,
    Search(query): Search<ViewQuery>,
) -> Result<Response, Refusal> {
    let creation = find(&portal, &session, &id)?;
    shown(&portal, &creation, &headers, query.page).await
}

/// Does something in the preview and shows what followed.
#[utoipa::path(post, path = "/api/v1/creations/{id}/view", tag = "creations", params(("id" = String, Path), ViewQuery),
    request_body = Act, responses((status = 200, body = Object), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn act(
    State(portal): State<Portal>,
    headers: HeaderMap,
    session: BrowserSession,
    Params(id): Params<String>,
    Search(query): Search<ViewQuery>,
    Json(act): Json<Act>,
) -> Result<Response, Refusal> {
    from_this_portal(&portal, &headers)?;
    let creation = find(&portal, &session, &id)?;
    creation::act(&creation, act).await?;
    shown(&portal, &creation, &headers, query.page).await
}

/// The definition as it would be published.
#[utoipa::path(get, path = "/api/v1/creations/{id}/definition", tag = "creations", params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "application/xml"), (status = 404, body = Problem)))]
pub async fn definition(
    State(portal): State<Portal>,
    session: BrowserSession,
    Params(id): Params<String>,
) -> Result<Response, Refusal> {
    let creation = find(&portal, &session, &id)?;
    let document = creation::definition(&creation).await?;
    let headers = [
        (header::CONTENT_TYPE, DEFINITION_MEDIA_TYPE),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"app.xml\""),
    ];
    Ok((headers, document).into_response())
}

/// Words about a publication.
#[derive(Default, Deserialize, ToSchema)]
pub struct Publish {
    /// For the people who get the app.
    #[serde(default)]
    pub note: String,
}

/// Publishes the draft as a new app of the person who is signed in in this browser.
#[utoipa::path(post, path = "/api/v1/creations/{id}/publish", tag = "creations", params(("id" = String, Path)),
    request_body = Publish, responses((status = 201, body = AppSummary), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn publish(
    State(portal): State<Portal>,
    headers: HeaderMap,
    session: BrowserSession,
    page_actor: PageActor,
    Params(id): Params<String>,
    OptionalJson(body): OptionalJson<Publish>,
) -> Result<(StatusCode, axum::Json<AppSummary>), Refusal> {
    from_this_portal(&portal, &headers)?;
    let creation = find(&portal, &session, &id)?;
    let actor = page_actor.actor.ok_or_else(Refusal::signed_out)?;
    let summary = creation::publish(&portal, &actor, &creation, body.note).await?;
    Ok((StatusCode::CREATED, axum::Json(summary)))
}

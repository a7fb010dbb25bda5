//! Apps: publishing, reading, tickets, leases, sync.
#![allow(unused_qualifications, reason = "utoipa's macro writes full paths")]

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{Multipart, State, multipart::Field},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{
    AppId, AppSummary, DEFINITION_MEDIA_TYPE, LeaseRequest, NewAddress, Page, Problem, SignedLease,
    SourceAuth, SourceId, SyncState, Ticket, Version,
};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Json, NoteQuery, OptionalJson, PageQuery, Params, Raw, Search, file_name, too_large};
use crate::{
    apps::{self, NewSource, Parcel},
    domain::Actor,
    portal::Portal,
    refusal::Refusal,
};

type Answer<T> = Result<axum::Json<T>, Refusal>;

/// The form of `POST /apps`. Where an app has several sources, the parts that belong to one carry its id after a
/// colon: `spreadsheet:prices`.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only describes the form in the OpenAPI document")]
pub struct PublishForm {
    /// The app definition, XML.
    definition: String,
    /// A spreadsheet, with its file name.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    spreadsheet: Option<String>,
    /// Instead of a spreadsheet: the address that players ask themselves.
    source_url: Option<String>,
    /// How players sign in at that address: `none` or `basic`.
    source_auth: Option<String>,
    /// Words about this version.
    note: Option<String>,
}

/// The apps of the person.
#[utoipa::path(get, path = "/api/v1/apps", tag = "apps", security(("access" = [])), params(PageQuery), responses(
    (status = 200, body = Page<AppSummary>), (status = 401, body = Problem)))]
pub async fn list(
    actor: Actor,
    State(portal): State<Portal>,
    Search(page): Search<PageQuery>,
) -> Answer<Page<AppSummary>> {
    Ok(axum::Json(apps::list(&portal, &actor, page.position()?, page.limit).await?))
}

/// Publishes an app. Where the definition names an app that the person may edit: that app's next version.
#[utoipa::path(post, path = "/api/v1/apps", tag = "apps", security(("access" = [])),
    request_body(content = PublishForm, content_type = "multipart/form-data"), responses(
    (status = 201, body = AppSummary), (status = 200, description = "The next version", body = AppSummary),
    (status = 401, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
pub async fn publish(
    actor: Actor,
    State(portal): State<Portal>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<(StatusCode, axum::Json<AppSummary>), Refusal> {
    let form = form.map_err(|_| Refusal::invalid("Send the body as multipart/form-data."))?;
    let parcel = read_parcel(form).await?;
    let (summary, new) = apps::publish(&portal, &actor, parcel).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, axum::Json(summary)))
}

async fn read_parcel(mut form: Multipart) -> Result<Parcel, Refusal> {
    let mut definition = None;
    let mut note = String::new();
    let mut sources = BTreeMap::new();
    let mut auths: BTreeMap<SourceId, SourceAuth> = BTreeMap::new();
    while let Some(field) = form.next_field().await.map_err(|error| multipart(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let (kind, id) = name.split_once(':').unwrap_or((name.as_str(), SourceId::MAIN));
        let id: SourceId =
            id.parse().map_err(|error| Refusal::invalid(format!("In a part's name: {error}.")))?;
        let before = match kind {
            "definition" => {
                definition = Some(text(field).await?);
                None
            }
            "note" => {
                note = text(field).await?;
                None
            }
            "spreadsheet" => {
                let name = file_name(field.file_name().unwrap_or_default());
                let bytes = field.bytes().await.map_err(|error| multipart(&error))?;
                sources.insert(id, NewSource::File { bytes, name })
            }
            "source_url" => {
                let url = text(field).await?;
                sources.insert(id, NewSource::Address { url, auth: SourceAuth::None })
            }
            "source_auth" => {
                let auth = match text(field).await?.as_str() {
                    "none" => SourceAuth::None,
                    "basic" => SourceAuth::Basic,
                    _ => SourceAuth::Unknown,
                };
                auths.insert(id, auth);
                None
            }
            _ => return Err(Refusal::invalid("The form has a part that is not known.")),
        };
        if before.is_some() {
            return Err(Refusal::invalid("The form has two spreadsheets or addresses for one source."));
        }
    }
    for (id, new) in &mut sources {
        if let (NewSource::Address { auth, .. }, Some(told)) = (new, auths.get(id)) {
            *auth = *told;
        }
    }
    let definition = definition.ok_or_else(|| Refusal::invalid("The form has no part definition."))?;
    Ok(Parcel { definition, sources, note })
}

async fn text(field: Field<'_>) -> Result<String, Refusal> {
    let bytes = field.bytes().await.map_err(|error| multipart(&error))?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::invalid("A part of the form is not UTF-8."))
}

fn multipart(error: &axum::extract::multipart::MultipartError) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Refusal::invalid("The form cannot be read as multipart/form-data."),
    }
}

/// One app.
#[utoipa::path(get, path = "/api/v1/apps/{id}", tag = "apps", security(("access" = [])), params(("id" = AppId, Path)),
    responses((status = 200, body = AppSummary), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub async fn app(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
) -> Answer<AppSummary> {
    Ok(axum::Json(apps::app(&portal, &actor, id).await?))
}

/// Takes an app back from everybody.
#[utoipa::path(delete, path = "/api/v1/apps/{id}", tag = "apps", security(("access" = [])), params(("id" = AppId, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub async fn withdraw(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
) -> Result<StatusCode, Refusal> {
    apps::withdraw(&portal, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The current definition of an app.
#[utoipa::path(get, path = "/api/v1/apps/{id}/definition", tag = "apps", security(("access" = [])),
    params(("id" = AppId, Path)), responses((status = 200, body = String, content_type = "application/xml"),
    (status = 304), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub async fn definition(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let definition = apps::definition(&portal, &actor, id).await?;
    let etag = quoted(&definition.etag);
    let mut response = if matches(&headers, &definition.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = HeaderValue::from_static(DEFINITION_MEDIA_TYPE);
        ([(header::CONTENT_TYPE, kind)], definition.document).into_response()
    };
    response.headers_mut().insert(header::ETAG, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

fn quoted(etag: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{etag}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Whether `If-None-Match` names this tag.
fn matches(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|tag| {
            let bare = tag.trim_start_matches("W/").trim_matches('"');
            tag == "*" || bare == etag
        })
    })
}

/// Publishes a new definition; the spreadsheets stay.
#[utoipa::path(put, path = "/api/v1/apps/{id}/definition", tag = "apps", security(("access" = [])),
    params(("id" = AppId, Path), NoteQuery), request_body(content = String, content_type = "application/xml"),
    responses((status = 200, body = AppSummary), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn update_definition(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
    Search(query): Search<NoteQuery>,
    Raw(body): Raw,
) -> Answer<AppSummary> {
    let document =
        String::from_utf8(body.to_vec()).map_err(|_| Refusal::invalid("The definition is not UTF-8."))?;
    Ok(axum::Json(apps::update_definition(&portal, &actor, id, document, query.note).await?))
}

/// Which spreadsheet is sent.
#[derive(Clone, Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SpreadsheetQuery {
    /// The source; `main` if absent.
    #[serde(default = "SourceId::main")]
    pub source: SourceId,
    /// The file's name; its ending says what it is.
    pub name: String,
    /// Words about this version, for the people who have the app.
    #[serde(default)]
    pub note: String,
}

/// Publishes a new spreadsheet; the definition and its entity tag stay.
#[utoipa::path(put, path = "/api/v1/apps/{id}/spreadsheet", tag = "apps", security(("access" = [])),
    params(("id" = AppId, Path), SpreadsheetQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = AppSummary),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn update_spreadsheet(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
    Search(query): Search<SpreadsheetQuery>,
    Raw(bytes): Raw,
) -> Answer<AppSummary> {
    let new = NewSource::File { bytes, name: file_name(&query.name) };
    Ok(axum::Json(apps::update_spreadsheet(&portal, &actor, id, query.source, new, query.note).await?))
}

/// Moves a source to an address that players ask themselves. The portal stores the address and never asks it.
#[utoipa::path(put, path = "/api/v1/apps/{id}/sources/{sid}", tag = "apps", security(("access" = [])),
    params(("id" = AppId, Path), ("sid" = SourceId, Path)), request_body = NewAddress, responses(
    (status = 200, body = AppSummary), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn update_source(
    actor: Actor,
    State(portal): State<Portal>,
    Params((id, source)): Params<(AppId, SourceId)>,
    Json(body): Json<NewAddress>,
) -> Answer<AppSummary> {
    let new = NewSource::Address { url: body.url, auth: body.auth };
    Ok(axum::Json(apps::update_spreadsheet(&portal, &actor, id, source, new, body.note).await?))
}

/// The versions of an app, latest first.
#[utoipa::path(get, path = "/api/v1/apps/{id}/versions", tag = "apps", security(("access" = [])),
    params(("id" = AppId, Path), PageQuery), responses((status = 200, body = Page<Version>), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 410, body = Problem)))]
pub async fn versions(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
    Search(page): Search<PageQuery>,
) -> Answer<Page<Version>> {
    Ok(axum::Json(apps::history(&portal, &actor, id, page.position()?, page.limit).await?))
}

/// A ticket for a hosted spreadsheet.
#[utoipa::path(post, path = "/api/v1/apps/{id}/sources/{sid}/ticket", tag = "apps", security(("access" = [])),
    params(("id" = AppId, Path), ("sid" = SourceId, Path)), responses((status = 201, body = Ticket),
    (status = 404, body = Problem), (status = 410, body = Problem), (status = 422, description = "Not hosted", body = Problem)))]
pub async fn ticket(
    actor: Actor,
    State(portal): State<Portal>,
    Params((id, source)): Params<(AppId, SourceId)>,
) -> Result<(StatusCode, axum::Json<Ticket>), Refusal> {
    Ok((StatusCode::CREATED, axum::Json(apps::ticket(&portal, &actor, id, &source).await?)))
}

/// The sealed bytes of an object, by ticket. Needs no sign-in.
#[utoipa::path(get, path = "/api/v1/objects/{ticket}", tag = "apps", params(("ticket" = String, Path)), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
pub async fn object(
    State(portal): State<Portal>,
    Params(ticket): Params<String>,
) -> Result<Response, Refusal> {
    let (row, size, bytes) = apps::object_of_ticket(&portal, &ticket).await?;
    let mut response = Body::from_stream(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::ETAG, quoted(&row.sha256));
    Ok(response)
}

/// A lease for an app on the asking device, as long as the app allows.
#[utoipa::path(get, path = "/api/v1/apps/{id}/lease", tag = "apps", security(("access" = [])), params(("id" = AppId, Path)),
    responses((status = 200, body = SignedLease), (status = 404, body = Problem), (status = 410, body = Problem)))]
pub async fn lease(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
) -> Answer<SignedLease> {
    Ok(axum::Json(apps::lease(&portal, &actor, id, None).await?))
}

/// A lease of a chosen length, at most as long as the app allows.
#[utoipa::path(post, path = "/api/v1/apps/{id}/lease", tag = "apps", security(("access" = [])), params(("id" = AppId, Path)),
    request_body = LeaseRequest, responses((status = 200, body = SignedLease), (status = 404, body = Problem),
    (status = 410, body = Problem)))]
pub async fn ask_lease(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
    OptionalJson(body): OptionalJson<LeaseRequest>,
) -> Answer<SignedLease> {
    Ok(axum::Json(apps::lease(&portal, &actor, id, body.days).await?))
}

/// Everything that a player must know, in one call.
#[utoipa::path(get, path = "/api/v1/sync", tag = "apps", security(("access" = [])), params(PageQuery), responses(
    (status = 200, body = SyncState), (status = 401, body = Problem)))]
pub async fn sync(
    actor: Actor,
    State(portal): State<Portal>,
    Search(page): Search<PageQuery>,
) -> Answer<SyncState> {
    Ok(axum::Json(apps::sync(&portal, &actor, page.position()?).await?))
}

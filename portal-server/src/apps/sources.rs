//! The sources of a version: brought together from the definition and what came with it, judged, sealed.

use std::collections::BTreeMap;

use axum::body::Bytes;
use portal_api::{AppId, ProblemCode, SourceAuth, SourceId};
use url::Url;

use super::{auth_word, publish::NewSource};
use crate::{
    creation,
    definitions::{CheckedDefinition, DeclaredPlace, DeclaredSource},
    domain::one_line,
    portal::Portal,
    refusal::Refusal,
    store::{
        apps::FullVersion,
        entities::{object, version_source},
    },
};

/// One source of the version to be: judged, and sealed where it is hosted.
pub(super) struct ReadySource {
    /// The row.
    pub row: version_source::Model,
    /// The object that was sealed for it now; `None` where an earlier one, or an address, serves.
    pub fresh: Option<object::Model>,
}

/// The sources of a version, as if its definition had just declared them.
pub(super) fn declared_by(version: &FullVersion) -> Vec<DeclaredSource> {
    let declared = version.sources.iter().filter_map(|(source, _)| {
        let place = match (&source.url, &source.auth) {
            (Some(url), auth) => {
                let auth = auth.as_deref().map_or(SourceAuth::None, super::read_auth);
                DeclaredPlace::Http { url: url.clone(), auth }
            }
            (None, _) => DeclaredPlace::Hosted,
        };
        Some(DeclaredSource { id: source.source_id.parse().ok()?, place })
    });
    declared.collect()
}

/// Brings what the definition declares and what came with it together; seals what is new.
pub(super) async fn prepare(
    portal: &Portal,
    app: AppId,
    number: i64,
    checked: &CheckedDefinition,
    mut given: BTreeMap<SourceId, NewSource>,
    before: Option<&FullVersion>,
) -> Result<Vec<ReadySource>, Refusal> {
    let mut declared: BTreeMap<SourceId, DeclaredPlace> =
        checked.sources.iter().map(|source| (source.id.clone(), source.place.clone())).collect();
    if declared.is_empty() {
        declared.insert(SourceId::main(), DeclaredPlace::Hosted);
    }
    // A single spreadsheet that names no source belongs to the only one there is, whatever that is called.
    if let [only] = declared.keys().collect::<Vec<_>>().as_slice()
        && !given.contains_key(*only)
        && given.len() == 1
        && let Some(new) = given.remove(&SourceId::main())
    {
        given.insert((*only).clone(), new);
    }
    if let Some(stranger) = given.keys().find(|id| !declared.contains_key(*id)) {
        let detail =
            format!("The app definition declares no source {stranger}. Declare it, or name another source.");
        return Err(Refusal::new(ProblemCode::SourceInvalid, detail));
    }
    // All is judged before anything is sealed, so that a refusal leaves nothing behind.
    let mut judged = Vec::new();
    for (id, place) in declared {
        let new = given.remove(&id);
        judged.push((judge_source(portal, &id, place, new, before)?, id));
    }
    for (judged, _) in &judged {
        if let Judged::File { bytes, name } = judged {
            creation::try_open(portal, bytes, name).await?;
        }
    }
    let mut ready: Vec<ReadySource> = Vec::new();
    for (judged, id) in judged {
        let row = version_source::Model {
            app_id: app.to_string(),
            number,
            source_id: id.to_string(),
            kind: "hosted".to_owned(),
            object_id: None,
            url: None,
            auth: None,
            file_name: None,
        };
        match seal(portal, app, row, judged).await {
            Ok(source) => ready.push(source),
            Err(refusal) => {
                let sealed: Vec<_> = ready.into_iter().filter_map(|ready| ready.fresh).collect();
                portal.objects.forget(&sealed).await;
                return Err(refusal);
            }
        }
    }
    Ok(ready)
}

/// A source that can be used.
enum Judged {
    File { bytes: Bytes, name: String },
    Kept { object_id: String, file_name: Option<String> },
    Address { url: Url, auth: SourceAuth },
}

fn judge_source(
    portal: &Portal,
    id: &SourceId,
    place: DeclaredPlace,
    new: Option<NewSource>,
    before: Option<&FullVersion>,
) -> Result<Judged, Refusal> {
    match (new, place) {
        (Some(NewSource::File { bytes, name }), _) => {
            judge_file(portal, &bytes, &name)?;
            Ok(Judged::File { bytes, name: one_line(&name, 200) })
        }
        (Some(NewSource::Address { url, auth }), _) | (None, DeclaredPlace::Http { url, auth }) => {
            Ok(Judged::Address { url: judge_address(id, &url)?, auth: judge_auth(id, auth)? })
        }
        (None, DeclaredPlace::Hosted) => {
            let earlier = before
                .and_then(|version| version.sources.iter().find(|(row, _)| row.source_id == id.as_str()));
            match earlier.map(|(row, _)| (row.object_id.clone(), row.url.clone(), row)) {
                Some((Some(object_id), _, row)) => {
                    Ok(Judged::Kept { object_id, file_name: row.file_name.clone() })
                }
                Some((None, Some(url), row)) => {
                    let auth = row.auth.as_deref().map_or(SourceAuth::None, super::read_auth);
                    Ok(Judged::Address { url: judge_address(id, &url)?, auth: judge_auth(id, auth)? })
                }
                _ => {
                    let detail =
                        format!("The source {id} has no spreadsheet. Send one, or the address of one.");
                    Err(Refusal::new(ProblemCode::SpreadsheetInvalid, detail))
                }
            }
        }
    }
}

fn judge_auth(id: &SourceId, auth: SourceAuth) -> Result<SourceAuth, Refusal> {
    match auth {
        SourceAuth::None | SourceAuth::Basic => Ok(auth),
        SourceAuth::Unknown => {
            let detail =
                format!("The source {id} wants a sign-in that this portal does not know. Use none or basic.");
            Err(Refusal::new(ProblemCode::SourceInvalid, detail))
        }
    }
}

/// An address is judged by its text alone; the portal never asks it.
fn judge_address(id: &SourceId, text: &str) -> Result<Url, Refusal> {
    let bad = |reason: &str| {
        Refusal::new(ProblemCode::SourceInvalid, format!("The address of the source {id} {reason}."))
    };
    if text.len() > 2_000 {
        return Err(bad("is longer than 2000 bytes"));
    }
    let url =
        Url::parse(text.trim()).map_err(|_| bad("is none; write it as https://server/path/file.xlsx"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(bad("does not begin with http:// or https:// and a server"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("holds a name or password; take them out, the player asks the person"));
    }
    Ok(url)
}

/// What a spreadsheet's size and name tell, before it is opened.
fn judge_file(portal: &Portal, bytes: &Bytes, name: &str) -> Result<(), Refusal> {
    let bad = |detail: &str| Err(Refusal::new(ProblemCode::SpreadsheetInvalid, detail));
    if bytes.len() > portal.config.limits.upload_bytes {
        return Err(Refusal::new(ProblemCode::TooLarge, "The spreadsheet is too large."));
    }
    if bytes.is_empty() {
        return bad("The spreadsheet is empty.");
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "fods" | "csv") => Ok(()),
        _ => bad("The portal takes .xlsx, .xlsm, .xlsb, .xls, .ods, .fods and .csv files."),
    }
}

async fn seal(
    portal: &Portal,
    app: AppId,
    mut row: version_source::Model,
    judged: Judged,
) -> Result<ReadySource, Refusal> {
    let mut fresh = None;
    match judged {
        Judged::File { bytes, name } => {
            let object = portal.objects.put(app, bytes, portal.now_ms()).await?;
            row.object_id = Some(object.id.clone());
            row.file_name = Some(name);
            fresh = Some(object);
        }
        Judged::Kept { object_id, file_name } => {
            row.object_id = Some(object_id);
            row.file_name = file_name;
        }
        Judged::Address { url, auth } => {
            row.kind = "http".to_owned();
            row.url = Some(url.to_string());
            row.auth = Some(auth_word(auth).to_owned());
        }
    }
    Ok(ReadySource { row, fresh })
}

//! What a sync has to do: the portal's state compared with what the vault holds. Pure, so that it can be tested by
//! tables.

use std::collections::{BTreeMap, BTreeSet};

use portal_api::{AppId, AppState, SourceId, SourceKind, SyncApp};

use crate::apps::StoredApp;

/// An app as the vault holds it.
pub(crate) struct Local {
    pub stored: StoredApp,
    /// Whether the definition can be read.
    pub definition_sound: bool,
    /// The spreadsheets that can be read.
    pub sound: BTreeSet<SourceId>,
}

/// What is to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Apps to destroy: withdrawn, or not the person's any more.
    pub gone: Vec<AppId>,
    /// Apps to bring up to date.
    pub work: Vec<Work>,
    /// Apps that are up to date.
    pub unchanged: Vec<AppId>,
}

/// What is to be done for one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    pub id: AppId,
    /// Whether the definition is to be fetched.
    pub definition: bool,
    pub sources: Vec<(SourceId, Fetching)>,
}

/// What is to be done for one spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fetching {
    /// The copy in the vault is good.
    Keep,
    /// Fetch the sealed object.
    Ticket,
    /// Ask the HTTP server whether the copy in the vault is still good.
    Ask,
    /// Fetch from the HTTP server whatever it says.
    Get,
    /// It lives where this player cannot fetch it.
    Unknown,
}

/// Compares. `removed` are apps that the person does not want here; `only` limits what is fetched to one app, also a
/// removed one.
pub(crate) fn plan(
    local: &BTreeMap<AppId, Local>,
    remote: &[SyncApp],
    removed: &BTreeSet<AppId>,
    only: Option<AppId>,
) -> Plan {
    let theirs: BTreeSet<AppId> = remote
        .iter()
        .filter(|entry| entry.app.state != AppState::Withdrawn)
        .map(|entry| entry.app.id)
        .collect();
    let mut plan =
        Plan { gone: local.keys().filter(|id| !theirs.contains(id)).copied().collect(), ..Plan::default() };
    for entry in remote.iter().filter(|entry| theirs.contains(&entry.app.id)) {
        let id = entry.app.id;
        let wanted = only.map_or_else(|| !removed.contains(&id), |only| only == id);
        if !wanted {
            continue;
        }
        let found = local.get(&id);
        let work = work(entry, found);
        let same = found.is_some_and(|found| found.stored.is_of(entry));
        let idle = !work.definition && work.sources.iter().all(|(_, fetching)| *fetching == Fetching::Keep);
        if same && idle {
            plan.unchanged.push(id);
        } else {
            plan.work.push(work);
        }
    }
    plan
}

fn work(entry: &SyncApp, found: Option<&Local>) -> Work {
    let app = &entry.app;
    let definition_good = found
        .is_some_and(|found| found.definition_sound && found.stored.definition_etag == app.definition_etag);
    let sources = app.sources.iter().map(|source| {
        let copy = found
            .filter(|found| found.sound.contains(&source.id))
            .and_then(|found| found.stored.source(&source.id))
            .filter(|copy| copy.source.kind == source.kind && copy.source.url == source.url);
        let fetching = match (source.kind, copy) {
            (SourceKind::Hosted, Some(copy)) if source.etag.is_some() && copy.etag == source.etag => {
                Fetching::Keep
            }
            (SourceKind::Hosted, _) => Fetching::Ticket,
            (SourceKind::Http, Some(_)) => Fetching::Ask,
            (SourceKind::Http, None) => Fetching::Get,
            (SourceKind::Unknown, _) => Fetching::Unknown,
        };
        (source.id.clone(), fetching)
    });
    Work { id: app.id, definition: !definition_good, sources: sources.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// One case of `cases/plan.json`. Apps are written as `number version definition-tag source...`, sources as
    /// `id=kind@tag` or `id=http@address`; a `!` after a tag or source says that the copy cannot be read.
    #[derive(Deserialize)]
    struct Case {
        name: String,
        local: Vec<String>,
        remote: Vec<String>,
        #[serde(default)]
        removed: Vec<u8>,
        only: Option<u8>,
        gone: Vec<u8>,
        unchanged: Vec<u8>,
        work: Vec<String>,
    }

    fn id(number: u8) -> AppId {
        AppId(uuid::Uuid::from_u128(u128::from(number)))
    }

    fn entry(text: &str) -> (SyncApp, Vec<bool>) {
        let mut sound = Vec::new();
        let mut parts = text.split(' ').map(|part| {
            sound.push(!part.ends_with('!'));
            part.trim_end_matches('!').to_owned()
        });
        let number: u8 = parts.next().unwrap().parse().unwrap();
        let (version, state) = match parts.next().unwrap().as_str() {
            "withdrawn" => (1, "withdrawn"),
            version => (version.parse::<u64>().unwrap(), "available"),
        };
        let definition_etag = parts.next().unwrap();
        let sources: Vec<serde_json::Value> = parts
            .map(|source| {
                let (id, rest) = source.split_once('=').unwrap();
                let (kind, tag) = rest.split_once('@').unwrap();
                let field = if kind == "http" { "url" } else { "etag" };
                serde_json::json!({ "id": id, "kind": kind, field: tag })
            })
            .collect();
        let app = serde_json::json!({
            "id": id(number), "team": uuid::Uuid::nil(), "name": format!("App {number}"), "state": state,
            "role": "viewer", "version": version, "definition_etag": definition_etag, "sources": sources,
            "changed_ms": 0,
            "lease": { "document": "", "signature": "", "key_id": "", "until_ms": 0 },
            "notice": { "version": version, "change": "created", "published_ms": 0 },
        });
        (serde_json::from_value(app).unwrap(), sound)
    }

    fn local(text: &str) -> (AppId, Local) {
        let (entry, sound) = entry(text);
        let stored = StoredApp::of(&entry, 0);
        let readable = entry.app.sources.iter().zip(&sound[3..]).filter(|(_, sound)| **sound);
        let sound_sources = readable.map(|(source, _)| source.id.clone()).collect();
        (entry.app.id, Local { stored, definition_sound: sound[2], sound: sound_sources })
    }

    fn described(work: &Work) -> String {
        let number = work.id.0.as_u128();
        let mut text = format!("{number}{}", if work.definition { " definition" } else { "" });
        for (id, fetching) in &work.sources {
            text.push_str(&format!(" {id}={}", format!("{fetching:?}").to_lowercase()));
        }
        text
    }

    #[test]
    fn cases() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../cases/plan.json")).unwrap();
        assert!(cases.len() >= 15);
        for case in cases {
            let locals: BTreeMap<_, _> = case.local.iter().map(|text| local(text)).collect();
            let remote: Vec<SyncApp> = case.remote.iter().map(|text| entry(text).0).collect();
            let removed = case.removed.iter().map(|number| id(*number)).collect();
            let plan = plan(&locals, &remote, &removed, case.only.map(id));
            let numbers = |ids: &[AppId]| {
                ids.iter().map(|id| u8::try_from(id.0.as_u128()).unwrap()).collect::<Vec<_>>()
            };
            assert_eq!(numbers(&plan.gone), case.gone, "{}: gone", case.name);
            assert_eq!(numbers(&plan.unchanged), case.unchanged, "{}: unchanged", case.name);
            assert_eq!(plan.work.iter().map(described).collect::<Vec<_>>(), case.work, "{}: work", case.name);
        }
    }
}

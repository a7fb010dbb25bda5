//! Bringing the vault up to date with the portal and the sources.
//!
//! First everything that the portal says is learnt, then what was withdrawn is destroyed and leases are renewed, in
//! one change of the vault; then each app is fetched and stored in a change of its own. Interrupted anywhere, every
//! app is as it was before or as it should be. One app that fails does not keep the others from being synced.

use std::collections::{BTreeMap, BTreeSet};

use portal_api::{AppId, ProblemCode, SourceId, SyncApp, SyncState};
use vault::FinishedBlob;
use zeroize::Zeroizing;

use crate::account::Stored;
use crate::apps::{APP, DEFINITION, LEASE, StoredApp, StoredSource, app_of, compartment, source_record};
use crate::clock::seconds;
use crate::lease::Checked;
use crate::plan::{Fetching, Local, Work, plan};
use crate::portal::{PLAYER_VERSION, is_older};
use crate::sealed::disk;
use crate::shelf::{Ended, Shelf, read_json, write_json};
use crate::source::{Fetch, Fetched, Known, Wallet};
use crate::{Account, Cancel, Progress, Step, SyncError};

/// How many pages of apps are asked for at most.
const PAGES_MAX: usize = 1_000;
/// How often apps that changed meanwhile are tried again.
const ROUNDS: usize = 3;

/// What a sync did.
#[derive(Debug, Default)]
pub struct SyncReport {
    /// Apps that were brought up to date, with their names.
    pub updated: Vec<(AppId, String)>,
    /// How many apps were up to date already.
    pub unchanged: usize,
    /// Apps that were destroyed because the person does not have them any more, with their names.
    pub withdrawn: Vec<(AppId, String)>,
    /// Apps that could not be brought up to date; they are as they were before.
    pub failed: Vec<Failed>,
    /// Whether the key of what was destroyed still lies in the secret store, which refused to delete it; the next
    /// sync tries again.
    pub key_left: bool,
}

/// An app that could not be brought up to date.
#[derive(Debug)]
pub struct Failed {
    /// The app.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Why.
    pub error: SyncError,
}

/// What was fetched for one app, before it is stored.
#[derive(Default)]
struct Haul {
    definition: Option<(Vec<u8>, String)>,
    blobs: Vec<(SourceId, FinishedBlob)>,
    sources: Vec<StoredSource>,
    /// Why the app is not complete, although what there is of it is stored.
    incomplete: Option<SyncError>,
}

type Report<'a> = &'a mut (dyn FnMut(Progress) + Send);

impl Account {
    /// Brings the vault up to date. `only` limits what is fetched to one app, also one that was removed here; what
    /// was withdrawn is destroyed in any case.
    ///
    /// # Errors
    /// When the portal cannot be reached or refuses, the vault fails, or it was cancelled. What was done until then
    /// stays done. Apps that fail for reasons of their own are in the report.
    pub fn sync(
        &self,
        only: Option<AppId>,
        cancel: &Cancel,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<SyncReport, SyncError> {
        let http = std::sync::Arc::clone(&self.portal.http);
        let outcome = http.wait(cancel, self.sync_now(only, progress));
        if let Err(SyncError::Portal { code: ProblemCode::AccountDisabled, detail, .. }) = &outcome {
            self.end_all(detail)?;
        }
        outcome
    }

    async fn sync_now(&self, only: Option<AppId>, progress: Report<'_>) -> Result<SyncReport, SyncError> {
        let mut report = SyncReport::default();
        for round in 1..=ROUNDS {
            progress(Progress::Asking);
            let state = self.ask().await?;
            report.failed.clear();
            self.one_round(&state, only, &mut report, progress).await?;
            let again =
                report.failed.iter().any(|failed| matches!(failed.error, SyncError::ChangedMeanwhile { .. }));
            if !again || round == ROUNDS {
                break;
            }
        }
        report.updated.sort();
        report.updated.dedup();
        self.note_completion()?;
        Ok(report)
    }

    /// Everything that the portal says, all pages of it.
    async fn ask(&self) -> Result<SyncState, SyncError> {
        let page = |after: Option<String>| {
            self.authorised(move |token: Zeroizing<String>| {
                let after = after.clone();
                async move { self.portal.sync_now(&token, after.as_deref()).await }
            })
        };
        let mut state = page(None).await?;
        for _ in 0..PAGES_MAX {
            let Some(after) = state.next.take() else { break };
            let more = page(Some(after)).await?;
            state.apps.extend(more.apps);
            state.withdrawn = more.withdrawn;
            state.server_time_ms = more.server_time_ms;
            state.next = more.next;
        }
        if state.next.is_some() {
            return Err(SyncError::answer(&self.portal.address(), "a list of apps without an end"));
        }
        if is_older(PLAYER_VERSION, &state.min_player) {
            return Err(SyncError::PlayerTooOld { needed: state.min_player, ours: PLAYER_VERSION.into() });
        }
        Ok(state)
    }

    async fn one_round(
        &self,
        state: &SyncState,
        only: Option<AppId>,
        report: &mut SyncReport,
        progress: Report<'_>,
    ) -> Result<(), SyncError> {
        let stored = self.stored()?;
        let withdrawn: BTreeSet<AppId> = state.withdrawn.iter().map(|gone| gone.id).collect();
        let apps: Vec<SyncApp> =
            state.apps.iter().filter(|entry| !withdrawn.contains(&entry.app.id)).cloned().collect();
        let holder = stored.holder();
        let leases = apps.iter().map(|entry| (entry.app.id, holder.check(entry.app.id, &entry.lease)));
        let leases: BTreeMap<AppId, Result<Checked, &'static str>> = leases.collect();

        let local = self.local()?;
        let shelf = Shelf::read(&self.vault)?;
        let plan = plan(&local, &apps, &shelf.removed, only);
        self.settle(&plan.gone, (&apps, &leases), &local, state, report)?;
        report.unchanged = plan.unchanged.len();

        let wallet = Wallet::read(&self.vault)?;
        let of = plan.work.len();
        for (work, number) in plan.work.iter().zip(1..) {
            let Some(entry) = apps.iter().find(|entry| entry.app.id == work.id) else { continue };
            let (id, name) = (work.id, entry.app.name.clone());
            let mut tell = |step| progress(Progress::App { id, name: name.clone(), number, of, step });
            let lease = leases.get(&id).copied().unwrap_or(Err("there is none"));
            let outcome = match lease {
                Ok(_) => self.one_app(entry, work, local.get(&id), &wallet, &mut tell).await,
                Err(why) => Err(SyncError::LeaseInvalid { name: name.clone(), why }),
            };
            match outcome {
                Ok(true) => report.updated.push((id, name)),
                Ok(false) => report.unchanged = report.unchanged.saturating_add(1),
                Err(error) if error.stops_everything(&self.portal) => return Err(error),
                Err(error) => report.failed.push(Failed { id, name, error }),
            }
        }
        Ok(())
    }

    /// What the vault holds.
    fn local(&self) -> Result<BTreeMap<AppId, Local>, SyncError> {
        let mut local = BTreeMap::new();
        for id in self.vault.compartments()?.iter().filter_map(|name| app_of(name)) {
            let name = compartment(id);
            // A compartment that cannot be read is fetched anew, as if it were not there.
            let Some(stored) = tolerant(read_json::<StoredApp>(&self.vault, &name, APP))? else { continue };
            let sound = |record: &str| -> Result<bool, SyncError> {
                let reader = tolerant(self.vault.reader(&name, record).map_err(SyncError::from))?;
                Ok(reader.is_some() && !stored.damaged)
            };
            let definition_sound = sound(DEFINITION)?;
            let mut sound_sources = BTreeSet::new();
            for copy in &stored.sources {
                if sound(&source_record(&copy.source.id))? {
                    sound_sources.insert(copy.source.id.clone());
                }
            }
            local.insert(id, Local { stored, definition_sound, sound: sound_sources });
        }
        Ok(local)
    }

    /// Destroys what is gone, renews the leases of what is here, and sets the vault's clock, all at once.
    fn settle(
        &self,
        gone: &[AppId],
        (apps, leases): (&[SyncApp], &BTreeMap<AppId, Result<Checked, &'static str>>),
        local: &BTreeMap<AppId, Local>,
        state: &SyncState,
        report: &mut SyncReport,
    ) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut stored = self.stored()?;
        let mut shelf = Shelf::read(&self.vault)?;
        let shelf_before = shelf.clone();
        for id in gone {
            change.withdraw(&compartment(*id));
            let name = local.get(id).map_or_else(|| id.to_string(), |found| found.stored.app.name.clone());
            report.withdrawn.push((*id, name));
        }
        let still: BTreeSet<AppId> = apps.iter().map(|entry| entry.app.id).collect();
        shelf.ended.retain(|ended| still.contains(&ended.id));
        shelf.removed.retain(|id| still.contains(id));
        for entry in apps.iter().filter(|entry| local.contains_key(&entry.app.id)) {
            if leases.get(&entry.app.id).is_some_and(Result::is_ok) {
                write_json(&mut change, &compartment(entry.app.id), LEASE, &entry.lease)?;
            }
        }
        let issued_ms = leases.values().flatten().map(|lease| lease.issued_ms).max();
        self.set_clock(&mut change, &mut stored, issued_ms.unwrap_or(state.server_time_ms));
        stored.person = state.person.clone();
        stored.write(&mut change)?;
        if shelf != shelf_before {
            shelf.write(&mut change)?;
        }
        report.key_left |= change.commit()?.key_left.is_some();
        Ok(())
    }

    /// The portal's signed time is the vault's time from now on, also where the vault once saw a later one, because
    /// the clock ran ahead. A time before one that the portal signed earlier is an old answer that somebody kept.
    fn set_clock(&self, change: &mut vault::Transaction<'_>, stored: &mut Stored, portal_ms: i64) {
        if portal_ms >= stored.latest_issued_ms {
            stored.latest_issued_ms = portal_ms;
            change.set_seen_time(seconds(portal_ms));
        }
    }

    /// Fetches and stores one app; whether anything was new.
    async fn one_app(
        &self,
        entry: &SyncApp,
        work: &Work,
        local: Option<&Local>,
        wallet: &Wallet,
        tell: &mut (dyn FnMut(Step) + Send),
    ) -> Result<bool, SyncError> {
        let outcome = self.fetch_app(entry, work, local, wallet, tell).await;
        let mut haul = match outcome {
            Err(error @ SyncError::SourceGone { .. }) => {
                // Who loses the spreadsheet loses the app.
                self.end_app(entry, &error)?;
                return Err(error);
            }
            other => other?,
        };
        let incomplete = haul.incomplete.take();
        let changed = self.store_app(entry, local, haul)?;
        tell(Step::Stored);
        incomplete.map_or(Ok(changed), Err)
    }

    async fn fetch_app(
        &self,
        entry: &SyncApp,
        work: &Work,
        local: Option<&Local>,
        wallet: &Wallet,
        tell: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Haul, SyncError> {
        let mut haul = Haul::default();
        if work.definition {
            tell(Step::Definition);
            haul.definition = Some(self.fetch_definition(entry).await?);
        }
        for (id, fetching) in &work.sources {
            let Some(source) = entry.app.sources.iter().find(|source| source.id == *id) else { continue };
            let copy = local.and_then(|local| local.stored.source(id));
            let mut kept = StoredSource {
                source: source.clone(),
                etag: copy.and_then(|copy| copy.etag.clone()),
                last_modified: copy.and_then(|copy| copy.last_modified.clone()),
                wants_sign_in: None,
                unknown: false,
            };
            match fetching {
                Fetching::Keep => {}
                Fetching::Ticket => {
                    haul.blobs.push((id.clone(), self.fetch_hosted(entry, id, tell).await?));
                    kept.etag.clone_from(&source.etag);
                }
                Fetching::Ask | Fetching::Get => {
                    let known = match fetching {
                        Fetching::Ask => {
                            Known { etag: kept.etag.clone(), last_modified: kept.last_modified.clone() }
                        }
                        _ => Known::default(),
                    };
                    let fetch = Fetch { http: &self.portal.http, vault: &self.vault, wallet };
                    let mut count = |done, of| tell(Step::Spreadsheet { done, of });
                    match fetch.fetch(source, &known, &mut count).await {
                        Ok(Fetched::Unchanged) => {}
                        Ok(Fetched::New { blob, etag, last_modified }) => {
                            haul.blobs.push((id.clone(), blob));
                            kept.etag = etag;
                            kept.last_modified = last_modified;
                        }
                        Err(error) => close(&mut haul, &mut kept, error)?,
                    }
                }
                Fetching::Unknown => close(&mut haul, &mut kept, SyncError::SourceUnknown)?,
            }
            haul.sources.push(kept);
        }
        Ok(haul)
    }

    async fn fetch_definition(&self, entry: &SyncApp) -> Result<(Vec<u8>, String), SyncError> {
        let app = &entry.app;
        let ask = |token: Zeroizing<String>| async move { self.portal.definition_now(&token, app.id).await };
        let (xml, etag) = self.authorised(ask).await.map_err(|error| gone_meanwhile(entry, error))?;
        if etag == app.definition_etag {
            Ok((xml, etag))
        } else {
            Err(SyncError::ChangedMeanwhile { name: app.name.clone() })
        }
    }

    async fn fetch_hosted(
        &self,
        entry: &SyncApp,
        id: &SourceId,
        tell: &mut (dyn FnMut(Step) + Send),
    ) -> Result<FinishedBlob, SyncError> {
        let app = &entry.app;
        let ask = |token: Zeroizing<String>| async move { self.portal.ticket_now(&token, app.id, id).await };
        let ticket = self.authorised(ask).await.map_err(|error| gone_meanwhile(entry, error))?;
        let announced =
            app.sources.iter().find(|source| source.id == *id).and_then(|source| source.etag.as_ref());
        if ticket.version != app.version || announced.is_some_and(|etag| *etag != ticket.etag) {
            return Err(SyncError::ChangedMeanwhile { name: app.name.clone() });
        }
        let mut blob = self.vault.new_blob()?;
        let of = Some(ticket.size);
        let mut count = |done| tell(Step::Spreadsheet { done, of });
        self.portal.object_now(&ticket, &mut blob, &mut count).await?;
        std::io::Write::flush(&mut blob).map_err(disk)?;
        Ok(blob.finish()?)
    }

    /// Stores what was fetched for one app, all at once; whether anything was new.
    fn store_app(&self, entry: &SyncApp, local: Option<&Local>, haul: Haul) -> Result<bool, SyncError> {
        let id = entry.app.id;
        let name = compartment(id);
        let mut stored = StoredApp::of(entry, self.clock.now_ms());
        stored.sources = haul.sources;
        let mut fetched = !haul.blobs.is_empty();
        let mut change = self.vault.begin()?;
        if let Some(local) = local {
            stored.seen_version = local.stored.seen_version;
            stored.definition_etag.clone_from(&local.stored.definition_etag);
            for old in &local.stored.sources {
                if stored.source(&old.source.id).is_none() {
                    change.remove(&name, &source_record(&old.source.id));
                }
            }
        }
        if let Some((xml, etag)) = haul.definition {
            change.put(&name, DEFINITION, &xml)?;
            stored.definition_etag = etag;
            fetched = true;
        }
        for (source, blob) in haul.blobs {
            change.put_blob(&name, &source_record(&source), blob)?;
        }
        let reopened = |local: &Local| local.stored.sources.iter().any(|copy| copy.wants_sign_in.is_some());
        let changed = fetched || !local.is_some_and(|local| local.stored.is_of(entry) && !reopened(local));
        write_json(&mut change, &name, APP, &stored)?;
        write_json(&mut change, &name, LEASE, &entry.lease)?;
        let mut shelf = Shelf::read(&self.vault)?;
        let before = shelf.clone();
        shelf.forget(id);
        shelf.removed.remove(&id);
        if shelf != before {
            shelf.write(&mut change)?;
        }
        change.commit()?;
        Ok(changed)
    }

    /// Destroys an app whose spreadsheet the person cannot get any more, and remembers why.
    fn end_app(&self, entry: &SyncApp, why: &SyncError) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut shelf = Shelf::read(&self.vault)?;
        change.withdraw(&compartment(entry.app.id));
        shelf.end(Ended {
            id: entry.app.id,
            name: entry.app.name.clone(),
            reason: why.to_string(),
            at_ms: self.clock.now_ms(),
        });
        shelf.write(&mut change)?;
        change.commit()?;
        Ok(())
    }

    /// Destroys all apps: the portal has shut the account.
    fn end_all(&self, why: &str) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut shelf = Shelf::read(&self.vault)?;
        for (id, found) in self.local()? {
            shelf.end(Ended {
                id,
                name: found.stored.app.name,
                reason: why.to_owned(),
                at_ms: self.clock.now_ms(),
            });
        }
        for name in self.vault.compartments()?.iter().filter(|name| app_of(name).is_some()) {
            change.withdraw(name);
        }
        shelf.write(&mut change)?;
        change.commit()?;
        Ok(())
    }

    fn note_completion(&self) -> Result<(), SyncError> {
        let mut change = self.vault.begin()?;
        let mut stored = self.stored()?;
        stored.synced_ms = Some(self.clock.now_ms());
        stored.write(&mut change)?;
        change.commit()?;
        Ok(())
    }
}

/// Closes an app whose source wants a sign-in or is unknown, keeping what else there is of it; other errors pass.
fn close(haul: &mut Haul, kept: &mut StoredSource, error: SyncError) -> Result<(), SyncError> {
    match &error {
        SyncError::SourceNeedsSignIn { origin, .. } => kept.wants_sign_in = Some(origin.clone()),
        SyncError::SourceUnknown => kept.unknown = true,
        _ => return Err(error),
    }
    haul.incomplete = Some(error);
    Ok(())
}

/// An app that was withdrawn between the list and the fetch is asked about once more.
fn gone_meanwhile(entry: &SyncApp, error: SyncError) -> SyncError {
    match error {
        SyncError::Portal { code: ProblemCode::Withdrawn | ProblemCode::NotFound, .. } => {
            SyncError::ChangedMeanwhile { name: entry.app.name.clone() }
        }
        other => other,
    }
}

/// A damaged record counts as none.
fn tolerant<T>(outcome: Result<Option<T>, SyncError>) -> Result<Option<T>, SyncError> {
    match outcome {
        Err(SyncError::Vault(vault::Error::RecordDamaged { .. })) => Ok(None),
        other => other,
    }
}

//! The vault's apps as the gallery shows them, and a sync's progress in words.

use portal_api::{UpdateNotice, VersionChange};
use sync::{AppStatus, Ended, LocalApp, Progress, Step};
use ui::screens::{Changed, Entry, EntryState, News, SyncState};

use super::moments;

/// What the reason of an app says that ended only because nobody synced; any other one was taken away.
const LEASE: &str = "lease has ended";

/// The apps that are here, then those that ended here.
pub(crate) fn entries(apps: Vec<LocalApp>, ended: Vec<Ended>) -> Vec<Entry> {
    let gone =
        ended.into_iter().filter(|ended| !apps.iter().any(|app| app.id == ended.id)).map(|ended| Entry {
            id: ended.id.to_string(),
            name: ended.name,
            // An app whose time has run out comes back with a sync; one that was withdrawn does not.
            state: if ended.reason.contains(LEASE) {
                EntryState::LeaseEnded
            } else {
                EntryState::Withdrawn(ended.reason)
            },
            offline_until: None,
            news: None,
        });
    let gone: Vec<Entry> = gone.collect();
    apps.into_iter().map(entry).chain(gone).collect()
}

fn entry(app: LocalApp) -> Entry {
    let news = app.notice.map(news);
    let state = match app.status {
        AppStatus::Ready => match &news {
            Some(News { change: Changed::First, .. }) => EntryState::New,
            Some(_) => EntryState::Updated,
            None => EntryState::Ready,
        },
        AppStatus::NeedsSignIn { origin } => EntryState::NeedsSignIn { origin },
        AppStatus::NeedsNewerPlayer => EntryState::NeedsNewerPlayer,
        AppStatus::Incomplete => EntryState::Incomplete,
        // Whatever else there is or will be, a sync is the cure.
        _ => EntryState::LeaseEnded,
    };
    // The lease ends at a moment of a day; the day before is the last whole one.
    let offline_until = app.lease_until_ms.and_then(moments::day);
    Entry { id: app.id.to_string(), name: app.name, state, offline_until, news }
}

fn news(notice: UpdateNotice) -> News {
    let change = match notice.change {
        VersionChange::Created => Changed::First,
        VersionChange::Definition => Changed::Layout,
        VersionChange::Spreadsheet => Changed::Spreadsheet,
        VersionChange::Both | VersionChange::Unknown => Changed::Both,
    };
    News { version: notice.version, change, note: notice.note }
}

/// How far a sync is.
pub(crate) fn progress(progress: Progress) -> SyncState {
    let Progress::App { name, number, of, step, .. } = progress else {
        return SyncState::Running { what: String::new(), share: None, amount: String::new() };
    };
    let (within, amount) = match step {
        Step::Spreadsheet { done, of: Some(all) } if all > 0 => {
            (done as f32 / all as f32, format!("{} / {}", moments::bytes(done), moments::bytes(all)))
        }
        Step::Spreadsheet { done, .. } => (0.5, moments::bytes(done)),
        Step::Stored => (1.0, String::new()),
        _ => (0.0, String::new()),
    };
    let before = number.saturating_sub(1) as f32;
    let share = ((before + within.min(1.0)) / of.max(1) as f32).clamp(0.0, 1.0);
    let what = if of > 1 { format!("{name} ({number}/{of})") } else { name };
    SyncState::Running { what, share: Some(share), amount }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_grows_from_app_to_app() {
        let id: portal_api::AppId = "00000000-0000-0000-0000-000000000000".parse().unwrap();
        let at = |number, step| match progress(Progress::App { id, name: "Loan".into(), number, of: 2, step })
        {
            SyncState::Running { share: Some(share), .. } => share,
            other => panic!("{other:?}"),
        };
        let half = Step::Spreadsheet { done: 5_000_000, of: Some(10_000_000) };
        let shares = [
            at(1, Step::Definition),
            at(1, half.clone()),
            at(1, Step::Stored),
            at(2, half),
            at(2, Step::Stored),
        ];
        assert_eq!(shares, [0.0, 0.25, 0.5, 0.75, 1.0]);
    }
}

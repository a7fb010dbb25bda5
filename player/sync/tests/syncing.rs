//! What a sync fetches, what it leaves, what it destroys, and what becomes of it when it is interrupted.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use playsheet_sync::{AppStatus, Cancel, Progress, Step, SyncError};
use portal_api::{AppId, DeviceId};
use support::portal::{DAY_MS, FakeApp, FakeSource, Harm};
use support::{Device, copy, sheet};

/// The requests of a sync beside the list of apps, without their ids.
fn fetched(device: &Device) -> Vec<String> {
    let log = device.portal.take_log();
    let kind = |line: &String| {
        let found = ["definition", "ticket", "objects", "FILE"].iter().find(|word| line.contains(**word));
        found.map(|word| (*word).to_owned())
    };
    log.iter().filter_map(kind).collect()
}

#[test]
fn only_what_is_new_is_fetched() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app one/>", &sheet(1, 200_000)));
    let report = device.good_sync();
    assert_eq!(report.updated, [(app, "BMI".to_owned())]);
    assert_eq!(fetched(&device), ["definition", "ticket", "objects"]);
    assert_eq!(device.open(app).unwrap(), sheet(1, 200_000));
    assert_eq!(device.definition(app), "<app one/>");

    let report = device.good_sync();
    assert_eq!((report.updated.len(), report.unchanged), (0, 1));
    assert!(fetched(&device).is_empty());

    device.portal.change(app, |app| app.definition = "<app two/>".into());
    assert_eq!(device.good_sync().updated.len(), 1);
    assert_eq!(fetched(&device), ["definition"]);
    assert_eq!(
        (device.definition(app).as_str(), device.open(app).unwrap()),
        ("<app two/>", sheet(1, 200_000))
    );

    device.portal.change(app, |app| {
        app.sources.insert("main".into(), FakeSource::Hosted(sheet(2, 70_000)));
    });
    assert_eq!(device.good_sync().updated.len(), 1);
    assert_eq!(fetched(&device), ["ticket", "objects"]);
    assert_eq!(
        (device.definition(app).as_str(), device.open(app).unwrap()),
        ("<app two/>", sheet(2, 70_000))
    );

    device.portal.change(app, |app| app.name = "Body mass".into());
    assert_eq!(device.good_sync().updated, [(app, "Body mass".to_owned())]);
    assert!(fetched(&device).is_empty());
}

#[test]
fn objects_are_fetched_without_the_token() {
    let device = Device::signed_in();
    device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    let log = device.portal.take_log();
    let object = log.iter().find(|line| line.contains("objects")).unwrap();
    assert!(!object.contains("token"), "{object}");
}

#[test]
fn an_app_with_several_spreadsheets_gains_and_loses_them() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("Quote", "<app/>", &sheet(1, 100)));
    device.portal.change(app, |app| {
        app.sources.insert("prices".into(), FakeSource::Hosted(sheet(2, 90_000)));
    });
    device.good_sync();
    let open = device.apps().open(app).unwrap();
    let found: Vec<_> = open.spreadsheets.iter().map(|one| (one.id.as_str(), one.bytes.to_vec())).collect();
    assert_eq!(found, [("main", sheet(1, 100)), ("prices", sheet(2, 90_000))]);
    assert_eq!(open.spreadsheets[0].file_name.as_deref(), Some("figures.xlsx"));

    device.portal.change(app, |app| drop(app.sources.remove("main")));
    device.good_sync();
    let open = device.apps().open(app).unwrap();
    assert_eq!(open.spreadsheets.len(), 1);
    assert_eq!(open.spreadsheets[0].bytes.as_slice(), sheet(2, 90_000));
    assert!(device.vault().read(&format!("app/{app}"), "source/main").unwrap().is_none());
}

#[test]
fn apps_come_in_pages() {
    let device = Device::signed_in();
    device.portal.world().page = 3;
    let mut apps: Vec<AppId> = (0..10)
        .map(|number| {
            device.portal.add(FakeApp::hosted(&format!("App {number}"), "<app/>", &sheet(number, 50)))
        })
        .collect();
    assert_eq!(device.good_sync().updated.len(), 10);
    apps.sort();
    let mut listed: Vec<AppId> = device.apps().list().unwrap().iter().map(|app| app.id).collect();
    listed.sort();
    assert_eq!(listed, apps);
    assert_eq!(device.good_sync().unchanged, 10);
}

#[test]
fn the_gallery_says_what_is_new_until_it_was_seen() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 70_000)));
    device.good_sync();
    let listed = device.apps().list().unwrap().remove(0);
    assert_eq!((listed.name.as_str(), listed.version, &listed.status), ("BMI", 1, &AppStatus::Ready));
    assert_eq!(listed.sources[0].size, Some(70_000));
    assert_eq!(listed.notice.unwrap().note, "New figures");
    device.apps().mark_seen(app).unwrap();
    assert!(device.apps().list().unwrap().remove(0).notice.is_none());
    device.good_sync();
    assert!(device.apps().list().unwrap().remove(0).notice.is_none());
    device.portal.change(app, |app| app.definition = "<app two/>".into());
    device.good_sync();
    assert_eq!(device.apps().list().unwrap().remove(0).notice.unwrap().version, 2);
}

#[test]
fn a_withdrawn_app_is_gone_after_the_next_sync_and_from_old_copies() {
    let device = Device::signed_in();
    let goes = device.portal.add(FakeApp::hosted("Goes", "<app/>", &sheet(1, 100_000)));
    let stays = device.portal.add(FakeApp::hosted("Stays", "<app/>", &sheet(2, 100)));
    let hidden = device.portal.add(FakeApp::hosted("Hidden", "<app/>", &sheet(3, 100)));
    device.good_sync();
    let old = device.beside("old");
    copy(&device.dir(), &old);
    device.portal.withdraw(goes);
    device.portal.world().apps.remove(&hidden);
    let mut withdrawn = device.good_sync().withdrawn;
    withdrawn.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(withdrawn, [(goes, "Goes".to_owned()), (hidden, "Hidden".to_owned())]);
    for gone in [goes, hidden] {
        assert!(matches!(device.open(gone), Err(SyncError::NoApp { .. })));
    }
    assert_eq!(device.open(stays).unwrap(), sheet(2, 100));
    assert!(matches!(vault::Vault::open(&old, device.secrets.clone()), Err(vault::Error::KeyMissing { .. })));
    assert!(device.good_sync().withdrawn.is_empty());
}

#[test]
fn an_app_withdrawn_in_the_middle_of_a_sync_is_gone_after_it() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app one/>", &sheet(1, 100)));
    device.good_sync();
    device.portal.change(app, |app| app.definition = "<app two/>".into());
    let mut withdrawn = false;
    let mut progress = |progress: Progress| {
        if matches!(progress, Progress::App { .. }) && !withdrawn {
            withdrawn = true;
            device.portal.withdraw(app);
        }
    };
    let report = device.account().sync(None, &Cancel::new(), &mut progress).unwrap();
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!(report.withdrawn.len(), 1);
    assert!(device.status(app).is_none());
}

#[test]
fn a_version_published_in_the_middle_of_a_sync_is_fetched_as_a_whole() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app one/>", &sheet(1, 100)));
    device.portal.world().stale_tickets = 1;
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));

    let mut published = false;
    let mut progress = |progress: Progress| {
        if matches!(progress, Progress::App { step: Step::Definition, .. }) && !published {
            published = true;
            device.portal.change(app, |app| {
                app.definition = "<app three/>".into();
                app.sources.insert("main".into(), FakeSource::Hosted(sheet(3, 300)));
            });
        }
    };
    device.portal.change(app, |app| app.definition = "<app two/>".into());
    let report = device.account().sync(None, &Cancel::new(), &mut progress).unwrap();
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!((device.definition(app).as_str(), device.open(app).unwrap()), ("<app three/>", sheet(3, 300)));

    // A portal that contradicts itself for ever is given up on, and the app stays as it is.
    device.portal.world().stale_tickets = 1_000;
    device.portal.change(app, |app| {
        app.sources.insert("main".into(), FakeSource::Hosted(sheet(4, 300)));
    });
    assert!(matches!(device.failing_sync(), SyncError::ChangedMeanwhile { .. }));
    assert_eq!(device.open(app).unwrap(), sheet(3, 300));
}

#[test]
fn whatever_befalls_a_transfer_the_app_stays_as_it_was() {
    let sealed = 200_000 + 32 + 4 * 16;
    let harms = [
        Harm::CutShort(0),
        Harm::CutShort(31),
        Harm::CutShort(32),
        Harm::CutShort(32 + 65_552),
        Harm::CutShort(sealed - 1),
        Harm::Flip(0),
        Harm::Flip(40),
        Harm::Flip(sealed - 1),
        Harm::BreakOff(0),
        Harm::BreakOff(100_000),
    ];
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app one/>", &sheet(1, 200_000)));
    device.good_sync();
    device.portal.change(app, |app| {
        app.definition = "<app two/>".into();
        app.sources.insert("main".into(), FakeSource::Hosted(sheet(2, 200_000)));
    });
    let new = device.portal.add(FakeApp::hosted("New", "<app/>", &sheet(3, 200_000)));
    for harm in harms {
        device.portal.world().harm = Some(harm);
        let error = match device.sync() {
            Ok(mut report) => {
                assert_eq!(report.failed.len(), 2, "{harm:?}");
                report.failed.remove(0).error
            }
            Err(error) => error,
        };
        let matches_harm = match harm {
            Harm::BreakOff(_) => matches!(error, SyncError::Network { .. }),
            _ => matches!(error, SyncError::SealedObject { .. }),
        };
        assert!(matches_harm, "{harm:?}: {error}");
        assert_eq!(error.exit_class().code(), 4);
        assert_eq!(device.open(app).unwrap(), sheet(1, 200_000), "{harm:?}");
        assert_eq!(device.definition(app), "<app one/>", "{harm:?}");
        assert!(device.status(new).is_none(), "{harm:?}");
        assert_eq!(support::files(&device.dir().join("blobs")).len(), 1, "{harm:?}: nothing half is left");
    }
    device.portal.world().harm = None;
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(2, 200_000));
    assert_eq!(device.open(new).unwrap(), sheet(3, 200_000));
}

#[test]
fn a_portal_that_dies_anywhere_in_a_sync_leaves_every_app_whole() {
    for requests in 0..12 {
        let device = Device::signed_in();
        let app = device.portal.add(FakeApp::hosted("Old", "<app one/>", &sheet(1, 70_000)));
        device.good_sync();
        device.portal.change(app, |app| {
            app.definition = "<app two/>".into();
            app.sources.insert("main".into(), FakeSource::Hosted(sheet(2, 70_000)));
        });
        let new = device.portal.add(FakeApp::hosted("New", "<app/>", &sheet(3, 70_000)));
        device.portal.world().die_after = Some(requests);
        let outcome = device.sync();
        assert_eq!(outcome.is_err(), requests < 7, "{requests}: {outcome:?}");
        if let Err(error) = outcome {
            assert!(matches!(error, SyncError::Network { .. }), "{requests}: {error}");
        }
        let now = (device.definition(app), device.open(app).unwrap());
        let (before, after) =
            (("<app one/>".to_owned(), sheet(1, 70_000)), ("<app two/>".to_owned(), sheet(2, 70_000)));
        assert!(now == before || now == after, "{requests}: a mixture");
        let status = device.status(new);
        assert!(matches!(status, None | Some(AppStatus::Ready)), "{requests}: {status:?}");
        device.portal.world().die_after = None;
        device.good_sync();
        assert_eq!(device.open(app).unwrap(), sheet(2, 70_000));
        assert_eq!(device.open(new).unwrap(), sheet(3, 70_000));
    }
}

#[test]
fn a_sync_stops_soon_after_it_is_cancelled() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app one/>", &sheet(1, 200_000)));
    device.good_sync();
    device.portal.change(app, |app| {
        app.sources.insert("main".into(), FakeSource::Hosted(sheet(2, 200_000)));
    });
    device.portal.world().harm = Some(Harm::Stall(100_000));
    let cancel = Cancel::new();
    let from_progress = cancel.clone();
    let mut progress = move |progress| {
        if let Progress::App { step: Step::Spreadsheet { done, of }, .. } = progress
            && done > 50_000
        {
            assert_eq!(of, Some(200_000));
            from_progress.cancel();
        }
    };
    let error = device.account().sync(None, &cancel, &mut progress).unwrap_err();
    assert!(matches!(error, SyncError::Cancelled), "{error}");
    assert_eq!(device.open(app).unwrap(), sheet(1, 200_000));
    assert_eq!(support::files(&device.dir().join("blobs")).len(), 1);
    assert!(matches!(device.account().sync(None, &cancel, &mut |_| {}), Err(SyncError::Cancelled)));
}

#[test]
fn progress_names_the_apps_and_counts_them() {
    let device = Device::signed_in();
    for name in ["A", "B"] {
        device.portal.add(FakeApp::hosted(name, "<app/>", &sheet(1, 100_000)));
    }
    let mut told = Vec::new();
    device.account().sync(None, &Cancel::new(), &mut |progress| told.push(progress)).unwrap();
    assert_eq!(told[0], Progress::Asking);
    let steps: Vec<_> = told
        .iter()
        .filter_map(|one| match one {
            Progress::App { number, of, step, .. } => Some((*number, *of, step.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(steps.first(), Some(&(1, 2, Step::Definition)));
    assert_eq!(steps.last(), Some(&(2, 2, Step::Stored)));
    let full = Step::Spreadsheet { done: 100_000, of: Some(100_000) };
    assert_eq!(steps.iter().filter(|(.., step)| *step == full).count(), 2);
}

#[test]
fn a_lease_is_renewed_by_every_sync_and_opens_the_app_until_it_ends() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    device.pass(6 * DAY_MS);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    device.good_sync();
    device.pass(6 * DAY_MS);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    device.pass(DAY_MS);
    assert_eq!(device.status(app), Some(AppStatus::LeaseEnded));
    let old = device.beside("old");
    copy(&device.dir(), &old);
    assert!(matches!(device.open(app), Err(SyncError::LeaseEnded { .. })));

    // The keys are destroyed: setting the clock back does not help, nor does an old copy of the vault.
    assert!(device.status(app).is_none());
    assert_eq!(device.apps().ended().unwrap()[0].id, app);
    device.clock.set(device.portal.world().now_ms - DAY_MS);
    let error = device.open(app).unwrap_err();
    assert!(matches!(&error, SyncError::NotReady { reason, .. } if reason.contains("lease")), "{error}");
    assert!(matches!(vault::Vault::open(&old, device.secrets.clone()), Err(vault::Error::KeyMissing { .. })));

    device.pass(0);
    device.good_sync();
    assert!(device.apps().ended().unwrap().is_empty());
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
}

#[test]
fn a_sweep_destroys_what_has_ended_without_being_opened() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    assert!(device.apps().sweep().unwrap().is_empty());
    device.pass(7 * DAY_MS);
    assert_eq!(device.apps().sweep().unwrap(), [app]);
    assert!(device.apps().sweep().unwrap().is_empty());
    assert!(device.apps().list().unwrap().is_empty());
}

#[test]
fn a_clock_set_back_closes_the_apps_until_it_is_right_or_a_sync_came() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    let start = device.portal.world().now_ms;
    device.clock.set(start + 5 * DAY_MS);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    device.clock.set(start + DAY_MS);
    assert_eq!(device.status(app), Some(AppStatus::ClockSetBack));
    let error = device.open(app).unwrap_err();
    assert!(matches!(error, SyncError::Vault(vault::Error::ClockSetBack { .. })), "{error}");
    assert!(device.apps().sweep().is_err());
    device.clock.set(start + 5 * DAY_MS);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));

    // The clock had run ahead by mistake; the portal's time counts.
    device.clock.set(start + DAY_MS);
    device.portal.world().now_ms = start + DAY_MS;
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));

    // An answer that somebody kept, with an older time, does not turn the vault's clock back.
    device.clock.set(start + 6 * DAY_MS);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    device.portal.world().now_ms = start;
    device.clock.set(start);
    drop(device.sync());
    assert!(matches!(device.open(app), Err(SyncError::Vault(vault::Error::ClockSetBack { .. }))));
}

#[test]
fn a_lease_for_another_device_is_refused_and_the_old_one_stays() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    device.portal.change(app, |app| app.definition = "<app two/>".into());
    device.portal.add(FakeApp::hosted("New", "<app/>", &sheet(2, 100)));
    device.portal.world().lease_device = Some(DeviceId::mint());
    let report = device.sync().unwrap();
    assert_eq!(report.failed.len(), 2);
    assert!(report.failed.iter().all(|failed| matches!(failed.error, SyncError::LeaseInvalid { .. })));
    assert_eq!(device.definition(app), "<app/>");
    assert_eq!(device.apps().list().unwrap().len(), 1);
}

#[test]
fn a_damaged_app_says_so_and_is_cured_by_a_sync() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", &"<app/>".repeat(2_000), &sheet(1, 100_000)));
    let other = device.portal.add(FakeApp::hosted("Other", "<app/>", &sheet(2, 100)));
    device.good_sync();
    for how in ["changed", "cut", "deleted"] {
        for path in support::files(&device.dir().join("blobs")) {
            let bytes = std::fs::read(&path).unwrap();
            match how {
                "changed" => {
                    std::fs::write(&path, bytes.iter().map(|byte| byte ^ 1).collect::<Vec<_>>()).unwrap();
                }
                "cut" => std::fs::write(&path, &bytes[..100]).unwrap(),
                _ => std::fs::remove_file(&path).unwrap(),
            }
        }
        let error = device.open(app).unwrap_err();
        assert!(matches!(error, SyncError::Vault(vault::Error::RecordDamaged { .. })), "{how}: {error}");
        assert_eq!(error.exit_class().code(), 4);
        assert_eq!(device.status(app), Some(AppStatus::Incomplete), "{how}");
        assert!(device.open(other).is_err(), "{how}");
        let report = device.good_sync();
        assert!(report.updated.iter().any(|(id, _)| *id == app), "{how}");
        assert_eq!(device.open(app).unwrap(), sheet(1, 100_000), "{how}");
        assert_eq!(device.definition(app), "<app/>".repeat(2_000), "{how}");
        assert_eq!(device.open(other).unwrap(), sheet(2, 100), "{how}");
    }
}

#[test]
fn a_removed_app_stays_away_until_it_is_asked_for() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    let other = device.portal.add(FakeApp::hosted("Other", "<app/>", &sheet(2, 100)));
    device.good_sync();
    device.apps().remove(app).unwrap();
    assert!(matches!(device.apps().remove(app), Err(SyncError::NoApp { .. })));
    device.good_sync();
    assert!(matches!(device.open(app), Err(SyncError::NoApp { .. })));
    device.portal.change(other, |app| app.definition = "<app two/>".into());
    let report = device.account().sync(Some(app), &Cancel::new(), &mut |_| {}).unwrap();
    assert_eq!(report.updated, [(app, "BMI".to_owned())]);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    assert_eq!(device.definition(other), "<app/>", "the other one was not asked for");
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    assert_eq!(device.definition(other), "<app two/>");
}

#[test]
fn what_this_player_does_not_know_closes_that_app_alone() {
    let device = Device::signed_in();
    let app =
        device.portal.add(FakeApp::http("From tomorrow", "https://files.example.org/x.xlsx", "retina_scan"));
    let other = device.portal.add(FakeApp::hosted("Other", "<app/>", &sheet(2, 100)));
    let error = device.failing_sync();
    assert!(matches!(error, SyncError::SourceUnknown), "{error}");
    assert_eq!(device.status(app), Some(AppStatus::NeedsNewerPlayer));
    assert!(matches!(device.open(app), Err(SyncError::NotReady { .. })));
    assert_eq!(device.open(other).unwrap(), sheet(2, 100));
}

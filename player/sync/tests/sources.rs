//! Spreadsheets on HTTP servers: entity tags, names and passwords, redirects, and what such servers do wrong.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use playsheet_sync::{AppStatus, HTTP_SOURCE_MAX, Origin, SyncError};
use portal_api::AppId;
use support::portal::{FakeApp, FakeFile, Harm, Portal};
use support::{Device, sheet};

const DATA: (&str, &str) = ("ada", "let me in");
const SENT: &str = "ada:let me in";

fn serve(device: &Device, name: &str, file: FakeFile) {
    device.portal.world().files.insert(name.into(), file);
}

/// An app on the file `bmi.xlsx`, which is there.
fn app(device: &Device, auth: &'static str, file: FakeFile) -> AppId {
    serve(device, "bmi.xlsx", file);
    let url = device.portal.file_url("bmi.xlsx");
    device.portal.add(FakeApp::http("BMI", &url, auth))
}

fn enter(device: &Device, data: (&str, &str)) {
    let origin = Origin::of(&device.portal.file_url("")).unwrap();
    device.account().set_source_sign_in(origin, Some(data)).unwrap();
}

fn file_log(device: &Device) -> Vec<String> {
    device.portal.take_log().into_iter().filter(|line| line.starts_with("FILE")).collect()
}

#[test]
fn a_file_is_fetched_once_and_then_asked_about_by_its_tag() {
    let device = Device::signed_in();
    let app = app(&device, "none", FakeFile::of(&sheet(1, 100_000), Some("v1")));
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100_000));
    let opened = device.apps().open(app).unwrap();
    assert_eq!(opened.spreadsheets[0].file_name.as_deref(), Some("bmi.xlsx"));
    assert_eq!(file_log(&device), ["FILE bmi.xlsx"]);

    assert_eq!(device.good_sync().unchanged, 1);
    assert_eq!(file_log(&device), ["FILE bmi.xlsx unless \"v1\""]);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100_000));

    serve(&device, "bmi.xlsx", FakeFile::of(&sheet(2, 50), Some("v2")));
    assert_eq!(device.good_sync().updated.len(), 1);
    assert_eq!(device.open(app).unwrap(), sheet(2, 50));
}

#[test]
fn the_portal_never_sees_the_file_nor_the_server_the_token() {
    let device = Device::signed_in();
    app(&device, "none", FakeFile::of(&sheet(1, 100), None));
    device.good_sync();
    let log = device.portal.take_log();
    assert!(log.iter().all(|line| !line.contains("ticket") && !line.contains("objects")), "{log:?}");
    assert!(log.contains(&"FILE bmi.xlsx".to_owned()), "{log:?}");
}

#[test]
fn a_name_and_password_are_asked_for_and_then_sent() {
    let device = Device::signed_in();
    let app = app(&device, "basic", FakeFile::of(&sheet(1, 100), Some("v1")).needing(SENT));
    let error = device.failing_sync();
    assert!(matches!(error, SyncError::SourceNeedsSignIn { refused: false, .. }), "{error}");
    assert!(file_log(&device).is_empty(), "nothing is asked before there is a name");
    assert!(matches!(device.status(app), Some(AppStatus::NeedsSignIn { .. })));
    assert!(matches!(device.open(app), Err(SyncError::NotReady { .. })));

    enter(&device, ("ada", "wrong"));
    let error = device.failing_sync();
    assert!(matches!(error, SyncError::SourceNeedsSignIn { refused: true, .. }), "{error}");
    enter(&device, DATA);
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    let log = file_log(&device);
    assert_eq!(log.last().unwrap(), "FILE bmi.xlsx as ada:let me in");

    let origin = Origin::of(&device.portal.file_url("")).unwrap();
    for bad in ["", "a:b", "a\nb"] {
        let outcome = device.account().set_source_sign_in(origin.clone(), Some((bad, "x")));
        assert!(matches!(outcome, Err(SyncError::BadAddress { .. })), "{bad:?}");
    }
}

#[test]
fn who_loses_the_file_loses_the_app() {
    let device = Device::signed_in();
    let app = app(&device, "basic", FakeFile::of(&sheet(1, 100), Some("v1")).needing(SENT));
    enter(&device, DATA);
    device.good_sync();

    // The password is not taken any more: the app is closed, and opens again with a new one.
    serve(&device, "bmi.xlsx", FakeFile::of(&sheet(1, 100), Some("v1")).needing("ada:new password"));
    assert!(matches!(device.failing_sync(), SyncError::SourceNeedsSignIn { refused: true, .. }));
    assert!(matches!(device.open(app), Err(SyncError::NotReady { .. })));
    enter(&device, ("ada", "new password"));
    assert_eq!(device.good_sync().updated.len(), 1);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));

    // The file is not given any more: the app is destroyed.
    for status in [403, 404, 410] {
        serve(&device, "bmi.xlsx", FakeFile { status, ..FakeFile::of(b"", None) });
        let error = device.failing_sync();
        assert!(matches!(error, SyncError::SourceGone { status: found, .. } if found == status), "{error}");
        assert!(device.status(app).is_none());
        assert_eq!(device.apps().ended().unwrap()[0].name, "BMI");
        let name = format!("app/{app}");
        assert!(!device.vault().compartments().unwrap().contains(&name));
        serve(&device, "bmi.xlsx", FakeFile::of(&sheet(2, 100), Some("v2")).needing("ada:new password"));
        device.good_sync();
        assert_eq!(device.open(app).unwrap(), sheet(2, 100));
        assert!(device.apps().ended().unwrap().is_empty());
    }
}

#[test]
fn a_server_that_is_away_or_ill_leaves_the_app_as_it_was() {
    let device = Device::signed_in();
    let app = app(&device, "none", FakeFile::of(&sheet(1, 100_000), Some("v1")));
    device.good_sync();
    for status in [500, 503, 429] {
        serve(&device, "bmi.xlsx", FakeFile { status, ..FakeFile::of(b"ill", None) });
        let error = device.failing_sync();
        assert!(matches!(error, SyncError::Network { .. }), "{status}: {error}");
        assert_eq!(device.open(app).unwrap(), sheet(1, 100_000));
    }
    serve(&device, "bmi.xlsx", FakeFile::of(&sheet(2, 100_000), Some("v2")));
    device.portal.world().harm = Some(Harm::BreakOff(50_000));
    assert!(matches!(device.failing_sync(), SyncError::Network { .. }));
    device.portal.world().harm = None;
    assert_eq!(device.open(app).unwrap(), sheet(1, 100_000));

    // The server alone is gone: other apps sync.
    let mut elsewhere = Portal::start();
    let url = elsewhere.file_url("x.xlsx");
    elsewhere.stop();
    let away = device.portal.add(FakeApp::http("Away", &url, "none"));
    let report = device.sync().unwrap();
    assert_eq!((report.failed.len(), report.updated.len()), (1, 1));
    assert!(device.status(away).is_none());
    assert_eq!(device.open(app).unwrap(), sheet(2, 100_000));
}

#[test]
fn what_is_no_spreadsheet_does_not_replace_one() {
    let device = Device::signed_in();
    let app = app(&device, "none", FakeFile::of(&sheet(1, 100), Some("v1")));
    device.good_sync();
    let page = FakeFile { kind: "text/html", ..FakeFile::of(b"<p>Please sign in</p>", None) };
    let document = FakeFile::of(b"\n<!DOCTYPE html><title>Sign in</title>", Some("v1b"));
    for file in [page, document, FakeFile::of(b"", None), FakeFile { status: 204, ..FakeFile::of(b"", None) }]
    {
        serve(&device, "bmi.xlsx", file);
        let error = device.failing_sync();
        assert!(matches!(error, SyncError::SourceAnswer { .. }), "{error}");
        assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    }
}

#[test]
fn files_over_the_limit_are_refused_announced_or_not() {
    let device = Device::signed_in();
    let large = sheet(1, usize::try_from(HTTP_SOURCE_MAX).unwrap() + 1);
    let app = app(&device, "none", FakeFile::of(&large, None));
    for announce in [true, false] {
        serve(&device, "bmi.xlsx", FakeFile { announce, ..FakeFile::of(&large, None) });
        let error = device.failing_sync();
        assert!(matches!(error, SyncError::TooLarge { limit_mib: 25, .. }), "{error}");
        assert!(device.status(app).is_none());
        assert!(support::files(&device.dir().join("blobs")).is_empty());
    }
}

#[test]
fn redirects_within_the_origin_are_followed_with_the_password() {
    let device = Device::signed_in();
    let app = app(&device, "basic", FakeFile::leading_to("/real.xlsx"));
    serve(&device, "real.xlsx", FakeFile::of(&sheet(1, 100), None).needing(SENT));
    enter(&device, DATA);
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    assert_eq!(file_log(&device), ["FILE bmi.xlsx as ada:let me in", "FILE real.xlsx as ada:let me in"]);
}

#[test]
fn a_password_is_never_carried_to_another_origin() {
    let device = Device::signed_in();
    let thief = Portal::start();
    thief.world().files.insert("bait.xlsx".into(), FakeFile::of(&sheet(1, 100), None));
    app(&device, "basic", FakeFile::leading_to(&thief.file_url("bait.xlsx")));
    enter(&device, DATA);
    let error = device.failing_sync();
    assert!(matches!(&error, SyncError::SourceAnswer { why, .. } if why.contains("password")), "{error}");
    assert!(thief.take_log().is_empty(), "the other server was not even asked");

    // Another app, on the other server: the password that was entered for the first is not for it.
    let url = thief.file_url("bait.xlsx");
    let bait = device.portal.add(FakeApp::http("Bait", &url, "basic"));
    drop(device.sync());
    assert!(thief.take_log().is_empty());
    assert!(matches!(device.status(bait), Some(AppStatus::NeedsSignIn { .. })));
}

#[test]
fn redirects_elsewhere_are_followed_without_a_password_only() {
    let device = Device::signed_in();
    let elsewhere = Portal::start();
    elsewhere.world().files.insert("real.xlsx".into(), FakeFile::of(&sheet(1, 100), None));
    let app = app(&device, "none", FakeFile::leading_to(&elsewhere.file_url("real.xlsx")));
    enter(&device, DATA);
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
    assert_eq!(elsewhere.take_log(), ["FILE real.xlsx"]);
}

#[test]
fn redirects_that_lead_astray_are_refused() {
    let device = Device::signed_in();
    let app = app(&device, "none", FakeFile::of(b"", None));
    let endless = device.portal.file_url("bmi.xlsx");
    for location in [
        endless.as_str(),
        "http://files.example.org/x",
        "ftp://127.0.0.1/x",
        "https://a:b@127.0.0.1/x",
        "http://",
    ] {
        serve(&device, "bmi.xlsx", FakeFile::leading_to(location));
        let error = device.failing_sync();
        assert!(matches!(error, SyncError::SourceAnswer { .. }), "{location}: {error}");
        assert!(device.status(app).is_none());
    }
}

#[test]
fn addresses_in_the_clear_are_not_asked() {
    let device = Device::signed_in();
    device.portal.add(FakeApp::http("In the clear", "http://files.example.org/x.xlsx", "none"));
    let error = device.failing_sync();
    assert!(matches!(error, SyncError::BadAddress { .. }), "{error}");
    assert!(error.to_string().contains("https"), "{error}");
}

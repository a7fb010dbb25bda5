//! Signing in, staying signed in, signing out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use playsheet_sync::{Account, AppStatus, Cancel, PortalClient, SyncError};
use portal_api::{ProblemCode, Registration};
use support::portal::{DAY_MS, EMAIL, FakeApp, Harm, PASSWORD};
use support::{Device, files, sheet};

#[test]
fn a_person_signs_in_and_is_remembered() {
    let device = Device::new();
    assert!(Account::load(device.vault(), Arc::new(device.clock.clone())).unwrap().is_none());
    let standing = device.sign_in(PASSWORD).unwrap().standing().unwrap();
    assert_eq!((standing.person.email.as_str(), standing.ended), (EMAIL, false));
    assert_eq!(standing.portal_name, "Test portal");
    assert_eq!(standing.portal, device.portal.url());
    assert_eq!(device.account().standing().unwrap(), standing);
    assert_eq!(device.account().ask_who(&Cancel::new()).unwrap().email, EMAIL);
}

#[test]
fn a_wrong_password_is_the_persons_fault_and_changes_nothing() {
    let device = Device::new();
    let error = device.sign_in("not the password").err().unwrap();
    assert!(
        matches!(error, SyncError::Portal { code: ProblemCode::WrongCredentials, status: 401, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("wrong"), "{error}");
    assert_eq!(error.exit_class().code(), 1);
    assert!(Account::load(device.vault(), Arc::new(device.clock)).unwrap().is_none());
}

#[test]
fn registering_needs_no_sign_in() {
    let device = Device::new();
    let client = PortalClient::new(&device.portal.url()).unwrap();
    let registration = Registration { email: EMAIL.into(), password: PASSWORD.into(), name: String::new() };
    assert!(client.register(&registration, &Cancel::new()).unwrap().message.contains("mailbox"));
    assert_eq!(client.info(&Cancel::new()).unwrap().name, "Test portal");
    assert_eq!(device.portal.take_log(), ["POST /api/v1/accounts", "GET /api/v1/portal"]);
}

#[test]
fn worn_access_tokens_are_renewed_before_and_after_the_portal_notices() {
    let device = Device::signed_in();
    device.good_sync();
    assert_eq!(device.portal.take_log(), ["GET /api/v1/sync +token"]);

    device.pass(9 * 60_000 + 31_000);
    device.good_sync();
    assert_eq!(device.portal.take_log(), ["POST /api/v1/sessions/refresh", "GET /api/v1/sync +token"]);

    // The portal's clock is ahead of this one's: the token ends sooner than expected.
    device.portal.world().now_ms += 11 * 60_000;
    device.good_sync();
    let expected = ["GET /api/v1/sync +token", "POST /api/v1/sessions/refresh", "GET /api/v1/sync +token"];
    assert_eq!(device.portal.take_log(), expected);
}

#[test]
fn a_refresh_whose_answer_got_lost_is_repeated() {
    let device = Device::signed_in();
    device.pass(20 * 60_000);
    device.portal.world().lose_refreshes = 2;
    device.good_sync();
    let refreshes = device.portal.take_log().iter().filter(|line| line.contains("refresh")).count();
    assert_eq!(refreshes, 3);
    device.pass(20 * 60_000);
    device.good_sync();
}

#[test]
fn processes_that_share_a_sign_in_take_each_others_tokens() {
    let device = Device::signed_in();
    let (one, other) = (device.account(), device.account());
    device.pass(20 * 60_000);
    one.ask_who(&Cancel::new()).unwrap();
    other.ask_who(&Cancel::new()).unwrap();
    let refreshes = device.portal.take_log().iter().filter(|line| line.contains("refresh")).count();
    assert_eq!(refreshes, 1);
}

#[test]
fn a_sign_in_that_the_portal_ended_leaves_the_apps_until_their_leases_end() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    device.pass(20 * 60_000);
    device.portal.world().refresh_good = false;
    for _ in 0..2 {
        let error = device.sync().unwrap_err();
        assert!(matches!(error, SyncError::SignedOut { .. }), "{error}");
        assert!(error.to_string().contains(EMAIL));
        assert_eq!(error.exit_class().code(), 4);
    }
    let asked = device.portal.take_log();
    assert_eq!(asked.iter().filter(|line| line.contains("refresh")).count(), 1, "ended is ended: {asked:?}");
    assert!(device.account().standing().unwrap().ended);
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));

    // The same person signs in again: a new device for the portal, whose leases come with the next sync.
    device.sign_in(PASSWORD).unwrap();
    assert_eq!(device.status(app), Some(AppStatus::LeaseInvalid));
    assert!(matches!(device.open(app), Err(SyncError::LeaseInvalid { .. })));
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
}

#[test]
fn somebody_else_must_wait_until_the_first_has_signed_out() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    let before = device.portal.world().person;
    let error = device.sign_in_as("eve@example.org", PASSWORD).err().unwrap();
    assert!(matches!(&error, SyncError::OtherAccount { email } if email == EMAIL), "{error}");
    device.portal.world().person = before;
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));

    device.portal.world().instance = "another portal under the same address".into();
    assert!(matches!(device.sign_in(PASSWORD), Err(SyncError::OtherAccount { .. })));
}

#[test]
fn signing_out_destroys_everything_also_in_old_copies() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100_000)));
    device.good_sync();
    let old = device.beside("old");
    support::copy(&device.dir(), &old);
    assert!(device.account().sign_out(&Cancel::new()).unwrap());
    assert!(Account::load(device.vault(), Arc::new(device.clock.clone())).unwrap().is_none());
    assert!(device.vault().compartments().unwrap().is_empty());
    assert!(device.apps().list().unwrap().is_empty());
    assert!(matches!(device.apps().open(app), Err(SyncError::NotSignedIn)));
    let copy = vault::Vault::open(&old, device.secrets.clone());
    assert!(matches!(copy, Err(vault::Error::KeyMissing { .. })));
    device.sign_in_as("eve@example.org", PASSWORD).unwrap();
}

#[test]
fn signing_out_works_without_the_portal_and_says_so() {
    let mut device = Device::signed_in();
    device.portal.stop();
    assert!(!device.account().sign_out(&Cancel::new()).unwrap());
    assert!(device.vault().compartments().unwrap().is_empty());
}

#[test]
fn an_account_that_was_shut_loses_its_apps_at_the_next_contact() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    let body = serde_json::json!({ "code": "account_disabled", "status": 403, "detail": "This account was disabled." });
    device.portal.world().answer_all = Some((403, "application/problem+json", body.to_string()));
    let error = device.sync().unwrap_err();
    assert!(error.to_string().contains("disabled"), "{error}");
    assert!(device.status(app).is_none());
    assert_eq!(device.apps().ended().unwrap()[0].name, "BMI");
    assert!(matches!(device.open(app), Err(SyncError::NotReady { .. })));
}

#[test]
fn answers_that_are_no_portals_are_named() {
    let cases = [
        (200, "text/html", "<html>Welcome to the hotel WLAN", "does not understand"),
        (302, "text/html", "", "does not understand"),
        (404, "text/html", "<html>Not found", "does not understand"),
        (500, "text/plain", "oh", "status 500"),
        (502, "text/html", "<html>Bad gateway", "status 502"),
        (200, "application/json", "{\"name\": 1}", "does not understand"),
        (
            429,
            "application/problem+json",
            "{\"code\":\"rate_limited\",\"detail\":\"Try again in 7 seconds.\"}",
            "7 seconds",
        ),
        (
            418,
            "application/problem+json",
            "{\"code\":\"teapot\",\"detail\":\"Short\\nand stout.\"}",
            "Short and stout.",
        ),
        (403, "application/problem+json", "not json", "status 403"),
    ];
    for (status, kind, body, expected) in cases {
        let device = Device::new();
        device.portal.world().answer_all = Some((status, kind, body.into()));
        let error = device.sign_in(PASSWORD).err().unwrap();
        assert!(error.to_string().contains(expected), "{status} {kind}: {error}");
        assert_eq!(error.exit_class().code(), 4, "{error}");
        assert_eq!(
            device.portal.take_log().len(),
            1,
            "nothing more is sent to such a server, the password least"
        );
    }
}

#[test]
fn a_portal_that_is_away_is_named() {
    let mut device = Device::signed_in();
    let address = device.portal.url().replace("http://", "");
    device.portal.stop();
    let error = device.sync().unwrap_err();
    assert!(matches!(&error, SyncError::Network { host, .. } if *host == address), "{error}");
    assert_eq!(error.exit_class().code(), 4);
}

#[test]
fn a_portal_that_wants_a_newer_player_says_which() {
    let device = Device::signed_in();
    device.portal.world().min_player = "99.1.0";
    let error = device.sync().unwrap_err();
    assert!(matches!(&error, SyncError::PlayerTooOld { needed, .. } if needed == "99.1.0"), "{error}");
}

#[test]
fn no_secret_reaches_the_disk_in_the_clear() {
    let device = Device::signed_in();
    let text = "CANARY-cell-value ".repeat(5_000);
    device.portal.add(FakeApp::hosted("CANARY-name", "<app name=\"CANARY-definition\"/>", text.as_bytes()));
    device.good_sync();
    let origin = playsheet_sync::Origin::of("https://files.example.org").unwrap();
    device.account().set_source_sign_in(origin, Some(("CANARY-user", "CANARY-password"))).unwrap();
    device.portal.add(FakeApp::hosted("Broken", "<app/>", text.as_bytes()));
    device.portal.world().harm = Some(Harm::BreakOff(70_000));
    assert!(device.sync().is_err() || device.apps().list().unwrap().len() == 1);
    let mut scanned = 0;
    for path in files(&device.dir()) {
        let bytes = std::fs::read(&path).unwrap();
        scanned += bytes.len();
        for marker in
            [&b"CANARY"[..], EMAIL.as_bytes(), PASSWORD.as_bytes(), b"127.0.0.1", b"files.example.org"]
        {
            assert!(!bytes.windows(marker.len()).any(|part| part == marker), "{}", path.display());
        }
    }
    assert!(scanned > text.len());
}

#[test]
fn calls_from_a_worker_of_an_asynchronous_program_work() {
    let device = Device::signed_in();
    device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async { device.good_sync() });
    runtime.shutdown_timeout(Duration::from_secs(1));
}

#[test]
fn a_month_without_contact_and_then_one() {
    let device = Device::signed_in();
    let app = device.portal.add(FakeApp::hosted("BMI", "<app/>", &sheet(1, 100)));
    device.good_sync();
    device.pass(40 * DAY_MS);
    assert!(matches!(device.open(app), Err(SyncError::LeaseEnded { .. })));
    device.good_sync();
    assert_eq!(device.open(app).unwrap(), sheet(1, 100));
}

#[test]
fn what_a_window_holds_may_go_to_its_worker_threads() {
    fn may_go<T: Send + Sync>() {}
    may_go::<Account>();
    may_go::<playsheet_sync::AppStore>();
    may_go::<PortalClient>();
    may_go::<playsheet_sync::SyncReport>();
    may_go::<playsheet_sync::OpenApp>();
}

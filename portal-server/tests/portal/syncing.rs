//! The one call that keeps a player up to date, and leases.

use playsheet_portal_server::{DAY_MS, security::bytes::from_base64};
use portal_api::{Lease, LeaseRequest, PortalInfo, Role, SignedLease, VersionChange};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::support::{Database, Signed, TestApp, on_both_databases};

on_both_databases! {
    a_sync_tells_everything_at_once
}

/// Opens a lease as a player does: the signature first, then the document.
async fn opened(person: &Signed, lease: &SignedLease) -> Lease {
    let info: PortalInfo = person.get("/portal").await.json(200);
    assert_eq!(lease.key_id, info.lease_key.key_id);
    let key = from_base64(&info.lease_key.public_key).unwrap();
    let (document, signature) =
        (from_base64(&lease.document).unwrap(), from_base64(&lease.signature).unwrap());
    let key = UnparsedPublicKey::new(&ED25519, key);
    key.verify(&document, &signature).unwrap();
    let mut changed = document.clone();
    let place = changed.len() / 2;
    changed[place] ^= 1;
    assert!(key.verify(&changed, &signature).is_err());
    let opened: Lease = serde_json::from_slice(&document).unwrap();
    assert_eq!((opened.portal.as_str(), opened.until_ms), (info.instance.as_str(), lease.until_ms));
    opened
}

async fn a_sync_tells_everything_at_once(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let mut bob = app.person("bob@example.org").await;
    let loan = ada.publish("Loan", "one").await;
    let budget = ada.publish("Budget", "one").await;
    ada.share(&app, loan.id, &bob, Role::Viewer).await;
    ada.share(&app, budget.id, &bob, Role::Viewer).await;

    let first = bob.sync().await;
    assert_eq!((first.apps.len(), first.withdrawn.len(), first.next), (2, 0, None));
    assert_eq!(first.person.id, bob.session.person.id);
    let synced = first.apps.iter().find(|synced| synced.app.id == loan.id).unwrap();
    assert_eq!((synced.notice.version, synced.notice.change), (1, VersionChange::Created));
    let lease = opened(&bob, &synced.lease).await;
    assert_eq!(
        (lease.app, lease.person, lease.device),
        (loan.id, bob.session.person.id, bob.session.device_id)
    );
    assert_eq!(lease.until_ms - lease.issued_ms, 7 * DAY_MS);

    ada.update_spreadsheet(loan.id, "two").await.expect(200);
    ada.delete(&format!("/apps/{}/people/{}", budget.id, bob.session.person.id)).await.expect(204);
    app.clock.advance_ms(DAY_MS);
    bob.refresh().await;
    let second = bob.sync().await;
    assert_eq!(second.apps.len(), 1);
    let renewed = &second.apps[0];
    assert_eq!((renewed.app.version, renewed.notice.change), (2, VersionChange::Spreadsheet));
    assert_eq!(renewed.app.definition_etag, synced.app.definition_etag);
    assert_ne!(renewed.app.sources[0].etag, synced.app.sources[0].etag);
    assert!(renewed.lease.until_ms >= synced.lease.until_ms + DAY_MS);
    assert_eq!((second.withdrawn[0].id, second.withdrawn[0].code.as_str()), (budget.id, "withdrawn"));
    assert!(second.server_time_ms >= first.server_time_ms + DAY_MS);
}

#[tokio::test]
async fn a_lease_is_as_long_as_asked_but_no_longer_than_allowed() {
    let app = TestApp::with(Database::Sqlite, |config| config.leases.days = 10).await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "one").await;
    let path = format!("/apps/{}/lease", loan.id);
    let days = async |lease: SignedLease| {
        let lease = opened(&ada, &lease).await;
        (lease.until_ms - lease.issued_ms) / DAY_MS
    };
    assert_eq!(days(ada.get(&path).await.json(200)).await, 10);
    for (asked, given) in [(Some(1), 1), (Some(10), 10), (Some(30), 10), (Some(0), 1), (None, 10)] {
        assert_eq!(days(ada.post(&path, &LeaseRequest { days: asked }).await.json(200)).await, given);
    }
    let bare = crate::support::people::send(ada.request(reqwest::Method::POST, &path)).await;
    assert_eq!(days(bare.json(200)).await, 10);
}

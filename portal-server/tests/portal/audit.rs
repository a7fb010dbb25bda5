//! The audit log: what stands in it, and that no change of it goes unseen.

use playsheet_portal_server::store::{
    audit::Verdict,
    entities::{audit_entry, audit_head},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder,
};

use crate::support::{Database, TestApp, on_both_databases};

on_both_databases! {
    every_change_of_the_log_is_found
    entries_written_at_once_form_one_chain
}

async fn verdict(app: &TestApp) -> Verdict {
    let portal = app.app.portal();
    portal.audit.verify(portal.store.read()).await.unwrap()
}

async fn entries(app: &TestApp) -> Vec<audit_entry::Model> {
    let reader = app.app.portal().store.read();
    audit_entry::Entity::find().order_by_asc(audit_entry::Column::Sequence).all(reader).await.unwrap()
}

async fn every_change_of_the_log_is_found(database: Database) {
    let app = TestApp::on(database).await;
    assert_eq!(verdict(&app).await, Verdict::Whole { entries: 0 });
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    ada.ticket(loan.id).await.expect(201);
    let log = entries(&app).await;
    let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["account.registered", "account.confirmed", "session.begun", "app.published", "spreadsheet.ticket"]
    );
    assert_eq!(log[4].app_id.as_deref(), Some(loan.id.to_string().as_str()));
    assert!(log.iter().all(|entry| entry.request_id.is_some()));
    assert_eq!(verdict(&app).await, Verdict::Whole { entries: 5 });

    let store = &app.app.portal().store;
    let original = log[2].clone();
    let changes: [fn(&mut audit_entry::ActiveModel); 6] = [
        |entry| entry.at_ms = Set(1),
        |entry| entry.actor = Set("somebody else".to_owned()),
        |entry| entry.action = Set("session.refused".to_owned()),
        |entry| entry.object = Set("x".to_owned()),
        |entry| entry.app_id = Set(Some(String::new())),
        |entry| entry.request_id = Set(None),
    ];
    for change in changes {
        let tx = store.write().await.unwrap();
        let mut entry = original.clone().into_active_model();
        change(&mut entry);
        entry.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(verdict(&app).await, Verdict::Broken { sequence: 3, reason: "the entry was changed" });
        let tx = store.write().await.unwrap();
        original.clone().into_active_model().reset_all().update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(verdict(&app).await, Verdict::Whole { entries: 5 });

    // An entry cut out of the middle, then those at the end, with the head moved back to match.
    remove(&app, 3).await;
    assert_eq!(verdict(&app).await, Verdict::Broken { sequence: 3, reason: "the entry is missing" });
    for sequence in [4, 5] {
        remove(&app, sequence).await;
    }
    let tx = store.write().await.unwrap();
    let head = audit_head::Entity::find_by_id(1).one(&tx).await.unwrap().unwrap();
    let mut head = head.into_active_model();
    head.sequence = Set(2);
    head.hash = Set(log[1].hash.clone());
    head.update(&tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        verdict(&app).await,
        Verdict::Broken { sequence: 3, reason: "entries are missing at the end" }
    );
}

async fn remove(app: &TestApp, sequence: i64) {
    let tx = app.app.portal().store.write().await.unwrap();
    tx.execute_unprepared(&format!("DELETE FROM audit_entry WHERE sequence = {sequence}")).await.unwrap();
    tx.commit().await.unwrap();
}

async fn entries_written_at_once_form_one_chain(database: Database) {
    let app = TestApp::on(database).await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures").await;
    let tasks: Vec<_> = (0..30)
        .map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move { ada.ticket(loan.id).await.expect(201) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(verdict(&app).await, Verdict::Whole { entries: 4 + 30 });
}

//! The whole way with the real portal: an account, an app, an invitation, a player; then the portal is gone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use std::path::PathBuf;
use std::sync::Arc;

use playsheet_sync::{Account, AppStatus, AppStore, Cancel, Clock, PortalClient, SyncError};
use portal_api::{AppId, AppSummary, DeviceDescription, Registration, Role, SignedIn};
use portal_server::{App, Config, DAY_MS, ForwardClock, MINUTE_MS, Surroundings, build_in};
use reqwest::multipart::{Form, Part};
use vault::{MemoryStore, Vault};

/// A spreadsheet of this length that the portal can open, different for each seed.
fn sheet(seed: u8, length: usize) -> Vec<u8> {
    let rows = (0..).flat_map(|row: u32| format!("{seed};{row}\n").into_bytes());
    rows.take(length).collect()
}

const CREATOR: &str = "creator@example.org";
const CONSUMER: &str = "consumer@example.com";
const PASSWORD: &str = "seven purple elephants on a bicycle";
const DEFINITION: &str = r#"<app><name>BMI</name><description>Body mass index</description><layout>
<item caption="Body Height" inputtype="input" contenttype="integer" address="B1"/></layout></app>"#;

/// The portal's clock, for the player too: time passes for both.
struct SharedClock(Arc<ForwardClock>);

impl Clock for SharedClock {
    fn now_ms(&self) -> i64 {
        portal_server::Clock::now_ms(self.0.as_ref())
    }
}

/// A real portal in this process, on a port of its own.
struct Stage {
    runtime: Option<tokio::runtime::Runtime>,
    app: Arc<App>,
    url: String,
    clock: Arc<ForwardClock>,
    http: reqwest::Client,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        // The client of the creator is a plain one; it needs a provider although it speaks to this computer only.
        drop(rustls::crypto::ring::default_provider().install_default());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ForwardClock::default());
        let surroundings = Surroundings { clock: clock.clone(), ..Surroundings::default() };
        let config = Config::for_tests(folder.path().join("portal"));
        let (app, listener) = runtime.block_on(async {
            let app = Arc::new(build_in(config, surroundings).await.unwrap());
            let listener = app.listen().await.unwrap();
            (app, listener)
        });
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = app.clone();
        runtime.spawn(async move { serving.answer(listener, std::future::pending()).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { runtime: Some(runtime), app, url, clock, http, folder }
    }

    fn runtime(&self) -> &tokio::runtime::Runtime {
        self.runtime.as_ref().unwrap()
    }

    fn kill(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }

    /// The token of the link in the newest mail to somebody.
    fn mailed_token(&self, to: &str) -> String {
        self.runtime().block_on(self.app.deliver_mail()).unwrap();
        let mailbox = self.folder.path().join("portal/mailbox");
        let mut mails: Vec<PathBuf> = support::files(&mailbox);
        mails.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
        let texts = mails.iter().rev().map(|path| std::fs::read_to_string(path).unwrap());
        let text =
            texts.filter(|text| text.contains(&format!("To: {to}"))).find(|text| text.contains("token"));
        let text = text.unwrap().replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
        let (_, rest) = text.split_once("?token=").unwrap();
        rest.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).next().unwrap().to_owned()
    }

    fn register(&self, email: &str) {
        let client = PortalClient::new(&self.url).unwrap();
        let registration =
            Registration { email: email.into(), password: PASSWORD.into(), name: String::new() };
        client.register(&registration, &Cancel::new()).unwrap();
        let confirmed = client.confirm(&self.mailed_token(email), &Cancel::new()).unwrap();
        assert_eq!(confirmed.email, email);
    }

    fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let response = self.runtime().block_on(request.send()).unwrap();
        let status = response.status();
        if !status.is_success() {
            panic!("{status}: {}", self.runtime().block_on(response.text()).unwrap());
        }
        response
    }

    fn creator_token(&self) -> String {
        let body = serde_json::json!({ "email": CREATOR, "password": PASSWORD });
        let response = self.send(self.http.post(format!("{}/api/v1/sessions", self.url)).json(&body));
        let signed_in: SignedIn = self.runtime().block_on(response.json()).unwrap();
        signed_in.tokens.access_token
    }

    fn publish(&self, form: Form) -> AppId {
        let request = self.http.post(format!("{}/api/v1/apps", self.url)).bearer_auth(self.creator_token());
        let summary: AppSummary = self.runtime().block_on(self.send(request.multipart(form)).json()).unwrap();
        summary.id
    }

    fn publish_sheet(&self, bytes: Vec<u8>) -> AppId {
        let part = Part::bytes(bytes).file_name("bmi.csv");
        self.publish(Form::new().text("definition", DEFINITION).part("spreadsheet", part))
    }

    fn put(&self, path: &str, body: impl Into<reqwest::Body>) {
        let request = self.http.put(format!("{}/api/v1/{path}", self.url)).bearer_auth(self.creator_token());
        self.send(request.body(body));
    }

    fn invite(&self, app: AppId) {
        let body = serde_json::json!({ "email": CONSUMER });
        let url = format!("{}/api/v1/apps/{app}/invitations", self.url);
        self.send(self.http.post(url).bearer_auth(self.creator_token()).json(&body));
    }

    fn withdraw(&self, app: AppId) {
        self.send(
            self.http.delete(format!("{}/api/v1/apps/{app}", self.url)).bearer_auth(self.creator_token()),
        );
    }
}

/// The consumer's computer.
struct Player {
    vault: Arc<Vault>,
    clock: Arc<SharedClock>,
}

impl Player {
    fn new(stage: &Stage) -> Self {
        let dir = stage.folder.path().join("vault");
        let vault = Vault::open_or_create(&dir, Arc::new(MemoryStore::new())).unwrap();
        Self { vault: Arc::new(vault), clock: Arc::new(SharedClock(stage.clock.clone())) }
    }

    fn sign_in(&self, stage: &Stage) -> Result<Account, SyncError> {
        let client = PortalClient::new(&stage.url)?;
        let device = DeviceDescription { name: "Notebook".into(), platform: "player/test".into() };
        Account::sign_in(
            self.vault.clone(),
            self.clock.clone(),
            client,
            (CONSUMER, PASSWORD),
            device,
            &Cancel::new(),
        )
    }

    fn account(&self) -> Account {
        Account::load(self.vault.clone(), self.clock.clone()).unwrap().unwrap()
    }

    fn sync(&self) {
        let report = self.account().sync(None, &Cancel::new(), &mut |_| {}).unwrap();
        assert!(report.failed.is_empty(), "{:?}", report.failed);
    }

    fn apps(&self) -> AppStore {
        AppStore::new(self.vault.clone(), self.clock.clone())
    }

    fn sheet(&self, app: AppId) -> Result<Vec<u8>, SyncError> {
        self.apps().open(app).map(|open| open.spreadsheets[0].bytes.to_vec())
    }
}

/// A portal with a creator, a consumer, and an app that the consumer accepted and synced.
fn shared_app(bytes: &[u8]) -> (Stage, Player, AppId) {
    let stage = Stage::new();
    stage.register(CREATOR);
    stage.register(CONSUMER);
    let app = stage.publish_sheet(bytes.to_vec());
    stage.invite(app);
    let player = Player::new(&stage);
    let account = player.sign_in(&stage).unwrap();
    let accepted = account.accept_invitation(&stage.mailed_token(CONSUMER), &Cancel::new()).unwrap();
    assert_eq!((accepted.app, accepted.role), (app, Role::Viewer));
    player.sync();
    (stage, player, app)
}

#[test]
fn an_app_is_published_shared_synced_and_opens_with_the_portal_killed() {
    let (mut stage, player, app) = shared_app(&sheet(1, 300_000));
    assert_eq!(player.sheet(app).unwrap(), sheet(1, 300_000));

    stage.put(&format!("apps/{app}/spreadsheet?name=bmi.csv&note=New"), sheet(2, 70_000));
    player.sync();
    assert_eq!(player.sheet(app).unwrap(), sheet(2, 70_000));
    let definition = DEFINITION.replace("Body Height", "Height in cm");
    stage.put(&format!("apps/{app}/definition"), definition);
    player.sync();
    let open = player.apps().open(app).unwrap();
    assert!(String::from_utf8_lossy(&open.definition).contains("Height in cm"));
    assert_eq!((open.name.as_str(), open.version), ("BMI", 3));
    assert_eq!(open.spreadsheets[0].file_name.as_deref(), Some("bmi.csv"));

    stage.kill();
    assert_eq!(player.sheet(app).unwrap(), sheet(2, 70_000));
    let error = player.account().sync(None, &Cancel::new(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, SyncError::Network { .. }), "{error}");
    assert_eq!(player.sheet(app).unwrap(), sheet(2, 70_000));
    stage.clock.advance_ms(7 * DAY_MS);
    assert!(matches!(player.sheet(app), Err(SyncError::LeaseEnded { .. })));
    assert!(player.apps().list().unwrap().is_empty());
}

#[test]
fn a_withdrawn_app_is_gone_at_the_next_contact() {
    let (stage, player, app) = shared_app(&sheet(1, 1_000));
    stage.withdraw(app);
    assert_eq!(player.sheet(app).unwrap(), sheet(1, 1_000), "nobody has told the player yet");
    player.sync();
    assert!(matches!(player.sheet(app), Err(SyncError::NoApp { .. })));
}

#[test]
fn the_sign_in_lasts_by_refreshing_and_ends_when_the_device_is_ended() {
    let (stage, player, app) = shared_app(&sheet(1, 1_000));
    for _ in 0..3 {
        stage.clock.advance_ms(11 * MINUTE_MS);
        player.sync();
    }
    stage.clock.advance_ms(3 * DAY_MS);
    player.sync();
    let signed_in_elsewhere = serde_json::json!({ "email": CONSUMER, "password": PASSWORD });
    let response =
        stage.send(stage.http.post(format!("{}/api/v1/sessions", stage.url)).json(&signed_in_elsewhere));
    let elsewhere: SignedIn = stage.runtime().block_on(response.json()).unwrap();
    let devices =
        stage.http.get(format!("{}/api/v1/devices", stage.url)).bearer_auth(&elsewhere.tokens.access_token);
    let listed: serde_json::Value = stage.runtime().block_on(stage.send(devices).json()).unwrap();
    let listed = listed.get("items").unwrap_or(&listed).as_array().unwrap().clone();
    let notebook = listed.iter().find(|device| device["name"] == "Notebook").unwrap();
    let end = format!("{}/api/v1/devices/{}", stage.url, notebook["id"].as_str().unwrap());
    stage.send(stage.http.delete(end).bearer_auth(&elsewhere.tokens.access_token));

    let error = player.account().sync(None, &Cancel::new(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, SyncError::SignedOut { .. }), "{error}");
    assert_eq!(player.sheet(app).unwrap(), sheet(1, 1_000), "until the lease ends");
    player.sign_in(&stage).unwrap();
    player.sync();
    assert_eq!(player.sheet(app).unwrap(), sheet(1, 1_000));
    assert!(player.account().sign_out(&Cancel::new()).unwrap());
    assert!(player.vault.compartments().unwrap().is_empty());
}

#[test]
fn an_app_on_an_http_source_reaches_the_player_past_the_portal() {
    let files = support::portal::Portal::start();
    files
        .world()
        .files
        .insert("bmi.xlsx".into(), support::portal::FakeFile::of(&sheet(5, 5_000), Some("v1")));
    let (stage, player, _) = shared_app(&sheet(1, 1_000));
    let form =
        Form::new().text("definition", DEFINITION).text("source_url", "https://files.example.org/bmi.xlsx");
    let app = stage.publish(form.text("source_auth", "basic"));
    stage.invite(app);
    player.account().accept_invitation(&stage.mailed_token(CONSUMER), &Cancel::new()).unwrap();
    let report = player.account().sync(None, &Cancel::new(), &mut |_| {}).unwrap();
    assert!(matches!(report.failed[0].error, SyncError::SourceNeedsSignIn { .. }), "{:?}", report.failed);
    let listed = player.apps().list().unwrap();
    let listed = listed.iter().find(|listed| listed.id == app).unwrap();
    let origin = "https://files.example.org:443".to_owned();
    assert_eq!(listed.status, AppStatus::NeedsSignIn { origin });

    let address = serde_json::json!({ "url": files.file_url("bmi.xlsx"), "auth": "none" });
    let request = stage.http.put(format!("{}/api/v1/apps/{app}/sources/main", stage.url));
    stage.send(request.bearer_auth(stage.creator_token()).json(&address));
    player.sync();
    assert_eq!(player.sheet(app).unwrap(), sheet(5, 5_000));
}

//! A small portal of the tests' own. It speaks the real interface and can be told to misbehave in every way that
//! a network, a dishonest server or a moment of bad luck can.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64URL};
use portal_api::{
    AppId, DeviceId, ObjectId, PROBLEM_MEDIA_TYPE, PersonId, Problem, ProblemCode, Refresh, SignIn, SourceId,
    TeamId,
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "a password that is long enough";
pub const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
pub const START_MS: i64 = 1_800_000_000_000;
const ACCESS_LIFE_MS: i64 = 10 * 60 * 1_000;
const OBJECT_KEY: [u8; 32] = [9; 32];

/// What the next transfers of a body do instead of arriving.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Harm {
    /// Ends, as if complete, after so many bytes.
    CutShort(usize),
    /// Breaks the connection after so many bytes.
    BreakOff(usize),
    /// Sends nothing more after so many bytes, and waits.
    Stall(usize),
    /// Changes the byte at this place.
    Flip(usize),
}

#[derive(Clone)]
pub enum FakeSource {
    Hosted(Vec<u8>),
    Http { url: String, auth: &'static str },
}

#[derive(Clone)]
pub struct FakeApp {
    pub name: String,
    pub version: u64,
    pub definition: String,
    pub sources: BTreeMap<String, FakeSource>,
    pub state: &'static str,
}

impl FakeApp {
    pub fn hosted(name: &str, definition: &str, spreadsheet: &[u8]) -> Self {
        Self::with(name, definition, FakeSource::Hosted(spreadsheet.to_vec()))
    }

    pub fn http(name: &str, url: &str, auth: &'static str) -> Self {
        Self::with(name, "<app/>", FakeSource::Http { url: url.to_owned(), auth })
    }

    fn with(name: &str, definition: &str, source: FakeSource) -> Self {
        Self {
            name: name.to_owned(),
            version: 1,
            definition: definition.to_owned(),
            sources: BTreeMap::from([("main".to_owned(), source)]),
            state: "available",
        }
    }
}

/// Everything the portal knows and how it is to behave.
pub struct World {
    pub now_ms: i64,
    pub apps: BTreeMap<AppId, FakeApp>,
    pub withdrawn: Vec<AppId>,
    pub person: PersonId,
    pub device: DeviceId,
    pub instance: String,
    pub access: Option<(String, i64)>,
    pub refresh: u64,
    pub refresh_good: bool,
    /// How many answers to refreshes get lost after the portal has rotated.
    pub lose_refreshes: usize,
    pub harm: Option<Harm>,
    /// The answer to every request from now on.
    pub answer_all: Option<(u16, &'static str, String)>,
    /// Takes every connection but is dead after so many more requests.
    pub die_after: Option<usize>,
    pub page: usize,
    pub min_player: &'static str,
    pub lease_days: i64,
    /// Leases are issued for this device instead of the asking one.
    pub lease_device: Option<DeviceId>,
    /// The next tickets are of another version.
    pub stale_tickets: usize,
    /// Files of the HTTP server: bytes, entity tag, needed `user:password`.
    pub files: BTreeMap<String, FakeFile>,
    pub log: Vec<String>,
}

#[derive(Clone)]
pub struct FakeFile {
    pub bytes: Vec<u8>,
    pub etag: Option<String>,
    pub needs: Option<&'static str>,
    pub kind: &'static str,
    pub status: u16,
    pub location: Option<String>,
    pub announce: bool,
}

impl FakeFile {
    pub fn of(bytes: &[u8], etag: Option<&str>) -> Self {
        Self {
            bytes: bytes.to_vec(),
            etag: etag.map(|tag| format!("\"{tag}\"")),
            needs: None,
            kind: "application/octet-stream",
            status: 200,
            location: None,
            announce: true,
        }
    }

    pub fn leading_to(location: &str) -> Self {
        Self { status: 302, location: Some(location.to_owned()), ..Self::of(b"", None) }
    }

    pub fn needing(mut self, user_and_password: &'static str) -> Self {
        self.needs = Some(user_and_password);
        self
    }
}

type Shared = Arc<Mutex<World>>;

/// A running portal with an HTTP server for files beside it, which has an origin of its own.
pub struct Portal {
    pub world: Shared,
    pub address: SocketAddr,
    pub files: SocketAddr,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Portal {
    pub fn start() -> Self {
        let world = Arc::new(Mutex::new(World {
            now_ms: START_MS,
            apps: BTreeMap::new(),
            withdrawn: Vec::new(),
            person: PersonId::mint(),
            device: DeviceId::mint(),
            instance: "instance-1".into(),
            access: None,
            refresh: 0,
            refresh_good: true,
            lose_refreshes: 0,
            harm: None,
            answer_all: None,
            die_after: None,
            page: 100,
            min_player: "0.1.0",
            lease_days: 7,
            lease_device: None,
            stale_tickets: 0,
            files: BTreeMap::new(),
            log: Vec::new(),
        }));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let serve = |router: Router| {
            let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
            let address = listener.local_addr().unwrap();
            runtime.spawn(async move { axum::serve(listener, router).await });
            address
        };
        let address = serve(portal_routes(world.clone()));
        let files = serve(Router::new().route("/{*path}", any(file)).with_state(world.clone()));
        Self { world, address, files, runtime: Some(runtime) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn file_url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.files)
    }

    /// The machine is gone: connections are refused.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub fn add(&self, app: FakeApp) -> AppId {
        let id = AppId::mint();
        self.world().apps.insert(id, app);
        id
    }

    pub fn change(&self, id: AppId, change: impl FnOnce(&mut FakeApp)) {
        let mut world = self.world();
        let app = world.apps.get_mut(&id).unwrap();
        change(app);
        app.version += 1;
    }

    pub fn withdraw(&self, id: AppId) {
        let mut world = self.world();
        world.apps.remove(&id);
        world.withdrawn.push(id);
    }

    /// The requests since the last call.
    pub fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.world().log)
    }
}

fn portal_routes(world: Shared) -> Router {
    let api = Router::new()
        .route("/portal", get(info))
        .route("/accounts", post(register))
        .route("/sessions", post(sign_in))
        .route("/sessions/refresh", post(refresh))
        .route("/sessions/current", axum::routing::delete(sign_out))
        .route("/me", get(me))
        .route("/sync", get(sync))
        .route("/apps/{id}/definition", get(definition))
        .route("/apps/{id}/sources/{source}/ticket", post(ticket))
        .route("/objects/{app}/{source}", get(object));
    Router::new()
        .nest("/api/v1", api)
        .layer(axum::middleware::from_fn_with_state(world.clone(), at_the_door))
        .with_state(world)
}

/// Writes every request down and misbehaves where that is wanted.
async fn at_the_door(
    State(world): State<Shared>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let dead = {
        let mut world = world.lock().unwrap();
        let signed = if request.headers().contains_key(header::AUTHORIZATION) { " +token" } else { "" };
        world.log.push(format!("{} {}{signed}", request.method(), request.uri().path()));
        if let Some((status, kind, body)) = world.answer_all.clone() {
            let headers =
                [(header::CONTENT_TYPE, kind), (header::LOCATION, "https://elsewhere.example.org/")];
            return (StatusCode::from_u16(status).unwrap(), headers, body).into_response();
        }
        match &mut world.die_after {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    };
    if dead { broken(Bytes::new()) } else { next.run(request).await }
}

/// An answer whose connection breaks after these bytes.
fn broken(start: Bytes) -> Response {
    let pieces = futures_util::stream::iter([Ok(start), Err(std::io::Error::other("the cable was cut"))]);
    Body::from_stream(pieces).into_response()
}

fn problem(code: ProblemCode, detail: &str) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap();
    let body = serde_json::to_string(&Problem::new(code, detail)).unwrap();
    (status, [(header::CONTENT_TYPE, PROBLEM_MEDIA_TYPE)], body).into_response()
}

fn refused(headers: &HeaderMap, world: &World) -> Option<Response> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let good = world
        .access
        .as_ref()
        .is_some_and(|(token, until)| sent == format!("Bearer {token}") && world.now_ms < *until);
    (!good).then(|| problem(ProblemCode::SignedOut, "Sign in."))
}

fn answer(value: Value) -> Response {
    axum::Json(value).into_response()
}

async fn info(State(world): State<Shared>) -> Response {
    let world = world.lock().unwrap();
    answer(json!({
        "name": "Test portal", "version": "0.1.0", "instance": world.instance, "min_player": world.min_player,
        "lease_key": { "key_id": "k1", "algorithm": "Ed25519", "public_key": BASE64URL.encode(pair().public_key()) },
        "server_time_ms": world.now_ms, "added_later": true,
    }))
}

async fn register() -> Response {
    answer(json!({ "message": "Look into your mailbox." }))
}

async fn sign_in(State(world): State<Shared>, axum::Json(request): axum::Json<SignIn>) -> Response {
    let mut world = world.lock().unwrap();
    if request.password != PASSWORD {
        return problem(ProblemCode::WrongCredentials, "The mail address or the password is wrong.");
    }
    if request.email != EMAIL {
        world.person = PersonId::mint();
    }
    world.device = DeviceId::mint();
    world.refresh_good = true;
    let tokens = tokens(&mut world);
    answer(json!({
        "person": person(&world, &request.email), "device_id": world.device, "device_secret": "CANARY-device-secret",
        "tokens": tokens,
    }))
}

fn person(world: &World, email: &str) -> Value {
    json!({ "id": world.person, "email": email, "name": "Ada", "confirmed": true, "personal_team": TeamId::mint() })
}

fn tokens(world: &mut World) -> Value {
    world.refresh += 1;
    let until = world.now_ms + ACCESS_LIFE_MS;
    let access = format!("CANARY-access-{}", world.refresh);
    world.access = Some((access.clone(), until));
    json!({
        "access_token": access, "access_expires_ms": until,
        "refresh_token": format!("CANARY-refresh-{}", world.refresh), "refresh_expires_ms": until + DAY_MS,
    })
}

async fn refresh(State(world): State<Shared>, axum::Json(request): axum::Json<Refresh>) -> Response {
    let mut world = world.lock().unwrap();
    let current = format!("CANARY-refresh-{}", world.refresh);
    let previous = format!("CANARY-refresh-{}", world.refresh.saturating_sub(1));
    let good = world.refresh_good && request.device_secret == "CANARY-device-secret";
    if !good || (request.refresh_token != current && request.refresh_token != previous) {
        world.refresh_good = false;
        return problem(ProblemCode::RefreshInvalid, "Sign in again.");
    }
    if request.refresh_token == previous {
        // The answer got lost: the same successor once more.
        world.refresh -= 1;
    }
    let tokens = tokens(&mut world);
    if world.lose_refreshes > 0 {
        world.lose_refreshes -= 1;
        return broken(Bytes::from_static(b"{\"acc"));
    }
    answer(tokens)
}

async fn sign_out(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let mut world = world.lock().unwrap();
    if let Some(refused) = refused(&headers, &world) {
        return refused;
    }
    world.refresh_good = false;
    StatusCode::NO_CONTENT.into_response()
}

async fn me(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let world = world.lock().unwrap();
    refused(&headers, &world).unwrap_or_else(|| answer(person(&world, EMAIL)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[3; 32]).unwrap()
}

fn lease(world: &World, app: AppId) -> Value {
    let until_ms = world.now_ms + world.lease_days * DAY_MS;
    let document = serde_json::to_vec(&json!({
        "schema": 1, "portal": world.instance, "app": app, "person": world.person,
        "device": world.lease_device.unwrap_or(world.device), "issued_ms": world.now_ms, "until_ms": until_ms,
    }));
    let document = document.unwrap();
    json!({
        "document": BASE64URL.encode(&document), "signature": BASE64URL.encode(pair().sign(&document)),
        "key_id": "k1", "until_ms": until_ms,
    })
}

async fn sync(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let world = world.lock().unwrap();
    if let Some(refused) = refused(&headers, &world) {
        return refused;
    }
    let after = query.get("after").map(|after| after.parse::<AppId>().unwrap());
    let mut left = world.apps.iter().filter(|(id, _)| after.is_none_or(|after| **id > after));
    let page: Vec<_> = left.by_ref().take(world.page).collect();
    let next = left.next().and_then(|_| page.last()).map(|(id, _)| id.to_string());
    let apps: Vec<Value> = page.into_iter().map(|(id, app)| entry(&world, *id, app)).collect();
    let withdrawn: Vec<Value> =
        world.withdrawn.iter().map(|id| json!({ "id": id, "since_ms": 1, "code": "withdrawn" })).collect();
    let mut state = json!({
        "server_time_ms": world.now_ms, "min_player": world.min_player, "person": person(&world, EMAIL),
        "apps": apps, "withdrawn": withdrawn, "added_later": [1, 2, 3],
    });
    if let Some(next) = next {
        state["next"] = next.into();
    }
    answer(state)
}

fn entry(world: &World, id: AppId, app: &FakeApp) -> Value {
    let sources: Vec<Value> = app
        .sources
        .iter()
        .map(|(source, content)| match content {
            FakeSource::Hosted(bytes) => json!({
                "id": source, "kind": "hosted", "etag": sha256(bytes), "size": bytes.len(), "file_name": "figures.xlsx",
            }),
            FakeSource::Http { url, auth } => json!({ "id": source, "kind": "http", "url": url, "auth": auth }),
        })
        .collect();
    json!({
        "id": id, "team": uuid::Uuid::nil(), "name": app.name, "description": "Tells things.",
        "state": app.state, "role": "viewer", "version": app.version,
        "definition_etag": sha256(app.definition.as_bytes()), "sources": sources, "changed_ms": app.version,
        "lease": lease(world, id),
        "notice": { "version": app.version, "change": "both", "note": "New figures", "published_ms": app.version },
    })
}

async fn definition(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<AppId>) -> Response {
    let world = world.lock().unwrap();
    if let Some(refused) = refused(&headers, &world) {
        return refused;
    }
    let Some(app) = world.apps.get(&id) else {
        return problem(ProblemCode::NotFound, "There is nothing here.");
    };
    let etag = format!("\"{}\"", sha256(app.definition.as_bytes()));
    ([(header::ETAG, etag)], app.definition.clone()).into_response()
}

async fn ticket(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path((id, source)): Path<(AppId, SourceId)>,
) -> Response {
    let mut world = world.lock().unwrap();
    if let Some(refused) = refused(&headers, &world) {
        return refused;
    }
    let stale = world.stale_tickets > 0;
    world.stale_tickets = world.stale_tickets.saturating_sub(1);
    let app = world.apps.get(&id);
    let Some((app, FakeSource::Hosted(bytes))) =
        app.and_then(|app| Some((app, app.sources.get(source.as_str())?)))
    else {
        return problem(ProblemCode::NotFound, "There is nothing here.");
    };
    answer(json!({
        "url": format!("/api/v1/objects/{id}/{source}"), "expires_ms": world.now_ms + 60_000,
        "object_id": ObjectId(id.0), "key": BASE64URL.encode(OBJECT_KEY), "etag": sha256(bytes), "size": bytes.len(),
        "version": if stale { app.version + 1 } else { app.version },
    }))
}

async fn object(State(world): State<Shared>, Path((id, source)): Path<(AppId, String)>) -> Response {
    let (sealed, harm) = {
        let world = world.lock().unwrap();
        let Some(FakeSource::Hosted(bytes)) = world.apps.get(&id).and_then(|app| app.sources.get(&source))
        else {
            return problem(ProblemCode::NotFound, "There is nothing here.");
        };
        (seal(ObjectId(id.0), bytes), world.harm)
    };
    sent(sealed, harm)
}

/// A body, or what becomes of it on its way.
fn sent(mut bytes: Vec<u8>, harm: Option<Harm>) -> Response {
    match harm {
        None => bytes.into_response(),
        Some(Harm::CutShort(length)) => {
            bytes.truncate(length);
            bytes.into_response()
        }
        Some(Harm::Flip(place)) => {
            bytes[place] ^= 1;
            bytes.into_response()
        }
        Some(Harm::BreakOff(length)) => {
            bytes.truncate(length);
            broken(bytes.into())
        }
        Some(Harm::Stall(length)) => {
            use futures_util::StreamExt as _;
            bytes.truncate(length);
            let start = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from(bytes))]);
            Body::from_stream(start.chain(futures_util::stream::pending())).into_response()
        }
    }
}

/// Seals as the portal does.
fn seal(object: ObjectId, plain: &[u8]) -> Vec<u8> {
    let mut header = b"PSSEAL\n\x01".to_vec();
    header.extend(object.0.as_bytes());
    header.extend([4, 3, 2, 1]);
    header.extend(65_536_u32.to_be_bytes());
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &OBJECT_KEY).unwrap());
    let chunks: Vec<&[u8]> = if plain.is_empty() { vec![&[]] } else { plain.chunks(65_536).collect() };
    let mut sealed = header.clone();
    for (number, chunk) in (0_u64..).zip(&chunks) {
        let mut nonce = [4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        nonce[4..].copy_from_slice(&number.to_be_bytes());
        let mut additional = header.clone();
        additional.extend(number.to_be_bytes());
        additional.push(u8::from(number + 1 == chunks.len() as u64));
        let mut chunk = chunk.to_vec();
        cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&additional), &mut chunk)
            .unwrap();
        sealed.extend(chunk);
    }
    sealed
}

/// The HTTP server for files.
async fn file(State(world): State<Shared>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let mut world = world.lock().unwrap();
    let sent_data = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(|value| {
        let data = value.strip_prefix("Basic ").and_then(|data| STANDARD.decode(data).ok());
        String::from_utf8(data.unwrap_or_default()).unwrap()
    });
    let known =
        headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    world.log.push(format!(
        "FILE {name}{}{}",
        sent_data.as_ref().map(|data| format!(" as {data}")).unwrap_or_default(),
        known.as_ref().map(|tag| format!(" unless {tag}")).unwrap_or_default()
    ));
    let harm = world.harm;
    let Some(file) = world.files.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    if file.needs.is_some() && file.needs != sent_data.as_deref() {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"files\"")])
            .into_response();
    }
    if file.status == 200 && known.is_some() && known == file.etag {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let body = if file.announce {
        sent(file.bytes.clone(), harm)
    } else {
        let pieces: Vec<Result<Bytes, Infallible>> =
            file.bytes.chunks(65_536).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        Body::from_stream(futures_util::stream::iter(pieces)).into_response()
    };
    let mut response = body;
    *response.status_mut() = StatusCode::from_u16(file.status).unwrap();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, file.kind.parse().unwrap());
    if let Some(etag) = &file.etag {
        headers.insert(header::ETAG, etag.parse().unwrap());
    }
    if let Some(location) = &file.location {
        headers.insert(header::LOCATION, location.parse().unwrap());
    }
    response
}

//! People who use the portal: a visitor, and somebody who is signed in.

use portal_api::{
    AppId, AppSummary, DeviceDescription, Invitation, LinkToken, NewInvitation, Problem, ProblemCode,
    Refresh, Registration, Role, SignIn, SignedIn, SyncState, Ticket, Tokens,
};
use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::HeaderMap,
    multipart::{Form, Part},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{PASSWORD, TestApp, definition, spreadsheet};

/// An answer, read as a whole.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON of a kind; the status must be this one.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Nothing more than a status.
    #[track_caller]
    pub fn expect(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
    }

    /// The problem document; its code must be this one, and all of it must fit together.
    #[track_caller]
    pub fn problem(&self, code: ProblemCode) -> Problem {
        let problem: Problem = self.json(code.status());
        assert_eq!(problem.code, code, "{}", self.text());
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(self.headers["x-request-id"].to_str().unwrap(), problem.request_id.as_deref().unwrap());
        assert!(!problem.detail.is_empty() && !problem.title.is_empty());
        problem
    }
}

/// Sends a request and reads the answer.
pub async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    Answer { status, headers, body: answer.bytes().await.unwrap().to_vec() }
}

/// Somebody who is not signed in.
#[derive(Clone)]
pub struct Visitor {
    /// Sends requests; follows no redirects.
    pub client: Client,
    /// The portal's address.
    pub url: String,
}

impl Visitor {
    /// Somebody at this portal.
    pub fn new(url: &str) -> Self {
        // Built together with the player, reqwest leaves the choice of TLS to the program; a second choice changes nothing.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, url: url.to_owned() }
    }

    /// A request to a path.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Posts JSON to a path of the interface.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        send(self.request(Method::POST, &format!("/api/v1{path}")).json(body)).await
    }

    /// Registers.
    pub async fn register(&self, email: &str, password: &str) -> Answer {
        let body =
            Registration { email: email.to_owned(), password: password.to_owned(), name: String::new() };
        self.post("/accounts", &body).await
    }

    /// Confirms by a link's token.
    pub async fn confirm(&self, token: &str) -> Answer {
        self.post("/accounts/confirm", &LinkToken { token: token.to_owned() }).await
    }

    /// Tries to sign in.
    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        let device = DeviceDescription { name: "Test device".to_owned(), platform: "tests".to_owned() };
        self.post("/sessions", &SignIn { email: email.to_owned(), password: password.to_owned(), device })
            .await
    }

    /// Signs in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Signed {
        let session: SignedIn = self.try_sign_in(email, password).await.json(201);
        Signed { visitor: self.clone(), session, email: email.to_owned() }
    }

    /// Refreshes.
    pub async fn refresh(&self, refresh_token: &str, device_secret: &str) -> Answer {
        let body =
            Refresh { refresh_token: refresh_token.to_owned(), device_secret: device_secret.to_owned() };
        self.post("/sessions/refresh", &body).await
    }

    /// Posts a form to a page, as a browser does from a page of this portal.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)], cookie: Option<&str>) -> Answer {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = self
            .request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(body);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        send(request).await
    }
}

/// Registers somebody, confirms on request, and signs in.
pub async fn registered(app: &TestApp, email: &str, confirmed: bool) -> Signed {
    let visitor = app.visitor();
    visitor.register(email, PASSWORD).await.expect(202);
    if confirmed {
        let token = app.link(email, "confirm").await;
        visitor.confirm(&token).await.expect(200);
    }
    visitor.sign_in(email, PASSWORD).await
}

/// Somebody who is signed in on one device.
#[derive(Clone)]
pub struct Signed {
    /// The device's connection.
    pub visitor: Visitor,
    /// What signing in gave.
    pub session: SignedIn,
    /// The address.
    pub email: String,
}

impl Signed {
    /// A request with the access token to a path of the interface.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.visitor.request(method, &format!("/api/v1{path}")).bearer_auth(&self.session.tokens.access_token)
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        send(self.request(Method::PUT, path).json(body)).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// Refreshes and keeps the new tokens.
    pub async fn refresh(&mut self) {
        let answer =
            self.visitor.refresh(&self.session.tokens.refresh_token, &self.session.device_secret).await;
        self.session.tokens = answer.json::<Tokens>(200);
    }

    /// Posts a publication.
    pub async fn post_form(&self, form: Form) -> Answer {
        send(self.request(Method::POST, "/apps").multipart(form)).await
    }

    /// Publishes an app with a hosted spreadsheet of this content.
    pub async fn publish(&self, name: &str, content: &str) -> AppSummary {
        let form = Form::new().text("definition", definition(name)).part("spreadsheet", file(content));
        self.post_form(form).await.json(201)
    }

    /// Publishes a new spreadsheet of an app.
    pub async fn update_spreadsheet(&self, app: AppId, content: &str) -> Answer {
        let path = format!("/apps/{app}/spreadsheet?name=sheet.xlsx");
        send(self.request(Method::PUT, &path).body(spreadsheet(content))).await
    }

    /// Publishes a new definition of an app.
    pub async fn update_definition(&self, app: AppId, document: String) -> Answer {
        send(self.request(Method::PUT, &format!("/apps/{app}/definition")).body(document)).await
    }

    /// Invites somebody.
    pub async fn invite(&self, app: AppId, email: &str, role: Role) -> Invitation {
        let body = NewInvitation { email: email.to_owned(), role };
        self.post(&format!("/apps/{app}/invitations"), &body).await.json(201)
    }

    /// Accepts an invitation by its token.
    pub async fn accept(&self, token: &str) -> Answer {
        self.post("/invitations/accept", &LinkToken { token: token.to_owned() }).await
    }

    /// Invites and lets the other accept.
    pub async fn share(&self, portal: &TestApp, app: AppId, with: &Signed, role: Role) {
        self.invite(app, &with.email, role).await;
        let token = portal.link(&with.email, "invite").await;
        with.accept(&token).await.expect(200);
    }

    /// A ticket for the only source of an app.
    pub async fn ticket(&self, app: AppId) -> Answer {
        send(self.request(Method::POST, &format!("/apps/{app}/sources/main/ticket"))).await
    }

    /// Fetches and opens what a ticket leads to.
    pub async fn fetch(&self, ticket: &Ticket) -> Vec<u8> {
        let answer = send(self.visitor.client.get(&ticket.url)).await;
        answer.expect(200);
        let key = playsheet_portal_server::security::bytes::from_base64(&ticket.key).unwrap();
        let key = zeroize::Zeroizing::new(<[u8; 32]>::try_from(key).unwrap());
        playsheet_portal_server::sealing::open(ticket.object_id, &key, &answer.body).unwrap()
    }

    /// Syncs.
    pub async fn sync(&self) -> SyncState {
        self.get("/sync").await.json(200)
    }
}

/// A file part.
pub fn file(content: &str) -> Part {
    Part::bytes(spreadsheet(content)).file_name("sheet.xlsx")
}

//! The portal's HTTP interface, one method a route. Knows nothing of the vault, keeps no token.
//!
//! Methods that end in `_now` are asynchronous and meant for this crate; the others block.

use std::io::Write;
use std::sync::Arc;

use portal_api::{
    API_PREFIX, Accepted, AppId, Confirmed, DeviceDescription, LinkToken, LookIntoMailbox,
    PLAYER_VERSION_HEADER, PROBLEM_MEDIA_TYPE, Person, PortalInfo, Problem, ProblemCode, Refresh,
    Registration, SignIn, SignedIn, SourceId, SyncState, Ticket, Tokens,
};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::http::{self, Http, LONG, SHORT};
use crate::sealed::Opener;
use crate::{Cancel, HOSTED_SPREADSHEET_MAX, SyncError};

/// The largest answer of JSON that is read.
const JSON_MAX: u64 = 16 * 1024 * 1024;
/// The largest definition that is read.
const DEFINITION_MAX: u64 = 4 * 1024 * 1024;
/// The largest problem document that is read.
const PROBLEM_MAX: u64 = 256 * 1024;

/// The version of this player, as the portal is told.
pub(crate) const PLAYER_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Talks to one portal.
#[derive(Clone)]
pub struct PortalClient {
    base: Url,
    pub(crate) http: Arc<Http>,
}

impl PortalClient {
    /// A client for the portal at this address. Nothing is asked yet.
    ///
    /// # Errors
    /// [`SyncError::BadAddress`] when the address is none, or would be asked in the clear on another computer.
    pub fn new(address: &str) -> Result<Self, SyncError> {
        let mut base = http::parse_url(address)?;
        base.set_query(None);
        base.set_fragment(None);
        // People copy the address from their browser, with whatever page it shows.
        base.set_path("/");
        Ok(Self { base, http: Arc::new(Http::new()?) })
    }

    /// Whether this is the portal that an error about a server names.
    pub(crate) fn is_named(&self, host: &str) -> bool {
        http::host(&self.base) == host
    }

    /// The portal's address, without a path.
    #[must_use]
    pub fn address(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    /// What the portal says about itself.
    ///
    /// # Errors
    /// When it cannot be reached or is no portal.
    pub fn info(&self, cancel: &Cancel) -> Result<PortalInfo, SyncError> {
        self.http.wait(cancel, self.info_now())
    }

    /// Asks for an account. The portal sends a mail with a link.
    ///
    /// # Errors
    /// When the portal cannot be reached or refuses the address or the password.
    pub fn register(
        &self,
        registration: &Registration,
        cancel: &Cancel,
    ) -> Result<LookIntoMailbox, SyncError> {
        self.http.wait(cancel, async { self.json(self.posted("accounts", registration)?).await })
    }

    /// Confirms a mail address by the token of the link that was mailed.
    ///
    /// # Errors
    /// When the portal cannot be reached or the link is used, over or none.
    pub fn confirm(&self, token: &str, cancel: &Cancel) -> Result<Confirmed, SyncError> {
        let body = LinkToken { token: token.to_owned() };
        self.http.wait(cancel, async {
            self.json(self.request(Method::POST, &["accounts", "confirm"])?.json(&body)).await
        })
    }

    pub(crate) async fn accept_now(&self, token: &str, link: &LinkToken) -> Result<Accepted, SyncError> {
        let request = self.request(Method::POST, &["invitations", "accept"])?.json(link);
        self.json(bearer(request, token)).await
    }

    pub(crate) async fn info_now(&self) -> Result<PortalInfo, SyncError> {
        self.json(self.request(Method::GET, &["portal"])?).await
    }

    pub(crate) async fn sign_in_now(
        &self,
        email: &str,
        password: &str,
        device: DeviceDescription,
    ) -> Result<SignedIn, SyncError> {
        let body = SignIn { email: email.to_owned(), password: password.to_owned(), device };
        self.json(self.posted("sessions", &body)?).await
    }

    pub(crate) async fn refresh_now(&self, refresh: &Refresh) -> Result<Tokens, SyncError> {
        let request = self.request(Method::POST, &["sessions", "refresh"])?.json(refresh);
        self.json(request).await
    }

    pub(crate) async fn sign_out_now(&self, token: &str) -> Result<(), SyncError> {
        let request = bearer(self.request(Method::DELETE, &["sessions", "current"])?, token);
        self.accepted(request).await.map(drop)
    }

    pub(crate) async fn me_now(&self, token: &str) -> Result<Person, SyncError> {
        self.json(bearer(self.request(Method::GET, &["me"])?, token)).await
    }

    pub(crate) async fn sync_now(&self, token: &str, after: Option<&str>) -> Result<SyncState, SyncError> {
        let mut url = self.url(&["sync"])?;
        if let Some(after) = after {
            url.query_pairs_mut().append_pair("after", after);
        }
        self.json(bearer(self.started(Method::GET, &url)?, token)).await
    }

    /// An app's definition and its entity tag.
    pub(crate) async fn definition_now(
        &self,
        token: &str,
        app: AppId,
    ) -> Result<(Vec<u8>, String), SyncError> {
        let request = bearer(self.request(Method::GET, &["apps", &app.to_string(), "definition"])?, token);
        let response = self.accepted(request).await?;
        let etag = entity_tag(&response).ok_or_else(|| self.unclear("a definition without an entity tag"))?;
        let xml = http::read(response, "the app definition", DEFINITION_MAX).await?;
        Ok((xml, etag))
    }

    pub(crate) async fn ticket_now(
        &self,
        token: &str,
        app: AppId,
        source: &SourceId,
    ) -> Result<Ticket, SyncError> {
        let path = ["apps", &app.to_string(), "sources", source.as_str(), "ticket"];
        self.json(bearer(self.request(Method::POST, &path)?, token)).await
    }

    /// Gets the object of a ticket and writes what it opens to. The ticket's address needs no token and gets none.
    pub(crate) async fn object_now(
        &self,
        ticket: &Ticket,
        target: &mut (impl Write + Send),
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), SyncError> {
        if ticket.size > HOSTED_SPREADSHEET_MAX {
            let limit_mib = HOSTED_SPREADSHEET_MAX / (1024 * 1024);
            return Err(SyncError::TooLarge { what: "the spreadsheet", limit_mib });
        }
        let url = self.base.join(&ticket.url).map_err(|_| self.unclear("a ticket without an address"))?;
        let response = http::send(self.http.request(Method::GET, &url)?, &url, LONG).await?;
        let mut response = self.successful(response).await?;
        let mut opener = Opener::new(ticket)?;
        let mut taken = 0_u64;
        while let Some(piece) = response.chunk().await.map_err(|error| http::translate(&url, &error))? {
            opener.push(&piece, target)?;
            taken = taken.saturating_add(piece.len() as u64);
            progress(taken.min(ticket.size));
        }
        opener.finish(target)
    }

    fn url(&self, path: &[&str]) -> Result<Url, SyncError> {
        let mut url = self.base.clone();
        let segments = API_PREFIX.split('/').filter(|part| !part.is_empty()).chain(path.iter().copied());
        match url.path_segments_mut() {
            Ok(mut target) => {
                target.clear().extend(segments);
            }
            Err(()) => return Err(self.unclear("an address without a path")),
        }
        Ok(url)
    }

    fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, SyncError> {
        self.started(method, &self.url(path)?)
    }

    fn started(&self, method: Method, url: &Url) -> Result<RequestBuilder, SyncError> {
        Ok(self.http.request(method, url)?.header(PLAYER_VERSION_HEADER, PLAYER_VERSION))
    }

    fn posted(&self, path: &str, body: &impl Serialize) -> Result<RequestBuilder, SyncError> {
        Ok(self.request(Method::POST, &[path])?.json(body))
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, SyncError> {
        let response = self.accepted(request).await?;
        let body = http::read(response, "the portal's answer", JSON_MAX).await?;
        serde_json::from_slice(&body).map_err(|error| self.unclear(&error.to_string()))
    }

    async fn accepted(&self, request: RequestBuilder) -> Result<Response, SyncError> {
        let response = http::send(request, &self.base, SHORT).await?;
        self.successful(response).await
    }

    /// The answer, or the portal's refusal as an error.
    async fn successful(&self, response: Response) -> Result<Response, SyncError> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_problem = kind.starts_with(PROBLEM_MEDIA_TYPE);
        let body = http::read(response, "the portal's answer", PROBLEM_MAX).await?;
        let problem = if is_problem { serde_json::from_slice::<Problem>(&body).ok() } else { None };
        Err(self.refusal(status, problem))
    }

    fn refusal(&self, status: StatusCode, problem: Option<Problem>) -> SyncError {
        let Some(problem) = problem else {
            return if status.is_redirection() || status == StatusCode::NOT_FOUND {
                self.unclear(&format!("status {status} without a reason"))
            } else {
                SyncError::Portal {
                    code: ProblemCode::Unknown,
                    status: status.as_u16(),
                    detail: format!("it answered with status {status} and gave no reason; try again later"),
                    retry_after_s: None,
                }
            };
        };
        let sentences = [Some(problem.detail), Some(problem.title)].into_iter().flatten();
        let detail = sentences.filter(|sentence| !sentence.trim().is_empty()).map(|text| shown(&text)).next();
        SyncError::Portal {
            code: problem.code,
            status: status.as_u16(),
            detail: detail.unwrap_or_else(|| format!("status {status}")),
            retry_after_s: problem.retry_after_s,
        }
    }

    fn unclear(&self, what: &str) -> SyncError {
        SyncError::answer(&http::host(&self.base), what)
    }
}

fn bearer(request: RequestBuilder, token: &str) -> RequestBuilder {
    let value = reqwest::header::HeaderValue::try_from(format!("Bearer {token}")).map(|mut value| {
        value.set_sensitive(true);
        value
    });
    match value {
        Ok(value) => request.header(AUTHORIZATION, value),
        // A token that is no header value is none at all; the portal will say so.
        Err(_) => request,
    }
}

/// An answer's strong entity tag, without quotes.
fn entity_tag(response: &Response) -> Option<String> {
    let tag = response.headers().get(ETAG)?.to_str().ok()?;
    Some(tag.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

/// A sentence of somebody else, fit to be shown: one line, of bounded length.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}

/// Whether a version is older than another; versions are dotted numbers, and what is not counts as newest.
pub(crate) fn is_older(version: &str, than: &str) -> bool {
    let parts = |text: &str| -> Option<Vec<u64>> {
        let core = text.split(['-', '+']).next().unwrap_or_default();
        core.split('.').map(|part| part.parse().ok()).collect()
    };
    match (parts(version), parts(than)) {
        (Some(version), Some(than)) => version < than,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_copy_them() {
        for address in [
            "https://portal.example.org",
            "https://portal.example.org/",
            "https://portal.example.org/apps?x=1#y",
        ] {
            let client = PortalClient::new(address).unwrap();
            assert_eq!(client.address(), "https://portal.example.org");
            assert_eq!(client.url(&["sync"]).unwrap().as_str(), "https://portal.example.org/api/v1/sync");
        }
        assert_eq!(PortalClient::new("http://127.0.0.1:8080").unwrap().address(), "http://127.0.0.1:8080");
        assert!(PortalClient::new("http://portal.example.org").is_err());
    }

    #[test]
    fn a_path_part_cannot_leave_its_place() {
        let client = PortalClient::new("https://portal.example.org").unwrap();
        assert_eq!(client.url(&["apps", "../../x?y#z"]).unwrap().path(), "/api/v1/apps/..%2F..%2Fx%3Fy%23z");
    }

    #[test]
    fn versions_compare_by_number() {
        for (version, than, older) in [
            ("0.1.0", "0.1.0", false),
            ("0.1.0", "0.1.1", true),
            ("0.10.0", "0.9.0", false),
            ("0.1", "0.1.0", true),
            ("1.0.0-beta", "1.0.0", false),
            ("0.1.0", "nonsense", false),
        ] {
            assert_eq!(is_older(version, than), older, "{version} {than}");
        }
    }

    #[test]
    fn what_a_portal_says_is_shown_on_one_line_and_bounded() {
        assert_eq!(shown("two\nlines\u{1b}[31m"), "two lines [31m");
        assert_eq!(shown(&"x".repeat(9_999)).len(), 500);
    }
}

//! Fetches spreadsheets from HTTP servers: the player asks them itself, the portal never does.
//!
//! Invariant: a name and password belong to one origin (scheme, host and port), are sent to that origin alone, and
//! a server that wants them cannot make the player carry them elsewhere: with credentials, a redirect may only stay
//! within the origin.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use portal_api::{Source, SourceAuth, SourceKind};
use reqwest::header::{
    CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use reqwest::{Method, Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use vault::{FinishedBlob, Transaction, Vault};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::SyncError;
use crate::http::{self, Http, LONG};
use crate::sealed::disk;
use crate::shelf::{ACCOUNT, read_json, write_json};

/// The largest spreadsheet that is taken from an HTTP source, in bytes.
pub const HTTP_SOURCE_MAX: u64 = 25 * 1024 * 1024;
/// How many redirects are followed.
const REDIRECTS: usize = 5;
/// The record of names and passwords.
const SOURCES: &str = "sources";
/// How many bytes tell a web page from a spreadsheet.
const SNIFFED: usize = 512;

/// Scheme, host and port: what a name and password belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origin(String);

impl Origin {
    /// The origin of an address.
    ///
    /// # Errors
    /// [`SyncError::BadAddress`] when it is none, or would be asked in the clear on another computer.
    pub fn of(address: &str) -> Result<Self, SyncError> {
        Ok(Self::of_url(&http::parse_url(address)?))
    }

    fn of_url(url: &Url) -> Self {
        let port = url.port_or_known_default().unwrap_or_default();
        Self(format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or_default()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name and password for one origin.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct SignInData {
    pub user: String,
    pub password: String,
}

/// The names and passwords that the person entered.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Wallet(BTreeMap<Origin, SignInData>);

impl Wallet {
    pub fn read(vault: &Vault) -> Result<Self, SyncError> {
        Ok(read_json(vault, ACCOUNT, SOURCES)?.unwrap_or_default())
    }

    pub fn write(&self, change: &mut Transaction<'_>) -> Result<(), SyncError> {
        write_json(change, ACCOUNT, SOURCES, self)
    }

    pub fn set(&mut self, origin: Origin, data: Option<SignInData>) {
        match data {
            Some(data) => drop(self.0.insert(origin, data)),
            None => drop(self.0.remove(&origin)),
        }
    }
}

/// What is known of the copy in the vault, to ask whether it is still good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What a source answered.
pub(crate) enum Fetched {
    /// The copy in the vault is still good.
    Unchanged,
    /// Here is another one.
    New { blob: FinishedBlob, etag: Option<String>, last_modified: Option<String> },
}

/// Asks one source for its spreadsheet.
pub(crate) struct Fetch<'a> {
    pub http: &'a Http,
    pub vault: &'a Vault,
    pub wallet: &'a Wallet,
}

impl Fetch<'_> {
    /// Gets the spreadsheet, unless the copy that is known is still good.
    pub async fn fetch(
        &self,
        source: &Source,
        known: &Known,
        progress: &mut (dyn FnMut(u64, Option<u64>) + Send),
    ) -> Result<Fetched, SyncError> {
        let url = address(source)?;
        let origin = Origin::of_url(&url);
        let data = self.credentials(source, &origin)?;
        let response = self.follow(&url, data, known).await?;
        match response.status() {
            StatusCode::NOT_MODIFIED if *known != Known::default() => return Ok(Fetched::Unchanged),
            StatusCode::UNAUTHORIZED => {
                return Err(SyncError::SourceNeedsSignIn {
                    origin: origin.to_string(),
                    refused: data.is_some(),
                });
            }
            status @ (StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE) => {
                return Err(SyncError::SourceGone { origin: origin.to_string(), status: status.as_u16() });
            }
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                return Err(SyncError::Network {
                    host: http::host(&url),
                    detail: format!("it answered {status}"),
                });
            }
            StatusCode::OK => {}
            status => {
                return Err(SyncError::SourceAnswer {
                    origin: origin.to_string(),
                    why: format!("it answered {status}"),
                });
            }
        }
        self.keep(response, &origin, progress).await
    }

    fn credentials(&self, source: &Source, origin: &Origin) -> Result<Option<&SignInData>, SyncError> {
        match source.auth {
            None | Some(SourceAuth::None) => Ok(None),
            Some(SourceAuth::Basic) => {
                let needed = || SyncError::SourceNeedsSignIn { origin: origin.to_string(), refused: false };
                self.wallet.0.get(origin).map(Some).ok_or_else(needed)
            }
            Some(SourceAuth::Unknown) => Err(SyncError::SourceUnknown),
        }
    }

    async fn follow(
        &self,
        start: &Url,
        data: Option<&SignInData>,
        known: &Known,
    ) -> Result<Response, SyncError> {
        let mut url = start.clone();
        for _ in 0..=REDIRECTS {
            let mut request = self.http.request(Method::GET, &url)?;
            if let Some(data) = data {
                request = request.basic_auth(&data.user, Some(&data.password));
            }
            match known {
                Known { etag: Some(etag), .. } => request = request.header(IF_NONE_MATCH, etag),
                Known { last_modified: Some(date), .. } => request = request.header(IF_MODIFIED_SINCE, date),
                Known { .. } => {}
            }
            let response = http::send(request, &url, LONG).await?;
            let leads_on = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            if !leads_on {
                return Ok(response);
            }
            url = next(start, &url, &response, data.is_some())?;
        }
        let why = format!("it led on more than {REDIRECTS} times");
        Err(SyncError::SourceAnswer { origin: Origin::of_url(start).to_string(), why })
    }

    async fn keep(
        &self,
        mut response: Response,
        origin: &Origin,
        progress: &mut (dyn FnMut(u64, Option<u64>) + Send),
    ) -> Result<Fetched, SyncError> {
        let too_large =
            || SyncError::TooLarge { what: "the spreadsheet", limit_mib: HTTP_SOURCE_MAX / (1024 * 1024) };
        let announced = response.content_length();
        if announced.is_some_and(|length| length > HTTP_SOURCE_MAX) {
            return Err(too_large());
        }
        let url = response.url().clone();
        let (etag, last_modified) =
            (header(response.headers(), &ETAG), header(response.headers(), &LAST_MODIFIED));
        let says_page =
            header(response.headers(), &CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
        let mut blob = self.vault.new_blob()?;
        let mut start = Vec::new();
        let mut taken = 0_u64;
        while let Some(piece) = response.chunk().await.map_err(|error| http::translate(&url, &error))? {
            taken = taken.saturating_add(piece.len() as u64);
            if taken > HTTP_SOURCE_MAX {
                return Err(too_large());
            }
            let wanted = SNIFFED.saturating_sub(start.len()).min(piece.len());
            start.extend_from_slice(piece.split_at(wanted).0);
            blob.write_all(&piece).map_err(disk)?;
            progress(taken, announced);
        }
        if taken == 0 || is_page(&start, says_page) {
            let why = if taken == 0 { "it was empty" } else { "it is a web page, perhaps for signing in" };
            return Err(SyncError::SourceAnswer { origin: origin.to_string(), why: why.to_owned() });
        }
        Ok(Fetched::New { blob: blob.finish()?, etag, last_modified })
    }
}

/// The address of a source of a kind that can be fetched.
fn address(source: &Source) -> Result<Url, SyncError> {
    match (source.kind, &source.url) {
        (SourceKind::Http, Some(address)) => http::parse_url(address),
        _ => Err(SyncError::SourceUnknown),
    }
}

/// Where a redirect leads, if it may be followed.
fn next(start: &Url, from: &Url, response: &Response, with_credentials: bool) -> Result<Url, SyncError> {
    let origin = Origin::of_url(start);
    let refuse = |why: String| SyncError::SourceAnswer { origin: origin.to_string(), why };
    let target = header(response.headers(), &LOCATION).and_then(|location| from.join(&location).ok());
    let target = target.ok_or_else(|| refuse("it led on without saying where".to_owned()))?;
    http::check_url(&target).map_err(|_| refuse("it led on to an address that cannot be used".to_owned()))?;
    let elsewhere = Origin::of_url(&target);
    if with_credentials && elsewhere != origin {
        return Err(refuse(format!("it led on to {elsewhere}, and the password is not for that one")));
    }
    if http::is_loopback(&target) && !http::is_loopback(start) {
        return Err(refuse("it led on to this computer".to_owned()));
    }
    Ok(target)
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// Whether bytes are the start of a web page: no spreadsheet format begins like one.
fn is_page(start: &[u8], says_page: bool) -> bool {
    let text =
        String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    text.starts_with("<!doctype html") || text.starts_with("<html") || (says_page && text.starts_with('<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = ["https://files.example.org/a.xlsx", "https://FILES.example.org:443/b?c#d"];
        let other = [
            "https://files.example.org:444/a.xlsx",
            "https://files.example.com/",
            "https://x.files.example.org/",
        ];
        let origin = Origin::of(same[0]).unwrap();
        assert_eq!(origin.to_string(), "https://files.example.org:443");
        assert_eq!(Origin::of(same[1]).unwrap(), origin);
        for address in other {
            assert_ne!(Origin::of(address).unwrap(), origin, "{address}");
        }
        assert!(Origin::of("http://files.example.org/").is_err());
    }

    #[test]
    fn web_pages_are_not_spreadsheets() {
        for page in ["<!DOCTYPE html><title>Sign in", "\u{feff}\n <html lang=de>"] {
            assert!(is_page(page.as_bytes(), false), "{page}");
        }
        assert!(is_page(b"<p>Sign in", true));
        for sheet in [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0", b"a;b;c\n1;2;3", b"<,>\n1,2"] {
            assert!(!is_page(sheet, false));
        }
    }
}

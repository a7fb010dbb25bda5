//! The one place that sends requests: which addresses are allowed, TLS, time limits, size limits, cancelling.
//!
//! Invariant: nothing is sent in the clear except to this very computer; no redirect is followed here; no answer is
//! read further than its limit.

use std::error::Error as _;
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, Url};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::{Cancel, SyncError};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(15);
/// Between two pieces of an answer.
const SILENCE: Duration = Duration::from_secs(30);
/// Until a small answer is complete.
pub(crate) const SHORT: Duration = Duration::from_secs(60);
/// Until a spreadsheet is complete.
pub(crate) const LONG: Duration = Duration::from_secs(15 * 60);

/// Sends requests. Cheap to share, not to make: it reads the system's certificates.
pub(crate) struct Http {
    /// Present until dropped.
    runtime: Option<tokio::runtime::Runtime>,
    /// To other computers: through a proxy, where the environment names one.
    outside: Client,
    /// To this computer: never through a proxy.
    here: Client,
    /// Why TLS cannot be used, where that is so.
    no_tls: Option<String>,
}

impl Http {
    pub fn new() -> Result<Self, SyncError> {
        let setup = |detail: String| SyncError::Setup { detail };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| setup(error.to_string()))?;
        let (tls, no_tls) = tls()?;
        let client = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(concat!("playsheet/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT)
                .read_timeout(SILENCE)
        };
        let build =
            |builder: reqwest::ClientBuilder| builder.build().map_err(|error| setup(innermost(&error)));
        Ok(Self {
            runtime: Some(runtime),
            outside: build(client())?,
            here: build(client().no_proxy())?,
            no_tls,
        })
    }

    /// Waits for a piece of work, or until it is cancelled. Works on threads of other runtimes too.
    pub fn wait<T: Send>(
        &self,
        cancel: &Cancel,
        work: impl Future<Output = Result<T, SyncError>> + Send,
    ) -> Result<T, SyncError> {
        cancel.check()?;
        let broke_off = || SyncError::Setup { detail: "a worker broke off".into() };
        let runtime = self.runtime.as_ref().ok_or_else(broke_off)?;
        let either = async {
            tokio::select! {
                biased;
                () = cancel.wait() => Err(SyncError::Cancelled),
                outcome = work => outcome,
            }
        };
        if tokio::runtime::Handle::try_current().is_err() {
            return runtime.block_on(either);
        }
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| runtime.block_on(either));
            worker.join().unwrap_or_else(|_| Err(broke_off()))
        })
    }

    /// Starts a request to an allowed address.
    pub fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, SyncError> {
        check_url(url)?;
        if url.scheme() == "https"
            && let Some(detail) = &self.no_tls
        {
            return Err(SyncError::Network { host: host(url), detail: detail.clone() });
        }
        let client = if is_loopback(url) { &self.here } else { &self.outside };
        Ok(client.request(method, url.clone()))
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // Dropping a runtime waits for it, which a thread of another runtime must not do.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// TLS by ring, trusting whom the operating system trusts. Where it trusts nobody, TLS is refused with the reason
/// later: a portal on this very computer can still be used.
fn tls() -> Result<(rustls::ClientConfig, Option<String>), SyncError> {
    let setup = |error: rustls::Error| SyncError::Setup { detail: error.to_string() };
    let builder = || {
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(setup)
    };
    match builder()?.with_platform_verifier() {
        Ok(verified) => Ok((verified.with_no_client_auth(), None)),
        Err(error) => {
            let detail =
                format!("the system's list of trusted certificate authorities cannot be used ({error})");
            let nobody = builder()?.with_root_certificates(rustls::RootCertStore::empty());
            Ok((nobody.with_no_client_auth(), Some(detail)))
        }
    }
}

/// Reads an address and refuses what must not be used.
pub(crate) fn parse_url(address: &str) -> Result<Url, SyncError> {
    let url = Url::parse(address.trim()).map_err(|error| SyncError::BadAddress {
        address: address.chars().take(200).collect(),
        reason: format!("{error}; it looks like https://portal.example.org"),
    })?;
    check_url(&url)?;
    Ok(url)
}

/// Refuses addresses that are not HTTP, that would be asked in the clear, or that carry a password.
pub(crate) fn check_url(url: &Url) -> Result<(), SyncError> {
    let refuse = |reason: &str| {
        Err(SyncError::BadAddress { address: without_secrets(url), reason: reason.to_owned() })
    };
    if url.host_str().is_none_or(str::is_empty) {
        return refuse("it names no computer; it looks like https://portal.example.org");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it must not contain a name or password");
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => refuse("it is not encrypted; use https:// (http:// works on this computer only)"),
        _ => refuse("only https:// can be used"),
    }
}

/// Whether an address is on this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Host and port of an address, for messages.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn without_secrets(url: &Url) -> String {
    let mut shown = url.clone();
    // Both fail only for addresses without a host, which hold no name or password.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_query(None);
    shown.to_string()
}

/// Sends a request.
pub(crate) async fn send(request: RequestBuilder, url: &Url, limit: Duration) -> Result<Response, SyncError> {
    request.timeout(limit).send().await.map_err(|error| translate(url, &error))
}

/// Reads an answer of at most `limit` bytes.
pub(crate) async fn read(
    mut response: Response,
    what: &'static str,
    limit: u64,
) -> Result<Vec<u8>, SyncError> {
    let too_large = || SyncError::TooLarge { what, limit_mib: limit.div_ceil(1024 * 1024) };
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let url = response.url().clone();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| translate(&url, &error))? {
        body.extend_from_slice(&piece);
        if body.len() as u64 > limit {
            return Err(too_large());
        }
    }
    Ok(body)
}

/// A failed exchange in our terms.
pub(crate) fn translate(url: &Url, error: &reqwest::Error) -> SyncError {
    let host = host(url);
    if error.is_timeout() {
        return SyncError::Timeout { host };
    }
    SyncError::Network { host, detail: innermost(error) }
}

/// The innermost reason of an error: the outer ones repeat the address, which may hold secrets in its query.
fn innermost(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    if error.source().is_none() { "the exchange broke off".to_owned() } else { reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_asked_in_the_clear_but_this_computer() {
        for good in [
            "https://portal.example.org",
            "https://10.0.0.1:8443/x",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://127.9.9.9:1/",
            "http://[::1]:8080",
            " https://portal.example.org ",
        ] {
            assert!(parse_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "portal.example.org",
            "http://portal.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://[::ffff:10.0.0.1]/",
            "http://0.0.0.0/",
            "ftp://localhost/",
            "file:///etc/passwd",
            "https://name:secret@portal.example.org",
            "https://name@portal.example.org",
        ] {
            let error = parse_url(bad).unwrap_err();
            assert!(matches!(error, SyncError::BadAddress { .. }), "{bad}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn waiting_works_on_a_thread_of_another_runtime_and_stops_when_cancelled() {
        let outer = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        outer.block_on(async {
            let http = Http::new().unwrap();
            assert_eq!(http.wait(&Cancel::new(), async { Ok(7) }).unwrap(), 7);
        });
        let http = Http::new().unwrap();
        let cancel = Cancel::new();
        let from_elsewhere = cancel.clone();
        let canceller = std::thread::spawn(move || from_elsewhere.cancel());
        let outcome: Result<(), _> = http.wait(&cancel, std::future::pending());
        assert!(matches!(outcome, Err(SyncError::Cancelled)));
        canceller.join().unwrap();
    }
}

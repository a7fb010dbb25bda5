//! What stands around every route: limits by address, answer times, old players, unknown paths.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, Response},
    middleware::Next,
    response::IntoResponse,
};
use portal_api::{PLAYER_VERSION_HEADER, ProblemCode};
use tower_governor::{
    GovernorError, GovernorLayer,
    governor::{GovernorConfig, GovernorConfigBuilder},
    key_extractor::KeyExtractor,
};

use super::extract::client_address;
use crate::{portal::Portal, refusal::Refusal};

type NoHeaders = ::governor::middleware::NoOpMiddleware;

/// Tells requests apart by where they come from. IPv6 networks of 64 bits count as one address: anybody has one.
#[derive(Clone, Copy, Debug)]
pub struct ByAddress {
    trust_forwarded_for: bool,
}

impl KeyExtractor for ByAddress {
    type Key = IpAddr;

    fn extract<T>(&self, request: &axum::http::Request<T>) -> Result<IpAddr, GovernorError> {
        let peer = request.extensions().get();
        let address = client_address(peer, request.headers(), self.trust_forwarded_for);
        Ok(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => {
                    let [a, b, c, d, ..] = v6.segments();
                    IpAddr::from([a, b, c, d, 0, 0, 0, 0])
                }
            },
        })
    }
}

/// A limit by address.
pub struct AddressLimit(Arc<GovernorConfig<ByAddress, NoHeaders>>);

impl AddressLimit {
    /// A limit: so many at once, one more after each period. `None` where either is 0.
    #[must_use]
    pub fn new(burst: u32, period_ms: u64, trust_forwarded_for: bool) -> Option<Self> {
        Self::of(burst, period_ms, trust_forwarded_for, None)
    }

    /// As [`AddressLimit::new`], for requests that send something; looking at pages is not counted.
    #[must_use]
    pub fn of_sending(burst: u32, period_ms: u64, trust_forwarded_for: bool) -> Option<Self> {
        let sending = vec![Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
        Self::of(burst, period_ms, trust_forwarded_for, Some(sending))
    }

    fn of(
        burst: u32,
        period_ms: u64,
        trust_forwarded_for: bool,
        methods: Option<Vec<Method>>,
    ) -> Option<Self> {
        let mut builder = GovernorConfigBuilder::default().key_extractor(ByAddress { trust_forwarded_for });
        builder.burst_size(burst).period(Duration::from_millis(period_ms));
        if let Some(methods) = methods {
            builder.methods(methods);
        }
        builder.finish().map(|config| Self(Arc::new(config)))
    }

    /// The limit as a layer.
    #[must_use]
    pub fn layer(&self) -> GovernorLayer<ByAddress, NoHeaders, Body> {
        GovernorLayer::new(Arc::clone(&self.0)).error_handler(|error| {
            let seconds = match error {
                GovernorError::TooManyRequests { wait_time, .. } => wait_time,
                _ => 1,
            };
            Refusal::rate_limited(seconds).into_response()
        })
    }

    /// Forgets addresses that have been quiet.
    pub fn sweep(&self) {
        self.0.limiter().retain_recent();
    }
}

/// Ends requests that take too long. Uploads and downloads have no such limit: they take what the line takes.
pub async fn in_time(State(portal): State<Portal>, request: Request, next: Next) -> Response<Body> {
    let limit = Duration::from_secs(portal.config.limits.answer_s.max(1));
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(ProblemCode::Timeout, "The request took too long. Try again.").into_response(),
    }
}

/// Seconds until an upload must have arrived and been answered.
const UPLOAD_S: u64 = 600;

/// Lets so many uploads in as there are places for, each for a limited time.
pub async fn with_a_place(State(portal): State<Portal>, request: Request, next: Next) -> Response<Body> {
    let Ok(_place) = portal.uploads.try_acquire() else {
        let mut refusal =
            Refusal::new(ProblemCode::Busy, "Many uploads are under way. Try again in a few seconds.");
        refusal.retry_after_s = Some(5);
        return refusal.into_response();
    };
    match tokio::time::timeout(Duration::from_secs(UPLOAD_S), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(ProblemCode::Timeout, "The upload took too long. Try again.").into_response(),
    }
}

/// Tells players that are too old that they are. Requests that name no player pass.
pub async fn young_enough(State(portal): State<Portal>, request: Request, next: Next) -> Response<Body> {
    match player_version(request.headers()) {
        Some(version) if version < parse_version(&portal.config.min_player) => {
            let detail = format!(
                "This portal needs the player {} or newer. Install the update, then open the app again.",
                portal.config.min_player
            );
            Refusal::new(ProblemCode::PlayerTooOld, detail).into_response()
        }
        _ => next.run(request).await,
    }
}

fn player_version(headers: &HeaderMap) -> Option<[u32; 3]> {
    headers.get(PLAYER_VERSION_HEADER).and_then(|value| value.to_str().ok()).map(parse_version)
}

/// The three numbers of a version; what does not read counts as 0.
fn parse_version(text: &str) -> [u32; 3] {
    let mut numbers = text.trim().split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    [numbers.next().unwrap_or(0), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)]
}

/// The answer to paths that do not exist.
pub async fn no_such_path() -> Refusal {
    Refusal::not_found()
}

/// The answer to methods that a path does not have.
pub async fn no_such_method() -> Refusal {
    Refusal::new(ProblemCode::MethodNotAllowed, "This address exists, but not for this method.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_numbers() {
        assert!(parse_version("0.9.0") < parse_version("0.10.0"));
        assert!(parse_version("1.2.3-beta") >= parse_version("1.2.3"));
        assert_eq!(parse_version("garbage"), [0, 0, 0]);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let key = |text: &str| {
            let mut request = axum::http::Request::new(());
            request.headers_mut().insert("x-forwarded-for", text.parse().unwrap());
            ByAddress { trust_forwarded_for: true }.extract(&request).unwrap()
        };
        assert_eq!(key("2001:db8:1:2:aaaa::1"), key("2001:db8:1:2:bbbb::2"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}

//! What handlers read from requests. Whatever cannot be read becomes a problem document.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::IntoResponse,
};
use portal_api::ProblemCode;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::{
    accounts,
    domain::{Actor, one_line},
    portal::Portal,
    refusal::Refusal,
};

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Portal> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Refusal> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(Refusal::new(ProblemCode::UnsupportedMedia, "Send the body as application/json."));
        }
        let bytes = raw_body(request, portal).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // Only the place: the library's sentence may repeat what was sent.
            Refusal::invalid(format!(
                "The JSON body cannot be read at line {}, column {}: {}.",
                error.line(),
                error.column(),
                if error.is_data() {
                    "a field is missing or has the wrong kind"
                } else {
                    "it is not well-formed"
                },
            ))
        })
    }
}

/// A JSON body that may be left out.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<Portal> for OptionalJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Refusal> {
        if request.headers().contains_key(header::CONTENT_TYPE) {
            Json::from_request(request, portal).await.map(|Json(body)| Self(body))
        } else {
            Ok(Self(T::default()))
        }
    }
}

/// The body as it came.
pub struct Raw(pub Bytes);

impl FromRequest<Portal> for Raw {
    type Rejection = Refusal;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Refusal> {
        raw_body(request, portal).await.map(Self)
    }
}

async fn raw_body(request: Request, portal: &Portal) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, portal).await.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Refusal::invalid("The body did not arrive as a whole."),
    })
}

/// The refusal of a body over its limit.
#[must_use]
pub fn too_large() -> Refusal {
    Refusal::new(ProblemCode::TooLarge, "The body is larger than the portal takes here.")
}

/// Parts of the path. What does not read as an id names nothing.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Portal> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refusal> {
        let path = Path::<T>::from_request_parts(parts, portal).await;
        path.map(|Path(values)| Self(values)).map_err(|_| Refusal::not_found())
    }
}

/// The query.
pub struct Search<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Portal> for Search<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, portal).await;
        query
            .map(|Query(values)| Self(values))
            .map_err(|_| Refusal::invalid("A parameter of the address cannot be read."))
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// What the page before gave as `next`.
    pub after: Option<String>,
    /// How many entries at most; 50 if absent, 100 at most.
    #[serde(default = "fifty")]
    pub limit: u64,
}

const fn fifty() -> u64 {
    50
}

impl PageQuery {
    /// `after` as what this list's positions are.
    ///
    /// # Errors
    /// When it is none.
    pub fn position<T: std::str::FromStr>(&self) -> Result<Option<T>, Refusal> {
        let parsed = self.after.as_deref().map(str::parse).transpose();
        parsed.map_err(|_| Refusal::invalid("The parameter after is not one that a page gave as next."))
    }
}

/// Words about a publication.
#[derive(Clone, Debug, Default, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoteQuery {
    /// Words about this version, for the people who have the app.
    #[serde(default)]
    pub note: String,
}

impl FromRequestParts<Portal> for Actor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refusal> {
        let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (given.next(), given.next()) else { return Err(Refusal::signed_out()) };
        let value = value.to_str().map_err(|_| Refusal::signed_out())?;
        let (scheme, token) = value.split_once(' ').ok_or_else(Refusal::signed_out)?;
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return Err(Refusal::signed_out());
        }
        accounts::actor_of_device(portal, token).await
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Portal> for ClientAddress {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refusal> {
        Ok(Self(client_address(parts.extensions.get(), &parts.headers, portal.config.trust_forwarded_for)))
    }
}

/// The client's address: the peer's, or what the proxy before the portal says where that is trusted.
#[must_use]
pub fn client_address(peer: Option<&ConnectInfo<SocketAddr>>, headers: &HeaderMap, trust: bool) -> IpAddr {
    let forwarded = || {
        // The last entry is the one that the nearest proxy added; those before it are the client's own words.
        let last = headers.get_all("x-forwarded-for").iter().next_back()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let told = if trust { forwarded() } else { None };
    told.or_else(|| peer.map(|ConnectInfo(address)| address.ip()))
        .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// An upload's file name from a request header or field: a name, never a path.
#[must_use]
pub fn file_name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    one_line(last, 200)
}

/// Whether a method changes nothing.
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_names_the_client() {
        let peer = ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 80)));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.9, 198.51.100.7".parse().unwrap());
        let told = |trust| client_address(Some(&peer), &headers, trust).to_string();
        assert_eq!(told(false), "192.0.2.1");
        assert_eq!(told(true), "198.51.100.7");
    }

    #[test]
    fn a_file_name_is_no_path() {
        assert_eq!(file_name("C:\\Users\\ada\\loan.xlsx"), "loan.xlsx");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
    }
}

//! The cookie of a browser session: opaque, for this portal only, out of reach of scripts.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
};

use crate::{accounts, domain::Actor, portal::Portal, refusal::Refusal};

/// The person who is signed in in this browser, if any.
pub struct PageActor {
    /// The person.
    pub actor: Option<Actor>,
    /// The cookie's value.
    pub cookie: Option<String>,
}

impl FromRequestParts<Portal> for PageActor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refusal> {
        let name = name(portal);
        let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name && value.len() <= 100).then(|| value.to_owned()));
        let actor = match &cookie {
            Some(cookie) => accounts::actor_of_page(portal, cookie).await?,
            None => None,
        };
        Ok(Self { actor, cookie })
    }
}

/// Over TLS the name itself binds the cookie to this host; browsers refuse it in clear, as on a loopback address.
fn name(portal: &Portal) -> &'static str {
    if portal.is_https() { "__Host-playsheet" } else { "playsheet" }
}

/// The header that sets the cookie.
pub fn set(portal: &Portal, value: &str) -> Option<HeaderValue> {
    write(portal, value, "")
}

/// The header that removes the cookie.
pub fn clear(portal: &Portal) -> Option<HeaderValue> {
    write(portal, "", "; Max-Age=0")
}

fn write(portal: &Portal, value: &str, more: &str) -> Option<HeaderValue> {
    let secure = if portal.is_https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", name(portal)))
        .ok()
}

//! The browser session that a creation belongs to: a cookie of its own, so that people can try before they sign up.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
};

use crate::{
    portal::Portal,
    refusal::Refusal,
    security::bytes::{random, sha256_hex, to_base64},
};

/// The session of the browser that asks. What is kept is the cookie's hash.
#[derive(Clone, Debug)]
pub struct BrowserSession {
    /// The hash that creations are kept under; absent where the browser has no session yet.
    pub hash: Option<String>,
}

impl FromRequestParts<Portal> for BrowserSession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Refusal> {
        let name = name(portal);
        let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let value = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name && value.len() == 43).then_some(value));
        Ok(Self { hash: value.map(|value| sha256_hex(value.as_bytes())) })
    }
}

fn name(portal: &Portal) -> &'static str {
    if portal.is_https() { "__Host-playsheet-creation" } else { "playsheet-creation" }
}

/// A fresh session: its hash, and the header that gives it to the browser.
///
/// # Errors
/// When there are no random bytes.
pub fn session_cookie(portal: &Portal) -> Result<(String, HeaderValue), Refusal> {
    let value = to_base64(&random::<32>()?);
    let header = write(portal, &value, "");
    let header = header.ok_or_else(|| Refusal::invalid("The browser session could not begin."))?;
    Ok((sha256_hex(value.as_bytes()), header))
}

/// The header that ends the session in the browser.
#[must_use]
pub fn forget_cookie(portal: &Portal) -> Option<HeaderValue> {
    write(portal, "", "; Max-Age=0")
}

fn write(portal: &Portal, value: &str, more: &str) -> Option<HeaderValue> {
    let secure = if portal.is_https() { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", name(portal));
    HeaderValue::from_str(&text).ok()
}

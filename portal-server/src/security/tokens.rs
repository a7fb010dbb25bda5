//! Signed tokens: access tokens, mailed links, tickets. HS256 and nothing else, a key per kind.
//!
//! The library checks signature, algorithm, `exp`, `aud`, `iss` and the presence of what is required; this module
//! checks what the library leaves to its caller: `typ`, `kid`, the length, and `exp` by the portal's own clock.
//! Invariant: whatever is wrong with a token, the answer is the same [`BadToken`].

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use portal_api::{DeviceId, ObjectId, PersonId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::keys::{InstanceKey, KeyError, KeyUse};
use crate::{
    clock::{MINUTE_MS, SECOND_MS},
    refusal::Cause,
};

/// How long an access token lives.
pub const ACCESS_LIFE_MS: i64 = 10 * MINUTE_MS;
/// How long a ticket lives.
pub const TICKET_LIFE_MS: i64 = MINUTE_MS;
/// Longer texts are not even looked at.
pub const MAX_TOKEN_BYTES: usize = 4096;

/// A token that is not good, for whatever reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadToken;

/// What an access token says. `sid` is the device; `epoch` ends all tokens of a person at once when it is raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The instance.
    pub iss: String,
    /// Always the audience of access tokens.
    pub aud: String,
    /// The person.
    pub sub: PersonId,
    /// Ends, in seconds.
    pub exp: i64,
    /// Made, in seconds.
    pub iat: i64,
    /// This token.
    pub jti: Uuid,
    /// The device.
    pub sid: DeviceId,
    /// The person's session epoch.
    pub epoch: i64,
}

/// What the token of a mailed link says. Which link it is stands in `jti`; the rest is in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkClaims {
    /// The instance.
    pub iss: String,
    /// The audience of this kind of link.
    pub aud: String,
    /// The person or invitation.
    pub sub: Uuid,
    /// The link.
    pub jti: Uuid,
    /// Made, in seconds.
    pub iat: i64,
    /// Ends, in seconds; required for password resets only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
}

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketClaims {
    /// The instance.
    pub iss: String,
    /// Always the audience of tickets.
    pub aud: String,
    /// The object.
    pub sub: ObjectId,
    /// Ends, in seconds.
    pub exp: i64,
    /// This ticket.
    pub jti: Uuid,
    /// The device that asked.
    pub sid: DeviceId,
}

/// The kinds of mailed links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Confirms a mail address.
    Confirm,
    /// Accepts an invitation.
    Invite,
    /// Sets a new password.
    Reset,
}

impl LinkKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }
}

struct Kind {
    typ: &'static str,
    audience: &'static str,
    required: &'static [&'static str],
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// Makes and checks tokens.
pub struct Tokens {
    issuer: String,
    key_id: String,
    access: Kind,
    confirm: Kind,
    invite: Kind,
    reset: Kind,
    ticket: Kind,
}

impl Kind {
    fn new(
        key: &InstanceKey,
        issuer: &str,
        (key_use, typ, audience): (KeyUse, &'static str, &'static str),
        required: &'static [&'static str],
    ) -> Result<Self, KeyError> {
        let secret = key.derive(key_use)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(required);
        Ok(Self {
            typ,
            audience,
            required,
            encoding: EncodingKey::from_secret(secret.as_slice()),
            decoding: DecodingKey::from_secret(secret.as_slice()),
            validation,
        })
    }
}

impl Tokens {
    /// The tokens of one instance.
    ///
    /// # Errors
    /// When a key cannot be derived.
    pub fn new(key: &InstanceKey) -> Result<Self, KeyError> {
        const TIMED: &[&str] = &["exp", "aud", "iss", "sub"];
        const UNTIMED: &[&str] = &["aud", "iss", "sub"];
        let issuer = key.instance_id()?;
        let kind = |what, required| Kind::new(key, &issuer, what, required);
        Ok(Self {
            access: kind((KeyUse::AccessToken, "at+jwt", "playsheet-api"), TIMED)?,
            confirm: kind((KeyUse::ConfirmLink, "confirm+jwt", "playsheet-confirm"), UNTIMED)?,
            invite: kind((KeyUse::InviteLink, "invite+jwt", "playsheet-invite"), UNTIMED)?,
            reset: kind((KeyUse::ResetLink, "reset+jwt", "playsheet-reset"), TIMED)?,
            ticket: kind((KeyUse::Ticket, "ticket+jwt", "playsheet-ticket"), TIMED)?,
            key_id: key.key_id()?,
            issuer,
        })
    }

    /// The instance's name in tokens and leases.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Makes an access token; answers with its end as well.
    ///
    /// # Errors
    /// When the token cannot be signed.
    pub fn access(
        &self,
        person: PersonId,
        device: DeviceId,
        epoch: i64,
        now_ms: i64,
    ) -> Result<(String, i64), Cause> {
        let expires_ms = now_ms.saturating_add(ACCESS_LIFE_MS);
        let claims = AccessClaims {
            iss: self.issuer.clone(),
            aud: self.access.audience.to_owned(),
            sub: person,
            exp: expires_ms / SECOND_MS,
            iat: now_ms / SECOND_MS,
            jti: Uuid::new_v4(),
            sid: device,
            epoch,
        };
        Ok((self.sign(&self.access, &claims)?, expires_ms))
    }

    /// Checks an access token.
    ///
    /// # Errors
    /// [`BadToken`] for everything that is wrong with it.
    pub fn check_access(&self, token: &str, now_ms: i64) -> Result<AccessClaims, BadToken> {
        let claims: AccessClaims = self.verify(&self.access, token)?;
        in_time(Some(claims.exp), now_ms)?;
        Ok(claims)
    }

    /// Makes the token of a mailed link. The same link gives the same token each time.
    ///
    /// # Errors
    /// When the token cannot be signed.
    pub fn link(
        &self,
        kind: LinkKind,
        subject: Uuid,
        link: Uuid,
        made_ms: i64,
        expires_ms: Option<i64>,
    ) -> Result<String, Cause> {
        let kind = self.link_kind(kind);
        let claims = LinkClaims {
            iss: self.issuer.clone(),
            aud: kind.audience.to_owned(),
            sub: subject,
            jti: link,
            iat: made_ms / SECOND_MS,
            exp: expires_ms.map(|ms| ms / SECOND_MS),
        };
        self.sign(kind, &claims)
    }

    /// Checks the token of a mailed link. Whether the link was used stands in the database.
    ///
    /// # Errors
    /// [`BadToken`] for everything that is wrong with it, except its end by the portal's clock: that is told by the
    /// link's row, so that a person whose link is over is told so.
    pub fn check_link(&self, kind: LinkKind, token: &str) -> Result<LinkClaims, BadToken> {
        let kind = self.link_kind(kind);
        let claims: LinkClaims = self.verify(kind, token)?;
        if kind.required.contains(&"exp") && claims.exp.is_none() { Err(BadToken) } else { Ok(claims) }
    }

    /// Makes a ticket for a sealed object; answers with its end as well.
    ///
    /// # Errors
    /// When the ticket cannot be signed.
    pub fn ticket(&self, object: ObjectId, device: DeviceId, now_ms: i64) -> Result<(String, i64), Cause> {
        let expires_ms = now_ms.saturating_add(TICKET_LIFE_MS);
        let claims = TicketClaims {
            iss: self.issuer.clone(),
            aud: self.ticket.audience.to_owned(),
            sub: object,
            exp: expires_ms / SECOND_MS,
            jti: Uuid::new_v4(),
            sid: device,
        };
        Ok((self.sign(&self.ticket, &claims)?, expires_ms))
    }

    /// Checks a ticket.
    ///
    /// # Errors
    /// [`BadToken`] for everything that is wrong with it.
    pub fn check_ticket(&self, token: &str, now_ms: i64) -> Result<TicketClaims, BadToken> {
        let claims: TicketClaims = self.verify(&self.ticket, token)?;
        in_time(Some(claims.exp), now_ms)?;
        Ok(claims)
    }

    const fn link_kind(&self, kind: LinkKind) -> &Kind {
        match kind {
            LinkKind::Confirm => &self.confirm,
            LinkKind::Invite => &self.invite,
            LinkKind::Reset => &self.reset,
        }
    }

    fn sign<T: Serialize>(&self, kind: &Kind, claims: &T) -> Result<String, Cause> {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(kind.typ.to_owned());
        header.kid = Some(self.key_id.clone());
        encode(&header, claims, &kind.encoding)
            .map_err(|_| Cause::Cryptography("a token could not be signed"))
    }

    fn verify<T: DeserializeOwned + Clone>(&self, kind: &Kind, token: &str) -> Result<T, BadToken> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(BadToken);
        }
        let header = decode_header(token).map_err(|_| BadToken)?;
        let typed = header.typ.as_deref() == Some(kind.typ);
        if !typed || header.kid.as_deref() != Some(self.key_id.as_str()) {
            return Err(BadToken);
        }
        let data = decode::<T>(token, &kind.decoding, &kind.validation).map_err(|_| BadToken)?;
        Ok(data.claims)
    }
}

fn in_time(exp_s: Option<i64>, now_ms: i64) -> Result<(), BadToken> {
    match exp_s {
        Some(exp_s) if exp_s.saturating_mul(SECOND_MS) <= now_ms => Err(BadToken),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;

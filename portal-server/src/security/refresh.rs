//! Refresh tokens: opaque, derived for each family and step, never stored, only their hashes.
//!
//! A family is one signed-in device. Its token of step *n* is an HMAC over the family's random salt and *n*, under a
//! key of the instance: with the database alone nobody can make one, and the portal can make the same token again,
//! which is what lets it repeat an answer that got lost on the way.

use portal_api::DeviceId;
use ring::hmac;

use super::{
    bytes,
    keys::{InstanceKey, KeyError, KeyUse},
};
use crate::clock::{DAY_MS, SECOND_MS};

/// A token that is not used ends after this time.
pub const IDLE_LIFE_MS: i64 = 30 * DAY_MS;
/// A family ends after this time in any case.
pub const FAMILY_LIFE_MS: i64 = 180 * DAY_MS;
/// For so long the same device may repeat the last step.
pub const GRACE_MS: i64 = 30 * SECOND_MS;

/// Derives refresh tokens.
pub struct RefreshTokens {
    key: hmac::Key,
}

impl RefreshTokens {
    /// The tokens of one instance.
    ///
    /// # Errors
    /// When the key cannot be derived.
    pub fn new(key: &InstanceKey) -> Result<Self, KeyError> {
        let secret = key.derive(KeyUse::Refresh)?;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice()) })
    }

    /// The token of one step of a family: the family's id (16 bytes), the step (8), the HMAC (32).
    #[must_use]
    pub fn token(&self, family: DeviceId, salt: &[u8], step: i64) -> String {
        let mut token = family.0.as_bytes().to_vec();
        token.extend_from_slice(&step.to_be_bytes());
        token.extend_from_slice(&self.proof(family, salt, step));
        bytes::to_base64(&token)
    }

    /// Whether the portal itself made this token, at whatever step.
    #[must_use]
    pub fn is_genuine(&self, claimed: &ClaimedToken, salt: &[u8]) -> bool {
        bytes::equal(&claimed.proof, &self.proof(claimed.family, salt, claimed.step))
    }

    fn proof(&self, family: DeviceId, salt: &[u8], step: i64) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(family.0.as_bytes());
        context.update(&step.to_be_bytes());
        context.update(salt);
        context.sign().as_ref().to_vec()
    }
}

/// What a presented token claims to be.
pub struct ClaimedToken {
    /// The family.
    pub family: DeviceId,
    /// The step.
    pub step: i64,
    proof: Vec<u8>,
}

impl ClaimedToken {
    /// Reads a token; `None` for anything that has not the shape of one.
    #[must_use]
    pub fn read(token: &str) -> Option<Self> {
        if token.len() > 128 {
            return None;
        }
        let bytes = bytes::from_base64(token)?;
        let (family, rest) = bytes.split_first_chunk::<16>()?;
        let (step, proof) = rest.split_first_chunk::<8>()?;
        let family = DeviceId(uuid::Uuid::from_bytes(*family));
        Some(Self { family, step: i64::from_be_bytes(*step), proof: proof.to_vec() })
    }
}

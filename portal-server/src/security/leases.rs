//! Signs leases with an Ed25519 key that is derived from the instance key.

use portal_api::{AppId, DeviceId, Lease, LeaseKey, PersonId, SignedLease};
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::{
    bytes,
    keys::{InstanceKey, KeyError, KeyUse},
};
use crate::{clock::DAY_MS, refusal::Cause};

/// Signs leases.
pub struct LeaseSigner {
    pair: Ed25519KeyPair,
    key_id: String,
    portal: String,
}

impl LeaseSigner {
    /// The signer of one instance.
    ///
    /// # Errors
    /// When the key cannot be derived.
    pub fn new(key: &InstanceKey) -> Result<Self, KeyError> {
        let seed = key.derive(KeyUse::Lease)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| KeyError::Derivation)?;
        let mut key_id = bytes::sha256_hex(pair.public_key().as_ref());
        key_id.truncate(16);
        Ok(Self { pair, key_id, portal: key.instance_id()? })
    }

    /// The public half, for players to store.
    #[must_use]
    pub fn public_key(&self) -> LeaseKey {
        LeaseKey {
            key_id: self.key_id.clone(),
            algorithm: "Ed25519".to_owned(),
            public_key: bytes::to_base64(self.pair.public_key().as_ref()),
        }
    }

    /// A lease from now on, for some days.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub fn sign(
        &self,
        app: AppId,
        person: PersonId,
        device: DeviceId,
        now_ms: i64,
        days: u32,
    ) -> Result<SignedLease, Cause> {
        let until_ms = now_ms.saturating_add(i64::from(days).saturating_mul(DAY_MS));
        let lease = Lease {
            schema: 1,
            portal: self.portal.clone(),
            app,
            person,
            device,
            issued_ms: now_ms,
            until_ms,
        };
        let document = serde_json::to_vec(&lease).map_err(|error| Cause::Document(error.to_string()))?;
        let signature = self.pair.sign(&document);
        Ok(SignedLease {
            document: bytes::to_base64(&document),
            signature: bytes::to_base64(signature.as_ref()),
            key_id: self.key_id.clone(),
            until_ms,
        })
    }
}

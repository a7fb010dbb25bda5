//! Leases: how long an app may run without the portal.
//!
//! A lease is a JSON document and an Ed25519 signature over exactly its bytes. The player checks the signature
//! with the key from `GET /portal` that it stored at sign-in, and only then reads the document.

use serde::{Deserialize, Serialize};

use crate::{AppId, DeviceId, PersonId};

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lease {
    /// The document's version: 1.
    pub schema: u32,
    /// The portal's instance id, as `GET /portal` tells.
    pub portal: String,
    /// The app.
    pub app: AppId,
    /// The person.
    pub person: PersonId,
    /// The device; a lease does not move to another.
    pub device: DeviceId,
    /// When the portal signed it, by the portal's clock.
    pub issued_ms: i64,
    /// When it ends.
    pub until_ms: i64,
}

/// A lease as it travels and is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedLease {
    /// The bytes of the JSON document [`Lease`], in base64url.
    pub document: String,
    /// The Ed25519 signature over these bytes (64 bytes), in base64url.
    pub signature: String,
    /// Which of the portal's keys signed.
    pub key_id: String,
    /// When the lease ends; repeated from the document for display. Decide by the signed document only.
    pub until_ms: i64,
}

/// `POST /apps/{id}/lease`: asks for a lease of a chosen length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaseRequest {
    /// Days, at least 1; the portal gives fewer where the app allows no more. All that is allowed, where absent.
    #[serde(default)]
    pub days: Option<u32>,
}

//! What a portal says about itself, and its health.

use serde::{Deserialize, Serialize};

/// `GET /portal`: public, needs no sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalInfo {
    /// The portal's name for people.
    pub name: String,
    /// The portal's version.
    pub version: String,
    /// The instance's id; stays the same for the life of the instance key.
    pub instance: String,
    /// The oldest player that this portal serves.
    pub min_player: String,
    /// The key that signs leases.
    pub lease_key: LeaseKey,
    /// The portal's clock.
    pub server_time_ms: i64,
}

/// The public half of the key that signs leases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaseKey {
    /// Which key it is.
    pub key_id: String,
    /// Always `Ed25519`.
    pub algorithm: String,
    /// The public key (32 bytes), in base64url.
    pub public_key: String,
}

/// `GET /healthz` and `GET /readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`, or what is missing.
    pub status: String,
}

/// One entry of the audit log, as administrators read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The position in the chain, counted from 1.
    pub sequence: u64,
    /// When.
    pub at_ms: i64,
    /// Who: a person's id, or `system`, or `nobody` before sign-in.
    pub actor: String,
    /// What, such as `app.published`.
    pub action: String,
    /// To what: the id of a person, device, app, invitation.
    pub object: String,
    /// Which app, where one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The request's id, as in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// This entry's link of the hash chain, in hex.
    pub hash: String,
}

/// `PUT /admin/people/{id}`: disables an account, or enables it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountSwitch {
    /// Whether the account is to be disabled.
    pub disabled: bool,
}

//! Accounts: registering, confirming, signing in and out, passwords, devices.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, PersonId, TeamId};

/// `POST /accounts`: asks for an account.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// The mail address; a confirmation link goes there.
    pub email: String,
    /// The password, 15 characters or more.
    pub password: String,
    /// How others see the person; the part of the address before the @ where it is empty.
    #[serde(default)]
    pub name: String,
}

/// The answer to requests that must not tell whether an account exists: look into the mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookIntoMailbox {
    /// The next step, in a sentence.
    pub message: String,
}

/// A request that carries nothing but the token of a mailed link.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkToken {
    /// The token, as in the link.
    pub token: String,
}

/// The answer to a confirmed address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirmed {
    /// The address that is confirmed now.
    pub email: String,
}

/// What a device says about itself at sign-in; shown to the person in the list of devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceDescription {
    /// A name that the person recognises, such as the computer's; 100 characters at most.
    #[serde(default)]
    pub name: String,
    /// The program and platform, such as `player/linux`; 100 characters at most.
    #[serde(default)]
    pub platform: String,
}

/// `POST /sessions`: signs a device in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The account's mail address.
    pub email: String,
    /// The account's password.
    pub password: String,
    /// The device that signs in.
    #[serde(default)]
    pub device: DeviceDescription,
}

/// The answer to a sign-in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The person.
    pub person: Person,
    /// The device, as it stands in the list of devices.
    pub device_id: DeviceId,
    /// Proves at each refresh that the same device asks. Kept like a password; sent with refreshes only.
    pub device_secret: String,
    /// The tokens to go on with.
    pub tokens: Tokens,
}

/// The tokens of a signed-in device.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Goes into `Authorization: Bearer …`; short-lived.
    pub access_token: String,
    /// When the access token ends.
    pub access_expires_ms: i64,
    /// Good for one refresh; kept like a password.
    pub refresh_token: String,
    /// When the refresh token ends if it is not used.
    pub refresh_expires_ms: i64,
}

/// `POST /sessions/refresh`: new tokens for old ones.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The latest refresh token.
    pub refresh_token: String,
    /// The secret that the device got at sign-in.
    pub device_secret: String,
}

/// `POST /password-resets`: asks for a reset link by mail.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetRequest {
    /// The account's mail address.
    pub email: String,
}

/// `POST /password-resets/complete`: sets a new password by a mailed link. Ends every session of the person.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The token, as in the link.
    pub token: String,
    /// The new password.
    pub password: String,
}

/// `PUT /me/password`: changes the password of the signed-in person. Ends the person's other sessions.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    /// The password until now.
    pub current_password: String,
    /// The password from now on.
    pub new_password: String,
}

/// The signed-in person, as `GET /me` tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// The mail address, normalised.
    pub email: String,
    /// How others see the person.
    pub name: String,
    /// Whether the address is confirmed; without that, invitations cannot be sent or accepted.
    pub confirmed: bool,
    /// Whether the person administers this portal.
    #[serde(default)]
    pub administrator: bool,
    /// The team of which the person is the only member, made at registration.
    pub personal_team: TeamId,
}

/// One signed-in device of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// The device's id.
    pub id: DeviceId,
    /// Its name, as given at sign-in.
    pub name: String,
    /// Its program and platform, as given at sign-in.
    pub platform: String,
    /// When it signed in.
    pub signed_in_ms: i64,
    /// When it last refreshed its tokens.
    pub seen_ms: i64,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The entries of this page, in a stable order.
    pub items: Vec<T>,
    /// What to send as `after` to get the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

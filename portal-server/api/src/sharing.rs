//! Sharing: invitations and the people who have an app.

use serde::{Deserialize, Serialize};

use crate::{AppId, InvitationId, PersonId, Role};

/// `POST /apps/{id}/invitations`: invites a person by mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvitation {
    /// The mail address; only an account with this address, confirmed, can accept.
    pub email: String,
    /// What the person will be allowed; `viewer` or `editor`.
    #[serde(default = "viewer")]
    pub role: Role,
}

fn viewer() -> Role {
    Role::Viewer
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The invitation's id.
    pub id: InvitationId,
    /// The app.
    pub app: AppId,
    /// The invited address, normalised.
    pub email: String,
    /// What the person will be allowed.
    pub role: Role,
    /// Who invited.
    pub invited_by: PersonId,
    /// When.
    pub invited_ms: i64,
}

/// The answer to an accepted invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accepted {
    /// The app that the person has now.
    pub app: AppId,
    /// Its name.
    pub name: String,
    /// What the person may do with it.
    pub role: Role,
}

/// One person who has an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// The person's address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Since when.
    pub since_ms: i64,
    /// Whether the right comes from the team that owns the app; such a right is not withdrawn here.
    pub by_team: bool,
}

/// `GET /apps/{id}/people`: everybody who has the app, and the open invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// Who has the app.
    pub holders: Vec<Holder>,
    /// Who was invited and has not answered.
    pub invitations: Vec<Invitation>,
}

//! Apps, their versions and sources, and tickets for hosted spreadsheets.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{AppId, ObjectId, PersonId, SourceId, TeamId};

/// What a person may do with an app. Each role may also do what the ones before it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the app.
    Viewer,
    /// Publishes new versions, and sees who has the app.
    Editor,
    /// Shares and withdraws the app.
    Owner,
    /// A role that this side does not know yet; allows the least of all.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Role {
    const fn rank(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Viewer => 1,
            Self::Editor => 2,
            Self::Owner => 3,
        }
    }
}

impl PartialOrd for Role {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Role {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// Whether an app can be used by the person who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppState {
    /// Ready to run.
    Available,
    /// Taken back by its owner; only owners still see it.
    Withdrawn,
    /// A state that this side does not know yet.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One app in the list of the person's apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppSummary {
    /// The app's id.
    pub id: AppId,
    /// The team that the app belongs to.
    pub team: TeamId,
    /// The name, from the definition.
    pub name: String,
    /// The description, from the definition.
    #[serde(default)]
    pub description: String,
    /// Whether it can be used.
    pub state: AppState,
    /// What the person may do with it.
    pub role: Role,
    /// The current version; counted from 1, rises with every publication.
    pub version: u64,
    /// The definition's entity tag, without quotes; stays the same while only spreadsheets change.
    pub definition_etag: String,
    /// The spreadsheets that it runs on.
    pub sources: Vec<Source>,
    /// When the current version was published.
    pub changed_ms: i64,
}

/// Where a spreadsheet lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// In the portal, as a sealed object that a ticket opens.
    Hosted,
    /// On an HTTP server that the player asks itself; the portal never does.
    Http,
    /// A kind that this side does not know yet.
    #[default]
    #[serde(other)]
    Unknown,
}

/// How an HTTP source wants the person to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceAuth {
    /// Not at all.
    None,
    /// By name and password (RFC 7617), over TLS only.
    Basic,
    /// In a way that this side does not know yet.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One spreadsheet of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// Its id in the definition.
    pub id: SourceId,
    /// Where it lives.
    pub kind: SourceKind,
    /// The address, where it is an HTTP source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How to sign in there, where it is an HTTP source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<SourceAuth>,
    /// The spreadsheet's entity tag, without quotes, where it is hosted: the SHA-256 of its bytes in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The spreadsheet's size in bytes, where it is hosted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The file's name, as it was uploaded; for people, never for paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
}

/// What a publication changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersionChange {
    /// The first version.
    Created,
    /// The definition.
    Definition,
    /// A spreadsheet.
    Spreadsheet,
    /// Definition and spreadsheet together.
    Both,
    /// Something that this side does not know yet.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One published version of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// The number, counted from 1.
    pub number: u64,
    /// What changed.
    pub change: VersionChange,
    /// What the creator wrote about it.
    #[serde(default)]
    pub note: String,
    /// Who published it.
    pub published_by: PersonId,
    /// When.
    pub published_ms: i64,
    /// The definition's entity tag in this version.
    pub definition_etag: String,
    /// The spreadsheets of this version.
    pub sources: Vec<Source>,
}

/// `POST /apps/{id}/sources/{sid}/ticket`: how to get one hosted spreadsheet, once and soon.
///
/// The address answers with the sealed object; `playsheet-portal-server`'s module `sealing` describes its bytes.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The address of the sealed object; needs no sign-in, ends after a minute.
    pub url: String,
    /// When the address ends.
    pub expires_ms: i64,
    /// The object; its id is bound into every sealed chunk.
    pub object_id: ObjectId,
    /// The object's AES-256 key, 32 bytes in base64url.
    pub key: String,
    /// The spreadsheet's entity tag: the SHA-256 of the opened bytes in hex.
    pub etag: String,
    /// The spreadsheet's size in bytes, opened.
    pub size: u64,
    /// The app's version that the object belongs to.
    pub version: u64,
}

/// `PUT /apps/{id}/sources/{sid}`: moves a source to an address that players ask themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAddress {
    /// The address; `http://` or `https://`, without name and password.
    pub url: String,
    /// How to sign in there.
    #[serde(default = "no_auth")]
    pub auth: SourceAuth,
    /// Words about this version, for the people who have the app.
    #[serde(default)]
    pub note: String,
}

fn no_auth() -> SourceAuth {
    SourceAuth::None
}

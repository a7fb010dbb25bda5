//! `GET /sync`: everything that a player must know, in one call.

use serde::{Deserialize, Serialize};

use crate::{AppId, AppSummary, Person, SignedLease, VersionChange};

/// The state of the person's world at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncState {
    /// The portal's clock.
    pub server_time_ms: i64,
    /// The oldest player that this portal serves.
    pub min_player: String,
    /// The person.
    pub person: Person,
    /// The apps that the person has, each with what is needed to bring it up to date.
    pub apps: Vec<SyncApp>,
    /// The apps that the person had and has no more: destroy their keys and copies.
    pub withdrawn: Vec<WithdrawnApp>,
    /// What to send as `after` to get the next apps; absent on the last page. `withdrawn` is complete on each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One app of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncApp {
    /// The app; where its version or entity tags differ from the player's, the player fetches.
    #[serde(flatten)]
    pub app: AppSummary,
    /// A fresh lease for the asking device.
    pub lease: SignedLease,
    /// What the current version brought.
    pub notice: UpdateNotice,
}

/// What to tell the person about the current version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateNotice {
    /// The version.
    pub version: u64,
    /// What changed.
    pub change: VersionChange,
    /// What the creator wrote about it.
    #[serde(default)]
    pub note: String,
    /// When it was published.
    pub published_ms: i64,
}

/// An app that the person has no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WithdrawnApp {
    /// The app.
    pub id: AppId,
    /// Since when.
    pub since_ms: i64,
    /// Always `withdrawn` today; the code that the app's routes answer with.
    pub code: String,
}

#[cfg(test)]
mod tests {
    use crate::{AppState, Role, SourceAuth, SourceKind};

    #[test]
    fn words_of_tomorrow_are_read_as_unknown() {
        assert_eq!(serde_json::from_str::<Role>("\"auditor\"").unwrap(), Role::Unknown);
        assert_eq!(serde_json::from_str::<AppState>("\"paused\"").unwrap(), AppState::Unknown);
        assert_eq!(serde_json::from_str::<SourceKind>("\"gopher\"").unwrap(), SourceKind::Unknown);
        assert_eq!(serde_json::from_str::<SourceAuth>("\"oauth2\"").unwrap(), SourceAuth::Unknown);
    }

    #[test]
    fn roles_are_ordered_from_least_to_most() {
        assert!(Role::Unknown < Role::Viewer && Role::Viewer < Role::Editor && Role::Editor < Role::Owner);
    }
}

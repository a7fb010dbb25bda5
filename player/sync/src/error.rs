//! What can go wrong between player, portal, sources and vault, in words for the person, and whose fault it is.
//!
//! No error carries a token, a password or bytes of a spreadsheet.

use portal_api::{AppId, ProblemCode};
use vault::ExitClass;

use crate::PortalClient;

/// A failure of signing in, syncing or opening.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// An address cannot be used.
    #[error("the address {address:?} cannot be used: {reason}")]
    BadAddress {
        /// The address, without password.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A server cannot be reached or broke off.
    #[error("{host} cannot be reached: {detail}; check the network and try again")]
    Network {
        /// The server.
        host: String,
        /// What happened.
        detail: String,
    },
    /// A server did not answer in time.
    #[error("{host} did not answer in time; try again later")]
    Timeout {
        /// The server.
        host: String,
    },
    /// The portal refused.
    #[error("the portal says: {detail}")]
    Portal {
        /// The stable code; [`ProblemCode::Unknown`] where the portal gave none.
        code: ProblemCode,
        /// The HTTP status.
        status: u16,
        /// What the portal says to people.
        detail: String,
        /// Seconds after which another try makes sense.
        retry_after_s: Option<u64>,
    },
    /// The portal's answer cannot be understood.
    #[error("{host} gave an answer that this player does not understand ({what}); is it a Playsheet portal?")]
    Answer {
        /// The server.
        host: String,
        /// What was wrong.
        what: String,
    },
    /// The portal wants a newer player.
    #[error("this portal needs Playsheet {needed} or newer, and this is {ours}; install a newer version")]
    PlayerTooOld {
        /// The oldest version that the portal serves.
        needed: String,
        /// This version.
        ours: String,
    },
    /// Nobody is signed in.
    #[error("nobody is signed in; sign in first")]
    NotSignedIn,
    /// The sign-in has ended at the portal.
    #[error("the sign-in as {email} has ended; sign in again (apps go on working until their leases end)")]
    SignedOut {
        /// Who was signed in.
        email: String,
    },
    /// Somebody else is signed in.
    #[error("{email} is signed in here; sign out first, which removes that person's apps from this device")]
    OtherAccount {
        /// Who is signed in.
        email: String,
    },
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The person stopped it.
    #[error("stopped; everything is as complete as it was before")]
    Cancelled,
    /// There is no such app here.
    #[error("there is no app {id} on this device; sync to get it")]
    NoApp {
        /// The app.
        id: AppId,
    },
    /// The app's lease has ended.
    #[error("the lease of {name:?} has ended; connect to the portal and sync to use it again")]
    LeaseEnded {
        /// The app's name.
        name: String,
    },
    /// The app's lease is not one that the portal gave to this device.
    #[error("the lease of {name:?} is not valid here ({why}); connect to the portal and sync")]
    LeaseInvalid {
        /// The app's name.
        name: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The app cannot be opened in the state it is in.
    #[error("{name:?} cannot be opened: {reason}")]
    NotReady {
        /// The app's name.
        name: String,
        /// What is missing and what to do.
        reason: String,
    },
    /// The app was published anew while it was being fetched.
    #[error("{name:?} was changed while it was being fetched; sync again")]
    ChangedMeanwhile {
        /// The app's name.
        name: String,
    },
    /// A sealed spreadsheet does not open or is not what its ticket says.
    #[error("a spreadsheet arrived damaged ({why}); sync again")]
    SealedObject {
        /// What was found.
        why: &'static str,
    },
    /// Something is larger than what is taken.
    #[error("{what} is larger than {limit_mib} MiB, which is the most that is taken")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit in MiB.
        limit_mib: u64,
    },
    /// A source wants to know who asks.
    #[error("{origin} asks for a name and a password; enter them for this address and sync again")]
    SourceNeedsSignIn {
        /// Scheme, host and port.
        origin: String,
        /// Whether a name and password were sent and refused.
        refused: bool,
    },
    /// A source does not give the spreadsheet (any more).
    #[error("{origin} does not give the spreadsheet any more (status {status}); ask its owner for access")]
    SourceGone {
        /// Scheme, host and port.
        origin: String,
        /// The HTTP status.
        status: u16,
    },
    /// A source answered with something else than a spreadsheet, or led elsewhere.
    #[error("{origin} did not answer with the spreadsheet: {why}")]
    SourceAnswer {
        /// Scheme, host and port.
        origin: String,
        /// What it did instead.
        why: String,
    },
    /// A source is of a kind that this player does not know.
    #[error(
        "the spreadsheet lives in a place that this version of Playsheet does not know; install a newer version"
    )]
    SourceUnknown,
    /// The program cannot set up its network.
    #[error("the network of this program could not be set up: {detail}")]
    Setup {
        /// What failed.
        detail: String,
    },
}

impl SyncError {
    /// Whose fault this is.
    #[must_use]
    pub fn exit_class(&self) -> ExitClass {
        match self {
            Self::Vault(error) => error.exit_class(),
            Self::BadAddress { .. } | Self::NoApp { .. } | Self::NotSignedIn | Self::OtherAccount { .. } => {
                ExitClass::Input
            }
            Self::Portal { code: ProblemCode::WrongCredentials | ProblemCode::WeakPassword, .. } => {
                ExitClass::Input
            }
            Self::Setup { .. } => ExitClass::Program,
            _ => ExitClass::Surroundings,
        }
    }

    /// Whether going on with the next app makes no sense either.
    pub(crate) fn stops_everything(&self, portal: &PortalClient) -> bool {
        match self {
            Self::Vault(vault::Error::RecordDamaged { .. }) => false,
            Self::Network { host, .. } | Self::Timeout { host } => portal.is_named(host),
            Self::Portal { code, .. } => matches!(
                code,
                ProblemCode::AccountDisabled
                    | ProblemCode::RateLimited
                    | ProblemCode::Busy
                    | ProblemCode::Unavailable
                    | ProblemCode::PlayerTooOld
            ),
            Self::Vault(_) | Self::Cancelled | Self::SignedOut { .. } | Self::NotSignedIn => true,
            _ => false,
        }
    }

    pub(crate) fn answer(host: &str, what: impl Into<String>) -> Self {
        Self::Answer { host: host.to_owned(), what: what.into() }
    }
}

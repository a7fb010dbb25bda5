//! Who may do what: one function, [`authorize`], asked by every route about every object.
//!
//! The rules: an app's team owns it, and a member's role in the team counts for its apps; a grant gives a role for
//! one app; the best role counts. Who has no role learns nothing, not even that the app exists (`not_found`), unless
//! a right was taken away (`withdrawn`), which the player must know to clean up.

use portal_api::{AppId, DeviceId, PersonId, Role};
use sea_orm::ConnectionTrait;

use crate::{
    domain::Actor,
    refusal::Refusal,
    store::{apps, devices, entities::app, sharing},
};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See and run an app: definition, tickets, leases.
    RunApp,
    /// See an app's history.
    SeeVersions,
    /// See who has an app.
    SeePeople,
    /// Publish a new version.
    Publish,
    /// Invite people, withdraw invitations and rights.
    Share,
    /// Take a whole app back.
    WithdrawApp,
    /// Give up one's own right to an app.
    Leave,
    /// See and end devices.
    ManageDevice,
    /// Read the audit log, disable accounts.
    Administer,
}

/// What it is to be done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// An app.
    App(AppId),
    /// A device of a person.
    Device(DeviceId),
    /// The portal itself.
    Portal,
}

/// What was found on the way to a yes.
#[derive(Clone, Debug)]
pub enum Granted {
    /// The app, and the role that the person has.
    App(Box<app::Model>, Role),
    /// Nothing more to know.
    Plain,
}

impl Granted {
    /// The app and the role.
    ///
    /// # Errors
    /// When it was not about an app; then nothing is shown.
    pub fn app(self) -> Result<(app::Model, Role), Refusal> {
        match self {
            Self::App(app, role) => Ok((*app, role)),
            Self::Plain => Err(Refusal::not_found()),
        }
    }
}

/// Decides whether a person may do something.
///
/// # Errors
/// `not_found` for what the person may not know of, `withdrawn` for what was taken away, `forbidden` for what the
/// person may see but not do.
pub async fn authorize(
    c: &impl ConnectionTrait,
    actor: &Actor,
    action: Action,
    object: Object,
) -> Result<Granted, Refusal> {
    match object {
        Object::App(id) => authorize_app(c, actor, action, id).await,
        Object::Device(id) => authorize_device(c, actor.person, id).await,
        Object::Portal if actor.administrator && action == Action::Administer => Ok(Granted::Plain),
        // Others see no administration at all.
        Object::Portal => Err(Refusal::not_found()),
    }
}

/// The least role for an action on an app.
const fn least_role(action: Action) -> Option<Role> {
    match action {
        Action::RunApp | Action::Leave => Some(Role::Viewer),
        Action::SeeVersions | Action::SeePeople | Action::Publish => Some(Role::Editor),
        Action::Share | Action::WithdrawApp => Some(Role::Owner),
        Action::ManageDevice | Action::Administer => None,
    }
}

async fn authorize_app(
    c: &impl ConnectionTrait,
    actor: &Actor,
    action: Action,
    id: AppId,
) -> Result<Granted, Refusal> {
    let app = apps::by_id(c, id).await?.ok_or_else(Refusal::not_found)?;
    let standing = sharing::standings(c, actor.person, std::slice::from_ref(&app)).await?;
    let standing = standing.get(&app.id).copied().ok_or_else(Refusal::not_found)?;
    let least = least_role(action).ok_or_else(Refusal::not_found)?;
    match (standing.role, standing.withdrawn_ms) {
        (None, None) => Err(Refusal::not_found()),
        (None, Some(_)) => Err(Refusal::withdrawn()),
        // A withdrawn app is history for its owners and gone for everybody else.
        (Some(role), _) if app.withdrawn_ms.is_some() => match action {
            Action::SeeVersions | Action::SeePeople if role >= Role::Owner => {
                Ok(Granted::App(Box::new(app), role))
            }
            _ => Err(Refusal::withdrawn()),
        },
        (Some(role), _) if role >= least => Ok(Granted::App(Box::new(app), role)),
        (Some(Role::Unknown), _) => Err(Refusal::not_found()),
        (Some(_), _) => Err(Refusal::forbidden(match least {
            Role::Owner => "Only an owner of this app can do this.",
            _ => "Only an editor or owner of this app can do this.",
        })),
    }
}

async fn authorize_device(
    c: &impl ConnectionTrait,
    person: PersonId,
    id: DeviceId,
) -> Result<Granted, Refusal> {
    match devices::live(c, id).await? {
        Some((_, owner)) if owner.id == person.to_string() => Ok(Granted::Plain),
        _ => Err(Refusal::not_found()),
    }
}

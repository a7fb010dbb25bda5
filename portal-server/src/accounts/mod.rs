//! Accounts: what happens when somebody registers, confirms, signs in and out, or forgets a password.
//!
//! Routes and pages both call these functions. Invariant: for somebody who is not signed in, nothing here tells by
//! its answer whether an address has an account.

mod passwords;
mod registration;
mod sessions;

use portal_api::{Person, ProblemCode};

pub use passwords::{change_password, request_reset, reset_password, sign_out_everywhere};
pub use registration::{NewAccount, confirm, create_administrator, register, switch_account};
pub use sessions::{
    SignInRequest, actor_of_device, actor_of_page, devices, end_device, open_page, refresh, sign_in,
    sign_out, sign_out_page,
};

use crate::{
    domain::{Actor, EmailAddress},
    portal::Portal,
    refusal::{Cause, Refusal},
    security::tokens::LinkKind,
    store::{
        entities::{link, person},
        links, stored_id,
    },
};
use sea_orm::ConnectionTrait;

/// The person as the interface tells.
///
/// # Errors
/// When stored ids do not read.
pub fn person_of(actor: &Actor) -> Result<Person, Cause> {
    Ok(Person {
        id: actor.person,
        email: actor.email.as_str().to_owned(),
        name: actor.name.clone(),
        confirmed: actor.confirmed,
        administrator: actor.administrator,
        personal_team: stored_id(&actor.personal_team)?,
    })
}

/// The actor that a person's row makes.
fn actor_from(person: &person::Model) -> Result<Actor, Refusal> {
    if person.disabled_ms.is_some() {
        return Err(Refusal::signed_out());
    }
    Ok(Actor {
        person: stored_id(&person.id)?,
        device: None,
        email: EmailAddress::stored(&person.email),
        name: person.name.clone(),
        confirmed: person.confirmed_ms.is_some(),
        administrator: person.administrator,
        personal_team: person.personal_team.clone(),
    })
}

/// Finds the row of a mailed link by its token. Whether it still works is not decided here.
///
/// # Errors
/// `link_invalid` for every token that is not one of this portal's links of this kind.
pub async fn find_link(
    portal: &Portal,
    c: &impl ConnectionTrait,
    kind: LinkKind,
    token: &str,
) -> Result<link::Model, Refusal> {
    let bad = || {
        Refusal::new(ProblemCode::LinkInvalid, "This link is not valid. Copy it from the mail as a whole.")
    };
    let claims = portal.tokens.check_link(kind, token).map_err(|_| bad())?;
    let row = links::by_id(c, claims.jti).await?.ok_or_else(bad)?;
    let same = row.kind == kind.as_str() && row.subject == claims.sub.to_string();
    if same { Ok(row) } else { Err(bad()) }
}

/// Why a link of this row does not work any more, if so.
///
/// # Errors
/// `link_used` or `link_ended`.
pub fn check_open(row: &link::Model, now_ms: i64) -> Result<(), Refusal> {
    if row.used_ms.is_some() {
        return Err(Refusal::new(ProblemCode::LinkUsed, "This link was used before. Each works once."));
    }
    if row.ended_ms.is_some() || row.expires_ms.is_some_and(|end| end <= now_ms) {
        return Err(Refusal::new(ProblemCode::LinkEnded, "This link has ended. Ask for a new one."));
    }
    Ok(())
}

/// Uses a link up, once.
///
/// # Errors
/// `link_used` when another request was faster, or `link_ended`.
pub async fn use_link(c: &impl ConnectionTrait, row: &link::Model, now_ms: i64) -> Result<(), Refusal> {
    check_open(row, now_ms)?;
    if links::consume(c, &row.id, now_ms).await? {
        Ok(())
    } else {
        Err(Refusal::new(ProblemCode::LinkUsed, "This link was used before. Each works once."))
    }
}

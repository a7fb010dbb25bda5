//! People, their credentials and their personal teams.

use portal_api::{PersonId, Role, TeamId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::Expr,
};

use super::entities::{credential, membership, person, team};
use crate::domain::{EmailAddress, role_word};

/// What makes an account.
pub struct NewPerson<'a> {
    /// The id.
    pub id: PersonId,
    /// The address.
    pub email: &'a EmailAddress,
    /// How others see the person.
    pub name: &'a str,
    /// The password's PHC string.
    pub phc: &'a str,
    /// Administers the portal.
    pub administrator: bool,
    /// Confirmed from the start.
    pub confirmed: bool,
    /// Now.
    pub now_ms: i64,
}

/// The person with an address.
///
/// # Errors
/// When the database fails.
pub async fn by_email(
    c: &impl ConnectionTrait,
    email: &EmailAddress,
) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find().filter(person::Column::Email.eq(email.as_str())).one(c).await
}

/// The person with an id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(c: &impl ConnectionTrait, id: PersonId) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(id.to_string()).one(c).await
}

/// The people with these ids.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(c: &impl ConnectionTrait, ids: Vec<String>) -> Result<Vec<person::Model>, DbErr> {
    person::Entity::find().filter(person::Column::Id.is_in(ids)).all(c).await
}

/// The password hash of a person.
///
/// # Errors
/// When the database fails.
pub async fn credential(c: &impl ConnectionTrait, id: &str) -> Result<Option<String>, DbErr> {
    Ok(credential::Entity::find_by_id(id.to_owned()).one(c).await?.map(|row| row.phc))
}

/// Makes an account with its personal team.
///
/// # Errors
/// When the database fails; as a duplicate when the address has an account already.
pub async fn insert(c: &impl ConnectionTrait, new: &NewPerson<'_>) -> Result<(), DbErr> {
    let (id, team_id) = (new.id.to_string(), TeamId::mint().to_string());
    team::Entity::insert(team::ActiveModel {
        id: Set(team_id.clone()),
        name: Set(new.name.to_owned()),
        kind: Set("personal".to_owned()),
        created_ms: Set(new.now_ms),
    })
    .exec_without_returning(c)
    .await?;
    person::Entity::insert(person::ActiveModel {
        id: Set(id.clone()),
        email: Set(new.email.as_str().to_owned()),
        name: Set(new.name.to_owned()),
        created_ms: Set(new.now_ms),
        confirmed_ms: Set(new.confirmed.then_some(new.now_ms)),
        disabled_ms: Set(None),
        epoch: Set(0),
        administrator: Set(new.administrator),
        personal_team: Set(team_id.clone()),
    })
    .exec_without_returning(c)
    .await?;
    membership::Entity::insert(membership::ActiveModel {
        team_id: Set(team_id),
        person_id: Set(id.clone()),
        role: Set(role_word(Role::Owner).to_owned()),
        created_ms: Set(new.now_ms),
    })
    .exec_without_returning(c)
    .await?;
    credential::Entity::insert(credential::ActiveModel {
        person_id: Set(id),
        phc: Set(new.phc.to_owned()),
        changed_ms: Set(new.now_ms),
    })
    .exec_without_returning(c)
    .await?;
    Ok(())
}

/// Sets a new password hash.
///
/// # Errors
/// When the database fails.
pub async fn set_credential(c: &impl ConnectionTrait, id: &str, phc: &str, now_ms: i64) -> Result<(), DbErr> {
    credential::Entity::update_many()
        .col_expr(credential::Column::Phc, Expr::value(phc))
        .col_expr(credential::Column::ChangedMs, Expr::value(now_ms))
        .filter(credential::Column::PersonId.eq(id))
        .exec(c)
        .await?;
    Ok(())
}

/// Replaces a password hash by a dearer one of the same password, unless it was changed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn renew_credential(c: &impl ConnectionTrait, id: &str, old: &str, new: &str) -> Result<(), DbErr> {
    credential::Entity::update_many()
        .col_expr(credential::Column::Phc, Expr::value(new))
        .filter(credential::Column::PersonId.eq(id))
        .filter(credential::Column::Phc.eq(old))
        .exec(c)
        .await?;
    Ok(())
}

/// Confirms a person's address, as long as it still is this one.
///
/// # Errors
/// When the database fails.
pub async fn confirm(c: &impl ConnectionTrait, id: &str, email: &str, now_ms: i64) -> Result<bool, DbErr> {
    let done = person::Entity::update_many()
        .col_expr(person::Column::ConfirmedMs, Expr::value(now_ms))
        .filter(person::Column::Id.eq(id))
        .filter(person::Column::Email.eq(email))
        .filter(person::Column::ConfirmedMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all access tokens of a person at once.
///
/// # Errors
/// When the database fails.
pub async fn raise_epoch(c: &impl ConnectionTrait, id: &str) -> Result<(), DbErr> {
    person::Entity::update_many()
        .col_expr(person::Column::Epoch, Expr::col(person::Column::Epoch).add(1))
        .filter(person::Column::Id.eq(id))
        .exec(c)
        .await?;
    Ok(())
}

/// Disables an account, or enables it again. Says whether anything changed.
///
/// # Errors
/// When the database fails.
pub async fn set_disabled(
    c: &impl ConnectionTrait,
    id: PersonId,
    since_ms: Option<i64>,
) -> Result<bool, DbErr> {
    let mut update = person::Entity::update_many()
        .col_expr(person::Column::DisabledMs, Expr::value(since_ms))
        .filter(person::Column::Id.eq(id.to_string()));
    update = match since_ms {
        Some(_) => update.filter(person::Column::DisabledMs.is_null()),
        None => update.filter(person::Column::DisabledMs.is_not_null()),
    };
    Ok(update.exec(c).await?.rows_affected == 1)
}

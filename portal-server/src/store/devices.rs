//! Signed-in devices with their refresh tokens, and the browser sessions of the pages.

use portal_api::{DeviceId, PersonId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use super::entities::{device, page_session, person, refresh_family};

/// Signs a device in.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    c: &impl ConnectionTrait,
    device: device::ActiveModel,
    family: refresh_family::ActiveModel,
) -> Result<(), DbErr> {
    device::Entity::insert(device).exec_without_returning(c).await?;
    refresh_family::Entity::insert(family).exec_without_returning(c).await?;
    Ok(())
}

/// A device that is signed in, with its person. None for devices that ended.
///
/// # Errors
/// When the database fails.
pub async fn live(
    c: &impl ConnectionTrait,
    id: DeviceId,
) -> Result<Option<(device::Model, person::Model)>, DbErr> {
    let device =
        device::Entity::find_by_id(id.to_string()).filter(device::Column::EndedMs.is_null()).one(c).await?;
    let Some(device) = device else { return Ok(None) };
    let person = person::Entity::find_by_id(device.person_id.clone()).one(c).await?;
    Ok(person.map(|person| (device, person)))
}

/// The signed-in devices of a person, latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_person(c: &impl ConnectionTrait, person: PersonId) -> Result<Vec<device::Model>, DbErr> {
    device::Entity::find()
        .filter(device::Column::PersonId.eq(person.to_string()))
        .filter(device::Column::EndedMs.is_null())
        .order_by_desc(device::Column::SeenMs)
        .order_by_asc(device::Column::Id)
        .all(c)
        .await
}

/// Ends a device of a person. Says whether it was signed in.
///
/// # Errors
/// When the database fails.
pub async fn end(
    c: &impl ConnectionTrait,
    person: PersonId,
    id: DeviceId,
    reason: &str,
    now_ms: i64,
) -> Result<bool, DbErr> {
    let done = device::Entity::update_many()
        .col_expr(device::Column::EndedMs, Expr::value(now_ms))
        .col_expr(device::Column::EndReason, Expr::value(reason))
        .filter(device::Column::Id.eq(id.to_string()))
        .filter(device::Column::PersonId.eq(person.to_string()))
        .filter(device::Column::EndedMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all devices and browser sessions of a person, but for one device.
///
/// # Errors
/// When the database fails.
pub async fn end_all(
    c: &impl ConnectionTrait,
    person: &str,
    except: Option<DeviceId>,
    reason: &str,
    now_ms: i64,
) -> Result<(), DbErr> {
    let mut update = device::Entity::update_many()
        .col_expr(device::Column::EndedMs, Expr::value(now_ms))
        .col_expr(device::Column::EndReason, Expr::value(reason))
        .filter(device::Column::PersonId.eq(person))
        .filter(device::Column::EndedMs.is_null());
    if let Some(except) = except {
        update = update.filter(device::Column::Id.ne(except.to_string()));
    }
    update.exec(c).await?;
    page_session::Entity::delete_many().filter(page_session::Column::PersonId.eq(person)).exec(c).await?;
    Ok(())
}

/// A device's name.
///
/// # Errors
/// When the database fails.
pub async fn name(c: &impl ConnectionTrait, id: DeviceId) -> Result<Option<String>, DbErr> {
    Ok(device::Entity::find_by_id(id.to_string()).one(c).await?.map(|device| device.name))
}

/// The refresh tokens of a device.
///
/// # Errors
/// When the database fails.
pub async fn family(c: &impl ConnectionTrait, id: DeviceId) -> Result<Option<refresh_family::Model>, DbErr> {
    refresh_family::Entity::find_by_id(id.to_string()).one(c).await
}

/// The next step of a family.
pub struct Step<'a> {
    /// The hash of the token that was presented, which must still be the current one.
    pub from_hash: &'a str,
    /// The hash of its successor.
    pub to_hash: &'a str,
    /// The successor's step.
    pub step: i64,
    /// When the successor ends if unused.
    pub expires_ms: i64,
    /// Now.
    pub now_ms: i64,
}

/// Takes the next step, if nobody else took it. Says whether it did.
///
/// # Errors
/// When the database fails.
pub async fn rotate(c: &impl ConnectionTrait, id: &str, step: &Step<'_>) -> Result<bool, DbErr> {
    let done = refresh_family::Entity::update_many()
        .col_expr(refresh_family::Column::PreviousHash, Expr::value(step.from_hash))
        .col_expr(refresh_family::Column::CurrentHash, Expr::value(step.to_hash))
        .col_expr(refresh_family::Column::Step, Expr::value(step.step))
        .col_expr(refresh_family::Column::RotatedMs, Expr::value(step.now_ms))
        .col_expr(refresh_family::Column::ExpiresMs, Expr::value(step.expires_ms))
        .filter(refresh_family::Column::DeviceId.eq(id))
        .filter(refresh_family::Column::CurrentHash.eq(step.from_hash))
        .exec(c)
        .await?;
    if done.rows_affected == 1 {
        device::Entity::update_many()
            .col_expr(device::Column::SeenMs, Expr::value(step.now_ms))
            .filter(device::Column::Id.eq(id))
            .exec(c)
            .await?;
    }
    Ok(done.rows_affected == 1)
}

/// Begins a browser session.
///
/// # Errors
/// When the database fails.
pub async fn insert_page_session(
    c: &impl ConnectionTrait,
    hash: &str,
    person: PersonId,
    now_ms: i64,
) -> Result<(), DbErr> {
    page_session::Entity::insert(page_session::ActiveModel {
        hash: Set(hash.to_owned()),
        person_id: Set(person.to_string()),
        created_ms: Set(now_ms),
        seen_ms: Set(now_ms),
    })
    .exec_without_returning(c)
    .await?;
    Ok(())
}

/// A browser session with its person.
///
/// # Errors
/// When the database fails.
pub async fn page_session(
    c: &impl ConnectionTrait,
    hash: &str,
) -> Result<Option<(page_session::Model, person::Model)>, DbErr> {
    let session = page_session::Entity::find_by_id(hash.to_owned()).one(c).await?;
    let Some(session) = session else { return Ok(None) };
    let person = person::Entity::find_by_id(session.person_id.clone()).one(c).await?;
    Ok(person.map(|person| (session, person)))
}

/// Notes that a browser session was used.
///
/// # Errors
/// When the database fails.
pub async fn touch_page_session(c: &impl ConnectionTrait, hash: &str, now_ms: i64) -> Result<(), DbErr> {
    page_session::Entity::update_many()
        .col_expr(page_session::Column::SeenMs, Expr::value(now_ms))
        .filter(page_session::Column::Hash.eq(hash))
        .exec(c)
        .await?;
    Ok(())
}

/// Ends a browser session.
///
/// # Errors
/// When the database fails.
pub async fn end_page_session(c: &impl ConnectionTrait, hash: &str) -> Result<(), DbErr> {
    page_session::Entity::delete_many().filter(page_session::Column::Hash.eq(hash)).exec(c).await?;
    Ok(())
}

/// Removes browser sessions that ended by time.
///
/// # Errors
/// When the database fails.
pub async fn sweep_page_sessions(
    c: &impl ConnectionTrait,
    seen_before_ms: i64,
    made_before_ms: i64,
) -> Result<(), DbErr> {
    let over = page_session::Column::SeenMs
        .lt(seen_before_ms)
        .or(page_session::Column::CreatedMs.lt(made_before_ms));
    page_session::Entity::delete_many().filter(over).exec(c).await?;
    Ok(())
}

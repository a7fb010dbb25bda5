//! Mailed links. The token only names the row; the row says whether the link still works.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use uuid::Uuid;

use super::entities::link;
use crate::{domain::EmailAddress, security::tokens::LinkKind};

/// What makes a link.
pub struct NewLink<'a> {
    /// The kind.
    pub kind: LinkKind,
    /// The person or invitation.
    pub subject: Uuid,
    /// The address that it goes to.
    pub email: &'a EmailAddress,
    /// When it ends.
    pub expires_ms: Option<i64>,
    /// Now.
    pub now_ms: i64,
}

/// Makes a link; answers with its id.
///
/// # Errors
/// When the database fails.
pub async fn insert(c: &impl ConnectionTrait, new: &NewLink<'_>) -> Result<Uuid, DbErr> {
    let id = Uuid::new_v4();
    link::Entity::insert(link::ActiveModel {
        id: Set(id.to_string()),
        kind: Set(new.kind.as_str().to_owned()),
        subject: Set(new.subject.to_string()),
        email: Set(new.email.as_str().to_owned()),
        created_ms: Set(new.now_ms),
        expires_ms: Set(new.expires_ms),
        used_ms: Set(None),
        ended_ms: Set(None),
    })
    .exec_without_returning(c)
    .await?;
    Ok(id)
}

/// The link with an id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(c: &impl ConnectionTrait, id: Uuid) -> Result<Option<link::Model>, DbErr> {
    link::Entity::find_by_id(id.to_string()).one(c).await
}

/// The newest link of a kind for a subject that still works.
///
/// # Errors
/// When the database fails.
pub async fn open(
    c: &impl ConnectionTrait,
    kind: LinkKind,
    subject: &str,
    now_ms: i64,
) -> Result<Option<link::Model>, DbErr> {
    let lasting = link::Column::ExpiresMs.is_null().or(link::Column::ExpiresMs.gt(now_ms));
    link::Entity::find()
        .filter(link::Column::Kind.eq(kind.as_str()))
        .filter(link::Column::Subject.eq(subject))
        .filter(link::Column::UsedMs.is_null())
        .filter(link::Column::EndedMs.is_null())
        .filter(lasting)
        .order_by_desc(link::Column::CreatedMs)
        .one(c)
        .await
}

/// Uses a link up. Says whether it was still unused: of many that try at once, one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn consume(c: &impl ConnectionTrait, id: &str, now_ms: i64) -> Result<bool, DbErr> {
    let done = link::Entity::update_many()
        .col_expr(link::Column::UsedMs, Expr::value(now_ms))
        .filter(link::Column::Id.eq(id))
        .filter(link::Column::UsedMs.is_null())
        .filter(link::Column::EndedMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all unused links of a kind for a subject.
///
/// # Errors
/// When the database fails.
pub async fn end(c: &impl ConnectionTrait, kind: LinkKind, subject: &str, now_ms: i64) -> Result<(), DbErr> {
    link::Entity::update_many()
        .col_expr(link::Column::EndedMs, Expr::value(now_ms))
        .filter(link::Column::Kind.eq(kind.as_str()))
        .filter(link::Column::Subject.eq(subject))
        .filter(link::Column::UsedMs.is_null())
        .filter(link::Column::EndedMs.is_null())
        .exec(c)
        .await?;
    Ok(())
}

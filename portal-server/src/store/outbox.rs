//! The mails to send. A row is claimed before it is sent, so that two workers do not send it twice.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::entities::outbox;

/// Puts a mail into the outbox.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    c: &impl ConnectionTrait,
    kind: &str,
    recipient: &str,
    details: String,
    now_ms: i64,
) -> Result<(), DbErr> {
    outbox::Entity::insert(outbox::ActiveModel {
        id: Set(Uuid::new_v4().to_string()),
        kind: Set(kind.to_owned()),
        recipient: Set(recipient.to_owned()),
        details: Set(details),
        created_ms: Set(now_ms),
        next_ms: Set(now_ms),
        tries: Set(0),
        sent_ms: Set(None),
        failed_ms: Set(None),
        last_error: Set(None),
    })
    .exec_without_returning(c)
    .await?;
    Ok(())
}

/// The mails whose time has come, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn due(c: &impl ConnectionTrait, now_ms: i64, at_most: u64) -> Result<Vec<outbox::Model>, DbErr> {
    outbox::Entity::find()
        .filter(outbox::Column::SentMs.is_null())
        .filter(outbox::Column::FailedMs.is_null())
        .filter(outbox::Column::NextMs.lte(now_ms))
        .order_by_asc(outbox::Column::NextMs)
        .order_by_asc(outbox::Column::CreatedMs)
        .limit(at_most)
        .all(c)
        .await
}

/// Takes a mail until a time, counting the try, unless another worker was faster.
///
/// # Errors
/// When the database fails.
pub async fn claim(c: &impl ConnectionTrait, mail: &outbox::Model, until_ms: i64) -> Result<bool, DbErr> {
    let done = outbox::Entity::update_many()
        .col_expr(outbox::Column::NextMs, Expr::value(until_ms))
        .col_expr(outbox::Column::Tries, Expr::value(mail.tries + 1))
        .filter(outbox::Column::Id.eq(mail.id.as_str()))
        .filter(outbox::Column::NextMs.eq(mail.next_ms))
        .filter(outbox::Column::SentMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How a try ended.
pub enum Outcome<'a> {
    /// Sent, or nothing to send.
    Sent(i64),
    /// Not sent; tried again at this time.
    Again(i64, &'a str),
    /// Not sent, given up at this time.
    Failed(i64, &'a str),
}

/// Notes how a try ended.
///
/// # Errors
/// When the database fails.
pub async fn finish(c: &impl ConnectionTrait, id: &str, outcome: &Outcome<'_>) -> Result<(), DbErr> {
    let update = outbox::Entity::update_many().filter(outbox::Column::Id.eq(id));
    let update = match outcome {
        Outcome::Sent(at_ms) => update
            .col_expr(outbox::Column::SentMs, Expr::value(*at_ms))
            .col_expr(outbox::Column::LastError, Expr::value(Option::<String>::None)),
        Outcome::Again(at_ms, error) => update
            .col_expr(outbox::Column::NextMs, Expr::value(*at_ms))
            .col_expr(outbox::Column::LastError, Expr::value(*error)),
        Outcome::Failed(at_ms, error) => update
            .col_expr(outbox::Column::FailedMs, Expr::value(*at_ms))
            .col_expr(outbox::Column::LastError, Expr::value(*error)),
    };
    update.exec(c).await?;
    Ok(())
}

/// Removes mails that were sent before a time.
///
/// # Errors
/// When the database fails.
pub async fn sweep(c: &impl ConnectionTrait, sent_before_ms: i64) -> Result<(), DbErr> {
    outbox::Entity::delete_many().filter(outbox::Column::SentMs.lt(sent_before_ms)).exec(c).await?;
    Ok(())
}

//! The audit log: who did what, when, to which app. Appended to, chained, never changed.
//!
//! Each entry's hash is an HMAC over the hash before it and the entry's fields, under a key of the instance: who can
//! write to the database but has not the instance key can neither change nor insert an entry unseen. The head's tag
//! covers the last position in the same way, so that entries cannot be cut off at the end either, except by putting
//! an old copy of the whole database back. Entries carry ids and words, never contents, addresses or tokens.

use ring::hmac;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use zeroize::Zeroizing;

use super::{
    Store,
    entities::{audit_entry, audit_head},
    read_number,
};
use crate::{
    refusal::Cause,
    security::bytes::{equal, to_hex},
};

const START: &str = "start";

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at_ms: i64,
    /// A person's id, `system` or `nobody`.
    pub actor: String,
    /// Such as `app.published`.
    pub action: &'static str,
    /// The id of what it was done to.
    pub object: String,
    /// The app, where one is concerned.
    pub app: Option<String>,
    /// The request.
    pub request_id: Option<String>,
}

/// What a check of the whole log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All entries stand as they were written.
    Whole {
        /// How many.
        entries: u64,
    },
    /// An entry was changed, removed or inserted.
    Broken {
        /// The position of the first entry that is not as written.
        sequence: u64,
        /// What is wrong there, in a sentence.
        reason: &'static str,
    },
}

/// Chains entries.
pub struct AuditChain {
    key: hmac::Key,
}

impl AuditChain {
    /// The chain under a key.
    #[must_use]
    pub fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()) }
    }

    /// Makes the chain's beginning where there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(&self, store: &Store) -> Result<(), Cause> {
        let tx = store.write().await?;
        let head = audit_head::ActiveModel {
            id: Set(1),
            sequence: Set(0),
            hash: Set(START.to_owned()),
            tag: Set(self.tag(0, START)),
        };
        let once = OnConflict::column(audit_head::Column::Id).do_nothing().to_owned();
        audit_head::Entity::insert(head).on_conflict(once).exec_without_returning(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Appends an entry. Call it last in a transaction: from here to the commit other writers of the log wait.
    ///
    /// # Errors
    /// When the database fails or the log has no beginning.
    pub async fn append(&self, c: &impl ConnectionTrait, event: Event) -> Result<(), Cause> {
        // The update locks the row until the commit, on both databases, and so puts appends into an order.
        audit_head::Entity::update_many()
            .col_expr(audit_head::Column::Sequence, Expr::col(audit_head::Column::Sequence).add(1))
            .filter(audit_head::Column::Id.eq(1))
            .exec(c)
            .await?;
        let head = audit_head::Entity::find_by_id(1).one(c).await?;
        let head = head.ok_or_else(|| Cause::Stored("the audit log has no beginning".to_owned()))?;
        let mut entry = audit_entry::Model {
            sequence: head.sequence,
            at_ms: event.at_ms,
            actor: event.actor,
            action: event.action.to_owned(),
            object: event.object,
            app_id: event.app,
            request_id: event.request_id,
            hash: String::new(),
        };
        entry.hash = self.hash(&head.hash, &entry);
        let (sequence, hash) = (entry.sequence, entry.hash.clone());
        audit_entry::Entity::insert(audit_entry::ActiveModel::from(entry).reset_all())
            .exec_without_returning(c)
            .await?;
        audit_head::Entity::update_many()
            .col_expr(audit_head::Column::Hash, Expr::value(hash.as_str()))
            .col_expr(audit_head::Column::Tag, Expr::value(self.tag(sequence, &hash)))
            .filter(audit_head::Column::Id.eq(1))
            .exec(c)
            .await?;
        Ok(())
    }

    /// Checks the whole log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(&self, c: &impl ConnectionTrait) -> Result<Verdict, Cause> {
        let mut before = START.to_owned();
        let mut last = 0_i64;
        loop {
            let entries = audit_entry::Entity::find()
                .filter(audit_entry::Column::Sequence.gt(last))
                .order_by_asc(audit_entry::Column::Sequence)
                .limit(1_000)
                .all(c)
                .await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if entry.sequence != last + 1 {
                    let sequence = read_number(last + 1);
                    return Ok(Verdict::Broken { sequence, reason: "the entry is missing" });
                }
                if !equal(self.hash(&before, &entry).as_bytes(), entry.hash.as_bytes()) {
                    let sequence = read_number(entry.sequence);
                    return Ok(Verdict::Broken { sequence, reason: "the entry was changed" });
                }
                last = entry.sequence;
                before = entry.hash;
            }
        }
        let head = audit_head::Entity::find_by_id(1).one(c).await?;
        let whole = head.is_some_and(|head| {
            head.sequence == last
                && equal(head.hash.as_bytes(), before.as_bytes())
                && equal(head.tag.as_bytes(), self.tag(last, &before).as_bytes())
        });
        Ok(if whole {
            Verdict::Whole { entries: read_number(last) }
        } else {
            Verdict::Broken { sequence: read_number(last + 1), reason: "entries are missing at the end" }
        })
    }

    fn hash(&self, before: &str, entry: &audit_entry::Model) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"entry\0");
        let absent =
            |text: &Option<String>| text.as_ref().map_or_else(|| "-".to_owned(), |text| format!("+{text}"));
        for field in [
            before,
            &entry.sequence.to_string(),
            &entry.at_ms.to_string(),
            &entry.actor,
            &entry.action,
            &entry.object,
            &absent(&entry.app_id),
            &absent(&entry.request_id),
        ] {
            // The length before each field keeps text from moving between neighbours.
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field.as_bytes());
        }
        to_hex(context.sign().as_ref())
    }

    fn tag(&self, sequence: i64, hash: &str) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"head\0");
        context.update(&sequence.to_be_bytes());
        context.update(hash.as_bytes());
        to_hex(context.sign().as_ref())
    }
}

/// Entries before a position (all, where it is absent), latest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    c: &impl ConnectionTrait,
    before: Option<i64>,
    at_most: u64,
) -> Result<Vec<audit_entry::Model>, Cause> {
    let mut query = audit_entry::Entity::find();
    if let Some(before) = before {
        query = query.filter(audit_entry::Column::Sequence.lt(before));
    }
    Ok(query.order_by_desc(audit_entry::Column::Sequence).limit(at_most).all(c).await?)
}

/// Entries about an app, latest first.
///
/// # Errors
/// When the database fails.
pub async fn about(
    c: &impl ConnectionTrait,
    app: &str,
    at_most: u64,
) -> Result<Vec<audit_entry::Model>, Cause> {
    let query = audit_entry::Entity::find().filter(audit_entry::Column::AppId.eq(app));
    Ok(query.order_by_desc(audit_entry::Column::Sequence).limit(at_most).all(c).await?)
}

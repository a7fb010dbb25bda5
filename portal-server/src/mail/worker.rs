//! The worker that empties the outbox: claims a letter, writes it, carries it away, notes how it went.

use std::time::Duration;

use tokio::sync::watch;

use super::{letters, postman::PostError};
use crate::{
    clock::{DAY_MS, MINUTE_MS, SECOND_MS},
    domain::EmailAddress,
    portal::Portal,
    refusal::Refusal,
    store::{
        entities::outbox,
        outbox::{self as store, Outcome},
    },
};

/// A claimed letter that was not finished, because the program ended, is tried again after this time.
const CLAIM_MS: i64 = 5 * MINUTE_MS;
/// Sent letters stay for so long, to be counted.
const KEEP_MS: i64 = 30 * DAY_MS;
/// No wait is longer.
const LONGEST_WAIT_MS: i64 = 6 * 60 * MINUTE_MS;

/// Empties the outbox whenever the bell rings, and every five seconds, until told to stop.
pub async fn run(portal: Portal, mut stop: watch::Receiver<bool>) {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = portal.mail_bell.notified() => {}
            _ = tick.tick() => {}
        }
        if let Err(refusal) = deliver_due(&portal).await {
            tracing::error!(cause = ?refusal.cause, "the outbox could not be emptied");
        }
    }
}

/// Sends every letter whose time has come. Answers with how many were carried away.
///
/// # Errors
/// When the database fails; letters that fail are noted and tried again later.
pub async fn deliver_due(portal: &Portal) -> Result<usize, Refusal> {
    let mut carried = 0;
    loop {
        let now_ms = portal.now_ms();
        let due = store::due(portal.store.read(), now_ms, 20).await?;
        if due.is_empty() {
            break;
        }
        for row in due {
            carried += usize::from(deliver(portal, &row, now_ms).await?);
        }
    }
    let tx = portal.store.write().await?;
    store::sweep(&tx, portal.now_ms().saturating_sub(KEEP_MS)).await?;
    tx.commit().await?;
    Ok(carried)
}

async fn deliver(portal: &Portal, row: &outbox::Model, now_ms: i64) -> Result<bool, Refusal> {
    let tx = portal.store.write().await?;
    let claimed = store::claim(&tx, row, now_ms.saturating_add(CLAIM_MS)).await?;
    tx.commit().await?;
    if !claimed {
        return Ok(false);
    }
    let written = letters::write(portal, row).await;
    let (outcome, carried) = match written {
        Ok(None) => (Outcome::Sent(now_ms), false),
        Ok(Some(letter)) => {
            let to = EmailAddress::stored(&row.recipient);
            match portal.postman.carry(&to, &letter, now_ms).await {
                Ok(()) => (Outcome::Sent(now_ms), true),
                Err(error) => (after_failure(portal, row, now_ms, &error), false),
            }
        }
        Err(refusal) => {
            tracing::error!(mail = %row.id, cause = ?refusal.cause, "a mail could not be written");
            (Outcome::Again(now_ms + wait_ms(portal, row.tries), "the mail could not be written"), false)
        }
    };
    let tx = portal.store.write().await?;
    store::finish(&tx, &row.id, &outcome).await?;
    tx.commit().await?;
    Ok(carried)
}

fn after_failure<'a>(portal: &Portal, row: &outbox::Model, now_ms: i64, error: &PostError) -> Outcome<'a> {
    tracing::warn!(mail = %row.id, kind = %row.kind, tries = row.tries + 1, %error, "a mail was not sent");
    let (reason, final_) = match error {
        PostError::Unwritable(_) => ("the mail cannot be made", true),
        PostError::Refused => ("the mail server refused the mail", true),
        PostError::NotTaken | PostError::Settings(_) => ("the mail server did not take the mail", false),
        PostError::Folder(_) => ("the mailbox folder cannot be written", false),
    };
    let last = u32::try_from(row.tries).unwrap_or(u32::MAX).saturating_add(1) >= portal.config.mail.tries;
    if final_ || last {
        Outcome::Failed(now_ms, reason)
    } else {
        Outcome::Again(now_ms.saturating_add(wait_ms(portal, row.tries)), reason)
    }
}

/// Doubles with each try.
fn wait_ms(portal: &Portal, tries: i32) -> i64 {
    let first_ms = i64::from(portal.config.mail.retry_s).saturating_mul(SECOND_MS).max(SECOND_MS);
    let doubled = first_ms.saturating_mul(1_i64 << tries.clamp(0, 20));
    doubled.min(LONGEST_WAIT_MS)
}

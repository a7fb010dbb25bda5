//! Forgotten and changed passwords.

use portal_api::ProblemCode;
use secrecy::SecretString;

use super::{check_open, find_link, use_link};
use crate::{
    domain::{Actor, EmailAddress},
    mail::{self, Letter},
    portal::Portal,
    refusal::Refusal,
    security::{passwords::Checked, policy::judge, tokens::LinkKind},
    store::{devices, links, persons},
};

/// Asks for a reset link. Known and unknown addresses cost the same here: one row in the outbox. Whether there is an
/// account is looked up when the mail is made; for an unknown address none is.
///
/// # Errors
/// When this address asked too often, or the database fails.
pub async fn request_reset(portal: &Portal, email: &EmailAddress) -> Result<(), Refusal> {
    let now_ms = portal.now_ms();
    portal.mailbox_tries.take(&format!("reset {}", email.as_str()), now_ms).await?;
    let tx = portal.store.write().await?;
    mail::post(&tx, email, &Letter::Reset, now_ms).await?;
    tx.commit().await?;
    portal.mail_bell.notify_one();
    Ok(())
}

/// Sets a new password by a mailed link, confirms the address by the way (the link came through its mailbox), and
/// ends every session of the person.
///
/// # Errors
/// When the link is not valid or does not work any more, or the password is weak.
pub async fn reset_password(portal: &Portal, token: &str, password: &SecretString) -> Result<(), Refusal> {
    let now_ms = portal.now_ms();
    let link = find_link(portal, portal.store.read(), LinkKind::Reset, token).await?;
    check_open(&link, now_ms)?;
    // A refused password does not use the link up.
    let password = judge(password, &link.email, portal.config.passwords.min_length)?;
    let phc = portal.passwords.hash(&password).await?;
    let tx = portal.store.write().await?;
    use_link(&tx, &link, now_ms).await?;
    links::end(&tx, LinkKind::Reset, &link.subject, now_ms).await?;
    persons::set_credential(&tx, &link.subject, &phc, now_ms).await?;
    if persons::confirm(&tx, &link.subject, &link.email, now_ms).await? {
        links::end(&tx, LinkKind::Confirm, &link.subject, now_ms).await?;
    }
    persons::raise_epoch(&tx, &link.subject).await?;
    devices::end_all(&tx, &link.subject, None, "password", now_ms).await?;
    mail::post(&tx, &EmailAddress::stored(&link.email), &Letter::PasswordChanged, now_ms).await?;
    portal.audit.append(&tx, portal.event_by(link.subject.clone(), "password.reset", &link.subject)).await?;
    tx.commit().await?;
    portal.mail_bell.notify_one();
    Ok(())
}

/// Changes the password of the signed-in person and ends the person's other sessions.
///
/// # Errors
/// When the current password is wrong or the new one is weak.
pub async fn change_password(
    portal: &Portal,
    actor: &Actor,
    current: &SecretString,
    new: &SecretString,
) -> Result<(), Refusal> {
    let now_ms = portal.now_ms();
    let person = actor.person.to_string();
    portal.account_tries.take(&format!("{person} password"), now_ms).await?;
    let stored = persons::credential(portal.store.read(), &person).await?;
    if portal.passwords.check(current, stored.as_deref()).await? == Checked::Wrong {
        return Err(Refusal::new(ProblemCode::WrongCredentials, "The current password is wrong."));
    }
    let password = judge(new, actor.email.as_str(), portal.config.passwords.min_length)?;
    let phc = portal.passwords.hash(&password).await?;
    let tx = portal.store.write().await?;
    persons::set_credential(&tx, &person, &phc, now_ms).await?;
    links::end(&tx, LinkKind::Reset, &person, now_ms).await?;
    devices::end_all(&tx, &person, actor.device, "password", now_ms).await?;
    mail::post(&tx, &actor.email, &Letter::PasswordChanged, now_ms).await?;
    portal.audit.append(&tx, portal.event(actor, "password.changed", actor.person)).await?;
    tx.commit().await?;
    portal.mail_bell.notify_one();
    Ok(())
}

/// Signs every device and browser of a person out, the asking one too.
///
/// # Errors
/// When the database fails.
pub async fn sign_out_everywhere(portal: &Portal, actor: &Actor) -> Result<(), Refusal> {
    let now_ms = portal.now_ms();
    let person = actor.person.to_string();
    let tx = portal.store.write().await?;
    persons::raise_epoch(&tx, &person).await?;
    devices::end_all(&tx, &person, None, "signed_out", now_ms).await?;
    portal.audit.append(&tx, portal.event(actor, "sessions.all_ended", actor.person)).await?;
    tx.commit().await?;
    Ok(())
}

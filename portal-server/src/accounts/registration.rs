//! Registering and confirming.

use portal_api::{PersonId, ProblemCode};
use sea_orm::ConnectionTrait;
use secrecy::SecretString;

use super::{find_link, use_link};
use crate::{
    access::{Action, Object, authorize},
    clock::DAY_MS,
    domain::{Actor, EmailAddress, one_line},
    mail::{self, Letter},
    portal::Portal,
    refusal::Refusal,
    security::{policy::judge, tokens::LinkKind},
    store::{
        devices,
        entities::person,
        is_duplicate, links,
        persons::{self, NewPerson},
        stored_id,
    },
};

/// What somebody who registers says.
pub struct NewAccount {
    /// The address.
    pub email: EmailAddress,
    /// The password, not judged yet.
    pub password: SecretString,
    /// The name; may be empty.
    pub name: String,
}

/// Registers somebody. The answer is the same whether or not the address has an account; a mail tells its owner.
///
/// # Errors
/// For a weak password, too many tries, or a full hash queue.
pub async fn register(portal: &Portal, new: &NewAccount) -> Result<(), Refusal> {
    let now_ms = portal.now_ms();
    let password = judge(&new.password, new.email.as_str(), portal.config.passwords.min_length)?;
    portal.mailbox_tries.take(&format!("register {}", new.email.as_str()), now_ms).await?;
    // Hashed in any case, so that a known address takes as long as an unknown one.
    let phc = portal.passwords.hash(&password).await?;
    let tx = portal.store.write().await?;
    let known = persons::by_email(&tx, &new.email).await?;
    match known {
        Some(person) => tell_known(portal, &tx, &person, now_ms).await?,
        None => {
            let id = PersonId::mint();
            let name = display_name(&new.name, &new.email);
            let account = NewPerson {
                id,
                email: &new.email,
                name: &name,
                phc: &phc,
                administrator: false,
                confirmed: false,
                now_ms,
            };
            match persons::insert(&tx, &account).await {
                // Somebody registered the same address in the same moment; that account counts.
                Err(error) if is_duplicate(&error) => return Ok(()),
                other => other?,
            }
            send_confirmation(portal, &tx, id, &new.email, now_ms).await?;
            portal.audit.append(&tx, portal.event_by(id.to_string(), "account.registered", id)).await?;
        }
    }
    tx.commit().await?;
    portal.mail_bell.notify_one();
    Ok(())
}

fn display_name(name: &str, email: &EmailAddress) -> String {
    let name = one_line(name, 100);
    if name.is_empty() { email.local_part().to_owned() } else { name }
}

/// Tells the owner of a known address that somebody registered it again.
async fn tell_known(
    portal: &Portal,
    c: &impl ConnectionTrait,
    person: &person::Model,
    now_ms: i64,
) -> Result<(), Refusal> {
    let email = EmailAddress::stored(&person.email);
    if person.confirmed_ms.is_some() {
        mail::post(c, &email, &Letter::RegisteredAgain, now_ms).await?;
        return Ok(());
    }
    match links::open(c, LinkKind::Confirm, &person.id, now_ms).await? {
        Some(link) => {
            let link = stored_id(&link.id)?;
            mail::post(c, &email, &Letter::Confirm { link }, now_ms).await?;
        }
        None => send_confirmation(portal, c, stored_id(&person.id)?, &email, now_ms).await?,
    }
    Ok(())
}

async fn send_confirmation(
    portal: &Portal,
    c: &impl ConnectionTrait,
    person: PersonId,
    email: &EmailAddress,
    now_ms: i64,
) -> Result<(), Refusal> {
    let expires_ms =
        portal.config.links.confirmation_days.map(|days| now_ms.saturating_add(i64::from(days) * DAY_MS));
    let new = links::NewLink { kind: LinkKind::Confirm, subject: person.0, email, expires_ms, now_ms };
    let link = links::insert(c, &new).await?;
    mail::post(c, email, &Letter::Confirm { link }, now_ms).await?;
    Ok(())
}

/// Confirms an address by the mailed link. Answers with the address.
///
/// # Errors
/// When the link is not valid or does not work any more.
pub async fn confirm(portal: &Portal, token: &str) -> Result<EmailAddress, Refusal> {
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    let link = find_link(portal, &tx, LinkKind::Confirm, token).await?;
    use_link(&tx, &link, now_ms).await?;
    persons::confirm(&tx, &link.subject, &link.email, now_ms).await?;
    portal
        .audit
        .append(&tx, portal.event_by(link.subject.clone(), "account.confirmed", &link.subject))
        .await?;
    tx.commit().await?;
    Ok(EmailAddress::stored(&link.email))
}

/// Makes an account that administers the portal, confirmed from the start. Only the command line calls this.
///
/// # Errors
/// For a weak password, or when the address has an account.
pub async fn create_administrator(portal: &Portal, new: &NewAccount) -> Result<PersonId, Refusal> {
    let now_ms = portal.now_ms();
    let password = judge(&new.password, new.email.as_str(), portal.config.passwords.min_length)?;
    let phc = portal.passwords.hash(&password).await?;
    let id = PersonId::mint();
    let name = display_name(&new.name, &new.email);
    let tx = portal.store.write().await?;
    let account = NewPerson {
        id,
        email: &new.email,
        name: &name,
        phc: &phc,
        administrator: true,
        confirmed: true,
        now_ms,
    };
    match persons::insert(&tx, &account).await {
        Err(error) if is_duplicate(&error) => {
            return Err(Refusal::new(ProblemCode::Conflict, "This address has an account already."));
        }
        other => other?,
    }
    portal.audit.append(&tx, portal.event_by("system".to_owned(), "administrator.created", id)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Disables an account and ends its sessions, or enables it again. For administrators.
///
/// # Errors
/// When the actor is none, the account is the actor's own, or there is nothing to change.
pub async fn switch_account(
    portal: &Portal,
    actor: &Actor,
    id: PersonId,
    disabled: bool,
) -> Result<(), Refusal> {
    authorize(portal.store.read(), actor, Action::Administer, Object::Portal).await?;
    if id == actor.person {
        return Err(Refusal::forbidden("Another administrator must do this with your account."));
    }
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    if !persons::set_disabled(&tx, id, disabled.then_some(now_ms)).await? {
        return Err(Refusal::not_found());
    }
    if disabled {
        devices::end_all(&tx, &id.to_string(), None, "disabled", now_ms).await?;
    }
    let action = if disabled { "account.disabled" } else { "account.enabled" };
    portal.audit.append(&tx, portal.event(actor, action, id)).await?;
    tx.commit().await?;
    Ok(())
}

//! Which letters there are, and what stands in them.

use askama::Template;
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    clock::DAY_MS,
    domain::{EmailAddress, one_line},
    portal::Portal,
    refusal::{Cause, Refusal},
    security::tokens::LinkKind,
    store::{
        entities::{link, outbox},
        links, outbox as store, persons, sharing, stored_id,
    },
};

/// A letter as it stands in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    /// Confirm this address.
    Confirm {
        /// The link.
        link: Uuid,
    },
    /// Somebody registered this address, which has an account.
    RegisteredAgain,
    /// Set a new password; the link is made when the letter is.
    Reset,
    /// The password was changed.
    PasswordChanged,
    /// A device was ended because its refresh token was used twice.
    TokenReused {
        /// The device's name.
        device: String,
    },
    /// Come and use an app.
    Invite {
        /// The link.
        link: Uuid,
    },
}

impl Letter {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Confirm { .. } => "confirm",
            Self::RegisteredAgain => "registered_again",
            Self::Reset => "reset",
            Self::PasswordChanged => "password_changed",
            Self::TokenReused { .. } => "token_reused",
            Self::Invite { .. } => "invite",
        }
    }
}

/// Puts a letter into the outbox.
///
/// # Errors
/// When the database fails.
pub async fn post(
    c: &impl ConnectionTrait,
    to: &EmailAddress,
    letter: &Letter,
    now_ms: i64,
) -> Result<(), DbErr> {
    let details = serde_json::to_string(letter).map_err(|error| DbErr::Custom(error.to_string()))?;
    store::insert(c, letter.kind(), to.as_str(), details, now_ms).await
}

/// A letter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
}

/// What the one template of all letters needs: a few sentences, perhaps a button.
#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct TextLetter<'a> {
    letter: &'a Sentences,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlLetter<'a> {
    letter: &'a Sentences,
}

struct Sentences {
    subject: String,
    before: Vec<String>,
    link: Option<(String, String)>,
    after: Vec<String>,
    portal: String,
}

/// Writes the letter of a row; `None` where there is nothing to send any more.
///
/// # Errors
/// When the database fails or the row does not read.
pub async fn write(portal: &Portal, row: &outbox::Model) -> Result<Option<Written>, Refusal> {
    let letter: Letter =
        serde_json::from_str(&row.details).map_err(|error| Cause::Stored(format!("a letter: {error}")))?;
    let sentences = match letter {
        Letter::Confirm { link } => confirm(portal, link).await?,
        Letter::RegisteredAgain => Some(registered_again(portal)),
        Letter::Reset => reset(portal, row).await?,
        Letter::PasswordChanged => Some(password_changed(portal)),
        Letter::TokenReused { device } => Some(token_reused(portal, &device)),
        Letter::Invite { link } => invite(portal, link).await?,
    };
    let Some(mut sentences) = sentences else { return Ok(None) };
    // A subject is one line whatever names it carries; the mail library encodes the rest.
    sentences.subject = one_line(&sentences.subject, 200);
    let failed = |error: askama::Error| Cause::Document(error.to_string());
    let text = TextLetter { letter: &sentences }.render().map_err(failed)?;
    let html = HtmlLetter { letter: &sentences }.render().map_err(failed)?;
    Ok(Some(Written { subject: sentences.subject, text, html }))
}

/// The address of a mailed link's page.
fn address(portal: &Portal, kind: LinkKind, link: &link::Model) -> Result<String, Refusal> {
    let (subject, id) = (stored_id(&link.subject)?, stored_id(&link.id)?);
    let token = portal.tokens.link(kind, subject, id, link.created_ms, link.expires_ms)?;
    Ok(portal.address(&format!("/links/{}?token={token}", kind.as_str())))
}

fn still_open(link: &link::Model, now_ms: i64) -> bool {
    link.used_ms.is_none() && link.ended_ms.is_none() && link.expires_ms.is_none_or(|end| end > now_ms)
}

async fn open_link(portal: &Portal, id: Uuid) -> Result<Option<link::Model>, Refusal> {
    let found = links::by_id(portal.store.read(), id).await?;
    Ok(found.filter(|link| still_open(link, portal.now_ms())))
}

async fn confirm(portal: &Portal, id: Uuid) -> Result<Option<Sentences>, Refusal> {
    let Some(link) = open_link(portal, id).await? else { return Ok(None) };
    Ok(Some(Sentences {
        subject: format!("Confirm your address for {}", portal.config.name),
        before: vec![
            format!("Somebody made an account with this address on {}.", portal.config.name),
            "If it was you, confirm the address. Then you can accept invitations and invite others."
                .to_owned(),
        ],
        link: Some(("Confirm address".to_owned(), address(portal, LinkKind::Confirm, &link)?)),
        after: vec![
            "If it was not you, do not follow the link; without it the account can accept nothing."
                .to_owned(),
        ],
        portal: portal.config.name.clone(),
    }))
}

fn registered_again(portal: &Portal) -> Sentences {
    Sentences {
        subject: format!("You have an account on {}", portal.config.name),
        before: vec![
            "Somebody registered with this address, which has an account already. Nothing was changed."
                .to_owned(),
        ],
        link: None,
        after: vec!["If it was you: sign in, or ask for a new password if you forgot yours.".to_owned()],
        portal: portal.config.name.clone(),
    }
}

/// Looks the account up only now, and makes the link: an older link for it ends here.
async fn reset(portal: &Portal, row: &outbox::Model) -> Result<Option<Sentences>, Refusal> {
    let email = EmailAddress::stored(&row.recipient);
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    let person = persons::by_email(&tx, &email).await?.filter(|person| person.disabled_ms.is_none());
    let Some(person) = person else { return Ok(None) };
    links::end(&tx, LinkKind::Reset, &person.id, now_ms).await?;
    let expires_ms = Some(now_ms.saturating_add(DAY_MS));
    let new = links::NewLink {
        kind: LinkKind::Reset,
        subject: stored_id(&person.id)?,
        email: &email,
        expires_ms,
        now_ms,
    };
    let id = links::insert(&tx, &new).await?;
    portal
        .audit
        .append(&tx, portal.event_by("nobody".to_owned(), "password.reset_asked", &person.id))
        .await?;
    tx.commit().await?;
    let Some(link) = links::by_id(portal.store.read(), id).await? else { return Ok(None) };
    Ok(Some(Sentences {
        subject: format!("Set a new password for {}", portal.config.name),
        before: vec!["Somebody asked for a new password for this address.".to_owned()],
        link: Some(("Set new password".to_owned(), address(portal, LinkKind::Reset, &link)?)),
        after: vec![
            "The link works once and for 24 hours. If it was not you, nothing needs to be done.".to_owned(),
        ],
        portal: portal.config.name.clone(),
    }))
}

fn password_changed(portal: &Portal) -> Sentences {
    Sentences {
        subject: format!("Your password for {} was changed", portal.config.name),
        before: vec![
            "The password of your account was changed, and your other sessions were ended.".to_owned(),
        ],
        link: None,
        after: vec!["If it was not you, ask for a new password at once.".to_owned()],
        portal: portal.config.name.clone(),
    }
}

fn token_reused(portal: &Portal, device: &str) -> Sentences {
    let device = if device.is_empty() { "without a name" } else { device };
    Sentences {
        subject: format!("A device was signed out of {}", portal.config.name),
        before: vec![
            format!("The device {device} was signed out, because its sign-in was used from two places."),
            "This happens when a copy of the device's data is used elsewhere.".to_owned(),
        ],
        link: None,
        after: vec![
            "Sign in again on the device. If you did not copy anything, change your password.".to_owned(),
        ],
        portal: portal.config.name.clone(),
    }
}

async fn invite(portal: &Portal, id: Uuid) -> Result<Option<Sentences>, Refusal> {
    let Some(link) = open_link(portal, id).await? else { return Ok(None) };
    let store = portal.store.read();
    let Some(invitation) = sharing::invitation(store, stored_id(&link.subject)?).await? else {
        return Ok(None);
    };
    let app = crate::store::apps::by_id(store, stored_id(&invitation.app_id)?).await?;
    let inviter = persons::by_id(store, stored_id(&invitation.invited_by)?).await?;
    let (Some(app), Some(inviter)) = (app, inviter) else { return Ok(None) };
    Ok(Some(Sentences {
        subject: format!("{} invites you to {}", inviter.name, app.name),
        before: vec![format!(
            "{} ({}) invites you to use the app {}.",
            inviter.name, inviter.email, app.name
        )],
        link: Some(("Accept invitation".to_owned(), address(portal, LinkKind::Invite, &link)?)),
        after: vec![format!(
            "The invitation is for {} only. Sign in with this address to accept it.",
            link.email
        )],
        portal: portal.config.name.clone(),
    }))
}

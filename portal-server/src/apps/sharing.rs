//! Sharing: inviting by mail, accepting, seeing who has an app, taking it away.

use portal_api::{
    Accepted, AppId, Holder, Invitation, InvitationId, NewInvitation, People, PersonId, ProblemCode, Role,
};

use crate::{
    access::{Action, Object, authorize},
    accounts::{find_link, use_link},
    clock::DAY_MS,
    domain::{Actor, EmailAddress, read_role, role_word},
    mail::{self, Letter},
    portal::Portal,
    refusal::{Cause, Refusal},
    security::tokens::LinkKind,
    store::{apps, entities::invitation, links, persons, sharing as store, stored_id},
};

/// Invites a person by mail.
///
/// # Errors
/// When the actor may not, has no confirmed address, or invited too many at once.
pub async fn invite(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    new: &NewInvitation,
) -> Result<Invitation, Refusal> {
    authorize(portal.store.read(), actor, Action::Share, Object::App(id)).await?;
    if !actor.confirmed {
        let detail = "Confirm your own mail address first; then you can invite others.";
        return Err(Refusal::new(ProblemCode::Unconfirmed, detail));
    }
    let email = EmailAddress::parse(&new.email)?;
    if !matches!(new.role, Role::Viewer | Role::Editor) {
        return Err(Refusal::invalid("Invite somebody as viewer or editor."));
    }
    let now_ms = portal.now_ms();
    portal.mail_tries.take(&format!("invite {}", actor.person), now_ms).await?;
    let row = invitation::Model {
        id: InvitationId::mint().to_string(),
        app_id: id.to_string(),
        email: email.as_str().to_owned(),
        role: role_word(new.role).to_owned(),
        invited_by: actor.person.to_string(),
        created_ms: now_ms,
        accepted_ms: None,
        accepted_by: None,
        withdrawn_ms: None,
    };
    let expires_ms =
        portal.config.links.invitation_days.map(|days| now_ms.saturating_add(i64::from(days) * DAY_MS));
    let subject: InvitationId = stored_id(&row.id)?;
    let tx = portal.store.write().await?;
    store::insert_invitation(&tx, row.clone()).await?;
    let link =
        links::NewLink { kind: LinkKind::Invite, subject: subject.0, email: &email, expires_ms, now_ms };
    let link = links::insert(&tx, &link).await?;
    mail::post(&tx, &email, &Letter::Invite { link }, now_ms).await?;
    portal.audit.append(&tx, portal.event(actor, "invitation.sent", subject).about(id)).await?;
    tx.commit().await?;
    portal.mail_bell.notify_one();
    Ok(invitation_of(&row)?)
}

fn invitation_of(row: &invitation::Model) -> Result<Invitation, Cause> {
    Ok(Invitation {
        id: stored_id(&row.id)?,
        app: stored_id(&row.app_id)?,
        email: row.email.clone(),
        role: read_role(&row.role),
        invited_by: stored_id(&row.invited_by)?,
        invited_ms: row.created_ms,
    })
}

/// Accepts an invitation by its link. Only an account with exactly the invited address, confirmed, can.
///
/// # Errors
/// `unconfirmed`, `wrong_address`, or what is wrong with the link.
pub async fn accept(portal: &Portal, actor: &Actor, token: &str) -> Result<Accepted, Refusal> {
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    let link = find_link(portal, &tx, LinkKind::Invite, token).await?;
    // Read again inside the transaction: what the request began with may have changed.
    let person = persons::by_id(&tx, actor.person).await?.ok_or_else(Refusal::signed_out)?;
    if person.email != link.email {
        drop(tx);
        return refuse_accept(portal, actor, &link.subject).await;
    }
    if person.confirmed_ms.is_none() {
        let detail = "Confirm your mail address first; the mail with the link is in your mailbox.";
        return Err(Refusal::new(ProblemCode::Unconfirmed, detail));
    }
    use_link(&tx, &link, now_ms).await?;
    let found = store::invitation(&tx, stored_id(&link.subject)?).await?;
    let invitation = found.ok_or_else(|| Cause::Stored("a link without its invitation".to_owned()))?;
    let app = apps::by_id(&tx, stored_id(&invitation.app_id)?).await?.ok_or_else(Refusal::not_found)?;
    if app.withdrawn_ms.is_some() {
        return Err(Refusal::withdrawn());
    }
    if !store::accept(&tx, &invitation.id, actor.person, now_ms).await? {
        return Err(Refusal::new(ProblemCode::LinkEnded, "This invitation was withdrawn."));
    }
    let standing = store::standings(&tx, actor.person, std::slice::from_ref(&app)).await?;
    let before = standing.get(&app.id).and_then(|standing| standing.role);
    // An invitation never takes anything away from somebody who may do more already.
    let role = before.max(Some(read_role(&invitation.role))).unwrap_or_default();
    store::grant_person(&tx, &app.id, actor.person, role, &invitation.invited_by, now_ms).await?;
    portal
        .audit
        .append(&tx, portal.event(actor, "invitation.accepted", &invitation.id).about(&app.id))
        .await?;
    tx.commit().await?;
    Ok(Accepted { app: stored_id(&app.id)?, name: app.name, role })
}

/// What an invitation is about, for who holds its link.
pub struct Invited {
    /// The app's name.
    pub app: String,
    /// The name of the person who invites.
    pub by: String,
}

/// What the invitation behind a link is about.
///
/// # Errors
/// For a link that is none; where the app is gone.
pub async fn invited(portal: &Portal, token: &str) -> Result<Invited, Refusal> {
    let c = portal.store.read();
    let link = find_link(portal, c, LinkKind::Invite, token).await?;
    let found = store::invitation(c, stored_id(&link.subject)?).await?.ok_or_else(Refusal::not_found)?;
    let app = apps::by_id(c, stored_id(&found.app_id)?).await?.ok_or_else(Refusal::not_found)?;
    if app.withdrawn_ms.is_some() {
        return Err(Refusal::withdrawn());
    }
    let by = persons::by_id(c, stored_id(&found.invited_by)?).await?;
    Ok(Invited { app: app.name, by: by.map_or_else(|| "Somebody".to_owned(), |person| person.name) })
}

async fn refuse_accept(portal: &Portal, actor: &Actor, invitation: &str) -> Result<Accepted, Refusal> {
    let tx = portal.store.write().await?;
    portal.audit.append(&tx, portal.event(actor, "invitation.wrong_address", invitation)).await?;
    tx.commit().await?;
    let detail = "This invitation is for another mail address. Sign in with the address that it was sent to.";
    Err(Refusal::new(ProblemCode::WrongAddress, detail))
}

/// Who has an app, and who was invited.
///
/// # Errors
/// When the actor may not see it.
pub async fn people(portal: &Portal, actor: &Actor, id: AppId) -> Result<People, Refusal> {
    let c = portal.store.read();
    let granted = authorize(c, actor, Action::SeePeople, Object::App(id)).await?;
    let (app, _) = granted.app()?;
    let mut rights: Vec<(String, Role, i64, bool)> = Vec::new();
    for member in store::members(c, &app.team_id).await? {
        rights.push((member.person_id, read_role(&member.role), member.created_ms.max(app.created_ms), true));
    }
    for grant in store::grants(c, id).await? {
        let known = rights.iter().any(|(person, ..)| *person == grant.principal_id);
        if grant.principal_kind == "person" && !known {
            rights.push((grant.principal_id, read_role(&grant.role), grant.created_ms, false));
        }
    }
    let rows = persons::by_ids(c, rights.iter().map(|(person, ..)| person.clone()).collect()).await?;
    let mut holders = Vec::with_capacity(rights.len());
    for (person, role, since_ms, by_team) in rights {
        let Some(row) = rows.iter().find(|row| row.id == person) else { continue };
        let (email, name) = (row.email.clone(), row.name.clone());
        holders.push(Holder { person: stored_id(&person)?, email, name, role, since_ms, by_team });
    }
    let invitations = store::open_invitations(c, id).await?;
    let invitations = invitations.iter().map(invitation_of).collect::<Result<_, _>>()?;
    Ok(People { holders, invitations })
}

/// Withdraws an open invitation; its link ends.
///
/// # Errors
/// When the actor may not, or there is no such open invitation to this app.
pub async fn withdraw_invitation(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    invitation: InvitationId,
) -> Result<(), Refusal> {
    authorize(portal.store.read(), actor, Action::Share, Object::App(id)).await?;
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    if !store::withdraw_invitation(&tx, id, invitation, now_ms).await? {
        return Err(Refusal::not_found());
    }
    links::end(&tx, LinkKind::Invite, &invitation.to_string(), now_ms).await?;
    portal.audit.append(&tx, portal.event(actor, "invitation.withdrawn", invitation).about(id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a person's right to an app away; a person may also give up the own.
///
/// # Errors
/// When the actor may not, or the person has no right by a grant.
pub async fn withdraw_person(
    portal: &Portal,
    actor: &Actor,
    id: AppId,
    person: PersonId,
) -> Result<(), Refusal> {
    let action = if person == actor.person { Action::Leave } else { Action::Share };
    authorize(portal.store.read(), actor, action, Object::App(id)).await?;
    let tx = portal.store.write().await?;
    if !store::withdraw_person(&tx, id, person, portal.now_ms()).await? {
        return Err(Refusal::not_found());
    }
    portal.audit.append(&tx, portal.event(actor, "access.withdrawn", person).about(id)).await?;
    tx.commit().await?;
    Ok(())
}

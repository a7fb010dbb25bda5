//! Invitations and the people who have an app.

use axum::{extract::State, http::StatusCode};
use portal_api::{
    Accepted, AppId, Invitation, InvitationId, LinkToken, NewInvitation, People, PersonId, Problem,
};

use super::extract::{Json, Params};
use crate::{apps, domain::Actor, portal::Portal, refusal::Refusal};

/// Invites a person by mail.
#[utoipa::path(post, path = "/api/v1/apps/{id}/invitations", tag = "sharing", security(("access" = [])),
    params(("id" = AppId, Path)), request_body = NewInvitation, responses((status = 201, body = Invitation),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub async fn invite(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
    Json(body): Json<NewInvitation>,
) -> Result<(StatusCode, axum::Json<Invitation>), Refusal> {
    Ok((StatusCode::CREATED, axum::Json(apps::invite(&portal, &actor, id, &body).await?)))
}

/// Accepts an invitation by the link that was mailed.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "sharing", security(("access" = [])),
    request_body = LinkToken, responses((status = 200, body = Accepted), (status = 401, body = Problem),
    (status = 403, description = "Another address, or not confirmed", body = Problem), (status = 410, body = Problem)))]
pub async fn accept(
    actor: Actor,
    State(portal): State<Portal>,
    Json(body): Json<LinkToken>,
) -> Result<axum::Json<Accepted>, Refusal> {
    Ok(axum::Json(apps::accept(&portal, &actor, &body.token).await?))
}

/// Who has an app, and who was invited.
#[utoipa::path(get, path = "/api/v1/apps/{id}/people", tag = "sharing", security(("access" = [])),
    params(("id" = AppId, Path)), responses((status = 200, body = People), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub async fn people(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<AppId>,
) -> Result<axum::Json<People>, Refusal> {
    Ok(axum::Json(apps::people(&portal, &actor, id).await?))
}

/// Withdraws an open invitation.
#[utoipa::path(delete, path = "/api/v1/apps/{id}/invitations/{invitation}", tag = "sharing", security(("access" = [])),
    params(("id" = AppId, Path), ("invitation" = InvitationId, Path)), responses((status = 204),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn withdraw_invitation(
    actor: Actor,
    State(portal): State<Portal>,
    Params((id, invitation)): Params<(AppId, InvitationId)>,
) -> Result<StatusCode, Refusal> {
    apps::withdraw_invitation(&portal, &actor, id, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an app away from a person; also how a person gives up the own right.
#[utoipa::path(delete, path = "/api/v1/apps/{id}/people/{person}", tag = "sharing", security(("access" = [])),
    params(("id" = AppId, Path), ("person" = PersonId, Path)), responses((status = 204), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub async fn withdraw_person(
    actor: Actor,
    State(portal): State<Portal>,
    Params((id, person)): Params<(AppId, PersonId)>,
) -> Result<StatusCode, Refusal> {
    apps::withdraw_person(&portal, &actor, id, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Accounts, sessions, devices.

use axum::http::StatusCode;
use portal_api::{
    Confirmed, Device, DeviceId, LinkToken, LookIntoMailbox, PasswordChange, PasswordReset, Person, Problem,
    Refresh, Registration, ResetRequest, SignIn, SignedIn, Tokens,
};
use secrecy::SecretString;

use super::extract::{ClientAddress, Json, Params};
use crate::{
    accounts::{self, NewAccount, SignInRequest},
    domain::{Actor, EmailAddress},
    portal::Portal,
    refusal::Refusal,
};
use axum::extract::State;

type Answer<T> = Result<axum::Json<T>, Refusal>;

fn look_into_mailbox() -> (StatusCode, axum::Json<LookIntoMailbox>) {
    let message = "Look into your mailbox: the next step is in a mail that was sent there.".to_owned();
    (StatusCode::ACCEPTED, axum::Json(LookIntoMailbox { message }))
}

/// Asks for an account. The answer is the same for addresses that have one.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = Registration, responses(
    (status = 202, body = LookIntoMailbox), (status = 422, description = "Weak password", body = Problem),
    (status = 429, body = Problem)))]
pub async fn register(
    State(portal): State<Portal>,
    Json(body): Json<Registration>,
) -> Result<(StatusCode, axum::Json<LookIntoMailbox>), Refusal> {
    let email = EmailAddress::parse(&body.email)?;
    let new = NewAccount { email, password: SecretString::from(body.password), name: body.name };
    accounts::register(&portal, &new).await?;
    Ok(look_into_mailbox())
}

/// Confirms a mail address by the link that was mailed.
#[utoipa::path(post, path = "/api/v1/accounts/confirm", tag = "accounts", request_body = LinkToken, responses(
    (status = 200, body = Confirmed), (status = 401, description = "Not a link", body = Problem),
    (status = 410, description = "Used or ended", body = Problem)))]
pub async fn confirm(State(portal): State<Portal>, Json(body): Json<LinkToken>) -> Answer<Confirmed> {
    let email = accounts::confirm(&portal, &body.token).await?;
    Ok(axum::Json(Confirmed { email: email.as_str().to_owned() }))
}

/// Asks for a link to set a new password. The answer is the same for addresses without account.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "accounts", request_body = ResetRequest, responses(
    (status = 202, body = LookIntoMailbox), (status = 429, body = Problem)))]
pub async fn request_reset(
    State(portal): State<Portal>,
    Json(body): Json<ResetRequest>,
) -> Result<(StatusCode, axum::Json<LookIntoMailbox>), Refusal> {
    accounts::request_reset(&portal, &EmailAddress::parse(&body.email)?).await?;
    Ok(look_into_mailbox())
}

/// Sets a new password by the link that was mailed. Ends all sessions.
#[utoipa::path(post, path = "/api/v1/password-resets/complete", tag = "accounts", request_body = PasswordReset,
    responses((status = 204), (status = 401, description = "Not a link", body = Problem),
    (status = 410, description = "Used or ended", body = Problem), (status = 422, body = Problem)))]
pub async fn complete_reset(
    State(portal): State<Portal>,
    Json(body): Json<PasswordReset>,
) -> Result<StatusCode, Refusal> {
    accounts::reset_password(&portal, &body.token, &SecretString::from(body.password)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs a device in.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", request_body = SignIn, responses(
    (status = 201, body = SignedIn), (status = 401, description = "Wrong sign-in", body = Problem),
    (status = 429, body = Problem)))]
pub async fn sign_in(
    State(portal): State<Portal>,
    ClientAddress(address): ClientAddress,
    Json(body): Json<SignIn>,
) -> Result<(StatusCode, axum::Json<SignedIn>), Refusal> {
    let email = EmailAddress::parse(&body.email)?;
    let request =
        SignInRequest { email, password: SecretString::from(body.password), address: Some(address) };
    let signed_in = accounts::sign_in(&portal, &request, &body.device).await?;
    Ok((StatusCode::CREATED, axum::Json(signed_in)))
}

/// New tokens for the device's latest refresh token.
#[utoipa::path(post, path = "/api/v1/sessions/refresh", tag = "sessions", request_body = Refresh, responses(
    (status = 200, body = Tokens), (status = 401, description = "Sign in again", body = Problem)))]
pub async fn refresh(State(portal): State<Portal>, Json(body): Json<Refresh>) -> Answer<Tokens> {
    Ok(axum::Json(accounts::refresh(&portal, &body).await?))
}

/// Signs the asking device out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions", security(("access" = [])), responses(
    (status = 204), (status = 401, body = Problem)))]
pub async fn sign_out(actor: Actor, State(portal): State<Portal>) -> Result<StatusCode, Refusal> {
    accounts::sign_out(&portal, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The signed-in person.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", security(("access" = [])), responses(
    (status = 200, body = Person), (status = 401, body = Problem)))]
pub async fn me(actor: Actor) -> Answer<Person> {
    Ok(axum::Json(accounts::person_of(&actor)?))
}

/// Changes the password of the signed-in person. Ends the other sessions.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "accounts", security(("access" = [])),
    request_body = PasswordChange, responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn change_password(
    actor: Actor,
    State(portal): State<Portal>,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, Refusal> {
    let (current, new) = (SecretString::from(body.current_password), SecretString::from(body.new_password));
    accounts::change_password(&portal, &actor, &current, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The signed-in devices of the person, latest first.
#[utoipa::path(get, path = "/api/v1/devices", tag = "sessions", security(("access" = [])), responses(
    (status = 200, body = Vec<Device>), (status = 401, body = Problem)))]
pub async fn devices(actor: Actor, State(portal): State<Portal>) -> Answer<Vec<Device>> {
    Ok(axum::Json(accounts::devices(&portal, &actor).await?))
}

/// Signs one of the person's devices out.
#[utoipa::path(delete, path = "/api/v1/devices/{id}", tag = "sessions", security(("access" = [])),
    params(("id" = DeviceId, Path)), responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn end_device(
    actor: Actor,
    State(portal): State<Portal>,
    Params(id): Params<DeviceId>,
) -> Result<StatusCode, Refusal> {
    accounts::end_device(&portal, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

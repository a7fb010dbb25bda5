//! The pages that mails lead to: confirm an address, set a new password, accept an invitation.

use axum::{
    Form as Posted,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use portal_api::ProblemCode;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    PageActor,
    shown::{Field, Form, Step, page, refused, way},
};
use crate::{accounts, apps, portal::Portal, refusal::Refusal, security::tokens::LinkKind};

/// The token of a link.
#[derive(Deserialize)]
pub struct Token {
    token: String,
}

/// Reads the token from the address. What is missing is no link.
type FromAddress = Result<Query<Token>, axum::extract::rejection::QueryRejection>;
/// Reads the token from a form.
type FromForm<T> = Result<Posted<T>, axum::extract::rejection::FormRejection>;

fn no_link() -> Refusal {
    Refusal::new(ProblemCode::LinkInvalid, "This link is not valid. Copy it from the mail as a whole.")
}

/// The link's token, if the link still works.
async fn open_token(portal: &Portal, kind: LinkKind, address: FromAddress) -> Result<String, Refusal> {
    let Query(Token { token }) = address.map_err(|_| no_link())?;
    let link = accounts::find_link(portal, portal.store.read(), kind, &token).await?;
    accounts::check_open(&link, portal.now_ms())?;
    Ok(token)
}

/// Asks whether to confirm the address.
pub async fn show_confirm(State(portal): State<Portal>, address: FromAddress) -> Response {
    let token = match open_token(&portal, LinkKind::Confirm, address).await {
        Ok(token) => token,
        Err(refusal) => return refused(&refusal),
    };
    let form = Form {
        action: "/links/confirm",
        carried: vec![("token", &token)],
        fields: Vec::new(),
        button: "Confirm address",
    };
    let sentences = vec![
        "Confirm that this mail address is yours.".to_owned(),
        "Do it only if you made the account yourself.".to_owned(),
    ];
    page(
        StatusCode::OK,
        &Step { title: "Confirm your address", sentences, form: Some(form), ..Step::default() },
    )
}

/// Confirms the address.
pub async fn confirm(State(portal): State<Portal>, form: FromForm<Token>) -> Response {
    let Ok(Posted(Token { token })) = form else { return refused(&no_link()) };
    match accounts::confirm(&portal, &token).await {
        Err(refusal) => refused(&refusal),
        Ok(email) => {
            let sentences = vec![format!(
                "{} is confirmed. You can publish apps and accept invitations now.",
                email.as_str()
            )];
            let onward = vec![way("Sign in", "/sign-in")];
            page(StatusCode::OK, &Step { title: "Address confirmed", sentences, onward, ..Step::default() })
        }
    }
}

fn reset_step(token: &str, problem: Option<String>) -> Step<'_> {
    let field = Field::new_password("New password");
    Step {
        title: "Set a new password",
        sentences: vec!["Use at least 15 characters. All your devices will be signed out.".to_owned()],
        problem,
        form: Some(Form {
            action: "/links/reset",
            carried: vec![("token", token)],
            fields: vec![field],
            button: "Set password",
        }),
        onward: Vec::new(),
    }
}

/// Asks for the new password.
pub async fn show_reset(State(portal): State<Portal>, address: FromAddress) -> Response {
    match open_token(&portal, LinkKind::Reset, address).await {
        Ok(token) => page(StatusCode::OK, &reset_step(&token, None)),
        Err(refusal) => refused(&refusal),
    }
}

/// The form with a new password.
#[derive(Deserialize)]
pub struct NewPassword {
    token: String,
    password: String,
}

/// Sets the new password.
pub async fn reset(State(portal): State<Portal>, form: FromForm<NewPassword>) -> Response {
    let Ok(Posted(NewPassword { token, password })) = form else { return refused(&no_link()) };
    match accounts::reset_password(&portal, &token, &SecretString::from(password)).await {
        Ok(()) => {
            let sentences = vec!["Your new password is set. Sign in with it on your devices.".to_owned()];
            let onward = vec![way("Sign in", "/sign-in")];
            page(StatusCode::OK, &Step { title: "Password set", sentences, onward, ..Step::default() })
        }
        Err(refusal) if refusal.code == ProblemCode::WeakPassword => {
            page(refusal.status(), &reset_step(&token, Some(refusal.detail)))
        }
        Err(refusal) => refused(&refusal),
    }
}

/// Asks whether to accept the invitation; who is not signed in is led to signing in first.
pub async fn show_invite(
    State(portal): State<Portal>,
    page_actor: PageActor,
    address: FromAddress,
) -> Response {
    let token = match open_token(&portal, LinkKind::Invite, address).await {
        Ok(token) => token,
        Err(refusal) => return refused(&refusal),
    };
    let invited = match apps::invited(&portal, &token).await {
        Ok(invited) => format!("{} invites you to the app {}.", invited.by, invited.app),
        Err(refusal) => return refused(&refusal),
    };
    let title = "Accept the invitation";
    let Some(actor) = page_actor.actor else {
        let how =
            "Sign in with the address that the invitation was sent to. Without an account there, create one.";
        let sentences = vec![invited, how.to_owned()];
        let next: String =
            url::form_urlencoded::byte_serialize(format!("/links/invite?token={token}").as_bytes()).collect();
        let onward =
            vec![way("Sign in", format!("/sign-in?next={next}")), way("Create an account", "/sign-up")];
        return page(StatusCode::OK, &Step { title, sentences, onward, ..Step::default() });
    };
    let sentences = vec![invited, format!("You are signed in as {}.", actor.email.as_str())];
    let form = Form {
        action: "/links/invite",
        carried: vec![("token", &token)],
        fields: Vec::new(),
        button: "Accept invitation",
    };
    page(StatusCode::OK, &Step { title, sentences, form: Some(form), ..Step::default() })
}

/// Accepts the invitation.
pub async fn accept(State(portal): State<Portal>, page_actor: PageActor, form: FromForm<Token>) -> Response {
    let Ok(Posted(Token { token })) = form else { return refused(&no_link()) };
    let Some(actor) = page_actor.actor else { return refused(&Refusal::signed_out()) };
    match apps::accept(&portal, &actor, &token).await {
        Err(refusal) => refused(&refusal),
        Ok(accepted) => {
            let sentences = vec![format!(
                "You have the app {} now. It comes to your player with the next sync.",
                accepted.name
            )];
            let onward = vec![way("Go to your apps", "/apps")];
            page(StatusCode::OK, &Step { title: "Invitation accepted", sentences, onward, ..Step::default() })
        }
    }
}

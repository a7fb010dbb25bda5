//! Signing up, forgotten passwords, and the person's account: devices, password, sessions.

use askama::Template;
use axum::{
    Form as Posted,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
    response::Response,
};
use portal_api::DeviceId;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    PageActor, icons,
    shell::{Chrome, PageAnswer, PageRefusal, go, html, said, signed_in},
    shown::{Field, Form, Step, page, way},
    sign_in::signed_out,
    words,
};
use crate::{
    accounts::{self, NewAccount},
    creation::BrowserSession,
    domain::{Actor, EmailAddress},
    http::extract::{Params, Search},
    portal::Portal,
    refusal::Refusal,
};

fn sign_up_step<'a>(name: &'a str, email: &'a str, problem: Option<String>) -> Step<'a> {
    Step {
        title: "Create an account",
        sentences: vec![
            "With an account you publish apps and share them. To try one, you need none.".to_owned(),
        ],
        problem,
        form: Some(Form {
            action: "/sign-up",
            carried: Vec::new(),
            fields: vec![
                Field { label: "Name", name: "name", kind: "text", autocomplete: "name", value: name },
                Field::mail(email),
                Field::new_password("Password, 15 characters or more"),
            ],
            button: "Create account",
        }),
        onward: vec![way("Sign in instead", "/sign-in")],
    }
}

/// Asks for address and password.
pub async fn show_sign_up() -> Response {
    page(StatusCode::OK, &sign_up_step("", "", None))
}

/// Who wants an account.
#[derive(Deserialize)]
pub struct SignUp {
    #[serde(default)]
    name: String,
    email: String,
    password: String,
}

fn unreadable() -> PageRefusal {
    Refusal::invalid("The form cannot be read. Open the page again.").into()
}

/// Registers. The answer is the same for addresses that have an account.
pub async fn sign_up(
    State(portal): State<Portal>,
    form: Result<Posted<SignUp>, FormRejection>,
) -> PageAnswer {
    let Posted(SignUp { name, email, password }) = form.map_err(|_| unreadable())?;
    let registered = match EmailAddress::parse(&email) {
        Ok(email) => {
            let new = NewAccount { email, password: SecretString::from(password), name: name.clone() };
            accounts::register(&portal, &new).await
        }
        Err(refusal) => Err(refusal),
    };
    match registered {
        Ok(()) => Ok(look_into_mailbox(
            "A mail is on its way to you, with a link that confirms your address. You can sign in already.",
        )),
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            Ok(page(status, &sign_up_step(&name, &email, Some(sentence))))
        }
    }
}

fn look_into_mailbox(sentence: &str) -> Response {
    let (title, sentences) = ("Look into your mailbox", vec![sentence.to_owned()]);
    let onward = vec![way("Sign in", "/sign-in")];
    page(StatusCode::OK, &Step { title, sentences, onward, ..Step::default() })
}

fn forgot_step(email: &str, problem: Option<String>) -> Step<'_> {
    Step {
        title: "Set a new password",
        sentences: vec!["You get a mail with a link to set a new one. It works for 24 hours.".to_owned()],
        problem,
        form: Some(Form {
            action: "/forgot",
            carried: Vec::new(),
            fields: vec![Field::mail(email)],
            button: "Send the link",
        }),
        onward: vec![way("Back to signing in", "/sign-in")],
    }
}

/// Asks for the address.
pub async fn show_forgot() -> Response {
    page(StatusCode::OK, &forgot_step("", None))
}

/// Whose password was forgotten.
#[derive(Deserialize)]
pub struct Forgot {
    email: String,
}

/// Sends a link. The answer is the same for addresses without account.
pub async fn forgot(State(portal): State<Portal>, form: Result<Posted<Forgot>, FormRejection>) -> PageAnswer {
    let Posted(Forgot { email }) = form.map_err(|_| unreadable())?;
    let asked = match EmailAddress::parse(&email) {
        Ok(email) => accounts::request_reset(&portal, &email).await,
        Err(refusal) => Err(refusal),
    };
    match asked {
        Ok(()) => Ok(look_into_mailbox(
            "If the address has an account, a mail with a link to set a new password is on its way.",
        )),
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            Ok(page(status, &forgot_step(&email, Some(sentence))))
        }
    }
}

/// A signed-in device.
struct DeviceRow {
    id: String,
    name: String,
    platform: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "pages/account.html")]
struct Account {
    chrome: Chrome,
    name: String,
    email: String,
    confirmed: bool,
    devices: Vec<DeviceRow>,
    problem: Option<String>,
    done: &'static str,
}

async fn account_page(
    portal: &Portal,
    actor: &Actor,
    status: StatusCode,
    (done, problem): (&'static str, Option<String>),
) -> PageAnswer {
    let now_ms = portal.now_ms();
    let devices = accounts::devices(portal, actor).await?.into_iter().map(|device| DeviceRow {
        id: device.id.to_string(),
        name: if device.name.is_empty() { "A device without a name".to_owned() } else { device.name },
        platform: device.platform,
        seen: words::ago(device.seen_ms, now_ms),
    });
    let account = Account {
        chrome: Chrome::new(portal, Some(actor), "account"),
        name: actor.name.clone(),
        email: actor.email.as_str().to_owned(),
        confirmed: actor.confirmed,
        devices: devices.collect(),
        problem,
        done,
    };
    html(status, &account)
}

/// What was done just now.
#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The person's account.
pub async fn show(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Search(query): Search<Done>,
) -> PageAnswer {
    let actor = match signed_in(page_actor, "/account") {
        Ok(actor) => actor,
        Err(way) => return Ok(*way),
    };
    let done = if query.done == "ended" { "The device is signed out." } else { "" };
    account_page(&portal, &actor, StatusCode::OK, (done, None)).await
}

/// The password until now and from now on.
#[derive(Deserialize)]
pub struct PasswordChange {
    current: String,
    password: String,
}

/// Changes the password; every browser and device but none signs in anew.
pub async fn change_password(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
    form: Result<Posted<PasswordChange>, FormRejection>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(Refusal::signed_out)?;
    let Posted(PasswordChange { current, password }) = form.map_err(|_| unreadable())?;
    let (current, password) = (SecretString::from(current), SecretString::from(password));
    match accounts::change_password(&portal, &actor, &current, &password).await {
        Ok(()) => Ok(signed_out(
            &portal,
            &session,
            "Password set",
            "Sign in with the new password, here and on your devices.",
        )),
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            account_page(&portal, &actor, status, ("", Some(sentence))).await
        }
    }
}

/// Signs a device out.
pub async fn end_device(
    State(portal): State<Portal>,
    page_actor: PageActor,
    Params(id): Params<DeviceId>,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(Refusal::signed_out)?;
    accounts::end_device(&portal, &actor, id).await?;
    Ok(go("/account?done=ended"))
}

/// Signs every device and browser of the person out, this one too.
pub async fn sign_out_everywhere(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
) -> PageAnswer {
    let actor = page_actor.actor.ok_or_else(Refusal::signed_out)?;
    accounts::sign_out_everywhere(&portal, &actor).await?;
    Ok(signed_out(
        &portal,
        &session,
        "Signed out everywhere",
        "Every device and browser of yours has to sign in again.",
    ))
}

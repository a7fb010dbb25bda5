//! Signing in, staying signed in, signing out; devices, and the browser sessions of the pages.

use std::net::IpAddr;

use portal_api::{Device, DeviceDescription, DeviceId, ProblemCode, Refresh, SignedIn, Tokens};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use secrecy::SecretString;

use super::{actor_from, person_of};
use crate::{
    access::{Action, Object, authorize},
    clock::MINUTE_MS,
    domain::{Actor, EmailAddress, one_line},
    mail::{self, Letter},
    portal::Portal,
    refusal::{Cause, Refusal},
    security::{
        bytes::{equal, random, sha256_hex, to_base64},
        passwords::Checked,
        policy::judge,
        refresh::{ClaimedToken, FAMILY_LIFE_MS, GRACE_MS, IDLE_LIFE_MS},
    },
    store::{
        devices as store,
        entities::{device, person, refresh_family},
        persons, stored_id,
    },
};

/// A browser session ends when it was not used for so long.
const PAGE_IDLE_MS: i64 = 30 * MINUTE_MS;
/// A browser session ends after this time in any case.
const PAGE_LIFE_MS: i64 = 12 * 60 * MINUTE_MS;

/// What somebody who signs in says.
pub struct SignInRequest {
    /// The account's address.
    pub email: EmailAddress,
    /// The password.
    pub password: SecretString,
    /// Where from.
    pub address: Option<IpAddr>,
}

/// Signs a device in.
///
/// # Errors
/// For wrong credentials, too many tries, a full hash queue.
pub async fn sign_in(
    portal: &Portal,
    request: &SignInRequest,
    description: &DeviceDescription,
) -> Result<SignedIn, Refusal> {
    let actor = check_credentials(portal, request).await?;
    let now_ms = portal.now_ms();
    let device_id = DeviceId::mint();
    let device_secret = to_base64(&random::<32>()?);
    let salt = random::<32>()?;
    let refresh_token = portal.refresh.token(device_id, &salt, 1);
    let expires_ms = now_ms.saturating_add(IDLE_LIFE_MS);
    let device = device::ActiveModel {
        id: Set(device_id.to_string()),
        person_id: Set(actor.person.to_string()),
        name: Set(one_line(&description.name, 100)),
        platform: Set(one_line(&description.platform, 100)),
        created_ms: Set(now_ms),
        seen_ms: Set(now_ms),
        ended_ms: Set(None),
        end_reason: Set(None),
    };
    let family = refresh_family::ActiveModel {
        device_id: Set(device_id.to_string()),
        salt: Set(salt.to_vec()),
        device_secret_hash: Set(sha256_hex(device_secret.as_bytes())),
        step: Set(1),
        current_hash: Set(sha256_hex(refresh_token.as_bytes())),
        previous_hash: Set(None),
        rotated_ms: Set(now_ms),
        expires_ms: Set(expires_ms),
        ends_ms: Set(now_ms.saturating_add(FAMILY_LIFE_MS)),
    };
    let tx = portal.store.write().await?;
    let epoch = persons::by_id(&tx, actor.person).await?.map_or(0, |person| person.epoch);
    store::insert(&tx, device, family).await?;
    portal.audit.append(&tx, portal.event(&actor, "session.begun", device_id)).await?;
    tx.commit().await?;
    let (access_token, access_expires_ms) = portal.tokens.access(actor.person, device_id, epoch, now_ms)?;
    let tokens = Tokens { access_token, access_expires_ms, refresh_token, refresh_expires_ms: expires_ms };
    Ok(SignedIn { person: person_of(&actor)?, device_id, device_secret, tokens })
}

/// Checks an address and a password. One derivation, whether the account exists or not.
async fn check_credentials(portal: &Portal, request: &SignInRequest) -> Result<Actor, Refusal> {
    let now_ms = portal.now_ms();
    let account = request.email.as_str();
    let from = request.address.map_or_else(|| "nowhere".to_owned(), |address| address.to_string());
    portal.account_tries.take(&format!("{account} from {from}"), now_ms).await?;
    portal.account_total.take(account, now_ms).await?;
    let person = persons::by_email(portal.store.read(), &request.email).await?;
    let stored = match &person {
        Some(person) => persons::credential(portal.store.read(), &person.id).await?,
        None => None,
    };
    let checked = portal.passwords.check(&request.password, stored.as_deref()).await?;
    let (person, checked) = match (person, checked) {
        (Some(person), Checked::Right | Checked::RightButCheap) => (person, checked),
        (known, _) => return refuse_sign_in(portal, known.as_ref()).await,
    };
    if person.disabled_ms.is_some() {
        let detail = "This account was disabled. Ask an administrator of this portal.";
        return Err(Refusal::new(ProblemCode::AccountDisabled, detail));
    }
    if checked == Checked::RightButCheap
        && let Some(old) = stored
    {
        renew_hash(portal, &person.id, &old, request).await?;
    }
    actor_from(&person)
}

/// The refusal of a sign-in, written down in the same way for known and unknown accounts.
async fn refuse_sign_in(portal: &Portal, known: Option<&person::Model>) -> Result<Actor, Refusal> {
    let object = known.map_or_else(|| "unknown".to_owned(), |person| person.id.clone());
    let tx = portal.store.write().await?;
    portal.audit.append(&tx, portal.event_by("nobody".to_owned(), "session.refused", object)).await?;
    tx.commit().await?;
    Err(Refusal::new(ProblemCode::WrongCredentials, "The mail address or the password is wrong."))
}

/// Hashes a password anew whose stored hash has become too cheap.
async fn renew_hash(
    portal: &Portal,
    person: &str,
    old: &str,
    request: &SignInRequest,
) -> Result<(), Refusal> {
    // A password from before a stricter rule is not refused here; it only keeps its old hash.
    if let Ok(password) = judge(&request.password, request.email.as_str(), 1) {
        let new = portal.passwords.hash(&password).await?;
        let tx = portal.store.write().await?;
        persons::renew_credential(&tx, person, old, &new).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Gives a device its next tokens.
///
/// # Errors
/// `refresh_invalid` for everything that is not the latest token of a signed-in device, presented by that device.
pub async fn refresh(portal: &Portal, request: &Refresh) -> Result<Tokens, Refusal> {
    let now_ms = portal.now_ms();
    let claimed = ClaimedToken::read(&request.refresh_token).ok_or_else(refresh_invalid)?;
    let id = claimed.family;
    let tx = portal.store.write().await?;
    let (_, person) = store::live(&tx, id).await?.ok_or_else(refresh_invalid)?;
    let family = store::family(&tx, id).await?.ok_or_else(refresh_invalid)?;
    let over = family.expires_ms <= now_ms || family.ends_ms <= now_ms;
    if over || person.disabled_ms.is_some() || !portal.refresh.is_genuine(&claimed, &family.salt) {
        return Err(refresh_invalid());
    }
    let step = match judge_step(&family, request, now_ms) {
        Step::Next => take_step(portal, &tx, &family, id, now_ms).await?,
        Step::Repeat => family.step,
        Step::Reuse => {
            end_family(portal, &tx, &person, id, now_ms).await?;
            tx.commit().await?;
            portal.mail_bell.notify_one();
            return Err(refresh_invalid());
        }
    };
    tx.commit().await?;
    let (access_token, access_expires_ms) =
        portal.tokens.access(stored_id(&person.id)?, id, person.epoch, now_ms)?;
    Ok(Tokens {
        access_token,
        access_expires_ms,
        refresh_token: portal.refresh.token(id, &family.salt, step),
        refresh_expires_ms: now_ms.saturating_add(IDLE_LIFE_MS).min(family.ends_ms),
    })
}

/// What a genuine token asks for.
enum Step {
    /// It is the current one.
    Next,
    /// It is the one before, from the same device, moments later: its answer got lost on the way.
    Repeat,
    /// Anything else: two hold what only one should.
    Reuse,
}

fn judge_step(family: &refresh_family::Model, request: &Refresh, now_ms: i64) -> Step {
    let presented = sha256_hex(request.refresh_token.as_bytes());
    let secret = sha256_hex(request.device_secret.as_bytes());
    if !equal(secret.as_bytes(), family.device_secret_hash.as_bytes()) {
        return Step::Reuse;
    }
    if equal(presented.as_bytes(), family.current_hash.as_bytes()) {
        return Step::Next;
    }
    let previous = family.previous_hash.as_deref().unwrap_or_default();
    let lately = now_ms.saturating_sub(family.rotated_ms) <= GRACE_MS;
    if lately && equal(presented.as_bytes(), previous.as_bytes()) { Step::Repeat } else { Step::Reuse }
}

async fn take_step(
    portal: &Portal,
    c: &impl ConnectionTrait,
    family: &refresh_family::Model,
    id: DeviceId,
    now_ms: i64,
) -> Result<i64, Refusal> {
    let next = family.step + 1;
    let to_hash = sha256_hex(portal.refresh.token(id, &family.salt, next).as_bytes());
    let expires_ms = now_ms.saturating_add(IDLE_LIFE_MS).min(family.ends_ms);
    let step =
        store::Step { from_hash: &family.current_hash, to_hash: &to_hash, step: next, expires_ms, now_ms };
    // Where another request of the same device took this very step in the same moment, its successor is this one.
    store::rotate(c, &family.device_id, &step).await?;
    Ok(next)
}

/// Ends a device whose token was used twice, and tells its owner.
async fn end_family(
    portal: &Portal,
    c: &impl ConnectionTrait,
    person: &person::Model,
    id: DeviceId,
    now_ms: i64,
) -> Result<(), Refusal> {
    let person_id = stored_id(&person.id)?;
    store::end(c, person_id, id, "reuse", now_ms).await?;
    let device = store::name(c, id).await?.unwrap_or_default();
    mail::post(c, &EmailAddress::stored(&person.email), &Letter::TokenReused { device }, now_ms).await?;
    portal.audit.append(c, portal.event_by(person.id.clone(), "session.token_reused", id)).await?;
    Ok(())
}

fn refresh_invalid() -> Refusal {
    Refusal::new(ProblemCode::RefreshInvalid, "The sign-in on this device has ended. Sign in again.")
}

/// The person behind an access token, if device and person still stand.
///
/// # Errors
/// `signed_out` for everything else.
pub async fn actor_of_device(portal: &Portal, token: &str) -> Result<Actor, Refusal> {
    let claims = portal.tokens.check_access(token, portal.now_ms()).map_err(|_| Refusal::signed_out())?;
    let live = store::live(portal.store.read(), claims.sid).await?;
    let (device, person) = live.ok_or_else(Refusal::signed_out)?;
    let same = device.person_id == claims.sub.to_string() && person.epoch == claims.epoch;
    if !same {
        return Err(Refusal::signed_out());
    }
    let mut actor = actor_from(&person)?;
    actor.device = Some(claims.sid);
    Ok(actor)
}

/// Signs the asking device out.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(portal: &Portal, actor: &Actor) -> Result<(), Refusal> {
    let device = actor.device()?;
    end_device_for(portal, actor, device, "signed_out", "session.ended").await
}

/// The signed-in devices of a person.
///
/// # Errors
/// When the database fails.
pub async fn devices(portal: &Portal, actor: &Actor) -> Result<Vec<Device>, Refusal> {
    let rows = store::of_person(portal.store.read(), actor.person).await?;
    let devices = rows.into_iter().map(|row| {
        let id = stored_id(&row.id)?;
        Ok(Device {
            id,
            name: row.name,
            platform: row.platform,
            signed_in_ms: row.created_ms,
            seen_ms: row.seen_ms,
            current: actor.device == Some(id),
        })
    });
    Ok(devices.collect::<Result<_, Cause>>()?)
}

/// Ends one of the person's devices.
///
/// # Errors
/// `not_found` for devices of others and for those that ended.
pub async fn end_device(portal: &Portal, actor: &Actor, device: DeviceId) -> Result<(), Refusal> {
    authorize(portal.store.read(), actor, Action::ManageDevice, Object::Device(device)).await?;
    end_device_for(portal, actor, device, "ended", "device.ended").await
}

async fn end_device_for(
    portal: &Portal,
    actor: &Actor,
    device: DeviceId,
    reason: &str,
    action: &'static str,
) -> Result<(), Refusal> {
    let tx = portal.store.write().await?;
    if !store::end(&tx, actor.person, device, reason, portal.now_ms()).await? {
        return Err(Refusal::not_found());
    }
    portal.audit.append(&tx, portal.event(actor, action, device)).await?;
    tx.commit().await?;
    Ok(())
}

/// Signs a browser in. Answers with the value of its cookie.
///
/// # Errors
/// As [`sign_in`].
pub async fn open_page(portal: &Portal, request: &SignInRequest) -> Result<String, Refusal> {
    let actor = check_credentials(portal, request).await?;
    let value = to_base64(&random::<32>()?);
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    store::sweep_page_sessions(&tx, now_ms - PAGE_IDLE_MS, now_ms - PAGE_LIFE_MS).await?;
    store::insert_page_session(&tx, &sha256_hex(value.as_bytes()), actor.person, now_ms).await?;
    portal.audit.append(&tx, portal.event(&actor, "browser.begun", actor.person)).await?;
    tx.commit().await?;
    Ok(value)
}

/// The person behind a browser's cookie, if the session still stands.
///
/// # Errors
/// When the database fails.
pub async fn actor_of_page(portal: &Portal, cookie: &str) -> Result<Option<Actor>, Refusal> {
    let hash = sha256_hex(cookie.as_bytes());
    let now_ms = portal.now_ms();
    let Some((session, person)) = store::page_session(portal.store.read(), &hash).await? else {
        return Ok(None);
    };
    let idle_ms = now_ms.saturating_sub(session.seen_ms);
    if idle_ms > PAGE_IDLE_MS || now_ms.saturating_sub(session.created_ms) > PAGE_LIFE_MS {
        return Ok(None);
    }
    if idle_ms > MINUTE_MS {
        let tx = portal.store.write().await?;
        store::touch_page_session(&tx, &hash, now_ms).await?;
        tx.commit().await?;
    }
    Ok(actor_from(&person).ok())
}

/// Signs a browser out.
///
/// # Errors
/// When the database fails.
pub async fn sign_out_page(portal: &Portal, cookie: &str) -> Result<(), Refusal> {
    let tx = portal.store.write().await?;
    store::end_page_session(&tx, &sha256_hex(cookie.as_bytes())).await?;
    tx.commit().await?;
    Ok(())
}

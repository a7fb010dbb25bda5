use base64::Engine;
use serde_json::{Value, json};

use super::*;
use crate::clock::{Clock, DAY_MS, SystemClock};

fn tokens() -> (InstanceKey, Tokens) {
    let key = InstanceKey::from_bytes([5; 32]);
    let tokens = Tokens::new(&key).unwrap();
    (key, tokens)
}

fn part(value: &Value) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Signs any header and claims, so that cases can lie about everything but the key.
fn forge(secret: &[u8], header: &Value, claims: &Value, hash: ring::hmac::Algorithm) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let tag = ring::hmac::sign(&ring::hmac::Key::new(hash, secret), message.as_bytes());
    format!("{message}.{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

/// The cases of `cases/tokens.json` change one good access token, each in one way: `set` and `remove` on its header
/// and claims, `hash` for the signature. Each must be refused; the unchanged token must be taken.
#[test]
fn every_case_of_the_token_table_is_refused() {
    let (key, tokens) = tokens();
    let secret = key.derive(KeyUse::AccessToken).unwrap();
    let now_ms = SystemClock.now_ms();
    let header = json!({"typ": "at+jwt", "alg": "HS256", "kid": key.key_id().unwrap()});
    let claims = json!({
        "iss": tokens.issuer(), "aud": "playsheet-api", "sub": Uuid::new_v4(), "exp": now_ms / 1000 + 600,
        "iat": now_ms / 1000, "jti": Uuid::new_v4(), "sid": Uuid::new_v4(), "epoch": 0
    });
    let good = forge(secret.as_slice(), &header, &claims, ring::hmac::HMAC_SHA256);
    assert!(tokens.check_access(&good, now_ms).is_ok(), "the unchanged token");
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../cases/tokens.json")).unwrap();
    assert!(cases.len() > 25);
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let (mut header, mut claims) = (header.clone(), claims.clone());
        for (part, document) in [("header", &mut header), ("claims", &mut claims)] {
            let document = document.as_object_mut().unwrap();
            for (field, value) in case[part]["set"].as_object().into_iter().flatten() {
                let value = match value.as_str() {
                    Some("@past") => json!(now_ms / 1000 - 1),
                    Some("@now") => json!(now_ms / 1000),
                    Some("@future") => json!((now_ms / 1000 + 600).to_string()),
                    _ => value.clone(),
                };
                document.insert(field.clone(), value);
            }
            for field in case[part]["remove"].as_array().into_iter().flatten() {
                document.remove(field.as_str().unwrap()).unwrap();
            }
        }
        let hash = match case["hash"].as_str() {
            Some("HS512") => ring::hmac::HMAC_SHA512,
            Some("HS384") => ring::hmac::HMAC_SHA384,
            _ => ring::hmac::HMAC_SHA256,
        };
        let mut token = forge(secret.as_slice(), &header, &claims, hash);
        match case["shape"].as_str() {
            Some("no signature") => token.truncate(token.rfind('.').unwrap() + 1),
            Some("two parts") => token.truncate(token.rfind('.').unwrap()),
            Some("four parts") => token.push_str(".AAAA"),
            Some("trailing blank") => token.push(' '),
            Some("changed signature") => {
                let last = token.pop().unwrap();
                let other = token.pop().unwrap();
                token.push(if other == 'A' { 'B' } else { 'A' });
                token.push(last);
            }
            Some("too long") => token.push_str(&"A".repeat(MAX_TOKEN_BYTES)),
            _ => {}
        }
        assert_eq!(tokens.check_access(&token, now_ms), Err(BadToken), "{name}");
    }
}

#[test]
fn a_token_of_one_kind_is_none_of_another() {
    let (_, tokens) = tokens();
    let now_ms = SystemClock.now_ms();
    let subject = Uuid::new_v4();
    let link = |kind| tokens.link(kind, subject, Uuid::new_v4(), now_ms, Some(now_ms + DAY_MS)).unwrap();
    let all = [
        ("access", tokens.access(PersonId(subject), DeviceId::mint(), 0, now_ms).unwrap().0),
        ("confirm", link(LinkKind::Confirm)),
        ("invite", link(LinkKind::Invite)),
        ("reset", link(LinkKind::Reset)),
        ("ticket", tokens.ticket(ObjectId(subject), DeviceId::mint(), now_ms).unwrap().0),
    ];
    for (made, token) in &all {
        let taken = [
            ("access", tokens.check_access(token, now_ms).is_ok()),
            ("confirm", tokens.check_link(LinkKind::Confirm, token).is_ok()),
            ("invite", tokens.check_link(LinkKind::Invite, token).is_ok()),
            ("reset", tokens.check_link(LinkKind::Reset, token).is_ok()),
            ("ticket", tokens.check_ticket(token, now_ms).is_ok()),
        ];
        for (checked, taken) in taken {
            assert_eq!(taken, *made == checked, "{made} as {checked}");
        }
    }
}

#[test]
fn another_instance_has_other_tokens() {
    let (_, tokens) = tokens();
    let other = Tokens::new(&InstanceKey::from_bytes([6; 32])).unwrap();
    let now_ms = SystemClock.now_ms();
    let (token, _) = other.access(PersonId::mint(), DeviceId::mint(), 0, now_ms).unwrap();
    assert_eq!(tokens.check_access(&token, now_ms), Err(BadToken));
}

#[test]
fn access_ends_after_ten_minutes_to_the_second() {
    let (_, tokens) = tokens();
    let now_ms = SystemClock.now_ms() / 1000 * 1000;
    let (token, expires_ms) = tokens.access(PersonId::mint(), DeviceId::mint(), 0, now_ms).unwrap();
    assert_eq!(expires_ms - now_ms, 10 * MINUTE_MS);
    assert!(tokens.check_access(&token, expires_ms - 1).is_ok());
    assert!(tokens.check_access(&token, expires_ms).is_err());
}

#[test]
fn a_reset_link_without_end_is_none() {
    let (_, tokens) = tokens();
    let now_ms = SystemClock.now_ms();
    for (kind, taken) in [(LinkKind::Confirm, true), (LinkKind::Invite, true), (LinkKind::Reset, false)] {
        let token = tokens.link(kind, Uuid::new_v4(), Uuid::new_v4(), now_ms, None).unwrap();
        assert_eq!(tokens.check_link(kind, &token).is_ok(), taken);
    }
}

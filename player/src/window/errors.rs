//! Failures of signing in and of syncing, in the person's language as far as they are foreseen.
//!
//! Invariant: a sentence names the thing, says its state and the next step, and holds nothing that was typed as a
//! password.

use portal_api::ProblemCode;
use sync::SyncError;
use ui::screens::Texts;
use ui::widgets::Words;

/// Why a sign-in or a sync failed.
pub(crate) fn said(error: &SyncError, texts: &Texts) -> String {
    match error {
        SyncError::BadAddress { address, .. } => Words::fill(texts.bad_address, &[address]),
        SyncError::Network { host, .. } => Words::fill(texts.portal_away, &[host]),
        SyncError::Timeout { host } => Words::fill(texts.portal_slow, &[host]),
        SyncError::Answer { host, .. } => Words::fill(texts.no_portal, &[host]),
        SyncError::Portal { code: ProblemCode::WrongCredentials, .. } => texts.wrong_sign_in.to_owned(),
        SyncError::Portal { code: ProblemCode::RateLimited, retry_after_s: Some(seconds), .. } => {
            let minutes = seconds.div_ceil(60).max(1).to_string();
            Words::fill(texts.too_many_tries, &[&minutes])
        }
        // What else a portal says is a sentence of its own.
        SyncError::Portal { detail, .. } => detail.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::numfmt::Locale;
    use ui::screens::Language;

    #[test]
    fn failures_name_the_portal_and_the_next_step() {
        let portal = |code, retry_after_s| SyncError::Portal {
            code,
            status: 401,
            detail: "The account is disabled.".into(),
            retry_after_s,
        };
        let host = || "portal.example.org".to_owned();
        let cases = [
            (portal(ProblemCode::WrongCredentials, None), "password is wrong", "Passwort ist falsch"),
            (portal(ProblemCode::RateLimited, Some(61)), "Wait 2 minutes", "2 Minuten warten"),
            (
                portal(ProblemCode::AccountDisabled, None),
                "The account is disabled.",
                "The account is disabled.",
            ),
            (
                SyncError::Network { host: host(), detail: "refused".into() },
                "portal.example.org cannot be reached",
                "portal.example.org ist nicht erreichbar",
            ),
            (
                SyncError::BadAddress { address: host(), reason: "no port".into() },
                "is not the address of a portal",
                "keine Adresse eines Portals",
            ),
            (SyncError::Timeout { host: host() }, "in time", "rechtzeitig"),
            (SyncError::Answer { host: host(), what: "HTML".into() }, "Check the address", "Die Adresse"),
        ];
        for (error, english, german) in cases {
            for (tag, expected) in [("en-US", english), ("de-DE", german)] {
                let language = Language::of(Locale::from_tag(tag).unwrap());
                let said = said(&error, language.texts);
                assert!(said.contains(expected), "{tag} {error:?}: {said}");
            }
        }
    }
}

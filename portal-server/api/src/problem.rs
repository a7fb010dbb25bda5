//! Problem documents (RFC 9457): the one shape of every refusal. Programs act on `code`, people read `detail`.

use serde::{Deserialize, Serialize};

/// What the portal answers instead of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:playsheet:problem:` and the code; identifies the kind, leads to no page.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The kind of problem in a few words; the same for every occurrence.
    #[serde(default)]
    pub title: String,
    /// The HTTP status, repeated.
    #[serde(default)]
    pub status: u16,
    /// What happened here, and what to do.
    #[serde(default)]
    pub detail: String,
    /// The stable word that programs act on.
    #[serde(default)]
    pub code: ProblemCode,
    /// The request's id, as in the portal's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Seconds after which another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// The single problems, where the request was a document with places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<PlaceProblem>,
}

/// One problem at one place of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceProblem {
    /// Line, counted from 1; 0 where there is no place.
    #[serde(default)]
    pub line: u32,
    /// Column in characters, counted from 1; 0 where there is no place.
    #[serde(default)]
    pub column: u32,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $status:literal, $title:literal;)*) => {
        /// The stable codes of problem documents.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
            /// A code that this side does not know yet; act on the status.
            #[default]
            #[serde(other)]
            Unknown,
        }

        impl ProblemCode {
            /// Every code that this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* Self::Unknown => "unknown" }
            }

            /// The HTTP status that goes with the code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// The title: the kind of problem in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* Self::Unknown => "Unknown problem" }
            }
        }
    };
}

codes! {
    /// The request cannot be read: malformed JSON, a field missing or of the wrong kind, a bad parameter.
    InvalidRequest = "invalid_request", 400, "The request cannot be read";
    /// No valid access token came with the request.
    SignedOut = "signed_out", 401, "Not signed in";
    /// The address or the password is wrong; which of the two is not said.
    WrongCredentials = "wrong_credentials", 401, "Wrong sign-in";
    /// The refresh token is not valid (any more); sign in again.
    RefreshInvalid = "refresh_invalid", 401, "The sign-in has ended";
    /// The link is not one of this portal's, or was changed.
    LinkInvalid = "link_invalid", 401, "The link is not valid";
    /// The signed-in person may see this, but not do that.
    Forbidden = "forbidden", 403, "Not allowed";
    /// The person's mail address is not confirmed yet.
    Unconfirmed = "unconfirmed", 403, "The mail address is not confirmed";
    /// The invitation is for another mail address.
    WrongAddress = "wrong_address", 403, "The invitation is for another address";
    /// The account was disabled by an administrator.
    AccountDisabled = "account_disabled", 403, "The account is disabled";
    /// A page's form was sent from another site.
    CrossSite = "cross_site", 403, "The form came from another site";
    /// There is no such thing, or none that the person may know of.
    NotFound = "not_found", 404, "Not found";
    /// The address exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "The method does not exist here";
    /// The request took too long to arrive or to answer.
    Timeout = "timeout", 408, "Took too long";
    /// Somebody else changed the same thing at the same time.
    Conflict = "conflict", 409, "Changed by somebody else";
    /// The app was withdrawn from this person, or altogether.
    Withdrawn = "withdrawn", 410, "Withdrawn";
    /// The link was used before.
    LinkUsed = "link_used", 410, "The link was used before";
    /// The link's time is over, or a newer one took its place, or it was withdrawn.
    LinkEnded = "link_ended", 410, "The link has ended";
    /// The body is larger than the portal takes.
    TooLarge = "too_large", 413, "Too large";
    /// The body is of a kind that the portal does not take here.
    UnsupportedMedia = "unsupported_media", 415, "Not a kind that is taken here";
    /// The password does not meet the rules.
    WeakPassword = "weak_password", 422, "The password is too easy to guess";
    /// The app definition has errors.
    DefinitionInvalid = "definition_invalid", 422, "The app definition has errors";
    /// The spreadsheet cannot be used.
    SpreadsheetInvalid = "spreadsheet_invalid", 422, "The spreadsheet cannot be used";
    /// The address of a source cannot be used.
    SourceInvalid = "source_invalid", 422, "The source cannot be used";
    /// The player is older than this portal serves.
    PlayerTooOld = "player_too_old", 426, "The player is too old";
    /// Too many requests from this address or for this account.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// The portal has as much work waiting as it takes.
    Busy = "busy", 429, "Busy";
    /// The portal failed; the operator finds the reason under the request's id.
    Internal = "internal", 500, "The portal failed";
    /// The database or the storage does not answer.
    Unavailable = "unavailable", 503, "Not available";
}

impl Problem {
    /// A document for a code, with its status, title and type, and the given sentence.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:playsheet:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            request_id: None,
            retry_after_s: None,
            problems: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_tomorrow_is_read_as_unknown() {
        let text = r#"{"type":"x","title":"t","status":418,"detail":"d","code":"teapot","added":1}"#;
        let problem: Problem = serde_json::from_str(text).unwrap();
        assert_eq!(problem.code, ProblemCode::Unknown);
        assert_eq!(problem.status, 418);
    }

    #[test]
    fn every_code_reads_back_from_its_word() {
        for code in ProblemCode::ALL {
            let word = serde_json::to_string(code).unwrap();
            assert_eq!(word, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<ProblemCode>(&word).unwrap(), *code);
        }
    }
}

//! What a route answers instead of what was asked for. A refusal becomes a problem document in one place.
//!
//! Its invariant: what went wrong inside (a database error, a broken object) goes to the log under the request's
//! id, never into the answer.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{PROBLEM_MEDIA_TYPE, PlaceProblem, Problem, ProblemCode};
use sea_orm::DbErr;
use thiserror::Error;

/// The reasons that stay inside.
#[derive(Debug, Error)]
pub enum Cause {
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The object storage failed.
    #[error("object storage: {0}")]
    Storage(#[from] object_store::Error),
    /// A key, hash or seal could not be made, or something sealed does not open.
    #[error("cryptography: {0}")]
    Cryptography(&'static str),
    /// Something stored does not read as what it should be.
    #[error("stored data: {0}")]
    Stored(String),
    /// A document could not be written.
    #[error("writing a document: {0}")]
    Document(String),
    /// A task of the program ended early.
    #[error("a task ended early")]
    Task,
}

/// A refused request.
#[derive(Debug)]
pub struct Refusal {
    /// What programs act on; gives the status and the title.
    pub code: ProblemCode,
    /// What people read.
    pub detail: String,
    /// Seconds after which another try makes sense.
    pub retry_after_s: Option<u64>,
    /// The single problems of a document.
    pub problems: Vec<PlaceProblem>,
    /// The reason that stays inside. Boxed, because refusals travel through every `Result`.
    pub cause: Option<Box<Cause>>,
}

impl Refusal {
    /// A refusal with a sentence of its own.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_s: None, problems: Vec::new(), cause: None }
    }

    /// There is no such thing, or none that the person may know of. One sentence for both, on purpose.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, "There is nothing at this address that you can see.")
    }

    /// The app was taken away from this person.
    #[must_use]
    pub fn withdrawn() -> Self {
        Self::new(ProblemCode::Withdrawn, "This app was withdrawn. Remove it from your devices.")
    }

    /// No valid access token. One sentence for every way in which a token can be wrong.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(ProblemCode::SignedOut, "Sign in, or refresh the access token, and try again.")
    }

    /// The person sees the thing but may not do this with it.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::Forbidden, detail)
    }

    /// The request cannot be read.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::InvalidRequest, detail)
    }

    /// Too many requests; another try makes sense after some seconds.
    #[must_use]
    pub fn rate_limited(retry_after_s: u64) -> Self {
        let seconds = retry_after_s.max(1);
        let mut refusal = Self::new(
            ProblemCode::RateLimited,
            format!("Too many requests. Try again in {seconds} seconds."),
        );
        refusal.retry_after_s = Some(seconds);
        refusal
    }

    /// The portal failed inside.
    #[must_use]
    pub fn internal(cause: Cause) -> Self {
        Self::because(ProblemCode::Internal, "The portal could not do this. Nothing was changed.", cause)
    }

    fn because(code: ProblemCode, detail: &str, cause: Cause) -> Self {
        let mut refusal = Self::new(code, detail);
        refusal.cause = Some(Box::new(cause));
        refusal
    }

    /// The status that goes with the code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self::internal(cause)
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        let away = matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_));
        if away {
            let detail = "The portal's database does not answer. Try again in a minute.";
            let mut refusal = Self::because(ProblemCode::Unavailable, detail, Cause::Database(error));
            refusal.retry_after_s = Some(60);
            refusal
        } else {
            Self::internal(Cause::Database(error))
        }
    }
}

impl From<object_store::Error> for Refusal {
    fn from(error: object_store::Error) -> Self {
        Self::internal(Cause::Storage(error))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code.as_str(), cause = %cause, "request failed");
        }
        let mut problem = Problem::new(self.code, self.detail.clone());
        problem.request_id = crate::request::current_id();
        problem.retry_after_s = self.retry_after_s;
        problem.problems.clone_from(&self.problems);
        let mut response = (self.status(), Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_MEDIA_TYPE));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

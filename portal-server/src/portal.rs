//! The services that every request uses, made once by [`crate::build`].

use std::{
    fmt::Display,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use tokio::sync::{Notify, Semaphore};
use url::Url;

use crate::{
    clock::Clock,
    config::Config,
    creation::{Shelf, Workers},
    definitions::DefinitionCheck,
    domain::Actor,
    mail::Postman,
    objects::Objects,
    request,
    security::{
        leases::LeaseSigner, limits::Buckets, passwords::PasswordHasher, refresh::RefreshTokens,
        tokens::Tokens,
    },
    store::{
        Store,
        audit::{AuditChain, Event},
    },
};

/// All services. Read-only after the start; what changes is in the store.
pub struct Services {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The sealed objects.
    pub objects: Objects,
    /// Signed tokens.
    pub tokens: Tokens,
    /// Refresh tokens.
    pub refresh: RefreshTokens,
    /// Signs leases.
    pub leases: LeaseSigner,
    /// Hashes passwords.
    pub passwords: PasswordHasher,
    /// Chains the audit log.
    pub audit: AuditChain,
    /// Tries at accounts from one address.
    pub account_tries: Buckets,
    /// Tries at accounts from anywhere.
    pub account_total: Buckets,
    /// Places for uploads.
    pub uploads: Semaphore,
    /// Mails that people cause.
    pub mail_tries: Buckets,
    /// Mails to one mailbox that people cause who are not signed in.
    pub mailbox_tries: Buckets,
    /// Carries mail away.
    pub postman: Postman,
    /// Rung when the outbox has something new.
    pub mail_bell: Notify,
    /// Apps between upload and publication; in memory only.
    pub creations: Shelf,
    /// Compute uploads.
    pub workers: Workers,
    /// Judges definitions.
    pub definitions: Arc<dyn DefinitionCheck>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The address that people use; known at the latest when the portal listens.
    pub base_url: OnceLock<Url>,
}

/// A handle to the services; cheap to clone.
#[derive(Clone)]
pub struct Portal(pub(crate) Arc<Services>);

impl Deref for Portal {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl Portal {
    /// The portal's time.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A path on this portal as people and players use it.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let base =
            self.base_url.get().map_or("http://127.0.0.1:8080", |url| url.as_str().trim_end_matches('/'));
        format!("{base}{path}")
    }

    /// Whether people reach the portal by TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url.get().is_some_and(|url| url.scheme() == "https")
    }

    /// An entry for the audit log about what a person did.
    #[must_use]
    pub fn event(&self, actor: &Actor, action: &'static str, object: impl Display) -> Event {
        self.event_by(actor.person.to_string(), action, object)
    }

    /// An entry for the audit log about what somebody who is not signed in, or the portal itself, did.
    #[must_use]
    pub fn event_by(&self, actor: String, action: &'static str, object: impl Display) -> Event {
        Event {
            at_ms: self.now_ms(),
            actor,
            action,
            object: object.to_string(),
            app: None,
            request_id: request::current_id(),
        }
    }
}

impl Event {
    /// The entry, about an app.
    #[must_use]
    pub fn about(mut self, app: impl Display) -> Self {
        self.app = Some(app.to_string());
        self
    }
}

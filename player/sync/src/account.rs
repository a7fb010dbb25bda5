//! The signed-in person: who, where, with which tokens.
//!
//! The access token lives ten minutes, the refresh token for one refresh. A new pair is written to the vault before
//! it is used, so that a crash cannot lose it; a refresh whose answer got lost is repeated at once, which the portal
//! allows the same device for a short while. Several processes may share the sign-in: each reads the vault before it
//! refreshes, and takes what another has written meanwhile.
//!
//! Invariant: a token leaves the vault only for the portal that gave it.

use std::future::Future;
use std::sync::Arc;

use portal_api::{
    Accepted, DeviceDescription, DeviceId, LeaseKey, LinkToken, Person, ProblemCode, Refresh, Tokens,
};
use serde::{Deserialize, Serialize};
use vault::Vault;
use zeroize::{Zeroize, Zeroizing};

use crate::apps::app_of;
use crate::clock::Clock;
use crate::lease::Holder;
use crate::portal::PortalClient;
use crate::shelf::{ACCOUNT, read_json, write_json};
use crate::source::{SignInData, Wallet};
use crate::{Cancel, Origin, SyncError};

/// The record of the sign-in.
const SIGN_IN: &str = "sign-in";
/// An access token that ends sooner than this is refreshed before it is used.
const MARGIN_MS: i64 = 30_000;
/// How often a refresh is tried when its answer does not arrive.
const REFRESH_TRIES: usize = 3;

/// The sign-in as it lies in the vault.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub portal: String,
    pub portal_name: String,
    pub instance: String,
    pub lease_key: LeaseKey,
    pub person: Person,
    pub device: DeviceId,
    device_secret: String,
    tokens: Tokens,
    /// The portal ended the sign-in; apps go on until their leases end.
    ended: bool,
    /// The latest time at which the portal signed a lease for this device.
    #[serde(default)]
    pub latest_issued_ms: i64,
    pub synced_ms: Option<i64>,
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.device_secret.zeroize();
        self.tokens.access_token.zeroize();
        self.tokens.refresh_token.zeroize();
    }
}

impl Stored {
    pub fn read(vault: &Vault) -> Result<Option<Self>, SyncError> {
        read_json(vault, ACCOUNT, SIGN_IN)
    }

    pub fn write(&self, change: &mut vault::Transaction<'_>) -> Result<(), SyncError> {
        write_json(change, ACCOUNT, SIGN_IN, self)
    }

    /// For whom leases must be.
    pub fn holder(&self) -> Holder {
        Holder {
            portal: self.instance.clone(),
            key: self.lease_key.clone(),
            person: self.person.id,
            device: self.device,
        }
    }

    fn signed_out(&self) -> SyncError {
        SyncError::SignedOut { email: self.person.email.clone() }
    }
}

/// Who is signed in, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The portal's address.
    pub portal: String,
    /// The portal's name.
    pub portal_name: String,
    /// The person.
    pub person: Person,
    /// Whether the portal ended the sign-in: apps still open, but a sync needs a new sign-in.
    pub ended: bool,
    /// When the last sync was completed, in milliseconds since 1970 (UTC).
    pub synced_ms: Option<i64>,
}

/// The signed-in person of one vault.
pub struct Account {
    pub(crate) vault: Arc<Vault>,
    pub(crate) portal: PortalClient,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Account {
    /// Signs in at a portal and remembers that in the vault.
    ///
    /// The same person may sign in again at the same portal; the apps stay, and open again after a sync.
    ///
    /// # Errors
    /// When the portal cannot be reached or refuses, when somebody else is signed in, or the vault fails.
    pub fn sign_in(
        vault: Arc<Vault>,
        clock: Arc<dyn Clock>,
        portal: PortalClient,
        (email, password): (&str, &str),
        device: DeviceDescription,
        cancel: &Cancel,
    ) -> Result<Self, SyncError> {
        let before = Stored::read(&vault).or_else(|error| match error {
            // A sign-in that cannot be read is replaced.
            SyncError::Vault(vault::Error::RecordDamaged { .. }) => Ok(None),
            other => Err(other),
        })?;
        let http = Arc::clone(&portal.http);
        let (info, signed_in) = http.wait(cancel, async {
            let info = portal.info_now().await?;
            if let Some(before) = &before
                && before.instance != info.instance
            {
                return Err(SyncError::OtherAccount { email: before.person.email.clone() });
            }
            let signed_in = portal.sign_in_now(email, password, device).await?;
            if let Some(before) = &before
                && before.person.id != signed_in.person.id
            {
                // The device that was just signed in would otherwise stay in that person's list for nothing.
                drop(portal.sign_out_now(&signed_in.tokens.access_token).await);
                return Err(SyncError::OtherAccount { email: before.person.email.clone() });
            }
            if let Some(before) = before.as_ref().filter(|before| !before.ended) {
                // This computer is one device in the person's list, not two. That it worked before matters little.
                drop(portal.sign_out_now(&before.tokens.access_token).await);
            }
            Ok((info, signed_in))
        })?;
        let stored = Stored {
            portal: portal.address(),
            portal_name: info.name,
            instance: info.instance,
            lease_key: info.lease_key,
            person: signed_in.person,
            device: signed_in.device_id,
            device_secret: signed_in.device_secret,
            tokens: signed_in.tokens,
            ended: false,
            latest_issued_ms: before.as_ref().map_or(0, |before| before.latest_issued_ms),
            synced_ms: before.as_ref().and_then(|before| before.synced_ms),
        };
        let mut change = vault.begin()?;
        stored.write(&mut change)?;
        change.commit()?;
        Ok(Self { vault, portal, clock })
    }

    /// The person who is signed in in this vault; `None` when nobody is. Asks nobody.
    ///
    /// # Errors
    /// When the vault fails.
    pub fn load(vault: Arc<Vault>, clock: Arc<dyn Clock>) -> Result<Option<Self>, SyncError> {
        let Some(stored) = Stored::read(&vault)? else { return Ok(None) };
        let portal = PortalClient::new(&stored.portal)?;
        Ok(Some(Self { vault, portal, clock }))
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// When the vault fails or nobody is signed in any more.
    pub fn standing(&self) -> Result<Standing, SyncError> {
        let stored = self.stored()?;
        Ok(Standing {
            portal: stored.portal.clone(),
            portal_name: stored.portal_name.clone(),
            person: stored.person.clone(),
            ended: stored.ended,
            synced_ms: stored.synced_ms,
        })
    }

    /// The portal where the person is signed in.
    #[must_use]
    pub fn portal(&self) -> &PortalClient {
        &self.portal
    }

    /// Asks the portal who is signed in, which also proves that the sign-in is good.
    ///
    /// # Errors
    /// When the portal cannot be reached or the sign-in has ended.
    pub fn ask_who(&self, cancel: &Cancel) -> Result<Person, SyncError> {
        let ask = |token: Zeroizing<String>| async move { self.portal.me_now(&token).await };
        self.portal.http.wait(cancel, self.authorised(ask))
    }

    /// Accepts an invitation by the token of the link that was mailed. The app comes with the next sync.
    ///
    /// # Errors
    /// When the portal cannot be reached, or the invitation is used, withdrawn, or for another address.
    pub fn accept_invitation(&self, token: &str, cancel: &Cancel) -> Result<Accepted, SyncError> {
        let link = LinkToken { token: token.to_owned() };
        let (portal, link) = (&self.portal, &link);
        let accept = |token: Zeroizing<String>| async move { portal.accept_now(&token, link).await };
        self.portal.http.wait(cancel, self.authorised(accept))
    }

    /// Signs out: tells the portal, if it can be reached, and destroys everything of the person in the vault.
    ///
    /// # Errors
    /// When the vault fails. That the portal could not be told is in the answer: `false`; the device then stays in
    /// the person's list of devices until it is ended there.
    pub fn sign_out(self, cancel: &Cancel) -> Result<bool, SyncError> {
        let portal = &self.portal;
        let tell = |token: Zeroizing<String>| async move { portal.sign_out_now(&token).await };
        let told = self.portal.http.wait(cancel, self.authorised(tell)).is_ok();
        let mut change = self.vault.begin()?;
        for name in self.vault.compartments()? {
            if name == ACCOUNT || app_of(&name).is_some() {
                change.withdraw(&name);
            }
        }
        change.commit()?;
        Ok(told)
    }

    /// Stores a name and password for the HTTP sources of one origin, or forgets them.
    ///
    /// # Errors
    /// [`SyncError::BadAddress`] when the name cannot be sent; errors of the vault.
    pub fn set_source_sign_in(&self, origin: Origin, data: Option<(&str, &str)>) -> Result<(), SyncError> {
        if let Some((user, _)) = data
            && (user.is_empty() || user.contains(':') || user.chars().any(char::is_control))
        {
            let reason = "a name for it must not be empty or contain a colon".to_owned();
            return Err(SyncError::BadAddress { address: origin.to_string(), reason });
        }
        let mut change = self.vault.begin()?;
        let mut wallet = Wallet::read(&self.vault)?;
        let data =
            data.map(|(user, password)| SignInData { user: user.to_owned(), password: password.to_owned() });
        wallet.set(origin, data);
        wallet.write(&mut change)?;
        change.commit()?;
        Ok(())
    }

    pub(crate) fn stored(&self) -> Result<Stored, SyncError> {
        Stored::read(&self.vault)?.ok_or(SyncError::NotSignedIn)
    }

    /// Makes a call with a good access token; once more with a fresh one when the portal does not take the first.
    pub(crate) async fn authorised<T, F>(&self, call: impl Fn(Zeroizing<String>) -> F) -> Result<T, SyncError>
    where
        F: Future<Output = Result<T, SyncError>>,
    {
        let stored = self.stored()?;
        let fresh = stored.tokens.access_expires_ms.saturating_sub(MARGIN_MS) > self.clock.now_ms();
        let token = Zeroizing::new(stored.tokens.access_token.clone());
        drop(stored);
        let token = if fresh { token } else { self.renew(&token).await? };
        match call(token.clone()).await {
            Err(SyncError::Portal { code: ProblemCode::SignedOut, .. }) => {
                call(self.renew(&token).await?).await
            }
            outcome => outcome,
        }
    }

    /// A new access token in place of one that is not good any more.
    async fn renew(&self, worn: &str) -> Result<Zeroizing<String>, SyncError> {
        let mut tries = REFRESH_TRIES;
        loop {
            let stored = self.stored()?;
            if stored.tokens.access_token != worn {
                // Another process, or an earlier call, was faster.
                return Ok(Zeroizing::new(stored.tokens.access_token.clone()));
            }
            if stored.ended {
                return Err(stored.signed_out());
            }
            let refresh = Refresh {
                refresh_token: stored.tokens.refresh_token.clone(),
                device_secret: stored.device_secret.clone(),
            };
            tries = tries.saturating_sub(1);
            match self.portal.refresh_now(&refresh).await {
                Ok(tokens) => return self.keep(worn, tokens),
                // The answer may have been lost on its way: the same refresh is asked for again, soon.
                Err(SyncError::Network { .. } | SyncError::Timeout { .. }) if tries > 0 => {}
                Err(SyncError::Portal { code: ProblemCode::RefreshInvalid, .. }) => {
                    if self.stored()?.tokens.access_token == worn {
                        return self.note_end();
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes new tokens down before they are used.
    fn keep(&self, worn: &str, tokens: Tokens) -> Result<Zeroizing<String>, SyncError> {
        let mut change = self.vault.begin()?;
        let mut stored = self.stored()?;
        if stored.tokens.access_token == worn {
            stored.tokens = tokens;
            stored.ended = false;
            stored.write(&mut change)?;
            change.commit()?;
        }
        Ok(Zeroizing::new(stored.tokens.access_token.clone()))
    }

    fn note_end(&self) -> Result<Zeroizing<String>, SyncError> {
        let mut change = self.vault.begin()?;
        let mut stored = self.stored()?;
        stored.ended = true;
        stored.write(&mut change)?;
        change.commit()?;
        Err(stored.signed_out())
    }
}

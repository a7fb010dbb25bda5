//! Hashing and checking passwords: PBKDF2-HMAC-SHA256, kept as PHC strings
//! (`$pbkdf2-sha256$i=600000,l=32$salt$hash`), in a queue with a bound.
//!
//! The crate `pbkdf2` derives, writes, reads and compares. Measured for 600,000 rounds, optimised: with a processor's
//! SHA instructions, which servers have had for years, 0.14 s against 0.27 s with ring; without them 0.6 s against
//! 0.25 s. The common case decides, and one implementation is easier to trust than two.
//!
//! Each hash costs a good part of a second of a core, which makes hashing a lever to bring a server down. So at most
//! as many run at once as there are cores, and only so many wait; who comes later is told to come back. Invariant:
//! every attempt to sign in costs exactly one derivation, whether the account exists or not.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use pbkdf2::{
    Algorithm, Params, Pbkdf2,
    password_hash::{
        Error, PasswordHasher as _, PasswordVerifier as _,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use portal_api::ProblemCode;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::{bytes, policy::AcceptedPassword};
use crate::refusal::{Cause, Refusal};

const HASH_BYTES: usize = 32;
/// Stored hashes with more iterations are refused rather than computed: nobody wrote them through the portal.
const MAX_ITERATIONS: u32 = 50_000_000;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The password is right.
    Right,
    /// The password is right, and its hash is cheaper than it should be by now.
    RightButCheap,
    /// The password is wrong, or there is no account.
    Wrong,
}

/// Hashes passwords, a bounded number at a time.
pub struct PasswordHasher {
    cost: Params,
    cores: Arc<Semaphore>,
    admitted: Arc<AtomicUsize>,
    places: usize,
    derivations: AtomicU64,
    /// Shaped as a real hash, and the hash of no password: its bytes are random.
    dummy: PasswordHash,
}

/// A place in the queue; leaving it makes room.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl PasswordHasher {
    /// A hasher with this cost; `waiting` hashes may wait while others are computed.
    ///
    /// # Errors
    /// When there is no randomness for the dummy hash, or fewer than 1,000 iterations.
    pub fn new(iterations: u32, waiting: usize) -> Result<Self, Cause> {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        let cost = Params::new_with_output_len(iterations, HASH_BYTES).map_err(failed)?;
        Ok(Self {
            cost,
            cores: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::new(AtomicUsize::new(0)),
            places: at_once.saturating_add(waiting),
            derivations: AtomicU64::new(0),
            dummy: dummy(cost)?,
        })
    }

    /// How many hashes were computed since the start. Equal requests must make equal numbers of them.
    #[must_use]
    pub fn derivations(&self) -> u64 {
        self.derivations.load(Ordering::SeqCst)
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// `busy` when the queue is full.
    pub async fn hash(&self, password: &AcceptedPassword) -> Result<String, Refusal> {
        let salt = bytes::random::<16>()?;
        let hasher = Pbkdf2::new(Algorithm::Pbkdf2Sha256, self.cost);
        let password = SecretString::from(password.expose());
        let derive = move || hasher.hash_password_with_salt(password.expose_secret().as_bytes(), &salt);
        let hash = self.in_turn(derive).await?.map_err(failed)?;
        Ok(hash.to_string())
    }

    /// Checks a password against a stored hash, or against none: then the work is the same and the answer is no.
    ///
    /// # Errors
    /// `busy` when the queue is full; an inner failure when the stored hash does not read.
    pub async fn check(&self, password: &SecretString, stored: Option<&str>) -> Result<Checked, Refusal> {
        let (hash, cost) = match stored {
            Some(stored) => read(stored)?,
            None => (self.dummy.clone(), self.cost),
        };
        let password = super::policy::normalised(password);
        let verify = move || Pbkdf2::default().verify_password(password.expose_secret().as_bytes(), &hash);
        let right = match self.in_turn(verify).await? {
            Ok(()) => stored.is_some(),
            Err(Error::PasswordInvalid) => false,
            Err(error) => return Err(failed(error).into()),
        };
        Ok(match right {
            false => Checked::Wrong,
            true if cost.rounds() < self.cost.rounds() => Checked::RightButCheap,
            true => Checked::Right,
        })
    }

    /// Does one derivation when it is its turn.
    async fn in_turn<T: Send + 'static>(
        &self,
        derive: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = self.enter()?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Cause::Task)?;
        self.derivations.fetch_add(1, Ordering::SeqCst);
        let task = tokio::task::spawn_blocking(move || {
            let derived = derive();
            // Core and place are held by the work itself, so that a request that was given up still counts.
            drop((core, place));
            derived
        });
        task.await.map_err(|_| Refusal::internal(Cause::Task))
    }

    fn enter(&self) -> Result<Place, Refusal> {
        let before = self.admitted.fetch_add(1, Ordering::SeqCst);
        let place = Place(Arc::clone(&self.admitted));
        if before < self.places {
            return Ok(place);
        }
        let mut refusal =
            Refusal::new(ProblemCode::Busy, "Too many people are signing in. Try again in a few seconds.");
        refusal.retry_after_s = Some(3);
        Err(refusal)
    }
}

fn failed(_: Error) -> Cause {
    Cause::Cryptography("a password hash could not be computed")
}

fn dummy(cost: Params) -> Result<PasswordHash, Cause> {
    let (salt, hash) = (bytes::random::<16>()?, bytes::random::<HASH_BYTES>()?);
    Ok(PasswordHash {
        algorithm: Algorithm::Pbkdf2Sha256.into(),
        version: None,
        params: ParamsString::try_from(cost).map_err(failed)?,
        salt: Some(Salt::new(&salt).map_err(|error| failed(error.into()))?),
        hash: Some(Output::new(&hash).map_err(|error| failed(error.into()))?),
    })
}

/// A stored hash and its cost, if the portal could have written it.
fn read(stored: &str) -> Result<(PasswordHash, Params), Cause> {
    let bad = || Cause::Cryptography("a stored password hash does not read");
    let hash = PasswordHash::new(stored).map_err(|_| bad())?;
    let cost = Params::try_from(&hash).map_err(|_| bad())?;
    let ours = hash.algorithm == Algorithm::Pbkdf2Sha256.into()
        && cost.output_len() == HASH_BYTES
        && cost.rounds() <= MAX_ITERATIONS;
    if ours && hash.salt.is_some() && hash.hash.is_some() { Ok((hash, cost)) } else { Err(bad()) }
}

#[cfg(test)]
#[path = "passwords_tests.rs"]
mod tests;

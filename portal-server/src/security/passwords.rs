//! Hashing and checking passwords: PBKDF2-HMAC-SHA256 computed by ring, kept as PHC strings
//! (`$pbkdf2-sha256$i=600000,l=32$salt$hash`), in a queue with a bound.
//!
//! Each hash costs a fifth of a second of a core, which makes hashing a lever to bring a server down. So at most as
//! many run at once as there are cores, and only so many wait; who comes later is told to come back. Invariant:
//! every attempt to sign in costs exactly one derivation, whether the account exists or not.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use portal_api::ProblemCode;
use ring::pbkdf2;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::{bytes, policy::AcceptedPassword};
use crate::refusal::{Cause, Refusal};

const ALGORITHM: &str = "pbkdf2-sha256";
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
    iterations: u32,
    cores: Arc<Semaphore>,
    admitted: Arc<AtomicUsize>,
    places: usize,
    derivations: AtomicU64,
    dummy: String,
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
    /// When there is no randomness for the dummy hash.
    pub fn new(iterations: u32, waiting: usize) -> Result<Self, Cause> {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        // Shaped as a real hash, and the hash of no password: its bytes are random.
        let dummy = write(iterations, &bytes::random::<16>()?, &bytes::random::<HASH_BYTES>()?)?;
        Ok(Self {
            iterations,
            cores: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::new(AtomicUsize::new(0)),
            places: at_once.saturating_add(waiting),
            derivations: AtomicU64::new(0),
            dummy,
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
        let iterations = self.iterations;
        let hash = self.derive(password.expose().to_owned().into(), salt.to_vec(), iterations).await?;
        Ok(write(iterations, &salt, hash.as_slice())?)
    }

    /// Checks a password against a stored hash, or against none: then the work is the same and the answer is no.
    ///
    /// # Errors
    /// `busy` when the queue is full; an inner failure when the stored hash does not read.
    pub async fn check(&self, password: &SecretString, stored: Option<&str>) -> Result<Checked, Refusal> {
        let (iterations, salt, expected) = read(stored.unwrap_or(&self.dummy))?;
        let found = self.derive(super::policy::normalised(password), salt, iterations).await?;
        let right = bytes::equal(found.as_slice(), &expected) && stored.is_some();
        Ok(match right {
            false => Checked::Wrong,
            true if iterations < self.iterations => Checked::RightButCheap,
            true => Checked::Right,
        })
    }

    async fn derive(
        &self,
        password: SecretString,
        salt: Vec<u8>,
        iterations: u32,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let place = self.enter()?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Cause::Task)?;
        self.derivations.fetch_add(1, Ordering::SeqCst);
        let rounds = NonZeroU32::new(iterations).ok_or(Cause::Cryptography("no iterations"))?;
        let task = tokio::task::spawn_blocking(move || {
            let mut hash = Zeroizing::new(vec![0; HASH_BYTES]);
            let secret = password.expose_secret().as_bytes();
            pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, secret, hash.as_mut_slice());
            // Core and place are held by the work itself, so that a request that was given up still counts.
            drop((core, place));
            hash
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

fn write(iterations: u32, salt: &[u8], hash: &[u8]) -> Result<String, Cause> {
    let failed = |_| Cause::Cryptography("a password hash could not be written");
    let mut params = ParamsString::new();
    params.add_decimal("i", iterations).map_err(failed)?;
    params.add_decimal("l", u32::try_from(hash.len()).unwrap_or_default()).map_err(failed)?;
    let phc = PasswordHash {
        algorithm: Ident::new(ALGORITHM).map_err(failed)?,
        version: None,
        params,
        salt: Some(Salt::new(salt).map_err(failed)?),
        hash: Some(Output::new(hash).map_err(failed)?),
    };
    Ok(phc.to_string())
}

fn read(stored: &str) -> Result<(u32, Vec<u8>, Vec<u8>), Cause> {
    let bad = || Cause::Cryptography("a stored password hash does not read");
    let phc = PasswordHash::new(stored).map_err(|_| bad())?;
    let iterations = phc.params.get_decimal("i").ok_or_else(bad)?;
    let salt = phc.salt.ok_or_else(bad)?;
    let hash = phc.hash.ok_or_else(bad)?;
    let fits = hash.as_bytes().len() == HASH_BYTES && (1..=MAX_ITERATIONS).contains(&iterations);
    if phc.algorithm.as_str() != ALGORITHM || !fits {
        return Err(bad());
    }
    Ok((iterations, salt.as_ref().to_vec(), hash.as_bytes().to_vec()))
}

#[cfg(test)]
#[path = "passwords_tests.rs"]
mod tests;

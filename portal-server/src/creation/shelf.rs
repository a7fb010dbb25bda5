//! Where creations wait: in memory, for fifteen minutes without use and an hour at most.
//!
//! The cache forgets by its own clock; every look-up asks the portal's clock as well, so that time is one thing
//! everywhere. Admission is by bytes: what does not fit is refused, nobody's creation is pushed out for another's.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use engine::numfmt::Locale;
use moka::sync::Cache;
use portal_api::ProblemCode;

use super::{bench::Base, draft::Draft, secret::SecretBytes, workers::Slot};
use crate::{
    clock::MINUTE_MS,
    refusal::Refusal,
    security::bytes::{equal, random, sha256_hex, to_base64},
};

/// A creation ends when it was not used for so long.
pub const IDLE_LIFE_MS: i64 = 15 * MINUTE_MS;
/// A creation ends after this time in any case.
pub const HARD_LIFE_MS: i64 = 60 * MINUTE_MS;
/// Bytes of all uploads together.
const ALL_BYTES: u64 = 1 << 30;
/// Creations that one browser session may have at a time.
const PER_SESSION: usize = 5;

/// One creation.
pub struct Creation {
    /// What names it: 256 random bits. Only its hash is a key of the shelf.
    pub id: String,
    /// The hash of the browser session that it belongs to.
    session: String,
    /// The upload.
    pub bytes: SecretBytes,
    /// The upload's file name.
    pub file_name: String,
    /// How the person who uploaded writes numbers and dates. It stays as it was at the upload: what was typed into the
    /// preview is read again with every change, and must mean the same each time.
    pub locale: &'static Locale,
    /// What the portal derived from the upload.
    pub base: Base,
    /// What the creator made of it.
    pub draft: tokio::sync::Mutex<Draft>,
    /// The live workbook, where there is one right now.
    pub slot: Arc<Slot>,
    made_ms: i64,
    seen_ms: AtomicI64,
}

/// All creations.
pub struct Shelf {
    cache: Cache<String, Arc<Creation>>,
}

impl Default for Shelf {
    fn default() -> Self {
        let millis = |ms: i64| Duration::from_millis(ms.unsigned_abs());
        let cache = Cache::builder()
            .time_to_idle(millis(IDLE_LIFE_MS))
            .time_to_live(millis(HARD_LIFE_MS))
            .weigher(|_: &String, creation: &Arc<Creation>| {
                u32::try_from(creation.bytes.as_slice().len()).unwrap_or(u32::MAX)
            })
            .max_capacity(u64::MAX)
            .build();
        Self { cache }
    }
}

impl Shelf {
    /// Whether there is room for one more of this session.
    ///
    /// # Errors
    /// `busy` where there is none.
    pub fn admit(&self, session: &str, now_ms: i64) -> Result<(), Refusal> {
        self.sweep(now_ms);
        let mine: Vec<Arc<Creation>> =
            self.cache.iter().map(|(_, creation)| creation).filter(|c| c.session == session).collect();
        // Who begins a sixth gives up the one that was used least lately.
        if mine.len() >= PER_SESSION
            && let Some(oldest) = mine.iter().min_by_key(|c| c.seen_ms.load(Ordering::Relaxed))
        {
            self.cache.invalidate(&sha256_hex(oldest.id.as_bytes()));
        }
        if self.cache.weighted_size() >= ALL_BYTES {
            let detail = "The portal holds as many unpublished apps as it can. Try again in a few minutes.";
            let mut refusal = Refusal::new(ProblemCode::Busy, detail);
            refusal.retry_after_s = Some(120);
            return Err(refusal);
        }
        Ok(())
    }

    /// Puts a creation on the shelf.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn put(
        &self,
        (session, locale): (&str, &'static Locale),
        upload: (SecretBytes, String),
        base: Base,
        slot: Arc<Slot>,
        now_ms: i64,
    ) -> Result<Arc<Creation>, Refusal> {
        let id = to_base64(&random::<32>()?);
        let (bytes, file_name) = upload;
        let creation = Arc::new(Creation {
            id: id.clone(),
            session: session.to_owned(),
            bytes,
            file_name,
            locale,
            draft: tokio::sync::Mutex::new(Draft::new(&base)),
            base,
            slot,
            made_ms: now_ms,
            seen_ms: AtomicI64::new(now_ms),
        });
        self.cache.insert(sha256_hex(id.as_bytes()), Arc::clone(&creation));
        Ok(creation)
    }

    /// The creation of this id, if it belongs to this session and its time is not over.
    ///
    /// # Errors
    /// `not_found` for everything else; the sentence does not say which.
    pub fn get(&self, session: Option<&str>, id: &str, now_ms: i64) -> Result<Arc<Creation>, Refusal> {
        let key = sha256_hex(id.as_bytes());
        let found = self.cache.get(&key).ok_or_else(gone)?;
        if found.is_over(now_ms) {
            self.cache.invalidate(&key);
            return Err(gone());
        }
        let session = session.ok_or_else(gone)?;
        if !equal(session.as_bytes(), found.session.as_bytes()) {
            return Err(gone());
        }
        found.seen_ms.store(now_ms, Ordering::Relaxed);
        Ok(found)
    }

    /// The creations of a session, the one used last first.
    #[must_use]
    pub fn of(&self, session: &str, now_ms: i64) -> Vec<Arc<Creation>> {
        let mut mine: Vec<Arc<Creation>> = self
            .cache
            .iter()
            .map(|(_, creation)| creation)
            .filter(|creation| creation.session == session && !creation.is_over(now_ms))
            .collect();
        mine.sort_by_key(|creation| std::cmp::Reverse(creation.seen_ms.load(Ordering::Relaxed)));
        mine
    }

    /// Forgets a creation.
    pub fn forget(&self, creation: &Creation) {
        self.cache.invalidate(&sha256_hex(creation.id.as_bytes()));
        self.cache.run_pending_tasks();
    }

    /// Forgets everything of a session. Says whether there was anything.
    pub fn forget_session(&self, session: &str, now_ms: i64) -> bool {
        let mine = self.of(session, now_ms);
        for creation in &mine {
            self.forget(creation);
        }
        !mine.is_empty()
    }

    /// Forgets what is over. Called now and then.
    pub fn sweep(&self, now_ms: i64) {
        let over: Vec<Arc<Creation>> =
            self.cache.iter().map(|(_, creation)| creation).filter(|c| c.is_over(now_ms)).collect();
        for creation in over {
            self.cache.invalidate(&sha256_hex(creation.id.as_bytes()));
        }
        self.cache.run_pending_tasks();
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.cache.run_pending_tasks();
        self.cache.entry_count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Creation {
    fn is_over(&self, now_ms: i64) -> bool {
        let idle_ms = now_ms.saturating_sub(self.seen_ms.load(Ordering::Relaxed));
        idle_ms > IDLE_LIFE_MS || now_ms.saturating_sub(self.made_ms) > HARD_LIFE_MS
    }

    /// Milliseconds until it ends if it is used no more.
    #[must_use]
    pub fn left_ms(&self, now_ms: i64) -> i64 {
        let idle = IDLE_LIFE_MS - now_ms.saturating_sub(self.seen_ms.load(Ordering::Relaxed));
        let hard = HARD_LIFE_MS - now_ms.saturating_sub(self.made_ms);
        idle.min(hard).max(0)
    }
}

fn gone() -> Refusal {
    Refusal::new(
        ProblemCode::NotFound,
        "There is no such draft in this browser. Drafts are kept in memory only, for 15 minutes without use and an \
         hour at most. Upload the spreadsheet again.",
    )
}

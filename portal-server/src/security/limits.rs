//! How often something may be tried: token buckets by key, beside the limits by address that stand in `http`.
//!
//! A bucket is full again after a while, so nobody can lock somebody else out for good. Buckets are dropped when
//! they have been full for long; their number is bounded.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::future::Cache;

use crate::refusal::Refusal;

/// How much a bucket holds and how fast it fills.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// What a full bucket allows at once.
    pub burst: u32,
    /// Milliseconds until one more is allowed.
    pub period_ms: u64,
}

#[derive(Debug)]
struct Bucket {
    /// When the bucket will be full again; the further ahead, the emptier it is.
    full_at_ms: i64,
}

/// Buckets by key.
pub struct Buckets {
    quota: Quota,
    buckets: Cache<String, Arc<Mutex<Bucket>>>,
}

impl Buckets {
    /// Buckets of one kind.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        let full_after_ms = quota.period_ms.saturating_mul(u64::from(quota.burst)).max(60_000);
        let buckets = Cache::builder()
            .max_capacity(100_000)
            .time_to_idle(Duration::from_millis(full_after_ms.saturating_mul(2)))
            .build();
        Self { quota, buckets }
    }

    /// Takes one from the key's bucket.
    ///
    /// # Errors
    /// A refusal with the seconds to wait, when the bucket is empty.
    pub async fn take(&self, key: &str, now_ms: i64) -> Result<(), Refusal> {
        let fresh = async { Arc::new(Mutex::new(Bucket { full_at_ms: now_ms })) };
        let bucket = self.buckets.get_with(key.to_owned(), fresh).await;
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let period_ms = i64::try_from(self.quota.period_ms).unwrap_or(i64::MAX).max(1);
        let room_ms = period_ms.saturating_mul(i64::from(self.quota.burst));
        let after_ms = bucket.full_at_ms.max(now_ms).saturating_add(period_ms);
        let over_ms = after_ms.saturating_sub(now_ms).saturating_sub(room_ms);
        if over_ms > 0 {
            let seconds = u64::try_from(over_ms).unwrap_or(1).div_ceil(1_000);
            return Err(Refusal::rate_limited(seconds));
        }
        bucket.full_at_ms = after_ms;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(Quota { burst: 3, period_ms: 10_000 });
        for _ in 0..3 {
            buckets.take("a", 1_000_000).await.unwrap();
        }
        let refusal = buckets.take("a", 1_000_000).await.unwrap_err();
        assert_eq!(refusal.retry_after_s, Some(10));
        assert!(buckets.take("b", 1_000_000).await.is_ok(), "another key has its own bucket");
        assert!(buckets.take("a", 1_009_999).await.is_err());
        assert!(buckets.take("a", 1_010_000).await.is_ok());
        assert!(buckets.take("a", 1_010_000).await.is_err());
    }
}

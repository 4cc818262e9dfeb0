//! The buckets in which shards begin their sessions: one of each in five seconds.
//!
//! Discord: Gateway, Max Concurrency. twilight's `InMemoryQueue` has one clock for all buckets, so that a
//! shard that asks a moment after the first waits five seconds, although its bucket is free.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// How long after one of a bucket the next may begin.
const APART: Duration = Duration::from_secs(5);

/// When a session of each bucket was last begun.
#[derive(Debug)]
pub(crate) struct Buckets(Box<[Mutex<Option<Instant>>]>);

impl Buckets {
    /// Makes so many: `max_concurrency`, as Discord calls it.
    pub(crate) fn new(count: u16) -> Self {
        let count = usize::from(count.max(1));
        Self((0..count).map(|_| Mutex::default()).collect())
    }

    /// Waits until it is the turn of a shard: those of its bucket come in the order in which they asked.
    ///
    /// # Cancel safety
    ///
    /// Whoever drops this gives its turn up.
    pub(crate) async fn pass(&self, shard: u32) {
        let buckets = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let bucket = usize::try_from(shard % buckets).unwrap_or_default();
        let mut latest = self.0[bucket].lock().await;
        if let Some(latest) = *latest {
            sleep_until(latest + APART).await;
        }
        *latest = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    /// Returns when each of some shards may begin, in seconds.
    async fn begun(buckets: u16, shards: &[u32]) -> Vec<u64> {
        let buckets = Buckets::new(buckets);
        let start = Instant::now();
        join_all(shards.iter().map(async |shard| {
            buckets.pass(*shard).await;
            start.elapsed().as_secs()
        }))
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn one_of_each_bucket_begins_at_a_time() {
        assert_eq!(begun(1, &[0, 1, 2]).await, [0, 5, 10]);
        assert_eq!(begun(2, &[0, 1, 2, 3]).await, [0, 0, 5, 5]);
        assert_eq!(begun(16, &[0, 7, 15, 16]).await, [0, 0, 0, 5]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_late_does_not_wait_for_those_of_other_buckets() {
        let buckets = Buckets::new(2);
        buckets.pass(0).await;
        tokio::time::advance(APART / 5).await;
        let start = Instant::now();

        buckets.pass(1).await;

        assert_eq!(start.elapsed(), Duration::ZERO);
        buckets.pass(2).await;
        assert_eq!(start.elapsed(), APART * 4 / 5);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_its_turn_up_holds_nobody_up() {
        let buckets = Buckets::new(1);
        buckets.pass(0).await;
        let start = Instant::now();
        let impatient = tokio::time::timeout(APART / 5, buckets.pass(1));
        assert!(impatient.await.is_err());

        buckets.pass(2).await;

        assert_eq!(start.elapsed(), APART);
    }
}

//! Which bucket a call is counted in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::http::headers::BucketState;
use crate::http::limits::Bucket;
use crate::http::target::Target;

/// How many buckets are remembered, of those that nobody uses.
const MOST: usize = 4096;

/// All buckets that are known.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// How many there may be before those that nobody needs are looked for.
    sweep_at: usize,
    /// What Discord calls the bucket of a route, and how many calls it has.
    names: HashMap<u64, (Box<str>, u32)>,
    /// By the route until it is known what its bucket is called.
    unnamed: HashMap<Target, Arc<Bucket>>,
    /// By the name and the resource.
    named: HashMap<(Box<str>, u64), Arc<Bucket>>,
}

impl Buckets {
    /// Returns the bucket that a call is counted in, as far as is known.
    pub(crate) fn of(&self, target: Target) -> Arc<Bucket> {
        let mut known = self.known();
        known.forget();
        let known = &mut *known;
        if let Some((name, most)) = known.names.get(&target.route) {
            let key = (name.clone(), target.resource);
            let bucket = known.named.entry(key);
            return Arc::clone(bucket.or_insert_with(|| Arc::new(Bucket::new(Some(*most)))));
        }
        let bucket = known.unnamed.entry(target);
        Arc::clone(bucket.or_insert_with(|| Arc::new(Bucket::new(None))))
    }

    /// Notes what an answer says of the bucket that a call was counted in.
    pub(crate) fn answer(&self, target: Target, counted: &Arc<Bucket>, said: Option<&BucketState>) {
        let right = said.and_then(|said| self.learn(target, counted, said));
        match right {
            // It was counted in another: that one is told what is true of it.
            Some(right) if !Arc::ptr_eq(&right, counted) => {
                counted.lose();
                right.learn(said);
            }
            _ => counted.answer(said),
        }
    }

    /// Learns what the bucket of a route is called. Returns the bucket.
    fn learn(
        &self,
        target: Target,
        counted: &Arc<Bucket>,
        said: &BucketState,
    ) -> Option<Arc<Bucket>> {
        let name = said.name.clone()?;
        let mut known = self.known();
        known.names.insert(target.route, (name.clone(), said.limit));
        // Whoever waits for the bucket by its route waits for the right one from now on.
        let was_unnamed = known
            .unnamed
            .get(&target)
            .is_some_and(|unnamed| Arc::ptr_eq(unnamed, counted));
        let right = known.named.entry((name, target.resource));
        let right = Arc::clone(right.or_insert_with(|| {
            if was_unnamed {
                Arc::clone(counted)
            } else {
                Arc::new(Bucket::new(Some(said.limit)))
            }
        }));
        known.unnamed.remove(&target);
        Some(right)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Forgets what nobody needs, once there is much of it.
    fn forget(&mut self) {
        let size = |known: &Self| known.unnamed.len() + known.named.len() + known.names.len();
        if size(self) <= self.sweep_at.max(MOST) {
            return;
        }
        let now = Instant::now();
        self.unnamed.retain(|_, bucket| is_needed(bucket, now));
        self.named.retain(|_, bucket| is_needed(bucket, now));
        if self.names.len() > MOST {
            self.names.clear();
        }
        // Where most are needed, they are not all looked at for each that is added.
        self.sweep_at = 2 * size(self);
    }
}

/// Returns whether somebody uses a bucket, or it says something that is still true.
fn is_needed(bucket: &Arc<Bucket>, now: Instant) -> bool {
    Arc::strong_count(bucket) > 1 || !bucket.is_idle(now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    impl Buckets {
        fn remembered(&self) -> usize {
            let known = self.known();
            known.unnamed.len() + known.named.len() + known.names.len()
        }
    }

    fn target(resource: u64) -> Target {
        Target { route: 1, resource }
    }

    #[tokio::test]
    async fn r20_a_million_routes_are_not_remembered() {
        let buckets = Buckets::default();

        for resource in 0..1_000_000 {
            drop(buckets.of(target(resource)));
        }

        assert!(buckets.remembered() <= MOST + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn r20_buckets_are_remembered_for_as_long_as_they_say_something() {
        let buckets = Buckets::default();
        let said = BucketState {
            name: Some("name".into()),
            limit: 5,
            remaining: 4,
            resets_after: Duration::from_secs(2),
        };

        // As fast as Discord may be asked, each time for another channel.
        for resource in 0..50_000 {
            let counted = buckets.of(target(resource));
            let deadline = Instant::now() + Duration::from_secs(1);
            counted.turn(deadline).await.expect("nobody else asks");
            buckets.answer(target(resource), &counted, Some(&said));
            tokio::time::advance(Duration::from_millis(20)).await;
        }

        assert!(buckets.remembered() <= MOST + 1);
    }
}

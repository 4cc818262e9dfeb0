//! What was shed, by kind: counted, and told together.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::gateway::event::EventType;

/// How long is waited after one report before the next.
const PAUSE: Duration = Duration::from_secs(10);

/// What was shed, in surroundings of some type.
pub(crate) struct Tally<S> {
    total: AtomicU64,
    untold: Mutex<Untold<S>>,
}

/// What was shed and not told of.
struct Untold<S> {
    counts: HashMap<Option<EventType>, u64>,
    /// When and where the first of it was shed.
    first: Option<(Instant, S)>,
    /// When it was told last what was shed.
    told: Option<Instant>,
    /// Somebody will tell of it.
    is_awaited: bool,
}

/// When it is to be told what was shed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Now,
    /// By whoever is told so.
    At(Instant),
    /// Somebody was told already.
    Awaited,
}

/// What is to be told.
pub(crate) struct Shedding<S> {
    pub(crate) counts: HashMap<Option<EventType>, u64>,
    /// Since the first of it was shed.
    pub(crate) within: Duration,
    /// Those of the first.
    pub(crate) surroundings: S,
}

impl<S> Tally<S> {
    pub(crate) fn new() -> Self {
        Self {
            total: AtomicU64::new(0),
            untold: Mutex::new(Untold {
                counts: HashMap::new(),
                first: None,
                told: None,
                is_awaited: false,
            }),
        }
    }

    /// Returns how many were shed so far.
    pub(crate) fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Counts one, and returns when that is to be told.
    pub(crate) fn add(&self, kind: Option<EventType>, surroundings: impl FnOnce() -> S) -> Due {
        self.total.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        let mut untold = self.untold();
        *untold.counts.entry(kind).or_default() += 1;
        untold.first.get_or_insert_with(|| (now, surroundings()));
        if untold.is_awaited {
            return Due::Awaited;
        }
        untold.is_awaited = true;
        match untold.told.map(|told| told + PAUSE) {
            Some(next) if now < next => Due::At(next),
            _ => Due::Now,
        }
    }

    /// Takes what is to be told, if there is anything.
    pub(crate) fn take(&self) -> Option<Shedding<S>> {
        let mut untold = self.untold();
        untold.is_awaited = false;
        let (since, surroundings) = untold.first.take()?;
        untold.told = Some(Instant::now());
        Some(Shedding {
            counts: std::mem::take(&mut untold.counts),
            within: since.elapsed(),
            surroundings,
        })
    }

    fn untold(&self) -> MutexGuard<'_, Untold<S>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_is_told_at_once_and_the_rest_together() {
        let tally = Tally::new();
        let start = Instant::now();

        assert_eq!(tally.add(Some(EventType::TypingStart), || ()), Due::Now);
        let first = tally.take().expect("one was shed");
        assert_eq!(
            first.counts,
            HashMap::from([(Some(EventType::TypingStart), 1)])
        );

        advance(Duration::from_secs(4)).await;
        assert_eq!(
            tally.add(Some(EventType::TypingStart), || ()),
            Due::At(start + PAUSE)
        );
        assert_eq!(
            tally.add(Some(EventType::MessageCreate), || ()),
            Due::Awaited
        );
        advance(Duration::from_secs(6)).await;
        let rest = tally.take().expect("two were shed");
        let expected = [
            (Some(EventType::TypingStart), 1),
            (Some(EventType::MessageCreate), 1),
        ];
        assert_eq!(rest.counts, HashMap::from(expected));
        assert_eq!(rest.within, Duration::from_secs(6));
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_pause_it_is_told_at_once_again() {
        let tally = Tally::new();
        tally.add(Some(EventType::TypingStart), || ());
        tally.take().expect("one was shed");

        advance(PAUSE).await;

        assert_eq!(tally.add(Some(EventType::TypingStart), || ()), Due::Now);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_told_twice() {
        let tally = Tally::new();
        tally.add(Some(EventType::TypingStart), || ());
        tally.take().expect("one was shed");

        assert!(tally.take().is_none());
        assert_eq!(tally.total(), 1);
    }
}

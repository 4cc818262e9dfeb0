//! How many sessions may still be begun, and when.
//!
//! Discord lets a bot begin 1,000 sessions a day, over all its processes. When they are used up it ends all
//! sessions and resets the token. (Discord: Gateway, Session Start Limit Object.) What is left is asked
//! for at every start, so that it is kept over restarts; here it is counted on from there, and the
//! last tenth is spread over the time that is left.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::gateway::SessionStartLimit;

const HOUR: Duration = Duration::from_secs(3_600);
/// How many sessions a bot of few shards may begin within an hour as fast as it likes, and how far apart
/// they are after that: a gateway that refuses them all would use up those of a day in an hour and a half.
const FREE: u32 = 20;
const APART: Duration = Duration::from_secs(60);

/// How many sessions may still be begun.
#[derive(Debug)]
pub(crate) struct Budget {
    shards: u32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    total: u32,
    remaining: u32,
    /// When there are as many as at first.
    reset: Instant,
    every: Duration,
    /// When the sessions of the last hour were begun.
    begun: VecDeque<Instant>,
    asked: Instant,
}

/// Another session may not be begun yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotYet {
    pub(crate) until: Instant,
    pub(crate) remaining: u32,
}

impl Budget {
    pub(crate) fn new(limit: &SessionStartLimit, shards: u32) -> Self {
        Self {
            shards,
            state: Mutex::new(State::new(limit)),
        }
    }

    /// Begins to count from what Discord says now.
    pub(crate) fn correct(&self, limit: &SessionStartLimit) {
        let mut state = self.lock();
        let begun = std::mem::take(&mut state.begun);
        *state = State {
            begun,
            ..State::new(limit)
        };
    }

    /// Returns how long ago Discord was asked.
    pub(crate) fn age(&self) -> Duration {
        self.lock().asked.elapsed()
    }

    /// Takes one session out, or says when to ask again.
    pub(crate) fn take(&self) -> Result<(), NotYet> {
        let mut state = self.lock();
        let now = Instant::now();
        state.forget_before(now);
        if let Some(until) = state.next(self.free()).filter(|next| *next > now) {
            return Err(NotYet {
                until,
                remaining: state.remaining,
            });
        }
        state.remaining = state.remaining.saturating_sub(1);
        state.begun.push_back(now);
        Ok(())
    }

    /// All shards may begin one at first, and each another.
    fn free(&self) -> usize {
        let free = FREE.max(self.shards.saturating_mul(2));
        usize::try_from(free).unwrap_or(usize::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(limit: &SessionStartLimit) -> Self {
        let now = Instant::now();
        // What Discord says may be odd: less than none cannot be left, nor more than all.
        let every = Duration::from_millis(limit.reset_after).min(24 * HOUR);
        Self {
            total: limit.total.max(1),
            remaining: limit.remaining.min(limit.total),
            reset: now + every,
            every: 24 * HOUR,
            begun: VecDeque::new(),
            asked: now,
        }
    }

    fn forget_before(&mut self, now: Instant) {
        while self.begun.front().is_some_and(|begun| *begun + HOUR <= now) {
            self.begun.pop_front();
        }
        if self.reset <= now {
            self.remaining = self.total;
            self.reset = now + self.every;
        }
    }

    /// Returns when the next may be begun, unless that is now.
    fn next(&self, free: usize) -> Option<Instant> {
        if self.remaining == 0 {
            return Some(self.reset);
        }
        let last = *self.begun.back()?;
        let mut apart = Duration::ZERO;
        if self.begun.len() >= free {
            apart = APART;
        }
        if self.remaining <= self.total / 10 {
            let left = self.reset.saturating_duration_since(last);
            apart = apart.max(left / (self.remaining + 1));
        }
        Some(last + apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(remaining: u32, total: u32, reset_after: Duration) -> SessionStartLimit {
        SessionStartLimit {
            max_concurrency: 1,
            remaining,
            reset_after: u64::try_from(reset_after.as_millis()).unwrap(),
            total,
        }
    }

    /// Takes as many as can be had within a time.
    async fn taken_within(budget: &Budget, time: Duration) -> u32 {
        let end = Instant::now() + time;
        let mut taken = 0;
        loop {
            match budget.take() {
                Ok(()) => taken += 1,
                Err(not_yet) if not_yet.until > end => break,
                Err(not_yet) => tokio::time::sleep_until(not_yet.until).await,
            }
        }
        tokio::time::sleep_until(end).await;
        taken
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_begun_than_there_are() {
        let budget = Budget::new(&limit(10, 1_000, 5 * HOUR), 1);

        let before_the_reset = taken_within(&budget, 4 * HOUR).await;
        let after = taken_within(&budget, 2 * HOUR).await;

        assert!((5..=10).contains(&before_the_reset), "{before_the_reset}");
        assert!(after > 10, "there are more: {after}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_tenth_is_spread_over_the_time_that_is_left() {
        let budget = Budget::new(&limit(100, 1_000, 10 * HOUR), 1);

        let taken = taken_within(&budget, 5 * HOUR).await;

        assert!((40..=60).contains(&taken), "{taken}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_gateway_that_refuses_all_does_not_use_up_a_day() {
        let budget = Budget::new(&limit(1_000, 1_000, 24 * HOUR), 1);

        let of_hour = taken_within(&budget, HOUR).await;
        let of_day = taken_within(&budget, 22 * HOUR).await;

        assert!((FREE..=FREE + 60).contains(&of_hour), "{of_hour}");
        assert!(of_hour + of_day < 1_000, "{of_day}");
    }

    #[tokio::test(start_paused = true)]
    async fn all_shards_of_a_large_bot_may_begin() {
        let budget = Budget::new(&limit(1_000, 1_000, 24 * HOUR), 200);

        assert_eq!(taken_within(&budget, Duration::from_secs(1)).await, 400);
    }

    #[tokio::test(start_paused = true)]
    async fn what_discord_says_is_believed_within_reason() {
        let budget = Budget::new(&limit(5_000, 0, Duration::from_secs(u64::MAX / 2_000)), 1);

        let not_yet = budget.take().unwrap_err();

        assert_eq!(not_yet.remaining, 0);
        assert!(not_yet.until <= Instant::now() + 24 * HOUR);
        budget.correct(&limit(1, 1_000, HOUR));
        assert_eq!(budget.take(), Ok(()));
    }
}

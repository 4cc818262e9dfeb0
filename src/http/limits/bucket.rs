//! One bucket: how many calls are left of it, and who waits for one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use crate::http::headers::BucketState;

/// How long the first answer is waited for that says what the limit is. Then the others go, too, one
/// after each [`STEP`].
const PATIENCE: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(250);
/// By how much the end of a window may be off in two answers about the same.
const SAME_WINDOW: Duration = Duration::from_millis(500);

/// One bucket: how many calls are left of it, and who waits for one.
#[derive(Debug)]
pub(crate) struct Bucket {
    count: Mutex<Count>,
    /// Whoever is first in line looks at the count; the others wait for their turn.
    line: Semaphore,
    /// Told when an answer came that the first in line may wait for.
    answered: Notify,
}

/// What is known of a bucket.
#[derive(Debug, Default)]
struct Count {
    limit: Limit,
    /// How many were let through that are not answered.
    in_flight: u32,
    /// When another may be let through though nothing was answered yet.
    next: Option<Instant>,
    /// Discord said to wait, whatever else it says.
    blocked_until: Option<Instant>,
}

#[derive(Debug, Default)]
enum Limit {
    /// Nothing was answered yet.
    #[default]
    Unknown,
    /// The answers say nothing of a limit.
    None,
    /// So many are left until a time.
    Left {
        most: u32,
        remaining: u32,
        resets: Option<Instant>,
    },
}

/// What somebody has to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// A time.
    Until(Instant),
    /// An answer to another, or a time.
    ForAnswer(Option<Instant>),
}

impl Bucket {
    /// Makes a bucket of which the limit may be known, from others like it.
    pub(crate) fn new(most: Option<u32>) -> Self {
        let limit = most.map_or(Limit::Unknown, |most| Limit::Left {
            most,
            remaining: most,
            resets: None,
        });
        Self {
            count: Mutex::new(Count {
                limit,
                ..Count::default()
            }),
            line: Semaphore::new(1),
            answered: Notify::new(),
        }
    }

    /// Waits for a turn. Fails with the time when it would come, if that is too late.
    pub(crate) async fn turn(&self, deadline: Instant) -> Result<(), Option<Instant>> {
        let Ok(first) = tokio::time::timeout_at(deadline, self.line.acquire()).await else {
            return Err(self.count().free_at(Instant::now()));
        };
        let _first = first;
        loop {
            let answered = self.answered.notified();
            let wait = self.count().take(Instant::now());
            match wait {
                Ok(()) => return Ok(()),
                Err(Wait::Until(time)) if time > deadline => return Err(Some(time)),
                Err(Wait::Until(time)) => tokio::time::sleep_until(time).await,
                Err(Wait::ForAnswer(time)) => {
                    let until = time.map_or(deadline, |time| time.min(deadline));
                    let waited = tokio::time::timeout_at(until, answered).await;
                    if waited.is_err() && until == deadline {
                        return Err(None);
                    }
                }
            }
        }
    }

    /// Returns until when Discord said to wait, if that is not over.
    pub(crate) fn blocked_until(&self) -> Option<Instant> {
        let until = self.count().blocked_until;
        until.filter(|until| *until > Instant::now())
    }

    /// Gives a turn back that was not used.
    pub(crate) fn give_back(&self) {
        let mut count = self.count();
        count.land();
        if let Limit::Left {
            most, remaining, ..
        } = &mut count.limit
        {
            *remaining = (*remaining + 1).min(*most);
        }
        drop(count);
        self.answered.notify_one();
    }

    /// Notes that there will be no answer to one that was let through.
    pub(crate) fn lose(&self) {
        self.count().land();
        self.answered.notify_one();
    }

    /// Notes what an answer says.
    pub(crate) fn answer(&self, said: Option<&BucketState>) {
        let mut count = self.count();
        count.land();
        count.note(said, Instant::now());
        drop(count);
        self.answered.notify_one();
    }

    /// Notes what the answer to a call says that was counted elsewhere.
    pub(crate) fn learn(&self, said: Option<&BucketState>) {
        self.count().note(said, Instant::now());
        self.answered.notify_one();
    }

    /// Lets nobody through for a time.
    pub(crate) fn block(&self, until: Instant) {
        let mut count = self.count();
        count.blocked_until = count.blocked_until.max(Some(until));
    }

    /// Returns whether nothing would be lost without it.
    pub(crate) fn is_idle(&self, now: Instant) -> bool {
        let count = self.count();
        let is_blocked = count.blocked_until.is_some_and(|until| until > now);
        let is_used = match &count.limit {
            Limit::Left {
                most,
                remaining,
                resets,
            } => remaining < most && resets.is_some_and(|resets| resets > now),
            _ => false,
        };
        count.in_flight == 0 && !is_blocked && !is_used && self.line.available_permits() == 1
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Count {
    /// Takes one, or says what to wait for.
    fn take(&mut self, now: Instant) -> Result<(), Wait> {
        if let Some(until) = self.blocked_until.filter(|until| *until > now) {
            return Err(Wait::Until(until));
        }
        self.turn_over(now);
        match &mut self.limit {
            Limit::Unknown => {
                if self.next.is_some_and(|next| next > now) {
                    return Err(Wait::ForAnswer(self.next));
                }
                let pause = if self.in_flight > 0 { STEP } else { PATIENCE };
                self.next = Some(now + pause);
            }
            Limit::None => {}
            Limit::Left {
                remaining, resets, ..
            } => match (*remaining, *resets) {
                (0, Some(resets)) => return Err(Wait::Until(resets)),
                (0, None) => return Err(Wait::ForAnswer(None)),
                _ => *remaining -= 1,
            },
        }
        self.in_flight += 1;
        Ok(())
    }

    /// Begins a new window, if the last is over.
    fn turn_over(&mut self, now: Instant) {
        if let Limit::Left {
            most,
            remaining,
            resets,
        } = &mut self.limit
        {
            let is_over = match resets {
                Some(resets) => *resets <= now,
                // All were lost that could have said when it is.
                None => *remaining == 0 && self.in_flight == 0,
            };
            if is_over {
                // What is on its way may be counted in the new window.
                *remaining = most.saturating_sub(self.in_flight).max(1);
                *resets = None;
            }
        }
    }

    fn land(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if self.in_flight == 0 {
            self.next = None;
        }
    }

    fn note(&mut self, said: Option<&BucketState>, now: Instant) {
        let Some(said) = said else {
            if matches!(self.limit, Limit::Unknown) {
                self.limit = Limit::None;
            }
            return;
        };
        let mut ends = now + said.resets_after;
        let left = match &self.limit {
            // It is of a window that is over.
            Limit::Left {
                resets: Some(resets),
                ..
            } if ends + SAME_WINDOW < *resets => return,
            // Answers overtake each other: the one that leaves less is the later one.
            Limit::Left {
                remaining, resets, ..
            } if resets.is_none_or(|resets| ends < resets + SAME_WINDOW) => {
                ends = resets.map_or(ends, |resets| resets.max(ends));
                said.remaining.min(*remaining)
            }
            _ => said.remaining.saturating_sub(self.in_flight),
        };
        self.limit = Limit::Left {
            most: said.limit.max(1),
            remaining: left,
            resets: Some(ends),
        };
    }

    /// Returns when one could be let through, as far as is known.
    fn free_at(&self, now: Instant) -> Option<Instant> {
        let resets = match self.limit {
            Limit::Left {
                remaining: 0,
                resets,
                ..
            } => resets,
            _ => None,
        };
        self.blocked_until.max(resets).filter(|time| *time > now)
    }
}

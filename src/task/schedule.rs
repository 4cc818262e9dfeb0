//! The schedule of a task, once checked.

use std::time::Duration;

use tokio::time::Instant;

#[cfg(feature = "cron")]
use crate::task::Cron;
use crate::task::TaskFlaw;

/// When a task runs.
#[derive(Debug)]
pub(crate) enum Schedule {
    Every(Period),
    #[cfg(feature = "cron")]
    Cron(Box<Cron>),
    Start,
    Stop,
}

/// The time between two runs, and before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) between: Duration,
    pub(crate) before: Duration,
}

/// As good as never, for times that are too far away.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

impl Schedule {
    /// Makes a schedule with a period.
    pub(crate) fn every(
        between: Duration,
        before: Duration,
        jitter: Duration,
    ) -> Result<Self, TaskFlaw> {
        if between.is_zero() {
            return Err(TaskFlaw::NoPeriod);
        }
        if jitter >= between {
            return Err(TaskFlaw::LongJitter {
                jitter,
                period: between,
            });
        }
        Ok(Self::Every(Period { between, before }))
    }
}

impl Period {
    /// Returns when the next run is due, after one that was due at a time: the first time from now on that
    /// is a whole number of periods later.
    pub(crate) fn next(self, due: Instant, now: Instant) -> Instant {
        let late = now.saturating_duration_since(due);
        if late <= self.between {
            return later(due, self.between);
        }
        let over = late.as_nanos() % self.between.as_nanos();
        if over == 0 {
            return now;
        }
        later(now, self.between.saturating_sub(of_nanos(over)))
    }
}

/// Returns a time after another.
pub(crate) fn later(time: Instant, by: Duration) -> Instant {
    time.checked_add(by).unwrap_or_else(|| time + FAR)
}

/// Returns a random time up to another.
pub(crate) fn chance(most: Duration) -> Duration {
    most.mul_f64(fastrand::f64())
}

fn of_nanos(nanos: u128) -> Duration {
    const SECOND: u128 = 1_000_000_000;
    let seconds = u64::try_from(nanos / SECOND).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanos % SECOND).unwrap_or_default();
    Duration::new(seconds, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_next_run_is_a_whole_number_of_periods_later_and_not_past() {
        let period = Period {
            between: 5 * MINUTE,
            before: Duration::ZERO,
        };
        let due = Instant::now();

        for (now, next) in [
            (0, 5),
            (1, 5),
            (5, 5),
            (6, 10),
            (10, 10),
            (11, 15),
            (29, 30),
        ] {
            assert_eq!(
                period.next(due, due + now * MINUTE),
                due + next * MINUTE,
                "{now}"
            );
        }
    }

    #[test]
    fn a_run_that_is_early_changes_nothing() {
        let period = Period {
            between: 5 * MINUTE,
            before: Duration::ZERO,
        };
        let due = Instant::now() + MINUTE;

        assert_eq!(period.next(due, due - MINUTE), due + 5 * MINUTE);
    }

    #[test]
    fn what_is_too_far_away_is_as_good_as_never() {
        let now = Instant::now();

        assert!(later(now, Duration::MAX) > now + FAR / 2);
    }

    #[test]
    fn chance_stays_within_what_it_is_given() {
        assert_eq!(chance(Duration::ZERO), Duration::ZERO);
        for _ in 0..1_000 {
            assert!(chance(MINUTE) <= MINUTE);
        }
    }
}

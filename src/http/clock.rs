//! Discord's time.
//!
//! This machine's clock may be wrong, and then interactions would be taken for old. So the time is taken from
//! Discord's own answers, each of which has a date.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use hyper::header::{DATE, HeaderMap};
use tokio::time::Instant;

use crate::snowflake::made;

/// How old something can be that is told of as new: no session lasts that long without a connection. An
/// id that is older than this says nothing of when it was made.
const PLAUSIBLE: Duration = Duration::from_secs(24 * 60 * 60);

/// What time it is at Discord's, as far as its answers tell.
#[derive(Default)]
pub(crate) struct Clock(Mutex<Option<Reading>>);

/// At a moment, it was at least so many milliseconds since 1970.
#[derive(Clone, Copy)]
struct Reading {
    at: Instant,
    millis: u64,
}

impl Reading {
    /// Returns the time at a later moment.
    fn on(self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.at).as_millis();
        self.millis
            .saturating_add(u64::try_from(since).unwrap_or(u64::MAX))
    }
}

impl Clock {
    /// Learns from the headers of an answer. It was on its way for some time, and its date is in whole
    /// seconds, so it may be later by now, but not earlier: the latest that was told is the best.
    pub(crate) fn learn(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        let since = date.and_then(|date| date.duration_since(SystemTime::UNIX_EPOCH).ok());
        let Some(since) = since else { return };
        let told = Reading {
            at: Instant::now(),
            millis: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|known| known.on(told.at) < told.millis) {
            *known = Some(told);
        }
    }

    /// Returns how old something is at least, by its id. Where that cannot be known, it is new.
    pub(crate) fn age(&self, id: u64) -> Duration {
        let now = self.now().unwrap_or(0);
        let age = Duration::from_millis(now.saturating_sub(made(id)));
        if age > PLAUSIBLE { Duration::ZERO } else { age }
    }

    /// Returns what time it is at least, in milliseconds since 1970, once an answer has told.
    pub(crate) fn now(&self) -> Option<u64> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.map(|known| known.on(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use tokio::time::advance;

    use super::*;
    use crate::snowflake::EPOCH;

    const SECOND: Duration = Duration::from_secs(1);

    /// So many seconds after some moment of 2026.
    fn time(seconds: u64) -> Duration {
        Duration::from_secs(1_777_777_777 + seconds)
    }

    fn id(seconds: u64) -> u64 {
        (time(seconds).as_secs() * 1_000 - EPOCH) << 22
    }

    fn learn(clock: &Clock, seconds: u64) {
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + time(seconds));
        let date = HeaderValue::from_str(&date).unwrap();
        clock.learn(&[(DATE, date)].into_iter().collect());
    }

    #[tokio::test(start_paused = true)]
    async fn ages_are_told_by_the_latest_date() {
        let clock = Clock::default();
        learn(&clock, 10);
        advance(SECOND).await;
        learn(&clock, 8);

        assert_eq!(clock.age(id(4)), 7 * SECOND);
        learn(&clock, 12);
        assert_eq!(clock.age(id(4)), 8 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_dated_is_new() {
        let clock = Clock::default();
        assert_eq!(clock.age(id(4)), Duration::ZERO);

        clock.learn(&HeaderMap::new());
        let nonsense = HeaderValue::from_static("yesterday");
        clock.learn(&[(DATE, nonsense)].into_iter().collect());
        assert_eq!(clock.age(id(4)), Duration::ZERO);

        learn(&clock, 10);
        assert_eq!(clock.age(id(11)), Duration::ZERO);
        assert_eq!(clock.age(1), Duration::ZERO);
    }
}

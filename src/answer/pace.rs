//! How fast one interaction is answered, after its first answer.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many requests may be made within [`PERIOD`]. Each interaction has a rate limit of its own,
/// which Discord tells of only in its answers; and twilight logs the tokens of those it keeps waiting.
/// So requests are kept from being too many here.
const AT_ONCE: usize = 5;
const PERIOD: Duration = Duration::from_secs(2);

/// When the latest requests were made.
#[derive(Default)]
pub(crate) struct Pace(Mutex<VecDeque<Instant>>);

impl Pace {
    /// Waits until another request may be made.
    pub(crate) async fn turn(&self) {
        while let Err(next) = self.take(Instant::now()) {
            tokio::time::sleep_until(next).await;
        }
    }

    /// Takes a turn, or says when there is one.
    fn take(&self, now: Instant) -> Result<(), Instant> {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while latest.front().is_some_and(|made| *made + PERIOD <= now) {
            latest.pop_front();
        }
        if latest.len() < AT_ONCE {
            latest.push_back(now);
            return Ok(());
        }
        Err(latest[0] + PERIOD)
    }
}

//! How long somebody has waited for an answer.

use std::time::Duration;

use tokio::time::Instant;

/// How long somebody has waited for an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Age {
    received: Instant,
    /// Its age at `received`.
    before: Duration,
}

impl Age {
    /// Starts counting at an age.
    pub(crate) fn new(before: Duration) -> Self {
        Self {
            received: Instant::now(),
            before,
        }
    }

    /// Returns how old it is now.
    pub(crate) fn now(self) -> Duration {
        self.before + self.received.elapsed()
    }

    /// Returns how old it was when it was received.
    pub(crate) fn before(self) -> Duration {
        self.before
    }

    /// Returns when it reaches an age, which may be in the past.
    pub(crate) fn reaches(self, age: Duration) -> Instant {
        self.received + age.saturating_sub(self.before)
    }
}

//! Follows the signs of life of a connection: which were sent, and which were answered.
//!
//! twilight takes anything that comes for an answer, so a gateway that has stopped answering is not
//! noticed while it still sends events. And when the process was held up, twilight looks at its clock
//! before it looks at what came meanwhile. Both can be seen from outside.

use std::time::Duration;

use tokio::time::Instant;
use twilight_gateway::Latency;

/// How many signs of life in a row may go unanswered.
const MOST_UNANSWERED: u32 = 3;

/// Follows the signs of life of a connection.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    /// How often one is to be given, once the gateway has said so.
    interval: Option<Duration>,
    /// When the last was sent, by twilight's clock.
    sent: Option<std::time::Instant>,
    is_answered: bool,
    unanswered: u32,
    /// When the last was sent, or the interval was told.
    last: Option<Instant>,
}

/// What has become of a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// It was answered within this time.
    Answered(Duration),
    /// Too many in a row were not.
    Unanswered,
}

impl Pulse {
    /// Notes how often a sign of life is to be given.
    pub(crate) fn begin(&mut self, interval: Duration) {
        *self = Self {
            interval: Some(interval),
            last: Some(Instant::now()),
            ..Self::default()
        };
    }

    /// Looks whether there is anything new.
    pub(crate) fn look(&mut self, latency: &Latency) -> Option<Beat> {
        self.interval?;
        let is_another = latency.sent() != self.sent;
        if is_another {
            if self.sent.is_some() && !self.is_answered {
                self.unanswered += 1;
            }
            self.sent = latency.sent();
            self.is_answered = false;
            self.last = Some(Instant::now());
            if self.unanswered >= MOST_UNANSWERED {
                return Some(Beat::Unanswered);
            }
        }
        if self.is_answered || latency.received().is_none() {
            return None;
        }
        self.is_answered = true;
        self.unanswered = 0;
        latency.recent().first().copied().map(Beat::Answered)
    }

    /// Returns for how long no sign of life was given, if that was too long: the process was held up, and
    /// it is not the gateway that has fallen silent.
    pub(crate) fn stall(&self) -> Option<Duration> {
        let since = self.last?.elapsed();
        (since > self.interval? * 3 / 2).then_some(since)
    }
}

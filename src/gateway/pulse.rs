//! Follows the heartbeats of a connection: which were sent, and which were acknowledged.
//!
//! twilight takes anything that comes for an answer, so a gateway that has stopped answering is not
//! noticed while it still sends events. And when the process was held up, twilight looks at its clock
//! before it looks at what came meanwhile. Both can be seen from outside.

use std::time::Duration;

use tokio::time::Instant;
use twilight_gateway::Latency;

/// How many heartbeats in a row may go unacknowledged.
const MOST_UNANSWERED: u32 = 3;

/// Follows the heartbeats of a connection.
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

/// What became of a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// It was answered within this time.
    Answered(Duration),
    /// Too many in a row were not.
    Unanswered,
}

impl Pulse {
    /// Notes how often a heartbeat is to be sent.
    pub(crate) fn begin(&mut self, interval: Duration) {
        *self = Self {
            interval: Some(interval),
            last: Some(Instant::now()),
            ..Self::default()
        };
    }

    /// Returns how often a heartbeat is to be sent, once the gateway has said so.
    pub(crate) fn interval(&self) -> Option<Duration> {
        self.interval
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

    /// Returns for how long no heartbeat was sent, if that was too long: the process was held up, and
    /// it is not the gateway that has fallen silent.
    pub(crate) fn stall(&self) -> Option<Duration> {
        let since = self.last?.elapsed();
        (since > self.interval? * 3 / 2).then_some(since)
    }
}

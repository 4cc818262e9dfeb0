//! Time limits for each step of a connection.

use std::time::Duration;

use tokio::time::Instant;

/// How long the gateway may take to say hello, once it is being connected to.
const HELLO: Duration = Duration::from_secs(20);
/// How long it may take to begin or resume a session before somebody is told. While Discord has an outage
/// it begins them late. (Discord: Gateway, Connection Lifecycle.)
const LATE: Duration = Duration::from_secs(60);
/// How long it may take at all.
const READY: Duration = Duration::from_secs(5 * 60);

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It has not been said hello to.
    Connecting,
    /// It waits for its turn to begin a session.
    Waiting,
    /// A session is being begun.
    Beginning,
    /// A session is being resumed.
    Resuming,
    /// Events come.
    Active,
}

impl Step {
    /// Returns what is being done.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Waiting => "waiting for its turn",
            Self::Beginning => "beginning a session",
            Self::Resuming => "resuming a session",
            Self::Active => "sending events",
        }
    }
}

/// Watches a connection.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) step: Step,
    since: Instant,
    was_told: bool,
}

/// What comes of watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It takes longer than it should.
    Late,
    /// It takes too long.
    TooLate,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self {
            step: Step::Connecting,
            since: Instant::now(),
            was_told: false,
        }
    }

    /// Notes how far the connection is.
    pub(crate) fn reach(&mut self, step: Step) {
        *self = Self {
            step,
            ..Self::new()
        };
    }

    /// Returns since when it is that far.
    pub(crate) fn since(&self) -> Instant {
        self.since
    }

    /// Waits until something takes longer than it should.
    pub(crate) async fn late(&mut self) -> Seen {
        let (late, too_late) = match self.step {
            Step::Connecting => (None, HELLO),
            Step::Beginning | Step::Resuming => (Some(LATE), READY),
            // One may have to wait for long; and events come when they come.
            Step::Waiting | Step::Active => return std::future::pending().await,
        };
        if let Some(late) = late.filter(|_| !self.was_told) {
            tokio::time::sleep_until(self.since + late).await;
            self.was_told = true;
            return Seen::Late;
        }
        tokio::time::sleep_until(self.since + too_late).await;
        Seen::TooLate
    }
}

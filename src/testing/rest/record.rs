//! The record of all requests, and the count of those that are not answered yet.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::testing::discord::Discord;
use crate::testing::rest::request::Request;
use crate::testing::transcript::Happening;

/// A request that the HTTP interface received, whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    at: Duration,
    method: String,
    path: String,
    status: Option<u16>,
    answered: Option<Duration>,
    retry_after: Option<Duration>,
}

impl RequestRecord {
    /// Returns when it arrived, since the simulator started, by tokio's clock.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Returns its method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns its path, without the version, and without the tokens of webhooks and interactions.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the status of the answer, or `None` if it was not, or not yet, answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns when the answer was sent, since the simulator started, by tokio's clock.
    #[must_use]
    pub fn answered_at(&self) -> Option<Duration> {
        self.answered
    }

    /// Returns how long the answer said to wait before trying again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns whether a rate limit refused it.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status == Some(429)
    }
}

impl fmt::Display for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {} => ", self.at, self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, "{status}"),
            None => f.write_str("no answer"),
        }
    }
}

/// A request whose answer is not sent to its end.
///
/// It is dropped when the answer ends, be it by the last byte or because the client went away: then
/// nobody waits for the request any longer.
pub(crate) struct Open {
    discord: Arc<Discord>,
    /// The index of its record.
    index: usize,
}

impl Open {
    /// Notes that a request arrives.
    pub(crate) fn new(discord: &Arc<Discord>, request: &Request) -> Self {
        let index = discord.with(|state| {
            state.requests += 1;
            state.records.push(RequestRecord {
                at: state.world.elapsed(),
                method: request.method.clone(),
                path: request.path.clone(),
                status: None,
                answered: None,
                retry_after: None,
            });
            state.records.len() - 1
        });
        Self {
            discord: Arc::clone(discord),
            index,
        }
    }

    /// Notes the answer.
    pub(crate) fn answered(&self, status: u16, retry_after: Option<Duration>) {
        self.discord.with(|state| {
            let now = state.world.elapsed();
            let record = &mut state.records[self.index];
            record.status = Some(status);
            record.answered = Some(now);
            record.retry_after = retry_after;
            let happening = Happening::Request {
                method: record.method.clone(),
                path: record.path.clone(),
                status,
            };
            state.note(happening);
        });
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.discord.with(|state| state.requests -= 1);
    }
}

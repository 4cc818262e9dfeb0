//! The record of all connections to the gateway, and of what clients sent over them.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use twilight_model::gateway::ShardId;

use crate::testing::sessions::shard_of;

/// A connection that the gateway accepted, whoever opened it.
///
/// All times are since the simulator started, by tokio's clock. Tokens are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionRecord {
    pub(crate) accepted: Duration,
    pub(crate) path: Option<String>,
    pub(crate) received: Vec<(Duration, Received)>,
    pub(crate) ended: Option<(Duration, ConnectionEnd)>,
}

impl ConnectionRecord {
    pub(crate) fn new(accepted: Duration) -> Self {
        Self {
            accepted,
            path: None,
            received: Vec::new(),
            ended: None,
        }
    }

    /// Returns when it was accepted.
    #[must_use]
    pub fn accepted_at(&self) -> Duration {
        self.accepted
    }

    /// Returns the path and query of its handshake, or `None` if it never became a websocket.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Returns what the gateway received over it, in order, each with its time.
    #[must_use]
    pub fn received(&self) -> &[(Duration, Received)] {
        &self.received
    }

    /// Returns when it ended, if it has.
    #[must_use]
    pub fn ended_at(&self) -> Option<Duration> {
        self.ended.map(|(at, _)| at)
    }

    /// Returns how it ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<ConnectionEnd> {
        self.ended.map(|(_, end)| end)
    }

    /// Returns whether a client tried to begin a session over it.
    #[must_use]
    pub fn is_identified(&self) -> bool {
        self.has(|received| matches!(received, Received::Identify { .. }))
    }

    /// Returns whether a client tried to resume a session over it.
    #[must_use]
    pub fn is_resumed(&self) -> bool {
        self.has(|received| matches!(received, Received::Resume { .. }))
    }

    /// Returns how many heartbeats were received over it.
    #[must_use]
    pub fn heartbeats(&self) -> usize {
        let is_heartbeat =
            |received: &&(Duration, Received)| matches!(received.1, Received::Heartbeat { .. });
        self.received.iter().filter(is_heartbeat).count()
    }

    fn has(&self, is_meant: impl Fn(&Received) -> bool) -> bool {
        self.received.iter().any(|(_, received)| is_meant(received))
    }
}

impl fmt::Display for ConnectionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().unwrap_or("no websocket");
        writeln!(f, "{:?} accepted: {path}", self.accepted)?;
        for (at, received) in &self.received {
            writeln!(f, "{at:?} received {received:?}")?;
        }
        match self.ended {
            Some((at, end)) => write!(f, "{at:?} ended: {end:?}"),
            None => f.write_str("open"),
        }
    }
}

/// What the gateway received over a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Received {
    /// The client begins a session.
    #[non_exhaustive]
    Identify {
        /// The shard, if it can be read.
        shard: Option<ShardId>,
        /// The status that the bot is to be shown with, such as `idle`.
        status: Option<String>,
    },
    /// The client resumes a session.
    #[non_exhaustive]
    Resume {
        /// The session's id.
        session: String,
        /// The sequence number of the last event that the client had.
        sequence: Option<u64>,
    },
    /// A heartbeat.
    #[non_exhaustive]
    Heartbeat {
        /// The sequence number of the last event that the client had.
        sequence: Option<u64>,
    },
    /// Anything else, by its opcode.
    Other(u64),
    /// A message of so many bytes that cannot be read.
    Unreadable(usize),
    /// The close frame, with its code.
    Close(Option<u16>),
}

impl Received {
    pub(crate) fn new(payload: &Value, bytes: usize) -> Self {
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => Self::Heartbeat {
                sequence: data.as_u64(),
            },
            Some(2) => Self::Identify {
                shard: shard_of(data),
                status: data["presence"]["status"].as_str().map(str::to_owned),
            },
            Some(6) => Self::Resume {
                session: data["session_id"].as_str().unwrap_or_default().to_owned(),
                sequence: data["seq"].as_u64(),
            },
            Some(op) => Self::Other(op),
            None => Self::Unreadable(bytes),
        }
    }
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionEnd {
    /// The gateway closed it, with a code or with none.
    Closed(Option<u16>),
    /// The gateway broke it off without a close frame.
    Dropped,
    /// The client closed it, with a code or with none.
    ClosedByClient(Option<u16>),
    /// The client went away without a close frame.
    LostByClient,
}

//! What the gateway was connected to by, and what it was sent: a record that stays.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use twilight_model::gateway::ShardId;

use crate::testing::sessions::shard_of;

/// A connection that the gateway accepted, whoever made it.
///
/// All times are since the simulator started, by tokio's clock. No token is kept.
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

    /// Returns the path that was asked for, with its query, or nothing if it was never a websocket.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Returns what was received over it, in order, each with its time.
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

    /// Returns whether a session was to be begun over it.
    #[must_use]
    pub fn is_identified(&self) -> bool {
        self.has(|received| matches!(received, Received::Identify { .. }))
    }

    /// Returns whether a session was to be resumed over it.
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
    /// A session is to be begun.
    #[non_exhaustive]
    Identify {
        /// For which shard, if that can be read.
        shard: Option<ShardId>,
        /// What the bot is to be shown as, such as `idle`.
        status: Option<String>,
    },
    /// A session is to be resumed.
    #[non_exhaustive]
    Resume {
        /// The session's id.
        session: String,
        /// The number of the last event that the client had.
        sequence: Option<u64>,
    },
    /// A sign of life.
    #[non_exhaustive]
    Heartbeat {
        /// The number of the last event that the client had.
        sequence: Option<u64>,
    },
    /// Something else, by its opcode.
    Other(u64),
    /// What cannot be read: so many bytes.
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
    /// The gateway broke it off without a word.
    Dropped,
    /// The client closed it, with a code or with none.
    ClosedByClient(Option<u16>),
    /// The client went away without a word.
    LostByClient,
}

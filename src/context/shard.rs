//! The shard that received an event.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use twilight_gateway::Command;
use twilight_model::gateway::ShardId;

use crate::context::{Outbox, Presence};
use crate::health::{Count, Vitals};

/// The shard that received the event: its place among the bot's shards, and a way to send through it.
#[derive(Clone)]
pub struct Shard {
    id: ShardId,
    /// Where commands wait, if there is a connection that they may go by.
    outbox: Option<Arc<Outbox>>,
    vitals: Option<Arc<Vitals>>,
}

/// The most that a command may have, in bytes. (Discord: Gateway, Sending Events.)
const MOST: usize = 4096;

/// The reason why a command was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[non_exhaustive]
pub enum NotSent {
    /// The bot is stopping, or has no shard.
    #[error("the shard is no longer connected")]
    Closed,
    /// The command is longer than Discord takes. Sending it would close the connection.
    #[error("the command has {bytes} bytes, but Discord takes at most {MOST}")]
    TooLarge {
        /// How long it is.
        bytes: usize,
    },
    /// Too many commands wait already: more than Discord takes in minutes.
    #[error("{waiting} commands already wait, and Discord takes only 120 per minute")]
    TooMany {
        /// How many wait.
        waiting: usize,
    },
}

impl Shard {
    /// Returns a shard that has no connection.
    pub(crate) fn apart() -> Self {
        Self {
            id: ShardId::ONE,
            outbox: None,
            vitals: None,
        }
    }

    pub(crate) fn new(vitals: Arc<Vitals>) -> Self {
        Self {
            id: vitals.shard(),
            outbox: Some(Arc::default()),
            vitals: Some(vitals),
        }
    }

    /// Returns what has been sent and has not gone, if there is a connection.
    pub(crate) fn outbox(&self) -> Option<&Arc<Outbox>> {
        self.outbox.as_ref()
    }

    /// Counts something that happened to it.
    pub(crate) fn count(&self, what: Count) {
        if let Some(vitals) = &self.vitals {
            vitals.count(what);
        }
    }

    /// Returns the shard's number and how many there are.
    #[must_use]
    pub fn id(&self) -> ShardId {
        self.id
    }

    /// Returns how long the gateway took to answer the last heartbeat.
    ///
    /// It is `None` until the first answer, some 41 seconds after the connection at the latest.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        self.vitals.as_ref()?.look().latency()
    }

    /// Sends a command to the gateway, such as
    /// [`UpdatePresence`](twilight_model::gateway::payload::outgoing::UpdatePresence).
    ///
    /// Commands wait while the shard is not connected, and while Discord would take no more: it takes 120 in
    /// a minute. Of presences only the last is sent, and new sessions begin with it. (Discord: Gateway,
    /// Sending Events and Rate Limiting.)
    ///
    /// # Errors
    ///
    /// [`NotSent`] if the bot is stopping, if the command is longer than Discord takes, or if 500 commands wait.
    pub fn command(&self, command: &impl Command) -> Result<(), NotSent> {
        let outbox = self.outbox.as_ref().ok_or(NotSent::Closed)?;
        outbox.put(written(command)?).map(drop)
    }

    /// Sets what the people in the guilds of this shard see of the bot beside its name.
    ///
    /// To set it on all shards at once, use [`Context::set_presence`](crate::Context::set_presence), which also
    /// describes when it is sent.
    ///
    /// # Errors
    ///
    /// [`NotSent::Closed`] if the bot is stopping.
    pub fn set_presence(&self, presence: Presence) -> Result<(), NotSent> {
        self.command(&presence.into_command())
    }
}

/// Writes a command as it is sent.
///
/// # Errors
///
/// [`NotSent::TooLarge`] if Discord would not take it.
pub(crate) fn written(command: &impl Command) -> Result<String, NotSent> {
    let json = serde_json::to_string(command).map_err(|_| NotSent::Closed)?;
    if json.len() > MOST {
        return Err(NotSent::TooLarge { bytes: json.len() });
    }
    Ok(json)
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shard").field(&self.id).finish()
    }
}

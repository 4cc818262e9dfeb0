//! The shard that an event came by.

use std::fmt;

use tokio::sync::mpsc::UnboundedSender;
use twilight_gateway::Command;
use twilight_model::gateway::ShardId;

/// The shard that an event came by: its place among the bot's shards, and a way to send through it.
#[derive(Clone)]
pub struct Shard {
    id: ShardId,
    sender: Option<UnboundedSender<String>>,
}

/// The most that a command may have, in bytes. (Discord: Gateway, Sending Events.)
const MOST: usize = 4096;

/// Why a command was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[non_exhaustive]
pub enum NotSent {
    /// The bot is stopping, or has no shard.
    #[error("the shard is not connected any more")]
    Closed,
    /// It is longer than Discord takes, which would close the connection.
    #[error("the command has {bytes} bytes, and Discord takes {MOST} at most")]
    TooLarge {
        /// How long it is.
        bytes: usize,
    },
}

impl Shard {
    pub(crate) fn new(id: ShardId, sender: Option<UnboundedSender<String>>) -> Self {
        Self { id, sender }
    }

    /// Returns the shard's number and how many there are.
    #[must_use]
    pub fn id(&self) -> ShardId {
        self.id
    }

    /// Sends a command to the gateway, such as
    /// [`UpdatePresence`](twilight_model::gateway::payload::outgoing::UpdatePresence).
    ///
    /// # Errors
    ///
    /// [`NotSent`] if the bot is stopping, or if the command is longer than Discord takes. One that is
    /// sent while the shard is not connected waits until it is.
    pub fn command(&self, command: &impl Command) -> Result<(), NotSent> {
        let sender = self.sender.as_ref().ok_or(NotSent::Closed)?;
        let json = serde_json::to_string(command).map_err(|_| NotSent::Closed)?;
        if json.len() > MOST {
            return Err(NotSent::TooLarge { bytes: json.len() });
        }
        sender.send(json).map_err(|_| NotSent::Closed)
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shard").field(&self.id).finish()
    }
}

//! The shard that an event came by.

use std::fmt;

use twilight_gateway::{Command, MessageSender};
use twilight_model::gateway::ShardId;

/// The shard that an event came by: its place among the bot's shards, and a way to send through it.
#[derive(Clone)]
pub struct Shard {
    id: ShardId,
    sender: Option<MessageSender>,
}

/// Why a command was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("the shard is not connected any more")]
#[non_exhaustive]
pub struct ShardClosed;

impl Shard {
    pub(crate) fn new(id: ShardId, sender: Option<MessageSender>) -> Self {
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
    /// [`ShardClosed`], if the bot is stopping.
    pub fn command(&self, command: &impl Command) -> Result<(), ShardClosed> {
        let sender = self.sender.as_ref().ok_or(ShardClosed)?;
        sender.command(command).map_err(|_| ShardClosed)
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shard").field(&self.id).finish()
    }
}

//! People: who write, join, react, and whom the bot cannot tell from any others.

use std::sync::Arc;

use twilight_model::id::Id as TypedId;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use crate::testing::discord::{Discord, State};
use crate::testing::settle::settle;
use crate::testing::world::Id;

/// Somebody on the simulated Discord.
///
/// What they do has its effect on the bot before it returns: every listener and error handler has
/// ended, and so has every request that they made. Tasks that they left running, by
/// [`Context::spawn`](crate::Context::spawn), may run on.
#[derive(Clone)]
pub struct Person {
    discord: Arc<Discord>,
    id: Id,
    name: String,
}

/// A message on the simulated Discord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageHandle {
    pub(crate) channel: Id,
    pub(crate) id: Id,
}

impl MessageHandle {
    /// Returns the message's id.
    #[must_use]
    pub fn id(&self) -> TypedId<MessageMarker> {
        TypedId::new(self.id)
    }

    /// Returns the id of the message's channel.
    #[must_use]
    pub fn channel_id(&self) -> TypedId<ChannelMarker> {
        TypedId::new(self.channel)
    }
}

impl Person {
    pub(crate) fn new(discord: &Arc<Discord>, name: &str) -> Self {
        let id = discord.with(|state| state.world.add_user(name, false));
        Self {
            discord: Arc::clone(discord),
            id,
            name: name.to_owned(),
        }
    }

    /// Returns their id.
    #[must_use]
    pub fn id(&self) -> TypedId<UserMarker> {
        TypedId::new(self.id)
    }

    /// Returns their name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text that mentions them.
    #[must_use]
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// Writes a message in `general`.
    pub async fn say(&self, content: impl Into<String>) -> MessageHandle {
        let channel = self.discord.with(|state| state.world.channels[0].id);
        self.write(channel, content.into()).await
    }

    /// Writes a message in a channel, by its name, which is made if there is none.
    pub async fn say_in(&self, channel: &str, content: impl Into<String>) -> MessageHandle {
        let channel = self.discord.with(|state| {
            let known = state
                .world
                .channels
                .iter()
                .find(|known| known.name == channel);
            match known.map(|known| known.id) {
                Some(id) => id,
                None => state.add_channel(channel),
            }
        });
        self.write(channel, content.into()).await
    }

    /// Writes a message to the bot alone.
    pub async fn whisper(&self, content: impl Into<String>) -> MessageHandle {
        let channel = self.discord.with(|state| state.world.conversation(self.id));
        self.write(channel, content.into()).await
    }

    async fn write(&self, channel: Id, content: String) -> MessageHandle {
        let write = |state: &mut State| state.say(self.id, channel, content);
        let id = self.discord.with(write);
        settle(&self.discord).await;
        MessageHandle { channel, id }
    }

    /// Changes a message of theirs.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message, or somebody else wrote it.
    pub async fn edit(&self, message: MessageHandle, content: impl Into<String>) {
        let is_theirs = self.discord.with_quietly(|state| {
            let message = state.world.message(message.channel, message.id);
            message.is_some_and(|message| message.author == self.id)
        });
        assert!(
            is_theirs,
            "`{}` can only edit messages of theirs",
            self.name
        );
        let rewrite =
            |state: &mut State| state.rewrite(message.channel, message.id, content.into());
        self.discord.with(rewrite);
        settle(&self.discord).await;
    }

    /// Deletes a message.
    pub async fn delete(&self, message: MessageHandle) {
        self.discord
            .with(|state| state.remove_message(message.channel, message.id));
        settle(&self.discord).await;
    }

    /// Reacts to a message.
    pub async fn react(&self, message: MessageHandle, emoji: &str) {
        self.discord
            .with(|state| state.react((message.channel, message.id), emoji, self.id));
        settle(&self.discord).await;
    }

    /// Takes a reaction back.
    pub async fn unreact(&self, message: MessageHandle, emoji: &str) {
        self.discord
            .with(|state| drop(state.remove((message.channel, message.id), emoji, self.id)));
        settle(&self.discord).await;
    }

    /// Is seen typing in `general`.
    pub async fn type_something(&self) {
        self.discord.with(|state| {
            let channel = state.world.channels[0].id;
            state.typing(channel, self.id);
        });
        settle(&self.discord).await;
    }

    /// Joins the guild, unless they are in it.
    pub async fn join(&self) {
        self.discord.with(|state| state.join(self.id));
        settle(&self.discord).await;
    }

    /// Leaves the guild.
    pub async fn leave(&self) {
        self.discord.with(|state| state.leave(self.id));
        settle(&self.discord).await;
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

//! People: who write, join, react, and whom the bot cannot tell from any others.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use twilight_model::id::Id as TypedId;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use crate::testing::discord::{Discord, State};
use crate::testing::interactions::{AUTOCOMPLETE, COMMAND};
use crate::testing::settle::settle;
use crate::testing::transcript::Happening;
use crate::testing::world::{BOT, Channel, Id};

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
    /// Where they are: in their conversation with the bot, or else in the guild.
    conversation: Option<Id>,
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
        assert!(name != BOT, "`{BOT}` is the bot: no person is called that");
        let id = discord.with(|state| state.world.add_user(name, false));
        Self {
            discord: Arc::clone(discord),
            id,
            name: name.to_owned(),
            conversation: None,
        }
    }

    /// Returns the same person in their direct messages with the bot: what they would do in `general`
    /// they do there.
    #[must_use]
    pub fn privately(&self) -> Self {
        let channel = self.discord.with(|state| state.world.conversation(self.id));
        Self {
            conversation: Some(channel),
            ..self.clone()
        }
    }

    pub(crate) fn discord(&self) -> &Arc<Discord> {
        &self.discord
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

    /// Returns whether they are in the guild.
    #[must_use]
    pub fn is_member(&self) -> bool {
        let is_member = |state: &State| state.world.member(self.id).is_some();
        self.discord.with_quietly(is_member)
    }

    /// Returns whether they may write in the guild: they are in it, and were not timed out.
    #[must_use]
    pub fn may_speak(&self) -> bool {
        let may_speak = |state: &State| state.world.may_speak(self.id);
        self.discord.with_quietly(may_speak)
    }

    /// Returns whether they are banned.
    #[must_use]
    pub fn is_banned(&self) -> bool {
        let is_banned = |state: &State| state.world.is_banned(self.id);
        self.discord.with_quietly(is_banned)
    }

    /// Writes a message in `general`.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or were timed out.
    pub async fn say(&self, content: impl Into<String>) -> MessageHandle {
        self.write(self.place(), content.into(), None).await
    }

    /// Has written a message in `general`, some time ago, before the bot was there to be told of it.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or were timed out.
    pub fn said(&self, ago: Duration, content: impl Into<String>) -> MessageHandle {
        let channel = self.place();
        self.speak_in(channel);
        let said = |state: &mut State| state.said(self.id, channel, content.into(), ago);
        let id = self.discord.with(said);
        MessageHandle { channel, id }
    }

    /// Takes no direct messages from the bot from now on, as somebody does who blocks it, or who takes
    /// none from members of the guild.
    pub fn close_messages(&self) {
        self.discord.with(|state| {
            if let Some(user) = state.world.users.iter_mut().find(|user| user.id == self.id) {
                user.is_closed = true;
            }
        });
    }

    /// Writes a message in a channel, by its name, which is made if there is none.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or were timed out.
    pub async fn say_in(&self, channel: &str, content: impl Into<String>) -> MessageHandle {
        let channel = self.discord.with(|state| {
            let mut channels = state.world.channels.iter();
            if let Some(known) = channels.find(|known| known.name == channel) {
                return known.id;
            }
            let channel = Channel {
                name: channel.to_owned(),
                ..state.world.new_channel()
            };
            let id = channel.id;
            state.add_channel(channel);
            id
        });
        self.write(channel, content.into(), None).await
    }

    /// Writes a message to the bot alone.
    pub async fn whisper(&self, content: impl Into<String>) -> MessageHandle {
        let channel = self.discord.with(|state| state.world.conversation(self.id));
        self.write(channel, content.into(), None).await
    }

    /// Answers a message, in its channel. Its author is mentioned, as Discord's own clients do.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message, or in a guild that they are not in or were timed out in.
    pub async fn reply(&self, to: MessageHandle, content: impl Into<String>) -> MessageHandle {
        self.look_at(to);
        self.write(to.channel, content.into(), Some(to.id)).await
    }

    async fn write(&self, channel: Id, content: String, answers: Option<Id>) -> MessageHandle {
        self.speak_in(channel);
        let write = |state: &mut State| state.say(self.id, channel, content, answers);
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
        assert!(
            self.look_at(message) == self.id,
            "`{}` can only edit messages of theirs",
            self.name
        );
        let rewrite =
            |state: &mut State| state.rewrite(message.channel, message.id, content.into());
        self.discord.with(rewrite);
        settle(&self.discord).await;
    }

    /// Deletes a message, be it theirs or, as a moderator, somebody else's.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message.
    pub async fn delete(&self, message: MessageHandle) {
        self.look_at(message);
        self.discord
            .with(|state| state.remove_message(message.channel, message.id));
        settle(&self.discord).await;
    }

    /// Reacts to a message.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message, or in a guild that they are not in or were timed out in.
    pub async fn react(&self, message: MessageHandle, emoji: &str) {
        self.look_at(message);
        self.speak_in(message.channel);
        self.discord
            .with(|state| state.react((message.channel, message.id), emoji, self.id));
        settle(&self.discord).await;
    }

    /// Runs a slash command in `general`, as it would be typed: `/roll sides:20 why:because I can`.
    ///
    /// Users are named as `@alice`, channels as `#general`, roles as `@moderators`, choices by their
    /// names; for a file its name stands.
    ///
    /// # Panics
    ///
    /// Panics if Discord knows no such command, or its clients would not let it be sent: an option is
    /// missing or out of range, or the command is not shown to them. Panics if they are not in the
    /// guild, or were timed out.
    pub async fn run(&self, line: &str) {
        let data = self.read(|state, who| state.typed(who, line, false));
        self.command((COMMAND, self.place()), line, &data).await;
    }

    /// Types a slash command up to an option that is completed, and returns what it could be set to.
    ///
    /// # Panics
    ///
    /// As for [`run`](Self::run); and if the option that is typed last is not completed.
    pub async fn complete(&self, line: &str) -> Vec<String> {
        let data = self.read(|state, who| state.typed(who, line, true));
        self.discord.with(|state| state.completions.clear());
        self.command((AUTOCOMPLETE, self.place()), line, &data)
            .await;
        self.discord.with_quietly(|state| state.completions.clone())
    }

    /// Chooses from the menu of a message.
    ///
    /// # Panics
    ///
    /// As for [`run`](Self::run); and if there is no such message.
    pub async fn menu(&self, name: &str, message: MessageHandle) {
        self.look_at(message);
        let place = (message.channel, message.id);
        let data = self.read(|state, (user, _)| state.on_message(user, name, place));
        self.command((COMMAND, message.channel), name, &data).await;
    }

    /// Chooses from the menu of a person.
    ///
    /// # Panics
    ///
    /// As for [`run`](Self::run).
    pub async fn menu_of(&self, name: &str, person: &Self) {
        let data = self.read(|state, who| state.on_user(who, name, person.id));
        self.command((COMMAND, self.place()), name, &data).await;
    }

    /// Works out what a command means.
    fn read(&self, read: impl FnOnce(&State, (Id, Id)) -> Result<Value, String>) -> Value {
        let who = (self.id, self.place());
        let data = self.discord.with_quietly(|state| read(state, who));
        data.unwrap_or_else(|reason| panic!("`{}` cannot run that: {reason}", self.name))
    }

    /// Returns why a slash command cannot be run, if it cannot.
    pub(crate) fn refusal(&self, line: &str) -> Option<String> {
        let who = (self.id, self.place());
        let typed = |state: &State| state.typed(who, line, false);
        self.discord.with_quietly(typed).err()
    }

    async fn command(&self, (kind, channel): (u8, Id), command: &str, data: &Value) {
        self.speak_in(channel);
        self.discord.with(|state| {
            if kind == COMMAND {
                state.note(Happening::Ran {
                    by: self.name.clone(),
                    command: command.to_owned(),
                });
            }
            state.interact(kind, self.id, (channel, None), data)
        });
        settle(&self.discord).await;
    }

    /// Presses a button on a message, by its label or its custom id.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message or button, if the button is disabled or a link, if the
    /// message is shown to somebody else alone, or in a guild that they are not in or were timed out
    /// in.
    pub async fn click(&self, message: MessageHandle, button: &str) {
        let place = (message.channel, message.id);
        self.employ(message, |state| state.button(self.id, place, button))
            .await;
    }

    /// Chooses from a menu on a message, by its placeholder or its custom id. What is chosen goes by
    /// its label or value; users, roles and channels go by their names.
    ///
    /// # Panics
    ///
    /// As for [`click`](Self::click); and if the menu does not have what is chosen, or takes fewer or
    /// more.
    pub async fn select(&self, message: MessageHandle, menu: &str, chosen: &[&str]) {
        let place = (message.channel, message.id);
        self.employ(message, |state| state.menu(self.id, place, menu, chosen))
            .await;
    }

    /// Uses a component of a message.
    async fn employ(
        &self,
        message: MessageHandle,
        find: impl FnOnce(&State) -> Result<Value, String>,
    ) {
        self.look_at(message);
        self.speak_in(message.channel);
        let data = self.discord.with_quietly(find);
        let data = data.unwrap_or_else(|reason| panic!("`{}` finds: {reason}", self.name));
        self.discord
            .with(|state| state.employ(self.id, (message.channel, message.id), &data));
        settle(&self.discord).await;
    }

    /// Returns the title of the modal that they are shown, if they are.
    #[must_use]
    pub fn modal(&self) -> Option<String> {
        let title = |state: &State| {
            let mut modals = state.modals.iter();
            let shown = modals.find(|modal| modal.user == self.id)?;
            Some(shown.title.clone())
        };
        self.discord.with_quietly(title)
    }

    /// Fills in the modal that they are shown, by the labels or custom ids of its fields, and sends
    /// it.
    ///
    /// What is chosen goes by its label or value; users, roles and channels go by their names, as for
    /// [`run`](Self::run), and files too. Several are given with `, ` between them. A checkbox is given
    /// as `yes` or `no`. A field that is not given stays as it was shown.
    ///
    /// # Panics
    ///
    /// Panics if they are shown none, or if Discord's clients would not let it be sent: a field is
    /// missing, too short or too long, or not there; or something cannot be chosen, or not as often.
    pub async fn submit(&self, fields: &[(&str, &str)]) {
        let filled = |state: &State| state.filled(self.id, fields);
        let data = self.discord.with_quietly(filled);
        let data = data.unwrap_or_else(|reason| panic!("`{}` cannot submit: {reason}", self.name));
        self.discord.with(|state| state.submit(self.id, &data));
        settle(&self.discord).await;
    }

    /// Returns why a modal cannot be sent, if it cannot.
    pub(crate) fn unsubmittable(&self, fields: &[(&str, &str)]) -> Option<String> {
        let filled = |state: &State| state.filled(self.id, fields);
        self.discord.with_quietly(filled).err()
    }

    /// Takes a reaction back, if there is one.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message.
    pub async fn unreact(&self, message: MessageHandle, emoji: &str) {
        self.look_at(message);
        self.discord
            .with(|state| state.remove((message.channel, message.id), emoji, self.id));
        settle(&self.discord).await;
    }

    /// Is seen typing in `general`.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or were timed out.
    pub async fn type_something(&self) {
        let channel = self.place();
        self.speak_in(channel);
        self.discord.with(|state| state.typing(channel, self.id));
        settle(&self.discord).await;
    }

    /// Joins the guild, unless they are in it.
    ///
    /// # Panics
    ///
    /// Panics if they are banned.
    pub async fn join(&self) {
        assert!(
            !self.is_banned(),
            "`{}` is banned, and cannot join",
            self.name
        );
        self.discord.with(|state| state.join(self.id));
        settle(&self.discord).await;
    }

    /// Leaves the guild.
    pub async fn leave(&self) {
        self.discord.with(|state| state.leave(self.id));
        settle(&self.discord).await;
    }

    /// Returns the channel that they are in, unless they say where.
    fn place(&self) -> Id {
        let general = |state: &State| state.world.general;
        self.conversation
            .unwrap_or_else(|| self.discord.with_quietly(general))
    }

    /// Sees to it that they may speak in a channel.
    fn speak_in(&self, channel: Id) {
        let guild = |state: &State| state.world.guild_of(channel);
        assert!(
            self.discord.with_quietly(guild).is_none() || self.may_speak(),
            "`{name}` is not in the guild, or was timed out: \
             `sim.join(\"{name}\").await` lets them join",
            name = self.name
        );
    }

    /// Sees to it that there is a message, and returns its author.
    fn look_at(&self, message: MessageHandle) -> Id {
        let author = self.discord.with_quietly(|state| {
            let found = state.world.message(message.channel, message.id);
            found.map(|found| found.author)
        });
        author.unwrap_or_else(|| panic!("`{}` finds no such message: it is deleted", self.name))
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

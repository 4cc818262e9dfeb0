//! People on the simulated Discord: they write, join and react like real ones, and the bot cannot tell.

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

/// A person on the simulated Discord.
///
/// Each `async` method returns once the bot has dealt with what they did: every listener and error
/// handler has ended, and so has every request that these made. Tasks that handlers left running, by
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
        assert!(
            name != BOT,
            "`{BOT}` is the name of the bot: give the person another"
        );
        let id = discord.with(|state| state.world.add_user(name, false));
        Self {
            discord: Arc::clone(discord),
            id,
            name: name.to_owned(),
            conversation: None,
        }
    }

    /// Returns the same person in their direct messages with the bot.
    ///
    /// What they would do in `general`, they do there.
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

    /// Returns their user id.
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

    /// Returns whether they may write in the guild: they are in it, and not timed out.
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
    /// Panics if they are not in the guild, or are timed out.
    pub async fn say(&self, content: impl Into<String>) -> MessageHandle {
        self.write(self.place(), content.into(), None).await
    }

    /// Adds a message in `general` from some time ago, which the bot is not told of.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or are timed out.
    pub fn said(&self, ago: Duration, content: impl Into<String>) -> MessageHandle {
        let channel = self.place();
        self.speak_in(channel);
        let said = |state: &mut State| state.said(self.id, channel, content.into(), ago);
        let id = self.discord.with(said);
        MessageHandle { channel, id }
    }

    /// Makes them refuse direct messages from the bot from now on.
    ///
    /// People do so by blocking it, or by taking none from members of the guild.
    pub fn close_messages(&self) {
        self.discord.with(|state| {
            if let Some(user) = state.world.users.iter_mut().find(|user| user.id == self.id) {
                user.is_closed = true;
            }
        });
    }

    /// Writes a message in the channel of that name, which is created if there is none.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or are timed out.
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

    /// Writes a direct message to the bot.
    pub async fn whisper(&self, content: impl Into<String>) -> MessageHandle {
        let channel = self.discord.with(|state| state.world.conversation(self.id));
        self.write(channel, content.into(), None).await
    }

    /// Replies to a message, in its channel.
    ///
    /// Its author is mentioned, as Discord's own clients do by default.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message, or if it is in a guild that they are not in or are timed out
    /// in.
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

    /// Edits a message of theirs.
    ///
    /// # Panics
    ///
    /// Panics if there is no such message, or somebody else wrote it.
    pub async fn edit(&self, message: MessageHandle, content: impl Into<String>) {
        assert!(
            self.look_at(message) == self.id,
            "`{}` can only edit their own messages",
            self.name
        );
        let rewrite =
            |state: &mut State| state.rewrite(message.channel, message.id, content.into());
        self.discord.with(rewrite);
        settle(&self.discord).await;
    }

    /// Deletes a message: their own or, as a moderator, somebody else's.
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
    /// Panics if there is no such message, or if it is in a guild that they are not in or are timed out
    /// in.
    pub async fn react(&self, message: MessageHandle, emoji: &str) {
        self.look_at(message);
        self.speak_in(message.channel);
        self.discord
            .with(|state| state.react((message.channel, message.id), emoji, self.id));
        settle(&self.discord).await;
    }

    /// Runs a slash command in `general`, as one would type it: `/roll sides:20 why:because I can`.
    ///
    /// Name users as `@alice`, channels as `#general`, roles as `@moderators`, choices by their names,
    /// and files by their file names.
    ///
    /// # Panics
    ///
    /// Panics if Discord does not know the command, or if its clients would not send it: an option is
    /// missing or out of range, or the command is not shown to them. Panics if they are not in the
    /// guild, or are timed out.
    pub async fn run(&self, line: &str) {
        let data = self.read(|state, who| state.typed(who, line, false));
        self.command((COMMAND, self.place()), line, &data).await;
    }

    /// Types a slash command up to an option with autocompletion, and returns the suggested values.
    ///
    /// # Panics
    ///
    /// As for [`run`](Self::run); and if the last option has no autocompletion.
    pub async fn complete(&self, line: &str) -> Vec<String> {
        let data = self.read(|state, who| state.typed(who, line, true));
        self.discord.with(|state| state.completions.clear());
        self.command((AUTOCOMPLETE, self.place()), line, &data)
            .await;
        self.discord.with_quietly(|state| state.completions.clone())
    }

    /// Uses an entry of a message's context menu.
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

    /// Uses an entry of a person's context menu.
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
    /// Panics if there is no such message or button, if the button is disabled or a link, if the message
    /// is shown only to somebody else, or if it is in a guild that they are not in or are timed out in.
    pub async fn click(&self, message: MessageHandle, button: &str) {
        let place = (message.channel, message.id);
        self.employ(message, |state| state.button(self.id, place, button))
            .await;
    }

    /// Chooses from a select menu on a message, by its placeholder or its custom id.
    ///
    /// Give options by their label or value, and users, roles and channels by their names.
    ///
    /// # Panics
    ///
    /// As for [`click`](Self::click); and if the menu does not have these options, or takes fewer or
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
        let data =
            data.unwrap_or_else(|reason| panic!("`{}` cannot use that: {reason}", self.name));
        self.discord
            .with(|state| state.employ(self.id, (message.channel, message.id), &data));
        settle(&self.discord).await;
    }

    /// Returns the title of the modal that is shown to them, if one is.
    #[must_use]
    pub fn modal(&self) -> Option<String> {
        let title = |state: &State| {
            let mut modals = state.modals.iter();
            let shown = modals.find(|modal| modal.user == self.id)?;
            Some(shown.title.clone())
        };
        self.discord.with_quietly(title)
    }

    /// Fills in the modal that is shown to them, by the labels or custom ids of its fields, and sends
    /// it.
    ///
    /// Give options by their label or value, and users, roles, channels and files by their names, as for
    /// [`run`](Self::run). Separate several by `, `. Set a checkbox by `yes` or `no`. A field that you
    /// do not give keeps what it was shown with.
    ///
    /// # Panics
    ///
    /// Panics if no modal is shown to them, or if Discord's clients would not send it: a field is
    /// missing, unknown, too short or too long; or something cannot be chosen, or not as often.
    pub async fn submit(&self, fields: &[(&str, &str)]) {
        let filled = |state: &State| state.filled(self.id, fields);
        let data = self.discord.with_quietly(filled);
        let data = data.unwrap_or_else(|reason| panic!("`{}` cannot submit: {reason}", self.name));
        self.discord.with(|state| state.submit(self.id, &data));
        settle(&self.discord).await;
    }

    /// Returns why they cannot send a modal, if they cannot.
    pub(crate) fn unsubmittable(&self, fields: &[(&str, &str)]) -> Option<String> {
        let filled = |state: &State| state.filled(self.id, fields);
        self.discord.with_quietly(filled).err()
    }

    /// Removes their reaction from a message, if there is one.
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

    /// Starts typing in `general`.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild, or are timed out.
    pub async fn type_something(&self) {
        let channel = self.place();
        self.speak_in(channel);
        self.discord.with(|state| state.typing(channel, self.id));
        settle(&self.discord).await;
    }

    /// Joins the guild, unless they are already in it.
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

    /// Returns the channel that they act in, unless they name another.
    fn place(&self) -> Id {
        let general = |state: &State| state.world.general;
        self.conversation
            .unwrap_or_else(|| self.discord.with_quietly(general))
    }

    /// Asserts that they may speak in a channel.
    fn speak_in(&self, channel: Id) {
        let guild = |state: &State| state.world.guild_of(channel);
        assert!(
            self.discord.with_quietly(guild).is_none() || self.may_speak(),
            "`{name}` is not in the guild, or was timed out: \
             `sim.join(\"{name}\").await` lets them join",
            name = self.name
        );
    }

    /// Asserts that there is a message, and returns its author.
    fn look_at(&self, message: MessageHandle) -> Id {
        let author = self.discord.with_quietly(|state| {
            let found = state.world.message(message.channel, message.id);
            found.map(|found| found.author)
        });
        author.unwrap_or_else(|| panic!("`{}` cannot find the message: it was deleted", self.name))
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

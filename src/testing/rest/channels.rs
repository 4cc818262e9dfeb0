//! Channels.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};
use crate::testing::transcript::Happening;
use crate::testing::world::{Channel, Id};

pub(crate) const ROUTES: &[Route] = &[
    Route::new("GET", "/channels/*", State::get_channel),
    Route::new("PATCH", "/channels/*", State::edit_channel).form(SETTINGS),
    Route::new("DELETE", "/channels/*", State::delete_channel),
    Route::new("POST", "/channels/*/typing", State::type_in),
];

/// The settings of a channel.
pub(crate) const SETTINGS: &[&str] = &["name", "topic", "nsfw", "rate_limit_per_user", "position"];

impl State {
    /// Finds a channel that the bot may see.
    pub(crate) fn visible_channel(&self, channel: &str) -> Result<Id, Answer> {
        let channel = id(channel).and_then(|id| self.world.channel(id));
        let channel = channel.ok_or_else(Answer::unknown_channel)?.id;
        self.require_in(channel, Permissions::VIEW_CHANNEL)
            .map_err(|_| Answer::missing_access())?;
        Ok(channel)
    }

    /// Refuses what the bot has no permission for in a channel. Conversations have no permissions.
    pub(crate) fn require_in(&self, channel: Id, needed: Permissions) -> Result<(), Answer> {
        let is_in_guild = self.world.guild_of(channel).is_some();
        if is_in_guild && !self.world.bot_may(needed) {
            return Err(Answer::missing_permissions());
        }
        Ok(())
    }

    pub(crate) fn channel_answer(&self, channel: Id) -> Answered {
        let channel = self.world.channel(channel);
        let channel = channel.ok_or_else(Answer::unknown_channel)?;
        Ok(Answer::of(&self.world.channel_json(channel)))
    }

    fn get_channel(&mut self, call: &Call<'_>) -> Answered {
        self.channel_answer(self.visible_channel(call.path[0])?)
    }

    fn edit_channel(&mut self, call: &Call<'_>) -> Answered {
        let channel = self.visible_channel(call.path[0])?;
        if self.world.guild_of(channel).is_none() {
            let refusal = "Cannot execute action on this channel type";
            return Err(Answer::error(400, 50024, refusal));
        }
        self.require_in(channel, Permissions::MANAGE_CHANNELS)?;
        let found = self.world.channel_mut(channel);
        set(found.ok_or_else(Answer::unknown_channel)?, &call.form)?;
        self.tell_of_channel("CHANNEL_UPDATE", channel);
        self.channel_answer(channel)
    }

    fn delete_channel(&mut self, call: &Call<'_>) -> Answered {
        let channel = self.visible_channel(call.path[0])?;
        let answer = self.channel_answer(channel);
        // A conversation is only closed: opened again, it is the same. (Discord: User, Create DM.)
        if self.world.guild_of(channel).is_some() {
            self.require_in(channel, Permissions::MANAGE_CHANNELS)?;
            self.tell_of_channel("CHANNEL_DELETE", channel);
            self.world.channels.retain(|other| other.id != channel);
        }
        answer
    }

    fn tell_of_channel(&mut self, name: &'static str, channel: Id) {
        if let Some(found) = self.world.channel(channel) {
            let data = self.world.channel_json(found);
            self.tell_channel(name, channel, data);
        }
    }

    fn type_in(&mut self, call: &Call<'_>) -> Answered {
        let channel = self.visible_channel(call.path[0])?;
        self.require_in(channel, Permissions::SEND_MESSAGES)?;
        self.typing(channel, self.world.bot);
        Ok(Answer::done())
    }

    /// Shows a user as typing.
    pub(crate) fn typing(&mut self, channel: Id, user: Id) {
        let mut data = json!({
            "channel_id": channel.to_string(),
            "user_id": user.to_string(),
            "timestamp": self.world.now().as_secs(),
        });
        if let (Some(_), Some(member)) = (self.world.guild_of(channel), self.world.member(user)) {
            data["member"] = self.world.member_json(member);
        }
        self.note(Happening::Typed {
            by: self.world.name(user),
        });
        self.tell_channel("TYPING_START", channel, data);
    }
}

/// Sets the fields of a form on a channel.
///
/// # Errors
///
/// Refuses a name that is too short or too long, before anything is set.
pub(crate) fn set(channel: &mut Channel, form: &Value) -> Result<(), Answer> {
    if let Some(name) = form.get("name") {
        let name = name.as_str().unwrap_or_default();
        if !(1..=100).contains(&name.chars().count()) {
            let message = "Must be between 1 and 100 in length.";
            return Err(Answer::invalid("name", "BASE_TYPE_BAD_LENGTH", message));
        }
        name.clone_into(&mut channel.name);
    }
    if let Some(topic) = form.get("topic") {
        channel.topic = topic.as_str().map(str::to_owned);
    }
    if let Some(is_nsfw) = form["nsfw"].as_bool() {
        channel.is_nsfw = is_nsfw;
    }
    if let Some(seconds) = form["rate_limit_per_user"].as_u64() {
        channel.slow_mode = seconds;
    }
    if let Some(position) = form["position"].as_u64() {
        channel.position = position;
    }
    Ok(())
}

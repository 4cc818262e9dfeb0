//! Channels.

use serde_json::json;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::{Request, id};
use crate::testing::transcript::Happening;
use crate::testing::world::Id;

impl State {
    /// Finds a channel that the bot may see.
    pub(crate) fn visible_channel(&self, channel: &str) -> Result<Id, Answer> {
        let channel = id(channel).and_then(|id| self.world.channel(id));
        let channel = channel.ok_or_else(Answer::unknown_channel)?.id;
        let is_in_guild = self.world.guild_of(channel).is_some();
        if is_in_guild && !self.world.bot_may(Permissions::VIEW_CHANNEL) {
            return Err(Answer::missing_access());
        }
        Ok(channel)
    }

    /// Refuses what the bot may not do in a channel. In conversations there are no permissions.
    pub(crate) fn require_in(&self, channel: Id, needed: Permissions) -> Result<(), Answer> {
        let is_in_guild = self.world.guild_of(channel).is_some();
        if is_in_guild && !self.world.bot_may(needed) {
            return Err(Answer::missing_permissions());
        }
        Ok(())
    }

    fn channel_answer(&self, channel: Id) -> Result<Answer, Answer> {
        let channel = self
            .world
            .channel(channel)
            .ok_or_else(Answer::unknown_channel)?;
        Ok(Answer::of(&self.world.channel_json(channel)))
    }

    pub(crate) fn get_channel(&self, channel: &str) -> Result<Answer, Answer> {
        self.channel_answer(self.visible_channel(channel)?)
    }

    pub(crate) fn edit_channel(
        &mut self,
        channel: &str,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let channel = self.visible_channel(channel)?;
        self.require_in(channel, Permissions::MANAGE_CHANNELS)?;
        let (form, _) = request.form()?;
        if let Some(name) = form["name"].as_str() {
            if name.is_empty() || name.chars().count() > 100 {
                let message = "Must be between 1 and 100 in length.";
                return Err(Answer::invalid("name", "BASE_TYPE_BAD_LENGTH", message));
            }
            if let Some(channel) = self.world.channel_mut(channel) {
                name.clone_into(&mut channel.name);
            }
        }
        if let (Some(topic), Some(channel)) = (form.get("topic"), self.world.channel_mut(channel)) {
            channel.topic = topic.as_str().map(str::to_owned);
        }
        if let Some(changed) = self.world.channel(channel) {
            let changed = self.world.channel_json(changed);
            self.tell_channel("CHANNEL_UPDATE", channel, changed);
        }
        self.channel_answer(channel)
    }

    pub(crate) fn delete_channel(&mut self, channel: &str) -> Result<Answer, Answer> {
        let channel = self.visible_channel(channel)?;
        self.require_in(channel, Permissions::MANAGE_CHANNELS)?;
        let answer = self.channel_answer(channel)?;
        if let Some(gone) = self.world.channel(channel) {
            let gone = self.world.channel_json(gone);
            self.tell_channel("CHANNEL_DELETE", channel, gone);
        }
        self.world.channels.retain(|other| other.id != channel);
        Ok(answer)
    }

    pub(crate) fn type_in(&mut self, channel: &str) -> Result<Answer, Answer> {
        let channel = self.visible_channel(channel)?;
        self.require_in(channel, Permissions::SEND_MESSAGES)?;
        self.typing(channel, self.world.bot);
        Ok(Answer::done())
    }

    /// Lets a user be seen typing.
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

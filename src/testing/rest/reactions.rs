//! Reactions.

use serde_json::json;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::transcript::Happening;
use crate::testing::wire::emoji_json;
use crate::testing::world::{Id, Reaction};

impl State {
    /// Answers what is asked of a message's reactions, if it is anything known.
    pub(crate) fn reactions(
        &mut self,
        method: &str,
        channel: &str,
        message: &str,
        rest: &[&str],
    ) -> Option<Result<Answer, Answer>> {
        let place = self.visible_message(channel, message);
        Some(match (method, rest) {
            ("PUT", [emoji, "@me"]) => place.and_then(|place| self.add_own(place, emoji)),
            ("DELETE", [emoji, "@me"]) => {
                place.map(|place| self.remove(place, emoji, self.world.bot))
            }
            ("DELETE", [emoji, user]) => place.and_then(|place| self.remove_of(place, emoji, user)),
            ("GET", [emoji]) => place.and_then(|place| self.who_reacted(place, emoji)),
            ("DELETE", [emoji]) => place.and_then(|place| self.remove_emoji(place, emoji)),
            ("DELETE", []) => place.and_then(|place| self.remove_all(place)),
            _ => return None,
        })
    }

    fn add_own(&mut self, place: (Id, Id), emoji: &str) -> Result<Answer, Answer> {
        self.require_in(place.0, Permissions::ADD_REACTIONS)?;
        if emoji.is_empty() || emoji.is_ascii() && !emoji.contains(':') {
            return Err(Answer::error(400, 10014, "Unknown Emoji"));
        }
        self.react(place, emoji, self.world.bot);
        Ok(Answer::done())
    }

    /// Adds a reaction, whoever it is of.
    pub(crate) fn react(&mut self, (channel, message): (Id, Id), emoji: &str, user: Id) {
        let Some(found) = self.world.message_mut(channel, message) else {
            return;
        };
        match found
            .reactions
            .iter_mut()
            .find(|reaction| reaction.emoji == emoji)
        {
            Some(reaction) if reaction.users.contains(&user) => return,
            Some(reaction) => reaction.users.push(user),
            None => found.reactions.push(Reaction {
                emoji: emoji.to_owned(),
                users: vec![user],
            }),
        }
        let author = found.author;
        self.note(Happening::Reacted {
            by: self.world.name(user),
            emoji: emoji.to_owned(),
        });
        let mut data = json!({
            "user_id": user.to_string(),
            "channel_id": channel.to_string(),
            "message_id": message.to_string(),
            "message_author_id": author.to_string(),
            "emoji": emoji_json(emoji),
            "burst": false,
            "type": 0,
        });
        if let (Some(_), Some(member)) = (self.world.guild_of(channel), self.world.member(user)) {
            data["member"] = self.world.member_json(member);
        }
        self.tell_channel("MESSAGE_REACTION_ADD", channel, data);
    }

    /// Removes a reaction, whoever does it.
    pub(crate) fn remove(&mut self, (channel, message): (Id, Id), emoji: &str, user: Id) -> Answer {
        let Some(found) = self.world.message_mut(channel, message) else {
            return Answer::unknown_message();
        };
        let mut reactions = found.reactions.iter_mut();
        let Some(reaction) = reactions.find(|reaction| reaction.emoji == emoji) else {
            return Answer::done();
        };
        if !reaction.users.contains(&user) {
            return Answer::done();
        }
        reaction.users.retain(|other| *other != user);
        found
            .reactions
            .retain(|reaction| !reaction.users.is_empty());
        self.note(Happening::Unreacted {
            by: self.world.name(user),
            emoji: emoji.to_owned(),
        });
        let data = json!({
            "user_id": user.to_string(),
            "channel_id": channel.to_string(),
            "message_id": message.to_string(),
            "emoji": emoji_json(emoji),
            "burst": false,
            "type": 0,
        });
        self.tell_channel("MESSAGE_REACTION_REMOVE", channel, data);
        Answer::done()
    }

    fn remove_of(&mut self, place: (Id, Id), emoji: &str, user: &str) -> Result<Answer, Answer> {
        self.require_in(place.0, Permissions::MANAGE_MESSAGES)?;
        let user = id(user).ok_or_else(Answer::unknown_user)?;
        Ok(self.remove(place, emoji, user))
    }

    fn who_reacted(&self, (channel, message): (Id, Id), emoji: &str) -> Result<Answer, Answer> {
        let message = self
            .world
            .message(channel, message)
            .ok_or_else(Answer::unknown_message)?;
        let mut reactions = message.reactions.iter();
        let users = reactions
            .find(|reaction| reaction.emoji == emoji)
            .map(|reaction| &reaction.users);
        let users = users
            .into_iter()
            .flatten()
            .map(|user| self.world.user_json(*user));
        Ok(Answer::of(&json!(users.collect::<Vec<_>>())))
    }

    fn remove_emoji(
        &mut self,
        (channel, message): (Id, Id),
        emoji: &str,
    ) -> Result<Answer, Answer> {
        self.require_in(channel, Permissions::MANAGE_MESSAGES)?;
        if let Some(found) = self.world.message_mut(channel, message) {
            found.reactions.retain(|reaction| reaction.emoji != emoji);
        }
        let data = json!({
            "channel_id": channel.to_string(),
            "message_id": message.to_string(),
            "emoji": emoji_json(emoji),
        });
        self.tell_channel("MESSAGE_REACTION_REMOVE_EMOJI", channel, data);
        Ok(Answer::done())
    }

    fn remove_all(&mut self, (channel, message): (Id, Id)) -> Result<Answer, Answer> {
        self.require_in(channel, Permissions::MANAGE_MESSAGES)?;
        if let Some(found) = self.world.message_mut(channel, message) {
            found.reactions.clear();
        }
        let data = json!({
            "channel_id": channel.to_string(),
            "message_id": message.to_string(),
        });
        self.tell_channel("MESSAGE_REACTION_REMOVE_ALL", channel, data);
        Ok(Answer::done())
    }
}

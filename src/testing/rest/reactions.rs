//! Reactions.

use serde_json::json;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};
use crate::testing::transcript::Happening;
use crate::testing::wire::emoji_json;
use crate::testing::world::{Id, Message, Reaction};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(
        "PUT",
        "/channels/*/messages/*/reactions/*/@me",
        State::add_own,
    ),
    Route::new(
        "DELETE",
        "/channels/*/messages/*/reactions/*/@me",
        State::remove_own,
    ),
    Route::new(
        "DELETE",
        "/channels/*/messages/*/reactions/*/*",
        State::remove_of,
    ),
    Route::new(
        "GET",
        "/channels/*/messages/*/reactions/*",
        State::who_reacted,
    )
    .query(&["limit", "after"]),
    Route::new(
        "DELETE",
        "/channels/*/messages/*/reactions/*",
        State::remove_emoji,
    ),
    Route::new(
        "DELETE",
        "/channels/*/messages/*/reactions",
        State::remove_all,
    ),
];

impl State {
    fn place(&self, call: &Call<'_>) -> Result<(Id, Id), Answer> {
        self.visible_message(call.path[0], call.path[1])
    }

    fn add_own(&mut self, call: &Call<'_>) -> Answered {
        let (place, emoji) = (self.place(call)?, call.path[2]);
        self.require_in(place.0, Permissions::READ_MESSAGE_HISTORY)?;
        if emoji.is_empty() || emoji.is_ascii() && !emoji.contains(':') {
            return Err(Answer::error(400, 10014, "Unknown Emoji"));
        }
        // (Discord: Message, Create Reaction: the first reaction with an emoji takes a permission.)
        if self.reaction(place, emoji).is_none() {
            self.require_in(place.0, Permissions::ADD_REACTIONS)?;
        }
        self.react(place, emoji, self.world.bot);
        Ok(Answer::done())
    }

    fn reaction(&self, (channel, message): (Id, Id), emoji: &str) -> Option<&Reaction> {
        let message = self.world.message(channel, message)?;
        let mut reactions = message.reactions.iter();
        reactions.find(|reaction| reaction.emoji == emoji)
    }

    /// Adds a reaction of a user.
    pub(crate) fn react(&mut self, (channel, message): (Id, Id), emoji: &str, user: Id) {
        let Some(found) = self.world.message_mut(channel, message) else {
            return;
        };
        let mut reactions = found.reactions.iter_mut();
        match reactions.find(|reaction| reaction.emoji == emoji) {
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

    fn remove_own(&mut self, call: &Call<'_>) -> Answered {
        self.remove(self.place(call)?, call.path[2], self.world.bot);
        Ok(Answer::done())
    }

    fn remove_of(&mut self, call: &Call<'_>) -> Answered {
        let place = self.place(call)?;
        self.require_in(place.0, Permissions::MANAGE_MESSAGES)?;
        let user = id(call.path[3]).ok_or_else(Answer::unknown_user)?;
        self.remove(place, call.path[2], user);
        Ok(Answer::done())
    }

    /// Removes a reaction, whoever does it.
    pub(crate) fn remove(&mut self, (channel, message): (Id, Id), emoji: &str, user: Id) {
        let is_there = self
            .reaction((channel, message), emoji)
            .is_some_and(|reaction| reaction.users.contains(&user));
        let Some(found) = self.world.message_mut(channel, message) else {
            return;
        };
        if !is_there {
            return;
        }
        for reaction in &mut found.reactions {
            if reaction.emoji == emoji {
                reaction.users.retain(|other| *other != user);
            }
        }
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
    }

    fn who_reacted(&mut self, call: &Call<'_>) -> Answered {
        let place = self.place(call)?;
        let limit = call.limit(25, 100)?;
        let after = call.number("after").unwrap_or(0);
        let reaction = self.reaction(place, call.path[2]);
        let mut users: Vec<Id> = reaction.map_or(Vec::new(), |reaction| reaction.users.clone());
        users.sort_unstable();
        users.retain(|user| *user > after);
        let users = users.into_iter().take(limit);
        let users = users.map(|user| self.world.user_json(user));
        Ok(Answer::of(&json!(users.collect::<Vec<_>>())))
    }

    fn remove_emoji(&mut self, call: &Call<'_>) -> Answered {
        let emoji = call.path[2];
        let mut data = self.clear(call, |message| {
            message.reactions.retain(|reaction| reaction.emoji != emoji);
        })?;
        data["emoji"] = emoji_json(emoji);
        let channel = self.place(call)?.0;
        self.tell_channel("MESSAGE_REACTION_REMOVE_EMOJI", channel, data);
        Ok(Answer::done())
    }

    fn remove_all(&mut self, call: &Call<'_>) -> Answered {
        let data = self.clear(call, |message| message.reactions.clear())?;
        let channel = self.place(call)?.0;
        self.tell_channel("MESSAGE_REACTION_REMOVE_ALL", channel, data);
        Ok(Answer::done())
    }

    /// Removes reactions of a message. Returns its place.
    fn clear(
        &mut self,
        call: &Call<'_>,
        clear: impl FnOnce(&mut Message),
    ) -> Result<serde_json::Value, Answer> {
        let (channel, message) = self.place(call)?;
        self.require_in(channel, Permissions::MANAGE_MESSAGES)?;
        let found = self.world.message_mut(channel, message);
        clear(found.ok_or_else(Answer::unknown_message)?);
        Ok(json!({
            "channel_id": channel.to_string(),
            "message_id": message.to_string(),
        }))
    }
}

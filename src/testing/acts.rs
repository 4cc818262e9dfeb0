//! What people do, and the events for the bot.

use std::time::Duration;

use serde_json::json;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::transcript::Happening;
use crate::testing::world::{Channel, Id, Message, World};

impl State {
    /// Writes a message of a user, which may be a reply. Returns its id.
    pub(crate) fn say(
        &mut self,
        user: Id,
        channel: Id,
        content: String,
        answers: Option<Id>,
    ) -> Id {
        let mut message = self.world.new_message(channel, user, content);
        message.answers = answers;
        message.mentions = self
            .world
            .mentions(&message.content, self.answered_by(&message));
        self.note(Happening::Said {
            by: self.world.name(user),
            content: message.content.clone(),
        });
        self.tell_message("MESSAGE_CREATE", &message);
        let id = message.id;
        self.world.messages.push(message);
        id
    }

    /// Adds a message that a user wrote some time ago, without an event.
    pub(crate) fn said(&mut self, user: Id, channel: Id, content: String, ago: Duration) -> Id {
        let id = self.world.earlier_id(ago);
        let message = self.world.new_message(channel, user, content);
        let place = self.world.messages.partition_point(|other| other.id < id);
        self.world.messages.insert(place, Message { id, ..message });
        id
    }

    /// Returns the author of the message that a message replies to.
    pub(crate) fn answered_by(&self, message: &Message) -> Option<Id> {
        let answered = self.world.message(message.channel, message.answers?)?;
        Some(answered.author)
    }

    /// Changes the content of a message, whoever does it.
    pub(crate) fn rewrite(&mut self, channel: Id, message: Id, content: String) {
        let Some(found) = self.world.message(channel, message) else {
            return;
        };
        let mentions = self.world.mentions(&content, self.answered_by(found));
        let now = self.world.now();
        let Some(found) = self.world.message_mut(channel, message) else {
            return;
        };
        found.content = content;
        found.mentions = mentions;
        found.edited = Some(now);
        let found = found.clone();
        self.changed_message(&found);
    }

    /// Notes that a message was changed, and tells the bot.
    pub(crate) fn changed_message(&mut self, message: &Message) {
        self.note(Happening::Edited {
            by: self.world.name(message.author),
            content: message.text(),
        });
        if message.only_for.is_none() {
            self.tell_message("MESSAGE_UPDATE", message);
        }
    }

    /// Adds a user to the guild, unless they are in it.
    pub(crate) fn join(&mut self, user: Id) {
        if self.world.member(user).is_some() {
            return;
        }
        self.world.add_member(user);
        self.note(Happening::Joined {
            who: self.world.name(user),
        });
        if let Some(member) = self.world.member(user) {
            let member = self.world.member_json(member);
            self.tell_guild("GUILD_MEMBER_ADD", member);
        }
    }

    /// Removes a user from the guild, whoever causes that.
    pub(crate) fn leave(&mut self, user: Id) {
        if self.world.member(user).is_none() {
            return;
        }
        self.move_to(user, None);
        let members = &mut self.world.guild.members;
        members.retain(|member| member.user != user);
        self.note(Happening::Left {
            who: self.world.name(user),
        });
        let data = json!({ "user": self.world.user_json(user) });
        self.tell_guild("GUILD_MEMBER_REMOVE", data);
    }

    /// Adds a channel to the guild.
    pub(crate) fn add_channel(&mut self, channel: Channel) {
        let json = self.world.channel_json(&channel);
        self.world.channels.push(channel);
        self.tell_guild("CHANNEL_CREATE", json);
    }

    /// Gives a user of the guild a role of their own. Returns whether they are in it.
    pub(crate) fn grant(&mut self, user: Id, permissions: Permissions) -> bool {
        if self.world.member(user).is_none() {
            return false;
        }
        let name = format!("of {}", self.world.name(user));
        let role = self.world.add_role_of_people(&name, permissions);
        if let Some(member) = self.world.member_mut(user) {
            member.roles.push(role);
        }
        if let Some(role) = self.world.role(role) {
            let role = json!({ "role": World::role_json(role) });
            self.tell_guild("GUILD_ROLE_CREATE", role);
        }
        self.tell_member_update(user);
        true
    }
}

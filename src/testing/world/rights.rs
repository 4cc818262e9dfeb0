//! Permissions.

use twilight_model::guild::Permissions;
use twilight_model::util::Timestamp;

use crate::testing::world::{Id, Member, Role, World};

impl World {
    /// Returns whether a user is in the guild, and may speak there.
    pub(crate) fn may_speak(&self, user: Id) -> bool {
        let silent_until = |member: &Member| member.silent_until.map(Timestamp::as_micros);
        let now = self.now().as_micros();
        self.member(user)
            .is_some_and(|member| silent_until(member).is_none_or(|until| until <= now))
    }

    /// Returns whether the user in a conversation takes no messages from the bot.
    pub(crate) fn is_closed(&self, conversation: Id) -> bool {
        let other = self
            .channel(conversation)
            .and_then(|channel| channel.recipient);
        other
            .and_then(|user| self.user(user))
            .is_some_and(|user| user.is_closed)
    }

    /// Returns whether the bot has a permission in the guild.
    pub(crate) fn bot_may(&self, permission: Permissions) -> bool {
        self.permissions(self.bot).contains(permission)
    }

    /// Returns the permissions of a user in the guild.
    pub(crate) fn permissions(&self, user: Id) -> Permissions {
        let Some(member) = self.member(user) else {
            return Permissions::empty();
        };
        if user == self.guild.owner {
            return Permissions::all();
        }
        let is_own = |role: &&Role| role.id == self.guild.id || member.roles.contains(&role.id);
        let own = self.guild.roles.iter().filter(is_own);
        let own = own.fold(Permissions::empty(), |all, role| all | role.permissions);
        // (Discord: Permissions: administrators have all.)
        if own.contains(Permissions::ADMINISTRATOR) {
            return Permissions::all();
        }
        own
    }

    /// Returns the permissions of the bot in a channel.
    pub(crate) fn bot_permissions(&self, channel: Id) -> Permissions {
        if self.guild_of(channel).is_some() {
            return self.permissions(self.bot);
        }
        // (Discord: Receiving and Responding, the note on `app_permissions`.)
        Permissions::ATTACH_FILES
            | Permissions::EMBED_LINKS
            | Permissions::MENTION_EVERYONE
            | Permissions::USE_EXTERNAL_EMOJIS
    }

    /// Takes a permission away from the bot's roles, which are then no longer those of an administrator.
    pub(crate) fn deny_bot(&mut self, permission: Permissions) {
        let own = self.member(self.bot).map(|bot| bot.roles.clone());
        let own = own.unwrap_or_default();
        for role in &mut self.guild.roles {
            if role.id == self.guild.id || own.contains(&role.id) {
                role.permissions
                    .remove(permission | Permissions::ADMINISTRATOR);
            }
        }
    }
}

/// The permissions of everybody in a new guild.
pub(crate) fn usual_permissions() -> Permissions {
    Permissions::VIEW_CHANNEL
        | Permissions::SEND_MESSAGES
        | Permissions::READ_MESSAGE_HISTORY
        | Permissions::ADD_REACTIONS
        | Permissions::EMBED_LINKS
        | Permissions::ATTACH_FILES
}

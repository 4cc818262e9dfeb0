//! The things in the world: the guild, its parts, and messages.

use twilight_model::guild::Permissions;
use twilight_model::util::Timestamp;

use crate::testing::components::texts;
use crate::testing::world::Id;

/// The flag of messages that consist of components alone. (Discord: Message, Message Flags,
/// `IS_COMPONENTS_V2`.)
pub(crate) const LAYOUT: u64 = 1 << 15;

/// A webhook that posts in a channel.
#[derive(Clone)]
pub(crate) struct Webhook {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) channel: Id,
}

/// The bot in a voice channel.
#[derive(Clone)]
pub(crate) struct Voice {
    pub(crate) channel: Id,
    pub(crate) session: String,
    pub(crate) is_muted: bool,
    pub(crate) is_deafened: bool,
}

/// A person, or the bot.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) is_bot: bool,
    /// Whether they take no direct messages from the bot.
    pub(crate) is_closed: bool,
}

/// The guild.
pub(crate) struct Guild {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) owner: Id,
    pub(crate) roles: Vec<Role>,
    pub(crate) members: Vec<Member>,
    pub(crate) bans: Vec<Ban>,
}

/// A role.
#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) permissions: Permissions,
    pub(crate) position: i64,
}

/// A user in the guild.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) user: Id,
    pub(crate) nick: Option<String>,
    pub(crate) roles: Vec<Id>,
    pub(crate) joined: Timestamp,
    /// Until when they may not speak.
    pub(crate) silent_until: Option<Timestamp>,
}

/// A user who is banned.
#[derive(Clone)]
pub(crate) struct Ban {
    pub(crate) user: Id,
    pub(crate) reason: Option<String>,
}

/// A text or voice channel of the guild, or a conversation with the bot.
#[derive(Clone)]
pub(crate) struct Channel {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) topic: Option<String>,
    pub(crate) is_nsfw: bool,
    /// How many seconds a user waits between messages.
    pub(crate) slow_mode: u64,
    pub(crate) position: u64,
    /// The user in a conversation with the bot.
    pub(crate) recipient: Option<Id>,
    pub(crate) is_voice: bool,
}

/// A message.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) id: Id,
    pub(crate) channel: Id,
    pub(crate) author: Id,
    pub(crate) content: String,
    pub(crate) edited: Option<Timestamp>,
    pub(crate) mentions: Mentions,
    pub(crate) embeds: serde_json::Value,
    pub(crate) attachments: serde_json::Value,
    pub(crate) components: serde_json::Value,
    pub(crate) answers: Option<Id>,
    pub(crate) flags: u64,
    pub(crate) is_pinned: bool,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) nonce: serde_json::Value,
    /// Whether it is read aloud (`tts`).
    pub(crate) is_spoken: bool,
    /// The only user who sees it.
    pub(crate) only_for: Option<Id>,
    /// The metadata of the interaction that it answers.
    pub(crate) interaction: Option<serde_json::Value>,
}

/// Whom a message mentions.
#[derive(Clone, Default)]
pub(crate) struct Mentions {
    pub(crate) users: Vec<Id>,
    pub(crate) roles: Vec<Id>,
    pub(crate) everyone: bool,
}

/// Who reacted to a message with one emoji.
#[derive(Clone)]
pub(crate) struct Reaction {
    pub(crate) emoji: String,
    pub(crate) users: Vec<Id>,
}

impl Message {
    /// Returns whether it consists of components alone.
    pub(crate) fn is_layout(&self) -> bool {
        self.flags & LAYOUT != 0
    }

    /// Returns its text: its content, or the texts of its components.
    pub(crate) fn text(&self) -> String {
        if self.is_layout() {
            return texts(&self.components).join("\n");
        }
        self.content.clone()
    }

    /// Returns whether it is empty.
    pub(crate) fn is_empty(&self) -> bool {
        let lists = [&self.embeds, &self.attachments, &self.components];
        let has_none = |list: &&serde_json::Value| list.as_array().is_none_or(Vec::is_empty);
        self.content.trim().is_empty() && lists.iter().all(has_none)
    }
}

//! The world as JSON of Discord's interface.

use serde_json::{Value, json};
use twilight_model::gateway::Intents;
use twilight_model::util::Timestamp;

use crate::testing::world::{
    Channel, DISCORD_EPOCH, Id, Member, Message, Reaction, Role, User, Voice, World,
};

impl World {
    pub(crate) fn user_json(&self, id: Id) -> Value {
        let unknown = User {
            id,
            name: "deleted".to_owned(),
            is_bot: false,
            is_closed: false,
        };
        let user = self.user(id).unwrap_or(&unknown);
        json!({
            "id": user.id.to_string(),
            "username": user.name,
            "global_name": null,
            "discriminator": "0",
            "avatar": null,
            "bot": user.is_bot,
            "public_flags": 0,
        })
    }

    /// A user as an application tells of them.
    pub(crate) fn application_user_json(&self, id: Id) -> Value {
        let mut user = self.user_json(id);
        user["flags"] = json!(0);
        user["primary_guild"] = Value::Null;
        user
    }

    /// The bot about itself.
    pub(crate) fn current_user_json(&self) -> Value {
        let mut user = self.user_json(self.bot);
        user["mfa_enabled"] = json!(false);
        user["verified"] = json!(true);
        user["email"] = Value::Null;
        user["flags"] = json!(0);
        user
    }

    /// A member as part of an event that names the user beside it.
    fn partial_member_json(member: &Member) -> Value {
        json!({
            "avatar": null,
            "communication_disabled_until": member.silent_until.map(text_of),
            "deaf": false,
            "flags": 0,
            "joined_at": text_of(member.joined),
            "mute": false,
            "nick": member.nick,
            "pending": false,
            "roles": member.roles.iter().map(Id::to_string).collect::<Vec<_>>(),
        })
    }

    pub(crate) fn member_json(&self, member: &Member) -> Value {
        let mut json = Self::partial_member_json(member);
        json["user"] = self.user_json(member.user);
        json
    }

    pub(crate) fn role_json(role: &Role) -> Value {
        json!({
            "id": role.id.to_string(),
            "name": role.name,
            "color": 0,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false,
            "managed": false,
            "mentionable": false,
            "permissions": role.permissions.bits().to_string(),
            "position": role.position,
            "flags": 0,
        })
    }

    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        let newest = self
            .messages
            .iter()
            .rev()
            .find(|message| message.channel == channel.id);
        let newest = newest.map(|message| message.id.to_string());
        match channel.recipient {
            Some(user) => json!({
                "id": channel.id.to_string(),
                "type": 1,
                "last_message_id": newest,
                "recipients": [self.user_json(user)],
            }),
            None => json!({
                "id": channel.id.to_string(),
                "type": if channel.is_voice { 2 } else { 0 },
                "guild_id": self.guild.id.to_string(),
                "name": channel.name,
                "topic": channel.topic,
                "position": channel.position,
                "permission_overwrites": [],
                "nsfw": channel.is_nsfw,
                "last_message_id": newest,
                "rate_limit_per_user": channel.slow_mode,
                "parent_id": null,
            }),
        }
    }

    /// The guild, without the fields that only the gateway sends.
    pub(crate) fn guild_json(&self) -> Value {
        let guild = &self.guild;
        json!({
            "id": guild.id.to_string(),
            "name": guild.name,
            "owner_id": guild.owner.to_string(),
            "afk_channel_id": null,
            "afk_timeout": 300,
            "application_id": null,
            "banner": null,
            "default_message_notifications": 0,
            "description": null,
            "discovery_splash": null,
            "emojis": [],
            "explicit_content_filter": 0,
            "features": [],
            "icon": null,
            "large": false,
            "mfa_level": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": false,
            "premium_tier": 0,
            "public_updates_channel_id": null,
            "roles": guild.roles.iter().map(Self::role_json).collect::<Vec<_>>(),
            "rules_channel_id": null,
            "splash": null,
            "stickers": [],
            "system_channel_flags": 0,
            "system_channel_id": self.channels.first().map(|channel| channel.id.to_string()),
            "vanity_url_code": null,
            "verification_level": 0,
            "max_members": 500_000,
        })
    }

    /// The channels of the guild.
    pub(crate) fn channels_json(&self) -> Vec<Value> {
        let channels = self.channels.iter();
        let channels = channels.filter(|channel| channel.recipient.is_none());
        channels.map(|channel| self.channel_json(channel)).collect()
    }

    /// The guild as the gateway sends it. For a client without the intent for presences, it names the
    /// bot and the members in voice channels. (Discord: Gateway Events, Guild Create.)
    pub(crate) fn guild_create_json(&self, intents: Intents) -> Value {
        let names_all = intents.contains(Intents::GUILD_PRESENCES);
        let members = self.guild.members.iter();
        let is_named = |user| names_all || user == self.bot || self.is_heard(user);
        let named = members.filter(|member| is_named(member.user));
        let members: Vec<_> = named.map(|member| self.member_json(member)).collect();
        let joined = self.member(self.bot).map(|bot| text_of(bot.joined));
        let mut json = self.guild_json();
        json["joined_at"] = json!(joined);
        json["unavailable"] = json!(false);
        json["member_count"] = json!(self.guild.members.len());
        json["channels"] = json!(self.channels_json());
        json["members"] = json!(members);
        for empty in [
            "threads",
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
        ] {
            json[empty] = json!([]);
        }
        self.add_who_is_around(&mut json, intents);
        json
    }

    /// The bot's voice state.
    pub(crate) fn voice_json(&self, voice: &Voice) -> Value {
        let member = self.member(self.bot);
        json!({
            "guild_id": self.guild.id.to_string(),
            "channel_id": voice.channel.to_string(),
            "user_id": self.bot.to_string(),
            "member": member.map(|member| self.member_json(member)),
            "session_id": voice.session,
            "deaf": false,
            "mute": false,
            "self_deaf": voice.is_deafened,
            "self_mute": voice.is_muted,
            "self_video": false,
            "suppress": false,
            "request_to_speak_timestamp": null,
        })
    }

    /// The presence of a member who is online and does nothing.
    pub(crate) fn presence_json(member: &Member) -> Value {
        json!({
            "user": { "id": member.user.to_string() },
            "status": "online",
            "activities": [],
            "client_status": { "desktop": "online" },
        })
    }

    /// A message as the HTTP interface returns it.
    pub(crate) fn message_json(&self, message: &Message) -> Value {
        let mentions = message
            .mentions
            .users
            .iter()
            .map(|user| self.mention_json(*user));
        let timestamp = timestamp_of(message.id);
        let mut json = json!({
            "id": message.id.to_string(),
            "channel_id": message.channel.to_string(),
            "author": self.user_json(message.author),
            "content": message.content,
            "timestamp": timestamp,
            "edited_timestamp": message.edited.map(text_of),
            "tts": message.is_spoken,
            "mention_everyone": message.mentions.everyone,
            "mentions": mentions.collect::<Vec<_>>(),
            "mention_roles": message.mentions.roles.iter().map(Id::to_string).collect::<Vec<_>>(),
            "attachments": message.attachments,
            "embeds": message.embeds,
            "components": message.components,
            "pinned": message.is_pinned,
            "flags": message.flags,
            "application_id": (message.author == self.bot).then(|| self.application.to_string()),
            "type": if message.answers.is_some() { 19 } else { 0 },
        });
        if self
            .webhooks
            .iter()
            .any(|webhook| webhook.id == message.author)
        {
            json["webhook_id"] = json!(message.author.to_string());
        }
        if !message.nonce.is_null() {
            json["nonce"] = message.nonce.clone();
        }
        if let Some(metadata) = &message.interaction {
            json["interaction_metadata"] = metadata.clone();
        }
        if !message.reactions.is_empty() {
            json["reactions"] = message
                .reactions
                .iter()
                .map(|reaction| self.reactions_json(reaction))
                .collect();
        }
        if let Some(answered) = message.answers {
            json["message_reference"] = self.reference_json(message.channel, answered);
            json["referenced_message"] = self.referenced_json(message.channel, answered);
        }
        json
    }

    /// The message that another replies to, without the one that it replies to itself. (Discord: Message
    /// Structure, `referenced_message`.)
    fn referenced_json(&self, channel: Id, message: Id) -> Value {
        let Some(referenced) = self.message(channel, message) else {
            return Value::Null;
        };
        let alone = Message {
            answers: None,
            ..referenced.clone()
        };
        let mut json = self.message_json(&alone);
        if let Some(answered) = referenced.answers {
            json["type"] = json!(19);
            json["message_reference"] = self.reference_json(channel, answered);
        }
        json
    }

    fn reference_json(&self, channel: Id, message: Id) -> Value {
        let guild = self.guild_of(channel).map(|guild| guild.to_string());
        json!({
            "type": 0,
            "message_id": message.to_string(),
            "channel_id": channel.to_string(),
            "guild_id": guild,
        })
    }

    /// A message as the gateway sends it.
    pub(crate) fn message_event_json(&self, message: &Message) -> Value {
        let mut json = self.message_json(message);
        if let Some(guild) = self.guild_of(message.channel) {
            json["guild_id"] = json!(guild.to_string());
            if let Some(member) = self.member(message.author) {
                json["member"] = Self::partial_member_json(member);
            }
        }
        json
    }

    fn mention_json(&self, user: Id) -> Value {
        let mut json = self.user_json(user);
        if let Some(member) = self.member(user) {
            json["member"] = Self::partial_member_json(member);
        }
        json
    }

    fn reactions_json(&self, reaction: &Reaction) -> Value {
        let count = reaction.users.len();
        json!({
            "burst_colors": [],
            "count": count,
            "count_details": { "burst": 0, "normal": count },
            "emoji": emoji_json(&reaction.emoji),
            "me": reaction.users.contains(&self.bot),
            "me_burst": false,
        })
    }
}

/// An emoji: a character, or `name:id` for a custom one.
pub(crate) fn emoji_json(emoji: &str) -> Value {
    match emoji.rsplit_once(':') {
        Some((name, id)) if id.parse::<u64>().is_ok() => {
            json!({ "id": id, "name": name, "animated": false })
        }
        _ => json!({ "id": null, "name": emoji }),
    }
}

/// The time of an id. (Discord: Reference, Snowflakes.)
fn timestamp_of(id: Id) -> String {
    let micros = ((id >> 22) + DISCORD_EPOCH).saturating_mul(1_000);
    Timestamp::from_micros(micros.cast_signed()).map_or(String::new(), text_of)
}

fn text_of(moment: Timestamp) -> String {
    moment.iso_8601().to_string()
}

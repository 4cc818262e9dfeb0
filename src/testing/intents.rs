//! Which events a session gets, and what is in them. (Discord: Gateway, List of Intents.)

use serde_json::{Value, json};
use twilight_model::gateway::Intents;

use crate::testing::world::Id;

/// Returns the intents that bring an event, of which any is enough, or `None` if it is always sent.
pub(crate) fn needed(event: &str, is_in_guild: bool) -> Option<Intents> {
    let by_place = |guild, direct| Some(if is_in_guild { guild } else { direct });
    match event {
        "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK" => {
            by_place(Intents::GUILD_MESSAGES, Intents::DIRECT_MESSAGES)
        }
        "MESSAGE_REACTION_ADD"
        | "MESSAGE_REACTION_REMOVE"
        | "MESSAGE_REACTION_REMOVE_ALL"
        | "MESSAGE_REACTION_REMOVE_EMOJI" => by_place(
            Intents::GUILD_MESSAGE_REACTIONS,
            Intents::DIRECT_MESSAGE_REACTIONS,
        ),
        "TYPING_START" => by_place(
            Intents::GUILD_MESSAGE_TYPING,
            Intents::DIRECT_MESSAGE_TYPING,
        ),
        "CHANNEL_PINS_UPDATE" => by_place(Intents::GUILDS, Intents::DIRECT_MESSAGES),
        "GUILD_MEMBER_ADD" | "GUILD_MEMBER_REMOVE" | "GUILD_MEMBER_UPDATE" => {
            Some(Intents::GUILD_MEMBERS)
        }
        "GUILD_BAN_ADD" | "GUILD_BAN_REMOVE" => Some(Intents::GUILD_MODERATION),
        "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE" | "CHANNEL_CREATE" | "CHANNEL_UPDATE"
        | "CHANNEL_DELETE" | "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE" => {
            Some(Intents::GUILDS)
        }
        "VOICE_STATE_UPDATE" => Some(Intents::GUILD_VOICE_STATES),
        "PRESENCE_UPDATE" => Some(Intents::GUILD_PRESENCES),
        _ => None,
    }
}

/// Blanks the content of a message in a guild, as Discord does for bots that may not read it: except in
/// the bot's own messages, and those that mention it. (Discord: Gateway, Message Content Intent.)
pub(crate) fn blank_content(message: &mut Value, bot: Id) {
    if message["referenced_message"].is_object() {
        blank_content(&mut message["referenced_message"], bot);
    }
    let bot = json!(bot.to_string());
    let is_own = message["author"]["id"] == bot;
    let mentions = message["mentions"].as_array();
    let is_mentioned =
        mentions.is_some_and(|mentions| mentions.iter().any(|user| user["id"] == bot));
    if is_own || is_mentioned {
        return;
    }
    message["content"] = json!("");
    for list in ["embeds", "attachments", "components"] {
        message[list] = json!([]);
    }
}

/// Returns the privileged intents of a set.
pub(crate) fn privileged(intents: Intents) -> Intents {
    intents & crate::event::PRIVILEGED
}

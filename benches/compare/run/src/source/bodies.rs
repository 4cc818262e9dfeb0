//! What happens on the Discord that there is none of: payloads of the size that Discord's have, about
//! invented people. Each kind comes in several variants.

use serde_json::{Value, json};

/// How many variants there are of each kind.
pub(crate) const VARIANTS: u64 = 8;

/// Stands in a payload for a number that no other has: of 19 digits, as ids have.
const UNIQUE: &str = "{unique}";
/// Stands in a payload for the moment at which it is sent.
const NOW: &str = "{now}";

const APPLICATION: &str = "123456789012345678";
const GUILD: &str = "1100000000000000001";
const CHANNEL: &str = "1100000000000000002";
const JOINED: &str = "2023-05-17T09:41:26.107000+00:00";

const WORDS: [&str; 16] = [
    "copper", "lantern", "willow", "the", "harbour", "is", "quiet", "before", "seven", "and",
    "nobody", "minds", "an", "early", "train", "north",
];

/// One variant of a payload, cut where something differs each time.
#[derive(Debug)]
pub(crate) struct Body {
    /// The type of the event.
    pub(crate) name: &'static str,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq)]
enum Part {
    Text(String),
    Unique,
    Now,
}

impl Body {
    fn new(name: &'static str, data: &Value) -> Self {
        let text = data.to_string();
        let mut parts = Vec::new();
        for (index, piece) in text.split(UNIQUE).enumerate() {
            if index > 0 {
                parts.push(Part::Unique);
            }
            for (index, piece) in piece.split(NOW).enumerate() {
                if index > 0 {
                    parts.push(Part::Now);
                }
                parts.push(Part::Text(piece.to_owned()));
            }
        }
        Self { name, parts }
    }

    /// Writes the event with a number in the session, in the order in which Discord writes it.
    pub(crate) fn write(&self, sequence: u64) -> String {
        let mut text = format!(r#"{{"t":"{}","s":{sequence},"op":0,"d":"#, self.name);
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Unique => text.push_str(&(1_200_000_000_000_000_000 + sequence).to_string()),
                Part::Now => text.push_str(&compare_client::now().to_string()),
            }
        }
        text.push('}');
        text
    }
}

/// All variants of all kinds.
#[derive(Debug)]
pub(crate) struct Bodies {
    pub(crate) messages: Vec<Body>,
    pub(crate) presences: Vec<Body>,
    pub(crate) typings: Vec<Body>,
    pub(crate) reactions: Vec<Body>,
    pub(crate) voices: Vec<Body>,
    pub(crate) commands: Vec<Body>,
}

impl Bodies {
    pub(crate) fn new() -> Self {
        let all = |name, data: fn(u64) -> Value| {
            let variants = (0..VARIANTS).map(|variant| Body::new(name, &data(variant)));
            variants.collect()
        };
        Self {
            messages: all("MESSAGE_CREATE", message),
            presences: all("PRESENCE_UPDATE", presence),
            typings: all("TYPING_START", typing),
            reactions: all("MESSAGE_REACTION_ADD", reaction),
            voices: all("VOICE_STATE_UPDATE", voice),
            commands: all("INTERACTION_CREATE", command),
        }
    }
}

/// Writes as many words as are wanted, others for each variant.
fn words(variant: u64, count: u64) -> String {
    let word = |index: u64| WORDS[usize::try_from((index * 7 + variant * 3) % 16).unwrap_or(0)];
    let words: Vec<_> = (0..count).map(word).collect();
    words.join(" ")
}

fn id(of: u64, variant: u64) -> String {
    (1_100_000_000_000_000_000 + of * 1_000 + variant).to_string()
}

/// A hash, as pictures have for a name.
fn hash(of: u64, variant: u64) -> String {
    format!("{:032x}", u128::from(of * 1_000 + variant + 1).pow(9))[..32].to_owned()
}

fn user(of: u64, variant: u64) -> Value {
    json!({
        "username": format!("person_{of}_{variant}"),
        "public_flags": 64 * (variant % 3),
        "primary_guild": null,
        "id": id(of, variant),
        "global_name": words(variant + of, 2),
        "discriminator": "0",
        "display_name_styles": null,
        "collectibles": null,
        "clan": null,
        "avatar_decoration_data": null,
        "avatar": hash(of, variant),
    })
}

/// A member, where the user stands beside it.
fn member(variant: u64) -> Value {
    let roles: Vec<_> = (0..2 + variant % 3).map(|role| id(20, role)).collect();
    json!({
        "roles": roles,
        "premium_since": null,
        "pending": false,
        "nick": variant.is_multiple_of(2).then(|| words(variant, 1)),
        "mute": false,
        "joined_at": JOINED,
        "flags": 0,
        "deaf": false,
        "communication_disabled_until": null,
        "banner": null,
        "avatar": null,
    })
}

fn member_with_user(variant: u64) -> Value {
    let mut member = member(variant);
    member["user"] = user(3, variant);
    member
}

fn message(variant: u64) -> Value {
    let mut mentioned = user(4, variant);
    mentioned["member"] = member(variant + 1);
    json!({
        "type": 0,
        "tts": false,
        "timestamp": "2026-03-02T17:24:18.410000+00:00",
        "pinned": false,
        "nonce": UNIQUE,
        "mentions": [mentioned],
        "mention_roles": [],
        "mention_everyone": false,
        "member": member(variant),
        "id": UNIQUE,
        "flags": 0,
        "embeds": [embed(variant)],
        "edited_timestamp": null,
        "content": format!("{}, sent at {NOW}", words(variant, 6 + variant)),
        "components": [],
        "channel_type": 0,
        "channel_id": CHANNEL,
        "author": user(3, variant),
        "attachments": [attachment(variant)],
        "guild_id": GUILD,
    })
}

fn embed(variant: u64) -> Value {
    json!({
        "type": "rich",
        "title": words(variant, 3),
        "description": words(variant, 4 + variant),
        "color": 0x58_65f2 + variant,
        "fields": [{ "name": words(variant, 1), "value": words(variant, 3), "inline": true }],
    })
}

fn attachment(variant: u64) -> Value {
    let path = format!(
        "attachments/{CHANNEL}/{}/picture_{variant}.png",
        id(30, variant)
    );
    json!({
        "url": format!("https://cdn.example/{path}"),
        "size": 48_213 + variant,
        "proxy_url": format!("https://media.example/{path}"),
        "id": id(30, variant),
        "height": 480,
        "width": 640,
        "filename": format!("picture_{variant}.png"),
        "content_type": "image/png",
        "content_scan_version": 0,
    })
}

fn presence(variant: u64) -> Value {
    let game = json!({
        "type": 0,
        "timestamps": { "start": 1_772_470_000_000_u64 + variant },
        "state": words(variant, 6),
        "session_id": hash(14, variant),
        "party": { "id": hash(9, variant), "size": [1 + variant % 4, 5] },
        "name": words(variant, 3),
        "id": hash(10, variant)[..16],
        "flags": 0,
        "details": words(variant, 9),
        "created_at": 1_772_470_000_123_u64 + variant,
        "assets": {
            "small_text": words(variant, 5),
            "small_image": id(40, variant),
            "large_text": words(variant, 6),
            "large_image": id(41, variant),
        },
        "application_id": id(42, variant),
    });
    let status = json!({
        "type": 4,
        "state": words(variant, 6),
        "name": "Custom Status",
        "id": "custom",
        "emoji": { "name": "🌿" },
        "created_at": 1_772_460_000_123_u64 + variant,
    });
    let status_of_all = ["online", "idle", "dnd"][usize::try_from(variant % 3).unwrap_or(0)];
    json!({
        "user": { "id": id(3, variant) },
        "status": status_of_all,
        "processed_at_timestamp": 1_772_470_001_000_u64 + variant,
        "guild_id": GUILD,
        "client_status": { "desktop": status_of_all, "mobile": "idle" },
        "broadcast": null,
        "activities": [status, game],
    })
}

fn typing(variant: u64) -> Value {
    json!({
        "user_id": id(3, variant),
        "timestamp": 1_772_470_000 + variant,
        "member": member_with_user(variant),
        "channel_id": CHANNEL,
        "guild_id": GUILD,
    })
}

fn reaction(variant: u64) -> Value {
    json!({
        "user_id": id(3, variant),
        "type": 0,
        "message_id": UNIQUE,
        "message_author_id": id(4, variant),
        "member": member_with_user(variant),
        "emoji": { "name": "🌿", "id": null },
        "channel_id": CHANNEL,
        "burst": false,
        "guild_id": GUILD,
    })
}

fn voice(variant: u64) -> Value {
    json!({
        "member": member_with_user(variant),
        "user_id": id(3, variant),
        "suppress": false,
        "session_id": hash(11, variant),
        "self_video": false,
        "self_mute": variant.is_multiple_of(2),
        "self_deaf": false,
        "request_to_speak_timestamp": null,
        "mute": false,
        "guild_id": GUILD,
        "deaf": false,
        "channel_id": CHANNEL,
    })
}

/// A use of `/lookup`, which the subjects have.
fn command(variant: u64) -> Value {
    let mut who = member_with_user(variant);
    who["permissions"] = json!("2248473465835073");
    let mut named = member(variant + 1);
    named["permissions"] = json!("2248473465835073");
    let whom = id(4, variant);
    json!({
        "version": 1,
        "type": 2,
        "token": format!("aW50ZXJhY3Rpb246{UNIQUE}bm90LWEtc2VjcmV0{}", hash(12, variant).repeat(3)),
        "member": who,
        "locale": "en-GB",
        "id": UNIQUE,
        "guild_locale": "en-US",
        "guild_id": GUILD,
        "guild": { "locale": "en-US", "id": GUILD, "features": ["COMMUNITY", "NEWS"] },
        "entitlements": [],
        "entitlement_sku_ids": [],
        "data": {
            "type": 1,
            "resolved": {
                "users": { &whom: user(4, variant) },
                "members": { &whom: named },
            },
            "options": [
                { "value": words(variant, 4 + variant), "type": 3, "name": "text" },
                { "value": 1 + variant, "type": 4, "name": "count" },
                { "value": whom, "type": 6, "name": "user" },
            ],
            "name": "lookup",
            "id": "1100000000000000003",
        },
        "context": 0,
        "channel_id": CHANNEL,
        "channel": channel(),
        "authorizing_integration_owners": { "0": GUILD },
        "attachment_size_limit": 10_485_760,
        "application_id": APPLICATION,
        "app_permissions": "2248473465835073",
    })
}

fn channel() -> Value {
    json!({
        "type": 0,
        "topic": null,
        "rate_limit_per_user": 0,
        "position": 1,
        "permissions": "2248473465835073",
        "parent_id": null,
        "nsfw": false,
        "name": "general",
        "last_message_id": null,
        "id": CHANNEL,
        "guild_id": GUILD,
        "flags": 0,
    })
}

/// What the gateway says first.
pub(crate) fn hello(interval: u64) -> String {
    json!({ "t": null, "s": null, "op": 10, "d": { "heartbeat_interval": interval } }).to_string()
}

/// What the gateway says to a heartbeat.
pub(crate) const ACKNOWLEDGED: &str = r#"{"t":null,"s":null,"op":11,"d":null}"#;

/// How a session begins: the first event of it.
pub(crate) fn ready(gateway: &str, shard: &Value) -> String {
    let data = json!({
        "v": 10,
        "user": current_user(),
        "shard": shard,
        "session_type": "normal",
        "session_id": hash(13, 0),
        "resume_gateway_url": gateway,
        "guilds": [],
        "application": { "id": APPLICATION, "flags": 565_248 },
    });
    json!({ "t": "READY", "s": 1, "op": 0, "d": data }).to_string()
}

/// The bot, about itself.
pub(crate) fn current_user() -> Value {
    let mut user = user(1, 0);
    user["id"] = json!(APPLICATION);
    user["bot"] = json!(true);
    user["mfa_enabled"] = json!(true);
    user["verified"] = json!(true);
    user["email"] = Value::Null;
    user["flags"] = json!(0);
    user
}

/// The message that answers an interaction.
pub(crate) fn reply(id: &str) -> Value {
    json!({
        "type": 20,
        "tts": false,
        "timestamp": "2026-03-02T17:24:18.410000+00:00",
        "pinned": false,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": false,
        "id": id,
        "flags": 0,
        "embeds": [],
        "edited_timestamp": null,
        "content": words(0, 6),
        "components": [],
        "channel_id": CHANNEL,
        "author": current_user(),
        "attachments": [],
        "application_id": APPLICATION,
    })
}

/// The application: with `MESSAGE_CONTENT` and the other privileged intents switched on.
pub(crate) fn application() -> Value {
    json!({
        "id": APPLICATION,
        "name": "bot",
        "icon": null,
        "description": "",
        "type": null,
        "bot": current_user(),
        "bot_public": true,
        "bot_require_code_grant": false,
        "flags": 565_248,
        "owner": user(2, 0),
        "team": null,
        "verify_key": "0".repeat(64),
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
    })
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use twilight_model::gateway::payload::incoming as twilight;

    use super::*;

    fn data(body: &Body) -> Value {
        let event: Value = serde_json::from_str(&body.write(7)).expect("it is JSON");
        assert_eq!((&event["s"], &event["t"]), (&json!(7), &json!(body.name)));
        event["d"].clone()
    }

    fn assert_read<T: DeserializeOwned>(bodies: &[Body]) {
        for body in bodies {
            let read = serde_json::from_value::<T>(data(body));
            assert!(read.is_ok(), "{} {:?}", body.name, read.err());
        }
    }

    #[test]
    fn twilight_reads_all_payloads() {
        let bodies = Bodies::new();

        assert_read::<twilight::MessageCreate>(&bodies.messages);
        assert_read::<twilight::PresenceUpdate>(&bodies.presences);
        assert_read::<twilight::TypingStart>(&bodies.typings);
        assert_read::<twilight::ReactionAdd>(&bodies.reactions);
        assert_read::<twilight::VoiceStateUpdate>(&bodies.voices);
        assert_read::<twilight::InteractionCreate>(&bodies.commands);
        let reply = reply("1200000000000000001");
        let read = serde_json::from_value::<twilight_model::channel::Message>(reply);
        assert!(read.is_ok(), "{:?}", read.err());
    }

    #[test]
    fn serenity_reads_all_payloads() {
        let bodies = Bodies::new();

        assert_read::<serenity::model::event::MessageCreateEvent>(&bodies.messages);
        assert_read::<serenity::model::event::PresenceUpdateEvent>(&bodies.presences);
        assert_read::<serenity::model::event::TypingStartEvent>(&bodies.typings);
        assert_read::<serenity::model::event::ReactionAddEvent>(&bodies.reactions);
        assert_read::<serenity::model::event::VoiceStateUpdateEvent>(&bodies.voices);
        assert_read::<serenity::model::event::InteractionCreateEvent>(&bodies.commands);
    }

    #[test]
    fn payloads_are_as_large_as_they_are_on_discord() {
        let bodies = Bodies::new();

        for (bodies, size) in [
            (&bodies.messages, 1_500..2_200),
            (&bodies.presences, 900..1_300),
            (&bodies.typings, 450..800),
            (&bodies.commands, 1_700..2_500),
        ] {
            for body in bodies {
                let length = body.write(1).len();
                assert!(size.contains(&length), "{} has {length}", body.name);
            }
        }
    }

    #[test]
    fn no_two_variants_are_alike() {
        let bodies = Bodies::new();

        for bodies in [
            &bodies.messages,
            &bodies.presences,
            &bodies.typings,
            &bodies.commands,
        ] {
            for (index, body) in bodies.iter().enumerate() {
                let others = &bodies[index + 1..];
                assert!(
                    others.iter().all(|other| other.parts != body.parts),
                    "{}",
                    body.name
                );
            }
        }
    }
}

//! From the text of an event to twilight's model of it.

use std::ops::Range;
use std::panic::catch_unwind;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error};
use serde_json::value::RawValue;
use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::{
    DispatchEventWithTypeDeserializer, Event, EventType, GatewayEventDeserializer,
};
use twilight_model::gateway::payload::incoming::rate_limited::RateLimitMetadata;
use twilight_model::gateway::payload::incoming::{
    MemberAdd, MessageCreate, RateLimited, ThreadMemberUpdate,
};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::event::beside::read_beside;

const GUILD: &str = "guild_id";

/// Reads an event from its data alone, which takes less time than to look for it.
///
/// # Errors
///
/// Why it cannot be read. What twilight panics about is one reason: its colors of reactions are cut by bytes.
pub(crate) fn read(kind: EventType, data: &str) -> serde_json::Result<Event> {
    catch_unwind(|| read_data(kind, data)).unwrap_or_else(|payload| {
        // Its destructor may panic in turn.
        std::mem::forget(payload);
        Err(serde_json::Error::custom("no event that twilight can read"))
    })
}

fn read_data(kind: EventType, data: &str) -> serde_json::Result<Event> {
    match kind {
        EventType::MessageCreate => return message_create(data),
        EventType::MemberAdd => return member_add(data),
        EventType::ThreadMemberUpdate => return thread_member_update(data),
        EventType::RateLimited => return rate_limited(data).map(Event::RateLimited),
        _ => {}
    }
    let Some(name) = kind.name() else {
        return Err(serde_json::Error::custom("no event of a session"));
    };
    let mut deserializer = serde_json::Deserializer::from_str(data);
    let event = DispatchEventWithTypeDeserializer::new(name).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(event.into())
}

fn message_create(data: &str) -> serde_json::Result<Event> {
    let mut channel_type = None;
    Ok(Event::MessageCreate(Box::new(MessageCreate {
        message: read_beside(data, "channel_type", &mut channel_type)?,
        // It is known once the message is.
        channel_type: channel_type.flatten(),
    })))
}

fn member_add(data: &str) -> serde_json::Result<Event> {
    let mut guild_id = None;
    let member = read_beside(data, GUILD, &mut guild_id)?;
    let guild_id = guild_id.ok_or_else(|| serde_json::Error::missing_field(GUILD))?;
    Ok(Event::MemberAdd(Box::new(MemberAdd { guild_id, member })))
}

fn thread_member_update(data: &str) -> serde_json::Result<Event> {
    let mut guild_id = None;
    let member = read_beside(data, GUILD, &mut guild_id)?;
    let guild_id = guild_id.ok_or_else(|| serde_json::Error::missing_field(GUILD))?;
    let update = ThreadMemberUpdate { guild_id, member };
    Ok(Event::ThreadMemberUpdate(Box::new(update)))
}

/// Reads a message that belongs to the connection rather than to a session.
///
/// # Errors
///
/// Why it cannot be read.
pub(crate) fn read_control(json: &str) -> serde_json::Result<Event> {
    let Some(deserializer) = GatewayEventDeserializer::from_json(json) else {
        return Err(serde_json::Error::missing_field("op"));
    };
    let event = deserializer.deserialize(&mut serde_json::Deserializer::from_str(json))?;
    Ok(event.into())
}

/// Finds the data of a message, wherever it stands.
///
/// # Errors
///
/// Why there is none.
pub(crate) fn find_data(json: &str) -> serde_json::Result<Range<usize>> {
    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(borrow)]
        d: &'a RawValue,
    }

    // What follows is another's: twilight puts messages together that come compressed in tiny parts.
    let message = Message::deserialize(&mut serde_json::Deserializer::from_str(json))?;
    let data = message.d.get();
    let start = data.as_ptr().addr() - json.as_ptr().addr();
    Ok(start..start + data.len())
}

/// Reads a `RATE_LIMITED` as Discord sends it, where twilight 0.18 expects `meta` to be named.
/// (Discord: Gateway Events, Rate Limited.)
fn rate_limited(data: &str) -> serde_json::Result<RateLimited> {
    #[derive(Deserialize)]
    struct Limit {
        opcode: OpCode,
        retry_after: f32,
        meta: Meta,
    }

    #[derive(Deserialize)]
    struct Meta {
        guild_id: Id<GuildMarker>,
        nonce: Option<String>,
    }

    let limit: Limit = serde_json::from_str(data)?;
    Ok(RateLimited {
        opcode: limit.opcode,
        retry_after: limit.retry_after,
        meta: RateLimitMetadata::RequestGuildMembers {
            guild_id: limit.meta.guild_id,
            nonce: limit.meta.nonce,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that an event is read as twilight reads it.
    #[track_caller]
    fn assert_as_twilight(kind: EventType, data: &str) {
        let name = kind.name().expect("an event of a session");
        let json = &mut serde_json::Deserializer::from_str(data);
        let seed = DispatchEventWithTypeDeserializer::new(name);
        let twilights = seed.deserialize(json).map(Event::from);

        match (read(kind, data), twilights) {
            (Ok(read), Ok(twilights)) => assert_eq!(read, twilights),
            (Err(_), Err(_)) => {}
            (read, twilights) => panic!("{}, {}: {data}", read.is_ok(), twilights.is_ok()),
        }
    }

    const USER: &str = r#"{"id":"3","username":"a\u00e9","discriminator":"0","avatar":null}"#;

    #[test]
    fn messages_are_read_as_twilight_reads_them() {
        let message = |more: &str| {
            format!(
                r#"{{"id":"1","author":{USER},"channel_id":"2","content":"b\n","timestamp":"2026-01-01T00:00:00+00:00","edited_timestamp":null,"tts":false,"mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"pinned":false,"type":0{more}}}"#
            )
        };
        for more in [
            "",
            r#","channel_type":0"#,
            r#","channel_type":null"#,
            r#","channel_type":"x""#,
            r#","\u0063hannel_type":1,"\u006eonce":"c""#,
            r#","unknown":{"channel_type":7}"#,
            r#","flags":"#,
        ] {
            assert_as_twilight(EventType::MessageCreate, &message(more));
        }
        assert_as_twilight(EventType::MessageCreate, "[]");
        assert_as_twilight(EventType::MessageCreate, r#"{"channel_type":1}"#);
    }

    #[test]
    fn members_are_read_as_twilight_reads_them() {
        for guild in ["", r#","guild_id":"4""#, r#","guild_id":null"#] {
            let member = format!(
                r#"{{"user":{USER},"roles":[],"joined_at":null,"deaf":false,"mute":false,"flags":0{guild}}}"#
            );
            assert_as_twilight(EventType::MemberAdd, &member);
            let thread = format!(
                r#"{{"id":"5","user_id":"3","join_timestamp":"2026-01-01T00:00:00+00:00","flags":0{guild}}}"#
            );
            assert_as_twilight(EventType::ThreadMemberUpdate, &thread);
        }
    }

    #[test]
    fn what_twilight_panics_about_cannot_be_read() {
        let data = r##"{"user_id":"1","channel_id":"2","message_id":"3","burst":true,"burst_colors":["#a\u00e91bc"],"emoji":{"id":null,"name":"x"},"type":1}"##;
        assert!(read(EventType::ReactionAdd, &data.replace("\\u00e9", "0f")).is_ok());

        assert!(read(EventType::ReactionAdd, &data.replace("\\u00e9", "é")).is_err());
    }

    #[test]
    fn data_is_found_wherever_it_stands() {
        let json = r#"{ "d": {"a":1}, "t":"TYPING_START","s":1,"op":0}"#;

        let place = find_data(json).expect("there is some");

        assert_eq!(&json[place], r#"{"a":1}"#);
    }

    #[test]
    fn g21_a_rate_limited_is_read_as_discord_sends_it() {
        let data = r#"{"opcode":8,"retry_after":12.5,"meta":{"guild_id":"1","nonce":"n"}}"#;

        let event = read(EventType::RateLimited, data).expect("it can be read");

        let Event::RateLimited(limited) = event else {
            panic!("it is that event");
        };
        let RateLimitMetadata::RequestGuildMembers { nonce, .. } = limited.meta else {
            panic!("there is no other");
        };
        assert_eq!(nonce.as_deref(), Some("n"));
    }
}

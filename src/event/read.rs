//! From the text of an event to twilight's model of it.

use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error};
use serde_json::value::RawValue;
use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::{
    DispatchEventWithTypeDeserializer, Event, EventType, GatewayEventDeserializer,
};
use twilight_model::gateway::payload::incoming::RateLimited;
use twilight_model::gateway::payload::incoming::rate_limited::RateLimitMetadata;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

/// Reads an event from its data alone, which takes less time than to look for it.
///
/// # Errors
///
/// Why it cannot be read.
pub(crate) fn read(kind: EventType, data: &str) -> serde_json::Result<Event> {
    let name = match (kind, kind.name()) {
        (EventType::RateLimited, _) => return rate_limited(data).map(Event::RateLimited),
        (_, Some(name)) => name,
        (_, None) => return Err(serde_json::Error::custom("no event of a session")),
    };
    let mut deserializer = serde_json::Deserializer::from_str(data);
    let event = DispatchEventWithTypeDeserializer::new(name).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(event.into())
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

    let data = serde_json::from_str::<Message<'_>>(json)?.d.get();
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

//! From the text of a message to an event, if anybody wants it.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error};
use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::{
    DispatchEventWithTypeDeserializer, Event, EventType, GatewayEventDeserializer,
};
use twilight_model::gateway::payload::incoming::RateLimited;
use twilight_model::gateway::payload::incoming::rate_limited::RateLimitMetadata;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::event::EventKinds;
use crate::exception::MalformedEvent;
use crate::gateway::envelope::Envelope;

/// What a message of the gateway turned out to be.
pub(crate) enum Received {
    /// An event that somebody wants, with its number in the session.
    Event(Box<Event>, u64),
    /// An event that nobody wants.
    Unwanted(EventType, u64),
    /// An event that twilight does not know.
    Unknown { name: String, sequence: u64 },
    /// A message that is no event, and that nobody wants.
    Control,
    /// A message that cannot be read.
    Malformed(MalformedEvent),
}

/// Reads a message, if it is an event that is wanted. Otherwise only its type is looked for.
pub(crate) fn receive(json: &str, wanted: EventKinds) -> Received {
    let Some(envelope) = Envelope::of(json) else {
        return Received::Malformed(MalformedEvent::without_opcode());
    };
    let Some(op) = OpCode::from(envelope.op) else {
        return Received::Malformed(MalformedEvent::unknown_opcode());
    };
    if op != OpCode::Dispatch {
        return control(op, json, wanted);
    }
    let (Some(name), Some(sequence)) = (envelope.name.as_deref(), envelope.sequence) else {
        return Received::Malformed(match &envelope.name {
            Some(name) => MalformedEvent::incomplete(name),
            None => MalformedEvent::without_type(envelope.sequence),
        });
    };
    let Ok(kind) = EventType::try_from(name) else {
        return Received::Unknown {
            name: name.to_owned(),
            sequence,
        };
    };
    if !wanted.contains(kind) {
        return Received::Unwanted(kind, sequence);
    }
    match event(kind, name, envelope.data, json) {
        Ok(event) => Received::Event(Box::new(event), sequence),
        Err(error) => {
            let name = kind.name().map(str::to_owned);
            Received::Malformed(MalformedEvent::new(name, Some(sequence), &error))
        }
    }
}

fn event(kind: EventType, name: &str, data: Option<&str>, json: &str) -> serde_json::Result<Event> {
    if kind == EventType::RateLimited {
        return rate_limited(json).map(Event::RateLimited);
    }
    // What is not all of the data, or has something behind it, is read as a whole.
    let quick = data.map(|data| dispatched(name, data));
    match quick {
        Some(Ok(event)) => Ok(event),
        _ => whole(json),
    }
}

/// Reads an event from its data alone: as one value, it needs no look at what stands around it.
fn dispatched(name: &str, data: &str) -> serde_json::Result<Event> {
    let mut deserializer = serde_json::Deserializer::from_str(data);
    let event = DispatchEventWithTypeDeserializer::new(name).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(event.into())
}

/// Reads a message as a whole.
fn whole(json: &str) -> serde_json::Result<Event> {
    let Some(deserializer) = GatewayEventDeserializer::from_json(json) else {
        return Err(serde_json::Error::missing_field("op"));
    };
    let event = deserializer.deserialize(&mut serde_json::Deserializer::from_str(json))?;
    Ok(event.into())
}

/// Reads what belongs to the connection rather than to a session.
fn control(op: OpCode, json: &str, wanted: EventKinds) -> Received {
    let kind = match op {
        OpCode::Heartbeat => EventType::GatewayHeartbeat,
        OpCode::HeartbeatAck => EventType::GatewayHeartbeatAck,
        OpCode::Hello => EventType::GatewayHello,
        OpCode::InvalidSession => EventType::GatewayInvalidateSession,
        OpCode::Reconnect => EventType::GatewayReconnect,
        _ => return Received::Control,
    };
    if !wanted.contains(kind) {
        return Received::Control;
    }
    match whole(json) {
        Ok(event) => Received::Event(Box::new(event), 0),
        Err(error) => Received::Malformed(MalformedEvent::new(None, None, &error)),
    }
}

/// Reads a `RATE_LIMITED` as Discord sends it, where twilight 0.18 expects `meta` to be named.
/// (Discord: Gateway Events, Rate Limited.)
fn rate_limited(json: &str) -> Result<RateLimited, serde_json::Error> {
    #[derive(Deserialize)]
    struct Message {
        d: Limit,
    }

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

    let Message { d: limit } = serde_json::from_str(json)?;
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

    #[test]
    fn g21_a_rate_limited_is_read_as_discord_sends_it() {
        let json = r#"{"op":0,"s":4,"t":"RATE_LIMITED","d":{"opcode":8,"retry_after":12.5,"meta":{"guild_id":"1","nonce":"n"}}}"#;

        let received = receive(json, EventKinds::ALL);

        let Received::Event(event, 4) = received else {
            panic!("it is an event");
        };
        let Event::RateLimited(limited) = *event else {
            panic!("it is that event");
        };
        let RateLimitMetadata::RequestGuildMembers { nonce, .. } = limited.meta else {
            panic!("there is no other");
        };
        assert_eq!(nonce.as_deref(), Some("n"));
    }

    #[test]
    fn g18_a_message_that_lacks_what_each_has_is_malformed() {
        for json in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"op":"x"}"#,
            r#"{"op":99,"d":null}"#,
            r#"{"op":0,"s":1,"d":{}}"#,
            r#"{"op":0,"t":"MESSAGE_CREATE","d":{}}"#,
        ] {
            let received = receive(json, EventKinds::ALL);
            assert!(matches!(received, Received::Malformed(_)), "{json}");
        }
    }

    #[test]
    fn g20_an_event_that_twilight_does_not_know_is_told_apart() {
        let json = r#"{"op":0,"s":1,"t":"CHANNEL_INFO","d":{}}"#;

        let received = receive(json, EventKinds::EMPTY);

        let Received::Unknown { name, sequence: 1 } = received else {
            panic!("twilight knows it now");
        };
        assert_eq!(name, "CHANNEL_INFO");
    }
}

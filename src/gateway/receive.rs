//! From the text of a message to an event, if anybody wants it.

use std::ops::Range;

use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::{Event, EventType};

use crate::event::{Envelope, EventKinds, find_data, read, read_control};
use crate::exception::MalformedEvent;

/// What a message of the gateway turned out to be.
pub(crate) enum Received {
    /// An event that somebody wants.
    Event(Found),
    /// An event that nobody wants.
    Unwanted(EventType, u64),
    /// An event that twilight does not know.
    Unknown { name: String, sequence: u64 },
    /// A message that is no event, and that nobody wants.
    Control,
    /// A message that cannot be read.
    Malformed(MalformedEvent),
}

/// An event that somebody wants.
pub(crate) struct Found {
    pub(crate) kind: EventType,
    /// Its number in the session.
    pub(crate) sequence: u64,
    /// As a whole, if somebody wants that.
    pub(crate) event: Option<Box<Event>>,
    /// Where its data is, if somebody wants parts of it.
    pub(crate) data: Option<Range<usize>>,
}

/// Which events are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// As a whole.
    pub(crate) whole: EventKinds,
    /// In parts.
    pub(crate) views: EventKinds,
}

/// Reads a message, if it is an event that is wanted. Otherwise only its type is looked for.
pub(crate) fn receive(json: &str, wanted: Wanted) -> Received {
    let Some(envelope) = Envelope::of(json) else {
        return Received::Malformed(MalformedEvent::without_opcode());
    };
    let Some(op) = OpCode::from(envelope.op) else {
        return Received::Malformed(MalformedEvent::unknown_opcode());
    };
    if op != OpCode::Dispatch {
        return control(op, json, wanted.whole);
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
    if !(wanted.whole | wanted.views).contains(kind) {
        return Received::Unwanted(kind, sequence);
    }
    let found = find(kind, envelope.data, json, wanted);
    match found {
        Ok((event, data)) => Received::Event(Found {
            kind,
            sequence,
            event,
            data,
        }),
        Err(error) => {
            let name = kind.name().map(str::to_owned);
            Received::Malformed(MalformedEvent::new(name, Some(sequence), &error))
        }
    }
}

/// What is wanted of an event: as a whole, and where its data is.
type What = (Option<Box<Event>>, Option<Range<usize>>);

/// Finds what is wanted of an event, whose data may stand where Discord puts it.
fn find(
    kind: EventType,
    usual: Option<&str>,
    json: &str,
    wanted: Wanted,
) -> serde_json::Result<What> {
    let whole = |data: &str| {
        if wanted.whole.contains(kind) {
            read(kind, data).map(|event| Some(Box::new(event)))
        } else {
            Ok(None)
        }
    };
    let is_viewed = wanted.views.contains(kind);
    if let Some(data) = usual
        && let Ok(event) = whole(data)
    {
        // It is followed by one bracket.
        let end = json.len() - 1;
        return Ok((event, is_viewed.then_some(end - data.len()..end)));
    }
    // It stands elsewhere, or there is something behind it, or it cannot be read at all.
    let place = find_data(json)?;
    let event = whole(&json[place.clone()])?;
    Ok((event, is_viewed.then_some(place)))
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
    match read_control(json) {
        Ok(event) => Received::Event(Found {
            kind,
            sequence: 0,
            event: Some(Box::new(event)),
            data: None,
        }),
        Err(error) => Received::Malformed(MalformedEvent::new(None, None, &error)),
    }
}

#[cfg(test)]
mod tests {
    use twilight_model::gateway::payload::incoming::rate_limited::RateLimitMetadata;

    use super::*;

    const NONE: Wanted = Wanted {
        whole: EventKinds::EMPTY,
        views: EventKinds::EMPTY,
    };
    const ALL: Wanted = Wanted {
        whole: EventKinds::ALL,
        ..NONE
    };

    #[test]
    fn data_is_found_wherever_it_stands() {
        let wanted = Wanted {
            views: EventKinds::ALL,
            ..NONE
        };
        for json in [
            r#"{"t":"TYPING_START","s":1,"op":0,"d":{"a":1}}"#,
            r#"{ "d": {"a":1}, "t":"TYPING_START","s":1,"op":0}"#,
        ] {
            let Received::Event(Found { event, data, .. }) = receive(json, wanted) else {
                panic!("it is wanted");
            };
            assert!(event.is_none());
            assert_eq!(&json[data.expect("a place")], r#"{"a":1}"#);
        }
    }

    #[test]
    fn g21_a_rate_limited_is_read_as_discord_sends_it() {
        let json = r#"{"op":0,"s":4,"t":"RATE_LIMITED","d":{"opcode":8,"retry_after":12.5,"meta":{"guild_id":"1","nonce":"n"}}}"#;

        let received = receive(json, ALL);

        let Received::Event(Found {
            event: Some(event),
            sequence: 4,
            ..
        }) = received
        else {
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
            let received = receive(json, ALL);
            assert!(matches!(received, Received::Malformed(_)), "{json}");
        }
    }

    #[test]
    fn g20_an_event_that_twilight_does_not_know_is_told_apart() {
        let json = r#"{"op":0,"s":1,"t":"CHANNEL_INFO","d":{}}"#;

        let received = receive(json, NONE);

        let Received::Unknown { name, sequence: 1 } = received else {
            panic!("twilight knows it now");
        };
        assert_eq!(name, "CHANNEL_INFO");
    }
}

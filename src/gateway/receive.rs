//! What a message of the gateway is, and whether anybody wants it.

use std::ops::Range;

use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::{Event, EventType};

use crate::event::{Envelope, EventKinds, read_control};
use crate::exception::MalformedEvent;

/// What a message of the gateway turned out to be.
pub(crate) enum Received {
    /// An event that somebody wants.
    Event(Found),
    /// An event that nobody wants.
    Unwanted(EventType, u64),
    /// An event that twilight does not know.
    Unknown { name: String, sequence: u64 },
    /// A message that is no event of a session, which somebody wants.
    Message(Box<Event>),
    /// One that nobody wants.
    Control,
    /// A message that cannot be read.
    Malformed(MalformedEvent),
}

/// An event that somebody wants.
pub(crate) struct Found {
    pub(crate) kind: EventType,
    /// Its number in the session.
    pub(crate) sequence: u64,
    /// Where its data is, if it stands where Discord puts it.
    pub(crate) usual: Option<Range<usize>>,
}

/// Looks what a message is, given which events are wanted. It is not read: only its type is looked for.
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
    // It is followed by one bracket.
    let end = json.len() - 1;
    Received::Event(Found {
        kind,
        sequence,
        usual: envelope.data.map(|data| end - data.len()..end),
    })
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
        Ok(event) => Received::Message(Box::new(event)),
        Err(error) => Received::Malformed(MalformedEvent::new(None, None, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_found_where_discord_puts_it() {
        for (json, data) in [
            (
                r#"{"t":"TYPING_START","s":1,"op":0,"d":{"a":1}}"#,
                Some(r#"{"a":1}"#),
            ),
            (r#"{ "d": {"a":1}, "t":"TYPING_START","s":1,"op":0}"#, None),
        ] {
            let Received::Event(Found { usual, .. }) = receive(json, EventKinds::ALL) else {
                panic!("it is wanted");
            };
            assert_eq!(usual.map(|place| &json[place]), data);
        }
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

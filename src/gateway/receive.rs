//! From the text of a message to an event, if anybody wants it.

use serde::de::DeserializeSeed;
use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::{Event, EventType, GatewayEventDeserializer};

use crate::event::EventKinds;
use crate::exception::MalformedEvent;

/// What a message of the gateway turned out to be.
pub(crate) enum Received {
    /// An event that somebody wants, with its number in the session.
    Event(Box<Event>, u64),
    /// An event that nobody wants, or that twilight does not know.
    Unwanted(Option<EventType>, Option<u64>),
    /// An event that somebody wants and that cannot be read.
    Malformed(MalformedEvent),
}

/// Reads a message, if it is an event that is wanted. Otherwise only its type is looked for.
pub(crate) fn receive(json: &str, wanted: EventKinds) -> Received {
    let Some(deserializer) = GatewayEventDeserializer::from_json(json) else {
        return Received::Malformed(MalformedEvent::without_opcode());
    };
    let sequence = deserializer.sequence();
    let kind = kind(&deserializer);
    if !kind.is_some_and(|kind| wanted.contains(kind)) {
        return Received::Unwanted(kind, sequence);
    }
    let name = deserializer.event_type().map(str::to_owned);
    match deserializer.deserialize(&mut serde_json::Deserializer::from_str(json)) {
        Ok(event) => Received::Event(Box::new(event.into()), sequence.unwrap_or(0)),
        Err(error) => Received::Malformed(MalformedEvent::new(name, sequence, &error)),
    }
}

fn kind(deserializer: &GatewayEventDeserializer<'_>) -> Option<EventType> {
    match OpCode::from(deserializer.op())? {
        OpCode::Dispatch => EventType::try_from(deserializer.event_type()?).ok(),
        OpCode::Heartbeat => Some(EventType::GatewayHeartbeat),
        OpCode::HeartbeatAck => Some(EventType::GatewayHeartbeatAck),
        OpCode::Hello => Some(EventType::GatewayHello),
        OpCode::InvalidSession => Some(EventType::GatewayInvalidateSession),
        OpCode::Reconnect => Some(EventType::GatewayReconnect),
        _ => None,
    }
}

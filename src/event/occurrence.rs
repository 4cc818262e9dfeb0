//! What can happen: an event of Discord's, one that cannot be read, or a change of the connection itself.

use std::fmt;
use std::sync::Arc;

use twilight_model::gateway::event::{Event, EventType};

use crate::event::{ConnectionEvent, EventKinds, EventText, KeptEvent, RawEvent};

/// Something that happened, which listeners can take.
///
/// [`EventPayload`](crate::event::EventPayload) converts it into the type that a listener takes.
#[derive(Clone)]
#[non_exhaustive]
pub enum Occurrence {
    /// An event of Discord's gateway.
    Event(Arc<Event>),
    /// The text of an event of Discord's gateway, for listeners that take parts of it.
    Text(Arc<EventText>),
    /// The text of an event that could not be read.
    Raw(Arc<RawEvent>),
    /// A change of the connection.
    Connection(Arc<ConnectionEvent>),
    /// An event of Discord's gateway that changed something in the cache.
    Kept(Arc<KeptEvent>),
}

impl Occurrence {
    /// Returns the event, if it is one of Discord's that can be read.
    #[must_use]
    pub fn event(&self) -> Option<&Arc<Event>> {
        match self {
            Self::Event(event) => Some(event),
            Self::Text(text) => text.event(),
            Self::Kept(kept) => kept.of().event(),
            _ => None,
        }
    }

    /// Returns the event, if it was read as a whole already.
    pub(crate) fn known_event(&self) -> Option<&Arc<Event>> {
        match self {
            Self::Event(event) => Some(event),
            Self::Text(text) => text.known_event(),
            Self::Kept(kept) => kept.of().known_event(),
            _ => None,
        }
    }

    /// Returns the text of the event, if listeners take parts of it.
    #[must_use]
    pub fn text(&self) -> Option<&EventText> {
        match self {
            Self::Text(text) => Some(text),
            Self::Kept(kept) => kept.of().text(),
            _ => None,
        }
    }

    /// Returns what it changed in the cache, if that is of a type.
    #[cfg(feature = "cache")]
    pub(crate) fn change<C: std::any::Any>(&self) -> Option<&C> {
        match self {
            Self::Kept(kept) => kept.change(),
            _ => None,
        }
    }

    /// Returns the type of the event, if it is one of Discord's.
    #[must_use]
    pub fn kind(&self) -> Option<EventType> {
        match self {
            Self::Event(event) => Some(event.kind()),
            Self::Text(text) => Some(text.kind()),
            Self::Kept(kept) => kept.of().kind(),
            _ => None,
        }
    }

    /// Returns its place among all that is told of: see [`EventKinds`].
    pub(crate) fn place(&self) -> usize {
        match self {
            Self::Event(event) => event.kind() as usize,
            Self::Text(text) => text.kind() as usize,
            Self::Raw(_) => EventKinds::PLACE_OF_RAW,
            Self::Connection(_) => EventKinds::PLACE_OF_CONNECTION,
            Self::Kept(kept) => kept.of().place(),
        }
    }
}

impl fmt::Debug for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Its kind alone: there may be tokens in it, and what people wrote.
            Self::Event(event) => f.debug_tuple("Event").field(&event.kind()).finish(),
            Self::Text(text) => text.fmt(f),
            Self::Raw(event) => event.fmt(f),
            Self::Connection(event) => event.fmt(f),
            Self::Kept(event) => event.of().fmt(f),
        }
    }
}

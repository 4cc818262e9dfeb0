//! What listeners are told of: an event of Discord's, one that nobody can read, or a change of the
//! connection itself.

use std::fmt;
use std::sync::Arc;

use twilight_model::gateway::event::{Event, EventType};

use crate::event::{ConnectionEvent, EventKinds, EventText, KeptEvent, RawEvent};

/// What listeners are told of.
///
/// [`EventPayload`](crate::event::EventPayload) makes of it what a listener takes.
#[derive(Clone)]
#[non_exhaustive]
pub enum Occurrence {
    /// An event of Discord's gateway.
    Event(Arc<Event>),
    /// An event of Discord's gateway as it came, of which listeners take parts.
    Text(Arc<EventText>),
    /// An event that could not be read, as it came.
    Raw(Arc<RawEvent>),
    /// Something that happened to the connection.
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

    /// Returns the event as it came, if parts of it are taken.
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

    /// Returns what kind of event it is, if it is one of Discord's.
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

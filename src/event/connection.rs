//! Changes of the connections themselves, which listeners can take.

use std::time::Duration;

use twilight_model::gateway::{Intents, ShardId};

use crate::event::{EventKinds, EventPayload, Occurrence, Part, Presence, View};

/// A change of a connection. Each variant is also an event of its own.
///
/// # Examples
///
/// ```
/// use cordial::event::ShardLost;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn lost(_: &Context, lost: &ShardLost) {
///     tracing::warn!(shard = %lost.shard, why = %lost.why, "connecting again in {:?}", lost.wait);
/// }
///
/// let bot = Bot::builder().add(handlers![lost]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionEvent {
    /// A shard began a session.
    Ready(ShardReady),
    /// A shard resumed its session.
    Resumed(ShardResumed),
    /// A shard lost its connection.
    Lost(ShardLost),
    /// The gateway answered a heartbeat.
    Latency(ShardLatency),
    /// Sequence numbers are missing between two events.
    Gap(SequenceGap),
    /// Discord recommends another number of shards.
    Shards(ShardsRecommended),
}

/// A shard began a session: events arrive from now on.
///
/// Discord's own [`Ready`](crate::event::payloads::Ready) arrives with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardReady {
    /// The shard.
    pub shard: ShardId,
    /// How long it took since connecting.
    pub after: Duration,
}

/// A shard resumed its session where it had broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardResumed {
    /// The shard.
    pub shard: ShardId,
    /// How many missed events arrived.
    pub replayed: u64,
    /// How long it took since connecting.
    pub after: Duration,
}

/// A shard lost its connection, and is about to connect again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardLost {
    /// The shard.
    pub shard: ShardId,
    /// The reason.
    pub why: String,
    /// The code with which the gateway closed the connection.
    pub code: Option<u16>,
    /// Whether the shard will resume the session. Otherwise it begins a new one, and events until then are lost.
    pub resumes: bool,
    /// How long the shard waits before it connects again.
    pub wait: Duration,
}

/// The gateway answered a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardLatency {
    /// The shard.
    pub shard: ShardId,
    /// How long the answer took.
    pub round_trip: Duration,
}

/// The sequence numbers of two events in a row differ by more than one, so the events between were lost or never
/// sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SequenceGap {
    /// The shard.
    pub shard: ShardId,
    /// The number of the last event before the gap.
    pub from: u64,
    /// The number of the first event after the gap.
    pub to: u64,
}

/// Discord recommends another number of shards than the bot has, which takes effect when the bot restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardsRecommended {
    /// How many shards the bot has.
    pub now: u32,
    /// How many shards it should have.
    pub recommended: u32,
}

/// Makes an event of each.
macro_rules! connection_events {
    ($($variant:ident($event:ident);)*) => {$(
        impl EventPayload for $event {
            const NAME: &'static str = stringify!($event);

            fn kinds() -> EventKinds {
                EventKinds::CONNECTION
            }

            fn intents() -> Intents {
                Intents::empty()
            }

            fn matches(occurrence: &Occurrence) -> bool {
                Self::view(occurrence).is_some()
            }

            fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
                match ConnectionEvent::of(occurrence)? {
                    ConnectionEvent::$variant(event) => Some(View::Borrowed(event)),
                    _ => None,
                }
            }

            fn carries(_: Part) -> Presence {
                Presence::Never
            }
        }
    )*};
}

connection_events! {
    Ready(ShardReady);
    Resumed(ShardResumed);
    Lost(ShardLost);
    Latency(ShardLatency);
    Gap(SequenceGap);
    Shards(ShardsRecommended);
}

impl ConnectionEvent {
    fn of(occurrence: &Occurrence) -> Option<&Self> {
        match occurrence {
            Occurrence::Connection(event) => Some(event),
            _ => None,
        }
    }
}

impl EventPayload for ConnectionEvent {
    const NAME: &'static str = "ConnectionEvent";

    fn kinds() -> EventKinds {
        EventKinds::CONNECTION
    }

    fn intents() -> Intents {
        Intents::empty()
    }

    fn matches(occurrence: &Occurrence) -> bool {
        Self::of(occurrence).is_some()
    }

    fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
        Self::of(occurrence).map(View::Borrowed)
    }

    fn carries(_: Part) -> Presence {
        Presence::Never
    }
}

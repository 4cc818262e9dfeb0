//! What happens to the connections themselves, as listeners may want it.

use std::time::Duration;

use twilight_model::gateway::{Intents, ShardId};

use crate::event::{EventKinds, EventPayload, Occurrence, Part, Presence, View};

/// Something that happened to a connection. Each is an event of its own, too.
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
    /// A shard has begun a session.
    Ready(ShardReady),
    /// A shard has gone on with its session.
    Resumed(ShardResumed),
    /// A shard has lost its connection.
    Lost(ShardLost),
    /// A sign of life was answered.
    Latency(ShardLatency),
    /// Numbers are missing between two events.
    Gap(SequenceGap),
    /// Discord recommends another number of shards.
    Shards(ShardsRecommended),
}

/// A shard has begun a session: events come from now on.
///
/// Discord's own [`Ready`](crate::event::payloads::Ready) comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardReady {
    /// The shard.
    pub shard: ShardId,
    /// How long it took, from connecting on.
    pub after: Duration,
}

/// A shard has gone on with its session where that had broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardResumed {
    /// The shard.
    pub shard: ShardId,
    /// How many events came that it had missed.
    pub replayed: u64,
    /// How long it took, from connecting on.
    pub after: Duration,
}

/// A shard has lost its connection, and is about to connect again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardLost {
    /// The shard.
    pub shard: ShardId,
    /// Why.
    pub why: String,
    /// The code that the gateway closed the connection with.
    pub code: Option<u16>,
    /// Whether it will go on with the session. Otherwise it begins another, and what happens until then is
    /// told to nobody.
    pub resumes: bool,
    /// How long it waits before it connects.
    pub wait: Duration,
}

/// The gateway has answered a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardLatency {
    /// The shard.
    pub shard: ShardId,
    /// How long that took.
    pub round_trip: Duration,
}

/// The numbers of two events in a row differ by more than one: what was between them is lost, or was never
/// sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SequenceGap {
    /// The shard.
    pub shard: ShardId,
    /// The number of the last event before.
    pub from: u64,
    /// The number of the first event after.
    pub to: u64,
}

/// Discord recommends another number of shards than the bot has. It takes effect when the bot is started
/// again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardsRecommended {
    /// How many there are.
    pub now: u32,
    /// How many there should be.
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

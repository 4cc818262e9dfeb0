//! What the author decides: how much is in hand at once, how much waits, and what goes first.

use std::collections::HashMap;

use twilight_model::gateway::event::EventType;

/// How many events are in hand at once, unless set. Handlers mostly wait for requests, of which Discord
/// takes 50 a second: if each of these made one, the last would have its answer after 20 seconds. With
/// many more at once, handlers would only wait for each other until their 30 seconds are over.
const IN_HAND: usize = 1_024;
/// How many events wait, unless set: some minutes of a busy bot.
const QUEUED: usize = 10_000;
/// How many bytes of text the waiting events may have been, unless set: 64 MiB.
const QUEUED_BYTES: usize = 64 * 1024 * 1024;

/// What happens to waiting events of a kind when too many events wait.
///
/// An event of any kind is shed only while more events wait than may, and every shed event is counted: see
/// [`Overloaded`](crate::exception::Overloaded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shed {
    /// Shed before other events, because the next event of its kind says as much. The oldest goes first, of
    /// the guild with the most waiting events.
    ///
    /// Unless set: `PRESENCE_UPDATE` and `TYPING_START`.
    First,
    /// Shed if no event of the kind `First` waits. The oldest goes first, of the guild with the most waiting
    /// events.
    ///
    /// Unless set: all events that are neither `First` nor `Never`.
    Last,
    /// Kept, even if more events wait than may.
    ///
    /// Unless set: events that are rare and not repeated. These are `READY`, `RESUMED`, `GUILD_CREATE`,
    /// `GUILD_DELETE`, `VOICE_SERVER_UPDATE`, `RATE_LIMITED`, and those about payments: `ENTITLEMENT_*` and
    /// `SUBSCRIPTION_*`.
    Never,
}

/// Which events are handled one after the other, in the order in which they arrived.
///
/// An event is over once all its handlers have ended and their failures are settled; tasks that they left
/// running may run on. A handler that [waits](crate::Context::wait_for) for another event of the same channel
/// or guild receives that event when it arrives, and listeners of it run afterwards. Interactions are not
/// ordered: somebody who used a command waits for three seconds only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// By channel. Events that happen in no channel are not ordered.
    ByChannel,
    /// By guild. Events that happen in no guild are ordered by their channel, if they have one.
    ByGuild,
}

/// What the author decides.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// How many events are in hand at once; and as many interactions.
    pub(crate) most_in_hand: usize,
    pub(crate) bounds: Bounds,
    pub(crate) order: Option<Order>,
    /// What the author says of kinds of events.
    pub(crate) sheds: HashMap<EventType, Shed>,
}

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) events: usize,
    /// As they came, as text.
    pub(crate) bytes: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            most_in_hand: IN_HAND,
            bounds: Bounds {
                events: QUEUED,
                bytes: QUEUED_BYTES,
            },
            order: None,
            sheds: HashMap::new(),
        }
    }
}

impl Rules {
    /// Returns what is to be done about an event of a kind.
    pub(crate) fn shed(&self, kind: EventType) -> Shed {
        self.sheds
            .get(&kind)
            .copied()
            .unwrap_or_else(|| usual(kind))
    }
}

/// Returns what is to be done about an event of a kind of which the author says nothing.
fn usual(kind: EventType) -> Shed {
    match kind {
        EventType::GatewayHeartbeat
        | EventType::GatewayHeartbeatAck
        | EventType::PresenceUpdate
        | EventType::TypingStart => Shed::First,
        EventType::EntitlementCreate
        | EventType::EntitlementDelete
        | EventType::EntitlementUpdate
        | EventType::GuildCreate
        | EventType::GuildDelete
        | EventType::RateLimited
        | EventType::Ready
        | EventType::Resumed
        | EventType::SubscriptionCreate
        | EventType::SubscriptionDelete
        | EventType::SubscriptionUpdate
        | EventType::UnavailableGuild
        | EventType::VoiceServerUpdate => Shed::Never,
        _ => Shed::Last,
    }
}

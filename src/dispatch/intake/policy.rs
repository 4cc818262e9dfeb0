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

/// What is to be done about an event that waits to be handled when too many do.
///
/// Whatever its kind, an event is shed only while more wait than may, and it is counted: see
/// [`Overloaded`](crate::exception::Overloaded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shed {
    /// It goes before others: the next one of its kind says as much. The oldest goes first, of the guild
    /// of which most wait.
    ///
    /// Unless set: `PRESENCE_UPDATE` and `TYPING_START`.
    First,
    /// It goes if there is nothing that goes before others. The oldest goes first, of the guild of which
    /// most wait.
    ///
    /// Unless set: everything that is not said to be shed first or never.
    Last,
    /// It is kept, even if more wait than may.
    ///
    /// Unless set: what comes rarely and is not told again. That is `READY`, `RESUMED`, `GUILD_CREATE`,
    /// `GUILD_DELETE`, `VOICE_SERVER_UPDATE`, `RATE_LIMITED`, and what is paid for: `ENTITLEMENT_*` and
    /// `SUBSCRIPTION_*`.
    Never,
}

/// Which events are handled one after the other, in the order in which they came.
///
/// An event is over once all its handlers have ended, with what they failed with; tasks that they left
/// running may run on. A handler that [waits](crate::Context::wait_for) for another event of the same
/// channel or guild is shown that when it comes, and listeners of it run after. Interactions are in no order:
/// who used a command waits for three seconds only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// Those of one channel. What happens in no channel is in no order.
    ByChannel,
    /// Those of one guild. What happens in no guild is in order by its channel, if it has one.
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

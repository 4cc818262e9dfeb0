//! Sets of events.
//!
//! twilight has such sets, [`EventTypeFlags`], but in 0.18 two pairs of events share a bit there:
//! `READY` with `MESSAGE_POLL_VOTE_ADD`, and `RESUMED` with `MESSAGE_POLL_VOTE_REMOVE`. What is
//! wanted is decided by a set in which every event has a bit of its own.

use std::fmt;
use std::ops::BitOr;

use twilight_gateway::EventTypeFlags;
use twilight_model::gateway::event::EventType;

use crate::event::Occurrence;

/// A set of events: Discord's, and the others that listeners can take.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct EventKinds(u128);

impl EventKinds {
    /// No event.
    pub const EMPTY: Self = Self(0);

    /// Every event that twilight knows.
    pub const ALL: Self = {
        let mut all = Self::EMPTY;
        let mut index = 0;
        while index < KINDS.len() {
            all = all.union(Self::of(KINDS[index]));
            index += 1;
        }
        all
    };

    /// Discord's events stand at the numbers that twilight gives them; these behind.
    pub(crate) const PLACE_OF_RAW: usize = 127;
    pub(crate) const PLACE_OF_CONNECTION: usize = 126;

    /// How many places there are for members.
    pub(crate) const PLACES: usize = u128::BITS as usize;

    /// The events that arrive as [`RawEvent`](crate::event::RawEvent).
    pub const RAW: Self = Self(1 << Self::PLACE_OF_RAW);

    /// The events that arrive as [`ConnectionEvent`](crate::event::ConnectionEvent).
    pub const CONNECTION: Self = Self(1 << Self::PLACE_OF_CONNECTION);

    /// What is told of besides Discord's events.
    pub(crate) const BESIDES: Self = Self::RAW.union(Self::CONNECTION);

    /// Returns the set of one event.
    #[must_use]
    pub const fn of(kind: EventType) -> Self {
        Self(1 << kind as u32)
    }

    /// Returns whether an event is in the set.
    #[must_use]
    pub const fn contains(self, kind: EventType) -> bool {
        self.0 & Self::of(kind).0 != 0
    }

    /// Returns whether no event is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the events that are in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the events that are in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns whether it has anything in common with another.
    #[must_use]
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the set of what a thing that happened is.
    pub(crate) fn at(occurrence: &Occurrence) -> Self {
        Self::of_place(occurrence.place())
    }

    /// Returns its two halves, which are atomics elsewhere.
    pub(crate) fn halves(self) -> [u64; 2] {
        [0, 64].map(|shift| u64::try_from((self.0 >> shift) & u128::from(u64::MAX)).unwrap_or(0))
    }

    /// Puts two halves together.
    pub(crate) fn from_halves([low, high]: [u64; 2]) -> Self {
        Self(u128::from(low) | (u128::from(high) << 64))
    }

    /// Returns what is in this set, and not in another.
    #[must_use]
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the set of what stands at a place.
    #[must_use]
    pub(crate) const fn of_place(place: usize) -> Self {
        Self(1 << place)
    }

    /// Returns the places of its members among all that there may be.
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        (0..Self::PLACES).filter(move |place| self.0 & (1 << place) != 0)
    }

    /// Returns Discord's events in the set.
    pub fn iter(self) -> impl Iterator<Item = EventType> {
        KINDS.into_iter().filter(move |kind| self.contains(*kind))
    }

    /// Returns Discord's events in the set as twilight's flags.
    ///
    /// For two pairs of events these cannot tell one from the other.
    #[must_use]
    pub fn flags(self) -> EventTypeFlags {
        self.iter().map(EventTypeFlags::from).collect()
    }
}

impl BitOr for EventKinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl FromIterator<EventType> for EventKinds {
    fn from_iter<I: IntoIterator<Item = EventType>>(kinds: I) -> Self {
        let sets = kinds.into_iter().map(Self::of);
        sets.fold(Self::EMPTY, Self::union)
    }
}

impl fmt::Debug for EventKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut set = f.debug_set();
        set.entries(self.iter());
        if self.has(Self::RAW) {
            set.entry(&format_args!("Raw"));
        }
        if self.has(Self::CONNECTION) {
            set.entry(&format_args!("Connection"));
        }
        set.finish()
    }
}

/// Every event that twilight knows, in the order of its enum.
const KINDS: [EventType; 77] = [
    EventType::AutoModerationActionExecution,
    EventType::AutoModerationRuleCreate,
    EventType::AutoModerationRuleDelete,
    EventType::AutoModerationRuleUpdate,
    EventType::BanAdd,
    EventType::BanRemove,
    EventType::ChannelCreate,
    EventType::ChannelDelete,
    EventType::ChannelPinsUpdate,
    EventType::ChannelUpdate,
    EventType::CommandPermissionsUpdate,
    EventType::EntitlementCreate,
    EventType::EntitlementDelete,
    EventType::EntitlementUpdate,
    EventType::GatewayClose,
    EventType::GatewayHeartbeat,
    EventType::GatewayHeartbeatAck,
    EventType::GatewayHello,
    EventType::GatewayInvalidateSession,
    EventType::GatewayReconnect,
    EventType::GuildAuditLogEntryCreate,
    EventType::GuildCreate,
    EventType::GuildDelete,
    EventType::GuildEmojisUpdate,
    EventType::GuildIntegrationsUpdate,
    EventType::GuildScheduledEventCreate,
    EventType::GuildScheduledEventDelete,
    EventType::GuildScheduledEventUpdate,
    EventType::GuildScheduledEventUserAdd,
    EventType::GuildScheduledEventUserRemove,
    EventType::GuildStickersUpdate,
    EventType::GuildUpdate,
    EventType::IntegrationCreate,
    EventType::IntegrationDelete,
    EventType::IntegrationUpdate,
    EventType::InteractionCreate,
    EventType::InviteCreate,
    EventType::InviteDelete,
    EventType::MemberAdd,
    EventType::MemberChunk,
    EventType::MemberRemove,
    EventType::MemberUpdate,
    EventType::MessageCreate,
    EventType::MessageDelete,
    EventType::MessageDeleteBulk,
    EventType::MessagePollVoteAdd,
    EventType::MessagePollVoteRemove,
    EventType::MessageUpdate,
    EventType::PresenceUpdate,
    EventType::RateLimited,
    EventType::ReactionAdd,
    EventType::ReactionRemove,
    EventType::ReactionRemoveAll,
    EventType::ReactionRemoveEmoji,
    EventType::Ready,
    EventType::Resumed,
    EventType::RoleCreate,
    EventType::RoleDelete,
    EventType::RoleUpdate,
    EventType::StageInstanceCreate,
    EventType::StageInstanceDelete,
    EventType::StageInstanceUpdate,
    EventType::SubscriptionCreate,
    EventType::SubscriptionDelete,
    EventType::SubscriptionUpdate,
    EventType::ThreadCreate,
    EventType::ThreadDelete,
    EventType::ThreadListSync,
    EventType::ThreadMemberUpdate,
    EventType::ThreadMembersUpdate,
    EventType::ThreadUpdate,
    EventType::TypingStart,
    EventType::UnavailableGuild,
    EventType::UserUpdate,
    EventType::VoiceServerUpdate,
    EventType::VoiceStateUpdate,
    EventType::WebhooksUpdate,
];

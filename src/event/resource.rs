//! What the cache can keep, and what it needs from the gateway for that.

use std::fmt;
use std::ops::BitOr;

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::EventType;

use crate::event::EventKinds;

/// A kind of thing that the [cache](crate::cache) keeps, if you ask for it.
///
/// The documentation of the [cache](crate::cache) says which intents each of them needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// Guilds, without their contents.
    Guilds,
    /// The channels of guilds, and threads that are not archived.
    Channels,
    /// Roles.
    Roles,
    /// Members, with their users.
    Members,
    /// The newest messages.
    Messages,
    /// Who is in which voice channel.
    VoiceStates,
    /// Who is online, and what they are doing.
    Presences,
}

/// A set of resources that the cache keeps.
///
/// # Examples
///
/// ```
/// use cordial::cache::{Resource, Resources};
///
/// let kept = Resources::from([Resource::Guilds, Resource::Roles]);
///
/// assert!(kept.contains(Resource::Roles));
/// assert!(!kept.contains(Resource::Members));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Resources(u8);

/// The intents that bring messages, each of which brings some.
const OF_MESSAGES: Intents = Intents::GUILD_MESSAGES.union(Intents::DIRECT_MESSAGES);

impl Resource {
    /// All resources.
    pub const ALL: [Self; 7] = [
        Self::Guilds,
        Self::Channels,
        Self::Roles,
        Self::Members,
        Self::Messages,
        Self::VoiceStates,
        Self::Presences,
    ];

    /// Returns its name in the health of a bot and in metrics, such as `guilds` or `voice_states`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Guilds => "guilds",
            Self::Channels => "channels",
            Self::Roles => "roles",
            Self::Members => "members",
            Self::Messages => "messages",
            Self::VoiceStates => "voice_states",
            Self::Presences => "presences",
        }
    }

    /// Returns the events that it is made of, and that say when it is gone.
    pub(crate) fn kinds(self) -> EventKinds {
        let own: &[EventType] = match self {
            Self::Guilds => &[EventType::GuildCreate, EventType::GuildUpdate],
            Self::Channels => &[
                EventType::GuildCreate,
                EventType::ChannelCreate,
                EventType::ChannelUpdate,
                EventType::ChannelDelete,
                EventType::ChannelPinsUpdate,
                EventType::ThreadCreate,
                EventType::ThreadUpdate,
                EventType::ThreadDelete,
                EventType::ThreadListSync,
            ],
            Self::Roles => &[
                EventType::GuildCreate,
                EventType::RoleCreate,
                EventType::RoleUpdate,
                EventType::RoleDelete,
            ],
            Self::Members => &[
                EventType::GuildCreate,
                EventType::MemberAdd,
                EventType::MemberUpdate,
                EventType::MemberRemove,
                EventType::MemberChunk,
                // These name one in passing. Members are not what their intents are asked for.
                EventType::InteractionCreate,
                EventType::MessageCreate,
                EventType::MessageUpdate,
                EventType::ReactionAdd,
                EventType::TypingStart,
                EventType::VoiceStateUpdate,
            ],
            Self::Messages => &[
                EventType::ChannelDelete,
                EventType::ThreadDelete,
                EventType::MessageCreate,
                EventType::MessageUpdate,
                EventType::MessageDelete,
                EventType::MessageDeleteBulk,
            ],
            Self::VoiceStates => &[EventType::GuildCreate, EventType::VoiceStateUpdate],
            Self::Presences => &[
                EventType::GuildCreate,
                EventType::MemberChunk,
                EventType::PresenceUpdate,
            ],
        };
        // A new session, and a guild that is gone, concern all.
        let common = [EventType::Ready, EventType::GuildDelete];
        own.iter().copied().chain(common).collect()
    }

    /// Returns the intents that bring all of it. (Discord: Gateway, List of Intents.)
    pub(crate) fn intents(self) -> Intents {
        let own = match self {
            Self::Guilds | Self::Channels | Self::Roles => Intents::empty(),
            Self::Members => Intents::GUILD_MEMBERS,
            Self::Messages => OF_MESSAGES,
            Self::VoiceStates => Intents::GUILD_VOICE_STATES,
            Self::Presences => Intents::GUILD_PRESENCES,
        };
        own | Intents::GUILDS
    }

    /// Returns what must be added to intents that an author chose, for it to be kept at all.
    pub(crate) fn lacks(self, chosen: Intents) -> Intents {
        let needed = match self {
            // Whoever chose may want those of one sort alone.
            Self::Messages if chosen.intersects(OF_MESSAGES) => Intents::GUILDS,
            _ => self.intents(),
        };
        needed.difference(chosen)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('_', " "))
    }
}

impl Resources {
    /// No resources.
    pub const NONE: Self = Self(0);

    /// Returns the set of one resource.
    #[must_use]
    pub const fn of(resource: Resource) -> Self {
        Self(resource.bit())
    }

    /// Returns the resources that are in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether a resource is in the set.
    #[must_use]
    pub const fn contains(self, resource: Resource) -> bool {
        self.0 & resource.bit() != 0
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the resources in the set.
    pub fn iter(self) -> impl Iterator<Item = Resource> {
        let all = Resource::ALL.into_iter();
        all.filter(move |resource| self.contains(*resource))
    }

    /// Returns the events that they are made of.
    pub(crate) fn kinds(self) -> EventKinds {
        let kinds = self.iter().map(Resource::kinds);
        kinds.fold(EventKinds::EMPTY, EventKinds::union)
    }

    /// Returns the intents that bring all of them.
    pub(crate) fn intents(self) -> Intents {
        let intents = self.iter().map(Resource::intents);
        intents.fold(Intents::empty(), Intents::union)
    }

    /// Returns what must be added to intents that an author chose, for each to be kept at all.
    pub(crate) fn lack(self, chosen: Intents) -> Intents {
        let lacking = self.iter().map(|resource| resource.lacks(chosen));
        lacking.fold(Intents::empty(), Intents::union)
    }
}

impl From<Resource> for Resources {
    fn from(resource: Resource) -> Self {
        Self::of(resource)
    }
}

impl<const N: usize> From<[Resource; N]> for Resources {
    fn from(resources: [Resource; N]) -> Self {
        resources.into_iter().collect()
    }
}

impl FromIterator<Resource> for Resources {
    fn from_iter<I: IntoIterator<Item = Resource>>(resources: I) -> Self {
        let sets = resources.into_iter().map(Self::of);
        sets.fold(Self::NONE, Self::union)
    }
}

impl BitOr for Resources {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

//! The table of resources: each type, its key, and the events that change it.

use std::fmt::Debug;
use std::hash::Hash;

use twilight_model::channel::{Channel, Message};
use twilight_model::gateway::Intents;
use twilight_model::gateway::payload::incoming;
use twilight_model::gateway::presence::Presence as UserPresence;
use twilight_model::guild::{Member, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker,
};
use twilight_model::voice::VoiceState;

use crate::cache::{Guild, Shelf, Shelves};
use crate::event::{EventKinds, EventPayload, Part, Presence, Resource};

/// A type that the cache keeps.
#[diagnostic::on_unimplemented(
    message = "the cache does not keep `{Self}`",
    label = "not kept by the cache",
    note = "the cache keeps the `Channel`, `Guild`, `Member`, `Message`, `Presence`, `Role` and `VoiceState` of `cordial::cache`",
    note = "the prelude's `Member` and `Presence` are different types: `use cordial::cache::{{Member, Presence}};`"
)]
pub trait Cacheable: Clone + Send + Sync + 'static {
    /// The key of a value.
    type Key: Copy + Debug + Eq + Hash + Ord + Send + Sync;

    /// The place of a value: a guild, or for messages a channel.
    type Place: Copy + Debug + Eq + Hash + Send + Sync;

    /// The resource that these values are.
    const RESOURCE: Resource;

    #[doc(hidden)]
    const NAME_OF_UPDATE: &'static str;

    #[doc(hidden)]
    const NAME_OF_DELETION: &'static str;

    /// Returns the events that change a value, and the intents that bring them.
    #[doc(hidden)]
    fn updates() -> (EventKinds, Intents);

    /// Returns the events by which a value is gone, and the intents that bring them.
    #[doc(hidden)]
    fn deletions() -> (EventKinds, Intents);

    #[doc(hidden)]
    fn update_carries(part: Part) -> Presence;

    #[doc(hidden)]
    fn deletion_carries(part: Part) -> Presence;

    #[doc(hidden)]
    fn shelf(shelves: &Shelves) -> &Shelf<Self>;

    /// Returns about how many bytes its texts and lists have, beside its own size.
    #[doc(hidden)]
    fn heap(&self) -> usize;
}

/// One row for each type:
///
/// ```text
/// type, as it is called (resource, shelf) by key in place
///     [events that change it] [events by which it is gone]
/// ```
macro_rules! cacheables {
    ($($type:ty as $name:literal ($resource:ident, $shelf:ident) by $key:ty, in $place:ty
        [$($update:ident)*] [$($deletion:ident)*]
    )*) => {$(
        impl Cacheable for $type {
            type Key = $key;
            type Place = $place;

            const RESOURCE: Resource = Resource::$resource;
            const NAME_OF_UPDATE: &'static str = concat!("Updated<", $name, ">");
            const NAME_OF_DELETION: &'static str = concat!("Deleted<", $name, ">");

            fn updates() -> (EventKinds, Intents) {
                sources(&[$((incoming::$update::kinds(), incoming::$update::intents())),*])
            }

            fn deletions() -> (EventKinds, Intents) {
                sources(&[$((incoming::$deletion::kinds(), incoming::$deletion::intents())),*])
            }

            fn update_carries(part: Part) -> Presence {
                agreed(&[$(incoming::$update::carries(part)),*])
            }

            fn deletion_carries(part: Part) -> Presence {
                agreed(&[$(incoming::$deletion::carries(part)),*])
            }

            fn shelf(shelves: &Shelves) -> &Shelf<Self> {
                &shelves.$shelf
            }

            fn heap(&self) -> usize {
                crate::cache::weight::$shelf(self)
            }
        }
    )*};
}

cacheables! {
    Guild as "Guild" (Guilds, guilds) by Id<GuildMarker>, in Id<GuildMarker>
        [GuildUpdate] [GuildDelete]
    Channel as "Channel" (Channels, channels) by Id<ChannelMarker>, in Id<GuildMarker>
        [ChannelUpdate ThreadUpdate] [ChannelDelete ThreadDelete]
    Role as "Role" (Roles, roles) by Id<RoleMarker>, in Id<GuildMarker>
        [RoleUpdate] [RoleDelete]
    Member as "Member" (Members, members) by (Id<GuildMarker>, Id<UserMarker>), in Id<GuildMarker>
        [MemberUpdate] [MemberRemove]
    Message as "Message" (Messages, messages) by Id<MessageMarker>, in Id<ChannelMarker>
        [MessageUpdate] [MessageDelete]
    VoiceState as "VoiceState" (VoiceStates, voice_states)
        by (Id<GuildMarker>, Id<UserMarker>), in Id<GuildMarker>
        [VoiceStateUpdate] [VoiceStateUpdate]
    UserPresence as "Presence" (Presences, presences)
        by (Id<GuildMarker>, Id<UserMarker>), in Id<GuildMarker>
        [PresenceUpdate] [PresenceUpdate]
}

/// Combines events.
fn sources(sources: &[(EventKinds, Intents)]) -> (EventKinds, Intents) {
    let none = (EventKinds::EMPTY, Intents::empty());
    let both =
        |all: (EventKinds, Intents), one: &(EventKinds, Intents)| (all.0 | one.0, all.1 | one.1);
    sources.iter().fold(none, both)
}

/// Returns the presence that several events agree on, or else `Sometimes`.
fn agreed(all: &[Presence]) -> Presence {
    match all {
        [first, others @ ..] if others.iter().all(|other| other == first) => *first,
        _ => Presence::Sometimes,
    }
}

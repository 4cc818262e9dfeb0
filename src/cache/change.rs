//! Changes by an event: a value before and after, and values that are gone.

use std::fmt;
use std::mem::size_of;
use std::sync::Arc;

use twilight_model::channel::Message;
use twilight_model::gateway::Intents;
use twilight_model::gateway::payload::incoming::MessageDeleteBulk;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::cache::Cacheable;
use crate::event::{
    Changed, EventKinds, EventPayload, Occurrence, Part, Presence, Resources, View,
};

/// A value before and after a change.
///
/// A listener takes it as its event.
///
/// | of | event |
/// |---|---|
/// | [`Guild`](crate::cache::Guild) | `GUILD_UPDATE` |
/// | [`Channel`](crate::cache::Channel) | `CHANNEL_UPDATE`, `THREAD_UPDATE` |
/// | [`Role`](crate::cache::Role) | `GUILD_ROLE_UPDATE` |
/// | [`Member`](crate::cache::Member) | `GUILD_MEMBER_UPDATE` |
/// | [`Message`] | `MESSAGE_UPDATE` |
/// | [`VoiceState`](crate::cache::VoiceState) | `VOICE_STATE_UPDATE`: on joining there is no `before`, and on leaving no channel in `after` |
/// | [`Presence`](crate::cache::Presence) | `PRESENCE_UPDATE` |
///
/// # Examples
///
/// ```
/// use cordial::cache::Member;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn renamed(_: &Context, update: &Updated<Member>) {
///     let Some(before) = &update.before else { return };
///     if before.nick != update.after.nick {
///         tracing::info!(user = %update.after.user.id, "has another name");
///     }
/// }
///
/// let bot = Bot::builder().add(handlers![renamed]);
/// ```
#[non_exhaustive]
pub struct Updated<T: Cacheable> {
    /// Its key in the cache.
    pub key: T::Key,
    /// Its state before the event, if it was known.
    pub before: Option<Arc<T>>,
    /// Its state after the event.
    pub after: Arc<T>,
}

/// A value that is gone.
///
/// A listener takes it as its event.
///
/// | of | event |
/// |---|---|
/// | [`Guild`](crate::cache::Guild) | `GUILD_DELETE`, unless it is an outage |
/// | [`Channel`](crate::cache::Channel) | `CHANNEL_DELETE`, `THREAD_DELETE` |
/// | [`Role`](crate::cache::Role) | `GUILD_ROLE_DELETE` |
/// | [`Member`](crate::cache::Member) | `GUILD_MEMBER_REMOVE` |
/// | [`Message`] | `MESSAGE_DELETE`; many at once are [`BulkDeleted`] |
/// | [`VoiceState`](crate::cache::VoiceState) | `VOICE_STATE_UPDATE` without a channel |
/// | [`Presence`](crate::cache::Presence) | `PRESENCE_UPDATE` of somebody who goes offline |
///
/// Values that go with another, such as the roles of a guild, cause no event of their own.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn deleted(_: &Context, message: &Deleted<Message>) {
///     match &message.value {
///         Some(known) => tracing::info!(author = %known.author.id, "deleted"),
///         None => tracing::info!(message = %message.key, "nobody knows what it was"),
///     }
/// }
///
/// let bot = Bot::builder().add(handlers![deleted]);
/// ```
#[non_exhaustive]
pub struct Deleted<T: Cacheable> {
    /// Its key in the cache.
    pub key: T::Key,
    /// Its last state, if it was known.
    pub value: Option<Arc<T>>,
}

/// Messages that were deleted at once, by a moderator or a bot.
///
/// A listener takes it as its event.
///
/// Since a listener runs once for an event, these messages do not come one by one as [`Deleted`].
///
/// # Examples
///
/// ```
/// use cordial::cache::BulkDeleted;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn purged(_: &Context, deleted: &BulkDeleted) {
///     let known = deleted.messages.iter().filter(|message| message.value.is_some());
///     tracing::info!(all = deleted.messages.len(), known = known.count(), "purged");
/// }
///
/// let bot = Bot::builder().add(handlers![purged]);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BulkDeleted {
    /// The channel of the messages.
    pub channel_id: Id<ChannelMarker>,
    /// The guild of the channel.
    pub guild_id: Option<Id<GuildMarker>>,
    /// The messages, known or not.
    pub messages: Vec<Deleted<Message>>,
}

impl<T: Cacheable> Clone for Updated<T> {
    fn clone(&self) -> Self {
        Self {
            key: self.key,
            before: self.before.clone(),
            after: Arc::clone(&self.after),
        }
    }
}

impl<T: Cacheable> Clone for Deleted<T> {
    fn clone(&self) -> Self {
        Self {
            key: self.key,
            value: self.value.clone(),
        }
    }
}

impl<T: Cacheable> fmt::Debug for Updated<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what people wrote.
        f.debug_struct(T::NAME_OF_UPDATE)
            .field("key", &self.key)
            .field("was_known", &self.before.is_some())
            .finish_non_exhaustive()
    }
}

impl<T: Cacheable> fmt::Debug for Deleted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what people wrote.
        f.debug_struct(T::NAME_OF_DELETION)
            .field("key", &self.key)
            .field("was_known", &self.value.is_some())
            .finish_non_exhaustive()
    }
}

// The cache holds the state afterwards, which counts once it is replaced itself.

impl<T: Cacheable> Changed for Updated<T> {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.before.as_deref().map_or(0, bytes)
    }
}

impl<T: Cacheable> Changed for Deleted<T> {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.value.as_deref().map_or(0, bytes)
    }
}

impl Changed for BulkDeleted {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.messages.iter().map(Changed::bytes).sum::<usize>()
    }
}

/// Returns about how many bytes a value has.
fn bytes<T: Cacheable>(value: &T) -> usize {
    size_of::<T>() + value.heap()
}

/// Implements listening to one of these.
macro_rules! seen {
    () => {
        fn matches(occurrence: &Occurrence) -> bool {
            occurrence.change::<Self>().is_some()
        }

        fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
            occurrence.change().map(View::Borrowed)
        }
    };
}

impl<T: Cacheable> EventPayload for Updated<T> {
    const NAME: &'static str = T::NAME_OF_UPDATE;

    seen!();

    fn kinds() -> EventKinds {
        T::updates().0
    }

    fn intents() -> Intents {
        T::updates().1
    }

    fn carries(part: Part) -> Presence {
        T::update_carries(part)
    }

    fn resources() -> Resources {
        Resources::of(T::RESOURCE)
    }
}

impl<T: Cacheable> EventPayload for Deleted<T> {
    const NAME: &'static str = T::NAME_OF_DELETION;

    seen!();

    fn kinds() -> EventKinds {
        T::deletions().0
    }

    fn intents() -> Intents {
        T::deletions().1
    }

    fn carries(part: Part) -> Presence {
        T::deletion_carries(part)
    }

    fn resources() -> Resources {
        Resources::of(T::RESOURCE)
    }
}

impl EventPayload for BulkDeleted {
    const NAME: &'static str = "BulkDeleted";

    seen!();

    fn kinds() -> EventKinds {
        MessageDeleteBulk::kinds()
    }

    fn intents() -> Intents {
        MessageDeleteBulk::intents()
    }

    fn carries(part: Part) -> Presence {
        MessageDeleteBulk::carries(part)
    }

    fn resources() -> Resources {
        Resources::of(Message::RESOURCE)
    }
}

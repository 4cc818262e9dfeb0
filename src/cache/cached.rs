//! What handlers look up in the cache.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use twilight_model::channel::{Channel, Message};
use twilight_model::gateway::presence::Presence;
use twilight_model::guild::{Member, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker,
};
use twilight_model::voice::VoiceState;

use crate::cache::{CacheOff, Cacheable, Guild, MemberPermissions, Shelves};
use crate::event::Resources;
use crate::http::Http;

/// The cache of a bot, of which any resource may be off.
///
/// A handler gets it from [`Context::cache`](crate::Context::cache). A handler that takes [`Cached`]
/// instead turns on the resource that it needs, so it need not handle that it is off.
///
/// # Examples
///
/// ```
/// use cordial::cache::Resource;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn left(ctx: &Context, left: &MemberRemove) -> Result<()> {
///     if let Some(guild) = ctx.cache().guild(left.guild_id)? {
///         tracing::info!("{} left {}", left.user.id, guild.name);
///     }
///     Ok(())
/// }
///
/// let bot = Bot::builder().cache(Resource::Guilds).add(handlers![left]);
/// ```
#[derive(Clone)]
pub struct Cache {
    shelves: Arc<Shelves>,
    http: Http,
}

impl Cache {
    pub(crate) fn new(shelves: Arc<Shelves>, http: Http) -> Self {
        Self { shelves, http }
    }

    /// Returns which resources are kept.
    #[must_use]
    pub fn resources(&self) -> Resources {
        self.shelves.kept()
    }

    /// Fails if a resource is not kept.
    pub(crate) fn require(&self, resources: Resources) -> Result<(), CacheOff> {
        let kept = self.resources();
        let mut lacking = resources.iter().filter(|needed| !kept.contains(*needed));
        lacking.next().map_or(Ok(()), |off| Err(CacheOff::new(off)))
    }

    /// Returns one resource.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if it is not kept.
    pub fn of<T: Cacheable>(&self) -> Result<Cached<T>, CacheOff> {
        self.require(Resources::of(T::RESOURCE))?;
        Ok(Cached {
            shelves: Arc::clone(&self.shelves),
            of: PhantomData,
        })
    }

    /// Returns the calculator of members' permissions.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if guilds, channels, roles or members are not kept.
    pub fn permissions(&self) -> Result<MemberPermissions, CacheOff> {
        MemberPermissions::new(self, self.http.clone())
    }

    /// Returns a guild.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if guilds are not kept.
    pub fn guild(&self, id: Id<GuildMarker>) -> Result<Option<Arc<Guild>>, CacheOff> {
        Ok(self.of()?.get(id))
    }

    /// Returns a channel of a guild, or a thread.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if channels are not kept.
    pub fn channel(&self, id: Id<ChannelMarker>) -> Result<Option<Arc<Channel>>, CacheOff> {
        Ok(self.of()?.get(id))
    }

    /// Returns a role.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if roles are not kept.
    pub fn role(&self, id: Id<RoleMarker>) -> Result<Option<Arc<Role>>, CacheOff> {
        Ok(self.of()?.get(id))
    }

    /// Returns a member of a guild.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if members are not kept.
    pub fn member(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
    ) -> Result<Option<Arc<Member>>, CacheOff> {
        Ok(self.of()?.get((guild, user)))
    }

    /// Returns a message.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if messages are not kept.
    pub fn message(&self, id: Id<MessageMarker>) -> Result<Option<Arc<Message>>, CacheOff> {
        Ok(self.of()?.get(id))
    }

    /// Returns somebody's voice state in a guild, if they are in a voice channel.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if voice states are not kept.
    pub fn voice_state(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
    ) -> Result<Option<Arc<VoiceState>>, CacheOff> {
        Ok(self.of()?.get((guild, user)))
    }

    /// Returns somebody's presence in a guild, if they are online.
    ///
    /// # Errors
    ///
    /// [`CacheOff`] if presences are not kept.
    pub fn presence(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
    ) -> Result<Option<Arc<Presence>>, CacheOff> {
        Ok(self.of()?.get((guild, user)))
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("resources", &self.resources())
            .finish_non_exhaustive()
    }
}

/// One resource of the cache.
///
/// As an argument of a handler, it makes the cache keep the resource.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// /// How many roles are there?
/// #[command(guild_only)]
/// async fn count_roles(ctx: &CommandContext, roles: Cached<Role>, guild: GuildId) -> Result<()> {
///     let count = roles.within(*guild).len();
///     ctx.reply(format!("There are {count}.")).await?;
///     Ok(())
/// }
///
/// let bot = Bot::builder().add(handlers![count_roles]).build()?;
/// assert_eq!(bot.intents(), Intents::GUILDS);
/// # Ok::<(), cordial::BuildError>(())
/// ```
pub struct Cached<T: Cacheable> {
    shelves: Arc<Shelves>,
    of: PhantomData<fn() -> T>,
}

impl<T: Cacheable> Cached<T> {
    /// Returns an entry as it is now, if it is known.
    #[must_use]
    pub fn get(&self, key: T::Key) -> Option<Arc<T>> {
        T::shelf(&self.shelves).get(key)
    }

    /// Returns the entries of a guild, or the messages of a channel, in the order of their ids.
    ///
    /// That is the order in which they were created.
    #[must_use]
    pub fn within(&self, place: T::Place) -> Vec<Arc<T>> {
        T::shelf(&self.shelves).within(place)
    }

    /// Returns all known entries, in no particular order.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<T>> {
        T::shelf(&self.shelves).all()
    }

    /// Returns the number of known entries.
    #[must_use]
    pub fn len(&self) -> usize {
        T::shelf(&self.shelves).usage().0
    }

    /// Returns whether no entry is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Cacheable> Clone for Cached<T> {
    fn clone(&self) -> Self {
        Self {
            shelves: Arc::clone(&self.shelves),
            of: PhantomData,
        }
    }
}

impl<T: Cacheable> fmt::Debug for Cached<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what people wrote.
        f.debug_struct("Cached")
            .field("of", &T::RESOURCE)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

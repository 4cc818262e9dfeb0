//! The health of a bot: what its shards are doing, and what they have done so far.

#[cfg(feature = "cache")]
mod cache;
mod load;
mod page;
mod server;
mod vitals;

#[cfg(feature = "cache")]
pub use self::cache::CacheUsage;
pub use self::load::Load;
pub use self::vitals::{ShardHealth, ShardState};

pub(crate) use self::server::Server;
pub(crate) use self::vitals::{Count, Vitals};

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use twilight_model::gateway::ShardId;

/// Shows the health of a bot while it runs, from anywhere in the program.
///
/// Cheap to clone. Get it from [`Bot::health`](crate::Bot::health) before the bot runs, and from
/// [`Context::health`](crate::Context::health) in handlers.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// let bot = Bot::builder().build()?;
/// let health = bot.health();
/// assert!(!health.is_well(), "it is not running yet");
/// for shard in health.shards() {
///     println!("{}: {:?}, last heard of {:?} ago", shard.id(), shard.state(), shard.silence());
/// }
/// # Ok::<(), cordial::BuildError>(())
/// ```
#[derive(Clone, Default)]
pub struct Health(Arc<Known>);

/// What is known of a bot.
#[derive(Default)]
struct Known {
    shards: Mutex<Vec<Arc<Vitals>>>,
    /// Counts what there is to do.
    load: OnceLock<Box<dyn Fn() -> Load + Send + Sync>>,
    /// Counts what the cache holds.
    #[cfg(feature = "cache")]
    cache: OnceLock<Box<dyn Fn() -> Vec<CacheUsage> + Send + Sync>>,
    /// Where it is served.
    address: OnceLock<SocketAddr>,
}

impl Health {
    /// Returns whether all shards have sessions, and so receive events.
    ///
    /// A bot that is connecting, or that does not run, is not well.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.all(|shard| shard.state() == ShardState::Active)
    }

    /// Returns whether all shards are [well within a tolerance](ShardHealth::is_well_within).
    ///
    /// Reconnecting is nothing to worry about, as long as it succeeds.
    #[must_use]
    pub fn is_well_within(&self, tolerance: Duration) -> bool {
        self.all(|shard| shard.is_well_within(tolerance))
    }

    /// Returns whether there are shards, and something is true of them all.
    fn all(&self, is: impl Fn(&ShardHealth) -> bool) -> bool {
        let shards = self.shards();
        !shards.is_empty() && shards.iter().all(is)
    }

    /// Returns the health of each shard, by number. Before the bot runs there are no shards.
    #[must_use]
    pub fn shards(&self) -> Vec<ShardHealth> {
        let shards = self.0.shards.lock();
        let shards = shards.unwrap_or_else(PoisonError::into_inner);
        shards.iter().map(|vitals| vitals.look()).collect()
    }

    /// Returns the bot's current load.
    #[must_use]
    pub fn load(&self) -> Load {
        self.0.load.get().map_or_else(Load::default, |load| load())
    }

    /// Returns how much the [cache](crate::cache) holds of each resource that it keeps.
    #[cfg(feature = "cache")]
    #[must_use]
    pub fn cache(&self) -> Vec<CacheUsage> {
        self.0.cache.get().map_or_else(Vec::new, |usage| usage())
    }

    /// Returns the address where the health is [served](crate::bot::BotBuilder::serve_health), once it is.
    ///
    /// It contains the port that the system chose, if you left that to the system.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.address.get().copied()
    }

    /// Lets something count what there is to do, unless something does already.
    pub(crate) fn counts_load(&self, load: impl Fn() -> Load + Send + Sync + 'static) {
        // A second bot has a health of its own.
        drop(self.0.load.set(Box::new(load)));
    }

    /// Lets something count what the cache holds, unless something does already.
    #[cfg(feature = "cache")]
    pub(crate) fn counts_cache(&self, usage: impl Fn() -> Vec<CacheUsage> + Send + Sync + 'static) {
        drop(self.0.cache.set(Box::new(usage)));
    }

    /// Begins to watch a shard.
    pub(crate) fn watch(&self, shard: ShardId) -> Arc<Vitals> {
        let vitals = Arc::new(Vitals::new(shard));
        let shards = self.0.shards.lock();
        let mut shards = shards.unwrap_or_else(PoisonError::into_inner);
        // One that ran before has ended.
        shards.retain(|earlier| earlier.shard() != shard);
        shards.push(Arc::clone(&vitals));
        shards.sort_by_key(|vitals| vitals.shard().number());
        vitals
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut health = f.debug_struct("Health");
        health
            .field("shards", &self.shards())
            .field("load", &self.load());
        #[cfg(feature = "cache")]
        health.field("cache", &self.cache());
        health.finish()
    }
}

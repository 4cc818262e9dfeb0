//! How a bot is: what its shards are doing, and what came of it so far.

mod vitals;

pub use self::vitals::{ShardHealth, ShardState};

pub(crate) use self::vitals::{Count, Vitals};

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use twilight_model::gateway::ShardId;

/// Tells how a bot is while it runs, from wherever it is asked.
///
/// Cheap to clone. [`Bot::health`](crate::Bot::health) gives it out before the bot runs, and handlers have it
/// from [`Context::health`](crate::Context::health).
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
pub struct Health {
    shards: Arc<Mutex<Vec<Arc<Vitals>>>>,
}

impl Health {
    /// Returns whether all shards have sessions, and so are told of what happens.
    ///
    /// A bot that is connecting, or that does not run, is not well.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let shards = self.shards();
        let is_active = |shard: &ShardHealth| shard.state() == ShardState::Active;
        !shards.is_empty() && shards.iter().all(is_active)
    }

    /// Returns how each shard is now, by number. Before the bot runs there is none.
    #[must_use]
    pub fn shards(&self) -> Vec<ShardHealth> {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        shards.iter().map(|vitals| vitals.look()).collect()
    }

    /// Begins to watch a shard.
    pub(crate) fn watch(&self, shard: ShardId) -> Arc<Vitals> {
        let vitals = Arc::new(Vitals::new(shard));
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        // One that ran before has ended.
        shards.retain(|earlier| earlier.shard() != shard);
        shards.push(Arc::clone(&vitals));
        shards.sort_by_key(|vitals| vitals.shard().number());
        vitals
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("shards", &self.shards())
            .finish()
    }
}

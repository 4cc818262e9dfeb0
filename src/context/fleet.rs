//! All the shards of a bot, for what is said to all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use twilight_model::gateway::ShardId;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::context::{NotSent, Outbox, Presence, Shard};

/// All the shards of a bot, and what they all show of it.
#[derive(Default)]
pub(crate) struct Fleet {
    inner: Mutex<Inner>,
    /// Told when a shard has joined.
    joined: Notify,
}

#[derive(Default)]
struct Inner {
    /// The command that says how the bot is shown.
    presence: Option<String>,
    /// Where what is said to each waits.
    shards: Vec<(ShardId, Weak<Outbox>)>,
}

impl Fleet {
    /// Makes one without shards, which will show the bot so.
    pub(crate) fn new(presence: Option<Presence>) -> Self {
        let presence = presence.and_then(to_json);
        let shards = Vec::new();
        Self {
            inner: Mutex::new(Inner { presence, shards }),
            joined: Notify::new(),
        }
    }

    /// Takes in a shard, which shows the bot as the others do.
    pub(crate) fn join(&self, shard: &Shard) {
        let Some(outbox) = shard.outbox() else { return };
        let mut inner = self.lock();
        if let Some(presence) = inner.presence.clone() {
            // It takes none only if the bot is stopping.
            outbox.put(presence).ok();
        }
        inner.shards.retain(|(_, shard)| shard.strong_count() > 0);
        inner.shards.push((shard.id(), Arc::downgrade(outbox)));
        drop(inner);
        self.joined.notify_waiters();
    }

    /// Returns the shard that a guild belongs to, and where what is said to it waits. A bot that has just
    /// started has none for a moment, which is waited for no longer than a time.
    ///
    /// # Errors
    ///
    /// [`NotSent::Closed`] if there is none.
    pub(crate) async fn shard_of(
        &self,
        guild: Id<GuildMarker>,
        time: Duration,
    ) -> Result<(ShardId, Arc<Outbox>), NotSent> {
        let found = async {
            loop {
                let joined = self.joined.notified();
                if let Some((id, outbox)) = self.find(guild) {
                    return outbox.upgrade().map(|outbox| (id, outbox));
                }
                joined.await;
            }
        };
        let found = timeout(time, found).await.ok().flatten();
        found.ok_or(NotSent::Closed)
    }

    fn find(&self, guild: Id<GuildMarker>) -> Option<(ShardId, Weak<Outbox>)> {
        let inner = self.lock();
        let mut shards = inner.shards.iter();
        shards.find(|(shard, _)| has(*shard, guild)).cloned()
    }

    /// Has all shards show the bot so.
    ///
    /// # Errors
    ///
    /// [`NotSent`] if none of them can.
    pub(crate) fn show(&self, presence: Presence) -> Result<(), NotSent> {
        let json = to_json(presence).ok_or(NotSent::Closed)?;
        let mut inner = self.lock();
        inner.presence = Some(json.clone());
        let shards = inner.shards.iter();
        let shards = shards.filter_map(|(_, outbox)| outbox.upgrade());
        let told = shards.map(|outbox| outbox.put(json.clone()).map(drop));
        told.fold(Err(NotSent::Closed), Result::or)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether a guild belongs to a shard. (Discord: Gateway, Sharding.)
fn has(shard: ShardId, guild: Id<GuildMarker>) -> bool {
    (guild.get() >> 22) % u64::from(shard.total()) == u64::from(shard.number())
}

fn to_json(presence: Presence) -> Option<String> {
    serde_json::to_string(&presence.into_command()).ok()
}

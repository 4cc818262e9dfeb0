//! All the shards of a bot, for commands to all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use twilight_model::gateway::ShardId;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::context::{NotSent, Outbox, Presence, Shard};

/// All the shards of a bot, and the presence that they show.
#[derive(Default)]
pub(crate) struct Fleet {
    inner: Mutex<Inner>,
    /// Notified when a shard has joined.
    joined: Notify,
}

#[derive(Default)]
struct Inner {
    /// The command that sets the presence.
    presence: Option<String>,
    /// The outbox of each shard.
    shards: Vec<(ShardId, Weak<Outbox>)>,
}

impl Fleet {
    /// Creates a fleet without shards, which will show this presence.
    pub(crate) fn new(presence: Option<Presence>) -> Self {
        let presence = presence.and_then(to_json);
        let shards = Vec::new();
        Self {
            inner: Mutex::new(Inner { presence, shards }),
            joined: Notify::new(),
        }
    }

    /// Adds a shard, which then shows the same presence as the others.
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

    /// Returns the shard of a guild and its outbox. A bot that has just started has no shards for a moment,
    /// for which this waits up to a limit.
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

    /// Shows a presence on all shards.
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

//! All the shards of a bot, for what is said to all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::context::{NotSent, Outbox, Presence, Shard};

/// All the shards of a bot, and what they all show of it.
#[derive(Default)]
pub(crate) struct Fleet(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// The command that says how the bot is shown.
    presence: Option<String>,
    /// Where what is said to each waits.
    shards: Vec<Weak<Outbox>>,
}

impl Fleet {
    /// Makes one without shards, which will show the bot so.
    pub(crate) fn new(presence: Option<Presence>) -> Self {
        let presence = presence.and_then(to_json);
        let shards = Vec::new();
        Self(Mutex::new(Inner { presence, shards }))
    }

    /// Takes in a shard, which shows the bot as the others do.
    pub(crate) fn join(&self, shard: &Shard) {
        let Some(outbox) = shard.outbox() else { return };
        let mut inner = self.lock();
        if let Some(presence) = inner.presence.clone() {
            outbox.put(presence).unwrap_or(());
        }
        inner.shards.retain(|shard| shard.strong_count() > 0);
        inner.shards.push(Arc::downgrade(outbox));
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
        let shards = inner.shards.iter().filter_map(Weak::upgrade);
        let told = shards.map(|outbox| outbox.put(json.clone()));
        told.fold(Err(NotSent::Closed), Result::or)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn to_json(presence: Presence) -> Option<String> {
    serde_json::to_string(&presence.into_command()).ok()
}

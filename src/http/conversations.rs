//! The channels of direct messages, as far as they are known.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

/// How many are kept. Another costs one request.
const MOST: usize = 1_000;

/// The channels of direct messages that were opened last: a user's is always the same.
#[derive(Default)]
pub(crate) struct Conversations(Mutex<Known>);

#[derive(Default)]
struct Known {
    channels: HashMap<Id<UserMarker>, Id<ChannelMarker>>,
    /// Whose they are, the oldest first.
    users: VecDeque<Id<UserMarker>>,
}

impl Conversations {
    /// Returns the channel of direct messages with a user, if it is known.
    pub(crate) fn with(&self, user: Id<UserMarker>) -> Option<Id<ChannelMarker>> {
        self.lock().channels.get(&user).copied()
    }

    /// Keeps a channel, and no more of them than there is room for.
    pub(crate) fn learn(&self, user: Id<UserMarker>, channel: Id<ChannelMarker>) {
        let mut known = self.lock();
        if known.channels.insert(user, channel).is_none() {
            known.users.push_back(user);
        }
        if known.users.len() > MOST
            && let Some(oldest) = known.users.pop_front()
        {
            known.channels.remove(&oldest);
        }
    }

    /// Forgets a channel that is not there any more.
    pub(crate) fn forget(&self, user: Id<UserMarker>) {
        let mut known = self.lock();
        known.channels.remove(&user);
        known.users.retain(|other| *other != user);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_are_kept_and_no_more() {
        let known = Conversations::default();
        for id in 1..=MOST as u64 + 1 {
            known.learn(Id::new(id), Id::new(id + 1));
        }
        known.learn(Id::new(2), Id::new(9));

        assert_eq!(known.with(Id::new(1)), None);
        assert_eq!(known.with(Id::new(2)), Some(Id::new(9)));
        known.forget(Id::new(2));
        assert_eq!(known.with(Id::new(2)), None);
        let Known { channels, users } = &*known.lock();
        assert_eq!((channels.len(), users.len()), (MOST - 1, MOST - 1));
    }
}

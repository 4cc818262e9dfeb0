//! Updates of the cache: it takes in an event before the event's handlers run, in the order of arrival.

use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::Event;

use crate::dispatch::{Dispatcher, Unread};
use crate::event::{Changes, EventKinds};

impl Dispatcher {
    /// Returns the events that the cache takes in.
    #[cfg(feature = "cache")]
    pub(crate) fn kept(&self) -> EventKinds {
        self.engine.cache.kinds()
    }

    #[cfg(not(feature = "cache"))]
    #[expect(clippy::unused_self, reason = "with a cache it is asked")]
    pub(crate) fn kept(&self) -> EventKinds {
        EventKinds::EMPTY
    }

    /// Lets the cache take in an event, if it is to be kept. Returns the changes.
    #[cfg(feature = "cache")]
    pub(crate) fn keep(&self, event: &Event, shard: ShardId) -> Changes {
        if self.kept().contains(event.kind()) {
            self.engine.cache.take_in(event, shard).into()
        } else {
            Changes::default()
        }
    }

    #[cfg(not(feature = "cache"))]
    #[expect(clippy::unused_self, reason = "with a cache it is asked")]
    pub(crate) fn keep(&self, _: &Event, _: ShardId) -> Changes {
        Changes::default()
    }
}

impl Unread {
    /// Reads the event for the cache, if the cache is to keep it. This runs none of the author's code.
    pub(crate) fn keep(mut self) -> Self {
        if !self.dispatcher.kept().contains(self.kind) {
            return self;
        }
        // What cannot be read is told of when it is its turn.
        if let Ok((Some(event), _)) = self.look() {
            let shard = self.surroundings.shard.id();
            self.changes = self.dispatcher.keep(&event, shard);
            self.event = Some(Box::new(event));
        }
        self
    }
}

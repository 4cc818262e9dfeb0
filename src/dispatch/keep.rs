//! Before its handlers run, the cache takes an event in.

#[cfg(feature = "cache")]
use std::sync::Arc;

use crate::context::Scene;
use crate::dispatch::Dispatcher;
use crate::event::EventKinds;
#[cfg(feature = "cache")]
use crate::event::{KeptEvent, Occurrence};

#[cfg(feature = "cache")]
impl Dispatcher {
    /// Returns the events that the cache takes in.
    pub(crate) fn kept(&self) -> EventKinds {
        self.engine.cache.kinds()
    }

    /// Lets the cache take an event in, and puts what that changed beside the event.
    pub(crate) fn keep(&self, scene: Scene) -> Scene {
        let Some(occurrence) = &scene.occurrence else {
            return scene;
        };
        if !self.kept().has(EventKinds::at(occurrence)) {
            return scene;
        }
        let Some(event) = occurrence.known_event() else {
            return scene;
        };
        let changes = self.engine.cache.take_in(event, scene.shard.id());
        if changes.is_empty() {
            return scene;
        }
        let kept = KeptEvent::new(occurrence.clone(), changes);
        Scene {
            occurrence: Some(Occurrence::Kept(Arc::new(kept))),
            ..scene
        }
    }
}

#[cfg(not(feature = "cache"))]
#[expect(clippy::unused_self, reason = "there is no cache to ask")]
impl Dispatcher {
    pub(crate) fn kept(&self) -> EventKinds {
        EventKinds::EMPTY
    }

    pub(crate) fn keep(&self, scene: Scene) -> Scene {
        scene
    }
}

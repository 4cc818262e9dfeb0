//! Watchers: those who wait for events inside running handlers.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use twilight_model::gateway::Intents;

use crate::context::Scene;
use crate::event::EventKinds;

/// Something that waits for an event.
pub(crate) trait Watcher: Send + Sync {
    /// Shows it an event of a kind that it watches for.
    fn see(&self, _scene: &Arc<Scene>) {}

    /// Shows it an interaction without a handler. Returns whether it will answer the interaction.
    fn claim(&self, _scene: &Arc<Scene>) -> bool {
        false
    }
}

/// What a watcher watches for.
#[derive(Clone, Copy)]
pub(crate) struct Watched {
    pub(crate) kinds: EventKinds,
    /// Whether it takes parts of events alone.
    pub(crate) is_view: bool,
}

/// All watchers. Events that nobody waits for cost one look.
#[derive(Default)]
pub(crate) struct Watchers {
    /// The events to be read as a whole.
    whole: Set,
    /// The events to be read in parts.
    views: Set,
    list: Mutex<List>,
    /// What the gateway brings, once that is known.
    brought: OnceLock<Brought>,
}

/// What the gateway brings.
#[derive(Clone, Copy)]
pub(crate) struct Brought {
    pub(crate) intents: Intents,
    /// What may be read at all.
    pub(crate) kinds: EventKinds,
}

#[derive(Default)]
struct List {
    /// In the order in which they came.
    watchers: BTreeMap<u64, (Watched, Arc<dyn Watcher>)>,
    next: u64,
    /// What they watch for as a whole, and in parts.
    whole: Counts,
    views: Counts,
}

/// How many watch for each event.
struct Counts {
    by_place: [u32; EventKinds::PLACES],
    /// What anybody watches for.
    kinds: EventKinds,
}

/// A place among the watchers, which is given up when this is dropped.
pub(crate) struct Watching {
    watchers: Arc<Watchers>,
    number: u64,
}

impl Watchers {
    /// Sets what the gateway brings.
    pub(crate) fn begin(&self, brought: Brought) {
        // Said once, by whoever builds the bot.
        self.brought.get_or_init(|| brought);
    }

    /// Returns whether the events that a watcher would wait for can arrive.
    pub(crate) fn can_come(&self, kinds: EventKinds, intents: Intents) -> bool {
        self.brought.get().is_none_or(|brought| {
            let is_asked_for = intents.is_empty() || brought.intents.intersects(intents);
            is_asked_for && brought.kinds.has(kinds)
        })
    }

    /// Returns whether the bot reads events of some kinds.
    pub(crate) fn can_read(&self, kinds: EventKinds) -> bool {
        self.can_come(kinds, Intents::empty())
    }

    /// Returns which of these intents the bot has not asked for.
    pub(crate) fn lacks(&self, intents: Intents) -> Intents {
        let brought = self.brought.get();
        brought.map_or(Intents::empty(), |brought| intents - brought.intents)
    }

    /// Adds a watcher.
    pub(crate) fn add(self: &Arc<Self>, aim: Watched, watcher: Arc<dyn Watcher>) -> Watching {
        let mut list = self.list();
        let number = list.next;
        list.next += 1;
        list.watchers.insert(number, (aim, watcher));
        list.counts(aim).add(aim.kinds);
        self.note(&list);
        Watching {
            watchers: Arc::clone(self),
            number,
        }
    }

    /// Returns the events to be read as a whole for watchers.
    pub(crate) fn whole(&self) -> EventKinds {
        self.whole.load()
    }

    /// Returns the events to be read in parts for watchers.
    pub(crate) fn views(&self) -> EventKinds {
        self.views.load()
    }

    /// Shows them an event.
    pub(crate) fn show(&self, scene: &Arc<Scene>) {
        for watcher in self.of(scene) {
            // The type that it watches for may be the author's.
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| watcher.see(scene))) {
                // Its destructor may panic in turn.
                std::mem::forget(payload);
                tracing::error!(
                    "an event could not be given to a waiting handler: the type it waits for \
                     panicked"
                );
            }
        }
    }

    /// Shows them an interaction without a handler. Returns whether one of them will answer it.
    pub(crate) fn claim(&self, scene: &Arc<Scene>) -> bool {
        self.of(scene).iter().any(|watcher| watcher.claim(scene))
    }

    /// Returns the watchers for an event. They run the author's code, which may wait for something in turn,
    /// so this does not hold the lock meanwhile.
    fn of(&self, scene: &Scene) -> Vec<Arc<dyn Watcher>> {
        let Some(kind) = scene.occurrence.as_ref().map(EventKinds::at) else {
            return Vec::new();
        };
        if !(self.whole() | self.views()).has(kind) {
            return Vec::new();
        }
        let list = self.list();
        let watchers = list.watchers.values();
        let watchers = watchers.filter(|(watched, _)| watched.kinds.has(kind));
        watchers.map(|(_, watcher)| Arc::clone(watcher)).collect()
    }

    /// Notes what they watch for, so that others need not take the lock.
    fn note(&self, list: &List) {
        self.whole.store(list.whole.kinds);
        self.views.store(list.views.kinds);
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    /// Returns where it is counted what a watcher watches for.
    fn counts(&mut self, aim: Watched) -> &mut Counts {
        if aim.is_view {
            &mut self.views
        } else {
            &mut self.whole
        }
    }
}

impl Counts {
    fn add(&mut self, kinds: EventKinds) {
        for place in kinds.places() {
            self.by_place[place] += 1;
        }
        self.kinds = self.kinds | kinds;
    }

    fn remove(&mut self, kinds: EventKinds) {
        for place in kinds.places() {
            self.by_place[place] -= 1;
            if self.by_place[place] == 0 {
                self.kinds = self.kinds.without(EventKinds::of_place(place));
            }
        }
    }
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            by_place: [0; EventKinds::PLACES],
            kinds: EventKinds::EMPTY,
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut list = self.watchers.list();
        let left = list.watchers.remove(&self.number);
        if let Some((aim, _)) = &left {
            list.counts(*aim).remove(aim.kinds);
        }
        self.watchers.note(&list);
        drop(list);
        // It holds what is the author's, whose destructors may wait for something in turn.
        drop(left);
    }
}

impl fmt::Debug for Watching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watching")
    }
}

/// A set of events that is read without a lock.
#[derive(Default)]
struct Set([AtomicU64; 2]);

impl Set {
    fn load(&self) -> EventKinds {
        EventKinds::from_halves(self.0.each_ref().map(|half| half.load(Ordering::Acquire)))
    }

    fn store(&self, kinds: EventKinds) {
        for (half, value) in self.0.iter().zip(kinds.halves()) {
            half.store(value, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use twilight_model::gateway::event::EventType;

    use super::*;

    struct Nobody;

    impl Watcher for Nobody {}

    fn watch(watchers: &Arc<Watchers>, kind: EventType, is_view: bool) -> Watching {
        let kinds = EventKinds::of(kind);
        watchers.add(Watched { kinds, is_view }, Arc::new(Nobody))
    }

    #[test]
    fn an_event_is_read_for_as_long_as_somebody_watches_for_it() {
        let watchers = Arc::new(Watchers::default());
        let created = EventType::MessageCreate;
        let first = watch(&watchers, created, false);
        let second = watch(&watchers, created, false);
        let part = watch(&watchers, EventType::TypingStart, true);

        assert!(watchers.whole().contains(created) && !watchers.views().contains(created));
        drop(first);
        assert!(watchers.whole().contains(created), "one is left");
        drop(second);
        assert!(watchers.whole().is_empty());
        assert!(watchers.views().contains(EventType::TypingStart));
        drop(part);
        assert!(watchers.views().is_empty());
    }
}

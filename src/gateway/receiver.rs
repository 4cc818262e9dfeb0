//! Takes in what a shard brings, wherever it has it from.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::context::{Scene, Shard};
use crate::dispatch::{Dispatcher, Fresh, Hold, Unread};
use crate::event::{Changes, ConnectionEvent, EventKinds, RawEvent, SequenceGap};
use crate::exception::MalformedEvent;
use crate::failure::Failure;
use crate::gateway::helm::Deck;
use crate::gateway::ledger::Bookmark;
use crate::gateway::numbers::{Numbers, Taken};
use crate::gateway::receive::{Found, Received, receive};
use crate::health::{Count, Vitals};
use crate::http::Http;
use crate::sabotage::{self, Sabotage};

/// How many unknown events the log tells of: more than that are no new ones of Discord's.
const MOST_TOLD: usize = 100;

/// Takes in what a shard brings.
pub(crate) struct Receiver {
    pub(crate) shard: Shard,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) http: Http,
    pub(crate) dispatcher: Arc<Dispatcher>,
    /// Where handlers run.
    pub(crate) home: Handle,
    /// Where they are begun.
    pub(crate) deck: Deck,
    /// Where the session is noted, if it is to last.
    pub(crate) bookmark: Option<Bookmark>,
    /// The unknown events that the log has told of, as far as there are few.
    told: HashSet<String>,
}

impl Receiver {
    /// Prepares to take in what the shard of these vitals brings. Handlers will run on the runtime that
    /// this is called on.
    pub(crate) fn new(
        vitals: Arc<Vitals>,
        http: Http,
        dispatcher: Arc<Dispatcher>,
        bookmark: Option<Bookmark>,
    ) -> Self {
        let shard = Shard::new(Arc::clone(&vitals));
        dispatcher.engine.fleet.join(&shard);
        Self {
            shard,
            vitals,
            http,
            dispatcher,
            home: Handle::current(),
            deck: Deck::Here,
            bookmark,
            told: HashSet::new(),
        }
    }

    /// Takes in a message: an event is handed over, if it is wanted and new. Returns what is to be run for it
    /// now.
    pub(crate) fn receive(&mut self, json: String, numbers: &mut Numbers) -> Option<Fresh> {
        if sabotage::is(Sabotage::DropEvents) && json.len().is_multiple_of(7) {
            return None;
        }
        if sabotage::is(Sabotage::DropAtRandom)
            && RandomState::new().hash_one(&json).is_multiple_of(7)
        {
            return None;
        }
        let wanted = self.dispatcher.wanted() | self.dispatcher.viewed();
        let received = receive(&json, wanted);
        // What is spawned from here on is the bot's, and not the shard's own.
        let home = self.home.clone();
        let _home = home.enter();
        match received {
            Received::Event(found) => return self.meet_event(found, json, numbers),
            Received::Unwanted(kind, sequence) => {
                drop(self.take(sequence, numbers));
                self.dispatcher.skip(Some(kind), self.shard.id(), sequence);
            }
            Received::Unknown { name, sequence } => {
                let hold = self.take(sequence, numbers);
                let new = hold.map(|hold| (json, hold));
                return self.meet_unknown(name, sequence, new);
            }
            Received::Message(event) => {
                let (dispatcher, scene) = (Arc::clone(&self.dispatcher), self.scene(0));
                let bytes = json.len();
                return Some(Fresh::later(move || {
                    dispatcher.deliver(*event, scene, bytes)
                }));
            }
            Received::Control => {}
            Received::Malformed(error) => return self.meet_malformed(error, json, numbers),
        }
        None
    }

    /// Hands an event to those who want it.
    fn meet_event(&self, found: Found, json: String, numbers: &mut Numbers) -> Option<Fresh> {
        let Found {
            kind,
            sequence,
            usual,
        } = found;
        let Some(hold) = self.take(sequence, numbers) else {
            self.dispatcher.skip(Some(kind), self.shard.id(), sequence);
            return None;
        };
        Some(self.dispatcher.meet(Unread {
            dispatcher: Arc::clone(&self.dispatcher),
            kind,
            json,
            usual,
            surroundings: Scene {
                is_replayed: numbers.is_resuming(),
                ..self.scene(sequence)
            },
            hold,
            is_shown: false,
            event: None,
            changes: Changes::default(),
        }))
    }

    /// Takes an event in by its number. Returns what is to be held while it is dealt with; nothing if it is
    /// not new: one that was sent before the connection was lost is sent again after, and so is one that was
    /// done in an earlier run of the bot.
    fn take(&self, sequence: u64, numbers: &mut Numbers) -> Option<Hold> {
        if sequence == 0 {
            return Some(None);
        }
        match numbers.take(sequence) {
            Taken::Repeated if sabotage::is(Sabotage::ForgetRepeats) => {}
            Taken::Repeated => {
                self.vitals.count(Count::Repeated);
                return None;
            }
            Taken::Behind { before } => {
                self.vitals.count(Count::Gaps);
                let shard = self.shard.id();
                tracing::warn!(%shard, from = before, to = sequence, "events are missing");
                self.tell(ConnectionEvent::Gap(SequenceGap {
                    shard,
                    from: before,
                    to: sequence,
                }));
            }
            Taken::Next => {}
        }
        self.vitals.heard(sequence);
        match &self.bookmark {
            None => Some(None),
            Some(bookmark) => bookmark.take(sequence),
        }
    }

    /// Hands an event that twilight does not know to those who take events as they come.
    fn meet_unknown(
        &mut self,
        name: String,
        sequence: u64,
        new: Option<(String, Hold)>,
    ) -> Option<Fresh> {
        self.vitals.count(Count::Unknown);
        let shard = self.shard.id();
        let new = new.filter(|_| self.dispatcher.wanted().has(EventKinds::RAW));
        if let Some((json, hold)) = new {
            let raw = RawEvent::new(Some(name), Some(sequence), false, json);
            let (dispatcher, scene) = (Arc::clone(&self.dispatcher), self.scene(sequence));
            return Some(Fresh::later(move || {
                dispatcher.deliver_raw(raw, scene, hold)
            }));
        }
        self.dispatcher.skip(None, shard, sequence);
        if self.told.len() < MOST_TOLD && !self.told.contains(&name) {
            tracing::info!(
                %shard,
                event = name.escape_debug().to_string(),
                "received an event of a type that twilight does not know"
            );
            self.told.insert(name);
        }
        None
    }

    fn meet_malformed(
        &mut self,
        error: MalformedEvent,
        json: String,
        numbers: &mut Numbers,
    ) -> Option<Fresh> {
        let sequence = error.sequence().unwrap_or(0);
        let Some(hold) = self.take(sequence, numbers) else {
            self.dispatcher.skip(None, self.shard.id(), sequence);
            return None;
        };
        let (dispatcher, scene) = (Arc::clone(&self.dispatcher), self.scene(sequence));
        Some(Fresh::later(move || {
            dispatcher.deliver_malformed(error, json, scene, hold)
        }))
    }

    /// Tells listeners of something about the connection.
    pub(crate) fn tell(&self, event: ConnectionEvent) {
        if self.dispatcher.wanted().has(EventKinds::CONNECTION) {
            let (dispatcher, scene) = (Arc::clone(&self.dispatcher), self.scene(0));
            let _home = self.home.enter();
            self.deck.put(Fresh::later(move || {
                dispatcher.tell(event, scene);
                None
            }));
        }
    }

    /// Asks the error handlers about something that is no listener's fault.
    pub(crate) fn fail(&self, failure: Failure) {
        let _home = self.home.enter();
        self.dispatcher.connection_failed(failure, self.scene(0));
    }

    /// Returns what surrounds an event of a number.
    pub(crate) fn scene(&self, sequence: u64) -> Scene {
        Scene::new(self.shard.clone(), sequence, self.http.clone())
    }
}

//! Events that have not been read yet.

use std::ops::Range;
use std::sync::Arc;

use twilight_model::gateway::event::{Event, EventType};

use crate::context::Scene;
use crate::dispatch::intake::{Postponed, Prepared, Seat};
use crate::dispatch::{Dispatcher, Hold, Ready};
use crate::event::{Changes, EventKinds, EventText, Occurrence, Place, RawEvent, find_data, read};
use crate::exception::MalformedEvent;
use crate::failure::IntoFailure;
use crate::health::Count;

/// An event as text, which somebody wants.
pub(crate) struct Unread {
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) kind: EventType,
    /// The whole message.
    pub(crate) json: String,
    /// Where its data is, if that is known: where Discord puts it, or where it was found.
    pub(crate) usual: Option<Range<usize>>,
    pub(crate) surroundings: Scene,
    pub(crate) hold: Hold,
    /// Whether it was shown to the watchers.
    pub(crate) is_shown: bool,
    /// The event, if it was read before its turn.
    pub(crate) event: Option<Box<Event>>,
    /// What it changed in the cache.
    pub(crate) changes: Changes,
}

/// What is left to do about a waiting event.
#[must_use = "nobody else starts what waits"]
pub(crate) struct Queued {
    dispatcher: Arc<Dispatcher>,
    /// The event to be shown to the watchers.
    shown: Option<Arc<Scene>>,
}

/// What is wanted of an event: the whole, and where its data is.
pub(crate) type What = (Option<Event>, Option<Range<usize>>);

impl Unread {
    /// Takes the event in hand and reads it, if there is room; otherwise lets it wait. Returns the handlers
    /// to run now.
    pub(crate) fn take_in(mut self) -> Option<Ready> {
        let is_interaction = self.kind == EventType::InteractionCreate;
        // An interaction may be what the handlers in hand wait for, and is no use in three seconds; and what
        // has no handler of its own needs no room.
        if is_interaction || !self.dispatcher.routes.has(self.kind) {
            let (dispatcher, hold) = (Arc::clone(&self.dispatcher), self.hold.take());
            return dispatcher.take_in(self.read(hold)?);
        }
        if let Some(seat) = self.dispatcher.intake.admit(Some(self.kind)) {
            return self.start(seat);
        }
        self.postpone().settle();
        None
    }

    /// Reads the event, now that it is its turn. Returns the handlers to run.
    pub(crate) fn start(mut self, seat: Seat) -> Option<Ready> {
        let hold = self.hold.take();
        let in_hand = self.dispatcher.in_hand(seat, hold);
        self.read(Some(in_hand)).map(Ready::new)
    }

    /// Lets the event wait. This runs none of the author's code.
    pub(crate) fn postpone(mut self) -> Queued {
        let shown = self.read_to_show();
        self.is_shown |= shown.is_some();
        // It is read again when it is its turn: as text it takes far less.
        self.event = None;
        let dispatcher = Arc::clone(&self.dispatcher);
        dispatcher.intake.enqueue(Postponed::Unread(self));
        Queued { dispatcher, shown }
    }

    /// Reads the event for watchers that wait for it: it would otherwise wait behind their handlers, which
    /// wait for it.
    fn read_to_show(&mut self) -> Option<Arc<Scene>> {
        let watchers = &self.dispatcher.engine.watchers;
        if !(watchers.whole() | watchers.views()).contains(self.kind) {
            return None;
        }
        // What cannot be read is told of when it is its turn.
        let what = self.look().ok()?;
        let surroundings = self.surroundings.clone();
        let scene = put(what, self.kind, self.json.clone(), surroundings)?;
        Some(Arc::new(scene.with_changes(self.changes.clone())))
    }

    /// Returns where it happened.
    pub(crate) fn place(&self) -> Place {
        let data = self.data().and_then(|data| self.json.get(data));
        Place::of_data(self.kind, data.unwrap_or_default())
    }

    /// Returns where its data is, if there is any.
    fn data(&self) -> Option<Range<usize>> {
        let usual = self.usual.clone();
        usual.or_else(|| find_data(&self.json).ok())
    }

    /// Reads as much of the event as is wanted, and finds its handlers.
    fn read(mut self, hold: Hold) -> Option<Prepared> {
        let what = self.look();
        let Self {
            dispatcher,
            kind,
            json,
            surroundings,
            is_shown,
            changes,
            ..
        } = self;
        let (shard, sequence) = (surroundings.shard.id(), surroundings.sequence);
        let bytes = json.len();
        let what = match what {
            Ok(what) => what,
            Err(error) => {
                let name = kind.name().map(str::to_owned);
                let error = MalformedEvent::new(name, Some(sequence), &error);
                return dispatcher.malformed(error, json, surroundings, hold);
            }
        };
        let Some(scene) = put(what, kind, json, surroundings) else {
            // Whoever waited for it does so no more.
            dispatcher.skip(Some(kind), shard, sequence);
            return None;
        };
        dispatcher.prepare(scene.with_changes(changes), is_shown, bytes, hold)
    }

    /// Reads what is wanted of it.
    pub(crate) fn look(&mut self) -> serde_json::Result<What> {
        let is_viewed = self.dispatcher.viewed().contains(self.kind);
        if let Some(event) = self.event.take() {
            let data = is_viewed.then(|| self.data()).flatten();
            return Ok((Some(*event), data));
        }
        let whole = |data: &str| {
            let is_wanted = self.dispatcher.wanted().contains(self.kind);
            is_wanted.then(|| read(self.kind, data)).transpose()
        };
        if let Some(data) = &self.usual
            && let Ok(event) = whole(&self.json[data.clone()])
        {
            return Ok((event, is_viewed.then(|| data.clone())));
        }
        // It stands elsewhere, or there is something behind it, or it cannot be read at all.
        let data = find_data(&self.json)?;
        let event = whole(&self.json[data.clone()])?;
        self.usual = Some(data.clone());
        Ok((event, is_viewed.then_some(data)))
    }
}

/// Puts what is wanted of an event into its surroundings, if anything is.
fn put(what: What, kind: EventType, json: String, surroundings: Scene) -> Option<Scene> {
    match what {
        (Some(event), None) => Some(surroundings.with_event(event)),
        (event, Some(data)) => {
            let text = EventText::new(kind, json, data);
            let text = match event {
                Some(event) => text.known(event),
                None => text,
            };
            let occurrence = Some(Occurrence::Text(Arc::new(text)));
            Some(Scene {
                occurrence,
                ..surroundings
            })
        }
        (None, None) => None,
    }
}

impl Queued {
    /// Shows it to those who wait for it, and starts what can be started of all that waits.
    pub(crate) fn settle(self) {
        let Self { dispatcher, shown } = self;
        if let Some(scene) = shown {
            dispatcher.engine.watchers.show(&scene);
        }
        dispatcher.serve();
    }
}

impl Dispatcher {
    /// Takes a message that cannot be read: tells the error handlers, and listeners of raw events. Returns
    /// the latter's handlers to run.
    pub(crate) fn malformed(
        self: &Arc<Self>,
        error: MalformedEvent,
        json: String,
        surroundings: Scene,
        hold: Hold,
    ) -> Option<Prepared> {
        surroundings.shard.count(Count::Malformed);
        let mut prepared = None;
        if self.wanted().has(EventKinds::RAW) {
            let name = error.event().map(str::to_owned);
            let raw = RawEvent::new(name, error.sequence(), true, json);
            // It is the failure that the event is settled with.
            let apart = Scene {
                sequence: 0,
                ..surroundings.clone()
            };
            prepared = self.prepare_raw(raw, apart, hold.clone());
        }
        self.deliver_failure(error.into_failure(), surroundings, hold);
        prepared
    }
}

//! Events that nobody has read yet.

use std::ops::Range;
use std::sync::Arc;

use twilight_model::gateway::event::{Event, EventType};

use crate::context::Scene;
use crate::dispatch::{Dispatcher, Hold, Ready};
use crate::event::{EventKinds, EventText, RawEvent, find_data, read};
use crate::exception::MalformedEvent;
use crate::failure::IntoFailure;
use crate::health::Count;

/// An event as it came, which somebody wants.
pub(crate) struct Unread {
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) kind: EventType,
    /// The whole message.
    pub(crate) json: String,
    /// Where its data is, if it stands where Discord puts it.
    pub(crate) usual: Option<Range<usize>>,
    pub(crate) surroundings: Scene,
    pub(crate) hold: Hold,
}

/// What is wanted of an event: as a whole, and where its data is.
type What = (Option<Event>, Option<Range<usize>>);

impl Unread {
    /// Reads it, as far as somebody wants that. Returns what is to be run for it now.
    pub(crate) fn read(self) -> Option<Ready> {
        let found = self.find();
        let Self {
            dispatcher,
            kind,
            json,
            surroundings,
            hold,
            ..
        } = self;
        let bytes = json.len();
        match found {
            Ok((Some(event), None)) => {
                drop(json);
                dispatcher.deliver(event, surroundings, bytes, hold)
            }
            Ok((event, Some(data))) => {
                let text = EventText::new(kind, json, data);
                let text = match event {
                    Some(event) => text.known(event),
                    None => text,
                };
                dispatcher.deliver_text(text, surroundings, bytes, hold)
            }
            // Whoever waited for it does so no more.
            Ok((None, None)) => {
                let Scene {
                    shard, sequence, ..
                } = &surroundings;
                dispatcher.skip(Some(kind), shard.id(), *sequence);
                None
            }
            Err(error) => {
                let name = kind.name().map(str::to_owned);
                let error = MalformedEvent::new(name, Some(surroundings.sequence), &error);
                dispatcher.deliver_malformed(error, json, surroundings, hold)
            }
        }
    }

    fn find(&self) -> serde_json::Result<What> {
        let is_viewed = self.dispatcher.viewed().contains(self.kind);
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
        Ok((event, is_viewed.then_some(data)))
    }
}

impl Dispatcher {
    /// Takes in a message that cannot be read: the error handlers are told, and those who take events as they
    /// come. Returns what is to be run for it now.
    pub(crate) fn deliver_malformed(
        self: &Arc<Self>,
        error: MalformedEvent,
        json: String,
        surroundings: Scene,
        hold: Hold,
    ) -> Option<Ready> {
        surroundings.shard.count(Count::Malformed);
        let mut ready = None;
        if self.wanted().has(EventKinds::RAW) {
            let name = error.event().map(str::to_owned);
            let raw = RawEvent::new(name, error.sequence(), true, json);
            // It is the failure that the event is settled with.
            let apart = Scene {
                sequence: 0,
                ..surroundings.clone()
            };
            ready = self.deliver_raw(raw, apart, hold.clone());
        }
        self.deliver_failure(error.into_failure(), surroundings, hold);
        ready
    }
}

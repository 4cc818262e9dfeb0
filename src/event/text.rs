//! The text of events, of which listeners take parts.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use twilight_model::gateway::event::{Event, EventType};

use crate::event::read::read;
use crate::event::view::{Shelf, Viewed, view};

/// The text of an event, of which listeners take [parts](crate::event::EventView).
///
/// It is parsed as a whole once something needs that: a listener of the whole event, an extractor, or
/// [`Context::event`](crate::Context::event), for instance to answer in the event's channel.
pub struct EventText {
    kind: EventType,
    json: String,
    data: Range<usize>,
    whole: OnceLock<Option<Arc<Event>>>,
    /// What is written otherwise than it is meant.
    shelf: Shelf,
}

impl EventText {
    /// Keeps an event whose data is at a place of the text.
    pub(crate) fn new(kind: EventType, json: String, data: Range<usize>) -> Self {
        Self {
            kind,
            json,
            data,
            whole: OnceLock::new(),
            shelf: Shelf::default(),
        }
    }

    /// Notes what was read of it as a whole.
    pub(crate) fn known(self, event: Event) -> Self {
        Self {
            whole: OnceLock::from(Some(Arc::new(event))),
            ..self
        }
    }

    /// Returns the type of the event.
    #[must_use]
    pub fn kind(&self) -> EventType {
        self.kind
    }

    /// Returns the event's data as text.
    #[must_use]
    pub fn data(&self) -> &str {
        self.json.get(self.data.clone()).unwrap_or_default()
    }

    /// Returns the whole event, if it can be read. The first call parses it.
    pub fn event(&self) -> Option<&Arc<Event>> {
        let read = || read(self.kind, self.data()).ok();
        let whole = self.whole.get_or_init(|| read().map(Arc::new));
        whole.as_ref()
    }

    /// Returns it as a whole, if it was read already.
    pub(crate) fn known_event(&self) -> Option<&Arc<Event>> {
        self.whole.get()?.as_ref()
    }

    /// Reads a part of it.
    pub(crate) fn view<'e, T: Viewed<'e>>(&'e self) -> serde_json::Result<T> {
        view(self.data(), &self.shelf)
    }
}

impl fmt::Debug for EventText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what people wrote.
        f.debug_struct("EventText")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

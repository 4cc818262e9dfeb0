//! Events as they came, of which listeners take parts.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use twilight_model::gateway::event::{Event, EventType};

use crate::event::read::read;
use crate::event::view::{Shelf, Viewed, view};

/// An event as it came, of which listeners take [parts](crate::event::EventView).
///
/// It is read as a whole once somebody asks for that: a listener of the whole event, an extractor, or
/// [`Context::event`](crate::Context::event), as for an answer in its channel.
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

    /// Returns what kind of event it is.
    #[must_use]
    pub fn kind(&self) -> EventType {
        self.kind
    }

    /// Returns its data, as it came.
    #[must_use]
    pub fn data(&self) -> &str {
        self.json.get(self.data.clone()).unwrap_or_default()
    }

    /// Returns it as a whole, if it can be read: it is read when that is first asked for.
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

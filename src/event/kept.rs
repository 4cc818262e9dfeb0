//! Events that the cache has taken in, each with what it changed there.

use std::any::Any;
use std::fmt;

use crate::event::Occurrence;

/// Something that an event changed in the cache: of a type that the cache knows.
pub(crate) type Change = Box<dyn Any + Send + Sync>;

/// An event that the cache has taken in, with what it changed there.
///
/// What was there before is known here, whatever has come since.
pub struct KeptEvent {
    of: Occurrence,
    changes: Vec<Change>,
}

impl KeptEvent {
    pub(crate) fn new(of: Occurrence, changes: Vec<Change>) -> Self {
        Self { of, changes }
    }

    /// Returns the event.
    pub(crate) fn of(&self) -> &Occurrence {
        &self.of
    }

    /// Returns what it changed, if that is of a type.
    pub(crate) fn change<C: Any>(&self) -> Option<&C> {
        self.changes.iter().find_map(|change| change.downcast_ref())
    }
}

impl fmt::Debug for KeptEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what people wrote.
        f.debug_struct("KeptEvent")
            .field("of", &self.of)
            .finish_non_exhaustive()
    }
}

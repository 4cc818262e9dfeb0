//! Events that the cache has taken in, each with what it changed there.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::event::Occurrence;

/// Something that an event changed in the cache: of a type that the cache knows.
pub(crate) type Change = Box<dyn Changed>;

/// What a change tells without its type.
pub(crate) trait Changed: Any + Send + Sync {
    /// Returns about how many bytes there are of what is kept no more.
    fn bytes(&self) -> usize;
}

/// What an event changed in the cache, which is mostly nothing.
#[derive(Clone, Default)]
pub(crate) struct Changes(Option<Arc<[Change]>>);

/// An event that the cache has taken in, with what it changed there.
///
/// It knows what was there before, whatever has arrived since.
pub struct KeptEvent {
    of: Occurrence,
    #[cfg_attr(
        not(feature = "cache"),
        expect(dead_code, reason = "there is no cache")
    )]
    changes: Arc<[Change]>,
}

impl Changes {
    /// Returns about how many bytes they hold that the cache does no more.
    pub(crate) fn bytes(&self) -> usize {
        let changes = self.0.iter().flat_map(|changes| changes.iter());
        changes.map(|change| change.bytes()).sum()
    }

    /// Puts them beside the event that they are of, if there are any.
    pub(crate) fn beside(self, occurrence: Occurrence) -> Occurrence {
        match self.0 {
            Some(changes) => Occurrence::Kept(Arc::new(KeptEvent {
                of: occurrence,
                changes,
            })),
            None => occurrence,
        }
    }
}

impl From<Vec<Change>> for Changes {
    fn from(changes: Vec<Change>) -> Self {
        Self((!changes.is_empty()).then(|| changes.into()))
    }
}

impl KeptEvent {
    /// Returns the event.
    pub(crate) fn of(&self) -> &Occurrence {
        &self.of
    }

    /// Returns what it changed, if that is of a type.
    #[cfg(feature = "cache")]
    pub(crate) fn change<C: Any>(&self) -> Option<&C> {
        let mut changes = self.changes.iter().map(|change| &**change as &dyn Any);
        changes.find_map(|change| change.downcast_ref())
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

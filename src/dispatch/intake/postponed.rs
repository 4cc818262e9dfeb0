//! What waits: as it came, since what is read takes several times as much memory.

use std::sync::Arc;

use twilight_model::gateway::event::EventType;

use crate::context::Scene;
use crate::dispatch::{Hold, Route, Unread};
use crate::event::Place;

/// An event that waits.
pub(crate) enum Postponed {
    Unread(Unread),
    /// An interaction, which is no use once it has waited for long; or what cannot be read.
    Read(Prepared),
}

/// An event that was read, with all that it takes to handle it.
pub(crate) struct Prepared {
    pub(crate) scene: Arc<Scene>,
    pub(crate) handlers: Vec<Arc<Route>>,
    pub(crate) hold: Hold,
    /// How long it was as text.
    pub(crate) bytes: usize,
}

impl Postponed {
    /// Returns what surrounds it.
    pub(crate) fn surroundings(&self) -> &Scene {
        match self {
            Self::Unread(unread) => &unread.surroundings,
            Self::Read(prepared) => &prepared.scene,
        }
    }

    /// Returns which event it is, if that is known.
    pub(crate) fn kind(&self) -> Option<EventType> {
        match self {
            Self::Unread(unread) => Some(unread.kind),
            Self::Read(prepared) => prepared.scene.occurrence.as_ref()?.kind(),
        }
    }

    /// Returns how long it was as text, and about how much it holds of what it changed in the cache.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Unread(unread) => unread.json.len() + unread.changes.bytes(),
            Self::Read(prepared) => prepared.bytes,
        }
    }

    /// Returns where it happened.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Unread(unread) => unread.place(),
            Self::Read(Prepared { scene, .. }) => {
                let occurrence = scene.occurrence.as_ref();
                occurrence.map_or(Place::default(), Place::of)
            }
        }
    }

    /// Returns what is held while it waits.
    pub(crate) fn hold(&self) -> &Hold {
        match self {
            Self::Unread(unread) => &unread.hold,
            Self::Read(prepared) => &prepared.hold,
        }
    }

    /// Lets it never be done, whoever waits for that.
    pub(crate) fn leave(self) {
        let hold = match self {
            Self::Unread(unread) => unread.hold,
            Self::Read(prepared) => prepared.hold,
        };
        std::mem::forget(hold);
    }

    /// Keeps what it takes of memory, for ever: see [`sabotage`](crate::sabotage).
    pub(crate) fn keep(&self) {
        match self {
            Self::Unread(unread) => std::mem::forget(unread.json.clone()),
            Self::Read(prepared) => std::mem::forget(Arc::clone(&prepared.scene)),
        }
    }
}

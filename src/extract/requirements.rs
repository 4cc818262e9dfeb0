//! The requirements of a handler's arguments, known before any event arrives.

use std::any::{Any, TypeId, type_name};

use twilight_model::gateway::Intents;

#[cfg(feature = "cache")]
use crate::event::Resources;
use crate::event::{EventKinds, EventPayload, Part};

/// The requirements of a handler's arguments.
#[derive(Debug)]
pub struct Requirements {
    pub(crate) states: Vec<NeededState>,
    pub(crate) parts: Vec<NeededPart>,
    pub(crate) awaited: Vec<AwaitedEvent>,
    intents: Intents,
    /// What is needed of events from guilds, and not of direct messages.
    guild_intents: Intents,
    #[cfg(feature = "cache")]
    pub(crate) resources: Resources,
}

/// The intents that bring direct messages, and what happens to them.
const DIRECT: Intents = Intents::DIRECT_MESSAGES
    .union(Intents::DIRECT_MESSAGE_REACTIONS)
    .union(Intents::DIRECT_MESSAGE_TYPING)
    .union(Intents::DIRECT_MESSAGE_POLLS);

impl Default for Requirements {
    fn default() -> Self {
        Self {
            states: Vec::new(),
            parts: Vec::new(),
            awaited: Vec::new(),
            intents: Intents::empty(),
            guild_intents: Intents::empty(),
            #[cfg(feature = "cache")]
            resources: Resources::NONE,
        }
    }
}

/// A shared value that must have been added.
#[derive(Debug)]
pub(crate) struct NeededState {
    pub(crate) type_id: TypeId,
    pub(crate) type_name: &'static str,
}

/// An event that the handler waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AwaitedEvent {
    pub(crate) name: &'static str,
    pub(crate) kinds: EventKinds,
}

/// A part that the event must have.
#[derive(Debug)]
pub(crate) struct NeededPart {
    pub(crate) extractor: &'static str,
    pub(crate) part: Part,
    /// Whether an event that has it only sometimes will do.
    pub(crate) is_optional: bool,
}

impl Requirements {
    /// Requires a value shared as [`State<T>`](crate::extract::State).
    pub fn state<T: Any + Send + Sync>(&mut self) {
        self.states.push(NeededState {
            type_id: TypeId::of::<T>(),
            type_name: type_name::<T>(),
        });
    }

    /// Needs events to come, and to be read, besides the one that is handled.
    pub(crate) fn awaits<E: EventPayload>(&mut self) {
        let (name, kinds) = (E::NAME, E::kinds());
        self.awaited.push(AwaitedEvent { name, kinds });
        self.intents(E::intents());
        #[cfg(feature = "cache")]
        self.caches(E::resources());
    }

    /// Requires intents beyond those that bring the event.
    pub fn intents(&mut self, intents: Intents) {
        self.intents |= intents;
    }

    /// Requires the [cache](crate::cache) to keep resources, and with them the intents that bring them.
    #[cfg(feature = "cache")]
    pub fn caches(&mut self, resources: impl Into<Resources>) {
        self.resources = self.resources | resources.into();
    }

    /// Requires intents beyond those that bring the event, except for events that come from direct messages alone.
    pub fn guild_intents(&mut self, intents: Intents) {
        self.guild_intents |= intents;
    }

    /// Returns the intents that are needed for an event which these intents bring.
    pub(crate) fn intents_for(&self, event: Intents) -> Intents {
        if !event.is_empty() && DIRECT.contains(event) {
            return self.intents;
        }
        self.intents | self.guild_intents
    }

    /// Requires a part of the event, for the extractor of this name.
    pub fn part(&mut self, extractor: &'static str, part: Part) {
        self.parts.push(NeededPart {
            extractor,
            part,
            is_optional: false,
        });
    }

    /// Uses a part of the event where there is one, for the extractor of this name.
    pub fn optional_part(&mut self, extractor: &'static str, part: Part) {
        self.parts.push(NeededPart {
            extractor,
            part,
            is_optional: true,
        });
    }
}

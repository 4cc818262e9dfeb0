//! An error handler as the registry keeps it: its types forgotten, its place in the order known.

use std::any::TypeId;
use std::cmp::{Ordering, Reverse};

use twilight_model::gateway::Intents;

use crate::error::target::Seen;
use crate::error::{ErrorContext, Flow};
use crate::event::{Occurrence, Part, Presence};
use crate::exception::Lattice;
use crate::extract::Requirements;
use crate::failure::Failure;
use crate::handler::{BoxFuture, TimeLimit};
use crate::meta::{Meta, Place};

/// An error handler as the registry keeps it.
pub(crate) struct Entry {
    pub(crate) meta: Meta,
    /// Where it was added to a handler, a plugin or a bot.
    pub(crate) added: Option<Place>,
    pub(crate) time: TimeLimit,
    pub(crate) requirements: Requirements,
    /// What its arguments need of intents.
    pub(crate) intents: Intents,
    /// The type it is for.
    pub(crate) target: TypeId,
    pub(crate) key: Key,
    /// The event that it is for.
    pub(crate) event: &'static str,
    pub(crate) carries: fn(Part) -> Presence,
    pub(crate) matches: fn(Option<&Occurrence>) -> bool,
    pub(crate) register: fn(&mut Lattice),
    pub(crate) run: Box<dyn Run>,
}

/// What the order of error handlers goes by, beside the rank of the type in a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// Whether it is asked about causes too.
    pub(crate) takes_causes: bool,
    pub(crate) is_guarded: bool,
    /// How narrow the event is that it is for.
    pub(crate) depth: u8,
    pub(crate) type_name: &'static str,
    pub(crate) event: &'static str,
}

/// Runs an error handler.
pub(crate) trait Run: Send + Sync {
    /// Asks the error handler; nothing comes out if its guard declines.
    fn run<'a>(
        &'a self,
        ctx: &'a ErrorContext,
        seen: Seen<'a>,
    ) -> BoxFuture<'a, Result<Option<Flow>, Failure>>;
}

impl Entry {
    /// Compares two error handlers whose types have the same rank in a failure.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let (key, others) = (&self.key, &other.key);
        // `false` sorts before `true`, and what narrows comes first.
        let narrowing = |key: &Key| (!key.is_guarded, Reverse(key.depth));
        narrowing(key)
            .cmp(&narrowing(others))
            .then_with(|| key.type_name.cmp(others.type_name))
            .then_with(|| self.meta.name().cmp(other.meta.name()))
            .then_with(|| key.event.cmp(others.event))
    }

    /// Returns whether nothing tells which of two comes first.
    pub(crate) fn is_ambiguous_with(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Equal
    }
}

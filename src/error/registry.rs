//! The error handlers of one level, by type, in the order they are asked.

use std::any::TypeId;
use std::cmp::Reverse;
use std::sync::Arc;

use crate::context::StateMap;
use crate::error::{Entry, target};
use crate::exception::{Lattice, TypeMap, View, Views};
use crate::meta::{Meta, Place};
use crate::outcome::Level;

/// The error handlers of one level.
pub(crate) struct Registry {
    pub(crate) level: Level,
    /// The handler whose own level it is.
    owner: Option<Meta>,
    /// The state that its error handlers see.
    pub(crate) states: Arc<StateMap>,
    /// Whether any of its error handlers is asked about causes.
    pub(crate) takes_causes: bool,
    /// By the type they are for; those for one type are in order.
    by_type: TypeMap<Vec<Arc<Entry>>>,
}

/// Two error handlers of which nothing tells which is asked first.
pub(crate) struct Ambiguity {
    pub(crate) handlers: [Meta; 2],
    /// Where they were added.
    pub(crate) places: [Option<Place>; 2],
    pub(crate) error: &'static str,
}

/// An error handler of a bot, as [`Bot::error_handlers`](crate::bot::Bot::error_handlers) lists it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ErrorHandlerInfo {
    /// The error handler.
    pub handler: Meta,
    /// The level it stands at.
    pub level: Level,
    /// The handler that it belongs to, at [`Level::Handler`].
    pub owner: Option<Meta>,
    /// The error type that it is for.
    pub error: &'static str,
    /// The number of types that the error type is declared to be, itself and `dyn Error` included.
    ///
    /// In a particular failure it can be less: a type is-a an umbrella only when it is found inside one.
    pub rank: usize,
    /// Whether a guard decides if it is asked.
    pub is_guarded: bool,
    /// Whether it is asked about failures for one event only.
    pub is_for_event: bool,
    /// Whether it is asked about causes too.
    pub takes_causes: bool,
}

impl Registry {
    pub(crate) fn new(
        level: Level,
        owner: Option<Meta>,
        states: Arc<StateMap>,
        lattice: &Lattice,
        entries: Vec<Entry>,
    ) -> Self {
        let takes_causes = entries.iter().any(|entry| entry.key.takes_causes);
        let mut by_type: TypeMap<Vec<Arc<Entry>>> = TypeMap::default();
        for entry in entries {
            let target = lattice.spelled(entry.target);
            by_type.entry(target).or_default().push(Arc::new(entry));
        }
        for entries in by_type.values_mut() {
            entries.sort_by(|a, b| a.order(b));
        }
        Self {
            level,
            owner,
            states,
            takes_causes,
            by_type,
        }
    }

    /// Finds the pairs of which nothing tells which is asked first.
    pub(crate) fn ambiguities(&self) -> Vec<Ambiguity> {
        // Two types may have one name: two versions of a crate do.
        let mut entries: Vec<_> = self.by_type.values().flatten().collect();
        entries.sort_by(|a, b| a.order(b));
        entries
            .windows(2)
            .filter(|pair| pair[0].is_ambiguous_with(pair[1]))
            .map(|pair| Ambiguity {
                handlers: [pair[0].meta.clone(), pair[1].meta.clone()],
                places: [pair[0].added, pair[1].added],
                error: pair[0].key.type_name,
            })
            .collect()
    }

    /// Returns the error handlers for a failure, in the order they are asked.
    ///
    /// Those for a less specific type are not looked for until all before them have declined.
    pub(crate) fn candidates<'r, 'v>(
        &'r self,
        sights: &'v [Sight<'v>],
    ) -> impl Iterator<Item = Candidate<'r, 'v>> + Send + use<'r, 'v> {
        let of_one_rank = sights.chunk_by(|a, b| a.place() == b.place());
        of_one_rank.flat_map(|sights| {
            let mut found: Vec<_> = sights
                .iter()
                .flat_map(|sight| self.for_type(sight))
                .collect();
            if sights.len() > 1 {
                found.sort_by(|a, b| a.entry.order(b.entry));
            }
            found
        })
    }

    fn for_type<'r, 'v>(&'r self, sight: &'v Sight<'v>) -> impl Iterator<Item = Candidate<'r, 'v>> {
        let entries = self
            .by_type
            .get(&sight.type_id)
            .map_or(&[][..], Vec::as_slice);
        entries
            .iter()
            .filter(|entry| entry.key.takes_causes || !sight.is_cause)
            .map(|entry| Candidate {
                entry,
                view: sight.view,
            })
    }

    /// Lists the error handlers in the order they are asked about a failure that is all their types.
    pub(crate) fn list(&self, lattice: &Lattice) -> Vec<ErrorHandlerInfo> {
        let mut entries: Vec<(usize, &Arc<Entry>)> = Vec::new();
        for (target, of_type) in &self.by_type {
            let rank = if *target == target::any() {
                1
            } else {
                lattice.rank(*target)
            };
            entries.extend(of_type.iter().map(|entry| (rank, entry)));
        }
        entries.sort_by(|(a_rank, a), (b_rank, b)| b_rank.cmp(a_rank).then_with(|| a.order(b)));
        let info = |(rank, entry): (usize, &Arc<Entry>)| ErrorHandlerInfo {
            handler: entry.meta.clone(),
            level: self.level.clone(),
            owner: self.owner.clone(),
            error: entry.key.type_name,
            rank,
            is_guarded: entry.key.is_guarded,
            is_for_event: entry.key.depth > 0,
            takes_causes: entry.key.takes_causes,
        };
        entries.into_iter().map(info).collect()
    }
}

/// An error handler that may be asked about a failure.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'r, 'v> {
    pub(crate) entry: &'r Arc<Entry>,
    /// What the failure is seen as; nothing for an error handler of any.
    pub(crate) view: Option<View<'v>>,
}

/// One of the types that a failure is, in the order of specificity.
pub(crate) struct Sight<'v> {
    type_id: TypeId,
    view: Option<View<'v>>,
    is_cause: bool,
    rank: u32,
}

impl<'v> Sight<'v> {
    /// Returns what every failure is: an error.
    pub(crate) fn any() -> Self {
        Self {
            type_id: target::any(),
            view: None,
            is_cause: false,
            rank: 1,
        }
    }

    /// Returns the types that a failure is: what it is before what caused it, the more specific
    /// first, `dyn Error` last of what it is.
    pub(crate) fn all(views: &Views<'v>) -> Vec<Self> {
        let sights = views.iter().map(Self::of).chain([Self::any()]);
        let mut sights: Vec<_> = sights.collect();
        sights.sort_by_key(Self::place);
        sights
    }

    fn of(view: &View<'v>) -> Self {
        Self {
            type_id: view.type_id,
            view: Some(*view),
            is_cause: view.is_cause,
            rank: view.rank,
        }
    }

    fn place(&self) -> (bool, Reverse<u32>) {
        (self.is_cause, Reverse(self.rank))
    }
}

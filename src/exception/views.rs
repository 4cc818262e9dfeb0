//! Everything that one error is: each type it can be handled as, with the type's rank in it.

use std::any::TypeId;
use std::error::Error;

use crate::exception::lattice::{Direction, Node, Refine};
use crate::exception::{Held, Lattice, Refined, Value};

/// How many types are looked at in one error; what lies deeper is not found. The relation between
/// them is kept as a matrix of bits, a `u128` for each.
const MAX_VIEWS: usize = 128;
/// How deep in each other errors are looked at.
const MAX_DEPTH: u32 = 64;

/// One type that an error can be handled as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// The type: of the value, or the trait object it is seen as.
    pub(crate) type_id: TypeId,
    /// The value, of the type itself or of one that has it as a facet.
    pub(crate) value: Value<'a>,
    /// Whether the error was merely caused by this one.
    pub(crate) is_cause: bool,
    /// How many types this type is-a in this error, itself and `dyn Error` included.
    pub(crate) rank: u32,
}

/// How a value was come upon.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// In its own right: as the error, or as what an umbrella holds.
    Itself,
    /// As the broader part of another.
    AsBase,
}

/// All the types that an error can be handled as.
pub(crate) struct Views<'a> {
    lattice: &'a Lattice,
    refined: &'a Refined,
    seen: Vec<View<'a>>,
    /// What is in boxes, and of no type that anybody declared, or of more than one.
    boxed: Vec<Held<'a>>,
    /// For each view, the views that it is-a, as bits.
    broader: Vec<u128>,
    /// Where the views of the error being looked at begin: the causes are lattices of their own.
    start: usize,
    /// Whether a cause is being looked at.
    is_cause: bool,
    /// How deep in others the error lies that is being looked at.
    depth: u32,
}

impl<'a> Views<'a> {
    /// Looks at an error.
    pub(crate) fn of(lattice: &'a Lattice, refined: &'a Refined, error: Held<'a>) -> Self {
        let mut views = Self {
            lattice,
            refined,
            seen: Vec::with_capacity(8),
            boxed: Vec::new(),
            broader: Vec::with_capacity(8),
            start: 0,
            is_cause: false,
            depth: 0,
        };
        views.look(error, Reached::Itself);
        views.rank();
        views
    }

    /// Looks at its causes, too.
    pub(crate) fn with_causes(mut self, source: Option<&'a (dyn Error + 'static)>) -> Self {
        let causes = std::iter::successors(source, |&cause| cause.source());
        for cause in causes {
            self.look_at_cause(cause);
        }
        self
    }

    /// Returns the `T` that the error is-a, be it of a type that nobody declared.
    pub(crate) fn find<T: Error + Send + Sync + 'static>(&self) -> Option<&'a T> {
        let mut seen = self.iter().filter(|view| !view.is_cause);
        let known = seen.find_map(|view| view.value.downcast_ref());
        known.or_else(|| self.boxed.iter().find_map(|held| held.downcast_ref()))
    }

    /// Returns the views: those of the error first, then those of its causes, nearest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &View<'a>> {
        self.seen.iter()
    }

    /// Returns the code declared by the most specific type that the error is.
    pub(crate) fn code(&self) -> Option<&'static str> {
        let declared = self
            .iter()
            .filter(|view| !view.is_cause)
            .filter_map(|view| {
                let code = self.lattice.get(view.type_id)?.code(view.value)?;
                Some((view.rank, code))
            });
        // The first of equals: the outermost.
        declared
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, code)| code)
    }

    fn look_at_cause(&mut self, error: &'a (dyn Error + 'static)) {
        self.start = self.seen.len();
        self.is_cause = true;
        let known = self
            .lattice
            .nodes()
            .find_map(|node| (node.from_error)(error));
        if let Some(value) = known {
            self.look(Held::Known(value), Reached::Itself);
            self.rank();
        }
    }

    /// Adds what is held, with everything inside it; returns where in the list it stands.
    fn look(&mut self, held: Held<'a>, reached: Reached) -> Option<usize> {
        if !matches!(held, Held::Known(_)) {
            self.boxed.push(held);
        }
        match held {
            Held::Known(value) => self.look_at(value, reached),
            Held::Boxed(error) => {
                let value = self
                    .lattice
                    .nodes()
                    .find_map(|node| (node.from_error)(error))?;
                self.look_at(value, reached)
            }
            #[cfg(feature = "anyhow")]
            Held::Anyhow(error) => {
                let chain: Vec<_> = error.chain().collect();
                self.look_through_contexts(&chain, |node| (node.from_anyhow)(error))
            }
            #[cfg(feature = "eyre")]
            Held::Eyre(error) => {
                let chain: Vec<_> = error.chain().collect();
                self.look_through_contexts(&chain, |node| (node.from_eyre)(error))
            }
        }
    }

    fn look_at(&mut self, value: Value<'a>, reached: Reached) -> Option<usize> {
        let type_id = value.type_id();
        let known = self.position(type_id);
        let index = match known {
            // Two errors of one type, one in the other: what the inner one holds counts all the same.
            Some(index) if std::ptr::addr_eq(self.seen[index].value, value) => return known,
            Some(index) => index,
            None => self.push(type_id, value)?,
        };
        let Some(node) = self.lattice.get(type_id) else {
            return Some(index);
        };
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            self.look_inside(node, index, value);
            self.depth -= 1;
        }
        if known.is_some() {
            return known;
        }
        // What was reached as somebody's base is narrowed already.
        if let (Some(refine), Reached::Itself) = (&node.refine, reached) {
            self.look_at_refined(refine, index, value);
        }
        Some(index)
    }

    /// Adds what an error holds and is. Of a facet the most specific error is seen, so what is
    /// narrower comes first, and the bases last.
    fn look_inside(&mut self, node: &'a Node, index: usize, value: Value<'a>) {
        for narrower in node.found(Direction::Narrow, value) {
            if let Some(found) = self.look(narrower, Reached::Itself) {
                self.relate(found, index);
            }
        }
        for facet in &node.facets {
            let found = self.position(*facet).or_else(|| self.push(*facet, value));
            if let Some(found) = found {
                self.relate(index, found);
            }
        }
        for base in node.found(Direction::Base, value) {
            if let Some(found) = self.look(base, Reached::AsBase) {
                self.relate(index, found);
            }
        }
    }

    /// Adds the narrower error that can be worked out from one.
    fn look_at_refined(&mut self, refine: &Refine, index: usize, value: Value<'a>) {
        let address = std::ptr::from_ref(value).cast::<()>().addr();
        let origin = (address, value.type_id());
        let refined = self
            .refined
            .get_or_make(origin, || refine(value).expect("refines its type"));
        if let Some(found) = self.look_at(refined.as_value(), Reached::Itself) {
            self.relate(found, index);
        }
    }

    /// Adds what an error with contexts can be downcast to. A context is broader than what it was
    /// put around, of which only the chain of sources tells.
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    fn look_through_contexts(
        &mut self,
        chain: &[&'a (dyn Error + 'static)],
        downcast: impl Fn(&Node) -> Option<Value<'a>>,
    ) -> Option<usize> {
        let mut errors = Vec::new();
        let mut contexts = Vec::new();
        for node in self.lattice.nodes() {
            let Some(value) = downcast(node) else {
                continue;
            };
            let is_error = chain
                .iter()
                .any(|error| (node.from_error)(*error).is_some());
            if is_error { &mut errors } else { &mut contexts }.push((node.name, value));
        }
        contexts.sort_unstable_by_key(|(name, _)| *name);
        let error = errors
            .first()
            .and_then(|(_, value)| self.look_at(*value, Reached::Itself));
        for (_, value) in contexts {
            if let (Some(error), Some(context)) = (error, self.look_at(value, Reached::Itself)) {
                self.relate(error, context);
            }
        }
        error
    }

    /// Returns where a type stands already. The first value of a type is the one that counts.
    fn position(&self, type_id: TypeId) -> Option<usize> {
        let mut known = self.seen[self.start..].iter();
        let index = known.position(|view| view.type_id == type_id)?;
        Some(self.start + index)
    }

    fn push(&mut self, type_id: TypeId, value: Value<'a>) -> Option<usize> {
        if self.seen.len() == MAX_VIEWS {
            return None;
        }
        let is_cause = self.is_cause;
        self.seen.push(View {
            type_id,
            value,
            is_cause,
            rank: 0,
        });
        self.broader.push(0);
        Some(self.seen.len() - 1)
    }

    /// Notes that one view is-a another.
    fn relate(&mut self, narrow: usize, broad: usize) {
        self.broader[narrow] |= 1 << broad;
    }

    /// Counts, for each view since `start`, what it is-a by way of others too.
    fn rank(&mut self) {
        let group = self.start..self.seen.len();
        loop {
            let mut grown = false;
            for index in group.clone() {
                let mut all = self.broader[index];
                for other in group.clone() {
                    if all & (1 << other) != 0 {
                        all |= self.broader[other];
                    }
                }
                grown |= all != self.broader[index];
                self.broader[index] = all;
            }
            if !grown {
                break;
            }
        }
        for index in group {
            // Itself, what it is-a, and `dyn Error`.
            let itself = self.broader[index] | (1 << index);
            self.seen[index].rank = itself.count_ones() + 1;
        }
    }
}

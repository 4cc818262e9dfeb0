//! The lattice of error types: the declarations of all exceptions put together.

use std::any::{Any, TypeId, type_name};
use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use crate::exception::{Declaration, Erased, Exception, Held, TypeMap, TypeSet, Value};

/// The declared error types, and what each is-a.
#[derive(Default)]
pub struct Lattice {
    nodes: TypeMap<Node>,
    /// Types whose derive has been read, so that reading it again adds nothing.
    declared: TypeSet,
    /// How to see an error as a trait object, by the error's type and the trait object's.
    facets: TypeMap<TypeMap<Box<dyn Any + Send + Sync>>>,
    /// `dyn Trait + Send + Sync` → `dyn Trait`: one facet in two spellings.
    spellings: TypeMap<TypeId>,
}

/// One error type.
pub(crate) struct Node {
    pub(crate) name: &'static str,
    edges: Vec<Link>,
    pub(crate) facets: Vec<TypeId>,
    pub(crate) refine: Option<Refine>,
    pub(crate) from_error: for<'a> fn(&'a (dyn Error + 'static)) -> Option<Value<'a>>,
    #[cfg(feature = "anyhow")]
    pub(crate) from_anyhow: for<'a> fn(&'a anyhow::Error) -> Option<Value<'a>>,
    #[cfg(feature = "eyre")]
    pub(crate) from_eyre: for<'a> fn(&'a eyre::Report) -> Option<Value<'a>>,
    code: Option<Code>,
}

type Code = Box<dyn Fn(Value<'_>) -> Option<&'static str> + Send + Sync>;
type Project = Box<dyn for<'a> Fn(Value<'a>) -> Option<Held<'a>> + Send + Sync>;
pub(crate) type Refine = Box<dyn Fn(Value<'_>) -> Option<Box<dyn Erased>> + Send + Sync>;

/// From one error type to another that is found inside it.
pub(crate) struct Link {
    pub(crate) direction: Direction,
    /// The type of what is found, where it is known before looking.
    to: Option<TypeId>,
    pub(crate) project: Project,
}

/// Which of the two ends of a [`Link`] is the more specific.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// What is found is broader: the holder is-a it.
    Base,
    /// What is found is narrower: it is-a the holder.
    Narrow,
}

/// A circle of types, each of which is-a the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cycle(pub(crate) Vec<&'static str>);

impl Lattice {
    /// Collects every `#[derive(Exception)]` of every crate that is linked into the program.
    ///
    /// A crate that no code mentions is not linked: mention it with `use the_crate as _;`.
    #[must_use]
    pub fn collected() -> Self {
        let mut lattice = Self::default();
        for Declaration(declare) in inventory::iter::<Declaration> {
            declare(&mut lattice);
        }
        lattice
    }

    /// Returns the lattice of [`collected`](Self::collected), read once for the whole program.
    pub(crate) fn of_program() -> &'static Self {
        static PROGRAM: OnceLock<Lattice> = OnceLock::new();
        PROGRAM.get_or_init(Self::collected)
    }

    /// Adds an exception and what its derive declares. Adding it again changes nothing.
    pub fn declare<E: Exception>(&mut self) {
        if self.declared.insert(TypeId::of::<E>()) {
            self.node::<E>();
            E::declare(self);
        }
    }

    /// Adds an error type that is-a only itself and `dyn Error`.
    pub fn node<E: Error + Send + Sync + 'static>(&mut self) {
        self.nodes
            .entry(TypeId::of::<E>())
            .or_insert_with(Node::of::<E>);
    }

    /// Declares that a `Sub` is-a `Base`, which is found inside it.
    pub fn base<Sub, Base>(
        &mut self,
        project: impl Fn(&Sub) -> Option<&Base> + Send + Sync + 'static,
    ) where
        Sub: Error + Send + Sync + 'static,
        Base: Error + Send + Sync + 'static,
    {
        self.link::<Sub, Base>(Direction::Base, project);
    }

    /// Declares that an `Inner`, found in an `Umbrella`, is-an `Umbrella`.
    pub fn narrow<Umbrella, Inner>(
        &mut self,
        project: impl Fn(&Umbrella) -> Option<&Inner> + Send + Sync + 'static,
    ) where
        Umbrella: Error + Send + Sync + 'static,
        Inner: Error + Send + Sync + 'static,
    {
        self.link::<Umbrella, Inner>(Direction::Narrow, project);
    }

    /// Declares that an `E` is-a trait object `T`.
    pub fn facet<E, T>(&mut self, view: fn(&E) -> &T)
    where
        E: Error + Send + Sync + 'static,
        T: ?Sized + 'static,
    {
        let facet = TypeId::of::<T>();
        let node = self.node_mut::<E>();
        if !node.facets.contains(&facet) {
            node.facets.push(facet);
        }
        self.see_as::<E, T>(view);
    }

    /// Makes the facet `T` of an `E` available as `Spelled` too, such as `dyn Trait + Send + Sync`.
    pub fn facet_alias<E, T, Spelled>(&mut self, view: fn(&E) -> &Spelled)
    where
        E: Error + Send + Sync + 'static,
        T: ?Sized + 'static,
        Spelled: ?Sized + 'static,
    {
        self.spellings
            .insert(TypeId::of::<Spelled>(), TypeId::of::<T>());
        self.see_as::<E, Spelled>(view);
    }

    /// Declares the stable code of an `E`.
    pub fn code<E: Error + Send + Sync + 'static>(
        &mut self,
        code: impl Fn(&E) -> Option<&'static str> + Send + Sync + 'static,
    ) {
        self.node_mut::<E>().code =
            Some(Box::new(move |value| value.downcast_ref().and_then(&code)));
    }

    /// Declares that a narrower error can be worked out from an `E`, and is-an `E`.
    pub(crate) fn refine<E: Error + Send + Sync + 'static>(
        &mut self,
        refine: impl Fn(&E) -> Box<dyn Erased> + Send + Sync + 'static,
    ) {
        self.node_mut::<E>().refine =
            Some(Box::new(move |value| value.downcast_ref().map(&refine)));
    }

    /// Declares that whatever an `E` holds is-an `E`.
    pub(crate) fn holder<E: Error + Send + Sync + 'static>(
        &mut self,
        held: impl Fn(&E) -> Option<Held<'_>> + Send + Sync + 'static,
    ) {
        self.push_link::<E>(Direction::Narrow, None, held);
    }

    /// Returns the declared types.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// Returns what is declared of a type.
    pub(crate) fn get(&self, type_id: TypeId) -> Option<&Node> {
        self.nodes.get(&type_id)
    }

    /// Returns the one spelling of a facet under which it is found, or the type itself.
    pub(crate) fn spelled(&self, type_id: TypeId) -> TypeId {
        self.spellings.get(&type_id).copied().unwrap_or(type_id)
    }

    /// Sees a value of a type as the trait object `T`, if that was declared.
    pub(crate) fn see<'a, T: ?Sized + 'static>(&self, value: Value<'a>) -> Option<&'a T> {
        let view = self.facets.get(&value.type_id())?.get(&TypeId::of::<T>())?;
        view.downcast_ref::<Facet<T>>()?.0(value)
    }

    /// Counts the types that one is-a whatever its value, itself and `dyn Error` included.
    pub(crate) fn rank(&self, type_id: TypeId) -> usize {
        let mut seen = vec![type_id];
        let mut next = 0;
        while let Some(current) = seen.get(next).copied() {
            next += 1;
            for broader in self.broader(current) {
                if !seen.contains(&broader) {
                    seen.push(broader);
                }
            }
        }
        seen.len() + 1
    }

    /// Returns whether a type is one that somebody declared, or a facet of one, or `dyn Error`.
    pub(crate) fn knows(&self, type_id: TypeId) -> bool {
        let type_id = self.spelled(type_id);
        type_id == TypeId::of::<dyn Error>()
            || self.nodes.contains_key(&type_id)
            || self.nodes().any(|node| node.facets.contains(&type_id))
    }

    /// Finds the circles of types that are-a each other, which would leave none the more specific.
    pub(crate) fn cycles(&self) -> Vec<Cycle> {
        let mut types: Vec<_> = self
            .nodes
            .iter()
            .map(|(id, node)| (node.name, *id))
            .collect();
        types.sort_unstable();
        let mut done = TypeSet::default();
        let circles = types
            .into_iter()
            .filter_map(|(_, id)| self.cycle_through(id, &mut Vec::new(), &mut done));
        circles.collect()
    }

    fn cycle_through(
        &self,
        current: TypeId,
        path: &mut Vec<TypeId>,
        done: &mut TypeSet,
    ) -> Option<Cycle> {
        if let Some(start) = path.iter().position(|seen| *seen == current) {
            let circle = path[start..].iter().chain([&current]);
            let circle = Cycle(circle.map(|id| self.name(*id)).collect());
            // Each circle is told of once, whichever of its types it is come upon by.
            done.extend(path.iter().copied());
            return Some(circle);
        }
        if done.contains(&current) {
            return None;
        }
        path.push(current);
        let found = self
            .broader(current)
            .find_map(|broader| self.cycle_through(broader, path, done));
        path.pop();
        done.insert(current);
        found
    }

    /// Returns the types that one is-a directly.
    fn broader(&self, current: TypeId) -> impl Iterator<Item = TypeId> {
        let bases = self.nodes.get(&current).into_iter().flat_map(|node| {
            let bases = node
                .edges
                .iter()
                .filter(|link| link.direction == Direction::Base)
                .filter_map(|link| link.to);
            bases.chain(node.facets.iter().copied())
        });
        let umbrellas = self.nodes.iter().filter_map(move |(id, node)| {
            let holds =
                |link: &Link| link.direction == Direction::Narrow && link.to == Some(current);
            node.edges.iter().any(holds).then_some(*id)
        });
        bases.chain(umbrellas)
    }

    fn name(&self, type_id: TypeId) -> &'static str {
        self.nodes.get(&type_id).map_or("?", |node| node.name)
    }

    fn node_mut<E: Error + Send + Sync + 'static>(&mut self) -> &mut Node {
        self.nodes
            .entry(TypeId::of::<E>())
            .or_insert_with(Node::of::<E>)
    }

    fn link<From, To>(
        &mut self,
        direction: Direction,
        project: impl Fn(&From) -> Option<&To> + Send + Sync + 'static,
    ) where
        From: Error + Send + Sync + 'static,
        To: Error + Send + Sync + 'static,
    {
        self.node::<To>();
        self.push_link::<From>(direction, Some(TypeId::of::<To>()), move |from| {
            project(from).map(|to| Held::Known(to))
        });
    }

    fn push_link<From: Error + Send + Sync + 'static>(
        &mut self,
        direction: Direction,
        to: Option<TypeId>,
        project: impl Fn(&From) -> Option<Held<'_>> + Send + Sync + 'static,
    ) {
        self.node_mut::<From>().edges.push(Link {
            direction,
            to,
            project: Box::new(move |value| value.downcast_ref().and_then(&project)),
        });
    }

    fn see_as<E, T>(&mut self, view: fn(&E) -> &T)
    where
        E: Error + Send + Sync + 'static,
        T: ?Sized + 'static,
    {
        let facet: Facet<T> = Facet(Box::new(move |value| value.downcast_ref().map(view)));
        self.facets
            .entry(TypeId::of::<E>())
            .or_default()
            .insert(TypeId::of::<T>(), Box::new(facet));
    }
}

impl fmt::Debug for Lattice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.nodes().map(|node| node.name).collect();
        names.sort_unstable();
        f.debug_tuple("Lattice").field(&names).finish()
    }
}

/// Sees a value of some error type as the trait object `T`.
struct Facet<T: ?Sized>(See<T>);

type See<T> = Box<dyn for<'a> Fn(Value<'a>) -> Option<&'a T> + Send + Sync>;

impl Node {
    fn of<E: Error + Send + Sync + 'static>() -> Self {
        Self {
            name: type_name::<E>(),
            edges: Vec::new(),
            facets: Vec::new(),
            refine: None,
            from_error: |error| error.downcast_ref::<E>().map(|error| error as Value<'_>),
            #[cfg(feature = "anyhow")]
            from_anyhow: |error| error.downcast_ref::<E>().map(|error| error as Value<'_>),
            #[cfg(feature = "eyre")]
            from_eyre: |error| error.downcast_ref::<E>().map(|error| error as Value<'_>),
            code: None,
        }
    }

    /// Finds what lies in one direction from a value of this type.
    pub(crate) fn found<'a>(
        &self,
        direction: Direction,
        value: Value<'a>,
    ) -> impl Iterator<Item = Held<'a>> {
        let links = self.edges.iter();
        links
            .filter(move |link| link.direction == direction)
            .filter_map(move |link| (link.project)(value))
    }

    /// Returns the stable code declared for a value of this type.
    pub(crate) fn code(&self, value: Value<'_>) -> Option<&'static str> {
        self.code.as_ref()?(value)
    }
}

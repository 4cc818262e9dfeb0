//! What a `#[derive(Exception)]` means.

use syn::{Ident, LitStr, Member, Type, TypeTraitObject};

use crate::paths::Cordial;

/// An exception.
pub(crate) struct Exception {
    pub(crate) cordial: Cordial,
    pub(crate) name: Ident,
    pub(crate) shape: Shape,
    pub(crate) edges: Vec<Edge>,
    pub(crate) facets: Vec<TypeTraitObject>,
    /// The code of the whole type, if its author chose one.
    pub(crate) code: Option<LitStr>,
}

/// What sort of type it is.
pub(crate) enum Shape {
    Struct,
    Enum(Vec<Variant>),
}

/// One variant of an enum.
pub(crate) struct Variant {
    pub(crate) name: Ident,
    pub(crate) code: Option<LitStr>,
}

/// A field that says what the exception is-a, or what is-an exception of this type.
pub(crate) struct Edge {
    pub(crate) direction: Direction,
    /// The variant that the field is in, of an enum.
    pub(crate) variant: Option<Ident>,
    pub(crate) field: Member,
    pub(crate) ty: Type,
}

/// Which of the two is the broader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The field: the exception is-a what it holds.
    Base,
    /// The exception: what the field holds is one.
    Narrow,
}

//! What generated code says of the field of an exception: what the exception is-a by it.

use std::error::Error;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::exception::{Held, Lattice};

/// A field of an exception that declares an edge, by the field's type.
///
/// Generated code calls `Edge::<FieldType>::new().base(..)` and `.narrow(..)`. Which function that
/// is, the compiler finds by the order in which it looks: first the inherent ones, for what is looked
/// through (a box, an `Arc`) or asked what it is (an error of unknown type); then those of
/// [`EdgeExt`], for what is an error itself; then, by a reference, those of [`NoEdge`], for the rest.
#[derive(Debug)]
pub struct Edge<T: ?Sized>(PhantomData<T>);

/// Declares an edge to a field that is itself an error.
pub trait EdgeExt<T> {
    /// Declares that an `E` is-a `T`, found in its field.
    fn base<E: Error + Send + Sync + 'static>(
        self,
        lattice: &mut Lattice,
        field: fn(&E) -> Option<&T>,
    );

    /// Declares that the `T` found in a field of an `E` is-an `E`.
    fn narrow<E: Error + Send + Sync + 'static>(
        self,
        lattice: &mut Lattice,
        field: fn(&E) -> Option<&T>,
    );
}

/// Says that a field declares no edge, since it is no error.
pub trait NoEdge<T> {
    /// Does not compile.
    fn base<E>(&self, _: &mut Lattice, _: fn(&E) -> Option<&T>)
    where
        T: HeldError,
    {
    }

    /// Does not compile.
    fn narrow<E>(&self, _: &mut Lattice, _: fn(&E) -> Option<&T>)
    where
        T: HeldError,
    {
    }
}

/// What the field of an edge is. Nothing implements it: its name stands in what the compiler says.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error, so nothing is-a `{Self}`",
    label = "not an error type",
    note = "`#[base]` marks a field that holds a broader error, and `#[from]` one that holds a narrower error: the field's type must implement `std::error::Error + Send + Sync + 'static`",
    note = "the error can be in a `Box` or an `Arc`; an error of unknown type can be `#[from]`, but not `#[base]`"
)]
pub trait HeldError {}

impl<T: ?Sized> Edge<T> {
    /// Creates the edge of a field of this type.
    #[expect(clippy::new_without_default, reason = "for generated code")]
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Error + Send + Sync + 'static> EdgeExt<T> for Edge<T> {
    fn base<E: Error + Send + Sync + 'static>(
        self,
        lattice: &mut Lattice,
        field: fn(&E) -> Option<&T>,
    ) {
        lattice.base(field);
    }

    fn narrow<E: Error + Send + Sync + 'static>(
        self,
        lattice: &mut Lattice,
        field: fn(&E) -> Option<&T>,
    ) {
        lattice.narrow(field);
    }
}

impl<T> NoEdge<T> for Edge<T> {}

macro_rules! looked_through {
    ($($pointer:ident),*) => {$(
        impl<T: Error + Send + Sync + 'static> Edge<$pointer<T>> {
            /// Declares that an `E` is-a `T`, found in its field behind a pointer.
            pub fn base<E>(self, lattice: &mut Lattice, field: fn(&E) -> Option<&$pointer<T>>)
            where
                E: Error + Send + Sync + 'static,
            {
                lattice.base(move |error| field(error).map(|pointer| &**pointer));
            }

            /// Declares that the `T` behind a pointer in a field of an `E` is-an `E`.
            pub fn narrow<E>(self, lattice: &mut Lattice, field: fn(&E) -> Option<&$pointer<T>>)
            where
                E: Error + Send + Sync + 'static,
            {
                lattice.narrow(move |error| field(error).map(|pointer| &**pointer));
            }
        }
    )*};
}

looked_through!(Box, Arc);

macro_rules! asked_what_it_is {
    ($($(#[$cfg:meta])? $holder:ty => $held:expr),* $(,)?) => {$(
        $(#[$cfg])?
        impl Edge<$holder> {
            /// Declares that whatever error is found in the field of an `E` is-an `E`.
            pub fn narrow<E>(self, lattice: &mut Lattice, field: fn(&E) -> Option<&$holder>)
            where
                E: Error + Send + Sync + 'static,
            {
                lattice.holder::<E>(move |error| field(error).map($held));
            }
        }
    )*};
}

asked_what_it_is! {
    Box<dyn Error + Send + Sync> => |boxed| Held::Boxed(&**boxed),
    #[cfg(feature = "anyhow")] anyhow::Error => Held::Anyhow,
    #[cfg(feature = "eyre")] eyre::Report => Held::Eyre,
}

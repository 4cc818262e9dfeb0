//! The second argument of an error handler: the errors that it is for.

use std::any::{Any, TypeId, type_name};
use std::error::Error;

use crate::exception::{Lattice, View};
use crate::failure::Failure;

/// A type that an error handler may take second: an error type, or [`Failure`] for any error.
///
/// `&(dyn Error + Send + Sync)` also stands for any error. For a trait that exceptions declare as a facet, such as
/// `&dyn UserFacing`, use `#[error_handler]` or [`ErrorHandler::facet`](crate::error::ErrorHandler::facet).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error",
    label = "not an error type",
    note = "an error handler takes `&E`, where `E` implements `std::error::Error + Send + Sync + 'static`: derive it with `#[derive(Debug, thiserror::Error)]`",
    note = "to handle any failure, take `&Failure`"
)]
pub trait Target: Send + Sync + 'static {
    /// Returns the type under which the handler is found.
    #[doc(hidden)]
    fn key() -> TypeId;

    /// Returns the name of the type.
    #[doc(hidden)]
    fn name() -> &'static str;

    /// Makes the type known, so that it is found in boxes.
    #[doc(hidden)]
    fn register(lattice: &mut Lattice);

    /// Returns the error as the type.
    #[doc(hidden)]
    fn find(seen: Seen<'_>) -> Option<&Self>;
}

/// One of the types that a failure can be handled as.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub(crate) failure: &'a Failure,
    pub(crate) lattice: &'a Lattice,
    /// The type, or nothing for an error handler of any failure.
    pub(crate) view: Option<View<'a>>,
}

/// The key of error handlers for any error.
pub(crate) fn any() -> TypeId {
    TypeId::of::<dyn Error>()
}

#[diagnostic::do_not_recommend]
impl<E: Error + Send + Sync + 'static> Target for E {
    fn key() -> TypeId {
        TypeId::of::<E>()
    }

    fn name() -> &'static str {
        type_name::<E>()
    }

    fn register(lattice: &mut Lattice) {
        lattice.node::<E>();
    }

    fn find(seen: Seen<'_>) -> Option<&Self> {
        seen.view?.value.downcast_ref()
    }
}

impl Target for Failure {
    fn key() -> TypeId {
        any()
    }

    fn name() -> &'static str {
        type_name::<Self>()
    }

    fn register(_: &mut Lattice) {}

    fn find(seen: Seen<'_>) -> Option<&Self> {
        Some(seen.failure)
    }
}

impl Target for dyn Error + Send + Sync + 'static {
    fn key() -> TypeId {
        any()
    }

    fn name() -> &'static str {
        type_name::<dyn Error>()
    }

    fn register(_: &mut Lattice) {}

    fn find(seen: Seen<'_>) -> Option<&Self> {
        Some(seen.failure.error())
    }
}

/// Sees a failure as a trait object: the error itself, or a facet that one of its types declares.
pub(crate) fn find_facet<T: ?Sized + 'static>(seen: Seen<'_>) -> Option<&T> {
    match seen.view {
        Some(view) => seen.lattice.see(view.value),
        None => any_as::<T>().map(|see| see(seen.failure)),
    }
}

/// Returns whether a trait object is one that every error can be seen as.
pub(crate) fn is_any<T: ?Sized + 'static>() -> bool {
    any_as::<T>().is_some()
}

type See<T> = for<'a> fn(&'a Failure) -> &'a T;

/// Returns how to see any error as `T`, if `T` is some spelling of `dyn Error`.
fn any_as<T: ?Sized + 'static>() -> Option<See<T>> {
    let plain: See<dyn Error> = |failure| failure.error();
    let send: See<dyn Error + Send> = |failure| failure.error();
    let sync: See<dyn Error + Sync> = |failure| failure.error();
    let both: See<dyn Error + Send + Sync> = |failure| failure.error();
    let spellings: [&dyn Any; 4] = [&plain, &send, &sync, &both];
    spellings
        .iter()
        .find_map(|see| see.downcast_ref::<See<T>>().copied())
}

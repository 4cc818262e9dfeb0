//! Conversion of every kind of error that a handler may return into a failure, without losing its type.

use std::any::TypeId;
#[cfg(any(feature = "anyhow", feature = "eyre"))]
use std::backtrace::Backtrace;
use std::error::Error;
use std::sync::Arc;

#[cfg(any(feature = "anyhow", feature = "eyre"))]
use crate::exception::Refined;
use crate::failure::payload::Payload;
use crate::failure::wrapped::Wrapped;
use crate::failure::{Failure, Origin};
use crate::meta::Place;

/// An error that a handler may return.
///
/// Implemented for every [`std::error::Error`], for [`Failure`], for `Box<dyn Error + Send + Sync>`, and with
/// their features for `anyhow::Error` and `eyre::Report`. The compiler infers `M`, which keeps these apart.
///
/// # Examples
///
/// ```
/// use cordial::IntoFailure;
///
/// let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(std::fmt::Error);
///
/// assert!(boxed.into_failure().is::<std::fmt::Error>());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be converted into a failure",
    label = "not an error",
    note = "the error type must implement `std::error::Error + Send + Sync + 'static`: derive it with `#[derive(Debug, thiserror::Error)]`",
    note = "`cordial::Failure` and `Box<dyn Error + Send + Sync>` work too, as do `anyhow::Error` and `eyre::Report` with their features enabled"
)]
pub trait IntoFailure<M> {
    /// Converts the error into a failure, without a place unless it has one: no `?` is there to note it.
    fn into_failure(self) -> Failure;
}

/// Takes why an argument could not be made: any error, or a failure with the place where it arose.
pub(crate) fn rejected<E: Into<Failure> + 'static>(rejection: E) -> Failure {
    let failure = rejection.into();
    if TypeId::of::<E>() == TypeId::of::<Failure>() {
        return failure;
    }
    // No `?` of anybody's stood where the argument was made.
    failure.nowhere()
}

/// Marks errors with a type of their own.
#[derive(Debug)]
pub struct ViaError;

/// Marks failures.
#[derive(Debug)]
pub struct ViaFailure;

/// Marks boxed errors.
#[derive(Debug)]
pub struct ViaBox;

/// Marks `anyhow::Error`.
#[cfg(feature = "anyhow")]
#[derive(Debug)]
pub struct ViaAnyhow;

/// Marks `eyre::Report`.
#[cfg(feature = "eyre")]
#[derive(Debug)]
pub struct ViaEyre;

#[diagnostic::do_not_recommend]
impl<E: Error + Send + Sync + 'static> IntoFailure<ViaError> for E {
    fn into_failure(self) -> Failure {
        Failure::from_payload(Payload::of(self), None)
    }
}

impl IntoFailure<ViaFailure> for Failure {
    fn into_failure(self) -> Failure {
        self
    }
}

impl IntoFailure<ViaBox> for Box<dyn Error + Send + Sync + 'static> {
    fn into_failure(self) -> Failure {
        match self.downcast::<Wrapped>() {
            Ok(wrapped) => wrapped.0,
            Err(error) => Failure::from_payload(Payload::of_box(error), None),
        }
    }
}

#[cfg(feature = "anyhow")]
impl IntoFailure<ViaAnyhow> for anyhow::Error {
    fn into_failure(self) -> Failure {
        let inside = self.downcast_ref().map(|Wrapped(inside)| inside.clone());
        let is_bare = self.chain().next().is_some_and(<dyn Error>::is::<Wrapped>);
        Failure::out_of(inside, is_bare, Payload::Anyhow(self))
    }
}

#[cfg(feature = "eyre")]
impl IntoFailure<ViaEyre> for eyre::Report {
    fn into_failure(self) -> Failure {
        let inside = self.downcast_ref().map(|Wrapped(inside)| inside.clone());
        let is_bare = self.chain().next().is_some_and(<dyn Error>::is::<Wrapped>);
        Failure::out_of(inside, is_bare, Payload::Eyre(self))
    }
}

impl Failure {
    /// Takes a report. A failure comes out of it as it went in; behind a context, with that around its
    /// error.
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    fn out_of(inside: Option<Self>, is_bare: bool, payload: Payload) -> Self {
        match inside {
            Some(inside) if is_bare => inside,
            Some(inside) => inside.within(payload),
            None => Self::from_payload(payload, None),
        }
    }

    /// Puts the error with the context that was put around it in the place of the error.
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    fn within(mut self, payload: Payload) -> Self {
        let circumstances = Arc::make_mut(&mut self.0);
        circumstances.origin = Arc::new(Origin {
            id: circumstances.origin.id,
            payload,
            place: circumstances.origin.place,
            backtrace: Backtrace::capture(),
            refined: Refined::default(),
        });
        self
    }

    /// Notes a place instead of the one that is known, unless somebody shares the failure.
    #[must_use]
    pub(crate) fn at(self, place: Place) -> Self {
        self.placed(Some(place))
    }

    /// Forgets the place, unless somebody shares the failure.
    fn nowhere(self) -> Self {
        self.placed(None)
    }

    fn placed(mut self, place: Option<Place>) -> Self {
        let origin = Arc::get_mut(&mut self.0).and_then(|rest| Arc::get_mut(&mut rest.origin));
        if let Some(origin) = origin {
            origin.place = place;
        }
        self
    }

    /// Notes the caller as the place, if none is noted and nobody shares the failure yet.
    #[track_caller]
    pub(crate) fn at_caller(mut self) -> Self {
        let place = Place::caller();
        let origin = Arc::get_mut(&mut self.0).and_then(|rest| Arc::get_mut(&mut rest.origin));
        if let Some(Origin {
            place: unknown @ None,
            ..
        }) = origin
        {
            *unknown = Some(place);
        }
        self
    }
}

//! The types that a handler's function may return.

use std::marker::PhantomData;

use crate::failure::{Failure, IntoFailure};

/// The return type of a listener: nothing, or a `Result` whose error can be a failure.
///
/// The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not a handler's return type",
    note = "return `Result<()>`, a `Result` with your own error type, or nothing"
)]
pub trait IntoOutcome<M> {
    /// Converts the returned value into success or a failure.
    ///
    /// # Errors
    ///
    /// The failure that was returned.
    fn into_outcome(self) -> Result<(), Failure>;
}

/// Marks types other than `Result`.
#[derive(Debug)]
pub struct ViaPlain;

/// Marks a `Result`, by the kind of its error.
#[derive(Debug)]
pub struct ViaResult<M>(PhantomData<M>);

impl IntoOutcome<ViaPlain> for () {
    fn into_outcome(self) -> Result<(), Failure> {
        Ok(())
    }
}

impl<E: IntoFailure<M>, M> IntoOutcome<ViaResult<M>> for Result<(), E> {
    fn into_outcome(self) -> Result<(), Failure> {
        self.map_err(E::into_failure)
    }
}

/// The return type of a function for interactions.
///
/// A handler returns nothing, a check `bool`, and a function that completes an option suggestions; or a
/// `Result` of these. The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned here",
    label = "neither `{T}` nor a `Result` of it",
    note = "a check returns `bool`, and an autocomplete function a list of texts or numbers, such as `Vec<String>`; either can be in a `Result`"
)]
pub trait IntoReturned<T, M> {
    /// Converts the returned value into a `T` or a failure.
    ///
    /// # Errors
    ///
    /// The failure that was returned.
    fn into_returned(self) -> Result<T, Failure>;
}

#[diagnostic::do_not_recommend]
impl<R: IntoOutcome<M>, M> IntoReturned<(), M> for R {
    fn into_returned(self) -> Result<(), Failure> {
        self.into_outcome()
    }
}

#[diagnostic::do_not_recommend]
impl IntoReturned<Self, ViaPlain> for bool {
    fn into_returned(self) -> Result<Self, Failure> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E: IntoFailure<M>, M> IntoReturned<bool, ViaResult<M>> for Result<bool, E> {
    fn into_returned(self) -> Result<bool, Failure> {
        self.map_err(E::into_failure)
    }
}

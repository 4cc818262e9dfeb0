//! What a handler's function may return.

use std::marker::PhantomData;

use crate::failure::{Failure, IntoFailure};

/// What a listener may return: nothing, or a `Result` whose error can be a failure.
///
/// `M` is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not what a handler returns",
    note = "return `Result<()>`, a `Result` with your own error type, or nothing"
)]
pub trait IntoOutcome<M> {
    /// Turns what was returned into success or a failure.
    ///
    /// # Errors
    ///
    /// The failure that was returned.
    fn into_outcome(self) -> Result<(), Failure>;
}

/// Marks what is not a `Result`.
#[derive(Debug)]
pub struct ViaPlain;

/// Marks a `Result`, by the sort of its error.
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

/// What a function for interactions may return, by what it comes to: nothing for a handler, `bool`
/// for a check, suggestions for a function that completes an option; or a `Result` of it.
///
/// `M` is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned here",
    label = "neither `{T}` nor a `Result` of it",
    note = "a check returns `bool`, and a function that completes an option a list of texts or numbers, such as `Vec<String>`; or a `Result` of it"
)]
pub trait IntoReturned<T, M> {
    /// Turns what was returned into what it comes to, or a failure.
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

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

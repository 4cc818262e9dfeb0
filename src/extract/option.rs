//! `Option` of an extractor: for what is normally sometimes absent.

use std::convert::Infallible;
use std::future::Future;

use crate::context::Context;
use crate::extract::{FromContext, Requirements};

/// An extractor whose absence is normal, so that a handler may take it as an `Option`.
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` cannot be a handler argument",
    label = "never absent",
    note = "take `{Self}` itself, or implement `OptionalFromContext` for it"
)]
pub trait OptionalFromContext: Sized + Send {
    /// Makes the argument, if what it is made from is there.
    fn maybe_from_context(ctx: &Context) -> impl Future<Output = Option<Self>> + Send;

    /// Says what could be there for it, so that `build()` can refuse a bot where it never is.
    fn require_optionally(requirements: &mut Requirements) {
        let _ = requirements;
    }
}

impl<T: OptionalFromContext> FromContext for Option<T> {
    type Rejection = Infallible;

    async fn from_context(ctx: &Context) -> Result<Self, Infallible> {
        Ok(T::maybe_from_context(ctx).await)
    }

    fn require(requirements: &mut Requirements) {
        T::require_optionally(requirements);
    }
}

//! `Option` of an extractor, for values whose absence is normal.

use std::convert::Infallible;
use std::future::Future;

use crate::context::Context;
use crate::extract::{FromContext, Requirements};

/// An extractor that a handler may take as an `Option`, because its value may normally be absent.
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` cannot be a handler argument",
    label = "cannot be optional",
    note = "take `{Self}` itself, or implement `OptionalFromContext` for it"
)]
pub trait OptionalFromContext: Sized + Send {
    /// Makes the argument, or returns `None` if its source is absent.
    fn maybe_from_context(ctx: &Context) -> impl Future<Output = Option<Self>> + Send;

    /// Declares what the extractor can use, so that `build()` can refuse a bot that never has it.
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

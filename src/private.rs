//! What generated code uses. It may change with any version.

use std::future::Future;
use std::marker::PhantomData;

pub use inventory;

pub use crate::bot::{Handlers, IntoHandlers};
pub use crate::dispatch::generated as listener;
pub use crate::error::handler::{facet as facet_handler, typed as error_handler};
pub use crate::error::{ErrorHandler, IntoErrorHandler};
pub use crate::exception::{Declaration, Edge, EdgeExt, Exception, Lattice, NoEdge};
pub use crate::meta::Place;

use crate::context::Context;
use crate::error::{Flow, IntoVerdict};
use crate::failure::Failure;
use crate::handler::{Arguments, BoxFuture, IntoOutcome, ListenerContext};

/// Marks companions of error handlers.
#[derive(Debug)]
pub struct ViaCompanion(PhantomData<()>);

/// Makes the first argument of a listener.
#[must_use]
pub fn first<C: ListenerContext>(ctx: &Context) -> &C {
    C::of(ctx)
}

/// Makes a handler's arguments, and calls it with them.
pub fn with<'a, A, T, F, Run>(ctx: &'a Context, call: F) -> BoxFuture<'a, Result<T, Failure>>
where
    A: Arguments + 'a,
    F: FnOnce(A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move { call(A::make(ctx).await?).await })
}

/// Takes what a listener returned.
pub fn outcome<R: IntoOutcome<M>, M>(returned: R) -> Result<(), Failure> {
    returned.into_outcome()
}

/// Takes what an error handler returned.
pub fn verdict<R: IntoVerdict<M>, M>(returned: R) -> Result<Flow, Failure> {
    returned.into_verdict()
}

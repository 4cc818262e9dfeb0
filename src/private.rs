//! What generated code uses. It may change with any version.

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
use crate::extract::FromContext;
use crate::failure::Failure;
use crate::handler::{IntoOutcome, ListenerContext};

/// Marks companions of error handlers.
#[derive(Debug)]
pub struct ViaCompanion(PhantomData<()>);

/// Makes the first argument of a listener.
#[must_use]
pub fn first<C: ListenerContext>(ctx: &Context) -> &C {
    C::of(ctx)
}

/// Makes an argument.
pub async fn extract<X: FromContext>(ctx: &Context) -> Result<X, Failure> {
    X::from_context(ctx).await.map_err(Failure::new)
}

/// Takes what a listener returned.
pub fn outcome<R: IntoOutcome<M>, M>(returned: R) -> Result<(), Failure> {
    returned.into_outcome()
}

/// Takes what an error handler returned.
pub fn verdict<R: IntoVerdict<M>, M>(returned: R) -> Result<Flow, Failure> {
    returned.into_verdict()
}

//! What generated code uses. It may change with any version.

use std::future::Future;
use std::marker::PhantomData;

pub use inventory;

pub use twilight_model::channel::ChannelType;
pub use twilight_model::guild::Permissions;

pub use crate::bot::{Handlers, IntoHandlers};
pub use crate::check::{Check, Cooldown, IntoCheck, MaxConcurrency, generated as check};
pub use crate::command::generated::{autocomplete, menu, slash};
pub use crate::command::{Autocomplete, Defer, IntoAutocomplete, IntoSuggestion, SlashOption};
pub use crate::dispatch::generated as listener;
pub use crate::error::handler::{facet as facet_handler, typed as error_handler};
pub use crate::error::{ErrorHandler, IntoErrorHandler};
pub use crate::exception::{Declaration, Edge, EdgeExt, Exception, Lattice, NoEdge, Per};
pub use crate::meta::Place;

use crate::command::Options;
use crate::context::Context;
use crate::error::{Flow, IntoVerdict};
use crate::failure::Failure;
use crate::handler::{Arguments, BoxFuture, IntoOutcome, IntoReturned, ListenerContext};
use crate::interaction::{CommandContext, ContextOf, InteractionKind};

/// Marks companions of error handlers, checks, and functions that complete options.
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

/// Makes the first argument of a handler of interactions.
#[must_use]
pub fn context<C, G: ContextOf<C>>(ctx: &C) -> &G {
    G::of(ctx)
}

/// Makes the arguments of a handler of interactions, and calls it with them.
pub fn with_context<'a, C, A, T, F, Run>(ctx: &'a C, call: F) -> BoxFuture<'a, Result<T, Failure>>
where
    C: InteractionKind,
    A: Arguments + 'a,
    F: FnOnce(A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    with(ctx.context(), call)
}

/// Makes a command's options and other arguments, and calls it with them.
pub fn with_options<'a, O, A, T, F, Run>(
    ctx: &'a CommandContext,
    names: &'static [&'static str],
    call: F,
) -> BoxFuture<'a, Result<T, Failure>>
where
    O: Options + 'a,
    A: Arguments + 'a,
    F: FnOnce(O, A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move {
        let options = O::make(ctx, names).await?;
        call(options, A::make(ctx).await?).await
    })
}

/// Takes what a function for interactions returned.
pub fn returned<T, R: IntoReturned<T, M>, M>(returned: R) -> Result<T, Failure> {
    returned.into_returned()
}

/// Takes what a listener returned.
pub fn outcome<R: IntoOutcome<M>, M>(returned: R) -> Result<(), Failure> {
    returned.into_outcome()
}

/// Takes what an error handler returned.
pub fn verdict<R: IntoVerdict<M>, M>(returned: R) -> Result<Flow, Failure> {
    returned.into_verdict()
}

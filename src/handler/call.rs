//! A handler's function with its types forgotten.

use std::marker::PhantomData;

use crate::context::Context;
use crate::exception::MalformedEvent;
use crate::extract::Requirements;
use crate::failure::{Failure, IntoFailure};
use crate::handler::{BoxFuture, InteractionFn};
use crate::interaction::InteractionKind;

/// Calls the author's function for what a context is about.
pub(crate) trait Call<T = ()>: Send + Sync {
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<T, Failure>>;
}

/// A function for a sort of interactions, found by its signature.
struct Function<F, C, T, Args>(F, Signature<C, T, Args>);

type Signature<C, T, Args> = PhantomData<fn() -> (C, T, Args)>;

impl<F, C, T, Args> Call<T> for Function<F, C, T, Args>
where
    F: for<'a> InteractionFn<'a, C, T, Args>,
    C: InteractionKind,
    T: Send + 'static,
    Args: 'static,
{
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<T, Failure>> {
        let Some(ctx) = C::of(ctx) else {
            // It is of the sort, or it were not brought here; but not all of it is there.
            let incomplete = MalformedEvent::incomplete("INTERACTION_CREATE");
            return Box::pin(async { Err(incomplete.into_failure()) });
        };
        Box::pin(async move { self.0.run(&ctx).await })
    }
}

/// Forgets the types of a function for a sort of interactions, but for what its arguments need.
pub(crate) fn forgotten<F, C, T, Args>(function: F) -> (Box<dyn Call<T>>, Requirements)
where
    F: for<'a> InteractionFn<'a, C, T, Args>,
    C: InteractionKind,
    T: Send + 'static,
    Args: 'static,
{
    let mut requirements = Requirements::default();
    F::require(&mut requirements);
    (Box::new(Function(function, PhantomData)), requirements)
}

/// A closure made by generated code, which has made all arguments itself.
pub(crate) struct Generated<F>(pub(crate) F);

impl<'a, F, C, T> InteractionFn<'a, C, T, Generated<()>> for Generated<F>
where
    F: for<'b> Fn(&'b C) -> BoxFuture<'b, Result<T, Failure>> + Send + Sync + 'static,
{
    fn run(&'a self, ctx: &'a C) -> BoxFuture<'a, Result<T, Failure>> {
        self.0(ctx)
    }

    fn require(_: &mut Requirements) {}
}

//! Plain functions for interactions, with up to eight extractors after the context.

use std::future::Future;

use crate::extract::{FromContext, Requirements};
use crate::failure::Failure;
use crate::handler::{Arguments, BoxFuture, IntoReturned, arities};
use crate::interaction::InteractionKind;

/// A function that handles a kind of interaction:
/// `async fn(&CommandContext, extractors ..) -> Result<()>`.
///
/// `C` is the context, `T` the result, and `Args` the rest of the signature; the compiler infers them.
#[diagnostic::on_unimplemented(
    message = "this function cannot be a handler that takes `&{C}`",
    label = "not such a handler",
    note = "write `async fn(ctx: &{C})`; after the context it may take extractors by value, such as `State<T>` or `Author`",
    note = "its future must be `Send`: do not hold an `Rc`, a `MutexGuard` or the like across an `.await`"
)]
pub trait InteractionFn<'a, C, T, Args>: Send + Sync + 'static {
    /// Makes the arguments and calls the function.
    fn run(&'a self, ctx: &'a C) -> BoxFuture<'a, Result<T, Failure>>;

    /// Collects the requirements of the extractors.
    fn require(requirements: &mut Requirements);
}

macro_rules! implement {
    ($($argument:ident $value:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<'a, F, Run, C, T, M, $($argument),*> InteractionFn<'a, C, T, (M, $($argument,)*)> for F
        where
            F: Fn(&'a C, $($argument),*) -> Run + Send + Sync + 'static,
            Run: Future<Output: IntoReturned<T, M>> + Send + 'a,
            C: InteractionKind,
            $($argument: FromContext + 'a,)*
        {
            fn run(&'a self, ctx: &'a C) -> BoxFuture<'a, Result<T, Failure>> {
                Box::pin(async move {
                    let ($($value,)*) = <($($argument,)*) as Arguments>::make(ctx.context()).await?;
                    self(ctx, $($value),*).await.into_returned()
                })
            }

            fn require(requirements: &mut Requirements) {
                <($($argument,)*) as Arguments>::require(requirements);
            }
        }
    };
}

arities!(implement);

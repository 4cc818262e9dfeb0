//! Plain functions as tasks, with up to eight extractors after the context.

use std::future::Future;

use crate::context::Context;
use crate::extract::{FromContext, Requirements};
use crate::failure::Failure;
use crate::handler::{Arguments, BoxFuture, IntoOutcome, arities};

/// A function that can be a task: `async fn(&Context, extractors ..) -> Result<()>`.
///
/// `Args` is the rest of the signature after the context; the compiler infers it.
#[diagnostic::on_unimplemented(
    message = "this function cannot be a task",
    label = "not a task",
    note = "a task is `async fn(ctx: &Context) -> Result<()>`: it does not run for an event, and takes none",
    note = "after the context it may take extractors by value, such as `State<T>` or `Http`",
    note = "its future must be `Send`: do not hold an `Rc`, a `MutexGuard` or the like across an `.await`"
)]
pub trait TaskFn<'a, Args>: Send + Sync + 'static {
    /// Makes the arguments and calls the function.
    fn run(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>>;

    /// Collects the requirements of the extractors.
    fn require(requirements: &mut Requirements);
}

/// The first argument of a task: [`Context`], and nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the first argument of a task",
    label = "expected `Context`",
    note = "a task takes the context first, and neither an event nor an interaction: `async fn(ctx: &Context) -> Result<()>`"
)]
pub trait TaskContext {
    /// Returns the context.
    #[doc(hidden)]
    fn of(ctx: &Context) -> &Self;
}

impl TaskContext for Context {
    fn of(ctx: &Context) -> &Self {
        ctx
    }
}

macro_rules! implement {
    ($($argument:ident $value:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<'a, F, Run, M, $($argument),*> TaskFn<'a, (M, $($argument,)*)> for F
        where
            F: Fn(&'a Context, $($argument),*) -> Run + Send + Sync + 'static,
            Run: Future<Output: IntoOutcome<M>> + Send + 'a,
            $($argument: FromContext + 'a,)*
        {
            fn run(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
                Box::pin(async move {
                    let ($($value,)*) = <($($argument,)*) as Arguments>::make(ctx).await?;
                    self(ctx, $($value),*).await.into_outcome()
                })
            }

            fn require(requirements: &mut Requirements) {
                <($($argument,)*) as Arguments>::require(requirements);
            }
        }
    };
}

arities!(implement);

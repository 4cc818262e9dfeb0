//! Plain functions as listeners, with up to eight extractors after the event.
//!
//! A function that borrows its arguments is a different function for every lifetime. So the trait
//! has the lifetime as a parameter, and `for<'a> F: ListenerFn<'a, ..>` says that the function is
//! one for all of them; its future then borrows for `'a` and may still be required to be `Send`.

use std::future::Future;

use crate::context::Context;
use crate::event::EventPayload;
use crate::extract::{FromContext, Requirements};
use crate::failure::{Failure, rejected};
use crate::handler::{BoxFuture, IntoOutcome};

/// A function that can be a listener: `async fn(&Context, &Event, extractors ..) -> Result<()>`.
///
/// `E` is the event, and `Args` the rest of the signature; the compiler infers both.
#[diagnostic::on_unimplemented(
    message = "this function cannot be a listener",
    label = "not a listener",
    note = "a listener is `async fn(ctx: &Context, event: &MessageCreate) -> Result<()>`, with any event of Discord's gateway",
    note = "after the event it may take extractors by value, such as `State<T>` or `Author`",
    note = "its future must be `Send`: do not hold an `Rc`, a `MutexGuard` or the like across an `.await`"
)]
pub trait ListenerFn<'a, E, Args>: Send + Sync + 'static {
    /// Makes the arguments and calls the function.
    fn run(&'a self, ctx: &'a Context, event: &'a E) -> BoxFuture<'a, Result<(), Failure>>;

    /// Collects the requirements of the extractors.
    fn require(requirements: &mut Requirements);
}

/// The first argument of a listener: [`Context`], and nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the first argument of a listener",
    label = "expected `Context`",
    note = "a listener takes the context first and the event second: `async fn(ctx: &Context, event: &MessageCreate) -> Result<()>`"
)]
pub trait ListenerContext {
    /// Returns the context.
    #[doc(hidden)]
    fn of(ctx: &Context) -> &Self;
}

impl ListenerContext for Context {
    fn of(ctx: &Context) -> &Self {
        ctx
    }
}

/// Calls a macro once for each number of extractors.
macro_rules! arities {
    ($implement:ident) => {
        $implement!();
        $implement!(A1 a1);
        $implement!(A1 a1, A2 a2);
        $implement!(A1 a1, A2 a2, A3 a3);
        $implement!(A1 a1, A2 a2, A3 a3, A4 a4);
        $implement!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5);
        $implement!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6);
        $implement!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, A7 a7);
        $implement!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, A7 a7, A8 a8);
    };
}

pub(crate) use arities;

/// What a handler takes after its event or error: a tuple of extractors.
pub trait Arguments: Sized + Send {
    /// Makes all of them, from left to right, until one fails.
    fn make(ctx: &Context) -> impl Future<Output = Result<Self, Failure>> + Send;

    /// Collects their requirements.
    fn require(requirements: &mut Requirements);
}

macro_rules! implement {
    ($($argument:ident $value:ident),*) => {
        impl<$($argument: FromContext),*> Arguments for ($($argument,)*) {
            async fn make(ctx: &Context) -> Result<Self, Failure> {
                let _ = ctx;
                Ok(($($argument::from_context(ctx).await.map_err(rejected)?,)*))
            }

            fn require(requirements: &mut Requirements) {
                let _ = &requirements;
                $($argument::require(requirements);)*
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a, F, Run, E, M, $($argument),*> ListenerFn<'a, E, (M, $($argument,)*)> for F
        where
            F: Fn(&'a Context, &'a E, $($argument),*) -> Run + Send + Sync + 'static,
            Run: Future<Output: IntoOutcome<M>> + Send + 'a,
            E: EventPayload,
            $($argument: FromContext + 'a,)*
        {
            fn run(&'a self, ctx: &'a Context, event: &'a E) -> BoxFuture<'a, Result<(), Failure>> {
                Box::pin(async move {
                    let ($($value,)*) = <($($argument,)*) as Arguments>::make(ctx).await?;
                    self(ctx, event, $($value),*).await.into_outcome()
                })
            }

            fn require(requirements: &mut Requirements) {
                <($($argument,)*) as Arguments>::require(requirements);
            }
        }
    };
}

arities!(implement);

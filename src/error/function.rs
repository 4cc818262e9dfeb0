//! Plain functions as error handlers, with up to eight extractors after the error.

use std::future::Future;

use crate::context::Context;
use crate::error::{Flow, IntoVerdict, Subject};
use crate::extract::{FromContext, Requirements};
use crate::failure::Failure;
use crate::handler::{Arguments, BoxFuture, arities};

/// A function that can be an error handler:
/// `async fn(&ErrorContext, &E, extractors ..) -> bool`.
///
/// `S` is the first argument, `E` the error, and `Args` the rest of the signature; the compiler infers them.
#[diagnostic::on_unimplemented(
    message = "this function cannot be an error handler",
    label = "not an error handler",
    note = "an error handler is `async fn(ctx: &ErrorContext, error: &MyError) -> bool`: return `true` if the error is handled, `false` to pass it on",
    note = "it can take an event instead of `&ErrorContext`, and `&Failure` instead of `&MyError`; after these it takes extractors by value",
    note = "it returns `bool`, `Flow`, or a `Result` of either",
    note = "its future must be `Send`: do not hold an `Rc`, a `MutexGuard` or the like across an `.await`"
)]
pub trait ErrorHandlerFn<'a, S, E: ?Sized, Args>: Send + Sync + 'static {
    /// Makes the arguments and calls the function.
    fn run(
        &'a self,
        subject: &'a S,
        error: &'a E,
        ctx: &'a Context,
    ) -> BoxFuture<'a, Result<Flow, Failure>>;

    /// Collects the requirements of the extractors.
    fn require(requirements: &mut Requirements);
}

macro_rules! implement {
    ($($argument:ident $value:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<'a, F, Run, S, E, M, $($argument),*> ErrorHandlerFn<'a, S, E, (M, $($argument,)*)>
            for F
        where
            F: Fn(&'a S, &'a E, $($argument),*) -> Run + Send + Sync + 'static,
            Run: Future<Output: IntoVerdict<M>> + Send + 'a,
            S: Subject,
            E: Sync + ?Sized + 'static,
            $($argument: FromContext + 'a,)*
        {
            fn run(
                &'a self,
                subject: &'a S,
                error: &'a E,
                ctx: &'a Context,
            ) -> BoxFuture<'a, Result<Flow, Failure>> {
                Box::pin(async move {
                    let ($($value,)*) = <($($argument,)*) as Arguments>::make(ctx).await?;
                    self(subject, error, $($value),*).await.into_verdict()
                })
            }

            fn require(requirements: &mut Requirements) {
                <($($argument,)*) as Arguments>::require(requirements);
            }
        }
    };
}

arities!(implement);

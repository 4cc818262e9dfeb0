//! One run of a handler's function: whatever it does, a result comes out.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::exception::{Cancelled, TimedOut};
use crate::failure::{Failure, IntoFailure};
use crate::handler::panic::Caught;
use crate::meta::Meta;

/// A future that may move between threads.
pub type BoxFuture<'a, T> = futures_util::future::BoxFuture<'a, T>;

/// How long a handler may run, and who may cut it off.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    pub(crate) time: Option<Duration>,
    pub(crate) stop: &'a CancellationToken,
}

/// Runs a handler's future. A panic, a run over its time and one that is cut off become failures.
pub(crate) async fn guarded<T>(
    handler: &Meta,
    limits: Limits<'_>,
    run: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut run = pin!(Some(run));
    let mut caught = Caught::new(handler, run.as_mut());
    let result = tokio::select! {
        // What is finished is finished, even if it is stopped at the same moment.
        biased;
        result = within(handler, limits.time, caught.finished()) => result,
        () = limits.stop.cancelled() => Err(Cancelled::new(handler).into_failure()),
    };
    // What is cut off is dropped, and its destructors are the author's too.
    let result = match caught.discard() {
        Ok(()) => result,
        Err(panic) => Err(match result {
            Ok(_) => panic.into_failure(),
            Err(failure) => failure.with_detail(panic),
        }),
    };
    result.map_err(|failure| failure.in_handler(handler))
}

/// Waits for what must come to an end, and says so if it panics.
pub(crate) async fn settled<T>(handler: &Meta, run: impl Future<Output = T>) -> Result<T, Failure> {
    let mut run = pin!(Some(async { Ok(run.await) }));
    Caught::new(handler, run.as_mut()).finished().await
}

async fn within<T>(
    handler: &Meta,
    limit: Option<Duration>,
    run: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(limit) = limit else { return run.await };
    let mut run = pin!(run);
    // Most come to their end at once, and need no clock.
    let at_once = poll_fn(|task| match run.as_mut().poll(task) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => Poll::Ready(None),
    });
    if let Some(result) = at_once.await {
        return result;
    }
    match tokio::time::timeout(limit, run).await {
        Ok(result) => result,
        Err(_) => Err(TimedOut::new(handler, limit).into_failure()),
    }
}

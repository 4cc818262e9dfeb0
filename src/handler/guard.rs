//! One run of a handler's function: whatever it does, a result comes out.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::exception::{Cancelled, TimedOut};
use crate::failure::{Failure, IntoFailure};
use crate::handler::panic::catch;
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
    let caught = async {
        catch(handler, run)
            .await
            .unwrap_or_else(|panic| Err(panic.into_failure()))
    };
    let timed = within(handler, limits.time, caught);
    tokio::select! {
        // What is finished is finished, even if it is stopped at the same moment.
        biased;
        result = timed => result.map_err(|failure| failure.in_handler(handler)),
        () = limits.stop.cancelled() => {
            Err(Cancelled::new(handler).into_failure().in_handler(handler))
        }
    }
}

async fn within<T>(
    handler: &Meta,
    limit: Option<Duration>,
    run: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(limit) = limit else { return run.await };
    match tokio::time::timeout(limit, run).await {
        Ok(result) => result,
        Err(_) => Err(TimedOut::new(handler, limit).into_failure()),
    }
}

//! A time limit for a single request.

use std::future::{Future, IntoFuture};
use std::time::Duration;

use twilight_http::response::{Response, ResponseFuture};

use crate::exception::RequestTimedOut;
use crate::failure::{Failure, Result};
use crate::meta::Place;

/// Methods for a single request that twilight's client makes.
pub trait RequestExt<T>: Sized {
    /// Gives up on the request after a time, which includes everything that it waits for.
    ///
    /// # Errors
    ///
    /// [`RequestTimedOut`](crate::exception::RequestTimedOut) once the time is over. Discord may or may not
    /// have carried out the request.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cordial::prelude::*;
    ///
    /// #[listener]
    /// async fn greets(ctx: &Context, joined: &MemberAdd) -> Result<()> {
    ///     let soon = Duration::from_secs(2);
    ///     let user = ctx.http().user(joined.user.id).within(soon).await?.model().await?;
    ///     Ok(())
    /// }
    /// ```
    fn within(self, limit: Duration) -> impl Future<Output = Result<Response<T>>> + Send;
}

impl<T, R> RequestExt<T> for R
where
    T: Unpin + Send,
    R: IntoFuture<
            Output = Result<Response<T>, twilight_http::Error>,
            IntoFuture = ResponseFuture<T>,
        >,
{
    #[track_caller]
    fn within(self, limit: Duration) -> impl Future<Output = Result<Response<T>>> + Send {
        let (asked, place) = (self.into_future(), Place::caller());
        async move {
            match tokio::time::timeout(limit, asked).await {
                Ok(answered) => answered.map_err(|error| Failure::from(error).at(place)),
                Err(_) => Err(Failure::from(RequestTimedOut::within(limit)).at(place)),
            }
        }
    }
}

//! What a test can do to the HTTP interface: break it, limit it, and read its requests.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::header::HeaderValue;

use crate::testing::rest::fault::Fault;
use crate::testing::rest::limits::Limit;
use crate::testing::rest::quota::bucket_of;
use crate::testing::rest::record::RequestRecord;
use crate::testing::simulator::Simulator;

/// How long some requests take to be answered.
#[derive(Clone, Debug)]
pub(crate) struct Delay {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) by: Duration,
}

/// Faults of requests.
///
/// The method `*` matches any method. In a path such as `/channels/*/messages`, `*` matches one segment;
/// at the end of a path, `**` matches the rest of it, so `/**` matches every path.
impl Simulator {
    /// Makes the next request with a method and a path fail, or as many as the [`Fault`] says.
    ///
    /// If several faults match a request, the one that was injected first hits it. A request that a
    /// [limit](Self::limit) refuses is hit by none.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    /// use cordial::testing::{Fault, Simulator};
    ///
    /// #[listener]
    /// async fn welcome(ctx: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
    ///     http.guild_channels(joined.guild_id).await?;
    ///     Ok(())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sim = Simulator::start(Bot::builder().add(handlers![welcome])).await;
    /// sim.inject("GET", "/guilds/*/channels", Fault::status(404));
    ///
    /// sim.join("alice").await;
    ///
    /// assert_eq!(sim.requests().last().and_then(|request| request.status()), Some(404));
    /// # }
    /// ```
    pub fn inject(&self, method: &str, path: &str, fault: Fault) {
        self.discord()
            .with(|state| state.faults.inject(method, path, fault));
    }

    /// Answers the next request with a method and a path with a given answer, once.
    ///
    /// # Panics
    ///
    /// As [`Fault::answer`].
    pub fn answer_next(&self, method: &str, path: &str, status: u16, body: impl Into<String>) {
        self.inject(method, path, Fault::answer(status, body));
    }

    /// Delays the answers to all requests with a method and a path from now on.
    ///
    /// By default no answer is delayed. A duration of zero removes the delay.
    ///
    /// A delayed request takes effect when the delay is over, not before.
    pub fn delay(&self, method: &str, path: &str, by: Duration) {
        self.discord().with(|state| {
            state
                .delays
                .retain(|delay| delay.method != method || delay.path != path);
            if !by.is_zero() {
                state.delays.push(Delay {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    by,
                });
            }
        });
    }

    /// Removes all faults and delays.
    ///
    /// These are the faults of [requests](Self::inject) and of the [gateway](Self::misbehave), the rest
    /// of a [chaos](Self::chaos), and all [delays](Self::delay). What they have already begun goes on.
    pub fn mend(&self) {
        drop(self.calm());
        self.discord().with(|state| {
            state.faults.mend();
            state.gateway.mend();
            state.delays.clear();
        });
    }

    /// Returns the address of the HTTP interface, for a client of the test's own.
    #[must_use]
    pub fn http_address(&self) -> SocketAddr {
        self.servers.http
    }

    /// Returns every request so far, in the order of their arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.look(|state| state.records.clone())
    }
}

/// Rate limits, as Discord has them. By default there are none.
impl Simulator {
    /// Limits a route to `requests` in a window of `per`, for each channel, guild or webhook.
    ///
    /// Every answer says what is left, and requests beyond the limit are refused.
    ///
    /// It replaces an earlier limit for the same method and path. If several limits match a request, the
    /// one that was set first counts it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cordial::prelude::*;
    /// use cordial::testing::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sim = Simulator::start(Bot::builder()).await;
    /// sim.limit("POST", "/channels/*/messages", 5, Duration::from_secs(2));
    /// # }
    /// ```
    pub fn limit(&self, method: &str, path: &str, requests: u32, per: Duration) {
        let bucket = bucket_of(method, path);
        self.limit_as(&bucket, method, path, requests, per);
    }

    /// Limits a route, as [`limit`](Self::limit) does, in a named bucket.
    ///
    /// Routes with the same bucket share what is left.
    ///
    /// # Panics
    ///
    /// Panics if the name cannot be the value of a header, in which answers give it.
    pub fn limit_as(&self, bucket: &str, method: &str, path: &str, requests: u32, per: Duration) {
        refuse_bucket(bucket);
        let limit = Limit {
            method: method.to_owned(),
            path: path.to_owned(),
            bucket: bucket.to_owned(),
            requests,
            per,
        };
        self.discord().with(|state| state.limits.keep(limit));
    }

    /// Renames a bucket, as Discord does at times.
    ///
    /// # Panics
    ///
    /// As [`limit_as`](Self::limit_as).
    pub fn rename_bucket(&self, from: &str, to: &str) {
        refuse_bucket(to);
        self.discord().with(|state| state.limits.rename(from, to));
    }

    /// Limits all requests of the bot together to so many a second.
    ///
    /// Those with the token of an interaction or a webhook in their path do not count.
    pub fn limit_all(&self, requests: u32) {
        self.discord()
            .with(|state| state.limits.keep_for_all(requests));
    }

    /// Removes all rate limits.
    pub fn lift_limits(&self) {
        self.discord().with(|state| state.limits.lift());
    }

    /// Sets whether every answer with a rate limit says what the limit applies to, or only refusals.
    ///
    /// Discord documents the latter, which is the default; twilight 0.18 needs the former to take notice
    /// of what is left.
    pub fn scope_on_every_answer(&self, is_told: bool) {
        self.discord()
            .with(|state| state.limits.always_tells_scope = is_told);
    }
}

fn refuse_bucket(name: &str) {
    assert!(
        HeaderValue::from_str(name).is_ok(),
        "the name of a bucket must be a valid header value"
    );
}

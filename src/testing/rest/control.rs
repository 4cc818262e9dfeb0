//! What a test can do to the HTTP interface: break it, limit it, and look at what it was asked.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::header::HeaderValue;

use crate::testing::rest::fault::Fault;
use crate::testing::rest::limits::Limit;
use crate::testing::rest::quota::bucket_of;
use crate::testing::rest::record::RequestRecord;
use crate::testing::simulator::Simulator;

/// How long the HTTP interface takes to answer some requests.
#[derive(Clone, Debug)]
pub(crate) struct Delay {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) by: Duration,
}

/// What goes wrong with requests.
///
/// The method `*` is any. In a path, such as `/channels/*/messages`, a `*` stands for anything between
/// two slashes; at its end, `**` stands for the rest of it, so `/**` is every path.
impl Simulator {
    /// Lets something go wrong with the next request of a method for a path, or with more of them as the
    /// [`Fault`] says.
    ///
    /// Of several that are for one request, the one that was injected first hits it. What a
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

    /// Answers the next request of a method for a path with something else, once.
    ///
    /// # Panics
    ///
    /// As [`Fault::answer`].
    pub fn answer_next(&self, method: &str, path: &str, status: u16, body: impl Into<String>) {
        self.inject(method, path, Fault::answer(status, body));
    }

    /// Lets the answers to all requests of a method for a path take some time, from now on. None takes
    /// any by itself.
    ///
    /// A request takes effect when that time is over, not before.
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

    /// Takes back all faults, of [requests](Self::inject) and of the [gateway](Self::misbehave), those of
    /// [chaos](Self::chaos) that are still to come, and all [delays](Self::delay). What they have begun goes
    /// on.
    pub fn mend(&self) {
        drop(self.calm());
        self.discord().with(|state| {
            state.faults.mend();
            state.gateway.mend();
            state.delays.clear();
        });
    }

    /// Returns where the HTTP interface listens, for a client of the test's own.
    #[must_use]
    pub fn http_address(&self) -> SocketAddr {
        self.servers.http
    }

    /// Returns every request so far, in the order that they arrived in.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.look(|state| state.records.clone())
    }
}

/// Rate limits, as Discord keeps them. Without these there are none.
impl Simulator {
    /// Lets a route be asked so often in a time, for each channel, guild or webhook. Every answer tells
    /// what is left, and what is too much is refused.
    ///
    /// It takes the place of an earlier limit for the same method and path. Of several that are for one
    /// request, the one that was set first counts it.
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

    /// Lets a route be asked so often, as [`limit`](Self::limit) does, in a bucket of a name. Routes with
    /// the same bucket share what is left.
    ///
    /// # Panics
    ///
    /// Panics if a bucket cannot be called so: it is told in a header.
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

    /// Calls a bucket something else from now on, as Discord does at times.
    ///
    /// # Panics
    ///
    /// As [`limit_as`](Self::limit_as).
    pub fn rename_bucket(&self, from: &str, to: &str) {
        refuse_bucket(to);
        self.discord().with(|state| state.limits.rename(from, to));
    }

    /// Lets the bot make so many requests a second in all. Those with the token of an interaction or a
    /// webhook in their path do not count.
    pub fn limit_all(&self, requests: u32) {
        self.discord()
            .with(|state| state.limits.keep_for_all(requests));
    }

    /// Keeps no rate limits any longer.
    pub fn lift_limits(&self) {
        self.discord().with(|state| state.limits.lift());
    }

    /// Says whom a limit is for on every answer that tells of one, or only on refusals. Discord
    /// documents the latter, which is what it does unless told otherwise; twilight 0.18 needs the former
    /// to take notice of what is left.
    pub fn scope_on_every_answer(&self, is_told: bool) {
        self.discord()
            .with(|state| state.limits.always_tells_scope = is_told);
    }
}

fn refuse_bucket(name: &str) {
    assert!(
        HeaderValue::from_str(name).is_ok(),
        "no bucket is called that"
    );
}

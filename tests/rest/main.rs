//! What can go wrong with a request, and what becomes of it: the faults R1 to R24 and E6 of
//! `docs/reliability.md`, by their numbers.

mod bodies;
mod error_handlers;
mod limits;
mod refusals;
mod start;
mod trouble;

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{Log, Person, RequestRecord, Simulator};
use cordial::twilight::http::Error;
use cordial::twilight::http::response::Response;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::ChannelMarker;

/// The way of a message.
const MESSAGES: &str = "/channels/*/messages";

/// What carries the requests of a bot, kept for its test.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Option<Http>>>);

#[listener]
async fn keeps(_: &Context, _: &MemberAdd, http: Http, kept: State<Kept>) {
    *kept.0.lock().expect("no panic") = Some(http);
}

/// A bot that does what its test says.
struct Rig {
    sim: Simulator,
    http: Http,
    alice: Person,
    channel: Id<ChannelMarker>,
}

impl Rig {
    async fn new() -> Self {
        Self::of(Bot::builder()).await
    }

    async fn of(bot: BotBuilder) -> Self {
        let kept = Kept::default();
        let bot = bot.state(kept.clone()).add(handlers![keeps]);
        let sim = Simulator::start(bot).await;
        let alice = sim.join("alice").await;
        let http = kept.0.lock().expect("no panic").clone();
        let channel = sim.channel_id("general").expect("a channel");
        let http = http.expect("somebody joined");
        Self {
            sim,
            http,
            alice,
            channel,
        }
    }

    /// Lets the bot send a message.
    async fn say(&self, text: &str) -> Result<()> {
        self.say_in(self.channel, text).await
    }

    async fn say_in(&self, channel: Id<ChannelMarker>, text: &str) -> Result<()> {
        ask(self.http.create_message(channel).content(text)).await
    }

    /// Lets the bot read the messages.
    async fn read(&self) -> Result<()> {
        ask(self.http.channel_messages(self.channel)).await
    }

    /// Returns what was asked of a method, after the start.
    fn asked(&self, method: &str) -> Vec<RequestRecord> {
        let records = self.sim.requests().into_iter();
        let asked = records.filter(|record| record.method() == method);
        asked
            .filter(|record| record.path().starts_with("/channels"))
            .collect()
    }

    /// Returns how many messages the bot has sent.
    fn said(&self) -> usize {
        self.sim.transcript().replies().len()
    }
}

/// Asks for something, and makes of an error what `?` would.
async fn ask<T>(request: impl IntoFuture<Output = Result<Response<T>, Error>>) -> Result<()> {
    request.await?;
    Ok(())
}

/// Runs calls side by side, and returns what has become of them.
async fn all<F: Future<Output = Result<()>>>(
    calls: impl IntoIterator<Item = F>,
) -> Vec<Result<()>> {
    futures_util::future::join_all(calls).await
}

/// Returns what a call failed with.
fn failed<E: std::error::Error + Clone + Send + Sync + 'static>(result: Result<()>) -> E {
    let failure = result.expect_err("it fails");
    match failure.find::<E>() {
        Some(error) => error.clone(),
        None => panic!("it fails with something else: {failure:?}"),
    }
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

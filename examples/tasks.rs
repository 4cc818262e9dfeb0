//! A bot that acts without being asked: it counts messages, and reports the counts on a schedule.
//!
//! What it teaches:
//!
//! - A task is an `async fn` with `#[task]`. It runs without an event; its attribute says when: at
//!   intervals, at a time of the day, when the bot starts, or when it stops.
//! - Like a listener, it takes state and the HTTP client, and its errors go to error handlers.
//! - A test moves the clock forward instead of waiting.
//!
//! ```text
//! cargo run --example tasks
//! ```
//!
//! Type a few messages, wait for ten seconds, and type `!quit`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cordial::prelude::*;
use cordial::testing::run_or_simulate;

/// How many messages were written in which channel.
#[derive(Default)]
struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    all: BTreeMap<Id<ChannelMarker>, u64>,
    /// The channels with messages that were not reported yet.
    new: BTreeMap<Id<ChannelMarker>, u64>,
}

impl Tally {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts messages of people, but not those of bots.
#[listener]
async fn count(_: &Context, message: &MessageCreate, tally: State<Tally>) {
    if !message.author.bot {
        let mut counts = tally.lock();
        *counts.all.entry(message.channel_id).or_default() += 1;
        *counts.new.entry(message.channel_id).or_default() += 1;
    }
}

/// Reports the count in each channel with new messages.
#[task(every = "10s", timeout = "5s")]
async fn tell(_: &Context, http: Http, tally: State<Tally>) -> Result<()> {
    let new = std::mem::take(&mut tally.lock().new);
    for (channel, count) in new {
        let text = format!("{count} new messages.");
        http.create_message(channel).content(&text).await?;
    }
    Ok(())
}

/// Says good morning, by the clocks of Berlin, from Monday to Friday.
#[task(cron = "0 9 * * 1-5", timezone = "Europe/Berlin", jitter = "5m")]
async fn good_morning(_: &Context, http: Http, tally: State<Tally>) -> Result<()> {
    let channels: Vec<_> = tally.lock().all.keys().copied().collect();
    for channel in channels {
        http.create_message(channel)
            .content("Good morning!")
            .await?;
    }
    Ok(())
}

/// Runs before the bot connects: nobody has written anything yet.
#[task(on = "start")]
async fn prepare(_: &Context, tally: State<Tally>) {
    let channels = tally.lock().all.len();
    tracing::info!(channels, "counting from here");
}

/// Runs after everything else has ended, so the counts are final.
#[task(on = "stop")]
async fn sum_up(_: &Context, http: Http, tally: State<Tally>) -> Result<()> {
    let all = std::mem::take(&mut tally.lock().all);
    for (channel, count) in all {
        let text = format!("Goodbye. There were {count} messages.");
        http.create_message(channel).content(&text).await?;
    }
    Ok(())
}

/// Ignores channels that are gone.
#[error_handler]
async fn gone(_: &ErrorContext, _: &cordial::exception::NotFound) -> bool {
    true
}

fn bot() -> BotBuilder {
    Bot::builder().state(Tally::default()).add(handlers![
        count,
        tell,
        good_morning,
        prepare,
        sum_up,
        gone
    ])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use cordial::testing::Simulator;
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn tells_what_is_new_and_sums_up_at_the_end() {
        let sim = Simulator::builder(bot()).member("alice").start().await;
        let alice = sim.person("alice");

        alice.say("one").await;
        alice.say("two").await;
        sleep(Duration::from_secs(15)).await;
        alice.say("three").await;
        sleep(Duration::from_secs(15)).await;

        let transcript = sim.stop().await;
        transcript.assert_completed("prepare");
        transcript.assert_replies(&[
            "2 new messages.",
            "1 new messages.",
            "Goodbye. There were 3 messages.",
        ]);
    }

    #[tokio::test(start_paused = true)]
    async fn says_good_morning_at_nine_in_berlin() {
        // Thursday, the 1st of January 2026, 7:30 in Berlin.
        let morning = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_249_000);
        let sim = Simulator::builder(bot())
            .member("alice")
            .begins_at(morning)
            .start()
            .await;

        sim.person("alice").say("hello").await;
        sleep(Duration::from_secs(2 * 60 * 60)).await;

        let transcript = sim.stop().await;
        assert!(
            transcript.replies().contains(&"Good morning!"),
            "{transcript}"
        );
    }
}

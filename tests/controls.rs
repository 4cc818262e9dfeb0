//! What is wrong on purpose is noticed: without that, nothing wrong would prove nothing.

mod campaign_kit;
mod chaos_kit;

use std::thread;
use std::time::Duration;

use cordial::prelude::*;
use cordial::sabotage::{Sabotage, commit};
use cordial::testing::{Chaos, Log, Simulator};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

use crate::campaign_kit::play;
use crate::chaos_kit::{
    RECOVERY, assert_alive, assert_answers, assert_begins_slowly, assert_keeps_limits,
    assert_no_secret, assert_reported_once, assert_sends_little, survive,
};

/// How many seeds are tried, one of which should be enough.
const SEEDS: u64 = 10;

/// Returns which invariants schedules in memory break while something is wrong.
async fn broken(wrong: Option<Sabotage>) -> Vec<String> {
    commit(wrong);
    let mut broken = Vec::new();
    let mut traces = Vec::new();
    for _ in 0..2 {
        let played = play(3, 200).await;
        assert!(played.events > 200 && played.failures > 50);
        broken.extend(played.violations);
        traces.push(played.trace);
    }
    commit(None);
    assert_eq!(traces[0], traces[1], "I12 holds for what is wrong, too");
    for wrong in &mut broken {
        wrong.truncate(2);
    }
    broken.sort();
    broken.dedup();
    broken
}

/// Returns whether a check fails in a world of its own, where something is wrong.
fn is_noticed(wrong: Option<Sabotage>, check: impl AsyncFnOnce() + Send + 'static) -> bool {
    let run = move || {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        commit(wrong);
        runtime.expect("a runtime").block_on(check());
    };
    thread::spawn(run).join().is_err()
}

/// Returns whether a check of what has been through chaos fails where something is wrong, and only there.
fn is_noticed_in_chaos(wrong: Sabotage, check: fn(&Simulator, &Chaos)) -> bool {
    let fails = |wrong, seed| {
        is_noticed(wrong, async move || {
            let chaos = Chaos::new(seed);
            let sim = survive(&chaos).await;
            check(&sim, &chaos);
        })
    };
    let Some(seed) = (0..SEEDS).find(|seed| fails(Some(wrong), *seed)) else {
        return false;
    };
    !fails(None, seed)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_noticed_where_nothing_is_wrong() {
    assert_eq!(broken(None).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn i1_events_that_are_dropped_are_noticed() {
    let broken = broken(Some(Sabotage::DropEvents)).await;

    assert!(broken.contains(&"I1".to_owned()), "{broken:?}");
    assert!(broken.contains(&"I3".to_owned()), "{broken:?}");
}

#[tokio::test(start_paused = true)]
async fn i2_failures_that_are_reported_twice_are_noticed() {
    assert_eq!(broken(Some(Sabotage::ReportTwice)).await, ["I2"]);
}

#[tokio::test(start_paused = true)]
async fn i2_failures_that_are_not_reported_are_noticed() {
    assert_eq!(broken(Some(Sabotage::ReportNever)).await, ["I2"]);
}

#[tokio::test(start_paused = true)]
async fn i3_a_session_that_is_resumed_too_late_is_noticed() {
    let broken = broken(Some(Sabotage::ResumeTooHigh)).await;

    assert!(broken.contains(&"I3".to_owned()), "{broken:?}");
}

#[tokio::test(start_paused = true)]
async fn i4_events_that_are_handled_again_are_noticed() {
    let broken = broken(Some(Sabotage::ForgetRepeats)).await;

    assert!(broken.contains(&"I4".to_owned()), "{broken:?}");
}

#[tokio::test(start_paused = true)]
async fn i12_what_differs_from_run_to_run_is_noticed() {
    commit(Some(Sabotage::DropAtRandom));
    let [first, second] = [play(3, 200).await, play(3, 200).await];
    commit(None);

    assert_ne!(first.trace, second.trace);
}

#[test]
fn i2_failures_that_are_reported_twice_are_noticed_on_a_connection() {
    assert!(is_noticed_in_chaos(
        Sabotage::ReportTwice,
        assert_reported_once
    ));
}

#[test]
fn i3_a_session_that_is_resumed_too_late_is_noticed_on_a_connection() {
    let check = async || {
        let sim = Simulator::builder(chaos_kit::bot()).member("alice").start();
        let sim = sim.await;
        let alice = sim.person("alice");
        alice.say("before").await;
        sim.drop_connections();
        // She does not wait for what is lost.
        drop(timeout(RECOVERY, alice.say("between")).await);
        sim.assert_nothing_lost();
    };

    assert!(is_noticed(Some(Sabotage::ResumeTooHigh), check));
    assert!(!is_noticed(None, check));
}

#[test]
fn i5_sessions_that_are_begun_in_a_hurry_are_noticed() {
    let check = |sim: &Simulator, chaos: &Chaos| assert_begins_slowly(&sim.connections(), chaos);

    assert!(is_noticed_in_chaos(Sabotage::IdentifyAtOnce, check));
}

#[test]
fn i6_what_no_gateway_understands_is_noticed() {
    let check = async || {
        let sim = Simulator::start(chaos_kit::bot()).await;
        sleep(Duration::from_secs(60)).await;
        assert_sends_little(&sim.connections(), &Chaos::new(0));
    };

    assert!(is_noticed(Some(Sabotage::SendGarbage), check));
    assert!(!is_noticed(None, check));
}

#[test]
fn i7_what_is_asked_for_before_its_limit_is_over_is_noticed() {
    assert!(is_noticed_in_chaos(
        Sabotage::AskAtOnce,
        assert_keeps_limits
    ));
}

#[test]
fn i8_an_interaction_that_fails_without_a_report_is_noticed() {
    assert!(is_noticed_in_chaos(Sabotage::ReportNever, assert_answers));
}

#[test]
fn i10_a_shard_that_does_not_come_back_is_noticed() {
    let check = async || {
        let sim = Simulator::builder(chaos_kit::bot()).member("alice").start();
        let sim = sim.await;
        sim.drop_connections();
        sleep(RECOVERY).await;
        assert_alive(&sim, &Chaos::new(0)).await;
    };

    assert!(is_noticed(Some(Sabotage::NeverReconnect), check));
    assert!(!is_noticed(None, check));
}

#[test]
fn i11_a_token_in_the_log_is_noticed() {
    // That of the simulator's bots is to be in the log of no test.
    const ANOTHER: &str = "bm90LXJlYWw";

    #[listener]
    async fn tells(_: &Context, _: &MemberAdd) {
        tracing::info!(token = ANOTHER, "a secret");
    }
    let check = |is_told: bool| {
        async move || {
            let log = Log::listen(tracing::Level::TRACE);
            let bot = Bot::builder().intents(Intents::GUILD_MEMBERS);
            let bot = if is_told {
                bot.add(handlers![tells])
            } else {
                bot
            };
            let sim = Simulator::start(bot).await;
            sim.join("alice").await;
            assert_no_secret(&log.text(), ANOTHER, &Chaos::new(0));
        }
    };

    assert!(is_noticed(None, check(true)));
    assert!(!is_noticed(None, check(false)));
}

//! Whatever goes wrong, a bot survives it: seeds of chaos, and what has to hold in each.
//!
//! `CORDIAL_CHAOS=7` runs that seed alone, and `CORDIAL_SEEDS=1000` as many from the first.

mod chaos_kit;

use std::time::Duration;

use cordial::testing::{Chaos, Log, Simulator};
use tokio::time::sleep;

use crate::chaos_kit::{
    RECOVERY, assert_alive, assert_answers, assert_begins_slowly, assert_keeps_limits,
    assert_no_secret, assert_reported_once, assert_sends_little, bot, survive,
};

/// What stands in the token of the simulator's bots.
const SECRET: &str = "c2ltdWxhdGVk";
/// How many seeds are run unless it is said otherwise.
const SEEDS: u64 = 40;
/// Returns a number that the environment may say otherwise.
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn seeds() -> std::ops::Range<u64> {
    match number("CORDIAL_CHAOS") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CORDIAL_SEEDS").unwrap_or(SEEDS),
    }
}

async fn campaign(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let chaos = Chaos::new(seed);
        let sim = survive(&chaos).await;

        assert_alive(&sim, &chaos).await;
        sim.assert_nothing_lost();
        let connections = sim.connections();
        assert_begins_slowly(&connections, &chaos);
        assert_sends_little(&connections, &chaos);
        assert_reported_once(&sim, &chaos);
        assert_keeps_limits(&sim, &chaos);
        assert_answers(&sim, &chaos);
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_bot_survives_chaos_and_loses_nothing_that_it_could_keep() {
    campaign(seeds()).await;
}

#[tokio::test(start_paused = true)]
async fn a_bot_starts_in_the_middle_of_chaos() {
    for seed in 0..20 {
        let chaos = Chaos::new(seed).every(Duration::from_secs(5));
        fastrand::seed(seed);
        let sim = Simulator::builder(bot()).member("alice");
        let sim = sim.chaos(chaos.clone()).start().await;

        sleep(chaos.duration() + RECOVERY).await;

        assert_alive(&sim, &chaos).await;
        sim.assert_nothing_lost();
    }
}

#[tokio::test(start_paused = true)]
async fn x1_no_token_is_in_what_is_logged_while_all_goes_wrong() {
    for seed in 100..105 {
        let log = Log::listen(tracing::Level::TRACE);
        let chaos = Chaos::new(seed).every(Duration::from_secs(10));

        let sim = survive(&chaos).await;

        let reports: Vec<_> = sim.transcript().reports().cloned().collect();
        let reports = format!("{reports:?} {:?} {:?}", sim.connections(), sim.sent());
        drop(sim);
        for text in [log.text(), reports] {
            assert!(text.len() > 1_000, "{text}");
            assert_no_secret(&text, SECRET, &chaos);
        }
    }
}

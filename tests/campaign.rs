//! Schedules of events in memory, from seeds: whatever comes, and whatever handlers do about it, each
//! event is dealt with once and each failure told of once.
//!
//! `CORDIAL_SEEDS=1000` plays as many, `CORDIAL_SEEDS=7..8` those, and `CORDIAL_EVENTS=500` says how many
//! events each has. `--nocapture` shows the figures.

mod campaign_kit;

use std::env;
use std::ops::Range;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tracing::subscriber::{NoSubscriber, set_global_default};

use crate::campaign_kit::{Played, play};

/// How many seeds are played unless it is said otherwise, and how many events each has.
const SEEDS: u64 = 40;
const EVENTS: usize = 200;

fn seeds() -> Range<u64> {
    let Ok(text) = env::var("CORDIAL_SEEDS") else {
        return 0..SEEDS;
    };
    let number = |text: &str| {
        text.parse()
            .expect("CORDIAL_SEEDS is a number, or two: `7..8`")
    };
    match text.split_once("..") {
        Some((first, last)) => number(first)..number(last),
        None => 0..number(&text),
    }
}

fn events() -> usize {
    let events = env::var("CORDIAL_EVENTS");
    events.map_or(EVENTS, |events| {
        events.parse().expect("CORDIAL_EVENTS is a number")
    })
}

/// What came of all schedules.
#[derive(Default)]
struct Figures {
    events: usize,
    failures: usize,
    /// The seeds whose schedules came to something else, with the first that was wrong of each.
    wrong: Vec<String>,
    /// How much of tokio's time passed.
    time: Duration,
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.events += other.events;
        self.failures += other.failures;
        self.wrong.extend(other.wrong);
        self.time += other.time;
    }
}

/// Plays a schedule in a time of its own.
fn alone(seed: u64) -> (Played, Duration) {
    static QUIET: Once = Once::new();

    // What nobody handles would be shown, half a million times. If somebody else hears it, they do.
    QUIET.call_once(|| drop(set_global_default(NoSubscriber::new())));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let started = tokio::time::Instant::now();
        let played = play(seed, events()).await;
        (played, started.elapsed())
    })
}

/// Plays schedules as long as there are more of them.
fn play_all(next: &AtomicU64, end: u64) -> Figures {
    let mut figures = Figures::default();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return figures;
        }
        let (played, time) = alone(seed);
        let wrong = played.violations.first();
        figures.add(Figures {
            events: played.events,
            failures: played.failures,
            wrong: Vec::from_iter(
                wrong.map(|wrong| format!("CORDIAL_SEEDS={seed}..{}: {wrong}", seed + 1)),
            ),
            time,
        });
    }
}

#[test]
fn whatever_comes_each_event_is_dealt_with_once_and_each_failure_told_of_once() {
    let (seeds, started) = (seeds(), Instant::now());
    let next = AtomicU64::new(seeds.start);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut figures = Figures::default();
    thread::scope(|scope| {
        let players: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| play_all(&next, seeds.end)))
            .collect();
        for player in players {
            figures.add(player.join().expect("no panic"));
        }
    });

    let Figures {
        events,
        failures,
        wrong,
        time,
    } = figures;
    println!(
        "{} schedules, {events} events, {failures} failures, {time:.0?} of virtual time, {} wrong, in {:.1?}",
        seeds.end - seeds.start,
        wrong.len(),
        started.elapsed(),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn i12_the_same_seed_comes_to_the_same_in_the_same_order() {
    for seed in seeds().take(10) {
        let [(first, _), (second, _)] = [alone(seed), alone(seed)];

        assert_eq!(first.trace, second.trace, "seed {seed}");
    }
    let [(first, _), (second, _)] = [alone(1), alone(2)];
    assert_ne!(first.trace, second.trace);
}

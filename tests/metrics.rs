//! The numbers of a bot, as a recorder of the program sees them.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose own locks are poisoned fails"
)]
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::cache::Resource;
use cordial::prelude::*;
use cordial::testing::{GatewayFault, Simulator};
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use tokio::time::sleep;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Keeps what is recorded: numbers, by name and labels.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Written>>);

#[derive(Default)]
struct Written {
    numbers: BTreeMap<String, Vec<f64>>,
    described: Vec<String>,
}

/// One number among them.
struct Line(Notes, String);

impl Line {
    fn write(&self, write: impl FnOnce(&mut Vec<f64>)) {
        write(
            self.0
                .0
                .lock()
                .unwrap()
                .numbers
                .entry(self.1.clone())
                .or_default(),
        );
    }

    fn change(&self, value: impl FnOnce(f64) -> f64) {
        self.write(|values| *values = vec![value(values.first().copied().unwrap_or(0.0))]);
    }
}

#[expect(clippy::cast_precision_loss, reason = "tests count no further")]
impl CounterFn for Line {
    fn increment(&self, value: u64) {
        self.change(|earlier| earlier + value as f64);
    }

    fn absolute(&self, value: u64) {
        self.change(|earlier| earlier.max(value as f64));
    }
}

impl GaugeFn for Line {
    fn increment(&self, value: f64) {
        self.change(|earlier| earlier + value);
    }

    fn decrement(&self, value: f64) {
        self.change(|earlier| earlier - value);
    }

    fn set(&self, value: f64) {
        self.change(|_| value);
    }
}

impl HistogramFn for Line {
    fn record(&self, value: f64) {
        self.write(|values| values.push(value));
    }
}

impl Notes {
    fn line(&self, key: &Key) -> Arc<Line> {
        let mut labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        labels.sort();
        let name = format!("{} {}", key.name(), labels.join(" "));
        Arc::new(Line(self.clone(), name.trim_end().to_owned()))
    }

    /// Returns what was recorded under a name and its labels.
    fn all(&self, name: &str) -> Vec<f64> {
        let written = self.0.lock().unwrap();
        written.numbers.get(name).cloned().unwrap_or_default()
    }

    /// Returns a number, or what there is instead.
    #[track_caller]
    fn assert(&self, name: &str, expected: f64) {
        let found = self.all(name);
        let all = self.0.lock().unwrap();
        assert_eq!(found, [expected], "{name} among {:#?}", all.numbers);
    }
}

impl Recorder for Notes {
    fn describe_counter(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&key);
    }

    fn describe_gauge(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&key);
    }

    fn describe_histogram(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&key);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.line(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.line(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.line(key))
    }
}

impl Notes {
    fn describe(&self, key: &KeyName) {
        self.0
            .lock()
            .unwrap()
            .described
            .push(key.as_str().to_owned());
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("{0} is a secret")]
struct TooLate(String);

#[tokio::test(start_paused = true)]
async fn what_the_cache_holds_is_recorded() {
    let notes = Notes::default();
    let _recorder = metrics::set_default_local_recorder(&notes);
    let bot = Bot::builder().metrics().cache(Resource::Roles);

    let sim = Simulator::start(bot).await;
    sleep(secs(10)).await;

    notes.assert("cordial_cache_entries resource=roles", 2.0);
    assert!(notes.all("cordial_cache_bytes resource=roles")[0] > 0.0);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_handlers_do_is_counted_by_how_it_ended() {
    #[listener]
    async fn hears(_: &Context, _: &MessageCreate) {
        sleep(secs(2)).await;
    }
    #[listener]
    async fn fails(_: &Context, message: &MessageCreate) -> Result<()> {
        Err(TooLate(message.content.clone()).into())
    }
    #[error_handler]
    async fn again(ctx: &ErrorContext, _: &TooLate) -> Flow {
        if ctx.attempt() < 2 {
            Flow::Retry {
                after: Duration::ZERO,
            }
        } else {
            Flow::Handled
        }
    }
    let notes = Notes::default();
    let _recorder = metrics::set_default_local_recorder(&notes);
    let bot = Bot::builder().metrics().add(handlers![hears, fails, again]);
    let sim = Simulator::start(bot).await;

    let alice = sim.join("alice").await;
    alice.say("first").await;
    alice.say("second").await;
    sim.stop().await;

    let (hears, fails) = ("handler=hears kind=listener", "handler=fails kind=listener");
    notes.assert("cordial_events_total event=MESSAGE_CREATE", 2.0);
    let invocations = "cordial_invocations_total";
    notes.assert(&format!("{invocations} {hears} outcome=completed"), 2.0);
    notes.assert(&format!("{invocations} {fails} outcome=handled"), 2.0);
    notes.assert(&format!("cordial_retries_total {fails}"), 2.0);
    let failures = "cordial_failures_total code=too_late";
    notes.assert(&format!("{failures} {fails} resolution=retried"), 2.0);
    notes.assert(&format!("{failures} {fails} resolution=handled"), 2.0);
    let took = notes.all(&format!("cordial_handler_seconds {hears}"));
    assert_eq!(took, [2.0, 2.0]);
    let written = notes.0.lock().unwrap();
    for name in written.numbers.keys() {
        assert!(!name.contains("first") && !name.contains("alice"), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn tasks_are_known_by_their_place_whatever_their_names() {
    #[listener]
    async fn leaves(ctx: &Context, message: &MessageCreate) {
        ctx.spawn(format!("task {}", message.id), async { Ok(()) });
    }
    let notes = Notes::default();
    let _recorder = metrics::set_default_local_recorder(&notes);
    let bot = Bot::builder().metrics().add(handlers![leaves]);
    let sim = Simulator::start(bot).await;

    let alice = sim.join("alice").await;
    alice.say("first").await;
    alice.say("second").await;
    sim.stop().await;

    let written = notes.0.lock().unwrap();
    let names = written.numbers.iter();
    let tasks = names.filter(|(name, _)| name.contains("kind=task outcome="));
    let tasks: Vec<_> = tasks.collect();
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(tasks[0].0.contains("metrics.rs:"), "{tasks:?}");
    assert_eq!(tasks[0].1, &[2.0]);
}

#[tokio::test(start_paused = true)]
async fn how_shards_are_is_recorded_while_the_bot_runs_and_once_more_in_the_end() {
    let notes = Notes::default();
    let _recorder = metrics::set_default_local_recorder(&notes);
    let sim = Simulator::start(Bot::builder().metrics()).await;

    sleep(secs(120)).await;
    notes.assert("cordial_shard_state shard=0 state=active", 1.0);
    notes.assert("cordial_shard_sessions_total shard=0", 1.0);
    notes.assert("cordial_shard_resumes_total shard=0", 0.0);
    assert_eq!(notes.all("cordial_shard_latency_seconds shard=0").len(), 1);
    let silence = notes.all("cordial_shard_silence_seconds shard=0")[0];
    assert!((110.0..=121.0).contains(&silence), "{silence}");

    sim.misbehave(GatewayFault::hang_up().lasting(secs(20)));
    sim.drop_connections();
    sleep(secs(10)).await;
    notes.assert("cordial_shard_state shard=0 state=active", 0.0);
    sleep(secs(100)).await;
    notes.assert("cordial_shard_resumes_total shard=0", 1.0);

    sim.stop().await;
    notes.assert("cordial_shard_state shard=0 state=stopped", 1.0);
    notes.assert("cordial_shard_state shard=0 state=active", 0.0);
}

#[tokio::test(start_paused = true)]
async fn everything_that_is_recorded_is_described() {
    #[listener]
    async fn hears(_: &Context, _: &MessageCreate) -> Result<()> {
        Err(TooLate("it".to_owned()).into())
    }
    let notes = Notes::default();
    let _recorder = metrics::set_default_local_recorder(&notes);
    let sim = Simulator::start(Bot::builder().metrics().add(handlers![hears])).await;

    sim.join("alice").await.say("hello").await;
    sleep(secs(60)).await;
    sim.stop().await;

    let written = notes.0.lock().unwrap();
    for name in written.numbers.keys() {
        let name = name.split(' ').next().unwrap();
        assert!(
            written.described.iter().any(|known| known == name),
            "{name}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_recorder_that_panics_harms_nobody() {
    struct Panics;

    impl Recorder for Panics {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {
            panic!("no counters");
        }

        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
            panic!("no counters");
        }

        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            panic!("no gauges");
        }

        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            panic!("no histograms");
        }
    }
    #[listener]
    async fn answers(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if !message.author.bot {
            ctx.reply("Hello.").await?;
        }
        Ok(())
    }
    let _recorder = metrics::set_default_local_recorder(&Panics);
    let sim = Simulator::start(Bot::builder().metrics().add(handlers![answers])).await;

    sim.join("alice").await.say("hello").await;

    sim.stop().await.assert_replies(&["Hello."]);
}

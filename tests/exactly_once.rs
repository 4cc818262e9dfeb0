//! Every failure is reported exactly once, whatever handlers and error handlers do.
//!
//! What each does is drawn from a seed, one draw after another, so on one thread and in virtual time
//! a run can be repeated: `CORDIAL_SEED=5 cargo test --test exactly_once`. On several threads the
//! draws are the same, and who gets which is not. A failed assertion names the seed.

use std::collections::BTreeMap;
use std::num::ParseIntError;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::exception::{HandlerError, Panicked, TimedOut};
use cordial::outcome::{Invocation, Outcome, Report, Resolution, Said};
use cordial::prelude::*;
use cordial::testing::{Simulator, Transcript};
use cordial::{FailureId, IntoFailure};

/// How many listeners there are for each event.
const LISTENERS: usize = 10;

/// What is drawn, and what was raised by it.
struct Fate {
    seed: u64,
    /// Hanging takes virtual time.
    may_hang: bool,
    draws: AtomicU64,
    raised: Mutex<Vec<FailureId>>,
    panics: AtomicUsize,
    hangs: AtomicUsize,
}

/// What a handler does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Succeed,
    Fail,
    FailInside,
    FailLater,
    Panic,
    Hang,
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

#[derive(Debug, thiserror::Error, Exception)]
enum Umbrella {
    #[error("not a number")]
    Number(#[from] ParseIntError),
}

impl Fate {
    fn new(seed: u64, may_hang: bool) -> Self {
        Self {
            seed,
            may_hang,
            draws: AtomicU64::new(0),
            raised: Mutex::default(),
            panics: AtomicUsize::new(0),
            hangs: AtomicUsize::new(0),
        }
    }

    /// Draws a number below a limit. (`SplitMix64`.)
    fn draw(&self, limit: u64) -> u64 {
        let step = self.draws.fetch_add(1, Ordering::Relaxed) + 1;
        let mut mixed = self
            .seed
            .wrapping_add(step.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn deed(&self) -> Deed {
        let deeds = [
            Deed::Succeed,
            Deed::Fail,
            Deed::FailInside,
            Deed::FailLater,
            Deed::Panic,
            Deed::Hang,
        ];
        let index = usize::try_from(self.draw(deeds.len() as u64)).expect("a small number");
        match deeds[index] {
            Deed::Hang if !self.may_hang => Deed::Fail,
            deed => deed,
        }
    }

    /// Draws a time, which is short where it is not virtual.
    fn wait(&self) -> Duration {
        let millis = self.draw(900);
        Duration::from_millis(if self.may_hang { millis } else { millis / 300 })
    }

    /// Makes a failure, and notes that it was made.
    fn raise(&self, error: impl IntoFailure<cordial::failure::ViaError>) -> Failure {
        let failure = error.into_failure();
        self.raised.lock().expect("no panic").push(failure.id());
        failure
    }

    /// Does something that may go wrong.
    async fn act(&self) -> Result<()> {
        match self.deed() {
            Deed::Succeed => Ok(()),
            Deed::Fail => Err(self.raise(Problem)),
            Deed::FailInside => {
                let error = "many".parse::<u8>().expect_err("no number");
                Err(self.raise(Umbrella::from(error)))
            }
            Deed::FailLater => {
                tokio::time::sleep(self.wait()).await;
                Err(self.raise(Problem))
            }
            Deed::Panic => {
                self.panics.fetch_add(1, Ordering::Relaxed);
                // No message: the hook that prints it would be heard ten thousand times.
                std::panic::resume_unwind(Box::new("drawn"));
            }
            Deed::Hang => {
                self.hangs.fetch_add(1, Ordering::Relaxed);
                std::future::pending().await
            }
        }
    }

    /// Says something about a failure, or goes wrong.
    async fn judge(&self) -> Result<Flow> {
        Ok(match self.draw(6) {
            0 => Flow::Handled,
            1 => Flow::Retry { after: self.wait() },
            2 => Flow::Replace(self.raise(Problem)),
            3 => {
                self.act().await?;
                Flow::Propagate
            }
            _ => Flow::Propagate,
        })
    }
}

async fn acts(_: &Context, _: &MemberAdd, fate: State<Arc<Fate>>) -> Result<()> {
    fate.act().await
}

macro_rules! judges {
    ($($name:ident: $error:ty),* $(,)?) => {$(
        async fn $name(_: &ErrorContext, _: &$error, fate: State<Arc<Fate>>) -> Result<Flow> {
            fate.judge().await
        }
    )*};
}

judges! {
    problem: Problem,
    umbrella: Umbrella,
    number: ParseIntError,
    unfinished: HandlerError,
    panicked: Panicked,
    any: Failure,
}

/// Adds an error handler of each sort.
macro_rules! with_judges {
    ($group:expr) => {
        $group
            .error_handler(problem)
            .error_handler(umbrella)
            .error_handler(number)
            .error_handler(unfinished)
            .error_handler(panicked)
            .error_handler(any)
    };
}

fn bot(fate: Arc<Fate>) -> BotBuilder {
    let mut inner = with_judges!(Plugin::new("inner"));
    for index in 0..LISTENERS {
        let listener = Listener::new(acts).name(format!("acts {index}"));
        let listener = if index % 2 == 0 {
            listener.on_error(any)
        } else {
            listener
        };
        inner = inner.listener(listener);
    }
    let outer = with_judges!(Plugin::new("outer").plugin(inner));
    with_judges!(Bot::builder().state(fate).plugin(outer))
        .timeout(Duration::from_secs(1))
        .error_handler_timeout(Duration::from_secs(1))
}

/// Lets so many people join, and checks that all adds up.
async fn run(fate: Fate, people: usize) {
    let fate = Arc::new(fate);
    let sim = Simulator::start(bot(Arc::clone(&fate))).await;
    for person in 0..people {
        sim.join(&format!("person {person}")).await;
    }
    let transcript = sim.stop().await;

    fate.check_reported(&transcript);
    let listeners = (0..LISTENERS).map(|index| format!("acts {index}"));
    let invocations: Vec<_> = listeners
        .flat_map(|name| transcript.invocations(&name))
        .collect();
    assert_eq!(invocations.len(), people * LISTENERS, "seed {}", fate.seed);
    for invocation in invocations {
        check_invocation(fate.seed, invocation);
    }
}

impl Fate {
    /// Checks that what was raised, and nothing else, was reported, and once.
    fn check_reported(&self, transcript: &Transcript) {
        let seed = self.seed;
        let mut reported = BTreeMap::new();
        for report in transcript.reports() {
            let times: &mut usize = reported.entry(report.failure.id()).or_default();
            *times += 1;
            assert_eq!(*times, 1, "seed {seed}: {report}");
        }
        let raised = self.raised.lock().expect("no panic");
        for id in &*raised {
            assert!(
                reported.contains_key(id),
                "seed {seed}: {id} was not reported"
            );
        }
        let panics = self.panics.load(Ordering::Relaxed);
        let hangs = self.hangs.load(Ordering::Relaxed);
        let count = |is: fn(&Failure) -> bool| {
            transcript
                .reports()
                .filter(|report| is(&report.failure))
                .count()
        };
        assert_eq!(count(Failure::is::<Panicked>), panics, "seed {seed}");
        assert_eq!(count(Failure::is::<TimedOut>), hangs, "seed {seed}");
        assert_eq!(reported.len(), raised.len() + panics + hangs, "seed {seed}");
        assert!(
            raised.len() > 1_000 && panics > 100,
            "seed {seed} hardly tests anything"
        );
        assert_eq!(
            hangs > 100,
            self.may_hang,
            "seed {seed} hardly tests anything"
        );
    }
}

/// Checks that what an invocation says of itself is what its reports say.
fn check_invocation(seed: u64, invocation: &Invocation) {
    let told = format!("seed {seed}: {invocation:?}");
    let own: Vec<_> = invocation
        .reports
        .iter()
        .filter(|report| report.handler == invocation.handler)
        .collect();
    let retried = own
        .iter()
        .filter(|report| matches!(report.resolution, Resolution::Retried { .. }))
        .count();
    assert_eq!(
        usize::try_from(invocation.attempts).expect("few"),
        retried + 1,
        "{told}"
    );
    match &invocation.outcome {
        Outcome::Completed => {
            let is_passing = |report: &&&Arc<Report>| {
                matches!(
                    report.resolution,
                    Resolution::Retried { .. } | Resolution::Replaced { .. }
                )
            };
            assert_eq!(own.iter().filter(is_passing).count(), own.len(), "{told}");
        }
        Outcome::Handled { by } => {
            let handled = Resolution::Handled { by: by.clone() };
            assert!(
                own.iter().any(|report| report.resolution == handled),
                "{told}"
            );
        }
        Outcome::Unhandled { failure } => {
            let is_it = |report: &&&Arc<Report>| report.failure.id() == *failure;
            let report = own.iter().find(is_it).expect("its report");
            assert_eq!(report.resolution, Resolution::Unhandled, "{told}");
        }
        _ => panic!("{told}"),
    }
    check_links(&told, &invocation.reports);
}

/// Checks that what followed from a failure is linked to it.
fn check_links(told: &str, reports: &[Arc<Report>]) {
    for report in reports {
        for tried in &report.tried {
            if let Said::Replaced { with } | Said::Failed { with } = tried.said {
                let followed = reports.iter().find(|other| other.failure.id() == with);
                let during = followed.and_then(|other| other.failure.during());
                assert_eq!(during.map(Failure::id), Some(report.failure.id()), "{told}");
            }
        }
    }
}

fn seed() -> u64 {
    let chosen = std::env::var("CORDIAL_SEED").ok();
    chosen.map_or(20_261_121, |seed| {
        seed.parse().expect("`CORDIAL_SEED` is a number")
    })
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_invocations_in_virtual_time() {
    run(Fate::new(seed(), true), 1_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_thousand_invocations_on_several_threads() {
    run(Fate::new(seed(), false), 200).await;
}

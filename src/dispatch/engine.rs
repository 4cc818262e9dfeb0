//! What all invocations share: the bot's rules, its running tasks, and its observers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::answer::Reply;
#[cfg(feature = "cache")]
use crate::cache::Shelves;
use crate::clock::Clock;
use crate::context::{Fleet, Owners, Scene, Watchers};
use crate::error::{Flood, Resolver, Unhandled, log, log_settled, log_told};
use crate::failure::Failure;
use crate::health::Health;
use crate::interaction::InteractionContext;
use crate::outcome::{Observer, Report, Resolution};
use crate::sabotage::{self, Sabotage};

/// What all invocations share.
pub(crate) struct Engine {
    pub(crate) resolver: Resolver,
    pub(crate) policy: Policy,
    /// Every invocation and every task that one left running.
    pub(crate) tasks: TaskTracker,
    /// Cuts handlers off when the grace after shutdown is over.
    pub(crate) stop: CancellationToken,
    /// Receives the failure that stops the bot.
    pub(crate) fatal: UnboundedSender<Failure>,
    pub(crate) observers: Vec<Arc<dyn Observer>>,
    pub(crate) owners: Owners,
    pub(crate) clock: Clock,
    pub(crate) health: Health,
    pub(crate) fleet: Fleet,
    pub(crate) apology: Apology,
    pub(crate) flood: Flood,
    pub(crate) watchers: Arc<Watchers>,
    #[cfg(feature = "cache")]
    pub(crate) cache: Arc<Shelves>,
}

/// Returns the answer for somebody whose interaction failed without an error handler handling it.
pub(crate) type Apology = Box<dyn Fn(&InteractionContext, &Failure) -> Option<Reply> + Send + Sync>;

/// The rules of the bot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How long a listener without a timeout of its own may run.
    pub(crate) listener_time: Option<Duration>,
    /// How long a handler of interactions without a timeout of its own may run.
    pub(crate) interaction_time: Option<Duration>,
    /// When an interaction without an answer is deferred.
    pub(crate) defer_after: Option<Duration>,
    /// How long a task without a timeout of its own may run.
    pub(crate) task_time: Option<Duration>,
    /// How often a handler may run again for one event.
    pub(crate) max_retries: u32,
    pub(crate) unhandled: Unhandled,
    /// How many failures of one source the log shows in a minute.
    pub(crate) log_limit: u32,
    /// Whether an observer shows failures, so that standard error need not.
    pub(crate) shows_failures: bool,
}

impl Engine {
    /// Calls every observer. If one panics, it is logged, and nothing else is affected.
    pub(crate) fn observe(&self, tell: impl Fn(&dyn Observer)) {
        for observer in &self.observers {
            if catch_unwind(AssertUnwindSafe(|| tell(&**observer))).is_err() {
                tracing::error!("an observer panicked");
            }
        }
    }

    /// Tells every observer that something happened, and how many handlers will handle it.
    pub(crate) fn announce(&self, scene: &Scene, handlers: usize) {
        let Some(occurrence) = &scene.occurrence else {
            return;
        };
        let shard = scene.shard.id();
        self.observe(|observer| {
            if let Some(event) = occurrence.known_event() {
                observer.received(shard, event);
            }
            observer.dispatched(shard, scene.sequence, occurrence.kind(), handlers);
        });
    }

    /// Reports what happened to a failure: this is where each failure is reported, once. With `is_told`, the
    /// person who caused it was shown the error's own text, and it is logged as a refusal.
    pub(crate) fn report(&self, report: &Report, is_told: bool) {
        let times = match () {
            () if sabotage::is(Sabotage::ReportNever) => 0,
            () if sabotage::is(Sabotage::ReportTwice) => 2,
            () => 1,
        };
        for _ in 0..times {
            self.observe(|observer| observer.reported(report));
        }
        match report.resolution {
            Resolution::Unhandled if is_told => log_told(report),
            Resolution::Unhandled => {
                self.log(report);
                self.stop_if_so_asked(&report.failure);
            }
            Resolution::LastResort => self.log(report),
            _ => log_settled(report),
        }
    }

    fn log(&self, report: &Report) {
        if let Some(shown) = self.flood.count(report, self.policy.log_limit) {
            log(report, shown, self.policy.shows_failures);
        }
    }

    /// Logs how many failures the log left out, unless it has said so already.
    pub(crate) fn log_hidden(&self) {
        let hidden = self.flood.take_hidden();
        if hidden > 0 {
            tracing::warn!(hidden, "failures were not logged, because many were alike");
        }
    }

    fn stop_if_so_asked(&self, failure: &Failure) {
        if self.policy.unhandled == Unhandled::Shutdown {
            // If nobody takes it, the bot is stopping already.
            drop(self.fatal.send(failure.clone()));
        }
    }
}

//! Running tasks: on start, by the clock, and on stop.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::context::{Scene, Shard};
use crate::dispatch::Route;
use crate::http::Http;
use crate::meta::Meta;
use crate::task::Schedule;
use crate::task::schedule::{Period, chance, later};

/// A task with its route.
pub(crate) struct Scheduled {
    pub(crate) route: Arc<Route>,
    pub(crate) schedule: Schedule,
    /// The longest delay of a run.
    pub(crate) jitter: Duration,
}

/// The tasks of a bot, in the order they were added.
#[derive(Default)]
pub(crate) struct Tasks {
    pub(crate) all: Vec<Arc<Scheduled>>,
    /// Cuts off tasks on stop, which begin when others have been cut off.
    pub(crate) cut_off: CancellationToken,
}

/// Tasks that run by the clock. Dropping this begins no more runs.
pub(crate) struct Ticking(JoinSet<()>);

impl Tasks {
    /// Lists their handlers.
    pub(crate) fn metas(&self) -> impl Iterator<Item = &Meta> {
        self.all.iter().map(|task| &task.route.meta)
    }

    /// Runs the tasks on start, one after the other.
    ///
    /// # Cancel safety
    ///
    /// If this is dropped, the current task goes on, and no other begins.
    pub(crate) async fn start(&self, http: &Http) {
        for task in self.of_start() {
            task.begin(http).await;
        }
    }

    /// Runs the tasks by the clock from now on.
    pub(crate) fn tick(&self, http: &Http) -> Ticking {
        let mut loops = JoinSet::new();
        for task in &self.all {
            let (task, http) = (Arc::clone(task), http.clone());
            match task.schedule {
                Schedule::Every(period) => {
                    loops.spawn(async move { task.repeat(period, &http).await });
                }
                #[cfg(feature = "cron")]
                Schedule::Cron(_) => {
                    loops.spawn(async move { task.follow(&http).await });
                }
                Schedule::Start | Schedule::Stop => {}
            }
        }
        Ticking(loops)
    }

    /// Returns the grace of other handlers: half of it, if there are tasks on stop.
    pub(crate) fn grace_of_others(&self, grace: Duration) -> Duration {
        if self.of_stop().next().is_some() {
            return grace / 2;
        }
        grace
    }

    /// Begins the tasks on stop, one after the other in reverse order, to be awaited with everything that
    /// runs. Returns whether there are any.
    pub(crate) fn stop(&self, http: &Http) -> bool {
        let mut ending: Vec<_> = self.of_stop().cloned().collect();
        ending.reverse();
        let Some(first) = ending.first() else {
            return false;
        };
        let (engine, http) = (Arc::clone(&first.route.engine), http.clone());
        engine.tasks.spawn(async move {
            for task in ending {
                task.run(&http).await;
            }
        });
        true
    }

    fn of_start(&self) -> impl Iterator<Item = &Arc<Scheduled>> {
        let all = self.all.iter();
        all.filter(|task| matches!(task.schedule, Schedule::Start))
    }

    fn of_stop(&self) -> impl Iterator<Item = &Arc<Scheduled>> {
        let all = self.all.iter();
        all.filter(|task| matches!(task.schedule, Schedule::Stop))
    }
}

impl Ticking {
    /// Begins no more runs. Those that run go on.
    pub(crate) async fn stop(mut self) {
        self.0.shutdown().await;
    }
}

impl Scheduled {
    /// Runs it again and again.
    async fn repeat(&self, period: Period, http: &Http) {
        let mut due = later(Instant::now(), period.before);
        loop {
            sleep_until(later(due, chance(self.jitter))).await;
            self.begin(http).await;
            due = period.next(due, Instant::now());
        }
    }

    /// Runs it once, in a task of the bot that goes on if this is dropped.
    pub(crate) async fn begin(&self, http: &Http) {
        let run = Arc::clone(&self.route).invoke(scene(http), None, true);
        // A task of ours neither panics nor is it aborted.
        drop(self.route.engine.tasks.spawn(run).await);
    }

    /// Runs it once.
    async fn run(&self, http: &Http) {
        drop(
            Arc::clone(&self.route)
                .invoke(scene(http), None, true)
                .await,
        );
    }
}

/// Creates the scene of a run that no event causes.
fn scene(http: &Http) -> Arc<Scene> {
    Arc::new(Scene::new(Shard::apart(), 0, http.clone()))
}

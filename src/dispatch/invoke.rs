//! One invocation: call the handler, settle its failures, and run it again if an error handler asks for that.

use std::iter;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tracing::Instrument;
use twilight_model::gateway::ShardId;

use crate::answer::Attendant;
#[cfg(feature = "cache")]
use crate::cache::Shelves;
use crate::check::Passed;
use crate::context::{Context, Fleet, Home, Owners, Scene, StateMap, Task, Watchers};
use crate::dispatch::conduct::{attendant, put_off_in_time, refuse_silence, take_back};
use crate::dispatch::{Conduct, Hold, Route};
use crate::error::{Conclusion, Settled};
use crate::event::Occurrence;
use crate::exception::Cancelled;
use crate::failure::{Failure, IntoFailure};
use crate::handler::{Limits, guarded, settled};
use crate::health::Health;
use crate::outcome::{Invocation, Outcome, Report, Resolution};

/// Leave to run, once the checks have given it.
type Leave = Option<Passed>;

impl Route {
    /// Runs the handler for an event to its very end, and only then drops the hold. The time that it took is
    /// zero unless `is_timed`.
    pub(crate) async fn invoke(
        self: Arc<Self>,
        scene: Arc<Scene>,
        _hold: Hold,
        is_timed: bool,
    ) -> Invocation {
        let mut ctx = self.context(scene);
        let span = tracing::debug_span!(
            "handler",
            kind = %self.meta.kind(),
            name = %self.meta,
            event = self.event.name,
        );
        let invocation = async {
            let started = is_timed.then(Instant::now);
            let (outcome, reports) = match &self.conduct {
                None => self.run(&mut ctx).await,
                // Boxed: listeners need no room for it.
                Some(conduct) => Box::pin(self.attend(conduct, &mut ctx)).await,
            };
            let took = started.map_or(Duration::ZERO, |started| started.elapsed());
            self.ended(&ctx, outcome, reports, took)
        };
        invocation.instrument(span).await
    }

    /// Makes the context of the first run.
    pub(crate) fn context(self: &Arc<Self>, scene: Arc<Scene>) -> Context {
        Context {
            scene,
            home: Arc::clone(self) as Arc<dyn Home>,
            handler: self.meta.clone(),
            attempt: 1,
            stand: None,
            origin: None,
        }
    }

    /// Runs the handler of an interaction, whose user waits for an answer.
    async fn attend(&self, conduct: &Conduct, ctx: &mut Context) -> (Outcome, Vec<Arc<Report>>) {
        let waiting = ctx.clone();
        let after = self.engine.policy.defer_after;
        let (outcome, reports) = conduct.in_time(&waiting, after, self.run(ctx)).await;
        if let Outcome::Handled { .. } = outcome {
            take_back(&waiting).await;
        }
        (outcome, reports)
    }

    async fn run(&self, ctx: &mut Context) -> (Outcome, Vec<Arc<Report>>) {
        let mut leave = None;
        match self.run_once(ctx, &mut leave).await {
            Ok(()) => (Outcome::Completed, Vec::new()),
            // Boxed: it is large, and most runs do not fail.
            Err(failure) => Box::pin(self.recover(failure, ctx, &mut leave)).await,
        }
    }

    /// Settles a failure, and those of the runs that follow.
    async fn recover(
        &self,
        failure: Failure,
        ctx: &mut Context,
        leave: &mut Leave,
    ) -> (Outcome, Vec<Arc<Report>>) {
        let mut reports = Vec::new();
        let mut failure = failure;
        loop {
            let has_runs_left = ctx.attempt <= self.engine.policy.max_retries;
            let can_retry = has_runs_left && !self.stop.is_cancelled();
            let (conclusion, settled) = self.settle(failure, ctx, can_retry).await;
            reports.extend(settled);
            failure = match conclusion {
                Conclusion::Ended(outcome) => return (outcome, reports),
                Conclusion::Retry { after } => match self.run_again(ctx, after, leave).await {
                    Ok(()) => return (Outcome::Completed, reports),
                    Err(failure) => failure,
                },
            };
        }
    }

    async fn run_again(
        &self,
        ctx: &mut Context,
        after: Duration,
        leave: &mut Leave,
    ) -> Result<(), Failure> {
        self.wait(after).await?;
        ctx.attempt += 1;
        self.run_once(ctx, leave).await
    }

    async fn run_once(&self, ctx: &Context, leave: &mut Leave) -> Result<(), Failure> {
        let Some(conduct) = &self.conduct else {
            let limits = self.limits(self.engine.policy.listener_time);
            let run = async {
                self.call.call(ctx).await?;
                refuse_silence(None, ctx)
            };
            return guarded(&self.meta, limits, run).await;
        };
        // Boxed: listeners need no room for it.
        Box::pin(self.run_for(conduct, ctx, leave)).await
    }

    /// Runs the handler of an interaction once, if the checks pass.
    async fn run_for(
        &self,
        conduct: &Conduct,
        ctx: &Context,
        leave: &mut Leave,
    ) -> Result<(), Failure> {
        let limits = self.limits(self.engine.policy.interaction_time);
        let run = async {
            let attendant = attendant(self.conduct.as_ref(), ctx);
            if leave.is_none() {
                *leave = conduct.pass(ctx).await?;
            }
            self.call.call(ctx).await?;
            refuse_silence(attendant, ctx)
        };
        guarded(&self.meta, limits, run).await
    }

    fn limits(&self, time_of_bot: Option<Duration>) -> Limits<'_> {
        Limits {
            time: self.time.or(time_of_bot),
            stop: &self.stop,
        }
    }

    async fn wait(&self, time: Duration) -> Result<(), Failure> {
        tokio::select! {
            // Nothing runs again once the bot stops.
            biased;
            () = self.stop.cancelled() => {
                Err(Cancelled::new(&self.meta).into_failure().in_handler(&self.meta))
            }
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    /// Asks the error handlers about a failure, and reports it with all that followed.
    async fn settle(
        &self,
        failure: Failure,
        ctx: &Context,
        can_retry: bool,
    ) -> (Conclusion, Vec<Arc<Report>>) {
        let known = failure.clone();
        let resolve = self
            .engine
            .resolver
            .resolve(failure, ctx, &self.levels, can_retry);
        let settled = settled(ctx.handler(), resolve).await;
        let settled = settled.unwrap_or_else(|panic| gave_up(&known, ctx, &panic));
        self.tell(&settled, ctx).await;
        let reports = settled.reports.into_iter().map(Arc::new).collect();
        (settled.conclusion, reports)
    }

    /// Reports a settled failure, and tells the people who wait for an answer: the one for whom the handler
    /// ran, and those for whose interactions it waited.
    async fn tell(&self, settled: &Settled, ctx: &Context) {
        let (engine, claimed) = (&self.engine, ctx.take_claims());
        let amends = settled.unhandled().map_or_else(Vec::new, |failure| {
            let people = iter::once(ctx).chain(&claimed);
            let amends = people.map(|ctx| Some((ctx, engine.amends(ctx, failure)?)));
            amends.flatten().collect()
        });
        for report in &settled.reports {
            let mut amends = amends.iter();
            let is_told = amends.any(|(_, amends)| amends.tell_of(&report.failure));
            engine.report(report, is_told);
        }
        for (ctx, amends) in amends {
            amends.make(ctx).await;
        }
        if settled.unhandled().is_none() {
            for ctx in &claimed {
                take_back(ctx).await;
            }
        }
    }

    /// Settles a failure that cannot be retried: of a task or the connection.
    async fn settle_once(&self, failure: Failure, ctx: &Context) -> (Outcome, Vec<Arc<Report>>) {
        match self.settle(failure, ctx, false).await {
            (Conclusion::Ended(outcome), reports) => (outcome, reports),
            (Conclusion::Retry { .. }, _) => unreachable!("it cannot be run again"),
        }
    }

    /// Settles a failure of the connection.
    pub(crate) async fn settle_connection(
        self: Arc<Self>,
        failure: Failure,
        ctx: Context,
        _hold: Hold,
    ) {
        let started = Instant::now();
        let (outcome, reports) = self.settle_once(failure, &ctx).await;
        drop(self.ended(&ctx, outcome, reports, started.elapsed()));
    }

    fn ended(
        &self,
        ctx: &Context,
        outcome: Outcome,
        reports: Vec<Arc<Report>>,
        took: Duration,
    ) -> Invocation {
        let invocation = Invocation {
            handler: ctx.handler.clone(),
            event: ctx.occurrence().and_then(Occurrence::kind),
            attempts: ctx.attempt,
            outcome,
            reports,
            took,
        };
        let (shard, sequence) = (ctx.shard().id(), ctx.scene.sequence);
        self.engine
            .observe(|observer| observer.finished(shard, sequence, &invocation));
        invocation
    }

    /// Runs a task that a handler left.
    async fn run_task(self: Arc<Self>, task: Task, attendant: Option<Attendant>) {
        let Task { ctx, run } = task;
        let started = Instant::now();
        let limits = Limits {
            time: None,
            stop: &self.stop,
        };
        let conduct = self.conduct.as_ref();
        let attended = async {
            run.await?;
            refuse_silence(attendant, &ctx)
        };
        let settled = async {
            match guarded(ctx.handler(), limits, attended).await {
                Ok(()) => (Outcome::Completed, Vec::new()),
                Err(failure) => self.settle_once(failure, &ctx).await,
            }
        };
        let (outcome, reports) = match conduct {
            None => settled.await,
            Some(conduct) => {
                let after = self.engine.policy.defer_after;
                let (outcome, reports) = Box::pin(conduct.in_time(&ctx, after, settled)).await;
                if let Outcome::Handled { .. } = outcome {
                    take_back(&ctx).await;
                }
                (outcome, reports)
            }
        };
        drop(self.ended(&ctx, outcome, reports, started.elapsed()));
    }
}

impl Home for Route {
    fn states(&self) -> &StateMap {
        &self.states
    }

    fn owners(&self) -> &Owners {
        &self.engine.owners
    }

    fn now(&self) -> SystemTime {
        self.engine.clock.now()
    }

    fn health(&self) -> &Health {
        &self.engine.health
    }

    #[cfg(feature = "cache")]
    fn cache(&self) -> &Arc<Shelves> {
        &self.engine.cache
    }

    fn watchers(&self) -> &Arc<Watchers> {
        &self.engine.watchers
    }

    fn pauses(&self, shard: ShardId, sequence: u64, waits: bool) {
        self.engine
            .observe(|observer| observer.pauses(shard, sequence, waits));
    }

    fn put_off(self: Arc<Self>, ctx: Context) {
        let engine = Arc::clone(&self.engine);
        let putting_off = async move {
            let engine = &self.engine;
            let put_off = put_off_in_time(&ctx, engine.policy.defer_after);
            engine.stop.run_until_cancelled(put_off).await;
        };
        engine.tasks.spawn(putting_off);
    }

    fn fleet(&self) -> &Fleet {
        &self.engine.fleet
    }

    fn spawn(self: Arc<Self>, task: Task) {
        let engine = Arc::clone(&self.engine);
        // Counted before the handler can end.
        let attendant = attendant(self.conduct.as_ref(), &task.ctx);
        engine.tasks.spawn(self.run_task(task, attendant));
    }
}

/// Gives up on a failure when the author's code panics unexpectedly while it is settled: both the failure and
/// the panic are reported, and no error handler is asked.
fn gave_up(failure: &Failure, ctx: &Context, panic: &Failure) -> Settled {
    let report = |failure: Failure, resolution| Report {
        failure: failure.in_handler(ctx.handler()),
        handler: ctx.handler().clone(),
        attempt: ctx.attempt(),
        tried: Vec::new(),
        resolution,
        took: Duration::ZERO,
    };
    let panic = panic.clone().arisen_during(failure);
    Settled {
        conclusion: Conclusion::unhandled(failure),
        reports: vec![
            report(failure.clone(), Resolution::Unhandled),
            report(panic, Resolution::LastResort),
        ],
    }
}

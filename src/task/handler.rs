//! A task: a function with when it runs, and its options.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::context::Context;
use crate::error::{Entry, own_methods};
use crate::extract::Requirements;
use crate::failure::Failure;
use crate::handler::{BoxFuture, Call, TaskFn, TimeLimit};
use crate::meta::{HandlerKind, Meta, Place};
use crate::task::{Schedule, TaskFlaw};

/// A function that runs by the clock, or as the bot starts or stops, with its settings.
///
/// Create one with `#[task]`, or with [`every`](Self::every), `cron`, [`on_start`](Self::on_start) or
/// [`on_stop`](Self::on_stop) from any function of the right shape.
///
/// # When it runs
///
/// - With a period, at once as the bot starts, and then whenever the period has passed.
///   [`delay`](Self::delay) puts off the first run. It does not wait for shards to connect.
/// - With a cron expression, and the feature `cron`, whenever the clocks of a time zone show that time.
/// - On start, once, after Discord has accepted the token and knows the commands, and before the bot
///   connects its shards. These tasks run one after the other, the bot's own before those of plugins, in
///   the order you added them, and the bot waits for them. If one fails, the bot goes on.
/// - On stop, once, when the shards are disconnected and all other handlers have ended, in the opposite
///   order. If the bot is told to stop before its tasks on start began, no task on stop runs.
///
/// A task never runs twice at once. Runs that come due during another run are skipped, and not made up for.
///
/// # When the bot stops
///
/// No new run begins. A current run has the bot's [grace](crate::BotBuilder::grace), as all handlers have,
/// and is then cut off with a [`Cancelled`](crate::exception::Cancelled). In a bot with tasks on stop, the
/// other handlers get half of the grace, and those tasks what is left of it.
///
/// # What it may touch
///
/// A task runs for no event. An argument that is part of an event, such as
/// [`Author`](crate::extract::Author), is a mistake that `build()` reports. The task's
/// [`shard`](Context::shard) has no connection.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::prelude::*;
///
/// async fn sweep(ctx: &Context, http: Http) -> Result<()> {
///     Ok(())
/// }
///
/// let task = Task::every(Duration::from_secs(300), sweep).jitter(Duration::from_secs(30));
/// let bot = Bot::builder().task(task);
/// ```
#[must_use = "a task does nothing until it is added to a bot or a plugin"]
pub struct Task {
    pub(crate) meta: Meta,
    /// Where it was added to a bot or a plugin.
    pub(crate) added: Option<Place>,
    pub(crate) time: TimeLimit,
    when: When,
    pub(crate) jitter: Duration,
    /// The settings that do not fit its schedule.
    unfit: Vec<TaskFlaw>,
    pub(crate) requirements: Requirements,
    pub(crate) on_error: Vec<Entry>,
    pub(crate) call: Box<dyn Call>,
}

/// When a task runs.
#[derive(Clone, Debug)]
pub struct When(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Every {
        period: Duration,
        /// The time from the start to the first run.
        delay: Duration,
    },
    #[cfg(feature = "cron")]
    Cron {
        expression: Cow<'static, str>,
        timezone: Option<Cow<'static, str>>,
    },
    Start,
    Stop,
}

/// When a task runs, for generated code.
impl When {
    /// Whenever a period has passed.
    #[must_use]
    pub fn every(period: Duration) -> Self {
        Self(Kind::Every {
            period,
            delay: Duration::ZERO,
        })
    }

    /// Whenever clocks show a time.
    #[cfg(feature = "cron")]
    pub fn cron(expression: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::Cron {
            expression: expression.into(),
            timezone: None,
        })
    }

    /// As the bot starts.
    #[must_use]
    pub fn on_start() -> Self {
        Self(Kind::Start)
    }

    /// As the bot stops.
    #[must_use]
    pub fn on_stop() -> Self {
        Self(Kind::Stop)
    }
}

impl Task {
    /// Creates a task that runs at once as the bot starts, and then whenever a period has passed.
    ///
    /// The period is counted from the beginning of the first run, however long runs take: a task that runs
    /// every 5 minutes and takes one begins at 0, 5 and 10 minutes. If it takes 6, it begins at 0 and 10.
    #[track_caller]
    pub fn every<F, Args>(period: Duration, function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        Self::of_function(When::every(period), function)
    }

    /// Creates a task that runs whenever the clocks of a time zone show a time.
    ///
    /// The time zone is UTC, unless you set another with [`timezone`](Self::timezone).
    ///
    /// The expression is that of cron: minute, hour, day of the month, month, day of the week, as in
    /// `0 9 * * 1-5`, at nine from Monday to Friday. Seconds may come before the minute. It also takes
    /// names such as `MON` and `JAN`, `L` for the last day of a month, `15W` for the weekday nearest to the
    /// 15th, `FRI#2` for the second Friday, and `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`. If
    /// both the day of the month and the day of the week are given, the task runs on days that match
    /// either.
    ///
    /// # Daylight saving time
    ///
    /// When clocks are put forward, some times of the day are skipped; when they are put back, some occur
    /// twice. As with cron:
    ///
    /// - A task at fixed times runs exactly once: as the clocks are put forward, if its time is skipped,
    ///   and at the first of two times.
    /// - A task whose minute or hour begins with `*`, such as `*/15 * * * *`, follows the clocks: it does
    ///   not run at times that are skipped, and runs twice at those that occur twice.
    ///
    /// # A machine's clock
    ///
    /// The machine's clock may be set while the bot runs. A run that becomes due by that begins within the
    /// hour. A run that has been done is not repeated if the clock is put back by up to an hour.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// async fn good_morning(ctx: &Context) -> Result<()> {
    ///     Ok(())
    /// }
    ///
    /// let task = Task::cron("0 9 * * 1-5", good_morning).timezone("Europe/Berlin");
    /// let bot = Bot::builder().task(task);
    /// ```
    #[cfg(feature = "cron")]
    #[track_caller]
    pub fn cron<F, Args>(expression: impl Into<Cow<'static, str>>, function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        Self::of_function(When::cron(expression), function)
    }

    /// Creates a task that runs once, before the bot connects its shards.
    ///
    /// The bot waits for it.
    #[track_caller]
    pub fn on_start<F, Args>(function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        Self::of_function(When::on_start(), function)
    }

    /// Creates a task that runs once, as the bot stops, after all other handlers have ended.
    #[track_caller]
    pub fn on_stop<F, Args>(function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        Self::of_function(When::on_stop(), function)
    }

    #[track_caller]
    fn of_function<F, Args>(when: When, function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        let meta = Meta::of_function::<F>(HandlerKind::Task);
        let mut task = Self::of(meta, when, Box::new(Function(function, PhantomData)));
        F::require(&mut task.requirements);
        task
    }

    fn of(meta: Meta, when: When, call: Box<dyn Call>) -> Self {
        Self {
            meta,
            added: None,
            time: TimeLimit::OfBot,
            when,
            jitter: Duration::ZERO,
            unfit: Vec::new(),
            requirements: Requirements::default(),
            on_error: Vec::new(),
            call,
        }
    }

    /// Sets its name, instead of that of its function.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.meta = self.meta.renamed(name);
        self
    }

    /// Sets when a task with a period first runs, counted from the start of the bot.
    ///
    /// By default it runs at once.
    pub fn delay(mut self, time: Duration) -> Self {
        match &mut self.when.0 {
            Kind::Every { delay, .. } => *delay = time,
            _ => self.unfit.push(TaskFlaw::Unfit {
                option: "delay",
                only: "a period",
            }),
        }
        self
    }

    /// Delays each run by a random time up to this, so that not all bots act at once.
    ///
    /// It must be shorter than the period. Runs do not drift: the schedule itself stays.
    pub fn jitter(mut self, most: Duration) -> Self {
        if let Kind::Start | Kind::Stop = self.when.0 {
            self.unfit.push(TaskFlaw::Unfit {
                option: "jitter",
                only: "a period or a cron expression",
            });
        } else {
            self.jitter = most;
        }
        self
    }

    /// Sets the time zone of a cron expression, by its name in the IANA database: `Europe/Berlin`.
    #[cfg(feature = "cron")]
    pub fn timezone(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        match &mut self.when.0 {
            Kind::Cron { timezone, .. } => *timezone = Some(name.into()),
            _ => self.unfit.push(TaskFlaw::Unfit {
                option: "timezone",
                only: "a cron expression",
            }),
        }
        self
    }

    own_methods!(|builder| builder);

    /// Returns its schedule, or everything that is wrong with it.
    pub(crate) fn schedule(&self) -> Result<Schedule, Vec<TaskFlaw>> {
        let mut flaws = self.unfit.clone();
        let schedule = match &self.when.0 {
            Kind::Every { period, delay } => {
                Schedule::every(*period, *delay, self.jitter).map_err(|flaw| vec![flaw])
            }
            #[cfg(feature = "cron")]
            Kind::Cron {
                expression,
                timezone,
            } => crate::task::Cron::read(expression, timezone.as_deref())
                .map(|cron| Schedule::Cron(Box::new(cron))),
            Kind::Start => Ok(Schedule::Start),
            Kind::Stop => Ok(Schedule::Stop),
        };
        match schedule {
            Ok(schedule) if flaws.is_empty() => return Ok(schedule),
            Ok(_) => {}
            Err(found) => flaws.extend(found),
        }
        Err(flaws)
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("meta", &self.meta)
            .field("when", &self.when.0)
            .finish_non_exhaustive()
    }
}

/// Creates a task, for generated code.
pub fn generated(
    name: &'static str,
    place: Place,
    when: When,
    run: impl for<'a> Fn(&'a Context) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync + 'static,
) -> Task {
    let meta = Meta::new(HandlerKind::Task, name, place);
    Task::of(meta, when, Box::new(Generated(run)))
}

/// A function with its signature.
struct Function<F, Args>(F, PhantomData<fn() -> Args>);

impl<F, Args> Call for Function<F, Args>
where
    F: for<'a> TaskFn<'a, Args>,
    Args: 'static,
{
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        self.0.run(ctx)
    }
}

/// A closure of generated code, which has run the extractors itself.
struct Generated<F>(F);

impl<F> Call for Generated<F>
where
    F: for<'a> Fn(&'a Context) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync,
{
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        self.0(ctx)
    }
}

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

/// A function that runs by the clock, or as the bot starts or stops, with its options.
///
/// `#[task]` makes one; so do [`every`](Self::every), `cron`, [`on_start`](Self::on_start) and
/// [`on_stop`](Self::on_stop) from any function of the right shape.
///
/// # When it runs
///
/// - With a period, at once as the bot starts, and then whenever the period is over; by
///   [`delay`](Self::delay), later for the first time. It does not wait for shards to be connected.
/// - By a cron expression, with the feature `cron`, whenever the clocks of a time zone show that time.
/// - On start, once, before the bot connects its shards, when Discord has taken its token and knows its
///   commands. Tasks on start run one after the other, the bot's own before those of plugins, in the
///   order they were added, and the bot waits for them. If one fails, the bot goes on.
/// - On stop, once, when the shards are disconnected and all other handlers have ended: in the opposite
///   order. A bot that was told to stop before its tasks on start were begun runs none of them.
///
/// A task runs once at a time. Its next run begins at its time, if the one before has ended; what falls
/// into a run is left out, and not caught up on.
///
/// # When the bot stops
///
/// No run begins any more. One that is running has the bot's [grace](crate::BotBuilder::grace), as all
/// handlers have, and is then cut off with a [`Cancelled`](crate::exception::Cancelled). In a bot with
/// tasks on stop, the other handlers have half of the grace, and those tasks what is left of it.
///
/// # What it may touch
///
/// It runs for no event. An argument that is part of one, such as [`Author`](crate::extract::Author), is
/// a mistake that `build()` tells of. Its [`shard`](Context::shard) has no connection.
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
    /// What was set that says nothing of when it runs.
    unfit: Vec<TaskFlaw>,
    pub(crate) requirements: Requirements,
    pub(crate) on_error: Vec<Entry>,
    pub(crate) call: Box<dyn Call>,
}

/// When a task runs, as its author wrote it.
#[derive(Clone, Debug)]
pub struct When(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Every {
        period: Duration,
        /// How long after the start it runs for the first time.
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
    /// Whenever a time is over.
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
    /// Creates a task that runs at once as the bot starts, and then whenever a time is over.
    ///
    /// The time is counted from the beginning of the first run, whatever runs take: a task every 5
    /// minutes, that takes one, runs at 0, 5 and 10 minutes. One that takes 6 runs at 0 and 10.
    #[track_caller]
    pub fn every<F, Args>(period: Duration, function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        Self::of_function(When::every(period), function)
    }

    /// Creates a task that runs whenever the clocks of a time zone show a time: those of UTC, unless
    /// [`timezone`](Self::timezone) names another.
    ///
    /// The expression is that of cron: minute, hour, day of the month, month, day of the week, as in
    /// `0 9 * * 1-5`, at nine from Monday to Friday. There may be seconds before the minute. Names such
    /// as `MON` and `JAN` are understood, and so are `L` for the last day of a month, `15W` for the
    /// weekday nearest to the 15th, `FRI#2` for the second Friday, `@hourly`, `@daily`, `@weekly`,
    /// `@monthly` and `@yearly`. If both the day of the month and the day of the week are given, either
    /// will do.
    ///
    /// # Daylight saving time
    ///
    /// Where clocks are put forward, some times of the day are not there, and where they are put back,
    /// some are there twice. As with cron:
    ///
    /// - A task at fixed times runs exactly once: when the clocks were put forward, if its time is left
    ///   out, and the first of two times.
    /// - A task whose minute or hour begins with `*`, such as `*/15 * * * *`, runs by the clocks: not at
    ///   times that are left out, and twice at those that are there twice.
    ///
    /// # A machine's clock
    ///
    /// It may be set while the bot runs. A run that becomes due by that begins within the hour, and one
    /// that was done before the clock was put back by up to an hour is not done again.
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

    /// Creates a task that runs once, before the bot connects its shards. The bot waits for it.
    #[track_caller]
    pub fn on_start<F, Args>(function: F) -> Self
    where
        F: for<'a> TaskFn<'a, Args>,
        Args: 'static,
    {
        Self::of_function(When::on_start(), function)
    }

    /// Creates a task that runs once, as the bot stops, when all other handlers have ended.
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

    /// Calls it something else than its function.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.meta = self.meta.renamed(name);
        self
    }

    /// Lets a task with a period run for the first time so long after the bot starts, instead of at
    /// once.
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

    /// Puts each run off by a random time, up to this: so that not all bots do something at once.
    ///
    /// It must be shorter than the period. What it is counted from stays as it is: runs do not drift.
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

    /// Names the time zone of a cron expression, as in the IANA database: `Europe/Berlin`.
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

    /// Works out when it runs, or everything that is wrong with that.
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

/// A function found by its signature.
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

/// A closure made by generated code, which has made the extractors' arguments itself.
struct Generated<F>(F);

impl<F> Call for Generated<F>
where
    F: for<'a> Fn(&'a Context) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync,
{
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        self.0(ctx)
    }
}

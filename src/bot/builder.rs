//! The builder that collects the parts of a bot.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use twilight_model::application::command::Command;
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::EventType;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use crate::answer::Reply;
use crate::bot::group::{Group, group_methods};
use crate::bot::vigil::Lookout;
use crate::bot::{Endpoints, Token};
#[cfg(feature = "cache")]
use crate::cache::Plan;
use crate::clock::Clock;
use crate::context::Presence;
use crate::dispatch::{Apology, Policy, Rules, Wanted};
use crate::error::{Unhandled, apology};
use crate::event::EventKinds;
use crate::exception::{Exception, Lattice};
use crate::failure::{Failure, Result};
use crate::gateway::{SessionStore, ShardThreads};
use crate::http::Policy as HttpPolicy;
use crate::interaction::InteractionContext;
use crate::outcome::Observer;
use crate::task::Tasks;

/// How long handlers may keep running after the bot was told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long a listener may run: far longer than any should take, so that none runs for ever.
const LISTENER_TIME: Duration = Duration::from_secs(30);
/// How long a handler of interactions may run: almost as long as Discord accepts an answer, so that
/// its error handlers can still give one.
const INTERACTION_TIME: Duration = Duration::from_secs(14 * 60);
/// How long a task may run: far longer than most take, so that none blocks its next run for ever.
const TASK_TIME: Duration = Duration::from_secs(10 * 60);
/// When an answer is deferred: early enough to reach Discord within 3 seconds.
const DEFER_AFTER: Duration = Duration::from_secs(2);
/// How long an error handler may run: somebody may be waiting for its answer.
const ERROR_HANDLER_TIME: Duration = Duration::from_secs(10);
/// How often a handler may run again for one event.
const MAX_RETRIES: u32 = 3;

/// How many failures of one source the log shows in a minute.
const LOG_LIMIT: u32 = 20;

/// Collects the handlers, state and settings of a bot.
///
/// Made by [`Bot::builder`](crate::Bot::builder) and [`Bot::from_env`](crate::Bot::from_env).
#[must_use = "a bot does nothing until it runs"]
pub struct BotBuilder {
    pub(crate) group: Group,
    pub(crate) token: Option<Token>,
    pub(crate) endpoints: Option<Endpoints>,
    pub(crate) intents: IntentChoice,
    pub(crate) wanted: Wanted,
    /// What the author declares of error types, over what is derived.
    pub(crate) declarations: Vec<Declare>,
    pub(crate) policy: Policy,
    pub(crate) error_handler_time: Option<Duration>,
    pub(crate) grace: Duration,
    pub(crate) observers: Vec<Arc<dyn Observer>>,
    pub(crate) commands: Vec<Command>,
    pub(crate) development_guild: Option<Id<GuildMarker>>,
    pub(crate) owners: Vec<Id<UserMarker>>,
    pub(crate) clock: Clock,
    pub(crate) presence: Option<Presence>,
    pub(crate) apology: Apology,
    pub(crate) requests: HttpPolicy,
    pub(crate) threads: ShardThreads,
    pub(crate) store: Option<Arc<dyn SessionStore>>,
    pub(crate) lookout: Lookout,
    pub(crate) intake: Rules,
    /// What is kept of what the gateway tells.
    #[cfg(feature = "cache")]
    pub(crate) cache: Plan,
    /// Where tasks are put when the bot is built.
    pub(crate) tasks: Tasks,
}

/// Something that the author declares of error types.
type Declare = Box<dyn FnOnce(&mut Lattice) + Send>;

/// Which intents the author wants.
#[derive(Clone, Copy)]
pub(crate) enum IntentChoice {
    /// What the listeners need, and these.
    Derived { more: Intents },
    /// These, whatever the listeners need.
    Only(Intents),
}

impl BotBuilder {
    pub(crate) fn new() -> Self {
        Self {
            group: Group::default(),
            token: None,
            endpoints: None,
            intents: IntentChoice::Derived {
                more: Intents::empty(),
            },
            wanted: Wanted::Derived {
                more: EventKinds::EMPTY,
            },
            declarations: Vec::new(),
            policy: Policy {
                listener_time: Some(LISTENER_TIME),
                interaction_time: Some(INTERACTION_TIME),
                task_time: Some(TASK_TIME),
                defer_after: Some(DEFER_AFTER),
                max_retries: MAX_RETRIES,
                unhandled: Unhandled::default(),
                log_limit: LOG_LIMIT,
                shows_failures: false,
            },
            error_handler_time: Some(ERROR_HANDLER_TIME),
            grace: GRACE,
            observers: Vec::new(),
            commands: Vec::new(),
            development_guild: None,
            owners: Vec::new(),
            clock: Clock::default(),
            presence: None,
            apology: Box::new(|_, failure| Some(apology(failure))),
            requests: HttpPolicy::default(),
            threads: ShardThreads::default(),
            store: None,
            lookout: Lookout::default(),
            intake: Rules::default(),
            #[cfg(feature = "cache")]
            cache: Plan::default(),
            tasks: Tasks::default(),
        }
    }

    group_methods!();

    /// Registers a command with Discord when the bot starts, by `twilight_model`'s description of it.
    ///
    /// For commands without a handler of their own. When somebody uses one, it arrives as an
    /// [`InteractionCreate`](crate::prelude::InteractionCreate), which you answer with
    /// [`Context::reply`](crate::Context::reply).
    ///
    /// The bot compares its commands with those that Discord knows, and only if they differ registers all of them
    /// at once. A bot without commands changes nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    /// use cordial::twilight::model::application::command::{Command, CommandType};
    /// use cordial::twilight::model::id::Id;
    ///
    /// #[listener]
    /// async fn ping(ctx: &Context, _: &InteractionCreate) -> Result<()> {
    ///     ctx.reply("Pong!").await?;
    ///     Ok(())
    /// }
    ///
    /// # #[expect(deprecated, reason = "the field has no other way to be left out")]
    /// let command = Command {
    ///     name: "ping".to_owned(),
    ///     description: "Ask whether the bot is there.".to_owned(),
    ///     kind: CommandType::ChatInput,
    ///     options: Vec::new(),
    ///     application_id: None,
    ///     contexts: None,
    ///     default_member_permissions: None,
    ///     description_localizations: None,
    ///     dm_permission: None,
    ///     guild_id: None,
    ///     id: None,
    ///     integration_types: None,
    ///     name_localizations: None,
    ///     nsfw: None,
    ///     version: Id::new(1),
    /// };
    /// let bot = Bot::builder().register(command).add(handlers![ping]);
    /// ```
    pub fn register(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Registers the commands in one guild only, where they can be used at once.
    ///
    /// Commands that Discord already knows everywhere in the same form are not repeated there. Those that it
    /// knows in another form are shown there twice, in the old form and the new, until the bot runs without
    /// this setting.
    ///
    /// The guild keeps these commands until the bot runs for it again without them.
    pub fn development_guild(mut self, guild: Id<GuildMarker>) -> Self {
        self.development_guild = Some(guild);
        self
    }

    /// Names the owners of the bot, for handlers that are `owner_only`.
    ///
    /// Unless you name them, the bot asks Discord who owns its application.
    pub fn owners(mut self, owners: impl IntoIterator<Item = Id<UserMarker>>) -> Self {
        self.owners.extend(owners);
        self
    }

    /// Sets the presence with which all sessions of the bot begin: what people see beside its name.
    ///
    /// It lasts until a handler [sets](crate::Context::set_presence) another.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// let bot = Bot::builder().presence(Presence::online().listening_to("/help"));
    /// ```
    pub fn presence(mut self, presence: Presence) -> Self {
        self.presence = Some(presence);
        self
    }

    /// Sets the token.
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Asks for intents beyond those that the listeners need, such as
    /// [`MESSAGE_CONTENT`](Intents::MESSAGE_CONTENT).
    pub fn intents(mut self, more: Intents) -> Self {
        self.intents = match self.intents {
            IntentChoice::Derived { more: earlier } => IntentChoice::Derived {
                more: earlier | more,
            },
            IntentChoice::Only(earlier) => IntentChoice::Only(earlier | more),
        };
        self
    }

    /// Asks for these intents, whatever the listeners need.
    ///
    /// It is then a mistake if none of them brings a listener's event, or if an argument needs another.
    pub fn only_intents(mut self, intents: Intents) -> Self {
        self.intents = IntentChoice::Only(intents);
        self
    }

    /// Reads these events even if no listener takes them, for [observers](crate::outcome::Observer).
    pub fn wants(mut self, kinds: impl IntoIterator<Item = EventType>) -> Self {
        let more: EventKinds = kinds.into_iter().collect();
        self.wanted = match self.wanted {
            Wanted::Derived { more: earlier } => Wanted::Derived {
                more: earlier | more,
            },
            Wanted::Only(earlier) => Wanted::Only(earlier | more),
        };
        self
    }

    /// Reads only these events, whatever the listeners take.
    ///
    /// Meant for listeners of [`Event`](twilight_model::gateway::event::Event) that want only some events. A
    /// listener of any other event is then a mistake, and so is a handler that takes
    /// [`Waits`](crate::waiting::Waits) for one.
    pub fn only_wants(mut self, kinds: impl IntoIterator<Item = EventType>) -> Self {
        self.wanted = Wanted::Only(kinds.into_iter().collect());
        self
    }

    /// Connects to a proxy or a simulated Discord on this machine instead of to Discord.
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = Some(endpoints);
        self
    }

    /// Declares an exception of a crate that the linker might otherwise leave out with its derive.
    pub fn exception<E: Exception>(mut self) -> Self {
        self.declarations.push(Box::new(Lattice::declare::<E>));
        self
    }

    /// Declares that a `Sub` of another crate is-a `Base`, which is found inside it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// # #[derive(Debug, thiserror::Error)] #[error("")] struct Refused { cause: std::io::Error }
    /// let bot = Bot::builder().is_a(|refused: &Refused| Some(&refused.cause));
    /// ```
    pub fn is_a<Sub, Base>(
        mut self,
        base: impl Fn(&Sub) -> Option<&Base> + Send + Sync + 'static,
    ) -> Self
    where
        Sub: Error + Send + Sync + 'static,
        Base: Error + Send + Sync + 'static,
    {
        self.declarations
            .push(Box::new(|lattice| lattice.base(base)));
        self
    }

    /// Declares that an `Inner`, found inside an `Umbrella` of another crate, is-an `Umbrella`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// # #[derive(Debug, thiserror::Error)] #[error("")] enum Foreign { Io(std::io::Error) }
    /// let bot = Bot::builder().umbrella(|Foreign::Io(error)| Some(error));
    /// ```
    pub fn umbrella<Umbrella, Inner>(
        mut self,
        inner: impl Fn(&Umbrella) -> Option<&Inner> + Send + Sync + 'static,
    ) -> Self
    where
        Umbrella: Error + Send + Sync + 'static,
        Inner: Error + Send + Sync + 'static,
    {
        self.declarations
            .push(Box::new(|lattice| lattice.narrow(inner)));
        self
    }

    /// Sets the answer for somebody whose interaction failed and still waits for an answer, if no error handler
    /// handled the failure.
    ///
    /// Unless set, it is the message of a [`UserFacing`](crate::exception::UserFacing) error, and for other
    /// errors an apology with the failure's id. Only that person sees it. If the function returns `None`,
    /// cordial sends no answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// let bot = Bot::builder().apology(|ctx, failure| {
    ///     let text = match ctx.locale() {
    ///         "de" => format!("Das ging schief: {}", failure.id()),
    ///         _ => format!("That went wrong: {}", failure.id()),
    ///     };
    ///     Some(Reply::new(text).ephemeral())
    /// });
    /// ```
    pub fn apology(
        mut self,
        apology: impl Fn(&InteractionContext, &Failure) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        self.apology = Box::new(apology);
        self
    }

    /// Sets what happens when no error handler handles a failure: unless set, the bot logs it and goes on.
    pub fn unhandled(mut self, unhandled: Unhandled) -> Self {
        self.policy.unhandled = unhandled;
        self
    }

    /// Sets where shards run: each on a thread of its own, unless set.
    ///
    /// The simulator runs them on the runtime of the test, so that time can be virtual.
    pub fn shard_threads(mut self, threads: ShardThreads) -> Self {
        self.threads = threads;
        self
    }

    /// Loses no event while the bot restarts, by keeping its sessions in a store, such as a
    /// [`FileStore`](crate::bot::FileStore).
    ///
    /// The store also records which events the bot is done with. After a restart the bot receives the events
    /// that it missed, for as long as Discord remembers the session, which is a few minutes. An event is done
    /// when all its handlers have ended; tasks that they left running do not count. When the bot stops in the
    /// regular way, the store knows this of every event. If the process is killed, events that were not done,
    /// or were done within the last second, arrive again, so a handler may run twice for the same event.
    ///
    /// If the bot missed events all the same, error handlers receive a
    /// [`SessionLost`](crate::exception::SessionLost). If the store cannot be used, they receive a
    /// [`StoreFailed`](crate::exception::StoreFailed), and the bot runs as it would without one.
    ///
    /// A bot with a cache (feature `cache`) begins new sessions when it is restarted, store or not: a resumed
    /// session does not describe the guilds, and the cache would stay empty. With a store, error handlers
    /// receive a [`SessionLost`](crate::exception::SessionLost) for the gap.
    ///
    /// Without a store the bot ends its sessions when it stops, and never receives the events that happen until it
    /// starts again. After such a restart no `SessionLost` is reported.
    pub fn session_store(mut self, store: impl SessionStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Serves the health of the bot over HTTP while it runs, for supervisors and load balancers.
    ///
    /// | | | |
    /// |---|---|---|
    /// | `GET /healthz` | 200 | All shards have sessions, or had them less than the [tolerance](Self::health_tolerance) ago. |
    /// | | 503 | At least one has not. That is also so while the bot starts, until the last shard has a session, and once it stops. |
    /// | `GET /livez` | 200 | The runtime of the handlers makes progress, whatever the shards do. There is no other answer: if all its threads are blocked, it does not answer. |
    ///
    /// Restart a bot when `/livez` fails, never because of `/healthz` alone. A bot of many shards takes
    /// minutes to start, one that lost the gateway comes back by itself, and restarts cost sessions, of which
    /// Discord allows few a day. `/healthz` tells you when a bot is ready, and when somebody should look at
    /// it.
    ///
    /// The page of `/healthz` is JSON. It has `well`; for each of the `shards` its `id`, `well`, `state`,
    /// `inactive_ms`, `silence_ms`, `latency_ms`, `sequence` and `counts`, as in
    /// [`ShardHealth`](crate::health::ShardHealth); the `load`, as in [`Load`](crate::health::Load); and with
    /// the feature `cache`, for each resource in the `cache` its `entries` and `bytes`. It contains no
    /// tokens, and nothing that people wrote.
    ///
    /// Everybody who can reach the address can read the page, so choose one that only the right people can reach:
    /// `127.0.0.1:8080`, or `0.0.0.0:8080` in a container. With port 0 the system chooses a port, which
    /// [`Health::address`](crate::health::Health::address) returns.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::net::{Ipv4Addr, SocketAddr};
    ///
    /// use cordial::prelude::*;
    ///
    /// let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    /// let bot = Bot::builder().serve_health(address);
    /// ```
    pub fn serve_health(mut self, address: SocketAddr) -> Self {
        self.lookout.address = Some(address);
        self
    }

    /// Sets how long a shard may be without a session before the [served](Self::serve_health) health reports
    /// the bot as not well: a minute, unless set.
    ///
    /// Most shards that lose their session have one again within seconds.
    pub fn health_tolerance(mut self, tolerance: Duration) -> Self {
        self.lookout.tolerance = tolerance;
        self
    }

    /// Records the metrics that [`metrics`](crate::metrics) lists.
    ///
    /// They go to the recorder that your program has installed before the bot runs.
    #[cfg(feature = "metrics")]
    pub fn metrics(mut self) -> Self {
        self.lookout.is_recorded = true;
        self.observer(Arc::new(crate::metrics::Metrics::new()))
    }

    /// Adds an observer of every event, invocation and failure.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Leaves it to an observer to show unhandled failures.
    #[cfg(feature = "testing")]
    pub(crate) fn shows_failures(mut self, observer: Arc<dyn Observer>) -> Self {
        self.policy.shows_failures = true;
        self.observer(observer)
    }

    /// Builds the bot, and runs it as [`Bot::run`](crate::Bot::run) does.
    ///
    /// # Errors
    ///
    /// [`BuildError`](crate::BuildError), and what [`Bot::run`](crate::Bot::run) fails with.
    pub async fn run(self) -> Result<()> {
        self.build()?.run().await
    }

    /// Builds the bot, and runs it as [`Bot::run_until`](crate::Bot::run_until) does.
    ///
    /// # Errors
    ///
    /// [`BuildError`](crate::BuildError), and what [`Bot::run_until`](crate::Bot::run_until) fails with.
    pub async fn run_until(self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        self.build()?.run_until(shutdown).await
    }
}

impl fmt::Debug for BotBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotBuilder")
            .field("handlers", &self.group.handlers)
            .field("plugins", &self.group.plugins)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

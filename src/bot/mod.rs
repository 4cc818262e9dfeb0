//! Assembly: how you build a bot, how cordial checks it, and how it runs.

mod application;
mod assembly;
mod builder;
#[cfg(feature = "cache")]
mod caching;
mod command_group;
mod endpoints;
mod group;
mod interactions;
mod invite;
mod limits;
mod mistake;
mod plugin;
mod preflight;
mod registration;
mod run;
mod shutdown;
mod tasks;
mod token;
mod validate;
mod vigil;

pub use self::builder::BotBuilder;
pub use self::command_group::CommandGroup;
pub use self::endpoints::Endpoints;
pub use self::group::{Handlers, IntoHandlers};
pub use self::invite::Invite;
pub use self::mistake::{BuildError, Mistake};
pub use self::plugin::Plugin;
pub use self::preflight::{Finding, NotReady, Preflight, Severity};
pub use self::token::{Token, TokenError};
#[doc(inline)]
pub use crate::gateway::{FileStore, SessionStore, ShardThreads};

use std::fmt;
use std::future::Future;
#[cfg(feature = "testing")]
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;
use twilight_model::application::command::Command;
use twilight_model::gateway::Intents;
#[cfg(feature = "testing")]
use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

use crate::bot::assembly::Assembled;
use crate::bot::shutdown::Signals;
use crate::command::Plan;
use crate::context::{Scene, Shard};
use crate::error::ErrorHandlerInfo;
use crate::event::EventKinds;
use crate::failure::Result;
#[cfg(feature = "testing")]
use crate::gateway::Receiver;
use crate::health::Health;
use crate::http::Http;
use crate::meta::Meta;
use crate::outcome::Invocation;

/// A bot that is ready to run: `build()` has checked everything that can be checked before connecting.
///
/// # Examples
///
/// ```no_run
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn welcome(ctx: &Context, joined: &MemberAdd) -> Result<()> {
///     tracing::info!(user = %joined.user.id, "somebody joined");
///     Ok(())
/// }
///
/// #[tokio::main]
/// async fn main() -> Result<()> {
///     Bot::from_env()?.add(handlers![welcome]).run().await
/// }
/// ```
pub struct Bot {
    assembled: Assembled,
    http: Mutex<Option<Http>>,
}

impl Bot {
    fn new(assembled: Assembled) -> Self {
        Self {
            assembled,
            http: Mutex::default(),
        }
    }

    /// Starts building a bot.
    pub fn builder() -> BotBuilder {
        BotBuilder::new()
    }

    /// Starts building a bot with the token in the environment variable `DISCORD_TOKEN`.
    ///
    /// Surrounding white space and a leading `Bot ` are dropped.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if the variable is missing or holds no token. The error never shows the value.
    pub fn from_env() -> std::result::Result<BotBuilder, TokenError> {
        Ok(BotBuilder::new().token(Token::from_env()?))
    }

    /// Returns the intents that the bot asks for.
    #[must_use]
    pub fn intents(&self) -> Intents {
        self.assembled.intents
    }

    /// Returns the events that the bot reads. All others are dropped unread.
    #[must_use]
    pub fn wanted(&self) -> EventKinds {
        let dispatcher = &self.assembled.dispatcher;
        dispatcher.wanted() | dispatcher.viewed()
    }

    /// Returns a handle to the bot's health while it runs.
    #[must_use]
    pub fn health(&self) -> Health {
        self.assembled.dispatcher.engine.health.clone()
    }

    /// Lists the listeners, in the order they were added.
    pub fn listeners(&self) -> impl Iterator<Item = &Meta> {
        self.assembled
            .listeners
            .iter()
            .map(|listener| &listener.meta)
    }

    /// Lists the tasks, in the order they were added.
    pub fn tasks(&self) -> impl Iterator<Item = &Meta> {
        self.assembled.tasks.metas()
    }

    /// Lists the commands, as the bot registers them with Discord.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.assembled.registration.commands
    }

    /// Returns the link with which people add the bot to a guild.
    ///
    /// It asks for the permissions that checks require of the bot and those that replies need. Set others with
    /// [`Invite::permissions`], which replaces these.
    ///
    /// `application` is the application's id. [`check`](Self::check) finds it out by itself, and every interaction
    /// carries it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    /// use cordial::twilight::model::id::Id;
    ///
    /// # fn main() -> Result<()> {
    /// let bot = Bot::builder().build()?;
    ///
    /// println!("{}", bot.invite(Id::new(123)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn invite(&self, application: Id<ApplicationMarker>) -> Invite {
        preflight::link(&self.assembled, application)
    }

    /// Compares the commands that Discord knows with those that the bot would register, and changes nothing.
    ///
    /// The bot does the same when it runs, before it registers them.
    ///
    /// # Errors
    ///
    /// Discord's error, if it answers with one, and [`InsecureTransport`](crate::exception::InsecureTransport) if
    /// the request would send the token in plain text.
    pub async fn plan(&self) -> Result<Plan> {
        let (registration, http) = (&self.assembled.registration, self.http()?);
        if registration.commands.is_empty() {
            return Ok(Plan::default());
        }
        let application = application::application(&self.assembled, &http).await?;
        registration.plan(&http, &application).await
    }

    /// Checks whether the bot can work, without connecting or changing anything.
    ///
    /// It asks Discord about the application, the gateway and the commands, and lists what would stop the bot or
    /// would not work. [`run`](Self::run) makes the same checks on what it has to ask for anyway, and logs the
    /// findings.
    ///
    /// # Examples
    ///
    /// In a test, with a bot on the simulated Discord:
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use cordial::prelude::*;
    /// use cordial::testing::Simulator;
    ///
    /// #[listener]
    /// async fn greets(_: &Context, _: &MemberAdd) {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
    /// let sim = Simulator::builder(Bot::builder()).refuse_privileged_intents().start().await;
    /// let bot = sim.beside(Bot::builder().add(handlers![greets])).build()?;
    ///
    /// let preflight = bot.check().await?;
    ///
    /// assert!(!preflight.is_ready());
    /// assert_eq!(preflight.findings()[0].code(), "intent_off");
    /// # Ok(()) } main().unwrap();
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InsecureTransport`](crate::exception::InsecureTransport) and
    /// [`NoTransport`](crate::exception::NoTransport), if no request can be sent. Errors that Discord answers with
    /// become a [`Finding`].
    pub async fn check(&self) -> Result<Preflight> {
        preflight::check(&self.assembled, || self.http()).await
    }

    /// Lists the error handlers, innermost level first.
    ///
    /// Within a level they are in the order in which they would be asked about a failure that is of all their
    /// types.
    #[must_use]
    pub fn error_handlers(&self) -> Vec<ErrorHandlerInfo> {
        let lattice = &self.assembled.dispatcher.engine.resolver.lattice;
        let registries = self.assembled.registries.iter();
        registries
            .rev()
            .flat_map(|registry| registry.list(lattice))
            .collect()
    }

    /// Hands an event to the bot as if it had just arrived, and waits until every listener has ended.
    ///
    /// By then the listeners' failures are settled, too. Tasks that they left running may run on.
    ///
    /// The event starts at once, however many events are being handled, and in no order with others.
    ///
    /// Use this for events that do not come from Discord's gateway, and for benchmarks. It opens no connection to
    /// the gateway, but requests that handlers make still go to Discord, unless you set other
    /// [`endpoints`](BotBuilder::endpoints).
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`InsecureTransport`](crate::exception::InsecureTransport) if requests of handlers would send the token in
    /// plain text, and [`NoTransport`](crate::exception::NoTransport) if this machine cannot send any.
    pub async fn dispatch(&self, event: Event) -> Result<Vec<Invocation>> {
        let surroundings = Scene::new(Shard::apart(), 0, self.http()?);
        let invocations = self.assembled.dispatcher.dispatch(event, surroundings);
        let ended = join_all(invocations).await;
        // A task of ours neither panics nor is it aborted.
        Ok(ended
            .into_iter()
            .filter_map(std::result::Result::ok)
            .collect())
    }

    /// Prepares to take in what a shard brings that is not connected.
    #[cfg(feature = "testing")]
    pub(crate) fn receiver(&self, shard: ShardId) -> Result<Receiver> {
        let dispatcher = Arc::clone(&self.assembled.dispatcher);
        let vitals = dispatcher.engine.health.watch(shard);
        Ok(Receiver::new(vitals, self.http()?, dispatcher, None))
    }

    /// Returns what carries requests for events that did not come from the gateway, made once for a
    /// runtime.
    fn http(&self) -> Result<Http> {
        let mut kept = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(http) = kept.as_ref().filter(|http| !http.is_closed()) {
            return Ok(http.clone());
        }
        let http = run::http(&self.assembled)?;
        Ok(kept.insert(http).clone())
    }

    /// Runs until the process is told to stop, by SIGINT (Ctrl+C) or SIGTERM.
    ///
    /// On Windows that is Ctrl+C, or closing the console. A second signal ends the grace at once.
    ///
    /// # Threads that are blocked
    ///
    /// cordial cannot cut off a handler that blocks its thread. It logs this, and `run` returns nevertheless;
    /// but a tokio runtime waits for its blocked threads when it is dropped, as at the end of
    /// `#[tokio::main]`. If your handlers may call something that blocks for ever, end the process without
    /// waiting:
    ///
    /// ```no_run
    /// use cordial::prelude::*;
    ///
    /// fn main() -> Result<()> {
    ///     let runtime = tokio::runtime::Runtime::new()?;
    ///     let ended = runtime.block_on(Bot::from_env()?.run());
    ///     runtime.shutdown_background();
    ///     ended
    /// }
    /// ```
    ///
    /// Calling `std::process::exit` after `run` has the same effect. If all threads of a runtime are blocked (on a
    /// machine with one processor there is only one), the bot cannot notice a signal. Put blocking code into
    /// `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    ///
    /// As [`run_until`](Self::run_until).
    ///
    /// # Cancel safety
    ///
    /// As [`run_until`](Self::run_until).
    pub async fn run(self) -> Result<()> {
        let signals = Signals::listen();
        run::run(
            self.assembled,
            signals.stop.cancelled(),
            signals.hurry.clone(),
        )
        .await
    }

    /// Runs until the future `shutdown` completes, or the bot cannot go on.
    ///
    /// Then the bot takes no more events, and starts no more scheduled tasks. Running handlers may finish
    /// within the [grace](BotBuilder::grace), and so may those of waiting events. Handlers that still run
    /// after that are cut off: error handlers get a [`Cancelled`](crate::exception::Cancelled) for each, and
    /// an [`Overloaded`](crate::exception::Overloaded) for the events that still waited. With a
    /// [store](BotBuilder::session_store), those events are left to the next run instead.
    ///
    /// # Errors
    ///
    /// - Discord's error, if the bot could not start, such as
    ///   [`Unauthorized`](crate::exception::Unauthorized) for a wrong token.
    /// - A [`ConnectionClosed`](crate::exception::ConnectionClosed) that is final, such as
    ///   [`DisallowedIntents`](crate::exception::DisallowedIntents), which the bot mostly finds out before it
    ///   connects.
    /// - [`InsecureTransport`](crate::exception::InsecureTransport), if the token would have to be
    ///   sent in plain text.
    /// - [`AddressUnavailable`](crate::exception::AddressUnavailable), if the bot cannot listen on the
    ///   address where it is to [serve](BotBuilder::serve_health) its health.
    /// - The failure that no error handler handled, with [`Unhandled::Shutdown`](crate::error::Unhandled).
    ///
    /// # Cancel safety
    ///
    /// If you drop the future, the bot ends at once: connections are dropped, and handlers and error handlers are
    /// cut off. What they leave undone is logged.
    pub async fn run_until(self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        run::run(self.assembled, shutdown, CancellationToken::new()).await
    }
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot")
            .field("intents", &self.intents())
            .field("listeners", &self.listeners().collect::<Vec<_>>())
            .field("tasks", &self.tasks().collect::<Vec<_>>())
            .field("error_handlers", &self.error_handlers())
            .finish_non_exhaustive()
    }
}

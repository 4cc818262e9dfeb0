//! Assembly: what an author builds a bot from, what is checked of it, and how it runs.

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

/// A bot that is ready to run: everything that can be checked before connecting has been.
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
    /// White space around it and a leading `Bot ` are dropped.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if the variable is missing or holds no token. It never shows the value.
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

    /// Returns what tells how the bot is while it runs.
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

    /// Lists the commands, as Discord is told of them.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.assembled.registration.commands
    }

    /// Returns the link by which people let the bot into a guild, with the permissions that it needs there:
    /// those that its checks name as its own, and what replies need. What else it needs is added with
    /// [`Invite::permissions`].
    ///
    /// The id is that of the application, which [`check`](Self::check) finds out by itself, and which every
    /// interaction has.
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

    /// Compares the commands that Discord knows with those that it would be told of, which is done when
    /// the bot runs. Nothing is changed.
    ///
    /// # Errors
    ///
    /// What Discord answers instead, and [`InsecureTransport`](crate::exception::InsecureTransport) if asking it would send the token in
    /// plain text.
    pub async fn plan(&self) -> Result<Plan> {
        let (registration, http) = (&self.assembled.registration, self.http()?);
        if registration.commands.is_empty() {
            return Ok(Plan::default());
        }
        let application = application::application(&self.assembled, &http).await?;
        registration.plan(&http, &application).await
    }

    /// Looks whether the bot can work, before it connects: asks Discord what it says of the application,
    /// of the gateway and of the commands, and finds what would stop the bot, or not work. Nothing is
    /// changed.
    ///
    /// [`run`](Self::run) looks at the same, as far as it asks anyway, and logs it.
    ///
    /// # Examples
    ///
    /// In a test, of a bot on the simulated Discord:
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
    /// [`NoTransport`](crate::exception::NoTransport), if nothing can be asked. What Discord answers
    /// instead of what it is asked for is a [`Finding`].
    pub async fn check(&self) -> Result<Preflight> {
        preflight::check(&self.assembled, || self.http()).await
    }

    /// Lists the error handlers: by level, the innermost first, and in each in the order they would
    /// be asked about a failure that is all of their types.
    #[must_use]
    pub fn error_handlers(&self) -> Vec<ErrorHandlerInfo> {
        let lattice = &self.assembled.dispatcher.engine.resolver.lattice;
        let registries = self.assembled.registries.iter();
        registries
            .rev()
            .flat_map(|registry| registry.list(lattice))
            .collect()
    }

    /// Hands an event to the bot as if it had just arrived, and waits until every listener has ended
    /// and its failures are settled. Tasks that they left running may run on.
    ///
    /// It is started at once, however many events are in hand, and in no order with others.
    ///
    /// For events from elsewhere than Discord's gateway, and for measuring. Nothing is connected;
    /// requests that handlers make go to Discord all the same, unless there are other
    /// [`endpoints`](BotBuilder::endpoints).
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`InsecureTransport`](crate::exception::InsecureTransport) if requests of the handlers would send the token in plain text, and
    /// [`NoTransport`](crate::exception::NoTransport) if this machine cannot send any.
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

    /// Runs until the process is told to stop, by SIGINT (Ctrl+C) or SIGTERM. Told again, it
    /// forgoes the grace.
    ///
    /// # Threads that are blocked
    ///
    /// A handler that blocks its thread cannot be cut off. The log says so, and this returns nevertheless;
    /// but a runtime of tokio waits for its threads when it is dropped, which is how `#[tokio::main]` ends.
    /// Who calls what may block for ever lets the process end without them:
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
    /// `std::process::exit` after this does so, too. Where all threads of a runtime are blocked, and a
    /// machine with one processor has one, nothing hears of a signal: what blocks belongs into
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

    /// Runs until a future ends, or the bot cannot go on.
    ///
    /// Then no more events are taken, and no task begins by the clock. Handlers that are running may finish within the
    /// [grace](BotBuilder::grace), and so may those of events that wait; those still running then are cut
    /// off, each with a [`Cancelled`](crate::exception::Cancelled) for the error handlers, and an
    /// [`Overloaded`](crate::exception::Overloaded) tells them of the events that still waited.
    ///
    /// # Errors
    ///
    /// - What Discord answered, if the bot could not start, such as
    ///   [`Unauthorized`](crate::exception::Unauthorized) for a wrong token.
    /// - A [`ConnectionClosed`](crate::exception::ConnectionClosed) that is final, such as
    ///   [`DisallowedIntents`](crate::exception::DisallowedIntents), which is mostly known before it
    ///   connects.
    /// - [`InsecureTransport`](crate::exception::InsecureTransport), if the token would have to be
    ///   sent in plain text.
    /// - [`AddressUnavailable`](crate::exception::AddressUnavailable), if its health cannot be
    ///   [served](BotBuilder::serve_health) where it is to be.
    /// - The failure that nobody handled, with [`Unhandled::Shutdown`](crate::error::Unhandled).
    ///
    /// # Cancel safety
    ///
    /// Dropped before it ends, the bot ends at once: connections are broken off, and handlers and
    /// error handlers cut off. What they leave is logged.
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

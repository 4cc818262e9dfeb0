//! What a handler can access: the event, Discord's HTTP interface, shared state, and its own identity.

#[cfg(feature = "cache")]
mod cache;
mod claims;
mod fleet;
mod outbox;
mod owners;
mod presence;
mod reply;
mod shard;
mod spawn;
mod state;
mod watchers;

pub use self::presence::Presence;
pub use self::reply::NoChannel;
pub use self::shard::{NotSent, Shard};

pub(crate) use self::claims::Claims;
pub(crate) use self::fleet::Fleet;
pub(crate) use self::outbox::Outbox;
pub(crate) use self::owners::Owners;
pub(crate) use self::shard::written;
pub(crate) use self::spawn::{Home, Task};
pub(crate) use self::state::StateMap;
pub(crate) use self::watchers::{Brought, Watched, Watcher, Watchers, Watching};

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use twilight_http::Client;
use twilight_model::gateway::event::Event;

use crate::answer::Responder;
use crate::event::{Changes, Occurrence};
use crate::failure::Failure;
use crate::health::Health;
use crate::http::Http;
use crate::meta::Meta;

/// What one invocation of a handler can access. Every handler takes it first, as `ctx`.
///
/// Cheap to clone, for tasks that outlive the handler: see [`spawn`](Self::spawn).
#[derive(Clone)]
pub struct Context {
    pub(crate) scene: Arc<Scene>,
    pub(crate) home: Arc<dyn Home>,
    pub(crate) handler: Meta,
    pub(crate) attempt: u32,
    /// Where the error handler stands, if this is its context.
    pub(crate) stand: Option<Arc<Stand>>,
    /// What the handler runs for, if this is the context of an event that it waited for.
    pub(crate) origin: Option<Arc<Scene>>,
}

/// Where an error handler stands: outside of the handler that failed.
pub(crate) struct Stand {
    /// The state that it sees: that of its own level.
    pub(crate) states: Arc<StateMap>,
    /// The innermost level that is asked about failures of its tasks: the next one outside its own.
    pub(crate) outside: usize,
    /// The failure that it was asked about.
    pub(crate) during: Failure,
}

/// What all invocations for one event have in common.
#[derive(Clone)]
pub(crate) struct Scene {
    /// What happened; `None` if the connection failed.
    pub(crate) occurrence: Option<Occurrence>,
    pub(crate) shard: Shard,
    /// The event's number in its session.
    pub(crate) sequence: u64,
    /// Whether it arrives late, because it was missed before.
    pub(crate) is_replayed: bool,
    pub(crate) http: Http,
    /// Answers the interaction that the event is.
    pub(crate) responder: Option<Arc<Responder>>,
    /// The interactions that its handlers have waited for.
    pub(crate) claims: Claims,
}

impl Scene {
    /// Makes the surroundings of something that happened.
    pub(crate) fn new(shard: Shard, sequence: u64, http: Http) -> Self {
        Self {
            occurrence: None,
            shard,
            sequence,
            is_replayed: false,
            http,
            responder: None,
            claims: Claims::default(),
        }
    }

    /// Puts an event into its surroundings.
    pub(crate) fn with_event(self, mut event: Event) -> Self {
        let responder = match &mut event {
            Event::InteractionCreate(interaction) => {
                self.http.take_in(interaction);
                let before = if self.is_replayed {
                    self.http.age(interaction.id.get())
                } else {
                    Duration::ZERO
                };
                let responder = Responder::new(interaction, self.http.clone(), before);
                Some(Arc::new(responder))
            }
            _ => None,
        };
        Self {
            occurrence: Some(Occurrence::Event(Arc::new(event))),
            responder,
            ..self
        }
    }

    /// Puts what an event changed in the cache beside it.
    pub(crate) fn with_changes(self, changes: Changes) -> Self {
        Self {
            occurrence: self.occurrence.map(|event| changes.beside(event)),
            ..self
        }
    }
}

impl Context {
    /// Returns what happened; `None` for a failure of the connection itself.
    #[must_use]
    pub fn occurrence(&self) -> Option<&Occurrence> {
        self.scene.occurrence.as_ref()
    }

    /// Returns the event, if it is one of Discord's; `None` for a failure of the connection itself.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        self.shared_event().map(|event| &**event)
    }

    /// Returns the event, in an `Arc` that you can keep.
    #[must_use]
    pub fn shared_event(&self) -> Option<&Arc<Event>> {
        self.occurrence()?.event()
    }

    /// Returns the client for Discord's HTTP interface.
    #[must_use]
    pub fn http(&self) -> &Client {
        self.scene.http.client()
    }

    /// Returns the client for Discord's HTTP interface, in an `Arc` that you can keep.
    #[must_use]
    pub fn shared_http(&self) -> &Arc<Client> {
        self.scene.http.client()
    }

    /// Returns the responder that answers the interaction, if the event is one.
    #[must_use]
    pub fn responder(&self) -> Option<&Responder> {
        self.scene.responder.as_deref()
    }

    /// Returns the shard that received the event.
    #[must_use]
    pub fn shard(&self) -> &Shard {
        &self.scene.shard
    }

    /// Returns the current time: the machine's on Discord, the simulated Discord's in the simulator.
    ///
    /// Simulated time starts when `SimulatorBuilder::begins_at` says, and then follows tokio's clock. So you can
    /// test a bot that stores dates without waiting, and every run of a test sees the same dates. On Discord, ids
    /// and messages have Discord's own time, which may differ from the machine's.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use cordial::prelude::*;
    ///
    /// /// When reminders are due.
    /// type Due = std::sync::Mutex<Vec<SystemTime>>;
    ///
    /// #[listener]
    /// async fn remind(ctx: &Context, _: &MessageCreate, due: State<Due>) {
    ///     let tomorrow = ctx.now() + Duration::from_secs(24 * 60 * 60);
    ///     due.lock().unwrap().push(tomorrow);
    /// }
    ///
    /// #[task(every = "1m")]
    /// async fn look(ctx: &Context, due: State<Due>) {
    ///     due.lock().unwrap().retain(|due| *due > ctx.now());
    /// }
    /// ```
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.home.now()
    }

    /// Returns the bot's health: what its shards are doing, and what they have done so far.
    #[must_use]
    pub fn health(&self) -> &Health {
        self.home.health()
    }

    /// Returns the state of type `T` that the nearest enclosing plugin shares, or else the bot.
    ///
    /// If you take [`State<T>`](crate::extract::State) as an argument instead, `build()` checks that there is one.
    #[must_use]
    pub fn state<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.states().get()
    }

    /// Returns the state that the owner of the context sees.
    pub(crate) fn states(&self) -> &StateMap {
        match &self.stand {
            Some(stand) => &stand.states,
            None => self.home.states(),
        }
    }

    /// Returns what the handler runs for, even if this is the context of an event that it waited for.
    pub(crate) fn origin(&self) -> &Arc<Scene> {
        self.origin.as_ref().unwrap_or(&self.scene)
    }

    /// Makes the context of something that the handler waited for.
    pub(crate) fn awaited(&self, scene: Arc<Scene>) -> Self {
        Self {
            scene,
            origin: Some(Arc::clone(self.origin())),
            ..self.clone()
        }
    }

    /// Returns the running handler, or in an error handler the handler that failed.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        &self.handler
    }

    /// Returns the number of this run of the handler for this event, counted from 1; in an error handler, of
    /// the run that failed.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("event", &self.occurrence())
            .field("shard", &self.shard().id())
            .field("handler", &self.handler)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

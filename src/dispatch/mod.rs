//! Who meets whom: an event and the listeners that asked for it, a failure and its error handlers.

mod conduct;
mod engine;
mod interactions;
mod invoke;
mod listener;
mod route;

pub use self::listener::{IntoListener, Listener, ViaBuiltListener, ViaListenerFn};

pub(crate) use self::conduct::Conduct;
pub(crate) use self::engine::{Apology, Engine, Policy};
pub(crate) use self::interactions::Interactions;
pub(crate) use self::listener::EventNeed;
#[doc(hidden)]
pub use self::listener::generated;
pub(crate) use self::route::{Route, Routes, Wanted};

use std::sync::Arc;

use tokio::task::JoinHandle;
use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::{Event, EventType};

use crate::context::Scene;
use crate::event::{EventKinds, Occurrence};
use crate::failure::Failure;
use crate::outcome::Invocation;

/// What is held for as long as an event is in hand, by whoever wants to know how long that is. The last
/// clone is dropped when the event is done.
pub(crate) type Hold = Option<Arc<dyn Send + Sync>>;

/// Hands events to listeners, and failures to error handlers.
pub(crate) struct Dispatcher {
    pub(crate) engine: Arc<Engine>,
    routes: Routes,
    interactions: Interactions,
    /// Where failures of the connection are settled.
    connection: Arc<Route>,
}

impl Dispatcher {
    pub(crate) fn new(
        engine: Arc<Engine>,
        routes: Routes,
        interactions: Interactions,
        connection: Arc<Route>,
    ) -> Self {
        Self {
            engine,
            routes,
            interactions,
            connection,
        }
    }

    /// Returns the events that are to be read.
    pub(crate) fn wanted(&self) -> EventKinds {
        self.routes.wanted() | self.interactions.wanted()
    }

    /// Starts an invocation of every listener that wants the event, each on its own, and of the one
    /// handler that an interaction is for.
    pub(crate) fn dispatch(
        &self,
        event: Event,
        surroundings: Scene,
    ) -> Vec<JoinHandle<Invocation>> {
        self.start(surroundings.with_event(event), &None)
    }

    /// Does so for an event of the gateway, and lets go of what is held once all invocations have ended,
    /// if not the tasks that they left.
    pub(crate) fn deliver(&self, event: Event, surroundings: Scene, hold: &Hold) {
        drop(self.start(surroundings.with_event(event), hold));
    }

    /// Does so for something that is no event of Discord's, or none that can be read.
    pub(crate) fn tell(&self, occurrence: Occurrence, mut surroundings: Scene, hold: &Hold) {
        surroundings.occurrence = Some(occurrence);
        drop(self.start(surroundings, hold));
    }

    fn start(&self, scene: Scene, hold: &Hold) -> Vec<JoinHandle<Invocation>> {
        let Some(occurrence) = &scene.occurrence else {
            return Vec::new();
        };
        let event = occurrence.event();
        let mut handlers: Vec<_> = self.routes.matching(occurrence).collect();
        if let Some(Event::InteractionCreate(interaction)) = event.map(|event| &**event) {
            handlers.extend(self.interactions.find(interaction));
        }
        let shard = scene.shard.id();
        self.engine.observe(|observer| {
            if let Some(event) = event {
                observer.received(shard, event);
            }
            let kind = event.map(|event| event.kind());
            observer.dispatched(shard, scene.sequence, kind, handlers.len());
        });
        let scene = Arc::new(scene);
        let start = |route: &Arc<Route>| {
            let invocation = Arc::clone(route).invoke(Arc::clone(&scene), hold.clone());
            self.engine.tasks.spawn(invocation)
        };
        handlers.into_iter().map(start).collect()
    }

    /// Notes that an event came that nobody wants.
    pub(crate) fn skip(&self, kind: Option<EventType>, shard: ShardId, sequence: u64) {
        self.engine
            .observe(|observer| observer.dispatched(shard, sequence, kind, 0));
    }

    /// Settles a failure of the connection, of which no listener is to blame.
    pub(crate) fn connection_failed(&self, failure: Failure, surroundings: Scene) {
        self.deliver_failure(failure, surroundings, None);
    }

    /// Does so for a failure that stands for an event.
    pub(crate) fn deliver_failure(&self, failure: Failure, surroundings: Scene, hold: Hold) {
        let (shard, sequence) = (surroundings.shard.id(), surroundings.sequence);
        self.engine
            .observe(|observer| observer.dispatched(shard, sequence, None, 1));
        let route = Arc::clone(&self.connection);
        let ctx = route.context(Arc::new(surroundings));
        let failure = failure.in_handler(ctx.handler());
        self.engine
            .tasks
            .spawn(async move { route.settle_connection(failure, ctx, hold).await });
    }
}

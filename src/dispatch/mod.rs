//! Dispatch: events go to the listeners that want them, and failures to their error handlers.

mod conduct;
mod deliver;
mod engine;
mod fresh;
mod intake;
mod interactions;
mod invoke;
mod keep;
mod listener;
mod pace;
mod route;
mod unread;

pub use self::intake::{Order, Shed};
pub use self::listener::{IntoListener, Listener, ViaBuiltListener, ViaListenerFn};

pub(crate) use self::conduct::Conduct;
pub(crate) use self::engine::{Apology, Engine, Policy};
pub(crate) use self::fresh::{Fresh, Ready};
pub(crate) use self::intake::Rules;
pub(crate) use self::interactions::Interactions;
pub(crate) use self::listener::EventNeed;
#[doc(hidden)]
pub use self::listener::{generated, generated_view};
pub(crate) use self::pace::Pace;
pub(crate) use self::route::{Route, Routes, Wanted};
pub(crate) use self::unread::{Queued, Unread};

use std::sync::Arc;

use tokio::task::JoinHandle;
use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::{Event, EventType};

use crate::context::Scene;
use crate::dispatch::intake::Intake;
use crate::event::EventKinds;
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
    intake: Intake,
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
            intake: Intake::new(Rules::default()),
        }
    }

    /// Sets how much is in hand and waits.
    pub(crate) fn within(self, rules: Rules) -> Self {
        Self {
            intake: Intake::new(rules),
            ..self
        }
    }

    /// Returns the events that are to be read as a whole.
    pub(crate) fn wanted(&self) -> EventKinds {
        let handlers = self.routes.wanted() | self.interactions.wanted();
        handlers | self.engine.watchers.whole() | self.kept()
    }

    /// Returns the events of which parts are to be read.
    pub(crate) fn viewed(&self) -> EventKinds {
        self.routes.viewed() | self.engine.watchers.views()
    }

    /// Starts an invocation of every listener that wants the event, each on its own, and of the one
    /// handler that an interaction is for: at once, however much is in hand.
    pub(crate) fn dispatch(
        &self,
        event: Event,
        surroundings: Scene,
    ) -> Vec<JoinHandle<Invocation>> {
        let changes = self.keep(&event, surroundings.shard.id());
        let scene = surroundings.with_event(event).with_changes(changes);
        let (handlers, scene) = self.find(scene, false);
        self.engine.announce(&scene, handlers.len());
        self.start(handlers, &scene, &None).collect()
    }

    /// Finds the handlers of what happened, and shows it to those who wait for it within handlers, unless
    /// they have been shown it.
    fn find(&self, scene: Scene, is_shown: bool) -> (Vec<Arc<Route>>, Arc<Scene>) {
        let scene = Arc::new(scene);
        let Some(occurrence) = &scene.occurrence else {
            return (Vec::new(), scene);
        };
        let mut handlers: Vec<_> = self.routes.matching(occurrence).cloned().collect();
        if !is_shown {
            self.engine.watchers.show(&scene);
        }
        let event = occurrence.known_event();
        if let Some(Event::InteractionCreate(interaction)) = event.map(|event| &**event) {
            let handler = self.interactions.find(interaction);
            let handler = handler.or_else(|| {
                let is_claimed = self.engine.watchers.claim(&scene);
                self.interactions.unknown.as_ref().filter(|_| !is_claimed)
            });
            handlers.extend(handler.cloned());
        }
        (handlers, scene)
    }

    /// Starts an invocation by each handler, which lets go of what is held once it has ended.
    fn start<'a>(
        &'a self,
        handlers: impl IntoIterator<Item = Arc<Route>> + 'a,
        scene: &'a Arc<Scene>,
        hold: &'a Hold,
    ) -> impl Iterator<Item = JoinHandle<Invocation>> + 'a {
        handlers.into_iter().map(|route| {
            let invocation = route.invoke(Arc::clone(scene), hold.clone(), true);
            self.engine.tasks.spawn(invocation)
        })
    }

    /// Takes an event from a shard, in the order in which events come: the cache takes it in, and it joins
    /// those that it comes after. Nothing of the author's is run for that.
    pub(crate) fn meet(&self, unread: Unread) -> Fresh {
        let unread = unread.keep();
        if self.intake.is_in_order(unread.kind) && self.routes.has(unread.kind) {
            Fresh::Queued(unread.postpone())
        } else {
            Fresh::Unread(unread)
        }
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

//! From an event to the listeners that want it, each with the error handlers and the state around it.

use std::sync::Arc;

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::{Event, EventType};

use crate::context::{Context, StateMap};
use crate::dispatch::Engine;
use crate::dispatch::listener::{Call, EventNeed};
use crate::error::Registry;
use crate::event::EventKinds;
use crate::failure::Failure;
use crate::handler::{BoxFuture, TimeLimit};
use crate::meta::{HandlerKind, Meta};

/// A listener in its place.
pub(crate) struct Route {
    pub(crate) meta: Meta,
    pub(crate) time: TimeLimit,
    pub(crate) event: EventNeed,
    /// What the event and the extractors need.
    pub(crate) intents: Intents,
    pub(crate) call: Box<dyn Call>,
    /// Who answers its failures, innermost first.
    pub(crate) levels: Vec<Arc<Registry>>,
    pub(crate) states: Arc<StateMap>,
    pub(crate) engine: Arc<Engine>,
}

impl Route {
    /// Makes the place where failures of the connection are settled: that of a listener of the bot,
    /// for an event that never comes.
    pub(crate) fn of_connection(
        levels: Vec<Arc<Registry>>,
        states: Arc<StateMap>,
        engine: &Arc<Engine>,
    ) -> Arc<Self> {
        Arc::new(Self {
            meta: Meta::new(HandlerKind::Gateway, "gateway", None),
            time: TimeLimit::None,
            event: EventNeed::nothing(),
            intents: Intents::empty(),
            call: Box::new(Nothing),
            levels,
            states,
            engine: Arc::clone(engine),
        })
    }
}

/// Does nothing.
struct Nothing;

impl Call for Nothing {
    fn call<'a>(&'a self, _: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}

/// The listeners of a bot, by the events that they want.
#[derive(Default)]
pub(crate) struct Routes {
    by_kind: Vec<Vec<Arc<Route>>>,
    wanted: EventKinds,
}

impl Routes {
    pub(crate) fn new(routes: impl IntoIterator<Item = Arc<Route>>, extra: EventKinds) -> Self {
        let mut all = Self {
            by_kind: Vec::new(),
            wanted: extra,
        };
        for route in routes {
            all.wanted = all.wanted | route.event.kinds;
            for kind in route.event.kinds.iter() {
                all.of_kind_mut(kind).push(Arc::clone(&route));
            }
        }
        all
    }

    pub(crate) fn wanted(&self) -> EventKinds {
        self.wanted
    }

    /// Returns the listeners that want an event.
    pub(crate) fn matching(&self, event: &Event) -> impl Iterator<Item = &Arc<Route>> {
        let of_kind = self
            .by_kind
            .get(event.kind() as usize)
            .map_or(&[][..], Vec::as_slice);
        of_kind
            .iter()
            .filter(move |route| (route.event.matches)(event))
    }

    fn of_kind_mut(&mut self, kind: EventType) -> &mut Vec<Arc<Route>> {
        let index = kind as usize;
        if self.by_kind.len() <= index {
            self.by_kind.resize_with(index + 1, Vec::new);
        }
        &mut self.by_kind[index]
    }
}

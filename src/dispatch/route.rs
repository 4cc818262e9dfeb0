//! Routes from events to the listeners that want them, with the error handlers and the state around each.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::EventType;

use crate::check::Checks;
use crate::command::Defer;
use crate::context::{Context, StateMap};
use crate::dispatch::interactions::Unknown;
use crate::dispatch::listener::EventNeed;
use crate::dispatch::{Conduct, Engine, Pace};
use crate::error::Registry;
use crate::event::{EventKinds, Occurrence};
use crate::failure::Failure;
use crate::handler::{BoxFuture, Call, TimeLimit};
use crate::meta::{HandlerKind, Meta};

/// A listener with its surroundings.
pub(crate) struct Route {
    pub(crate) meta: Meta,
    pub(crate) time: TimeLimit,
    pub(crate) event: EventNeed,
    /// The intents that arguments need, beyond those that bring the event.
    pub(crate) more_intents: Intents,
    pub(crate) call: Box<dyn Call>,
    /// The levels that answer its failures, innermost first.
    pub(crate) levels: Vec<Arc<Registry>>,
    pub(crate) states: Arc<StateMap>,
    pub(crate) engine: Arc<Engine>,
    /// What cuts it off.
    pub(crate) stop: CancellationToken,
    /// How it treats people, if it handles interactions.
    pub(crate) conduct: Option<Conduct>,
    pub(crate) pace: Pace,
}

impl Route {
    /// Returns the intents that are asked for on its behalf.
    pub(crate) fn intents(&self) -> Intents {
        self.event.intents | self.more_intents
    }

    /// Returns whether the listener is for an event. If the author's type that decides this panics, it is:
    /// the handler asks it again, and then fails with the panic.
    fn takes(&self, occurrence: &Occurrence) -> bool {
        let asked = catch_unwind(AssertUnwindSafe(|| (self.event.matches)(occurrence)));
        asked.unwrap_or_else(|payload| {
            // Its destructor may panic in turn.
            std::mem::forget(payload);
            true
        })
    }

    /// Makes the route of failures of the connection: that of a listener of the bot, for an event that never
    /// arrives.
    pub(crate) fn of_connection(
        levels: Vec<Arc<Registry>>,
        states: Arc<StateMap>,
        engine: &Arc<Engine>,
    ) -> Arc<Self> {
        Arc::new(Self {
            meta: Meta::new(HandlerKind::Gateway, "gateway", None),
            time: TimeLimit::None,
            event: EventNeed::nothing(),
            more_intents: Intents::empty(),
            call: Box::new(Nothing),
            levels,
            states,
            engine: Arc::clone(engine),
            stop: engine.stop.clone(),
            conduct: None,
            pace: Pace::default(),
        })
    }

    /// Makes the route of interactions without a handler: that of a handler of the bot.
    pub(crate) fn of_unknown(
        levels: Vec<Arc<Registry>>,
        states: Arc<StateMap>,
        engine: &Arc<Engine>,
    ) -> Arc<Self> {
        Arc::new(Self {
            meta: Meta::new(HandlerKind::Command, "unknown", None),
            time: TimeLimit::None,
            event: EventNeed::nothing(),
            more_intents: Intents::empty(),
            call: Box::new(Unknown),
            levels,
            states,
            engine: Arc::clone(engine),
            stop: engine.stop.clone(),
            conduct: Some(Conduct {
                checks: Checks::default(),
                defer: Defer::Never,
                admissions: Vec::new(),
            }),
            pace: Pace::default(),
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
    /// By the places of [`EventKinds`].
    by_kind: Vec<Vec<Arc<Route>>>,
    wanted: EventKinds,
    viewed: EventKinds,
}

/// Which events the author wants read.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// What the listeners take, and these.
    Derived { more: EventKinds },
    /// These, whatever the listeners take.
    Only(EventKinds),
}

impl Wanted {
    /// Returns the events that listeners are to be handed.
    pub(crate) fn allowed(self) -> EventKinds {
        match self {
            Self::Derived { .. } => EventKinds::ALL | EventKinds::BESIDES,
            Self::Only(kinds) => kinds | EventKinds::BESIDES,
        }
    }
}

impl Routes {
    pub(crate) fn new(routes: impl IntoIterator<Item = Arc<Route>>, wanted: Wanted) -> Self {
        let mut all = Self {
            by_kind: Vec::new(),
            wanted: match wanted {
                Wanted::Derived { more: kinds } | Wanted::Only(kinds) => kinds,
            },
            viewed: EventKinds::EMPTY,
        };
        for route in routes {
            let kinds = route.event.kinds.intersection(wanted.allowed());
            let wanted = if route.event.is_view {
                &mut all.viewed
            } else {
                &mut all.wanted
            };
            *wanted = *wanted | kinds;
            for place in kinds.places() {
                all.at_mut(place).push(Arc::clone(&route));
            }
        }
        all
    }

    pub(crate) fn wanted(&self) -> EventKinds {
        self.wanted
    }

    pub(crate) fn viewed(&self) -> EventKinds {
        self.viewed
    }

    /// Returns whether there are listeners of such events.
    pub(crate) fn has(&self, kind: EventType) -> bool {
        let of_kind = self.by_kind.get(kind as usize);
        of_kind.is_some_and(|routes| !routes.is_empty())
    }

    /// Returns the listeners that want an event.
    pub(crate) fn matching(&self, occurrence: &Occurrence) -> impl Iterator<Item = &Arc<Route>> {
        let of_kind = self
            .by_kind
            .get(occurrence.place())
            .map_or(&[][..], Vec::as_slice);
        of_kind.iter().filter(move |route| route.takes(occurrence))
    }

    fn at_mut(&mut self, place: usize) -> &mut Vec<Arc<Route>> {
        if self.by_kind.len() <= place {
            self.by_kind.resize_with(place + 1, Vec::new);
        }
        &mut self.by_kind[place]
    }
}

//! Handlers that have not begun: events as text, and the handlers of events that were read.
//!
//! Most handlers end without waiting for anything. Spawning a task for each, and waking a thread for it,
//! takes longer than the handler does. So each is polled once where it is, and becomes a task only if it has
//! to wait. And an event is read only just before its handlers run: data that was read for many events at
//! once is far apart in memory when it is used.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};
use std::vec;

use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::context::Scene;
use crate::dispatch::intake::Prepared;
use crate::dispatch::{Hold, Queued, Route, Unread};
use crate::handler::BoxFuture;

/// An event whose handlers have not begun.
#[must_use = "nobody else begins them"]
pub(crate) enum Fresh {
    Unread(Unread),
    /// It waits behind other events.
    Queued(Queued),
    /// Its handlers are looked for only now, which runs the author's code.
    Later(Box<dyn FnOnce() -> Option<Ready> + Send>),
    Ready(Ready),
}

/// The handlers of an event that are to run now. There is at least one.
#[must_use = "nobody else runs them"]
pub(crate) struct Ready {
    handlers: vec::IntoIter<Arc<Route>>,
    scene: Arc<Scene>,
    /// Dropped once they have ended.
    hold: Hold,
}

/// An invocation that has not run yet, and its handler.
#[must_use = "nobody else runs it"]
pub(crate) struct Unrun {
    route: Arc<Route>,
    invocation: BoxFuture<'static, ()>,
}

impl Fresh {
    /// Defers finding the handlers until they are to begin.
    pub(crate) fn later(find: impl FnOnce() -> Option<Ready> + Send + 'static) -> Self {
        Self::Later(Box::new(find))
    }

    /// Takes the next invocation out, and returns what is left. An event is read for that, on the runtime
    /// that this is called on.
    pub(crate) fn split(self) -> (Option<Unrun>, Option<Self>) {
        let Some(mut ready) = self.ready() else {
            return (None, None);
        };
        let unrun = ready.next();
        let is_over = ready.handlers.len() == 0;
        (unrun, (!is_over).then_some(Self::Ready(ready)))
    }

    /// Runs each as far as it goes at once, and leaves the rest to tasks of the runtime that this is called
    /// on.
    pub(crate) fn run(self) {
        let mut left = Some(self);
        while let Some(fresh) = left.take() {
            let unrun;
            (unrun, left) = fresh.split();
            if let Some(unrun) = unrun {
                unrun.run();
            }
        }
    }

    /// Leaves all to tasks of a runtime.
    pub(crate) fn spawn(self, home: &Handle) {
        let _home = home.enter();
        self.ready().into_iter().for_each(Ready::spawn);
    }

    /// Reads what is unread.
    fn ready(self) -> Option<Ready> {
        match self {
            Self::Unread(unread) => unread.take_in(),
            Self::Queued(queued) => {
                queued.settle();
                None
            }
            Self::Later(find) => find(),
            Self::Ready(ready) => Some(ready),
        }
    }
}

impl Ready {
    /// Makes it of the handlers of an event, which let go of what is held once they have ended, and tells that
    /// they are to be run.
    pub(crate) fn new(prepared: Prepared) -> Self {
        let Prepared {
            scene,
            handlers,
            hold,
            ..
        } = prepared;
        if let [first, ..] = &*handlers {
            first.engine.announce(&scene, handlers.len());
        }
        Self {
            handlers: handlers.into_iter(),
            scene,
            hold,
        }
    }

    /// Takes the next invocation out.
    fn next(&mut self) -> Option<Unrun> {
        let route = self.handlers.next()?;
        let engine = &route.engine;
        let is_timed = !engine.observers.is_empty();
        let scene = Arc::clone(&self.scene);
        let invocation = Arc::clone(&route).invoke(scene, self.hold.clone(), is_timed);
        let invocation = Box::pin(engine.tasks.track_future(invocation.map(drop)));
        Some(Unrun { route, invocation })
    }

    /// Leaves all to tasks of the runtime that this is called on.
    pub(crate) fn spawn(mut self) {
        while let Some(unrun) = self.next() {
            tokio::spawn(unrun.invocation);
        }
    }
}

impl Unrun {
    /// Runs it as far as it goes at once, and leaves the rest to a task of the runtime that this is called
    /// on; or all of it, if its handler is known to keep its thread for long.
    pub(crate) fn run(self) {
        let Self {
            route,
            mut invocation,
        } = self;
        if !route.pace.is_quick() {
            tokio::spawn(invocation);
            return;
        }
        let began = Instant::now();
        // Nobody need be woken: it is run again at once if it waits.
        let mut task = TaskContext::from_waker(Waker::noop());
        let polled = catch_unwind(AssertUnwindSafe(|| invocation.as_mut().poll(&mut task)));
        match polled {
            Ok(Poll::Ready(())) => {}
            Ok(Poll::Pending) => drop(tokio::spawn(invocation)),
            // What authors write is caught where it runs.
            Err(_) => {
                tracing::error!(handler = %route.meta, "an invocation panicked outside its handler");
            }
        }
        route.pace.note(began.elapsed());
    }
}

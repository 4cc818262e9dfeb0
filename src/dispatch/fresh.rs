//! Invocations that nobody has run yet.
//!
//! Most handlers come to their end without waiting for anything. To make a task of each, and to wake a
//! thread for it, takes longer than they do. So each is run as far as it goes at once, where it is, and
//! becomes a task only if it has to wait.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::dispatch::Route;
use crate::handler::BoxFuture;

/// Invocations that nobody has run yet. They run on their runtime even if they are begun elsewhere.
#[must_use = "nobody else runs them"]
pub(crate) struct Fresh {
    invocations: VecDeque<Unrun>,
    home: Handle,
}

/// One of them, and whose it is.
pub(crate) struct Unrun {
    route: Arc<Route>,
    invocation: BoxFuture<'static, ()>,
}

impl Fresh {
    /// Makes some of the runtime that this is called on.
    pub(crate) fn new(
        invocations: impl IntoIterator<Item = (Arc<Route>, BoxFuture<'static, ()>)>,
    ) -> Self {
        let unrun = |(route, invocation)| Unrun { route, invocation };
        Self {
            invocations: invocations.into_iter().map(unrun).collect(),
            home: Handle::current(),
        }
    }

    /// Returns how many there are.
    pub(crate) fn len(&self) -> usize {
        self.invocations.len()
    }

    /// Adds more of the same runtime.
    pub(crate) fn append(&mut self, mut more: Self) {
        self.invocations.append(&mut more.invocations);
    }

    /// Takes the next out.
    pub(crate) fn pop(&mut self) -> Option<Unrun> {
        self.invocations.pop_front()
    }

    /// Runs each as far as it goes at once, and leaves the rest to tasks.
    pub(crate) fn run(self) {
        let _home = self.home.enter();
        let mut now = Instant::now();
        for unrun in self.invocations {
            now = unrun.run(now);
        }
    }

    /// Leaves all to tasks.
    pub(crate) fn spawn(self) {
        for unrun in self.invocations {
            self.home.spawn(unrun.invocation);
        }
    }
}

impl Unrun {
    /// Runs it as far as it goes at once, and leaves the rest to a task of the runtime that this is called
    /// on; or all of it, if its handler is known to keep its thread for long. Takes what time it is, and
    /// returns what time it is then.
    pub(crate) fn run(self, now: Instant) -> Instant {
        let Self {
            route,
            mut invocation,
        } = self;
        if !route.pace.is_quick() {
            tokio::spawn(invocation);
            return now;
        }
        // Nobody need be woken: it is run again at once if it waits.
        let mut task = TaskContext::from_waker(Waker::noop());
        let polled = catch_unwind(AssertUnwindSafe(|| invocation.as_mut().poll(&mut task)));
        match polled {
            Ok(Poll::Ready(())) => {}
            Ok(Poll::Pending) => drop(tokio::spawn(invocation)),
            // What authors write is caught where it runs.
            Err(_) => {
                tracing::error!(handler = %route.meta, "an invocation panicked outside of its handler");
            }
        }
        let then = Instant::now();
        route.pace.note(then.saturating_duration_since(now));
        then
    }
}

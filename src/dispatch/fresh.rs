//! Invocations that nobody has run yet.
//!
//! Most handlers come to their end without waiting for anything. To make a task of each, and to wake a
//! thread for it, takes longer than they do. So each is run as far as it goes at once, where it is, and
//! becomes a task only if it has to wait.

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
    invocations: Vec<(Arc<Route>, BoxFuture<'static, ()>)>,
    home: Handle,
}

impl Fresh {
    /// Makes some of the runtime that this is called on.
    pub(crate) fn new(invocations: Vec<(Arc<Route>, BoxFuture<'static, ()>)>) -> Self {
        Self {
            invocations,
            home: Handle::current(),
        }
    }

    /// Runs each as far as it goes at once, and leaves the rest to tasks; so it does with those that are
    /// known to keep their thread for long.
    pub(crate) fn run(self) {
        let _home = self.home.enter();
        for (route, invocation) in self.invocations {
            if route.pace.is_quick() {
                begin(&route, invocation);
            } else {
                tokio::spawn(invocation);
            }
        }
    }

    /// Leaves all to tasks.
    pub(crate) fn spawn(self) {
        for (_, invocation) in self.invocations {
            self.home.spawn(invocation);
        }
    }
}

fn begin(route: &Route, mut invocation: BoxFuture<'static, ()>) {
    let started = Instant::now();
    // Nobody need be woken: it is run again at once if it waits.
    let mut task = TaskContext::from_waker(Waker::noop());
    let polled = catch_unwind(AssertUnwindSafe(|| invocation.as_mut().poll(&mut task)));
    route.pace.note(started.elapsed());
    match polled {
        Ok(Poll::Ready(())) => {}
        Ok(Poll::Pending) => drop(tokio::spawn(invocation)),
        // What authors write is caught where it runs.
        Err(_) => {
            tracing::error!(handler = %route.meta, "an invocation panicked outside of its handler")
        }
    }
}

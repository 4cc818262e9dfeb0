//! What holds for many calls at once: the global limits, and blocks at the edge.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::exception::Scope;
use crate::http::limits::Lane;

/// What the global limit counts in: a second, and what requests may be late or early on their way.
const SECOND: Duration = Duration::from_millis(1050);

/// Lets calls through, or all of them wait.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    edge: Mutex<Edge>,
    bot: Way,
    webhooks: Way,
    interactions: Way,
}

/// Whether anything at all goes.
#[derive(Debug, Default)]
struct Edge {
    blocked_until: Option<Instant>,
    /// How long the block would be if it were said again without a time.
    next_block: Duration,
}

/// Where the calls of one lane go through.
#[derive(Debug)]
struct Way {
    state: Mutex<State>,
    /// Whoever is first in line looks; the others wait for their turn.
    line: Semaphore,
    /// Told when it is no longer held.
    released: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// When those of the last second were let through.
    passed: VecDeque<Instant>,
    halted_until: Option<Instant>,
    /// How many want nothing to go for now.
    holders: usize,
}

/// What a call has to wait for.
enum Closed {
    Until(Instant, Scope),
    /// Until nobody holds it any more.
    Held,
}

/// Why a call cannot go in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLate {
    pub(crate) until: Option<Instant>,
    pub(crate) scope: Scope,
}

/// Lets nothing with the bot's token go, while it is held.
pub(crate) struct Hold<'a>(&'a Way);

impl Gate {
    /// Waits until a call may go. Only as many as said go in a second, of those that Discord counts.
    pub(crate) async fn pass(
        &self,
        lane: Lane,
        per_second: impl Fn() -> u32,
        deadline: Instant,
    ) -> Result<(), TooLate> {
        let way = self.way(lane);
        let _first = if lane == Lane::Interaction {
            None
        } else {
            let first = timeout_at(deadline, way.line.acquire()).await;
            Some(first.map_err(|_| way.too_late())?)
        };
        loop {
            let released = way.released.notified();
            let most = (lane != Lane::Interaction).then(&per_second);
            match self.take(lane, most, Instant::now()) {
                Ok(()) => return Ok(()),
                Err(Closed::Until(until, scope)) if until > deadline => {
                    let until = Some(until);
                    return Err(TooLate { until, scope });
                }
                Err(Closed::Until(until, _)) => tokio::time::sleep_until(until).await,
                Err(Closed::Held) => {
                    let waited = timeout_at(deadline, released).await;
                    waited.map_err(|_| way.too_late())?;
                }
            }
        }
    }

    /// Returns whether calls have to wait, now.
    pub(crate) fn is_closed(&self, lane: Lane) -> bool {
        let now = Instant::now();
        self.blocked_until(now).is_some() || self.way(lane).closed(now).is_some()
    }

    /// Lets nothing of a lane go for a time. Returns whether that is news.
    pub(crate) fn halt(&self, lane: Lane, until: Instant) -> bool {
        let now = Instant::now();
        let mut state = self.way(lane).state();
        let is_news = state.halted_until.is_none_or(|until| until <= now);
        state.halted_until = state.halted_until.max(Some(until));
        is_news
    }

    /// Lets nothing with the bot's token go for as long as the hold is there.
    pub(crate) fn hold(&self) -> Hold<'_> {
        self.bot.state().holders += 1;
        Hold(&self.bot)
    }

    /// Lets nothing at all go for a time; if none is said, for longer each time. Returns until when,
    /// and for how long if that is news.
    pub(crate) fn block(&self, said: Option<Duration>) -> (Instant, Option<Duration>) {
        const FIRST: Duration = Duration::from_secs(60);
        const LONGEST: Duration = Duration::from_secs(60 * 60);

        let now = Instant::now();
        let mut edge = self.edge();
        let blocked_until = edge.blocked_until.filter(|until| *until > now);
        let time = match (said, blocked_until) {
            (Some(said), _) => said,
            // Those that were on their way when the first was refused say nothing new.
            (None, Some(until)) => return (until, None),
            (None, None) => {
                let time = edge.next_block.max(FIRST);
                edge.next_block = (time * 2).min(LONGEST);
                time
            }
        };
        let until = blocked_until.map_or(now + time, |until| until.max(now + time));
        edge.blocked_until = Some(until);
        (until, blocked_until.is_none().then_some(time))
    }

    /// Notes that what was asked at a time was answered: if that was after a block, it is over.
    pub(crate) fn open(&self, asked: Instant) {
        let mut edge = self.edge();
        if edge.blocked_until.is_some_and(|until| until <= asked) {
            *edge = Edge::default();
        }
    }

    fn take(&self, lane: Lane, most: Option<u32>, now: Instant) -> Result<(), Closed> {
        if let Some(until) = self.blocked_until(now) {
            return Err(Closed::Until(until, Scope::Edge));
        }
        let way = self.way(lane);
        if let Some(closed) = way.closed(now) {
            return Err(closed);
        }
        most.map_or(Ok(()), |most| way.state().count(most as usize, now))
    }

    fn blocked_until(&self, now: Instant) -> Option<Instant> {
        self.edge().blocked_until.filter(|until| *until > now)
    }

    fn way(&self, lane: Lane) -> &Way {
        match lane {
            Lane::Bot => &self.bot,
            Lane::Webhook => &self.webhooks,
            Lane::Interaction => &self.interactions,
        }
    }

    fn edge(&self) -> MutexGuard<'_, Edge> {
        self.edge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Way {
    fn closed(&self, now: Instant) -> Option<Closed> {
        let state = self.state();
        if state.holders > 0 {
            return Some(Closed::Held);
        }
        let until = state.halted_until.filter(|until| *until > now)?;
        Some(Closed::Until(until, Scope::Global))
    }

    fn too_late(&self) -> TooLate {
        TooLate {
            until: self.state().halted_until,
            scope: Scope::Global,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Way {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            line: Semaphore::new(1),
            released: Notify::new(),
        }
    }
}

impl State {
    /// Counts one that goes, if it is not too much for a second.
    fn count(&mut self, most: usize, now: Instant) -> Result<(), Closed> {
        while self.passed.front().is_some_and(|at| *at + SECOND <= now) {
            self.passed.pop_front();
        }
        let most = most.max(1);
        if self.passed.len() >= most {
            // As many as may pass have to leave the second first.
            let next = self.passed[self.passed.len() - most] + SECOND;
            return Err(Closed::Until(next, Scope::Global));
        }
        self.passed.push_back(now);
        Ok(())
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.state().holders -= 1;
        self.0.released.notify_waiters();
    }
}

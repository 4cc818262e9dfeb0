//! What holds for all calls at once: the global limit, and blocks at the edge.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::exception::Scope;

/// What the global limit counts in.
const SECOND: Duration = Duration::from_secs(1);

/// Lets calls through, or all of them wait.
#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<State>,
    /// Whoever is first in line looks; the others wait for their turn.
    line: Semaphore,
}

#[derive(Debug, Default)]
struct State {
    /// When those of the last second were let through.
    passed: VecDeque<Instant>,
    /// Nothing with the bot's token goes.
    halted_until: Option<Instant>,
    /// Nothing at all goes.
    blocked_until: Option<Instant>,
    /// How long the block would be if it were said again without a time.
    next_block: Duration,
}

/// Which calls something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Those with the bot's token, which Discord counts together.
    Bot,
    /// Those of interactions and webhooks, which it does not. (Discord: Rate Limits, Global Rate
    /// Limit.)
    Interaction,
}

/// Why a call cannot go in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLate {
    pub(crate) until: Option<Instant>,
    pub(crate) scope: Scope,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State::default()),
            line: Semaphore::new(1),
        }
    }

    /// Waits until a call may go.
    pub(crate) async fn pass(
        &self,
        lane: Lane,
        per_second: u32,
        deadline: Instant,
    ) -> Result<(), TooLate> {
        let _first = match lane {
            Lane::Interaction => None,
            Lane::Bot => {
                let first = tokio::time::timeout_at(deadline, self.line.acquire()).await;
                Some(first.map_err(|_| TooLate {
                    until: self.state().halted_until,
                    scope: Scope::Global,
                })?)
            }
        };
        loop {
            let taken = self.state().take(lane, per_second, Instant::now());
            match taken {
                Ok(()) => return Ok(()),
                Err((until, scope)) if until > deadline => {
                    let until = Some(until);
                    return Err(TooLate { until, scope });
                }
                Err((until, _)) => tokio::time::sleep_until(until).await,
            }
        }
    }

    /// Returns whether calls have to wait, now.
    pub(crate) fn is_closed(&self, lane: Lane) -> bool {
        self.state().closed_until(lane, Instant::now()).is_some()
    }

    /// Lets nothing with the bot's token go for a time. Returns whether that is news.
    pub(crate) fn halt(&self, until: Instant) -> bool {
        let mut state = self.state();
        let is_news = state
            .halted_until
            .is_none_or(|until| until <= Instant::now());
        state.halted_until = state.halted_until.max(Some(until));
        is_news
    }

    /// Lets nothing at all go for a time; if none is said, for longer each time. Returns until when,
    /// and for how long if that is news.
    pub(crate) fn block(&self, said: Option<Duration>) -> (Instant, Option<Duration>) {
        const FIRST: Duration = Duration::from_secs(60);
        const LONGEST: Duration = Duration::from_secs(60 * 60);

        let now = Instant::now();
        let mut state = self.state();
        let blocked_until = state.blocked_until.filter(|until| *until > now);
        let time = match (said, blocked_until) {
            (Some(said), _) => said,
            // Those that were on their way when the first was refused say nothing new.
            (None, Some(until)) => return (until, None),
            (None, None) => {
                let time = state.next_block.max(FIRST);
                state.next_block = (time * 2).min(LONGEST);
                time
            }
        };
        let until = blocked_until.map_or(now + time, |until| until.max(now + time));
        state.blocked_until = Some(until);
        (until, blocked_until.is_none().then_some(time))
    }

    /// Notes that Discord answers again.
    pub(crate) fn open(&self) {
        self.state().next_block = Duration::ZERO;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, lane: Lane, per_second: u32, now: Instant) -> Result<(), (Instant, Scope)> {
        if let Some(closed) = self.closed_until(lane, now) {
            return Err(closed);
        }
        if lane == Lane::Interaction {
            return Ok(());
        }
        while self.passed.front().is_some_and(|at| *at + SECOND <= now) {
            self.passed.pop_front();
        }
        let most = per_second.max(1) as usize;
        if self.passed.len() >= most {
            // As many as may pass have to leave the second first.
            return Err((
                self.passed[self.passed.len() - most] + SECOND,
                Scope::Global,
            ));
        }
        self.passed.push_back(now);
        Ok(())
    }

    fn closed_until(&self, lane: Lane, now: Instant) -> Option<(Instant, Scope)> {
        let halted = self.halted_until.filter(|_| lane == Lane::Bot);
        let closed = [(self.blocked_until, Scope::Edge), (halted, Scope::Global)];
        let closed = closed.into_iter().filter_map(|(until, scope)| {
            let until = until.filter(|until| *until > now)?;
            Some((until, scope))
        });
        closed.max_by_key(|(until, _)| *until)
    }
}

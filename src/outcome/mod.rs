//! How it ended: the outcome of an invocation, and the report of every failure on the way.

mod observe;
mod print;

pub use self::observe::Observer;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use twilight_model::gateway::event::EventType;

use crate::failure::{Failure, FailureId};
use crate::meta::Meta;

/// One run of one handler for one event, from its start to the last error handler.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Invocation {
    /// The handler that ran.
    pub handler: Meta,
    /// The event that it ran for.
    pub event: Option<EventType>,
    /// How often it ran: once, and once more for each retry.
    pub attempts: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// One report for each failure on the way, in the order they were settled.
    pub reports: Vec<Arc<Report>>,
    /// How long it took altogether.
    pub took: Duration,
}

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Outcome {
    /// The handler succeeded, perhaps after a retry.
    Completed,
    /// The handler failed, and an error handler said that it handled the failure.
    Handled {
        /// That error handler.
        by: Meta,
    },
    /// The handler failed, and nobody handled the failure.
    Unhandled {
        /// The failure, as the log names it.
        failure: FailureId,
    },
}

/// What became of one failure: who was asked, what each said, and how it ended.
///
/// Its [`Display`](std::fmt::Display) form tells it to people, over several lines.
#[derive(Clone)]
#[must_use]
#[non_exhaustive]
pub struct Report {
    /// The failure.
    pub failure: Failure,
    /// The handler that failed.
    pub handler: Meta,
    /// Which run of the handler failed, counted from 1.
    pub attempt: u32,
    /// The error handlers that were asked, in order.
    pub tried: Vec<Tried>,
    /// How it ended.
    pub resolution: Resolution,
    /// How long all of them took.
    pub took: Duration,
}

/// One error handler that was asked about a failure.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tried {
    /// The error handler.
    pub handler: Meta,
    /// The level it stands at.
    pub level: Level,
    /// What it said.
    pub said: Said,
    /// How long it took.
    pub took: Duration,
}

/// What an error handler said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Said {
    /// It handled the failure.
    Handled,
    /// It left the failure to the next.
    Propagated,
    /// It put another failure in its place.
    Replaced {
        /// The other failure.
        with: FailureId,
    },
    /// It asked for the failed handler to run again.
    Retry {
        /// How long to wait before that.
        after: Duration,
    },
    /// It asked for another run, but there is none: there had been enough of them, the bot is
    /// stopping, or it was no listener that failed.
    RetryRefused,
    /// It failed itself.
    Failed {
        /// Its own failure.
        with: FailureId,
    },
}

/// How the dispatch of a failure ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// An error handler handled it.
    Handled {
        /// The error handler.
        by: Meta,
    },
    /// The failed handler ran again.
    Retried {
        /// The error handler that asked for it.
        by: Meta,
        /// How long was waited before that.
        after: Duration,
    },
    /// Another failure took its place, and has a report of its own.
    Replaced {
        /// The error handler that replaced it.
        by: Meta,
        /// The other failure.
        with: FailureId,
    },
    /// Nobody handled it: the fallback was told.
    Unhandled,
    /// It arose while the failure of another error handler was being handled, so no more error
    /// handlers were asked: it went to the log of last resort.
    LastResort,
}

/// Where an error handler applies, from the innermost to the outermost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// One handler.
    Handler,
    /// A group of commands, by its name.
    Group(Cow<'static, str>),
    /// A plugin, by its name.
    Plugin(Cow<'static, str>),
    /// The whole bot.
    Bot,
}

impl Outcome {
    /// Returns whether the handler succeeded.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        matches!(self, Self::Completed)
    }

    /// Returns whether the handler failed and an error handler handled the failure.
    #[must_use]
    pub fn is_handled(&self) -> bool {
        matches!(self, Self::Handled { .. })
    }

    /// Returns whether the handler failed and nobody handled the failure.
    #[must_use]
    pub fn is_unhandled(&self) -> bool {
        matches!(self, Self::Unhandled { .. })
    }
}

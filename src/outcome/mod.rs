//! How an invocation ended, and the report of every failure on the way.

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
    /// One report for each failure on the way, in the order in which they were settled.
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
    /// The handler failed, and an error handler handled the failure.
    Handled {
        /// That error handler.
        by: Meta,
    },
    /// The handler failed, and no error handler handled the failure.
    Unhandled {
        /// The id of the failure, which the log shows too.
        failure: FailureId,
    },
}

/// What happened to a failure: which error handlers were asked, what each answered, and how it ended.
///
/// Its [`Display`](std::fmt::Display) form is for people, and takes several lines.
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
    /// What it answered.
    pub said: Said,
    /// How long it took.
    pub took: Duration,
}

/// What an error handler answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Said {
    /// It handled the failure.
    Handled,
    /// It passed the failure to the next error handler.
    Propagated,
    /// It replaced the failure with another.
    Replaced {
        /// The other failure.
        with: FailureId,
    },
    /// It asked for the failed handler to run again.
    Retry {
        /// How long to wait before that.
        after: Duration,
    },
    /// It asked for another run, but the handler did not run again: it had run often enough, the bot is
    /// stopping, or the failed handler was not a listener.
    RetryRefused,
    /// It failed itself.
    Failed {
        /// Its own failure.
        with: FailureId,
    },
}

/// How a failure was settled.
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
        /// How long the bot waited before that.
        after: Duration,
    },
    /// Another failure took its place, and has a report of its own.
    Replaced {
        /// The error handler that replaced it.
        by: Meta,
        /// The other failure.
        with: FailureId,
    },
    /// No error handler handled it, so the fallback did.
    Unhandled,
    /// It came from an error handler that was asked about the failure of another error handler, so no more error
    /// handlers were asked. It was only logged.
    LastResort,
}

/// Where an error handler applies, from the innermost level to the outermost.
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

    /// Returns whether the handler failed and no error handler handled the failure.
    #[must_use]
    pub fn is_unhandled(&self) -> bool {
        matches!(self, Self::Unhandled { .. })
    }
}

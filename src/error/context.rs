//! What an error handler may touch.

use std::fmt;
use std::ops::Deref;

use crate::context::Context;
use crate::event::GatewayPayload;
use crate::failure::Failure;
use crate::outcome::{Level, Tried};

/// What an error handler may touch: the [`Context`] of the handler that failed, and the failure.
///
/// It is the first argument of an error handler for any event. One that takes an event there, as
/// `&MessageCreate`, is asked only about failures of handlers of that event; it can take the
/// context as an extractor.
pub struct ErrorContext {
    pub(crate) ctx: Context,
    pub(crate) failure: Failure,
    pub(crate) tried: Vec<Tried>,
    pub(crate) level: Level,
}

impl ErrorContext {
    /// Returns the failure.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        &self.failure
    }

    /// Returns the error handlers that were asked before, in order, and what each said.
    #[must_use]
    pub fn tried(&self) -> &[Tried] {
        &self.tried
    }

    /// Returns the level of the error handler that runs.
    #[must_use]
    pub fn level(&self) -> &Level {
        &self.level
    }

    /// Returns the event that the failed handler ran for, if it is a `P`.
    #[must_use]
    pub fn event_as<P: GatewayPayload>(&self) -> Option<&P> {
        self.ctx.event().and_then(P::get)
    }

    /// Returns the context of the handler that failed.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.ctx
    }
}

impl Deref for ErrorContext {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.ctx
    }
}

impl fmt::Debug for ErrorContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorContext")
            .field("context", &self.ctx)
            .field("failure", &self.failure)
            .field("tried", &self.tried)
            .field("level", &self.level)
            .finish()
    }
}

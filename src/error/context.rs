//! What an error handler can access.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use twilight_model::channel::Message;

use crate::answer::Reply;
use crate::context::{Context, Stand};
use crate::error::Registry;
use crate::event::GatewayPayload;
use crate::failure::{Failure, Result};
use crate::outcome::{Level, Tried};

/// What an error handler can access: the [`Context`] of the handler that failed, and the failure.
///
/// It is the first argument of an error handler for any event. An error handler that takes an event first, such as
/// `&MessageCreate`, is asked only about failures of handlers of that event, and can take the context as an
/// extractor.
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

    /// Returns the error handlers that were already asked about this failure, in order, with their answers.
    ///
    /// It leaves out those that were asked about a failure which this one replaced.
    #[must_use]
    pub fn tried(&self) -> &[Tried] {
        &self.tried
    }

    /// Returns the level of the running error handler.
    #[must_use]
    pub fn level(&self) -> &Level {
        &self.level
    }

    /// Returns the event that the failed handler ran for, if it is a `P`.
    #[must_use]
    pub fn event_as<P: GatewayPayload>(&self) -> Option<&P> {
        self.ctx.event().and_then(P::get)
    }

    /// Answers as [`Context::reply`] does.
    ///
    /// If the interaction was answered before the handler failed, this sends a follow-up message.
    ///
    /// # Errors
    ///
    /// As for [`Context::reply`], but never
    /// [`AlreadyAnswered`](crate::exception::AlreadyAnswered).
    #[track_caller]
    pub fn reply(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        self.ctx.reply(reply)
    }

    /// Returns whether it is that of error handlers of some level already.
    pub(crate) fn stands_at(&self, index: usize) -> bool {
        let stand = self.ctx.stand.as_ref();
        stand.is_some_and(|stand| stand.outside == index + 1)
    }

    /// Puts an error handler of some level in its place.
    pub(crate) fn stand_at(&mut self, registry: &Registry, index: usize) {
        self.level = registry.level.clone();
        self.ctx.stand = Some(Arc::new(Stand {
            states: Arc::clone(&registry.states),
            outside: index + 1,
            during: self.failure.clone(),
        }));
    }

    /// Returns the context of the handler that failed, with the state that the error handler sees.
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

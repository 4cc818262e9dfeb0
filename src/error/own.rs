//! The options that all handlers share: how long they may run, and their own error handlers.

use crate::error::{Entry, IntoErrorHandler};
use crate::meta::Place;

impl Entry {
    /// Makes the entry of an error handler that is added where this is called.
    #[track_caller]
    pub(crate) fn own<M>(handler: impl IntoErrorHandler<M>) -> Self {
        Self {
            added: Some(Place::caller()),
            ..handler.into_error_handler().into_entry()
        }
    }
}

/// Gives a builder the methods that those of all handlers have. An expression names what has a `time`,
/// `on_error` and `requirements`.
macro_rules! own_methods {
    (|$builder:ident| $handler:expr) => {
        /// Sets how long each run may take, instead of the bot's limit for its kind.
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            let $builder = &mut self;
            $handler.time = crate::handler::TimeLimit::Own(limit);
            self
        }

        /// Removes the time limit.
        pub fn no_timeout(mut self) -> Self {
            let $builder = &mut self;
            $handler.time = crate::handler::TimeLimit::None;
            self
        }

        /// Adds an error handler for its failures alone, which is asked before all others.
        #[track_caller]
        pub fn on_error<M>(mut self, handler: impl crate::error::IntoErrorHandler<M>) -> Self {
            let $builder = &mut self;
            $handler.on_error.push(crate::error::Entry::own(handler));
            self
        }

        /// Adds the requirements of an extractor, for generated code.
        #[doc(hidden)]
        pub fn requires<X: crate::extract::FromContext>(mut self) -> Self {
            let $builder = &mut self;
            X::require(&mut $handler.requirements);
            self
        }
    };
}

pub(crate) use own_methods;

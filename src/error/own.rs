//! What an author says of any handler of their own: how long it may run, and who is asked first about its
//! failures.

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
        /// Gives each run this long, instead of what the bot gives to all of its kind.
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            let $builder = &mut self;
            $handler.time = crate::handler::TimeLimit::Own(limit);
            self
        }

        /// Lets it run as long as it likes.
        pub fn no_timeout(mut self) -> Self {
            let $builder = &mut self;
            $handler.time = crate::handler::TimeLimit::None;
            self
        }

        /// Adds an error handler for its failures alone, asked before all others.
        #[track_caller]
        pub fn on_error<M>(mut self, handler: impl crate::error::IntoErrorHandler<M>) -> Self {
            let $builder = &mut self;
            $handler.on_error.push(crate::error::Entry::own(handler));
            self
        }

        /// Adds what an extractor needs, for generated code.
        #[doc(hidden)]
        pub fn requires<X: crate::extract::FromContext>(mut self) -> Self {
            let $builder = &mut self;
            X::require(&mut $handler.requirements);
            self
        }
    };
}

pub(crate) use own_methods;

//! Values shared between handlers.

use std::any::{Any, type_name};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::context::Context;
use crate::extract::{FromContext, OptionalFromContext, Requirements};

/// A value shared between handlers.
///
/// You add it with [`BotBuilder::state`](crate::bot::BotBuilder::state) or
/// [`Plugin::state`](crate::bot::Plugin::state). A handler in a plugin sees the plugin's value in preference
/// to the bot's. `build()` checks that there is one.
///
/// # Examples
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use cordial::prelude::*;
///
/// #[derive(Default)]
/// struct Greeted(AtomicU32);
///
/// #[listener]
/// async fn count(_: &Context, _: &MemberAdd, greeted: State<Greeted>) {
///     greeted.0.fetch_add(1, Ordering::Relaxed);
/// }
///
/// let bot = Bot::builder().state(Greeted::default()).add(handlers![count]);
/// ```
pub struct State<T>(Arc<T>);

impl<T> State<T> {
    /// Returns the shared pointer, which you can keep.
    #[must_use]
    pub fn into_inner(self) -> Arc<T> {
        self.0
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&self.0).finish()
    }
}

impl<T: Any + Send + Sync> FromContext for State<T> {
    type Rejection = MissingState;

    async fn from_context(ctx: &Context) -> Result<Self, MissingState> {
        let shared = ctx.states().share().map(Self);
        shared.ok_or(MissingState {
            type_name: type_name::<T>(),
        })
    }

    fn require(requirements: &mut Requirements) {
        requirements.state::<T>();
    }
}

impl<T: Any + Send + Sync> OptionalFromContext for State<T> {
    async fn maybe_from_context(ctx: &Context) -> Option<Self> {
        ctx.states().share().map(Self)
    }
}

/// The error of a handler that takes a state which nobody shared.
///
/// `build()` refuses a bot in which this could happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("no `State<{type_name}>` was added")]
pub struct MissingState {
    type_name: &'static str,
}

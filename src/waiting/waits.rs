//! Saying beforehand what a handler waits for.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use twilight_model::gateway::Intents;

use crate::context::Context;
use crate::event::EventPayload;
use crate::extract::{FromContext, Requirements};

/// An argument of a handler that waits for events of a type: the bot asks for the intents that bring them.
///
/// It holds nothing. What comes is taken with [`ctx.wait_for`](Context::wait_for) and
/// [`ctx.events`](Context::events).
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// /// Say something, and I say it again.
/// #[command]
/// async fn echo(ctx: &CommandContext, _: Waits<MessageCreate>) -> Result<()> {
///     Ok(())
/// }
///
/// let bot = Bot::builder().add(handlers![echo]).build()?;
/// assert!(bot.intents().contains(Intents::GUILD_MESSAGES));
/// # Ok::<(), cordial::BuildError>(())
/// ```
pub struct Waits<E>(PhantomData<fn() -> E>);

impl<E: EventPayload> FromContext for Waits<E> {
    type Rejection = Infallible;

    async fn from_context(_: &Context) -> Result<Self, Infallible> {
        Ok(Self(PhantomData))
    }

    fn require(requirements: &mut Requirements) {
        requirements.intents(E::intents());
        #[cfg(feature = "cache")]
        requirements.caches(E::resources());
    }
}

impl<E: EventPayload> fmt::Debug for Waits<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Waits").field(&E::NAME).finish()
    }
}

/// A handler waits for events that never come: the bot has not asked Discord for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error(
    "`{event}` never comes: take `Waits<{event}>` as an argument of the handler, or add \
     `.intents(..)` to the bot with one of {intents:?}"
)]
pub struct NeverCome {
    event: &'static str,
    intents: Intents,
}

impl NeverCome {
    pub(crate) fn new(event: &'static str, intents: Intents) -> Self {
        Self { event, intents }
    }

    /// Returns what is waited for.
    #[must_use]
    pub fn event(&self) -> &'static str {
        self.event
    }

    /// Returns the intents of which one would bring it.
    #[must_use]
    pub fn intents(&self) -> Intents {
        self.intents
    }
}

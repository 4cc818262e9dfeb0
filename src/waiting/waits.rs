//! Declaring what a handler waits for.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use twilight_model::gateway::Intents;

use crate::context::Context;
use crate::event::EventPayload;
use crate::extract::{FromContext, Requirements};

/// An argument of a handler that waits for events of a type: it makes the bot ask for their intents.
///
/// If you set the bot's intents or the events that it reads yourself and leave these out, `build()` fails.
///
/// It holds no value. Get the events with [`ctx.wait_for`](Context::wait_for) and
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
        requirements.awaits::<E>();
    }
}

impl<E: EventPayload> fmt::Debug for Waits<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Waits").field(&E::NAME).finish()
    }
}

/// A handler waits for events that never come: the bot has not asked Discord for them, or does not read
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("`{event}` never arrives: {}", self.advice())]
pub struct NeverCome {
    event: &'static str,
    intents: Intents,
    is_read: bool,
}

impl NeverCome {
    pub(crate) fn new(event: &'static str, intents: Intents, is_read: bool) -> Self {
        Self {
            event,
            intents,
            is_read,
        }
    }

    fn advice(&self) -> String {
        let Self {
            event,
            intents,
            is_read,
        } = self;
        if *is_read {
            format!(
                "take `Waits<{event}>` as an argument of the handler, or add one of {intents:?} to \
                 the bot with `.intents(..)`"
            )
        } else {
            "the bot does not read it; add it to `only_wants(..)`".to_owned()
        }
    }

    /// Returns the name of the event.
    #[must_use]
    pub fn event(&self) -> &'static str {
        self.event
    }

    /// Returns whether the bot reads the event.
    ///
    /// If it does not, the event is missing in [`only_wants`](crate::BotBuilder::only_wants).
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// Returns the intents that would bring it, of which any one is enough.
    #[must_use]
    pub fn intents(&self) -> Intents {
        self.intents
    }
}

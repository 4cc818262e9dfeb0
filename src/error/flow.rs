//! What an error handler answers.

use std::time::Duration;

use crate::failure::{Failure, IntoFailure};
use crate::handler::{ViaPlain, ViaResult};

/// What an error handler answers about a failure.
///
/// A `bool` covers the two common answers: `true` is [`Handled`](Self::Handled), `false` is
/// [`Propagate`](Self::Propagate).
#[derive(Clone, Debug)]
#[must_use]
pub enum Flow {
    /// The failure is dealt with. No other error handler is asked.
    Handled,
    /// The next error handler is asked.
    Propagate,
    /// Another failure takes its place, linked to it by [`during`](Failure::during).
    ///
    /// It goes to the error handlers of the same level that were not asked yet, then outwards.
    Replace(Failure),
    /// The failed handler runs again with the same event.
    ///
    /// [`max_retries`](crate::bot::BotBuilder::max_retries) limits how often. Beyond that limit, and for a handler
    /// that cannot run twice, this means [`Propagate`](Self::Propagate).
    Retry {
        /// How long to wait before.
        after: Duration,
    },
}

impl Flow {
    /// Runs the failed handler again at once.
    pub const RETRY: Self = Self::Retry {
        after: Duration::ZERO,
    };

    /// Replaces the failure with another error.
    #[track_caller]
    pub fn replace(error: impl Into<Failure>) -> Self {
        Self::Replace(error.into())
    }
}

/// The return type of an error handler: `bool`, [`Flow`], or a `Result` of either.
///
/// The compiler infers `M`.
#[diagnostic::on_unimplemented(
    message = "an error handler cannot return `{Self}`",
    label = "does not say whether the error was handled",
    note = "return `bool`: `true` if the error is handled, `false` to pass it on to the next error handler",
    note = "or return `Flow`, or a `Result` of either"
)]
pub trait IntoVerdict<M> {
    /// Converts the returned value into a `Flow`, or into the error handler's own failure.
    ///
    /// # Errors
    ///
    /// The failure that was returned.
    fn into_verdict(self) -> Result<Flow, Failure>;
}

impl IntoVerdict<ViaPlain> for bool {
    fn into_verdict(self) -> Result<Flow, Failure> {
        Ok(if self { Flow::Handled } else { Flow::Propagate })
    }
}

impl IntoVerdict<ViaPlain> for Flow {
    fn into_verdict(self) -> Result<Flow, Failure> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<V: IntoVerdict<ViaPlain>, E: IntoFailure<M>, M> IntoVerdict<ViaResult<M>> for Result<V, E> {
    fn into_verdict(self) -> Result<Flow, Failure> {
        self.map_err(E::into_failure)?.into_verdict()
    }
}

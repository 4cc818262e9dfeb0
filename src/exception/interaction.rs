//! The errors of answering an interaction that cordial finds before it sends anything.

use std::time::Duration;

use crate::Exception;
use crate::meta::{Meta, Place};

/// Something went wrong with a command, or another interaction.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{what}")]
pub struct CommandError {
    what: &'static str,
}

impl CommandError {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what }
    }
}

/// Something went wrong with the answer to an interaction.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{base}")]
pub struct InteractionError {
    #[base]
    base: CommandError,
}

impl InteractionError {
    fn new(what: &'static str) -> Self {
        Self {
            base: CommandError::new(what),
        }
    }
}

/// The interaction was already answered, and it can have only one answer.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the interaction has already been answered, {}", by(*first))]
pub struct AlreadyAnswered {
    #[base]
    base: InteractionError,
    first: Option<Place>,
}

impl AlreadyAnswered {
    pub(crate) fn new(first: Option<Place>) -> Self {
        Self {
            base: InteractionError::new("the interaction has already been answered"),
            first,
        }
    }

    /// Returns where it was answered first.
    ///
    /// It is `None` if cordial answered, because time was running out or a failure was left to it.
    #[must_use]
    pub fn first(&self) -> Option<Place> {
        self.first
    }
}

fn by(first: Option<Place>) -> String {
    match first {
        Some(first) => format!(
            "at {first}: change that answer with `edit(..)`, or add to it with `follow_up(..)`"
        ),
        None => "by cordial, which defers when time is running out and apologises for unhandled \
                 failures: show a modal before that, and set who sees a deferred answer with \
                 `defer = \"..\"`"
            .to_owned(),
    }
}

/// Somebody is typing an option, and the interaction takes only suggestions as an answer.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("autocompletion can only be answered with suggestions")]
pub struct OnlySuggestions {
    #[base]
    base: InteractionError,
}

impl OnlySuggestions {
    pub(crate) fn new() -> Self {
        Self {
            base: InteractionError::new("autocompletion can only be answered with suggestions"),
        }
    }
}

/// There is no answer yet that you could change or add to.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the interaction has not been answered yet: answer it first with `reply(..)` or `defer()`")]
pub struct NotAnswered {
    #[base]
    base: InteractionError,
}

impl NotAnswered {
    pub(crate) fn new() -> Self {
        Self {
            base: InteractionError::new("the interaction has not been answered yet"),
        }
    }
}

/// The time to answer the interaction is over. Nothing was sent.
///
/// The first answer has to come within 3 seconds, and all that follows within 15 minutes. (Discord: Interactions,
/// Receiving and Responding.)
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "the interaction is {age:.1?} old, but could be answered for only {limit:?}{}",
    if *could_wait { ": call `defer()` first if the answer takes longer" } else { "" }
)]
pub struct Expired {
    #[base]
    base: InteractionError,
    age: Duration,
    limit: Duration,
    /// Whether it came in time, and could have been put off.
    could_wait: bool,
}

impl Expired {
    pub(crate) fn new(age: Duration, limit: Duration, could_wait: bool) -> Self {
        Self {
            base: InteractionError::new("the interaction can no longer be answered"),
            age,
            limit,
            could_wait,
        }
    }

    /// Returns the interaction's age, as far as the bot knows: since it arrived, or by its id if it was sent
    /// again on resuming.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.age
    }

    /// Returns how long it could be answered.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit
    }
}

/// A handler and the tasks that it left ended without an answer to the interaction, or to one that it had
/// waited for.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "{} `{handler}` ended without answering: use `reply(..)` or another method that answers",
    handler.kind()
)]
pub struct Unanswered {
    #[base]
    base: InteractionError,
    handler: Meta,
}

impl Unanswered {
    pub(crate) fn new(handler: &Meta) -> Self {
        Self {
            base: InteractionError::new("the interaction was not answered"),
            handler: handler.clone(),
        }
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        &self.handler
    }
}

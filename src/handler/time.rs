//! How long a handler may run.

use std::time::Duration;

/// How long a handler may run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TimeLimit {
    /// As long as the bot gives to all of its kind.
    #[default]
    OfBot,
    /// As long as its author said.
    Own(Duration),
    /// As long as it likes.
    None,
}

impl TimeLimit {
    /// Returns the limit, given the bot's.
    pub(crate) fn or(self, bot: Option<Duration>) -> Option<Duration> {
        match self {
            Self::OfBot => bot,
            Self::Own(limit) => Some(limit),
            Self::None => None,
        }
    }
}

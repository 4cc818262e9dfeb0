//! Why a connection has ended, and how that is told.

use std::fmt;
use std::time::Duration;

use crate::failure::Failure;
use crate::gateway::watch::Step;

/// Why a connection has ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The bot stops.
    Stopped,
    /// The gateway closed it, with a code and a reason.
    Closed(Option<(u16, String)>),
    /// The gateway asked for another.
    Reconnect,
    /// The gateway knows the session no more, or cannot resume it now.
    Invalid { is_resumable: bool },
    /// It could not be made, or broke.
    Lost(&'static str),
    /// A step took too long.
    Late(Step),
    /// What was received would make twilight panic.
    Odd(&'static str),
    /// It panicked.
    Panicked(Failure),
    /// Signs of life were sent and not answered.
    Unanswered,
    /// The process was held up for so long that it was taken for dead.
    Stalled(Duration),
}

impl Ended {
    /// Returns the code that the gateway gave.
    pub(crate) fn code(&self) -> Option<u16> {
        match self {
            Self::Closed(frame) => frame.as_ref().map(|(code, _)| *code),
            _ => None,
        }
    }

    /// Returns whether a gateway that works ends connections like this.
    pub(crate) fn is_expected(&self) -> bool {
        matches!(
            self,
            Self::Stopped | Self::Reconnect | Self::Closed(_) | Self::Invalid { .. }
        )
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("the bot is stopping"),
            Self::Closed(Some((code, _))) => write!(f, "the gateway closed the connection: {code}"),
            Self::Closed(None) => f.write_str("the connection was closed"),
            Self::Reconnect => f.write_str("the gateway asked for a reconnect"),
            Self::Invalid { .. } => f.write_str("the gateway no longer knows the session"),
            Self::Lost(why) => write!(f, "the connection was lost: {why}"),
            Self::Late(step) => write!(f, "the gateway took too long while {}", step.name()),
            Self::Odd(why) => write!(f, "the gateway misbehaves: {why}"),
            Self::Panicked(_) => f.write_str("the shard panicked"),
            Self::Unanswered => f.write_str("the gateway did not acknowledge a heartbeat"),
            Self::Stalled(time) => write!(f, "the process was held up for {time:.0?}"),
        }
    }
}

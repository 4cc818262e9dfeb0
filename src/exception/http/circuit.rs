//! The error of requests that cordial holds back, so that Discord does not block the bot's address.

use std::time::Duration;

use crate::Exception;
use crate::exception::DiscordError;
use crate::exception::check::in_words;
use crate::exception::http::call::Call;
use crate::exception::http::{Original, Route};

/// A request was not sent, because too many were refused lately.
///
/// Discord counts answers of 401, 403 and 429. After 10,000 in 10 minutes it blocks the address, with every
/// bot on it. So cordial stops before that, and resumes by itself. Find out what keeps failing: most often it
/// is one listener that does something it is not permitted to do, for each message. (Discord: Rate Limits,
/// Invalid Request Limit.)
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "nothing was sent{}: Discord refused {refused} requests lately (401, 403 or 429), and it \
     blocks an address after 10,000 in 10 minutes. Requests are sent again in {}; until then, find \
     out what keeps failing",
    call.after("for"),
    in_words(*retry_after)
)]
pub struct CircuitOpen {
    #[base]
    base: DiscordError,
    call: Call,
    refused: u32,
    retry_after: Duration,
    pub(crate) original: Original,
}

impl CircuitOpen {
    pub(crate) fn new(call: Call, refused: u32, retry_after: Duration, original: Original) -> Self {
        Self {
            base: DiscordError::new(
                "nothing was sent, because Discord refused too many requests lately",
            ),
            call,
            refused,
            retry_after,
            original,
        }
    }

    /// Returns how many requests were refused lately.
    #[must_use]
    pub fn refused(&self) -> u32 {
        self.refused
    }

    /// Returns for how long no request is sent.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        self.retry_after
    }

    /// Returns the route of the request.
    #[must_use]
    pub fn route(&self) -> Option<&Route> {
        self.call.route.as_ref()
    }
}

//! What keeps Discord's HTTP interface from being asked, or its answer from being read.

use std::fmt;
use std::sync::Arc;

use twilight_http::response::DeserializeBodyError;

use crate::Exception;
use crate::exception::DiscordError;
use crate::exception::http::Original;

/// Discord could not be reached, or its answer did not arrive.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("Discord could not be reached, or its answer did not arrive")]
pub struct TransportError {
    #[base]
    base: DiscordError,
    #[source]
    pub(crate) original: Option<Arc<twilight_http::Error>>,
}

impl TransportError {
    pub(crate) fn new(original: Option<Arc<twilight_http::Error>>) -> Self {
        Self {
            base: DiscordError::new("Discord could not be reached"),
            original,
        }
    }
}

/// Discord did not answer in time.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("Discord did not answer in time")]
pub struct RequestTimedOut {
    #[base]
    pub(crate) base: TransportError,
}

/// A request was refused before it was sent: something in it cannot be right.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the request was not sent: {problem}")]
pub struct InvalidRequest {
    #[base]
    base: DiscordError,
    problem: String,
    pub(crate) original: Original,
}

impl InvalidRequest {
    pub(crate) fn new(problem: String, original: Original) -> Self {
        Self {
            base: DiscordError::new("the request was not sent"),
            problem,
            original,
        }
    }

    /// Returns what cannot be right.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

/// Discord answered, and the answer could not be read. What was asked for may have been done.
///
/// What the answer holds is not kept: it may be what people wrote.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("Discord's answer could not be read, though what was asked for may have been done")]
pub struct UnreadableResponse {
    #[base]
    base: DiscordError,
    pub(crate) original: Original,
    pub(crate) body: Body,
}

/// Why a body could not be read. It can quote the body, so it is not printed.
#[derive(Clone, Default)]
pub(crate) struct Body(Option<Arc<DeserializeBodyError>>);

impl Body {
    pub(crate) fn as_deref(&self) -> Option<&DeserializeBodyError> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl UnreadableResponse {
    pub(crate) fn new(original: Original) -> Self {
        Self {
            base: DiscordError::new("Discord's answer could not be read"),
            original,
            body: Body::default(),
        }
    }

    pub(crate) fn of_body(error: DeserializeBodyError) -> Self {
        Self {
            body: Body(Some(Arc::new(error))),
            ..Self::new(Original::default())
        }
    }
}

//! What keeps Discord's HTTP interface from being asked, or its answer from being read.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use twilight_http::response::DeserializeBodyError;

use crate::Exception;
use crate::exception::DiscordError;
use crate::exception::http::call::Call;
use crate::exception::http::text::shown;
use crate::exception::http::{Original, Route};

/// How much of a cause is shown.
const MOST_OF_CAUSE: usize = 200;

/// Discord could not be reached, or its answer did not arrive.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{}", lost(call, *status, cause.as_deref()))]
pub struct TransportError {
    #[base]
    base: DiscordError,
    call: Call,
    status: Option<u16>,
    cause: Option<String>,
    #[source]
    source: Option<Arc<twilight_http::Error>>,
    pub(crate) original: Original,
}

impl TransportError {
    /// Takes what twilight's client says of it.
    pub(crate) fn of_twilight(original: Original) -> Self {
        Self {
            source: original.0.clone(),
            ..Self::new(Call::default(), original)
        }
    }

    /// Says nothing of what happened. What twilight's client was told is no cause.
    pub(crate) fn new(call: Call, original: Original) -> Self {
        Self {
            base: DiscordError::new("Discord could not be reached"),
            call,
            status: None,
            cause: None,
            source: None,
            original,
        }
    }

    pub(crate) fn because(self, status: Option<u16>, cause: &str) -> Self {
        Self {
            status,
            cause: Some(shown(cause, MOST_OF_CAUSE)),
            ..self
        }
    }

    /// Returns the route of the request. It is unknown if you used a client of your own, or a limit of your
    /// own with [`within`](crate::http::RequestExt::within).
    #[must_use]
    pub fn route(&self) -> Option<&Route> {
        self.call.route.as_ref()
    }

    /// Returns how often the request was attempted, as far as that is known.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.call.attempts
    }

    /// Returns the status of an answer that did not arrive whole.
    ///
    /// If the status is one of success, Discord did what was asked.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

fn lost(call: &Call, status: Option<u16>, cause: Option<&str>) -> String {
    let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
    match status {
        Some(status) => format!(
            "Discord answered {status}{}, but the answer did not arrive completely{cause}",
            call.after("to")
        ),
        None if cause.is_empty() => {
            "Discord could not be reached, or its answer did not arrive".to_owned()
        }
        None => format!("Discord could not be reached{}{cause}", call.after("for")),
    }
}

/// Discord did not answer in time. It may have carried out the request.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{}", late(&base.call, *after))]
pub struct RequestTimedOut {
    #[base]
    base: TransportError,
    after: Option<Duration>,
}

impl RequestTimedOut {
    pub(crate) fn new(base: TransportError, after: Option<Duration>) -> Self {
        Self { base, after }
    }

    /// Returns how long the bot waited. It is unknown if you used a client of your own.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        self.after
    }
}

impl Deref for RequestTimedOut {
    type Target = TransportError;

    fn deref(&self) -> &TransportError {
        &self.base
    }
}

fn late(call: &Call, after: Option<Duration>) -> String {
    let call = call.after("to");
    match after {
        Some(after) => format!("Discord gave no answer{call} within {after:.1?}"),
        None => format!("Discord gave no answer{call} in time"),
    }
}

impl RequestTimedOut {
    /// Says that an author waits no longer.
    pub(crate) fn within(limit: Duration) -> Self {
        let base = TransportError::new(Call::default(), Original::default());
        Self::new(base, Some(limit))
    }
}

/// A request was refused before it was sent, because something in it is invalid.
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

    /// Returns what is invalid.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

/// Discord answered, but the answer could not be read. Discord may have carried out the request.
///
/// The error does not keep the answer: it may contain what people wrote.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{}, though the request may have taken effect", odd(call, *status))]
pub struct UnreadableResponse {
    #[base]
    base: DiscordError,
    call: Call,
    status: Option<u16>,
    pub(crate) original: Original,
    pub(crate) body: Body,
}

fn odd(call: &Call, status: Option<u16>) -> String {
    match status {
        Some(status) => format!(
            "Discord answered {status}{}, but the answer could not be read",
            call.after("to")
        ),
        None => "Discord's answer could not be read".to_owned(),
    }
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
            call: Call::default(),
            status: None,
            original,
            body: Body::default(),
        }
    }

    /// Says what was asked for, and with what status that was answered.
    pub(crate) fn to(self, call: Call, status: u16) -> Self {
        Self {
            call,
            status: Some(status),
            ..self
        }
    }

    /// Returns the route of the request.
    ///
    /// It is known only for requests that cordial itself makes: the body of an answer to twilight's client
    /// does not say.
    #[must_use]
    pub fn route(&self) -> Option<&Route> {
        self.call.route.as_ref()
    }

    /// Returns the status of the answer, if the request is known.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    pub(crate) fn of_body(error: DeserializeBodyError) -> Self {
        Self {
            body: Body(Some(Arc::new(error))),
            ..Self::new(Original::default())
        }
    }
}

//! The errors that Discord's HTTP interface answers with, and those that keep it from answering.
//!
//! `?` converts a `twilight_http::Error` into the most specific of these. One inside your own error is
//! handled as if it had been converted. The original stays within reach: an error handler for
//! `&twilight_http::Error` is asked too, after those for these exceptions.
//!
//! | status | code | exception |
//! |---|---|---|
//! | 400 | | [`BadRequest`] |
//! | 400 | 30001 to 30999 | [`LimitReached`] |
//! | 400 | 50035 | [`InvalidForm`] |
//! | 400 | 50083 | [`ArchivedThread`] |
//! | 400 | 200000, 200001, 240000 | [`BlockedByAutoMod`] |
//! | 401 | | [`Unauthorized`] |
//! | 401 | 50027 | [`InvalidWebhookToken`] |
//! | 403 | | [`Forbidden`] |
//! | 403 | 50001 | [`MissingAccess`] |
//! | 403 | 50013 | [`MissingPermissions`] |
//! | any | 50007, 50278 | [`CannotMessageUser`] |
//! | 404 | | [`NotFound`] |
//! | 404 | 10003 | [`UnknownChannel`] |
//! | 404 | 10004 | [`UnknownGuild`] |
//! | 404 | 10006 | [`UnknownInvite`] |
//! | 404 | 10007 | [`UnknownMember`] |
//! | 404 | 10008 | [`UnknownMessage`] |
//! | 404 | 10011 | [`UnknownRole`] |
//! | 404 | 10013 | [`UnknownUser`] |
//! | 404 | 10015 | [`UnknownWebhook`] |
//! | 404 | 10026 | [`UnknownBan`] |
//! | 404 | 10062 | [`UnknownInteraction`] |
//! | 409 | | [`Conflict`] |
//! | 426 | | [`UpgradeRequired`] |
//! | 429 | | [`RateLimited`] |
//! | 5xx | | [`ServerError`] |
//! | 502, 503, 504 | | [`BadGateway`], [`Unavailable`], [`GatewayTimeout`] |
//! | other | | [`HttpError`] |
//! | none | | [`TransportError`], [`RequestTimedOut`], [`InvalidRequest`], [`CircuitOpen`] |
//! | success | | [`UnreadableResponse`]; [`TransportError`], if it did not arrive whole |
//!
//! Discord: Opcodes and Status Codes, HTTP and JSON.

mod advice;
mod body;
mod call;
mod circuit;
mod family;
mod fields;
mod lack;
mod permissions;
mod refine;
mod route;
mod scope;
mod text;
mod transport;
mod trouble;
mod withheld;

pub use self::body::ErrorCode;
pub use self::circuit::CircuitOpen;
pub use self::family::{
    ArchivedThread, BadGateway, BadRequest, BlockedByAutoMod, CannotMessageUser, Conflict,
    Forbidden, GatewayTimeout, InvalidForm, InvalidWebhookToken, LimitReached, MissingAccess,
    MissingPermissions, NotFound, RateLimited, ServerError, Unauthorized, Unavailable, UnknownBan,
    UnknownChannel, UnknownGuild, UnknownInteraction, UnknownInvite, UnknownMember, UnknownMessage,
    UnknownRole, UnknownUser, UnknownWebhook, UpgradeRequired,
};
pub use self::fields::FieldError;
pub use self::route::Route;
pub use self::scope::Scope;
pub use self::transport::{InvalidRequest, RequestTimedOut, TransportError, UnreadableResponse};

pub(crate) use self::permissions::Needs;
pub(crate) use self::refine::promoted;
pub(crate) use self::text::shown;
pub(crate) use self::trouble::{End, Trouble};
pub(crate) use self::withheld::withheld;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Exception;
use crate::exception::DiscordError;
use crate::exception::http::body::Body;
use crate::exception::http::call::Call;

/// How much of a message is in the text of an error.
const MOST_OF_MESSAGE: usize = 500;

/// How many wrong fields are in the text of an error.
const MOST_FIELDS: usize = 10;

/// Discord's HTTP interface answered with an error.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("Discord answered {answer}")]
pub struct HttpError {
    #[base]
    base: DiscordError,
    pub(crate) answer: Arc<Answer>,
    pub(crate) original: Original,
}

/// What Discord answered to which call.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Body,
    pub(crate) scope: Option<Scope>,
    pub(crate) call: Call,
}

impl HttpError {
    pub(crate) fn new(answer: Answer, original: Original) -> Self {
        Self {
            base: DiscordError::new("Discord answered with an error"),
            answer: Arc::new(answer),
            original,
        }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// Returns the code that is more specific than the status: for Discord, a number.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.answer.body.code.as_ref()
    }

    /// Returns Discord's message.
    ///
    /// For an HTML page, which comes from a proxy in front of Discord, it is the title or the first words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.answer.body.message
    }

    /// Returns what is wrong with each field that was sent.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.answer.body.errors
    }

    /// Returns the route of the request. It is unknown if you used a client of your own.
    #[must_use]
    pub fn route(&self) -> Option<&Route> {
        self.answer.call.route.as_ref()
    }

    /// Returns how often the request was attempted, as far as that is known.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.answer.call.attempts
    }

    /// Returns how long to wait before trying again, if Discord says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.answer.body.retry_after
    }

    /// Returns whom the rate limit applies to, if it was a rate limit and Discord says so.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        self.answer.scope
    }

    /// Returns whether all requests of the bot have to wait, and not just this one.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.answer.body.is_global || matches!(self.scope(), Some(Scope::Global | Scope::Edge))
    }
}

/// The status, what it was the answer to, and what Discord says.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Body {
            code,
            message,
            errors,
            ..
        } = &self.body;
        write!(f, "{}{}", self.status, self.call.after("to"))?;
        if !message.is_empty() {
            let message = shown(message, MOST_OF_MESSAGE);
            write!(f, ": {}", message.trim_end_matches('.'))?;
        }
        if let Some(code) = code {
            write!(f, " (code {code})")?;
        }
        for error in errors.iter().take(MOST_FIELDS) {
            write!(f, "; {error}")?;
        }
        match errors.len().saturating_sub(MOST_FIELDS) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// The error of twilight's that something was made from. It holds bodies, so it is not printed.
#[derive(Clone, Default)]
pub(crate) struct Original(pub(crate) Option<Arc<twilight_http::Error>>);

impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

//! What Discord's HTTP interface answers instead of what was asked for, and what keeps it from
//! answering.
//!
//! A `twilight_http::Error` that goes through `?` becomes the most specific of these; one inside an
//! author's own error is handled as if it had. The original stays within reach: an error handler
//! for `&twilight_http::Error` is asked too, after those for these.
//!
//! | status | code | exception |
//! |---|---|---|
//! | 400 | | [`BadRequest`] |
//! | 400 | 50035 | [`InvalidForm`] |
//! | 401 | | [`Unauthorized`] |
//! | 403 | | [`Forbidden`] |
//! | 403 | 50001 | [`MissingAccess`] |
//! | 403 | 50013 | [`MissingPermissions`] |
//! | any | 50007 | [`CannotMessageUser`] |
//! | 404 | | [`NotFound`] |
//! | 404 | 10003 | [`UnknownChannel`] |
//! | 404 | 10004 | [`UnknownGuild`] |
//! | 404 | 10007 | [`UnknownMember`] |
//! | 404 | 10008 | [`UnknownMessage`] |
//! | 404 | 10011 | [`UnknownRole`] |
//! | 404 | 10013 | [`UnknownUser`] |
//! | 404 | 10015 | [`UnknownWebhook`] |
//! | 404 | 10062 | [`UnknownInteraction`] |
//! | 409 | | [`Conflict`] |
//! | 426 | | [`UpgradeRequired`] |
//! | 429 | | [`RateLimited`] |
//! | 5xx | | [`ServerError`] |
//! | 502, 503, 504 | | [`BadGateway`], [`Unavailable`], [`GatewayTimeout`] |
//! | other | | [`HttpError`] |
//! | none | | [`TransportError`], [`RequestTimedOut`], [`InvalidRequest`], [`UnreadableResponse`] |
//!
//! Discord: Opcodes and Status Codes, HTTP and JSON.

mod body;
mod family;
mod refine;
mod transport;
mod withheld;

pub use self::body::{ErrorCode, FieldError};
pub use self::family::{
    BadGateway, BadRequest, CannotMessageUser, Conflict, Forbidden, GatewayTimeout, InvalidForm,
    MissingAccess, MissingPermissions, NotFound, RateLimited, ServerError, Unauthorized,
    Unavailable, UnknownChannel, UnknownGuild, UnknownInteraction, UnknownMember, UnknownMessage,
    UnknownRole, UnknownUser, UnknownWebhook, UpgradeRequired,
};
pub use self::transport::{InvalidRequest, RequestTimedOut, TransportError, UnreadableResponse};

pub(crate) use self::refine::promoted;
pub(crate) use self::withheld::withheld;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Exception;
use crate::exception::DiscordError;
use crate::exception::http::body::Body;

/// Discord's HTTP interface answered with an error.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("Discord answered {status}{}", said(code.as_ref(), message, errors))]
pub struct HttpError {
    #[base]
    base: DiscordError,
    status: u16,
    code: Option<ErrorCode>,
    message: String,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    is_global: bool,
    pub(crate) original: Original,
}

impl HttpError {
    pub(crate) fn new(status: u16, body: Body, original: Original) -> Self {
        Self {
            base: DiscordError::new("Discord answered with an error"),
            status,
            code: body.code,
            message: body.message,
            errors: body.errors,
            retry_after: body.retry_after,
            is_global: body.is_global,
            original,
        }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the code that says more than the status: Discord's own are numbers.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.code.as_ref()
    }

    /// Returns what Discord says about it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what is wrong with each field of what was sent.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Returns how long to wait before asking again, if Discord says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns whether everything the bot asks for has to wait, and not just this.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.is_global
    }
}

fn said(code: Option<&ErrorCode>, message: &str, errors: &[FieldError]) -> String {
    let message = [message].into_iter().filter(|message| !message.is_empty());
    let message = message.map(|message| format!(": {message}"));
    let code = code.into_iter().map(|code| format!(" (code {code})"));
    let errors = errors.iter().map(|error| format!("; {error}"));
    message.chain(code).chain(errors).collect()
}

/// The error of twilight's that something was made from. It holds bodies, so it is not printed.
#[derive(Clone, Default)]
pub(crate) struct Original(pub(crate) Option<Arc<twilight_http::Error>>);

impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

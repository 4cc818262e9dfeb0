//! The errors of handlers that did not finish: they panicked, took too long, or were cut off.

use std::backtrace::Backtrace;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Exception;
use crate::meta::Meta;

/// A handler did not finish by itself.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{} `{handler}` did not finish", handler.kind())]
pub struct HandlerError {
    handler: Meta,
}

impl HandlerError {
    pub(crate) fn new(handler: &Meta) -> Self {
        Self {
            handler: handler.clone(),
        }
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        &self.handler
    }
}

/// A handler panicked.
///
/// Its [`backtrace`](Self::backtrace) is captured if `RUST_BACKTRACE` asks for it.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("panicked{}: {message}", at(place.as_ref()))]
pub struct Panicked {
    #[base]
    base: HandlerError,
    message: String,
    place: Option<PanicPlace>,
    backtrace: Option<Arc<Backtrace>>,
}

impl Panicked {
    pub(crate) fn new(
        handler: &Meta,
        message: String,
        place: Option<PanicPlace>,
        backtrace: Option<Backtrace>,
    ) -> Self {
        Self {
            base: HandlerError::new(handler),
            message,
            place,
            backtrace: backtrace.map(Arc::new),
        }
    }

    /// Returns the panic's message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns where the panic happened.
    #[must_use]
    pub fn place(&self) -> Option<&PanicPlace> {
        self.place.as_ref()
    }

    /// Returns the backtrace of the panic.
    #[must_use]
    pub fn backtrace(&self) -> Option<&Backtrace> {
        self.backtrace.as_deref()
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        self.base.handler()
    }
}

fn at(place: Option<&PanicPlace>) -> String {
    place.map_or(String::new(), |place| format!(" at {place}"))
}

/// Where a panic happened: file, line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanicPlace {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl PanicPlace {
    /// Returns the path of the file, as it was given to the compiler.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Returns the column, counted from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.column
    }
}

impl fmt::Display for PanicPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A handler was still running at its time limit.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("still running after {limit:?}")]
pub struct TimedOut {
    #[base]
    base: HandlerError,
    limit: Duration,
}

impl TimedOut {
    pub(crate) fn new(handler: &Meta, limit: Duration) -> Self {
        Self {
            base: HandlerError::new(handler),
            limit,
        }
    }

    /// Returns the handler's time limit.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        self.base.handler()
    }
}

/// A handler was still running when the bot had to stop, and was cut off.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("cut off by shutdown")]
pub struct Cancelled {
    #[base]
    base: HandlerError,
}

impl Cancelled {
    pub(crate) fn new(handler: &Meta) -> Self {
        Self {
            base: HandlerError::new(handler),
        }
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        self.base.handler()
    }
}
